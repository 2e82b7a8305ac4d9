"""Comparing a rebuilt publication with the kept one: equal means equal, and a difference is counted where it is."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from serving.rebuild import Difference, compare
from tests.serving.conftest import Mini


@pytest.fixture
def pair(tmp_path: Path, published: Mini) -> tuple[Path, Path]:
    """A publication and a copy of it."""
    kept, rebuilt = tmp_path / "kept", tmp_path / "rebuilt"
    for folder in (kept, rebuilt):
        shutil.copytree(published.current().folder, folder)
    return kept, rebuilt


def _change(folder: Path, table: str, query: str) -> None:
    path = folder / "parquet" / f"{table}.parquet"
    path.chmod(0o644)
    with duckdb.connect() as connection:
        connection.execute(f"create table t as from '{path}'")
        connection.execute(f"copy ({query}) to '{path}' (format parquet)")


def test_two_of_the_same_are_equal_in_any_order_of_rows(pair: tuple[Path, Path]) -> None:
    """A rebuild would be called different because a row lies elsewhere."""
    kept, rebuilt = pair
    _change(rebuilt, "gemeente", "from t order by inwoners desc")
    _change(rebuilt, "publicatie", "select * replace ('herbouw' as run_id) from t")
    found = compare(kept, rebuilt)
    assert found.differences == ()
    assert found.tables == len(list((kept / "parquet").iterdir())) - 1
    assert found.rows > 20


def test_a_difference_is_counted_on_both_sides(pair: tuple[Path, Path]) -> None:
    """'Different' without where and how much sends somebody through 200 000 rows by hand."""
    kept, rebuilt = pair
    _change(rebuilt, "kpi_waarde", "select * replace (if(gemeente_code = 'NL', 99, waarde) as waarde) from t")
    _change(rebuilt, "kpi", "from t where kpi_id <> 'A 1'")
    assert compare(kept, rebuilt).differences == (
        Difference("kpi", only_kept=1, only_rebuilt=0),
        Difference("kpi_waarde", only_kept=1, only_rebuilt=1),
    )


def test_the_last_bit_of_a_figure_counts(pair: tuple[Path, Path]) -> None:
    """Equal is a promise; almost equal is not."""
    kept, rebuilt = pair
    _change(rebuilt, "kpi_waarde", "select * replace (waarde * (1 + 3e-16) as waarde) from t")
    ((table, gone),) = ((one.table, one.only_kept) for one in compare(kept, rebuilt).differences)
    assert (table, gone > 0) == ("kpi_waarde", True)


def test_missing_and_damaged_tables_are_named_and_stop_nothing(pair: tuple[Path, Path]) -> None:
    """A kept file with a bad block would hide that everything else is equal."""
    kept, rebuilt = pair
    (kept / "parquet" / "bron.parquet").unlink()
    (rebuilt / "parquet" / "gemeente.parquet").unlink()
    (kept / "parquet" / "kpi.parquet").chmod(0o644)
    (kept / "parquet" / "kpi.parquet").write_bytes(b"PAR1 is not enough PAR1")
    _change(rebuilt, "kpi_dekking", "select * exclude (reden) from t")
    remarks = {one.table: str(one.remark) for one in compare(kept, rebuilt).differences}
    assert "de bewaarde publicatie" in remarks["bron"]
    assert "de herbouw" in remarks["gemeente"]
    assert "niet te lezen" in remarks["kpi"]
    assert "kolommen" in remarks["kpi_dekking"]
    assert len(remarks) == 4
