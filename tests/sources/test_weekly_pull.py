"""Corrections without a new stamp: every table is pulled once a week, and only another figure is a new edition."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from sources.gebieden import refresh_gebieden
from sources.herindeling import refresh_herindeling
from sources.http import Transport
from sources.lake import list_editions
from sources.replay import Fault
from sources.results import TableResult
from sources.services import Services
from tests.archives import CBS, edit
from tests.registries import registry, table
from tests.sources.plain_archives import NOW, Night
from tests.sources.test_gebieden import REGISTER, REGISTRY, TABLE_2024
from tests.sources.test_gebieden import serve as serve_gebieden
from tests.sources.test_herindeling import BRON_ID, HAAREN
from tests.sources.test_herindeling import serve as serve_herindeling
from tests.sources.test_refresh import item, write
from tests.stage import Stage, observations, stage

IDS = [f"8000{number}NED" for number in range(4)]
ASKED = registry([table(name) for name in IDS], [item(name, f"reeks {name}") for name in IDS])
DAY = timedelta(days=1)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Stage]:
    """Four tables and a lake after one good night; the next one is a day later."""
    with stage(tmp_path) as made:
        for name in IDS:
            write(made, name)
        made.between = DAY
        made.night(ASKED)
        yield made


def pulled(scene: Stage) -> list[str]:
    return sorted({record.path.split("/")[-2] for record in scene.rows_asked()})


def due_night(scene: Stage, table_id: str) -> dict[str, TableResult]:
    """The first night on which a table is pulled; a correction is seen then, not before."""
    for _ in range(7):
        results = scene.night(ASKED)
        if table_id in pulled(scene):
            return results
    raise AssertionError(f"{table_id} is not pulled in a week")


def test_every_table_comes_once_a_week_and_stays_the_edition_it_was(scene: Stage) -> None:
    """Without it a correction waits for the next release; as a new edition it would rebuild the mart for nothing."""
    before = {name: list_editions(scene.lake, f"cbs_{name}") for name in IDS}
    times: Counter[str] = Counter()
    for _ in range(7):
        results = scene.night(ASKED)
        assert {result.state for result in results.values()} == {"ongewijzigd"}
        for name, result in results.items():
            assert (result.requests > 0, result.bytes > 0) == (name in pulled(scene),) * 2
            assert result.melding is None
        times.update(pulled(scene))
        assert len([record for record in scene.log if record.path == "/ODataCatalog/Tables"]) == 1
    assert times == dict.fromkeys(IDS, 1)
    assert {name: list_editions(scene.lake, f"cbs_{name}") for name in IDS} == before
    assert scene.leftovers() == []


def test_nights_that_were_missed_are_caught_up(scene: Stage) -> None:
    """The machine was off on the very day of the table."""
    for _ in range(9):
        next(scene.nights)
    scene.night(ASKED)
    assert pulled(scene) == IDS
    scene.night(ASKED)
    assert len(pulled(scene)) < len(IDS)


def test_a_correction_without_a_new_stamp_is_found_within_a_week(scene: Stage) -> None:
    """The service said that nothing changed, and published figures stayed wrong for months."""
    write(scene, IDS[0], 7.0)
    result = due_night(scene, IDS[0])[IDS[0]]
    assert (result.state, result.melding) == ("ververst", "zonder nieuwe datum gewijzigd: 4 cellen")
    assert observations(result.edition, "distinct obs_value") == [(7.0,)]
    assert len(list_editions(scene.lake, f"cbs_{IDS[0]}")) == 2
    assert scene.night(ASKED)[IDS[0]].state == "ongewijzigd"


def test_a_check_that_the_network_prevents_is_made_up_and_leaves_no_figure_in_doubt(scene: Stage) -> None:
    """The catalogue vouches for the edition: it is not out of date because its weekly check was lost."""
    scene.between = timedelta(days=7)
    results = scene.night(ASKED, Fault("reset", path_contains=f"{IDS[0]}/"))
    assert {result.state for result in results.values()} == {"ongewijzigd"}
    assert "de wekelijkse controle op stille wijzigingen lukte niet" in str(results[IDS[0]].melding)
    assert {result.verouderd_sinds for result in results.values()} == {None}
    scene.between = DAY
    scene.nights = iter(range(8, 20))
    assert scene.night(ASKED)[IDS[0]].melding is None
    assert IDS[0] in pulled(scene)


@pytest.mark.parametrize("kind", ["short", "404", "ignore-filter"])
def test_a_check_that_shows_a_broken_table_is_an_error(scene: Stage, kind: str) -> None:
    """What the service serves now is not what it lists: somebody has to look."""
    scene.between = timedelta(days=7)
    result = scene.night(ASKED, Fault(kind, path_contains=f"{IDS[0]}/TypedDataSet"))[IDS[0]]
    assert result.state == "fout"
    assert result.verouderd_sinds is not None
    assert result.edition is not None


def test_new_texts_alone_make_a_new_edition(scene: Stage) -> None:
    """Its stamps have to be remembered, or the same figures are pulled every night."""
    scene.between = timedelta(hours=1)
    edit(scene.archive / "odata" / CBS / IDS[0], "catalog", {"MetaDataModified": "2026-06-01T02:00:00"})
    assert scene.night(ASKED)[IDS[0]].state == "ververst"
    assert scene.night(ASKED)[IDS[0]].state == "ongewijzigd"
    assert pulled(scene) == []


def test_by_force_everything_is_pulled_and_what_is_the_same_stays(scene: Stage) -> None:
    """Whoever forces a refresh wants certainty, not a copy of everything."""
    scene.between = timedelta(hours=1)
    write(scene, IDS[1], 7.0)
    results = scene.night(ASKED, force=True)
    assert pulled(scene) == IDS
    assert {name: result.state for name, result in results.items()} == dict.fromkeys(IDS, "ongewijzigd") | {
        IDS[1]: "ververst"
    }


# --- the other families on that host --------------------------------------------------------------


def a_week_later(services: Services, lake: Path, transport: Transport) -> Iterable[TableResult]:
    later = {"register": REGISTER, "now": lambda: NOW + timedelta(days=7)}
    yield from refresh_gebieden(REGISTRY, services, lake, transport, **later)
    yield from refresh_herindeling(REGISTRY, services, lake, transport, **later)


def tonight(services: Services, lake: Path, transport: Transport) -> Iterable[TableResult]:
    yield from refresh_gebieden(REGISTRY, services, lake, transport, register=REGISTER, now=lambda: NOW)
    yield from refresh_herindeling(REGISTRY, services, lake, transport, register=REGISTER, now=lambda: NOW)


def test_the_roster_and_the_herindelingen_are_checked_too(tmp_path: Path) -> None:
    """A gemeente that is corrected in silence changes every figure for the country."""
    night = Night(tmp_path)
    night.rename("one")
    serve_gebieden(night, TABLE_2024, 2024)
    folder = serve_herindeling(night, HAAREN)
    roster = f"gebieden_{TABLE_2024}"
    first = night.run(tonight)
    second = night.run(a_week_later)
    for bron_id in (roster, BRON_ID):
        assert (second[bron_id].state, second[bron_id].edition) == ("ongewijzigd", first[bron_id].edition)
        assert second[bron_id].requests > 0
    assert json.loads((night.lake / roster / "gecontroleerd.json").read_text()) == {"op": "2026-11-28T03:30:00+00:00"}
    night.run(a_week_later)
    assert night.downloaded() == ["/ODataCatalog/Tables"] * 2, "checked on this day already"

    for bron_id in (roster, BRON_ID):
        (night.lake / bron_id / "gecontroleerd.json").unlink()
    serve_gebieden(night, TABLE_2024, 2024, REGISTER.codes_in(2024) - {"GM0758"})
    members = json.loads((folder / "RegioS.json").read_text())
    members[2]["Description"] = members[2]["Description"].replace("2149", "2150")
    (folder / "RegioS.json").write_text(json.dumps(members))
    third = night.run(a_week_later)
    for bron_id in (roster, BRON_ID):
        assert third[bron_id].state == "ververst"
        assert "zonder nieuwe datum gewijzigd" in (third[bron_id].melding or "")


def test_a_lost_check_of_the_roster_is_no_error(tmp_path: Path) -> None:
    """The mart would be marked out of date over a packet that was lost."""
    night = Night(tmp_path)
    night.rename("one")
    serve_gebieden(night, TABLE_2024, 2024)
    first = night.run(tonight)[f"gebieden_{TABLE_2024}"]
    night.faults = (Fault("reset", path_contains="TypedDataSet"),)
    second = night.run(a_week_later)[f"gebieden_{TABLE_2024}"]
    assert (second.state, second.edition, second.verouderd_sinds) == ("ongewijzigd", first.edition, None)
    assert "de wekelijkse controle op stille wijzigingen lukte niet" in (second.melding or "")
