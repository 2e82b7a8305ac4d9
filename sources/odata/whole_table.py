"""Download a whole OData table as it is, with proof that it is complete: to look at it before it joins the registry.

Rows become wide Parquet, one part per page, typed by DataProperties; the lists of the dimensions lie beside them.
Chooses nothing and belongs to no lake. Memory is that of the pages in flight, whatever the size of the table.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import duckdb

from sources.errors import BadBodyError, ChangedMidwayError, LinkError, SchemaError
from sources.http import Received
from sources.odata.client import Client
from sources.odata.envelope import Envelope
from sources.odata.metadata import Dimension, TableInfo, Topic, read_columns, read_table_info
from sources.odata.observations import CheckRows, PartFacts, explain, open_database, rows_query, sql_files
from sources.odata.pages import CONVERTING, OnPage, RowReader, count_rows, next_skip
from sources.odata.predicate import sql_name, sql_text

ROWS = "rijen"
ABOUT = "tabel.json"
_SECONDS = 6 * 3600.0
_TYPES = {"Long": "BIGINT", "Double": "DOUBLE", "Float": "DOUBLE"}
# Of the questions about one table; the transport has its own limit for those that are in flight.
_AT_ONCE = 16
# What the lists of dimensions hold; a member that a list does not have is null.
_LIST_COLUMNS = ("Key", "Title", "Description", "CategoryGroupID", "Status", "Municipality", "DetailRegionCode")


@dataclass(frozen=True, slots=True)
class WholeTable:
    """A table on disk.

    Attributes:
        table_id: id at the service.
        title: its title.
        modified: change stamp of the data, the same before and after reading.
        rows: number of rows.
        columns: dimensions and topics, `ID` not counted.
        folder: holds `rijen/part-*.parquet`, one `<dimensie>.parquet` per list, and `tabel.json`.
        bytes: of rows and lists on the wire.
        warnings: Dutch sentences: proofs that the service could not give.
    """

    table_id: str
    title: str
    modified: str
    rows: int
    columns: int
    folder: Path
    bytes: int
    warnings: tuple[str, ...]


def download_table(
    client: Client, table_id: str, target: Path, *, on_page: OnPage = lambda _done, _total: None
) -> WholeTable:
    """Download one table into a new folder.

    A table that is renewed while it is read is read once more from the start.

    Args:
        client: the service.
        table_id: id as published; case matters.
        target: folder to make; it appears only when the table is complete.
        on_page: told pages done and pages in all (None while unknown).

    Raises:
        SourceError: the table could not be read, or not with proof; there is no folder then.
        OSError: the folder cannot be written, or is there already and not empty.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".bezig-{target.name}-", dir=target.parent) as work:
        whole = Path(work) / "tabel"
        try:
            table = _read(client, table_id, whole, on_page)
        except ChangedMidwayError:
            shutil.rmtree(whole)
            table = _read(client, table_id, whole, on_page)
        # A rename onto a folder succeeds only when that is empty.
        whole.rename(target)
    return replace(table, folder=target)


@dataclass(frozen=True, slots=True)
class _Everything:
    """All rows, all columns."""

    table_id: str
    filter: str = ""

    def query(self, skip: int = 0) -> str:
        """Query of one page."""
        return "$format=json" + (f"&$skip={skip}" if skip else "")


@dataclass(frozen=True, slots=True)
class _WideWriter:
    """Writes a page as it is: one Parquet row per row, typed, texts trimmed."""

    connection: duckdb.DuckDBPyConnection
    dimensions: tuple[Dimension, ...]
    topics: tuple[Topic, ...]

    def write(self, page: Envelope, part: Path, where: str, check: CheckRows) -> PartFacts:
        """Write one page."""
        with self.connection.cursor() as cursor:
            rows = page.rows(cursor, where)
            try:
                cursor.execute(
                    f"copy (select {self._columns()} from ({rows_query(rows.files, self._read_types())}) "
                    f"where {self._whole_numbers()}) to {sql_text(str(part))} (format parquet)"
                )
            except duckdb.InvalidInputException as error:
                raise explain(cursor, page, self._read_types(), where, error) from error
            count, ids, lowest, highest, different = _read_ids(cursor, part)
        if ids < count:
            raise SchemaError(f"{where}: {count - ids} rijen zonder ID")
        check(count, rows.next_link)
        return PartFacts(
            rows=count,
            next_link=rows.next_link,
            observations=count,
            kept=count,
            ids=(lowest, highest, different) if count else None,
            unequal={},
            combinations={},
        )

    def write_empty(self, part: Path) -> None:
        """Write a part without rows, so that an empty table has its columns all the same."""
        nothing = ", ".join(f"null::{type_} as {sql_name(name)}" for name, type_ in self._read_types().items())
        with self.connection.cursor() as cursor:
            cursor.execute(
                f"copy (select {self._columns()} from (select {nothing} where false)) to {sql_text(str(part))} "
                "(format parquet)"
            )

    def _read_types(self) -> dict[str, str]:
        """Long is read as float64: read as an integer, a fraction would be rounded away without an error."""
        numbers = {topic.key: "DOUBLE" for topic in self.topics if topic.datatype in _TYPES}
        texts = dict.fromkeys([*(d.key for d in self.dimensions), *(t.key for t in self.topics)], "VARCHAR")
        return {"ID": "BIGINT", **texts, **numbers}

    def _columns(self) -> str:
        kinds = {topic.key: topic.datatype for topic in self.topics}
        return ", ".join(f"{_column(name, kinds.get(name))} as {sql_name(name)}" for name in self._read_types())

    def _whole_numbers(self) -> str:
        """A condition that holds for every row, or ends the query: each Long is a whole number."""
        longs = [sql_name(topic.key) for topic in self.topics if topic.datatype == "Long"]
        fractions = " or ".join(f"{name} <> trunc({name})" for name in longs) or "false"
        return f"case when {fractions} then error('een Long met cijfers achter de komma') else true end"


def _read_ids(cursor: duckdb.DuckDBPyConnection, part: Path) -> tuple[int, int, int, int, int]:
    """Of a part its rows, those with an ID, the lowest ID, the highest, and how many different ones."""
    file = sql_text(str(part))
    # Each higher than the one before it, they differ; counting what differs takes three times as long.
    *facts, rising = cursor.execute(
        "select count(*), count(ID), min(ID), max(ID), coalesce(bool_and(ID > before), true) "
        f"from (select ID, lag(ID) over () as before from read_parquet({file}))"
    ).fetchall()[0]
    if rising:
        return (*facts, facts[1])
    ((different,),) = cursor.execute(f"select count(distinct ID) from read_parquet({file})").fetchall()
    return (*facts, different)


def _column(name: str, datatype: str | None) -> str:
    column = sql_name(name)
    if name == "ID" or datatype in {"Double", "Float"}:
        return column
    return f"{column}::bigint" if datatype == "Long" else f"trim({column})"


def _read(client: Client, table_id: str, folder: Path, on_page: OnPage) -> WholeTable:
    """Read a table; every question is asked as soon as what it depends on has been answered."""
    work = folder.parent / "pages"
    (folder / ROWS).mkdir(parents=True)
    with ThreadPoolExecutor(2, thread_name_prefix="about") as early:
        # Asked while the database starts.
        about = early.submit(read_columns, client, table_id)
        count = early.submit(count_rows, client.transport, client.services, client.host, table_id)
        with open_database(work) as database, ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="lists") as pool:
            # No row is asked before the stamp is known: rows older than it would pass for rows of its release.
            info, dimensions, topics = about.result()
            lists = [
                pool.submit(_ListReader(client, database, table_id, dimension.key, work, folder).read)
                for dimension in dimensions
            ]
            again: list[Future[str]] = []
            reader = RowReader(
                host=client.host,
                services=client.services,
                transport=client.transport,
                plan=_Everything(table_id),
                converter=_WideWriter(database, dimensions, topics),
                work=work / "rows",
                parts=folder / ROWS,
                on_page=on_page,
                ends_at=client.transport.clock() + _SECONDS,
                # While the last pages are still being converted.
                on_received=lambda: again.append(pool.submit(_modified_after, client, table_id, lists)),
            )
            read = reader.read_while_counting(count)
            list_bytes = sum(future.result() for future in lists)
            if {future.result() for future in again} != {info.modified}:
                raise ChangedMidwayError(f"{table_id}: tijdens het lezen vernieuwd, ook bij een tweede poging")
    table = WholeTable(
        table_id=table_id,
        title=info.title,
        modified=info.modified,
        rows=read.rows,
        columns=len(dimensions) + len(topics),
        folder=folder,
        bytes=list_bytes + sum(page.request.bytes or 0 for page in read.pages),
        warnings=read.warnings,
    )
    _describe(table, info, dimensions, topics)
    return table


def _modified_after(client: Client, table_id: str, lists: Sequence[Future[int]]) -> str:
    """The change stamp, asked when the lists are in too."""
    wait(lists)
    return read_table_info(client, table_id).modified


def _describe(table: WholeTable, info: TableInfo, dimensions: Iterable[Dimension], topics: Iterable[Topic]) -> None:
    about = {
        "table_id": table.table_id,
        "title": table.title,
        "period": info.period,
        "modified": table.modified,
        "rows": table.rows,
        "warnings": table.warnings,
        "dimensions": [asdict(dimension) for dimension in dimensions],
        "topics": [asdict(topic) for topic in topics],
    }
    (table.folder / ABOUT).write_text(json.dumps(about, ensure_ascii=False, indent=1), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class _ListReader:
    """Reads the members of one dimension, page after page."""

    client: Client
    database: duckdb.DuckDBPyConnection
    table_id: str
    name: str
    work: Path
    folder: Path

    def read(self) -> int:
        """Write the list; gives the bytes on the wire."""
        client = self.client
        home = f"{client.services.base_url(client.host)}/ODataFeed/odata/{self.table_id}/{self.name}"
        received, skip = 0, 0
        with self.database.cursor() as cursor:
            types = ", ".join(f"{name} varchar" for name in _LIST_COLUMNS)
            cursor.execute(f"create temp table member (page integer, {types})")
            while True:
                where = f"{client.host}/{self.table_id}/{self.name} vanaf {skip}"
                answer, link = self._page(cursor, f"{home}?{_Everything(self.table_id).query(skip)}", skip, where)
                received += answer.bytes
                following = next_skip(link, home, where)
                if following is None:
                    break
                if following <= skip:
                    raise LinkError(f"{where}: de link naar de volgende pagina wijst naar rij {following}")
                skip = following
            target = sql_text(str(self.folder / f"{self.name}.parquet"))
            cursor.execute(f"copy (select * exclude (page) from member) to {target} (format parquet)")
        return received

    def _page(self, cursor: duckdb.DuckDBPyConnection, url: str, skip: int, where: str) -> tuple[Received, str | None]:
        """Read one page into the table `member`."""
        file = self.work / f"{self.name}-{skip}.json"

        def finish(answer: Received, body: Envelope) -> tuple[Received, str | None]:
            rows = body.rows(cursor, where)
            types = ", ".join(f"{name}: 'VARCHAR'" for name in _LIST_COLUMNS)
            columns = ", ".join(f"trim({name})" for name in _LIST_COLUMNS)
            try:
                CONVERTING.submit(
                    cursor.execute,
                    f"insert into member select {skip}, {columns} "
                    f"from read_json({sql_files(rows.files)}, columns = {{{types}}}, format = 'array')",
                ).result()
            except duckdb.InvalidInputException as error:
                raise explain(cursor, body, ["Key"], where, error) from error
            members, keys = cursor.execute("select count(*), count(Key) from member where page = ?", [skip]).fetchall()[
                0
            ]
            if members == 0:
                raise BadBodyError(f"{where}: een lege lijst, terwijl die nooit leeg is")
            if keys < members:
                raise SchemaError(f"{where}: {members - keys} regels zonder Key")
            return answer, rows.next_link

        return self.client.transport.receive(url, lambda: Envelope(file), finish, service=self.client.host)
