"""Rows of hand-supplied CSV files: what is taken, what is refused, and the sentence that says so."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.gemeente_register import GemeenteRegister, RegisteredGemeente
from sources.handmatig_rows import (
    FileCheck,
    Rules,
    Target,
    check_bounds,
    check_file,
    find_decimal_mark,
    normalise_gemeente_code,
    parse_number,
    refuse_contradictions,
)

HEADER = "kpi_id,gemeente_code,jaar,waarde,eenheid,bron"
GOOD = "I 1.3.2,GM0758,2024,812,aantal,Voedselbank Breda"
RULES = Rules(
    kpis=frozenset({"I 1.3.2", "I 2.2.1", "I 3.2.1", "I 1.1.1", "I 7.2.1"}),
    targets={
        "I 1.3.2": Target("totaal", "aantal"),
        "I 2.2.1": Target("totaal", "%"),
        "I 3.2.1": Target("totaal", "score"),
        "I 7.2.1": Target("totaal", "schaal"),
    },
    register=GemeenteRegister(
        {
            "GM0014": RegisteredGemeente("GM0014", "Groningen", date(1970, 1, 1), None),
            "GM0758": RegisteredGemeente("GM0758", "Breda", date(1970, 1, 1), None),
            "GM0003": RegisteredGemeente("GM0003", "Appingedam", date(1970, 1, 1), date(2021, 1, 1)),
            "GM1979": RegisteredGemeente("GM1979", "Eemsdelta", date(2021, 1, 1), None),
        },
        {"GM0998": "Buitenland", "GM0999": "Niet in te delen"},
    ),
)


def check(folder: Path, *lines: str, header: str = HEADER, name: str = "cijfers.csv") -> FileCheck:
    path = folder / name
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return check_file(path, RULES, last_year=2026)


def test_a_good_row_becomes_a_figure(tmp_path: Path) -> None:
    """A column read as its neighbour would publish a year as a count."""
    [figure] = check(tmp_path, GOOD).figures
    assert figure.key == ("I 1.3.2", "GM0758", 2024)
    assert (figure.waarde, figure.eenheid, figure.bron) == (Decimal(812), "aantal", "Voedselbank Breda")
    assert (figure.bestand, figure.regel) == ("cijfers.csv", 2)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "I 1.3.3x,GM0758,2024,1,aantal,x",
            "kpi_id: 'I 1.3.3x' is geen KPI van het model. Bedoelt u I 1.3.2",
        ),
        (
            "I1.3.2,GM0758,2024,1,aantal,x",
            "kpi_id: 'I1.3.2' is geen KPI van het model. Bedoelt u I 1.3.2",
        ),
        (
            "I 1.1.1,GM0758,2024,1,%,x",
            (
                "kpi_id: I 1.1.1 krijgt zijn cijfers niet uit een aangeleverd bestand. "
                "Dat kan wel voor: I 1.3.2, I 2.2.1, I 3.2.1, I 7.2.1."
            ),
        ),
        (",GM0758,2024,1,aantal,x", "kpi_id: is leeg."),
        (
            "I 1.3.2,GM9876,2024,1,aantal,x",
            "gemeente_code: GM9876 is geen gemeente die bestaat of heeft bestaan.",
        ),
        (
            "I 1.3.2,GM0759,2024,1,aantal,x",
            "gemeente_code: GM0759 is geen gemeente die bestaat of heeft bestaan. Bedoelt u GM0758",
        ),
        (
            "I 1.3.2,breda,2024,1,aantal,x",
            "gemeente_code: 'breda' is een naam, geen code. Schrijf GM0758.",
        ),
        (
            "I 1.3.2,PV30,2024,1,aantal,x",
            "gemeente_code: 'PV30' is geen gemeentecode.",
        ),
        (
            "I 1.3.2,GM0999,2024,1,aantal,x",
            "gemeente_code: GM0999 (Niet in te delen) is geen gemeente.",
        ),
        (
            "I 1.3.2,GM0758,24,1,aantal,x",
            "jaar: '24' is geen jaar van vier cijfers tussen 2000 en 2026.",
        ),
        ("I 1.3.2,GM0758,2027,1,aantal,x", "jaar: '2027' is geen jaar"),
        ("I 1.3.2,GM0758,1999,1,aantal,x", "jaar: '1999' is geen jaar"),
        (
            "I 2.2.1,GM0758,2024,101,%,x",
            "waarde: 101 is geen waarde in % tussen 0 en 100.",
        ),
        (
            "I 2.2.1,GM0758,2024,-1,%,x",
            "waarde: -1 is geen waarde in % tussen 0 en 100.",
        ),
        (
            "I 1.3.2,GM0758,2024,1.200,aantal,x",
            "waarde: 1.200 is geen heel aantal. Schrijf duizendtallen zonder punt",
        ),
        ("I 2.2.1,GM0758,2024,12%,%,x", "waarde: '12%' is geen getal."),
        ("I 2.2.1,GM0758,2024,,%,x", "waarde: '' is geen getal."),
        ("I 2.2.1,GM0758,2024,nan,%,x", "waarde: 'nan' is geen getal."),
        (
            "I 2.2.1,GM0758,2024,12,aantal,x",
            "eenheid: 'aantal' is niet de eenheid van I 2.2.1. Die is %",
        ),
        ("I 2.2.1,GM0758,2024,12,%,", "bron: is leeg."),
        ("I 2.2.1,GM0758,2024,12,%", ": heeft 5 velden waar de kop er 6 heeft."),
        (
            "I 2.2.1,GM0758,2024,12,5,%,x",
            (
                ": heeft 7 velden waar de kop er 6 heeft. Verbeter de regel. "
                "Zet een getal met een decimale komma tussen aanhalingstekens."
            ),
        ),
    ],
)
def test_a_bad_row_is_refused_by_file_line_and_column(tmp_path: Path, row: str, message: str) -> None:
    """Without the place the supplier cannot find the cell; without the rest the good rows would be lost."""
    found = check(tmp_path, GOOD, row, GOOD.replace("2024", "2023"))
    assert [figure.jaar for figure in found.figures] == [2024, 2023]
    [refusal] = found.refusals
    place = "cijfers.csv, regel 3"
    assert str(refusal).startswith(f"{place}{message}" if message.startswith(":") else f"{place}, kolom {message}")


def test_every_fault_of_a_row_is_named_at_once(tmp_path: Path) -> None:
    """One fault a night would take a week to repair one row."""
    found = check(tmp_path, "I 2.2.1,GM9876,1900,200,aantal,")
    assert [refusal.kolom for refusal in found.refusals] == ["gemeente_code", "jaar", "eenheid", "bron"]


def test_the_line_number_counts_lines_inside_quotes(tmp_path: Path) -> None:
    """A source name over two lines must not move the place of the next error."""
    found = check(tmp_path, 'I 1.3.2,GM0758,2024,5,aantal,"Voedselbank\nBreda"', "", "I 1.3.2,xx,2024,1,aantal,x")
    assert [figure.bron for figure in found.figures] == ["Voedselbank Breda"]
    assert [refusal.regel for refusal in found.refusals] == [5]


@pytest.mark.parametrize(
    ("content", "values"),
    [
        (f"{HEADER}\nI 2.2.1,GM0758,2024,12.5,%,x\n".encode(), ["12.5"]),
        (f'{HEADER}\nI 2.2.1,GM0758,2024,"12,5",%,x\n'.encode(), ["12.5"]),
        (
            f"{HEADER}\nI 2.2.1,GM0758,2024,12,5,%,x\n".replace(",", ";").replace("12;5", "12,5").encode(),
            ["12.5"],
        ),
        (f"\ufeff{HEADER}\r\nI 2.2.1,GM0758,2024,12,%,x\r\n".encode(), ["12"]),
        (f"{HEADER}\nI 2.2.1,GM0758,2024,12,%,Enquête\n".encode("cp1252"), ["12"]),
        (f"{HEADER.upper()}\nI 2.2.1,GM0758,2024,12,%,x\n".encode(), ["12"]),
        (f"{HEADER};;\nI 2.2.1;758;2024;12;%;x;;\n".replace(",", ";").encode(), ["12"]),
    ],
)
def test_the_spreadsheets_of_the_office_are_read(tmp_path: Path, content: bytes, values: list[str]) -> None:
    """A Dutch spreadsheet writes semicolons, decimal commas and Windows-1252."""
    path = tmp_path / "cijfers.csv"
    path.write_bytes(content)
    found = check_file(path, RULES, last_year=2026)
    assert [str(figure.waarde) for figure in found.figures] == values
    assert found.refusals == ()


def test_a_windows_name_keeps_its_accents(tmp_path: Path) -> None:
    """A source read in the wrong encoding shows as question marks in the mart."""
    path = tmp_path / "cijfers.csv"
    path.write_bytes(f"{HEADER}\nI 2.2.1,GM0758,2024,12,%,Enquête\n".encode("cp1252"))
    assert check_file(path, RULES, last_year=2026).figures[0].bron == "Enquête"


def test_a_file_with_both_marks_loses_only_the_numbers_that_have_one(tmp_path: Path) -> None:
    """12,5 and 1.200 in one file: one of them is read wrongly by a factor of a thousand."""
    found = check(
        tmp_path,
        'I 2.2.1,GM0758,2024,"12,5",%,x',
        "I 2.2.1,GM0758,2023,1.200,%,x",
        "I 2.2.1,GM0758,2022,12,%,x",
    )
    assert [figure.jaar for figure in found.figures] == [2022]
    assert [refusal.regel for refusal in found.refusals] == [2, 3]
    assert "zowel een komma als een punt" in found.refusals[0].melding


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b"kpi_id,gemeente_code,jaar,waarde,eenheid\n",
            "cijfers.csv: het hele bestand is geweigerd: het mist of",
        ),
        (
            f"{HEADER},bron\n".encode(),
            "cijfers.csv: het hele bestand is geweigerd: het mist of herhaalt de kolom bron",
        ),
        (b"", "cijfers.csv: het hele bestand is geweigerd: het is leeg."),
        (
            f"{HEADER}\n".encode("utf-16"),
            "cijfers.csv: het hele bestand is geweigerd: het is geen tekst in UTF-8",
        ),
        (b"\x81\x8d", "cijfers.csv: het hele bestand is geweigerd: het is geen tekst in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(tmp_path: Path, content: bytes, message: str) -> None:
    """A guess at columns would load figures of another KPI."""
    path = tmp_path / "cijfers.csv"
    path.write_bytes(content)
    found = check_file(path, RULES, last_year=2026)
    assert found.figures == ()
    assert str(found.refusals[0]).startswith(message)


@pytest.mark.parametrize("split", ["", "totaal"])
def test_the_split_that_is_taken_may_be_named(tmp_path: Path, split: str) -> None:
    """A supplier who is precise must not be refused for it."""
    found = check(tmp_path, f"I 3.2.1,GM0758,2024,5,score,x,{split}", header=f"{HEADER},uitsplitsing")
    assert len(found.figures) == 1
    assert found.notes == ()


def test_a_split_that_is_not_taken_is_refused(tmp_path: Path) -> None:
    """The score of the toddlers would be published as that of all pupils."""
    found = check(tmp_path, "I 3.2.1,GM0758,2024,5,score,x,peuters", header=f"{HEADER},uitsplitsing")
    assert [str(refusal) for refusal in found.refusals] == [
        (
            "cijfers.csv, regel 2, kolom uitsplitsing: voor I 3.2.1 wordt alleen 'totaal' overgenomen, niet 'peuters'. "
            "Laat de regel weg."
        )
    ]


def test_an_old_gemeente_is_taken_for_its_own_years_only(tmp_path: Path) -> None:
    """Old figures of an old gemeente are right; new ones are a typing error, and a new code for old years is recast."""
    found = check(
        tmp_path,
        "I 1.3.2,GM0003,2020,5,aantal,x",
        "I 1.3.2,GM0003,2021,5,aantal,x",
        "I 1.3.2,GM1979,2019,5,aantal,x",
    )
    assert [(figure.gemeente_code, figure.jaar) for figure in found.figures] == [("GM0003", 2020), ("GM1979", 2019)]
    assert [str(refusal) for refusal in found.refusals] == [
        (
            "cijfers.csv, regel 3, kolom gemeente_code: GM0003 (Appingedam) bestond in 2021 niet meer (opgeheven per "
            "2021-01-01). Neem de code van de gemeente die ervoor in de plaats kwam."
        )
    ]


def test_a_further_column_is_ignored_and_said(tmp_path: Path) -> None:
    """A column the supplier thinks is used must not disappear without a word."""
    found = check(tmp_path, f"{GOOD},ja", header=f"{HEADER},definitief")
    assert len(found.figures) == 1
    assert found.notes == ("cijfers.csv: de kolom definitief is niet gebruikt",)


def test_two_values_for_one_key_are_both_refused_across_files(tmp_path: Path) -> None:
    """Whichever file comes last in the alphabet would decide what is published."""
    one = check(tmp_path, GOOD, GOOD.replace("2024", "2023"), name="a.csv")
    other = check(tmp_path, GOOD.replace("812", "813"), name="b.csv")
    checks = refuse_contradictions([one, other])
    assert [[figure.jaar for figure in found.figures] for found in checks] == [[2023], []]
    assert str(checks[1].refusals[0]) == (
        "b.csv, regel 2: I 1.3.2 van GM0758 in 2024 is hier 813 en elders 812 (a.csv, regel 2); "
        "geen van deze is gebruikt. Laat er één staan."
    )
    assert "a.csv, regel 2" in str(checks[0].refusals[0])


def test_an_exact_repetition_is_used_once(tmp_path: Path) -> None:
    """Twice the same row is no contradiction, and no double figure either."""
    [found] = refuse_contradictions([check(tmp_path, GOOD, GOOD)])
    assert len(found.figures) == 1
    assert found.refusals == ()
    assert found.notes == ("cijfers.csv, regel 3: staat ook in cijfers.csv, regel 2; één keer gebruikt",)


@given(
    st.integers(0, 9999),
    st.sampled_from(["GM{0:04d}", "gm{0:04d}", "{0:04d}", "{0:d}", " {0:d} ", "GM{0:d}"]),
)
def test_every_way_to_write_a_code_gives_the_same_code(number: int, form: str) -> None:
    """Spreadsheets drop leading zeros; 0758 and 758 must stay Breda."""
    assert normalise_gemeente_code(form.format(number)) == f"GM{number:04d}"


@given(st.text())
def test_a_code_is_gm_and_four_digits_nl_or_nothing(text: str) -> None:
    """Any other outcome joins to no gemeente."""
    code = normalise_gemeente_code(text)
    assert code is None or code == "NL" or (len(code) == 6 and code[:2] == "GM" and code[2:].isascii())


@given(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4),
    st.sampled_from(",."),
)
def test_a_number_survives_its_decimal_mark_exactly(number: Decimal, mark: str) -> None:
    """Published as given: a number through a float would come out as 12.500000000000002."""
    text = f"{number:f}".replace(".", mark)
    assert find_decimal_mark([text, "12"]) == mark
    assert parse_number(text, mark) == number


@given(st.text(alphabet="0123456789.,-+eE x%", min_size=1), st.sampled_from(",."))
def test_only_plain_numbers_are_numbers(text: str, mark: str) -> None:
    """1.234,5 and 1e3 mean different things to different people: refused, not guessed."""
    number = parse_number(text, mark)
    if number is not None:
        assert text.count(mark) <= 1
        assert not set(text.strip()) & (set("eEx% ") | ({",", "."} - {mark}))


@pytest.mark.parametrize(
    ("number", "unit", "fits"),
    [
        ("0", "%", True),
        ("100", "%", True),
        ("100.01", "%", False),
        ("12", "aantal personen", True),
        ("12.5", "aantal personen", False),
        ("-1", "aantal", False),
        ("-0.3", "score", True),
        ("11", "rapportcijfer", False),
        ("-1", "per 10 000 inwoners", False),
        ("12.5", "per 10 000 inwoners", True),
    ],
)
def test_a_number_lies_within_its_unit(number: str, unit: str, fits: bool) -> None:
    """A share given as a count is the commonest mistake in a hand-filled file."""
    assert (check_bounds(Decimal(number), unit) is None) is fits
