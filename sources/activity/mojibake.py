"""UTF-8 that was once read as Windows-1252 (`CliÃ«nt`): recognise it, and repair it only where that is exact.

What does not belong here: finding the encoding of a file.
"""

from __future__ import annotations

import re

# How Windows-1252 shows the bytes 80 to BF, which UTF-8 uses for all but the first byte of a character.
_TAIL = re.escape("".join(bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in range(0x80, 0xC0)))
# Letters with accents, capitals and signs (C2 to C5), and the quotes, dashes and the euro sign (E2 80 to E2 84).
# An Â or Ã before a question mark is what is left when the second byte was lost.
_MARK = re.compile(rf"[\u00c2-\u00c5][{_TAIL}]|\u00e2[\u20ac\u201a\u201e\u0080\u0082\u0084][{_TAIL}]|[\u00c2\u00c3]\?")
_ROUNDS = 3


def looks_broken(text: str) -> bool:
    """Whether a text has the marks of UTF-8 that was read as Windows-1252."""
    return _MARK.search(text) is not None


def repair(text: str) -> str | None:
    """Undo the wrong reading.

    Returns:
        The text as it was meant, the text itself when nothing is wrong, or None when the way back is not exact.
    """
    for _ in range(_ROUNDS):
        if not looks_broken(text):
            return text
        try:
            text = bytes(_byte(character) for character in text).decode("utf-8")
        except (UnicodeDecodeError, UnicodeEncodeError):
            return None
    return None if looks_broken(text) else text


def _byte(character: str) -> int:
    """The byte that Windows-1252 shows as this character; the five it does not define show as themselves."""
    if character in "\x81\x8d\x8f\x90\x9d":
        return ord(character)
    return character.encode("cp1252")[0]
