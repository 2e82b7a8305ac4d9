"""The archive that all tests of endurance start from, made once for a worker."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.endurance.world import World, make_archive, open_world

Tell = Callable[[str], None]


@pytest.fixture(scope="session")
def small_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cut of the demo archive; a test takes a copy of it before it changes anything."""
    return make_archive(tmp_path_factory.mktemp("archief"))


@pytest.fixture
def world(small_archive: Path, tmp_path: Path) -> Iterator[World]:
    """A small world in which no night has been yet."""
    with open_world(small_archive, tmp_path) as opened:
        yield opened


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """Says what was measured on the terminal, also when a test passes."""

    def say(line: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n  {line}")
            sys.stdout.flush()

    return say
