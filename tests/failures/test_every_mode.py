"""Every known way to go wrong: what comes of it, and what comes of it without its protection."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from _pytest.mark import ParameterSet

from tests.failures import protections
from tests.failures.conftest import OpenTheatre
from tests.failures.modes import MODES, OWN_MODES, PUBLISHED_MODES
from tests.failures.play import Mode, Protection, play


@pytest.mark.parametrize("mode", MODES, ids=str)
def test_a_night_that_goes_wrong_costs_nothing_but_itself(theatre_of: OpenTheatre, mode: Mode) -> None:
    """A wrong, half or lost figure, or a night without the other tables, because one thing went wrong."""
    with theatre_of(large=mode.large) as theatre:
        play(mode, theatre)


# Their harm shows only after many seconds: in the long tests.
_SLOW = {protections.RETRIES.name, protections.LEFTOVERS.name, protections.LOCK.name}


def _with_a_protection() -> Iterator[ParameterSet]:
    """Each mode with its protection; of the modes with the same one, all but the first only in the long tests."""
    seen = set(_SLOW)
    for mode in MODES:
        if mode.without:
            marks = [pytest.mark.long] if mode.without.name in seen else []
            seen.add(mode.without.name)
            yield pytest.param(mode, marks=marks, id=str(mode))


@pytest.mark.parametrize("mode", list(_with_a_protection()))
def test_without_its_protection_it_does_harm(
    theatre_of: OpenTheatre, mode: Mode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A test of a protection that passes without it is no test."""
    assert mode.without is not None
    with theatre_of(large=mode.large) as theatre:
        mode.without.take_out(monkeypatch, theatre)
        with pytest.raises(AssertionError, match=mode.without.harm):
            play(mode, theatre)


def test_every_published_failure_mode_is_played() -> None:
    """A mode that nobody plays is one that nobody is protected from."""
    played = {mode.number for mode in MODES}
    assert sorted(PUBLISHED_MODES) == list(range(1, 28))
    assert played == {*PUBLISHED_MODES, *OWN_MODES}


def test_every_protection_is_taken_out_in_a_test() -> None:
    """One that is listed and never missed may have stopped protecting."""
    listed = {item.name for item in vars(protections).values() if isinstance(item, Protection)}
    assert {mode.without.name for mode in MODES if mode.without} == listed
