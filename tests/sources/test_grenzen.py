"""The boundaries: the file of the right year, checked, or no maps and a reason."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from sources.gebieden import Roster
from sources.gemeente_register import GemeenteRegister
from sources.grenzen import GrenzenError, check_boundaries, refresh_grenzen
from sources.http import Transport
from sources.replay import Fault
from sources.results import TableResult
from sources.services import Services
from tests.sources.plain_archives import CARTOMAP, FAST, NOW, Night, real_register, real_registry

REGISTRY, REGISTER = real_registry(), real_register()
BRON_ID = "grenzen_gemeente"
CODES = REGISTER.codes_in(2024)


def feature(code: str = "GM0758", **changes: Any) -> dict[str, Any]:
    shape = {"type": "Polygon", "coordinates": [[[4.7, 51.5], [4.8, 51.5], [4.8, 51.6], [4.7, 51.5]]]}
    return {"type": "Feature", "properties": {"statcode": code}, "geometry": shape} | changes


def collection(features: Iterable[Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def url(year: int) -> str:
    return f"{CARTOMAP}/nl/wgs84/gemeente_{year}.geojson"


def serve(night: Night, year: int, codes: Iterable[str] = CODES) -> None:
    night.serve(url(year), collection(feature(code) for code in sorted(codes)), "application/geo+json")


def run(night: Night, year: int = 2024) -> TableResult:
    roster = Roster(year, REGISTER.codes_in(year), None)

    def refresh(services: Services, lake: Path, transport: Transport) -> Iterable[TableResult]:
        return refresh_grenzen(REGISTRY, services, lake, transport, register=REGISTER, roster=roster, now=lambda: NOW)

    return night.run(refresh)[BRON_ID]


@pytest.fixture
def night(tmp_path: Path) -> Night:
    new = Night(tmp_path)
    new.rename("one")
    return new


def test_the_years_with_the_same_gemeenten_follow_from_the_register() -> None:
    """One file serves 2023 to 2026; the one of 2022 has other gemeenten."""
    assert REGISTER.years_alike(2024, 2026) == [2026, 2025, 2023]
    assert REGISTER.years_alike(2022, 2026) == []
    assert isinstance(REGISTER, GemeenteRegister)


def test_a_good_file_has_nothing_to_remark() -> None:
    """A remark every night is no remark."""
    shape = {"type": "MultiPolygon", "coordinates": [[[[5.0, 53.4], [5.1, 53.4, 0.0], [5.1, 53.5], [5.0, 53.4]]]]}
    body = collection([feature(), feature("GM0060", geometry=shape)])
    assert check_boundaries(body, {"GM0758", "GM0060"}, name="x") == []


def test_gemeenten_without_shape_are_named() -> None:
    """A hole in the map is seen by the gemeente first."""
    body = collection([feature(), feature("GM0003")])
    assert check_boundaries(body, {"GM0758", "GM0014"}, name="x") == [
        "1 gemeenten hebben geen grens op de kaart: GM0014",
        "1 grenzen horen bij geen gemeente van de indeling: GM0003",
    ]


RD = {"type": "Polygon", "coordinates": [[[112000, 400000], [113000, 400000], [113000, 401000], [112000, 400000]]]}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html>", "verwacht GeoJSON"),
        (b"[]", "verwacht een FeatureCollection"),
        (b'{"type": "Topology", "features": []}', "verwacht een FeatureCollection"),
        (collection([]), "verwacht een FeatureCollection"),
        (collection([feature("0758")]), "vorm 1: verwacht een statcode van GM en vier cijfers, gevonden '0758'"),
        (collection(["x"]), "vorm 1: verwacht een statcode"),
        (collection([feature(), feature()]), "dubbel: GM0758"),
        (collection([feature(geometry=None)]), "verwacht een vlak"),
        (collection([feature(geometry={"type": "Polygon", "coordinates": []})]), "gevonden geen"),
        (
            collection([feature(geometry=RD)]),
            r"binnen Nederland, gevonden \(112000.0, 400000.0\); is dit een andere projectie",
        ),
        (collection([feature("GM0003")]), "gevonden geen enkele"),
    ],
)
def test_what_is_no_map_of_the_gemeenten_is_refused(body: bytes, said: str) -> None:
    """A page draws whatever it is given, in the sea if need be."""
    with pytest.raises(GrenzenError, match=said):
        check_boundaries(body, {"GM0758"}, name="x")


def test_the_file_is_kept_as_it_came(night: Night) -> None:
    """A file that was written again is no longer the one that its hash and licence belong to."""
    serve(night, 2024)
    result = run(night)
    assert (result.state, result.melding, result.rows) == ("ververst", None, 342)
    assert result.edition is not None
    served = json.loads((night.archive / "files" / "index.json").read_text())[f"GET {url(2024)}"]["file"]
    kept = (result.edition.folder / "gemeente.geojson").read_bytes()
    assert kept == (night.archive / "files" / served).read_bytes()
    assert result.edition.manifest.indelingsjaar == 2024
    assert result.edition.series is None
    assert result.edition.observation_parts == []


def test_the_year_of_the_roster_goes_first(night: Night) -> None:
    """The newest file is not the right one when the roster is older."""
    serve(night, 2024)
    serve(night, 2026)
    edition = run(night).edition
    assert edition is not None
    assert edition.manifest.titel.endswith(" 2024")


def test_a_year_with_the_same_gemeenten_serves(night: Night) -> None:
    """The file of a year often comes months after its gemeenten."""
    serve(night, 2023)
    result = run(night, 2026)
    assert result.state == "ververst"
    assert result.edition is not None
    assert result.edition.manifest.indelingsjaar == 2023


def test_without_a_file_there_are_no_maps_and_it_is_said(night: Night) -> None:
    """The figures stand without a map; the page must know."""
    result = run(night)
    assert (result.state, result.edition) == ("ontbreekt", None)
    assert "heeft geen van gemeente_2024.geojson, gemeente_2026.geojson" in (result.melding or "")
    assert "er zijn geen kaarten, de cijfers zelf wel" in (result.melding or "")


def test_maps_that_are_no_longer_offered_go_on_out_of_date(night: Night) -> None:
    """The file of last year is moved, and every page would lose its map."""
    serve(night, 2026)
    before = run(night).edition
    night.rename("two")
    night.withdraw(url(2026))
    result = run(night)
    assert (result.state, result.edition) == ("fout", before)
    assert result.verouderd_sinds is not None


def test_boundaries_of_another_division_are_not_used(night: Night) -> None:
    """Figures of today in the borders of 2022 are on the wrong gemeente."""
    serve(night, 2022, REGISTER.codes_in(2022))
    assert run(night, 2022).state == "ververst"
    night.rename("two")
    result = run(night, 2026)
    assert (result.state, result.edition) == ("ontbreekt", None)


def test_the_same_archive_is_not_downloaded_again(night: Night) -> None:
    """Nothing changed is nothing to do."""
    serve(night, 2024)
    first = run(night)
    second = run(night)
    assert (second.state, second.edition) == ("ongewijzigd", first.edition)
    assert night.log == []


def test_the_same_file_is_no_new_edition(night: Night) -> None:
    """Where nothing says whether the file changed, its hash does."""
    serve(night, 2024)
    night.bare = True
    first = run(night)
    second = run(night)
    assert (second.state, second.edition) == ("ongewijzigd", first.edition)


@pytest.mark.parametrize("fault", [Fault("html200"), Fault("truncate"), Fault("503"), Fault("reset")])
def test_a_bad_answer_keeps_the_old_boundaries(night: Night, fault: Fault) -> None:
    """One bad night must not take the maps away."""
    serve(night, 2024)
    first = run(night)
    night.rename("two")
    night.faults = (fault,)
    result = run(night)
    assert (result.state, result.edition) == ("fout", first.edition)
    assert result.verouderd_sinds == NOW


def test_missing_gemeenten_are_remarked_every_night(night: Night) -> None:
    """A hole in the map does not close by being seen once."""
    serve(night, 2024, CODES - {"GM0758"})
    first, second = run(night), run(night)
    assert first.melding == second.melding == "1 gemeenten hebben geen grens op de kaart: GM0758"


def test_a_service_that_is_down_is_a_result(tmp_path: Path) -> None:
    """An exception here would skip the whole mart."""
    roster = Roster(2024, CODES, None)
    with Transport(FAST) as transport:
        nowhere = Services.at("http://127.0.0.1:9")
        [result] = refresh_grenzen(REGISTRY, nowhere, tmp_path / "lake", transport, register=REGISTER, roster=roster)
    assert (result.state, result.edition) == ("fout", None)
    assert "er zijn geen kaarten" in (result.melding or "")
