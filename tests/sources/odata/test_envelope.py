"""Rows out of their envelope: the same rows as a plain JSON reader gives, or an error."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.errors import BadBodyError, SchemaError
from sources.odata.envelope import Envelope
from sources.odata.observations import explain, open_database, rows_query
from tests.archives import database

TYPES = {"ID": "BIGINT", "Naam": "VARCHAR", "Waarde": "DOUBLE"}
META = "https://opendata.cbs.nl/ODataFeed/OData/80001NED/$metadata#Cbs.OData.WebAPI.TypedDataSet"
LINK = "https://opendata.cbs.nl/ODataFeed/odata/80001NED/TypedDataSet?$format=json&$skip=10000"
ROWS = [{"ID": number, "Naam": f"naam {number}", "Waarde": number / 2} for number in range(50)]


def received(folder: Path, body: bytes, *, chunk: int = 1000, edge: int = 400, piece: int = 500) -> Envelope:
    """A body that came in chunks; little is held back, so that every body goes through files, and through several."""
    envelope = Envelope(folder / "page.json", edge=edge, piece=piece)
    for start in range(0, len(body), chunk):
        envelope.write(body[start : start + chunk])
    return envelope


def read(envelope: Envelope) -> tuple[list[tuple[Any, ...]], str | None]:
    """Rows and link, the way the converters read them."""
    with database().cursor() as cursor:
        rows = envelope.rows(cursor, "hier")
        try:
            return cursor.execute(rows_query(rows.files, TYPES)).fetchall(), rows.next_link
        except duckdb.InvalidInputException as error:
            raise explain(cursor, envelope, TYPES, "hier", error) from error


def values(rows: Iterable[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in TYPES) for row in rows]


def compact(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    "body",
    [
        compact({"odata.metadata": META, "value": ROWS, "odata.nextLink": LINK}),
        compact({"odata.metadata": META, "odata.nextLink": LINK, "value": ROWS}),
        compact({"value": ROWS, "odata.metadata": META, "odata.nextLink": LINK}),
        json.dumps({"odata.metadata": META, "value": ROWS, "odata.nextLink": LINK}, indent=2).encode(),
        json.dumps({"odata.nextLink": LINK, "value": ROWS}, indent="\t").replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + compact({"value": ROWS, "odata.nextLink": LINK}),
        # None of these has the plain shape: a bracket before or after the list, a list beside it.
        compact({"odata.metadata": "[x]", "value": ROWS, "odata.nextLink": LINK}),
        compact({"ander": [1, {"value": 2}], "value": ROWS, "odata.nextLink": LINK}),
        compact({"value": ROWS, "ander": [{"ID": 1}], "odata.nextLink": LINK}),
    ],
    ids=["compact", "link first", "link last", "pretty", "crlf", "bom", "bracket", "list before", "list after"],
)
@pytest.mark.parametrize("chunk", [1, 37, 100_000])
def test_the_form_of_an_answer_does_not_matter(tmp_path: Path, body: bytes, chunk: int) -> None:
    """Spaces, order and whatever else a service puts around its rows are the service's to choose."""
    assert read(received(tmp_path, body, chunk=chunk)) == (values(ROWS), LINK)


def test_rows_are_on_disk_before_the_answer_is_whole(tmp_path: Path) -> None:
    """Kept in memory until its end, a page of 37 MB takes as much, and four of them at once."""
    envelope = Envelope(tmp_path / "page.json", edge=400)
    body = compact({"value": ROWS})
    for start in range(0, len(body) - 100, 50):
        envelope.write(body[start : start + 50])
        assert len(envelope._open) < 2 * 400 + 50
    envelope._file.flush()
    assert len(body) - (tmp_path / "page.json").stat().st_size < 2 * 400 + 200


def test_a_long_list_is_cut_between_rows(tmp_path: Path) -> None:
    """DuckDB reads 2,048 rows of an array at a time: of rows of 4 kB that is more than all else it needs."""
    envelope = received(tmp_path, compact({"value": ROWS * 10}))
    with database().cursor() as cursor:
        files = envelope.rows(cursor, "hier").files
    lists = [json.loads(file.read_bytes()) for file in files]
    assert len(lists) > 10
    assert [row for rows in lists for row in rows] == ROWS * 10


def test_a_list_is_not_cut_within_a_row(tmp_path: Path) -> None:
    """Half a row is no JSON, and a page that is sound would be refused."""
    text = '},{"ID":1,"x":["},{'
    rows = [{"ID": number, "Naam": text, "Waarde": number / 2} for number in range(500)]
    assert read(received(tmp_path, compact({"value": rows}))) == (values(rows), None)


def test_a_long_list_that_cannot_be_cut_is_read_all_the_same(tmp_path: Path) -> None:
    """Parsed in one go, 40 MB take more memory than the database may have."""
    rest = ",".join(f'"Kolom_{number}":null' for number in range(250))
    rows = ",".join(f'{{"0":0,"ID":{number},"Naam":"x","Waarde":1,{rest}}}' for number in range(10_000))
    envelope = received(tmp_path, f'{{"value":[{rows}]}}'.encode(), chunk=100_000, edge=65_536)
    with open_database(tmp_path) as limited:
        files = envelope.rows(limited, "hier").files
        found = limited.execute(f"select count(*), max(ID) from ({rows_query(files, TYPES)})").fetchall()
    assert (len(files), found) == (1, [(10_000, 9_999)])


def test_nothing_is_left_of_an_answer_that_is_done_with(tmp_path: Path) -> None:
    """A table of ten thousand pages would fill the disk with what was converted long ago."""
    received(tmp_path, WHOLE).close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("rows", [[], ROWS[:1]])
def test_no_row_or_one(tmp_path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """The last page of a table can hold anything down to nothing."""
    assert read(received(tmp_path, compact({"odata.metadata": META, "value": list(rows)}))) == (values(rows), None)


WHOLE = compact({"odata.metadata": META, "value": ROWS, "odata.nextLink": LINK})


@pytest.mark.parametrize(
    "body",
    [
        *(WHOLE[:end] for end in (0, 1, 60, len(META) + 40, 1500, len(WHOLE) - len(LINK) - 30, len(WHOLE) - 1)),
        WHOLE.replace(b"},{", b"}{", 1),
        WHOLE.replace(b"},{", b"},,{", 1),
        WHOLE + b"x",
        compact({"odata.error": {"code": "", "message": {"value": "stuk"}}}),
        compact({"value": {"ID": 1}}),
        compact({"value": 5, "ander": ROWS}),
        compact(ROWS),
        b"<html></html>",
    ],
)
def test_what_is_no_whole_answer_is_refused(tmp_path: Path, body: bytes) -> None:
    """Half a page that passes for a page is a table with rows missing."""
    with pytest.raises(BadBodyError, match=r"hier: (geen volledige JSON|JSON zonder lijst van rijen)"):
        read(received(tmp_path, body))


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=1, max_value=len(WHOLE) - 1))
def test_no_beginning_of_an_answer_passes_for_it(end: int) -> None:
    """A connection can end after any byte, and a proxy can make that a good 200."""
    with tempfile.TemporaryDirectory() as folder, pytest.raises(BadBodyError):
        read(received(Path(folder), WHOLE[:end]))


def many(change: dict[str, Any], at: int) -> bytes:
    """25,000 rows of which one is another."""
    rows = [{"ID": number, "Naam": "x", "Waarde": None} for number in range(25_000)]
    rows[at] = change
    return compact({"odata.metadata": META, "value": rows})


def test_a_name_missing_from_one_row_of_25000_is_seen(tmp_path: Path) -> None:
    """DuckDB's own reader gives null for it, and nobody would know."""
    envelope = received(tmp_path, many({"ID": 24_990, "Naam": "x"}, 24_990))
    with pytest.raises(SchemaError, match="niet in alle rijen: Waarde"):
        read(envelope)


def test_a_column_that_is_null_for_25000_rows_keeps_its_later_value(tmp_path: Path) -> None:
    """Types inferred from the first rows make it null without an error."""
    rows, _ = read(received(tmp_path, many({"ID": 24_999, "Naam": "x", "Waarde": 0.5}, 24_999)))
    assert [row for row in rows if row[2] is not None] == [(24_999, "x", 0.5)]


@pytest.mark.parametrize("odd", [{"ID": 1, "Naam": "x", "Waarde": "veel"}, {"ID": 1, "Naam": "x", "Waarde": [1]}, 5])
def test_a_value_of_another_type_is_an_error(tmp_path: Path, odd: Any) -> None:
    """A text where a number belongs is a change of the table, not a null."""
    with pytest.raises(SchemaError):
        read(received(tmp_path, compact({"value": [*ROWS, odd]})))


TEXT = st.text(
    alphabet=st.one_of(st.sampled_from('{}[],:"\\ \n'), st.characters(codec="utf-8", exclude_characters="\0"))
)
NUMBER = st.none() | st.integers(-(2**31), 2**31).map(float) | st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.fixed_dictionaries({"ID": st.integers(0, 2**31), "Naam": st.none() | TEXT, "Waarde": NUMBER})),
    chunk=st.integers(1, 500),
    edge=st.integers(200, 500),
    piece=st.integers(1, 1000),
    indent=st.none() | st.integers(0, 3),
    escaped=st.booleans(),
)
def test_any_rows_come_back_as_they_were(
    rows: list[dict[str, Any]], chunk: int, edge: int, piece: int, indent: int | None, *, escaped: bool
) -> None:
    """A text may hold whatever the cutting looks for."""
    body = json.dumps({"odata.metadata": META, "value": rows}, indent=indent, ensure_ascii=escaped).encode()
    with tempfile.TemporaryDirectory() as folder:
        found, link = read(received(Path(folder), body, chunk=chunk, edge=edge, piece=piece))
    assert (found, link) == (values(rows), None)
