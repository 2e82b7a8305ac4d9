"""Recognise BSNs, IBANs and phone numbers by their form and their check digits.

Pure functions of a text. What does not belong here: what is done when one is found.
"""

from __future__ import annotations

import re
from collections import abc

# Length of an IBAN per country, so that an ordinary code that happens to be 97-proof is not taken for one.
_IBAN_COUNTRIES = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 "
    "EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 "
    "KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 "
    "PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 "
    "UA29 VA22 VG24 XK20 YE30"
)
_IBAN_LENGTHS = {entry[:2]: int(entry[2:]) for entry in _IBAN_COUNTRIES.split()}
_IBAN_START = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{2}[0-9]{2}[ .-]?(?=[0-9A-Za-z])")
_IBAN_REST = re.compile(r"[0-9A-Za-z]+(?:[ .-][0-9A-Za-z]+)*")
_BSN = re.compile(
    r"([0-9]{8,9})(?:\.0+)?|([0-9]{3})[ .-]([0-9]{3})[ .-]([0-9]{3})|([0-9]{4})[ .-]([0-9]{2})[ .-]([0-9]{3})"
)
_EMBEDDED = re.compile(
    r"(?<![0-9])(?:[0-9]{9}|[0-9]{4}[.-][0-9]{2}[.-][0-9]{3}|[0-9]{3}[ .][0-9]{3}[ .][0-9]{3})(?![0-9])"
)
_DATE = re.compile(
    r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:19|20)[0-9]{2}"
)
_PHONE = re.compile(r"(?:(?:\+|00)31[ -]?(?:\(0\)[ -]?)?|0)[1-9](?:[ -]?[0-9]){8}")
_DIGITS = 9
_WITHOUT_ZERO = 8
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
# Weighted sums of three digits at a time: first, middle and last.
_SUMS = tuple(
    tuple(
        sum(weight * int(digit) for weight, digit in zip(_WEIGHTS[at : at + 3], f"{part:03d}", strict=True))
        for part in range(1000)
    )
    for at in (0, 3, 6)
)


def passes_eleven_test(digits: str) -> bool:
    """Whether nine digits can be a BSN."""
    return count_passing([digits]) == 1


def count_passing(numbers: abc.Iterable[str]) -> int:
    """How many of many texts of nine digits can be a BSN."""
    first, middle, last = _SUMS
    return sum(
        not (first[number // 1_000_000] + middle[number // 1000 % 1000] + last[number % 1000]) % 11 and number != 0
        for number in map(int, numbers)
    )


def read_bsn_candidate(cell: str) -> str | None:
    """The nine digits of a cell that is a number of nine digits, or of eight that lost its zero; None for any other.

    Eight digits that form a date are a date.
    """
    if len(cell) == _DIGITS and cell.isdecimal() and cell.isascii():
        return cell
    found = _BSN.fullmatch(cell)
    if found is None:
        return None
    digits = "".join(filter(None, found.groups()))
    return None if len(digits) == _WITHOUT_ZERO and _DATE.fullmatch(digits) else digits.zfill(_DIGITS)


def embedded_numbers(cell: str) -> list[str]:
    """Numbers of nine digits within a text."""
    return [re.sub("[ .-]", "", number) for number in _EMBEDDED.findall(cell)]


def has_iban(text: str) -> bool:
    """Whether a text holds an IBAN: a country that has them, its length, and the check digits that belong to it."""
    for start in _IBAN_START.finditer(text):
        length = _IBAN_LENGTHS.get(start[0][:2].upper())
        if length is None:
            continue
        rest = _IBAN_REST.match(text, start.start())
        plain = re.sub("[ .-]", "", rest[0]) if rest else ""
        if len(plain) >= length and _is_iban(plain[:length].upper()):
            return True
    return False


def _is_iban(plain: str) -> bool:
    moved = plain[4:] + plain[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1


def is_phone_number(cell: str) -> bool:
    """Whether a cell is a Dutch phone number."""
    return _PHONE.fullmatch(cell) is not None
