"""Read the query options of an OData v3 request: `$filter`, `$select`, `$top`, `$skip`, `$format`.

A filter is parsed once into a small tree and can then be turned into parameterised SQL (rows of a table) or
applied to a record (catalogue, dimension lists). What does not belong here: anything about HTTP, paths,
archives or DuckDB connections.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal as OneOf
from urllib.parse import quote, unquote_plus

Kind = OneOf["text", "number", "bool", "null"]
Value = str | int | float | bool | None
MAX_DEPTH = 60
_MAX_INTEGER = 2**63 - 1


class QueryError(ValueError):
    """A query option that the service refuses with status 400."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the resource, by its key."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal: text, number, `true`/`false` or `null`."""

    value: Value


@dataclass(frozen=True, slots=True)
class Call:
    """A function call, for example `startswith(RegioS,'GM')`."""

    name: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison: `eq ne ge gt le lt`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Not:
    """The negation of a boolean expression."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Logical:
    """Two or more boolean expressions joined by `and` or by `or`."""

    operator: str
    operands: tuple[Node, ...]


Node = Column | Constant | Call | Compare | Not | Logical

_COMPARISONS: dict[str, str] = {"eq": "=", "ne": "<>", "ge": ">=", "gt": ">", "le": "<=", "lt": "<"}
_SIGNATURES: dict[str, tuple[tuple[int, ...], Kind]] = {
    "startswith": ((2,), "bool"),
    "substringof": ((2,), "bool"),
    "trim": ((1,), "text"),
    "tolower": ((1,), "text"),
    "substring": ((2, 3), "text"),
}
_WORDS = frozenset(_COMPARISONS) | {"and", "or", "not"}
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[LlMmDdFf]?(?![A-Za-z0-9_]))"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<mark>[(),]))"
)


@dataclass(frozen=True, slots=True)
class _Token:
    """One token: its sort (`text`, `number`, `name`, `mark`, `end`) and its characters."""

    sort: str
    chars: str


def _tokens(text: str) -> Iterator[_Token]:
    """Split a filter into tokens; ends with one `end` token."""
    position = 0
    end = len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise QueryError(f"Syntax error at position {position} in '{text}'")
        yield _Token(match.lastgroup, match.group(match.lastgroup))
        position = match.end()
    yield _Token("end", "")


class _Parser:
    """Recursive descent over the tokens of one filter."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_tokens(text))
        self._position = 0
        self._depth = 0

    def parse(self) -> Node:
        """Parse the whole filter; it must be one boolean expression."""
        node = self._logical("or")
        if self._peek().sort != "end":
            raise self._error("an operator or the end")
        return node

    def _peek(self) -> _Token:
        return self._tokens[self._position]

    def _take(self) -> _Token:
        token = self._tokens[self._position]
        self._position += 1
        return token

    def _word(self, words: Mapping[str, object] | frozenset[str]) -> str | None:
        token = self._peek()
        return token.chars if token.sort == "name" and token.chars in words else None

    def _error(self, expected: str) -> QueryError:
        found = self._peek().chars or "the end"
        return QueryError(f"Syntax error in '{self._text}': expected {expected}, found {found}")

    def _expect(self, mark: str) -> None:
        if self._peek() != _Token("mark", mark):
            raise self._error(f"'{mark}'")
        self._take()

    def _logical(self, operator: str) -> Node:
        inner: Callable[[], Node] = (lambda: self._logical("and")) if operator == "or" else self._comparison
        operands = [inner()]
        while self._word(frozenset({operator})):
            self._take()
            operands.append(inner())
        return operands[0] if len(operands) == 1 else Logical(operator, tuple(operands))

    def _comparison(self) -> Node:
        left = self._unary()
        operator = self._word(_COMPARISONS)
        if operator is None:
            return left
        self._take()
        return Compare(operator, left, self._unary())

    def _unary(self) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise QueryError(f"The filter is nested more than {MAX_DEPTH} deep")
        try:
            if self._word(frozenset({"not"})):
                self._take()
                return Not(self._unary())
            return self._primary()
        finally:
            self._depth -= 1

    def _primary(self) -> Node:
        token = self._peek()
        if token == _Token("mark", "("):
            self._take()
            node = self._logical("or")
            self._expect(")")
            return node
        if token.sort == "text":
            self._take()
            return Constant(token.chars[1:-1].replace("''", "'"))
        if token.sort == "number":
            self._take()
            return Constant(_number(token.chars))
        if token.sort == "name" and token.chars not in _WORDS:
            return self._named()
        raise self._error("a value")

    def _named(self) -> Node:
        name = self._take().chars
        if name in ("true", "false"):
            return Constant(name == "true")
        if name == "null":
            return Constant(None)
        if name == "datetime" and self._peek().sort == "text":
            return self._primary()
        if self._peek() == _Token("mark", "("):
            return self._call(name)
        return Column(name)

    def _call(self, name: str) -> Node:
        if name not in _SIGNATURES:
            raise QueryError(f"Unknown function '{name}'; known: {', '.join(sorted(_SIGNATURES))}")
        self._expect("(")
        args = [self._logical("or")]
        while self._peek() == _Token("mark", ","):
            self._take()
            args.append(self._logical("or"))
        self._expect(")")
        if len(args) not in _SIGNATURES[name][0]:
            raise QueryError(f"Function '{name}' does not take {len(args)} arguments")
        return Call(name, tuple(args))


def _number(chars: str) -> int | float:
    digits = chars.rstrip("LlMmDdFf")
    if re.fullmatch(r"-?\d+", digits) and chars[-1] not in "MmDdFf":
        if abs(int(digits)) > _MAX_INTEGER:
            raise QueryError(f"Number out of range: {chars}")
        return int(digits)
    return float(digits)


def parse_filter(text: str, columns: Mapping[str, Kind]) -> Node:
    """Parse a `$filter` and check it against the columns of the resource.

    Args:
        text: the decoded text of the option.
        columns: kind of each column, by key; keys are case-sensitive.

    Returns:
        A tree whose root is boolean.

    Raises:
        QueryError: syntax, unknown column or function, or kinds that cannot be compared.
    """
    node = _Parser(text).parse()
    if _kind(node, columns) != "bool":
        raise QueryError(f"The filter '{text}' is not a condition")
    return node


def _kind(node: Node, columns: Mapping[str, Kind]) -> Kind:
    """Kind of an expression; raises QueryError where its parts do not fit."""
    if isinstance(node, Column):
        if node.name not in columns:
            raise QueryError(f"Could not find a property named '{node.name}'; known: {', '.join(columns)}")
        return columns[node.name]
    if isinstance(node, Constant):
        return _constant_kind(node.value)
    if isinstance(node, Call):
        _check_call(node, columns)
        return _SIGNATURES[node.name][1]
    if isinstance(node, Compare):
        _check_compare(node, columns)
        return "bool"
    operands = (node.operand,) if isinstance(node, Not) else node.operands
    for operand in operands:
        if _kind(operand, columns) != "bool":
            raise QueryError("'and', 'or' and 'not' need conditions")
    return "bool"


def _constant_kind(value: Value) -> Kind:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    return "text" if isinstance(value, str) else "number"


def _check_call(node: Call, columns: Mapping[str, Kind]) -> None:
    text_args = node.args[:1] if node.name == "substring" else node.args
    for arg in text_args:
        if _kind(arg, columns) != "text":
            raise QueryError(f"Function '{node.name}' needs text")
    for arg in node.args[len(text_args) :]:
        if not isinstance(arg, Constant) or type(arg.value) is not int or arg.value < 0:
            raise QueryError("Function 'substring' needs whole numbers from 0")


def _check_compare(node: Compare, columns: Mapping[str, Kind]) -> None:
    kinds = {_kind(node.left, columns), _kind(node.right, columns)}
    if "null" in kinds or "bool" in kinds:
        if node.operator not in ("eq", "ne") or ("bool" in kinds and len(kinds) > 1):
            raise QueryError(f"Operator '{node.operator}' does not fit {' and '.join(sorted(kinds))}")
    elif len(kinds) > 1:
        raise QueryError(f"Operator '{node.operator}' cannot compare {' with '.join(sorted(kinds))}")


@dataclass(frozen=True, slots=True)
class Sql:
    """A boolean SQL expression that is never null, with its parameters in order."""

    text: str
    params: tuple[Value, ...]


def to_sql(node: Node) -> Sql:
    """Turn a checked filter into DuckDB SQL; a comparison with a missing value is false, `ne` true."""
    params: list[Value] = []
    return Sql(_sql(node, params), tuple(params))


def _sql(node: Node, params: list[Value]) -> str:
    if isinstance(node, Column):
        return '"' + node.name.replace('"', '""') + '"'
    if isinstance(node, Constant):
        return _sql_constant(node.value, params)
    if isinstance(node, Call):
        return _sql_call(node, params)
    if isinstance(node, Compare):
        return _sql_compare(node, params)
    if isinstance(node, Not):
        return f"(NOT {_sql(node.operand, params)})"
    return "(" + f" {node.operator.upper()} ".join(_sql(operand, params) for operand in node.operands) + ")"


def _sql_constant(value: Value, params: list[Value]) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    params.append(value)
    return "?"


def _sql_call(node: Call, params: list[Value]) -> str:
    if node.name == "substringof":
        # Needle first in OData, last in SQL; the text is written in the order of the parameters.
        needle, text = (_sql(arg, params) for arg in node.args)
        return f"coalesce(position({needle} IN {text}) > 0, FALSE)"
    args = [_sql(arg, params) for arg in node.args]
    if node.name == "startswith":
        return f"coalesce(starts_with({args[0]}, {args[1]}), FALSE)"
    if node.name == "trim":
        return f"trim({args[0]}, ' ')"
    if node.name == "tolower":
        return f"lower({args[0]})"
    length = "".join(f", {arg}" for arg in args[2:])
    return f"substr({args[0]}, {args[1]} + 1{length})"


def _sql_compare(node: Compare, params: list[Value]) -> str:
    left, right = _sql(node.left, params), _sql(node.right, params)
    if node.operator == "eq":
        return f"({left} IS NOT DISTINCT FROM {right})"
    if node.operator == "ne":
        return f"({left} IS DISTINCT FROM {right})"
    return f"coalesce({left} {_COMPARISONS[node.operator]} {right}, FALSE)"


def matches(node: Node, record: Mapping[str, object]) -> bool:
    """Apply a checked filter to one record; a member that is absent counts as null."""
    return bool(_value(node, record))


def _value(node: Node, record: Mapping[str, object]) -> object:
    if isinstance(node, Column):
        return record.get(node.name)
    if isinstance(node, Constant):
        return node.value
    if isinstance(node, Call):
        return _call_value(node, record)
    if isinstance(node, Compare):
        return _compare_values(node.operator, _value(node.left, record), _value(node.right, record))
    if isinstance(node, Not):
        return not _value(node.operand, record)
    decide = any if node.operator == "or" else all
    return decide(bool(_value(operand, record)) for operand in node.operands)


def _call_value(node: Call, record: Mapping[str, object]) -> object:
    args = [_value(arg, record) for arg in node.args]
    if any(arg is None for arg in args):
        return False if _SIGNATURES[node.name][1] == "bool" else None
    text = str(args[0])
    if node.name == "startswith":
        return text.startswith(str(args[1]))
    if node.name == "substringof":
        return text in str(args[1])
    if node.name == "trim":
        return text.strip(" ")
    if node.name == "tolower":
        return text.lower()
    start = int(str(args[1]))
    end = start + int(str(args[2])) if args[2:] else None
    return text[start:end]


def _compare_values(operator: str, left: object, right: object) -> bool:
    if operator == "eq":
        return left == right
    if operator == "ne":
        return left != right
    if isinstance(left, str) and isinstance(right, str):
        return _ordered(operator, (left > right) - (left < right))
    if isinstance(left, int | float) and isinstance(right, int | float):
        return _ordered(operator, (left > right) - (left < right))
    return False


def _ordered(operator: str, sign: int) -> bool:
    return {"ge": sign >= 0, "gt": sign > 0, "le": sign <= 0, "lt": sign < 0}[operator]


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one request, decoded.

    Attributes:
        pairs: every name and value in the order of the request.
        filter_text: `$filter`, or None.
        select: asked columns, or None for all.
        top: `$top`, or None.
        skip: `$skip`, or None.
        json: `$format=json` was asked.
    """

    pairs: tuple[tuple[str, str], ...]
    filter_text: str | None
    select: tuple[str, ...] | None
    top: int | None
    skip: int | None
    json: bool

    def text(self) -> str:
        """The decoded query as one text, for logs and patterns."""
        return "&".join(f"{name}={value}" for name, value in self.pairs)

    def sorted_text(self) -> str:
        """The decoded query with its pairs sorted: the key of a plain file."""
        return "&".join(sorted(f"{name}={value}" for name, value in self.pairs))


def parse_pairs(raw_query: str) -> tuple[tuple[str, str], ...]:
    """Split and decode a raw query (`%24` for `$`, `+` for a space); empty parts are dropped."""
    pairs = []
    for part in raw_query.split("&"):
        if part:
            name, _, value = part.partition("=")
            pairs.append((unquote_plus(name), unquote_plus(value)))
    return tuple(pairs)


def parse_options(raw_query: str) -> Options:
    """Read the options of a raw query; where a name is repeated, the first one counts.

    Raises:
        QueryError: `$top` or `$skip` is not a whole number from 0.
    """
    pairs = parse_pairs(raw_query)
    first: dict[str, str] = {}
    for name, value in pairs:
        first.setdefault(name, value)
    select = [part.strip() for part in first.get("$select", "").split(",")]
    named = tuple(part for part in select if part)
    return Options(
        pairs=pairs,
        filter_text=first.get("$filter") or None,
        select=None if not named or "*" in named else named,
        top=_whole_number(first, "$top"),
        skip=_whole_number(first, "$skip"),
        json=first.get("$format", "").lower() in ("json", "application/json"),
    )


def _whole_number(options: Mapping[str, str], name: str) -> int | None:
    text = options.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,18}", text.strip(), re.ASCII):
        raise QueryError(f"Invalid value for '{name}': '{text}'; expected a whole number from 0")
    return int(text)


def next_query(options: Options, page: int) -> str:
    """The query of the next page: everything echoed, `$top` reduced by the page, `$skip` last."""
    echoed = []
    for name, value in options.pairs:
        if name == "$top" and options.top is not None:
            echoed.append((name, str(options.top - page)))
        elif name != "$skip":
            echoed.append((name, value))
    echoed.append(("$skip", str((options.skip or 0) + page)))
    return encode(echoed)


def encode(pairs: list[tuple[str, str]]) -> str:
    """Encode a query as the service does: `$` literal, space `%20`, quote `%27`, parentheses `%28 %29`."""
    return "&".join(f"{quote(name, safe='$')}={quote(value, safe='$,:/')}" for name, value in pairs)
