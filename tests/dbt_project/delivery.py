"""Makes a delivery of own data as it lies in the lake, from the few columns that a test is about.

Knows the contract (seed contract_column) and the shape of the edition; what the loader does to get there - reading,
pseudonyms, quarantine - is tested with the loader.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.dbt_project.lake import Lake

LEVERING = {
    "levering_id": "VARCHAR",
    "organisatie_id": "VARCHAR",
    "bronsysteem": "VARCHAR",
    "periode_van": "DATE",
    "peildatum": "DATE",
    "aangemaakt_op": "TIMESTAMP",
    "sleutel_id": "VARCHAR",
    "mapping_versie": "VARCHAR",
    "contract_versie": "VARCHAR",
    "is_afgeleid_uren": "BOOLEAN",
}
TABEL = {
    "tabel": "VARCHAR",
    "geleverd": "BOOLEAN",
    "gelezen": "BIGINT",
    "geaccepteerd": "BIGINT",
    "quarantaine": "BIGINT",
    "dubbel_samengevoegd": "BIGINT",
    "totaalregels": "BIGINT",
    "mojibake_hersteld": "BIGINT",
    "gewist": "BIGINT",
    "bestand": "VARCHAR",
    "sha256": "VARCHAR",
}
KOLOM = {"tabel": "VARCHAR", "kolom": "VARCHAR", "geleverd": "BOOLEAN"}
QUARANTAINE = {
    "tabel": "VARCHAR",
    "bestand": "VARCHAR",
    "regel": "BIGINT",
    "kolom": "VARCHAR",
    "reden": "VARCHAR",
    "rij_hash": "VARCHAR",
}
_TYPES = {
    "text": "VARCHAR",
    "date": "DATE",
    "ts": "TIMESTAMP",
    "int": "INTEGER",
    "small": "SMALLINT",
    "bool": "BOOLEAN",
}
_LOADER = {"levering_id": "VARCHAR", "organisatie_id": "VARCHAR", "_bronbestand": "VARCHAR", "_bronregel": "BIGINT"}


def contract(registry: Path) -> dict[str, dict[str, str]]:
    """Columns of every table with their types in DuckDB, as the loader writes them: contract order, extras last."""
    tables: dict[str, dict[str, str]] = {}
    for row in _columns(registry):
        tables.setdefault(row["tabel"], {})[row["kolom"]] = _type(row["type"])
    for name, columns in tables.items():
        if "gemeente_code" in columns:
            columns["gemeente_herkomst"] = "VARCHAR"
        if name == "partnerverzoek":
            columns |= {"verzocht_op_is_datum": "BOOLEAN", "gereageerd_op_is_datum": "BOOLEAN"}
    return tables


class Delivery:
    """One delivery, filled table by table; a table that nobody names was not delivered.

    Args:
        registry: Folder of the seeds.
        van: First day of the window, as an ISO date.
        peildatum: Last day that the delivery knows, as an ISO date.
    """

    def __init__(self, registry: Path, van: str, peildatum: str) -> None:
        self._window = {"periode_van": van, "peildatum": peildatum}
        self._types = contract(registry)
        self._contract = {(row["tabel"], row["kolom"]): row for row in _columns(registry)}
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._quarantine: dict[str, int] = {}

    def table(self, tabel: str, *rows: Mapping[str, Any], quarantaine: int = 0) -> Delivery:
        """Deliver a table: rows with the columns that matter; keys and obligatory columns may not be left out.

        Args:
            tabel: Table of the contract.
            rows: Column and value; what is left out is empty, or what the contract says it then is.
            quarantaine: Rows that were set apart beside these.
        """
        number = len(self._rows.setdefault(tabel, []))
        self._rows[tabel] += [self._complete(tabel, number + step, row) for step, row in enumerate(rows)]
        self._quarantine[tabel] = self._quarantine.get(tabel, 0) + quarantaine
        return self

    def into(self, lake: Lake) -> None:
        """Write the edition and pin it."""
        lake.files(
            "levering",
            {
                **{f"tabel/{name}.parquet": (_LOADER | self._types[name], self._table(name)) for name in self._types},
                "levering.parquet": (LEVERING, [dict.fromkeys(LEVERING) | self._manifest()]),
                "levering_tabel.parquet": (TABEL, [self._count(name) for name in self._types]),
                "levering_kolom.parquet": (
                    KOLOM,
                    [
                        {"tabel": name, "kolom": column, "geleverd": name in self._rows}
                        for name, columns in self._types.items()
                        for column in columns
                    ],
                ),
                "quarantaine.parquet": (QUARANTAINE, []),
            },
        )

    def _complete(self, tabel: str, number: int, row: Mapping[str, Any]) -> dict[str, Any]:
        unknown = row.keys() - self._types[tabel].keys()
        assert not unknown, f"{tabel} has no {sorted(unknown)}"
        found = dict.fromkeys(self._types[tabel]) | dict(row)
        for column in self._types[tabel].keys() - row.keys():
            rule = self._contract.get((tabel, column))
            if rule and rule["standaard"]:
                found[column] = rule["standaard"]
            elif rule and rule["verplicht"] == "true":
                is_own_key = rule["sleutel"] == "true" and column.endswith("_id")
                assert is_own_key, f"{tabel}.{column} is obligatory"
                found[column] = f"{tabel} {number}"
        return found

    def _table(self, name: str) -> Iterable[dict[str, Any]]:
        place = {"levering_id": "L", "organisatie_id": "O", "_bronbestand": f"{name}.csv"}
        return [row | place | {"_bronregel": line} for line, row in enumerate(self._rows.get(name, []), start=2)]

    def _manifest(self) -> dict[str, Any]:
        return self._window | {
            "levering_id": "L",
            "organisatie_id": "O",
            "bronsysteem": "test",
            "aangemaakt_op": f"{self._window['peildatum']} 12:00:00",
            "sleutel_id": "00000000",
            "contract_versie": "v0",
            "is_afgeleid_uren": False,
        }

    def _count(self, name: str) -> dict[str, Any]:
        rows, apart = len(self._rows.get(name, [])), self._quarantine.get(name, 0)
        counts = {"gelezen": rows + apart, "geaccepteerd": rows, "quarantaine": apart}
        zero = dict.fromkeys(("dubbel_samengevoegd", "totaalregels", "mojibake_hersteld", "gewist"), 0)
        return dict.fromkeys(TABEL) | {"tabel": name, "geleverd": name in self._rows} | counts | zero


def _columns(registry: Path) -> list[dict[str, str]]:
    with (registry / "contract_column.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _type(name: str) -> str:
    return _TYPES.get(name) or re.sub(r"^dec(?=\()", "DECIMAL", name)
