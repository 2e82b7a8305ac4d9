"""Keep a batch of protected figures: what was published of the organisation's own data, as an edition of the lake.

The figures were made and protected elsewhere; this only stores them, so that a publication can be built again without
the delivery, and so that the next batch knows what readers have already seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb

from sources.lake import Edition, commit_edition, new_edition
from sources.plain_files import describe_edition, utc_now
from sources.registry import SourceTable

FILE = "beschermd.parquet"


def store_batch(
    warehouse: Path,
    relation: str,
    lake: Path,
    table: SourceTable,
    *,
    batch_id: str,
    now: Callable[[], datetime] = utc_now,
) -> Edition:
    """Copy a batch from the warehouse into the lake and make it the current one.

    Args:
        warehouse: DuckDB file of the finished build; opened for reading only.
        relation: schema and name of the table with the protected figures.
        lake: folder of the lake.
        table: the registry's source table `beschermd`.
        batch_id: name of the batch, from the build.
        now: UTC clock.

    Raises:
        SourceError: the lake refuses the edition; the batch before it stays.
        duckdb.Error: the warehouse cannot be read.
    """
    moment = now()
    with new_edition(lake, table.bron_id, now=moment) as folder:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            target = str(folder / FILE).replace("'", "''")
            connection.execute(f"copy (from {relation} order by all) to '{target}' (format parquet)")
            counted = connection.execute(f"select count(*) from {relation}").fetchone()
        digest = hashlib.sha256((folder / FILE).read_bytes()).hexdigest()
        described = describe_edition(table, identity=batch_id, request_key=digest, requests_made=(), now=moment)
        manifest = replace(
            described, table_id=batch_id, modified=described.loaded_at, rows=int(counted[0]) if counted else 0
        )
        return commit_edition(lake, table.bron_id, folder, manifest)
