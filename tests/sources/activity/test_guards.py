"""What may not come in: BSNs, e-mail addresses, IBANs, and names where nobody needs them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sources.activity.identity_numbers import passes_eleven_test
from sources.errors import DeliveryRefusedError
from tests.sources.activity.reading import Read, open_file, read_bytes, table_mapping

KOLOMMEN = "bestand: x\nkolommen: {casus_id: Dossier, deelnemer_id: Klant, startdatum: Start, vraagstuk: Vraag}\n"
PASSING = [f"{number:09d}" for number in range(100_000_000, 100_002_000) if passes_eleven_test(f"{number:09d}")]
FAILING = [f"{number:09d}" for number in range(100_000_000, 100_002_000) if not passes_eleven_test(f"{number:09d}")]
FILLER = ("D1", "1-1-2025", "schuld", "geen")
HEADER = ("Dossier", "Klant", "Start", "Vraag", "Notitie")


def lines(**columns: list[str]) -> str:
    """A file in which some columns are given; the others are harmless."""
    count = max(map(len, columns.values()))
    plain = {"Dossier": [f"C{number}" for number in range(count)]} | {
        name: [cell] * count for name, cell in zip(HEADER[1:], FILLER, strict=True)
    }
    cells = plain | columns
    rows = ["\t".join(cells[name][place] for name in HEADER) for place in range(count)]
    return "\n".join(["\t".join(HEADER), *rows])


def look(folder: Path, text: str, more: str = "") -> Read:
    return read_bytes(folder, text.encode(), table_mapping(folder, "casus", KOLOMMEN + more))


# --- BSN ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["Dossier", "Klant", "Vraag", "Notitie"])
@pytest.mark.parametrize("form", ["{}", "{}.0", "'{}"])
def test_a_column_of_bsns_refuses_the_file_used_or_not(tmp_path: Path, column: str, form: str) -> None:
    """Pseudonymised or not mapped at all: outside government nobody may use a BSN."""
    text = lines(**{column: [form.format(number) for number in PASSING[:5] + FAILING[:15]]})
    with pytest.raises(DeliveryRefusedError) as raised:
        look(tmp_path, text)
    assert str(raised.value).startswith(f"export.csv, kolom '{column}': bevat zoveel nummers")
    assert not any(number in str(raised.value) for number in PASSING)


def test_bsns_that_lost_their_zero_are_bsns(tmp_path: Path) -> None:
    """Excel makes 012345672 into 12345672."""
    short = [f"{number}" for number in range(90_000_000, 90_003_000) if passes_eleven_test(f"{number:09d}")]
    with pytest.raises(DeliveryRefusedError, match="kolom 'Klant'"):
        look(tmp_path, lines(Klant=short[:20]))


@pytest.mark.parametrize(
    ("passing", "failing", "refused"),
    [(4, 16, False), (5, 15, True), (19, 0, False), (20, 0, True), (400, 1601, False), (401, 1599, True)],
)
def test_one_fifth_of_at_least_twenty_numbers_decides(
    tmp_path: Path, passing: int, failing: int, refused: bool
) -> None:
    """One in eleven numbers passes by chance: a file with ordinary client numbers has to come in."""
    text = lines(Klant=(PASSING * 3)[:passing] + FAILING[:failing])
    if refused:
        with pytest.raises(DeliveryRefusedError, match="kolom 'Klant'"):
            look(tmp_path, text)
    else:
        assert look(tmp_path, text).bsn == set()


def test_dates_without_dashes_are_no_bsns(tmp_path: Path) -> None:
    """A column of one date repeated would be refused or not by the luck of its digits."""
    days = [f"2025{month:02d}{day:02d}" for month in range(1, 13) for day in range(1, 29)]
    unlucky = [day for day in days if passes_eleven_test(day.zfill(9))]
    found = look(tmp_path, lines(Start=unlucky, Notitie=unlucky))
    assert found.bsn == set()


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("Vraag", "111222333"),
        ("Vraag", "bsn 111222333 van klant"),
        ("Vraag", "1112.22.333"),
        ("Notitie", "111222333"),
        ("Notitie", "nr.111222333"),
    ],
)
def test_one_bsn_in_a_free_column_costs_its_row(tmp_path: Path, column: str, cell: str) -> None:
    """A worker who types a BSN in a note must not stop the delivery, and the row may not land."""
    found = look(tmp_path, lines(**{column: ["schuld"] * 10 + [cell] + ["schuld"] * 10}))
    assert found.bsn == {12}
    assert len(found.numbers) == 21


def test_numbers_in_identifiers_and_dates_cost_no_row(tmp_path: Path) -> None:
    """One in eleven client numbers passes: those rows would all be lost."""
    numbers = (FAILING[:10] + PASSING[:1]) * 5
    assert look(tmp_path, lines(Klant=numbers, Start=["20250101"] * len(numbers))).bsn == set()


def test_a_column_of_numbers_that_nobody_uses_costs_no_rows(tmp_path: Path) -> None:
    """A policy number beside the rows is no free text."""
    assert look(tmp_path, lines(Notitie=(FAILING[:10] + PASSING[:1]) * 5)).bsn == set()


@pytest.mark.parametrize(
    "name", ["BSN", "bsn_nummer", "Burgerservicenummer", "SoFi", "Cliënt BSN", "sofinummer", "BSN-nr"]
)
def test_the_name_of_a_column_can_be_enough(tmp_path: Path, name: str) -> None:
    """A handful of rows proves nothing by numbers; the name does."""
    with pytest.raises(DeliveryRefusedError, match="heeft de naam van een BSN-kolom"):
        look(tmp_path, lines(Notitie=["x"]).replace("Notitie", name))
    found = look(tmp_path, lines(Notitie=["x"]).replace("Notitie", name), f"weglaten: [{name}]")
    assert name not in found.stream.columns


def test_the_name_refuses_before_any_record_is_read(tmp_path: Path) -> None:
    """The check of a header costs nothing; ten million rows do."""
    path = tmp_path / "export.csv"
    path.write_text(lines(Notitie=["x"]).replace("Notitie", "BSN"), encoding="utf-8")
    with pytest.raises(DeliveryRefusedError):
        open_file(path, table_mapping(tmp_path, "casus", KOLOMMEN))


@pytest.mark.parametrize("name", ["Absentie", "Sofia", "Observatie", "subsnelheid"])
def test_a_name_that_only_looks_like_it_is_no_bsn(tmp_path: Path, name: str) -> None:
    """A refusal nobody understands sends people round the guard."""
    assert name in look(tmp_path, lines(Notitie=["x"]).replace("Notitie", name)).stream.columns


# --- e-mail, IBAN, names --------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["Dossier", "Klant", "Vraag", "Notitie"])
@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("jan.de-boer+x@voorbeeld.co.uk", "bevat een e-mailadres."),
        ("mail naar jan@voorbeeld.nl!", "bevat een e-mailadres."),
        ("NL91 ABNA 0417 1643 00", "bevat een IBAN."),
        ("rek NL91ABNA0417164300", "bevat een IBAN."),
    ],
)
def test_an_address_or_account_anywhere_refuses_the_file(tmp_path: Path, column: str, cell: str, message: str) -> None:
    """One row in a thousand is enough to give a person away."""
    with pytest.raises(DeliveryRefusedError) as raised:
        look(tmp_path, lines(**{column: ["abc"] * 1000 + [cell]}))
    assert str(raised.value).startswith(f"export.csv, kolom '{column}': {message}")
    assert "boer" not in str(raised.value)
    assert "0417" not in str(raised.value)


def test_an_at_sign_or_a_code_is_no_address(tmp_path: Path) -> None:
    """`groep @ buurthuis` and GM0344 stand in ordinary files."""
    found = look(tmp_path, lines(Notitie=["groep @ buurthuis", "GM0344", "NL12", "AB12CD34EF56GH78", "@", "a@b"]))
    assert len(found.numbers) == 6


@pytest.mark.parametrize(
    "name", ["Voornaam", "achternaam", "Tel.", "Mobiel nummer", "Geboortedatum", "Naam cliënt", "Geb.dat."]
)
def test_a_column_of_names_is_mentioned_and_refused_where_it_is_used(tmp_path: Path, name: str) -> None:
    """A name as a code of a problem would stand in the lake in clear."""
    kolommen = KOLOMMEN.replace("Vraag", f"'{name}'")
    with pytest.raises(DeliveryRefusedError, match="persoonsgegeven en wordt in de mapping gebruikt"):
        read_bytes(
            tmp_path, lines(Vraag=["x"]).replace("Vraag", name).encode(), table_mapping(tmp_path, "casus", kolommen)
        )
    found = look(tmp_path, lines(Notitie=["x"]).replace("Notitie", name))
    assert found.stream.guard.warnings == [
        f"export.csv, kolom '{name}': heeft de naam van een persoonsgegeven. Neem hem op onder weglaten."
    ]


@pytest.mark.parametrize("name", ["E-mail", "Adres", "Naam", "Straat", "Nationaliteit"])
def test_a_column_that_nobody_needs_is_mentioned(tmp_path: Path, name: str) -> None:
    """What is not needed should not be sent at all."""
    found = look(tmp_path, lines(Notitie=["x"]).replace("Notitie", name))
    assert "niet nodig is" in found.stream.guard.warnings[0]


def test_phone_numbers_are_mentioned_and_refused_where_they_are_used(tmp_path: Path) -> None:
    """A phone number as client number is a name in another form."""
    phones = [f"06-123456{number:02d}" for number in range(25)]
    assert "telefoonnummers" in look(tmp_path, lines(Notitie=phones)).stream.guard.warnings[0]
    with pytest.raises(DeliveryRefusedError, match="kolom 'Klant': bevat telefoonnummers"):
        look(tmp_path, lines(Klant=phones))


def test_l33_a_file_full_of_personal_columns_comes_in_when_all_are_dropped(tmp_path: Path) -> None:
    """Real exports have them all; the organisation cannot leave them out of the export."""
    header = "Nummer;BSN;Voornaam;Achternaam;Geboortedatum;E-mail;Adres;Klant;Start"
    rows = "\n".join(
        f"T{n};{bsn};Jan;Smit;1-1-1980;j@smit.nl;Dam 1;K{n};1-1-2025" for n, bsn in enumerate(PASSING[:30])
    )
    kolommen = "bestand: x\nkolommen: {casus_id: Nummer, deelnemer_id: Klant, startdatum: Start}\n"
    weglaten = "weglaten: [BSN, Voornaam, Achternaam, Geboortedatum, E-mail, Adres]"
    found = read_bytes(tmp_path, f"{header}\n{rows}".encode(), table_mapping(tmp_path, "casus", kolommen + weglaten))
    assert found.stream.columns == ("Nummer", "Klant", "Start")
    assert found.stream.guard.warnings == []
    for kept in ("BSN", "E-mail"):
        layout = table_mapping(tmp_path, "casus", kolommen + weglaten.replace(f"{kept}, ", ""))
        with pytest.raises(DeliveryRefusedError, match=f"kolom '{kept}'"):
            read_bytes(tmp_path, f"{header}\n{rows}".encode(), layout)
