"""The glue between the warehouse and protection, on a real engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import duckdb
import pytest

from serving.disclosure import ExactRow
from serving.disclosure.warehouse import Registry, audit, protected_batch
from tests.serving.disclosure.small import count, counts_of, exact, kpi, relation, seed

EXACT = {
    "kpi_id": "VARCHAR",
    "model_versie": "VARCHAR",
    "variant": "VARCHAR",
    "uitsplitsing": "VARCHAR",
    "gemeente_code": "VARCHAR",
    "periode": "VARCHAR",
    "periode_soort": "VARCHAR",
    "jaar": "INTEGER",
    "teller": "DOUBLE",
    "noemer": "DOUBLE",
    "waarde": "DOUBLE",
    "n": "BIGINT",
    "grootste": "DOUBLE",
    "grootste_twee": "DOUBLE",
    "status": "VARCHAR",
    "ontbreekt_reden": "VARCHAR",
}
BATCH = {"is_nieuw": "BOOLEAN", "batch_id": "VARCHAR", "batch_datum": "DATE", "levering_editie": "VARCHAR"}
SMALL = {"GM01": 4, "GM02": 25, "ORG": 29}


@dataclass
class Warehouse:
    """A connection, with the relations that the models of the build hand over."""

    session: duckdb.DuckDBPyConnection

    def relation(self, name: str, rows: Sequence[Mapping[str, Any]], types: Mapping[str, str]) -> Any:
        columns = ", ".join(f"{column} {kind}" for column, kind in types.items())
        self.session.execute(f"create or replace table {name} ({columns})")
        if rows:
            marks = ", ".join("?" for _ in types)
            values = [[row.get(column) for column in types] for row in rows]
            self.session.executemany(f"insert into {name} values ({marks})", values)
        return self.session.table(name)

    def registry(self, **changes: str) -> Registry:
        """Three counts of which each holds the next."""
        kpis = [kpi(f"A {at}", teller_telling=name) for at, name in enumerate("tuv", 1)]
        counts = [count(name) for name in "tuv"]
        relations = [relation("t", "u", "omvat"), relation("u", "v", "omvat")]
        rules = [
            {**row, "waarde": changes.get(row["parameter"], row["waarde"])} for row in seed("disclosure_parameter")
        ]
        made = [
            self.relation(name, rows, dict.fromkeys(rows[0], "VARCHAR"))
            for name, rows in (("kpis", kpis), ("counts", counts), ("relations", relations), ("rules", rules))
        ]
        return Registry(*made)

    def batch(
        self, rows: Sequence[ExactRow], previous: Any, *, new: bool = True, name: str = "b2", **changes: str
    ) -> Any:
        """What the build would keep of these figures, and what the audit says of it."""
        decision = {"is_nieuw": new, "batch_id": name, "batch_datum": date(2024, 6, 1), "levering_editie": "e2"}
        given = {
            "batch": self.relation("decision", [decision], BATCH),
            "previous": previous,
            "registry": self.registry(**changes),
        }
        figures = self.relation("exact", [asdict(row) for row in rows], EXACT)
        made = protected_batch(self.session, exact=figures, indelingsjaar=2024, **given)
        made.create(f"protected_{name}")
        kept = self.session.table(f"protected_{name}")
        return kept, audit(self.session, protected=kept, **given).fetchall()

    def nothing(self) -> Any:
        """The batch before the first one."""
        empty, _ = self.batch([], self.relation("none", [], {"batch_id": "VARCHAR"}), new=False, name="b0")
        return empty


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    with duckdb.connect() as session:
        yield Warehouse(session)


def _figures(kept: Any) -> list[tuple[Any, ...]]:
    return (
        kept.project("gemeente_code, waarde, ontbreekt_reden, batch_id, batch_datum").order("gemeente_code").fetchall()
    )


def test_a_new_batch_is_protected_stamped_and_attacked(warehouse: Warehouse) -> None:
    """Rows would lose their batch on the way to the lake, or the attack would run on something else."""
    kept, findings = warehouse.batch(counts_of(SMALL | {"GM03": 60, "ORG": 89}), warehouse.nothing())

    day = date(2024, 6, 1)
    assert _figures(kept) == [
        ("GM01", None, "onderdrukt", "b2", day),
        ("GM02", None, "onderdrukt", "b2", day),
        ("GM03", 60, None, "b2", day),
        ("ORG", 90, None, "b2", day),
    ]
    assert dict(zip(kept.columns, map(str, kept.types), strict=True))["batch_datum"] == "DATE"
    assert [row[0] for row in findings] == ["samenvatting"]


def test_between_batches_the_figures_of_the_last_one_stand(warehouse: Warehouse) -> None:
    """Figures would change night by night, and each change tells whose records came in."""
    first, _ = warehouse.batch(counts_of({"ORG": 40}), warehouse.nothing(), name="b1")

    second, findings = warehouse.batch(counts_of({"ORG": 80}), first, new=False)

    assert _figures(second) == _figures(first)
    assert findings == []


def test_a_batch_that_cannot_be_made_safe_leaves_the_one_before(warehouse: Warehouse) -> None:
    """A leak would go out, or the whole publication would stop for it."""
    first, _ = warehouse.batch(counts_of({"ORG": 40}), warehouse.nothing(), name="b1")
    leaking = [
        exact("A 1", "ORG", "2023", 40),
        exact("A 2", "ORG", "2023", 39, n=5),
        exact("A 3", "ORG", "2023", 38),
    ]

    second, findings = warehouse.batch(leaking, first, audit_rondes="1")

    assert _figures(second) == _figures(first)
    assert [row[0] for row in findings] == ["tegengehouden"]


def test_the_audit_sees_a_leak_whoever_made_the_batch(warehouse: Warehouse) -> None:
    """The last door would trust the code that it has to check."""
    kept, _ = warehouse.batch(counts_of(SMALL | {"GM03": 60, "ORG": 89}), warehouse.nothing())
    warehouse.session.execute(
        "update protected_b2 set waarde = 25, teller = 25, ontbreekt_reden = null where gemeente_code = 'GM02'"
    )
    warehouse.session.execute("delete from protected_b2 where gemeente_code = 'GM03'")
    warehouse.session.execute("update protected_b2 set waarde = 30, teller = 30 where gemeente_code = 'ORG'")

    findings = audit(
        warehouse.session,
        batch=warehouse.session.table("decision"),
        protected=kept,
        previous=warehouse.session.table("protected_b0"),
        registry=warehouse.registry(),
    ).fetchall()

    assert [row[:7] for row in findings if row[0] == "lek"] == [("lek", "b2", "t", "GM01", "2024", 1, 9)]
