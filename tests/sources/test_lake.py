"""Editions on disk: whole or not there, refused when they cannot be right, pinned for a run of dbt."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sources.errors import EditionRefusedError, LakeError
from sources.lake import (
    Edition,
    Manifest,
    RequestRecord,
    commit_edition,
    current_edition,
    edition_id_of,
    list_editions,
    mark_fresh,
    mark_stale,
    new_edition,
    pin_editions,
    stale_since,
)
from sources.results import SeriesProblem, TableResult
from tests.archives import database
from tests.registries import table

BRON = "cbs_80001NED"
PROBLEM = SeriesProblem("weg", "totaal", BRON, "80001NED", "niet_gepubliceerd", "kolom weg")


def manifest(rows: int = 4, **more: Any) -> Manifest:
    fields: dict[str, Any] = {
        "bron_id": BRON, "bron": "cbs", "host": "opendata.cbs.nl", "table_id": "80001NED", "titel": "Titel é",
        "edition_id": "", "modified": "2026-05-13T02:00:00", "metadata_modified": "2026-05-13T02:00:00",
        "loaded_at": "2026-11-21T03:30:00+00:00", "rows": rows, "observations": rows, "schema_fingerprint": "f",
        "indelingsjaar": 2024, "licentie": "CC BY 4.0", "bronvermelding": "Bron: CBS", "identity": "live",
        "request_key": "k", "requests": (RequestRecord("https://x", 200, 10, "aa", rows),),
        "warnings": ("let op",), "problems": (PROBLEM,),
    }  # fmt: skip
    return Manifest(**(fields | more))


def fill(folder: Path, rows: int = 4, *, double: bool = False) -> None:
    """Observations of `rows` gemeenten, and a series file."""
    (folder / "observation").mkdir()
    with database().cursor() as cursor:
        cursor.execute(
            f"""copy (
                select 'GM' || {"0" if double else "i"} as ref_area, '2024JJ00' as time_period, 'M_1' as measure,
                    '{{}}' as dimensions, 1.0 as obs_value
                from range({rows}) as t(i)
            ) to '{folder}/observation/part-00000.parquet' (format parquet)"""
        )
        cursor.execute(f"copy (select 1 as x) to '{folder}/series.parquet' (format parquet)")


def commit(
    lake: Path, rows: int = 4, now: datetime | None = None, *, unless_same: bool = False, **more: Any
) -> Edition:
    with new_edition(lake, BRON, now=now) as folder:
        fill(folder, rows)
        return commit_edition(lake, BRON, folder, manifest(rows, **more), unless_same=unless_same)


def files(lake: Path) -> list[str]:
    return sorted(path.relative_to(lake).as_posix() for path in lake.rglob("*") if path.is_file())


def test_an_edition_is_found_again_as_it_was_committed(tmp_path: Path) -> None:
    """The mart's provenance is what the manifest says."""
    made = commit(tmp_path)
    found = current_edition(tmp_path, BRON)
    assert found == made
    assert found.manifest.sha256 != ""
    assert found.manifest.edition_id == found.folder.name == made.edition_id
    assert found.manifest.problems == (PROBLEM,)
    assert [path.name for path in found.observation_parts] == ["part-00000.parquet"]
    assert found.series is not None


def test_an_edition_is_named_after_its_moment_in_utc(tmp_path: Path) -> None:
    """Names sort by time, whatever the clock of the machine says about summer."""
    moment = datetime(2026, 7, 1, 1, 30, tzinfo=UTC)
    local = moment.astimezone(datetime.now(UTC).astimezone().tzinfo)
    first, second = commit(tmp_path, now=local), commit(tmp_path, now=moment + timedelta(days=1))
    assert first.edition_id.startswith("20260701T013000Z-")
    assert list_editions(tmp_path, BRON) == [first.edition_id, second.edition_id]
    assert list_editions(tmp_path, "onbekend") == []


def test_the_hash_follows_the_content_of_every_file(tmp_path: Path) -> None:
    """Two editions with one hash are taken for the same data."""
    same = [commit(tmp_path / name).manifest.sha256 for name in "ab"]
    other = commit(tmp_path / "c", rows=5).manifest.sha256
    assert same[0] == same[1] != other


def test_the_same_content_of_the_same_release_leaves_the_edition_in_use(tmp_path: Path) -> None:
    """A new edition every week would rebuild the mart for nothing and fill the disk."""
    before = commit(tmp_path)
    kept = files(tmp_path)
    later = {"unless_same": True, "loaded_at": "2026-11-28T03:30:00+00:00"}
    again = commit(tmp_path, **later)
    assert again == before == current_edition(tmp_path, BRON)
    assert again.recheck is not None
    assert again.recheck.loaded_at == "2026-11-28T03:30:00+00:00"
    assert files(tmp_path) == sorted([*kept, f"{BRON}/gecontroleerd.json"])
    assert commit(tmp_path, loaded_at="2026-11-28T03:30:00+00:00") != before, "only when it is asked for"


@pytest.mark.parametrize(
    "change",
    [
        {"modified": "2026-12-01T02:00:00"},
        {"metadata_modified": "2026-12-01T02:00:00"},
        {"identity": "een archief"},
        {"request_key": "anders"},
        {"schema_fingerprint": "anders"},
        {"indelingsjaar": 2025},
        {"again": True},
    ],
)
def test_another_release_is_an_edition_of_its_own_whatever_it_holds(tmp_path: Path, change: dict[str, Any]) -> None:
    """Its stamps would be forgotten, and the table pulled every night."""
    before = commit(tmp_path)
    after = commit(tmp_path, unless_same=True, **change)
    assert after.edition_id != before.edition_id
    assert "zonder nieuwe datum" not in " ".join(after.manifest.warnings)


def test_other_content_of_the_same_release_takes_over_and_says_so(tmp_path: Path) -> None:
    """A silent correction is what the weekly pull is for."""
    commit(tmp_path)
    after = commit(tmp_path, rows=5, unless_same=True)
    assert current_edition(tmp_path, BRON) == after
    assert "zonder nieuwe datum gewijzigd: 1 cellen" in after.manifest.warnings


def test_a_damaged_edition_is_replaced_by_the_next_pull(tmp_path: Path) -> None:
    """Neither kept because it cannot be compared, nor the end of every later night."""
    before = commit(tmp_path)
    before.observation_parts[0].write_bytes(b"stuk")
    after = commit(tmp_path, unless_same=True)
    assert current_edition(tmp_path, BRON) == after != before
    assert "de vorige editie is vervangen, want zij is niet te vergelijken" in " ".join(after.manifest.warnings)


def test_a_failure_in_the_middle_leaves_nothing_and_changes_nothing(tmp_path: Path) -> None:
    """Half an edition that is picked up by the next run is worse than none."""
    before = commit(tmp_path)
    kept = files(tmp_path)
    building = new_edition(tmp_path, BRON)
    fill(building.__enter__())
    assert files(tmp_path) != kept
    assert not building.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert files(tmp_path) == kept
    assert current_edition(tmp_path, BRON) == before


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path: Path) -> None:
    """A disk fills up with halves of tables, one for each bad night."""
    script = textwrap.dedent(
        f"""
        import sys, time
        from pathlib import Path
        from sources.lake import new_edition
        from tests.sources.test_lake import fill
        with new_edition(Path({str(tmp_path)!r}), {BRON!r}) as folder:
            fill(folder)
            print("klaar", flush=True)
            time.sleep(30)
        """
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=root, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "klaar\n"
        os.kill(process.pid, signal.SIGKILL)
    assert any(".bezig-" in name for name in files(tmp_path))
    assert current_edition(tmp_path, BRON) is None
    made = commit(tmp_path)
    assert not any(".bezig-" in name for name in files(tmp_path))
    assert current_edition(tmp_path, BRON) == made


def test_an_edition_without_observations_is_refused(tmp_path: Path) -> None:
    """An empty answer with status 200 must not empty a KPI."""
    before = commit(tmp_path)
    with new_edition(tmp_path, BRON) as folder:
        fill(folder, 0)
        with pytest.raises(EditionRefusedError, match="geen enkele waarneming"):
            commit_edition(tmp_path, BRON, folder, manifest(0, request_key="ander"))
    assert current_edition(tmp_path, BRON) == before


def test_an_edition_may_be_empty_when_nothing_is_expected(tmp_path: Path) -> None:
    """A published code without rows is a fact, and asking for it each night anew would be waste."""
    with new_edition(tmp_path, BRON) as folder:
        fill(folder, 0)
        commit_edition(tmp_path, BRON, folder, manifest(0), rows_expected=False)
    assert current_edition(tmp_path, BRON) is not None


def test_double_keys_are_refused_and_shown(tmp_path: Path) -> None:
    """A page read twice doubles a sum without any error further on."""
    with new_edition(tmp_path, BRON) as folder:
        fill(folder, double=True)
        with pytest.raises(EditionRefusedError, match=r"dubbele sleutels .*GM0 2024JJ00"):
            commit_edition(tmp_path, BRON, folder, manifest())
    assert files(tmp_path) == []


@pytest.mark.parametrize(("rows", "refused"), [(4, True), (5, False), (20, False)])
def test_a_much_smaller_pull_of_the_same_request_is_refused(tmp_path: Path, rows: int, refused: bool) -> None:
    """A table that comes back at a third of its size is an accident at the source, not news."""
    before = commit(tmp_path, rows=10)
    if refused:
        with pytest.raises(EditionRefusedError, match="4 rijen, de vorige keer 10"):
            commit(tmp_path, rows=rows)
        assert current_edition(tmp_path, BRON) == before
    else:
        assert commit(tmp_path, rows=rows).manifest.rows == rows


def test_another_request_may_be_smaller(tmp_path: Path) -> None:
    """Fewer series asked is fewer rows, and no accident."""
    commit(tmp_path, rows=10)
    assert commit(tmp_path, rows=1, request_key="minder").manifest.rows == 1


@pytest.mark.parametrize("content", ["20260101T000000Z-weg\n", ""])
def test_a_pointer_to_nothing_names_file_and_remedy(tmp_path: Path, content: str) -> None:
    """An empty KPI after a clean-up by hand must not look like an empty source."""
    commit(tmp_path)
    (tmp_path / BRON / "current").write_text(content)
    with pytest.raises(LakeError, match=r"current noemt editie .* opnieuw geladen"):
        current_edition(tmp_path, BRON)


@pytest.mark.parametrize("damage", ["{", "{}", '{"requests": [{"onbekend": 1}]}'])
def test_a_damaged_manifest_is_named(tmp_path: Path, damage: str) -> None:
    """A disk that filled up leaves files cut off in the middle."""
    made = commit(tmp_path)
    (made.folder / "manifest.json").write_text(damage)
    with pytest.raises(LakeError, match="niet te lezen"):
        current_edition(tmp_path, BRON)


def test_a_newer_manifest_is_still_readable(tmp_path: Path) -> None:
    """Going back one release must not make every table load anew."""
    made = commit(tmp_path)
    file = made.folder / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"later": 1}))
    assert current_edition(tmp_path, BRON) == made


def test_out_of_date_counts_from_the_first_bad_night(tmp_path: Path) -> None:
    """'Out of date since yesterday', every day again, hides a month."""
    first, second = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
    assert mark_stale(tmp_path, BRON, first) == first
    assert mark_stale(tmp_path, BRON, second) == first
    mark_fresh(tmp_path, BRON)
    assert stale_since(tmp_path, BRON) is None
    assert mark_stale(tmp_path, BRON, second) == second


def test_the_pins_name_every_table_with_its_exact_edition(tmp_path: Path) -> None:
    """One run of dbt reads one set of editions, also while a download moves a pointer."""
    lake, target = tmp_path / "lake", tmp_path / "dbt" / "pins.json"
    edition = commit(lake)
    since = datetime(2026, 11, 1, 3, tzinfo=UTC)
    tables = [table("80001NED"), table("80002NED"), table("80003NED")]
    results = [
        TableResult(BRON, "fout", edition, "dienst onbereikbaar", (PROBLEM,), 4, verouderd_sinds=since),
        TableResult("cbs_80002NED", "ontbreekt", None, "staat niet in de catalogus"),
    ]
    pins = pin_editions(lake, tables, results, target)
    content = json.loads(target.read_text(encoding="utf-8"))
    assert pins.editions == (edition,)
    assert content["lake"] == str(lake.resolve())
    assert content["editions"][0] == {
        "bron_id": BRON, "bron": "cbs", "host": "opendata.cbs.nl", "table_id": "80001NED", "titel": "Titel é",
        "edition_id": edition.edition_id, "path": f"{BRON}/{edition.edition_id}", "modified": "2026-05-13T02:00:00",
        "loaded_at": "2026-11-21T03:30:00+00:00", "rows": 4, "sha256": edition.manifest.sha256, "indelingsjaar": 2024,
        "licentie": "CC BY 4.0", "bronvermelding": "Bron: 80001NED", "state": "fout",
        "verouderd_sinds": "2026-11-01T03:00:00+00:00", "melding": "dienst onbereikbaar", "observation": True,
        "series": True,
    }  # fmt: skip
    assert [line["state"] for line in content["editions"]] == ["fout", "ontbreekt", "ontbreekt"]
    assert content["editions"][1]["path"] is None
    assert content["problems"][0]["melding"] == "kolom weg"
    assert content["missing"][0]["melding"] == "staat niet in de catalogus"


def test_a_table_that_is_not_needed_is_not_pinned(tmp_path: Path) -> None:
    """An older edition still on disk would bring its series into the mart a second time."""
    commit(tmp_path)
    pins = pin_editions(tmp_path, [table("80001NED")], [TableResult(BRON, "niet_nodig", None)], tmp_path / "pins.json")
    assert pins.editions == ()


def test_without_a_refresh_the_lake_is_pinned_as_it_stands(tmp_path: Path) -> None:
    """Building the mart again must not need a night at the sources first."""
    edition = commit(tmp_path)
    pins = pin_editions(tmp_path, [table("80001NED"), table("80002NED")], [], tmp_path / "pins.json")
    content = json.loads(pins.path.read_text(encoding="utf-8"))
    assert pins.editions == (edition,)
    assert [line["state"] for line in content["editions"]] == ["ongewijzigd", "ontbreekt"]
    assert content["problems"][0]["series_id"] == "weg"


def test_what_an_earlier_run_left_out_stays_out_until_it_is_refreshed(tmp_path: Path) -> None:
    """Refreshing one source and building anew must not bring back what a newer edition took over from."""
    commit(tmp_path)
    target = tmp_path / "pins.json"
    pin_editions(tmp_path, [table("80001NED")], [TableResult(BRON, "niet_nodig", None)], target)
    assert pin_editions(tmp_path, [table("80001NED")], [], target).editions == ()


def test_an_edition_under_construction_is_no_edition(tmp_path: Path) -> None:
    """A reader that lists editions while one is being built must not see it."""
    with new_edition(tmp_path, BRON) as folder:
        fill(folder)
        (folder / "manifest.json").write_text("{}")
        assert list_editions(tmp_path, BRON) == []
        assert edition_id_of(folder) in folder.name
    assert time.strftime("%Y") in folder.name
