"""`impact-kpi revisies`: what a person reads of the figures that changed."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta

import duckdb
import pytest
from click.testing import CliRunner, Result

from serving.cli import cli
from tests.serving.conftest import NOW, Mini

Run = Callable[..., Result]
BREDA = "gemeente_code = 'GM0758' and kpi_id = 'I 3.3.2' and uitsplitsing = '18+'"


@pytest.fixture
def run(standing: Mini, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on the miniature."""
    monkeypatch.setattr(os, "environ", dict(os.environ))
    os.environ |= {"IMPACT_KPI_DATA": str(standing.locations.data), "IMPACT_KPI_SOURCES": "demo"}
    return lambda *words: CliRunner().invoke(cli, ["revisies", *words])


def _revise(mini: Mini, day: int, *changes: str) -> None:
    for change in changes:
        mini.sql(f"update marts.kpi_waarde set {change}")
    mini.publish(now=NOW + timedelta(days=day))


def test_the_newest_revisions_come_first_with_old_new_and_editions(standing: Mini, run: Run) -> None:
    """An advisor wants to know what a figure was, what it is, and who changed it."""
    _revise(standing, 1, f"waarde = 12.9, editie = '20261122T010000Z-bb' where {BREDA}")
    _revise(standing, 2, "waarde = null, ontbreekt_reden = 'geheim_bron' where kpi_id = 'I 4.1.1'")
    shown = run()
    assert shown.exit_code == 0
    assert "verzonnen" in shown.stdout
    assert shown.stdout.index("Publicatie van 23-11-2026") < shown.stdout.index("Publicatie van 22-11-2026")
    assert "I 3.3.2  18+  Breda  2020  13,1 %  → 12,9 %  het cijfer is anders" in shown.stdout
    assert "rivm_1: editie 20261120T010000Z-aa werd 20261122T010000Z-bb" in shown.stdout
    assert "10,2 %  → geen cijfer  er was een cijfer en nu niet meer" in shown.stdout


def test_what_did_not_change_the_figure_shows_what_did(standing: Mini, run: Run) -> None:
    """'13,1 became 13,1' makes a reader distrust the list."""
    _revise(standing, 1, f"status = 'voorlopig' where {BREDA}")
    assert "definitief  → voorlopig" in run().stdout
    _revise(
        standing, 2, f"teller = 12, noemer = 90 where {BREDA}", "oi_laag = 1, oi_hoog = 20 where uitsplitsing = '65+'"
    )
    assert "leeg  → 12 op 90" in run().stdout
    assert "geen  → 1 tot 20" in run().stdout
    _revise(standing, 3, "ontbreekt_reden = 'herindeling' where gemeente_code = 'GM0518'")
    assert "reden" in run("--gemeente", "Den Haag").stdout


def test_a_small_correction_is_not_rounded_away(standing: Mini, run: Run) -> None:
    """A correction of the second decimal would read as the same figure twice."""
    _revise(standing, 1, f"waarde = 13.12 where {BREDA}")
    assert "13,1  → 13,12" in run().stdout


def test_gemeente_kpi_and_rows_choose(standing: Mini, run: Run) -> None:
    """A council member asks about one gemeente; the list has thousands of rows."""
    _revise(standing, 1, "waarde = waarde + 1 where waarde is not null")
    assert "6 cijfers" in run().stdout
    assert "3 cijfers" in run("--kpi", "i3.3.2").stdout
    chosen = run("--gemeente", "Breda", "--kpi", "I 3.3.2").stdout
    assert "2 cijfers" in chosen
    assert "Nederland" not in chosen
    few = run("--rijen", "1").stdout
    assert "Er zijn er nog 5" in few
    assert "Geen enkel" in run("--gemeente", "Bergen (L.)").stdout


def test_wrong_words_are_answered_in_dutch(standing: Mini, run: Run) -> None:
    """A typing error must not look like 'nothing was revised'."""
    for words, says in (
        (("--gemeente", "Bredaa"), "Bedoelt u Breda"),
        (("--kpi", "I 9.9.9"), "Er is geen KPI"),
        (("--rijen", "-1"), "0 (alles) of meer"),
    ):
        result = run(*words)
        assert (result.exit_code, says in result.stderr) == (2, True), result.stderr


def test_a_change_of_division_is_explained_whatever_is_asked_for(standing: Mini, run: Run) -> None:
    """'Nothing was revised for your gemeente' would be untrue: nobody compared it."""
    _revise(standing, 1, "indelingsjaar = 2025, waarde = waarde + 1")
    assert "Gemeente-indeling van 2024 naar 2025" in run("--gemeente", "Breda").stdout


def test_a_publication_of_before_revisions_says_so(standing: Mini, run: Run) -> None:
    """An error about a table that is not there tells an advisor nothing."""
    database = standing.current().folder / "impact_kpi.duckdb"
    database.chmod(0o644)
    with duckdb.connect(str(database)) as connection:
        connection.execute("drop table kpi_revisie")
    result = run()
    assert (result.exit_code, "voordat revisies werden bijgehouden" in result.stdout) == (0, True)
