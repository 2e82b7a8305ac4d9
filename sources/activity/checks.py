"""Which rows of a delivery are accepted, decided table by table with parents first.

In this order: erased people, doubles, faulty cells, references, known answers. Works on the work database alone, where
no cell as delivered is left. Nothing is repaired: a row is accepted as it is or goes to quarantine with a reason code.
What does not belong here: rules that only warn (`coherence`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import duckdb

from sources.activity.contract import Contract, ContractColumn, ContractTable
from sources.activity.layout import FAULTS, ROW_HASH, value_columns, work_key, work_table
from sources.activity.pseudonym import pseudonym_sql
from sources.activity.sql import fill, literal, name

PARTNER = "partner"
ANSWERS = "vragenlijst_antwoord"
LISTS = "vragenlijst_afname"
# Tables whose rows are about a person through a reference that may also point outside the delivery.
_CASCADING = {"casus_id": "casus", "interventie_id": "interventie"}
_PERSON = "deelnemer"


@dataclass(frozen=True, slots=True)
class Judging:
    """What is needed to judge the rows of one delivery.

    Attributes:
        connection: of the work database.
        contract: the tables, parents first.
        delivered: tables of which there was a file.
        organisatie_id: organisation of the delivery, for the hash of a row.
    """

    connection: duckdb.DuckDBPyConnection
    contract: Contract
    delivered: Collection[str]
    organisatie_id: str = ""

    def run(self, statement: str) -> None:
        """Execute a statement without a result."""
        self.connection.execute(statement)

    def count(self, query: str) -> int:
        """The one number that a query gives."""
        row = self.connection.execute(query).fetchone()
        return 0 if row is None else int(row[0])


@dataclass(frozen=True, slots=True)
class TableCounts:
    """What became of the rows of one table.

    Attributes:
        gelezen: rows read; the four others add up to it.
        geaccepteerd: rows in the lake.
        quarantaine: rows with a reason code.
        dubbel_samengevoegd: rows that said what an earlier row said.
        gewist: rows of people who were erased.
    """

    gelezen: int
    geaccepteerd: int
    quarantaine: int
    dubbel_samengevoegd: int
    gewist: int


def out_table(tabel: str) -> str:
    """Name of the table with the rows that are not accepted, and why."""
    return name(f"weg_{tabel}")


def key_table(tabel: str) -> str:
    """Name of the table with the accepted keys."""
    return name(f"sleutel_{tabel}")


def accepted_view(tabel: str) -> str:
    """Name of the view with the accepted rows."""
    return name(f"goed_{tabel}")


def _erased_keys(tabel: str) -> str:
    return name(f"gewist_{tabel}")


def judge(judging: Judging, answers: Sequence[tuple[str, str, str, str]], erased: Collection[str]) -> None:
    """Decide of every row whether it is accepted.

    Leaves behind, per table, the rows that are out, the accepted keys and a view with the accepted rows; and one table
    `fout` with a line per fault.

    Args:
        judging: the rows.
        answers: (vragenlijst, versie, vraagcode, antwoord) of every known answer.
        erased: pseudonyms of people who were erased.
    """
    run = judging.run
    run("CREATE TABLE fout (tabel VARCHAR, rij BIGINT, kolom VARCHAR, reden VARCHAR)")
    run("CREATE TABLE gewist (pseudoniem VARCHAR)")
    run("CREATE TABLE bekend_antwoord (vragenlijst VARCHAR, versie VARCHAR, vraagcode VARCHAR, antwoord VARCHAR)")
    fill(judging.connection, "gewist", [[one] for one in sorted(erased)])
    fill(judging.connection, "bekend_antwoord", answers)
    for table in judging.contract.tables.values():
        run(f"CREATE TABLE {out_table(table.tabel)} (rij BIGINT, waarom VARCHAR)")
        _take_out_erased(judging, table)
        if table.tabel in judging.delivered:
            _judge_table(judging, table)
        if _is_parent(judging, table):
            key = name(table.key[0])
            run(f"CREATE TABLE {key_table(table.tabel)} AS SELECT {key} AS sleutel FROM {_left(table)}")
        run(f"CREATE VIEW {accepted_view(table.tabel)} AS {_accepted(table)}")


def _is_parent(judging: Judging, table: ContractTable) -> bool:
    """Whether any table refers to this one: only then its keys are needed apart."""
    tables = judging.contract.tables.values()
    return any(column.verwijst_naar == table.tabel for other in tables for column in other.columns)


def _judge_table(judging: Judging, table: ContractTable) -> None:
    _decide_doubles(judging, table)
    _take_out_faulty(judging, table)
    _follow_hard_references(judging, table)
    if table.tabel == ANSWERS:
        _hold_against_known_answers(judging)


def count_rows(judging: Judging, table: ContractTable) -> TableCounts:
    """What became of the rows of a table that was judged."""
    reasons = dict(
        judging.connection.execute(f"SELECT waarom, COUNT(*) FROM {out_table(table.tabel)} GROUP BY waarom").fetchall()
    )
    read = judging.count(f"SELECT COUNT(*) FROM {work_table(table.tabel)}")
    return TableCounts(
        gelezen=read,
        geaccepteerd=read - sum(reasons.values()),
        quarantaine=reasons.get("quarantaine", 0),
        dubbel_samengevoegd=reasons.get("dubbel", 0),
        gewist=reasons.get("gewist", 0),
    )


def _left(table: ContractTable) -> str:
    """The rows that are still in."""
    rows, out = work_table(table.tabel), out_table(table.tabel)
    return f"(SELECT rowid AS rij, * FROM {rows} WHERE rowid NOT IN (SELECT rij FROM {out}))"


# --- erased people --------------------------------------------------------------------------------


def erased_test(table: ContractTable) -> str | None:
    """SQL that is true for a row that is about somebody who was erased, or None where that cannot be."""
    tests = [
        f"{name(column.kolom)} IN (SELECT pseudoniem FROM gewist)" for column in table.columns if _is_person(column)
    ]
    for column in table.columns:
        parent = column.verwijst_naar
        if parent and parent != table.tabel and (column.verwijzing == "hard" or _CASCADING.get(column.kolom) == parent):
            tests.append(f"{name(column.kolom)} IN (SELECT sleutel FROM {_erased_keys(parent)})")
    return " OR ".join(f"COALESCE({test}, FALSE)" for test in tests) or None


def erased_links(table: ContractTable) -> list[str]:
    """Columns that may name something of an erased person in the row of somebody else."""
    return [
        column.kolom
        for column in table.columns
        if column.verwijzing == "soft" and column.kolom not in _CASCADING and _is_nullable_link(column)
    ]


def keep_erased_keys(judging: Judging, table: ContractTable, test: str | None, relation: str) -> None:
    """Remember the keys of the erased rows of a table, for the tables that refer to it."""
    if _is_parent(judging, table):
        judging.run(
            f"CREATE TABLE {_erased_keys(table.tabel)} AS "
            f"SELECT {name(table.key[0])} AS sleutel FROM {relation} WHERE {test or 'FALSE'}"
        )


def erased_keys_of(tabel: str) -> str:
    """A query of the erased keys of a table."""
    return f"SELECT sleutel FROM {_erased_keys(tabel)}"


def _is_person(column: ContractColumn) -> bool:
    return column.domein == _PERSON


def _take_out_erased(judging: Judging, table: ContractTable) -> None:
    test = erased_test(table) if judging.count("SELECT COUNT(*) FROM gewist") else None
    keep_erased_keys(judging, table, test, work_table(table.tabel))
    if test is not None:
        judging.run(
            f"INSERT INTO {out_table(table.tabel)} SELECT rowid, 'gewist' FROM {work_table(table.tabel)} WHERE {test}"
        )


# --- doubles --------------------------------------------------------------------------------------


def _decide_doubles(judging: Judging, table: ContractTable) -> None:
    """Equal rows with one key become one row; unequal ones are all faulty, whatever else is wrong with them."""
    keys = work_key(table)
    filled = " AND ".join(f"{key} IS NOT NULL" for key in keys)
    hashed = f"HASH({', '.join(keys)})"
    # Hashes first: ten million keys of 26 letters would not fit in the memory that this may take.
    judging.run(
        f"CREATE TEMP TABLE vaker AS SELECT {hashed} AS h FROM {_left(table)} WHERE {filled} "
        f"GROUP BY h HAVING COUNT(*) > 1"
    )
    if judging.count("SELECT COUNT(*) FROM vaker"):
        content = ", ".join(name(column) for column, _ in value_columns(table))
        by = ", ".join(keys)
        judging.run(
            f"CREATE TEMP TABLE dubbel AS SELECT rij, {by}, HASH({content}, "
            f"CASE WHEN {FAULTS} IS NOT NULL THEN {ROW_HASH} END) AS inhoud "
            f"FROM {_left(table)} WHERE {filled} AND {hashed} IN (SELECT h FROM vaker)"
        )
        judging.run(
            f"CREATE TEMP TABLE groep AS SELECT UNNEST(LIST(rij)) AS rij, MIN(rij) AS eerste, "
            f"COUNT(DISTINCT inhoud) > 1 AS verschilt FROM dubbel GROUP BY {by} HAVING COUNT(*) > 1"
        )
        out = out_table(table.tabel)
        judging.run(f"INSERT INTO {out} SELECT rij, 'dubbel' FROM groep WHERE NOT verschilt AND rij <> eerste")
        judging.run(f"INSERT INTO {out} SELECT rij, 'quarantaine' FROM groep WHERE verschilt")
        judging.run(
            f"INSERT INTO fout SELECT {literal(table.tabel)}, rij, {literal(', '.join(table.key))}, 'dubbele_sleutel' "
            "FROM groep WHERE verschilt"
        )
        judging.run("DROP TABLE dubbel")
        judging.run("DROP TABLE groep")
    judging.run("DROP TABLE vaker")


# --- cells and references -------------------------------------------------------------------------


def _take_out_faulty(judging: Judging, table: ContractTable) -> None:
    judging.run(
        f"INSERT INTO fout SELECT {literal(table.tabel)}, rij, SPLIT_PART(een, ':', 1), SPLIT_PART(een, ':', 2) "
        f"FROM (SELECT rij, UNNEST(STRING_SPLIT({FAULTS}, ' ')) AS een FROM {_left(table)} WHERE {FAULTS} IS NOT NULL)"
    )
    judging.run(
        f"INSERT INTO {out_table(table.tabel)} SELECT rij, 'quarantaine' FROM {_left(table)} WHERE {FAULTS} IS NOT NULL"
    )


def _follow_hard_references(judging: Judging, table: ContractTable) -> None:
    """A row without accepted parent is out; a row with two such references is out once, with two faults."""
    references = [column for column in table.columns if column.verwijzing == "hard" and is_checked(judging, column)]
    for column in references:
        judging.run(
            f"INSERT INTO fout SELECT {literal(table.tabel)}, rij, {literal(column.kolom)}, 'onbekende_sleutel' "
            f"FROM {_left(table)} WHERE {name(column.kolom)} IS NOT NULL "
            f"AND {name(column.kolom)} NOT IN (SELECT sleutel FROM {key_table(str(column.verwijst_naar))})"
        )
    if references:
        _take_out_new_faults(judging, table)


def is_checked(judging: Judging, column: ContractColumn) -> bool:
    """Whether a reference can be held against its parents: partners may be known by their number alone."""
    return column.verwijst_naar != PARTNER or PARTNER in judging.delivered


def _hold_against_known_answers(judging: Judging) -> None:
    table = judging.contract.tables[ANSWERS]
    lists = work_table(LISTS)
    judging.run(
        f"INSERT INTO fout SELECT {literal(ANSWERS)}, a.rij, 'antwoord', 'antwoord_onbekend' FROM {_left(table)} AS a "
        f"INNER JOIN (SELECT afname_id, vragenlijst, versie FROM {lists} WHERE rowid NOT IN "
        f"(SELECT rij FROM {out_table(LISTS)})) AS l ON l.afname_id = a.afname_id "
        "WHERE NOT EXISTS (SELECT 1 FROM bekend_antwoord AS b WHERE b.vragenlijst = l.vragenlijst "
        "AND b.versie = l.versie AND b.vraagcode = a.vraagcode AND b.antwoord = LOWER(TRIM(a.antwoord)))"
    )
    _take_out_new_faults(judging, table)


def _take_out_new_faults(judging: Judging, table: ContractTable) -> None:
    out = out_table(table.tabel)
    judging.run(
        f"INSERT INTO {out} SELECT DISTINCT rij, 'quarantaine' FROM fout WHERE tabel = {literal(table.tabel)} "
        f"AND rij NOT IN (SELECT rij FROM {out})"
    )


# --- accepted -------------------------------------------------------------------------------------


def _is_nullable_link(column: ContractColumn) -> bool:
    """Whether a link without parent becomes empty.

    A deelnemer without row still tells persons apart, a medewerker still is somebody who wrote hours, and a methodiek
    without row is a methodiek that is not recognised.
    """
    return column.verwijzing == "soft" and column.verwijst_naar not in (_PERSON, "medewerker", "methodiek")


def _accepted(table: ContractTable) -> str:
    columns = []
    links = {column.kolom: str(column.verwijst_naar) for column in table.columns if _is_nullable_link(column)}
    for column, _ in value_columns(table):
        quoted = name(column)
        if column in links:
            keys = f"SELECT sleutel FROM {key_table(links[column])}"
            columns.append(f"CASE WHEN {quoted} IN ({keys}) THEN {quoted} END AS {quoted}")
        else:
            columns.append(quoted)
    return f"SELECT rij, _bestand, _bronregel, {', '.join(columns)} FROM {_left(table)}"


def soft_reference_counts(judging: Judging) -> list[tuple[str, str, str, int]]:
    """(table, column, parent, rows) of every soft reference that accepted rows make to nothing."""
    found = []
    for table in judging.contract.tables.values():
        if table.tabel not in judging.delivered:
            continue
        for column in table.columns:
            if column.verwijzing != "soft":
                continue
            lost = judging.count(
                f"SELECT COUNT(*) FROM {_left(table)} WHERE {name(column.kolom)} IS NOT NULL "
                f"AND {name(column.kolom)} NOT IN (SELECT sleutel FROM {key_table(str(column.verwijst_naar))})"
            )
            if lost:
                found.append((table.tabel, column.kolom, str(column.verwijst_naar), lost))
    return found


def partner_stubs(judging: Judging) -> str | None:
    """A query of the partners that accepted rows name, when no file gave them; None when one did."""
    if PARTNER in judging.delivered:
        return None
    users = [
        f"SELECT {name(column.kolom)} AS partner_id FROM {accepted_view(table.tabel)}"
        for table in judging.contract.tables.values()
        for column in table.columns
        if column.verwijst_naar == PARTNER
    ]
    return f"SELECT DISTINCT partner_id FROM ({' UNION ALL '.join(users)}) WHERE partner_id IS NOT NULL"


def fault_lines(judging: Judging) -> str:
    """A query of all faults: table, file number, line, column, reason and keyed row hash.

    The connection has to have the key installed.
    """
    parts = []
    for tabel, table in judging.contract.tables.items():
        if tabel in judging.delivered:
            values = ", ".join(f"COALESCE(CAST(g.{name(column)} AS VARCHAR), '')" for column, _ in value_columns(table))
            row_hash = pseudonym_sql(f"CONCAT_WS(CHR(31), {values})", judging.organisatie_id, f"rij {tabel}")
            row_hash = f"COALESCE(g.{ROW_HASH}, {row_hash})"
            parts.append(
                f"SELECT f.tabel, g._bestand, g._bronregel, f.kolom, f.reden, {row_hash} AS hash FROM fout AS f "
                f"INNER JOIN {work_table(tabel)} AS g ON g.rowid = f.rij WHERE f.tabel = {literal(tabel)}"
            )
    none = (
        "SELECT NULL::VARCHAR AS tabel, NULL::USMALLINT AS _bestand, NULL::INTEGER AS _bronregel, "
        "NULL::VARCHAR AS kolom, NULL::VARCHAR AS reden, NULL::VARCHAR AS hash WHERE FALSE"
    )
    return " UNION ALL ".join(parts or [none])
