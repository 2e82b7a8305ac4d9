"""What a second batch tells to who kept the first."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from serving.disclosure import Catalogue, ProtectedRow, attack, leaks, protect
from tests.serving.disclosure.small import by_key, count, counts_of, exact, kpi, one_count, parameters, relation, share
from tests.serving.disclosure.small import shown as figures
from tests.serving.disclosure.world import build_world, exact_rows

RULES = parameters()


def _next(before: dict[str, float], after: dict[str, float]) -> dict[str, float | None]:
    """What a second batch shows of the same period."""
    first = protect(counts_of(before), one_count(), RULES)
    second = protect(counts_of(after), one_count(), RULES, first.rows)
    assert second.passed
    assert not leaks(attack(second.rows, one_count(), RULES, first.rows))
    return figures(second.rows)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (12, 13, 10),
        (12, 17, 10),
        (12, 18, 20),
        (40, 31, 30),
        (40, 33, 40),
        (9, 12, None),
        (9, 14, None),
        (9, 15, 15),
        (20, 9, None),
        (40, 40, 40),
    ],
    ids=["flip", "two flips", "ten more", "ten less", "five less", "just over", "still", "over", "under", "same"],
)
def test_a_small_revision_waits_until_it_hides_ten(before: float, after: float, expected: float | None) -> None:
    """The moment that 10 becomes 15 tells that there are 13 now."""
    assert _next({"ORG": before}, {"ORG": after}) == {"ORG": expected}


def test_the_same_figures_are_shown_the_same_way_again() -> None:
    """A batch without news would change figures, and each change tells something."""
    values = {"GM01": 4, "GM02": 25, "GM03": 60, "GM04": 25, "ORG": 114}

    assert _next(values, values) == {"GM01": None, "GM02": None, "GM03": 60, "GM04": 25, "ORG": 115}


def test_the_gemeente_that_was_hidden_along_stays_hidden() -> None:
    """Last month B hid A, this month C would: who has both subtracts A."""
    before = {"GM01": 4, "GM02": 25, "GM03": 28, "ORG": 57}
    after = {"GM01": 4, "GM02": 29, "GM03": 28, "ORG": 61}

    assert _next(before, after) == {"GM01": None, "GM02": None, "GM03": 30, "ORG": 55}


def test_an_attacker_with_both_batches_finds_what_each_hides() -> None:
    """Two publications that are safe each give A away together; the audit must see that."""
    before, after = (
        [
            ProtectedRow("A 1", "v2", "aantal", "totaal", area, "2024", "jaar", 2024, value, value, None,
                         None if value is None else "definitief", "onderdrukt" if value is None else None)
            for area, value in values.items()
        ]
        for values in (
            {"GM01": None, "GM02": None, "GM03": 30, "ORG": 55},
            {"GM01": None, "GM02": 25, "GM03": None, "ORG": 55},
        )
    )  # fmt: skip

    assert not leaks(attack(before, one_count(), RULES))
    assert not leaks(attack(after, one_count(), RULES))
    (found,) = leaks(attack(after, one_count(), RULES, before))
    assert (found.cell.gemeente_code, found.met_vorige, found.minimum, found.maximum) == ("GM01", True, 0, 6 + 0)


def test_a_figure_that_moved_too_little_counts_as_a_leak() -> None:
    """Whoever publishes a revision of five publishes the five."""
    first, second = (protect(counts_of({"ORG": value}), one_count(), RULES).rows for value in (40, 44))

    assert [bound.soort for bound in leaks(attack(second, one_count(), RULES, first))] == ["verschil"]


def test_what_grows_is_shown_when_it_has_grown_enough() -> None:
    """The figures of the running year would stand still for ever."""
    rows: list[ProtectedRow] | None = None
    seen = []
    for value in (12, 16, 19, 24, 29, 40):
        rows = protect(counts_of({"ORG": value}), one_count(), RULES, rows).rows
        seen.append(rows[0].waarde)

    assert seen == [10, 10, 20, 20, 30, 40]


def test_a_mean_moves_with_its_denominator_or_by_a_tenth() -> None:
    """The mean of 20 and that of the same 20 and one more give the score of that one."""
    catalogue = Catalogue.of([kpi("A 4", "gemiddelde", noemer_telling="t", soort_waarde="duur")], [count("t")], [])

    def row(value: float, n: int):
        return exact("A 4", "ORG", "2024", value * n, noemer=n, variant="gemiddelde", waarde=value)

    first = protect([row(41.3, 20)], catalogue, RULES).rows
    shown = {
        (value, n): protect([row(value, n)], catalogue, RULES, first).rows[0].waarde
        for value, n in ((43.4, 21), (46.0, 21), (43.4, 30))
    }

    assert shown == {(43.4, 21): 41, (46.0, 21): 46, (43.4, 30): 43}


def test_a_percentage_moves_only_with_its_counts() -> None:
    """A percentage from fresh counts beside kept ones would show the change that was held back."""
    catalogue = Catalogue.of([share("A 9", "t", "n")], [count("t"), count("n")], [])
    first = protect([exact("A 9", "ORG", "2024", 40, noemer=80)], catalogue, RULES).rows

    (row,) = protect([exact("A 9", "ORG", "2024", 43, noemer=86)], catalogue, RULES, first).rows

    assert (row.waarde, row.teller, row.noemer) == (50, 40, 80)


def test_the_running_year_may_grow_in_a_hidden_gemeente() -> None:
    """A year that is not over is not the same number next month; taking it for one hides everything."""
    open_year = {"status": "onvolledig"}
    first_quarter = {"GM01": 4, "GM02": 25, "GM03": 60, "ORG": 89}
    second_quarter = {"GM01": 20, "GM02": 25, "GM03": 60, "ORG": 105}
    half = {area: first_quarter[area] + second_quarter[area] for area in first_quarter}
    before = [
        *counts_of(first_quarter, period="2024-Q1"),
        *counts_of(first_quarter, **open_year),
    ]
    after = [
        *counts_of(first_quarter, period="2024-Q1"),
        *counts_of(second_quarter, period="2024-Q2", **open_year),
        *counts_of(half, **open_year),
    ]
    first = protect(before, one_count(), RULES)
    second = protect(after, one_count(), RULES, first.rows)

    assert second.passed
    assert second.contradictions == 0
    year = figures(row for row in second.rows if row.periode == "2024")
    assert year["ORG"] == 195
    assert year["GM03"] == 120


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 100_000), st.lists(st.integers(0, 60), min_size=2, max_size=4))
def test_no_second_batch_gives_away_what_the_first_hid(seed: int, sizes: list[int]) -> None:
    """Late records, corrections and deletions in random places; each batch alone was safe."""
    counts = [count("all"), count("one"), count("two"), count("good")]
    relations = [relation("all", "one"), relation("all", "two")]
    kpis = [
        *(kpi("A 2", uitsplitsing=name, teller_telling=name) for name in ("all", "one", "two")),
        share("A 9", "good", "all"),
    ]
    catalogue = Catalogue.of(kpis, counts, relations)
    areas = {f"GM0{at}": size for at, size in enumerate(sizes)}
    draw = random.Random(seed)
    grown = {area: size + draw.choice([0, 0, 1, 3, 8, 20]) for area, size in areas.items()}
    first_rows, second_rows = (
        exact_rows(build_world(counts, relations, kpis, sizes=size, years=[2024], seed=seed % 50), kpis)
        for size in (areas, grown)
    )

    first = protect(first_rows, catalogue, RULES)
    second = protect(second_rows, catalogue, RULES, first.rows)

    assert second.passed
    assert not leaks(attack(second.rows, catalogue, RULES, first.rows))
    truth = {row.key: row for row in second_rows}
    earlier = by_key(first.rows)
    for key, row in by_key(second.rows).items():
        was, now = earlier[key].teller, row.teller
        if was is not None and now is not None:
            assert was == now or abs(was - now) >= 10
        if was is None and now is not None and key.variant == "aantal":
            assert (truth[key].n or 0) >= 15


def test_a_batch_is_the_same_whoever_makes_it() -> None:
    """The order in which rows come would decide what is hidden."""
    rows = counts_of({"GM01": 4, "GM02": 25, "GM03": 60, "ORG": 89})
    first = protect(rows, one_count(), RULES).rows
    later = [replace(row, teller=(row.teller or 0) + 3, n=(row.n or 0) + 3) for row in rows]

    assert protect(later, one_count(), RULES, first) == protect(later[::-1], one_count(), RULES, first[::-1])
