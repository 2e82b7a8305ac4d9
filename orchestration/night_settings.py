"""The settings of the night itself, checked: when it runs, what is kept, and who hears of it.

Turns text of the environment into values; reads no environment of its own. Every message names the variable and the
remedy, and never the value of a secret.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

TIMEZONE = "Europe/Amsterdam"
CRON_VARIABLE = "IMPACT_KPI_CRON"
DEFAULT_CRON = "30 3 * * *"
_FIELDS = (("minuut", 0, 59), ("uur", 0, 23), ("dag", 1, 31), ("maand", 1, 12), ("weekdag", 0, 7))
_PART = re.compile(r"(\*|(\d{1,2})(?:-(\d{1,2}))?)(?:/(\d{1,2}))?")
# Skipped once a year and lived through twice once a year, in the Netherlands.
_CLOCK_CHANGE = 2
_ADDRESS = re.compile(r"[^@\s,<>]+@[^@\s,<>]+")
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_YES, _NO = {"1", "ja"}, {"", "0", "nee"}


@dataclass(frozen=True, slots=True)
class Mail:
    """Where and how a mail about the night is handed over.

    Attributes:
        to: who gets it.
        sender: who it is from.
        host, port: the mail server.
        starttls: whether the connection is encrypted before anything is said.
        user, password: how to log in, or None without.
    """

    to: tuple[str, ...]
    sender: str
    host: str
    port: int
    starttls: bool
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """Who is told when a night did not go as it should; nobody without a webhook and without mail.

    Attributes:
        webhook: address that gets a JSON message; holds a secret with most services.
        mail: how to mail.
    """

    webhook: str | None = field(default=None, repr=False)
    mail: Mail | None = None

    @property
    def wanted(self) -> bool:
        """Whether anybody is to be told."""
        return self.webhook is not None or self.mail is not None


def read_cron(text: str) -> str:
    """Check a cron line of five fields.

    Raises:
        ValueError: it is none, or it names the hour of the clock change.
    """
    fields = text.split()
    if len(fields) != len(_FIELDS):
        raise ValueError(
            f"{CRON_VARIABLE} is {text!r}; geef vijf velden (minuut uur dag maand weekdag), bijvoorbeeld "
            f'"{DEFAULT_CRON}" voor elke nacht om half vier.'
        )
    for value, (name, lowest, highest) in zip(fields, _FIELDS, strict=True):
        if not all(_is_part(part, lowest, highest) for part in value.split(",")):
            raise ValueError(
                f"{CRON_VARIABLE}: {value!r} is geen {name}; geef {lowest} tot en met {highest}, een reeks als "
                f"{lowest}-{lowest + 3}, een stap als */2, of *."
            )
    if "*" not in fields[1] and any(_names_clock_change(part) for part in fields[1].split(",")):
        raise ValueError(
            f"{CRON_VARIABLE} is {text!r}: het uur tussen 02:00 en 03:00 bestaat in de nacht van de zomertijd niet en "
            f'komt in de nacht van de wintertijd twee keer. Kies een ander uur, bijvoorbeeld "{DEFAULT_CRON}".'
        )
    return " ".join(fields)


def _is_part(part: str, lowest: int, highest: int) -> bool:
    found = _PART.fullmatch(part)
    if found is None or found[4] == "0" or found[4] == "00":
        return False
    if found[1] == "*":
        return True
    first, last = int(found[2]), int(found[3] or found[2])
    return lowest <= first <= last <= highest


def _names_clock_change(part: str) -> bool:
    found = _PART.fullmatch(part)
    if found is None:
        return False
    first, last, step = int(found[2]), int(found[3] or found[2]), int(found[4] or 1)
    return _CLOCK_CHANGE in range(first, last + 1, step)


def read_yes(text: str, variable: str) -> bool:
    """Read ja or nee.

    Raises:
        ValueError: it is neither.
    """
    value = text.strip().casefold()
    if value not in _YES | _NO:
        raise ValueError(f"{variable} is {text!r}; geef ja (of 1), of nee (of 0).")
    return value in _YES


def read_number(text: str, variable: str, default: int) -> int:
    """Read how many of something are kept.

    Raises:
        ValueError: it is no whole number of at least 1.
    """
    value = text.strip()
    if not value:
        return default
    if not (value.isdecimal() and 1 <= int(value) <= 10_000):  # noqa: PLR2004 - four digits are a typing error
        raise ValueError(
            f"{variable} is {text!r}; geef een geheel getal van 1 tot en met 10000, bijvoorbeeld {default}."
        )
    return int(value)


def read_contact(text: str) -> str | None:
    """Read whom a service may reach about our requests.

    Raises:
        ValueError: it is neither a mail address nor a web address.
    """
    value = text.strip()
    if not value:
        return None
    if _ADDRESS.fullmatch(value) or (_is_web(value) and value.isprintable() and " " not in value):
        return value
    raise ValueError(
        f"IMPACT_KPI_CONTACT is {text!r}; geef een mailadres of een webadres, zodat een dienst u kan bereiken als er "
        "iets met onze vragen is."
    )


def read_notice(env: Mapping[str, str]) -> Notice:
    """Read IMPACT_KPI_MELD_*.

    Raises:
        ValueError: an address is wrong, or a password would travel unencrypted.
    """
    webhook = env.get("IMPACT_KPI_MELD_WEBHOOK", "").strip() or None
    if webhook is not None and not _is_web(webhook):
        raise ValueError("IMPACT_KPI_MELD_WEBHOOK is geen webadres; geef een adres dat met https:// begint.")
    return Notice(webhook, _mail(env))


def _mail(env: Mapping[str, str]) -> Mail | None:
    to = tuple(part.strip() for part in env.get("IMPACT_KPI_MELD_MAIL", "").split(",") if part.strip())
    if not to:
        return None
    sender = env.get("IMPACT_KPI_MELD_AFZENDER", "").strip() or to[0]
    for variable, address in [*(("IMPACT_KPI_MELD_MAIL", one) for one in to), ("IMPACT_KPI_MELD_AFZENDER", sender)]:
        if not _ADDRESS.fullmatch(address):
            raise ValueError(f"{variable}: {address!r} is geen mailadres; meer adressen scheidt u met een komma.")
    host, port = _server(env.get("IMPACT_KPI_MELD_SMTP", "").strip() or "localhost:25")
    encrypted = env.get("IMPACT_KPI_MELD_STARTTLS", "").strip()
    here = host in _LOOPBACK
    starttls = read_yes(encrypted, "IMPACT_KPI_MELD_STARTTLS") if encrypted else not here
    user = env.get("IMPACT_KPI_MELD_GEBRUIKER", "").strip() or None
    if user is not None and not starttls and not here:
        raise ValueError(
            "IMPACT_KPI_MELD_STARTTLS staat op nee terwijl er een IMPACT_KPI_MELD_GEBRUIKER is: het wachtwoord zou "
            "leesbaar over het netwerk gaan. Zet STARTTLS op ja, of laat de gebruiker weg."
        )
    password = env.get("IMPACT_KPI_MELD_WACHTWOORD", "") if user is not None else None
    return Mail(to, sender, host, port, starttls, user, password)


def _server(text: str) -> tuple[str, int]:
    host, _, port = text.partition(":")
    if not host or (port and not (port.isdecimal() and 0 < int(port) < 65_536)):  # noqa: PLR2004 - highest port
        raise ValueError(
            f"IMPACT_KPI_MELD_SMTP is {text!r}; geef server of server:poort, bijvoorbeeld mail.example.nl:587."
        )
    return host, int(port or 587)


def _is_web(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
