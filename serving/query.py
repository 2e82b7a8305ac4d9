"""An advisor's own question in SQL: one reading statement, refused or answered in Dutch.

Knows nothing of how rows are shown; that is in `render`.
"""

import difflib
import re
from collections.abc import Iterator
from typing import Any

import duckdb

from serving.errors import WrongUseError

_BATCH = 10_000
_ALLOWED = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}
_ALSO_ALLOWED = ("pivot", "unpivot")
_TABLE = re.compile(r"Table with name \"?(?P<name>[^\s\"!]+)\"? does not exist")
_COLUMN = re.compile(r"(?:Referenced column|column named|Column) \"(?P<name>[^\"]+)\"")
_OF_TABLE = re.compile(r"Table \"(?P<name>[^\"]+)\" does not have a column named")
_NOT_USED = re.compile(r"Referenced table \"(?P<name>[^\"]+)\" not found")
_READS = re.compile(r"\b(?:from|join)\s+(?:\w+\.)*\"?(\w+)", re.IGNORECASE)
_FUNCTION = re.compile(r"Function with name \"?(?P<name>[^\s\"!]+)\"? does not exist")


class Answer:
    """The result of a query, read in batches.

    Attributes:
        columns: Column names in order; a name may occur more than once.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.columns: list[str] = [column[0] for column in connection.description]
        self._connection = connection

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield every row once."""
        while batch := self._connection.fetchmany(_BATCH):
            yield from batch


def ask(connection: duckdb.DuckDBPyConnection, sql: str) -> Answer:
    """Run one reading statement on a connection of `open_publication`.

    Raises:
        WrongUseError: when the text is no SQL, is more than one statement, would write or change anything, or names
            something that is not there; in Dutch, with what may have been meant.
    """
    _require_reading(sql)
    try:
        return Answer(connection.execute(sql))
    except duckdb.Error as error:
        raise WrongUseError(_explain(connection, sql, error)) from error


def _require_reading(sql: str) -> None:
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise WrongUseError(f"Dit is geen geldige SQL.\n{_detail(error)}") from error
    if not statements:
        raise WrongUseError('De vraag is leeg. Bijvoorbeeld: impact-kpi query "select * from kpi_gemeente limit 5"')
    if len(statements) > 1:
        raise WrongUseError(f"Stel één vraag tegelijk; dit zijn er {len(statements)} (gescheiden door ;).")
    if statements[0].type in _ALLOWED or _first_word(sql) in _ALSO_ALLOWED:
        return
    raise WrongUseError(
        f"{_first_word(sql).upper()} mag hier niet: een publicatie is alleen om te lezen. Wel kan: SELECT, WITH, FROM, "
        f"DESCRIBE, SHOW, SUMMARIZE, EXPLAIN en PIVOT. Bewaar een antwoord met --uitvoer bestand.csv."
    )


def _first_word(sql: str) -> str:
    without_comments = re.sub(r"/\*.*?\*/|--[^\n]*", " ", sql, flags=re.DOTALL)
    match = re.search(r"[A-Za-z_]+", without_comments)
    return match.group().casefold() if match else ""


def _explain(connection: duckdb.DuckDBPyConnection, sql: str, error: duckdb.Error) -> str:
    text = str(error)
    if table := _TABLE.search(text):
        return _unknown("Tabel", table["name"], _tables(connection))
    if column := _COLUMN.search(text):
        return _unknown("Kolom", column["name"], _columns(connection, sql, _OF_TABLE.search(text)))
    if table := _NOT_USED.search(text):
        used = sorted(name.strip('"') for name in connection.get_table_names(sql))
        return (
            f"{table['name']} komt in deze vraag niet voor als tabel; wel: {', '.join(used)}, of de afkorting erachter."
        )
    if function := _FUNCTION.search(text):
        near = _near(function["name"], _functions(connection))
        return f"Functie {function['name']} bestaat niet.{near}\n{_detail(error)}"
    if isinstance(error, duckdb.PermissionException):
        return "Bestanden, internet en extensies zijn vanuit een vraag niet te bereiken; alleen de tabellen zelf."
    return f"De vraag kon niet worden beantwoord.\n{_detail(error)}"


def _unknown(kind: str, name: str, candidates: list[str]) -> str:
    return f"{kind} {name} bestaat niet.{_near(name, candidates)}\nEr is wel: {', '.join(candidates)}."


def _near(name: str, candidates: list[str]) -> str:
    by_lower = {candidate.casefold(): candidate for candidate in candidates}
    near = difflib.get_close_matches(name.rpartition(".")[2].casefold(), by_lower, n=3)
    return f" Bedoelt u {' of '.join(by_lower[item] for item in near)}?" if near else ""


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        "select table_name from duckdb_tables() where database_name = current_database() union all "
        "select view_name from duckdb_views() where database_name = current_database() and not internal order by 1"
    ).fetchall()
    return [name for (name,) in rows]


def _functions(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        "select distinct function_name from duckdb_functions() where function_name similar to '[a-z_0-9]+' order by 1"
    ).fetchall()
    return [name for (name,) in rows]


def _columns(connection: duckdb.DuckDBPyConnection, sql: str, qualifier: re.Match[str] | None) -> list[str]:
    """Columns to choose from: those of the table that was named, else those of every table in the question."""
    rows = connection.execute(
        "select lower(table_name), column_name from duckdb_columns() "
        "where database_name = current_database() order by table_name, column_index"
    ).fetchall()
    used = _used(connection, sql)
    named = {qualifier["name"].casefold()} & used if qualifier else set()
    wanted = named or used
    return list(dict.fromkeys(name for table, name in rows if not wanted or table in wanted))


def _used(connection: duckdb.DuckDBPyConnection, sql: str) -> set[str]:
    """Names of the tables and views that a question reads; none when that cannot be told."""
    written = {name.casefold() for name in _READS.findall(sql)} & {name.casefold() for name in _tables(connection)}
    if written:
        return written
    try:
        found = connection.get_table_names(sql)
    except duckdb.Error:
        return set()
    return {name.rpartition(".")[2].strip('"').casefold() for name in found}


def _detail(error: duckdb.Error) -> str:
    return str(error).strip()
