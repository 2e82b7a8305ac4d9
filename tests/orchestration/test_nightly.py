"""What a person sees of a refresh, and what goes to the log."""

from __future__ import annotations

import io
import logging
import sys
from pathlib import Path

import pytest

from orchestration.nightly import output_to


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
