"""`python -m tests.endurance.readers <publications> <threads> <seed>`: so many readers, until stdin ends.

A session is what an advisor's own program does: resolve `actueel` once, open that publication read-only, ask for the
profile of one gemeente after another, one a second. Each question is a line of JSON on stdout; the time of the first
one of a session holds the opening.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from pathlib import Path
from typing import Any

from serving.locations import Locations
from serving.publication import find_publication, open_publication, read_rows

EVERY = 1.0
# Half a minute: who looks something up keeps the file open while looking.
QUESTIONS = 30
# The profile as docs/adviseur.md gives it.
PROFILE = """
select leefgebied_naam, kpi_naam, waarde, eenheid, periode, nl_waarde, status, soort, is_modelmatig, ontbreekt_reden,
    bronvermelding
from kpi_gemeente
where gemeente_code = ? and hoofduitsplitsing
order by leefgebied, kpi_id
"""


class Session:
    """One session: the publication that it opened, whatever `actueel` points to later on."""

    def __init__(self, locations: Locations) -> None:
        self.publication = find_publication(locations)
        self.connection = open_publication(self.publication)

    def ask(self, gemeente: str) -> dict[str, Any]:
        """Ask for a profile, and from which publication it is."""
        rows = read_rows(self.connection, PROFILE, [gemeente])
        ((told,),) = self.connection.execute("select publicatie_id from publicatie").fetchall()
        ((counted,),) = self.connection.execute("select count(*) from kpi_gemeente").fetchall()
        # The manifest as it lies there now: that folder may not change under a reader.
        manifest = json.loads((self.publication.folder / "manifest.json").read_text(encoding="utf-8"))
        return {
            "ids": sorted({self.publication.publicatie_id, manifest["publicatie_id"], str(told)}),
            "rijen": len(rows),
            "klopt": counted == manifest["rijen"]["kpi_gemeente"],
        }


def read_on(locations: Locations, gemeenten: list[str], lot: random.Random, stop: threading.Event) -> None:
    """One reader: a question every second, begun at a moment of its own; a new session after some questions."""
    current: Session | None = None
    asked = lot.randrange(QUESTIONS)
    wait = lot.uniform(0, EVERY)
    while not stop.wait(wait):
        started = time.perf_counter()
        seen: dict[str, Any] = {"op": time.time(), "opent": current is None, "fout": None}
        try:
            if current is None:
                current = Session(locations)
            seen |= current.ask(lot.choice(gemeenten))
        except Exception as error:  # noqa: BLE001 - whatever it is, a reader would have seen it
            seen["fout"] = f"{type(error).__name__}: {error}"
        spent = time.perf_counter() - started
        sys.stdout.write(json.dumps(seen | {"ms": spent * 1000}) + "\n")
        asked += 1
        if asked % QUESTIONS == 0 and current is not None:
            current.connection.close()
            current = None
        wait = max(0.0, EVERY - spent)
    if current is not None:
        current.connection.close()


def main(publications: Path, threads: int, seed: int) -> None:
    """Read until stdin ends."""
    locations = Locations(publications.parents[1], publications.parent.name)  # type: ignore[arg-type]
    connection = open_publication(find_publication(locations))
    gemeenten = [
        row["gemeente_code"]
        for row in read_rows(connection, "select gemeente_code from gemeente where soort_gebied = 'gemeente'")
    ]
    connection.close()
    stop = threading.Event()
    readers = [
        threading.Thread(target=read_on, args=(locations, gemeenten, random.Random(seed * 1000 + number), stop))
        for number in range(threads)
    ]
    for reader in readers:
        reader.start()
    sys.stdin.read()
    stop.set()
    for reader in readers:
        reader.join()
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
