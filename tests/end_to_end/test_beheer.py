"""What docs/beheer.md promises, carried out as it stands: notices, going back, erasing, restoring and a new key."""

from __future__ import annotations

import configparser
import json
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import duckdb
import pytest

from orchestration.night_settings import read_cron
from tests.end_to_end.conftest import REPOSITORY
from tests.end_to_end.walkthrough import Walk, read_page

PAGE = REPOSITORY / "docs" / "beheer.md"

# A small delivery in contract form; participant 00007 is the one who asks to be erased.
FILES = {
    "levering.csv": """levering_id,organisatie_id,bronsysteem,periode_van,peildatum,aangemaakt_op
2025,welzijn-voorbeeld,Voorbeeldsysteem 1.0,2025-01-01,2025-12-31,2026-01-05T08:00:00
""",
    "deelnemer.csv": """deelnemer_id,soort,aantal_personen,geboortejaar
00007,persoon,1,1980
00008,persoon,1,1990
""",
    "signaal.csv": """signaal_id,deelnemer_id,gemeente_code,datum_ontvangen,herkomst
M1,00007,GM0758,2025-02-01,reactief
M2,00008,GM0758,2025-03-01,reactief
""",
    "casus.csv": """casus_id,signaal_id,deelnemer_id,gemeente_code,startdatum
D1,M1,00007,GM0758,2025-02-10
D2,M2,00008,GM0758,2025-03-10
""",
    "casus_complexiteit.csv": """casus_id,vanaf,complexiteit
D1,2025-02-10,laag
D2,2025-03-10,hoog
""",
}


@pytest.fixture
def walk(tmp_path: Path) -> Walk:
    """A folder of an organisation with a loaded delivery."""
    walk = Walk(read_page(PAGE), tmp_path)
    walk.run("impact-kpi init welzijn")
    walk.run("cd welzijn && cp .env.voorbeeld .env && set -a && . ./.env && set +a")
    (walk.folder / "levering").mkdir()
    for name, text in FILES.items():
        (walk.folder / "levering" / name).write_text(text, encoding="utf-8")
    walk.run("impact-kpi levering laden levering")
    return walk


def _rows(walk: Walk, table: str, columns: str = "*") -> list[tuple[object, ...]]:
    files = sorted((walk.folder / "data" / "live" / "lake" / "levering").glob(f"*/tabel/{table}.parquet"))
    assert len(files) == 1, files
    return duckdb.execute(f"select {columns} from read_parquet('{files[0]}') order by all").fetchall()


@pytest.mark.long
def test_what_lies_where_is_as_the_page_says(walk: Walk) -> None:
    """Somebody would protect one folder while the personal data is in another."""
    walk.section("Bewaren en opruimen")
    assert len(_rows(walk, "casus")) == 2
    stored = b"".join(path.read_bytes() for path in (walk.folder / "data").rglob("*") if path.is_file())
    assert b"00007" not in stored


@pytest.mark.long
def test_an_erased_participant_is_gone_with_what_hangs_under_him(walk: Walk) -> None:
    """A request for erasure would be answered with a promise that is not kept."""
    before = _rows(walk, "casus", "casus_id, deelnemer_id")
    walk.section("Een deelnemer wissen")
    after = _rows(walk, "casus", "casus_id, deelnemer_id")
    assert len(before) == 2
    assert len(after) == 1
    assert set(after) < set(before)
    assert len(_rows(walk, "deelnemer")) == 1
    assert len(_rows(walk, "signaal", "deelnemer_id")) == 1
    assert _rows(walk, "casus_complexiteit", "complexiteit") == [("hoog",)]


@pytest.mark.long
def test_an_erased_delivery_leaves_no_row(walk: Walk) -> None:
    """Rows would stay on disk after the organisation took its delivery back."""
    walk.section("Een levering wissen")
    assert not list((walk.folder / "data").rglob("tabel/*.parquet"))
    assert list((walk.folder / "data" / "live" / "lake" / "levering").rglob("manifest.json"))


@pytest.mark.long
def test_a_new_key_renames_everybody_and_the_links_hold(walk: Walk) -> None:
    """The old key would still read the data, or cases would lose their signals."""
    before = {row[0] for row in _rows(walk, "casus", "deelnemer_id")}
    walk.section("De sleutel vernieuwen")
    after = {row[0] for row in _rows(walk, "casus", "deelnemer_id")}
    assert len(after) == 2
    assert not before & after
    links = {row[0] for row in _rows(walk, "casus", "signaal_id")}
    assert links == {row[0] for row in _rows(walk, "signaal", "signaal_id")}


@pytest.mark.long
def test_a_restored_backup_is_what_it_was_and_loading_again_changes_nothing(walk: Walk) -> None:
    """A backup that nobody ever restored is no backup."""
    before = {table: _rows(walk, table) for table in ("deelnemer", "signaal", "casus", "casus_complexiteit")}
    walk.section("Een back-up maken")
    walk.section("Terugzetten")
    assert {table: _rows(walk, table) for table in before} == before


class Receiver(BaseHTTPRequestHandler):
    """Keeps what is posted to it."""

    got: ClassVar[list[dict[str, Any]]] = []

    def do_POST(self) -> None:
        type(self).got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.long
def test_the_notice_that_the_page_lets_you_try_arrives_with_the_members_it_names(walk: Walk) -> None:
    """Somebody would program a receiver for a message that looks different."""
    Receiver.got = []
    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        walk.environment["IMPACT_KPI_MELD_WEBHOOK"] = f"http://127.0.0.1:{server.server_port}/"
        walk.section("Meldingen")
        server.shutdown()
    (message,) = Receiver.got
    text = PAGE.read_text(encoding="utf-8")
    told = text[text.index("Het JSON-bericht:") :]
    assert all(f"`{name}`" in told for name in message)
    assert message["melding"] == "proef"


@pytest.mark.long
def test_going_back_to_an_earlier_publication_is_one_step(walk: Walk) -> None:
    """A reader would find no publication at all for a moment, or a link inside the folder it should replace."""
    publications = walk.folder / "data" / "live" / "publicatie"
    for name in ("2026-11-20T023012-1a2b3c", "2026-11-21T023009-4d5e6f"):
        (publications / name).mkdir(parents=True)
    (publications / "actueel").symlink_to("2026-11-21T023009-4d5e6f")
    walk.section("Terug naar een eerdere publicatie")
    assert (publications / "actueel").resolve().name == "2026-11-20T023012-1a2b3c"
    assert sorted(path.name for path in publications.iterdir())[-1] == "actueel"


def test_the_cron_line_of_the_page_is_outside_the_hour_of_the_clock_change() -> None:
    """Whoever copies it would miss a night in March."""
    (line,) = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if "impact-kpi refresh > " in line]
    assert read_cron(" ".join(line.split()[:5])) == "30 3 * * *"


UNITS = sorted((REPOSITORY / "docs" / "systemd").iterdir())


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_accepts_its_units(unit: Path, tmp_path: Path) -> None:
    """A line that systemd does not know is ignored by it, and with it a limit or a protection."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not on this machine")
    for one in UNITS:
        text = one.read_text(encoding="utf-8")
        # The program and the folders are those of somebody else's server.
        text = text.replace("/opt/impact-kpi/.venv/bin/impact-kpi", "/bin/true")
        text = text.replace("/opt/impact-kpi/.venv/bin/python", "/bin/true")
        (tmp_path / one.name).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", str(tmp_path / unit.name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    # It also speaks of units of this machine; only what it says of ours counts.
    assert not [line for line in done.stderr.splitlines() if unit.stem in line], done.stderr
    assert done.returncode == 0


def test_the_units_run_one_command_politely_and_take_a_stale_source_for_success() -> None:
    """A server would be reported as broken every time that a source is down for a night."""
    night = configparser.ConfigParser(strict=False, interpolation=None)
    night.optionxform = str  # type: ignore[assignment,method-assign]
    night.read(REPOSITORY / "docs" / "systemd" / "impact-kpi-nacht.service", encoding="utf-8")
    service = night["Service"]
    assert service["ExecStart"].endswith("/impact-kpi refresh")
    assert (service["Nice"], service["SuccessExitStatus"]) == ("10", "2")
    assert service["EnvironmentFile"].startswith(service["WorkingDirectory"])
    timer = configparser.ConfigParser(interpolation=None)
    timer.read(REPOSITORY / "docs" / "systemd" / "impact-kpi-nacht.timer", encoding="utf-8")
    assert timer["Timer"]["Persistent"] == "true"
    assert timer["Timer"]["OnCalendar"].endswith("03:30:00 Europe/Amsterdam")
    assert timer["Timer"]["RandomizedDelaySec"] == "20min"


def test_every_command_of_the_page_is_carried_out_by_a_test() -> None:
    """A section without a test would rot."""
    page = read_page(PAGE)
    assert {title for title, blocks in page.items() if blocks} == {
        "Meldingen",
        "Terug naar een eerdere publicatie",
        "Bewaren en opruimen",
        # tests/serving/site/test_command.py
        "De site op een intranet",
        "Een deelnemer wissen",
        "Een levering wissen",
        "De sleutel vernieuwen",
        "Een back-up maken",
        "Terugzetten",
    }
