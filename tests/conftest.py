"""What tests of different folders share."""

import shutil
import signal
from pathlib import Path

import pytest

from orchestration.lock import RefreshBusyError, refresh_lock
from orchestration.settings import load_settings
from tests.end_to_end.conftest import Night, run_night


@pytest.fixture(scope="session")
def demo_night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    """The main job on the demo archive, once for all tests of a worker; they are in the xdist group "demo".

    It goes on from a copy of what `make mart` left, if anything, as the next night would: where code, registry and data
    are still the same, that is what the tests look at, and they begin three minutes earlier.
    """
    data = tmp_path_factory.mktemp("demo")
    _copy_mart(data)
    night = run_night(data, "demo")
    assert night.status == 0, night.output
    return night


def _copy_mart(data: Path) -> None:
    made = load_settings({"IMPACT_KPI_SOURCES": "demo"})
    if not made.locations.publications.is_dir():
        return
    try:
        with refresh_lock(made.lock):
            shutil.copytree(made.locations.root, data / made.locations.soort, symlinks=True)
    except RefreshBusyError:
        return


@pytest.fixture(scope="session", autouse=True)
def _listen_to_interruptions() -> None:
    """Started in the background of a shell, this process and its children would ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
