"""Between the warehouse and disclosure control: relations in, relations out. What dbt's python models call.

Holds no rule. Rows go through plain Python, without pandas or Arrow, and are written back in bounded chunks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import duckdb

from serving.disclosure.attack import Attacker, Bound, leaks
from serving.disclosure.catalogue import Catalogue
from serving.disclosure.parameters import Parameters
from serving.disclosure.protect import protect
from serving.disclosure.rows import ExactRow, ProtectedRow
from serving.disclosure.view import observe

Record = dict[str, Any]
_CHUNK = 20_000
_PROTECTED_TYPES = {
    "kpi_id": "VARCHAR",
    "model_versie": "VARCHAR",
    "variant": "VARCHAR",
    "uitsplitsing": "VARCHAR",
    "gemeente_code": "VARCHAR",
    "periode": "VARCHAR",
    "periode_soort": "VARCHAR",
    "jaar": "INTEGER",
    "waarde": "DOUBLE",
    "teller": "DOUBLE",
    "noemer": "DOUBLE",
    "status": "VARCHAR",
    "ontbreekt_reden": "VARCHAR",
    "onderdrukking": "VARCHAR",
    "levering_editie": "VARCHAR",
    "batch_id": "VARCHAR",
    "batch_datum": "DATE",
    "indelingsjaar": "INTEGER",
}
_AUDIT_TYPES = {
    "soort": "VARCHAR",
    "batch_id": "VARCHAR",
    "maat": "VARCHAR",
    "gemeente_code": "VARCHAR",
    "periode": "VARCHAR",
    "minimum": "DOUBLE",
    "maximum": "DOUBLE",
    "met_vorige": "BOOLEAN",
    "toelichting": "VARCHAR",
}
_UNSOLVED = "tegengehouden"


@dataclass(frozen=True, slots=True)
class Registry:
    """The seeds that say how own figures are protected; relations of the warehouse.

    Attributes:
        kpis: Seed own_kpi.
        counts: Seed own_count.
        relations: Seed own_count_relation.
        parameters: Seed disclosure_parameter.
    """

    kpis: duckdb.DuckDBPyRelation
    counts: duckdb.DuckDBPyRelation
    relations: duckdb.DuckDBPyRelation
    parameters: duckdb.DuckDBPyRelation

    def read(self) -> tuple[Catalogue, Parameters]:
        """Read the registry.

        Raises:
            CatalogueError: when a figure names a count that is not there.
            ParameterError: when a parameter is missing or not usable.
        """
        catalogue = Catalogue.of(_records(self.kpis), _records(self.counts), _records(self.relations))
        return catalogue, Parameters.of(_records(self.parameters))


def protected_batch(
    session: duckdb.DuckDBPyConnection,
    *,
    batch: duckdb.DuckDBPyRelation,
    exact: duckdb.DuckDBPyRelation,
    previous: duckdb.DuckDBPyRelation,
    registry: Registry,
    indelingsjaar: int | None,
) -> duckdb.DuckDBPyRelation:
    """Protect a new batch, or carry the one before on.

    The batch before is carried on too when the attacker cannot be kept out of the new one: then no row has the id that
    the decision gave.

    Args:
        session: Connection of the build.
        batch: The decision, one row of int_batch.
        exact: Exact figures.
        previous: The batch that readers have, empty when there is none.
        registry: The seeds.
        indelingsjaar: Division that the codes of the new batch are on.
    """
    (decision,) = _records(batch)
    earlier = list(_records(previous))
    rows: list[Record] = []
    if decision["is_nieuw"]:
        catalogue, parameters = registry.read()
        before = [ProtectedRow.of(record) for record in earlier] or None
        result = protect((ExactRow.of(record) for record in _records(exact)), catalogue, parameters, before)
        stamp = {
            "levering_editie": decision["levering_editie"],
            "batch_id": decision["batch_id"],
            "batch_datum": decision["batch_datum"],
            "indelingsjaar": indelingsjaar,
        }
        if result.passed:
            rows = [{**_as_record(row), **stamp} for row in result.rows]
    return _relation(session, "eigen_beschermd", rows or earlier, _PROTECTED_TYPES)


def audit(
    session: duckdb.DuckDBPyConnection,
    *,
    batch: duckdb.DuckDBPyRelation,
    protected: duckdb.DuckDBPyRelation,
    previous: duckdb.DuckDBPyRelation,
    registry: Registry,
) -> duckdb.DuckDBPyRelation:
    """Attack a new batch as it stands in the warehouse; one row per leak, and one that sums up.

    Args:
        session: Connection of the build.
        batch: The decision, one row of int_batch.
        protected: What `protected_batch` made.
        previous: The batch that readers have, empty when there is none.
        registry: The seeds.
    """
    (decision,) = _records(batch)
    made = [record for record in _records(protected) if record["batch_id"] == decision["batch_id"]]
    rows: list[Record] = []
    if decision["is_nieuw"]:
        catalogue, parameters = registry.read()
        earlier = [ProtectedRow.of(record) for record in _records(previous)]
        before = observe(earlier, catalogue, parameters) if earlier else None
        attacker = Attacker(catalogue, parameters, before)
        bounds = attacker.bounds(observe((ProtectedRow.of(record) for record in made), catalogue, parameters))
        rows = [_finding(bound, decision["batch_id"]) for bound in leaks(bounds)]
        rows.append(_summary(decision["batch_id"], len(made), len(bounds), attacker.contradictions))
    return _relation(session, "eigen_audit", rows, _AUDIT_TYPES)


def _summary(batch_id: str, rows: int, bounds: int, contradictions: int) -> Record:
    if not rows:
        text = "De nieuwe cijfers konden niet veilig worden gemaakt; de vorige batch blijft staan."
    else:
        text = (
            f"{rows} cijfers, {bounds} verborgen aantallen aangevallen, {contradictions} verbanden die de cijfers "
            "zelf tegenspreken."
        )
    return {"soort": "samenvatting" if rows else _UNSOLVED, "batch_id": batch_id, "toelichting": text}


def _finding(bound: Bound, batch_id: str) -> Record:
    rest = "" if bound.noemer is None else f"rest van {bound.noemer.maat} na "
    return {
        "soort": "lek",
        "batch_id": batch_id,
        "maat": rest + bound.cell.maat,
        "gemeente_code": bound.cell.gemeente_code,
        "periode": bound.cell.periode,
        "minimum": bound.minimum,
        "maximum": bound.maximum,
        "met_vorige": bound.met_vorige,
        "toelichting": bound.soort,
    }


def _records(relation: duckdb.DuckDBPyRelation) -> Iterator[Record]:
    names = relation.columns
    for row in relation.fetchall():
        yield dict(zip(names, row, strict=True))


def _as_record(row: ProtectedRow) -> Record:
    return {field.name: getattr(row, field.name) for field in fields(row)}


def _relation(
    session: duckdb.DuckDBPyConnection, name: str, rows: Iterable[Mapping[str, Any]], types: Mapping[str, str]
) -> duckdb.DuckDBPyRelation:
    """Put rows in a temporary table, in the order of `types`; columns that a row lacks are null."""
    columns = ", ".join(f"{column} {kind}" for column, kind in types.items())
    session.execute(f"create or replace temp table {name} ({columns})")
    structure = json.dumps([dict(types)])
    chunk: list[dict[str, Any]] = []
    for row in rows:
        chunk.append({column: row.get(column) for column in types})
        if len(chunk) == _CHUNK:
            _insert(session, name, structure, chunk)
            chunk = []
    _insert(session, name, structure, chunk)
    return session.sql(f"from {name}")


def _insert(session: duckdb.DuckDBPyConnection, name: str, structure: str, chunk: list[dict[str, Any]]) -> None:
    # One JSON text: a Python row at a time is a hundred times slower, and pandas is not wanted here.
    session.execute(
        f"insert into {name} select unnest(from_json(?::json, ?), recursive := true)",
        [json.dumps(chunk, default=str), structure],
    )
