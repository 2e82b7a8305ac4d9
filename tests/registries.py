"""Registry objects for tests: a series row or a source table with everything but the point of the test filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sources.registry import DimensionFilter, Jaren, Registry, SeriesRow, SourceTable
from tests.archives import CBS


def table(
    table_id: str, *, bron: Any = "cbs", host: str = CBS, indeling: str = "2024", on_service: bool = True
) -> SourceTable:
    """A source table of the registry."""
    return SourceTable(
        bron_id=f"{bron}_{table_id}",
        bron=bron,
        host=host,
        table_id=table_id,
        titel=f"Tabel {table_id}",
        indeling=indeling,
        ritme="jaarlijks",
        licentie="CC BY 4.0",
        bronvermelding=f"Bron: {table_id}",
        filter_op_dienst=on_service,
    )


def by_key(*keys: str) -> DimensionFilter:
    """Members by key."""
    return DimensionFilter("key", keys)


def by_title(*titles: str) -> DimensionFilter:
    """Members by title."""
    return DimensionFilter("title", titles)


def row(table_id: str, series_id: str = "reeks", **changes: Any) -> SeriesRow:
    """A series row on `cbs_<table_id>`; give `jaren` as the registry spells it and other fields by name."""
    fields: dict[str, Any] = {
        "series_id": series_id,
        "uitsplitsing": "totaal",
        "rol": "waarde",
        "onderdeel": 1,
        "edition_order": 1,
        "bron_id": f"cbs_{table_id}",
        "measure_stem": "Waarde",
        "measure_title": None,
        "measure_group": None,
        "dimension_filters": {},
        "region_dimension": "RegioS",
        "eenheid": "%",
        "multiplier": Decimal(1),
        "aggregation": "none",
        "periode_soort": "jaar",
        "jaren": "",
        "chain": "recast",
        "gebruik": "primair",
        "terugval_voor": None,
        "absent": "missing",
    }
    fields |= changes
    fields["jaren"] = Jaren.parse(fields["jaren"])
    return SeriesRow(**fields)


def registry(
    tables: Iterable[SourceTable], rows: Iterable[SeriesRow], kpis: Mapping[str, tuple[str, ...]] | None = None
) -> Registry:
    """A registry of these tables and rows."""
    return Registry({item.bron_id: item for item in tables}, tuple(rows), kpis or {})
