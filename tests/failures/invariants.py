"""What must hold whatever goes wrong. One set for all modes; each claim says in its message which one is broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sources.lake import list_editions, stale_since
from tests.failures.tables import BRON_IDS, HOSTS, Figures
from tests.failures.theatre import Night, Theatre

_OWN_PATHS = ("/ODataCatalog/Tables", "/ODataFeed/odata/")


@dataclass
class Before:
    """What there was before the fault: the files of every edition and the figures in use."""

    files: Mapping[str, str]
    editions: Mapping[str, str | None]
    figures: Mapping[str, Figures]

    @classmethod
    def of(cls, theatre: Theatre) -> Before:
        return cls(
            theatre.fingerprints(),
            {key: _in_use(theatre, key) for key in HOSTS},
            {key: theatre.figures(key) for key in HOSTS},
        )


def claim(holds: object, broken: str) -> None:
    """Fail with the name of the invariant that is broken."""
    if not holds:
        raise AssertionError(broken)


def nothing_is_lost(theatre: Theatre, before: Before) -> None:
    """Every edition that was there is there, byte for byte, and reads as it did."""
    now = theatre.fingerprints()
    lost = [name for name, digest in before.files.items() if now.get(name) != digest]
    claim(not lost, f"an edition was lost or changed: {lost}")


def no_figure_is_wrong(theatre: Theatre) -> None:
    """The edition in use holds one release of the service, whole: no mixture of two, no part of one."""
    for table_id in HOSTS:
        found = theatre.figures(table_id)
        known = found in theatre.published(table_id)
        claim(known, f"{table_id}: wrong figures in use: {len(found)}, such as {found[:3]}")


def nothing_hidden_is_left(theatre: Theatre) -> None:
    """No half-built edition, no page, no spill file."""
    left = sorted(path.name for path in theatre.lake.rglob("*") if path.name.startswith(".") or "spill" in path.name)
    claim(not left, f"left behind in the lake: {left}")


def the_service_was_asked_politely(night: Night) -> None:
    """Feed and catalogue only, always for JSON, always under our own name."""
    for request in night.requests:
        asked = f"{request.host}{request.path}?{request.query}"
        claim(request.path.startswith(_OWN_PATHS), f"asked for another service: {asked}")
        claim("$format=json" in request.query or request.path.endswith("/$count"), f"asked without a format: {asked}")


def table_is_renewed(theatre: Theatre, night: Night, table_id: str) -> None:
    """A new edition with the newest figures, fresh."""
    result = night.results[table_id]
    shown = f"{table_id}: {result.state}: {result.melding}"
    claim(result.state == "ververst", f"expected a renewed table, found {shown}")
    claim(theatre.figures(table_id) == theatre.newest(table_id), f"the newest figures are not in use: {shown}")
    table_is_fresh(theatre, night, table_id)


def table_is_fresh(theatre: Theatre, night: Night, table_id: str) -> None:
    """In use, whole and not marked as out of date, neither in the result nor in the lake."""
    result = night.results[table_id]
    shown = f"{table_id}: {result.state}: {result.melding}"
    claim(result.state in ("ververst", "ongewijzigd"), f"not fresh: {shown}")
    claim(theatre.figures(table_id) == theatre.newest(table_id), f"the newest figures are not in use: {shown}")
    claim(_in_use(theatre, table_id) == result.edition_id, f"another edition is in use than was reported: {shown}")
    stale = result.verouderd_sinds or stale_since(theatre.lake, BRON_IDS[table_id])
    claim(stale is None, f"marked as out of date although it is not: {shown}")


def table_is_kept(
    theatre: Theatre,
    night: Night,
    table_id: str,
    before: Before,
    *,
    words: tuple[str, ...],
    since: object,
    marked: bool,
) -> None:
    """Last night's edition goes on, marked since when, with a message that says what is wrong."""
    result = night.results[table_id]
    shown = f"{table_id}: {result.state}: {result.melding}"
    claim(result.state == "fout", f"expected a kept table, found {shown}")
    claim(result.edition_id == before.editions[table_id], f"the edition of before is not what was reported: {shown}")
    claim(_in_use(theatre, table_id) == before.editions[table_id], f"the edition of before is not in use: {shown}")
    claim(theatre.figures(table_id) == before.figures[table_id], f"the figures of before are not in use: {shown}")
    noted = stale_since(theatre.lake, BRON_IDS[table_id])
    agrees = result.verouderd_sinds == since and noted == (since if marked else None)
    claim(agrees, f"out of date since {result.verouderd_sinds}, noted {noted}, expected {since}: {shown}")
    missing = [word for word in words if word not in result.melding]
    claim(not missing, f"the message does not say {missing}: {shown}")


def table_is_untouched(theatre: Theatre, table_id: str, before: Before) -> None:
    """Last night's edition is in use, as it was."""
    claim(_in_use(theatre, table_id) == before.editions[table_id], f"{table_id}: another edition is in use")
    claim(theatre.figures(table_id) == before.figures[table_id], f"{table_id}: the figures of before are not in use")


def the_night_heals(theatre: Theatre, night: Night, before: Before) -> None:
    """One night without the fault later everything is fresh, and what was there still is."""
    for table_id in HOSTS:
        table_is_fresh(theatre, night, table_id)
        ids = list_editions(theatre.lake, BRON_IDS[table_id])
        claim(ids == sorted(ids) and ids[-1] == _in_use(theatre, table_id), f"{table_id}: editions out of order: {ids}")
    nothing_is_lost(theatre, before)
    nothing_hidden_is_left(theatre)


def _in_use(theatre: Theatre, table_id: str) -> str | None:
    edition = theatre.current(table_id)
    return edition.edition_id if edition else None
