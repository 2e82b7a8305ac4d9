"""UTF-8 that was read as Windows-1252."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.activity.mojibake import looks_broken, repair

# With the euro sign, the curly quotes, the dash, the ellipsis and the trade mark.
DUTCH = "éèëïöüáóúçñÉËÖÜß\u20ac\u2018\u2019\u201c\u201d\u2013\u2026\u2122"


def misread(text: str) -> str:
    return "".join(bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in text.encode())


@pytest.mark.parametrize("letter", DUTCH)
def test_every_letter_of_a_dutch_export_comes_back(letter: str) -> None:
    """A name of a place or a code that differs by one letter matches nothing."""
    assert repair(misread(f"Cli{letter}nt")) == f"Cli{letter}nt"


@given(st.text("abc " + DUTCH, max_size=20))
def test_repair_undoes_the_wrong_reading_and_leaves_good_text(text: str) -> None:
    """A repair that also changes good text does more harm than the fault."""
    assert repair(misread(text)) == text
    assert repair(text) == text


def test_a_text_misread_twice_comes_back() -> None:
    """Two programs in a row did the same thing."""
    assert repair(misread(misread("Cliënt"))) == "Cliënt"


@pytest.mark.parametrize("text", ["CliÃ«nt met ë", "CliÃ?nt", "Ã« →"])
def test_what_cannot_be_put_back_exactly_is_not_guessed(text: str) -> None:
    """Half a repair makes a third spelling of the same code."""
    assert looks_broken(text)
    assert repair(text) is None
