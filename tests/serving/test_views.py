"""The ready views in the DuckDB file that is handed out."""

import re
from pathlib import Path

import duckdb
import pytest

from serving.errors import PublicationError
from serving.views import check_views, ready_views, write_views
from tests.serving.conftest import Mini

VIEWS = {view.name: view for view in ready_views()}


def columns_of(published: Mini, relation: str) -> list[str]:
    rows = published.read(f"select column_name from duckdb_columns() where table_name = '{relation}'")
    return [name for (name,) in rows]


def test_every_view_gives_rows(published: Mini) -> None:
    """A join on a column that is always empty leaves an advisor with nothing, and no error."""
    assert {name: len(published.read(f"from {name}")) for name in VIEWS} == {
        "v_eigen": 2,
        "v_herkomst": 6,
        "v_profiel": len(published.read("from kpi_gemeente where hoofduitsplitsing")),
        "v_reeks": 6,
        "v_vergelijking": 2,
    }


def test_a_view_shows_the_stored_figures(published: Mini) -> None:
    """A join that picks another period or benchmark shows a figure that nobody stored."""
    where = "gemeente_code = 'GM0758' and kpi_id = 'I 3.3.2'"
    assert published.read(
        f"""select waarde, nl_waarde, nl_vergelijkingswaarde, nl_oordeel, buurgroep_vergelijkingswaarde,
        buurgroep_oordeel, trend, trend_sinds from v_profiel where {where}"""
    ) == [(13.1, 13.6, 13.6, "ongunstiger", 13.2, "vergelijkbaar", "dalend", "2016")]
    assert published.read(f"select nl_waarde, nl_oordeel, buurgroep_waarde from v_vergelijking where {where}") == [
        (13.6, "ongunstiger", 13.2)
    ]
    assert published.read(f"select periode, waarde, nl_waarde from v_reeks where {where}") == [("2020", 13.1, 13.6)]
    assert published.read(f"select tabel, bron_licentie from v_herkomst where {where} and uitsplitsing = '18+'") == [
        ("1", "CC BY 4.0")
    ]


def test_a_missing_figure_keeps_its_row_and_its_reason(published: Mini) -> None:
    """A profile without the KPIs that have no figure looks complete."""
    assert published.read(
        "select waarde, ontbreekt_reden from v_profiel where gemeente_code = 'GM0518' and kpi_id = 'I 3.3.2'"
    ) == [(None, "geheim_bron")]


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_has_no_row_twice(name: str, published: Mini) -> None:
    """A join on too little doubles figures."""
    columns = columns_of(published, name)
    key = [
        column for column in columns if column in {"gemeente_code", "kpi_id", "model_versie", "uitsplitsing", "periode"}
    ]
    assert published.read(f"select {', '.join(key)} from {name} group by all having count(*) > 1") == []


def test_a_view_and_its_columns_explain_themselves(published: Mini) -> None:
    """Desktop tools show the comments, and nothing else tells what nl_reden means."""
    comments = dict(published.read("select view_name, comment from duckdb_views() where not internal"))
    assert {name: comments[name] for name in VIEWS} == {name: view.description for name, view in VIEWS.items()}
    assert published.read(
        """select column_name, comment from duckdb_columns() where table_name = 'v_profiel'
        and column_name in ('waarde', 'trend_sinds') order by column_name"""
    ) == [
        ("trend_sinds", VIEWS["v_profiel"].notes["trend_sinds"]),
        ("waarde", "Kolom waarde van kpi_gemeente (proef)."),
    ]


@pytest.mark.parametrize("name", VIEWS)
def test_every_note_is_about_a_column(name: str, published: Mini) -> None:
    """The note of a column that was renamed explains nothing."""
    assert set(VIEWS[name].notes) <= set(columns_of(published, name))


def test_a_view_is_read_under_any_name_of_the_database(published: Mini) -> None:
    """Whoever attaches the file beside an own database names it as he likes, and may have a table kpi of his own."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{published.link}/impact_kpi.duckdb' as \"mijn mart\" (read_only)")
        connection.execute("create table kpi_gemeente (niets integer)")
        for name in VIEWS:
            assert connection.execute(f'select count(*) > 0 from "mijn mart".{name}').fetchall() == [(True,)]


def test_a_changed_column_stops_the_publication(standing: Mini) -> None:
    """A view that no longer binds would be found out by the advisor who opens it."""
    before = standing.current().publicatie_id
    standing.sql("alter table marts.kpi_trend rename column van_periode to vanaf")
    standing.write_manifest()
    with pytest.raises(PublicationError, match=r"view v_profiel does not fit[\s\S]*van_periode"):
        standing.publish()
    assert standing.current().publicatie_id == before


def test_an_extra_or_missing_view_is_noticed(tmp_path: Path) -> None:
    """A view that somebody made by hand would be handed out as ours."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{tmp_path}/x.duckdb' as handout")
        connection.execute("create view handout.main.v_anders as select 1 as een")
        with pytest.raises(PublicationError, match="v_anders"):
            check_views(connection, "handout")


def test_a_column_without_a_meaning_stops_the_publication(tmp_path: Path) -> None:
    """A column that no tool explains is a riddle."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{tmp_path}/x.duckdb' as handout")
        columns = re.findall(r"cijfer\.([a-z_]+)", VIEWS["v_eigen"].sql)
        types = ", ".join(f"{column} varchar" for column in dict.fromkeys(columns))
        connection.execute(f"create table handout.main.kpi_gemeente ({types})")
        with pytest.raises(PublicationError, match="view v_eigen: no meaning for gemeente_code"):
            write_views(connection, "handout")
