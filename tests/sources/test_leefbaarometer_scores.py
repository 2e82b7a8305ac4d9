"""Scores of the Leefbaarometer: the right file in the zip, and the map layer."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.leefbaarometer_scores import (
    GemeenteScore,
    LeefbaarometerError,
    compare_with_wfs,
    equal_to_six_digits,
    extract_gemeente_csv,
    parse_wfs,
    read_scores,
)

HEADER = '"gm_code","gm_naam","jaar","lbm","afw","fys","onv","soc","vrz","won"'
ROW = '"GM0014","Groningen",2024,4.12955415,0.0272893,0.0204748,-0.0343701,-0.0213592,0.0838143,-0.0212705'
EARLY = '"GM0014","Groningen",2002,4.13226485,0.03,NA,NA,NA,NA,NA'
FOLDER = "Leefbaarometer 3.0 - Meting 2024 - open data/"
MEMBER = f"{FOLDER}Leefbaarometer-scores gemeenten 2002-2024.csv"


def make_zip(path: Path, members: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def read(folder: Path, *lines: str, header: str = HEADER) -> list[GemeenteScore]:
    path = folder / "scores.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return read_scores(path, name="scores.csv")


def score(onv: str = "-0.0343701", code: str = "GM0014", **others: str) -> GemeenteScore:
    texts = {
        "lbm": "4.12955415",
        "afw": "0.0272893",
        "fys": "0.0204748",
        "onv": onv,
        "soc": "-0.0213592",
        "vrz": "0.0838143",
        "won": "-0.0212705",
    } | others
    values = {name: Decimal(text) if text else None for name, text in texts.items()}
    return GemeenteScore(code, 2024, values, 2)


# --- the zip ----------------------------------------------------------------


def test_the_gemeente_member_is_found_among_junk_and_other_levels(tmp_path: Path) -> None:
    """A Mac puts a file of the same name beside it whose content is no CSV."""
    path = make_zip(
        tmp_path / "x.zip",
        {
            FOLDER: b"",
            MEMBER.upper(): b"content",
            f"__MACOSX/{FOLDER}._Leefbaarometer-scores gemeenten 2002-2024.csv": b"\0junk",
            f"{FOLDER}._Leefbaarometer-scores gemeenten.csv": b"\0junk",
            f"{FOLDER}Leefbaarometer-scores wijken 2002-2024.csv": b"other",
            f"{FOLDER}Leefbaarometer-ontwikkeling gemeenten 2002-2024.csv": b"other",
        },
    )
    target = tmp_path / "out.csv"
    assert extract_gemeente_csv(path, target, name="x.zip") == MEMBER.upper()
    assert target.read_bytes() == b"content"


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({f"{FOLDER}Leefbaarometer-scores wijken.csv": b"x"}, ("gevonden 0", "scores wijken.csv")),
        ({}, ("gevonden 0", "niets")),
        (
            {MEMBER: b"x", f"{FOLDER}Leefbaarometer-scores gemeenten (oud).csv": b"x"},
            ("gevonden 2", "gemeenten 2002-2024.csv", "(oud).csv"),
        ),
    ],
)
def test_none_or_two_members_are_refused_with_the_candidates(
    tmp_path: Path, members: Mapping[str, bytes], said: tuple[str, ...]
) -> None:
    """The first of two would be last year's file as easily as this year's."""
    path = make_zip(tmp_path / "meting.zip", members)
    with pytest.raises(LeefbaarometerError, match=r"meting\.zip: verwacht één bestand") as caught:
        extract_gemeente_csv(path, tmp_path / "out.csv", name="meting.zip")
    assert all(text in str(caught.value) for text in said)


def test_a_member_above_the_bound_is_refused_whatever_the_zip_states(tmp_path: Path) -> None:
    """A few kilobytes that unpack without end fill the disk of everything else."""
    path = make_zip(tmp_path / "x.zip", {MEMBER: b"0" * 3_000_000})
    with pytest.raises(LeefbaarometerError, match="hoogstens 1000000 bytes"):
        extract_gemeente_csv(path, tmp_path / "out.csv", name="x.zip", limit=1_000_000)
    assert (tmp_path / "out.csv").stat().st_size <= 1_000_000


@pytest.mark.parametrize("content", [b"<html>storing</html>", b"", b"PK\x03\x04 broken"])
def test_what_is_no_zip_is_said_so(tmp_path: Path, content: bytes) -> None:
    """A web page with status 200 must not surface as a stack trace."""
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    with pytest.raises(LeefbaarometerError, match="verwacht een leesbare zip"):
        extract_gemeente_csv(path, tmp_path / "out.csv", name="x.zip")


def test_a_damaged_member_is_said_so(tmp_path: Path) -> None:
    """A download that lost bytes in the middle still opens as a zip."""
    path = make_zip(tmp_path / "x.zip", {MEMBER: bytes(range(256)) * 100})
    content = bytearray(path.read_bytes())
    content[len(MEMBER) + 60] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(LeefbaarometerError, match="niet zijn uit te pakken"):
        extract_gemeente_csv(path, tmp_path / "out.csv", name="x.zip")


# --- the CSV ----------------------------------------------------------------


def test_scores_are_read_exactly_and_bare_na_is_empty(tmp_path: Path) -> None:
    """0 instead of nothing would say that a gemeente is exactly average in years without dimension scores."""
    new, old = read(tmp_path, ROW, EARLY)
    assert (new.gemeente_code, new.jaar, new.values["onv"]) == ("GM0014", 2024, Decimal("-0.0343701"))
    assert (old.jaar, old.values["afw"], old.values["onv"]) == (2002, Decimal("0.03"), None)


def test_other_columns_another_order_and_a_mark_are_allowed(tmp_path: Path) -> None:
    """The name of the second column was never seen; only the columns we need are fixed."""
    path = tmp_path / "scores.csv"
    header = '"jaar","gm_code","GM_NM","extra","lbm","afw","won","fys","onv","soc","vrz"'
    path.write_bytes(f'\ufeff{header}\n2024,"GM0014","a ""b"", c",1,NA,1e-05,NA,NA,2,3,4\n'.encode())
    [found] = read_scores(path, name="scores.csv")
    assert found.values == {
        "lbm": None,
        "afw": Decimal("0.00001"),
        "fys": None,
        "onv": Decimal(2),
        "soc": Decimal(3),
        "vrz": Decimal(4),
        "won": None,
    }


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            [ROW.replace("GM0014", "BU0014")],
            "regel 2: verwacht een gemeentecode van GM en vier cijfers, gevonden 'BU0014'",
        ),
        ([ROW, ROW.replace("GM0014", "14")], "regel 3: verwacht een gemeentecode"),
        ([ROW.replace("2024", "24")], "regel 2: verwacht een jaar van vier cijfers, gevonden '24'"),
        ([ROW.replace("-0.0343701", "-0,03")], "verwacht een CSV van 10 kolommen"),
        ([ROW.replace("-0.0343701", '"-0,03"')], "regel 2, kolom onv: verwacht een getal"),
        ([ROW.replace("-0.0343701", "inf")], "regel 2, kolom onv: verwacht een getal"),
        ([ROW, ROW], "verwacht één rij per gemeente en jaar, gevonden 1 dubbele: GM0014 2024"),
        ([], "verwacht rijen met scores, gevonden geen enkele"),
        ([ROW.rpartition(",")[0]], "verwacht een CSV van 10 kolommen"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, lines: list[str], said: str) -> None:
    """A row that does not fit means that the columns are not what we think."""
    with pytest.raises(LeefbaarometerError) as caught:
        read(tmp_path, *lines)
    assert said in str(caught.value)


def test_a_missing_column_names_what_is_there(tmp_path: Path) -> None:
    """A renamed column must be recognisable from the message alone."""
    with pytest.raises(LeefbaarometerError, match="ontbreekt of dubbel: onv") as caught:
        read(tmp_path, ROW, header=HEADER.replace('"onv"', '"veiligheid"'))
    assert "veiligheid" in str(caught.value)


# --- the map layer ----------------------------------------------------------

PROPERTIES = {
    "id": "GM0014",
    "year": "2024",
    "afw": 0.0272893,
    "won": -0.0212705,
    "fys": 0.0204748,
    "vrz": 0.0838143,
    "soc": -0.0213592,
    "onv": -0.0343701,
}


def layer(*features: object, **members: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **members}).encode()


def feature(**changes: object) -> dict[str, object]:
    properties = {**PROPERTIES, **changes}
    return {
        "type": "Feature",
        "geometry": None,
        "properties": {k: v for k, v in properties.items() if v != "-"},
    }


def test_the_layer_gives_scores_as_written(tmp_path: Path) -> None:
    """Through a float -0.0343701 need not come back as written."""
    [found] = parse_wfs(layer(feature(), numberMatched=1), "application/json;charset=UTF-8", year=2024, name="wfs")
    assert (found.gemeente_code, found.jaar, found.values["onv"]) == ("GM0014", 2024, Decimal("-0.0343701"))
    assert "lbm" not in found.values
    assert compare_with_wfs(read(tmp_path, ROW, EARLY), [found], year=2024) == []


@pytest.mark.parametrize(
    ("body", "content_type", "said"),
    [
        (
            b'<?xml version="1.0"?><ows:ExceptionReport><ows:ExceptionText>Unknown layer</ows:ExceptionText>',
            "application/xml",
            "verwacht JSON, gevonden 'application/xml'.*\"Unknown layer\"",
        ),
        (b"<html><head><title>Storing</title></head>", "text/html", '"Storing"'),
        (b" <html>", "application/json", "verwacht JSON"),
        (b"", "", "geen type"),
        (b'{"features": [', "application/json", "afbreken"),
        (b'{"type": "x"}', "application/json", "FeatureCollection"),
        (b"[]", "application/json", "FeatureCollection"),
        (layer(feature(), numberMatched=342), "application/json", "verwacht 342 gemeenten.*gevonden 1"),
        (layer(feature(year="2022")), "application/json", "verwacht het jaar 2024, gevonden 2022"),
        (layer(feature(id="WK001400")), "application/json", "feature 1: verwacht een gemeentecode"),
        (layer(feature(onv="-")), "application/json", "verwacht het kenmerk onv"),
        (layer(feature(onv="veel")), "application/json", "verwacht een getal, gevonden 'veel'"),
        (layer(feature(), feature()), "application/json", "dubbele: GM0014 2024"),
        (layer("x"), "application/json", "eigenschappen"),
        (layer(), "application/json", "geen enkele"),
    ],
)
def test_an_answer_that_is_no_layer_is_refused(body: bytes, content_type: str, said: str) -> None:
    """The service sends its errors as XML with status 200."""
    with pytest.raises(LeefbaarometerError, match=said):
        parse_wfs(body, content_type, year=2024, name="wfs")


def test_differences_with_the_layer_are_counted_and_shown() -> None:
    """A zip that was renewed without the layer, or the other way round, has to be seen by a person."""
    scores = [score(code=f"GM{n:04d}") for n in range(1, 21)]
    other = [score("-0.0343801", code=f"GM{n:04d}") for n in range(2, 22)]
    alone, different = compare_with_wfs(scores, other, year=2024)
    assert alone.endswith("2 gemeenten staan maar in een van beide: GM0001, GM0021")
    assert "in 19 scores: GM0002 onv -0.0343701 (zip) tegen -0.0343801 (kaartlaag)" in different
    assert different.count("(zip)") == 10


@given(st.integers(-(10**15), 10**15).filter(bool), st.integers(-3, 3))
def test_a_score_equals_itself_rounded_to_six_digits(digits: int, shift: int) -> None:
    """The layer is the zip rounded to six digits; rounding must never look like a difference."""
    exact = Decimal(digits).scaleb(shift - 16)
    rounded = Decimal(f"{exact:.5e}")
    assert equal_to_six_digits(exact, rounded)
    step = Decimal(1).scaleb(rounded.adjusted() - 5)
    assert not equal_to_six_digits(exact, rounded + 2 * step)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (None, None, True),
        (None, Decimal(0), False),
        (Decimal(0), Decimal(0), True),
        (Decimal(0), Decimal("1e-9"), False),
    ],
)
def test_empty_equals_only_empty(one: Decimal | None, other: Decimal | None, equal: bool) -> None:
    """Missing is not zero."""
    assert equal_to_six_digits(one, other) is equal
