"""Rounding and parameters: the small rules under everything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.disclosure import Parameters
from serving.disclosure.parameters import ParameterError
from serving.disclosure.rounding import exact_range, to_decimals, to_multiple, to_readable
from tests.serving.disclosure.small import parameters, seed


@pytest.mark.parametrize(
    ("value", "expected"), [(10, 10), (12, 10), (13, 15), (17, 15), (18, 20), (22, 20), (23, 25), (0, 0)]
)
def test_counts_go_to_the_nearest_five(value: int, expected: int) -> None:
    """A reader who rounds by hand gets another figure."""
    assert to_multiple(value, 5) == expected


@given(st.integers(0, 10_000), st.integers(1, 12))
def test_the_range_of_a_rounded_count_is_exactly_what_rounds_to_it(value: int, base: int) -> None:
    """An attacker who is given a range that is too wide misses a leak."""
    low, high = exact_range(to_multiple(value, base), base)

    assert low <= value <= high
    assert {to_multiple(one, base) for one in range(low, high + 1)} == {to_multiple(value, base)}
    assert to_multiple(high + 1, base) != to_multiple(value, base)


@pytest.mark.parametrize(
    ("value", "base", "expected"), [(43_249, 100, 43_200), (-9_135, 100, -9_100), (17.5, 1, 18), (-17.5, 1, -18)]
)
def test_amounts_round_the_same_on_both_sides_of_zero(value: float, base: int, expected: int) -> None:
    """Refunds would be rounded up and supplements down."""
    assert to_multiple(value, base) == expected


def test_decimals_are_rounded_as_they_are_written() -> None:
    """2.675 is stored as a little less, and would go down while 2.665 goes up."""
    assert (to_decimals(2.675, 2), to_decimals(37.5, 0), to_decimals(62.5, 0)) == (2.68, 38, 63)
    assert (to_readable(0.03448, 1), to_readable(6.8965, 1), to_readable(0, 1)) == (0.034, 6.9, 0)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(value: float) -> None:
    """A division by nothing would be published."""
    with pytest.raises(ValueError, match="cannot be published"):
        to_decimals(value, 1)


def test_what_follows_from_a_parameter_moves_with_it() -> None:
    """An organisation sets a stricter number and only half of the rules follow."""
    assert (parameters().drempel_terug, parameters().vastgehouden) == (15, 5)
    assert (parameters(drempel=15).drempel_terug, parameters(verschil_minimum=16).vastgehouden) == (20, 15)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"drempel": "tien"}, "drempel"),
        ({"drempel": "12"}, "drempel"),
        ({"a34_toestemming": "misschien"}, "a34_toestemming"),
        ({"afronding_methode": "willekeurig"}, "afronding_methode"),
        ({"dominantie_1": "0.9"}, "dominantie_1"),
        ({"audit_rondes": "0"}, "audit_rondes"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(changes: dict[str, object], named: str) -> None:
    """A typing error would switch a rule off."""
    with pytest.raises(ParameterError, match=named):
        parameters(**changes)


def test_a_parameter_that_is_missing_or_unknown_is_named() -> None:
    """A row that was lost would give a rule a number from nowhere."""
    rows = [row for row in seed("disclosure_parameter") if row["parameter"] != "marge_terug"]

    with pytest.raises(ParameterError, match=r"missing \['marge_terug'\], unknown \['drempl'\]"):
        Parameters.of([*rows, {"parameter": "drempl", "waarde": "10"}])
