"""Which editions are taken, given what a service lists and what the lake still has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.odata.editions import EditionChoice, Supply, choose_editions
from sources.registry import SeriesRow
from tests.archives import DERDEN
from tests.registries import registry, row, table

IDS = ("NIEUW", "MIDDEN", "OUD")


def chain(series_id: str = "reeks", ids: Iterable[str] = IDS, **more: Any) -> list[SeriesRow]:
    """One row per table, newest first."""
    rows = []
    for order, table_id in enumerate(ids, start=1):
        gebruik = more.get("gebruik") or ("primair" if order == 1 else "terugval")
        rows.append(row(table_id, series_id, **{**more, "edition_order": order, "gebruik": gebruik}))
    return rows


def choose(
    rows: Iterable[SeriesRow], listed: Iterable[str], kept: Iterable[str] = (), failed: Iterable[str] = ()
) -> EditionChoice:
    rows = list(rows)
    tables = [table(name) for name in dict.fromkeys(item.bron_id.removeprefix("cbs_") for item in rows)]

    def names(ids: Iterable[str]) -> frozenset[str]:
        return frozenset(f"cbs_{name}" for name in ids)

    supply = Supply(names(listed), names(kept), names(failed))
    return choose_editions(registry(tables, rows), tables, supply)


def taken(choice: EditionChoice) -> dict[str, list[str]]:
    return {name.removeprefix("cbs_"): sorted({item.series_id for item in rows}) for name, rows in choice.rows.items()}


@pytest.mark.parametrize(
    ("listed", "expected"),
    [(IDS, "NIEUW"), (("MIDDEN", "OUD"), "MIDDEN"), (("OUD",), "OUD")],
)
def test_a_recast_chain_takes_all_years_from_the_newest_listed_edition(listed: tuple[str, ...], expected: str) -> None:
    """Years of two editions side by side are two methods drawn as one line."""
    choice = choose(chain(), listed)
    assert taken(choice) == {expected: ["reeks"]}
    assert choice.problems == ()


def test_a_note_says_which_newer_editions_were_missing() -> None:
    """An older edition in use has to be visible, or nobody looks for the new id."""
    choice = choose(chain(), ("OUD",))
    assert choice.notes["cbs_OUD"] == (
        "gebruikt voor reeks omdat nieuwere uitgaven ontbreken: NIEUW (niet in de catalogus), "
        "MIDDEN (niet in de catalogus)"
    )
    assert choose(chain(), IDS).notes == {}


def test_what_is_not_taken_says_why() -> None:
    """'Not loaded' without a reason reads as a fault."""
    choice = choose([*chain(), row("TOETS", gebruik="controle")], ("MIDDEN", "OUD"))
    assert choice.idle == {
        "cbs_NIEUW": ("ontbreekt", "NIEUW staat niet in de catalogus van opendata.cbs.nl"),
        "cbs_OUD": ("niet_nodig", "nieuwere uitgave in gebruik: MIDDEN"),
        "cbs_TOETS": ("niet_nodig", "staat alleen voor controle of context in het register"),
    }


def test_year_tables_each_give_their_own_year() -> None:
    """Taking only the newest year table would lose all other years."""
    rows = chain(chain="year_table", gebruik="jaartabel")
    assert taken(choose(rows, ("NIEUW", "OUD"))) == {"NIEUW": ["reeks"], "OUD": ["reeks"]}


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        (("EIGEN", "KWB"), {"EIGEN": ["eigen"]}),
        (("NOEMER", "KWB"), {"NOEMER": ["eigen"], "KWB": ["invaller"]}),
        (("KWB",), {"KWB": ["invaller"]}),
    ],
)
def test_a_stand_in_is_loaded_only_when_the_original_is_not_listed(
    listed: tuple[str, ...], expected: dict[str, list[str]]
) -> None:
    """Loaded beside the original it would be a second figure for one KPI; a denominator alone is no original."""
    rows = [
        row("EIGEN", "eigen", rol="teller"),
        row("NOEMER", "eigen", rol="noemer"),
        row("KWB", "invaller", chain="year_table", gebruik="jaartabel", terugval_voor="eigen"),
    ]
    assert taken(choose(rows, listed)) == expected


def test_a_stand_in_for_a_series_of_another_service_waits() -> None:
    """Whether that series is listed cannot be seen from this service."""
    tables = [table("KWB"), table("ELDERS", host=DERDEN)]
    rows = [row("ELDERS", "eigen"), row("KWB", "invaller", terugval_voor="eigen")]
    choice = choose_editions(registry(tables, rows), tables[:1], Supply(frozenset({"cbs_KWB"})))
    assert choice.rows == {}


def test_all_parts_of_a_sum_come_from_one_edition() -> None:
    """Half a sum from one edition and half from another is no figure at all."""
    rows = [
        row(name, rol="teller", onderdeel=part, edition_order=order)
        for order, name in enumerate(("NIEUW", "OUD"), start=1)
        for part in (1, 2)
    ]
    choice = choose(rows, ("NIEUW", "OUD"))
    assert [item.onderdeel for item in choice.rows["cbs_NIEUW"]] == [1, 2]
    assert "cbs_OUD" not in choice.rows


def test_a_series_without_any_edition_is_reported_with_the_ids_looked_for() -> None:
    """A KPI without a source must say which tables were looked for."""
    (problem,) = choose(chain(), ()).problems
    assert (problem.series_id, problem.reden, problem.table_id) == ("reeks", "tabel_ontbreekt", "NIEUW")
    assert "NIEUW, MIDDEN, OUD" in problem.melding


def test_what_the_service_no_longer_lists_goes_on_from_the_lake() -> None:
    """A table that vanishes for a night must not take its figures along."""
    choice = choose(chain(), (), kept=("MIDDEN", "OUD"))
    assert taken(choice) == {"MIDDEN": ["reeks"]}
    assert choice.problems == ()


def test_a_listed_edition_comes_before_a_newer_one_that_is_only_kept() -> None:
    """What the service lists is what it stands for."""
    assert taken(choose(chain(), ("OUD",), kept=("NIEUW",))) == {"OUD": ["reeks"]}


def test_when_a_new_edition_cannot_be_loaded_last_nights_edition_goes_on() -> None:
    """The first load of a new id failing must not empty a series that had figures yesterday."""
    choice = choose(chain(), IDS, kept=("MIDDEN",), failed=("NIEUW",))
    assert taken(choice) == {"MIDDEN": ["reeks"]}
    assert "NIEUW (niet geladen)" in choice.notes["cbs_MIDDEN"]


def test_a_new_edition_that_cannot_be_loaded_is_no_reason_to_load_an_older_one() -> None:
    """A first load of an older method would change the figures without anybody having chosen it."""
    choice = choose(chain(), IDS, failed=("NIEUW",))
    assert taken(choice) == {}
    assert [problem.series_id for problem in choice.problems] == ["reeks"]
    assert choice.idle["cbs_NIEUW"] == ("fout", "NIEUW kon niet worden geladen")


@pytest.mark.parametrize(("kept", "expected"), [((), {}), (("KWB",), {"KWB": ["invaller"]})])
def test_a_stand_in_stays_only_when_it_stood_in_before(kept: tuple[str, ...], expected: dict[str, list[str]]) -> None:
    """The same rule for a series that stands in for another."""
    rows = [row("EIGEN", "eigen"), row("KWB", "invaller", terugval_voor="eigen")]
    assert taken(choose(rows, ("EIGEN", "KWB"), kept=kept, failed=("EIGEN",))) == expected


NAMES = st.frozensets(st.sampled_from([*IDS, "KWB"]))


@given(listed=NAMES, kept=NAMES, failed=NAMES)
def test_no_figure_is_ever_taken_twice(listed: frozenset[str], kept: frozenset[str], failed: frozenset[str]) -> None:
    """Whatever is listed, kept or failed: one edition per series, a stand-in never beside its original."""
    rows = [*chain(), row("KWB", "invaller", terugval_voor="reeks")]
    choice = choose(rows, listed, kept, (failed & listed) - kept)
    series = [name for names in taken(choice).values() for name in names]
    assert len(series) == len(set(series)) <= 1
    assert set(choice.rows) | set(choice.idle) == {f"cbs_{name}" for name in (*IDS, "KWB")}
    assert set(choice.rows).isdisjoint(choice.idle)
    assert all(name.removeprefix("cbs_") in listed | kept for name in choice.rows)
