"""Read all rows of one plan, page by page and side by side, and prove that they are all there.

Feed only (the Api has a limit and no `$skip`). The number of rows is asked first, so that every page has a place and a
size of its own; following links is the fallback for a service that cannot count. Each page is handed to the converter
and deleted.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from sources.errors import (
    BadBodyError,
    CorruptError,
    IncompleteError,
    LinkError,
    RejectedError,
    ShortPageError,
    StoppedError,
)
from sources.http import Received, Transport
from sources.lake import RequestRecord
from sources.odata.envelope import Envelope
from sources.odata.observations import CheckRows, PartFacts
from sources.odata.predicate import encode
from sources.services import Services

PAGE_ROWS = 10_000
# Pages that are converted at the same moment, of all tables of this process: that many are in memory. Two threads of
# their own: memory that a thread has used stays its own, and every page thread would keep as much.
CONVERTING = ThreadPoolExecutor(2, thread_name_prefix="convert")
_WAITING = 2
OnPage = Callable[[int, int | None], None]
# Rows that a page has to have, where that is known.
_Wanted = Callable[[], int | None]


class _SmallerPagesError(Exception):
    """The service pages in smaller steps than expected; its links have to be followed."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page, converted.

    Attributes:
        skip: rows before it.
        rows: rows in it.
        linked: whether a link to a next page came with it.
        part: what was written.
        request: what was asked and answered.
    """

    skip: int
    rows: int
    linked: bool
    part: PartFacts
    request: RequestRecord


@dataclass(frozen=True, slots=True)
class RowsRead:
    """All pages of a table in order, and what is worth knowing about them.

    Attributes:
        pages: in the order of the rows.
        warnings: Dutch sentences: proofs that the service could not give.
    """

    pages: tuple[Page, ...]
    warnings: tuple[str, ...]

    @property
    def rows(self) -> int:
        """Rows received."""
        return sum(page.rows for page in self.pages)

    @property
    def kept(self) -> int:
        """Rows received that are wanted."""
        return sum(page.part.kept for page in self.pages)

    @property
    def combinations(self) -> dict[str, tuple[int, int]]:
        """Per combination of codes the rows received, and those of them in a wanted year."""
        fit: Counter[str] = Counter()
        wanted: Counter[str] = Counter()
        for page in self.pages:
            for codes, counts in page.part.combinations.items():
                fit[codes] += counts[0]
                wanted[codes] += counts[1]
        return {codes: (fit[codes], wanted[codes]) for codes in fit}

    @property
    def observations(self) -> int:
        """Rows written."""
        return sum(page.part.observations for page in self.pages)


class RowQuery(Protocol):
    """What is asked of a table, as the reader needs to know it."""

    @property
    def table_id(self) -> str:
        """Id at the service."""

    @property
    def filter(self) -> str:
        """The filter that is sent; empty when every row is wanted."""

    def query(self, skip: int = 0) -> str:
        """Query of one page."""


class PageWriter(Protocol):
    """What becomes of a page."""

    def write(self, page: Envelope, part: Path, where: str, check: CheckRows) -> PartFacts:
        """Write one page, after `check` has seen how many rows it has."""

    def write_empty(self, part: Path) -> None:
        """Write a part without rows."""


@dataclass(slots=True)
class RowReader:
    """Reads the rows of one plan.

    Attributes:
        host: bare host name of the service.
        services: where that host is reached.
        transport: the way out.
        plan: what to read.
        converter: what becomes of a page.
        work: folder for raw pages, emptied as they are converted.
        parts: folder for the parts.
        on_page: told pages done and pages in all (None while unknown).
        ends_at: moment on the transport's clock after which no page is begun.
        stop: set to end the reading between two pages.
        counts: every count that was asked, for the manifest.
        on_received: told when the last byte of all pages is in, and again when one had to be asked once more.
    """

    host: str
    services: Services
    transport: Transport
    plan: RowQuery
    converter: PageWriter
    work: Path
    parts: Path
    on_page: OnPage
    ends_at: float
    stop: threading.Event = field(default_factory=threading.Event)
    counts: list[RequestRecord] = field(default_factory=list)
    on_received: Callable[[], None] = lambda: None
    _received: set[int] = field(default_factory=set)
    _pages: int | None = None

    @property
    def _url(self) -> str:
        return f"{self.services.base_url(self.host)}/ODataFeed/odata/{self.plan.table_id}/TypedDataSet"

    def read(self, record_count: int | None) -> RowsRead:
        """Read all rows.

        Args:
            record_count: rows of the whole table according to the catalogue, or None.

        Raises:
            FilterIgnoredError: rows that the filter excludes.
            IncompleteError: fewer or more rows than counted, or gaps between them.
            LinkError: a link to itself, backwards or to another origin.
            SchemaError: columns or types other than those asked for.
            SourceError: a page could not be had.
        """
        return self._read(self.count(self.plan.filter), record_count, None)

    def read_while_counting(self, count: Future[RequestRecord | None]) -> RowsRead:
        """Read all rows of a plan without a filter; the first page does not wait for the count.

        Args:
            count: will give the number of rows, or None when the service cannot count.

        Raises:
            SourceError: see `read`.
        """

        def expected() -> int | None:
            counted = count.result()
            return None if counted is None else counted.rows

        def wanted() -> int | None:
            rows = expected()
            return None if rows is None else min(PAGE_ROWS, rows)

        with ThreadPoolExecutor(1, thread_name_prefix="first page") as pool:
            first = pool.submit(self._fetch, 0, 0, wanted)
            try:
                return self._read(expected(), None, first)
            except BaseException:
                self.stop.set()
                raise

    def _read(self, expected: int | None, record_count: int | None, first: Future[Page] | None) -> RowsRead:
        if expected is None and not self.plan.filter:
            expected = record_count
        if expected is None:
            warning = "aantal rijen niet te tellen; volgorde van links gevolgd"
            return self._finish(self._one_by_one(first), None, [warning])
        if self.plan.filter and (record_count is None or expected == record_count):
            # Either every row is wanted, or the count took no notice of the filter.
            return self._uncertain(expected)
        try:
            return self._finish(self._side_by_side(expected, first), expected, [])
        except _SmallerPagesError:
            return self._finish(self._one_by_one(), expected, [])
        except ShortPageError:
            if self.plan.filter and self.count("") == expected:
                return self._uncertain(expected)
            raise

    def count(self, filter_text: str) -> int | None:
        """Rows that satisfy a filter according to the service; None when it cannot count.

        Raises:
            SourceError: the service is in trouble.
        """
        asked = count_rows(self.transport, self.services, self.host, self.plan.table_id, filter_text)
        if asked is None:
            return None
        self.counts.append(asked)
        return asked.rows

    def _uncertain(self, expected: int) -> RowsRead:
        """Read by links when the count may have been taken without the filter."""
        pages = self._one_by_one()
        rows = sum(page.rows for page in pages)
        if rows >= expected:
            return self._finish(pages, expected, [])
        return self._finish(pages, None, [f"telling van de dienst ({expected}) let niet op het filter; {rows} rijen"])

    def _side_by_side(self, expected: int, first: Future[Page] | None) -> list[Page]:
        asked = [] if first is None else [first]
        places = list(enumerate(range(0, expected, PAGE_ROWS)))[len(asked) :]
        pages: list[Page] = []
        self._expect(len(asked) + len(places))
        with ThreadPoolExecutor(self.transport.settings.parallel + _WAITING, thread_name_prefix="page") as pool:
            for index, skip in places:
                asked.append(pool.submit(self._fetch, index, skip, partial(min, PAGE_ROWS, expected - skip)))
            try:
                for future in as_completed(asked):
                    pages.append(future.result())
                    self.on_page(len(pages), len(asked))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        pages.sort(key=lambda page: page.skip)
        if pages and pages[-1].linked:
            raise IncompleteError(f"{self._url}: {expected} rijen geteld, maar na de laatste volgt nog een pagina")
        return pages

    def _one_by_one(self, first: Future[Page] | None = None) -> list[Page]:
        self._expect(None)
        pages = [] if first is None else [first.result()]
        if first is None:
            for part in self.parts.glob("part-*.parquet"):
                part.unlink()
        while not pages or pages[-1].linked:
            skip = pages[-1].skip + pages[-1].rows if pages else 0
            pages.append(self._fetch(len(pages), skip, lambda: None))
            self.on_page(len(pages), None)
        self.on_received()
        return pages

    def _expect(self, pages: int | None) -> None:
        """That many pages will be received; the first may have been already."""
        self._pages = pages
        if pages is not None:
            self.on_page(0, pages)
            self._tell()

    def _tell(self) -> None:
        if self._pages is not None and len(self._received) >= self._pages:
            self.on_received()

    def _fetch(self, index: int, skip: int, wanted: _Wanted) -> Page:
        """Download and convert one page."""
        url = f"{self._url}?{self.plan.query(skip)}"
        where = f"{self.host}/{self.plan.table_id} vanaf rij {skip}"
        file = self.work / f"page-{index:05d}.json"
        target = self.parts / f"part-{index:05d}.parquet"

        def into() -> Envelope:
            self._refuse_to_begin(skip)
            return Envelope(file)

        def convert(answer: Received, body: Envelope) -> tuple[Received, PartFacts]:
            self._received.add(skip)
            self._tell()
            if "json" not in answer.content_type:
                raise BadBodyError(f"{where}: status 200 met {answer.content_type or 'geen inhoudstype'}, geen JSON")

            def check(rows: int, link: str | None) -> None:
                self._check_size(rows, link, skip, wanted(), where)

            return answer, CONVERTING.submit(self.converter.write, body, target, where, check).result()

        answer, part = self.transport.receive(url, into, convert, service=self.host)
        if part.observations == 0:
            target.unlink()
        needed = wanted()
        if needed is not None and part.rows > needed:
            raise IncompleteError(f"{where}: {part.rows} rijen, meer dan de {needed} die er volgens de telling zijn")
        self._check_ids(part, skip, where)
        request = RequestRecord(url, answer.status, answer.bytes, answer.sha256, part.rows)
        return Page(skip, part.rows, part.next_link is not None, part, request)

    def _refuse_to_begin(self, skip: int) -> None:
        """Asked when a request gets its turn: pages that wait for theirs may have been too late since."""
        if self.stop.is_set():
            raise StoppedError(f"{self.plan.table_id}: gestopt voor rij {skip}")
        if self.transport.clock() > self.ends_at:
            raise StoppedError(f"{self.plan.table_id}: de tijd voor deze tabel is op bij rij {skip}")

    def _check_size(self, rows: int, link: str | None, skip: int, wanted: int | None, where: str) -> None:
        """A page is as long as its place demands: what follows it begins where it ends."""
        ends = skip + rows
        if wanted is None:
            following = next_skip(link, self._url, where)
            if following is not None and following <= skip:
                raise LinkError(f"{where}: de link naar de volgende pagina wijst naar rij {following}")
            if following not in {None, ends}:
                raise ShortPageError(f"{where}: {rows} rijen, maar de volgende pagina begint bij {following}")
        elif rows < wanted:
            with suppress(LinkError):
                if rows and next_skip(link, self._url, where) == ends:
                    raise _SmallerPagesError
            raise ShortPageError(f"{where}: {rows} rijen, verwacht {wanted}")

    def _check_ids(self, part: PartFacts, skip: int, where: str) -> None:
        rows = part.rows
        if part.ids is None:
            return
        lowest, highest, different = part.ids
        if different != rows:
            raise IncompleteError(f"{where}: {rows} rijen met {different} verschillende ID's")
        if not self.plan.filter and (lowest, highest) != (skip, skip + rows - 1):
            raise IncompleteError(
                f"{where}: ID {lowest} tot en met {highest}, verwacht {skip} tot en met {skip + rows - 1}"
            )

    def _finish(self, pages: list[Page], expected: int | None, warnings: list[str]) -> RowsRead:
        read = RowsRead(tuple(pages), tuple(warnings))
        if expected is not None and read.rows != expected:
            raise IncompleteError(f"{self.host}/{self.plan.table_id}: {read.rows} rijen gelezen, {expected} geteld")
        if read.observations == 0:
            self.converter.write_empty(self.parts / "part-00000.parquet")
        return read


def count_rows(
    transport: Transport, services: Services, host: str, table_id: str, filter_text: str = ""
) -> RequestRecord | None:
    """Ask how many rows satisfy a filter; None when the service cannot count.

    Raises:
        SourceError: the service is in trouble.
    """
    url = f"{services.base_url(host)}/ODataFeed/odata/{table_id}/TypedDataSet/$count"
    url += f"?$filter={encode(filter_text)}" if filter_text else ""

    def parse(body: bytes) -> int:
        try:
            return int(body.decode("utf-8-sig").strip())
        except ValueError as error:
            raise BadBodyError(f"{url}: geen getal ({body[:80]!r})") from error

    try:
        number = transport.read(url, parse, service=host, accept="text/plain, */*;q=0.5")
    except (BadBodyError, RejectedError, CorruptError):
        return None
    return RequestRecord(url, 200, None, None, number)


def next_skip(link: str | None, home_url: str, where: str) -> int | None:
    """The place of the next page according to a link; None without a link.

    The link itself is never followed: only its number is used, and only when it points to where `home_url` is.

    Raises:
        LinkError: another origin, or no number.
    """
    if link is None:
        return None
    named, home = urlsplit(link), urlsplit(home_url)
    if (named.scheme, named.netloc) != (home.scheme, home.netloc):
        raise LinkError(f"{where}: de link naar de volgende pagina wijst naar {named.netloc}, niet naar {home.netloc}")
    skips = parse_qs(named.query).get("$skip", [])
    if len(skips) != 1 or not skips[0].isdigit():
        raise LinkError(f"{where}: de link naar de volgende pagina heeft geen $skip: {link}")
    return int(skips[0])
