"""What every page says or links to: the publication, the areas and the KPIs, read once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from serving.gemeenten import EVERYDAY, simplify
from serving.publication import read_rows

Row = Mapping[str, Any]
BOUNDARIES = Path("kaart") / "gemeente.geojson"

_AREAS = "select * from gemeente order by gemeente_naam, gemeente_code"
_KPIS = """
select *
from kpi
order by
    array_position(['impact', 'effect', 'bereik', 'professional', 'activiteit', 'kwaliteit'], familie),
    leefgebied nulls last, split_part(kpi_id, ' ', 1), try_cast(split_part(kpi_id, ' ', 2) as integer) nulls last,
    kpi_id, model_versie desc
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """What every page knows.

    Attributes:
        publicatie: The row of table publicatie.
        areas: Row of table gemeente by code, in order of name: gemeenten, NL, ORG and GM9999.
        kpis: Rows of table kpi in the order of the model, with every version.
        boundaries: GeoJSON FeatureCollection of the gemeenten, `statcode` and `statnaam` in its properties; None when
            the publication has no map.
        folder: Folder of the publication, for what lies beside the site.
    """

    publicatie: Row
    areas: Mapping[str, Row]
    kpis: tuple[Row, ...]
    boundaries: Mapping[str, Any] | None
    folder: Path

    @property
    def gemeenten(self) -> list[Row]:
        """The real gemeenten, in order of name."""
        return [row for row in self.areas.values() if row["soort_gebied"] == "gemeente"]

    def everyday_names(self) -> dict[str, str]:
        """By code the name that people use, where it is another than the official one."""
        everyday = {official: name.title() for name, official in EVERYDAY.items()}
        found = {code: everyday.get(simplify(row["gemeente_naam"])) for code, row in self.areas.items()}
        return {code: name for code, name in found.items() if name}


def read_facts(connection: duckdb.DuckDBPyConnection, folder: Path) -> Facts:
    """Read what every page knows.

    Args:
        connection: Opened with `open_publication`.
        folder: Folder of the publication, where its map lies.
    """
    boundaries = folder / BOUNDARIES
    return Facts(
        publicatie=read_rows(connection, "select * from publicatie")[0],
        areas={row["gemeente_code"]: row for row in read_rows(connection, _AREAS)},
        kpis=tuple(read_rows(connection, _KPIS)),
        boundaries=json.loads(boundaries.read_text(encoding="utf-8")) if boundaries.exists() else None,
        folder=folder,
    )
