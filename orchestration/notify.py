"""Telling people about a night: a webhook or a mail when something went wrong, and one when all is well again.

A night that went well is never told. What was told stands in `meldingen.json`, so that the same stale source is told
once a week and not every night. Nothing here can change how a night ended: what cannot be sent is logged and tried
again the next night. No message holds a place on this machine, a secret or anything about a person.
"""

from __future__ import annotations

import json
import logging
import smtplib
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import requests

from orchestration.night_settings import Mail
from orchestration.places import without_places
from orchestration.settings import Settings
from sources.whole_file import write_whole

_TIMEOUT = (5.0, 10.0)
# The whole of one message, whatever the receiver does.
_DEADLINE = 30.0
_AGAIN = timedelta(days=7)
_LONGEST = 400
_HEADS = {
    "mislukt": "de verversing is mislukt; de vorige publicatie blijft staan",
    "aandacht": "gepubliceerd, maar er is iets om naar te kijken",
    "hersteld": "alles is weer in orde",
    "proef": "dit is een proef; er is niets aan de hand",
}
_log = logging.getLogger(__name__)


class NotToldError(RuntimeError):
    """A message could not be handed over; the text names no secret."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is told; the webhook gets these members as JSON.

    Attributes:
        melding: `mislukt`, `aandacht`, `hersteld` or `proef`.
        soort: demo, recorded or live.
        run_id: run in the history of Dagster; empty without one.
        gelukt: whether the night succeeded.
        mislukt: sentences about what failed, checks included.
        verouderd: per stale source bron_id, tabel, titel, sinds (ISO date) and kpis.
        publicatie: id of the publication that stands after this night, or None when it made none.
        tekst: all of it as a Dutch text.
    """

    melding: str
    soort: str
    run_id: str
    gelukt: bool
    mislukt: list[str]
    verouderd: list[dict[str, Any]]
    publicatie: str | None
    tekst: str


def tell(settings: Settings, last_run: Mapping[str, Any], now: datetime | None = None) -> bool:
    """Tell who wants to know what is new about a night; gives whether anything was sent."""
    if not settings.notice.wanted:
        return False
    moment = now or datetime.now(UTC)
    told = _told_before(settings)
    problems = _problems(last_run)
    kind = _kind(last_run, problems, told, moment)
    sent = False
    if kind is not None:
        try:
            send(settings, compose(settings, last_run, kind))
            sent = True
        except NotToldError as error:
            _log.warning("nobody was told: %s", error)
    # A night that came to no run looked at no source: what was stale before still is.
    before = told if not last_run["run_id"] else {problem: told[problem] for problem in problems if problem in told}
    new = {**before, **dict.fromkeys(problems if sent else (), moment.isoformat(timespec="seconds"))}
    if (sent or kind is None) and new != told:
        _remember(settings, new)
    return sent


def _problems(last_run: Mapping[str, Any]) -> list[str]:
    """What is wrong, each under a name that stays the same from night to night."""
    failed = [] if last_run["gelukt"] else ["run"]
    stale = [f"verouderd {source['bron_id']}" for source in last_run["bronnen"] if source["verouderd_sinds"]]
    checks = [f"toets {check['asset']} {check['naam']}" for check in last_run["controles"]]
    return [*failed, *stale, *checks]


def _kind(last_run: Mapping[str, Any], problems: Sequence[str], told: Mapping[str, str], now: datetime) -> str | None:
    if not last_run["gelukt"]:
        return "mislukt"
    if not problems:
        return "hersteld" if told else None
    return "aandacht" if any(_is_due(told.get(problem), now) for problem in problems) else None


def _is_due(at: str | None, now: datetime) -> bool:
    return at is None or now - datetime.fromisoformat(at) >= _AGAIN


def compose(settings: Settings, last_run: Mapping[str, Any], kind: str) -> Message:
    """Make the message about a night, without any place of this machine."""

    def clean(text: str) -> str:
        return without_places(text, settings)[:_LONGEST]

    failed = [clean(line) for line in (*last_run["failures"], *last_run["warnings"])]
    stale = [
        {
            "bron_id": source["bron_id"],
            "tabel": source["tabel"],
            "titel": source["titel"],
            "sinds": source["verouderd_sinds"][:10],
            "kpis": source["kpis"],
        }
        for source in last_run["bronnen"]
        if source["verouderd_sinds"]
    ]
    publication = (last_run["publicatie"] or {}).get("publicatie_id")
    lines = [f"Impact-KPI ({last_run['soort']}): {_HEADS[kind]}.", f"Verversing van {last_run['gestart']}."]
    lines += [f"- {line}" for line in failed]
    lines += [
        f"- {one['tabel']} ({one['titel']}) is verouderd sinds {one['sinds']}; "
        f"KPI's: {', '.join(one['kpis']) or 'geen'}."
        for one in stale
    ]
    lines += [f"Publicatie: {publication}."] if publication else []
    return Message(
        melding=kind,
        soort=last_run["soort"],
        run_id=last_run["run_id"],
        gelukt=last_run["gelukt"],
        mislukt=failed,
        verouderd=stale,
        publicatie=publication,
        tekst="\n".join(lines),
    )


def send(settings: Settings, message: Message) -> list[str]:
    """Hand a message to everybody who is to be told; gives whom.

    Raises:
        NotToldError: one of them could not be reached within the deadline.
    """
    notice = settings.notice
    ways: list[tuple[str, Callable[[Any, Message], None], Any]] = []
    if notice.webhook is not None:
        ways.append(("de webhook", _post, notice.webhook))
    if notice.mail is not None:
        ways.append((f"de mailserver {notice.mail.host}:{notice.mail.port}", _mail, notice.mail))
    failed = []
    for name, way, target in ways:
        problem = _within_deadline(way, target, message)
        if problem is not None:
            failed.append(f"{name}: {problem}")
    if failed:
        raise NotToldError("; ".join(failed))
    return [name for name, _, _ in ways]


def _within_deadline(way: Callable[[Any, Message], None], target: Any, message: Message) -> str | None:
    """Run one way of sending; gives what went wrong, named by its kind because its text may hold the address."""
    outcome: list[str | None] = []

    def work() -> None:
        try:
            way(target, message)
            outcome.append(None)
        except NotToldError as error:
            outcome.append(str(error))
        except (OSError, smtplib.SMTPException, requests.RequestException, ValueError) as error:
            outcome.append(type(error).__name__)

    # A receiver may answer one byte a minute: no timeout of a library bounds that.
    worker = threading.Thread(target=work, daemon=True, name="melding")
    worker.start()
    worker.join(_DEADLINE)
    return outcome[0] if outcome else f"geen antwoord binnen {_DEADLINE:.0f} seconden"


def _post(address: str, message: Message) -> None:
    answer = requests.post(address, json=asdict(message), timeout=_TIMEOUT, allow_redirects=False, stream=True)
    with answer:
        # A redirect does not carry the message along.
        if answer.status_code // 100 != 2:  # noqa: PLR2004 - 2xx: received
            raise NotToldError(f"antwoord {answer.status_code}")


def _mail(mail: Mail, message: Message) -> None:
    letter = EmailMessage()
    letter["Subject"] = f"Impact-KPI ({message.soort}): {_HEADS[message.melding]}"
    letter["From"] = mail.sender
    letter["To"] = ", ".join(mail.to)
    letter.set_content(message.tekst)
    with smtplib.SMTP(mail.host, mail.port, timeout=_TIMEOUT[1]) as server:
        if mail.starttls:
            server.starttls(context=ssl.create_default_context())
        if mail.user is not None:
            server.login(mail.user, mail.password or "")
        refused = server.send_message(letter)
    if refused:
        raise NotToldError(f"{len(refused)} van {len(mail.to)} ontvangers geweigerd")


def _told_before(settings: Settings) -> dict[str, str]:
    try:
        stored = json.loads(settings.told.read_text(encoding="utf-8"))
        return {str(problem): datetime.fromisoformat(at).isoformat() for problem, at in stored.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _remember(settings: Settings, told: Mapping[str, str]) -> None:
    try:
        settings.told.parent.mkdir(parents=True, exist_ok=True)
        write_whole(settings.told, json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    except OSError as error:
        _log.warning("what was told could not be kept: %s", error)
