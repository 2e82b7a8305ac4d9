"""How real systems spell things: Dutch dates and amounts, ja and nee, gemeenten in five ways, text that went wrong."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from sources.replay.demo.organisation.lot import Lot
from sources.replay.demo.organisation.places import Place
from sources.replay.demo.organisation.records import Row

Cell = str | int | float | dt.date | None
Speller = Callable[[Row, Lot], Any]

LEEFGEBIED_NAMES: Mapping[int, str] = {
    1: "Financiën",
    2: "Wonen en buurt",
    3: "Werk & opleiding",
    4: "Sociale relaties",
    5: "Lichamelijke gezondheid",
    6: "Psychische gezondheid",
    7: "Zingeving",
}
# A gemeente that was split up over several: its code leads nowhere.
_SPLIT_UP = "140"


def as_is(column: str) -> Speller:
    """The value itself."""
    return lambda row, _: row[column]


def day(column: str) -> Speller:
    """31-12-2025."""
    return lambda row, _: dutch_day(row[column])


def sloppy_day(column: str) -> Speller:
    """31-12-2025, and now and then 31-12-25."""

    def spell(row: Row, lot: Lot) -> str:
        value = row[column]
        if value is not None and lot.chance(0.02):
            return f"{value.day}-{value.month}-{value:%y}"
        return dutch_day(value)

    return spell


@functools.cache
def dutch_day(value: dt.date | None) -> str:
    """31-12-2025, or nothing."""
    return "" if value is None else f"{value:%d-%m-%Y}"


def moment(column: str) -> Speller:
    """31-12-2025 09:30; some only have the day."""
    return lambda row, _: "" if row[column] is None else _moment(row, row[column])


def _moment(row: Row, value: dt.datetime) -> str:
    # A row has either both moments with their time or neither.
    return f"{value:%d-%m-%Y}" if row["verzocht_op"].minute % 10 == 0 else f"{value:%d-%m-%Y %H:%M}"


def number(column: str) -> Speller:
    """1234,5."""
    return lambda row, _: "" if row[column] is None else f"{row[column]}".replace(".", ",")


def euro(column: str, sign: str = "€ ") -> Speller:
    """€ 1.234,50; a negative amount keeps its sign at the end."""
    return lambda row, _: "" if row[column] is None else dutch_amount(row[column], sign)


def dutch_amount(value: Decimal, sign: str = "") -> str:
    """1.234,50, with what goes before it and the minus behind it."""
    text = f"{abs(value):,.2f}".translate(str.maketrans(",.", ".,"))
    return f"{sign}{text}{'-' if value < 0 else ''}"


def percentage(column: str) -> Speller:
    """45,5%."""
    return lambda row, _: "" if row[column] is None else f"{row[column]:g}%".replace(".", ",")


def yes_no(column: str, *, unknown: str = "", yes: str = "ja", no: str = "nee") -> Speller:
    """Ja or nee; whoever fills it in by hand writes JA now and then."""

    def spell(row: Row, lot: Lot) -> str:
        value = row[column]
        if value is None:
            return unknown
        text = yes if value else no
        return text.upper() if lot.chance(0.03) else text

    return spell


def named(column: str, names: Mapping[Any, str], unknown: str = "") -> Speller:
    """The name that the organisation itself uses for a value."""
    return lambda row, _: unknown if row[column] is None else names[row[column]]


def person(column: str = "deelnemer_id") -> Speller:
    """The number of a participant with its leading zeros; somebody typed an apostrophe before a few."""

    def spell(row: Row, lot: Lot) -> str:
        if row[column] is None:
            return ""
        text = f"{row[column]:05d}"
        return f"'{text}" if lot.chance(0.01) else text

    return spell


def mojibake(text: str) -> str:
    """UTF-8 that was once read as Windows-1252."""
    return text.encode("utf-8").decode("windows-1252")


def now_and_then(spell: Speller, wrong: Callable[[str], str], share: float) -> Speller:
    """Spell most cells right and some wrong."""
    return lambda row, lot: wrong(spell(row, lot)) if lot.chance(share) else spell(row, lot)


def place_code(row: Row, lot: Lot) -> str:
    """Code of the gemeente the way spreadsheets leave it: zeros lost, .0 behind it, or the code it once had."""
    place: Place | None = row["_plaats"]
    if place is None:
        return _SPLIT_UP if lot.chance(0.2) else ""
    code = lot.pick(place.old_codes) if place.old_codes and lot.chance(0.3) else place.code
    digits = code.removeprefix("GM")
    form = lot.weighted({"bare": 0.5, "zeros": 0.25, "full": 0.2, "float": 0.05})
    return {"bare": str(int(digits)), "zeros": digits, "full": code, "float": f"{int(digits)}.0"}[form]


def place_name(row: Row, lot: Lot) -> str:
    """Name of the gemeente, with stray spaces and capitals."""
    place: Place | None = row["_plaats"]
    if place is None:
        return ""
    return lot.weighted({place.naam: 0.9, place.naam.upper(): 0.06, f"{place.naam}\u00a0": 0.04})
