"""The recent trend: the SQL of the mart against the documented rule, worked out apart in exact fractions."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dbt_project.compiled import Models
from tests.dbt_project.conftest import REGISTRY, Build, RunDbt

pytestmark = pytest.mark.xdist_group("dbt")

BOUND = 9.54953570608324
Z_95 = 1.959963984540054
YEARS = range(2020, 2025)
COLUMNS = {
    "kpi_id": "varchar",
    "model_versie": "varchar",
    "uitsplitsing": "varchar",
    "gemeente_code": "varchar",
    "variant": "varchar",
    "periode": "varchar",
    "jaar": "integer",
    "periode_soort": "varchar",
    "waarde": "double",
    "eenheid": "varchar",
    "teller": "double",
    "noemer": "double",
    "soort_waarde": "varchar",
    "factor": "double",
    "vergelijkingswaarde": "double",
    "vergelijking_laag": "double",
    "vergelijking_hoog": "double",
    "status": "varchar",
    "ontbreekt_reden": "varchar",
    "breuk": "boolean",
    "richting": "varchar",
}

Points = Sequence[Mapping[str, Any]]


class Trend:
    """The three models of the trend on given figures."""

    def __init__(self, models: Models) -> None:
        self._models = models

    def rows(self, points: Points) -> list[dict[str, Any]]:
        """The rows of kpi_trend for these figures."""
        self._models.given("intermediate.int_hoofdcijfer", COLUMNS, points)
        return self._models.run()

    def of(self, lines: Sequence[Points]) -> list[dict[str, Any]]:
        """The trend of every line, in order; each line is a KPI of its own."""
        points = [{**point, "kpi_id": f"{number:04}"} for number, line in enumerate(lines) for point in line]
        found = {row["kpi_id"]: row for row in self.rows(points)}
        assert len(found) == len(lines)
        return [found[f"{number:04}"] for number in range(len(lines))]

    def one(self, points: Points) -> dict[str, Any]:
        """The trend of one line."""
        return self.of([points])[0]


@pytest.fixture(scope="session")
def trend(tmp_path_factory: pytest.TempPathFactory, run_dbt: RunDbt) -> Trend:
    """The models, compiled once."""
    folder = tmp_path_factory.mktemp("trend")
    names = ["int_trend_punt", "int_trend_toets", "kpi_trend"]
    run_dbt(folder, None, "compile", "--select", *names)
    models = Models(folder / "target" / "compiled", names, ["intermediate", "marts", "registry"])
    with (REGISTRY / "poisson_exact.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    models.given("registry.poisson_exact", dict.fromkeys(rows[0], "double"), rows)
    return Trend(models)


def _point(year: int, **values: Any) -> dict[str, Any]:
    return {
        "kpi_id": "k",
        "model_versie": "v2",
        "uitsplitsing": "totaal",
        "gemeente_code": "GM0001",
        "variant": "reeks",
        "periode": str(year),
        "jaar": year,
        "periode_soort": "jaar",
        "eenheid": "%",
        "status": "definitief",
        "breuk": False,
        "richting": "hoger",
        "factor": 1,
    } | values


def _share(year: int, count: float, total: float, **values: Any) -> dict[str, Any]:
    """A percentage of which both counts are known."""
    percentage = 100 * count / total
    figures = {"waarde": percentage, "teller": count, "noemer": total, "vergelijkingswaarde": percentage}
    return _point(year, soort_waarde="percentage", **({"factor": 100} | figures | values))


def _survey(year: int, value: float, lower: float | None, upper: float | None, **values: Any) -> dict[str, Any]:
    """A percentage with the bounds that were published with it."""
    bounds = {"vergelijking_laag": lower, "vergelijking_hoog": upper}
    figures = {"waarde": value, "vergelijkingswaarde": value}
    return _point(year, soort_waarde="percentage", **(figures | bounds | values))


def _count(year: int, count: float, inhabitants: float | None, **values: Any) -> dict[str, Any]:
    """A count of an open series, per 1 000 inhabitants where they are known."""
    per_1000 = None if inhabitants is None else 1000 * count / inhabitants
    figures = {"waarde": count, "teller": count, "vergelijkingswaarde": per_1000, "eenheid": "aantal"}
    return _point(year, soort_waarde="aantal", **(figures | values))


def _shares(counts: Sequence[float], totals: Sequence[float] = (200,) * 5, **values: Any) -> list[dict[str, Any]]:
    return [_share(year, count, total, **values) for year, count, total in zip(YEARS, counts, totals, strict=True)]


# --- the rule, worked out apart -------------------------------------------------------------------------------------


def _slope(heights: Sequence[Fraction], weights: Sequence[Fraction], without: int | None) -> Fraction:
    """Weighted least squares by the textbook, in exact fractions."""
    rows = [(t, y, w) for t, (y, w) in enumerate(zip(heights, weights, strict=True), start=1) if t != without]
    w = sum(weight for _, _, weight in rows)
    wt = sum(weight * t for t, _, weight in rows)
    wy = sum(weight * height for _, height, weight in rows)
    wyt = sum(weight * height * t for t, height, weight in rows)
    wtt = sum(weight * t * t for t, _, weight in rows)
    return Fraction(w * wyt - wt * wy) / (w * wtt - wt * wt)


def _logit_sign(odds: Sequence[Fraction], without: int | None) -> int:
    """Sign of the slope of the logit, without a logarithm: the odds to whole powers, against 1."""
    times = [t for t in range(1, 6) if t != without]
    product = Fraction(1)
    for t in times:
        product *= odds[t - 1] ** (len(times) * t - sum(times))
    return (product > 1) - (product < 1)


def _outcome(chi2: float, signs: Sequence[int]) -> str:
    if chi2 <= BOUND or 0 in signs or len(set(signs)) > 1:
        return "geen_significante_verandering"
    return "stijgend" if signs[0] > 0 else "dalend"


def _proportion_rule(counts: Sequence[int], totals: Sequence[int]) -> tuple[float, float, str]:
    """Slope of the logit, chi-square of Cochran and Armitage, and the outcome."""
    n, c = sum(totals), sum(counts)
    ct = sum(count * t for t, count in enumerate(counts, start=1))
    nt = sum(total * t for t, total in enumerate(totals, start=1))
    ntt = sum(total * t * t for t, total in enumerate(totals, start=1))
    chi2 = float(Fraction(n * (n * ct - c * nt) ** 2, c * (n - c) * (n * ntt - nt * nt)))
    odds = [Fraction(count, total - count) for count, total in zip(counts, totals, strict=True)]
    slope = math.fsum((t - 3) * math.log(ratio) for t, ratio in enumerate(odds, start=1)) / 10
    return slope, chi2, _outcome(chi2, [_logit_sign(odds, without) for without in (None, 1, 2, 3, 4, 5)])


def _weighted_rule(points: Sequence[tuple[float, float, float]]) -> tuple[float, float, str]:
    """Slope and chi-square of weighted least squares, and the outcome."""
    heights = [Fraction(value) for value, _, _ in points]
    weights = [1 / ((Fraction(upper) - Fraction(lower)) / Fraction("3.92")) ** 2 for _, lower, upper in points]
    slopes = [_slope(heights, weights, without) for without in (None, 1, 2, 3, 4, 5)]
    w = sum(weights)
    wt = sum(weight * t for t, weight in enumerate(weights, start=1))
    wtt = sum(weight * t * t for t, weight in enumerate(weights, start=1))
    chi2 = float(slopes[0] ** 2 * (w * wtt - wt * wt) / w)
    return float(slopes[0]), chi2, _outcome(chi2, [(slope > 0) - (slope < 0) for slope in slopes])


def _byar(count: float) -> tuple[float, float]:
    above = count + 1
    return (
        count * (1 - 1 / (9 * count) - Z_95 / (3 * math.sqrt(count))) ** 3,
        above * (1 - 1 / (9 * above) + Z_95 / (3 * math.sqrt(above))) ** 3,
    )


def _agrees(found: Mapping[str, Any], expected: tuple[float, float, str], scale: float) -> None:
    slope, chi2, outcome = expected
    assert found["reden"] is None
    assert found["helling"] == pytest.approx(slope, rel=1e-8, abs=1e-9 * scale)
    assert found["chi2"] == pytest.approx(chi2, rel=1e-8, abs=1e-9)
    if abs(chi2 - BOUND) > 1e-6:
        assert found["trend"] == outcome


# --- vectors --------------------------------------------------------------------------------------------------------

RISING = (40, 46, 55, 60, 70)


def _wilson(count: float, total: float) -> tuple[float, float]:
    root = 1.959964 * math.sqrt(1.959964**2 + 4 * count * (1 - count / total))
    middle, width = 2 * count + 1.959964**2, 2 * (total + 1.959964**2)
    return 100 * (middle - root) / width, 100 * (middle + root) / width


def test_the_vector_of_proportions_rises(trend: Trend) -> None:
    """The test of Cochran and Armitage would be another one."""
    found = trend.one(_shares(RISING, richting="lager"))
    assert found["chi2"] == pytest.approx(13.8592, abs=5e-5)
    assert found["helling"] == pytest.approx(0.189552, abs=5e-7)
    assert (found["methode"], found["trend"], found["signaal"]) == ("proportie", "stijgend", "ongunstig")
    assert (found["van_periode"], found["tot_periode"], found["n"]) == ("2020", "2024", 5)


def test_the_vector_of_weighted_percentages_rises(trend: Trend) -> None:
    """Published bounds would weigh otherwise than documented."""
    points = [_survey(year, count / 2, *_wilson(count, 200)) for year, count in zip(YEARS, RISING, strict=True)]
    found = trend.one(points)
    assert found["helling"] == pytest.approx(3.6831, abs=5e-5)
    assert found["chi2"] == pytest.approx(14.3435, abs=5e-5)
    assert (found["methode"], found["trend"], found["signaal"]) == ("gewogen", "stijgend", "gunstig")


def test_equal_proportions_are_no_trend_and_not_unknown(trend: Trend) -> None:
    """A figure that was tested and did not move would look as if it could not be tested."""
    found = trend.one(_shares((40, 20, 40, 50, 40), (200, 100, 200, 250, 200)))
    assert (found["chi2"], found["helling"], found["trend"]) == (0, 0, "geen_significante_verandering")


@pytest.mark.parametrize("last", [150, 160])
def test_one_year_that_makes_the_slope_is_no_trend(trend: Trend, last: int) -> None:
    """An exceptional last year would be announced as a trend; without it the figure falls, or lies still."""
    counts = (100, 98, 96, 94, last) if last == 150 else (100, 100, 100, 100, last)
    found = trend.one(_shares(counts, (400,) * 5))
    assert found["chi2"] > BOUND
    assert (found["trend"], found["signaal"]) == ("geen_significante_verandering", None)


MISSING = {"waarde": None, "teller": None, "noemer": None, "vergelijkingswaarde": None, "status": None}


@pytest.mark.parametrize(
    ("year", "change", "reason"),
    [
        (2021, {"waarde": 0, "teller": 0, "vergelijkingswaarde": 0}, "telling_nul"),
        (2021, {"waarde": 100, "teller": 200, "vergelijkingswaarde": 100}, "telling_is_noemer"),
        (2021, MISSING | {"ontbreekt_reden": "onderdrukt"}, "onderdrukt"),
        (2021, MISSING | {"ontbreekt_reden": "geheim_bron"}, "geheim_bron"),
        (2021, MISSING | {"ontbreekt_reden": "herindeling"}, "herindeling"),
        (2021, MISSING | {"ontbreekt_reden": "niet_gepubliceerd"}, "geen_waarde"),
        (2021, {"breuk": True}, "breuk"),
        (2021, {"variant": "andere"}, "breuk"),
        (2021, {"eenheid": "aantal"}, "breuk"),
        (2021, {"status": "concept"}, "concept"),
        (2021, {"status": "onvolledig"}, "onvolledig"),
        (2021, None, "onderbroken"),
        (2020, None, "te_weinig_jaren"),
    ],
)
def test_one_year_that_cannot_be_used_takes_the_trend_away_and_says_why(
    trend: Trend, year: int, change: Mapping[str, Any] | None, reason: str
) -> None:
    """A gap, a held-back year or a change of method would be read over."""
    others = [point for point in _shares(RISING) if point["jaar"] != year]
    changed = [point | change for point in _shares(RISING) if point["jaar"] == year] if change else []
    found = trend.one([*others, *changed])
    assert (found["trend"], found["signaal"], found["reden"]) == ("niet_te_bepalen", None, reason)
    assert (found["helling"], found["chi2"]) == (None, None)


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        ([_survey(year, 20, None, None) for year in YEARS], "geen_interval"),
        ([_survey(year, 20, 20, 20) for year in YEARS], "geen_interval"),
        ([_count(year, 50, None) for year in YEARS], "geen_inwoners"),
        ([_count(year, 0, 1000) for year in YEARS], "telling_nul"),
        ([_survey(year, 20, 19, 21) for year in (2020, 2022, 2024)], "onderbroken"),
    ],
    ids=["register", "no width", "no inhabitants", "count of nothing", "two-yearly survey"],
)
def test_figures_that_cannot_be_weighed_have_no_trend(trend: Trend, points: Points, reason: str) -> None:
    """A register or a two-yearly survey would get an arrow without a test."""
    found = trend.one(points)
    assert (found["trend"], found["reden"]) == ("niet_te_bepalen", reason)


def test_a_suppressed_last_year_is_not_passed_over_and_an_unpublished_one_is(trend: Trend) -> None:
    """The trend would end in a year that the figures are past, or vanish while a source is not out yet."""
    older = [point | {"jaar": point["jaar"] - 1, "periode": str(point["jaar"] - 1)} for point in _shares(RISING)]
    newest = _share(2024, 70, 200) | MISSING
    elsewhere = _share(2024, 70, 200, gemeente_code="GM0002")
    unpublished = trend.one([*older, newest | {"ontbreekt_reden": "noemer_ontbreekt"}])
    assert (unpublished["tot_periode"], unpublished["trend"]) == ("2023", "stijgend")
    suppressed = trend.rows([*older, newest | {"ontbreekt_reden": "onderdrukt"}, elsewhere])
    assert {row["gemeente_code"]: row["reden"] for row in suppressed} == {
        "GM0001": "onderdrukt",
        "GM0002": "te_weinig_jaren",
    }


def test_a_running_year_does_not_count_and_a_provisional_one_does(trend: Trend) -> None:
    """Own figures would never have a trend, or a whole year of them would wait for its last correction."""
    points = [*_shares(RISING, status="voorlopig"), _share(2025, 10, 200, status="onvolledig")]
    found = trend.one(points)
    assert (found["tot_periode"], found["trend"]) == ("2024", "stijgend")


def test_a_line_of_school_years_is_tested_as_such(trend: Trend) -> None:
    """A figure per school year would have no trend, or be mixed with calendar years."""
    school = [point | {"periode_soort": "schooljaar", "periode": f"{point['jaar']}/x"} for point in _shares(RISING)]
    found = trend.one([*school, _share(2019, 1, 200)])
    assert (found["van_periode"], found["trend"]) == ("2020/x", "stijgend")


# --- the rule on any figures ----------------------------------------------------------------------------------------

COUNTS = st.integers(2, 5000).flatmap(lambda total: st.tuples(st.integers(1, total - 1), st.just(total)))
SHARES = st.lists(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS, COUNTS), min_size=1, max_size=40)
HUNDREDTHS = st.integers(1, 10_000).map(lambda number: number / 100)
WEIGHED = st.tuples(HUNDREDTHS, HUNDREDTHS, HUNDREDTHS).map(lambda v: (v[0], v[0] - v[1] / 10, v[0] + v[2] / 10))
SURVEYS = st.lists(st.tuples(WEIGHED, WEIGHED, WEIGHED, WEIGHED, WEIGHED), min_size=1, max_size=40)
POLICE = st.tuples(st.integers(10, 3000), st.integers(1000, 900_000))
RATES = st.lists(st.tuples(POLICE, POLICE, POLICE, POLICE, POLICE), min_size=1, max_size=40)
EXAMPLES = settings(max_examples=8, deadline=None)


@EXAMPLES
@given(lines=SHARES)
def test_any_proportion_is_tested_as_documented(trend: Trend, lines: list[tuple[tuple[int, int], ...]]) -> None:
    """The SQL would agree with the documented vector only."""
    found = trend.of([_shares([c for c, _ in line], [n for _, n in line]) for line in lines])
    for row, line in zip(found, lines, strict=True):
        _agrees(row, _proportion_rule([c for c, _ in line], [n for _, n in line]), scale=10)


@EXAMPLES
@given(lines=SURVEYS)
def test_any_weighted_figure_is_tested_as_documented(
    trend: Trend, lines: list[tuple[tuple[float, float, float], ...]]
) -> None:
    """Weights, slope or the leaving out of years would differ for uneven intervals."""
    found = trend.of([[_survey(year, *point) for year, point in zip(YEARS, line, strict=True)] for line in lines])
    for row, line in zip(found, lines, strict=True):
        _agrees(row, _weighted_rule(line), scale=max(value for value, _, _ in line))


@EXAMPLES
@given(lines=RATES)
def test_any_count_weighs_by_its_poisson_interval(trend: Trend, lines: list[tuple[tuple[int, int], ...]]) -> None:
    """A count per inhabitant would weigh as if the inhabitants had been counted at random too."""
    found = trend.of([[_count(year, c, n) for year, (c, n) in zip(YEARS, line, strict=True)] for line in lines])
    for row, line in zip(found, lines, strict=True):
        points = [(1000 * c / n, *(1000 * bound / n for bound in _byar(c))) for c, n in line]
        _agrees(row, _weighted_rule(points), scale=max(value for value, _, _ in points))


@EXAMPLES
@given(shares=SHARES, surveys=SURVEYS)
def test_turning_the_years_round_turns_the_sign(
    trend: Trend, shares: list[tuple[tuple[int, int], ...]], surveys: list[tuple[tuple[float, float, float], ...]]
) -> None:
    """Rising and falling would not be judged by one rule."""
    turned = {"stijgend": "dalend", "dalend": "stijgend"}
    forward = [_shares([c for c, _ in line], [n for _, n in line]) for line in shares]
    forward += [[_survey(year, *point) for year, point in zip(YEARS, line, strict=True)] for line in surveys]
    back = [
        [point | {"jaar": year, "periode": str(year)} for year, point in zip(YEARS, reversed(line), strict=True)]
        for line in forward
    ]
    for there, here in zip(trend.of(forward), trend.of(back), strict=True):
        if abs(there["chi2"] - BOUND) > 1e-6:
            assert here["trend"] == turned.get(there["trend"], there["trend"])
        assert here["helling"] == pytest.approx(-there["helling"], rel=1e-8, abs=1e-7)
        assert here["chi2"] == pytest.approx(there["chi2"], rel=1e-8, abs=1e-9)


# --- in the mart ----------------------------------------------------------------------------------------------------


def test_every_line_of_the_mart_has_a_trend_or_a_reason(build: Build) -> None:
    """A KPI would silently have no trend, or an arrow on fewer than five years."""
    lines = build.one("select count(distinct (kpi_id, model_versie, uitsplitsing, gemeente_code)) from kpi_trend")[0]
    assert lines > 0
    assert build.query("select * from kpi_trend where (trend = 'niet_te_bepalen') <> (reden is not null)") == []
    assert build.query("select * from kpi_trend where signaal is not null and (n <> 5 or chi2 <= 9.5495357)") == []
