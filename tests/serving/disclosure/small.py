"""Small registries and exact rows for tests of disclosure control: everything filled in but the point of the test."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from serving.disclosure import Catalogue, ExactRow, Parameters, ProtectedRow
from serving.disclosure.rows import RowKey

REGISTRY = Path(__file__).resolve().parents[3] / "dbt_project" / "seeds" / "registry"


def seed(name: str) -> list[dict[str, str]]:
    """The rows of a seed of the registry."""
    with (REGISTRY / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def parameters(**changes: object) -> Parameters:
    """The registry's own parameters, with some changed."""
    records = [
        {**row, "waarde": str(changes.pop(row["parameter"], row["waarde"]))} for row in seed("disclosure_parameter")
    ]
    assert not changes, f"no such parameter: {sorted(changes)}"
    return Parameters.of(records)


def kpi(kpi_id: str, variant: str = "aantal", uitsplitsing: str = "totaal", **rest: Any) -> dict[str, str]:
    """A row of own_kpi: a count of persons unless said otherwise."""
    made = {
        "kpi_id": kpi_id,
        "variant": variant,
        "uitsplitsing": uitsplitsing,
        "lijst": "false",
        "soort_waarde": "aantal",
        "factor": "1",
        "noemer": "",
        "noemer_herkomst": "",
        "teller_telling": "",
        "noemer_telling": "",
        "bijdrager": "persoon",
        "nul_publiceren": "nee",
        **rest,
    }
    if made["noemer_telling"] or made["noemer_herkomst"]:
        made["noemer"] = made["noemer"] or "noemer"
        made["noemer_herkomst"] = made["noemer_herkomst"] or "eigen"
    return made


def share(kpi_id: str, teller: str, noemer: str, **rest: Any) -> dict[str, str]:
    """A percentage of two counts."""
    named = {"teller_telling": teller, "noemer_telling": noemer, "factor": "100", "soort_waarde": "percentage"}
    return kpi(kpi_id, "percentage", **{**named, **rest})


def count(telling: str, *, gebied: str = "som", periode: str = "som", gevoelig: str = "false") -> dict[str, str]:
    """A row of own_count."""
    return {"telling": telling, "som_gebied": gebied, "som_periode": periode, "gevoelig": gevoelig}


def relation(whole: str, part: str, soort: str = "som") -> dict[str, str]:
    """A row of own_count_relation."""
    return {"geheel": whole, "deel": part, "soort": soort}


def one_count(**settings: str) -> Catalogue:
    """A registry with one KPI: a count `t`."""
    return Catalogue.of([kpi("A 1", teller_telling="t")], [count("t", **settings)], [])


def exact(kpi_id: str, area: str, period: str, teller: float | None, **rest: Any) -> ExactRow:
    """An exact row; n is the numerator unless said otherwise."""
    noemer = rest.pop("noemer", None)
    made: dict[str, Any] = {
        "model_versie": "v2",
        "variant": "percentage" if noemer is not None else "aantal",
        "uitsplitsing": "totaal",
        "periode_soort": "kwartaal" if "Q" in period else "jaar",
        "jaar": int(period[:4]),
        "waarde": teller if noemer is None else (100 * (teller or 0) / noemer if noemer else None),
        "n": int(noemer if noemer is not None else teller or 0),
        "status": "definitief",
        "ontbreekt_reden": "noemer_nul" if noemer == 0 else None,
        **rest,
    }
    return ExactRow(kpi_id=kpi_id, gemeente_code=area, periode=period, teller=teller, noemer=noemer, **made)


def counts_of(values: Mapping[str, float], *, kpi_id: str = "A 1", period: str = "2024", **rest: Any) -> list[ExactRow]:
    """A count per area."""
    return [exact(kpi_id, area, period, value, **rest) for area, value in values.items()]


def shown(rows: Iterable[ProtectedRow]) -> dict[str, float | None]:
    """Published figure per area; null when hidden."""
    return {row.gemeente_code: row.waarde for row in rows}


def by_key(rows: Iterable[ProtectedRow]) -> dict[RowKey, ProtectedRow]:
    """Rows by their key."""
    return {row.key: row for row in rows}
