"""How one cell becomes one value of the contract: an SQL expression per type and per layout of the file.

Every expression answers NULL where it cannot read, so that no database error ever has to quote a cell. Each column goes
through three steps, each a layer of the query: text (what was delivered, NULL where missing), parsed (typed as far as
it can be read) and value (as the contract stores it). What does not belong here: gemeenten, and rules between columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sources.activity.contract import ContractColumn
from sources.activity.mapping_types import ColumnMapping
from sources.activity.sql import literal, literals, lookup

MISSING = frozenset({"", "-", "n.v.t.", "onbekend", "."})
TRUE = frozenset({"ja", "j", "1", "waar", "true"})
FALSE = frozenset({"nee", "n", "0", "onwaar", "false"})
# A code of an open list is a code, not a sentence.
LONGEST_CODE = 64

# A planned date may lie after the peildatum; this far ahead two digits still mean this century.
_PLANNED_AHEAD = 20
_SEPARATED = r"\s*[,;|]\s*"
_LIST = r"\S(?:,\s|\s*[;|]\s*|[\r\n])\s*\S"
_NUMBER = r"[-+]?\d[\d.:/-]*"
_NUMBERS = rf"{_NUMBER}(?:(?:,\s+|\s*[;|]\s*){_NUMBER})+"
_KEPT_NUMBER = r"-?\d+\.\d+%?"
_THOUSAND_OR_NOT = r"-?[1-9]\d{0,2}\.\d{3}%?"
# No registration is older than 1900: an earlier year is a typing error or the empty cell of a spreadsheet.
_YEAR = r"(?:19|[2-9]\d)\d{2}"
_NUMBER_TYPES = ("int", "small")
_SQL_TYPES = {
    "text": "VARCHAR",
    "date": "DATE",
    "ts": "TIMESTAMP",
    "int": "INTEGER",
    "small": "SMALLINT",
    "bool": "BOOLEAN",
}
_TIME = r"(?:\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?|\d{2}\.\d{2}|0?[.,]\d{1,15})"
_ZONE = r"(?:\s?(?:Z|[+-]\d{2}(?::?\d{2})?))"
_AFTER_DAY = rf"(?:[T ]\s?{_TIME}{_ZONE}?)?"
_MONTHS = {
    "januari": "January",
    "februari": "February",
    "maart": "March",
    "mei": "May",
    "juni": "June",
    "juli": "July",
    "augustus": "August",
    "oktober": "October",
    "mrt": "Mar",
    "okt": "Oct",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """How the cells of one column of one file are read.

    Attributes:
        column: what the contract says of it.
        mapping: what the mapping says of it.
        peildatum: last day on which the delivery is complete.
        unknown_is_empty: a value outside the value map is empty instead of wrong.
        is_workbook: a number may also be one that a spreadsheet kept as a number: it comes with a decimal point
            whatever the mapping says of texts.
    """

    column: ContractColumn
    mapping: ColumnMapping
    peildatum: date
    unknown_is_empty: bool = False
    is_workbook: bool = False

    @property
    def is_inclusive_end(self) -> bool:
        """Whether the delivered date is the last day that still counts."""
        return self.mapping.einde == "inclusief" and self.column.type == "date"


def sql_type(column: ContractColumn) -> str:
    """The DuckDB type of a column in the lake."""
    if column.type.startswith("dec"):
        return "DECIMAL" + column.type.removeprefix("dec")
    return _SQL_TYPES[column.type]


# --- text: what was delivered ---------------------------------------------------------------------


def text_sql(reading: Reading, cells: Sequence[str]) -> str:
    """The first of some cells that says something, as delivered.

    Args:
        reading: the column.
        cells: SQL expressions of the source cells, in the order of the mapping.
    """
    if reading.mapping.vast is not None:
        return literal(reading.mapping.vast)
    if not cells:
        return "CAST(NULL AS VARCHAR)"
    present = [f"NULLIF({cell}, '')" for cell in cells]
    text = f"COALESCE({', '.join(_unless_missing(reading, cell) for cell in present)}, NULL)"
    empties = sorted(value for value, meaning in (reading.mapping.waarden or {}).items() if not meaning)
    if empties:
        text = f"CASE WHEN LOWER({text}) NOT IN ({literals(value.lower() for value in empties)}) THEN {text} END"
    if "" in _given(reading.mapping.waar) | _given(reading.mapping.onwaar):
        text = f"CASE WHEN COALESCE({', '.join(present)}, NULL) IS NULL THEN '' ELSE {text} END"
    return text


def _unless_missing(reading: Reading, cell: str) -> str:
    tokens = _missing_tokens(reading)
    return f"CASE WHEN LOWER({cell}) IN ({literals(sorted(tokens))}) THEN NULL ELSE {cell} END" if tokens else cell


def _missing_tokens(reading: Reading) -> frozenset[str]:
    """Tokens that mean missing here, in lower case; what the mapping gives a meaning is not missing."""
    if reading.column.letterlijk:
        return frozenset()
    mapping = reading.mapping
    tokens = MISSING if mapping.ontbrekend is None else mapping.ontbrekend
    for code in reading.column.ontbrekend:
        tokens |= {code, f"{code}.0", f"{code},0"}
    meant = _given(mapping.waarden) | _given(mapping.waar) | _given(mapping.onwaar)
    return frozenset(token.lower() for token in tokens) - meant - {""}


def _given(tokens: Iterable[str] | None) -> frozenset[str]:
    return frozenset(token.lower() for token in tokens or ())


# --- parsed: as far as it can be read -------------------------------------------------------------


def parsed_sql(reading: Reading, text: str) -> str:
    """A text as a value of its kind, or NULL when it cannot be read.

    Numbers become DECIMAL(38, 10) whatever the contract says, so that too large is told from unreadable.
    """
    column, mapping = reading.column, reading.mapping
    thousands, formats = mapping.duizendtal or None, mapping.datum
    decimal = mapping.decimaal or ("," if thousands == "." else ".")
    if mapping.waarden:
        # The right-hand side of a value map is written as the contract writes it.
        text, decimal, thousands, formats = _mapped(mapping, text), ".", None, None
    pivot = pivot_year(column, reading.peildatum)
    by_type = {
        "text": lambda: text,
        "bool": lambda: bool_sql(text, _given(mapping.waar), _given(mapping.onwaar)),
        "date": lambda: date_sql(text, formats, pivot),
        "ts": lambda: timestamp_sql(text, formats, pivot),
    }
    if column.type in by_type:
        return by_type[column.type]()
    number = number_sql(text, decimal, thousands)
    return _kept_number(text, number, thousands) if reading.is_workbook and decimal != "." else number


def _kept_number(text: str, number: str, thousands: str | None) -> str:
    """A number in a workbook: written by the mapping, or kept as a number and so with a point."""
    kept = f"CASE WHEN REGEXP_FULL_MATCH({text}, '{_KEPT_NUMBER}') THEN {number_sql(text, '.', None)} END"
    if thousands != ".":
        return f"COALESCE({number}, {kept})"
    # A text of a thousand and a bit, or a number with three decimals: nobody can tell.
    return f"CASE WHEN NOT REGEXP_FULL_MATCH({text}, '{_THOUSAND_OR_NOT}') THEN COALESCE({number}, {kept}) END"


def _mapped(mapping: ColumnMapping, text: str) -> str:
    entries = dict(mapping.waarden or {})
    folded = {key.lower(): value for key, value in entries.items()}
    if len(folded) < len(entries):
        return lookup(entries, text)
    return lookup(folded, f"LOWER({text})")


def pivot_year(column: ContractColumn, peildatum: date) -> int:
    """The last year that two digits can mean in this century."""
    return peildatum.year + (_PLANNED_AHEAD if column.later_dan_peildatum else 0)


def bool_sql(text: str, extra_true: frozenset[str], extra_false: frozenset[str]) -> str:
    """A text as a boolean; what the mapping names comes before the usual spellings."""
    yes = extra_true | (TRUE - extra_false)
    no = extra_false | (FALSE - extra_true)
    return (
        f"CASE WHEN LOWER({text}) IN ({literals(sorted(yes))}) THEN TRUE "
        f"WHEN LOWER({text}) IN ({literals(sorted(no))}) THEN FALSE END"
    )


def number_sql(text: str, decimal: str, thousands: str | None) -> str:
    """A text as a number, with the signs that the mapping names and no others: nothing is guessed per cell.

    Takes a sign in front or behind, euro and percent signs, and `12,-` for whole euros.
    """
    point = re.escape(decimal)
    whole = r"\d+" if thousands is None else rf"(?:[1-9]\d{{0,2}}(?:{re.escape(thousands)}\d{{3}})+|\d+)"
    body = rf"(?:{whole}(?:{point}(?:\d+|-{{1,2}})?)?|{point}\d+)"
    # One sign at most, in front, behind the currency or behind the number.
    currency = r"(?:(?:€|EUR)\s?)?"
    pattern = rf"(?:(?:[-+]\s?)?{currency}{body}|{currency}-\s?{body}|{currency}{body}\s?-)(?:\s?(?:€|EUR|%))?"
    bare = f"REGEXP_REPLACE({text}, {literal(point + '-{1,2}')}, '')"
    digits = f"REGEXP_REPLACE({bare}, {literal('[^0-9' + _in_class(decimal) + ']')}, '', 'g')"
    sign = f"CASE WHEN CONTAINS({bare}, '-') THEN -1 ELSE 1 END"
    number = f"TRY_CAST(REPLACE({digits}, {literal(decimal)}, '.') AS DECIMAL(38, 10))"
    return f"CASE WHEN REGEXP_FULL_MATCH({text}, {literal(pattern)}, 'i') THEN {number} * {sign} END"


def _in_class(character: str) -> str:
    return "\\" + character if character in "]^-\\" else character


def date_sql(text: str, formats: Sequence[str] | None, pivot: int) -> str:
    """A text as a day: ISO, Excel serial of the 1900 system, and the formats of the mapping (else day-month-year).

    A time behind the day is left out. Two digits of a year are this century up to `pivot`, else the one before.
    """
    branches = [
        (rf"{_YEAR}-\d{{1,2}}-\d{{1,2}}{_AFTER_DAY}", _as_date(text, r"^(\d{4})-(\d{1,2})-(\d{1,2}).*$", "ymd", pivot)),
        (r"\d{5}(?:[.,]\d+)?", f"(DATE '1899-12-30' + TRY_CAST(LEFT({text}, 5) AS INTEGER))"),
    ]
    others = []
    for order in _orders(formats):
        if len(order) > len("ymd"):
            others.append(f"TRY_CAST(TRY_STRPTIME({_english(text, order)}, {literal(order)}) AS DATE)")
            continue
        digits, groups = _day_pattern(order)
        branches.append((digits + _AFTER_DAY, _as_date(text, f"^{groups}.*$", order, pivot)))
    cases = " ".join(f"WHEN REGEXP_FULL_MATCH({text}, {literal(pattern)}) THEN {value}" for pattern, value in branches)
    otherwise = f" ELSE COALESCE({', '.join(others)}, NULL)" if others else ""
    return f"(CASE {cases}{otherwise} END)"


def _orders(formats: Sequence[str] | None) -> list[str]:
    """Orders of day, month and year; a format that is more than an order comes back as itself."""
    if formats is None:
        return ["dmy"]
    orders = []
    for given in formats:
        day_part = re.split(r"[T ]%H|\s+%H", given)[0]
        parts = re.fullmatch(r"%-?([dmYy])([-/. ])%-?([dmYy])\2%-?([dmYy])", day_part)
        order = "".join(parts.group(1, 3, 4)).lower() if parts else ""
        orders.append(order if set(order) == {"d", "m", "y"} else given)
    return list(dict.fromkeys(orders))


def _day_pattern(order: str) -> tuple[str, str]:
    one = {"d": r"\d{1,2}", "m": r"\d{1,2}", "y": rf"(?:{_YEAR}|\d{{2}})" if order != "ymd" else _YEAR}
    return "[-/. ]".join(one[part] for part in order), "[-/. ]".join(f"({one[part]})" for part in order)


def _as_date(text: str, groups: str, order: str, pivot: int) -> str:
    place = {part: f"\\{number}" for number, part in enumerate(order, start=1)}
    year = f"REGEXP_REPLACE({text}, {literal(groups)}, {literal(place['y'])})"
    rest = f"REGEXP_REPLACE({text}, {literal(groups)}, {literal('-' + place['m'] + '-' + place['d'])})"
    if order == "ymd":
        return f"TRY_CAST({year} || {rest} AS DATE)"
    century = (
        f"CASE WHEN LENGTH({year}) > 2 THEN '' "
        f"WHEN 2000 + TRY_CAST({year} AS INTEGER) <= {pivot} THEN '20' ELSE '19' END"
    )
    return f"TRY_CAST({century} || {year} || {rest} AS DATE)"


def _english(text: str, strptime_format: str) -> str:
    if "%b" not in strptime_format.lower():
        return text
    for dutch, english in _MONTHS.items():
        text = rf"REGEXP_REPLACE({text}, '\b{dutch}\b', '{english}', 'i')"
    return text


def time_sql(text: str) -> str:
    """A text as a time of day: 09:30, 09.30, 09:30:15, or a fraction of a day as Excel keeps it, to the minute."""
    clock = rf"REGEXP_REPLACE(REPLACE({text}, ',', '.'), '^(\d{{2}})\.(\d{{2}})$', '\1:\2')"
    fraction = f"TRY_CAST('0' || REGEXP_REPLACE(REPLACE({text}, ',', '.'), '^0', '') AS DOUBLE)"
    minutes = f"(TIME '00:00' + TO_MINUTES(CAST(ROUND({fraction} * 1440) AS BIGINT)))"
    return (
        rf"CASE WHEN REGEXP_FULL_MATCH({text}, '0?[.,]\d{{1,15}}') THEN {minutes} "
        rf"ELSE TRY_CAST({clock} AS TIME) END"
    )


def timestamp_sql(text: str, formats: Sequence[str] | None, pivot: int) -> str:
    """A text as a moment; a day without a time is its midnight, an offset is brought to Dutch time."""
    moment = rf"REGEXP_EXTRACT({text}, '[T ]\s?({_TIME}){_ZONE}?$', 1)"
    serial = rf"REGEXP_EXTRACT({text}, '^\d{{5}}([.,]\d+)$', 1)"
    time = time_sql(f"COALESCE(NULLIF({moment}, ''), NULLIF({serial}, ''), '00:00')")
    zone = rf"NULLIF(REGEXP_EXTRACT({text}, '{_TIME}\s?(Z|[+-]\d{{2}}(?::?\d{{2}})?)$', 1), '')"
    local = f"({date_sql(text, formats, pivot)} + {time})"
    shifted = f"TIMEZONE('Europe/Amsterdam', TRY_CAST(STRFTIME({local}, '%Y-%m-%d %H:%M:%S') || {zone} AS TIMESTAMPTZ))"
    return rf"CASE WHEN {zone} IS NULL THEN {local} ELSE {shifted} END"


def is_date_only_sql(text: str) -> str:
    """Whether a text that is a moment says nothing of the time of day."""
    return rf"NOT REGEXP_MATCHES({text}, '[T ]\s?{_TIME}{_ZONE}?$|^\d{{5}}[.,]\d+$')"


# --- value and faults -----------------------------------------------------------------------------


def value_sql(reading: Reading, parsed: str) -> str:
    """A parsed value as the contract stores it, or NULL when it does not fit the type."""
    column = reading.column
    if column.type in _NUMBER_TYPES:
        stored = f"TRY_CAST(CASE WHEN {parsed} = TRUNC({parsed}) THEN {parsed} END AS {sql_type(column)})"
    elif column.type.startswith("dec"):
        stored = f"TRY_CAST({parsed} AS {sql_type(column)})"
    elif reading.is_inclusive_end:
        stored = f"({parsed} + 1)"
    else:
        stored = parsed
    if column.standaard is not None:
        stored = f"COALESCE({stored}, CAST({literal(column.standaard)} AS {sql_type(column)}))"
    return stored


def fault_sql(reading: Reading, text: str, parsed: str, value: str) -> str:
    """The reason code for quarantine of one cell, or NULL: the first that applies.

    Args:
        reading: the column.
        text: expression of the delivered text.
        parsed: expression of what could be read of it.
        value: expression of what is stored.
    """
    column = reading.column
    branches = [*_unreadable(reading, text, parsed, value)]
    if column.verplicht and column.standaard is None:
        # A value that the mapping lets go is as empty as one that was never given.
        branches.append((f"{text} IS NULL OR {parsed} IS NULL", "verplicht_veld_leeg"))
    outside = _outside_domain(reading, parsed)
    if outside:
        branches.append((" OR ".join(f"({test})" for test in outside), "waarde_buiten_domein"))
    if column.type in ("date", "ts") and not column.later_dan_peildatum:
        branches.append((f"CAST({parsed} AS DATE) > DATE '{reading.peildatum}'", "datum_in_toekomst"))
    if not branches:
        return "CAST(NULL AS VARCHAR)"
    return f"CASE {' '.join(f'WHEN {test} THEN {literal(code)}' for test, code in branches)} END"


def _unreadable(reading: Reading, text: str, parsed: str, value: str) -> list[tuple[str, str]]:
    column = reading.column
    several = _several_sql(reading, text, parsed)
    branches = [(several, "meerwaardige_cel")] if several else []
    if column.type == "text":
        if reading.mapping.waarden and not reading.unknown_is_empty:
            branches.append((f"{text} IS NOT NULL AND {parsed} IS NULL", "waarde_buiten_domein"))
        return branches
    unread = f"{text} IS NOT NULL AND {parsed} IS NULL"
    if reading.mapping.waarden:
        unmapped = [] if reading.unknown_is_empty else [(unread, "waarde_buiten_domein")]
        return [*branches, *unmapped]
    branches.append((unread, "type_onleesbaar"))
    if column.type in _NUMBER_TYPES:
        branches.append((f"{parsed} <> TRUNC({parsed})", "type_onleesbaar"))
    branches.append((f"{parsed} IS NOT NULL AND {value} IS NULL", "waarde_buiten_domein"))
    return branches


def _several_sql(reading: Reading, text: str, parsed: str) -> str | None:
    """Whether a cell holds several values where the contract has room for one."""
    column = reading.column
    known = [key.lower() for key in reading.mapping.waarden or ()] or [word.lower() for word in column.toegestaan]
    if known:
        parts = f"REGEXP_SPLIT_TO_ARRAY(LOWER({text}), {literal(_SEPARATED)})"
        unknown = f"LOWER({text}) NOT IN ({literals(known)}) AND LENGTH({text}) > 1"
        return f"{unknown} AND LEN({parts}) > 1 AND LIST_HAS_ALL([{literals(known)}], {parts})"
    if column.domein or column.soort == "code":
        return f"REGEXP_MATCHES({text}, {literal(_LIST)})"
    if column.type in ("text", "bool"):
        return None
    return f"{parsed} IS NULL AND REGEXP_FULL_MATCH({text}, {literal(_NUMBERS)})"


def _outside_domain(reading: Reading, parsed: str) -> list[str]:
    column = reading.column
    tests = []
    if column.toegestaan:
        tests.append(f"{parsed} NOT IN ({literals(column.toegestaan)})")
    if column.minimum is not None:
        tests.append(f"{parsed} < {column.minimum}")
    if column.maximum is not None:
        tests.append(f"{parsed} > {column.maximum}")
    if column.tot_peiljaar:
        tests.append(f"{parsed} > {reading.peildatum.year}")
    if column.patroon and column.soort != "gemeente":
        tests.append(f"NOT REGEXP_MATCHES(CAST({parsed} AS VARCHAR), {literal(column.patroon)})")
    if column.soort == "code" and not reading.mapping.waarden:
        tests.append(f"LENGTH({parsed}) > {LONGEST_CODE}")
    return tests
