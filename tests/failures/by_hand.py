"""Nights that are played otherwise than by one refresh in this process: killed, limited, doubled, at an odd hour."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.failures.invariants import claim
from tests.failures.reader import reading
from tests.failures.tables import BRON_IDS, HOSTS, HURT, SIBLING
from tests.failures.theatre import Night, Result, Theatre
from tests.serving.conftest import NOW

if TYPE_CHECKING:
    from tests.failures.play import Mode

_PATIENCE = 120
# 02:30 in Amsterdam, summer time; an hour later it is 02:30 again.
_FIRST_HALF_PAST_TWO = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
_LARGEST_FILE = 20_000


def over_ipv6_first(theatre: Theatre, mode: Mode) -> Night:
    """The name of the service has an IPv6 address that comes first; only IPv4 answers."""
    hosts = theatre.folder / "hosts"
    hosts.write_text("127.0.0.1 localhost\n::1 localhost\n", encoding="utf-8")
    command = _in_own_namespace(f'mount --bind "{hosts}" /etc/hosts && exec "$@"')
    addresses = "import socket; print(socket.getaddrinfo('localhost', 80, type=socket.SOCK_STREAM)[0][4][0])"
    first = subprocess.run([*command, sys.executable, "-c", addresses], capture_output=True, text=True, check=False)
    if first.stdout.strip() != "::1":
        pytest.skip("this machine does not let a test give localhost an IPv6 address")
    theatre.base_url = theatre.server.base_url.replace("127.0.0.1", "localhost")
    theatre.begin_night(*mode.faults)
    return theatre.end_child(theatre.start_child(*command))


def under_a_file_limit(theatre: Theatre, mode: Mode) -> Night:
    """No file may grow beyond 20 kB: room for the small tables, not for the large one."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))

    theatre.begin_night(*mode.faults)
    return theatre.end_child(theatre.start_child(preexec_fn=limit))


def on_a_full_disk(theatre: Theatre, mode: Mode) -> Night:
    """The lake lies on a file system of its own without a byte left."""
    full = theatre.folder / "full"
    full.mkdir()
    command = _in_own_namespace(
        f'mount -t tmpfs -o size=4m tmpfs "{full}" && cp -a "{theatre.lake}/." "{full}" || exit 9\n'
        f'dd if=/dev/zero of="{full}/filler" bs=512 2>/dev/null\n'
        f'"$@"; code=$?\n'
        f'rm -r "{full}/filler" "{theatre.lake}" && cp -a "{full}" "{theatre.lake}"; exit $code'
    )
    if subprocess.run([*_in_own_namespace(f'mount -t tmpfs tmpfs "{full}"')], check=False).returncode:
        pytest.skip("this machine does not let a test mount a file system of its own")
    theatre.begin_night(*mode.faults)
    return theatre.end_child(theatre.start_child(*command, lake=full))


def killed(theatre: Theatre, mode: Mode) -> Night:
    """Switched off while the third page is awaited, when the other tables are done."""
    theatre.begin_night(*mode.faults)
    process = theatre.start_child()
    before = theatre.current(HURT)
    _wait_for(lambda: theatre.figures(SIBLING) == theatre.newest(SIBLING) and _is_hit(theatre))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    claim(list((theatre.lake / BRON_IDS[HURT]).glob(".bezig-*")), "it was killed too late: nothing was being built")
    claim(theatre.current(HURT) == before, "the pointer moved before the table was whole")
    requests = tuple(theatre.server.requests)
    return Night(theatre.now, {key: _as_found(theatre, key) for key in HOSTS}, requests)


def two_at_once(theatre: Theatre, mode: Mode) -> Night:
    """A second refresh starts while the first waits for a page."""
    theatre.begin_night(*mode.faults)
    first = theatre.start_child()
    _wait_for(lambda: _is_hit(theatre))
    output, _ = theatre.start_child().communicate(timeout=_PATIENCE)
    requests = tuple(theatre.server.requests)
    theatre.server.set_faults(())
    if theatre.locked:
        claim("Er loopt al een verversing (proces" in output, f"the second refresh was not refused: {output}")
    return replace(theatre.end_child(first), requests=requests)


def in_the_hour_that_comes_twice(theatre: Theatre, mode: Mode) -> Night:
    """At half past two in summer time, and an hour later at half past two in winter time."""
    if theatre.now < _FIRST_HALF_PAST_TWO:
        theatre.now = _FIRST_HALF_PAST_TWO - timedelta(days=1)
        with _clock_of("Europe/Amsterdam"):
            return theatre.night(*mode.faults)
    theatre.release(SIBLING)
    theatre.now += timedelta(hours=1) - timedelta(days=1)
    with _clock_of("Europe/Amsterdam"):
        return theatre.night(*mode.faults)


def a_week_long(theatre: Theatre, mode: Mode) -> Night:
    """Seven nights in a row; of every table the night on which it was renewed."""
    results: dict[str, Result] = {}
    for _ in range(7):
        night = theatre.night(*mode.faults)
        results = {
            key: results[key] if key in results and results[key].state == "ververst" else result
            for key, result in night.results.items()
        }
    return replace(night, results=results)


def while_publishing(theatre: Theatre, mode: Mode) -> Night:
    """New figures are published over the session of a reader, and the old publication is removed."""
    night = theatre.night(*mode.faults)
    mini = theatre.mini
    old = mini.current().folder
    with reading(mini.locations) as reader:
        mini.sql("update marts.kpi_waarde set waarde = 99 where gemeente_code = 'GM0758'")
        mini.publish(now=NOW + timedelta(days=1), keep=1)
        noticed = reader.noticed()
    claim(noticed is None, f"the publication changed under a reader: {noticed}")
    claim(not old.exists(), "the old publication was to be removed")
    claim((99.0,) in mini.read("select waarde from kpi_waarde"), "a new session does not see the new publication")
    return night


def _in_own_namespace(script: str) -> list[str]:
    """A command that runs another one, given as its arguments, after a script that may mount things."""
    return ["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh"]


def _is_hit(theatre: Theatre) -> bool:
    return any(request.fault for request in theatre.server.requests)


def _as_found(theatre: Theatre, table_id: str) -> Result:
    """What a night came to that nobody could report, read from the lake."""
    edition = theatre.current(table_id)
    renewed = theatre.figures(table_id) == theatre.newest(table_id)
    return Result("ververst" if renewed else "fout", edition.edition_id if edition else None, "", None)


def _wait_for(happened: Callable[[], bool]) -> None:
    ends = time.monotonic() + _PATIENCE
    while not happened():
        claim(time.monotonic() < ends, "the process of the night did not get where it was waited for")
        time.sleep(0.02)


@contextmanager
def _clock_of(zone: str) -> Iterator[None]:
    """Let this process live in a time zone."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ")
        if before is not None:
            os.environ["TZ"] = before
        time.tzset()
