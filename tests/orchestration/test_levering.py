"""`impact-kpi levering` as people type it: what it says, the status it leaves, and what it never shows."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from orchestration.levering import cli
from orchestration.lock import refresh_lock
from serving.cli import cli as impact_kpi
from sources.lake import current_edition
from tests.sources.activity.landing_folder import deliver, deliver_mapped

REPOSITORY = Path(__file__).parents[2]
GOOD = "casus_id,deelnemer_id,startdatum\nPlant-1,Plant-2,2025-01-01\n"
FAULTY = GOOD + "Plant-3,Plant-4,plantdatum\n"
KEY = bytes(range(40, 80)).hex()
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command with a data folder of its own."""
    monkeypatch.setattr(os, "environ", dict(os.environ))
    os.environ |= {"IMPACT_KPI_DATA": str(tmp_path / "data"), "IMPACT_KPI_SOURCES": "live", "IMPACT_KPI_SLEUTEL": KEY}
    os.environ.pop("IMPACT_KPI_SLEUTEL_BESTAND", None)
    return lambda *words, typed=None: CliRunner().invoke(cli, list(map(str, words)), input=typed, prog_name="x")


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    return tmp_path / "data" / "live" / "lake"


def test_the_help_is_dutch_and_names_every_command() -> None:
    """A supplier is no programmer."""
    result = CliRunner().invoke(impact_kpi, ["levering", "--help"])
    assert result.exit_code == 0
    for word in ("Gebruik: impact-kpi levering", "controleren", "laden", "sjabloon", "lijst", "verwijderen"):
        assert word in result.stdout
    assert "Usage" not in result.stdout


def test_checking_says_where_and_how_to_mend_and_ends_with_1(run: Run, tmp_path: Path, lake: Path) -> None:
    """A supplier who gets 'error in row' phones; one who gets file, line and remedy mends it."""
    result = run("controleren", deliver(tmp_path / "in", {"casus": FAULTY}))
    assert result.exit_code == 1
    for text in (
        "kolom startdatum: de waarde is niet te lezen (type_onleesbaar, 1 rij)",
        "casus.csv regel 3",
        "Verwacht: een datum.",
        "niet in dit bestand: signaal_id",
        "1 rijen zijn goed, 1 staan in quarantaine",
        "A 12",
    ):
        assert text in result.stdout
    assert "plant" not in (result.stdout + result.stderr).lower()
    assert current_edition(lake, "levering") is None
    assert run("controleren", deliver(tmp_path / "in", {"casus": GOOD})).exit_code == 0


def test_loading_takes_the_good_rows_and_says_what_waits(run: Run, tmp_path: Path, lake: Path) -> None:
    """One typing error must not hold back a month, nor pass unseen."""
    folder = deliver(tmp_path / "in", {"casus": FAULTY})
    result = run("laden", folder)
    assert result.exit_code == 0
    assert "Geladen. 1 rijen zijn goed, 1 staan in quarantaine" in result.stdout
    assert "impact-kpi refresh" in result.stdout
    assert "plant" not in (result.stdout + result.stderr).lower()
    assert current_edition(lake, "levering") is not None
    assert "Ongewijzigd" in run("laden", folder).stdout
    listed = run("lijst").stdout
    assert "2025  1 rijen  in gebruik" in listed


def test_an_own_file_with_a_mapping_is_loaded(run: Run, tmp_path: Path) -> None:
    """Nobody's system exports the contract."""
    mapping = "tabellen: {casus: {bestand: d.csv, kolommen: {casus_id: nr, deelnemer_id: wie, startdatum: start}}}\n"
    folder = deliver_mapped(tmp_path / "in", mapping, {"d.csv": "nr;wie;start\n1;2;01-03-2025\n"})
    assert run("laden", folder, "--mapping", folder / "mapping.yaml").exit_code == 0


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["laden", "{in}/niets"], 2, "De map"),
        (["laden", "{in}", "--mapping", "{in}/geen.yaml"], 2, "Het bestand"),
        (["laden"], 2, "Er ontbreekt iets: MAP."),
        (["landen", "{in}"], 2, "Bedoelt u laden?"),
        (["verwijderen"], 2, "Geef één van beide"),
        (["verwijderen", "--levering", "x", "--deelnemer"], 2, "Geef één van beide"),
        (["verwijderen", "--levering", "x"], 1, "er is geen levering 'x'"),
        (["verwijderen", "--deelnemer"], 1, "er is geen levering geladen"),
        (["laden", "{leeg}"], 1, "ontbreekt levering.csv"),
        (["laden", "{mail}"], 1, "bevat een e-mailadres"),
    ],
)
def test_a_mistake_gets_one_plain_message_and_no_traceback(
    run: Run, tmp_path: Path, words: list[str], status: int, says: str
) -> None:
    """A traceback ends up in a ticket, with the values in it."""
    places = {"in": deliver(tmp_path / "in", {"casus": GOOD}), "leeg": tmp_path / "leeg"}
    places["leeg"].mkdir()
    places["mail"] = deliver(tmp_path / "mail", {"casus": GOOD + "1,plant@voorbeeld.nl,2025-01-01\n"})
    result = run(*(word.format(**places) for word in words), typed="1\n")
    assert (result.exit_code, says in result.stderr) == (status, True), result.stderr
    assert "Traceback" not in result.stderr
    assert "plant@" not in result.output


def test_without_a_key_no_file_is_opened(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pseudonyms without a secret are names in another alphabet."""
    folder = deliver(tmp_path / "in", {"casus": GOOD})
    (folder / "casus.csv").chmod(0)
    for key in ("", "kort", "00" * 32):
        os.environ["IMPACT_KPI_SLEUTEL"] = key
        for command in ("laden", "controleren"):
            result = run(command, folder)
            assert result.exit_code == 1
            assert "sleutel" in result.stderr
            assert "casus" not in result.stderr


def test_a_person_is_erased_by_a_number_that_is_typed_and_not_shown(run: Run, tmp_path: Path, lake: Path) -> None:
    """A number on the command line stays in the history of the shell."""
    run("laden", deliver(tmp_path / "in", {"casus": GOOD}))
    result = run("verwijderen", "--deelnemer", typed="Plant-2\n")
    assert result.exit_code == 0
    assert "Gewist (casus 1)" in result.stdout
    assert "Plant" not in result.output
    assert "was al gewist" in run("verwijderen", "--deelnemer", typed="Plant-2\n").stdout
    assert run("verwijderen", "--levering", "2025").exit_code == 0
    assert current_edition(lake, "levering") is None
    assert "vervangen of verwijderd" in run("lijst").stdout


def test_nothing_is_loaded_while_a_refresh_reads(run: Run, tmp_path: Path) -> None:
    """The edition that is being read would lose its files halfway."""
    folder = deliver(tmp_path / "in", {"casus": GOOD})
    with refresh_lock(tmp_path / "data" / "live" / "ververs.lock"):
        result = run("laden", folder)
    assert result.exit_code == 3
    assert "Er loopt al een verversing" in result.stderr


def test_templates_are_written_and_are_an_empty_delivery(run: Run, tmp_path: Path) -> None:
    """Whoever fills them in must not have to rename anything."""
    result = run("sjabloon", tmp_path / "nieuw")
    assert result.exit_code == 0
    assert "casus.csv" in result.stdout
    assert (tmp_path / "nieuw" / "levering.csv").exists()


def test_a_setting_that_means_nothing_is_status_4(run: Run, tmp_path: Path) -> None:
    """Wrong settings are for whoever installs, not for the supplier."""
    os.environ["IMPACT_KPI_INDELINGSJAAR"] = "straks"
    result = run("lijst")
    assert (result.exit_code, "IMPACT_KPI_INDELINGSJAAR" in result.stderr) == (4, True)


def test_impact_kpi_hands_everything_over_and_leaves_the_same_status(tmp_path: Path) -> None:
    """A script that loads at night looks at the status alone."""
    folder = deliver(tmp_path / "in", {"casus": FAULTY})
    environment = {**os.environ, "IMPACT_KPI_DATA": str(tmp_path / "data"), "IMPACT_KPI_SLEUTEL": KEY}
    done = subprocess.run(
        [sys.executable, "-m", "serving.cli", "--soort", "live", "levering", "controleren", str(folder)],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, "type_onleesbaar" in done.stdout) == (1, True), done.stderr
