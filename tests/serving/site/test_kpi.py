"""The page of a KPI says what the mart stored, in words where there is nothing, and never more than that."""

import json
import re
from typing import Any

import pytest

from serving.site.kpi_figures import drawn
from serving.site.kpi_series import Series
from serving.site.page import Page
from serving.site.pages import kpi
from tests.serving.conftest import Mini
from tests.serving.site.conftest import Opened


def _pages(opened: Opened) -> dict[str, Page]:
    return {page.path: page for page in kpi.pages(opened.facts, opened.connection) if isinstance(page, Page)}


def _html(opened: Opened, path: str) -> str:
    return opened.html(_pages(opened)[path])


def _row(html: str, code: str) -> str:
    """The text of one row of the table."""
    (row,) = re.findall(rf'<tr data-code="{code}"[^>]*>(.*?)</tr>', html, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


def _data(html: str) -> dict[str, Any]:
    (text,) = re.findall(r'id="kpi-gegevens">(.*?)</script>', html, re.DOTALL)
    return json.loads(text)  # type: ignore[no-any-return]


def _script(opened: Opened, name: str) -> dict[str, Any]:
    (file,) = [file for file in kpi.pages(opened.facts, opened.connection) if file.path == f"data/{name}.js"]
    return json.loads(f"[{file.content.partition('(')[2].rstrip().removesuffix(');')}]")[1]  # type: ignore[no-any-return]


def test_every_kpi_in_force_has_a_page_and_every_other_uitsplitsing_one_beside_it(opened: Opened) -> None:
    """Failure: a link from a gemeente page leads nowhere, or an old version of the model gets a page."""
    found = [page.path for page in kpi.pages(opened.facts, opened.connection) if isinstance(page, Page)]

    assert len(found) == len(set(found))
    assert {path for path in found if "_" not in path} == {
        f"kpi/{name}.html" for name in ("I-2.1.1", "I-3.3.2", "I-4.1.1", "I-4.3.1", "A-1", "prof-E1")
    }
    assert "kpi/I-3.3.2_65plus.html" in found


def test_figures_stand_as_the_mart_has_them(opened: Opened) -> None:
    """Failure: a page that rounds or words a figure otherwise than the terminal."""
    html = _html(opened, "kpi/I-3.3.2.html")

    assert _row(html, "GM0758").startswith("Breda 13,1 % 12,8 % tot 13,4 % 2020 definitief ongunstiger")
    assert "13,6 %" in html
    breda = next(area for area in _data(html)["gebieden"] if area["code"] == "GM0758")
    assert (breda["waarde"], breda["tekst"], breda["laag"], breda["buur"]) == (13.1, "13,1 %", 12.8, 13.2)


def test_a_missing_figure_says_why(opened: Opened) -> None:
    """Failure: an empty cell, which reads as nought."""
    html = _html(opened, "kpi/I-3.3.2.html")

    said = "Geen cijfer: de bron houdt dit cijfer geheim of noemt het onbetrouwbaar"
    assert _row(html, "GM0518") == f"'s-Gravenhage {said}".replace("'", "&#39;")
    assert next(area for area in _data(html)["gebieden"] if area["code"] == "GM0518")["staat"] == "geen"


def test_a_kpi_without_any_figure_has_a_page_with_the_reason(opened: Opened) -> None:
    """Failure: a KPI of the model vanishes from the site because nobody delivered it yet."""
    html = _html(opened, "kpi/I-4.3.1.html")

    assert "een cijfer om te tonen" in html
    assert '<tbody id="kpi-regels">' not in html
    assert "Reden van I 4.3.1." in html
    assert "In versie v1 van het model was I 4.3.1 iets anders: Relatie met ouders." in html
    assert 'id="kpi-kaart"' not in html


def test_a_proxy_and_a_model_estimate_are_named_before_the_figures(opened: Opened) -> None:
    """Failure: an estimate of something near is read as a count of the thing itself."""
    head = _html(opened, "kpi/I-4.1.1.html").partition("</header>\n")[2].partition("</header>")[0]

    assert "benadering (proxy)" in head
    assert "modelmatig geschat" in head


def test_own_figures_have_no_map_and_say_how_they_were_protected(opened: Opened) -> None:
    """Failure: eight gemeenten on a map of Nederland, and rounded figures taken for exact ones."""
    html = _html(opened, "kpi/A-1.html")

    assert "afgerond op vijftallen" in html
    assert 'id="kpi-kaart"' not in html
    assert _row(html, "GM0758").startswith("Breda 45 2025 definitief")


def test_the_map_is_of_the_newest_period_only(standing: Mini, request: pytest.FixtureRequest) -> None:
    """Failure: gemeenten of two years in one colouring, as if they were measured together."""
    standing.sql(
        "update marts.kpi_gemeente set waarde = 0.2, periode = '2022', jaar = 2022, status = 'definitief' "
        "where kpi_id = 'I 2.1.1' and gemeente_code = 'GM0518'"
    )
    standing.publish()
    html = _html(request.getfixturevalue("opened_standing"), "kpi/I-2.1.1.html")

    states = {area["code"]: area["staat"] for area in _data(html)["gebieden"]}
    assert (states["GM0758"], states["GM0518"], states["GM1900"]) == ("cijfer", "anders", "geen")
    assert "andere periode" in _row(html, "GM0518")


def test_a_label_of_the_organisation_is_text_and_nothing_more(standing: Mini, request: pytest.FixtureRequest) -> None:
    """Failure: a label with a script in it runs on the page of the KPI."""
    standing.sql("update marts.kpi set label = '</script><script>alert(1)</script>' where kpi_id = 'I 3.3.2'")
    standing.publish()
    html = _html(request.getfixturevalue("opened_standing"), "kpi/I-3.3.2.html")

    assert "<script>alert" not in html
    assert _data(html)["naam"] == "</script><script>alert(1)</script>"


def test_years_without_a_measurement_are_bridged_and_not_joined(opened: Opened) -> None:
    """Failure: a solid line through years in which nobody was measured."""
    series = _script(opened, "kpi/I-2.1.1")

    assert [period["jaar"] for period in series["periodes"]] == [2022, 2024]
    assert series["reeksen"]["GM0758"] == [[0.5, "0,500 score"], [-0.0343701, "\u22120,034 score", None, None, 2]]


def test_a_line_stops_at_a_missing_figure_and_at_a_change_of_territory() -> None:
    """Failure: a line drawn across a break shows a change that nobody measured."""
    rows = [
        _measured(2018, 10.0, breuk=True),
        _measured(2019, 12.0),
        _measured(2020, 12.5),
        _measured(2021, None),
        _measured(2022, 13.0, status="voorlopig"),
    ]
    series = Series([(year, str(year)) for year in range(2018, 2023)], {"GM0758": rows}, "%")

    packed = series.script_value()["reeksen"]["GM0758"]

    assert packed == [
        [10.0, "10,0 %"],
        [12.0, "12,0 %", None, None, 1],
        [12.5, "12,5 %"],
        [None, "De bron houdt dit cijfer geheim of noemt het onbetrouwbaar"],
        [13.0, "13,0 %", None, None, 3, 1],
    ]


def _measured(jaar: int, waarde: float | None, *, breuk: bool = False, status: str = "definitief") -> dict[str, Any]:
    empty = dict.fromkeys(("oi_laag", "oi_hoog", "vergelijkingswaarde", "vergelijkingseenheid", "vergelijking_laag"))
    return empty | {
        "periode": str(jaar),
        "jaar": jaar,
        "waarde": waarde,
        "eenheid": "%",
        "status": status if waarde is not None else None,
        "variant": "a",
        "breuk": breuk,
        "is_herleid": False,
        "ontbreekt_reden": None if waarde is not None else "geheim_bron",
        "vergelijking_hoog": None,
    }


def test_sentences_of_the_panel_are_those_of_the_terminal(opened: Opened) -> None:
    """Failure: two wordings of one verdict."""
    verdict, *_, trend = _script(opened, "kpi/I-3.3.2")["zinnen"]["GM0758"]

    assert verdict.startswith("ongunstiger: ligt lager dan Nederland (13,1 % tegen 13,6 %)")
    assert trend == "sinds 2016 dalend (vijf jaar, getoetst), een ongunstig signaal"


@pytest.mark.parametrize(
    ("chosen", "beside"),
    [
        ("nl", ["Nederland", "15 gemeenten"]),
        ("buurgroep", ["Nederland", "15 gemeenten"]),
        ("grootteklasse", ["dezelfde grootte (150.000 tot 250.000)", "Nederland", "15 gemeenten"]),
    ],
)
def test_the_panel_compares_with_nederland_and_the_buurgroep_whatever_was_chosen(
    standing: Mini, request: pytest.FixtureRequest, chosen: str, beside: list[str]
) -> None:
    """Failure: the same sentence twice and nothing about Nederland, because a profile names another benchmark."""
    name = {"nl": "Nederland", "buurgroep": "15 gemeenten", "grootteklasse": "150.000 tot 250.000"}[chosen]
    standing.sql(f"update marts.kpi_gemeente set benchmark_type = '{chosen}', benchmark_naam = '{name}'")
    standing.publish()
    opened: Opened = request.getfixturevalue("opened_standing")

    *verdicts, _trend = _script(opened, "kpi/I-3.3.2")["zinnen"]["GM0758"]

    assert len(verdicts) == len(beside)
    assert all(name in said for name, said in zip(beside, verdicts, strict=True))


def test_a_count_is_drawn_in_the_unit_in_which_it_was_compared() -> None:
    """Failure: a map of where the people live."""
    row = {
        "eenheid": "aantal",
        "waarde": 3057,
        "oi_laag": None,
        "oi_hoog": None,
        "vergelijkingseenheid": "per 1.000 inwoners",
        "vergelijkingswaarde": 15.5,
        "vergelijking_laag": 15,
        "vergelijking_hoog": 16,
    }

    assert drawn(row, "per 1.000 inwoners") == (15.5, 15, 16)
    assert drawn(row, "aantal") == (3057, None, None)
    assert drawn(row, "%") == (None, None, None)
