"""Gebieden in Nederland: which gemeenten there are on 1 January of a year, with province and inhabitants.

The newest table of the registry that the service lists becomes the roster; without any, the registry's own
list stands in. What does not belong here: what moved from one gemeente to another (a seed), and boundaries.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb

from sources.errors import BadBodyError, IncompleteError, SchemaError, SilentEmptyError, SourceError
from sources.gemeente_register import GemeenteRegister
from sources.http import Download, Transport
from sources.lake import Edition, RequestRecord, commit_edition, new_edition
from sources.odata.catalogue import CatalogueRecord, Catalogues, is_as_listed
from sources.odata.client import Client
from sources.odata.metadata import TableMetadata, Topic, read_metadata
from sources.plain_files import (
    EXPECTED,
    Outcome,
    Run,
    describe_edition,
    join_remarks,
    no_progress,
    request_record,
    utc_now,
    write_table,
)
from sources.registry import Registry, SourceTable
from sources.results import OnProgress, TableResult
from sources.services import Services

BRON = "gebieden"
ROSTER = "gemeente.parquet"
GEMEENTE_GROUP = "codes en namen van gemeenten"
PROVINCIE_GROUPS = frozenset({"provincie", "provincies", "codes en namen van provincies"})

_CODE = re.compile(r"GM\d{4}")
_BARE_CODE = re.compile(r"\d{1,4}")
_PROVINCIE_CODE = re.compile(r"PV\d{2}")
_FEWEST, _MOST = 300, 450
_EXAMPLES = 10
# Part of the request key: raise it when the same answer would be written differently.
_FORMAT = 1
_ROSTER_TYPES: Mapping[str, str] = {
    "gemeente_code": "VARCHAR",
    "gemeente_naam": "VARCHAR",
    "provincie_code": "VARCHAR",
    "provincie": "VARCHAR",
    "inwoners": "BIGINT",
    "indelingsjaar": "INTEGER",
}


class GebiedenError(SourceError):
    """The roster is not one that the mart can stand on; the previous one stays in use."""


@dataclass(frozen=True, slots=True)
class Gemeente:
    """One gemeente of a roster.

    Attributes:
        gemeente_code: `GM` and four digits.
        gemeente_naam: name as CBS spells it.
        provincie_code: `PV` and two digits.
        provincie: its name.
        inwoners: on 1 January, or None when the table does not say.
    """

    gemeente_code: str
    gemeente_naam: str
    provincie_code: str
    provincie: str
    inwoners: int | None


@dataclass(frozen=True, slots=True)
class RosterColumns:
    """The columns of one table that make a roster; their numbers differ per year.

    Attributes:
        code: code of the gemeente.
        naam: name of the gemeente.
        provincies: pairs of code and name columns of which exactly one is the province.
        inwoners: number of inhabitants, or None when the table has no such column.
    """

    code: str
    naam: str
    provincies: tuple[tuple[str, str], ...]
    inwoners: str | None

    @property
    def keys(self) -> tuple[str, ...]:
        """All columns to ask for."""
        pairs = (column for pair in self.provincies for column in pair)
        return (self.code, self.naam, *pairs, *((self.inwoners,) if self.inwoners else ()))


def resolve_roster_columns(metadata: TableMetadata) -> RosterColumns:
    """Find the columns of a roster by stem, title and topic group; never by number.

    Where no group is called after the provinces, all pairs of code and name are asked for and the codes tell.

    Raises:
        SchemaError: no column fits, or more than one does.
    """
    topics = metadata.topics
    gemeente = [topic for topic in topics if _group(topic) == GEMEENTE_GROUP]
    named = [topic for topic in topics if _group(topic) in PROVINCIE_GROUPS]
    pairs = _pairs(named) or _pairs(topic for topic in topics if _group(topic) != GEMEENTE_GROUP)
    if not pairs:
        raise SchemaError(
            f"{metadata.table_id}: verwacht kolommen Code en Naam van de provincie, gevonden {_shown(topics)}"
        )
    inwoners = [topic.key for topic in topics if topic.stem.casefold() == "inwonertal"]
    if len(inwoners) > 1:
        raise SchemaError(f"{metadata.table_id}: verwacht één Inwonertal, gevonden {', '.join(inwoners)}")
    return RosterColumns(
        code=_one(metadata, gemeente, "code"),
        naam=_one(metadata, gemeente, "naam"),
        provincies=pairs,
        inwoners=inwoners[0] if inwoners else None,
    )


def _group(topic: Topic) -> str:
    return topic.group[-1].strip().casefold() if topic.group else ""


def _one(metadata: TableMetadata, topics: Sequence[Topic], stem: str) -> str:
    found = [topic.key for topic in topics if topic.stem.casefold() == stem]
    if len(found) == 1:
        return found[0]
    raise SchemaError(
        f"{metadata.table_id}: verwacht één kolom '{stem.capitalize()}' in de groep '{GEMEENTE_GROUP}', "
        f"gevonden {', '.join(found) or 'geen'}; kolommen van de tabel: {_shown(metadata.topics)}"
    )


def _pairs(topics: Iterable[Topic]) -> tuple[tuple[str, str], ...]:
    """Code and name columns that stand under the same group."""
    codes: dict[tuple[str, ...], str] = {}
    names: dict[tuple[str, ...], str] = {}
    for topic in topics:
        if topic.stem.casefold() == "code":
            codes[topic.group] = topic.key
        elif topic.stem.casefold() == "naam":
            names[topic.group] = topic.key
    return tuple((code, names[group]) for group, code in codes.items() if group in names)


def _shown(topics: Iterable[Topic]) -> str:
    return ", ".join(f"{' > '.join(topic.group)} > {topic.key}" for topic in topics)


def build_roster(table_id: str, columns: RosterColumns, rows: Sequence[Mapping[str, Any]]) -> list[Gemeente]:
    """Make the roster of the rows as served: trimmed, codes with prefix, in order of code.

    Args:
        table_id: id of the table, for messages.
        columns: which column is what.
        rows: the rows, one per gemeente.

    Raises:
        SchemaError: no pair of columns, or more than one, holds province codes in every row.
        GebiedenError: a code is malformed, or a name is empty.
    """
    provincie_code, provincie = _province_pair(table_id, columns, rows)
    roster = []
    for number, row in enumerate(rows, start=1):
        place = f"{table_id}, rij {number}"
        code = normalise_code(_text(row, columns.code))
        if code is None:
            raise GebiedenError(f"{place}: verwacht een gemeentecode, gevonden '{_text(row, columns.code)}'")
        naam = _text(row, columns.naam)
        if not naam:
            raise GebiedenError(f"{place}: verwacht de naam van {code}, gevonden niets")
        roster.append(
            Gemeente(
                gemeente_code=code,
                gemeente_naam=naam,
                provincie_code=_text(row, provincie_code),
                provincie=_text(row, provincie),
                inwoners=_count(row.get(columns.inwoners), place) if columns.inwoners else None,
            )
        )
    return sorted(roster, key=lambda gemeente: gemeente.gemeente_code)


def _province_pair(table_id: str, columns: RosterColumns, rows: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    fitting = [
        pair for pair in columns.provincies if all(_PROVINCIE_CODE.fullmatch(_text(row, pair[0])) for row in rows)
    ]
    if len(fitting) == 1:
        return fitting[0]
    looked_at = ", ".join(pair[0] for pair in columns.provincies)
    raise SchemaError(
        f"{table_id}: verwacht één kolom met provinciecodes (PV en twee cijfers) in elke rij, "
        f"gevonden {len(fitting)}; bekeken: {looked_at}"
    )


def normalise_code(text: str) -> str | None:
    """Write a code as `GM` and four digits: the tables up to 2012 give bare numbers.

    Returns:
        The code, or None when the text is none.
    """
    if _CODE.fullmatch(text):
        return text
    return f"GM{int(text):04d}" if _BARE_CODE.fullmatch(text) else None


def _text(row: Mapping[str, Any], column: str) -> str:
    value = row.get(column)
    return "" if value is None else str(value).strip()


def _count(value: Any, place: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0 or value != int(value):
        raise GebiedenError(f"{place}: verwacht een aantal inwoners, gevonden '{value}'")
    return int(value)


def check_roster(roster: Sequence[Gemeente], known: Iterable[str], *, table_id: str, year: int) -> None:
    """Hold a roster against what the mart needs of it.

    Args:
        roster: the gemeenten.
        known: codes of the registry's list that exist on 1 January of the year.
        table_id: id of the table, for messages.
        year: year of the table.

    Raises:
        GebiedenError: a code stands twice, the number of gemeenten is not one the country can have, or a
            gemeente is not in the registry's list of that year.
    """
    double = sorted(code for code, n in Counter(g.gemeente_code for g in roster).items() if n > 1)
    if double:
        raise GebiedenError(f"{table_id}: verwacht elke gemeente één keer, gevonden dubbel: {_few(double)}")
    if not _FEWEST <= len(roster) <= _MOST:
        raise GebiedenError(
            f"{table_id}: verwacht {_FEWEST} tot {_MOST} gemeenten in {year}, gevonden {len(roster)}; "
            "de lijst is niet compleet of er zitten andere gebieden in"
        )
    unknown = sorted({g.gemeente_code for g in roster} - set(known))
    if unknown:
        raise GebiedenError(
            f"{table_id}: {len(unknown)} gemeenten van {year} staan niet in gemeente_register.csv: "
            f"{_few(unknown)}. Voeg ze daar toe (en hun voorgangers in herindeling.csv)"
        )


def _few(codes: Sequence[str]) -> str:
    rest = len(codes) - _EXAMPLES
    return ", ".join(codes[:_EXAMPLES]) + (f" en nog {rest}" if rest > 0 else "")


# --- the refresh ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Roster:
    """The gemeenten that a publication is about.

    Attributes:
        indelingsjaar: year of the division.
        codes: codes of its gemeenten.
        bron_id: source table it comes from, or None when it is the registry's own list.
    """

    indelingsjaar: int
    codes: frozenset[str]
    bron_id: str | None


def refresh_gebieden(
    registry: Registry,
    services: Services,
    lake: Path,
    transport: Transport,
    *,
    register: GemeenteRegister,
    catalogues: Catalogues | None = None,
    on_progress: OnProgress = no_progress,
    now: Callable[[], datetime] = utc_now,
    force: bool = False,
) -> Iterator[TableResult]:
    """Bring the roster up to date: the newest table of the registry that the service lists.

    A listed table that cannot be loaded keeps the edition it had; without one, the next older table is tried. Without
    any edition the mart stands on the registry's own list, and the result of the newest table says so.

    Args:
        registry: the tables; their `indeling` is their year.
        services: where hosts are reached.
        lake: folder of the lake.
        transport: the way out.
        register: the registry's own list, which every gemeente of a roster must be on.
        catalogues: shared with the other families on the same host; by default of these tables alone.
        on_progress: told of each step.
        now: UTC clock.
        force: load also what the catalogue calls unchanged.

    Yields:
        One result per table, newest year first; at most one has an edition. Nothing that a source can do wrong is
        raised.
    """
    run = Run(services=services, transport=transport, lake=lake.resolve(), now=now, on_progress=on_progress)
    tables = _by_year(registry)
    jobs = [_Job(run, table, Outcome(run, table), register, force=force) for table in tables]
    try:
        listed = _listed(jobs, catalogues or Catalogues.of_tables(services, transport, tables))
    except EXPECTED as error:
        results = _without_catalogue(jobs, str(error))
    else:
        results = _with_catalogue(jobs, listed)
    if results and not any(result.edition is not None for result in results):
        own = f"de indeling valt terug op de eigen lijst van het register ({tables[0].indeling})"
        results[0] = replace(results[0], melding=join_remarks([results[0].melding, own]))
    yield from results


def roster_in_use(results: Iterable[TableResult], registry: Registry, register: GemeenteRegister) -> Roster:
    """The roster after a refresh: of the table with an edition, else the registry's own list of the newest year.

    Raises:
        LakeError: the edition cannot be read.
    """
    for result in results:
        if result.edition is not None and (result.edition.folder / ROSTER).exists():
            return _read_roster(result.edition)
    year = max(int(table.indeling) for table in _by_year(registry))
    return Roster(year, register.codes_in(year), None)


def _read_roster(edition: Edition) -> Roster:
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        rows = connection.execute(
            "SELECT gemeente_code, indelingsjaar FROM read_parquet(?)", [str(edition.folder / ROSTER)]
        ).fetchall()
    return Roster(max(year for _, year in rows), frozenset(code for code, _ in rows), edition.bron_id)


def _by_year(registry: Registry) -> list[SourceTable]:
    tables = [table for table in registry.tables.values() if table.bron == BRON and table.indeling.isdigit()]
    return sorted(tables, key=lambda table: -int(table.indeling))


@dataclass(frozen=True, slots=True)
class _Job:
    """One table on its way to an edition."""

    run: Run
    table: SourceTable
    outcome: Outcome
    register: GemeenteRegister
    force: bool

    @property
    def year(self) -> int:
        return int(self.table.indeling)

    @property
    def key(self) -> str:
        known = sorted(self.register.codes_in(self.year))
        asked = json.dumps([_FORMAT, self.table.bron_id, self.table.host, self.year, known])
        return hashlib.sha256(asked.encode()).hexdigest()[:32]


def _listed(jobs: Sequence[_Job], catalogues: Catalogues) -> dict[str, CatalogueRecord]:
    """The catalogue records of the tables, by bron_id."""
    found: dict[str, CatalogueRecord] = {}
    for job in jobs:
        record = catalogues.of(job.table.host).get(job.table.table_id)
        if record is not None:
            found[job.table.bron_id] = record
    kept = [job.table.table_id for job in jobs if job.outcome.current() is not None]
    if kept and not found:
        raise SilentEmptyError(
            "de catalogus noemt geen enkele tabel van Gebieden in Nederland, terwijl eerder is geladen: "
            f"{', '.join(kept)}"
        )
    return found


def _with_catalogue(jobs: Sequence[_Job], listed: Mapping[str, CatalogueRecord]) -> list[TableResult]:
    results: list[TableResult] = []
    in_use: SourceTable | None = None
    for job in jobs:
        record = listed.get(job.table.bron_id)
        if in_use is not None:
            unneeded = f"niet nodig: {in_use.titel} is gebruikt"
            results.append(job.outcome.fresh("niet_nodig", None, unneeded))
        elif record is None:
            missing = f"{job.table.table_id} staat niet in de catalogus van {job.table.host}"
            results.append(job.outcome.fresh("ontbreekt", None, missing))
        else:
            results.append(_refresh_table(job, record))
            in_use = job.table if results[-1].edition is not None else None
    return results


def _without_catalogue(jobs: Sequence[_Job], reason: str) -> list[TableResult]:
    """The service cannot be asked: the newest roster that is there goes on."""
    results: list[TableResult] = []
    in_use: SourceTable | None = None
    for job in jobs:
        if in_use is not None:
            unneeded = f"niet nodig: {in_use.titel} is gebruikt"
            results.append(job.outcome.fresh("niet_nodig", None, unneeded))
            continue
        edition = job.outcome.current()
        results.append(job.outcome.stale("fout", reason, edition=edition))
        in_use = job.table if edition is not None else None
    return results


def _refresh_table(job: _Job, record: CatalogueRecord) -> TableResult:
    """Refresh one listed table; what goes wrong becomes its result."""
    job.outcome.start()
    current = job.outcome.current()
    identity = job.run.services.identity
    as_listed = (
        current is not None
        and not job.force
        and is_as_listed(current.manifest, record, identity=identity, request_key=job.key)
    )
    return job.outcome.renew(current, lambda: _load(job, record), as_listed=as_listed)


def _load(job: _Job, record: CatalogueRecord) -> Edition:
    """Read one table whole, check it and commit it."""
    run, table, now = job.run, job.table, job.run.now()
    metadata = read_metadata(Client(table.host, run.services, run.transport), table.table_id)
    columns = resolve_roster_columns(metadata)
    with tempfile.TemporaryDirectory() as work:
        rows, answer = _read_rows(job, columns, record.record_count, Path(work))
    roster = build_roster(table.table_id, columns, rows)
    known = job.register.codes_in(job.year)
    check_roster(roster, known, table_id=table.table_id, year=job.year)
    described = RequestRecord(
        url=run.url(table, f"/ODataFeed/odata/{table.table_id}/DataProperties"),
        status=200,
        bytes=None,
        sha256=None,
        rows=len(metadata.dimensions) + len(metadata.topics),
    )
    requests = [described, request_record(answer, len(rows))]
    manifest = describe_edition(
        table, identity=run.services.identity, request_key=job.key, requests_made=requests, now=now
    )
    manifest = replace(
        manifest,
        titel=metadata.info.title or table.titel,
        modified=record.modified,
        metadata_modified=record.metadata_modified,
        rows=len(roster),
        schema_fingerprint=metadata.fingerprint,
        warnings=tuple(_absent(roster, known)),
    )
    with new_edition(run.lake, table.bron_id, now=now) as folder:
        write_table(folder / ROSTER, _ROSTER_TYPES, [(*astuple(gemeente), job.year) for gemeente in roster])
        return commit_edition(run.lake, table.bron_id, folder, manifest, unless_same=True)


def _absent(roster: Sequence[Gemeente], known: Iterable[str]) -> Iterator[str]:
    absent = sorted(set(known) - {gemeente.gemeente_code for gemeente in roster})
    if absent:
        yield f"{len(absent)} gemeenten van het eigen register staan niet in de tabel: {_few(absent)}"


def _read_rows(
    job: _Job, columns: RosterColumns, record_count: int | None, work: Path
) -> tuple[list[dict[str, Any]], Download]:
    """All rows of the table in one page, and the answer they came in.

    Raises:
        IncompleteError: fewer rows than there are.
        SourceError: refused, unreachable, or no JSON.
    """
    table_id = job.table.table_id
    select = quote(",".join(("ID", *columns.keys)), safe=",")
    url = job.run.url(job.table, f"/ODataFeed/odata/{table_id}/TypedDataSet?$format=json&$select={select}")
    document: dict[str, Any] = {}

    def check(answer: Download) -> None:
        document.clear()
        document.update(_parse_page(answer, table_id))

    answer = job.run.transport.download(url, work / "rows.json", service=job.table.host, check=check)
    job.outcome.count(answer)
    rows: list[dict[str, Any]] = document["value"]
    ids = sorted(int(row.get("ID", -1)) for row in rows)
    if document.get("odata.nextLink") or ids != list(range(len(rows))):
        raise IncompleteError(
            f"{table_id}: verwacht alle rijen in één antwoord, gevonden {len(rows)} met gaten of vervolg"
        )
    if record_count is not None and len(rows) != record_count:
        raise IncompleteError(f"{table_id}: verwacht {record_count} rijen volgens de catalogus, gevonden {len(rows)}")
    return rows, answer


def _parse_page(answer: Download, table_id: str) -> dict[str, Any]:
    try:
        document = json.loads(answer.path.read_bytes())
    except ValueError as error:
        raise BadBodyError(
            f"{table_id}: verwacht JSON, gevonden '{answer.content_type or 'geen type'}' ({error})"
        ) from error
    if not isinstance(document, dict) or not isinstance(document.get("value"), list):
        raise BadBodyError(f"{table_id}: verwacht een lijst van rijen, gevonden ander JSON")
    return document
