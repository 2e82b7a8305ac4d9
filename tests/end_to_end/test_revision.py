"""A source revises figures, an organisation delivers again: what is published of it, and what the old publication was.

Three nights on one data folder: the first; one on which the same archive has other figures under a later `Modified`
while the delivery has changed too; and one on which a new batch of own figures is asked for. Then the first publication
is built again, from editions that have been followed up and a delivery that is gone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.archives import edit
from tests.end_to_end.conftest import REPOSITORY, Night, run_night

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("revision")]

TABLE = ("dataderden.cbs.nl", "50150NED")
COLUMN = "Mantelzorger_18"
KPI = "I 3.3.2"
PERIOD = "2024"
RAISED, WITHDRAWN = "GM0758", "GM0014"
LATER = "2026-11-20T02:00:00"
FIGURES = "kpi_id, model_versie, variant, uitsplitsing, gemeente_code, periode"
# What a figure is; which edition it came from is not part of it.
CONTENT = f"{FIGURES}, waarde, teller, noemer, oi_laag, oi_hoog, eenheid, status, ontbreekt_reden"


@dataclass(frozen=True)
class Story:
    """The publications of the three nights, and where they lie."""

    data: Path
    first: Path
    revised: Path
    batch: Path
    output: str

    def read(self, sql: str) -> list[tuple[Any, ...]]:
        """Query the three publications, attached under their names here."""
        with duckdb.connect() as connection:
            for name in ("first", "revised", "batch"):
                connection.execute(f"attach '{getattr(self, name)}/impact_kpi.duckdb' as {name} (read_only)")
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    data = tmp_path_factory.mktemp("revision")
    first = _publication(run_night(data, "demo"))
    _revise_figures(data / "demo" / "archief")
    _deliver_fewer_hours(data / "demo" / "archief")
    night = run_night(data, "demo")
    revised = _publication(night)
    batch = _publication(run_night(data, "demo", IMPACT_KPI_BATCH="nieuw"))
    return Story(data, first, revised, batch, night.output)


def test_the_revisions_are_exactly_the_figures_that_changed(story: Story) -> None:
    """A correction would go by unseen, or hide among figures that only came in again."""
    assert story.first != story.revised
    changed = f"""
        select {FIGURES} from (
            (select {CONTENT} from revised.kpi_waarde except select {CONTENT} from first.kpi_waarde)
            union
            (select {CONTENT} from first.kpi_waarde except select {CONTENT} from revised.kpi_waarde)
        )
    """
    found = story.read(f"select {FIGURES} from revised.kpi_revisie order by all")
    assert found == story.read(f"{changed} group by all order by all")
    touched = {(row[0], row[4], row[5]) for row in found if row[0] == KPI}
    assert touched == {(KPI, RAISED, PERIOD), (KPI, WITHDRAWN, PERIOD)}


def test_a_revision_gives_old_and_new_value_and_edition(story: Story) -> None:
    """Somebody who quoted the old figure could not be told what it became, nor why."""
    row = f"kpi_id = '{KPI}' and uitsplitsing = '18+' and gemeente_code = '{RAISED}' and periode = '{PERIOD}'"
    ((old, old_edition),) = story.read(f"select waarde, editie from first.kpi_waarde where {row} and hoofdreeks")
    ((new, new_edition),) = story.read(f"select waarde, editie from revised.kpi_waarde where {row} and hoofdreeks")
    assert new == pytest.approx(old + 1)
    assert old_edition != new_edition
    assert story.read(
        f"""select soort_wijziging, oude_waarde, nieuwe_waarde, oude_editie, nieuwe_editie, van_publicatie_id,
            naar_publicatie_id
        from revised.kpi_revisie
        where kpi_id = '{KPI}' and uitsplitsing = '18+' and gemeente_code = '{RAISED}'"""
    ) == [("waarde", old, new, old_edition, new_edition, story.first.name, story.revised.name)]
    assert story.read(
        f"""select soort_wijziging, nieuwe_waarde, nieuwe_ontbreekt_reden from revised.kpi_revisie
        where kpi_id = '{KPI}' and uitsplitsing = '18+' and gemeente_code = '{WITHDRAWN}'"""
    ) == [("ingetrokken", None, "geheim_bron")]


def test_own_figures_are_revised_by_a_batch_only(story: Story) -> None:
    """A revision every night would tell whose records came in that night."""
    own = "from {name}.kpi_revisie where naar_publicatie_id = '{id}' and bron_id = 'levering'"
    for name, expected in (("revised", False), ("batch", True)):
        query = own.format(name=name, id=getattr(story, name).name)
        assert (story.read(f"select count(*) {query}")[0][0] > 0) is expected
    assert story.read("from revised.kpi_revisie except all from batch.kpi_revisie") == []
    open_ones = f"select count(*) from batch.kpi_revisie where naar_publicatie_id = '{story.batch.name}'"
    assert story.read(f"{open_ones} and bron_id <> 'levering'") == [(0,)]


def test_the_night_and_the_command_say_what_was_revised(story: Story) -> None:
    """Nobody would look into a table that nobody spoke of."""
    ((number,),) = story.read("select count(*) from revised.kpi_revisie")
    assert f"{number} eerder gepubliceerde cijfers zijn herzien" in story.output
    shown = _command(story.data, "serving.cli", "revisies", "--gemeente", "Breda", "--kpi", KPI)
    assert shown.returncode == 0, shown.stderr
    assert PERIOD in shown.stdout
    assert "Breda" in shown.stdout
    assert "het cijfer is anders" in shown.stdout


def test_the_old_publication_is_built_again_equal(story: Story) -> None:
    """What a council decided on could not be shown any more once a source has corrected it."""
    before = _fingerprint(story.data)
    done = _command(story.data, "serving.cli", "herbouw", story.first.name)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Gelijk" in done.stdout
    assert _fingerprint(story.data) == before
    rebuilt = story.data / "demo" / "herbouw" / story.first.name
    assert (rebuilt / "impact_kpi.duckdb").is_file()
    # Its own figures came from the batch: the delivery they were made of has no rows left.
    deliveries = sorted(path.parent for path in (story.data / "demo" / "lake" / "levering").glob("*/manifest.json"))
    assert not list(deliveries[0].rglob("*.parquet"))
    with duckdb.connect(str(rebuilt / "impact_kpi.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(waarde) from kpi_waarde where herkomst = 'eigen'").fetchall()[0][0] > 0


def test_a_publication_whose_edition_is_gone_is_refused_by_name(story: Story) -> None:
    """It would be built from another edition and be called the same."""
    pins = json.loads((story.first / "bouw.json").read_text("utf-8"))["pins"]["editions"]
    (pinned,) = (line for line in pins if line["bron_id"] == "rivm_50150NED")
    folder = story.data / "demo" / "lake" / pinned["path"]
    away = folder.with_name(".weg")
    folder.rename(away)
    try:
        done = _command(story.data, "serving.cli", "herbouw", story.first.name)
    finally:
        away.rename(folder)
    assert done.returncode == 1
    assert f"rivm_50150NED {pinned['edition_id']}" in done.stderr


def _publication(night: Night) -> Path:
    assert night.status in {0, 2}, night.output
    return night.publication


def _revise_figures(archive: Path) -> None:
    """Change two figures of one table, and say as a service does that it changed."""
    folder = archive.joinpath("odata", *TABLE)
    file = folder / "TypedDataSet.parquet"
    place = f"trim(WijkenEnBuurten) = '{{code}}' and trim(Perioden) = '{PERIOD}JJ00'"
    with duckdb.connect() as connection:
        connection.execute(f"create table t as from '{file}'")
        for code, value in ((RAISED, f"{COLUMN} + 1"), (WITHDRAWN, "null")):
            connection.execute(f"update t set {COLUMN} = {value} where {place.format(code=code)}")
        connection.execute(f"copy (from t order by ID) to '{file}' (format parquet)")
    for resource in ("catalog", "TableInfos"):
        edit(folder, resource, {"Modified": LATER})
    edit(folder, "catalog", {"Updated": LATER})


def _deliver_fewer_hours(archive: Path) -> None:
    """Leave out every third line of a file of hours, below its header."""
    for file in (archive / "levering").glob("Uren_*.txt"):
        lines = file.read_bytes().splitlines(keepends=True)
        file.write_bytes(b"".join(line for number, line in enumerate(lines) if number < 10 or number % 3))


def _command(data: Path, module: str, *words: str) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith(("IMPACT_KPI_", "DBT_", "DAGSTER_"))}
    env |= {"IMPACT_KPI_SOURCES": "demo", "IMPACT_KPI_DATA": str(data), "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(
        [sys.executable, "-m", module, *words], env=env, capture_output=True, text=True, timeout=900, check=False
    )


def _fingerprint(data: Path) -> dict[str, tuple[int, int]]:
    """Size and moment of every file that a refresh works with: none may move when something is built again."""
    root = data / "demo"
    return {
        str(path): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in sorted(root.rglob("*"))
        if path.is_file() and "herbouw" not in path.relative_to(root).parts
    }
