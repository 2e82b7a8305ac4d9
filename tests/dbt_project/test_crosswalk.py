"""The crosswalk as dbt computes it: it follows the yearly lists, divides into wholes and keeps every total.

The SQL is the project's own, compiled once and run on tables that a test fills.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.gemeente_register import GemeenteRegister, load_gemeente_register
from sources.herindeling_events import collect_events, division_of
from sources.herindeling_text import read_description
from sources.replay.demo.geography import Geography
from sources.replay.demo.herindeling import descriptions
from tests.dbt_project.conftest import REGISTRY, RunDbt
from tests.end_to_end.conftest import RECORDED

pytestmark = pytest.mark.xdist_group("dbt")

MODELS = ("int_herindeling_bron", "int_herindeling", "int_gemeente_jaar", "int_gemeente_overgang")
INPUTS = {
    "registry.herindeling": "indelingsjaar int, ingangsdatum date, oude_code text, nieuwe_code text, aandeel double, "
    "soort text",
    "registry.gemeente_register": "gemeente_code text, geldig_van date, geldig_tot date",
    "staging.stg_herindeling__gebeurtenis": "bron_id text, oude_code text, nieuwe_code text, soort text, "
    "ingangsdatum date, indelingsjaar int, inwoners bigint",
    "staging.stg_gebieden__gemeente": "gemeente_code text, indelingsjaar int",
    "staging.stg_lake__series_selection": "indelingsjaar int",
    "intermediate.int_reeks_onderdeel": "reeks_id text, uitsplitsing text, rol text, gemeente_code text, jaar int, "
    "indelingsjaar int, waarde double",
    "intermediate.int_gemeente": "indelingsjaar int",
    "intermediate.int_bron_periode": "jaar int",
}
TABLE = "herindeling_70739ned"
FIRST, LAST = 2010, 2026
Rows = Sequence[Sequence[Any]]


class Crosswalk:
    """The models of the crosswalk on tables of one's own."""

    def __init__(self, sql: Mapping[str, str]) -> None:
        self.connection = duckdb.connect(":memory:")
        self._sql = sql
        self.connection.execute("attach ':memory:' as warehouse; use warehouse")
        for schema in ("registry", "staging", "intermediate"):
            self.connection.execute(f"create schema {schema}")
        for table, columns in INPUTS.items():
            self.connection.execute(f"create table {table} ({columns})")

    def run(self, tables: Mapping[str, Rows]) -> None:
        """Fill the inputs with these rows and nothing else, and build the models."""
        for table in INPUTS:
            self.connection.execute(f"delete from {table}")
            rows = tables.get(table.partition(".")[2], [])
            if rows:
                # One statement: row by row costs more than the models.
                marks = ", ".join(["(" + ", ".join("?" for _ in rows[0]) + ")"] * len(rows))
                values = [value for row in rows for value in row]
                self.connection.execute(f"insert into {table} values {marks}", values)
        for model in MODELS:
            self.connection.execute(f"create or replace table intermediate.{model} as {self._sql[model]}")

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()


@pytest.fixture(scope="session")
def crosswalk(tmp_path_factory: pytest.TempPathFactory, run_dbt: RunDbt) -> Iterator[Crosswalk]:
    """The models as compiled by dbt."""
    folder = tmp_path_factory.mktemp("crosswalk")
    run_dbt(folder, None, "compile", "--select", *MODELS)
    compiled = folder / "target" / "compiled" / "impact_kpi" / "models"
    sql = {model: next(compiled.rglob(f"{model}.sql")).read_text(encoding="utf-8") for model in MODELS}
    made = Crosswalk(sql)
    yield made
    made.connection.close()


def seed(name: str, *columns: str, folder: Path = REGISTRY) -> list[list[str | None]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [[row[column] or None for column in columns] for row in csv.DictReader(file)]


def seeds() -> dict[str, Rows]:
    return {
        "herindeling": seed(
            "herindeling", "indelingsjaar", "ingangsdatum", "oude_code", "nieuwe_code", "aandeel", "soort"
        ),
        "gemeente_register": seed("gemeente_register", "gemeente_code", "geldig_van", "geldig_tot"),
        "int_gemeente": [[LAST]],
    }


def told_by_the_demo() -> Rows:
    """The table of herindelingen as the demo archive serves it, read as the source reads it."""
    readings = {code: read_description(text) for code, text in descriptions(Geography(REGISTRY, 20261121)).items()}
    found = collect_events(readings, load_gemeente_register(REGISTRY))
    return [
        (TABLE, e.oude_code, e.nieuwe_code, e.soort, e.ingangsdatum, division_of(e.ingangsdatum), e.inwoners)
        for e in found.events
    ]


def lists(register: GemeenteRegister) -> dict[int, frozenset[str]]:
    return {year: register.codes_in(year) for year in range(FIRST, LAST + 1)}


def assert_follows(crosswalk: Crosswalk, known: Mapping[int, frozenset[str]]) -> None:
    """Dissolved and new codes equal the difference of the lists; shares per dissolved code are one whole."""
    rows = crosswalk.query("select indelingsjaar, oude_code, nieuwe_code, aandeel from intermediate.int_herindeling")
    shares: dict[tuple[int, str], float] = defaultdict(float)
    for year, old, _, share in rows:
        shares[year, old] += share
    assert {key: share for key, share in shares.items() if abs(share - 1) > 1e-12} == {}
    kept = {(year, old) for year, old, new, _ in rows if old == new}
    for year in range(FIRST + 1, LAST + 1):
        dissolved = {old for y, old, _, _ in rows if y == year and (year, old) not in kept}
        received = {new for y, _, new, _ in rows if y == year}
        assert dissolved & known[year - 1] == known[year - 1] - known[year], year
        assert received - known[year - 1] == known[year] - known[year - 1], year


def test_the_registry_alone_follows_the_lists_of_every_year(crosswalk: Crosswalk) -> None:
    """A gemeente that ends without a successor loses all its earlier figures."""
    crosswalk.run(seeds())
    assert_follows(crosswalk, lists(load_gemeente_register(REGISTRY)))
    assert crosswalk.query("select distinct herkomst from intermediate.int_herindeling") == [("register",)]


def test_the_table_of_the_demo_follows_the_lists_of_every_year(crosswalk: Crosswalk) -> None:
    """The crosswalk would depend on which of the two sources is there."""
    crosswalk.run(seeds() | {"stg_herindeling__gebeurtenis": told_by_the_demo()})
    assert_follows(crosswalk, lists(load_gemeente_register(REGISTRY)))
    found = crosswalk.query(
        "select herkomst, count(distinct (indelingsjaar, oude_code)) from intermediate.int_herindeling "
        f"where indelingsjaar <= {LAST} group by all"
    )
    assert [herkomst for herkomst, _ in found] == [TABLE]
    differences = crosswalk.query(
        "select max(abs(t.aandeel - r.aandeel)) from intermediate.int_herindeling_bron as t "
        "join intermediate.int_herindeling_bron as r using (indelingsjaar, oude_code, nieuwe_code) "
        "where t.herkomst <> 'register' and r.herkomst = 'register'"
    )
    assert differences[0][0] < 0.0005


def test_numbers_of_the_service_divide_as_its_shares_do(crosswalk: Crosswalk) -> None:
    """Haaren and Slochteren: the split of one and the two steps of the other are easily lost."""
    day = date(2021, 1, 1)
    moved = {"GM0757": 2149, "GM0824": 5827, "GM0855": 1442, "GM0865": 4900}
    table = [("t", "GM0788", new, "opgeheven", day, 2021, people) for new, people in moved.items()]
    table.append(("t", "GM0040", "GM0014", "grenswijziging", date(2017, 1, 1), 2017, 1033))
    crosswalk.run(seeds() | {"stg_herindeling__gebeurtenis": table})
    overgang = "select naar_code, aandeel, is_deel from intermediate.int_gemeente_overgang where "
    haaren = crosswalk.query(f"{overgang} van_jaar = 2020 and van_code = 'GM0788' and naar_jaar = 2024 order by 1")
    assert [(code, share, part) for code, share, part in haaren] == [
        (code, pytest.approx(people / 14318, abs=1e-12), True) for code, people in sorted(moved.items())
    ]
    slochteren = crosswalk.query(f"{overgang} van_jaar = 2016 and van_code = 'GM0040' and naar_jaar = 2018 order by 1")
    assert slochteren == [("GM0014", 0.065318, True), ("GM1952", pytest.approx(0.934682, abs=1e-12), False)]


@pytest.mark.recorded
def test_the_crosswalk_equals_the_reference_lists(crosswalk: Crosswalk) -> None:
    """Our own lists would be checked with themselves only."""
    folder = RECORDED.parent / "reference"
    if not (folder / "herindelingen.csv").is_file():
        pytest.skip(f"no reference lists at {folder}; set IMPACT_KPI_RECORDED to the recorded archive beside them")
    crosswalk.run(seeds() | {"stg_herindeling__gebeurtenis": told_by_the_demo()})
    existed = [
        (code, date.fromisoformat(first), date.fromisoformat(last) if last else date.max)
        for code, first, last in seed("gemeenten", "code", "geldig_van", "geldig_tot", folder=folder)
        if code and first
    ]
    known = {
        year: frozenset(code for code, first, last in existed if first <= date(year, 1, 1) < last)
        for year in range(FIRST, LAST + 1)
    }
    assert_follows(crosswalk, known)
    crosswalk.run(seeds())
    assert_follows(crosswalk, known)
    found = {
        (year, old, new): share
        for year, old, new, share in crosswalk.query(
            "select indelingsjaar, oude_code, nieuwe_code, aandeel from intermediate.int_herindeling"
        )
    }
    columns = ("indelingsjaar", "old_code", "new_code", "share", "kind")
    reference = [row for row in seed("herindelingen", *columns, folder=folder) if row[4] != "border" and row[3]]
    assert len(reference) > 130
    for year, old, new, share, _ in reference:
        assert found[int(year or 0), str(old), str(new)] == pytest.approx(float(share or 0), abs=2e-6)


# --- any history ----------------------------------------------------------------------------------

START = 2018
YEARS = range(START + 1, START + 6)


@dataclass
class History:
    """Invented gemeenten that split, merge and move borders.

    Attributes:
        events: year, giver, receivers with the inhabitants that moved (None: not said), and whether the giver ended.
        existed: per code the first list it is on and the first it is not.
    """

    events: list[tuple[int, str, dict[str, int | None], bool]] = field(default_factory=list)
    existed: dict[str, tuple[int, int | None]] = field(default_factory=dict)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """A few years in which each gemeente can end, be split or give away a part, also to one that ends a year later."""
    history = History(existed={f"GM{number:04d}": (START, None) for number in range(1, 7)})
    alive = list(history.existed)
    number = 6
    for year in YEARS:
        givers = draw(st.lists(st.sampled_from(alive), max_size=3, unique=True))
        ending = set(draw(st.lists(st.sampled_from(givers), unique=True, max_size=2))) if givers else set()
        staying = [code for code in alive if code not in ending]
        if draw(st.booleans()) or not staying:
            number += 1
            staying.append(f"GM{number:04d}")
        for giver in givers:
            receivers = draw(
                st.lists(st.sampled_from([c for c in staying if c != giver] or ["-"]), min_size=1, max_size=3)
            )
            if "-" in receivers:
                continue
            people = st.integers(0, 40_000) | st.none()
            told = {code: draw(people) for code in receivers}
            if giver in ending and len(told) > 1 and not any(told.values()):
                # Without any number a split cannot be divided: somebody has to have moved.
                told[receivers[0]] = draw(st.integers(1, 40_000))
            history.events.append((year, giver, told, giver in ending))
        received = {code for event in history.events if event[0] == year for code in event[2]}
        for code in ending:
            if any(event[0] == year and event[1] == code for event in history.events):
                history.existed[code] = (history.existed[code][0], year)
                alive.remove(code)
        for code in received - set(alive) - ending:
            history.existed[code] = (year, None)
            alive.append(code)
    return history


def tables_of(history: History, by_table: Callable[[int], bool]) -> dict[str, Rows]:
    """The inputs: each event told by the table or by the registry."""
    table, registry = [], []
    for place, (year, giver, told, ended) in enumerate(history.events):
        day, total = date(year, 1, 1), sum(filter(None, told.values()))
        for receiver, people in told.items():
            if by_table(place):
                table.append(("t", giver, receiver, "opgeheven" if ended else "grenswijziging", day, year, people))
            elif ended:
                share = (people or 0) / total if total else 1 / len(told)
                registry.append((year, day, giver, receiver, share, "splitsing" if len(told) > 1 else "samenvoeging"))
            else:
                part = None if people is None else people / 200_000
                registry.append((year, day, giver, receiver, part, "grenswijziging"))
    # So that there is a chain to follow when nothing happened.
    registry.append((YEARS[0], date(YEARS[0], 1, 1), "GM9001", "GM9002", 1.0, "samenvoeging"))
    existed = history.existed | {"GM9001": (START, YEARS[0]), "GM9002": (YEARS[0], None)}
    return {
        "herindeling": registry,
        "stg_herindeling__gebeurtenis": table,
        "gemeente_register": [
            (code, date(first, 1, 1), date(last, 1, 1) if last else None) for code, (first, last) in existed.items()
        ],
        "int_gemeente": [[YEARS[-1]]],
        "int_reeks_onderdeel": [
            ("inwoners", "totaal", "waarde", code, year, year, 90_000.0 + 7 * int(code[2:]))
            for code in existed
            for year in range(START, YEARS[-1], 2)
        ],
    }


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories(), st.integers(0, 2**30))
def test_counts_keep_their_total_over_any_history(crosswalk: Crosswalk, history: History, lot: int) -> None:
    """People or crimes would vanish, or count twice, between two divisions."""
    crosswalk.run(tables_of(history, lambda place: bool(lot >> place & 1)))
    lost = crosswalk.query(
        """
        with tellingen as (
            select jaar, gemeente_code, 1000 + hash(gemeente_code) % 1000000 as aantal
            from intermediate.int_gemeente_jaar
        ),
        totalen as (select jaar, sum(aantal) as totaal from tellingen group by jaar),
        verplaatst as (
            select o.van_jaar, o.naar_jaar, sum(t.aantal * o.aandeel) as totaal
            from tellingen as t
            join intermediate.int_gemeente_overgang as o
                on t.jaar = o.van_jaar and t.gemeente_code = o.van_code and o.van_jaar <= o.naar_jaar
            group by o.van_jaar, o.naar_jaar
        )
        select v.van_jaar, v.naar_jaar, v.totaal, t.totaal
        from verplaatst as v join totalen as t on v.van_jaar = t.jaar
        where abs(v.totaal - t.totaal) > 1e-6 * t.totaal
        """
    )
    assert lost == []
    nowhere = crosswalk.query(
        "select o.* from intermediate.int_gemeente_overgang as o left join intermediate.int_gemeente_jaar as g "
        "on o.naar_jaar = g.jaar and o.naar_code = g.gemeente_code where g.jaar is null and o.naar_code <> 'NL'"
    )
    assert nowhere == []
    years = crosswalk.query("select min(van_jaar), max(naar_jaar) from intermediate.int_gemeente_overgang")
    assert years == [(START, YEARS[-1])]
