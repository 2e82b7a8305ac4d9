"""What the attacker works out, checked by counting every possibility in another way."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from serving.disclosure import Catalogue, ExactRow, ProtectedRow, attack, leaks, protect
from serving.disclosure.rounding import exact_range, to_multiple
from tests.serving.disclosure.small import count, kpi, one_count, parameters, relation, seed, share
from tests.serving.disclosure.world import build_world, exact_rows

RULES = parameters()
AREAS = ("GM01", "GM02", "GM03")
KPIS = {"A 1": "a", "A 2": "b", "A 3": "c"}
# A table of two counts and their sum, over three gemeenten and the organisation.
TABLE = Catalogue.of(
    [kpi(name, teller_telling=telling) for name, telling in KPIS.items()],
    [count(telling) for telling in KPIS.values()],
    [relation("c", "a"), relation("c", "b")],
)
Cell = tuple[str, str]


def _row(kpi_id: str, area: str, value: int | None, period: str = "2024") -> ProtectedRow:
    return ProtectedRow(
        kpi_id=kpi_id,
        model_versie="v2",
        variant="aantal",
        uitsplitsing="totaal",
        gemeente_code=area,
        periode=period,
        periode_soort="jaar",
        jaar=2024,
        waarde=value,
        teller=value,
        noemer=None,
        status=None if value is None else "definitief",
        ontbreekt_reden="onderdrukt" if value is None else None,
    )


def _with_margins(inside: Mapping[Cell, int]) -> dict[Cell, int]:
    table = dict(inside)
    for name in ("A 1", "A 2"):
        table[name, "ORG"] = sum(inside[name, area] for area in AREAS)
    for area in (*AREAS, "ORG"):
        table["A 3", area] = table["A 1", area] + table["A 2", area]
    return table


def _every_table(low: int, high: int) -> Iterator[dict[Cell, int]]:
    """Every table with a total from low to high."""
    cells = [(name, area) for name in ("A 1", "A 2") for area in AREAS]

    def fill(at: int, left: int) -> Iterator[tuple[int, ...]]:
        if at == len(cells) - 1:
            yield (left,)
            return
        for value in range(left + 1):
            for rest in fill(at + 1, left - value):
                yield (value, *rest)

    for total in range(low, high + 1):
        for values in fill(0, total):
            yield _with_margins(dict(zip(cells, values, strict=True)))


@pytest.mark.parametrize("draw", range(8))
@pytest.mark.parametrize("base", [1, 4])
def test_the_bounds_are_those_of_counting_every_table(draw: int, base: int) -> None:
    """A programme that says less than the numbers do passes a leak; one that says more hides for nothing."""
    chance = random.Random(f"{draw} {base}")
    rules = parameters(drempel=base, afronding=base, audit_breedte=1000, marge_terug=1)
    truth = _with_margins({(name, area): chance.randint(0, 3) for name in ("A 1", "A 2") for area in AREAS})
    total = ("A 3", "ORG")
    truth_shown = {
        key: to_multiple(value, base)
        for key, value in truth.items()
        if key == total or (value >= base and chance.random() < 0.6)
    }
    rows = [_row(*key, truth_shown.get(key)) for key in truth]

    ranges = {
        key: (max(exact_range(value, base)[0], base), exact_range(value, base)[1]) for key, value in truth_shown.items()
    }
    possible = [
        table
        for table in _every_table(*ranges[total])
        if all(low <= table[key] <= high for key, (low, high) in ranges.items())
    ]
    names = {telling: name for name, telling in KPIS.items()}
    found = {
        (names[bound.cell.maat], bound.cell.gemeente_code): (bound.minimum, bound.maximum)
        for bound in attack(rows, TABLE, rules)
    }

    assert found == {
        key: pytest.approx((min(table[key] for table in possible), max(table[key] for table in possible)), abs=1e-6)
        for key in truth.keys() - truth_shown.keys()
    }


def test_the_attacker_uses_what_a_percentage_leaves_over() -> None:
    """A denominator that is shown elsewhere bounds a hidden numerator; a rest of few gives it away."""
    catalogue = Catalogue.of(
        [kpi("A 2", teller_telling="n"), kpi("A 3", teller_telling="t"), share("A 9", "t", "n")],
        [count("t"), count("n")],
        [],
    )
    share_row = replace(_row("A 9", "ORG", None), variant="percentage")
    both = [_row("A 2", "ORG", 40), _row("A 3", "ORG", 35), share_row]
    one = [_row("A 2", "ORG", 40), _row("A 3", "ORG", None), share_row]

    (rest,) = attack(both, catalogue, RULES)
    teller, _ = attack(one, catalogue, RULES)

    assert (rest.noemer is not None, rest.minimum, rest.maximum, rest.is_leak) == (True, 1, 9, True)
    assert not teller.is_leak
    assert teller.maximum <= 42


def test_a_person_in_two_gemeenten_makes_no_sum_but_still_bounds() -> None:
    """Distinct persons would be subtracted as if each counted in one gemeente, or not be bound at all."""
    rows = [_row("A 1", "GM01", 40), _row("A 1", "GM02", None), _row("A 1", "ORG", 45)]

    (bound,) = attack(rows, one_count(gebied="distinct"), parameters(audit_breedte=1000))

    # At least what the others do not have: 43 - 42; at most everybody.
    assert (bound.minimum, bound.maximum) == (1, 47)


def test_the_overlap_of_quarters_bounds_a_year() -> None:
    """A case that runs all year is in four quarters: the year is not their sum, but no less than each."""
    rows = [
        _row("A 1", "GM01", None, "2024"),
        *(_row("A 1", "GM01", 50, f"2024-Q{quarter}") for quarter in range(1, 5)),
    ]

    (bound,) = attack(rows, one_count(periode="overlap"), parameters(audit_breedte=1000))

    assert (bound.minimum, bound.maximum) == (48, 208)


def test_figures_that_contradict_each_other_are_attacked_all_the_same() -> None:
    """One wrong KPI would blind the attacker for everything that hangs together with it."""
    rows = [_row("A 1", "GM01", None), _row("A 1", "GM02", 80), _row("A 1", "ORG", 30)]

    (bound,) = attack(rows, one_count(), RULES)

    assert bound.is_leak
    assert bound.minimum == 0


def test_the_attacker_reads_no_exact_figures() -> None:
    """An audit with the answers in hand proves nothing: its input has no place for them."""
    assert not {"n", "grootste", "grootste_twee", "spreiding"} & set(ProtectedRow.__dataclass_fields__)


@st.composite
def _batches(draw: st.DrawFn) -> tuple[Catalogue, list[ExactRow]]:
    """A random organisation: gemeenten, quarters, categories, percentages and subsets."""
    areas = draw(st.lists(st.integers(0, 60), min_size=1, max_size=4))
    kind = draw(st.sampled_from(["som", "overlap", "stand", "distinct"]))
    # A subset of a stock is a stock: the year of the one is not part of the year of the other otherwise.
    other = kind if kind == "stand" else draw(st.sampled_from(["som", "overlap", "stand", "distinct"]))
    counts = [count(name, periode=kind) for name in ("all", "one", "two", "good")] + [count("few", periode=other)]
    relations = [relation("all", "one"), relation("all", "two"), relation("all", "few", "omvat")]
    kpis = [
        *(kpi("A 2", uitsplitsing=name, teller_telling=name) for name in ("all", "one", "two", "few")),
        share("A 9", "good", "all"),
        share("A 10", "one", "all"),
        kpi("A 32", "gemiddelde", noemer_telling="few", soort_waarde="gemiddelde"),
    ]
    world = build_world(
        counts,
        relations,
        kpis,
        sizes={f"GM0{at}": size for at, size in enumerate(areas)},
        years=[2024],
        seed=draw(st.integers(0, 10_000)),
    )
    return Catalogue.of(kpis, counts, relations), exact_rows(world, kpis)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_batches())
def test_nothing_hidden_can_be_worked_out_from_any_table(batch: tuple[Catalogue, list[ExactRow]]) -> None:
    """Suppression that only holds for the examples somebody thought of."""
    catalogue, rows = batch

    result = protect(rows, catalogue, RULES)

    assert result.passed
    bounds = attack(result.rows, catalogue, RULES)
    # A solver gives bounds to its own tolerance: 36.9999999 is 37.
    assert all(bound.maximum - bound.minimum >= RULES.audit_breedte - 1e-6 for bound in bounds)
    assert result.contradictions == 0


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_batches())
def test_no_figure_of_few_is_ever_shown(batch: tuple[Catalogue, list[ExactRow]]) -> None:
    """A count, denominator or rest below ten, or a number that is not rounded, goes out."""
    catalogue, rows = batch
    truth = {row.key: row for row in rows}

    for row in protect(rows, catalogue, RULES).rows:
        before = truth[row.key]
        if row.waarde is None:
            assert (row.teller, row.noemer, row.ontbreekt_reden) == (None, None, "onderdrukt")
            continue
        assert min(value for value in (row.teller, row.noemer) if value is not None) >= 10
        assert all(value % 5 == 0 for value in (row.teller, row.noemer) if value is not None)
        assert (before.n or 0) >= 10
        if row.variant == "percentage":
            assert before.teller is not None
            assert before.noemer is not None
            assert min(before.teller, before.noemer - before.teller) >= 10


@pytest.mark.long
def test_the_whole_registry_is_protected_within_the_time_of_a_night() -> None:
    """Every KPI of the registry at once, for more cells than an organisation has."""
    kpis, counts, relations = seed("own_kpi"), seed("own_count"), seed("own_count_relation")
    sizes = {f"GM{at:04}": 3 * 2**at for at in range(8)}
    world = build_world(counts, relations, kpis, sizes=sizes, years=[2022, 2023, 2024])
    catalogue = Catalogue.of(kpis, counts, relations)

    result = protect(exact_rows(world, kpis), catalogue, RULES)

    assert result.passed
    assert not leaks(attack(result.rows, catalogue, RULES))
