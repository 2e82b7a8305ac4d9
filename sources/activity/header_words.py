"""Names of columns that say that a person can be recognised by what is below them.

What does not belong here: what is in the cells.
"""

from __future__ import annotations

import re
import unicodedata

_BSN = re.compile(r"(?<![a-z])bsn|burger ?service|(?<![a-z])sofi(?:$|[ -]|nr|num)")
_PERSON = re.compile(
    r"voorna|achterna|roepna|tussenv|voorletter|initialen|geboortena|meisjesna|familiena"
    r"|(?:client|klant|deelnemer|bewoner|volledige ?)s?[ -]?na+m"
    r"|na+m (?:van )?(?:de )?(?:client|klant|deelnemer|bewoner)(?![a-z])"
    r"|telefoon|mobiel|(?<![a-z])(?:tel|gsm|phone)(?![a-z])"
    r"|geboorteda|geb ?dat|(?<![a-z])dob(?![a-z])|birth"
)
_PRIVATE = re.compile(
    r"^na+m$|e ?-?mail|(?<![a-z])(?:woon|post)?adres|straat|iban|bankrek|rekeningn|nationaliteit|paspoort|diagnose"
)


def _form(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    return " ".join(re.sub(r"[^a-z0-9-]", " ", plain).split())


def is_bsn_header(name: str) -> bool:
    """Whether a column is named as one of BSNs."""
    return _BSN.search(_form(name)) is not None


def is_person_header(name: str) -> bool:
    """Whether a column is named as one of names, phone numbers or full dates of birth."""
    return _PERSON.search(_form(name)) is not None


def is_private_header(name: str) -> bool:
    """Whether a column is named as something else that no KPI needs, such as an address."""
    return _PRIVATE.search(_form(name)) is not None
