"""What the demo publishes of people: nothing that names them, nothing exact, nothing that can be worked out."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb
import openpyxl
import pytest

from serving.disclosure import Catalogue, ExactRow, Parameters, ProtectedRow, attack, leaks, protect
from tests.end_to_end.conftest import REPOSITORY, Night

pytestmark = pytest.mark.xdist_group("demo")

REGISTRY = REPOSITORY / "dbt_project" / "seeds" / "registry"
# How the invented organisation spells what must never come through.
PLANTED = r"M20\d\d-\d{5}|Deelnemer\d{4}|example\.invalid|Verzonnenlaan"
# Half a gigabyte is looked through: this is ten times as fast as searching for runs of nine digits.
ONLY_DIGITS = bytes(byte if byte in b"0123456789" else ord(" ") for byte in range(256))
PSEUDONYM = r"^[A-Z2-7]{26}$"


def delivered_texts(night: Night) -> Iterator[str]:
    """Every cell and line of the delivery as its systems exported it."""
    folder = night.data / "demo" / "archief" / "levering"
    for path in sorted(folder.iterdir()):
        if path.suffix == ".xlsx":
            for sheet in openpyxl.load_workbook(path, read_only=True):
                yield from (str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None)
        elif path.suffix in (".csv", ".txt"):
            yield path.read_bytes().decode("windows-1252", errors="replace")


def bsns(night: Night) -> set[str]:
    return {text for text in delivered_texts(night) if re.fullmatch(r"\d{9}", text)}


def kept_files(night: Night) -> list[Path]:
    """All that a run leaves, but the archive, which stands for the organisation's own computer."""
    root = night.data / "demo"
    return [path for path in root.rglob("*") if path.is_file() and root / "archief" not in path.parents]


def text_columns(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    # Views of warehouse and publication show what is in their tables and in the lake, and nothing else.
    return connection.execute(
        """select format('"{}"."{}"."{}"', database_name, schema_name, table_name), column_name
        from duckdb_columns() anti join duckdb_views() on
            duckdb_columns.table_oid = duckdb_views.view_oid and duckdb_columns.database_oid = duckdb_views.database_oid
            and duckdb_views.database_name <> 'memory'
        where database_name not in ('system', 'temp') and data_type = 'VARCHAR'"""
    ).fetchall()


def test_the_delivery_really_holds_what_is_searched_for(demo_night: Night) -> None:
    """A search for what is not there would find nothing and prove nothing."""
    everything = "\n".join(delivered_texts(demo_night))
    for planted in PLANTED.split("|"):
        assert re.search(planted, everything), planted
    assert len(bsns(demo_night)) > 100


def test_no_byte_that_a_run_keeps_holds_an_identifier(demo_night: Night) -> None:
    """A log, the run history or a file left behind would give people away."""
    planted = [re.compile(part) for part in PLANTED.encode().split(b"|")]
    numbers = {number.encode() for number in bsns(demo_night)}
    for path in kept_files(demo_night):
        content = path.read_bytes()
        assert not any(part.search(content) for part in planted), path
        assert numbers.isdisjoint(content.translate(ONLY_DIGITS).split()), path


def test_no_value_of_any_table_is_an_identifier(demo_night: Night) -> None:
    """Parquet and DuckDB pack their values, so that reading bytes would miss one."""
    numbers = bsns(demo_night)
    with duckdb.connect() as connection:
        root = demo_night.data / "demo"
        connection.execute(f"attach '{root / 'warehouse.duckdb'}' as warehouse (read_only)")
        connection.execute(f"attach '{demo_night.publication / 'impact_kpi.duckdb'}' as publication (read_only)")
        parquet = [path for path in kept_files(demo_night) if path.suffix == ".parquet"]
        for number, path in enumerate(parquet):
            connection.execute(f"create view memory.main.p{number} as from read_parquet('{path}')")
        assert parquet
        for table, column in text_columns(connection):
            query = f'select text from (select distinct "{column}" as text from {table}) where regexp_matches(text, ?)'
            found = {text for (text,) in connection.execute(query, [rf"{PLANTED}|^\d{{9}}$"]).fetchall()}
            assert not {text for text in found if not text.isdigit() or text in numbers}, (table, column)


def test_the_publication_has_no_row_about_a_person(demo_night: Night) -> None:
    """A pseudonym is a person: whoever has the key, or the delivery, knows who."""
    with duckdb.connect(str(demo_night.publication / "impact_kpi.duckdb"), read_only=True) as connection:
        for table, column in text_columns(connection):
            where = f'regexp_full_match("{column}", ?)'
            found = connection.execute(f"select count(*) from {table} where {where}", [PSEUDONYM]).fetchall()
            assert found[0][0] == 0, (table, column)


@cache
def catalogue() -> Catalogue:
    return Catalogue.of(*(seed(name) for name in ("own_kpi", "own_count", "own_count_relation")))


@cache
def parameters() -> Parameters:
    return Parameters.of(seed("disclosure_parameter"))


def seed(name: str) -> list[dict[str, str]]:
    with (REGISTRY / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def published(night: Night) -> list[ProtectedRow]:
    """Own figures as readers have them, from the published file alone."""
    columns = (
        "kpi_id, model_versie, variant, uitsplitsing, gemeente_code, periode, periode_soort, jaar, waarde, teller, "
        "noemer, status, ontbreekt_reden"
    )
    rows = night.query(f"select {columns} from kpi_waarde where herkomst = 'eigen'")
    return [ProtectedRow(*row) for row in rows]


def test_no_published_count_of_people_is_exact(demo_night: Night) -> None:
    """An unrounded count beside a rounded one tells the late record."""
    protected = {
        (row["kpi_id"], row["variant"], row["uitsplitsing"]): row
        for row in seed("own_kpi")
        if row["soort_waarde"] in ("aantal", "percentage", "verhouding") and row["bijdrager"] != "geen"
    }
    checked = 0
    for row in published(demo_night):
        kind = protected.get((row.kpi_id, row.variant, row.uitsplitsing.split(": ")[0]))
        if kind is None or row.waarde is None:
            continue
        counts = [row.teller] if kind["noemer_herkomst"] == "open" else [row.teller, row.noemer]
        for count in counts:
            if count is not None and kind["variant"] not in ("percentage_van_plan", "per_fte"):
                assert count % 5 == 0, row
                assert count >= 10, row
                checked += 1
    assert checked > 1000


def test_the_attacker_finds_nothing_in_the_publication(demo_night: Night) -> None:
    """A reader with a calculator and patience would find a group smaller than ten."""
    bounds = attack(published(demo_night), catalogue(), parameters())
    assert len(bounds) > 1000
    assert leaks(bounds) == []


def test_the_attacker_does_find_people_when_nothing_but_small_counts_is_hidden(demo_night: Night) -> None:
    """The audit would pass on anything: without secondary suppression it must find many."""
    with duckdb.connect(str(demo_night.data / "demo" / "warehouse.duckdb"), read_only=True) as connection:
        cursor = connection.execute("from eigen.int_eigen_te_publiceren")
        names = [column[0] for column in cursor.description or ()]
        exact = [ExactRow.of(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    careless = protect(exact, catalogue(), parameters(), secondary=False)
    assert len(leaks(attack(careless.rows, catalogue(), parameters()))) > 10
