"""Why a question gave no rows: a name or a code in it that the publication does not have, such as `'Bred'`.

Looks at what a question compares a well-known column with; a guess to help, never a reason to refuse anything.
"""

import difflib
import fnmatch
import re
from collections.abc import Iterator

import duckdb

from serving.gemeenten import EVERYDAY, simplify

# Where the values of a column are listed in full.
_HOMES = {
    "gemeente_code": "gemeente",
    "gemeente_naam": "gemeente",
    "kpi_id": "kpi",
    "familie": "kpi",
    "leefgebied_naam": "kpi",
    "uitsplitsing": "kpi_gemeente",
    "uitsplitsing_naam": "kpi_gemeente",
}
_COMMENTS = re.compile(r"/\*.*?\*/|--[^\n]*", re.DOTALL)
_TEXT = r"'(?:[^']|'')*'"
_COMPARED = re.compile(
    rf"\b(?P<column>{'|'.join(sorted(_HOMES, key=len, reverse=True))})\"?\s*"
    rf"(?P<how>==?|\bilike\b|\blike\b|\bin\b)\s*(?P<texts>\(?\s*{_TEXT}(?:\s*,\s*{_TEXT})*)",
    re.IGNORECASE,
)


def unmatched(connection: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    """Name each literal of a question that occurs nowhere in the column it is compared with, with what may be meant.

    Args:
        connection: Opened with `open_publication`.
        sql: The question.

    Returns:
        Dutch sentences; none when every literal occurs, or no well-known column is compared with one.
    """
    known: dict[str, list[str]] = {}
    sentences = []
    for column, how, literal in _compared(sql):
        if column not in known:
            known[column] = _values(connection, column)
        if known[column] and not _occurs(literal, how, known[column]):
            sentences.append(f"'{literal}' is geen {column}{_guess(column, literal, known[column])}")
    return list(dict.fromkeys(sentences))


def _compared(sql: str) -> Iterator[tuple[str, str, str]]:
    for found in _COMPARED.finditer(_COMMENTS.sub(" ", sql)):
        for text in re.findall(_TEXT, found["texts"]):
            yield found["column"].casefold(), found["how"].casefold(), text[1:-1].replace("''", "'")


def _values(connection: duckdb.DuckDBPyConnection, column: str) -> list[str]:
    try:
        rows = connection.execute(
            f"select distinct {column} from {_HOMES[column]} where {column} is not null order by 1"
        ).fetchall()
    except duckdb.CatalogException:
        # A publication of an earlier release may lack the table: no guess then.
        return []
    return [str(value) for (value,) in rows]


def _occurs(literal: str, how: str, values: list[str]) -> bool:
    if how in {"like", "ilike"}:
        pattern = literal.replace("[", "[[]").replace("%", "*").replace("_", "?")
        if how == "ilike":
            return any(fnmatch.fnmatchcase(value.casefold(), pattern.casefold()) for value in values)
        return any(fnmatch.fnmatchcase(value, pattern) for value in values)
    return literal in values


def _guess(column: str, literal: str, values: list[str]) -> str:
    by_simple = {simplify(value): value for value in reversed(values)}
    wanted = simplify(literal)
    if column == "gemeente_naam":
        wanted = EVERYDAY.get(wanted, wanted)
    near = [wanted] if wanted in by_simple else difflib.get_close_matches(wanted, by_simple, n=3)
    return f"; bedoelt u {' of '.join(by_simple[item] for item in near)}?" if near else "."
