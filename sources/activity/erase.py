"""Take a delivery or a person out of the lake for good.

Erasing a person makes a new edition without them and everything that hangs on them, empties the older ones, and keeps
the pseudonym so that the same files do not bring the person back. What does not belong here: what was published before.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path

import duckdb

from sources.activity.checks import Judging, erased_keys_of, erased_links, erased_test, keep_erased_keys
from sources.activity.contract import Contract, ContractTable, load_contract
from sources.activity.edition import (
    ERASED_MARK,
    LEVERING,
    TABLES,
    Current,
    Erased,
    drop_current,
    read_current,
    read_erased,
    read_manifests,
    thin_superseded,
    utc_day,
    write_erased,
    zeros_of,
)
from sources.activity.judgement import WORK_FOLDER
from sources.activity.landing import MEMORY_LIMIT, THREADS
from sources.activity.load import Installation
from sources.activity.pseudonym import normalise_identifier, pseudonym
from sources.activity.sql import fill, literal, literals, name
from sources.errors import DeliveryError
from sources.lake import commit_edition, edition_id_of, new_edition

PERSON = "deelnemer"

_PER_TABLE = "levering_tabel.parquet"
_PARQUET = "(FORMAT parquet, COMPRESSION zstd)"


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased.

    Attributes:
        gevonden: whether the current delivery had anything of this person.
        rijen: rows taken out per table.
        was_gewist: whether the person had been erased before.
    """

    gevonden: bool
    rijen: dict[str, int]
    was_gewist: bool


def remove_delivery(lake: Path, levering_id: str) -> bool:
    """Take the current delivery out of the lake; its manifest stays as the trace of it.

    Returns:
        Whether anything was left to remove: of a delivery that was replaced, only the manifest is.

    Raises:
        DeliveryError: there never was such a delivery.
        LakeError: the lake cannot be read.
    """
    known = [manifest.table_id for manifest in read_manifests(lake)]
    if levering_id not in known:
        there = f" Geladen zijn: {', '.join(dict.fromkeys(known))}." if known else " Er is nog niets geladen."
        raise DeliveryError(f"er is geen levering '{levering_id}'.{there}")
    pointer = (lake / LEVERING / "current").read_text(encoding="utf-8").strip() if _has_current(lake) else None
    current = next((one for one in read_manifests(lake) if one.edition_id == pointer), None)
    if current is None or current.table_id != levering_id:
        return False
    drop_current(lake)
    return True


def _has_current(lake: Path) -> bool:
    return (lake / LEVERING / "current").exists()


def remove_deelnemer(identifier: str, installation: Installation) -> Erasure:
    """Take one person and everything that hangs on them out of the current delivery, and keep them out.

    Args:
        identifier: of the deelnemer, as the source system writes it.
        installation: the lake, the registry and the key.

    Raises:
        DeliveryError: there is no delivery, or it was pseudonymised with another key.
        LakeError: the lake cannot be read.
    """
    current = read_current(installation.lake)
    if current is None:
        raise DeliveryError("er is geen levering geladen, dus ook niemand om te wissen.")
    if current.sleutel_id != installation.key.sleutel_id:
        raise DeliveryError(
            f"de huidige levering is met een andere sleutel gemaakt (kenmerk {current.sleutel_id}, deze is "
            f"{installation.key.sleutel_id}); daarmee is deze persoon niet te vinden. Gebruik die sleutel."
        )
    known = read_erased(installation.lake)
    wanted = _pseudonyms(identifier, current, installation)
    earlier = {one.pseudoniem for one in known}
    today = utc_day(installation.now())
    new = [
        Erased(one, current.sleutel_id, current.organisatie_id, today) for one in sorted(wanted) if one not in earlier
    ]
    # Before the edition: if this is cut off halfway, the next load still leaves the person out.
    write_erased(installation.lake, [*known, *new])
    rows = _rewrite(current, sorted(wanted), installation)
    return Erasure(bool(rows), rows, was_gewist=not new)


def _pseudonyms(identifier: str, current: Current, installation: Installation) -> set[str]:
    """Pseudonyms that this person can have: leading zeros as the current delivery treated them."""
    if not normalise_identifier(identifier):
        raise DeliveryError("er is geen nummer gegeven.")
    ways = zeros_of(current.edition, PERSON) or {"houden"}
    return {
        pseudonym(
            installation.key,
            current.organisatie_id,
            PERSON,
            normalise_identifier(identifier, strip_zeros=way == "strippen"),
        )
        for way in ways
    }


def _rewrite(current: Current, pseudonyms: Sequence[str], installation: Installation) -> dict[str, int]:
    """Make an edition without these people; gives the rows taken out per table, nothing when there were none."""
    contract = load_contract(installation.registry)
    old = current.edition
    with new_edition(installation.lake, LEVERING, now=installation.now()) as home:
        work = home / WORK_FOLDER
        work.mkdir()
        gone = _write_without(old.folder, home, work, contract, pseudonyms)
        if not gone:
            return {}
        for path in old.folder.glob("*.parquet"):
            if path.name != _PER_TABLE:
                shutil.copyfile(path, home / path.name)
        shutil.rmtree(work)
        manifest = replace(
            old.manifest,
            edition_id=edition_id_of(home),
            loaded_at=installation.now().astimezone(UTC).isoformat(timespec="seconds"),
            rows=old.manifest.rows - sum(gone.values()),
            request_key=f"{current.request_key}{ERASED_MARK}{edition_id_of(home)}",
        )
        edition = commit_edition(installation.lake, LEVERING, home, manifest, rows_expected=False)
    thin_superseded(installation.lake, edition.edition_id)
    return gone


def _write_without(old: Path, home: Path, work: Path, contract: Contract, pseudonyms: Sequence[str]) -> dict[str, int]:
    (home / TABLES).mkdir()
    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(work / "spill"),
        "memory_limit": MEMORY_LIMIT,
        "threads": THREADS,
    }
    gone: dict[str, int] = {}
    try:
        with duckdb.connect(":memory:", config=config) as connection:
            judging = Judging(connection, contract, tuple(contract.tables))
            connection.execute("CREATE TABLE gewist (pseudoniem VARCHAR)")
            fill(connection, "gewist", [[one] for one in pseudonyms])
            for table in contract.tables.values():
                number = _write_table_without(judging, table, old, home)
                if number:
                    gone[table.tabel] = number
            _write_counts(connection, old, home, gone)
    except duckdb.Error as error:
        raise DeliveryError(f"de huidige levering is niet te herschrijven ({type(error).__name__}).") from None
    return gone


def _write_table_without(judging: Judging, table: ContractTable, old: Path, home: Path) -> int:
    source = f"read_parquet({literal(str(old / TABLES / f'{table.tabel}.parquet'))})"
    target = literal(str(home / TABLES / f"{table.tabel}.parquet"))
    test = erased_test(table)
    keep_erased_keys(judging, table, test, source)
    links = [
        f"CASE WHEN {name(kolom)} NOT IN ({erased_keys_of(str(table.column(kolom).verwijst_naar))}) "
        f"THEN {name(kolom)} END AS {name(kolom)}"
        for kolom in erased_links(table)
    ]
    columns = f"* REPLACE ({', '.join(links)})" if links else "*"
    judging.run(f"COPY (SELECT {columns} FROM {source} WHERE NOT ({test or 'FALSE'})) TO {target} {_PARQUET}")
    return judging.count(f"SELECT COUNT(*) FROM {source} WHERE {test or 'FALSE'}")


def _write_counts(connection: duckdb.DuckDBPyConnection, old: Path, home: Path, gone: dict[str, int]) -> None:
    if gone:
        cases = " ".join(f"WHEN {literal(tabel)} THEN {number}" for tabel, number in gone.items())
        removed = f"CASE WHEN tabel IN ({literals(gone)}) THEN CASE tabel {cases} END ELSE 0 END"
    else:
        removed = "0"
    connection.execute(
        f"COPY (SELECT * REPLACE (geaccepteerd - {removed} AS geaccepteerd, gewist + {removed} AS gewist) "
        f"FROM read_parquet({literal(str(old / _PER_TABLE))})) TO {literal(str(home / _PER_TABLE))} {_PARQUET}"
    )
