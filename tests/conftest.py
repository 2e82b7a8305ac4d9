"""What tests of different folders share."""

import signal

import pytest

from tests.end_to_end.conftest import Night, run_night


@pytest.fixture(scope="session")
def demo_night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    """The main job on the demo archive, once for all tests of a worker; they are in the xdist group "demo"."""
    night = run_night(tmp_path_factory.mktemp("demo"), "demo")
    assert night.status == 0, night.output
    return night


@pytest.fixture(scope="session", autouse=True)
def _listen_to_interruptions() -> None:
    """Started in the background of a shell, this process and its children would ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
