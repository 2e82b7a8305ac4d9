"""The guides are carried out as they stand: their CSV rows are appended to a copy of the project, which then runs."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.conftest import REPOSITORY, Night, run_night

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("guides")]

GUIDES = ("add-a-kpi.md", "add-a-source.md")
ROWS = re.compile(r"^```csv (?P<path>\S+)\n(?P<rows>.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in which the rows of both guides have been added, and nothing else."""
    copy = tmp_path_factory.mktemp("project")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        if (REPOSITORY / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, copy / name)
    for guide in GUIDES:
        for block in ROWS.finditer((REPOSITORY / "docs" / "guides" / guide).read_text(encoding="utf-8")):
            with (copy / block["path"]).open("a", encoding="utf-8", newline="") as handle:
                handle.write(block["rows"])
    return copy


@pytest.fixture(scope="module")
def night(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Night:
    done = run_night(tmp_path_factory.mktemp("data"), "demo", repository=project)
    assert done.status == 0, done.output
    return done


@pytest.mark.parametrize("kpi_id", ["I 5.1.4", "I 5.2.2"])
def test_the_added_kpi_has_figures_for_the_gemeenten(night: Night, kpi_id: str) -> None:
    """A KPI could not be added without touching code, whatever the guide says."""
    gemeenten, values = night.query(
        "select count(distinct gemeente_code), count(waarde) from kpi_waarde "
        "where kpi_id = ? and waarde is not null and gemeente_code like 'GM%'",
        kpi_id,
    )[0]
    assert gemeenten > 300
    assert values > 0
    assert night.query("select status from kpi_dekking where kpi_id = ?", kpi_id) == [("beschikbaar",)]


def test_only_registry_files_differ_from_the_project(project: Path) -> None:
    """The guide would pass only because the test helped it with code."""
    changed = {
        path.relative_to(project).as_posix()
        for path in project.rglob("*.*")
        if path.is_file()
        and (REPOSITORY / path.relative_to(project)).is_file()
        and path.read_bytes() != (REPOSITORY / path.relative_to(project)).read_bytes()
    }
    assert changed
    assert all(name.startswith("dbt_project/seeds/registry/") for name in changed)


def test_every_guide_holds_rows_to_carry_out() -> None:
    """A renamed heading would leave nothing to test."""
    for guide in GUIDES:
        assert ROWS.search((REPOSITORY / "docs" / "guides" / guide).read_text(encoding="utf-8")), guide
