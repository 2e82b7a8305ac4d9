"""Two data folders after one good night, made once: with a small table to hurt, and with one of three pages."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.failures.theatre import Theatre, opened, prepare
from tests.serving.conftest import Mini

OpenTheatre = Callable[..., AbstractContextManager[Theatre]]


@pytest.fixture(scope="session")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    """A small publication, as readers have it."""
    mini = Mini(tmp_path_factory.mktemp("publication"))
    mini.build()
    mini.publish()
    return mini


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, publication: Mini) -> Callable[[bool], Path]:
    """The folders by size, each made when it is first asked for."""
    made: dict[bool, Path] = {}

    def get(large: bool) -> Path:
        if large not in made:
            made[large] = tmp_path_factory.mktemp("large" if large else "small")
            prepare(made[large], publication, large=large)
        return made[large]

    return get


@pytest.fixture
def theatre_of(prepared: Callable[[bool], Path], tmp_path: Path) -> OpenTheatre:
    """Open a theatre of a size in a folder of this test."""

    def open_one(*, large: bool) -> AbstractContextManager[Theatre]:
        return opened(prepared(large), tmp_path / "theatre", large=large)

    return open_one
