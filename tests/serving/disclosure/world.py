"""A made-up organisation: units with traits, counted as the registry's own counts, so that all sums and subsets hold.

Every count is the size of a set of units; a part is a subset of its whole, so no relation is ever contradicted.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from serving.disclosure import ExactRow
from serving.disclosure.catalogue import COUNTED

Record = Mapping[str, str]
Units = frozenset[str]
ORG = "ORG"


@dataclass(frozen=True)
class World:
    """The sets of units behind every count.

    Attributes:
        sets: Per count, area and period its units.
        periods: Quarters and years.
        areas: Gemeenten and the organisation.
    """

    sets: Mapping[tuple[str, str, str], Units]
    periods: tuple[str, ...]
    areas: tuple[str, ...]

    def size(self, telling: str, area: str, period: str) -> int:
        return len(self.sets[telling, area, period])


def build_world(
    counts: Sequence[Record],
    relations: Sequence[Record],
    kpis: Sequence[Record],
    *,
    sizes: Mapping[str, int],
    years: Sequence[int],
    seed: int = 0,
) -> World:
    """Draw the units of every count; `sizes` gives roughly how many a gemeente has in a quarter."""
    kinds = {row["telling"]: row["som_periode"] for row in counts}
    parents, partition, takes_in, same = _structure(counts, relations, kpis)
    sets: dict[tuple[str, str, str], Units] = {}
    for telling in _parents_first(kinds, parents, takes_in):
        for area, size in sizes.items():
            for year in years:
                draw = random.Random(f"{seed} {telling} {area} {year}")
                quarters = [f"{year}-Q{number}" for number in range(1, 5)]
                share = 1.0 if telling in same else draw.choice([0.1, 0.4, 0.6, 0.9, 0.97])
                drawn = _quarters(telling, area, quarters, size, kinds, parents, partition, sets, draw, share)
                for part in takes_in.get(telling, ()):
                    drawn = [units | sets[part, area, at] for units, at in zip(drawn, quarters, strict=True)]
                for quarter, units in zip(quarters, drawn, strict=True):
                    sets[telling, area, quarter] = units
                year_set = drawn[-1] if kinds[telling] == "stand" else frozenset().union(*drawn)
                sets[telling, area, str(year)] = year_set
    periods = tuple(f"{year}{part}" for year in years for part in ("", "-Q1", "-Q2", "-Q3", "-Q4"))
    for telling in kinds:
        for period in periods:
            sets[telling, ORG, period] = frozenset().union(*(sets[telling, area, period] for area in sizes))
    _check_areas(counts, sets, sizes, periods)
    return World(sets, periods, (*sizes, ORG))


def exact_rows(world: World, kpis: Sequence[Record], *, seed: int = 0) -> list[ExactRow]:
    """Every figure of the registry, computed from the sets."""
    return [
        _row(world, kpi, area, period, random.Random(f"{seed} {kpi['kpi_id']} {kpi['variant']} {area} {period}"))
        for kpi in kpis
        for area in world.areas
        for period in world.periods
    ]


def _structure(
    counts: Sequence[Record], relations: Sequence[Record], kpis: Sequence[Record]
) -> tuple[dict[str, set[str]], dict[str, tuple[str, ...]], dict[str, set[str]], set[str]]:
    """Per count what it is drawn from, the parts it is divided with, those it takes in; and which are other names."""
    known = {row["telling"] for row in counts}
    whole_of = {row["deel"]: row["geheel"] for row in relations if row["soort"] == "som"}
    parts: dict[str, list[str]] = defaultdict(list)
    for part, whole in whole_of.items():
        parts[whole].append(part)
    parents: dict[str, set[str]] = defaultdict(set)
    takes_in: dict[str, set[str]] = defaultdict(set)
    same: set[str] = set()
    for row in sorted(relations, key=lambda row: row["soort"] != "gelijk"):
        if row["soort"] == "som":
            parents[row["deel"]].add(row["geheel"])
        elif row["soort"] == "gelijk":
            # Another name for the same units: the one that is divided comes first.
            divided, other = sorted((row["geheel"], row["deel"]), key=lambda name: name not in whole_of)
            parents[other] = {divided}
            same.add(other)
        elif row["deel"] in same:
            continue
        elif row["deel"] in whole_of:
            # What is divided cannot leave units out: another count that covers it takes it in.
            takes_in[row["geheel"]].add(row["deel"])
        else:
            parents[row["deel"]].add(row["geheel"])
    for kpi in kpis:
        is_share = kpi["soort_waarde"] == "percentage" and kpi["noemer_telling"] in known
        if is_share and kpi["teller_telling"] not in whole_of.keys() | same:
            parents[kpi["teller_telling"]].add(kpi["noemer_telling"])
    return parents, {part: tuple(sorted(parts[whole])) for part, whole in whole_of.items()}, takes_in, same


def _parents_first(
    kinds: Iterable[str], parents: Mapping[str, set[str]], takes_in: Mapping[str, set[str]]
) -> list[str]:
    order: list[str] = []

    def visit(telling: str) -> None:
        if telling not in order:
            for needed in sorted(parents.get(telling, set()) | takes_in.get(telling, set())):
                visit(needed)
            order.append(telling)

    for telling in kinds:
        visit(telling)
    return order


def _quarters(telling, area, quarters, size, kinds, parents, partition, sets, draw, share) -> list[Units]:
    """The units of a count in each quarter of a year."""
    above = parents.get(telling)
    if above:
        inside = [frozenset.intersection(*(sets[parent, area, quarter] for parent in above)) for quarter in quarters]
    else:
        inside = _fresh(telling, area, quarters, int(size * draw.choice([0.3, 1, 1, 2])), kinds[telling], draw)
    if telling in partition:
        names = partition[telling]
        inside = [frozenset(unit for unit in units if _trait(unit, names) == names.index(telling)) for units in inside]
    elif above:
        kept = {unit for unit in sorted(frozenset().union(*inside)) if draw.random() < share}
        inside = [units & kept for units in inside]
    if kinds[telling] == "som":
        inside = _once(inside)
    return inside


def _fresh(telling: str, area: str, quarters: Sequence[str], size: int, kind: str, draw: random.Random) -> list[Units]:
    if kind == "som":
        return [frozenset(f"{telling} {area} {quarter} {number}" for number in range(size)) for quarter in quarters]
    pool = [f"{telling} {area} {quarters[0]} {number}" for number in range(2 * size)]
    return [frozenset(unit for unit in pool if draw.random() < 0.5) for _ in quarters]


def _trait(unit: str, names: tuple[str, ...]) -> int:
    """The class of a unit; the same for valid answers and positive ones, so that one stays inside the other."""
    plain = [name.replace("_positief", "").replace("_geldig", "").replace("_goed", "") for name in names]
    return random.Random(f"{unit} {plain}").choices(range(len(names)), [5, 3, 1, 1, 1, 1][: len(names)])[0]


def _once(quarters: Sequence[Units]) -> list[Units]:
    """Something that happens once to a unit happens in the first quarter that it can."""
    seen: set[str] = set()
    found = []
    for units in quarters:
        found.append(frozenset(units - seen))
        seen |= units
    return found


def _check_areas(counts, sets, sizes, periods) -> None:
    for row in counts:
        for period in periods:
            together = sum(len(sets[row["telling"], area, period]) for area in sizes)
            assert len(sets[row["telling"], ORG, period]) == together


def _row(world: World, kpi: Record, area: str, period: str, draw: random.Random) -> ExactRow:
    kind, factor = kpi["soort_waarde"], float(kpi["factor"] or 1)
    teller = noemer = None
    largest = two = None
    if kind in COUNTED:
        teller = (
            world.size(kpi["teller_telling"], area, period) if kpi["teller_telling"] else float(draw.randint(0, 50))
        )
        if kpi["noemer_telling"]:
            noemer = world.size(kpi["noemer_telling"], area, period)
            teller = teller if kpi["teller_telling"] else 7.3 * noemer
        elif kpi["noemer"]:
            noemer = 10_000.0 if kpi["noemer_herkomst"] == "open" else float(draw.randint(1, 50))
        n = int(teller if noemer is None or kpi["noemer_herkomst"] == "open" else noemer)
    else:
        teller, noemer = draw.uniform(0, 1e5), draw.uniform(1, 1e5) if kpi["noemer"] else None
        n, largest = draw.randint(0, 60), draw.uniform(0.05, 0.6)
        two = min(1.0, 1.5 * largest)
    reason = "noemer_nul" if noemer == 0 else None
    value = None if reason else (draw.uniform(3, 90) if kind == "duur" else factor * teller / (noemer or 1))
    return ExactRow(
        kpi_id=kpi["kpi_id"],
        model_versie="v2",
        variant=kpi["variant"],
        uitsplitsing=kpi["uitsplitsing"] + (": x" if kpi["lijst"] == "true" else ""),
        gemeente_code=area,
        periode=period,
        periode_soort="jaar" if len(period) == 4 else "kwartaal",
        jaar=int(period[:4]),
        teller=float(teller),
        noemer=None if noemer is None else float(noemer),
        waarde=value,
        n=n,
        grootste=largest,
        grootste_twee=two,
        status=None if reason else "definitief",
        ontbreekt_reden=reason,
    )
