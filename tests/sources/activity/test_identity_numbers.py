"""BSNs, IBANs and phone numbers by form and check digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.activity.identity_numbers import (
    embedded_numbers,
    has_iban,
    is_phone_number,
    passes_eleven_test,
    read_bsn_candidate,
)


@pytest.mark.parametrize(
    ("digits", "expected"),
    [("111222333", True), ("123456782", True), ("123456789", False), ("000000000", False)],
)
def test_the_vectors_of_the_eleven_test_hold(digits: str, expected: bool) -> None:
    """A wrong weight lets every BSN through."""
    assert passes_eleven_test(digits) is expected


@given(st.integers(0, 999_999_999))
def test_the_eleven_test_is_the_weighted_sum(number: int) -> None:
    """The fast sum by three digits has to be the plain one."""
    digits = f"{number:09d}"
    total = sum(weight * int(digit) for weight, digit in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), digits, strict=True))
    assert passes_eleven_test(digits) is (total % 11 == 0 and number != 0)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("123456782", "123456782"),
        ("123456782.0", "123456782"),
        ("1234.56.782", "123456782"),
        ("123 456 782", "123456782"),
        ("123.456.782", "123456782"),
        ("10000008", "010000008"),
        ("20250131", None),
        ("31012025", None),
        ("99999999", "099999999"),
        ("1234567", None),
        ("1234567820", None),
        ("12345678a", None),
        ("2025-01-31", None),
        ("\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669", None),
    ],
)
def test_a_number_of_nine_digits_is_known_however_it_is_written(cell: str, expected: str | None) -> None:
    """Excel takes the first zero away and a form puts points in: still a BSN; a date is none."""
    assert read_bsn_candidate(cell) == expected


def test_numbers_within_text_are_found() -> None:
    """A note with a BSN in it is a BSN."""
    assert embedded_numbers("bsn:123456782, tel 0612345678, nr 1234.56.782") == ["123456782", "123456782"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NL91ABNA0417164300", True),
        ("nl91 abna 0417 1643 00", True),
        ("graag op NL91ABNA0417164300 storten", True),
        ("NL91ABNA0417164301", False),
        ("BE68539007547034", True),
        ("GM0344\n\nGM0363", False),
        ("NL91ABNA04171643", False),
        ("XX91ABNA0417164300", False),
    ],
)
def test_an_iban_is_known_by_country_length_and_check_digits(text: str, expected: bool) -> None:
    """A file with account numbers may not come in, and a file with long codes may."""
    assert has_iban(text) is expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("0612345678", True),
        ("06-12345678", True),
        ("+31 6 12345678", True),
        ("0201234567", True),
        ("0012345678", False),
    ],
)
def test_a_phone_number_is_known(cell: str, expected: bool) -> None:
    """A phone number as client number identifies the client."""
    assert is_phone_number(cell) is expected
