"""What the service answers: catalogue, Api, Feed and plain files of an archive, as bodies with a status.

Here are the rules of the protocol (formats, options, pages, limits, refusals). Sockets, headers, compression,
logging and the faults of the transport are the server's.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from sources.replay import render
from sources.replay.archive import Archive, Record
from sources.replay.faults import Fault, FaultPlan
from sources.replay.odata_query import (
    Kind,
    Options,
    QueryError,
    encode,
    matches,
    next_query,
    parse_filter,
    to_sql,
)

PAGE_ROWS = 10_000
_DATA_SETS = frozenset({"TypedDataSet", "UntypedDataSet"})
_ODATA = re.compile(r"/(?P<service>ODataApi|ODataFeed)/(?i:odata)/(?P<table>[^/]+)(?P<rest>(?:/[^/]+)*)/?$")
_CATALOGUE = re.compile(r"/ODataCatalog(?:/(?P<resource>[^/]+))?(?:/(?P<count>\$count))?/?$")
_TEXT_MEMBERS: dict[str, tuple[str, ...]] = {"CategoryGroups": ("DimensionKey", "Title", "Description")}


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the service sees it.

    Attributes:
        method: GET, HEAD, …
        host: the source host that is asked.
        path: the path below the host, decoded.
        raw_path: the same as it was sent.
        link_base: origin and prefix of every link that is answered.
        options: the decoded query options.
        wants_json: JSON was asked, by `$format` or by `Accept`.
    """

    method: str
    host: str
    path: str
    raw_path: str
    link_base: str
    options: Options
    wants_json: bool

    @property
    def target(self) -> str:
        """Host, path and decoded query: what a fault pattern is held against."""
        query = self.options.text()
        return f"{self.host}{self.path}{'?' + query if query else ''}"


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a body; `rows` is None where the body is no list."""

    status: int
    content_type: str
    body: bytes
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The table resource that a path names."""

    service: str
    host: str
    table_id: str
    resource: str
    count: bool

    @property
    def is_data(self) -> bool:
        """Whether rows of a data set are asked."""
        return self.resource in _DATA_SETS

    @property
    def is_api(self) -> bool:
        """Whether the path is one of the Api, with its limits."""
        return self.service == "ODataApi"


@dataclass(frozen=True, slots=True)
class _Page:
    """Rows of one answer, and whether more follow."""

    rows: list[str]
    more: bool


class _RefusedError(Exception):
    """An answer that is no list: status and text."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Service:
    """Answers requests from one archive."""

    def __init__(self, archive: Archive, *, count_ignores_filter: bool = False) -> None:
        self.archive = archive
        self._count_ignores_filter = count_ignores_filter

    def table_of(self, request: Request) -> Table | None:
        """The table resource that a request names, or None when its path is not one of a table."""
        match = _ODATA.match(request.path)
        if match is None:
            return None
        parts = [part for part in match["rest"].split("/") if part]
        count = bool(parts) and parts[-1] == "$count"
        parts = parts[:-1] if count else parts
        if len(parts) > 1:
            return None
        return Table(match["service"], request.host, match["table"], parts[0] if parts else "", count)

    def answer(self, request: Request, fault: Fault | None, plan: FaultPlan) -> Answer:
        """Answer a request; a fault of the content is worked into the answer."""
        try:
            return self._answer(request, fault, plan)
        except QueryError as refused:
            return _refusal(400, str(refused))
        except _RefusedError as refused:
            return _refusal(refused.status, str(refused))

    def _answer(self, request: Request, fault: Fault | None, plan: FaultPlan) -> Answer:
        file = self.archive.plain_file(_file_key(request))
        if file is not None:
            return Answer(200, file.content_type, self.archive.read_plain_file(file))
        table = self.table_of(request)
        if table is not None and table.table_id in self.archive.table_ids(request.host):
            return self._table_answer(request, table, fault, plan)
        catalogue = _CATALOGUE.match(request.path)
        if catalogue is not None and self.archive.table_ids(request.host):
            return self._catalogue_answer(request, catalogue["resource"], fault, plan, count=bool(catalogue["count"]))
        raise _RefusedError(404, f"Resource not found: {request.host}{request.path}")

    def _catalogue_answer(
        self, request: Request, resource: str | None, fault: Fault | None, plan: FaultPlan, *, count: bool
    ) -> Answer:
        base = f"{request.link_base}/ODataCatalog"
        if resource is None:
            return _service_document(request, f"{base}/$metadata", f"{base}/", ["Tables"], pretty=False)
        if resource != "Tables":
            raise _RefusedError(404, f"Resource not found for the segment '{resource}'")
        changed = [
            _moved_on(record, plan.changes(request.host, str(record["Identifier"])))
            for record in self.archive.catalogue(request.host)
        ]
        if count:
            return _count(len(_matching(changed, request.options, resource, fault)))
        page = _cut(
            _selected(_matching(changed, request.options, resource, fault), request.options),
            request.options,
            None,
        )
        return _collection(request, f"{base}/$metadata#Tables", resource, page, fault, pretty=False)

    def _table_answer(self, request: Request, table: Table, fault: Fault | None, plan: FaultPlan) -> Answer:
        base = _table_base(request, table)
        if not table.resource:
            names = self.archive.resources(request.host, table.table_id)
            return _service_document(request, f"{_spelled(base)}/$metadata", f"{base}/", names, pretty=table.is_api)
        if table.resource == "$metadata":
            return Answer(
                200,
                render.XML_TYPE,
                render.edmx(self.archive.records(table.host, table.table_id, "DataProperties")),
            )
        if table.resource not in self.archive.resources(request.host, table.table_id):
            raise _RefusedError(404, f"Resource not found for the segment '{table.resource}'")
        if table.is_api and request.options.skip is not None:
            raise _RefusedError(400, "Skip query option not supported")
        context = f"{_spelled(base)}/$metadata#Cbs.OData.WebAPI.{table.resource}"
        if table.is_data:
            return self._data_answer(request, table, context, fault)
        return self._list_answer(request, table, context, fault, plan)

    def _list_answer(
        self, request: Request, table: Table, context: str, fault: Fault | None, plan: FaultPlan
    ) -> Answer:
        records = self.archive.records(table.host, table.table_id, table.resource)
        if table.resource == "TableInfos":
            records = [_moved_on(record, plan.changes(table.host, table.table_id)) for record in records]
        chosen = _matching(records, request.options, table.resource, fault)
        if table.count:
            return _count(len(chosen))
        page = _cut(_selected(chosen, request.options), request.options, _limit(table))
        return _collection(request, context, table.resource, page, fault, pretty=table.is_api)

    def _data_answer(self, request: Request, table: Table, context: str, fault: Fault | None) -> Answer:
        data = self.archive.data_set(table.host, table.table_id, table.resource)
        options = request.options
        ignored = _is(fault, "ignore-filter") or (table.count and self._count_ignores_filter)
        node = parse_filter(options.filter_text, data.kinds) if options.filter_text else None
        where = to_sql(node) if node is not None and not ignored else None
        if table.count:
            return _count(0 if _is(fault, "silent-empty") else data.count(where))
        _known(options.select, data.kinds)
        skip, total = options.skip or 0, 0 if _is(fault, "silent-empty") else data.count(where)
        wanted = _wanted(total, options, _limit(table))
        rows = data.page(where, options.select, skip, wanted.take) if wanted.take else []
        return _collection(request, context, table.resource, _Page(rows, wanted.more), fault, pretty=table.is_api)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """How many rows an answer holds, and whether more follow."""

    take: int
    more: bool


@dataclass(frozen=True, slots=True)
class _Limit:
    """Rows an answer may hold; `pages` False means that more is refused."""

    rows: int
    pages: bool


def _limit(table: Table) -> _Limit:
    return _Limit(PAGE_ROWS, pages=not table.is_api)


def _wanted(total: int, options: Options, limit: _Limit | None) -> _Wanted:
    rest = max(total - (options.skip or 0), 0)
    rest = rest if options.top is None else min(rest, options.top)
    if limit is None or rest <= limit.rows:
        return _Wanted(rest, more=False)
    if not limit.pages:
        raise _RefusedError(500, f"The query returns more than {limit.rows} records. Use a filter, or the Feed.")
    return _Wanted(limit.rows, more=True)


def _cut(rows: list[str], options: Options, limit: _Limit | None) -> _Page:
    wanted = _wanted(len(rows), options, limit)
    skip = options.skip or 0
    return _Page(rows[skip : skip + wanted.take], wanted.more)


def _matching(records: Sequence[Record], options: Options, resource: str, fault: Fault | None) -> list[Record]:
    kinds = _list_kinds(records, resource)
    _known(options.select, kinds)
    node = parse_filter(options.filter_text, kinds) if options.filter_text else None
    if _is(fault, "silent-empty"):
        return []
    if node is None or _is(fault, "ignore-filter"):
        return list(records)
    return [record for record in records if matches(node, record)]


def _list_kinds(records: Sequence[Record], resource: str) -> dict[str, Kind]:
    """Kinds of the members of a list: that of the first value that is not null, else text."""
    kinds: dict[str, Kind] = dict.fromkeys(_TEXT_MEMBERS.get(resource, ()), "text")
    for record in records:
        for name, value in record.items():
            if name not in kinds or value is not None:
                kinds[name] = _value_kind(value)
    return kinds


def _value_kind(value: object) -> Kind:
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, int | float) else "text"


def _known(select: tuple[str, ...] | None, kinds: Mapping[str, Kind]) -> None:
    for name in select or ():
        if name not in kinds:
            raise QueryError(f"Could not find a property named '{name}'; known: {', '.join(kinds)}")


def _selected(records: Sequence[Record], options: Options) -> list[str]:
    if options.select is None:
        return [render.compact(record) for record in records]
    chosen = frozenset(options.select)
    return [render.compact({name: value for name, value in record.items() if name in chosen}) for record in records]


def _collection(
    request: Request, context: str, resource: str, page: _Page, fault: Fault | None, *, pretty: bool
) -> Answer:
    rows = page.rows[: -fault.drop] if fault is not None and fault.kind == "short" else page.rows
    link = _next_link(request, page, fault)
    if pretty or request.wants_json:
        return Answer(200, render.JSON_TYPE, render.collection(context, rows, link, pretty=pretty), len(rows))
    url = f"{request.link_base}{request.raw_path}"
    return Answer(200, render.ATOM_TYPE, render.atom_feed(url, resource, rows, link), len(rows))


def _next_link(request: Request, page: _Page, fault: Fault | None) -> str | None:
    url = f"{request.link_base}{request.raw_path}"
    if _is(fault, "loop"):
        return f"{url}?{encode(list(request.options.pairs))}"
    if _is(fault, "foreign"):
        return f"http://elders.invalid{request.raw_path}?{next_query(request.options, PAGE_ROWS)}"
    return f"{url}?{next_query(request.options, PAGE_ROWS)}" if page.more else None


def _service_document(request: Request, context: str, base: str, names: Sequence[str], *, pretty: bool) -> Answer:
    if pretty or request.wants_json:
        rows = [render.compact({"name": name, "url": f"{base}{name}"}) for name in names]
        return Answer(200, render.JSON_TYPE, render.collection(context, rows, None, pretty=pretty), len(rows))
    return Answer(200, render.ATOM_SERVICE_TYPE, render.atom_service(base, names), len(names))


def _table_base(request: Request, table: Table) -> str:
    """Own origin, prefix and path up to the table, spelled as in the request."""
    parts = request.raw_path.split("/")
    return f"{request.link_base}/{'/'.join(parts[1:3])}/{table.table_id}"


def _spelled(base: str) -> str:
    """The contexts say `OData`, however the request spelled it."""
    return re.sub(r"/odata/(?=[^/]+$)", "/OData/", base, flags=re.IGNORECASE)


def _moved_on(record: Record, changes: int) -> Record:
    if not changes:
        return record
    moved = dict(record)
    for name in ("Modified", "Updated"):
        if moved.get(name):
            moved[name] = (dt.datetime.fromisoformat(str(moved[name])) + dt.timedelta(days=changes)).isoformat()
    return moved


def _file_key(request: Request) -> str:
    method = "GET" if request.method == "HEAD" else request.method
    query = request.options.sorted_text()
    return f"{method} {request.host}{unquote(request.raw_path)}{'?' + query if query else ''}"


def _count(rows: int) -> Answer:
    return Answer(200, render.TEXT_TYPE, str(rows).encode())


def _refusal(status: int, message: str) -> Answer:
    return Answer(status, render.JSON_TYPE, render.error(message))


def _is(fault: Fault | None, kind: str) -> bool:
    return fault is not None and fault.kind == kind
