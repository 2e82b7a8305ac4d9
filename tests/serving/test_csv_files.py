"""The CSV files of a publication: what a Dutch spreadsheet reads, written by DuckDB."""

import csv
import io
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from serving.assemble import Stamp
from serving.csv_files import DICTIONARY, TOO_MANY_ROWS, ZIPPED_ABOVE_BYTES, csv_path, write_csv_files
from serving.render import FORMULA_STARTS, write_csv
from serving.tables import PublishedColumn, PublishedTable, published_tables
from tests.serving.conftest import NOW, Mini

DEMO = Stamp("p", NOW, "demo", "0.1.0", "run")
LIVE = Stamp("p", NOW, "live", "0.1.0", "run")


def _table(name: str, columns: Sequence[str]) -> PublishedTable:
    return PublishedTable(
        name, "main", name, (), "Proef.", tuple(PublishedColumn(column, "Uitleg.") for column in columns)
    )


def _write(folder: Path, name: str, select: str, stamp: Stamp = LIVE) -> list[Path]:
    """Write one table that holds the rows of a query."""
    (folder / "parquet").mkdir()
    with duckdb.connect() as connection:
        connection.execute(f"copy ({select}) to '{folder}/parquet/{name}.parquet' (format parquet)")
        columns = [row[0] for row in connection.execute(f"describe {select}").fetchall()]
        return write_csv_files(connection, folder, [_table(name, columns)], stamp)


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


def _publication(mini: Mini, folder: Path, stamp: Stamp = DEMO) -> list[Path]:
    """The CSV files of a publication as it stands."""
    shutil.copytree(mini.link.resolve() / "parquet", folder / "parquet")
    with duckdb.connect() as connection:
        return write_csv_files(connection, folder, published_tables(mini.manifest), stamp)


def test_every_table_of_the_publication_has_a_file_and_the_dictionary_is_beside_them(
    published: Mini, tmp_path: Path
) -> None:
    """A table without CSV would be missing for whoever has only a spreadsheet."""
    written = _publication(published, tmp_path)
    names = [f"{table.name}_demo.csv" for table in published_tables(published.manifest)]
    assert [path.name for path in written] == [*names, DICTIONARY]
    assert {path.parent for path in written} == {tmp_path / "csv"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("13.1::double", "13,1"),
        ("17942942.0::double", "17942942"),
        ("-0.0343701::double", "-0,0343701"),
        ("5::bigint", "5"),
        ("100::double", "100"),
        ("12.50::decimal(9, 2)", "12,50"),
        ("true", "ja"),
        ("false", "nee"),
        ("null::boolean", ""),
        ("null::double", ""),
        ("null::varchar", ""),
        ("date '2026-11-21'", "21-11-2026"),
        ("timestamp '2026-11-21 03:30:00'", "21-11-2026 03:30:00"),
        ("'Súdwest; \"Fryslân\"'", 'Súdwest; "Fryslân"'),
    ],
)
def test_a_value_is_written_the_dutch_way(tmp_path: Path, value: str, expected: str) -> None:
    """A decimal point becomes a thousand in a Dutch spreadsheet, and an empty truth value may not read as nee."""
    path, _ = _write(tmp_path, "proef", f"select {value} as waarde, 'x' as anders")
    assert _rows(path) == [["waarde", "anders"], [expected, "x"]]


@pytest.mark.parametrize(
    "text", [*(f"{start}1+1" for start in FORMULA_STARTS), "Breda", "'s-Gravenhage", "a=b", "a\rb"]
)
def test_text_of_others_is_neutralised_as_on_the_command_line(tmp_path: Path, text: str) -> None:
    """A gemeente or label that starts as a formula would run in the spreadsheet of whoever opens the file."""
    literal = "||".join(f"chr({ord(character)})" for character in text)
    path, _ = _write(tmp_path, "proef", f"select {literal} as tekst")
    expected = io.StringIO(newline="")
    write_csv(["tekst"], [(text,)], expected, comma=True)
    assert _rows(path) == list(csv.reader(io.StringIO(expected.getvalue(), newline=""), delimiter=";"))


def test_a_gemeente_named_as_a_formula_stays_text_in_every_file(standing: Mini, tmp_path: Path) -> None:
    """Names of gemeenten come from outside and stand in most tables."""
    standing.sql("update marts.gemeente set gemeente_naam = '=1+1' where gemeente_code = 'GM0758'")
    standing.sql("update marts.kpi_gemeente set gemeente_naam = '=1+1' where gemeente_code = 'GM0758'")
    standing.publish()
    _publication(standing, tmp_path)
    for table in ("gemeente", "kpi_gemeente"):
        cells = {cell for row in _rows(csv_path(tmp_path, table, "demo")) for cell in row}
        assert "'=1+1" in cells
        assert "=1+1" not in cells


def test_every_row_of_a_demo_says_so_even_where_the_table_has_a_notice_of_its_own(
    published: Mini, tmp_path: Path
) -> None:
    """A file handed on alone would pass for real figures; table bron has a column melding about the source itself."""
    written = _publication(published, tmp_path)
    for path in written[:-1]:
        header, *rows = _rows(path)
        assert header[-1] == "publicatie_melding"
        assert all("verzonnen" in row[-1] for row in rows)
    assert "melding" in _rows(csv_path(tmp_path, "bron", "demo"))[0]


def test_live_figures_have_no_notice_and_no_suffix(tmp_path: Path) -> None:
    """A notice beside real figures would make them suspect."""
    path, _ = _write(tmp_path, "proef", "select 1 as waarde")
    assert path == tmp_path / "csv" / "proef.csv"
    assert _rows(path)[0] == ["waarde"]


def test_the_file_says_that_it_is_utf8(tmp_path: Path) -> None:
    """Without the mark a Dutch Excel reads Fryslân as FryslÃ¢n."""
    path, dictionary = _write(tmp_path, "proef", "select 'Fryslân' as naam")
    assert path.read_bytes().startswith("\ufeffnaam".encode())
    assert dictionary.read_bytes().startswith("\ufefftabel".encode())


@pytest.mark.parametrize(("name", "is_written"), [("kpi_vergelijking", False), ("kpi_waarde", True)])
def test_only_the_tables_named_for_it_are_left_out_when_large(tmp_path: Path, name: str, is_written: bool) -> None:
    """The figures themselves have to stay in reach of a spreadsheet; what can be looked up in Parquet need not."""
    _write(tmp_path, name, f"select range as waarde from range({TOO_MANY_ROWS + 1})")
    assert csv_path(tmp_path, name, "live").exists() is is_written


def test_a_large_table_just_within_bounds_is_written(tmp_path: Path) -> None:
    """Leaving out a table that a spreadsheet can open would take it from people."""
    _write(tmp_path, "kpi_vergelijking", f"select range as waarde from range({TOO_MANY_ROWS})")
    assert csv_path(tmp_path, "kpi_vergelijking", "live").exists()


def test_rows_keep_the_order_of_the_publication(tmp_path: Path) -> None:
    """Rows that change place between publications cannot be held against each other."""
    path, _ = _write(tmp_path, "proef", "select range as nummer from range(200000) order by range")
    numbers = [int(row[0]) for row in _rows(path)[1:]]
    assert numbers == list(range(200000))


def test_the_dictionary_tells_every_column_of_every_table(published: Mini, tmp_path: Path) -> None:
    """A column without meaning is a column that gets misread."""
    *_, dictionary = _publication(published, tmp_path)
    header, *rows = _rows(dictionary)
    assert header == ["tabel", "kolom", "type", "omschrijving"]
    assert ["kpi_gemeente", "waarde", "getal", "Kolom waarde van kpi_gemeente (proef)."] in rows
    assert len(rows) == sum(len(table.columns) for table in published_tables(published.manifest))


def test_a_large_file_is_zipped(tmp_path: Path) -> None:
    """Fourteen publications of a hundred megabytes of the same words fill a small server."""
    text = "x" * 100
    (file, _) = _write(tmp_path, "groot", f"select i, '{text}' as tekst from range(60_000) as t(i)")
    assert file.name == "groot.csv.zip"
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["groot.csv"]
        assert archive.getinfo("groot.csv").file_size > ZIPPED_ABOVE_BYTES
        assert io.TextIOWrapper(archive.open("groot.csv"), "utf-8-sig").readline() == "i;tekst\n"
    assert csv_path(tmp_path, "groot", "live") == file
    assert not (tmp_path / "csv" / "groot.csv").exists()
