"""Writing and checking the files of one publication: Parquet first, then the DuckDB file made from that Parquet.

Works inside the build folder it is given; which folder is current is the business of `shelf`.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from serving.errors import PublicationError
from serving.tables import PUBLICATION_TABLE, PublishedColumn, PublishedTable
from serving.views import check_views, ready_views, write_views

# 2: kpi_revisie, and in the manifest `revisie` and the file bouw.json.
# 3: views in the DuckDB file; site, workbooks, CSV files and map beside it; kaart_hash and site_hash in the manifest.
CONTRACT_VERSION = 3
DATABASE = "impact_kpi.duckdb"
PARQUET = "parquet"
# The DuckDB inside desktop tools is often 1.1: it opens this format, not the one DuckDB 2.0 writes by default.
STORAGE_VERSION = "v1.0.0"

DEMO_NOTICE = (
    "LET OP, DEMO: deze cijfers zijn verzonnen door een generator. Ze lijken op echte cijfers, maar zeggen niets over "
    "een echte gemeente. Gebruik ze niet voor beleid."
)
RECORDED_NOTICE = (
    "Gemaakt van bewaarde antwoorden van de bronnen (een archief of een vervangend adres), niet van de bronnen zelf: "
    "de cijfers kunnen ouder zijn dan wat de bronnen nu geven."
)
NOTICES: Mapping[str, str | None] = {"demo": DEMO_NOTICE, "recorded": RECORDED_NOTICE, "live": None}


@dataclass(frozen=True, slots=True)
class Content:
    """What one table holds, measured on its Parquet file.

    Attributes:
        rows: Number of rows.
        digest: Sum of the row hashes, so independent of their order; without volatile columns.
        full_digest: The same over all columns, to hold the database table against the Parquet file.
    """

    rows: int
    digest: str
    full_digest: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a publication says about itself in the table `publicatie` and in its manifest.

    Attributes:
        publicatie_id: Name of the folder, e.g. 2026-11-21T033000-3f9c2a (UTC).
        published_at: Moment of publication, with a time zone.
        soort: demo, recorded or live.
        software_version: Version of this project.
        run_id: Run that built it.
    """

    publicatie_id: str
    published_at: datetime
    soort: str
    software_version: str
    run_id: str

    @property
    def notice(self) -> str | None:
        """Dutch warning that belongs beside every figure of this kind of data; None for live data."""
        return NOTICES[self.soort]


PUBLICATION_COLUMNS = (
    PublishedColumn("publicatie_id", "Naam van deze publicatie en van haar map.", "varchar"),
    PublishedColumn("published_at", "Moment van publiceren, in UTC.", "timestamp"),
    PublishedColumn(
        "soort",
        "Herkomst van alle cijfers: demo (verzonnen), recorded (bewaarde antwoorden van bronnen) of live.",
        "varchar",
    ),
    PublishedColumn("software_versie", "Versie van Impact-KPI die de cijfers berekende.", "varchar"),
    PublishedColumn("run_id", "Kenmerk van de run die deze publicatie bouwde.", "varchar"),
    PublishedColumn(
        "contract_versie", "Versie van de afspraak over tabellen en kolommen; hoger is nieuwer.", "integer"
    ),
    PublishedColumn("rijen", "Aantal rijen per tabel, als JSON-tekst {tabel: aantal}.", "varchar"),
    PublishedColumn("melding", "Waarschuwing die bij elk cijfer hoort; leeg bij live cijfers.", "varchar"),
)
PUBLICATION = PublishedTable(
    name=PUBLICATION_TABLE,
    schema="main",
    relation=PUBLICATION_TABLE,
    key=("publicatie_id",),
    description="Een rij: welke publicatie dit is, wanneer en waarvan zij gemaakt is.",
    columns=PUBLICATION_COLUMNS,
)


def check_contracts(
    connection: duckdb.DuckDBPyConnection, database: str, tables: Sequence[PublishedTable]
) -> dict[str, dict[str, str]]:
    """Hold the tables of an attached database against their contracts.

    Returns:
        Per table its columns, in order, with their DuckDB types.

    Raises:
        PublicationError: for a table that is not there, documented columns that differ from the real ones,
            another type than the contract has, or a type with a time zone (needs pytz on the reader's side).
    """
    types: dict[str, dict[str, str]] = {table.name: {} for table in tables}
    places = {(table.schema, table.relation): table.name for table in tables}
    for schema, relation, column, data_type in connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where database_name = ? order by schema_name, table_name, column_index",
        [database],
    ).fetchall():
        if (schema, relation) in places:
            types[places[schema, relation]][column] = data_type
    known: dict[str, str] = {}
    for table in tables:
        _check_names(table, types[table.name])
        _check_types(connection, table, types[table.name], known)
    return types


def write_parquet(
    connection: duckdb.DuckDBPyConnection, database: str, tables: Sequence[PublishedTable], folder: Path, stamp: Stamp
) -> None:
    """Write each table to `<folder>/parquet/<name>.parquet`, ordered by its key."""
    (folder / PARQUET).mkdir()
    for table in tables:
        order = ", ".join(_name(column) for column in table.key) or "all"
        source = f"{_name(database)}.{_name(table.schema)}.{_name(table.relation)}"
        copy_parquet(connection, f"from {source} order by {order}", parquet_path(folder, table.name), table, stamp)


def write_stamp(connection: duckdb.DuckDBPyConnection, folder: Path, stamp: Stamp, rows: Mapping[str, int]) -> None:
    """Write the table `publicatie`: one row that says what this publication is."""
    types = ", ".join(f"{_name(column.name)} {column.data_type}" for column in PUBLICATION_COLUMNS)
    connection.execute(f"create or replace temp table {PUBLICATION_TABLE} ({types})")
    values = [
        stamp.publicatie_id,
        stamp.published_at.replace(tzinfo=None),
        stamp.soort,
        stamp.software_version,
        stamp.run_id,
        CONTRACT_VERSION,
        json.dumps(rows, sort_keys=True),
        stamp.notice,
    ]
    marks = ", ".join("?" for _ in values)
    connection.execute(f"insert into {PUBLICATION_TABLE} values ({marks})", values)
    copy_parquet(connection, f"from {PUBLICATION_TABLE}", parquet_path(folder, PUBLICATION_TABLE), PUBLICATION, stamp)


def copy_parquet(
    connection: duckdb.DuckDBPyConnection, query: str, path: Path, table: PublishedTable, stamp: Stamp
) -> None:
    """Write the rows of a query to a Parquet file; handed on alone it still says what it is, and that it is a demo."""
    metadata = {
        "tabel": table.name,
        "omschrijving": table.description,
        "publicatie_id": stamp.publicatie_id,
        "soort": stamp.soort,
    }
    pairs = ", ".join(f"{key}: {_text(value)}" for key, value in metadata.items())
    options = f"format parquet, compression zstd, kv_metadata {{{pairs}}}"
    connection.execute(f"copy ({query}) to {_text(str(path))} ({options})")


def measure(connection: duckdb.DuckDBPyConnection, folder: Path, table: PublishedTable) -> Content:
    """Count and hash the rows of a table's Parquet file."""
    return _measure(connection, parquet_source(folder, table.name), table)


def content_hash(contents: Mapping[str, Content]) -> str:
    """Combine the digests of all tables into one, independent of database bytes and of volatile columns."""
    return _sha256(sorted((name, content.rows, content.digest) for name, content in contents.items()))


def schema_hash(tables: Sequence[PublishedTable], types: Mapping[str, Mapping[str, str]]) -> str:
    """Hash names, types, keys, descriptions and ready views: a corrected definition is a new publication too."""
    parts = []
    for table in sorted(tables, key=lambda table: table.name):
        described = {column.name: column.description for column in table.columns}
        columns = [(name, data_type, described[name]) for name, data_type in types[table.name].items()]
        parts.append((table.name, table.description, table.key, columns))
    views = [(view.name, view.description, dict(view.notes), view.sql) for view in ready_views()]
    return _sha256([parts, views])


def write_database(connection: duckdb.DuckDBPyConnection, folder: Path, tables: Sequence[PublishedTable]) -> Path:
    """Assemble `impact_kpi.duckdb` from the Parquet files, with the descriptions as comments and the ready views.

    Raises:
        PublicationError: when a ready view does not fit the tables.
    """
    path = folder / DATABASE
    connection.execute(f"attach {_text(str(path))} as handout (storage_version '{STORAGE_VERSION}')")
    try:
        _fill(connection, folder, tables)
        connection.execute("checkpoint handout")
    finally:
        connection.execute("detach handout")
    return path


def _fill(connection: duckdb.DuckDBPyConnection, folder: Path, tables: Sequence[PublishedTable]) -> None:
    connection.begin()
    try:
        for table in tables:
            relation = f"handout.main.{_name(table.name)}"
            connection.execute(f"create table {relation} as from {parquet_source(folder, table.name)}")
            connection.execute(f"comment on table {relation} is {_text(table.description)}")
            for column in table.columns:
                target = f"{relation}.{_name(column.name)}"
                connection.execute(f"comment on column {target} is {_text(column.description)}")
        write_views(connection, "handout")
    except BaseException:
        # Without this the file cannot be let go, and that error would hide the one that tells what is wrong.
        connection.rollback()
        raise
    connection.commit()


def check_handout(folder: Path, tables: Sequence[PublishedTable], contents: Mapping[str, Content]) -> None:
    """Reopen what will be handed out, read-only, and hold it against what was meant.

    Raises:
        PublicationError: for another storage format, a missing or extra table or view, a table that differs from its
            Parquet file in either direction, a doubled key, a view that cannot be read, or a table, view or column
            without a comment.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach {_text(str(folder / DATABASE))} as handout (read_only)")
        _check_storage(connection)
        _check_table_list(connection, tables)
        for table in tables:
            _check_content(connection, table, contents[table.name])
        check_views(connection, "handout")
        _check_comments(connection)


def parquet_path(folder: Path, table: str) -> Path:
    """Return where a publication folder keeps the Parquet file of a table."""
    return folder / PARQUET / f"{table}.parquet"


def parquet_source(folder: Path, table: str) -> str:
    """Return the SQL that reads the Parquet file of a table in a publication folder."""
    # A folder name may hold the characters of a file pattern: each stands for itself inside brackets.
    path = str(parquet_path(folder, table))
    literal = "".join(f"[{character}]" if character in "*?[" else character for character in path)
    return f"read_parquet({_text(literal)})"


def attach_read_only(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Attach a DuckDB file for reading.

    Raises:
        PublicationError: when the file is missing, is no DuckDB file, or is being written.
    """
    try:
        connection.execute(f"attach {_text(str(path))} as {_name(name)} (read_only)")
    except duckdb.Error as error:
        raise PublicationError(
            f"cannot open the warehouse {path} for reading: {error}. Publish after dbt has ended."
        ) from error


def _check_names(table: PublishedTable, found: Mapping[str, str]) -> None:
    if not found:
        raise PublicationError(
            f"table {table.schema}.{table.relation} of exposure kpi_mart is not in the warehouse: "
            f"publish only after a full `dbt build`"
        )
    documented = {column.name for column in table.columns}
    undocumented = sorted(found.keys() - documented)
    absent = sorted(documented - found.keys())
    unknown_key = sorted(set(table.key) - found.keys())
    if undocumented or absent or unknown_key:
        raise PublicationError(
            f"table {table.name}: the columns differ from its contract; not documented: {undocumented or 'none'}; "
            f"documented but not there: {absent or 'none'}; key columns not there: {unknown_key or 'none'}. "
            f"Make the model's YAML and its select list equal."
        )


def _check_types(
    connection: duckdb.DuckDBPyConnection, table: PublishedTable, found: Mapping[str, str], known: dict[str, str]
) -> None:
    for column in table.columns:
        place = f"{table.name}.{column.name}"
        data_type = found[column.name]
        if "WITH TIME ZONE" in data_type:
            raise PublicationError(
                f"{place} is {data_type}: publish a TIMESTAMP in UTC, readers lack the time zone package"
            )
        if column.data_type is None:
            continue
        if column.data_type not in known:
            known[column.data_type] = _canonical_type(connection, column.data_type, place)
        if known[column.data_type] != data_type:
            raise PublicationError(f"{place} is {data_type}, its contract says {column.data_type}")


def _canonical_type(connection: duckdb.DuckDBPyConnection, data_type: str, place: str) -> str:
    try:
        row = connection.execute(f"select typeof(cast(null as {data_type}))").fetchone()
    except duckdb.Error as error:
        raise PublicationError(f"{place}: the contract's data_type {data_type!r} is no DuckDB type") from error
    return str(row[0]) if row else ""


def _measure(connection: duckdb.DuckDBPyConnection, source: str, table: PublishedTable) -> Content:
    volatile = [column.name for column in table.columns if column.is_volatile]
    rows, full_digest = _digest(connection, source, ())
    digest = _digest(connection, source, volatile)[1] if volatile else full_digest
    return Content(rows, digest, full_digest)


def _digest(connection: duckdb.DuckDBPyConnection, source: str, without: Sequence[str]) -> tuple[int, str]:
    # DuckDB's own row hash: 0.2 s for 700 000 rows of 30 columns, md5 over their text takes 13 s. It tells null from
    # zero and empty, and sees the last bit of a double. Another DuckDB release may hash otherwise: that costs one
    # publication too many, never one too few.
    exclude = f" exclude ({', '.join(_name(column) for column in without)})" if without else ""
    row = connection.execute(
        f"select count(*), coalesce(sum(hash(_row)::hugeint), 0) from (select *{exclude} from {source}) as _row"
    ).fetchone()
    if row is None:
        raise PublicationError(f"no answer while hashing {source}")
    return int(row[0]), f"{row[1]:x}"


def _check_storage(connection: duckdb.DuckDBPyConnection) -> None:
    row = connection.execute(
        "select tags['storage_version'] from duckdb_databases() where database_name = 'handout'"
    ).fetchone()
    found = str(row[0]) if row else "unknown"
    if not found.startswith(STORAGE_VERSION):
        raise PublicationError(
            f"{DATABASE} has storage version {found}, expected {STORAGE_VERSION}: DuckDB 1.1 could not open it"
        )


def _check_table_list(connection: duckdb.DuckDBPyConnection, tables: Sequence[PublishedTable]) -> None:
    found = {
        name
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'handout'"
        ).fetchall()
    }
    expected = {table.name for table in tables}
    if found != expected:
        raise PublicationError(f"{DATABASE} holds other tables than the exposure: {sorted(found ^ expected)}")


def _check_content(connection: duckdb.DuckDBPyConnection, table: PublishedTable, expected: Content) -> None:
    relation = f"handout.main.{_name(table.name)}"
    found = _measure(connection, relation, table)
    if found != expected:
        raise PublicationError(
            f"{DATABASE}: table {table.name} differs from its Parquet file ({found} against {expected})"
        )
    if not table.key:
        return
    key = ", ".join(_name(column) for column in table.key)
    doubled = connection.execute(
        f"select {key}, count(*) from {relation} group by all having count(*) > 1 order by all limit 5"
    ).fetchall()
    if doubled:
        raise PublicationError(f"table {table.name} has more than one row for a key ({key}): {doubled}")


def _check_comments(connection: duckdb.DuckDBPyConnection) -> None:
    bare = connection.execute(
        "select table_name || '.' || column_name from duckdb_columns() "
        "where database_name = 'handout' and coalesce(comment, '') = '' "
        "union all select table_name from duckdb_tables() "
        "where database_name = 'handout' and coalesce(comment, '') = '' "
        "union all select view_name from duckdb_views() "
        "where database_name = 'handout' and not internal and coalesce(comment, '') = '' order by 1"
    ).fetchall()
    if bare:
        raise PublicationError(f"without a comment in {DATABASE}: {', '.join(name for (name,) in bare)}")


def _sha256(parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
