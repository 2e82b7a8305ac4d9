"""Cut an edition down to the series that are wanted of it now.

An edition that has to stand in may have been loaded when it gave more series than today; left as it is, those would be
in the mart twice, once from each edition.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb

from sources.lake import OBSERVATION, SERIES, Edition, commit_edition, edition_id_of, new_edition
from sources.odata.predicate import sql_text
from sources.registry import SeriesRow

_KEY = ("series_id", "uitsplitsing", "rol", "onderdeel", "edition_order")
_CUT = "-deel"


def narrow_edition(lake: Path, edition: Edition, wanted: Iterable[SeriesRow], now: datetime) -> Edition:
    """The edition itself when it gives nothing but `wanted`, else a new current edition that does.

    The new one never passes for unchanged: its request key is marked, so that the next successful night loads anew.

    Raises:
        SourceError: the new edition is refused.
        OSError: the lake cannot be written.
    """
    if edition.series is None:
        return edition
    keys = {tuple(str(getattr(row, name)) for name in _KEY) for row in wanted}
    with duckdb.connect(":memory:", config={"threads": 1}) as database:
        columns = ", ".join(f"{name}::varchar" for name in _KEY)
        stored = database.execute(f"select distinct {columns} from read_parquet(?)", [str(edition.series)]).fetchall()
        if set(stored) <= keys:
            return edition
        with new_edition(lake, edition.bron_id, now=now) as folder:
            _rewrite(database, edition, folder, keys)
            series = {key[:2] for key in keys}
            manifest = replace(
                edition.manifest,
                request_key=edition.manifest.request_key.removesuffix(_CUT) + _CUT,
                problems=tuple(
                    problem
                    for problem in edition.manifest.problems
                    if (problem.series_id, problem.uitsplitsing) in series
                ),
            )
            return commit_edition(lake, edition.bron_id, folder, manifest)


def _rewrite(
    database: duckdb.DuckDBPyConnection, edition: Edition, folder: Path, keys: Iterable[tuple[str, ...]]
) -> None:
    """Copy the observations and the wanted series rows under the new edition id."""
    edition_id = sql_text(edition_id_of(folder))
    (folder / OBSERVATION).mkdir()
    for part in edition.observation_parts:
        target = sql_text(str(folder / OBSERVATION / part.name))
        database.execute(
            f"copy (select * replace ({edition_id} as edition) from read_parquet({sql_text(str(part))})) "
            f"to {target} (format parquet)"
        )
    kept = ", ".join("(" + ", ".join(sql_text(value) for value in key) + ")" for key in sorted(keys)) or "(null)"
    columns = ", ".join(f"{name}::varchar" for name in _KEY)
    database.execute(
        f"copy (select * replace ({edition_id} as edition) from read_parquet({sql_text(str(edition.series))}) "
        f"where ({columns}) in ({kept})) to {sql_text(str(folder / SERIES))} (format parquet)"
    )
