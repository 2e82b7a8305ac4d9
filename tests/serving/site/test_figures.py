"""The text of a figure on a page: the stored figure, and the same words as on the terminal."""

from typing import Any

import pytest

from serving import words
from serving.publication import read_rows
from serving.render import with_unit
from serving.site.by_area import ByArea
from serving.site.figures import Figure, Figures, figure_of
from serving.site.joins import Join
from tests.serving.site.conftest import Opened

BREDA = "GM0758"


def figures(opened: Opened, code: str = BREDA) -> dict[tuple[str, str], Figure]:
    return {(figure.kpi_id, figure.uitsplitsing): figure for figure in Figures(opened.connection).take(code)}


def test_every_figure_is_the_stored_one(opened: Opened) -> None:
    """A page would show another figure than the mart, the workbook and the terminal."""
    stored = read_rows(opened.connection, f"select * from kpi_gemeente where gemeente_code = '{BREDA}'")
    shown = figures(opened)
    assert {(row["kpi_id"], row["uitsplitsing"]): with_unit(row["waarde"], row["eenheid"]) for row in stored} == {
        key: figure.waarde for key, figure in shown.items()
    }


def test_missing_figure_says_why_and_nothing_else_does(opened: Opened) -> None:
    """An empty cell reads as zero, and a reason beside a figure as doubt."""
    for figure in figures(opened).values():
        assert bool(figure.waarde) is not bool(figure.reden)
    assert figures(opened)["prof E1", "totaal"].reden == words.reason("onderdrukt")


def test_verdicts_with_both_benchmarks_are_sentences_of_the_terminal(opened: Opened) -> None:
    """Page and terminal would judge the same figure in different words."""
    figure = figures(opened)["I 3.3.2", "18+"]
    assert (figure.nl.oordeel, figure.buurgroep.oordeel) == ("ongunstiger", "vergelijkbaar")
    assert figure.nl.zin.startswith("Ongunstiger: ligt lager dan Nederland (13,1 % tegen 13,6 %)")
    assert "13,2 %" in figure.buurgroep.zin
    assert (figure.nl.waarde, figure.buurgroep.waarde) == ("13,6 %", "13,2 %")


def test_place_interval_and_trend_are_said(opened: Opened) -> None:
    """Without them a figure looks surer than it is."""
    figure = figures(opened)["I 3.3.2", "18+"]
    assert (figure.positie, figure.positie_zin) == (
        60,
        "valt in het op een na hoogste vijfde deel van de gemeenten",
    )
    assert figure.interval == "95 %-interval 12,8 % tot 13,4 %"
    assert figure.interval_lang.endswith("(zoals de bron het geeft)")
    assert figure.trend.startswith("sinds 2016 dalend")
    assert "modelmatig geschat" in figure.merken


def test_proxy_says_what_it_does_not_say(opened: Opened) -> None:
    """A reader would take strong loneliness for social exclusion."""
    figure = figures(opened)["I 4.1.1", "18+"]
    assert "benadering (proxy)" in figure.merken
    assert "zegt niets over uitsluiting" in figure.toelichting


def test_series_runs_from_old_to_new(opened: Opened) -> None:
    """A line that runs backwards turns every trend around."""
    figure = figures(opened)["I 2.1.1", "totaal"]
    assert [moment.jaar for moment in figure.reeks] == [2022, 2024]
    assert figure.reeks_zin == "2022: 0,500 score; 2024: −0,034 score"  # noqa: RUF001  as numbers are written


def test_version_of_the_model_that_is_no_longer_in_force_has_no_row(opened: Opened) -> None:
    """Two rows with one id would both look like the KPI."""
    assert ("I 4.3.1", "totaal") in figures(opened)
    assert len([key for key in figures(opened) if key[0] == "I 4.3.1"]) == 1


@pytest.fixture
def row(opened: Opened) -> dict[str, Any]:
    """A row as the page reads it, to change."""
    (found,) = [
        found
        for found in Figures(opened.connection)._figures.take(BREDA)
        if (found["kpi_id"], found["uitsplitsing"]) == ("I 2.1.1", "totaal")
    ]
    return found


def moment(**changes: Any) -> dict[str, Any]:
    return {
        "periode": "2022",
        "jaar": 2022,
        "waarde": 1.0,
        "eenheid": "score",
        "ontbreekt_reden": None,
        "variant": "lbm",
        "breuk": False,
        "is_herleid": False,
    } | changes


def test_a_break_is_drawn_and_said(row: dict[str, Any]) -> None:
    """A listener would hear a broken series as a whole one."""
    figure = figure_of(row, [moment(breuk=True), moment(periode="2023", jaar=2023)])
    assert [one.aansluiting for one in figure.reeks] == [Join.GOES_ON, Join.BREAK]
    assert "na een breuk 2023" in figure.reeks_zin


def test_recalculated_year_of_the_same_territory_is_no_break(row: dict[str, Any]) -> None:
    """Every gemeente of a merger would have a break that is not there."""
    figure = figure_of(row, [moment(is_herleid=True), moment(periode="2023", jaar=2023)])
    assert figure.reeks[1].aansluiting is Join.GOES_ON
    assert "breuk" not in figure.reeks_zin


def test_missing_year_is_said_in_the_series(row: dict[str, Any]) -> None:
    """A listener would hear an interrupted series as a whole one."""
    figure = figure_of(row, [moment(waarde=None, ontbreekt_reden="onderdrukt")])
    assert figure.reeks_zin.startswith("2022: geen cijfer (niet getoond")


def test_other_unit_is_not_on_the_same_line(row: dict[str, Any]) -> None:
    """Counts and percentages on one scale draw a cliff."""
    figure = figure_of(row, [moment(eenheid="%", waarde=80.0), moment(periode="2023", jaar=2023)])
    assert [moment.jaar for moment in figure.reeks] == [2023]


def test_figure_compared_in_another_unit_shows_both(row: dict[str, Any]) -> None:
    """A count beside a rate of Nederland cannot be compared by eye."""
    changed = {**row, "nl_eenheid": "per 1.000 inwoners", "nl_vergeleken": 4.0}
    assert figure_of(changed, []).vergeleken == "4,0 per 1.000 inwoners"
    assert figure_of({**row, "nl_eenheid": row["eenheid"], "nl_vergeleken": 4.0}, []).vergeleken == ""


def test_areas_are_handed_out_in_order_and_skipped_when_passed(opened: Opened) -> None:
    """The rows of one gemeente would end up on the page of another."""
    rows = ByArea(opened.connection, "select gemeente_code from gemeente order by gemeente_code")
    assert [row["gemeente_code"] for row in rows.take("GM0518")] == ["GM0518"]
    assert rows.take("GM0000") == []
    assert [row["gemeente_code"] for row in rows.take("NL")] == ["NL"]
    assert rows.take("ORG") == []


def test_urbanity_words_are_those_of_the_registry() -> None:
    """A gemeente would be called sterk stedelijk here and zeer sterk stedelijk in a benchmark."""
    registry = words._REASONS.with_name("stedelijkheid_klasse.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert dict(line.split(",") for line in registry) == {str(code): name for code, name in words.URBANITY.items()}


def test_areas_without_a_figure_of_their_own_are_empty(opened: Opened) -> None:
    """A missing area would end the build of the site."""
    assert Figures(opened.connection).take("GM9999") == []
