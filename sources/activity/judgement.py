"""Read all files of a delivery into a work database and judge every row: what checking and loading have in common.

The work database holds typed, pseudonymised rows only and goes with its folder. What does not belong here: whether the
delivery may replace the current one, and writing it to the lake.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from sources.activity.checks import Judging, TableCounts, count_rows, fault_lines, judge
from sources.activity.coherence import Warn, compare_sizes, find_warnings, skipped_additions
from sources.activity.contract import Contract
from sources.activity.delivery import Delivery
from sources.activity.gemeente_of_record import HERKOMST, install_gemeenten
from sources.activity.key import Key
from sources.activity.landing import (
    MEMORY_LIMIT,
    THREADS,
    Landed,
    Landing,
    create_work_tables,
    land_file,
    open_landing,
)
from sources.activity.layout import FAULTS, SAYS_PLACE, gemeente_column, work_table
from sources.activity.outcome import DeliveryOutcome, FaultGroup, KpiCoverage
from sources.activity.postcodes import install_postcodes
from sources.activity.pseudonym import forget_key, install_key
from sources.activity.sql import fill
from sources.errors import DeliveryError
from sources.gemeente_register import load_gemeente_register
from sources.results import OnProgress
from sources.seeds import read_seed

# Beginning of the names of what is not part of an edition.
WORK_FOLDER = ".werk"

_WORK_FILE = "werk.duckdb"
_EXAMPLES = 5
_ANSWERS = ("vragenlijst", "versie", "vraagcode", "antwoord")
_REGISTRY_FILES = (
    "contract_table.csv",
    "contract_column.csv",
    "gemeente_register.csv",
    "herindeling.csv",
    "answer_scale.csv",
)


@dataclass(frozen=True, slots=True)
class Bench:
    """What a delivery is judged with.

    Attributes:
        registry: folder of the registry seeds.
        contract: the contract.
        key: to pseudonymise with.
        on_progress: told of every batch.
        postcodes: file of postcodes, or None.
        before: rows read per table in the current delivery.
        erased: pseudonyms of people who were erased.
    """

    registry: Path
    contract: Contract
    key: Key = field(repr=False)
    on_progress: OnProgress
    postcodes: Path | None = None
    before: dict[str, int] = field(default_factory=dict)
    erased: Collection[str] = ()


def registry_fingerprint(registry: Path) -> str:
    """Hash of the seeds that decide what becomes of a row."""
    digest = hashlib.sha256()
    for file in _REGISTRY_FILES:
        digest.update((registry / file).read_bytes())
    return digest.hexdigest()


@contextmanager
def judge_delivery(
    delivery: Delivery, bench: Bench, work: Path, *, stop_at_refusal: bool
) -> Iterator[tuple[Judging | None, DeliveryOutcome]]:
    """Judge a delivery; the rows can be read while the body runs.

    Args:
        delivery: what was delivered.
        bench: what it is judged with.
        work: folder for the work database; the caller removes it.
        stop_at_refusal: raise at the first file that cannot be taken, instead of looking at the others too.

    Yields:
        The judged rows, or None when a file was refused, and what became of them.

    Raises:
        DeliveryError: a file cannot be taken, and that is not to be told in the outcome.
    """
    work.mkdir(parents=True, exist_ok=True)
    landed, refusals = _land_all(delivery, bench, work, stop_at_refusal=stop_at_refusal)
    if refusals:
        yield None, _outcome(delivery, landed, tuple(refusals))
        return
    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(work / "spill"),
        "memory_limit": MEMORY_LIMIT,
        "threads": THREADS,
    }
    with _translated(), duckdb.connect(str(work / _WORK_FILE), config=config) as connection:
        install_key(connection, bench.key)
        judging = Judging(connection, bench.contract, _delivered(delivery), delivery.organisatie_id)
        connection.execute("BEGIN")
        judge(judging, list(_known_answers(bench.registry)), bench.erased)
        connection.execute("COMMIT")
        connection.execute("CREATE TABLE bestand (nummer USMALLINT, naam VARCHAR)")
        names = [[number, file.naam] for number, file in enumerate(delivery.files)]
        fill(connection, "bestand", names)
        try:
            yield judging, _judged(delivery, bench, judging, landed)
        finally:
            forget_key(connection)


def _delivered(delivery: Delivery) -> frozenset[str]:
    return frozenset(file.tabel for file in delivery.files)


@contextmanager
def _translated() -> Iterator[None]:
    """No error of the database reaches a person: its text may quote a value."""
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise DeliveryError("er is te weinig geheugen of schijfruimte om deze levering te beoordelen.") from None
    except duckdb.Error as error:
        raise DeliveryError(
            f"de levering is niet te beoordelen: fout in de werkdatabase ({type(error).__name__}). Dit is een fout in "
            "dit programma; meld hem, zonder de levering mee te sturen."
        ) from None


def _land_all(delivery: Delivery, bench: Bench, work: Path, *, stop_at_refusal: bool) -> tuple[list[Landed], list[str]]:
    landed, refusals = [], []
    with _translated(), open_landing(work / _WORK_FILE, bench.key) as connection:
        install_gemeenten(connection, load_gemeente_register(bench.registry), bench.registry)
        if bench.postcodes is not None:
            install_postcodes(connection, bench.postcodes, work)
        create_work_tables(connection, bench.contract)
        landing = Landing(connection, bench.contract, delivery.organisatie_id, delivery.peildatum, bench.on_progress)
        for number, file in enumerate(delivery.files):
            try:
                landed.append(land_file(landing, number, file))
            except DeliveryError as error:
                if stop_at_refusal:
                    raise
                refusals.append(str(error))
    return landed, refusals


def _known_answers(registry: Path) -> Iterator[tuple[str, str, str, str]]:
    for _, row in read_seed(registry, "answer_scale.csv", _ANSWERS):
        yield row["vragenlijst"], row["versie"], row["vraagcode"], row["antwoord"].lower()


# --- what became of it ----------------------------------------------------------------------------


def _judged(delivery: Delivery, bench: Bench, judging: Judging, landed: Sequence[Landed]) -> DeliveryOutcome:
    counts = {
        tabel: count_rows(judging, table)
        for tabel, table in bench.contract.tables.items()
        if tabel in judging.delivered
    }
    given = {(file.tabel, kolom) for file in landed for kolom in file.kolommen}
    warnings = [
        *find_warnings(judging, delivery.peildatum),
        *_unresolved_places(judging, bench),
        *skipped_additions(judging, given),
        *compare_sizes(bench.before, {tabel: count.gelezen for tabel, count in counts.items()}),
    ]
    order = list(bench.contract.tables)
    return DeliveryOutcome(
        levering_id=delivery.levering_id,
        organisatie_id=delivery.organisatie_id,
        periode_van=delivery.periode_van,
        peildatum=delivery.peildatum,
        aangemaakt_op=delivery.aangemaakt_op,
        bestanden=tuple(landed),
        tabellen=counts,
        fouten=tuple(_fault_groups(judging)),
        waarschuwingen=tuple(sorted(warnings, key=lambda warn: order.index(warn.tabel))),
        opmerkingen=(*delivery.notes, *(note for file in landed for note in file.meldingen)),
        kpis=coverage(bench.registry, counts),
    )


def _outcome(delivery: Delivery, landed: Sequence[Landed], refusals: tuple[str, ...]) -> DeliveryOutcome:
    return DeliveryOutcome(
        levering_id=delivery.levering_id,
        organisatie_id=delivery.organisatie_id,
        periode_van=delivery.periode_van,
        peildatum=delivery.peildatum,
        aangemaakt_op=delivery.aangemaakt_op,
        bestanden=tuple(landed),
        weigeringen=refusals,
        opmerkingen=(*delivery.notes, *(note for file in landed for note in file.meldingen)),
    )


def _fault_groups(judging: Judging) -> Iterator[FaultGroup]:
    rows = judging.connection.execute(
        f"""
        SELECT f.tabel, f.kolom, f.reden, COUNT(*),
            LIST((b.naam, f._bronregel) ORDER BY f._bestand, f._bronregel)[1:{_EXAMPLES}]
        FROM ({fault_lines(judging)}) AS f INNER JOIN bestand AS b ON b.nummer = f._bestand
        GROUP BY f.tabel, f.kolom, f.reden
        """
    ).fetchall()
    order = list(judging.contract.tables)
    for tabel, kolom, reden, number, examples in sorted(rows, key=lambda row: (order.index(row[0]), -row[3], row[1:3])):
        yield FaultGroup(tabel, kolom, reden, number, tuple((naam, regel) for naam, regel in examples))


def _unresolved_places(judging: Judging, bench: Bench) -> Iterator[Warn]:
    """Accepted rows of which the gemeente stays unknown."""
    for tabel, table in bench.contract.tables.items():
        if tabel not in judging.delivered or gemeente_column(table) is None:
            continue
        number = judging.count(
            f"SELECT COUNT(*) FROM {work_table(tabel)} "
            f"WHERE {HERKOMST} = 'onbekend' AND {FAULTS} IS NULL AND {SAYS_PLACE}"
        )
        if number:
            advice = "" if bench.postcodes else " (er is geen postcodelijst gegeven)"
            tekst = f"{number} regels noemen een gemeente of postcode die onbekend is; ze vallen onder onbekend"
            yield Warn(tabel, "gemeente", number, tekst + advice)


def coverage(registry: Path, delivered: Collection[str] | dict[str, TableCounts]) -> KpiCoverage:
    """Which indicators the delivered tables are enough for; a variant that needs more does not count against one."""
    needs: dict[str, dict[str, set[str]]] = {}
    for _, row in read_seed(registry, "own_kpi_table.csv", ("kpi_id", "variant", "tabel")):
        needs.setdefault(row["kpi_id"], {}).setdefault(row["variant"], set()).add(row["tabel"])
    computable, missing = [], []
    for kpi_id, variants in needs.items():
        lacking = min((sorted(tables - set(delivered)) for tables in variants.values()), key=len)
        if lacking:
            missing.append((kpi_id, tuple(lacking)))
        else:
            computable.append(kpi_id)
    return KpiCoverage(tuple(computable), tuple(missing))
