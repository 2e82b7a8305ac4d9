"""The test of the national figure against its gemeenten: which differences it names, and which it leaves alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.dbt_project.compiled import Models
from tests.dbt_project.conftest import RunDbt

pytestmark = pytest.mark.xdist_group("dbt")

NAME = "national_figure_fits_the_weighted_gemeenten"
KEY = {"kpi_id": "I 1.1.1", "model_versie": "v2", "variant": "reeks", "uitsplitsing": "totaal"}
PLACE = {"jaar": 2024, "indelingsjaar": 2024}
INWONERS = {"GM0001": 900, "GM0002": 98, "GM0003": 2, "NL": 1000}
Judge = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory, run_dbt: RunDbt) -> Judge:
    """The failing rows for these figures, and for a ratio these noemers."""
    folder = tmp_path_factory.mktemp("landelijk")
    run_dbt(folder, None, "compile", "--select", NAME)
    models = Models(folder / "target" / "compiled", [NAME], ["marts", "registry", "intermediate"])
    text = dict.fromkeys(KEY, "varchar")
    years = {"jaar": "integer", "indelingsjaar": "integer"}
    people = [{**PLACE, "gemeente_code": code, "inwoners": number} for code, number in INWONERS.items()]
    models.given(
        "intermediate.int_inwoners_indeling", years | {"gemeente_code": "varchar", "inwoners": "double"}, people
    )
    figure = text | years | dict.fromkeys(("gemeente_code", "bron_id", "periode", "herkomst"), "varchar")
    figure |= {"waarde": "double", "noemer": "double"}

    def judge(
        figures: dict[str, float | None], *, noemers: dict[str, float] | None = None, soort: str = "percentage"
    ) -> list[dict[str, Any]]:
        formula = {**KEY, "formule": "ratio" if noemers else "waarde", "soort_waarde": soort}
        models.given("registry.kpi_formula", text | {"formule": "varchar", "soort_waarde": "varchar"}, [formula])
        rest = {**KEY, **PLACE, "bron_id": "cbs_80001NED", "periode": "2024", "herkomst": "open"}
        rows = [
            {**rest, "gemeente_code": code, "waarde": value, "noemer": (noemers or {}).get(code)}
            for code, value in figures.items()
        ]
        models.given("marts.kpi_waarde_bron", figure, rows)
        return models.run()

    return judge


def test_a_country_that_fits_its_gemeenten_is_left_alone(judge: Judge) -> None:
    """A warning every night is no warning."""
    assert judge({"GM0001": 10.0, "GM0002": 20.0, "GM0003": 30.0, "NL": 11.0}) == []


def test_a_country_that_does_not_fit_is_named_with_both_figures(judge: Judge) -> None:
    """14 lies between 10 and 30, so that no check of the range sees it."""
    [found] = judge({"GM0001": 10.0, "GM0002": 20.0, "GM0003": 30.0, "NL": 14.0})
    assert (found["kpi_id"], found["bron_id"], found["periode"]) == ("I 1.1.1", "cbs_80001NED", "2024")
    assert (found["landelijk"], found["gewogen"], found["verschil"]) == (14.0, 11.02, 2.98)
    assert "StatLine" in found["remedie"]


def test_a_large_gemeente_without_a_figure_leaves_nothing_to_compare(judge: Judge) -> None:
    """The country without its largest city is another country."""
    assert judge({"GM0001": None, "GM0002": 20.0, "GM0003": 30.0, "NL": 14.0}) == []
    assert len(judge({"GM0001": 10.0, "GM0002": 20.0, "GM0003": None, "NL": 14.0})) == 1


def test_a_ratio_has_its_own_weights_and_less_room(judge: Judge) -> None:
    """Of a ratio both parts are known: inhabitants would only blur it."""
    noemers = {"GM0001": 100.0, "GM0002": 300.0, "NL": 400.0}
    assert judge({"GM0001": 10.0, "GM0002": 20.0, "NL": 17.5}, noemers=noemers) == []
    [found] = judge({"GM0001": 10.0, "GM0002": 20.0, "NL": 18.2}, noemers=noemers)
    assert found["gewogen"] == 17.5


def test_counts_and_scores_are_no_weighted_mean(judge: Judge) -> None:
    """The country has as many as all gemeenten together."""
    assert judge({"GM0001": 10.0, "GM0002": 20.0, "GM0003": 30.0, "NL": 60.0}, soort="aantal") == []
