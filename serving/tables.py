"""Which tables are published, and what their contract says: read from the exposure `kpi_mart` in the dbt manifest.

Knows the manifest's shape and nothing of files or databases. What a table means is written in its dbt contract only.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from serving.errors import PublicationError

EXPOSURE = "kpi_mart"
PUBLICATION_TABLE = "publicatie"
REVISION_TABLE = "kpi_revisie"
# Made by the publication step itself: they say something of publications, which dbt knows nothing of.
OWN_TABLES = frozenset({PUBLICATION_TABLE, REVISION_TABLE})
VOLATILE_KEY = "zegt_alleen_wanneer"


@dataclass(frozen=True, slots=True)
class PublishedColumn:
    """A column as its contract has it.

    Attributes:
        name: Column name.
        description: Dutch meaning, unit and what null means; becomes the comment that every client shows.
        data_type: DuckDB type of the contract; None when the contract does not say.
        is_volatile: True for a column that only says when or how something was looked at; it is published, but a
            change in it alone is no new publication (`config.meta.zegt_alleen_wanneer: true`).
    """

    name: str
    description: str
    data_type: str | None = None
    is_volatile: bool = False


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A table of the mart that goes into the publication.

    Attributes:
        name: Name in the publication.
        schema: Schema in the warehouse.
        relation: Name in the warehouse.
        key: Columns of the primary key, in the order in which rows are written; empty when no key is declared.
        description: Dutch description; its first sentence is the grain.
        columns: Every column, documented.
    """

    name: str
    schema: str
    relation: str
    key: tuple[str, ...]
    description: str
    columns: tuple[PublishedColumn, ...]


def published_tables(dbt_manifest: Path) -> list[PublishedTable]:
    """Read the tables of the exposure `kpi_mart`, in order of name.

    `publicatie` and `kpi_revisie` are left out: the publication step writes them.

    Args:
        dbt_manifest: `manifest.json` as `dbt parse` or `dbt build` leaves it.

    Raises:
        PublicationError: when the manifest or the exposure is missing, or a table or column has no description.
    """
    manifest = _read_manifest(dbt_manifest)
    exposure = _find_exposure(manifest, dbt_manifest)
    nodes = [manifest["nodes"][unique_id] for unique_id in _model_ids(exposure)]
    tables = [_table(node) for node in nodes if node["name"] not in OWN_TABLES]
    if not tables:
        raise PublicationError(
            f"exposure {EXPOSURE} in {dbt_manifest} names no models: list the published marts under its depends_on"
        )
    return sorted(tables, key=lambda table: table.name)


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise PublicationError(
            f"no dbt manifest at {path}: run `dbt parse` (make mart does it) before publishing"
        ) from error
    except json.JSONDecodeError as error:
        raise PublicationError(f"{path} is no JSON ({error}): remove it and run `dbt parse` again") from error
    return content


def _find_exposure(manifest: Mapping[str, Any], path: Path) -> Mapping[str, Any]:
    exposures: Mapping[str, Mapping[str, Any]] = manifest.get("exposures", {})
    for exposure in exposures.values():
        if exposure["name"] == EXPOSURE:
            return exposure
    found = ", ".join(sorted(exposure["name"] for exposure in exposures.values())) or "none"
    raise PublicationError(f"no exposure {EXPOSURE} in {path} (found: {found}): it is the list of what is published")


def _model_ids(exposure: Mapping[str, Any]) -> Sequence[str]:
    return [unique_id for unique_id in exposure["depends_on"]["nodes"] if unique_id.startswith("model.")]


def _table(node: Mapping[str, Any]) -> PublishedTable:
    table = PublishedTable(
        name=node["name"],
        schema=node["schema"],
        relation=node.get("alias") or node["name"],
        key=_key(node),
        description=_clean(node.get("description")),
        columns=tuple(_column(column) for column in node.get("columns", {}).values()),
    )
    _require_documentation(table)
    return table


def _column(column: Mapping[str, Any]) -> PublishedColumn:
    return PublishedColumn(
        name=column["name"],
        description=_clean(column.get("description")),
        data_type=column.get("data_type"),
        is_volatile=bool(_meta(column).get(VOLATILE_KEY, False)),
    )


def _key(node: Mapping[str, Any]) -> tuple[str, ...]:
    """Take the key from the contract's constraint, else from `meta.sleutel`, else from what dbt infers from tests."""
    for constraint in node.get("constraints", []):
        if constraint.get("type") == "primary_key" and constraint.get("columns"):
            return tuple(constraint["columns"])
    in_columns = tuple(
        name
        for name, column in node.get("columns", {}).items()
        if any(constraint.get("type") == "primary_key" for constraint in column.get("constraints", []))
    )
    return in_columns or tuple(_meta(node).get("sleutel") or node.get("primary_key") or ())


def _meta(part: Mapping[str, Any]) -> Mapping[str, Any]:
    meta: Mapping[str, Any] = part.get("config", {}).get("meta") or part.get("meta") or {}
    return meta


def _clean(text: str | None) -> str:
    return " ".join((text or "").split())


def _require_documentation(table: PublishedTable) -> None:
    missing = [column.name for column in table.columns if not column.description]
    if not table.description or not table.columns or missing:
        what = f"columns {', '.join(missing)}" if missing else "the table itself or all of its columns"
        raise PublicationError(
            f"published table {table.name} is not documented: {what} without a description; "
            f"write it in the model's YAML, advisors read it as comment"
        )
