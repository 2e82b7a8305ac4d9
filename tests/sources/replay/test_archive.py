"""Reading rows of an archive: from memory and straight from the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sources.replay.archive import Archive, ArchiveError
from sources.replay.odata_query import parse_filter, to_sql

HOST, BIG, BIG_ROWS = "opendata.cbs.nl", "90002ned", 25_001


@pytest.mark.parametrize("in_memory_bytes", [0, 10**9])
def test_pages_are_the_same_from_memory_and_from_the_file(archive: Path, in_memory_bytes: int) -> None:
    """A table too large for memory takes another road to its rows; nobody may notice."""
    opened = Archive(archive, in_memory_bytes=in_memory_bytes)
    data = opened.data_set(HOST, BIG, "TypedDataSet")
    where = to_sql(parse_filter("startswith(Soort,'2.6') and Aantal_1 ge 30010", data.kinds))
    assert data.count(None) == BIG_ROWS
    assert data.count(where) == BIG_ROWS - 15_005
    page = [json.loads(row) for row in data.page(where, ("ID", "Soort"), 9_990, 10)]
    assert page == [{"ID": number, "Soort": "2.6.10"} for number in range(24_995, 25_001)]
    assert [json.loads(row)["ID"] for row in data.page(None, None, 24_999, 10)] == [24_999, 25_000]
    untyped = opened.data_set(HOST, BIG, "UntypedDataSet").page(None, ("Aantal_1",), 3, 1)
    assert untyped == ['{"Aantal_1":"       6"}']
    opened.close()


def test_a_missing_data_set_is_named_with_its_path(tmp_path: Path, archive: Path) -> None:
    """An archive that was copied in part must say which part is gone."""
    folder = tmp_path / "odata" / HOST / BIG
    folder.mkdir(parents=True)
    (tmp_path / "archive.json").write_text("{}", encoding="utf-8")
    opened = Archive(tmp_path)
    with pytest.raises(ArchiveError, match=r"90002ned.*TypedDataSet\.parquet"):
        opened.data_set(HOST, BIG, "TypedDataSet")
    with pytest.raises(ArchiveError, match=r"DataProperties\.json"):
        opened.resources(HOST, BIG)
