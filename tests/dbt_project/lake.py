"""Builds a small lake for the dbt project: real Parquet editions and the pins file that names them.

Knows the shape of the lake and takes multipliers, years and the like of a series from the registry, so that a test
only says which cells a table has. It downloads nothing and resolves nothing.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

OBSERVATION = {
    "source_id": "VARCHAR",
    "table_id": "VARCHAR",
    "edition": "VARCHAR",
    "ref_area": "VARCHAR",
    "time_period": "VARCHAR",
    "measure": "VARCHAR",
    "dimensions": "VARCHAR",
    "obs_value": "DOUBLE",
    "obs_status": "VARCHAR",
    "unit_measure": "VARCHAR",
}
SELECTION = {
    "source_id": "VARCHAR",
    "edition": "VARCHAR",
    "series_id": "VARCHAR",
    "uitsplitsing": "VARCHAR",
    "rol": "VARCHAR",
    "onderdeel": "INTEGER",
    "edition_order": "INTEGER",
    "measure": "VARCHAR",
    "dimensions": "VARCHAR",
    "multiplier": "DOUBLE",
    "periode_soort": "VARCHAR",
    "jaren": "VARCHAR",
    "absent": "VARCHAR",
    "indelingsjaar": "INTEGER",
    "n_codes": "INTEGER",
}
ROSTER = {
    "gemeente_code": "VARCHAR",
    "gemeente_naam": "VARCHAR",
    "provincie_code": "VARCHAR",
    "provincie": "VARCHAR",
    "inwoners": "BIGINT",
    "indelingsjaar": "INTEGER",
}


@dataclass(frozen=True, slots=True)
class Cells:
    """What one registry row finds in its table.

    Attributes:
        series: series_id, uitsplitsing, rol and onderdeel of the registry row.
        measure: Key of the column.
        values: Figure per region and period, as served; None for a cell that is held back.
        members: Members of the other dimensions; one figure set per member combination, added by the registry row.
        status: Status that the source gives a period.
    """

    series: tuple[str, str, str, int]
    measure: str
    values: Mapping[tuple[str, str | None], float | None]
    members: Mapping[str, str] = field(default_factory=dict)
    status: Mapping[str, str] = field(default_factory=dict)

    @property
    def dimensions(self) -> str:
        """The members as the lake spells them."""
        return json.dumps(dict(self.members), sort_keys=True, separators=(",", ":"))


class Lake:
    """A lake under `folder`, filled table by table; `pins` writes the file that a build reads."""

    def __init__(self, folder: Path, registry: Path) -> None:
        self.folder = folder
        self.editions: list[dict[str, Any]] = []
        self.problems: list[dict[str, str]] = []
        self._tables = {row["bron_id"]: row for row in _read(registry / "source_table.csv")}
        self._series = _read(registry / "series.csv")
        self._register = _read(registry / "gemeente_register.csv")
        self._connection = duckdb.connect()

    def table(self, bron_id: str, cells: Sequence[Cells], *, indelingsjaar: int | None = None, **state: Any) -> None:
        """Add an edition with observations.

        Cells of one registry row with different members are the codes it adds; cells of an unknown series are rows
        of the table that no figure is made of.
        """
        edition = self._new_edition()
        # Two registry rows may read the same cell: it is one row of the table all the same.
        rows = {
            (region, period, part.measure, part.dimensions): {
                "source_id": bron_id,
                "table_id": bron_id.split("_", 1)[-1],
                "edition": edition,
                "ref_area": region,
                "time_period": period,
                "measure": part.measure,
                "dimensions": part.dimensions,
                "obs_value": value,
                "obs_status": part.status.get(period or "", part.status.get("*")),
                "unit_measure": "eenheid",
            }
            for part in cells
            for (region, period), value in part.values.items()
        }
        self._write(bron_id, edition, "observation/part-00000.parquet", OBSERVATION, rows.values())
        selection = self._selection(bron_id, edition, cells, indelingsjaar)
        self._write(bron_id, edition, "series.parquet", SELECTION, selection)
        self._pin(bron_id, edition, indelingsjaar, observation=True, series=True, **state)

    def handmatig(self, rows: Iterable[tuple[str, str, int, float, str, str]]) -> None:
        """Add hand-supplied figures: KPI, gemeente, year, value, unit, source."""
        edition = self._new_edition()
        observations = [
            {
                "source_id": "handmatig",
                "table_id": "handmatig",
                "edition": edition,
                "ref_area": region,
                "time_period": f"{year}JJ00",
                "measure": kpi_id,
                "dimensions": json.dumps({"bron": source}),
                "obs_value": value,
                "obs_status": None,
                "unit_measure": unit,
            }
            for kpi_id, region, year, value, unit, source in rows
        ]
        self._write("handmatig", edition, "observation/part-00000.parquet", OBSERVATION, observations)
        self._pin("handmatig", edition, None, observation=True, series=False)

    def roster(self, bron_id: str, year: int) -> None:
        """Add the division of a year, as the register has it, without inhabitants."""
        edition = self._new_edition()
        day = f"{year}-01-01"
        rows = [
            row | {"inwoners": None, "indelingsjaar": year}
            for row in self._register
            if row["geldig_van"] <= day and (not row["geldig_tot"] or row["geldig_tot"] > day)
        ]
        self._write(bron_id, edition, "gemeente.parquet", ROSTER, rows)
        self._pin(bron_id, edition, year, observation=False, series=False)

    def files(self, bron_id: str, files: Mapping[str, tuple[Mapping[str, str], Iterable[Mapping[str, Any]]]]) -> None:
        """Add an edition of other files than observations: name, columns with their types, and rows."""
        edition = self._new_edition()
        for name, (columns, rows) in files.items():
            self._write(bron_id, edition, name, columns, rows)
        self._pin(bron_id, edition, None, observation=False, series=False)

    def absent(self, bron_id: str, state: str = "ontbreekt", melding: str | None = None) -> None:
        """Name a table that the service does not list, or that is not needed."""
        self._pin(bron_id, None, None, observation=False, series=False, state=state, melding=melding)

    def problem(self, series_id: str, uitsplitsing: str, bron_id: str, melding: str) -> None:
        """Name a series that could not be resolved."""
        table_id = bron_id.split("_", 1)[-1]
        self.problems.append(
            {"series_id": series_id, "uitsplitsing": uitsplitsing, "bron_id": bron_id}
            | {"table_id": table_id, "reden": "niet_gepubliceerd", "melding": melding}
        )

    def pins(self, target: Path) -> Path:
        """Write the pins file."""
        content = {"lake": str(self.folder), "editions": self.editions, "problems": self.problems, "missing": []}
        target.write_text(json.dumps(content, indent=1), encoding="utf-8")
        return target

    def _new_edition(self) -> str:
        return f"20261121T033000Z-{len(self.editions):08x}"

    def _selection(
        self, bron_id: str, edition: str, cells: Sequence[Cells], indelingsjaar: int | None
    ) -> list[dict[str, Any]]:
        found = []
        for part in cells:
            codes = {other.dimensions for other in cells if other.series == part.series}
            found += [
                {
                    "source_id": bron_id,
                    "edition": edition,
                    "series_id": row["series_id"],
                    "uitsplitsing": row["uitsplitsing"],
                    "rol": row["rol"],
                    "onderdeel": int(row["onderdeel"]),
                    "edition_order": int(row["edition_order"]),
                    "measure": part.measure,
                    "dimensions": part.dimensions,
                    "multiplier": float(row["multiplier"]),
                    "periode_soort": row["periode_soort"],
                    "jaren": row["jaren"],
                    "absent": row["absent"],
                    "indelingsjaar": indelingsjaar,
                    "n_codes": len(codes),
                }
                for row in self._series
                if row["bron_id"] == bron_id and _key(row) == part.series
            ]
        return found

    def _write(
        self, bron_id: str, edition: str, name: str, columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]
    ) -> None:
        path = self.folder / bron_id / edition / name
        path.parent.mkdir(parents=True, exist_ok=True)
        types = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        self._connection.execute(f"create or replace table t ({types})")
        values = [[row[column] for column in columns] for row in rows]
        if values:
            marks = ", ".join("?" for _ in columns)
            self._connection.executemany(f"insert into t values ({marks})", values)
        quoted = str(path).replace("'", "''")
        self._connection.execute(f"copy t to '{quoted}' (format parquet)")

    def _pin(
        self,
        bron_id: str,
        edition: str | None,
        indelingsjaar: int | None,
        *,
        observation: bool,
        series: bool,
        state: str = "ververst",
        verouderd_sinds: str | None = None,
        melding: str | None = None,
    ) -> None:
        table = self._tables[bron_id]
        self.editions.append(
            {
                "bron_id": bron_id,
                "bron": table["bron"],
                "host": table["host"],
                "table_id": table["table_id"],
                "titel": table["titel"],
                "edition_id": edition,
                "path": f"{bron_id}/{edition}" if edition else None,
                "modified": "2026-11-01T02:00:00" if edition else None,
                "loaded_at": "2026-11-21T03:30:00+00:00" if edition else None,
                "rows": 1 if edition else None,
                "sha256": "0" * 64 if edition else None,
                "indelingsjaar": indelingsjaar,
                "licentie": table["licentie"],
                "bronvermelding": table["bronvermelding"],
                "state": state,
                "verouderd_sinds": verouderd_sinds,
                "melding": melding,
                "observation": observation,
                "series": series,
            }
        )


def _key(row: Mapping[str, str]) -> tuple[str, str, str, int]:
    return row["series_id"], row["uitsplitsing"], row["rol"], int(row["onderdeel"])


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))
