"""Small files that decide what is in use: there is always a whole one."""

from __future__ import annotations

import multiprocessing
import resource
from pathlib import Path

import pytest

from sources.whole_file import write_whole


def test_a_file_that_does_not_fit_leaves_the_one_before_it(tmp_path: Path) -> None:
    """A full disk at night would leave an empty pointer, and the whole table would be loaded again."""
    path = tmp_path / "current"
    write_whole(path, "20261121T033000Z\n")
    child = multiprocessing.get_context("spawn").Process(target=_write_too_much, args=(path,))
    child.start()
    child.join(60)
    assert child.exitcode == 0
    assert path.read_text(encoding="utf-8") == "20261121T033000Z\n"
    assert [file.name for file in tmp_path.iterdir()] == ["current"]


def _write_too_much(path: Path) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    with pytest.raises(OSError, match="too large"):
        write_whole(path, "x" * 2000)
