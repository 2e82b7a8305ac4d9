"""The table of herindelingen over HTTP: an edition with its events, and the previous one or the registry without it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sources.herindeling import refresh_herindeling
from sources.http import Transport
from sources.replay import Fault
from sources.replay.demo.geography import Geography
from sources.replay.demo.herindeling import descriptions
from sources.results import TableResult
from sources.services import Services
from tests.archives import CBS, Dim, Top, edit, regions, write_table
from tests.sources.plain_archives import FAST, NOW, SEEDS, Night, real_register, real_registry

REGISTRY, REGISTER = real_registry(), real_register()
TABLE, BRON_ID = "70739ned", "herindeling_70739ned"
HAAREN = {
    "NL01": "",
    "PV30": "Opgeheven per 01-01-2021, iets over een provincie",
    "GM0788": "Opgeheven per 01-01-2021, overgegaan naar:\n- Boxtel (GM0757),\n... 2149 inwoners\n- Oisterwijk (GM0824)"
    ",\n... 5827 inwoners\n- Tilburg (GM0855),\n... 1442 inwoners\n- Vught (GM0865),\n... 4900 inwoners\n.\n",
    "GM0757": "Gemeentelijke herindeling per 01-01-2021, ontvangen van:\n- Haaren (GM0788),\n... 2149 inwoners",
}


def serve(night: Night, texts: Mapping[str, str | None], dimension: str = "RegioS", kind: str = "GeoDimension") -> Path:
    """Serve the table with these descriptions."""
    keys = Dim(dimension, {code.ljust(6): code for code in texts}, kind, "Regio's", 2026)
    rows = [[code.ljust(6), "01-01-1900"] for code in texts]
    folder = write_table(
        night.archive, TABLE, [keys], [Top("Begindatum_1", "", "String")], rows, title="Gebieden; overzicht"
    )
    path = folder / f"{dimension}.json"
    members = json.loads(path.read_text(encoding="utf-8"))
    described = [member | {"Description": text} for member, text in zip(members, texts.values(), strict=True)]
    path.write_text(json.dumps(described), encoding="utf-8")
    return folder


@pytest.fixture
def night(tmp_path: Path) -> Night:
    new = Night(tmp_path)
    new.rename("one")
    return new


def refresh(services: Services, lake: Path, transport: Transport) -> Iterable[TableResult]:
    return refresh_herindeling(REGISTRY, services, lake, transport, register=REGISTER, now=lambda: NOW)


def run(night: Night) -> TableResult:
    return night.run(refresh)[BRON_ID]


def events(result: TableResult) -> list[tuple[Any, ...]]:
    assert result.edition is not None
    path = str(result.edition.folder / "herindeling.parquet")
    return duckdb.execute("select * from read_parquet(?) order by all", [path]).fetchall()


def test_an_edition_holds_the_events_of_the_descriptions(night: Night) -> None:
    """The split of Haaren would stay a share typed over by hand."""
    serve(night, HAAREN)
    result = run(night)
    assert result.state == "ververst"
    assert events(result) == [
        (BRON_ID, date(2021, 1, 1), "GM0788", "GM0757", "opgeheven", 2149),
        (BRON_ID, date(2021, 1, 1), "GM0788", "GM0824", "opgeheven", 5827),
        (BRON_ID, date(2021, 1, 1), "GM0788", "GM0855", "opgeheven", 1442),
        (BRON_ID, date(2021, 1, 1), "GM0788", "GM0865", "opgeheven", 4900),
    ]
    assert result.edition is not None
    manifest = result.edition.manifest
    assert (manifest.rows, manifest.titel, manifest.bron) == (4, "Gebieden; overzicht", "herindeling")
    assert manifest.modified
    assert manifest.sha256
    assert [request.url.rpartition("/")[2] for request in manifest.requests] == ["DataProperties", "RegioS"]


def test_only_metadata_and_the_regions_are_fetched(night: Night) -> None:
    """The rows say nothing that is used: they are not the service's trouble."""
    serve(night, HAAREN)
    run(night)
    assert not [path for path in night.downloaded() if "DataSet" in path]


def test_what_ended_and_is_not_in_the_table_is_a_remark(night: Night) -> None:
    """Somebody has to see that the registry still stands in for most of the table."""
    serve(night, HAAREN)
    melding = run(night).melding or ""
    assert "volgens gemeente_register.csv opgeheven, volgens de tabel niet: GM0003 Appingedam per 2021-01-01" in melding


def test_an_unchanged_table_is_not_downloaded(night: Night) -> None:
    """One question to the catalogue is enough."""
    serve(night, HAAREN)
    first = run(night)
    second = run(night)
    assert (second.state, second.edition) == ("ongewijzigd", first.edition)
    assert night.downloaded() == ["/ODataCatalog/Tables"]


def test_changed_texts_are_loaded_again(night: Night) -> None:
    """A new merger changes the texts of the regions, and maybe no figure at all."""
    folder = serve(night, HAAREN)
    run(night)
    edit(folder, "catalog", {"MetaDataModified": "2026-12-01T02:00:00"})
    assert run(night).state == "ververst"


def test_a_table_that_is_not_listed_is_not_offered_and_no_error(night: Night) -> None:
    """The registry's own list stands in: nothing is wrong."""
    write_table(night.archive, "80001NED", [regions("NL01")], [Top("Waarde_1")], [["NL01  ", 1.0]])
    result = run(night)
    assert (result.state, result.edition) == ("ontbreekt", None)
    assert "70739ned staat niet in de catalogus" in (result.melding or "")


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (HAAREN | {"GM0788": "Opgeheven per 01-01-2021, opgegaan in vier gemeenten"}, "van 1 opgeheven gemeenten is"),
        (dict.fromkeys(HAAREN, ""), "geen enkele herindeling sinds 02-01-2010 in de omschrijvingen van 4 gebieden"),
        (dict.fromkeys(HAAREN, None), r"(0 met tekst); herindeling.csv blijft in gebruik"),
    ],
)
def test_an_edition_that_cannot_carry_the_roster_is_refused(
    night: Night, texts: Mapping[str, str | None], said: str
) -> None:
    """A gemeente that ended without a successor loses all its earlier figures."""
    folder = serve(night, HAAREN)
    first = run(night)
    serve(night, texts)
    edit(folder, "catalog", {"Modified": "2026-12-01T02:00:00"})
    result = run(night)
    assert (result.state, result.edition, result.verouderd_sinds) == ("fout", first.edition, NOW)
    assert said in (result.melding or "")


def test_the_region_dimension_may_have_another_name(night: Night) -> None:
    """The name was never seen: it is known by its kind."""
    serve(night, HAAREN, "Gebieden", "GeoDetail")
    assert len(events(run(night))) == 4


def test_without_a_region_dimension_the_message_names_what_there_is(night: Night) -> None:
    """The message alone must be enough to see the new name."""
    serve(night, HAAREN, "Gebieden", "Dimension")
    result = run(night)
    assert result.state == "fout"
    assert "verwacht één dimensie met gemeenten (RegioS), gevonden 0 in Gebieden" in (result.melding or "")


@pytest.mark.parametrize(
    "fault",
    [
        Fault("503", path_contains="RegioS"),
        Fault("html200", path_contains="RegioS"),
        Fault("truncate", path_contains="RegioS"),
        Fault("503", path_contains="ODataCatalog"),
        Fault("silent-empty", path_contains="ODataCatalog"),
    ],
)
def test_a_bad_answer_keeps_the_previous_edition(night: Night, fault: Fault) -> None:
    """A bad night would move the mart back to the registry's shares."""
    folder = serve(night, HAAREN)
    first = run(night)
    edit(folder, "catalog", {"Modified": "2026-12-01T02:00:00"})
    night.faults = (fault,)
    result = run(night)
    assert (result.state, result.edition, result.verouderd_sinds) == ("fout", first.edition, NOW)


def test_a_service_that_is_down_from_the_start_is_a_result(tmp_path: Path) -> None:
    """An exception here would skip the whole mart."""
    with Transport(FAST) as transport:
        (result,) = refresh(Services.at("http://127.0.0.1:9"), tmp_path / "lake", transport)
    assert (result.state, result.edition) == ("fout", None)
    assert CBS in (result.melding or "")


def test_the_demo_tells_every_event_of_the_registry(night: Night) -> None:
    """The demo would show a history that its own list of herindelingen does not have."""
    geography = Geography(SEEDS, 20261121)
    texts = descriptions(geography)
    serve(night, {code: texts.get(code, "") for code in geography.gemeenten})
    result = run(night)
    assert result.melding is None
    told = {(day.isoformat(), old, new) for _, day, old, new, _, _ in events(result)}
    assert told == {(event.day, event.old, event.new) for event in geography.events}
