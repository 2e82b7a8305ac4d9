"""Which gemeente somebody means."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.errors import WrongUseError
from serving.gemeenten import find_gemeente

NAMES = {
    "GM0758": "Breda",
    "GM0518": "'s-Gravenhage",
    "GM0796": "'s-Hertogenbosch",
    "GM1900": "Súdwest-Fryslân",
    "GM0373": "Bergen (NH.)",
    "GM0893": "Bergen (L.)",
    "GM0344": "Utrecht (gemeente)",
    "GM0748": "Bergen op Zoom",
    "NL": "Nederland",
}


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ("Breda", "GM0758"),
        (" bREDA ", "GM0758"),
        ("GM0758", "GM0758"),
        ("gm758", "GM0758"),
        ("758", "GM0758"),
        ("0758", "GM0758"),
        ("sudwest fryslan", "GM1900"),
        ("Súdwest-Fryslân", "GM1900"),
        ("Su\u0301dwest-Frysla\u0302n", "GM1900"),
        ("den haag", "GM0518"),
        ("'s-Gravenhage", "GM0518"),
        ("s gravenhage", "GM0518"),
        ("Den Bosch", "GM0796"),
        ("Utrecht", "GM0344"),
        ("bergen (l.)", "GM0893"),
        ("Bergen NH", "GM0373"),
        ("nl", "NL"),
        ("Nederland", "NL"),
    ],
)
def test_a_gemeente_is_found_as_people_write_it(wanted: str, code: str) -> None:
    """An advisor in Den Haag does not know that the statistics say 's-Gravenhage."""
    assert find_gemeente(wanted, NAMES) == code


@pytest.mark.parametrize(
    ("wanted", "guess"),
    [
        ("Berda", r"Bedoelt u Breda \(GM0758\)"),
        ("Sudwest", r"Bedoelt u Súdwest-Fryslân"),
        ("den hag", r"'s-Gravenhage \(GM0518\)"),
        ("GM9998", "Er is geen gemeente"),
        ("Atlantis", "Alle namen"),
        ("", "Er is geen gemeente"),
    ],
)
def test_an_unknown_name_gets_a_hint(wanted: str, guess: str) -> None:
    """'Not found' leaves somebody who mistyped without a way on."""
    with pytest.raises(WrongUseError, match=guess):
        find_gemeente(wanted, NAMES)


def test_a_name_that_two_gemeenten_share_is_not_guessed() -> None:
    """The figures of the other Bergen would go into the council paper."""
    with pytest.raises(WrongUseError, match=r"Bergen \(NH\.\) \(GM0373\) of Bergen \(L\.\) \(GM0893\)"):
        find_gemeente("Bergen", NAMES)


@given(st.text())
def test_any_text_finds_a_gemeente_or_is_refused_politely(wanted: str) -> None:
    """A stack trace for a strange character."""
    with contextlib.suppress(WrongUseError):
        assert find_gemeente(wanted, NAMES) in NAMES
