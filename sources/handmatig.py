"""Bring hand-supplied figures into the lake: all CSV files of one folder, as one edition.

Good rows load while bad ones are refused; a file with an error loses nothing of what it gave before. How a row is
judged is `handmatig_rows`; which KPIs take such a figure, and in which unit, the registry says (variant `handmatig`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from sources.gemeente_register import GemeenteRegister
from sources.handmatig_rows import (
    LAND,
    Figure,
    FileCheck,
    Refusal,
    Rules,
    Target,
    check_file,
    list_files,
    refuse_contradictions,
)
from sources.lake import Edition, RequestRecord, commit_edition, current_edition, edition_id_of, new_edition
from sources.plain_files import (
    EXPECTED,
    LocalRun,
    Outcome,
    PlainObservation,
    describe_edition,
    join_remarks,
    no_progress,
    utc_now,
    write_observations,
    write_table,
)
from sources.registry import HANDMATIG, Registry
from sources.results import OnProgress, TableResult
from sources.seeds import read_seed

# Which file and line each figure came from; read again when that file has an error.
ORIGIN = "herkomst.parquet"

_NATIONAL = "NL01"
# Part of the request key: raise it when the same files would be written differently.
_FORMAT = 1
_IN_MELDING = 3
_WARNINGS = 500
_ORIGIN_TYPES: Mapping[str, str] = {
    "bestand": "VARCHAR",
    "regel": "INTEGER",
    "kpi_id": "VARCHAR",
    "gemeente_code": "VARCHAR",
    "jaar": "INTEGER",
    "waarde": "VARCHAR",
    "eenheid": "VARCHAR",
    "bron": "VARCHAR",
}


@dataclass(frozen=True, slots=True)
class HandmatigReport:
    """What the files gave, for the supplier.

    Attributes:
        checks: per file the accepted and the refused rows.
        kept: figures of an earlier edition that stay because their file has an error.
    """

    checks: tuple[FileCheck, ...] = ()
    kept: tuple[Figure, ...] = ()

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Accepted figures of all files."""
        return tuple(figure for check in self.checks for figure in check.figures)

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Refused rows and files, one entry per fault."""
        return tuple(refusal for check in self.checks for refusal in check.refusals)

    @property
    def remarks(self) -> tuple[str, ...]:
        """All there is to say, in Dutch: refusals first."""
        notes = tuple(note for check in self.checks for note in check.notes)
        return (*(str(refusal) for refusal in self.refusals), *notes)

    @property
    def melding(self) -> str | None:
        """The same in one line: counts and the first few."""
        lines = {(refusal.bestand, refusal.regel) for refusal in self.refusals}
        rest = len(self.refusals) - _IN_MELDING
        shown = "; ".join(str(refusal) for refusal in self.refusals[:_IN_MELDING])
        refused = f"{len(lines)} regels of bestanden geweigerd: {shown}" + (f" (en nog {rest})" if rest > 0 else "")
        kept = f"{len(self.kept)} eerder geladen cijfers van bestanden met een fout blijven staan"
        return join_remarks([refused if lines else None, kept if self.kept else None])


def load_rules(folder: Path, register: GemeenteRegister) -> Rules:
    """Read from the registry seeds which KPIs take a hand-supplied figure, and about what.

    A figure names a KPI and no uitsplitsing: it belongs to the one that the registry puts first (main one, main series,
    order of the uitsplitsingen), as in the mart.

    Raises:
        RegistryError: a file or column is missing.
    """
    kpis = frozenset(row["kpi_id"] for _, row in read_seed(folder, "kpi_register.csv", ("kpi_id",)))
    splits = read_seed(folder, "uitsplitsing.csv", ("uitsplitsing", "volgorde"))
    order = {row["uitsplitsing"]: int(row["volgorde"]) for _, row in splits}
    columns = ("kpi_id", "variant", "uitsplitsing", "eenheid", "hoofduitsplitsing", "hoofdreeks")
    formulas = [row for _, row in read_seed(folder, "kpi_formula.csv", columns) if row["variant"] == HANDMATIG]
    formulas.sort(
        key=lambda row: (
            row["hoofduitsplitsing"] != "true",
            row["hoofdreeks"] != "true",
            order[row["uitsplitsing"]],
            row["uitsplitsing"],
        )
    )
    targets: dict[str, Target] = {}
    for row in formulas:
        targets.setdefault(row["kpi_id"], Target(row["uitsplitsing"], row["eenheid"]))
    return Rules(kpis, targets, register)


def refresh_handmatig(
    registry: Registry,
    folder: Path | None,
    lake: Path,
    *,
    rules: Rules,
    on_progress: OnProgress = no_progress,
    now: Callable[[], datetime] = utc_now,
    force: bool = False,
) -> TableResult:
    """Load the hand-supplied figures.

    Args:
        registry: has the source table `handmatig`.
        folder: folder of the CSV files, or None when nobody supplies figures.
        lake: folder of the lake.
        rules: what the registry says of such figures.
        on_progress: told when it is done.
        now: UTC clock; no figure may be about a later year.
        force: write a new edition also when the files are the same.

    Returns:
        `ververst` or `ongewijzigd` when there are figures, with the refusals in the melding and all of them in the
        warnings of the manifest; `niet_nodig` when no folder is named or it holds no figures; `fout` when nothing but
        refused rows is left or the folder is not there or cannot be read, and then the previous edition stays. Nothing
        is raised for a file.
    """
    run = LocalRun(lake=lake.resolve(), now=now, on_progress=on_progress)
    outcome = Outcome(run, registry.tables[HANDMATIG])
    if folder is None:
        return outcome.fresh("niet_nodig", None, "er is geen map met aangeleverde cijfers ingesteld")
    outcome.start()
    current = outcome.current()
    try:
        if not folder.is_dir():
            return _without_folder(outcome, folder, current)
        report = _report(folder, rules, current, now().year)
        return _decide(outcome, report, _request_key(report.checks, rules, now().year), current, force=force)
    except EXPECTED as error:
        melding = f"de map {folder} is niet te lezen of de cijfers zijn niet weg te schrijven: {error}"
        return outcome.stale("fout", melding, edition=current)


def report_handmatig(
    folder: Path, lake: Path, *, rules: Rules, now: Callable[[], datetime] = utc_now
) -> HandmatigReport:
    """Judge the files of a folder without loading anything.

    Raises:
        OSError: the folder cannot be read.
        LakeError: the edition in use cannot be read.
    """
    return _report(folder, rules, current_edition(lake.resolve(), HANDMATIG), now().year)


def _report(folder: Path, rules: Rules, current: Edition | None, last_year: int) -> HandmatigReport:
    checks = refuse_contradictions([check_file(path, rules, last_year=last_year) for path in list_files(folder)])
    return HandmatigReport(tuple(checks), tuple(_keep(checks, rules, current)))


def _without_folder(outcome: Outcome, folder: Path, current: Edition | None) -> TableResult:
    """A folder that was there and is gone is a share that is not mounted, not a wish to lose the figures."""
    melding = f"de map {folder} is er niet; koppel de schijf of verbeter IMPACT_KPI_HANDMATIG"
    return outcome.stale("fout", melding, edition=current)


def _decide(
    outcome: Outcome, report: HandmatigReport, key: str, current: Edition | None, *, force: bool
) -> TableResult:
    if not report.figures and not report.refusals:
        return outcome.fresh("niet_nodig", None, "er zijn geen aangeleverde cijfers")
    if not report.figures:
        return outcome.stale("fout", report.melding or "niets te laden", edition=current)
    if current is not None and not force and current.manifest.request_key == key:
        return outcome.fresh("ongewijzigd", current, report.melding)
    return outcome.fresh("ververst", _commit(outcome, report, key), report.melding)


def _request_key(checks: Sequence[FileCheck], rules: Rules, last_year: int) -> str:
    """Hash of all that decides what is loaded: the files, the registry and the newest year allowed."""
    files = sorted([check.bestand, check.sha256] for check in checks)
    return hashlib.sha256(json.dumps([_FORMAT, files, rules.fingerprint, last_year]).encode()).hexdigest()[:32]


def _keep(checks: Sequence[FileCheck], rules: Rules, current: Edition | None) -> Iterator[Figure]:
    """Figures of the previous edition whose file now has an error and does not give them again."""
    if current is None or not (current.folder / ORIGIN).exists():
        return
    faulty = {check.bestand for check in checks if check.refusals}
    given = {figure.key for check in checks for figure in check.figures}
    for figure in _read_origin(current):
        target = rules.targets.get(figure.kpi_id)
        still_fits = target is not None and target.eenheid == figure.eenheid
        if figure.bestand in faulty and figure.key not in given and still_fits:
            yield figure


def _read_origin(edition: Edition) -> list[Figure]:
    columns = ", ".join(_ORIGIN_TYPES)
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        rows = connection.execute(
            f"SELECT {columns} FROM read_parquet(?) ORDER BY ALL", [str(edition.folder / ORIGIN)]
        ).fetchall()
    return [
        Figure(bestand, regel, kpi_id, code, jaar, Decimal(waarde), eenheid, bron)
        for bestand, regel, kpi_id, code, jaar, waarde, eenheid, bron in rows
    ]


def _commit(outcome: Outcome, report: HandmatigReport, key: str) -> Edition:
    table, lake, now = outcome.table, outcome.run.lake, outcome.run.now()
    figures = sorted((*report.figures, *report.kept), key=lambda figure: figure.key)
    read = [RequestRecord(check.bestand, 200, check.bytes, check.sha256, check.rijen) for check in report.checks]
    manifest = describe_edition(table, identity=HANDMATIG, request_key=key, requests_made=read, now=now)
    with new_edition(lake, table.bron_id, now=now) as folder:
        observations = write_observations(
            folder,
            map(_observation, figures),
            source_id=table.bron_id,
            table_id=table.table_id,
            edition=edition_id_of(folder),
        )
        write_table(folder / ORIGIN, _ORIGIN_TYPES, [_origin(figure) for figure in figures])
        warnings = report.remarks[:_WARNINGS]
        manifest = replace(manifest, rows=len(figures), observations=observations, warnings=warnings)
        return commit_edition(lake, table.bron_id, folder, manifest)


def _observation(figure: Figure) -> PlainObservation:
    return PlainObservation(
        ref_area=_NATIONAL if figure.gemeente_code == LAND else figure.gemeente_code,
        time_period=f"{figure.jaar}JJ00",
        measure=figure.kpi_id,
        dimensions=json.dumps({"bron": figure.bron}, ensure_ascii=False, separators=(",", ":")),
        obs_value=str(figure.waarde),
        unit_measure=figure.eenheid,
    )


def _origin(figure: Figure) -> tuple[object, ...]:
    return (
        figure.bestand,
        figure.regel,
        figure.kpi_id,
        figure.gemeente_code,
        figure.jaar,
        str(figure.waarde),
        figure.eenheid,
        figure.bron,
    )
