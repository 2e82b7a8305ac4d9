"""An advisor's own SQL on a publication that nothing may change."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from serving.cli import cli
from serving.errors import NoPublicationError, WrongUseError
from serving.literals import unmatched
from serving.locations import Locations
from serving.publication import find_publication, open_publication
from serving.query import ask
from tests.serving.conftest import Mini


@pytest.fixture
def connection(published: Mini) -> Iterator[duckdb.DuckDBPyConnection]:
    opened = open_publication(find_publication(published.locations))
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "sql",
    [
        "select count(*) from kpi",
        "with k as (select * from kpi) select * from k;",
        "from kpi limit 1",
        "describe kpi",
        "show tables",
        "summarize kpi_waarde",
        "explain select 1",
        "-- uitleg\n select 1",
        pytest.param(
            "/* x */ pivot kpi_waarde on gemeente_code using max(waarde) group by kpi_id",
            marks=pytest.mark.skipif(duckdb.__version__.startswith("1."), reason="1.x takes it for two statements"),
        ),
        "select * from impact_kpi.kpi",
        "select 'copy; drop' as tekst",
    ],
)
def test_every_way_of_reading_is_allowed(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """A guard that refuses `describe` sends people to the warehouse."""
    answer = ask(connection, sql)
    assert answer.columns
    assert list(answer.rows())


@pytest.mark.parametrize(
    ("sql", "word"),
    [
        ("copy kpi to 'weg.csv'", "COPY"),
        ("attach 'ander.duckdb'", "ATTACH"),
        ("install httpfs", "INSTALL"),
        ("load httpfs", "LOAD"),
        ("create table x (a int)", "CREATE"),
        ("create temp table x (a int)", "CREATE"),
        ("drop table kpi", "DROP"),
        ("delete from kpi", "DELETE"),
        ("update kpi set naam = ''", "UPDATE"),
        ("insert into kpi from kpi", "INSERT"),
        ("with a as (select 1) insert into kpi from kpi", "WITH"),
        ("set enable_external_access = true", "SET"),
        ("pragma enable_profiling", "PRAGMA"),
        ("export database 'weg'", "EXPORT"),
        ("checkpoint", "CHECKPOINT"),
        ("/* select */ drop table kpi", "DROP"),
    ],
)
def test_everything_else_is_refused_in_dutch(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    word: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The publication is a contract: nobody's question may change it or write beside it."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WrongUseError, match=f"{word} mag hier niet"):
        ask(connection, sql)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('{folder}/manifest.json')",
        "select * from '{folder}/parquet/kpi.parquet'",
        "select * from glob('/*')",
        "select * from read_csv('/etc/passwd')",
        "explain analyze copy kpi to '{folder}/weg.csv'",
    ],
)
def test_files_are_out_of_reach_even_for_a_reading_statement(
    connection: duckdb.DuckDBPyConnection, published: Mini, sql: str
) -> None:
    """SELECT can read files too: a saved query of somebody else would read yours."""
    with pytest.raises(WrongUseError, match="niet te bereiken"):
        ask(connection, sql.format(folder=published.link))
    assert not (published.link / "weg.csv").exists()


def test_a_question_leaves_every_byte_as_it_was(connection: duckdb.DuckDBPyConnection, published: Mini) -> None:
    """A spill file or a write-ahead log beside the publication would break its manifest."""

    def state() -> dict[str, str]:
        files = sorted(path for path in published.publications.rglob("*") if path.is_file())
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    before = state()
    list(ask(connection, "select * from kpi_waarde a, kpi_waarde b, kpi_waarde c order by all").rows())
    assert state() == before


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("select * from kpi_waardee", r"Tabel kpi_waardee bestaat niet\. Bedoelt u kpi_waarde"),
        ("select * from marts.kpi", "bestaat niet"),
        ("select waard from kpi_waarde", r"Kolom waard bestaat niet\. Bedoelt u waarde"),
        ("select k.naamm from kpi k", r"Kolom naamm bestaat niet\. Bedoelt u naam"),
        ("selec 1", r"geen geldige SQL[\s\S]*selec 1"),
        ("select nofunc(1)", r"Functie nofunc bestaat niet\."),
        ("select summ(waarde) from kpi_waarde", r"Functie summ bestaat niet\. Bedoelt u sum"),
        ("select kpi_gemeente.naam from kpi_gemeente", r"Kolom naam bestaat niet\. Bedoelt u kpi_naam"),
        ("select kpi.naam from kpi_gemeente", "kpi komt in deze vraag niet voor als tabel; wel: kpi_gemeente"),
        ("select * from v_profil", r"Tabel v_profil bestaat niet\. Bedoelt u v_profiel"),
        ("select nl_oordel from v_profiel", r"Kolom nl_oordel bestaat niet\. Bedoelt u nl_oordeel"),
        ("select cast('a' as int)", "kon niet worden beantwoord"),
        ("select 1; select 2", "één vraag tegelijk; dit zijn er 2"),
        ("", "leeg"),
        (" ; -- niets", "leeg"),
    ],
)
def test_a_mistake_is_explained_with_what_may_have_been_meant(
    connection: duckdb.DuckDBPyConnection, sql: str, says: str
) -> None:
    """A bare 'Binder Error' does not tell an advisor which columns there are."""
    with pytest.raises(WrongUseError, match=says):
        ask(connection, sql)


def test_candidates_come_from_the_tables_in_the_question(connection: duckdb.DuckDBPyConnection) -> None:
    """Fifty columns of other tables are no help."""
    with pytest.raises(WrongUseError) as caught:
        ask(connection, "select titell from bron")
    assert "Bedoelt u titel?" in str(caught.value)
    assert "ontbreekt_reden" not in str(caught.value)


def test_a_qualified_column_is_looked_for_in_its_own_table(connection: duckdb.DuckDBPyConnection) -> None:
    """The other table of a join has a column of nearly that name, and it is the wrong one."""
    with pytest.raises(WrongUseError) as caught:
        ask(connection, "select kpi_gemeente.titel from bron join kpi_gemeente using (bron_id)")
    assert "bronvermelding" in str(caught.value)
    assert "loaded_at" not in str(caught.value)


def test_the_tables_are_listed_with_the_ready_views(connection: duckdb.DuckDBPyConnection) -> None:
    """What is not in the list is not found."""
    listed = {name for (name,) in ask(connection, "show tables").rows()}
    assert {"kpi_gemeente", "v_profiel", "v_reeks", "v_vergelijking", "v_eigen", "v_herkomst"} <= listed


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("gemeente_naam = 'Bred'", ["'Bred' is geen gemeente_naam; bedoelt u Breda?"]),
        ("gemeente_naam = 'breda'", ["'breda' is geen gemeente_naam; bedoelt u Breda?"]),
        ("g.gemeente_naam='Den Haag'", ["'Den Haag' is geen gemeente_naam; bedoelt u 's-Gravenhage?"]),
        ("gemeente_naam = 'Sudwest-Fryslan'", ["'Sudwest-Fryslan' is geen gemeente_naam; bedoelt u Súdwest-Fryslân?"]),
        ("gemeente_naam ilike 'bread%'", ["'bread%' is geen gemeente_naam; bedoelt u Breda?"]),
        ("gemeente_code = 'GM758'", ["'GM758' is geen gemeente_code; bedoelt u GM0758"]),
        ("\"kpi_id\" in ('I 3.3.2', 'I3.3.3')", ["'I3.3.3' is geen kpi_id; bedoelt u I 3.3.2"]),
        ("kpi_gemeente.uitsplitsing = 'xyz'", ["'xyz' is geen uitsplitsing."]),
        ("kpi_id = 'X' and gemeente_code = 'Y'", ["'X' is geen kpi_id.", "'Y' is geen gemeente_code."]),
        ("gemeente_naam = 'Breda' and kpi_id = 'I 3.3.2'", []),
        ("gemeente_naam = '''s-Gravenhage' and gemeente_naam ilike '%fryslân'", []),
        ("kpi_naam = 'Bred' -- gemeente_naam = 'Bred'", []),
    ],
)
def test_a_name_that_is_nowhere_is_pointed_out(
    connection: duckdb.DuckDBPyConnection, where: str, says: list[str]
) -> None:
    """No rows reads as 'there are no figures', while a name was spelled wrongly."""
    found = unmatched(connection, f"select * from kpi_gemeente as g where {where}")
    assert len(found) == len(says)
    for sentence, expected in zip(found, says, strict=True):
        assert sentence.startswith(expected)


@pytest.fixture
def at_home(published: Mini, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of one's own, with the miniature as the publication that commands find."""
    monkeypatch.setenv("IMPACT_KPI_DATA", str(published.locations.data))
    monkeypatch.delenv("IMPACT_KPI_SOURCES", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_no_rows_for_a_name_that_is_nowhere_is_explained_beside_the_answer(at_home: Path) -> None:
    """The answer itself stays what a program expects: no rows, status 0."""
    sql = "select kpi_id from kpi_gemeente where gemeente_naam = 'Bred'"
    result = CliRunner().invoke(cli, ["query", sql, "--formaat", "csv"])
    assert (result.exit_code, result.stdout) == (0, "kpi_id\n")
    assert "Geen rijen. 'Bred' is geen gemeente_naam; bedoelt u Breda?" in result.stderr


def test_a_question_is_read_from_a_file(at_home: Path) -> None:
    """A question that starts with a comment is taken for an option when it stands on the command line."""
    question = at_home / "vraag.sql"
    question.write_text("-- Hoe heet GM1900?\nselect gemeente_naam from gemeente where gemeente_code = 'GM1900';\n")
    result = CliRunner().invoke(cli, ["query", "--bestand", str(question), "--formaat", "csv"])
    assert result.exit_code == 0, result.stderr
    assert "Súdwest-Fryslân" in result.stdout


@pytest.mark.parametrize(
    ("words", "says"), [([], "Er ontbreekt iets: VRAAG"), (["select 1", "--bestand", "-"], "niet allebei")]
)
def test_a_question_is_given_once(at_home: Path, words: list[str], says: str) -> None:
    """Which of the two was answered?"""
    result = CliRunner().invoke(cli, ["query", *words])
    assert result.exit_code == 2
    assert says in result.stderr


def test_a_link_that_moves_does_not_mix_two_publications(standing: Mini) -> None:
    """One question before the switch and one after it must see the same publication (D8)."""
    first = standing.current()
    publication = find_publication(standing.locations)
    standing.sql("update marts.kpi_waarde set waarde = 99 where gemeente_code = 'GM0758'")
    second = standing.publish()
    assert publication.folder == first.folder
    with open_publication(publication) as old, open_publication(find_publication(standing.locations)) as new:
        for connection, expected in ((old, first.publicatie_id), (new, second.publicatie_id)):
            assert list(ask(connection, "select publicatie_id from publicatie").rows()) == [(expected,)]


def test_without_a_publication_the_remedy_is_named(tmp_path: Path) -> None:
    """The first thing a newcomer meets."""
    with pytest.raises(NoPublicationError, match=r"nog geen publicatie; draai `make mart`"):
        find_publication(Locations(tmp_path, "demo"))
    with pytest.raises(NoPublicationError, match=r"make mart SOURCES=live"):
        find_publication(Locations(tmp_path, "live"))


def test_a_damaged_publication_says_so(standing: Mini) -> None:
    """Half a copy of a folder is not 'no publication'."""
    folder = standing.current().folder
    (folder / "manifest.json").unlink()
    with pytest.raises(NoPublicationError, match="beschadigd"):
        find_publication(standing.locations)


def test_a_file_that_is_no_database_says_so(standing: Mini) -> None:
    """A stack trace for a damaged disk."""
    database = standing.current().folder / "impact_kpi.duckdb"
    database.chmod(0o644)
    database.write_text("geen database", encoding="utf-8")
    with pytest.raises(NoPublicationError, match="kan niet worden geopend"):
        open_publication(find_publication(standing.locations))
