"""The command line of the replay server."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import requests

_ROOT = Path(__file__).resolve().parents[3]


def test_it_prints_its_address_first_and_stops_on_an_interruption(archive: Path) -> None:
    """Scripts read the address from the first line."""
    command = [sys.executable, "-m", "sources.replay", str(archive), "--latency", "0.01"]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        try:
            answer = requests.get(f"{address}/", timeout=5, proxies={"http": ""})
            assert answer.json()["kind"] == "test"
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0


def test_a_folder_that_is_no_archive_ends_with_a_message(tmp_path: Path) -> None:
    """A traceback helps nobody who mistyped a path."""
    command = [sys.executable, "-m", "sources.replay", str(tmp_path / "nergens")]
    result = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert result.returncode == 2
    assert "archive.json" in result.stderr
    assert "Traceback" not in result.stderr


def test_help_names_the_demo(archive: Path) -> None:
    """The generated archive must be found without reading code."""
    command = [sys.executable, "-m", "sources.replay", "--help"]
    result = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert result.returncode == 0
    assert "demo" in result.stdout
    assert "IMPACT_KPI_SOURCES" in result.stdout
