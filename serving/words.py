"""Codes of the mart in words an advisor reads. The words of `ontbreekt_reden` come from the registry.

One place, so that the profile, the KPI card and later the page say the same.
"""

import csv
import functools
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

_REASONS = Path(__file__).parents[1] / "dbt_project" / "seeds" / "registry" / "ontbreekt_reden.csv"

STATUS = {
    "definitief": "definitief",
    "nader_voorlopig": "nader voorlopig",
    "voorlopig": "voorlopig",
    "onvolledig": "onvolledig",
    "concept": "concept",
}
COVERAGE = {
    "beschikbaar": "beschikbaar",
    "deels": "deels beschikbaar",
    "eigen_levering_nodig": "eigen levering nodig",
    "geen_bron": "geen bron",
    "nog_niet_gedefinieerd": "nog niet gedefinieerd",
}
SOURCE_STATE = {
    "ververst": "ververst",
    "ongewijzigd": "ongewijzigd",
    "ontbreekt": "niet aangeboden",
    "fout": "mislukt",
    "niet_nodig": "niet nodig",
    "niet_opgehaald": "niet gebruikt",
}
DIRECTION = {
    "hoger": "hoger is gunstiger",
    "lager": "lager is gunstiger",
    "neutraal": "geen gunstige richting",
}
FAMILY = {
    "impact": "impact",
    "effect": "effect",
    "activiteit": "activiteit",
    "kwaliteit": "kwaliteit",
    "professional": "vragenlijst professionals",
    "bereik": "bereik",
}
SIGNALS = "De cijfers zijn signalen om te bespreken, geen oordeel."


@functools.cache
def _reasons() -> Mapping[str, str]:
    try:
        with _REASONS.open(encoding="utf-8", newline="") as file:
            return {row["ontbreekt_reden"]: row["omschrijving"] for row in csv.DictReader(file)}
    except OSError:
        return {}


def reason(code: str | None) -> str:
    """Say why there is no figure; never empty."""
    if not code:
        return "Er is geen cijfer"
    return _reasons().get(code, code.replace("_", " ").capitalize())


def marks(row: Mapping[str, Any]) -> list[str]:
    """Say what a reader must know of one figure of kpi_gemeente: how firm, how near, how old."""
    found = [STATUS.get(str(row["status"]), str(row["status"]))] if row["status"] else []
    flags = (
        (row["soort"] == "proxy", "benadering (proxy)"),
        (row["soort"] == "handmatig", "zelf aangeleverd"),
        (row["is_modelmatig"], "modelmatig geschat"),
        (row["is_herleid"], "herrekend na herindeling"),
        (row["breuk"], "grondgebied sindsdien veranderd"),
    )
    found += [text for holds, text in flags if holds]
    if row["verouderd_sinds"]:
        found.append(f"bron niet ververst sinds {dutch_date(row['verouderd_sinds'])}")
    return found


def dutch_date(value: date | datetime | str | None) -> str:
    """Write a date the Dutch way, 21-11-2026; a moment with its time. ISO text is accepted; other text stays."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
        except ValueError:
            return str(value)
    form = "%d-%m-%Y %H:%M" if isinstance(value, datetime) else "%d-%m-%Y"
    return value.strftime(form)
