"""The bounds of an interval on their way from the service to the lake: what is asked, kept, and done without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sources.odata.narrow import narrow_edition
from sources.odata.table import request_key
from sources.registry import IntervalDimension, Registry, SeriesRow
from tests.archives import Dim, Top, periods, regions, write_table
from tests.registries import by_key, registry, row, table
from tests.stage import Stage, observations, series, stage

MARGES = {"MW00000": "Waarde", "MOG0095": "Ondergrens", "MBG0095": "Bovengrens", "MSE0000": "Standaardfout"}
INTERVAL = IntervalDimension("Marges", "MW00000", "MOG0095", "MBG0095")
AREAS = ("NL01  ", "PV20  ", "GM0001", "GM0002")
YEARS = ("2020JJ00", "2022JJ00")
OFFSETS = {"MW00000": 0.0, "MOG0095": -1.5, "MBG0095": 1.5, "MSE0000": 90.0}
REMARK = "cijfers zonder betrouwbaarheidsinterval, want de tabel geeft geen grenzen"


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One server for all tests."""
    with stage(tmp_path_factory.mktemp("theatre")) as made:
        yield made


@pytest.fixture
def scene(theatre: Stage, tmp_path: Path) -> Stage:
    """A survey with value, bounds and standard error of two columns, on a new lake."""
    theatre.server.set_faults([])
    write_survey(theatre.archive)
    return replace(theatre, lake=tmp_path / "lake")


def write_survey(
    archive: Path, *, listed: tuple[str, ...] = tuple(MARGES), filled: tuple[str, ...] = tuple(MARGES), **more: Any
) -> None:
    """80001NED with members `listed` in Marges, of which only `filled` have rows."""
    rows = [
        [marge, area, year, 20 + number + OFFSETS[marge], 50 + number + OFFSETS[marge]]
        for marge in filled
        for number, (area, year) in enumerate((area, year) for area in AREAS for year in YEARS)
    ]
    dimensions = [Dim("Marges", {key: MARGES[key] for key in listed}), regions(*AREAS), periods(*YEARS)]
    write_table(archive, "80001NED", dimensions, [Top("Waarde_1"), Top("Ander_2")], rows, **more)


def survey(series_id: str = "reeks", **changes: Any) -> SeriesRow:
    filters = {"Marges": by_key("MW00000")}
    return row("80001NED", series_id, dimension_filters=filters, interval=INTERVAL, **changes)


def wanted(*rows: SeriesRow) -> Registry:
    return registry([table("80001NED")], rows or [survey()], {"reeks": ("I 2.1.2",)})


def test_a_figure_comes_with_its_bounds_in_one_question(scene: Stage) -> None:
    """Three questions for one table would triple the counts and the last pages; a fourth member is nobody's."""
    result = scene.night(wanted())["80001NED"]
    (asked,) = scene.rows_asked()
    assert asked.query.split("&$filter=")[1].startswith(
        "(Marges eq 'MBG0095' or Marges eq 'MOG0095' or Marges eq 'MW00000') and "
    )
    assert (result.state, result.melding, result.rows, asked.rows) == ("ververst", None, 6, 18)
    columns = "rol, measure, dimensions, n_codes, grens"
    assert series(result.edition, columns) == [
        ("waarde", "Waarde_1", '{"Marges":"MBG0095"}', 1, "bovengrens"),
        ("waarde", "Waarde_1", '{"Marges":"MOG0095"}', 1, "ondergrens"),
        ("waarde", "Waarde_1", '{"Marges":"MW00000"}', 1, "waarde"),
    ]
    here = "ref_area = 'GM0001' and time_period = '2022JJ00'"
    assert observations(result.edition, "dimensions, obs_value", here) == [
        ('{"Marges":"MBG0095"}', 26.5),
        ('{"Marges":"MOG0095"}', 23.5),
        ('{"Marges":"MW00000"}', 25.0),
    ]


def test_padded_keys_are_asked_as_they_are_served(scene: Stage) -> None:
    """A service that pads its keys answers a trimmed key with no row, and every interval would be gone."""
    rows = [[marge.ljust(9), "GM0001", "2022JJ00", 20 + OFFSETS[marge]] for marge in MARGES]
    dimensions = [
        Dim("Marges", {key.ljust(9): title for key, title in MARGES.items()}), regions(*AREAS), periods(*YEARS)
    ]  # fmt: skip
    write_table(scene.archive, "80001NED", dimensions, [Top("Waarde_1")], rows)
    result = scene.night(wanted())["80001NED"]
    assert series(result.edition, "grens, dimensions")[0] == ("bovengrens", '{"Marges":"MBG0095"}')
    assert observations(result.edition, "count(*)") == [(3,)]


@pytest.mark.parametrize(
    "marges",
    [
        {"listed": ("MW00000",), "filled": ("MW00000",)},
        {"listed": ("MW00000", "MOG0095"), "filled": ("MW00000", "MOG0095")},
        {"filled": ("MW00000",)},
        {"filled": ("MW00000", "MBG0095")},
    ],
    ids=["not listed", "one listed", "listed without rows", "one with rows"],
)
def test_a_table_without_both_bounds_gives_its_figures_and_says_so_once(scene: Stage, marges: dict[str, Any]) -> None:
    """A figure is a figure without its interval: no error, no question about the missing rows, one remark."""
    write_survey(scene.archive, **marges)
    second = survey("ander", measure_stem="Ander")
    result = scene.night(wanted(survey(), second))["80001NED"]
    assert (result.state, result.problems) == ("ververst", ())
    assert result.melding == f"{REMARK}: ander, reeks"
    assert series(result.edition, "series_id, grens") == [("ander", "waarde"), ("reeks", "waarde")]
    assert len([record for record in scene.log if record.path.endswith("$count")]) == 1


def test_bounds_that_go_missing_do_not_hold_up_the_next_release(scene: Stage) -> None:
    """Rows that were there and are gone are an error for a figure; for a bound they are a remark."""
    scene.night(wanted())
    write_survey(scene.archive, filled=("MW00000",), modified="2026-06-01T02:00:00")
    result = scene.night(wanted())["80001NED"]
    assert (result.state, result.melding) == ("ververst", f"{REMARK}: reeks")


def test_bounds_outside_the_years_of_the_series_are_no_bounds(scene: Stage) -> None:
    """A selection without a single cell would be kept for nothing, and the missing interval not be mentioned."""
    rows = [["MW00000", "GM0001", year, 20.0, 50.0] for year in YEARS]
    rows += [[marge, "GM0001", "2020JJ00", 20.0, 50.0] for marge in ("MOG0095", "MBG0095")]
    dimensions = [Dim("Marges", MARGES), regions(*AREAS), periods(*YEARS)]
    write_table(scene.archive, "80001NED", dimensions, [Top("Waarde_1"), Top("Ander_2")], rows)
    result = scene.night(wanted(survey(jaren="2022")))["80001NED"]
    assert (result.melding, series(result.edition, "grens")) == (f"{REMARK}: reeks", [("waarde",)])


def test_rows_of_bounds_do_not_stand_in_for_rows_of_the_figure(scene: Stage) -> None:
    """A series whose figures are gone would look filled because its bounds are there."""
    write_survey(scene.archive, filled=("MOG0095", "MBG0095"))
    result = scene.night(wanted())["80001NED"]
    (problem,) = result.problems
    assert 'geen rijen voor {"Marges":"MW00000"}' in problem.melding
    assert result.edition is None or series(result.edition) == []


def test_an_edition_from_before_the_bounds_is_loaded_again(scene: Stage) -> None:
    """Nothing changed at the source, so without another request key the intervals would come with the next release."""
    before = replace(survey(), interval=None)
    first = scene.night(wanted(before))["80001NED"]
    assert series(first.edition, "grens") == [("waarde",)]
    second = scene.night(wanted())["80001NED"]
    assert (second.state, len(series(second.edition))) == ("ververst", 3)
    assert scene.night(wanted())["80001NED"].state == "ongewijzigd"


def test_a_series_without_bounds_keeps_the_request_key_it_had() -> None:
    """Every table would be downloaded again for the sake of the few with intervals."""
    assert request_key(table("80001NED"), [row("80001NED")]) == "3b2bb74bdb37d6b02a340ef5b90056d4"
    without = replace(survey(), interval=None)
    assert request_key(table("80001NED"), [survey()]) != request_key(table("80001NED"), [without])


def test_an_edition_cut_down_to_some_series_keeps_their_bounds(scene: Stage) -> None:
    """A stand-in would lose its intervals in the cut."""
    result = scene.night(wanted(survey(), survey("ander", measure_stem="Ander")))["80001NED"]
    assert result.edition is not None
    cut = narrow_edition(scene.lake, result.edition, [survey()], datetime(2026, 12, 1, tzinfo=UTC))
    assert series(cut, "series_id, grens") == [("reeks", "bovengrens"), ("reeks", "ondergrens"), ("reeks", "waarde")]
