"""The results chain of an area as a page shows it: whom the organisation reaches, what they say, how the gemeente does.

Reads `resultaatketen` and `resultaatketen_schakel`. To stand beside each other does not say that one causes the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import duckdb

from serving.render import dutch_number, with_unit
from serving.site.by_area import ByArea
from serving.words import STATUS, interval, reason

Row = Mapping[str, Any]

# Why there is no figure of the organisation where it does not work.
_ELSEWHERE = "eigen_levering_nodig"
_CHAIN = "select * from resultaatketen order by gemeente_code, leefgebied"
_LINKS = """
select *
from resultaatketen_schakel
order by gemeente_code, leefgebied, beoogd_effect, impact_kpi_id, effect_kpi_id
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One figure in the chain.

    Attributes:
        kpi_id: Id of the KPI; None when the model has none here.
        naam: Its name; may be empty.
        waarde: Figure with unit; empty when there is none.
        hoe: Its period, how final it is and its interval; empty without a figure.
        reden: Why there is none; empty when there is one.
        eerder: The figure before with its period; empty when there is none to lay beside it.
    """

    kpi_id: str | None
    naam: str
    waarde: str
    hoe: str
    reden: str
    eerder: str


@dataclass(frozen=True, slots=True)
class Link:
    """An effect on participants beside the impact it is meant for."""

    effect: Step
    impact: Step


@dataclass(frozen=True, slots=True)
class Aim:
    """An intended effect with its links.

    Attributes:
        code: As in the model, `E 4.1`.
        naam: What is intended.
        schakels: Its links.
    """

    code: str
    naam: str
    schakels: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """The chain of one leefgebied.

    Attributes:
        leefgebied: Number.
        is_eigen: The organisation has a registration here.
        bereik: Whom it reaches.
        deelnemers: Number of participants with its year; empty when unknown or held back.
        effecten: How many effects have a figure.
        professionals: What professionals see with participants, per question about this leefgebied.
        impact: The same as of the effects, for impact.
        doelen: Intended effects with their links.
    """

    leefgebied: int
    is_eigen: bool
    bereik: Step
    deelnemers: str
    effecten: str
    professionals: tuple[Step, ...]
    impact: str
    doelen: tuple[Aim, ...]


class Chains:
    """The chains of every area, for whoever asks for the areas in order of code."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._chains = ByArea(connection, _CHAIN)
        self._links = ByArea(connection, _LINKS)

    def take(self, code: str) -> dict[int, Chain]:
        """Return the chain of each leefgebied of an area; none where the mart has none."""
        found = groupby(self._links.take(code), key=lambda row: row["leefgebied"])
        links = {leefgebied: list(rows) for leefgebied, rows in found}
        return {row["leefgebied"]: _chain(row, links.get(row["leefgebied"], [])) for row in self._chains.take(code)}


def _chain(row: Row, links: Sequence[Row]) -> Chain:
    people = row["deelnemers"]
    return Chain(
        leefgebied=row["leefgebied"],
        is_eigen=row["bereik_reden"] != _ELSEWHERE,
        bereik=_step(row, "bereik", ""),
        deelnemers="" if people is None else f"{dutch_number(people)} deelnemers ({row['deelnemers_periode']})",
        effecten=_counts(row, "effecten", "effecten"),
        professionals=tuple({link["professional_kpi_id"]: _step(link, "professional", "") for link in links}.values()),
        impact=_counts(row, "impact_kpis", "impact"),
        doelen=tuple(
            Aim(code, name or "", tuple(map(_link, rows)))
            for (code, name), rows in groupby(
                links, key=lambda link: (link["beoogd_effect"], link["beoogd_effect_omschrijving"])
            )
        ),
    )


def _counts(row: Row, total: str, kind: str) -> str:
    # No count of what went up or down: a difference of two figures is no test.
    return f"{row[f'{kind}_met_cijfer']} van {row[total]} KPI's met een cijfer"


def _link(row: Row) -> Link:
    return Link(
        effect=_step(row, "effect", row["effect_naam"]),
        impact=_step(row, "impact", row["impact_naam"]),
    )


def _step(row: Row, kind: str, name: str | None) -> Step:
    unit = row.get(f"{kind}_eenheid", "%")
    value = with_unit(row[f"{kind}_waarde"], unit)
    kpi_id = row[f"{kind}_kpi_id"]
    before = with_unit(row[f"{kind}_vorige_waarde"], unit)
    return Step(
        kpi_id=kpi_id,
        naam=name or "",
        waarde=value,
        hoe=_how(row, kind, unit) if value else "",
        reden=reason(row[f"{kind}_reden"]) if kpi_id and not value else "",
        eerder=f"eerder {before} ({row[f'{kind}_vorige_periode']}), niet getoetst" if before else "",
    )


def _how(row: Row, kind: str, unit: str) -> str:
    low, high = row[f"{kind}_oi_laag"], row[f"{kind}_oi_hoog"]
    sure = interval({"oi_laag": low, "oi_hoog": high}, with_unit(low, unit), with_unit(high, unit))
    status = row[f"{kind}_status"]
    return ", ".join(filter(None, (row[f"{kind}_periode"], STATUS.get(status, status), sure)))
