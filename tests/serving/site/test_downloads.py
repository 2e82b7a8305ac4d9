"""The page with downloads: only files that are there, with their size, and the meaning of every column."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from serving.assemble import Stamp
from serving.csv_files import CSV, write_csv_files
from serving.site.pages import downloads
from serving.tables import published_tables
from tests.serving.conftest import NOW, Mini
from tests.serving.site.conftest import Opened


@pytest.fixture
def with_files(opened: Opened, published: Mini, tmp_path: Path) -> Opened:
    """A publication with CSV files and a workbook beside it."""
    folder = tmp_path / "publicatie"
    shutil.copytree(opened.facts.folder, folder, ignore=shutil.ignore_patterns(CSV, "site", "werkboek"))
    stamp = Stamp("p", NOW, "demo", "0.1.0", "run")
    with duckdb.connect() as connection:
        write_csv_files(connection, folder, published_tables(published.manifest), stamp)
    (folder / "werkboek").mkdir()
    (folder / "werkboek" / "GM0758.xlsx").write_bytes(b"x" * 1234567)
    return replace(opened, facts=replace(opened.facts, folder=folder))


def _html(opened: Opened) -> str:
    (page,) = downloads.pages(opened.facts, opened.connection)
    return opened.html(page)


def test_every_link_leads_to_a_file(with_files: Opened) -> None:
    """A download that is not there is worse than none."""
    links = re.findall(r'href="\.\./([^"]+)" download', _html(with_files))
    assert {"impact_kpi.duckdb", "LICENTIES.md", "LEESMIJ.txt", "csv/kpi_gemeente_demo.csv"} <= set(links)
    assert "parquet/kpi_waarde.parquet" in links
    assert [link for link in links if not (with_files.facts.folder / link).is_file()] == []


def test_a_workbook_is_offered_with_its_size(with_files: Opened) -> None:
    """Who is on the road wants to know what a click costs."""
    html = _html(with_files)
    assert '<a href="../werkboek/GM0758.xlsx" download>Breda</a> <span class="stil omvang">1,2 MB</span>' in html


def test_what_is_not_there_is_said_in_words(with_files: Opened) -> None:
    """An empty cell would look as if the page failed."""
    folder = with_files.facts.folder
    shutil.rmtree(folder / "csv")
    shutil.rmtree(folder / "werkboek")
    html = _html(with_files)
    assert "In deze publicatie zit geen werkboek" in html
    assert "niet in deze publicatie" in html
    assert ".csv" not in html


def test_a_table_that_is_too_large_says_why_it_has_no_csv(with_files: Opened) -> None:
    """The reader would look for a file that was never meant to be there."""
    (with_files.facts.folder / "csv" / "kpi_vergelijking_demo.csv").unlink()
    rows = '{"kpi_vergelijking": 640408, "kpi_waarde": 7}'
    facts = replace(with_files.facts, publicatie={**with_files.facts.publicatie, "rijen": rows})
    html = _html(replace(with_files, facts=facts))
    row = html[html.index('<tr id="kpi_vergelijking">') :].partition("</tr>")[0]
    assert "640.408" in row
    assert "te groot voor een spreadsheet" in row
    assert "parquet/kpi_vergelijking.parquet" in row


def test_the_page_says_that_files_of_a_demo_say_so_themselves(with_files: Opened) -> None:
    """A reader who hands on a demo has to know what the file tells by itself."""
    assert "De CSV-bestanden van een demo heten zo" in _html(with_files)


def test_the_dictionary_has_every_column_of_every_table_and_view(with_files: Opened) -> None:
    """A column without meaning is a column that gets misread."""
    html = _html(with_files)
    columns = with_files.connection.execute(
        "select table_name, column_name from duckdb_columns() where database_name = current_database() and not internal"
    ).fetchall()
    for table, column in columns:
        part = html[html.index(f'id="woordenboek-{table}"') :].partition("</table>")[0]
        assert f"<code>{column}</code>" in part
    assert "Kolom waarde van kpi_gemeente (proef)." in html


def test_codes_in_a_description_are_set_apart(opened: Opened) -> None:
    """Backticks are how the contracts write a code; on a page they are noise."""
    html = opened.environment.from_string("{% from 'tekst.html.jinja' import met_code %}{{ met_code(tekst) }}").render(
        tekst="Een `a<b` of niet."
    )
    assert html.strip() == "Een <code>a&lt;b</code> of niet."
