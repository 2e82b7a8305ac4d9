"""Who opens the publication, and with what: older DuckDB, a tool that forgets to ask for reading only."""

import ctypes
import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from serving.views import ready_views
from tests.serving.conftest import TABLES, Mini

_READ = """
import json, sys
import duckdb
folder = sys.argv[1]
parquet = f"'{folder}/parquet/kpi_waarde.parquet'"
naam = "table_name = 'kpi' and column_name = 'naam'"
with duckdb.connect(f"{folder}/impact_kpi.duckdb", read_only=True) as file:
    answer = {
        "version": duckdb.__version__,
        "value": file.execute("select waarde from kpi_waarde where gemeente_code = 'NL'").fetchall(),
        "comment": file.execute(f"select comment from duckdb_columns() where {naam}").fetchall(),
        "stamp": file.execute("select soort, published_at::varchar from publicatie").fetchall(),
        "tables": len(file.execute("show tables").fetchall()),
        "view": file.execute("select nl_oordeel from v_profiel where trend = 'dalend'").fetchall(),
        "parquet": file.execute(f"select count(*) from (from kpi_waarde except all from {parquet})").fetchall(),
    }
with duckdb.connect() as beside:
    beside.execute(f"attach '{folder}/impact_kpi.duckdb' as mart (read_only)")
    beside.execute("use mart")
    answer["beside"] = beside.execute("select count(*) > 0 from v_profiel").fetchall()
print(json.dumps(answer))
"""


@pytest.fixture(scope="session", params=["1.1.3", "1.4.5"])
def older_duckdb(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an older DuckDB; skipped, visibly, where it cannot be installed."""
    folder = tmp_path_factory.mktemp(f"duckdb-{request.param}")
    install = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:"),
            *("--target", str(folder), f"duckdb=={request.param}"),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if install.returncode:
        pytest.skip(f"duckdb {request.param} cannot be installed here: {install.stderr.strip()[-200:]}")
    return folder


@pytest.mark.long
def test_older_desktop_tools_open_the_publication(published: Mini, older_duckdb: Path) -> None:
    """A file in DuckDB 2.0's own format does not open in the DuckDB of most desktop tools (D1)."""
    run = subprocess.run(
        [sys.executable, "-c", _READ, str(published.link)],
        env={**os.environ, "PYTHONPATH": str(older_duckdb)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    answer = json.loads(run.stdout)
    assert answer.pop("version") != duckdb.__version__
    assert answer == {
        "value": [[13.6]],
        "comment": [["Kolom naam van kpi (proef)."]],
        "stamp": [["demo", "2026-11-21 03:30:00"]],
        "tables": len(TABLES) + len(["kpi_revisie", "publicatie"]) + len(ready_views()),
        "view": [["ongunstiger"]],
        "beside": [[True]],
        "parquet": [[0]],
    }


def _without_root_override() -> None:
    # As root a file of mode 0444 is writable all the same: give that privilege up (PR_CAPBSET_DROP, DAC_OVERRIDE).
    if os.geteuid() == 0 and ctypes.CDLL(None, use_errno=True).prctl(24, 1, 0, 0, 0) != 0:
        os._exit(77)


def test_opening_for_writing_is_refused_and_hurts_nobody(published: Mini) -> None:
    """A desktop tool that opens for writing locks out every other reader (D6)."""
    path = published.link / "impact_kpi.duckdb"
    before = path.read_bytes()
    script = "import duckdb, sys; duckdb.connect(sys.argv[1]).execute('create table x (a int)')"
    with duckdb.connect(str(path), read_only=True) as other:
        run = subprocess.run(
            [sys.executable, "-c", script, str(path)],
            preexec_fn=_without_root_override,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if run.returncode == 77:
            pytest.skip("runs as root and cannot give up the right to write to read-only files")
        assert run.returncode == 1
        assert "Permission denied" in run.stderr
        assert other.execute("select count(*) from kpi").fetchall() == [(7,)]
    assert path.read_bytes() == before
    assert published.read("select count(*) from kpi") == [(7,)]
