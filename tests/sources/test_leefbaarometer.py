"""One night of the Leefbaarometer: zip first, map layer to check and to stand in, old edition before that."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pytest

from sources.http import Transport
from sources.leefbaarometer import refresh_leefbaarometer
from sources.replay import Fault
from sources.results import TableResult
from sources.services import Services
from tests.sources.plain_archives import (
    FAST,
    LAYER_URL,
    MEMBER,
    NOW,
    ZIP_URL,
    Night,
    layer_of,
    real_registry,
    scores,
    scores_csv,
    zipped,
)

METING, WFS = "leefbaarometer_meting-2024", "leefbaarometer_wfs-2024"
ROWS = scores(["GM0014", "GM0034", "GM0758"])
REGISTRY = real_registry()


def refresh(services: Services, lake: Path, transport: Transport) -> Iterable[TableResult]:
    return refresh_leefbaarometer(REGISTRY, services, lake, transport, now=lambda: NOW)


def serve_zip(night: Night, rows: Iterable[dict[str, str]] = ROWS) -> None:
    night.serve(ZIP_URL, zipped(night.folder, {MEMBER: scores_csv(rows)}), "application/zip")


def serve_layer(night: Night, rows: Iterable[dict[str, str]] = ROWS) -> None:
    night.serve(LAYER_URL, layer_of(rows), "application/json;charset=UTF-8")


@pytest.fixture
def night(tmp_path: Path) -> Night:
    new = Night(tmp_path)
    new.rename("one")
    serve_zip(new)
    serve_layer(new)
    return new


def figures(result: TableResult) -> dict[tuple[str, str, str], float | None]:
    assert result.edition is not None
    rows = duckdb.execute(
        "select ref_area, time_period, measure, obs_value from read_parquet(?)",
        [[str(part) for part in result.edition.observation_parts]],
    ).fetchall()
    return {(area, period, measure): value for area, period, measure, value in rows}


def test_the_zip_becomes_observations_and_a_series(night: Night) -> None:
    """A year label, a sign or a zero for NA that changes here changes I 2.1.1 for every gemeente."""
    results = night.run(refresh)
    assert results[METING].state == "ververst"
    assert results[METING].melding is None
    found = figures(results[METING])
    assert len(found) == len(ROWS) * 7
    expected = next(row for row in ROWS if (row["gm_code"], row["jaar"]) == ("GM0758", "2024"))
    assert found["GM0758", "2024JJ00", "onv"] == float(expected["onv"])
    assert found["GM0758", "2024JJ00", "lbm"] == float(expected["lbm"])
    assert found["GM0758", "2002JJ00", "onv"] is None
    edition = results[METING].edition
    assert edition is not None
    assert edition.series is not None
    columns = "source_id, series_id, rol, edition_order, measure, dimensions, jaren, indelingsjaar, n_codes"
    assert duckdb.execute(f"select {columns} from read_parquet(?)", [str(edition.series)]).fetchall() == [
        (METING, "lbm3_onv", "waarde", 1, "onv", "{}", "2014;2018;2020;2022;2024", 2024, 1)
    ]
    assert edition.manifest.requests[0].url.endswith("/resources/open-data-leefbaarometer-meting-2024.zip")
    assert edition.manifest.indelingsjaar == 2024


def test_the_types_are_those_of_the_lake(night: Night) -> None:
    """Another type is read as null or as another number when dbt unites the editions."""
    edition = night.run(refresh)[METING].edition
    assert edition is not None
    described = duckdb.execute("describe select * from read_parquet(?)", [str(edition.observation_parts[0])]).fetchall()
    assert {name: kind for name, kind, *_ in described} == {
        "source_id": "VARCHAR",
        "table_id": "VARCHAR",
        "edition": "VARCHAR",
        "ref_area": "VARCHAR",
        "time_period": "VARCHAR",
        "measure": "VARCHAR",
        "dimensions": "VARCHAR",
        "obs_value": "DOUBLE",
        "obs_status": "VARCHAR",
        "unit_measure": "VARCHAR",
    }


def test_the_layer_is_read_for_comparison_and_not_stored(night: Night) -> None:
    """Stored beside the zip it would give every figure of 2024 twice."""
    result = night.run(refresh)[WFS]
    assert (result.state, result.edition) == ("niet_nodig", None)
    assert "/lbm3/ows" in night.downloaded()
    assert not (night.lake / WFS).exists()


def test_a_second_run_on_the_same_archive_downloads_nothing(night: Night) -> None:
    """Two megabytes and a new edition every night make every publication look changed."""
    first = night.run(refresh)
    second = night.run(refresh)
    assert second[METING].state == "ongewijzigd"
    assert second[METING].edition == first[METING].edition
    assert night.log == []


def test_another_archive_is_loaded_again(night: Night) -> None:
    """Identical by chance of a name, another stand-in would never be looked at."""
    night.run(refresh)
    night.rename("two")
    assert night.run(refresh)[METING].state == "ververst"


def test_the_same_content_is_no_new_edition(night: Night) -> None:
    """Where nothing says whether the file changed, its hash does."""
    night.bare = True
    first = night.run(refresh)[METING]
    second = night.run(refresh)[METING]
    assert (second.state, second.edition) == ("ongewijzigd", first.edition)
    assert night.downloaded() == ["/resources/open-data-leefbaarometer-meting-2024.zip"]


def test_a_validator_saves_the_download(night: Night) -> None:
    """The live site may say that the file is the same; then two megabytes need not travel."""
    night.bare = night.etag = True
    night.run(refresh)
    assert night.run(refresh)[METING].state == "ongewijzigd"
    assert [(request.method, request.status) for request in night.log] == [("HEAD", 200)]


def test_a_server_that_refuses_head_is_asked_with_get(night: Night) -> None:
    """Many plain web servers answer HEAD with an error and GET with the file."""
    night.faults = (Fault("404", path_contains="resources", first=1, count=1),)
    assert night.run(refresh)[METING].state == "ververst"
    assert [request.method for request in night.log][:2] == ["HEAD", "GET"]


def test_progress_names_each_table(night: Night) -> None:
    """A bar that stands still on a long download looks like a crash."""
    steps: list[tuple[str, str]] = []

    def told(services: Services, lake: Path, transport: Transport) -> Iterable[TableResult]:
        return refresh_leefbaarometer(
            REGISTRY, services, lake, transport, on_progress=lambda step: steps.append((step.bron_id, step.stap))
        )

    night.run(told)
    assert steps == [(METING, "metadata"), (METING, "klaar"), (WFS, "klaar")]


def test_a_changed_file_with_validators_is_loaded(night: Night) -> None:
    """A validator that is compared with itself would hide every renewal."""
    night.bare = night.etag = True
    night.run(refresh)
    serve_zip(night, scores(["GM0014", "GM0034", "GM0757"]))
    assert night.run(refresh)[METING].state == "ververst"


def test_differences_with_the_layer_are_told_and_kept(night: Night) -> None:
    """A zip and a layer that disagree need a person, not a silent choice."""
    changed = [dict(row) for row in ROWS]
    changed[-1]["onv"] = "0.150001"
    serve_layer(night, changed)
    result = night.run(refresh)[METING]
    assert result.state == "ververst"
    assert result.melding is not None
    assert "Kaartlaag en zip verschillen voor 2024 in 1 scores: GM0758 onv" in result.melding
    assert result.edition is not None
    assert result.edition.manifest.warnings[0] in result.melding
    # Said again on every night that uses it, not only on the first.
    assert night.run(refresh)[METING].melding == result.melding


def test_a_layer_that_is_down_does_not_stop_the_zip(night: Night) -> None:
    """The comparison is a courtesy; the figures do not need it."""
    night.withdraw(LAYER_URL)
    result = night.run(refresh)[METING]
    assert result.state == "ververst"
    assert result.melding is not None
    assert result.melding.startswith("de zip is niet met de kaartlaag vergeleken")


@pytest.mark.parametrize(
    ("fault", "state", "said"),
    [
        (Fault("404", path_contains="resources"), "ontbreekt", "HTTP 404"),
        (Fault("html200", path_contains="resources"), "fout", "verwacht een zip"),
        (Fault("truncate", path_contains="resources"), "fout", ZIP_URL.rpartition("/")[2]),
        (Fault("503", path_contains="resources"), "fout", "HTTP 503"),
    ],
)
def test_without_zip_the_layer_stands_in_and_says_so(night: Night, fault: Fault, state: str, said: str) -> None:
    """One year is better than none, as long as nobody takes it for the whole series."""
    night.faults = (fault,)
    results = night.run(refresh)
    assert results[METING].state == state
    assert said in (results[METING].melding or "")
    assert results[METING].edition is None
    assert results[METING].problems == ()
    assert results[WFS].state == "ververst"
    assert "van de kaartlaag is alleen 2024 gebruikt" in (results[WFS].melding or "")
    found = figures(results[WFS])
    assert {period for _, period, _ in found} == {"2024JJ00"}
    assert {measure for _, _, measure in found} == {"afw", "fys", "onv", "soc", "vrz", "won"}
    edition = results[WFS].edition
    assert edition is not None
    assert duckdb.execute(
        "select series_id, edition_order, jaren from read_parquet(?)", [str(edition.series)]
    ).fetchall() == [("lbm3_onv", 2, "2024")]


def test_a_zip_that_is_no_longer_offered_goes_on_out_of_date(night: Night) -> None:
    """Moved without a redirect: every score would be gone the next morning."""
    before = night.run(refresh)[METING].edition
    night.rename("two")
    night.faults = (Fault("404", path_contains="resources"),)
    result = night.run(refresh)[METING]
    assert (result.state, result.edition) == ("fout", before)
    assert result.verouderd_sinds is not None
    assert "blijft in gebruik" in (result.melding or "")


def test_the_zip_takes_over_again_when_it_is_back(night: Night) -> None:
    """A stand-in that stays beside the real thing gives every figure twice."""
    night.faults = (Fault("503", path_contains="resources"),)
    assert night.run(refresh)[WFS].edition is not None
    night.faults = ()
    results = night.run(refresh)
    assert results[METING].state == "ververst"
    assert (results[WFS].state, results[WFS].edition) == ("niet_nodig", None)


def test_an_old_zip_goes_before_a_new_layer(night: Night) -> None:
    """One bad night must not cut nine years down to one."""
    first = night.run(refresh)[METING]
    night.rename("two")
    night.faults = (Fault("503", path_contains="resources"),)
    results = night.run(refresh)
    assert (results[METING].state, results[METING].edition) == ("fout", first.edition)
    assert "de editie van 2026-11-21 blijft in gebruik" in (results[METING].melding or "")
    assert results[METING].verouderd_sinds == NOW
    assert results[WFS].state == "niet_nodig"


def test_the_sum_rule_keeps_a_bad_zip_out(night: Night) -> None:
    """Swapped columns look like any other number."""
    first = night.run(refresh)[METING]
    swapped = [dict(row) for row in ROWS]
    swapped[1]["onv"] = "0.1"
    night.rename("two")
    serve_zip(night, swapped)
    result = night.run(refresh)[METING]
    assert (result.state, result.edition) == ("fout", first.edition)
    assert "afw = fys + onv + soc + vrz + won" in (result.melding or "")
    assert "GM0014 2022" in (result.melding or "")


@pytest.mark.parametrize(
    ("members", "said"),
    [
        (
            {"map/Leefbaarometer-scores wijken.csv": b"x"},
            "gevonden 0; dit zit erin: 'map/Leefbaarometer-scores wijken.csv'",
        ),
        ({MEMBER: scores_csv(ROWS), MEMBER.replace("2024", "2022"): scores_csv(ROWS)}, "gevonden 2; dit past:"),
        ({MEMBER: scores_csv([ROWS[0] | {"gm_code": "WK001400"}])}, "regel 2: verwacht een gemeentecode"),
    ],
)
def test_a_zip_without_one_good_gemeente_file_is_refused_by_name(
    night: Night, members: dict[str, bytes], said: str
) -> None:
    """Another level of area, or last year's file, must not come in as gemeenten."""
    night.serve(ZIP_URL, zipped(night.folder, members), "application/zip")
    result = night.run(refresh)[METING]
    assert result.state == "fout"
    assert said in (result.melding or "")
    assert "open-data-leefbaarometer-meting-2024.zip" in (result.melding or "")


def test_an_xml_error_with_status_200_is_no_layer(night: Night) -> None:
    """The service reports its troubles as a good answer."""
    night.withdraw(ZIP_URL)
    body = b'<?xml version="1.0"?><ows:ExceptionReport><ows:ExceptionText>Feature type unknown</ows:ExceptionText>'
    night.serve(LAYER_URL, body, "application/xml")
    results = night.run(refresh)
    assert results[WFS].state == "fout"
    assert "Feature type unknown" in (results[WFS].melding or "")
    assert results[WFS].edition is None


def test_with_neither_every_series_says_why(night: Night) -> None:
    """A KPI without figures and without reason looks like a mistake of the mart."""
    night.withdraw(ZIP_URL)
    night.withdraw(LAYER_URL)
    results = night.run(refresh)
    assert [results[METING].state, results[WFS].state] == ["ontbreekt", "ontbreekt"]
    problems = [problem for result in results.values() for problem in result.problems]
    assert [(problem.series_id, problem.reden) for problem in problems] == [("lbm3_onv", "tabel_ontbreekt")]


def test_a_server_that_is_down_is_a_result_and_no_exception(tmp_path: Path) -> None:
    """An exception here would skip the whole mart."""
    with Transport(FAST) as transport:
        nowhere = Services.at("http://127.0.0.1:9", "archive-x")
        results = list(refresh(nowhere, tmp_path / "lake", transport))
    assert [result.state for result in results] == ["fout", "fout"]


def test_a_stand_in_that_says_the_same_stays_the_same_edition(night: Night) -> None:
    """The layer carries the time of the request, so its bytes differ every night."""
    night.withdraw(ZIP_URL)
    night.bare = True
    first = night.run(refresh)[WFS]
    assert first.edition is not None
    stamped = layer_of(ROWS).replace(b'{"type"', b'{"timeStamp": "2026-11-22T03:30:00Z", "type"', 1)
    night.serve(LAYER_URL, stamped, "application/json")
    result = night.run(refresh)[WFS]
    assert (result.state, result.edition) == ("ongewijzigd", first.edition)
