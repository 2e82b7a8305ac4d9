"""The card of one KPI for the terminal: what it means, how it is made, from what, and how far it is filled."""

import difflib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, TextIO

import duckdb
from rich.console import Console
from rich.table import Table
from rich.text import Text

from serving.columns import absent, columns_of
from serving.errors import WrongUseError
from serving.publication import Publication, read_rows
from serving.render import dutch_number, lined_up, screen, with_unit
from serving.words import BENCHMARK, COVERAGE, DIRECTION, FAMILY, MEASURED, OUTCOME

Row = Mapping[str, Any]

_KPI = """
select kpi.* {missing}, kpi_dekking.status as dekking, kpi_dekking.reden
from kpi left join kpi_dekking using (kpi_id, model_versie)
where kpi_id = ? order by geldend desc, model_versie desc
"""
# What a publication of an earlier release does not have.
_ADDED = (
    "label",
    "gekozen",
    "waarom",
    "soort_waarde",
    "jaar_soort",
    "richting_herkomst",
    "meetwijze",
    "teller_definitie",
    "noemer_definitie",
    "link",
    "afbakening",
    "hergebruik",
)
# How the gemeenten came out beside the benchmark of the profile, and what their last five years did.
_OUTCOMES = """
select
    uitsplitsing, any_value(benchmark_type) as benchmark_type, oordeel, trend, count(*) as gemeenten
from kpi_gemeente
inner join gemeente using (gemeente_code)
where
    kpi_id = ? and model_versie = ? and soort_gebied = 'gemeente' and hoofduitsplitsing and waarde is not null
    and oordeel is not null
group by grouping sets ((uitsplitsing, oordeel), (uitsplitsing, trend))
"""
# The newest period of each series, with the country beside the number of gemeenten.
_SERIES = """
select
    uitsplitsing, variant, bool_or(hoofdreeks) as hoofdreeks, any_value(eenheid) as eenheid, periode,
    string_agg(distinct bron_id, ', ' order by bron_id) as bron_ids,
    max(waarde) filter (where gemeente_code = 'NL') as nl_waarde,
    count(waarde) filter (where gemeente_code <> 'NL') as gemeenten,
    median(waarde) filter (where gemeente_code <> 'NL') as midden
from kpi_waarde
where kpi_id = ? and model_versie = ?
group by uitsplitsing, variant, periode
having count(waarde) > 0
qualify row_number() over (partition by uitsplitsing, variant order by periode desc) = 1
order by hoofdreeks desc, uitsplitsing, variant
"""


def show_kpi(connection: duckdb.DuckDBPyConnection, publication: Publication, wanted: str, file: TextIO) -> None:
    """Write the card of a KPI.

    Args:
        connection: Opened with `open_publication`.
        publication: For the warning that belongs with its kind of data.
        wanted: The id as the user typed it: I 3.3.2, i3.3.2.
        file: Where to write.

    Raises:
        WrongUseError: when there is no such KPI; names those that look like it.
    """
    kpi_id = find_kpi(connection, wanted)
    versions = read_rows(connection, _KPI.format(missing=absent(connection, "kpi", _ADDED)), [kpi_id])
    kpi = versions[0]
    console = screen(file)
    console.print(Text(f"{kpi_id}  {kpi['naam']}", style="bold"))
    if publication.notice:
        console.print(Text(publication.notice, style="yellow"))
    console.print(_facts(kpi))
    _write_series(console, read_rows(connection, _SERIES, [kpi_id, kpi["model_versie"]]))
    if "oordeel" in columns_of(connection, "kpi_gemeente"):
        _write_outcomes(console, read_rows(connection, _OUTCOMES, [kpi_id, kpi["model_versie"]]))
    for other in versions[1:]:
        console.print(Text(f"\nIn versie {other['model_versie']} van het model: {other['naam']}. {other['definitie']}"))


def find_kpi(connection: duckdb.DuckDBPyConnection, wanted: str) -> str:
    """Return the id of the KPI that is meant.

    Raises:
        WrongUseError: when there is no such KPI; names those that look like it.
    """
    rows = connection.execute("select kpi_id, naam from kpi where geldend order by kpi_id").fetchall()
    by_simple = {_simplify(kpi_id): (kpi_id, naam) for kpi_id, naam in rows}
    simple = _simplify(wanted)
    if simple in by_simple:
        return str(by_simple[simple][0])
    near = difflib.get_close_matches(simple, by_simple, n=3)
    guess = f" Bedoelt u {' of '.join(f'{by_simple[key][0]} ({by_simple[key][1]})' for key in near)}?" if near else ""
    raise WrongUseError(
        f"Er is geen KPI {wanted!r}.{guess} Alle KPI's: "
        f'impact-kpi query "select kpi_id, naam from kpi where geldend" --rijen 0'
    )


def _simplify(kpi_id: str) -> str:
    return "".join(kpi_id.split()).casefold()


def _facts(kpi: Row) -> Table:
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for label, value in _labelled(kpi):
        if value:
            table.add_row(label, Text(str(value)))
    return table


def _labelled(kpi: Row) -> list[tuple[str, Any]]:
    family = FAMILY.get(kpi["familie"], kpi["familie"])
    area = f"{kpi['leefgebied']} {kpi['leefgebied_naam']}" if kpi["leefgebied"] else None
    sources = [source for source in (kpi["teller_bron"], kpi["noemer_bron"]) if source]
    return [
        ("soort", f"{family}, versie {kpi['model_versie']} van het model"),
        ("leefgebied", area),
        ("beoogd effect", kpi["beoogd_effect_omschrijving"]),
        ("uw profiel", _choice(kpi)),
        ("definitie", kpi["definitie"]),
        ("waarom", kpi["waarom"]),
        ("eenheid", kpi["eenheid"]),
        ("richting", _direction(kpi)),
        ("berekening", kpi["berekening"]),
        ("gemeten", MEASURED.get(kpi["meetwijze"], kpi["meetwijze"])),
        ("teller", kpi["teller_definitie"]),
        ("noemer", kpi["noemer_definitie"]),
        ("jaar", kpi["jaar_soort"]),
        ("nieuwste tabel", " gedeeld door ".join(sources)),
        ("link", kpi["link"]),
        ("onzekerheid", kpi["interval_methode"]),
        ("afronding", kpi["afronding"]),
        ("onthulling", kpi["onthulling"]),
        ("let op", _caution(kpi)),
        ("kanttekening", kpi["kanttekening"]),
        ("afbakening", kpi["afbakening"]),
        ("bronvermelding", kpi["bronvermelding"]),
        ("licentie", kpi["licentie"]),
        ("hergebruik", kpi["hergebruik"]),
        ("ververst", kpi["ritme"]),
        ("dekking", f"{COVERAGE.get(kpi['dekking'], kpi['dekking'])}. {kpi['reden']}"),
    ]


def _choice(kpi: Row) -> str:
    if kpi["gekozen"] is False:
        return "niet gekozen; de cijfers staan er wel"
    return f"bij u heet hij {kpi['label']}" if kpi["label"] not in {None, kpi["naam"]} else ""


def _direction(kpi: Row) -> str:
    said = DIRECTION.get(kpi["richting"], str(kpi["richting"]))
    return f"{said} (volgens uw profiel)" if kpi["richting_herkomst"] == "profiel" else said


def _caution(kpi: Row) -> str:
    found = [
        (kpi["soort"] == "proxy", "benadering (proxy) van wat de KPI vraagt"),
        (kpi["is_modelmatig"], "modelmatig geschat"),
        (kpi["alias_van"], f"hetzelfde cijfer als {kpi['alias_van']}"),
    ]
    return ", ".join(text for holds, text in found if holds)


def _write_series(console: Console, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    console.print(
        Text(
            "\nNieuwste cijfers per reeks (* vertegenwoordigt de KPI; midden = mediaan van de gemeenten)", style="bold"
        )
    )
    lines = lined_up([_series_cells(row) for row in rows], (False, False, False, True, True, True))
    for row, line in zip(rows, lines, strict=True):
        console.print(Text(line))
        console.print(
            Text(f"    reeks {row['variant']}, uit {row['bron_ids'] or 'een aangeleverd bestand'}", style="dim")
        )


def _series_cells(row: Row) -> tuple[str, ...]:
    return (
        "*" if row["hoofdreeks"] else "",
        row["uitsplitsing"],
        row["periode"],
        f"Nederland {with_unit(row['nl_waarde'], row['eenheid'])}" if row["nl_waarde"] is not None else "",
        f"midden {with_unit(row['midden'], row['eenheid'])}" if row["midden"] is not None else "",
        f"{dutch_number(row['gemeenten'])} gemeenten",
    )


def _write_outcomes(console: Console, rows: list[dict[str, Any]]) -> None:
    """Say how many gemeenten came out how: never which, for this is no league table."""
    verdicts = [row for row in rows if row["oordeel"]]
    if not verdicts:
        return
    benchmark = BENCHMARK.get(verdicts[0]["benchmark_type"], verdicts[0]["benchmark_type"])
    console.print(Text(f"\nDe gemeenten naast {benchmark}", style="bold"))
    console.print(Text(_counted(verdicts, "oordeel")))
    console.print(Text(f"laatste vijf jaar: {_counted([row for row in rows if row['trend']], 'trend')}"))


def _counted(rows: Iterable[Row], column: str) -> str:
    totals: Counter[str] = Counter()
    for row in rows:
        totals[row[column]] += row["gemeenten"]
    return ", ".join(f"{dutch_number(totals[code])} {word}" for code, word in OUTCOME.items() if totals[code])
