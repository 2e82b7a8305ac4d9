"""The floor of loading a delivery: DuckDB reads the CSV files as text and writes Parquet. No checks, no pseudonyms."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb


def main(delivery: Path, target: Path) -> None:
    """Copy every CSV file of a delivery to Parquet."""
    target.mkdir()
    with duckdb.connect(config={"threads": 2, "memory_limit": "2GB"}) as connection:
        for file in sorted(delivery.glob("*.csv")):
            out = target / f"{file.stem}.parquet"
            connection.execute(f"copy (from read_csv('{file}', all_varchar = true, header = true)) to '{out}'")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
