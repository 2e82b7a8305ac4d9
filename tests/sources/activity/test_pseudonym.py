"""Pseudonyms: the published vectors, and Python and DuckDB alike."""

from __future__ import annotations

from functools import cache

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.activity.key import make_key
from sources.activity.pseudonym import (
    forget_key,
    install_key,
    normalise_identifier,
    normalise_sql,
    pseudonym,
    pseudonym_sql,
)

KEY = make_key(bytes(range(32)))
ASCII = st.text(st.characters(max_codepoint=126, min_codepoint=32), max_size=30)


@cache
def shared() -> duckdb.DuckDBPyConnection:
    """One connection with the key, for examples by the hundred."""
    opened = duckdb.connect(":memory:", config={"threads": 1})
    install_key(opened, KEY)
    return opened


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return shared()


@pytest.mark.parametrize(
    ("organisatie", "domein", "expected"),
    [
        ("org-a", "deelnemer", "ZWNXAMW7LO2IRSXXKGUAFN2SU2"),
        ("org-a", "casus", "73CDLCEJ7QMN6HHXIFUHBGRY7O"),
        ("org-b", "deelnemer", "PSKG524KBM3T6Q5LQZR5BSP53I"),
    ],
)
def test_the_published_vectors_hold(
    connection: duckdb.DuckDBPyConnection, organisatie: str, domein: str, expected: str
) -> None:
    """Another recipe than the documented one cuts the links with what was pseudonymised before."""
    assert pseudonym(KEY, organisatie, domein, "12345") == expected
    sql = pseudonym_sql("'12345'", organisatie, domein)
    assert connection.execute(f"SELECT {sql}").fetchone() == (expected,)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1), max_size=20))
def test_duckdb_gives_what_python_gives(identifiers: list[str]) -> None:
    """Two ways to one pseudonym that differ on some text lose that person between two years."""
    sql = pseudonym_sql("x", "org'a", "casus")
    rows = shared().execute(f"SELECT x, {sql} FROM (SELECT unnest(?::VARCHAR[]) AS x)", [identifiers]).fetchall()
    assert all(found == pseudonym(KEY, "org'a", "casus", text) for text, found in rows)
    assert len(rows) == len(identifiers)


def test_no_identifier_has_no_pseudonym(connection: duckdb.DuckDBPyConnection) -> None:
    """An anonymous contact would become one and the same person everywhere."""
    assert connection.execute(f"SELECT {pseudonym_sql('NULL::VARCHAR', 'org-a', 'casus')}").fetchone() == (None,)
    assert connection.execute(f"SELECT {normalise_sql(chr(39) + '  ' + chr(39))}").fetchone() == (None,)


def test_another_key_length_is_hashed_as_hmac_says(connection: duckdb.DuckDBPyConnection) -> None:
    """A key longer than a block is hashed first; done otherwise, DuckDB and Python part ways."""
    long_key = make_key(bytes(range(100)))
    with duckdb.connect(":memory:", config={"threads": 1}) as opened:
        install_key(opened, long_key)
        found = opened.execute(f"SELECT {pseudonym_sql(chr(39) + 'A' + chr(39), 'o', 'd')}").fetchone()
    assert found == (pseudonym(long_key, "o", "d", "A"),)


def test_a_forgotten_key_is_gone(connection: duckdb.DuckDBPyConnection) -> None:
    """A key that lingers on a connection ends up in whatever is done with it next."""
    with duckdb.connect(":memory:", config={"threads": 1}) as opened:
        install_key(opened, KEY)
        forget_key(opened)
        assert opened.execute("SELECT name FROM duckdb_variables()").fetchall() == []


@pytest.mark.parametrize(
    ("text", "strip", "expected"),
    [
        ("  ab-12 ", False, "AB-12"),
        ("12345.0", False, "12345"),
        ("12345.00", False, "12345"),
        ("12345.5", False, "12345.5"),
        ("00123", False, "00123"),
        ("00123", True, "123"),
        ("00123.0", True, "123"),
        ("0000", True, "0"),
        ("\uff11\uff12\uff13", False, "123"),
        ("é1", False, "É1"),
        ("ﬁ9", False, "FI9"),
    ],
)
def test_an_identifier_is_written_one_way(text: str, strip: bool, expected: str) -> None:
    """The same person in two spellings would be two persons."""
    assert normalise_identifier(text, strip_zeros=strip) == expected


@settings(deadline=None, max_examples=40)
@given(st.lists(ASCII, max_size=20), st.booleans())
def test_sql_writes_identifiers_as_python_does(texts: list[str], strip: bool) -> None:
    """The reader writes some identifiers and SQL the others: they have to agree."""
    sql = normalise_sql("x", strip_zeros=strip)
    rows = shared().execute(f"SELECT x, {sql} FROM (SELECT unnest(?::VARCHAR[]) AS x)", [texts]).fetchall()
    assert all(found == (normalise_identifier(text, strip_zeros=strip) or None) for text, found in rows)


@settings(deadline=None, max_examples=40)
@given(st.text(st.characters(min_codepoint=128, exclude_categories=("Cs",)), min_size=1, max_size=10), st.booleans())
def test_sql_leaves_what_the_reader_wrote(text: str, strip: bool) -> None:
    """DuckDB has other capitals than Python; doing it twice would give another pseudonym."""
    written = normalise_identifier(text)
    found = shared().execute(f"SELECT {normalise_sql('x', strip)} FROM (SELECT ?::VARCHAR AS x)", [written]).fetchone()
    assert found == (normalise_identifier(written, strip_zeros=strip) or None,)
