"""The page for advisors (docs/adviseur.md), carried out."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from serving.cli import cli
from serving.views import ready_views
from tests.serving.conftest import Mini

# One worker publishes the miniature with its site.
pytestmark = pytest.mark.xdist_group("complete")

REPOSITORY = Path(__file__).parents[2]
PAGE = (REPOSITORY / "docs" / "adviseur.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)


COMMANDS = [line for block in blocks("console") for line in block.splitlines() if line]


def test_the_page_has_something_to_carry_out() -> None:
    """A changed fence would make every test below pass on nothing."""
    assert len(COMMANDS) == 17
    assert len(blocks("sql")) == 15
    assert len(blocks("python")) == 1


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_on_the_page_works(
    line: str, complete: Mini, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An advisor types what the page says."""
    monkeypatch.setenv("IMPACT_KPI_DATA", str(complete.locations.data))
    monkeypatch.delenv("IMPACT_KPI_SOURCES", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").symlink_to(REPOSITORY / "docs")
    program, *arguments = shlex.split(line, comments=True)
    result = CliRunner().invoke(cli, arguments)
    assert program == "impact-kpi"
    assert result.exit_code == 0, result.stderr


@pytest.mark.parametrize("sql", blocks("sql"))
def test_every_query_on_the_page_gives_rows(sql: str, published: Mini) -> None:
    """A renamed column would leave a page of errors."""
    assert published.read(sql)


def test_the_python_on_the_page_runs(published: Mini) -> None:
    """A path or an option that has changed."""
    (script,) = blocks("python")
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=published.locations.data.parent,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "demo" in run.stdout


def test_a_desktop_tool_that_sets_the_access_mode_can_read(published: Mini) -> None:
    """The setting that the page gives for desktop tools."""
    path = str(published.link / "impact_kpi.duckdb")
    with duckdb.connect(path, config={"access_mode": "READ_ONLY"}) as mart:
        assert mart.execute("select count(*) from kpi").fetchall() == [(7,)]


@pytest.mark.parametrize("path", re.findall(r"`data/<soort>/publicatie/(actueel/[^`]+)`", PAGE))
def test_every_file_the_page_names_is_there(path: str, complete: Mini) -> None:
    """Directions to a file that is no longer made."""
    assert (complete.publications / path.replace("<tabel>", "kpi_gemeente")).is_file()


def test_the_page_names_every_ready_view() -> None:
    """A view that nobody knows of."""
    assert set(re.findall(r"^\| `(v_[a-z]+)` \|", PAGE, flags=re.MULTILINE)) == {view.name for view in ready_views()}


@pytest.mark.parametrize("name", re.findall(r"`(is_[a-z]+|breuk|verouderd_sinds|ontbreekt_reden|toelichting)`", PAGE))
def test_every_column_the_page_names_is_there(name: str, published: Mini) -> None:
    """Advice on a column that no longer exists."""
    assert published.read(f"select {name} from kpi_gemeente limit 1")
