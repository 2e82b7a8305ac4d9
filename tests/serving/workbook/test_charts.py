"""Charts: what is drawn, and what is a gap."""

from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from serving.workbook.charts import plots_of
from serving.workbook.series import Line
from tests.serving.workbook.conftest import Opened


def line(code: str, points: list[dict[str, Any]], **changes: Any) -> Line:
    """A series of the KPI I 1.1.1, with figures of the years given."""
    figure = {
        "kpi_id": "I 1.1.1",
        "label": "Naam",
        "kpi_naam": "Naam",
        "gemeente_code": code,
        "gemeente_naam": {"NL": "Nederland"}.get(code, code),
        "hoofduitsplitsing": True,
        "uitsplitsing": "totaal",
        "eenheid": "%",
    }
    standard = {"periode_soort": "jaar", "breuk": False, "vergelijkingseenheid": "%", "vergelijkingswaarde": None}
    rows = [standard | {"periode": str(point["jaar"])} | point for point in points]
    return Line(figure | changes, rows, {row["periode"]: row for row in rows})


def years(*values: float | None, **more: Any) -> list[dict[str, Any]]:
    """Points from 2020 on."""
    return [{"jaar": 2020 + number, "waarde": value} | more for number, value in enumerate(values)]


def test_a_missing_year_is_a_gap_and_never_nought() -> None:
    """A line to nought, or one drawn straight over what is not known."""
    (plot,) = plots_of([line("A", years(1.0, None, 3.0))], ["A"])
    assert plot.years == [2020, 2021, 2022]
    assert plot.curves[0].values == {2020: 1.0, 2022: 3.0}


def test_other_territory_is_a_line_of_its_own() -> None:
    """A herindeling that looks like a change of the people."""
    points = [*years(1.0, 2.0, breuk=True), {"jaar": 2022, "waarde": 5.0}]
    (plot,) = plots_of([line("A", points)], ["A"])
    assert [(curve.name, dict(curve.values)) for curve in plot.curves] == [
        ("A, ander grondgebied", {2020: 1.0, 2021: 2.0}),
        ("A", {2022: 5.0}),
    ]


def test_counts_are_drawn_as_they_were_compared() -> None:
    """A gemeente flat on nought below the hundreds of thousands of the country."""
    counted = [
        {"jaar": year, "waarde": 100.0, "vergelijkingswaarde": 0.5, "vergelijkingseenheid": "per 1.000 inwoners"}
        for year in (2020, 2021)
    ]
    (plot,) = plots_of([line("A", counted, eenheid="aantal"), line("NL", counted, eenheid="aantal")], ["A"])
    assert plot.unit == "per 1.000 inwoners"
    assert [set(curve.values.values()) for curve in plot.curves] == [{0.5}, {0.5}]


def test_one_year_is_no_chart() -> None:
    """A chart of a single point."""
    assert plots_of([line("A", years(1.0, None))], ["A"]) == []
    assert plots_of([line("A", [])], ["A"]) == []


def test_nederland_alone_is_no_chart_of_a_gemeente() -> None:
    """A chart in the workbook of a gemeente that says nothing of it."""
    lines = [line("A", years(None, None)), line("NL", years(1.0, 2.0))]
    assert plots_of(lines, ["A"]) == []
    assert len(plots_of(lines[1:], ["NL"])) == 1


def test_at_most_five_gemeenten_are_drawn_beside_nederland() -> None:
    """Thirty lines in one chart."""
    codes = list("ABCDEFG")
    (plot,) = plots_of([line(code, years(1.0, 2.0)) for code in [*codes, "NL"]], codes)
    assert [curve.name for curve in plot.curves] == ["A", "B", "C", "D", "E", "Nederland"]
    assert len({(curve.colour, curve.symbol) for curve in plot.curves}) == 6


def test_a_chart_is_native_and_reads_its_figures_from_a_sheet(breda: Opened) -> None:
    """A picture cannot be checked or restyled, and a chart without figures cannot be read aloud."""
    sheet: Worksheet = breda.sheet("2 Leefgebied 2")
    (chart,) = sheet._charts  # type: ignore[attr-defined]
    assert chart.display_blanks == "gap"
    (series,) = chart.series
    assert series.xVal.numRef.f == "'Grafiekgegevens'!$A$7:$A$8"
    assert series.yVal.numRef.f == "'Grafiekgegevens'!$B$7:$B$8"
    data = breda.sheet("Grafiekgegevens")
    block = [line[:2] for line in data.iter_rows(min_row=5, max_row=8, values_only=True)]
    assert block == [
        ("I 2.1.1 Leefbaarheid (score)", None),
        ("Jaar", "Breda"),
        (2022, 0.5),
        (2024, -0.0343701),
    ]
