"""Own data in the lake: what an edition consists of, how it is written, read back and thinned out.

One edition holds one full delivery. A superseded edition keeps its manifest (checksums and counts) and loses everything
that is about people. What does not belong here: judging rows.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from sources.activity.checks import Judging, accepted_view, fault_lines, partner_stubs
from sources.activity.contract import Contract, ContractTable
from sources.activity.delivery import Delivery
from sources.activity.layout import lake_columns, value_columns
from sources.activity.outcome import DeliveryOutcome
from sources.activity.sql import fill, literal, name
from sources.errors import LakeError
from sources.lake import CURRENT, MANIFEST, Edition, Manifest, current_edition, list_editions
from sources.whole_file import write_whole

LEVERING = "levering"
TABLES = "tabel"
# Between the key of what was delivered and what was erased from it since.
ERASED_MARK = ":gewist:"

_DELIVERY = "levering.parquet"
_PER_TABLE = "levering_tabel.parquet"
_PER_COLUMN = "levering_kolom.parquet"
_QUARANTINE = "quarantaine.parquet"
_WARNINGS = "waarschuwing.parquet"
_ERASED = "gewist.json"
_PARQUET = "(FORMAT parquet, COMPRESSION zstd)"


@dataclass(frozen=True, slots=True)
class Current:
    """What is known of the delivery in use.

    Attributes:
        edition: the edition.
        levering_id: the delivery.
        organisatie_id: whose it is.
        periode_van: first day.
        peildatum: last day on which it is complete.
        sleutel_id: key that it was pseudonymised with.
        gelezen: rows read per table.
    """

    edition: Edition
    levering_id: str
    organisatie_id: str
    periode_van: date
    peildatum: date
    sleutel_id: str
    gelezen: Mapping[str, int]

    @property
    def request_key(self) -> str:
        """Key of what was delivered, whatever was erased since."""
        return self.edition.manifest.request_key.split(ERASED_MARK)[0]


@dataclass(frozen=True, slots=True)
class Erased:
    """One person who was erased.

    Attributes:
        pseudoniem: of that person.
        sleutel_id: key that the pseudonym was made with.
        organisatie_id: organisation that the person was with.
        gewist_op: UTC day, ISO.
    """

    pseudoniem: str
    sleutel_id: str
    organisatie_id: str
    gewist_op: str


# --- reading --------------------------------------------------------------------------------------


def read_current(lake: Path) -> Current | None:
    """The delivery in use, or None.

    Raises:
        LakeError: there is one and it cannot be read.
    """
    edition = current_edition(lake, LEVERING)
    if edition is None:
        return None
    try:
        with duckdb.connect(":memory:", config={"threads": 1}) as connection:
            row = connection.execute(
                "SELECT levering_id, organisatie_id, periode_van, peildatum, sleutel_id FROM read_parquet(?)",
                [str(edition.folder / _DELIVERY)],
            ).fetchone()
            counts = connection.execute(
                "SELECT tabel, gelezen FROM read_parquet(?)", [str(edition.folder / _PER_TABLE)]
            ).fetchall()
    except duckdb.Error as error:
        raise LakeError(
            f"de huidige levering in {edition.folder} is niet te lezen ({type(error).__name__}). Verwijder hem met "
            f"`impact-kpi levering verwijderen --levering {edition.manifest.table_id}` en laad hem opnieuw"
        ) from None
    if row is None:
        raise LakeError(f"{edition.folder / _DELIVERY} is leeg")
    levering_id, organisatie_id, periode_van, peildatum, sleutel_id = row
    return Current(edition, levering_id, organisatie_id, periode_van, peildatum, sleutel_id, dict(counts))


def read_manifests(lake: Path) -> list[Manifest]:
    """Manifests of all deliveries that were ever loaded, oldest first."""
    home = lake / LEVERING
    texts = ((home / edition / MANIFEST).read_text(encoding="utf-8") for edition in list_editions(lake, LEVERING))
    return [Manifest.from_json(text) for text in texts]


def zeros_of(edition: Edition, domein: str) -> frozenset[str]:
    """How leading zeros of identifiers of a domain were treated in an edition: houden, strippen, or both."""
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        rows = connection.execute(
            "SELECT DISTINCT voorloopnullen FROM read_parquet(?) WHERE domein = ? AND voorloopnullen IS NOT NULL",
            [str(edition.folder / _PER_COLUMN), domein],
        ).fetchall()
    return frozenset(str(row[0]) for row in rows)


# --- writing --------------------------------------------------------------------------------------


def write_edition(
    folder: Path, judging: Judging, delivery: Delivery, outcome: DeliveryOutcome, sleutel_id: str
) -> None:
    """Write everything of an edition but the manifest.

    Args:
        folder: of the edition that is being made.
        judging: the judged rows.
        delivery: what was delivered.
        outcome: what became of it.
        sleutel_id: public name of the key.
    """
    (folder / TABLES).mkdir()
    for table in judging.contract.tables.values():
        _write_table(folder, judging, table, delivery)
    columns = "f.tabel, b.naam AS bestand, CAST(f._bronregel AS BIGINT) AS regel, f.kolom, f.reden, f.hash AS rij_hash"
    faults = f"({fault_lines(judging)}) AS f INNER JOIN bestand AS b ON b.nummer = f._bestand"
    _copy(judging, f"SELECT {columns} FROM {faults} ORDER BY ALL", folder / _QUARANTINE)
    _write_rows(
        judging.connection, folder / _DELIVERY, _DELIVERY_TYPES, [_delivery_row(delivery, judging.contract, sleutel_id)]
    )
    _write_rows(judging.connection, folder / _PER_TABLE, _TABLE_TYPES, _table_rows(judging.contract, delivery, outcome))
    _write_rows(
        judging.connection, folder / _PER_COLUMN, _COLUMN_TYPES, _column_rows(judging.contract, delivery, outcome)
    )
    warnings = [(warn.tabel, warn.regel_code, warn.aantal, warn.tekst) for warn in outcome.waarschuwingen]
    _write_rows(judging.connection, folder / _WARNINGS, _WARNING_TYPES, warnings)


_DELIVERY_TYPES = {
    "levering_id": "VARCHAR",
    "organisatie_id": "VARCHAR",
    "bronsysteem": "VARCHAR",
    "periode_van": "DATE",
    "peildatum": "DATE",
    "aangemaakt_op": "TIMESTAMP",
    "sleutel_id": "VARCHAR",
    "mapping_versie": "VARCHAR",
    "contract_versie": "VARCHAR",
    "is_afgeleid_uren": "BOOLEAN",
}
_TABLE_TYPES = {
    "tabel": "VARCHAR",
    "geleverd": "BOOLEAN",
    "gelezen": "BIGINT",
    "geaccepteerd": "BIGINT",
    "quarantaine": "BIGINT",
    "dubbel_samengevoegd": "BIGINT",
    "totaalregels": "BIGINT",
    "mojibake_hersteld": "BIGINT",
    "gewist": "BIGINT",
    "bestand": "VARCHAR",
    "sha256": "VARCHAR",
}
_COLUMN_TYPES = {
    "tabel": "VARCHAR",
    "kolom": "VARCHAR",
    "geleverd": "BOOLEAN",
    "domein": "VARCHAR",
    "voorloopnullen": "VARCHAR",
}
_WARNING_TYPES = {"tabel": "VARCHAR", "regel_code": "VARCHAR", "aantal": "BIGINT", "tekst": "VARCHAR"}


def _write_table(folder: Path, judging: Judging, table: ContractTable, delivery: Delivery) -> None:
    filled = {column for column, _ in value_columns(table)}
    constants = {
        "levering_id": literal(delivery.levering_id),
        "organisatie_id": literal(delivery.organisatie_id),
        "_bronbestand": "b.naam",
        "_bronregel": "g._bronregel",
    }
    rows = f"{accepted_view(table.tabel)} AS g LEFT JOIN bestand AS b ON b.nummer = g._bestand"
    stubs = partner_stubs(judging) if table.tabel == "partner" else None
    if stubs is not None:
        # Partners that are known by their number alone.
        rows, filled = f"({stubs}) AS g", {"partner_id"}
        constants |= {"_bronbestand": "NULL", "_bronregel": "NULL"}
    sources = constants | {column: f"g.{name(column)}" for column in filled}
    columns = [
        f"CAST({sources.get(column, 'NULL')} AS {kind}) AS {name(column)}" for column, kind in lake_columns(table)
    ]
    _copy(judging, f"SELECT {', '.join(columns)} FROM {rows}", folder / TABLES / f"{table.tabel}.parquet")


def _copy(judging: Judging, query: str, path: Path) -> None:
    judging.run(f"COPY ({query}) TO {literal(str(path))} {_PARQUET}")


def _write_rows(
    connection: duckdb.DuckDBPyConnection, path: Path, types: Mapping[str, str], rows: Sequence[Sequence[object]]
) -> None:
    columns = ", ".join(f"{name(column)} {kind}" for column, kind in types.items())
    connection.execute(f"CREATE TEMP TABLE regels ({columns})")
    fill(connection, "regels", rows)
    connection.execute(f"COPY regels TO {literal(str(path))} {_PARQUET}")
    connection.execute("DROP TABLE regels")


def _delivery_row(delivery: Delivery, contract: Contract, sleutel_id: str) -> tuple[object, ...]:
    return (
        delivery.levering_id,
        delivery.organisatie_id,
        delivery.bronsysteem,
        delivery.periode_van,
        delivery.peildatum,
        delivery.aangemaakt_op,
        sleutel_id,
        delivery.mapping.versie,
        contract.versie,
        any(file.mapping.afgeleid is not None for file in delivery.files),
    )


def _table_rows(contract: Contract, delivery: Delivery, outcome: DeliveryOutcome) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for tabel in contract.tables:
        counts = outcome.tabellen.get(tabel)
        landed = [file for file in outcome.bestanden if file.tabel == tabel]
        files = [file for file in delivery.files if file.tabel == tabel]
        rows.append(
            (
                tabel,
                counts is not None,
                counts.gelezen if counts else 0,
                counts.geaccepteerd if counts else 0,
                counts.quarantaine if counts else 0,
                counts.dubbel_samengevoegd if counts else 0,
                sum(file.totaalregels for file in landed),
                sum(file.mojibake_hersteld for file in landed),
                counts.gewist if counts else 0,
                ", ".join(file.naam for file in files) or None,
                ", ".join(file.sha256 for file in files) or None,
            )
        )
    return rows


def _column_rows(contract: Contract, delivery: Delivery, outcome: DeliveryOutcome) -> list[tuple[object, ...]]:
    given = {(file.tabel, kolom) for file in outcome.bestanden for kolom in file.kolommen}
    zeros: dict[tuple[str, str], set[str]] = {}
    for file in delivery.files:
        for mapping in file.mapping.columns:
            zeros.setdefault((file.tabel, mapping.kolom), set()).add(mapping.id_voorloopnullen)
    rows: list[tuple[object, ...]] = []
    for tabel, table in contract.tables.items():
        for column in table.columns:
            place = (tabel, column.kolom)
            is_given = place in given
            treated = "strippen" if "strippen" in zeros.get(place, ()) else "houden"
            rows.append((*place, is_given, column.domein, treated if is_given and column.domein else None))
    return rows


# --- thinning out ---------------------------------------------------------------------------------


def thin_superseded(lake: Path, keep: str | None) -> None:
    """Take everything but the manifest out of all editions but one.

    Args:
        lake: the lake.
        keep: edition that stays whole, or None.
    """
    for edition in list_editions(lake, LEVERING):
        if edition == keep:
            continue
        for entry in sorted((lake / LEVERING / edition).iterdir()):
            if entry.is_dir():
                shutil.rmtree(entry)
            elif entry.name != MANIFEST:
                entry.unlink()


def drop_current(lake: Path) -> None:
    """Leave the lake without a delivery in use; what was in it goes, the manifests stay."""
    (lake / LEVERING / CURRENT).unlink(missing_ok=True)
    thin_superseded(lake, None)


# --- erased people --------------------------------------------------------------------------------


def read_erased(lake: Path) -> list[Erased]:
    """Everybody who was erased.

    Raises:
        LakeError: the list is there and cannot be read; without it people would come back.
    """
    path = lake / LEVERING / _ERASED
    try:
        return [Erased(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as error:
        raise LakeError(
            f"{path} is niet te lezen ({type(error).__name__}). Zet dit bestand terug uit een reservekopie: zonder "
            "deze lijst komen gewiste personen terug"
        ) from None


def write_erased(lake: Path, erased: Sequence[Erased]) -> None:
    """Keep the list of everybody who was erased; in one step."""
    path = lake / LEVERING / _ERASED
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps([asdict(one) for one in erased], ensure_ascii=False, indent=1) + "\n")


def utc_day(now: datetime) -> str:
    """The day of a moment, in UTC."""
    return now.astimezone(UTC).date().isoformat()
