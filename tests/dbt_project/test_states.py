"""What the project does with a lake that is empty, absent, or holds what it should not."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.dbt_project.conftest import REGISTRY, RunDbt
from tests.dbt_project.lake import Cells, Lake

pytestmark = pytest.mark.xdist_group("dbt")

NO_TESTS = ("build", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
SERIES = ("lbm3_onv", "totaal", "waarde", 1)
KNOWN_GEMEENTE = "int_observation_knows_every_gemeente"


def test_an_empty_lake_gives_a_mart_in_which_every_kpi_says_why(tmp_path: Path, run_dbt: RunDbt) -> None:
    """The first night with all sources down would fail, or publish tables in which KPIs are missing."""
    built = run_dbt(tmp_path, None, *NO_TESTS)
    assert set(built.results.values()) <= {"success", "no-op"}
    assert built.one("select count(*) from kpi_waarde") == (0,)
    assert built.one("select count(*) from kpi_dekking where reden is null or status = 'beschikbaar'") == (0,)
    assert built.one("select count(*) from kpi_gemeente where ontbreekt_reden is null") == (0,)
    division = built.one("select distinct indelingsjaar, indeling_bron from gemeente")
    assert division == (2026, "gemeente_register")


def test_a_planned_merger_counts_for_a_division_of_its_year(tmp_path: Path, run_dbt: RunDbt) -> None:
    """Wijdemeren would stay on the list of the year in which it has merged, or vanish from the list before."""
    built = run_dbt(
        tmp_path,
        None,
        "build",
        "--select",
        "+int_gemeente_overgang",
        "--exclude-resource-type",
        "test",
        "--exclude-resource-type",
        "unit_test",
        IMPACT_KPI_INDELINGSJAAR="2027",
    )
    codes = built.query(
        "select gemeente_code from intermediate.int_gemeente where gemeente_code in ('GM1696', 'GM0402')"
    )
    assert codes == [("GM0402",)]
    moves = built.query(
        "select naar_jaar, naar_code from intermediate.int_gemeente_overgang "
        "where van_code = 'GM1696' and van_jaar = 2026 and naar_jaar >= van_jaar order by 1"
    )
    assert moves == [(2026, "GM1696"), (2027, "GM0402")]


def test_a_pins_file_that_is_not_there_is_an_error_and_not_an_empty_mart(tmp_path: Path, run_dbt: RunDbt) -> None:
    """A wrong path would quietly publish a mart without figures."""
    with pytest.raises(Exception, match=r"IMPACT_KPI_PINS names .*nergens\.json"):
        run_dbt(tmp_path, tmp_path / "nergens.json", "run", "--select", "stg_cbs__observation")


@pytest.mark.parametrize(("gemeente_code", "outcome"), [("GM0014", "pass"), ("GM0998", "pass"), ("GM7777", "fail")])
def test_an_unknown_gemeente_stops_the_build(tmp_path: Path, run_dbt: RunDbt, gemeente_code: str, outcome: str) -> None:
    """A new code would be dropped by a join, and its gemeente would miss from every list.

    The folder holds the characters that a file pattern and a quoted text trip over.
    """
    lake = Lake(tmp_path / "l'[a]*ke", REGISTRY)
    lake.table("leefbaarometer_meting-2024", [Cells(SERIES, "onv", {(gemeente_code, "2024JJ00"): 0.5})])
    chosen = ["+int_observation", "+int_gebied", KNOWN_GEMEENTE]
    built = run_dbt(tmp_path, lake.pins(tmp_path / "pi'[n]s.json"), "build", "--select", *chosen)
    (status,) = (status for name, status in built.results.items() if KNOWN_GEMEENTE in name)
    assert status == outcome


def test_types_do_not_come_from_the_first_file(tmp_path: Path, run_dbt: RunDbt) -> None:
    """DuckDB reads 0.5 as 0 when the first of two files holds whole numbers."""
    lake = Lake(tmp_path / "lake", REGISTRY)
    lake.table("cbs_03759ned", [Cells(SERIES, "m", {("GM0014", "2024JJ00"): 1.0})])
    lake.table("cbs_86202NED", [Cells(SERIES, "m", {("GM0014", "2024JJ00"): 0.5})])
    (first,) = (tmp_path / "lake" / "cbs_03759ned").rglob("part-00000.parquet")
    with duckdb.connect() as connection:
        connection.execute(f"create table t as select * replace (obs_value::bigint as obs_value) from '{first}'")
        connection.execute(f"copy t to '{first}' (format parquet)")
    built = run_dbt(tmp_path, lake.pins(tmp_path / "pins.json"), "run", "--select", "stg_cbs__observation")
    assert built.query("select obs_value from staging.stg_cbs__observation order by 1") == [(0.5,), (1.0,)]
