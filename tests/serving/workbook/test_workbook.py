"""What a workbook says: the figures of the mart, with why one is not there, and never a formula."""

import io
import re
import zipfile
from pathlib import Path

import pytest

from serving.attention import show_points
from serving.publication import Publication
from tests.serving.conftest import Mini
from tests.serving.workbook.conftest import BREDA, Make, Opened, made, opened

FORMULA = re.compile(rb"<f[ >/]")


def cells(path: Path) -> bytes:
    """The XML of every sheet."""
    with zipfile.ZipFile(path) as archive:
        return b"".join(archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/"))


def test_the_sheets_stand_in_order_of_use(breda: Opened) -> None:
    """A policy advisor who opens the file lands on chart figures."""
    assert breda.book.sheetnames == [
        "Overzicht",
        "2 Leefgebied 2",
        "3 Leefgebied 3",
        "4 Leefgebied 4",
        "Eigen registratie",
        "Aandachtspunten",
        "Definities",
        "Bronnen",
        "Leeswijzer",
        "Grafiekgegevens",
    ]
    assert breda.book.active is breda.sheet("Overzicht")


def test_the_overview_has_the_figures_of_the_mart(breda: Opened, published: Mini) -> None:
    """A figure that differs from the page or the terminal."""
    stored = published.read(
        "select kpi_id, g.waarde, g.oi_laag, g.oi_hoog, g.periode, v.benchmark_waarde, v.verschil "
        "from kpi_gemeente as g left join kpi_vergelijking as v "
        "using (kpi_id, model_versie, uitsplitsing, gemeente_code, periode) "
        f"where gemeente_code = '{BREDA}' and hoofduitsplitsing and familie = 'impact' "
        "and coalesce(v.benchmark_type, 'nl') = 'nl' order by kpi_id"
    )
    shown = [
        (
            row["KPI"],
            row["Waarde"],
            row["Interval laag (95 %)"],
            row["Interval hoog (95 %)"],
            row["Periode"],
            row["Nederland"],
            row["Verschil met Nederland"],
        )
        for row in breda.rows("Overzicht")
    ]
    assert sorted(shown) == stored


def test_a_verdict_stands_in_words_beside_its_colour(breda: Opened) -> None:
    """Colour alone says nothing to who does not see it, or prints in black."""
    (row,) = [row for row in breda.rows("Overzicht") if row["KPI"] == "I 3.3.2"]
    assert (row["Naast Nederland"], row["Naast de buurgroep"]) == ("ongunstiger", "vergelijkbaar")
    assert row["Buurgroep"] == 13.2
    assert row["Naast Nederland, in woorden"] == (
        "ongunstiger: ligt lager dan Nederland (13,1 % tegen 13,6 %); "
        "het verschil is groter dan door toeval te verwachten is"
    )
    assert row["Trend"] == "sinds 2016 dalend (vijf jaar, getoetst), een ongunstig signaal"
    (coloured,) = breda.sheet("Overzicht").conditional_formatting
    titles = list(row)
    assert str(coloured.sqref).startswith(f"{chr(65 + titles.index('Naast Nederland'))}{breda.head('Overzicht') + 1}:")
    assert [rule.formula for rule in coloured.rules] == [['"gunstiger"'], ['"ongunstiger"']]


def test_a_missing_figure_is_an_empty_cell_with_its_reason(breda: Opened) -> None:
    """A nought, or an empty cell that nobody can explain."""
    (row,) = [row for row in breda.rows("Overzicht") if row["KPI"] == "I 4.3.1"]
    assert row["Waarde"] is None
    assert row["Waarom geen cijfer"] == "Hiervoor bestaat geen open bron; een eigen cijfer kan worden aangeleverd"
    assert row["Naast Nederland"] == "niet vergeleken"


def test_a_missing_year_of_a_series_says_why(published: Mini, tmp_path: Path) -> None:
    """A hole in a series that looks like a year nobody asked about."""
    den_haag = made(published, tmp_path / "x.xlsx", ["GM0518"]).rows("3 Leefgebied 3")
    (row,) = [row for row in den_haag if row["Gemeente"] == "'s-Gravenhage"]
    assert row["2020"] is None
    assert row["Waarom geen cijfer"] == "2020: De bron houdt dit cijfer geheim of noemt het onbetrouwbaar"


def test_a_series_stands_under_its_years_beside_nederland(breda: Opened) -> None:
    """A figure under the year of another."""
    (row,) = [row for row in breda.rows("2 Leefgebied 2") if row["Gemeente"] == "Breda"]
    assert (row["2022"], row["2024"]) == (0.5, -0.0343701)
    shown = [(row["Naam"], row["Gemeente"], row["2020"]) for row in breda.rows("3 Leefgebied 3")]
    assert shown == [
        ("% vrijwilligerswerk (18 jaar en ouder)", "Breda", 13.1),
        ("% vrijwilligerswerk (18 jaar en ouder)", "Nederland", 13.6),
        ("% vrijwilligerswerk (65 jaar en ouder)", "Breda", 21.5),
    ]


def test_own_figures_stand_apart_with_what_was_held_back(breda: Opened) -> None:
    """Registrations taken for open statistics, or a suppressed figure taken for nought."""
    rows = {row["KPI"]: row for row in breda.rows("Eigen registratie")}
    assert rows["A 1"]["Waarde"] == 45
    assert rows["prof E1"]["Waarde"] is None
    assert rows["prof E1"]["Waarom geen cijfer"] == "Niet getoond omdat het cijfer op te weinig mensen rust"
    assert not rows.keys() & {row["KPI"] for row in breda.rows("Overzicht")}
    said = [str(value) for (value,) in breda.sheet("Eigen registratie").iter_rows(max_col=1, values_only=True)]
    assert any("afgerond op vijftallen" in line for line in said)
    assert any("te klein om te tonen" in line for line in said)


def test_the_points_are_the_sentences_of_the_terminal(breda: Opened, published: Mini) -> None:
    """Two wordings of one signal are two verdicts."""
    said = io.StringIO()
    with opened(published) as connection:
        show_points(connection, Publication(published.link.resolve(), {}), "Breda", said)
    points = breda.rows("Aandachtspunten")
    assert [(row["Soort"], row["KPI"]) for row in points] == [
        ("Aandachtspunten", "I 3.3.2"),
        ("Aandachtspunten", "I 2.1.1"),
        ("Wat gunstig is", "I 4.1.1"),
    ]
    for row in points:
        assert row["Signaal"] in said.getvalue()
        assert row["Trend"] in said.getvalue()
    stand_ins = {row["KPI"]: row["Als het een benadering is"] for row in points}
    assert stand_ins["I 4.1.1"].startswith("benadering, gemeten is: Sterke eenzaamheid")
    assert stand_ins["I 4.1.1"] in said.getvalue()
    assert not stand_ins["I 3.3.2"]


def test_a_gemeente_without_points_says_so(published: Mini, tmp_path: Path) -> None:
    """An empty sheet looks like a broken one."""
    sheet = made(published, tmp_path / "x.xlsx", ["GM0518"]).sheet("Aandachtspunten")
    assert "Geen." in [value for (value,) in sheet.iter_rows(max_col=1, values_only=True)]


def test_definitions_and_sources_are_of_what_is_in_the_workbook(breda: Opened) -> None:
    """A figure without its definition or source, or a list of everything there is."""
    definitions = {row["KPI"]: row for row in breda.rows("Definities")}
    assert definitions.keys() == {"I 2.1.1", "I 3.3.2", "I 4.1.1", "I 4.3.1", "A 1", "prof E1"}
    assert definitions["I 4.1.1"]["Let op"] == "benadering (proxy) van wat de KPI vraagt, modelmatig geschat"
    assert definitions["I 4.3.1"]["Naam"] == "Stabiele opvoeding"
    assert [row["Bron"] for row in breda.rows("Bronnen")] == ["lbm", "rivm_1"]


def test_the_demo_notice_is_on_every_sheet_and_every_printed_page(breda: Opened) -> None:
    """Somebody copies one sheet of invented figures into a policy memo."""
    for sheet in breda.book.worksheets:
        assert "verzonnen" in str(sheet["A2"].value), sheet.title
        assert sheet["A2"].fill.fgColor.rgb == "009A3B00"
        assert "DEMO" in str(sheet.oddFooter.center.text)


def test_live_figures_carry_no_notice(changed: Make) -> None:
    """A warning beside real figures makes the next one go unread."""
    live = changed("update marts.gemeente set inwoners = 1 where gemeente_code = 'NL'", soort="live")
    for sheet in live.book.worksheets:
        assert (
            "Publicatie" in str(sheet["A2"].value)
            or "Breda" in str(sheet["A2"].value)
            or sheet.title == "Grafiekgegevens"
        )
        assert sheet.oddFooter.center.text is None


def test_every_table_keeps_its_header_in_view_and_prints_on_a4(breda: Opened) -> None:
    """Forty rows down nobody knows which column is which."""
    for sheet in breda.book.worksheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.page_setup.fitToWidth == 1
        if sheet.title != "Grafiekgegevens":
            head = breda.head(sheet.title)
            assert str(sheet.freeze_panes).strip("ABCDEFGH") == str(head + 1), sheet.title
            assert str(sheet.auto_filter.ref).startswith(f"A{head}:")


def test_text_of_others_is_never_a_formula(changed: Make) -> None:
    """A label of an organisation, or a name in a source, that runs on the computer of the reader."""
    hostile = changed(
        "update marts.gemeente set gemeente_naam = '=1+1' where gemeente_code = 'GM0758';"
        "update marts.kpi_gemeente set gemeente_naam = '=1+1' where gemeente_code = 'GM0758';"
        "update marts.kpi_gemeente set label = '@SUM(A1)' || chr(7), bronvermelding = '+cmd' where kpi_id = 'I 2.1.1';"
        "update marts.kpi set kanttekening = '#N/A', leefgebied_naam = 'a/b [c]: *?' ;"
        "update marts.kpi_gemeente set leefgebied_naam = 'a/b [c]: *?';"
        "update marts.bron set melding = '-2+3'"
    )
    assert not FORMULA.search(cells(hostile.path))
    (row,) = [row for row in hostile.rows("Overzicht") if row["KPI"] == "I 2.1.1"]
    assert (row["Gemeente"], row["Naam"], row["Bron"]) == ("=1+1", "@SUM(A1) ", "+cmd")
    for sheet in hostile.book.worksheets:
        for line in sheet.iter_rows():
            assert {cell.data_type for cell in line} <= {"s", "n", "d"}, sheet.title
    assert "2 a b c" in re.sub(" +", " ", " ".join(hostile.book.sheetnames))


def test_no_sheet_has_a_formula_of_its_own(breda: Opened) -> None:
    """A sum in a sheet is a figure that the mart does not have."""
    assert not FORMULA.search(cells(breda.path))


def test_what_the_organisation_did_not_choose_is_left_out_aloud(changed: Make) -> None:
    """A short list taken for a complete one."""
    book = changed("update marts.kpi set gekozen = false where kpi_id in ('I 2.1.1', 'A 1')")
    assert {row["KPI"] for row in book.rows("Overzicht")} == {"I 3.3.2", "I 4.1.1", "I 4.3.1"}
    assert "2 Leefgebied 2" not in book.book.sheetnames
    assert {row["KPI"] for row in book.rows("Aandachtspunten")} == {"I 3.3.2", "I 4.1.1"}
    said = [str(value) for (value,) in book.sheet("Overzicht").iter_rows(max_col=1, values_only=True)]
    assert any(line.startswith("Uw profiel kiest 4 van de 6 KPI's") for line in said)


def test_everything_marks_what_was_not_chosen(changed: Make) -> None:
    """The list of the organisation can no longer be told from the rest."""
    book = changed("update marts.kpi set gekozen = false where kpi_id = 'I 2.1.1'", everything=True)
    assert {row["KPI"]: row["In uw profiel"] for row in book.rows("Overzicht")} == {
        "I 2.1.1": "nee",
        "I 3.3.2": "ja",
        "I 4.1.1": "ja",
        "I 4.3.1": "ja",
    }


def test_several_gemeenten_stand_in_the_order_asked_for(published: Mini, tmp_path: Path) -> None:
    """The gemeente of the reader should come first, not the alphabet."""
    book = made(published, tmp_path / "x.xlsx", ["GM1900", BREDA, "GM0518"])
    rows = [row["Gemeente"] for row in book.rows("Overzicht") if row["KPI"] == "I 3.3.2"]
    assert rows == ["Súdwest-Fryslân", "Breda", "'s-Gravenhage"]


def test_nederland_is_not_laid_beside_itself(published: Mini, tmp_path: Path) -> None:
    """Two rows of the same figure."""
    rows = made(published, tmp_path / "x.xlsx", ["NL"]).rows("3 Leefgebied 3")
    assert [row["Gemeente"] for row in rows] == ["Nederland"]


def test_nothing_of_the_machine_is_in_the_file(breda: Opened) -> None:
    """The name of a server or a colleague goes along with the figures."""
    properties = breda.book.properties
    assert (properties.creator, properties.lastModifiedBy) == ("Impact-KPI", "Impact-KPI")
    with zipfile.ZipFile(breda.path) as archive:
        said = b"".join(archive.read(name) for name in archive.namelist() if name.startswith("docProps/"))
    assert str(Path.home()).encode() not in said
    assert b"/" + breda.path.parent.name.encode() not in said


@pytest.mark.parametrize("name", ["Overzicht", "Eigen registratie", "Leeswijzer", "2 Leefgebied 2"])
def test_rows_are_as_high_as_their_text(breda: Opened, name: str) -> None:
    """A program that does not work out heights prints lines through each other."""
    sheet = breda.sheet(name)
    for number in range(breda.head(name) + 1, breda.head(name) + 1 + len(breda.rows(name))):
        height = sheet.row_dimensions[number].height
        for cell in sheet[number]:
            width = sheet.column_dimensions[cell.column_letter].width
            if isinstance(cell.value, str):
                assert height >= 13 * len(cell.value) / width, cell.coordinate
