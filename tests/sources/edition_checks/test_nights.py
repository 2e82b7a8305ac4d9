"""Whole nights against a service whose figures went wrong: what is refused, what stays in use, and what heals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sources.registry import Expectations, Registry, UnitRange
from sources.results import TableResult
from tests.archives import Top, periods, regions, write_table
from tests.registries import registry, row, table
from tests.stage import Stage, observations, stage

TABLE = "80001NED"
GEMEENTEN = tuple(f"GM{number:04d}" for number in range(1, 13))
EXPECTATIONS = Expectations({"%": UnitRange("%", 0, 100, "tussen")}, {2024: len(GEMEENTEN)})


@pytest.fixture
def known() -> Registry:
    made = registry([table(TABLE)], [row(TABLE, jaren="2020-")], {"reeks": ("I 1.1.1",)})
    return replace(made, expectations=EXPECTATIONS)


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Stage]:
    with stage(tmp_path) as made:
        publish(made, 7.0)
        yield made


def publish(
    made: Stage, national: float, *, day: int = 1, factor: float = 1.0, filled: int = 12, period: str = "2023JJ00"
) -> None:
    """Let the service publish two years; the first of them is `period`."""
    values = [
        (area.ljust(6), one, factor * (5.0 + place) if place < filled else None)
        for place, area in enumerate(GEMEENTEN)
        for one in ("2024JJ00", period)
    ]
    values += [("NL01  ", "2024JJ00", national), ("NL01  ", period, 7.5)]
    write_table(
        made.archive,
        TABLE,
        [regions("NL01", *GEMEENTEN), periods("2023JJ00", "2024JJ00")],
        [Top("Waarde_1")],
        values,
        modified=f"2026-05-{day:02d}T02:00:00",
    )


def refused(result: TableResult, before: TableResult) -> list[str]:
    """The checks that refused, after seeing that the edition of before stayed in use."""
    assert (result.state, result.edition) == ("fout", before.edition)
    assert result.verouderd_sinds is not None
    assert all(check.melding in (result.melding or "") for check in result.checks if check.refuses)
    return [check.name for check in result.checks if check.refuses]


def test_a_wrong_national_figure_keeps_the_edition_of_before_until_it_is_mended(night: Stage, known: Registry) -> None:
    """An advisor would hold his gemeente against a country that cannot be."""
    before = night.night(known)[TABLE]
    publish(night, 70.0, day=2)
    result = night.night(known)[TABLE]
    assert refused(result, before) == ["landelijk"]
    assert "I 1.1.1: tabel 80001NED" in (result.melding or "")
    publish(night, 8.0, day=3)
    healed = night.night(known)[TABLE]
    assert (healed.state, healed.verouderd_sinds, healed.checks) == ("ververst", None, ())
    assert observations(healed.edition, "obs_value", "ref_area = 'NL01' and time_period = '2024JJ00'") == [(8.0,)]
    assert all(check.passed for check in healed.edition.manifest.checks) if healed.edition else False


def test_another_unit_under_the_old_name_is_refused(night: Stage, known: Registry) -> None:
    """Per thousand in a column of per cents makes every gemeente ten times as bad."""
    before = night.night(known)[TABLE]
    publish(night, 70.0, day=2, factor=10.0)
    assert "bereik" in refused(night.night(known)[TABLE], before)


def test_figures_that_went_empty_are_refused_although_all_rows_are_there(night: Stage, known: Registry) -> None:
    """A count of rows sees nothing; the map of the country is white."""
    before = night.night(known)[TABLE]
    publish(night, 7.0, day=2, filled=4)
    assert refused(night.night(known)[TABLE], before) == ["dekking"]


def test_a_period_that_the_table_does_not_list_is_refused_by_name(night: Stage, known: Registry) -> None:
    """Its rows would be left out of the edition without a word."""
    before = night.night(known)[TABLE]
    publish(night, 7.0, day=2, period="2022JJ00")
    assert refused(night.night(known)[TABLE], before) == ["perioden"]


def test_without_the_registry_nothing_of_this_is_seen(night: Stage, known: Registry) -> None:
    """Shows that it is the checks that refuse, and not something else on the way."""
    blind = replace(known, expectations=Expectations())
    assert night.night(blind)[TABLE].state == "ververst"
    publish(night, 70.0, day=2)
    assert night.night(blind)[TABLE].state == "ververst"
