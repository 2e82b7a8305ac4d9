"""Which KPIs a failed dbt test touches: those of its failing rows, and all of them where its rows do not say.

Only ids leave the warehouse: a row of own data may be about one person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.checks import kpis_of
from orchestration.settings import REGISTRY, Settings
from sources.edition_checks.model import name_kpis
from sources.registry import LEVERING, Registry, load_registry
from sources.seeds import read_seed

_OWN = frozenset({"eigen", LEVERING})


@dataclass(frozen=True, slots=True)
class Touched:
    """The KPIs that a failed test touches.

    Attributes:
        kpis: their ids, sorted.
        named: as a message says it.
    """

    kpis: tuple[str, ...]
    named: str


def touched(test: Mapping[str, Any], sql: Path | None, settings: Settings) -> Touched:
    """Find the KPIs of the rows that fail a test; all (own) KPIs where that cannot be seen.

    Args:
        test: node of the test in the manifest.
        sql: what finds its failing rows, or None when dbt left nothing.
        settings: of the run; dbt must have let go of the warehouse.
    """
    found = _of_rows(sql.read_text(encoding="utf-8"), settings.locations.warehouse) if sql is not None else ()
    if found:
        return Touched(found, f"KPI {name_kpis(found)}")
    if _OWN & set(test["fqn"]):
        return Touched(_ids("own_kpi.csv"), "alle KPI's uit eigen gegevens")
    return Touched(_ids("kpi_register.csv"), "alle KPI's")


def _of_rows(sql: str, warehouse: Path) -> tuple[str, ...]:
    """The KPIs of failing rows by the first column that leads to them; none when there is no such column."""
    registry = load_registry(REGISTRY)
    leads: dict[str, Callable[[str], Iterable[str]]] = {
        "kpi_id": lambda kpi_id: [kpi_id],
        "series_id": lambda series_id: registry.kpis.get(series_id, ()),
        "reeks_id": lambda series_id: registry.kpis.get(series_id, ()),
        "bron_id": lambda bron_id: _of_table(bron_id, registry),
    }
    try:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            columns = {row[0] for row in connection.execute(f"describe from ({sql}\n)").fetchall()}
            column = next((column for column in leads if column in columns), None)
            if column is None:
                return ()
            values = connection.execute(
                f"select distinct {column} from ({sql}\n) where {column} is not null"
            ).fetchall()
    except duckdb.Error:
        # Somebody holds the warehouse, or a model that the test reads was not built: then all KPIs are named.
        return ()
    return tuple(sorted({kpi for (value,) in values for kpi in leads[column](str(value))}))


def _of_table(bron_id: str, registry: Registry) -> list[str]:
    return kpis_of(registry.tables[bron_id], registry) if bron_id in registry.tables else []


def _ids(seed: str) -> tuple[str, ...]:
    return tuple(sorted({row["kpi_id"] for _, row in read_seed(REGISTRY, seed, ("kpi_id",))}))
