"""A delivery by somebody who never saw this code: loaded, built, and every own figure held against the definitions.

The expected figures come from the reference calculator of tests/own_data, which shares no code with the mart. Exact
figures, before disclosure control; protection is tested where it is done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from sources.activity.key import make_key
from sources.activity.load import Installation, load_delivery
from sources.activity.outcome import DeliveryOutcome
from sources.lake import pin_instead
from sources.registry import LEVERING, load_registry
from tests.dbt_project.conftest import REGISTRY, Build, parsed, run_dbt  # noqa: F401 - fixtures, asked for by name
from tests.dbt_project.lake import Lake
from tests.own_data.comparison import differences, report
from tests.own_data.delivery import delivery
from tests.own_data.delivery_form import COLUMNS, KERNSET, part, write
from tests.own_data.figures import NIET_GELEVERD, Figure
from tests.own_data.open_statistics import denominator, fill
from tests.own_data.records import Delivery
from tests.own_data.reference import Cell, calculate, needs

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("dbt")]

DIVISION = 2024
KEY = make_key(hashlib.sha256(b"key of a test").digest())
COMMAND = ("build", "--select", "+int_eigen_waarde", "--exclude-resource-type", "test", "unit_test")


@dataclass(frozen=True)
class Run:
    """One delivery that went all the way: what was delivered, what the loader made of it, and the figures."""

    delivery: Delivery
    outcome: DeliveryOutcome
    build: Build
    figures: dict[Cell, Figure]


Load = Callable[[Delivery], Run]


@pytest.fixture(scope="module")
def load(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Load:
    """Write a delivery as files, load it into a lake with open figures, build, and read the figures."""

    def run(own: Delivery) -> Run:
        folder = tmp_path_factory.mktemp("own")
        lake = Lake(folder / "lake", REGISTRY)
        fill(lake)
        pins = lake.pins(folder / "pins.json")
        loaded = load_delivery(write(own, folder / "aanlevering"), Installation(lake.folder, REGISTRY, KEY))
        assert loaded.delivery is not None
        pin_instead(pins, lake.folder, load_registry(REGISTRY).tables[LEVERING], loaded.edition)
        build = request.getfixturevalue("run_dbt")(folder, pins, *COMMAND)
        wrong = {name: status for name, status in build.results.items() if status not in ("success", "pass")}
        assert not wrong, wrong
        return Run(own, loaded.delivery, build, _figures(build))

    return run


@pytest.fixture(scope="module")
def full(load: Load) -> Run:
    """All 31 tables."""
    return load(delivery())


@pytest.fixture(scope="module")
def kernset(load: Load) -> Run:
    """Only what onboarding starts with."""
    return load(part(delivery(), KERNSET))


@pytest.fixture(scope="module")
def nothing_happened(load: Load) -> Run:
    """Every table delivered; nothing in them but the signals, so that there are gemeenten."""
    own = delivery()
    empty = {table: own.tables["signaal"] if table == "signaal" else [] for table in COLUMNS}
    return load(Delivery(own.levering_id, own.organisatie_id, own.periode_van, own.peildatum, empty))


def test_the_loader_takes_every_row_but_answers_nobody_can_read(full: Run) -> None:
    """Rows written to the contract would end in quarantine, and the figures would agree on what is left."""
    refused = {table: counts.quarantaine for table, counts in full.outcome.tabellen.items() if counts.quarantaine}
    assert set(refused) == {"vragenlijst_antwoord"}
    assert 0 < refused["vragenlijst_antwoord"] < 0.05 * len(full.delivery.tables["vragenlijst_antwoord"])
    read = {table: counts.gelezen for table, counts in full.outcome.tabellen.items()}
    assert read == {table: len(rows) for table, rows in full.delivery.tables.items()}


@pytest.mark.parametrize("name", ["full", "kernset", "nothing_happened"])
def test_every_own_figure_is_what_the_definitions_say(name: str, request: pytest.FixtureRequest) -> None:
    """A model would give another figure than its definition, or another reason for having none."""
    run: Run = request.getfixturevalue(name)
    expected = calculate(run.delivery, denominator, DIVISION)
    found = differences(expected, run.figures)
    assert not found, f"{len(found)} of {len(expected)} cells differ\n{report(found)}"


def test_all_eighty_nine_indicators_have_a_figure(full: Run) -> None:
    """An indicator would be empty everywhere, and equal to an expectation that is empty too."""
    with_value = {cell.kpi_id for cell, figure in full.figures.items() if figure.waarde}
    ids = {f"A {n}" for n in range(1, 43)} | {f"K {n}" for n in range(1, 5)}
    ids |= {f"prof {code}" for code in ("E1", "E2", "E3", "E4.A", "E4.B", "E5", "E6", "E7")}
    assert ids <= with_value
    assert len({kpi_id for kpi_id in with_value if kpi_id.startswith("E ")}) == 35


def test_what_the_kernset_does_not_hold_is_not_delivered_and_never_nought(kernset: Run) -> None:
    """An organisation that only starts would be told that it has no hours, no plans and no volunteers."""
    delivered = frozenset(KERNSET)
    beyond = {cell: figure for cell, figure in kernset.figures.items() if not needs(cell[0], cell[1]) <= delivered}
    assert {cell.kpi_id for cell in beyond} >= {"A 1", "A 8", "A 21", "A 42", "K 3", "E 1.1.1", "prof E1"}
    assert {(figure.teller, figure.waarde, figure.reden) for figure in beyond.values()} == {(None, None, NIET_GELEVERD)}


def test_a_table_without_rows_is_nought(nothing_happened: Run) -> None:
    """Nothing having happened would read as nothing having been delivered."""
    for kpi_id, variant in (("A 12", "stand"), ("A 22", "aantal"), ("A 23", "aantal"), ("A 42", "netto")):
        found = nothing_happened.figures[Cell(kpi_id, variant, "totaal", "GM0014", "2024")]
        assert (found.waarde, found.reden) == (0, None), (kpi_id, found)


def _figures(build: Build) -> dict[Cell, Figure]:
    rows = build.query(
        "select kpi_id, variant, uitsplitsing, gemeente_code, periode, teller, noemer, waarde, ontbreekt_reden"
        " from eigen.int_eigen_waarde"
    )
    found = {Cell(*row[:5]): Figure(*row[5:]) for row in rows}
    assert len(found) == len(rows), "a cell stands twice in int_eigen_waarde"
    return found
