"""The revised figures for the terminal: what changed, from what to what, in which publication. In Dutch.

Reads `kpi_revisie`; how it is made is in `revision`.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

import duckdb
from rich.console import Console
from rich.text import Text

from serving.card import find_kpi
from serving.gemeenten import find_gemeente
from serving.publication import Publication, read_rows
from serving.render import dutch_number, lined_up, screen, with_unit
from serving.revision import KINDS
from serving.tables import REVISION_TABLE
from serving.words import STATUS, dutch_date, reason

Row = Mapping[str, Any]

# A change of division is shown whatever is asked for: it says why gemeenten were not compared.
_CHOSEN = "(? is null or r.gemeente_code = ? or r.kpi_id is null) and (? is null or r.kpi_id = ? or r.kpi_id is null)"
# A revised gemeente may be gone since: then its code stands for its name.
_ROWS = f"""
select r.*, coalesce(gemeente.gemeente_naam, r.gemeente_code) as gemeente_naam
from {REVISION_TABLE} as r left join gemeente on r.gemeente_code = gemeente.gemeente_code
where {_CHOSEN}
order by r.gezien_op desc, r.naar_publicatie_id desc, r.kpi_id nulls first, r.variant, r.uitsplitsing, gemeente_naam,
    r.periode
limit coalesce(?, 9223372036854775807)
"""
_COUNTS = f"select naar_publicatie_id, count(kpi_id) as cijfers from {REVISION_TABLE} as r where {_CHOSEN} group by 1"
_HAS_TABLE = f"select count(*) > 0 as is_er from duckdb_tables() where table_name = '{REVISION_TABLE}'"
_NAMES = "select gemeente_code, gemeente_naam from gemeente"
_NOTHING = "geen cijfer"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which revisions to show.

    Attributes:
        gemeente: Name or code as the user typed it; None for all.
        kpi: Id as the user typed it; None for all.
        limit: Most rows to show; None for all.
    """

    gemeente: str | None = None
    kpi: str | None = None
    limit: int | None = None


def show_revisions(
    connection: duckdb.DuckDBPyConnection, publication: Publication, wanted: Wanted, file: TextIO
) -> None:
    """Write which published figures changed, the newest first.

    Args:
        connection: Opened with `open_publication`.
        publication: For its id and the warning that belongs with its kind of data.
        wanted: Which to show.
        file: Where to write.

    Raises:
        WrongUseError: when there is no such gemeente or KPI.
    """
    console = screen(file)
    console.print(Text(f"Herziene cijfers, tot en met publicatie {publication.publicatie_id}", style="bold"))
    if publication.notice:
        console.print(Text(publication.notice, style="yellow"))
    if not read_rows(connection, _HAS_TABLE)[0]["is_er"]:
        console.print(Text("Deze publicatie is gemaakt voordat revisies werden bijgehouden."))
        return
    chosen = _chosen(connection, wanted)
    counts = {row["naar_publicatie_id"]: row["cijfers"] for row in read_rows(connection, _COUNTS, chosen)}
    if not sum(counts.values()):
        console.print(Text("Geen enkel gepubliceerd cijfer waarnaar u vraagt is herzien."))
    shown = read_rows(connection, _ROWS, [*chosen, wanted.limit])
    for publicatie_id, group in itertools.groupby(shown, key=lambda row: row["naar_publicatie_id"]):
        _write_publication(console, list(group), counts[publicatie_id])
    if more := sum(counts.values()) - sum(row["kpi_id"] is not None for row in shown):
        console.print(
            Text(f"\nEr zijn er nog {dutch_number(more)}; --rijen 0 toont alles, --gemeente en --kpi kiezen.")
        )


def _chosen(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> list[str | None]:
    names = dict(connection.execute(_NAMES).fetchall())
    code = find_gemeente(wanted.gemeente, names) if wanted.gemeente else None
    kpi_id = find_kpi(connection, wanted.kpi) if wanted.kpi else None
    return [code, code, kpi_id, kpi_id]


def _write_publication(console: Console, shown: Sequence[Row], total: int) -> None:
    first = shown[0]
    number = "1 cijfer" if total == 1 else f"{dutch_number(total)} cijfers"
    console.print(Text(f"\nPublicatie van {dutch_date(first['gezien_op'])} UTC: {number}", style="bold"))
    console.print(Text(f"    {first['naar_publicatie_id']}, vergeleken met {first['van_publicatie_id']}", style="dim"))
    for note in (row["toelichting"] for row in shown if row["toelichting"]):
        console.print(Text(f"    {note}", style="yellow"))
    figures = [row for row in shown if row["kpi_id"]]
    if not figures:
        return
    taken_over = {editions for row in figures if (editions := _editions(row))}
    for bron_id, old, new in sorted(taken_over):
        console.print(Text(f"    {bron_id}: editie {old} werd {new}", style="dim"))
    for line in lined_up([_cells(row) for row in figures], (False, False, False, False, True, False, False, False)):
        console.print(Text(line))


def _editions(row: Row) -> tuple[str, str, str] | None:
    """Which edition took over from which, where that is so."""
    old, new = row["oude_editie"], row["nieuwe_editie"]
    return (row["bron_id"], old, new) if old and new and old != new else None


def _cells(row: Row) -> tuple[str, ...]:
    old, new = _old_and_new(row)
    return (
        row["kpi_id"],
        row["uitsplitsing"],
        row["gemeente_naam"],
        row["periode"],
        old,
        f"→ {new}",
        KINDS.get(row["soort_wijziging"], row["soort_wijziging"]),
        f"(reeks {row['variant']})",
    )


def _old_and_new(row: Row) -> tuple[str, str]:
    """What to show of both sides: the figure, or the very thing that changed where the figure did not."""
    kind = row["soort_wijziging"]
    if kind == "status":
        return _status(row["oude_status"]), _status(row["nieuwe_status"])
    if kind == "reden":
        return reason(row["oude_ontbreekt_reden"]), reason(row["nieuwe_ontbreekt_reden"])
    if kind == "teller_noemer":
        return _ratio(row, "oude"), _ratio(row, "nieuwe")
    if kind == "interval":
        return _interval(row, "oude"), _interval(row, "nieuwe")
    return _figure(row, "oude"), _figure(row, "nieuwe")


def _figure(row: Row, side: str) -> str:
    value = row[f"{side}_waarde"]
    if value is None:
        return _NOTHING
    other = row["nieuwe_waarde" if side == "oude" else "oude_waarde"]
    rounded = with_unit(value, row[f"{side}_eenheid"])
    # Two figures that differ must not look the same because they are rounded for reading.
    same = other is not None and rounded == with_unit(other, row[f"{side}_eenheid"])
    return dutch_number(value) if same else rounded


def _ratio(row: Row, side: str) -> str:
    parts = [row[f"{side}_{name}"] for name in ("teller", "noemer")]
    return " op ".join(dutch_number(part) for part in parts if part is not None) or "leeg"


def _interval(row: Row, side: str) -> str:
    bounds = [row[f"{side}_{name}"] for name in ("oi_laag", "oi_hoog")]
    return " tot ".join(dutch_number(bound) for bound in bounds if bound is not None) or "geen"


def _status(code: str | None) -> str:
    return STATUS.get(str(code), str(code)) if code else "geen"
