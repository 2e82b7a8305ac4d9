"""The words beside a figure: every code of the mart has some, and none says more than was found."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest

from serving import words
from tests.serving.conftest import contract

# "door" alone is allowed: a difference can be due to chance, never to a policy.
FORBIDDEN = re.compile(
    r"\b(gelijk|stabiel|beste|slechtste|dankzij|door het|door de|rang|oorzaak|effect van)\b", re.IGNORECASE
)


def allowed(table: str, column: str) -> list[str]:
    """The codes that the contract of a column allows."""
    (test,) = [test["values_allowed"] for test in contract(table)["data_tests"] if "values_allowed" in test]
    values: list[str] = test["arguments"]["kolommen"][column]
    return values


@pytest.mark.parametrize(
    ("table", "column", "said"),
    [
        ("kpi_vergelijking", "benchmark_type", words.BENCHMARK),
        ("kpi_vergelijking", "reden", words.NOT_COMPARED),
        ("kpi_vergelijking", "oordeel", words.OUTCOME),
        ("kpi_trend", "trend", words.OUTCOME),
        ("kpi_trend", "reden", words.NO_TREND),
        ("aandachtspunten", "soort_punt", words.POINT),
        ("aandachtspunten", "grond", words.GROUND),
        ("kpi", "richting", words.DIRECTION),
        ("kpi", "meetwijze", words.MEASURED),
        ("kpi", "familie", words.FAMILY),
    ],
)
def test_every_code_of_the_mart_has_words(table: str, column: str, said: dict[str, str]) -> None:
    """An advisor would read te_weinig_jaren, or an error."""
    assert set(allowed(table, column)) <= set(said)


def verdicts() -> list[str]:
    outcomes = allowed("kpi_vergelijking", "oordeel")
    reasons = allowed("kpi_vergelijking", "reden")
    rows: list[dict[str, Any]] = [
        {"oordeel": outcome, "oordeel_reden": why, "richting": way, "benchmark_type": benchmark, "positie": place}
        for outcome, why, way, benchmark, place in itertools.product(
            outcomes, reasons, ("hoger", "lager", "neutraal"), words.BENCHMARK, (None, 0.0, 50.0, 100.0)
        )
    ]
    return [words.verdict(row, "1 %", "2 %") for row in rows]


def trends() -> list[str]:
    return [
        words.trend({"trend": outcome, "trend_reden": why, "trend_signaal": signal}, since)
        for outcome, why, signal, since in itertools.product(
            allowed("kpi_trend", "trend"),
            allowed("kpi_trend", "reden"),
            ("gunstig", "ongunstig", "neutraal", None),
            ("2020", None),
        )
    ]


def test_no_sentence_judges_explains_or_calls_alike() -> None:
    """A signal would be read as a verdict, 'not shown to differ' as equal, and 'not tested' as stable."""
    for sentence in (*verdicts(), *trends()):
        assert sentence
        assert not FORBIDDEN.search(sentence.replace("door toeval", "")), sentence
        assert "_" not in sentence


@pytest.mark.parametrize(
    ("outcome", "way", "says"),
    [
        ("gunstiger", "hoger", "gunstiger: ligt hoger dan Nederland (5 % tegen 4 %)"),
        ("ongunstiger", "hoger", "ongunstiger: ligt lager dan Nederland"),
        ("gunstiger", "lager", "gunstiger: ligt lager dan Nederland"),
        ("ongunstiger", "lager", "ongunstiger: ligt hoger dan Nederland"),
        ("hoger", "neutraal", "ligt hoger dan Nederland"),
        ("lager", "neutraal", "ligt lager dan Nederland"),
        ("vergelijkbaar", "hoger", "wijkt niet aantoonbaar af van Nederland"),
    ],
)
def test_the_way_a_figure_lies_follows_from_its_verdict_and_direction(outcome: str, way: str, says: str) -> None:
    """A figure would be called higher where it is lower."""
    row = {"oordeel": outcome, "oordeel_reden": None, "richting": way, "benchmark_type": "nl", "positie": None}
    said = words.verdict(row, "5 %", "4 %")
    assert said.startswith(says) or says in said
    assert ("toeval" in said) == (outcome != "vergelijkbaar")


def test_a_class_is_named_with_what_it_is_a_class_of() -> None:
    """'Ligt hoger dan 50.000 tot 100.000' is no sentence."""
    row = {"oordeel": "vergelijkbaar", "oordeel_reden": None, "richting": "hoger", "positie": None}
    size = words.verdict({**row, "benchmark_type": "grootteklasse", "benchmark_naam": "20.000 tot 50.000"}, "1", "2")
    assert "van de gemeenten van dezelfde grootte (20.000 tot 50.000) (1 tegen 2)" in size
    near = words.verdict({**row, "benchmark_type": "buurgroep", "benchmark_naam": "15 gemeenten"}, "1", "2")
    assert "van de 15 gemeenten (1 tegen 2)" in near


@pytest.mark.parametrize("group", ["stedelijkheid", "grootteklasse", "buurgroep"])
@pytest.mark.parametrize("outcome", ["gunstiger", "hoger", "vergelijkbaar"])
def test_a_group_is_compared_with_by_its_one_figure(group: str, outcome: str) -> None:
    """'Lager dan 15 gemeenten' says that it lies below each of them, as the last of sixteen."""
    row = {"oordeel": outcome, "oordeel_reden": None, "richting": "hoger", "positie": None, "benchmark_type": group}
    said = words.verdict({**row, "benchmark_naam": "15 gemeenten"}, "17,8 %", "21,6 %")
    assert re.search(r"(dan|van) het gezamenlijke cijfer van de \S*", said)
    assert not re.search(r"(dan|af van) (de )?(15 )?gemeenten", said)


def test_a_point_beside_a_group_is_beside_its_one_figure() -> None:
    """The signals of a gemeente would rank it among those it is like."""
    row = {
        "label": "naam", "uitsplitsing": "totaal", "benchmark_type": "buurgroep", "grond": "getoetst",
        "oordeel": "ongunstiger", "richting": "hoger",
    }  # fmt: skip
    said = words.point(row, "Breda", "17,8 %", "21,6 %")
    assert "ligt in Breda lager dan het gezamenlijke cijfer van de gemeenten die op deze lijken (17,8 %" in said


@pytest.mark.parametrize(
    ("percentile", "fifth"),
    [(0.0, "laagste"), (19.9, "laagste"), (20.0, "op een na laagste"), (50.0, "middelste"), (100.0, "hoogste")],
)
def test_a_place_is_a_broad_group_and_never_a_rank(percentile: float, fifth: str) -> None:
    """A list of who is first makes a league table of a signal."""
    assert f"in het {fifth} vijfde deel van de gemeenten" in words.position(percentile, "nl")
    assert words.position(None, "nl") == ""


def test_a_publication_of_before_says_nothing_about_comparison() -> None:
    """Columns that an older publication does not have are null; that is no outcome."""
    empty = dict.fromkeys(("oordeel", "oordeel_reden", "benchmark_type", "positie", "trend", "oi_laag", "oi_hoog"))
    assert words.verdict({**empty, "richting": "hoger"}, "1 %", "") == ""
    assert words.trend(empty, None) == ""
    assert words.interval(empty, "", "") == ""


@pytest.mark.parametrize(
    ("soort", "explanation", "said"),
    [
        (
            "proxy",
            "Aandeel dat zich sterk eenzaam voelt. Uitsluiting is meer dan dat.",
            "Aandeel dat zich sterk eenzaam voelt",
        ),
        ("proxy", "Aandeel jongeren.", "Aandeel jongeren"),
        ("proxy", None, ""),
        ("direct", "Aandeel volwassenen.", ""),
        (None, "Aandeel volwassenen.", ""),
    ],
)
def test_a_stand_in_says_what_was_measured(soort: str | None, explanation: str | None, said: str) -> None:
    """Loneliness would be read as social exclusion, because that is what the KPI is called."""
    assert words.measured(soort, explanation) == said
