"""The points to talk about: which figures come into the view, on which ground, and on which side."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest

from tests.dbt_project.compiled import Models
from tests.dbt_project.conftest import Build, RunDbt

pytestmark = pytest.mark.xdist_group("dbt")

KEY = {"kpi_id": "varchar", "model_versie": "varchar", "uitsplitsing": "varchar", "gemeente_code": "varchar"}
TEXTS = [
    *("gemeente_naam", "familie", "leefgebied_naam", "kpi_naam", "uitsplitsing_naam", "eenheid", "richting"),
    *("periode", "status", "definitie", "bronvermelding"),
]
FIGURE = KEY | dict.fromkeys(TEXTS, "varchar")
FIGURE |= {"leefgebied": "integer", "waarde": "double", "is_modelmatig": "boolean", "breuk": "boolean"}
NUMBERS = ["vergelijkingswaarde", "oi_laag", "oi_hoog", "benchmark_waarde", "verschil", "positie"]
VERDICT = KEY | dict.fromkeys(NUMBERS, "double")
VERDICT |= dict.fromkeys(
    ("periode", "vergelijkingseenheid", "benchmark_type", "richting", "oordeel", "reden"), "varchar"
)
TREND = KEY | dict.fromkeys(("van_periode", "trend", "signaal", "reden"), "varchar") | {"n": "integer"}
KPI = {"kpi_id": "varchar", "model_versie": "varchar", "familie": "varchar", "leefgebied": "integer"}
KPI |= {"beoogd_effect": "varchar", "geldend": "boolean"}

VERDICTS = ("ongunstiger", "vergelijkbaar", "gunstiger", "register", "geen_benchmark")
TRENDS = ("ongunstig", "gunstig", "geen_significante_verandering", "onderbroken", "onderdrukt", "breuk")
PLACES = (None, 0.0, 19.9, 20.0, 79.9, 80.0, 100.0)
SIDES = ("hoger", "lager", "neutraal")
STATES = ("definitief", "voorlopig", "concept", "breuk", "leeg")


@pytest.fixture(scope="module")
def points(tmp_path_factory: pytest.TempPathFactory, run_dbt: RunDbt) -> Models:
    """The model, compiled."""
    folder = tmp_path_factory.mktemp("aandachtspunten")
    run_dbt(folder, None, "compile", "--select", "aandachtspunten")
    models = Models(folder / "target" / "compiled", ["aandachtspunten"], ["marts", "registry", "intermediate"])
    models.given("marts.gemeente", {"gemeente_code": "varchar", "soort_gebied": "varchar"}, [AREA])
    links = ("impact_kpi_id", "effect_kpi_id", "professional_kpi_id")
    models.given("registry.impact_effect", dict.fromkeys(links, "varchar"), [])
    return models


AREA = {"gemeente_code": "GM0001", "soort_gebied": "gemeente"}


def _expected(verdict: str, trend: str, place: float | None, side: str, state: str) -> tuple[str, str] | None:
    """The rule in words: side and ground of the point, or none."""
    if side == "neutraal" or state in ("concept", "breuk", "leeg") or trend == "breuk":
        return None
    kind = {"ongunstiger": "aandachtspunt", "gunstiger": "gunstig"}.get(verdict)
    if kind:
        same_way = {"ongunstiger": "ongunstig", "gunstiger": "gunstig"}[verdict]
        if trend in ("onderbroken", "onderdrukt"):
            return kind, "trend_niet_te_bepalen"
        return (kind, "getoetst") if trend == same_way else None
    if verdict != "register" or place is None or 20 <= place < 80:
        return None
    return ("aandachtspunt" if (place >= 80) == (side == "lager") else "gunstig"), "positie"


def _figure(key: Mapping[str, str], side: str, state: str) -> dict[str, Any]:
    status = {"concept": "concept", "voorlopig": "voorlopig", "leeg": None}.get(state, "definitief")
    value = None if state == "leeg" else 7.0
    marks = {"status": status, "waarde": value, "breuk": state == "breuk", "is_modelmatig": False}
    return {**key, **marks, "richting": side, "periode": "2024", "familie": "impact"}


def _verdict(key: Mapping[str, str], verdict: str, place: float | None) -> dict[str, Any]:
    judged = verdict in ("ongunstiger", "vergelijkbaar", "gunstiger")
    outcome = {"oordeel": verdict if judged else "niet_vergeleken", "reden": None if judged else verdict}
    return {**key, **outcome, "positie": place, "benchmark_type": "nl", "periode": "2024"}


def _trend(key: Mapping[str, str], trend: str) -> dict[str, Any]:
    if trend in ("ongunstig", "gunstig"):
        return {**key, "trend": "stijgend", "signaal": trend, "van_periode": "2020", "n": 5}
    if trend == "geen_significante_verandering":
        return {**key, "trend": trend, "van_periode": "2020", "n": 5}
    return {**key, "trend": "niet_te_bepalen", "reden": trend, "van_periode": "2020", "n": 3}


def test_every_combination_of_verdict_trend_and_place_is_judged_by_the_rule(points: Models) -> None:
    """A point would be shown as tested that is not, on the wrong side, or although it may not be judged."""
    cases = {f"{number:05}": case for number, case in enumerate(product(VERDICTS, TRENDS, PLACES, SIDES, STATES))}
    shared = {"model_versie": "v2", "uitsplitsing": "totaal", "gemeente_code": "GM0001"}
    keys = {name: {"kpi_id": name, **shared} for name in cases}
    points.given(
        "marts.kpi", KPI, [{**keys[name], "familie": "impact", "geldend": True, "leefgebied": 1} for name in cases]
    )
    points.given(
        "marts.kpi_gemeente", FIGURE, [_figure(keys[n], side, state) for n, (*_, side, state) in cases.items()]
    )
    points.given("marts.kpi_vergelijking", VERDICT, [_verdict(keys[n], c[0], c[2]) for n, c in cases.items()])
    points.given("marts.kpi_trend", TREND, [_trend(keys[n], c[1]) for n, c in cases.items()])
    found = {row["kpi_id"]: (row["soort_punt"], row["grond"]) for row in points.run()}
    expected = {name: point for name, case in cases.items() if (point := _expected(*case))}
    assert found == expected
    assert set(expected.values()) == set(
        product(("aandachtspunt", "gunstig"), ("getoetst", "trend_niet_te_bepalen", "positie"))
    )


def test_the_points_are_the_newest_figures_of_the_profile(build: Build) -> None:
    """The view would tell another figure than the profile of the gemeente, or judge one that the mart does not."""
    differs = """
        select punt.* from aandachtspunten as punt
        left join kpi_gemeente as cijfer using (kpi_id, model_versie, uitsplitsing, gemeente_code)
        left join kpi_vergelijking as nl
            on nl.benchmark_type = 'nl' and nl.kpi_id = punt.kpi_id and nl.model_versie = punt.model_versie
            and nl.uitsplitsing = punt.uitsplitsing and nl.gemeente_code = punt.gemeente_code
            and nl.periode = punt.periode
        where (punt.waarde, punt.periode, punt.oordeel) is distinct from (cijfer.waarde, cijfer.periode, nl.oordeel)
    """
    assert build.query(differs) == []


def test_the_points_come_in_the_order_of_the_model(build: Build) -> None:
    """A list that begins with the largest difference would be read as a ranking of failures."""
    order = build.query("select gemeente_code, leefgebied, kpi_id, uitsplitsing from aandachtspunten")
    assert order == sorted(order)


def test_the_view_says_that_it_does_not_judge(build: Build) -> None:
    """Who opens the table would take a signal for a verdict."""
    (comment,) = build.one(
        "select comment from duckdb_tables() where schema_name = 'marts' and table_name = 'aandachtspunten'"
    )
    assert comment.strip().lower().startswith("signalen om te bespreken, geen oordeel")
