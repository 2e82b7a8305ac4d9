"""The ready views of a publication: what an advisor asks for first, so that nobody has to write the joins.

Each view is a file in `views/`: its leading comment becomes the comment on the view, the SQL stays as it is written.
"""

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from serving.errors import PublicationError

FOLDER = Path(__file__).parent / "views"
_COMMENT = "--"
_NOTE = re.compile(r"(?P<column>[a-z_]+): (?P<text>.+)")
_READS = re.compile(r"\b(?:from|join)\s+([a-z_]+)")


@dataclass(frozen=True, slots=True)
class View:
    """One ready view.

    Attributes:
        name: Its name, that of its file.
        description: What it holds; becomes the comment on the view.
        notes: Meaning of the columns that have another name, or another meaning, than in their table.
        sql: The select.
    """

    name: str
    description: str
    notes: Mapping[str, str]
    sql: str

    @property
    def tables(self) -> list[str]:
        """The tables it reads, in the order in which it names them."""
        return list(dict.fromkeys(_READS.findall(self.sql)))


def ready_views() -> list[View]:
    """Read the views, in order of name.

    A file starts with comment lines that say what the view holds, then an empty comment line and `column: meaning` for
    each column that its table does not describe, then the select.
    """
    return [_view(path.stem, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.sql"))]


def write_views(connection: duckdb.DuckDBPyConnection, database: str) -> None:
    """Make the ready views in an attached database that has the tables, with a comment on each and on their columns.

    Raises:
        PublicationError: when a view does not fit the tables, or one of its columns is described nowhere.
    """
    for view in ready_views():
        place = f"{database}.main.{view.name}"
        _carry_out(connection, view, f"create view {place} as {view.sql}")
        _carry_out(connection, view, f"comment on view {place} is {_text(view.description)}")
        for column, meaning in _meanings(connection, database, view).items():
            _carry_out(connection, view, f"comment on column {place}.{column} is {_text(meaning)}")


def check_views(connection: duckdb.DuckDBPyConnection, database: str) -> None:
    """Hold the views of an attached database against what was meant, and bind each.

    Raises:
        PublicationError: for a missing or extra view, or one that cannot be read.
    """
    rows = connection.execute(
        "select view_name from duckdb_views() where database_name = ? and not internal", [database]
    ).fetchall()
    found = {str(name) for (name,) in rows}
    views = ready_views()
    if found != {view.name for view in views}:
        wrong = sorted(found ^ {view.name for view in views})
        raise PublicationError(f"the publication holds other views than serving/views: {wrong}")
    for view in views:
        _carry_out(connection, view, f"select * from {database}.main.{view.name} limit 0")


def _view(name: str, text: str) -> View:
    lines = text.splitlines()
    head = list(itertools.takewhile(lambda line: line.startswith(_COMMENT), lines))
    said = [line.removeprefix(_COMMENT).strip() for line in head]
    found = (_NOTE.fullmatch(line) for line in said)
    notes = {note["column"]: note["text"] for note in found if note}
    return View(name, " ".join(itertools.takewhile(bool, said)), notes, "\n".join(lines[len(head) :]))


def _meanings(connection: duckdb.DuckDBPyConnection, database: str, view: View) -> dict[str, str]:
    columns: dict[str, dict[str, str]] = {}
    for table, column, comment in connection.execute(
        "select table_name, column_name, comment from duckdb_columns() where database_name = ? order by column_index",
        [database],
    ).fetchall():
        columns.setdefault(table, {})[column] = comment
    described: dict[str, str] = {}
    for table in reversed(view.tables):
        described |= columns.get(table, {})
    described |= view.notes
    if bare := [column for column in columns[view.name] if not described.get(column)]:
        raise PublicationError(
            f"view {view.name}: no meaning for {', '.join(bare)}; write `-- column: meaning` above its select"
        )
    return {column: described[column] for column in columns[view.name]}


def _carry_out(connection: duckdb.DuckDBPyConnection, view: View, sql: str) -> None:
    try:
        connection.execute(sql)
    except duckdb.Error as error:
        raise PublicationError(
            f"view {view.name} does not fit the published tables: {error}. Was a column renamed or a table left out? "
            f"Change serving/views/{view.name}.sql with it."
        ) from error


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
