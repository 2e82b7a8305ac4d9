"""Which published figures changed: the table `kpi_revisie`, carried on from publication to publication.

Compares the Parquet files of two publications; DuckDB does the joins and spills to disk, so memory stays bounded. Which
publication is compared with is decided in `publish`; what a reader sees of it is in `revision_view`.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from serving.assemble import Stamp, copy_parquet, parquet_path, parquet_source
from serving.tables import REVISION_TABLE, PublishedColumn, PublishedTable

FIGURES = "kpi_waarde"
_AREAS = "gemeente"
KEY = ("kpi_id", "model_versie", "variant", "uitsplitsing", "gemeente_code", "periode")
# A figure belongs to a slice: the same figure of all areas. A new slice is news, not a revision.
_SLICE = tuple(column for column in KEY if column != "gemeente_code")
_NUMBERS = {
    "waarde": "het cijfer",
    "teller": "de teller",
    "noemer": "de noemer",
    "oi_laag": "de ondergrens van het betrouwbaarheidsinterval",
    "oi_hoog": "de bovengrens van het betrouwbaarheidsinterval",
}
_WORDS = {
    "eenheid": "de eenheid",
    "status": "de status",
    "ontbreekt_reden": "de reden waarom er geen cijfer is",
    # Old and new the same: then the source did not change, but the software or a choice of the organisation did.
    "editie": "de editie van de bron",
    "noemer_editie": "de editie van de bron van de noemer",
}
_FOLLOWED = {**_NUMBERS, **_WORDS}
_ORIGIN = ("herkomst", "bron_id")
_OWN = "eigen"
# Relative difference up to which two doubles are the same figure: sums differ in their last bits from run to run.
NOISE = 1e-9
DIVISION = "indeling"
# In this order: a figure that changed in more than one way is named after the first.
KINDS: Mapping[str, str] = {
    "toegevoegd": "een gebied kwam erbij in een periode die al gepubliceerd was",
    "vervallen": "de regel staat niet meer in de publicatie",
    "verschenen_na_leegte": "er was geen cijfer en nu wel",
    "ingetrokken": "er was een cijfer en nu niet meer",
    "waarde": "het cijfer is anders",
    "eenheid": "de eenheid is anders",
    "teller_noemer": "teller of noemer is anders, het cijfer niet",
    "interval": "het betrouwbaarheidsinterval is anders, het cijfer niet",
    "status": "alleen de status is anders",
    "reden": "er is nog steeds geen cijfer, om een andere reden",
    DIVISION: "de gemeente-indeling is een andere: gemeenten zijn niet vergeleken",
}
_MEMORY = "1GB"


def _followed_columns() -> list[PublishedColumn]:
    columns = []
    for name, meaning in _FOLLOWED.items():
        data_type = "double" if name in _NUMBERS else "varchar"
        columns += [
            PublishedColumn(f"oude_{name}", f"Wat {meaning} was; leeg als die er niet was.", data_type),
            PublishedColumn(f"nieuwe_{name}", f"Wat {meaning} werd; leeg als die er niet meer is.", data_type),
        ]
    return columns


REVISION = PublishedTable(
    name=REVISION_TABLE,
    schema="main",
    relation=REVISION_TABLE,
    key=("naar_publicatie_id", *KEY),
    description=(
        "Eén rij per gepubliceerd cijfer dat veranderde, en per keer. Alle publicaties tot en met deze; een nieuwe "
        "periode of KPI is geen revisie, afrondruis (kleiner dan een miljardste deel) ook niet. Na een nieuwe "
        "gemeente-indeling staat er één rij van soort indeling, zonder KPI, en zijn alleen cijfers vergeleken die niet "
        "van een gemeente zijn. Eigen cijfers veranderen alleen met een nieuwe batch, en van hen staat alleen de "
        "laatste verandering er: zo is uit één publicatie nooit meer af te leiden dan waarop zij is getoetst."
    ),
    columns=(
        PublishedColumn("naar_publicatie_id", "Publicatie waarin het nieuwe cijfer voor het eerst stond.", "varchar"),
        PublishedColumn("van_publicatie_id", "Publicatie daarvoor, waarmee is vergeleken.", "varchar"),
        PublishedColumn("gezien_op", "Moment van publiceren van het nieuwe cijfer, in UTC.", "timestamp"),
        PublishedColumn("kpi_id", "KPI, zoals in kpi_waarde; leeg bij soort indeling.", "varchar"),
        PublishedColumn("model_versie", "Versie van het KPI-model, zoals in kpi_waarde.", "varchar"),
        PublishedColumn("variant", "Reeks, zoals in kpi_waarde.", "varchar"),
        PublishedColumn("uitsplitsing", "Uitsplitsing, zoals in kpi_waarde.", "varchar"),
        PublishedColumn("gemeente_code", "Gebied, zoals in kpi_waarde.", "varchar"),
        PublishedColumn("periode", "Periode waarover het cijfer gaat, zoals in kpi_waarde.", "varchar"),
        PublishedColumn(
            "soort_wijziging",
            "Wat er veranderde: " + "; ".join(f"{kind} ({meaning})" for kind, meaning in KINDS.items()) + ".",
            "varchar",
        ),
        *_followed_columns(),
        PublishedColumn("herkomst", "open, handmatig of eigen, zoals in kpi_waarde.", "varchar"),
        PublishedColumn("bron_id", "Bron van het cijfer, zoals in kpi_waarde.", "varchar"),
        PublishedColumn("toelichting", "Uitleg bij soort indeling; anders leeg.", "varchar"),
    ),
)


@dataclass(frozen=True, slots=True)
class History:
    """Where the revisions of a publication come from.

    Attributes:
        previous: Folder of the publication to carry on from and to compare with; None when there is none.
        taken_over: Folder of a publication whose revisions are taken as they are, in place of comparing.
        note: Dutch sentence for the manifest: why nothing, or another one, was compared with.
    """

    previous: Path | None = None
    taken_over: Path | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Revisions:
    """What changed since the publication before.

    Attributes:
        compared_with: Id of that publication; None when nothing was compared.
        counts: Changed figures per kind.
        note: Dutch sentence that belongs with it, if any.
    """

    compared_with: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    note: str | None = None

    @property
    def figures(self) -> int:
        """How many figures changed; a change of division is not one."""
        return sum(number for kind, number in self.counts.items() if kind != DIVISION)

    def as_record(self) -> dict[str, object]:
        """As it stands in the manifest."""
        return {"vergeleken_met": self.compared_with, "gewijzigd": dict(self.counts), "toelichting": self.note}


def write_revisions(folder: Path, history: History, stamp: Stamp) -> Revisions:
    """Write `kpi_revisie` of a publication that is being built: what was known, and what changed now.

    Args:
        folder: The publication that is being built; its other Parquet files are there.
        history: What to carry on.
        stamp: Whose publication it is.

    Raises:
        duckdb.Error: when files cannot be read or written.
    """
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".bouw-") as spill, duckdb.connect() as connection:
        connection.execute(f"set memory_limit = '{_MEMORY}'")
        connection.execute("set temp_directory = ?", [spill])
        _create(connection)
        note = history.note
        if history.taken_over is not None:
            _carry_on(connection, history.taken_over)
        elif history.previous is not None:
            _carry_on(connection, history.previous)
            note = _compare(connection, history.previous, folder, stamp) or note
        order = ", ".join(REVISION.key)
        copy_parquet(
            connection,
            f"from {REVISION_TABLE} order by {order}",
            parquet_path(folder, REVISION_TABLE),
            REVISION,
            stamp,
        )
        compared_with = history.previous.name if history.previous is not None else None
        return Revisions(compared_with, _counts(connection, stamp), note)


def has_history(folder: Path) -> bool:
    """Tell whether a publication has a table of revisions; those of before it came in have none."""
    return parquet_path(folder, REVISION_TABLE).is_file()


def _create(connection: duckdb.DuckDBPyConnection) -> None:
    columns = ", ".join(f"{column.name} {column.data_type}" for column in REVISION.columns)
    connection.execute(f"create temp table {REVISION_TABLE} ({columns})")


def _carry_on(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Take the revisions of a publication; columns that it did not have yet are null."""
    if not has_history(folder):
        return
    there = _columns(connection, folder, REVISION_TABLE)
    names = ", ".join(column.name for column in REVISION.columns if column.name in there)
    source = parquet_source(folder, REVISION_TABLE)
    connection.execute(f"insert into {REVISION_TABLE} by name select {names} from {source}")


def _columns(connection: duckdb.DuckDBPyConnection, folder: Path, table: str) -> set[str]:
    described = connection.execute(f"describe from {parquet_source(folder, table)}").fetchall()
    return {str(row[0]) for row in described}


def _compare(connection: duckdb.DuckDBPyConnection, previous: Path, folder: Path, stamp: Stamp) -> str | None:
    """Add what changed since `previous`; gives a note when the two cannot be held against each other."""
    needed = {*KEY, *_FOLLOWED, *_ORIGIN, "indelingsjaar"}
    for side in (previous, folder):
        if not parquet_path(side, FIGURES).is_file():
            return f"Niet vergeleken: publicatie {side.name} heeft geen tabel {FIGURES}."
        if absent := sorted(needed - _columns(connection, side, FIGURES)):
            return f"Niet vergeleken: tabel {FIGURES} van publicatie {side.name} mist {', '.join(absent)}."
    divisions = [_division(connection, side) for side in (previous, folder)]
    has_moved = None not in divisions and divisions[0] != divisions[1]
    arguments = [stamp.publicatie_id, previous.name, stamp.published_at.replace(tzinfo=None)]
    connection.execute(_changes(previous, folder, without_gemeenten=has_moved), arguments)
    _forget_older_batches(connection, stamp)
    if has_moved:
        text = (
            f"Gemeente-indeling van {divisions[0]} naar {divisions[1]}: een cijfer kan anders zijn doordat de gemeente "
            f"anders is. Gemeenten zijn daarom deze keer niet vergeleken."
        )
        connection.execute(
            f"insert into {REVISION_TABLE} by name select ? as naar_publicatie_id, ? as van_publicatie_id, "
            f"? as gezien_op, '{DIVISION}' as soort_wijziging, ? as toelichting",
            [*arguments, text],
        )
        return text
    return None


def _forget_older_batches(connection: duckdb.DuckDBPyConnection, stamp: Stamp) -> None:
    """Keep of own figures the newest revision only: disclosure control takes readers to know one batch before this."""
    connection.execute(
        f"delete from {REVISION_TABLE} where herkomst = '{_OWN}' and naar_publicatie_id <> $1 and exists "
        f"(from {REVISION_TABLE} as newer where newer.herkomst = '{_OWN}' and newer.naar_publicatie_id = $1)",
        [stamp.publicatie_id],
    )


def _division(connection: duckdb.DuckDBPyConnection, folder: Path) -> int | None:
    row = connection.execute(f"select max(indelingsjaar) from {parquet_source(folder, FIGURES)}").fetchone()
    return None if row is None or row[0] is None else int(row[0])


def _changes(previous: Path, folder: Path, *, without_gemeenten: bool) -> str:
    """The statement that adds every changed figure; takes the two publications and the moment as values."""
    kept = "true"
    if without_gemeenten:
        areas = [parquet_source(side, _AREAS) for side in (previous, folder)]
        kept = " and ".join(
            f"gemeente_code in (select gemeente_code from {area} where soort_gebied <> 'gemeente')" for area in areas
        )
    taken = ", ".join((*KEY, *_FOLLOWED, *_ORIGIN))
    origin = ", ".join(f"coalesce(nieuw.{name}, oud.{name}) as {name}" for name in _ORIGIN)
    pairs = ", ".join(f"oud.{name} as oude_{name}, nieuw.{name} as nieuwe_{name}" for name in _FOLLOWED)
    return f"""
        insert into {REVISION_TABLE} by name
        with oud as (
            select {taken}, true as is_er from {parquet_source(previous, FIGURES)} where {kept}
        ), nieuw as (
            select {taken}, true as is_er from {parquet_source(folder, FIGURES)} where {kept}
        ), naast_elkaar as (
            select {", ".join(KEY)}, {pairs}, {origin},
                coalesce(oud.is_er, false) as was_er, coalesce(nieuw.is_er, false) as is_er
            from oud full join nieuw using ({", ".join(KEY)})
        ), benoemd as (
            select *, case {_kind_of()} end as soort_wijziging from naast_elkaar
        )
        select ?::varchar as naar_publicatie_id, ?::varchar as van_publicatie_id, ?::timestamp as gezien_op,
            * exclude (was_er, is_er)
        from benoemd
        where soort_wijziging is not null and (
            soort_wijziging <> 'toegevoegd'
            or ({", ".join(_SLICE)}) in (select distinct ({", ".join(_SLICE)}) from oud)
        )
    """


def _kind_of() -> str:
    """The branches that name a change; none of them: nothing changed."""
    branches = {
        "toegevoegd": "not was_er",
        "vervallen": "not is_er",
        "verschenen_na_leegte": "oude_waarde is null and nieuwe_waarde is not null",
        "ingetrokken": "oude_waarde is not null and nieuwe_waarde is null",
        "waarde": _differs(["waarde"]),
        "eenheid": "oude_eenheid is distinct from nieuwe_eenheid",
        "teller_noemer": _differs(["teller", "noemer"]),
        "interval": _differs(["oi_laag", "oi_hoog"]),
        "status": "oude_status is distinct from nieuwe_status",
        "reden": "oude_ontbreekt_reden is distinct from nieuwe_ontbreekt_reden",
    }
    return " ".join(f"when {condition} then '{kind}'" for kind, condition in branches.items())


def _differs(names: Sequence[str]) -> str:
    """Whether any of these numbers differs by more than noise; null and a number always do."""
    tests = []
    for name in names:
        old, new = f"oude_{name}", f"nieuwe_{name}"
        tests.append(f"({old} is null) <> ({new} is null)")
        tests.append(f"coalesce(abs({new} - {old}) > {NOISE} * greatest(abs({new}), abs({old})), false)")
    return f"({' or '.join(tests)})"


def _counts(connection: duckdb.DuckDBPyConnection, stamp: Stamp) -> dict[str, int]:
    rows = connection.execute(
        f"select soort_wijziging, count(*) from {REVISION_TABLE} where naar_publicatie_id = ? group by 1",
        [stamp.publicatie_id],
    ).fetchall()
    found = {str(kind): int(number) for kind, number in rows}
    return {kind: found[kind] for kind in KINDS if kind in found}
