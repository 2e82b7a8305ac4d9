"""Text files as real systems write them; the numbered cases are those of the reader requirements."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.activity.records import BATCH
from sources.errors import DeliveryError, DeliveryRefusedError
from tests.sources.activity.reading import Read, contract_layout, open_file, read_bytes, table_mapping

PARTNER = "partner_id,soort\nP1,formeel\nP2,informeel\n"
CASUS = """
bestand: export.csv
kolommen: {casus_id: Dossier, deelnemer_id: Klant, startdatum: Start, vraagstuk: Vraag}
"""


def partners(folder: Path, text: str | bytes) -> Read:
    return read_bytes(folder, text if isinstance(text, bytes) else text.encode(), contract_layout("partner"))


def casus(folder: Path, text: str | bytes, more: str = "") -> Read:
    layout = table_mapping(folder, "casus", CASUS + more)
    return read_bytes(folder, text if isinstance(text, bytes) else text.encode(), layout)


# --- separators and encodings ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("separator", "name"), [(";", "L1"), (",", "L2"), ("\t", "L3"), ("|", "pipe")], ids=["L1", "L2", "L3", "pipe"]
)
def test_l01_l02_l03_the_separator_is_found(tmp_path: Path, separator: str, name: str) -> None:
    """A file read with the wrong separator is one column wide."""
    text = "casus_id,deelnemer_id,startdatum,vraagstuk\nC1,D1,2025-01-01,a\n".replace(",", separator)
    found = read_bytes(tmp_path, text.encode(), contract_layout("casus"))
    assert found.stream.delimiter == separator
    assert found.column("vraagstuk") == ["a"]


def test_l01_more_of_another_sign_does_not_mislead(tmp_path: Path) -> None:
    """Decimal commas outnumber the separators in a sheet of amounts."""
    text = "correctie_id;budget_id;datum;bedrag\nA;B;2025-01-01;1,5\nA2;B,1,2,3;2025-01-01;1,5\n"
    found = read_bytes(tmp_path, text.encode(), contract_layout("budgetcorrectie"))
    assert found.column("bedrag") == ["1,5", "1,5"]


def test_l02_a_decimal_point_stays(tmp_path: Path) -> None:
    """The reader hands over what is written; what it means is for whoever types it."""
    text = "correctie_id,budget_id,datum,bedrag\nA,B,2025-01-01,12.5\n"
    assert read_bytes(tmp_path, text.encode(), contract_layout("budgetcorrectie")).column("bedrag") == ["12.5"]


def test_a_file_that_names_its_separator_for_excel_is_read(tmp_path: Path) -> None:
    """The line `sep=;` would be taken for a title and move every row number by one."""
    found = partners(tmp_path, "sep=;\npartner_id;soort\nP1;formeel\n")
    assert (found.column("partner_id"), found.numbers) == (["P1"], [2])


@pytest.mark.parametrize(
    ("encoding", "seen"),
    [("cp1252", "cp1252"), ("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16")],
    ids=["L7", "L8", "L9", "utf-16"],
)
def test_l07_l08_l09_the_encoding_is_found(tmp_path: Path, encoding: str, seen: str) -> None:
    """`Cliënt` in the wrong encoding is another code, and a mark at the start spoils the first header."""
    found = casus(tmp_path, "Dossier;Klant;Start;Vraag\nC1;D1;1-1-2025;Cliënt € … x\n".encode(encoding))
    assert found.column("Vraag") == ["Cliënt € … x"]
    assert found.stream.columns[0] == "Dossier"
    assert found.stream.encoding == seen


def test_l08_an_accent_far_into_the_file_is_found(tmp_path: Path) -> None:
    """A verdict on the first megabyte alone reads the rest wrongly."""
    rows = "".join(f"C{number};D;1-1-2025;x\n" for number in range(90_000))
    text = f"Dossier;Klant;Start;Vraag\n{rows}C;D;1-1-2025;Cliënt\n"
    assert casus(tmp_path, text.encode("cp1252")).column("Vraag")[-1] == "Cliënt"
    assert casus(tmp_path, text.encode("utf-8")).column("Vraag")[-1] == "Cliënt"


def test_one_broken_byte_costs_its_own_row(tmp_path: Path) -> None:
    """The accents of all other rows must not go with it."""
    text = (
        "Dossier;Klant;Start;Vraag\nC1;D;1-1-2025;Cliënt\nC2;D;1-1-2025;kop".encode() + b"\xe9\n" + b"C3;D;1-1-2025;x\n"
    )
    text = text.replace(b"C3;D;1-1-2025;x", "C3;D;1-1-2025;Één".encode())
    found = casus(tmp_path, text)
    assert found.column("Vraag")[0] == "Cliënt"
    assert list(found.unreadable) == [3]
    assert list(found.stream.mojibake_unrepairable) == [3]


def test_an_encoding_of_the_mapping_goes_before_a_guess(tmp_path: Path) -> None:
    """Old systems write code pages that nobody can tell apart by looking."""
    found = casus(tmp_path, "Dossier;Klant;Start;Vraag\nC1;D1;1-1-2025;Cliënt\n".encode("cp850"), "codering: cp850")
    assert found.column("Vraag") == ["Cliënt"]


def test_l10_mojibake_is_repaired_where_that_is_exact(tmp_path: Path) -> None:
    """`CliÃ«nt` is another code than `Cliënt`, in figures that should add up."""
    found = casus(
        tmp_path, "Dossier;Klant;Start;Vraag\nC1;D;1-1-2025;CliÃ«nt\nC2;D;1-1-2025;CliÃ« ë\nC3;D;1-1-2025;ë\n"
    )
    assert found.column("Vraag") == ["Cliënt", "CliÃ« ë", "ë"]
    assert found.stream.mojibake_repaired == 1
    assert list(found.unreadable) == [3]


def test_l10_a_header_that_was_read_wrongly_is_known(tmp_path: Path) -> None:
    """A column that is not found for its accent makes the whole file unusable."""
    layout = table_mapping(tmp_path, "partner", "bestand: x\nkolommen: {partner_id: Cliënt, soort: Soort}")
    assert read_bytes(tmp_path, "CliÃ«nt;Soort\nP1;formeel\n".encode(), layout).column(0) == ["P1"]


# --- rows that are no records ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "total",
    ["Totaal;;;12", "Eindtotaal:;;;12", "Totaal (3);;;", ";;;45", ";;;1.234,50", "SUBTOTAAL;;;3", "Totalen;;;"],
)
def test_l21_a_totals_row_is_dropped_and_counted(tmp_path: Path, total: str) -> None:
    """A total counted as a case, or a row in quarantine that nobody can mend."""
    found = casus(tmp_path, f"Dossier;Klant;Start;Vraag\nC1;D1;1-1-2025;a\n{total}\n")
    assert found.column("Dossier") == ["C1"]
    assert found.stream.totals_dropped == 1


def test_l21_a_record_that_looks_like_a_total_stays(tmp_path: Path) -> None:
    """A record dropped without a word is worse than one in quarantine."""
    found = casus(tmp_path, "Dossier;Klant;Start;Vraag\nT1;Totaal;1-1-2025;Totaal\n;;;5\nC2;D2;1-1-2025;b\n")
    assert found.column("Dossier") == ["T1", None, "C2"]
    assert found.stream.totals_dropped == 0


def test_l21_the_mapping_names_another_word(tmp_path: Path) -> None:
    """`Som van dossiers` is not in any list of words."""
    text = "Dossier;Klant;Start;Vraag\nC1;D1;1-1-2025;a\nSom van dossiers: 1;x;y;z\n"
    assert casus(tmp_path, text, "totaalregel: som van").stream.totals_dropped == 1
    assert casus(tmp_path, text).stream.totals_dropped == 0


def test_l22_title_rows_are_skipped_and_rows_keep_their_number(tmp_path: Path) -> None:
    """A filter text above the header must not move the row that the supplier is sent to."""
    titles = "Overzicht dossiers\nPeriode: 2025; Team: A\n\n"
    text = titles + "Dossier;Klant;Start;Vraag\nC1;D1;1-1-2025;a\n\nC2;D2;1-1-2025;b\n"
    found = casus(tmp_path, text)
    assert (found.column("Dossier"), found.numbers) == (["C1", "C2"], [5, 7])
    assert found.stream.blank_dropped == 1


# --- headers --------------------------------------------------------------------------------------


def test_l23_two_header_rows_are_refused(tmp_path: Path) -> None:
    """Half of the names are in another row: guessing which takes the wrong column."""
    text = "Dossier;Klant;Periode;\n;;Start;Vraag\nC1;D1;1-1-2025;a\n"
    with pytest.raises(DeliveryError, match=r"export.csv: de kop beslaat twee regels: 'Vraag', 'Start'.*kopregel"):
        casus(tmp_path, text)


def test_l23_two_header_rows_are_read_where_the_mapping_says_so(tmp_path: Path) -> None:
    """The group above a name tells two columns of the same name apart."""
    text = "Dossier;Klant;Gepland;;Werkelijk;\n;;Start;Eind;Start;Eind\nC1;D1;1-1-2025;2-2-2025;3-3-2025;4-4-2025\n"
    layout = table_mapping(
        tmp_path,
        "casus",
        "bestand: x\nkopregel: [1, 2]\n"
        "kolommen: {casus_id: Dossier, deelnemer_id: Klant, startdatum: Werkelijk start, einddatum: Werkelijk eind}",
    )
    found = read_bytes(tmp_path, text.encode(), layout)
    assert (found.column("Werkelijk Start"), found.column("Werkelijk Eind")) == (["3-3-2025"], ["4-4-2025"])


def test_l23_a_merged_header_cell_is_refused(tmp_path: Path) -> None:
    """`Start` over two columns: the date may be in the first or in the second."""
    text = "Dossier;Klant;Vraag;Start;\nC1;D1;a;1-1-2025;2-2-2025\n"
    with pytest.raises(DeliveryError, match="naast kolom 'Start' staat een gevulde kolom zonder naam"):
        casus(tmp_path, text)
    assert casus(tmp_path, text, "kopregel: 1").column("Start") == ["1-1-2025"]


def test_l24_a_double_name_is_refused_unless_addressed_by_place(tmp_path: Path) -> None:
    """Two columns Einddatum: the planned one taken for the actual one shortens every case."""
    text = "Dossier;Klant;Start;Einddatum;Einddatum\nC1;D1;1-1-2025;2-2-2025;3-3-2025\n"
    kolommen = "bestand: x\nkolommen: {{casus_id: Dossier, deelnemer_id: Klant, startdatum: Start, einddatum: {}}}"
    with pytest.raises(DeliveryError, match=r"'Einddatum' staat er 2 keer \(kolommen 4 en 5\).*nummer"):
        read_bytes(tmp_path, text.encode(), table_mapping(tmp_path, "casus", kolommen.format("Einddatum")))
    found = read_bytes(tmp_path, text.encode(), table_mapping(tmp_path, "casus", kolommen.format("5")))
    column = found.stream.mapping.column("einddatum")
    assert column is not None
    [place] = found.stream.places_of(column)
    assert found.column(place) == ["3-3-2025"]


def test_l24_a_double_name_that_nobody_asks_for_is_no_matter(tmp_path: Path) -> None:
    """A file with two columns Opmerking would be refused for nothing."""
    text = "Dossier;Klant;Start;Vraag;Opmerking;Opmerking\nC1;D1;1-1-2025;a;b;c\n"
    assert casus(tmp_path, text).column("Vraag") == ["a"]


def test_l25_spaces_are_made_plain_in_headers_and_codes(tmp_path: Path) -> None:
    """A non-breaking space that nobody sees makes two codes of one."""
    text = "Dossier\xa0 ;  Klant;Start ;VRAAG\n C1;D1 ;1-1-2025;\xa0schuld  hulp\u200b \n"
    found = casus(tmp_path, text)
    assert [found.column(place) for place in range(4)] == [["C1"], ["D1"], ["1-1-2025"], ["schuld hulp"]]


# --- cells ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('"=""00123"""', "00123"),
        ('="00123"', "00123"),
        ("'00123", "00123"),
        ("=A1+B1", "A1+B1"),
        (" =1+1", "1+1"),
        ("'s-Gravenhage", "'s-Gravenhage"),
        ("'t Hoekje", "'t Hoekje"),
        ("a=b", "a=b"),
        ("=", None),
    ],
)
def test_l27_the_prefix_of_a_spreadsheet_is_taken_off(tmp_path: Path, cell: str, expected: str | None) -> None:
    """`="00123"` is how a system saves its zeros from Excel; a formula is never carried out."""
    assert casus(tmp_path, f"Dossier;Klant;Start;Vraag\nC1;D1;1-1-2025;{cell}\n").column("Vraag") == [expected]


def test_l28_a_cell_with_several_values_becomes_several_records(tmp_path: Path) -> None:
    """Two workers in one cell are two workers, not one with a long name."""
    layout = table_mapping(
        tmp_path,
        "casus_betrokkene",
        'bestand: x\nkolommen: {casus_id: Dossier, betrokkene_id: {bron: Coach, splits: ","}, instantie: {vast: eigen},'
        " van: Start}",
    )
    text = 'Dossier;Coach;Start\nC1;"Jansen, Piet, Jansen";1-1-2025\nC2;;2-1-2025\nC3;Kees;3-1-2025\n'
    found = read_bytes(tmp_path, text.encode(), layout)
    assert found.column("Coach") == ["Jansen", "Piet", None, "Kees"]
    assert found.column("Dossier") == ["C1", "C1", "C2", "C3"]
    assert found.numbers == [2, 2, 3, 4]


def test_l33_dropped_columns_are_not_handed_over(tmp_path: Path) -> None:
    """A name that is read is a name that can end up somewhere."""
    text = "Dossier;BSN;Klant;Voornaam;Start;Vraag;E-mail\nC1;123456782;D1;Jan;1-1-2025;a;jan@voorbeeld.nl\n"
    found = casus(tmp_path, text, "weglaten: [BSN, voornaam, 7]")
    assert found.stream.columns == ("Dossier", "Klant", "Start", "Vraag")
    assert [row for batch in found.batches for row in batch.rows] == [["2", "C1", "D1", "1-1-2025", "a"]]


def test_l33_a_column_to_drop_that_is_not_there_is_mentioned(tmp_path: Path) -> None:
    """A renamed column is no longer dropped, and nobody would know."""
    found = casus(tmp_path, "Dossier;Klant;Start;Vraag\nC1;D1;1-1-2025;a\n", "weglaten: [Burgernr]")
    assert "export.csv: kolom 'Burgernr' van weglaten staat er niet in." in found.stream.notes


def test_l34_a_file_with_only_a_header_has_no_records(tmp_path: Path) -> None:
    """Nothing happened is not the same as nothing delivered."""
    assert partners(tmp_path, "partner_id,soort\n").batches == []
    assert partners(tmp_path, "partner_id,soort").stream.columns == ("partner_id", "soort")


@pytest.mark.parametrize("text", ["", "\n\n", "P1,formeel\nP2,informeel\n", "<html></html>"])
def test_l35_a_file_without_header_is_refused(tmp_path: Path, text: str) -> None:
    """Columns by place alone change meaning with the next export; the rows themselves are not repeated."""
    with pytest.raises(DeliveryError, match=r"export\.csv: ") as raised:
        partners(tmp_path, text)
    assert "P1" not in str(raised.value)


def test_l35_a_column_of_a_mapping_that_is_gone_is_refused(tmp_path: Path) -> None:
    """A vendor that renames a column would empty it in silence."""
    with pytest.raises(DeliveryError, match=r"in de kop op regel 1 ontbreekt 'Vraag'. Bedoelt u 'Vragen'\?"):
        casus(tmp_path, "Dossier;Klant;Start;Vragen\nC1;D1;1-1-2025;a\n")


def test_l35_an_unknown_column_is_ignored_with_a_word(tmp_path: Path) -> None:
    """An extra column is no reason to refuse a delivery, and one nobody reads has to be known."""
    found = partners(tmp_path, "partner_id,soort,naam_systeem\nP1,formeel,x\n")
    assert found.stream.notes == ("export.csv: kolom 'naam_systeem' wordt niet gebruikt.",)
    assert found.stream.missing == ()


def test_l35_a_contract_column_that_is_optional_may_be_absent(tmp_path: Path) -> None:
    """A supplier without one column would have to make it up."""
    found = read_bytes(tmp_path, b"signaal_id,datum_ontvangen\nS,2025-01-01\n", contract_layout("signaal"))
    assert "te_laat" in found.stream.missing
    with pytest.raises(DeliveryError, match="ontbreekt 'datum_ontvangen'"):
        read_bytes(tmp_path, b"signaal_id,te_laat\nS,true\n", contract_layout("signaal"))


def test_l38_a_quoted_cell_keeps_separators_and_line_breaks(tmp_path: Path) -> None:
    """A note over two lines is one record, and rows keep the number a spreadsheet gives them."""
    text = 'Dossier;Klant;Start;Vraag\nC1;D1;1-1-2025;"a; b\r\nc ""d"""\nC2;D2;1-1-2025;e\n'
    found = casus(tmp_path, text)
    assert found.column("Vraag") == ['a; b\nc "d"', "e"]
    assert found.numbers == [2, 3]


def test_l40_line_ends_may_be_mixed(tmp_path: Path) -> None:
    """Files glued together from a Mac, a PC and a server."""
    assert partners(tmp_path, b"partner_id,soort\rP1,formeel\r\nP2,informeel\nP3,formeel").column("partner_id") == [
        "P1",
        "P2",
        "P3",
    ]


# --- what must not pass in silence ----------------------------------------------------------------


def test_a_row_with_another_number_of_cells_is_set_apart(tmp_path: Path) -> None:
    """A decimal comma outside quotes moves every cell after it one column to the right."""
    found = partners(tmp_path, "partner_id,soort\nP1,formeel\nP2,a,b\nP3\nP4,formeel,,\n")
    assert found.unreadable == {3: "niet zoveel cellen als de kop", 4: "niet zoveel cellen als de kop"}
    assert found.column("partner_id") == ["P1", "P2", "P3", "P4"]
    assert found.stream.misshapen == 2


def test_cells_beside_the_table_are_no_reason_to_set_rows_apart(tmp_path: Path) -> None:
    """A remark beside a table, saved as CSV with a separator for every column of the sheet."""
    text = "partner_id;soort;;\nP1;formeel;;\nP2;formeel;;let op\nP3;formeel\n" + "P4;formeel;;\n" * 9
    found = partners(tmp_path, text)
    assert found.unreadable == {}
    assert "export.csv: kolom 'nr. 4' wordt niet gebruikt." in found.stream.notes
    with pytest.raises(DeliveryRefusedError, match=r"kolom 'nr. 4': bevat een e-mailadres"):
        partners(tmp_path, text.replace("let op", "j@smit.nl"))


def test_a_key_from_either_of_two_columns_is_a_key(tmp_path: Path) -> None:
    """The last records, with their number in the second column, are no row of sums."""
    layout = table_mapping(tmp_path, "partner", "bestand: x\nkolommen: {partner_id: [Nieuw, Oud], soort: Soort}")
    found = read_bytes(tmp_path, b"Nieuw;Oud;Soort\n1;;formeel\n;2;3\n", layout)
    assert (found.numbers, found.stream.totals_dropped) == ([2, 3], 0)


def test_a_quote_that_is_never_closed_is_refused(tmp_path: Path) -> None:
    """Every row after it would end up in one cell, and nobody would miss them."""
    rows = "".join(f"C{number};D;1-1-2025;a\n" for number in range(20))
    text = f'Dossier;Klant;Start;Vraag\nC1;D1;1-1-2025;"a\n{rows}C9;D9;1-1-2025;"b\n'
    with pytest.raises(DeliveryRefusedError, match=r"export\.csv: in rij 2 staat een aanhalingsteken open"):
        casus(tmp_path, text)
    with pytest.raises(DeliveryError, match="aanhalingsteken open"):
        casus(tmp_path, f'Dossier;Klant;Start;Vraag\n{rows}C1;D1;1-1-2025;"a\nC2;D2;1-1-2025;b\n')


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (codecs.BOM_UTF16_LE[:0] + "partner_id,soort\n".encode("utf-16-le"), "is geen gewone tekst"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "is een oude of versleutelde werkmap"),
        (b"%PDF-1.7", "is een webpagina of ander document"),
    ],
)
def test_another_kind_of_file_is_named_as_what_it_is(tmp_path: Path, content: bytes, message: str) -> None:
    """`No header found` does not help someone whose system calls a web page a spreadsheet."""
    with pytest.raises(DeliveryError, match=message):
        partners(tmp_path, content)


def test_memory_stays_flat_because_records_come_in_batches(tmp_path: Path) -> None:
    """Ten million rows do not fit in memory at once."""
    rows = "".join(f"P{number},formeel\n" for number in range(BATCH * 2 + 10))
    found = partners(tmp_path, "partner_id,soort\n" + rows)
    assert [len(batch.rows) for batch in found.batches] == [BATCH, BATCH, 10]
    assert found.numbers[-1] == BATCH * 2 + 11


def test_an_identifier_outside_ascii_is_written_as_it_is_hashed(tmp_path: Path) -> None:
    """DuckDB cannot do it, and two spellings of one person are two persons."""
    found = casus(tmp_path, "Dossier;Klant;Start;Vraag\nC1;klaas-\uff11ë;1-1-2025;blauwe ë\n")
    assert (found.column("Klant"), found.column("Vraag")) == (["KLAAS-1Ë"], ["blauwe ë"])


def test_opening_a_file_reads_no_records(tmp_path: Path) -> None:
    """A check of the headers of many large files has to be quick."""
    path = tmp_path / "export.csv"
    path.write_text(PARTNER, encoding="utf-8")
    stream = open_file(path, contract_layout("partner"))
    assert (stream.columns, stream.totals_dropped, stream.is_iso) == (("partner_id", "soort"), 0, False)


CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Cf", "Zl", "Zp"), max_codepoint=0x24F), max_size=8)


@settings(deadline=None, max_examples=60)
@given(
    rows=st.lists(st.tuples(CELLS.filter(bool), CELLS), min_size=1, max_size=8),
    separator=st.sampled_from(";,\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_what_is_written_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], separator: str, encoding: str, ending: str
) -> None:
    """Whatever separator, encoding and line end: a cell comes out as it went in."""
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in ("P" + key, "x" + value)] for key, value in rows]
    text = ending.join(separator.join(row) for row in [["partner_id", "soort"], *quoted])
    found = partners(tmp_path_factory.mktemp("deel"), text.encode(encoding))
    if not found.unreadable and not found.stream.mojibake_repaired:
        assert found.column("soort") == ["x" + value for _, value in rows]
