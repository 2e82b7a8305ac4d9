"""How firm a figure is and which line it belongs to: the status of the source, and methods that are never joined."""

from __future__ import annotations

import pytest

from tests.dbt_project.conftest import Build

pytestmark = pytest.mark.xdist_group("dbt")


@pytest.mark.parametrize(
    ("kpi_id", "variant", "gemeente_code", "periode", "status"),
    [
        ("I 1.1.1", "cbs_laag_inkomen_1jaar", "GM0014", "2011", "definitief"),
        ("I 1.1.1", "cbs_laag_inkomen_1jaar", "GM0014", "2023", "voorlopig"),
        ("I 2.3.1", "cbs_vm_sociale_cohesie", "GM0758", "2021", "nader_voorlopig"),
        ("I 2.3.1", "cbs_vm_sociale_cohesie", "GM0758", "2023", "definitief"),
    ],
)
def test_a_figure_has_the_status_that_its_source_gives_the_period(
    build: Build, kpi_id: str, variant: str, gemeente_code: str, periode: str, status: str
) -> None:
    """A provisional figure would be quoted as final, and its correction would look like a mistake of ours."""
    assert build.figure(kpi_id, variant, gemeente_code, periode)["status"] == status
    assert build.source_figure(kpi_id, variant, gemeente_code, periode)["status"] == status


def test_every_figure_has_a_status_and_no_empty_row_has_one(build: Build) -> None:
    """A reader could not tell whether a number may still change."""
    for table in ("kpi_waarde", "kpi_waarde_bron"):
        assert build.query(f"select * from {table} where (waarde is null) <> (status is null)") == [], table


def test_a_rate_is_as_firm_as_the_less_firm_of_its_parts(build: Build) -> None:
    """A definite count over a provisional population would be called definite."""
    (rates,) = build.one(
        "select count(*) from kpi_waarde where variant = 'pol_lichamelijke_integriteit' and periode = '2023' "
        "and waarde is not null and status <> 'voorlopig'"
    )
    assert rates == 0


def test_a_line_has_the_years_of_one_edition_unless_each_year_has_a_table(build: Build) -> None:
    """A new method would start in the middle of a line, and the step would be read as a change in the world."""
    joined = build.query(
        """select w.variant, w.uitsplitsing, list(distinct w.bron_id || ' ' || w.editie)
        from kpi_waarde_bron as w
        where w.herkomst = 'open' and w.variant in (
            select series_id from registry.series group by 1 having bool_and(chain = 'recast')
        )
        group by all having count(distinct w.bron_id || ' ' || w.editie) > 1"""
    )
    assert joined == []
    assert build.one("select count(distinct variant) from kpi_waarde_bron where herkomst = 'open'")[0] > 5


def test_every_variant_of_an_open_figure_is_one_series_of_the_registry(build: Build) -> None:
    """Two series of different methods would be shown as one line under a name of their own making."""
    unknown = build.query(
        "select distinct variant from kpi_waarde where herkomst = 'open' except select series_id from registry.series"
    )
    assert unknown == []
