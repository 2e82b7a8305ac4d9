"""Check a delivery, or make it the one in use.

A delivery is taken whole: a file that cannot be taken stops it, faulty rows do not. A full delivery replaces the one
before; the same one twice changes nothing. What does not belong here: wording (`report`) and erasing people (`erase`).
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from sources.activity.contract import Contract, load_contract
from sources.activity.delivery import Delivery, find_delivery
from sources.activity.edition import (
    LEVERING,
    Current,
    read_current,
    read_erased,
    thin_superseded,
    write_edition,
)
from sources.activity.judgement import WORK_FOLDER, Bench, judge_delivery, registry_fingerprint
from sources.activity.key import Key
from sources.activity.mapping import Mapping, load_mapping
from sources.activity.outcome import DeliveryOutcome, LoadOutcome
from sources.activity.postcodes import file_hash
from sources.errors import DeliveryError, DeliveryRefusedError
from sources.lake import Edition, Manifest, RequestRecord, commit_edition, edition_id_of, new_edition
from sources.plain_files import no_progress, utc_now
from sources.results import OnProgress

# Part of the request key: raise it when the same files would be written differently.
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Installation:
    """Where own data lands, and with what.

    Attributes:
        lake: folder of the lake.
        registry: folder of the registry seeds.
        key: to pseudonymise with.
        on_progress: told of every batch.
        now: UTC clock.
    """

    lake: Path
    registry: Path
    key: Key = field(repr=False)
    on_progress: OnProgress = no_progress
    now: Callable[[], datetime] = utc_now


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """What a person takes responsibility for.

    Attributes:
        nieuwe_sleutel: the key may be another one than that of the current delivery.
        ouder: the peildatum may lie before that of the current delivery.
    """

    nieuwe_sleutel: bool = False
    ouder: bool = False


@dataclass(frozen=True, slots=True)
class _Order:
    """A delivery that was found, and what it is judged with."""

    delivery: Delivery
    contract: Contract
    postcodes: Path | None
    request_key: str


def check_delivery(
    folder: Path, installation: Installation, *, mapping: Path | None = None, postcodes: Path | None = None
) -> DeliveryOutcome:
    """Judge a delivery without writing anything that stays.

    Args:
        folder: folder of the files.
        installation: where it would land.
        mapping: mapping file, or None for files in contract form.
        postcodes: file of postcodes, in place of the one of the mapping.

    Returns:
        What would become of it, also when files would be refused or the delivery would not be taken.

    Raises:
        DeliveryError: there is no delivery in the folder, or the mapping cannot be used.
    """
    order = _find(folder, installation, mapping, postcodes)
    current = read_current(installation.lake)
    refusal, remarks = _against_current(order, current, installation.key, LoadOptions(True, True))
    with tempfile.TemporaryDirectory(prefix="impact-kpi-") as work:
        bench = _bench(order, installation, current)
        with judge_delivery(order.delivery, bench, Path(work), stop_at_refusal=False) as (_, outcome):
            refusals = (*([refusal] if refusal else []), *outcome.weigeringen)
            return replace(outcome, weigeringen=refusals, opmerkingen=(*remarks, *outcome.opmerkingen))


def load_delivery(
    folder: Path,
    installation: Installation,
    *,
    mapping: Path | None = None,
    postcodes: Path | None = None,
    options: LoadOptions | None = None,
) -> LoadOutcome:
    """Judge a delivery and make it the one in use.

    Args:
        folder: folder of the files.
        installation: where it lands.
        mapping: mapping file, or None for files in contract form.
        postcodes: file of postcodes, in place of the one of the mapping.
        options: what a person takes responsibility for.

    Raises:
        DeliveryError: the delivery is not taken; the one in use stays.
    """
    order = _find(folder, installation, mapping, postcodes)
    current = read_current(installation.lake)
    refusal, remarks = _against_current(order, current, installation.key, options or LoadOptions())
    if refusal is not None:
        raise DeliveryRefusedError(refusal)
    if current is not None and current.request_key == order.request_key:
        thin_superseded(installation.lake, current.edition.edition_id)
        return LoadOutcome("ongewijzigd", current.edition)
    with new_edition(installation.lake, LEVERING, now=installation.now()) as home:
        outcome = _land(order, installation, current, home, remarks)
        edition = _commit(order, installation, home, outcome)
    thin_superseded(installation.lake, edition.edition_id)
    return LoadOutcome("geladen", edition, outcome)


def _find(folder: Path, installation: Installation, mapping: Path | None, postcodes: Path | None) -> _Order:
    contract = load_contract(installation.registry)
    layout: Mapping | None = load_mapping(mapping, contract) if mapping is not None else None
    delivery = find_delivery(folder, layout, contract)
    chosen = postcodes or delivery.mapping.postcodes
    return _Order(delivery, contract, chosen, _request_key(delivery, installation, chosen))


def _request_key(delivery: Delivery, installation: Installation, postcodes: Path | None) -> str:
    """Hash of all that decides what lands."""
    parts = [
        _FORMAT,
        delivery.levering_id,
        delivery.organisatie_id,
        delivery.bronsysteem,
        delivery.periode_van.isoformat(),
        delivery.peildatum.isoformat(),
        delivery.aangemaakt_op.isoformat(),
        sorted([file.naam, file.tabel, file.sha256] for file in delivery.files),
        delivery.mapping.versie,
        installation.key.sleutel_id,
        file_hash(postcodes) if postcodes is not None else None,
        registry_fingerprint(installation.registry),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _bench(order: _Order, installation: Installation, current: Current | None) -> Bench:
    erased = frozenset(
        one.pseudoniem
        for one in read_erased(installation.lake)
        if (one.sleutel_id, one.organisatie_id) == (installation.key.sleutel_id, order.delivery.organisatie_id)
    )
    return Bench(
        registry=installation.registry,
        contract=order.contract,
        key=installation.key,
        on_progress=installation.on_progress,
        postcodes=order.postcodes,
        before=dict(current.gelezen) if current is not None else {},
        erased=erased,
    )


def _against_current(
    order: _Order, current: Current | None, key: Key, options: LoadOptions
) -> tuple[str | None, list[str]]:
    """Why a delivery cannot take the place of the current one, or what has to be said when it does."""
    delivery = order.delivery
    if current is None or current.request_key == order.request_key:
        return None, []
    if current.organisatie_id != delivery.organisatie_id:
        text = (
            f"deze levering is van organisatie '{delivery.organisatie_id}' en hier staan gegevens van "
            f"'{current.organisatie_id}'. Eén installatie is voor één organisatie: gebruik een andere datamap "
            "(IMPACT_KPI_DATA), of verwijder eerst de huidige levering."
        )
        return text, []
    remarks = []
    if current.sleutel_id != key.sleutel_id:
        text = (
            f"de sleutel is een andere (kenmerk {key.sleutel_id}) dan die van de huidige levering (kenmerk "
            f"{current.sleutel_id})"
        )
        if not options.nieuwe_sleutel:
            return f"{text}. Gebruik de oude sleutel, of neem de nieuwe bewust in gebruik met --nieuwe-sleutel.", []
        remarks.append(
            f"{text}: een breuk, personen zijn over deze grens heen niet te volgen. Wie gewist was, moet opnieuw "
            "gewist worden."
        )
    if delivery.peildatum < current.peildatum:
        text = f"de peildatum ({delivery.peildatum}) ligt voor die van de huidige levering ({current.peildatum})"
        if not options.ouder:
            return f"{text}. Is het toch de juiste, laad hem dan met --ouder.", []
        remarks.append(f"{text}.")
    if delivery.periode_van > current.periode_van:
        remarks.append(
            f"deze levering begint op {delivery.periode_van}, de huidige op {current.periode_van}: de perioden "
            "daarvoor verdwijnen uit de cijfers."
        )
    return None, remarks


def _land(
    order: _Order, installation: Installation, current: Current | None, home: Path, remarks: list[str]
) -> DeliveryOutcome:
    """Judge the delivery and write everything of the edition but its manifest."""
    work = home / WORK_FOLDER
    bench = _bench(order, installation, current)
    with judge_delivery(order.delivery, bench, work, stop_at_refusal=True) as (judging, judged):
        outcome = replace(judged, opmerkingen=(*remarks, *judged.opmerkingen))
        if judging is None or (outcome.quarantaine and not outcome.geaccepteerd):
            raise DeliveryError(
                f"geen enkele rij van levering '{outcome.levering_id}' is bruikbaar: alle {outcome.quarantaine} rijen "
                "zijn afgekeurd. Er is niets geladen; bekijk waarom met `impact-kpi levering controleren`."
            )
        write_edition(home, judging, order.delivery, outcome, installation.key.sleutel_id)
    shutil.rmtree(work)
    return outcome


def _commit(order: _Order, installation: Installation, home: Path, outcome: DeliveryOutcome) -> Edition:
    delivery = order.delivery
    records = {file.bestand: file.records for file in outcome.bestanden}
    columns = [
        (column.tabel, column.kolom, column.type)
        for table in order.contract.tables.values()
        for column in table.columns
    ]
    manifest = Manifest(
        bron_id=LEVERING,
        bron=LEVERING,
        host="",
        table_id=delivery.levering_id,
        titel=f"Levering {delivery.levering_id} van {delivery.organisatie_id}",
        edition_id=edition_id_of(home),
        modified=delivery.aangemaakt_op.isoformat(),
        metadata_modified="",
        loaded_at=installation.now().astimezone(UTC).isoformat(timespec="seconds"),
        rows=outcome.geaccepteerd,
        observations=0,
        schema_fingerprint=hashlib.sha256(json.dumps(columns).encode()).hexdigest()[:32],
        indelingsjaar=None,
        licentie="",
        bronvermelding=f"Eigen registratie van {delivery.organisatie_id} ({delivery.bronsysteem})",
        identity=LEVERING,
        request_key=order.request_key,
        requests=tuple(
            RequestRecord(file.naam, 200, file.bytes, file.sha256, records.get(file.naam)) for file in delivery.files
        ),
        warnings=tuple(_summary(outcome)),
    )
    return commit_edition(installation.lake, LEVERING, home, manifest, rows_expected=False)


def _summary(outcome: DeliveryOutcome) -> list[str]:
    lines = list(outcome.opmerkingen)
    lines += [
        f"{tabel}: {counts.quarantaine} van {counts.gelezen} rijen in quarantaine"
        for tabel, counts in outcome.tabellen.items()
        if counts.quarantaine
    ]
    return lines
