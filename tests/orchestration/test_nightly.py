"""What a person sees of a refresh, and what goes to the log."""

from __future__ import annotations

import io
import json
import logging
import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from orchestration.lock import refresh_lock
from orchestration.night import output_to
from orchestration.settings import load_settings


def test_what_libraries_print_and_log_goes_to_the_file_and_not_to_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five hundred lines of dbt would hide the three that matter."""
    terminal = io.StringIO()
    handlers = [logging.StreamHandler(terminal)]
    monkeypatch.setattr(logging.getLogger(), "handlers", handlers)
    log = tmp_path / "logs" / "ververs.log"
    with output_to(log):
        sys.stdout.write("printed\n")
        sys.stderr.write("complained\n")
        logging.getLogger("dagster.builtin").warning("logged")
    assert log.read_text(encoding="utf-8").split() == ["printed", "complained", "logged"]
    assert capsys.readouterr() == ("", "")
    assert not terminal.getvalue()
    assert logging.getLogger().handlers is handlers


def night(repository: Path, data: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the nightly command in a process of its own."""
    ours = ("IMPACT_KPI_", "DBT_", "DAGSTER_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        [sys.executable, "-m", "orchestration.nightly", *words],
        cwd=repository,
        env=env | {"IMPACT_KPI_DATA": str(data)} | more,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_night_that_cannot_begin_fails_with_a_report_and_a_sentence(tmp_path: Path, repository: Path) -> None:
    """Cron would mail a page of Python, and the report would still be that of the night before."""
    data = tmp_path / "data"
    (data / "demo" / "dbt").mkdir(parents=True)
    (data / "demo" / "dbt" / "target").write_text("a file where dbt needs a folder")
    done = night(repository, data)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Mislukt: de verversing kon niet beginnen" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    report = json.loads((data / "demo" / "publicatie" / "laatste_run.json").read_text(encoding="utf-8"))
    assert report["gelukt"] is False
    assert str(tmp_path) not in json.dumps(report)
    assert "Traceback" in (data / "demo" / "ververs.log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("variable", "value"),
    [("IMPACT_KPI_CRON", "half vier"), ("IMPACT_KPI_BEWAAR_DAGEN", "0"), ("IMPACT_KPI_CONTACT", "x")],
)
def test_a_wrong_setting_of_the_night_is_status_4_with_its_name(
    tmp_path: Path, repository: Path, variable: str, value: str
) -> None:
    """A server would retry every night what only a person can mend."""
    done = night(repository, tmp_path / "data", **{variable: value})
    assert done.returncode == 4
    assert done.stderr.startswith(f"Fout: {variable} is '{value}'; geef")
    assert not (tmp_path / "data").exists()


def test_a_profile_that_became_wrong_is_told(tmp_path: Path, repository: Path) -> None:
    """Under cron nobody reads the terminal: the pages would stand still without a word."""
    profile = tmp_path / "profiel.yaml"
    profile.write_text("versie: 1\nonbekend: ja\n", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as receiver:
        hook = f"http://127.0.0.1:{receiver.getsockname()[1]}/"
        with ThreadPoolExecutor(1) as listening:
            told = listening.submit(_first_message, receiver)
            more = {"IMPACT_KPI_PROFIEL": str(profile), "IMPACT_KPI_MELD_WEBHOOK": hook}
            done = night(repository, tmp_path / "data", **more)
            message = told.result(timeout=60)
    assert done.returncode == 4, done.stdout + done.stderr
    assert message["melding"] == "mislukt"
    assert "kon niet beginnen" in message["mislukt"][0]
    assert str(tmp_path) not in json.dumps(message)


def _first_message(receiver: socket.socket) -> Any:
    """Take one POST from a socket and give its JSON."""
    receiver.settimeout(120)
    connection, _ = receiver.accept()
    with connection, connection.makefile("rb") as request:
        length = 0
        while (line := request.readline()) not in (b"\r\n", b""):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        body = json.loads(request.read(length))
        connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
    return body


def test_a_night_beside_another_is_status_3(tmp_path: Path, repository: Path) -> None:
    """Two refreshes would write one warehouse."""
    settings = load_settings({"IMPACT_KPI_DATA": str(tmp_path / "data")})
    with refresh_lock(settings.lock):
        done = night(repository, tmp_path / "data")
    assert done.returncode == 3
    assert f"proces {os.getpid()}" in done.stderr
