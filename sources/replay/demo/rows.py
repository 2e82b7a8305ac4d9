"""Write the rows of a demo table as the archive keeps them: TypedDataSet.parquet, in the order of their ID."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb


def write_rows(folder: Path, rows: Sequence[Mapping[str, str | int]]) -> None:
    """Number the rows and write them.

    Args:
        folder: of the table.
        rows: at least one; all with the columns of the first, a column being whole numbers or text.
    """
    lines = folder / "rows.json"
    records = [{"ID": number, **row} for number, row in enumerate(rows)]
    lines.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    kinds = {name: "INTEGER" if isinstance(value, int) else "VARCHAR" for name, value in records[0].items()}
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in kinds.items())
    source = f"read_json(?, format = 'newline_delimited', columns = {{{columns}}})"
    target = str(folder / "TypedDataSet.parquet").replace("'", "''")
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            f"COPY (SELECT * FROM {source} ORDER BY \"ID\") TO '{target}' (FORMAT parquet, COMPRESSION zstd)",
            [str(lines)],
        )
    lines.unlink()
