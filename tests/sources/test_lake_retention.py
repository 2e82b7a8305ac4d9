"""What may go from the lake: whatever the history of editions and publications was, nothing that is named is lost."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sources.lake import list_editions
from sources.lake_retention import prune_lake

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
TABLES = ["cbs_84799NED", "rivm_50150NED", "grenzen_2024"]


def edition(lake: Path, bron_id: str, number: int, *, current: bool = True) -> str:
    """An edition as it lies in the lake, of a night."""
    edition_id = f"{NOW + timedelta(days=number):%Y%m%dT%H%M%SZ}-{number:08x}"
    folder = lake / bron_id / edition_id
    (folder / "observation").mkdir(parents=True, exist_ok=True)
    (folder / "observation" / "part-0.parquet").write_bytes(b"x" * 100)
    (folder / "manifest.json").write_text("{}")
    if current:
        (lake / bron_id / "current").write_text(edition_id + "\n")
    return edition_id


# A night: which tables got a new edition, and whether there was a publication after it.
NIGHTS = st.lists(st.tuples(st.sets(st.sampled_from(TABLES)), st.booleans()), min_size=1, max_size=25)


@given(nights=NIGHTS, kept=st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_an_edition_that_a_kept_publication_names_never_goes_and_the_others_do(
    nights: list[tuple[set[str], bool]], kept: int
) -> None:
    """A kept publication could not be built again, or the disk would be full after a few years."""
    with tempfile.TemporaryDirectory() as folder:
        lake = Path(folder) / "lake"
        lake.mkdir()
        current: dict[str, str] = {}
        publications: list[dict[str, str]] = []
        for number, (changed, published) in enumerate(nights):
            for bron_id in changed:
                current[bron_id] = edition(lake, bron_id, number)
            if published:
                publications = [*publications, dict(current)][-kept:]
            named = {pair for publication in publications for pair in publication.items()}
            prune_lake(lake, named, NOW + timedelta(days=number))
            left = {(bron_id, one) for bron_id in TABLES for one in list_editions(lake, bron_id)}
            assert left == named | set(current.items())
            for bron_id, edition_id in current.items():
                assert (lake / bron_id / "current").read_text().strip() == edition_id


def test_deliveries_and_batches_are_never_touched(tmp_path: Path) -> None:
    """An organisation's own figures could not be built again: they come from nowhere else."""
    for bron_id in ("levering", "beschermd"):
        for number in range(3):
            edition(tmp_path, bron_id, number)
    assert prune_lake(tmp_path, set(), NOW).editions == []
    assert [len(list_editions(tmp_path, bron_id)) for bron_id in ("levering", "beschermd")] == [3, 3]


def test_a_table_without_a_pointer_that_can_be_followed_keeps_everything(tmp_path: Path) -> None:
    """Whoever mends the pointer by hand would find that the editions to choose from are gone."""
    for number in range(2):
        edition(tmp_path, "cbs_1", number, current=False)
        edition(tmp_path, "cbs_2", number, current=False)
    (tmp_path / "cbs_2" / "current").write_text("20200101T000000Z-weg\n")
    assert prune_lake(tmp_path, set(), NOW).editions == []
    assert [len(list_editions(tmp_path, bron_id)) for bron_id in ("cbs_1", "cbs_2")] == [2, 2]


def test_what_a_killed_run_left_goes_after_an_hour_and_what_is_being_made_stays(tmp_path: Path) -> None:
    """Half editions would pile up, or one that is being loaded would disappear under its loader."""
    kept = edition(tmp_path, "cbs_1", 0)
    home = tmp_path / "cbs_1"
    old, busy = home / ".bezig-20261120T030000Z-0", home / ".bezig-20261122T035900Z-1"
    for folder in (old, busy):
        folder.mkdir()
        (folder / "part-0.parquet").write_bytes(b"x" * 1000)
    half_removed = home / ".weg-20261101T030000Z-2"
    half_removed.mkdir()
    pointer = home / ".current.4242"
    pointer.write_text("x")
    long_ago = (NOW - timedelta(hours=2)).timestamp()
    for path in (old, half_removed, pointer):
        os.utime(path, (long_ago, long_ago))
    os.utime(busy, (NOW.timestamp(), NOW.timestamp()))
    pruned = prune_lake(tmp_path, set(), NOW)
    assert pruned.leftovers == 3
    assert pruned.bytes == 1001
    assert sorted(path.name for path in home.iterdir()) == [busy.name, kept, "current"]


def test_a_lake_that_is_not_there_has_nothing_to_prune(tmp_path: Path) -> None:
    """The first night of an installation would end in an error."""
    assert prune_lake(tmp_path / "lake", set(), NOW).editions == []
