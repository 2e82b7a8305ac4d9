"""Checks of an edition, each on real Parquet: what passes, what is refused, and what the message says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sources.edition_checks.model import CheckContext, EditionCheck
from sources.errors import EditionRefusedError
from sources.lake import OBSERVATION, SERIES, Edition, commit_edition, current_edition, edition_id_of, new_edition
from sources.registry import Expectations, UnitRange
from tests.archives import database
from tests.registries import row
from tests.sources.test_lake import BRON, manifest

GEMEENTEN = tuple(f"GM{number:04d}" for number in range(1, 21))
UNITS = {
    unit.eenheid: unit
    for unit in (
        UnitRange("%", 0, 100, "tussen"),
        UnitRange("aantal", 0, 20_000_000, "som"),
        UnitRange("score", -5, 10, "geen"),
    )
}
CONTEXT = CheckContext(
    (row("80001NED", "aandeel", eenheid="%"), row("80001NED", "aantallen", eenheid="aantal")),
    {"aandeel": ("I 1.1.1", "I 1.3.1"), "aantallen": ("I 2.1.4",)},
    Expectations(UNITS, {2024: len(GEMEENTEN), 2023: len(GEMEENTEN)}),
)

# Region, period, column and value.
Figure = tuple[str, str, str, float | None]


def shares(values: Mapping[str, float | None], period: str = "2024JJ00") -> list[Figure]:
    return [(area, period, "Aandeel_1", value) for area, value in values.items()]


def counts(values: Mapping[str, float | None], period: str = "2024JJ00") -> list[Figure]:
    return [(area, period, "Aantal_2", value) for area, value in values.items()]


def usual(national: float = 7.4, period: str = "2024JJ00") -> list[Figure]:
    """Shares from 5.0 to 9.8 in steps that a source could publish."""
    spread = {code: 5.0 + 0.25 * place for place, code in enumerate(GEMEENTEN)}
    return shares({"NL01": national, **spread}, period)


def fill(folder: Path, figures: Iterable[Figure], *, zero: bool = False, bounds: bool = False) -> int:
    """Write these figures as an edition of two series."""
    rows = list(figures)
    (folder / OBSERVATION).mkdir()
    with database().cursor() as cursor:
        cursor.execute("create or replace temp table o (ref_area text, time_period text, measure text, v double)")
        cursor.executemany("insert into o values (?, ?, ?, ?)", [list(figure) for figure in rows])
        cursor.execute(
            "copy (select 'x' as source_id, ref_area, time_period, measure, '{}' as dimensions, v as obs_value "
            f"from o) to '{folder / OBSERVATION}/part-00000.parquet' (format parquet)"
        )
        absent = "zero" if zero else "missing"
        cursor.execute(
            f"""copy (
                select series_id, 'totaal' as uitsplitsing, 'waarde' as rol, 1 as onderdeel, measure,
                    '{{}}' as dimensions, '{absent}' as absent, '{"ondergrens" if bounds else "waarde"}' as grens
                from (values ('aandeel', 'Aandeel_1'), ('aantallen', 'Aantal_2')) as t(series_id, measure)
            ) to '{folder / SERIES}' (format parquet)"""
        )
    return len(rows)


def commit(lake: Path, figures: Iterable[Figure], *, context: CheckContext | None = CONTEXT, **more: Any) -> Edition:
    options = {name: more.pop(name) for name in ("zero", "bounds") if name in more}
    with new_edition(lake, BRON) as folder:
        rows = fill(folder, figures, **options)
        described = manifest(rows, **({"warnings": (), "loaded_at": "2026-11-21T03:30:00+00:00"} | more))
        assert edition_id_of(folder)
        return commit_edition(lake, BRON, folder, described, context=context)


def check(edition: Edition, name: str) -> EditionCheck:
    (found,) = (one for one in edition.manifest.checks if one.name == name)
    return found


def refused(lake: Path, figures: Iterable[Figure], **more: Any) -> EditionCheck:
    """The one check that keeps these figures out, after seeing that the edition in use stayed what it was."""
    before = current_edition(lake, BRON)
    with pytest.raises(EditionRefusedError) as caught:
        commit(lake, figures, **more)
    assert current_edition(lake, BRON) == before
    (found,) = (one for one in caught.value.checks if one.refuses)
    assert found.melding in str(caught.value)
    return found


def test_a_good_edition_keeps_the_outcome_of_every_check(tmp_path: Path) -> None:
    """Whoever asks later what was checked of a figure must find it beside that figure."""
    made = commit(tmp_path, [*usual(), *counts({"NL01": 210, **dict.fromkeys(GEMEENTEN, 10.0)})])
    assert {one.name: one.passed for one in made.manifest.checks} == dict.fromkeys(
        ("kolommen", "omvang", "perioden", "sleutels", "bereik", "landelijk", "dekking"), True
    )
    assert check(made, "landelijk").facts == {"vergeleken": 2}
    assert current_edition(tmp_path, BRON) == made


def test_an_edition_of_before_there_were_checks_is_still_read(tmp_path: Path) -> None:
    """An upgrade must not load every table anew, or stop at the first manifest."""
    made = commit(tmp_path, usual())
    file = made.folder / "manifest.json"
    stored = json.loads(file.read_text())
    assert len(stored.pop("checks")) == 7
    stored.pop("frequency")
    file.write_text(json.dumps(stored))
    found = current_edition(tmp_path, BRON)
    assert found is not None
    assert found.manifest == replace(made.manifest, checks=())


# --- bereik ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [-0.1, 100.1, float("inf"), float("nan")])
def test_a_share_outside_0_to_100_is_refused(tmp_path: Path, value: float) -> None:
    """A column of another unit under the old name would be published as a percentage."""
    found = refused(tmp_path, [*usual(), *shares({"GM0099": value}, "2022JJ00")])
    assert found.name == "bereik"
    assert found.melding.startswith("I 1.1.1, I 1.3.1: tabel 80001NED, verwacht 0 tot 100 (%), gevonden 1 waarden")
    assert "GM0099 2022JJ00 Aandeel_1" in found.melding
    assert "pas dan series.csv aan" in found.melding


def test_the_range_is_that_of_the_published_unit(tmp_path: Path) -> None:
    """140 is wrong for a percentage and an ordinary count."""
    assert check(commit(tmp_path, counts({"GM0001": 140})), "bereik").passed


def test_a_bound_of_an_interval_may_lie_outside(tmp_path: Path) -> None:
    """A symmetric interval around 1 % reaches below zero; that is how the source computes it."""
    assert check(commit(tmp_path, shares({"GM0001": -0.4}), bounds=True), "bereik").passed


# --- landelijk ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("national", "fine"), [(5.0, True), (9.7, True), (4.9, False), (9.9, False), (74.0, False)])
def test_a_national_share_lies_between_the_gemeenten(tmp_path: Path, national: float, fine: bool) -> None:
    """A weighted mean outside its parts is another column, another year or another unit."""
    if fine:
        assert check(commit(tmp_path, usual(national)), "landelijk").passed
    else:
        found = refused(tmp_path, usual(national))
        assert found.name == "landelijk"
        assert f"Aandeel_1 2024JJ00: Nederland {national:g}, gemeenten 5 tot 9.75" in found.melding


def test_with_few_gemeenten_the_country_may_lie_outside(tmp_path: Path) -> None:
    """Only large gemeenten answer in some tables: the mean of the country is not theirs."""
    few = [figure for figure in usual(4.0) if figure[0] not in GEMEENTEN[:5]]
    assert check(commit(tmp_path, few), "landelijk").passed
    assert refused(tmp_path, [*few, *shares({GEMEENTEN[0]: 5.0})]).name == "landelijk"


def test_each_period_is_held_against_its_own_gemeenten(tmp_path: Path) -> None:
    """A wrong year between good ones would be lost in the range of all years."""
    found = refused(tmp_path, [*usual(), *usual(12.0, "2023JJ00")])
    assert "Aandeel_1 2023JJ00" in found.melding
    assert "2024JJ00" not in found.melding


@pytest.mark.parametrize(
    ("national", "outcome"),
    [(2000, "goed"), (1990, "goed"), (1700, "fout"), (2030, "goed"), (2300, "waarschuwing")],
)
def test_a_national_count_is_about_its_gemeenten_together(tmp_path: Path, national: float, outcome: str) -> None:
    """A total that misses a province, or a gemeente that stands in twice under another code."""
    figures = counts({"NL01": national, **dict.fromkeys(GEMEENTEN, 100.0)})
    if outcome == "fout":
        assert "Nederland 1700, gemeenten samen 2000" in refused(tmp_path, figures).melding
        return
    found = check(commit(tmp_path, figures), "landelijk")
    assert (found.passed, found.severity) == (outcome == "goed", "waarschuwing")


def test_a_hidden_gemeente_explains_a_larger_country(tmp_path: Path) -> None:
    """Small counts are secret at the source: their sum is short with reason."""
    hidden = counts({"NL01": 2300, **dict.fromkeys(GEMEENTEN[1:], 100.0), GEMEENTEN[0]: None})
    assert check(commit(tmp_path, hidden), "landelijk").passed


# --- dekking --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("left", "outcome"), [(20, "goed"), (19, "goed"), (18, "waarschuwing"), (9, "fout")])
def test_gemeenten_that_lost_their_figure_are_noticed(tmp_path: Path, left: int, outcome: str) -> None:
    """Rows that stay while their values go empty pass every count of rows."""
    commit(tmp_path, usual())
    emptied = [(a, p, m, v if a == "NL01" or a in GEMEENTEN[:left] else None) for a, p, m, v in usual()]
    # The country would no longer be a mean of these few.
    without = [figure for figure in emptied if figure[0] != "NL01"]
    if outcome == "fout":
        found = refused(tmp_path, without)
        assert f"aandeel (totaal) 2024JJ00: {left} gemeenten, eerder 20" in found.melding
        assert found.name == "dekking"
        assert "current en ververs opnieuw" in found.melding
    else:
        found = check(commit(tmp_path, without), "dekking")
        assert (found.passed, found.severity) == (outcome == "goed", "waarschuwing")


def test_the_newest_period_that_both_have_is_compared(tmp_path: Path) -> None:
    """A new year with figures for a few gemeenten so far is a gain, not a loss."""
    commit(tmp_path, usual())
    assert check(commit(tmp_path, [*usual(), *shares({"GM0001": 5.0}, "2025JJ00")]), "dekking").passed


def test_a_code_that_stands_for_zero_has_no_coverage(tmp_path: Path) -> None:
    """Fewer burglaries would be refused as missing data."""
    commit(tmp_path, usual(), zero=True)
    fewer = [figure for figure in usual() if figure[0] in GEMEENTEN[:12]]
    assert check(commit(tmp_path, fewer, zero=True), "dekking").passed


# --- perioden, sleutels, omvang, kolommen ---------------------------------------------------------


@pytest.mark.parametrize("period", ["2024", "2024JJ01", "2024XX00", "3024JJ00", "2028JJ00", "", "2024MM13"])
def test_a_period_that_is_none_is_refused(tmp_path: Path, period: str) -> None:
    """Such a row is dropped further on, or gives a year that has yet to come."""
    found = refused(tmp_path, [*usual(), *shares({"GM0001": 5.0}, period)])
    assert found.name == "perioden"
    assert f"{period} (1 rijen)" in found.melding


@pytest.mark.parametrize("period", ["2024JJ00", "2023SJ00", "2024MM12", "2024KW04", "2027JJ00"])
def test_the_periods_of_the_services_pass(tmp_path: Path, period: str) -> None:
    """A school year, a month and 1 January of next year are periods like any other."""
    assert check(commit(tmp_path, shares({"GM0001": 5.0}, period)), "perioden").passed


def test_a_double_key_names_kpi_table_and_example(tmp_path: Path) -> None:
    """A page read twice doubles a sum without any error further on."""
    found = refused(tmp_path, [*usual(), usual()[3]])
    assert found.name == "sleutels"
    assert found.melding.startswith("I 1.1.1, I 1.3.1, I 2.1.4: tabel 80001NED heeft 1 dubbele sleutels")
    assert "GM0003 2024JJ00 Aandeel_1 {} 2" in found.melding


@pytest.mark.parametrize(("rows", "outcome"), [(20, "goed"), (17, "waarschuwing"), (9, "fout")])
def test_a_smaller_table_warns_before_it_is_refused(tmp_path: Path, rows: int, outcome: str) -> None:
    """A table that shrinks a little every night never comes near half of the night before."""
    commit(tmp_path, shares(dict.fromkeys(GEMEENTEN, 5.0)), context=None)
    fewer = shares(dict.fromkeys(GEMEENTEN[:rows], 5.0))
    if outcome == "fout":
        found = refused(tmp_path, fewer, context=None)
        assert f"geeft {rows} rijen, de vorige keer 20" in found.melding
    else:
        found = check(commit(tmp_path, fewer, context=None), "omvang")
        assert (found.passed, found.severity) == (outcome == "goed", "waarschuwing")


def test_other_columns_are_a_warning_that_goes_with_the_edition(tmp_path: Path) -> None:
    """Columns that move are how a figure silently becomes another one."""
    commit(tmp_path, usual())
    made = commit(tmp_path, usual(), schema_fingerprint="g")
    found = check(made, "kolommen")
    assert (found.passed, found.severity) == (False, "waarschuwing")
    assert found.facts == {"vingerafdruk": "g", "vingerafdruk_vorige": "f"}
    assert made.manifest.warnings == (found.melding,)


def test_every_check_that_refuses_is_told(tmp_path: Path) -> None:
    """Mending one thing a night, to be told of the next, takes a week."""
    with pytest.raises(EditionRefusedError) as caught:
        commit(tmp_path, [*usual(), usual()[3], *shares({"GM0001": 5.0}, "nu"), *shares({"GM0099": 140.0})])
    assert [one.name for one in caught.value.checks] == ["perioden", "sleutels", "bereik"]
    assert all(one.melding in str(caught.value) for one in caught.value.checks)
