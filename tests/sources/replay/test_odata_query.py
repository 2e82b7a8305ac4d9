"""The parser of query options, and both ways to carry out a filter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.replay.odata_query import (
    MAX_DEPTH,
    Kind,
    QueryError,
    matches,
    next_query,
    parse_filter,
    parse_options,
    to_sql,
)

COLUMNS: dict[str, Kind] = {"RegioS": "text", "Perioden": "text", "Aantal_1": "number", "Aandeel_2": "number"}
Row = dict[str, Any]
Condition = tuple[str, Callable[[Row], bool]]

_texts = st.text(alphabet="GMnl01 '%_", max_size=6)
_numbers = st.one_of(st.integers(-20, 20), st.integers(-40, 40).map(lambda n: n / 4))
_rows = st.fixed_dictionaries(
    {
        "RegioS": st.one_of(st.none(), _texts),
        "Perioden": st.one_of(st.none(), _texts),
        "Aantal_1": st.one_of(st.none(), st.integers(-20, 20)),
        "Aandeel_2": st.one_of(st.none(), st.integers(-40, 40).map(lambda n: n / 4)),
    }
)
_database = duckdb.connect()
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "ge": lambda a, b: a >= b,
    "gt": lambda a, b: a > b,
    "le": lambda a, b: a <= b,
    "lt": lambda a, b: a < b,
}


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _holds(operator: str, left: Any, right: Any) -> bool:
    if operator == "eq":
        return bool(left == right)
    if operator == "ne":
        return bool(left != right)
    return left is not None and right is not None and _ORDER[operator](left, right)


@st.composite
def _text_sides(draw: st.DrawFn) -> tuple[str, Callable[[Row], str | None]]:
    column = draw(st.sampled_from(["RegioS", "Perioden"]))
    start, length = draw(st.integers(0, 4)), draw(st.integers(0, 4))
    sides: list[tuple[str, Callable[[str], str]]] = [
        (column, lambda text: text),
        (f"trim({column})", lambda text: text.strip(" ")),
        (f"tolower({column})", str.lower),
        (f"substring({column},{start},{length})", lambda text: text[start : start + length]),
        (f"substring( {column} , {start} )", lambda text: text[start:]),
    ]
    source, function = draw(st.sampled_from(sides))
    return source, lambda row: None if row[column] is None else function(row[column])


@st.composite
def _comparisons(draw: st.DrawFn) -> Condition:
    operator = draw(st.sampled_from(["eq", "ne", "ge", "gt", "le", "lt"]))
    if draw(st.booleans()):
        source, side = draw(_text_sides())
        text = draw(_texts)
        return f"{source} {operator} {_quoted(text)}", lambda row: _holds(operator, side(row), text)
    column, number = draw(st.sampled_from(["Aantal_1", "Aandeel_2"])), draw(_numbers)
    return f"{column} {operator} {number}", lambda row: _holds(operator, row[column], number)


@st.composite
def _functions(draw: st.DrawFn) -> Condition:
    source, side = draw(_text_sides())
    needle = draw(_texts)
    if draw(st.booleans()):
        return (
            f"startswith({source},{_quoted(needle)})",
            lambda row: (side(row) or "").startswith(needle) and side(row) is not None,
        )
    return (
        f"substringof({_quoted(needle)}, {source})",
        lambda row: side(row) is not None and needle in (side(row) or ""),
    )


_leaves = st.one_of(_comparisons(), _functions())


def _joined(children: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    negated = children.map(lambda child: (f"not ({child[0]})", lambda row: not child[1](row)))
    both = st.tuples(children, children).map(
        lambda pair: (f"({pair[0][0]}) and ({pair[1][0]})", lambda row: pair[0][1](row) and pair[1][1](row))
    )
    either = st.tuples(children, children).map(
        lambda pair: (f"({pair[0][0]} or {pair[1][0]})", lambda row: pair[0][1](row) or pair[1][1](row))
    )
    return st.one_of(negated, both, either)


_conditions = st.recursive(_leaves, _joined, max_leaves=6)


@settings(max_examples=150, deadline=None)
@given(condition=_conditions, rows=st.lists(_rows, min_size=1, max_size=6))
def test_a_filter_means_the_same_in_sql_on_records_and_in_plain_python(condition: Condition, rows: list[Row]) -> None:
    """A server that reads a filter differently from its meaning would prove clients right that are wrong."""
    text, holds = condition
    node = parse_filter(text, COLUMNS)
    expected = [holds(row) for row in rows]
    assert [matches(node, row) for row in rows] == expected
    sql = to_sql(node)
    values = [[i, *(row[name] for name in COLUMNS)] for i, row in enumerate(rows)]
    unnested = "SELECT * FROM (VALUES " + ", ".join("(?, ?::VARCHAR, ?::VARCHAR, ?::INTEGER, ?::DOUBLE)" for _ in rows)
    query = f"SELECT i FROM ({unnested}) AS t(i, {', '.join(COLUMNS)})) WHERE {sql.text} ORDER BY i"
    found = _database.execute(query, [value for row in values for value in row] + list(sql.params)).fetchall()
    assert [i for (i,) in found] == [i for i, wanted in enumerate(expected) if wanted]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RegioS eq 'GM0014' or RegioS eq 'NL01  ' and Aantal_1 gt 5", True),
        ("(RegioS eq 'GM0014' or RegioS eq 'NL01  ') and Aantal_1 gt 5", False),
        ("not startswith(RegioS,'NL') and Aantal_1 eq 1", True),
        ("Perioden eq null", True),
        ("Perioden ne null or RegioS eq 'GM0014  '", False),
        ("startswith(RegioS,'GM') eq true", True),
        ("RegioS eq 'O''Dorp'", False),
        ("Aandeel_2 ge -0.5 and Aandeel_2 lt 1e1", True),
    ],
)
def test_precedence_null_and_padding_follow_the_protocol(text: str, expected: bool) -> None:
    """`and` binds tighter than `or`, `not` to one operand; an extra space is another key."""
    row = {"RegioS": "GM0014", "Perioden": None, "Aantal_1": 1, "Aandeel_2": 0.5}
    assert matches(parse_filter(text, COLUMNS), row) is expected


@pytest.mark.parametrize(
    "text",
    [
        "RegioX eq 'GM0014'",
        "regios eq 'GM0014'",
        "RegioS eq 14",
        "RegioS",
        "RegioS eq",
        "RegioS eq 'GM0014",
        "RegioS eq 'a' and",
        "(RegioS eq 'a'",
        "contains(RegioS,'GM')",
        "RegioS in ('a','b')",
        "substring(RegioS,-1) eq 'a'",
        "startswith(RegioS)",
        "Aantal_1 eq 99999999999999999999",
        "not RegioS eq 'a'",
        "RegioS gt null",
        "(" * (MAX_DEPTH + 1) + "RegioS eq 'a'" + ")" * (MAX_DEPTH + 1),
    ],
)
def test_a_filter_that_the_service_refuses_is_refused(text: str) -> None:
    """Accepting v4 functions or unknown columns here would pass a client that really fails."""
    with pytest.raises(QueryError):
        parse_filter(text, COLUMNS)


def test_a_long_list_of_alternatives_needs_no_depth() -> None:
    """Three hundred keys joined by `or` are one level, not three hundred."""
    text = " or ".join(f"RegioS eq 'GM{i:04d}'" for i in range(300))
    assert matches(parse_filter(text, COLUMNS), {"RegioS": "GM0299"})


def test_options_are_decoded_from_either_spelling() -> None:
    """`%24` for `$`, `+` and `%20` for a space, a space after a comma: all are in use."""
    options = parse_options("%24format=json&%24select=A,+B&$filter=RegioS+eq+%27GM0014%27&$top=5&$skip=10")
    assert options.json
    assert options.select == ("A", "B")
    assert options.filter_text == "RegioS eq 'GM0014'"
    assert (options.top, options.skip) == (5, 10)


@pytest.mark.parametrize("raw", ["$top=-1", "$top=veel", "$skip=1.5", "$skip="])
def test_counts_that_are_no_counts_are_refused(raw: str) -> None:
    """A `$skip` that is read as 0 would make a client read the first page again and again."""
    with pytest.raises(QueryError):
        parse_options(raw)


def test_the_next_query_echoes_the_request_and_puts_skip_last() -> None:
    """Clients recognise a growing `$skip`; a link that drops the filter would mix other rows in."""
    options = parse_options("$skip=10000&%24format=json&$filter=%28Perioden+eq+%272015JJ00%27%29&$top=25000")
    assert (
        next_query(options, 10_000)
        == "$format=json&$filter=%28Perioden%20eq%20%272015JJ00%27%29&$top=15000&$skip=20000"
    )
