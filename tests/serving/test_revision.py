"""What changed between publications: every changed figure, nothing else, for as long as publications are made."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from serving.assemble import Stamp, parquet_path
from serving.revision import KEY, KINDS, REVISION, History, write_revisions
from tests.serving.conftest import NOW, Mini, contract

TOMORROW = NOW + timedelta(days=1)
BREDA = "gemeente_code = 'GM0758' and kpi_id = 'I 3.3.2' and uitsplitsing = '18+'"
CHANGED = "kpi_id, gemeente_code, periode, soort_wijziging, oude_waarde, nieuwe_waarde"

Figure = tuple[float | None, float | None, str]
State = Mapping[tuple[str, str, str], Figure]


def test_a_revised_figure_is_found_with_old_and_new(standing: Mini) -> None:
    """A corrected figure would be silently another one: advisor and council paper contradict each other."""
    before = standing.current()
    standing.sql(
        f"update marts.kpi_waarde set waarde = 12.9, editie = '20261122T010000Z-bb', status = 'voorlopig' where {BREDA}"
    )
    after = standing.publish(now=TOMORROW)

    assert after.revised == 1
    assert standing.read(f"select {CHANGED} from kpi_revisie") == [("I 3.3.2", "GM0758", "2020", "waarde", 13.1, 12.9)]
    assert standing.read(
        "select oude_editie, nieuwe_editie, oude_status, nieuwe_status, bron_id, van_publicatie_id, "
        "naar_publicatie_id, gezien_op from kpi_revisie"
    ) == [
        (
            "20261120T010000Z-aa",
            "20261122T010000Z-bb",
            "definitief",
            "voorlopig",
            "rivm_1",
            before.publicatie_id,
            after.publicatie_id,
            TOMORROW.replace(tzinfo=None),
        )
    ]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (f"update marts.kpi_waarde set waarde = null, ontbreekt_reden = 'geheim_bron' where {BREDA}", "ingetrokken"),
        (
            (
                "update marts.kpi_waarde set waarde = 5, ontbreekt_reden = null, status = 'definitief' "
                "where gemeente_code = 'GM0518'"
            ),
            "verschenen_na_leegte",
        ),
        (f"delete from marts.kpi_waarde where {BREDA}", "vervallen"),
        (f"update marts.kpi_waarde set status = 'voorlopig' where {BREDA}", "status"),
        (f"update marts.kpi_waarde set teller = 3 where {BREDA}", "teller_noemer"),
        (f"update marts.kpi_waarde set oi_laag = 3, oi_hoog = 30 where {BREDA}", "interval"),
        (f"update marts.kpi_waarde set eenheid = 'score' where {BREDA}", "eenheid"),
        (
            "update marts.kpi_waarde set ontbreekt_reden = 'herindeling' where gemeente_code = 'GM0518'",
            "reden",
        ),
        (
            (
                "insert into marts.kpi_waarde select * replace ('GM1900' as gemeente_code) "
                f"from marts.kpi_waarde where {BREDA}"
            ),
            "toegevoegd",
        ),
    ],
)
def test_every_way_in_which_a_figure_can_change_has_a_name(standing: Mini, change: str, kind: str) -> None:
    """A figure that disappears, or becomes provisional, is a revision as much as another number."""
    standing.sql(change)
    assert standing.publish(now=TOMORROW).revised == 1
    assert standing.read("select soort_wijziging from kpi_revisie") == [(kind,)]


@pytest.mark.parametrize(
    "change",
    [
        f"update marts.kpi_waarde set waarde = waarde * (1 + 1e-12) where {BREDA}",
        "update marts.kpi_waarde set editie = '20261122T010000Z-bb'",
        (
            "insert into marts.kpi_waarde select * replace ('2024' as periode) from marts.kpi_waarde "
            "where kpi_id = 'I 3.3.2'"
        ),
        (
            "insert into marts.kpi_waarde select * replace ('I 9' as kpi_id) from marts.kpi_waarde "
            "where kpi_id = 'I 3.3.2'"
        ),
        "update marts.gemeente set inwoners = 1 where gemeente_code = 'GM0758'",
    ],
    ids=["noise", "new edition, same figures", "new period", "new KPI", "another table"],
)
def test_what_is_no_other_figure_is_no_revision(standing: Mini, change: str) -> None:
    """A list in which every new year is a revision hides the three corrections that matter."""
    standing.sql(change)
    after = standing.publish(now=TOMORROW)
    assert (after.state, after.revised) == ("gepubliceerd", 0)
    assert standing.read("select count(*) from kpi_revisie") == [(0,)]


def test_revisions_are_carried_on_when_the_publications_are_long_gone(mini: Mini) -> None:
    """With fourteen publications kept, a correction of last month would be forgotten."""
    ids = []
    for day, waarde in enumerate((13.1, 12.9, 12.9, 12.7)):
        mini.sql(f"update marts.kpi_waarde set waarde = {waarde} where {BREDA}")
        mini.sql(f"update marts.gemeente set inwoners = {day} where gemeente_code = 'GM0758'")
        ids.append(mini.publish(now=NOW + timedelta(days=day), keep=1).publicatie_id)
    assert mini.read("select van_publicatie_id, naar_publicatie_id, oude_waarde, nieuwe_waarde from kpi_revisie") == [
        (ids[0], ids[1], 13.1, 12.9),
        (ids[2], ids[3], 12.9, 12.7),
    ]


def test_of_own_figures_the_newest_revision_stays_and_of_open_ones_all(mini: Mini) -> None:
    """From batches of long ago and now together more can be worked out than from the two that were attacked."""
    mini.sql(
        "insert into marts.kpi_waarde select * replace ('A 1' as kpi_id, 'eigen' as herkomst, 'levering' as bron_id) "
        f"from marts.kpi_waarde where {BREDA}"
    )
    for day, (own, other) in enumerate(((20, 1), (25, 2), (25, 3), (35, 4))):
        mini.sql(f"update marts.kpi_waarde set waarde = {own} where herkomst = 'eigen'")
        mini.sql(f"update marts.kpi_waarde set waarde = {other} where {BREDA}")
        mini.publish(now=NOW + timedelta(days=day))
        if day == 2:
            assert mini.read("select oude_waarde from kpi_revisie where herkomst = 'eigen'") == [(20,)]
    assert mini.read("select herkomst, oude_waarde, nieuwe_waarde from kpi_revisie order by all") == [
        ("eigen", 25, 35),
        ("open", 1, 2),
        ("open", 2, 3),
        ("open", 3, 4),
    ]


def test_the_first_publication_has_an_empty_table_with_every_column_explained(published: Mini) -> None:
    """A reader's query on kpi_revisie would fail on the first day and work on the second."""
    assert published.read("select count(*) from kpi_revisie") == [(0,)]
    found = published.read(
        "select column_name, data_type, comment from duckdb_columns() where table_name = 'kpi_revisie' "
        "order by column_index"
    )
    assert found == [(column.name, str(column.data_type).upper(), column.description) for column in REVISION.columns]
    manifest = json.loads((published.current().folder / "manifest.json").read_text("utf-8"))
    assert manifest["rijen"]["kpi_revisie"] == 0
    assert manifest["revisie"]["vergeleken_met"] is None
    assert "eerste" in manifest["revisie"]["toelichting"]


def test_the_columns_of_a_revision_have_the_types_of_the_figures() -> None:
    """An old value would be rounded, or a code cut, by being kept as something else."""
    figures = {column["name"]: column["data_type"] for column in contract("kpi_waarde")["columns"]}
    for column in REVISION.columns:
        name = column.name.removeprefix("oude_").removeprefix("nieuwe_")
        if name in figures:
            assert column.data_type == figures[name], column.name


def test_a_change_of_division_is_one_note_and_no_flood(standing: Mini) -> None:
    """Every count of every merged gemeente would be called a correction, and the real ones could not be found."""
    standing.sql("update marts.kpi_waarde set indelingsjaar = 2025, waarde = waarde + 1")
    standing.sql("delete from marts.gemeente where gemeente_code = 'GM0893'")
    after = standing.publish(now=TOMORROW)
    assert standing.read("select soort_wijziging, kpi_id, gemeente_code, oude_waarde from kpi_revisie order by 1") == [
        ("indeling", None, None, None),
        ("waarde", "I 3.3.2", "NL", 13.6),
    ]
    ((note,),) = standing.read("select toelichting from kpi_revisie where kpi_id is null")
    assert "van 2024 naar 2025" in note
    assert after.revised == 1
    manifest = json.loads((after.folder / "manifest.json").read_text("utf-8"))
    assert manifest["revisie"]["toelichting"] == note


def test_a_publication_of_the_release_before_counts_as_one_without_history(standing: Mini) -> None:
    """The first night after an upgrade would fail, or call every figure new."""
    _downgrade(standing.current().folder)
    standing.sql(f"update marts.kpi_waarde set waarde = 12.9 where {BREDA}")
    after = standing.publish(now=TOMORROW)
    assert after.state == "gepubliceerd"
    assert standing.read(f"select {CHANGED} from kpi_revisie") == [("I 3.3.2", "GM0758", "2020", "waarde", 13.1, 12.9)]


def test_an_upgrade_alone_publishes_once_and_revises_nothing(standing: Mini) -> None:
    """The new table would not reach readers before some source happens to change."""
    _downgrade(standing.current().folder)
    first = standing.publish(now=TOMORROW)
    assert (first.state, first.revised) == ("gepubliceerd", 0)
    assert standing.publish(now=TOMORROW + timedelta(days=1)).state == "ongewijzigd"


def test_a_damaged_publication_is_not_compared_with_and_that_is_said(standing: Mini) -> None:
    """Half a table on one side makes every other row look withdrawn."""
    (standing.current().folder / "parquet" / "kpi_waarde.parquet").chmod(0o644)
    (standing.current().folder / "parquet" / "kpi_waarde.parquet").write_bytes(b"PAR1")
    standing.sql(f"update marts.kpi_waarde set waarde = 12.9 where {BREDA}")
    after = standing.publish(now=TOMORROW)
    manifest = json.loads((after.folder / "manifest.json").read_text("utf-8"))
    assert after.revised is None
    assert manifest["revisie"]["vergeleken_met"] is None
    assert "niet te lezen" in manifest["revisie"]["toelichting"]


def test_a_damaged_publication_does_not_cost_the_history(standing: Mini) -> None:
    """One bad block on disk would wipe the corrections of years, while older publications still have them."""
    first = standing.current()
    standing.sql(f"update marts.kpi_waarde set waarde = 12.9 where {BREDA}")
    second = standing.publish(now=TOMORROW)
    (second.folder / "parquet" / "kpi_waarde.parquet").unlink()
    standing.sql(f"update marts.kpi_waarde set waarde = 12.7 where {BREDA}")
    third = standing.publish(now=TOMORROW + timedelta(days=1))
    manifest = json.loads((third.folder / "manifest.json").read_text("utf-8"))
    assert manifest["revisie"]["vergeleken_met"] == first.publicatie_id
    assert standing.read("select oude_waarde, nieuwe_waarde from kpi_revisie") == [(13.1, 12.7)]


def test_another_kind_of_data_is_not_compared_with(standing: Mini) -> None:
    """Recorded figures would be listed as revisions of invented ones."""
    standing.sql(f"update marts.kpi_waarde set waarde = 12.9 where {BREDA}")
    after = standing.publish(soort="recorded", now=TOMORROW)
    assert after.revised is None
    assert standing.read("select count(*) from kpi_revisie") == [(0,)]


def test_revisions_do_not_make_a_publication_by_themselves(standing: Mini) -> None:
    """The row count of yesterday's revisions would start a publication every night."""
    standing.sql(f"update marts.kpi_waarde set waarde = 12.9 where {BREDA}")
    standing.publish(now=TOMORROW)
    assert standing.publish(now=TOMORROW + timedelta(days=1)).state == "ongewijzigd"


def _downgrade(folder: Path) -> None:
    """Make a publication what the release before this one wrote."""
    for path in (folder, folder / "parquet"):
        path.chmod(0o755)
    parquet_path(folder, "kpi_revisie").unlink()
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    del manifest["bestanden"]["parquet/kpi_revisie.parquet"], manifest["rijen"]["kpi_revisie"], manifest["revisie"]
    path.chmod(0o644)
    path.write_text(json.dumps({**manifest, "contract_versie": 1}), encoding="utf-8")


# --- the rule itself, on invented publications ----------------------------------------------------

_KEYS = [(kpi, gebied, periode) for kpi in ("I 1", "I 2") for gebied in ("GM1", "GM2", "NL") for periode in ("1", "2")]
_NUMBER = st.sampled_from([None, 0.0, 1.0, 1.0 + 1e-13, -2.5, 1e9])
_FIGURE = st.tuples(_NUMBER, _NUMBER, st.sampled_from(["definitief", "voorlopig"]))
_STATE = st.dictionaries(st.sampled_from(_KEYS), _FIGURE, min_size=1)


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(states=st.lists(_STATE, min_size=2, max_size=4))
def test_the_revisions_of_all_publications_lead_from_the_first_to_the_last(
    tmp_path_factory: pytest.TempPathFactory, states: Sequence[State]
) -> None:
    """A reader who follows the revisions would end up with other figures than the publication has."""
    home = tmp_path_factory.mktemp("rule")
    folders = _write_publications(home, states)
    rows = _revisions(folders[-1])

    known = dict(states[0])
    for number, (before, after) in enumerate(itertools.pairwise(states), start=1):
        mine = [row for row in rows if row["naar_publicatie_id"] == f"p{number}"]
        assert all(row["soort_wijziging"] in KINDS for row in mine)
        assert len(mine) == len({_key(row) for row in mine})
        for row in mine:
            if row["soort_wijziging"] == "vervallen":
                del known[_key(row)]
            else:
                known[_key(row)] = (row["nieuwe_waarde"], row["nieuwe_teller"], row["nieuwe_status"])
        slices = {(kpi, periode) for kpi, _, periode in before}
        known |= {key: figure for key, figure in after.items() if (key[0], key[2]) not in slices}
        assert known.keys() == after.keys()
        assert all(_is_same(known[key], after[key]) for key in after)
        # And no row more than that.
        same = [key for key in before.keys() & after.keys() if _is_same(before[key], after[key])]
        assert not {_key(row) for row in mine} & set(same)


@pytest.mark.long
def test_comparing_is_bounded_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A correction of a whole table, of a million figures, would take the machine of the night down."""
    monkeypatch.setattr("serving.revision._MEMORY", "128MB")
    folders = []
    for number in range(2):
        folder = tmp_path / f"p{number}"
        (folder / "parquet").mkdir(parents=True)
        with duckdb.connect() as connection:
            connection.execute(
                f"""copy (
                    select 'I ' || i % 40 as kpi_id, 'v2' as model_versie,
                        'een lange naam van een reeks ' || i % 7 as variant, 'totaal' as uitsplitsing,
                        'GM' || i as gemeente_code, '2024' as periode,
                        i + {number}.5 as waarde, null::double as teller, null::double as noemer,
                        null::double as oi_laag, null::double as oi_hoog, '%' as eenheid, 'definitief' as status,
                        null::varchar as ontbreekt_reden, 'e{number}' as editie, null::varchar as noemer_editie,
                        'open' as herkomst, 'b' as bron_id, 2024 as indelingsjaar
                    from range(200000) as t (i)
                ) to '{parquet_path(folder, "kpi_waarde")}' (format parquet)"""
            )
        folders.append(folder)
    found = write_revisions(folders[1], History(previous=folders[0]), _stamp(1))
    assert found.counts == {"waarde": 200_000}
    assert found.compared_with == "p0"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p0", "p1"]


def _write_publications(home: Path, states: Sequence[State]) -> list[Path]:
    folders: list[Path] = []
    for number, state in enumerate(states):
        folder = home / f"p{number}"
        (folder / "parquet").mkdir(parents=True)
        rows = [
            {
                "kpi_id": kpi_id, "model_versie": "v2", "variant": "x", "uitsplitsing": "totaal",
                "gemeente_code": gebied, "periode": periode, "waarde": waarde, "teller": teller, "noemer": None,
                "oi_laag": None, "oi_hoog": None, "eenheid": "%", "status": status, "ontbreekt_reden": None,
                "editie": f"e{number}", "noemer_editie": None, "indelingsjaar": 2024,
                "herkomst": "open", "bron_id": "b",
            }
            for (kpi_id, gebied, periode), (waarde, teller, status) in state.items()
        ]  # fmt: skip
        types = {column["name"]: column["data_type"] for column in contract("kpi_waarde")["columns"]}
        structure = json.dumps([{name: types[name].upper() for name in rows[0]}])
        with duckdb.connect() as connection:
            connection.execute(
                f"copy (select unnest(from_json(?::json, ?), recursive := true)) "
                f"to '{parquet_path(folder, 'kpi_waarde')}' (format parquet)",
                [json.dumps(rows), structure],
            )
        write_revisions(folder, History(previous=folders[-1] if folders else None), _stamp(number))
        folders.append(folder)
    return folders


def _stamp(number: int) -> Stamp:
    return Stamp(f"p{number}", datetime(2026, 1, 1 + number, tzinfo=UTC), "demo", "0", "run")


def _revisions(folder: Path) -> list[dict[str, Any]]:
    with duckdb.connect() as connection:
        found = connection.execute(f"from '{parquet_path(folder, 'kpi_revisie')}'")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _key(row: Mapping[str, Any]) -> tuple[str, str, str]:
    assert set(KEY) <= row.keys()
    return row["kpi_id"], row["gemeente_code"], row["periode"]


def _is_same(one: Figure, other: Figure) -> bool:
    numbers = [
        left == right if left is None or right is None else math.isclose(left, right, rel_tol=1e-9)
        for left, right in zip(one[:2], other[:2], strict=True)
    ]
    return all(numbers) and one[2] == other[2]
