"""The one way out to a network: a keep-alive session with deadlines, a minimum throughput and bounded retries.

Knows HTTP, proxies and certificates, and nothing about tables or formats: what a body should look like is the
caller's `check`. Clients that bring their own HTTP (cbsodata) run through `Transport.attempt` for the same retry
classes, the same limit per service and the same circuit.
"""

from __future__ import annotations

import hashlib
import os
import random
import threading
import time
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar, overload
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from tenacity import RetryCallState, Retrying, retry_if_exception_type

from sources.errors import (
    BadBodyError,
    BusyError,
    CertificateError,
    ConnectionLostError,
    CorruptError,
    DeadlineError,
    PermanentError,
    RejectedError,
    ServiceDownError,
    SourceError,
    TooSlowError,
    TransientError,
)

JSON = "application/json"
_CHUNK = 65536
_PIECE = 1024 * 1024
# Window of a gzip body, header included.
_GZIP = 16 + zlib.MAX_WBITS
_ERROR_BODY_LIMIT = 65536
_TRANSIENT_STATUS = frozenset({408, 425, 429})
# Gateways and overload say the same thing every time; only other 5xx bodies tell a lasting fault from a hiccup.
_ALWAYS_TRANSIENT = frozenset({502, 503, 504})
_CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")

T = TypeVar("T")
R = TypeVar("R")


class Sink(Protocol):
    """What takes the body of one attempt, piece by piece, decompressed."""

    def write(self, piece: bytes, /) -> object:
        """Take the next piece."""

    def close(self) -> None:
        """The attempt is over, well or badly; may be called twice."""


S = TypeVar("S", bound=Sink)


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """Limits of one transport; times in seconds.

    Attributes:
        connect_timeout: to a connection, per address tried (an unreachable IPv6 address costs this once).
        read_timeout: longest silence between two reads.
        total_timeout: one answer from request to last byte.
        minimum_rate: bytes on the wire per second, over the last `rate_window` seconds.
        rate_window: see `minimum_rate`; counted from the first byte of an answer.
        attempts: per request, the first one included.
        backoff: upper bound of the first wait; doubles each attempt, drawn uniformly from 0 (full jitter).
        backoff_cap: upper bound of any wait of our own.
        retry_after_cap: upper bound of a wait that the service asks for.
        retry_budget: retries of one transport in all, so that a bad night ends.
        parallel: requests in flight per service.
        circuit_failures: calls in a row that fail for good before a service is left alone.
        circuit_pause: how long it is left alone.
        contact: an address or page for the operators of the service, put in the agent string.
    """

    connect_timeout: float = 5.0
    read_timeout: float = 60.0
    total_timeout: float = 600.0
    minimum_rate: float = 10_000.0
    rate_window: float = 20.0
    attempts: int = 5
    backoff: float = 1.0
    backoff_cap: float = 60.0
    retry_after_cap: float = 120.0
    retry_budget: int = 100
    parallel: int = 4
    circuit_failures: int = 6
    circuit_pause: float = 60.0
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """One answer, its body gone into a sink.

    Attributes:
        url: as requested.
        status: HTTP status.
        content_type: header, lower case, without parameters.
        bytes: on the wire, so compressed where the service did so.
        sha256: of the bytes on the wire.
    """

    url: str
    status: int
    content_type: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Download:
    """One answer, as saved.

    Attributes:
        url: as requested.
        status: HTTP status.
        content_type: header, lower case, without parameters.
        bytes: on the wire, so compressed where the service did so.
        sha256: of the body as saved, decompressed.
        path: where the body is.
    """

    url: str
    status: int
    content_type: str
    bytes: int
    sha256: str
    path: Path


@dataclass(slots=True)
class _Service:
    """What is known of one service during this run."""

    slots: threading.BoundedSemaphore
    failures: int = 0
    opened_at: float | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class _Meter:
    """Minimum throughput and total time of one answer."""

    def __init__(self, settings: HttpSettings, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._clock = clock
        self._started = clock()
        # From the first byte on: a service may think for most of a minute before a deep page.
        self._marks: deque[tuple[float, int]] = deque()

    def check(self, received: int, url: str) -> None:
        """Raise when the answer takes too long or comes too slowly; `received` is bytes so far."""
        now = self._clock()
        if now - self._started > self._settings.total_timeout:
            raise DeadlineError(f"{url}: na {self._settings.total_timeout:.0f} s nog niet compleet ({received} bytes)")
        self._marks.append((now, received))
        window = self._settings.rate_window
        while len(self._marks) > 2 and now - self._marks[1][0] >= window:  # noqa: PLR2004 - the oldest mark a window ago
            self._marks.popleft()
        since, before = self._marks[0]
        if now - since < window:
            return
        rate = (received - before) / (now - since)
        if rate < self._settings.minimum_rate:
            raise TooSlowError(f"{url}: {rate:.0f} bytes per seconde, minder dan {self._settings.minimum_rate:.0f}")


class Transport:
    """HTTP for one run: shared session, shared retry budget, one limit and one circuit per service.

    Thread-safe. `service` names whose limit a call falls under; two services behind one address (a replay server)
    then stay apart.
    """

    def __init__(
        self,
        settings: HttpSettings | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        rng: random.Random | None = None,
    ) -> None:
        self.settings = settings or HttpSettings()
        self._sleep = sleep
        self._clock = clock
        self._rng = rng or random.Random()  # noqa: S311 - jitter, not secrets
        self._lock = threading.Lock()
        self._retries_left = self.settings.retry_budget
        self._services: dict[str, _Service] = {}
        self._ways: dict[tuple[str, str], dict[str, Any]] = {}
        self._session = requests.Session()
        adapter = HTTPAdapter(pool_connections=8, pool_maxsize=16, max_retries=0)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        self._session.headers.update({"User-Agent": user_agent(self.settings.contact), "Accept-Encoding": "gzip"})

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the pooled connections."""
        self.close()

    def close(self) -> None:
        """Close the pooled connections."""
        self._session.close()

    @property
    def clock(self) -> Callable[[], float]:
        """The monotonic clock that deadlines are measured with."""
        return self._clock

    def download(
        self,
        url: str,
        target: Path,
        *,
        service: str | None = None,
        accept: str = JSON,
        check: Callable[[Download], None] | None = None,
        on_bytes: Callable[[int], None] | None = None,
    ) -> Download:
        """Stream one answer to a file, with retries.

        Args:
            url: complete, with its query encoded.
            target: file to write; overwritten at each attempt, removed when none succeeds.
            service: whose limit and circuit this falls under; the host of `url` by default.
            accept: value of the Accept header.
            check: looks at the saved body and raises a TransientError when it is not worth keeping; that attempt
                then counts as failed.
            on_bytes: told the length of the body so far, decompressed, after each piece; for a progress bar.

        Raises:
            SourceError: when no attempt succeeded; see `attempt`.
            OSError: the target cannot be written.
        """

        def opened() -> _FileSink:
            return _FileSink(target, on_bytes)

        def finish(answer: Received, file: _FileSink) -> Download:
            file.close()
            saved = Download(url, answer.status, answer.content_type, answer.bytes, file.sha256, target)
            if check is not None:
                check(saved)
            return saved

        try:
            return self.receive(url, opened, finish, service=service, accept=accept)
        except BaseException:
            target.unlink(missing_ok=True)
            raise

    def receive(
        self,
        url: str,
        into: Callable[[], S],
        finish: Callable[[Received, S], T],
        *,
        service: str | None = None,
        accept: str = JSON,
    ) -> T:
        """Stream one answer into a sink of its own per attempt, and give what `finish` makes of it.

        Args:
            url: complete, with its query encoded.
            into: opens the sink of an attempt; closed after each attempt.
            finish: works on the whole body after its request has given up its place to the next one; raises a
                TransientError when the body is not worth keeping, and that attempt then counts as failed.
            service: whose limit and circuit this falls under; the host of `url` by default.
            accept: value of the Accept header.

        Raises:
            SourceError: when no attempt succeeded; see `attempt`.
        """

        def once() -> tuple[Received, S]:
            sink = into()
            try:
                return self._stream(url, accept, sink.write), sink
            except BaseException:
                sink.close()
                raise

        def done(outcome: tuple[Received, S]) -> T:
            try:
                return finish(*outcome)
            finally:
                outcome[1].close()

        return self.attempt(service or urlsplit(url).netloc, url, once, done)

    def read(
        self,
        url: str,
        parse: Callable[[bytes], T],
        *,
        service: str | None = None,
        accept: str = "*/*",
        limit: int = 1_000_000,
    ) -> T:
        """Fetch a small body into memory, with retries, and give what `parse` makes of it.

        Args:
            url: complete, with its query encoded.
            parse: raises a TransientError for a body that is not worth keeping; that attempt then counts as failed.
            service: whose limit and circuit this falls under; the host of `url` by default.
            accept: value of the Accept header.
            limit: longest body in bytes.

        Raises:
            BadBodyError: the body is longer than `limit`.
            SourceError: see `attempt`.
        """

        def once() -> T:
            body = bytearray()

            def sink(chunk: bytes) -> None:
                body.extend(chunk)
                if len(body) > limit:
                    raise BadBodyError(f"{url}: meer dan {limit} bytes waar een kort antwoord hoort")

            self._stream(url, accept, sink)
            return parse(bytes(body))

        return self.attempt(service or urlsplit(url).netloc, url, once)

    @overload
    def attempt(self, service: str, what: str, action: Callable[[], T]) -> T: ...

    @overload
    def attempt(self, service: str, what: str, action: Callable[[], R], after: Callable[[R], T]) -> T: ...

    def attempt(
        self, service: str, what: str, action: Callable[[], Any], after: Callable[[Any], Any] | None = None
    ) -> Any:
        """Run an action under the limit, the retry classes, the budget and the circuit of a service.

        Args:
            service: name of the service, as in `download`.
            what: what is asked for, for the message.
            action: raises TransientError for what may be tried again.
            after: what is made of its outcome, part of the same attempt but outside the limit: a request that has been
                answered does not keep the next one waiting while its answer is worked on.

        Raises:
            TransientError: the last one, when attempts or budget are used up.
            PermanentError: at once.
            ServiceDownError: the circuit of this service is open.
        """
        state = self._service(service)
        seen: set[str] = set()
        attempts = 0

        def once() -> Any:
            nonlocal attempts
            self._refuse_when_open(service, state)
            attempts += 1
            with state.slots:
                try:
                    outcome = action()
                except BusyError as error:
                    if error.fingerprint is not None and error.fingerprint in seen:
                        raise CorruptError(f"{error} (twee keer hetzelfde antwoord: blijvend)") from error
                    seen.add(error.fingerprint or "")
                    raise
            return outcome if after is None else after(outcome)

        retrying = Retrying(
            retry=retry_if_exception_type(TransientError),
            stop=self._give_up,
            wait=self._wait,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            result = retrying(once)
        except TransientError as error:
            if error.service_down:
                self._count_failure(state)
            error.args = (f"{error} (opgegeven na {attempts} keer proberen: {what})",)
            raise
        except PermanentError:
            self._count_success(state)
            raise
        self._count_success(state)
        return result

    def _stream(self, url: str, accept: str, sink: Callable[[bytes], object]) -> Received:
        """Send one GET and hand the decompressed body to `sink`."""
        settings = self.settings
        meter = _Meter(settings, self._clock)
        digest = hashlib.sha256()
        with (
            translated(url),
            self._session.send(
                self._session.prepare_request(requests.Request("GET", url, {"Accept": accept})),
                stream=True,
                timeout=(settings.connect_timeout, settings.read_timeout),
                **self._way_to(url),
            ) as response,
        ):
            raise_for_status(response)
            coding = response.headers.get("Content-Encoding", "").strip().lower()
            body = _Gunzip(url) if coding in {"gzip", "x-gzip"} else None
            # read1 returns at every packet: a stream that drips cannot hide in a buffer that is never full.
            while chunk := response.raw.read1(_CHUNK, decode_content=body is None):
                if body is None:
                    sink(chunk)
                else:
                    # Only what came over the wire is hashed: it is a twentieth of what it becomes.
                    for piece in body.pieces(chunk):
                        sink(piece)
                digest.update(chunk)
                meter.check(response.raw.tell(), url)
            if body is not None:
                body.end()
            content_type = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
            return Received(url, response.status_code, content_type, int(response.raw.tell()), digest.hexdigest())

    def _way_to(self, url: str) -> dict[str, Any]:
        """Proxies and certificates; worked out once per origin: reading the environment takes as long as a request."""
        origin = urlsplit(url)[:2]
        if origin not in self._ways:
            self._ways[origin] = connection_settings(url)
        return self._ways[origin]

    def _service(self, name: str) -> _Service:
        with self._lock:
            if name not in self._services:
                self._services[name] = _Service(threading.BoundedSemaphore(self.settings.parallel))
            return self._services[name]

    def _refuse_when_open(self, name: str, state: _Service) -> None:
        with state.lock:
            if state.opened_at is None or self._clock() - state.opened_at >= self.settings.circuit_pause:
                return
        raise ServiceDownError(
            f"{name}: {state.failures} aanvragen achter elkaar mislukt; deze dienst wordt even met rust gelaten"
        )

    def _count_failure(self, state: _Service) -> None:
        with state.lock:
            state.failures += 1
            if state.failures >= self.settings.circuit_failures:
                state.opened_at = self._clock()

    def _count_success(self, state: _Service) -> None:
        with state.lock:
            state.failures = 0
            state.opened_at = None

    def _give_up(self, state: RetryCallState) -> bool:
        if state.attempt_number >= self.settings.attempts:
            return True
        with self._lock:
            if self._retries_left <= 0:
                return True
            self._retries_left -= 1
            return False

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, TransientError) and error.retry_after is not None:
            return min(error.retry_after, self.settings.retry_after_cap)
        bound = min(self.settings.backoff * 2.0 ** (state.attempt_number - 1), self.settings.backoff_cap)
        return self._rng.uniform(0.0, bound)


class _Gunzip:
    """Decompresses a body in pieces large enough to be worth a call each."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._member = zlib.decompressobj(_GZIP)
        self._begun = False

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        """What a chunk of the wire becomes."""
        self._begun = True
        while chunk:
            if self._member.eof:
                self._member = zlib.decompressobj(_GZIP)
            try:
                piece = self._member.decompress(chunk, _PIECE)
            except zlib.error as error:
                raise ConnectionLostError(f"{self._url}: gzip is beschadigd ({error})") from error
            if piece:
                yield piece
            chunk = self._member.unused_data if self._member.eof else self._member.unconsumed_tail

    def end(self) -> None:
        """The wire has nothing more.

        Raises:
            ConnectionLostError: the body ends before its gzip does.
        """
        if self._begun and not self._member.eof:
            raise ConnectionLostError(f"{self._url}: gzip breekt af voor het einde")


class _FileSink:
    """Writes a body to a file."""

    def __init__(self, target: Path, on_bytes: Callable[[int], None] | None) -> None:
        self._file = target.open("wb")
        self._on_bytes = on_bytes
        self._digest = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Of what was written."""
        return self._digest.hexdigest()

    def write(self, piece: bytes) -> None:
        self._digest.update(piece)
        self._file.write(piece)
        if self._on_bytes is not None:
            self._on_bytes(self._file.tell())

    def close(self) -> None:
        self._file.close()


def user_agent(contact: str | None = None) -> str:
    """`impact-kpi/<version>`, with a contact where one is configured."""
    try:
        number = version("impact-kpi")
    except PackageNotFoundError:
        number = "onbekend"
    return f"impact-kpi/{number}" + (f" (+{contact})" if contact else "")


def ca_bundle() -> str | bool:
    """The CA bundle that the environment names, else True (the bundle that comes with requests).

    requests itself knows REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE; offices often set only SSL_CERT_FILE.

    Raises:
        CertificateError: the file named is not there.
    """
    for variable in _CA_VARIABLES:
        name = os.environ.get(variable, "").strip()
        if name:
            if not Path(name).exists():
                raise CertificateError(
                    f"{variable} noemt {name}, maar dat bestand is er niet; verbeter of wis {variable}"
                )
            return name
    return True


def connection_settings(url: str) -> dict[str, Any]:
    """Proxies and certificates for one URL, as keyword arguments of `requests.Session.send`.

    HTTP(S)_PROXY, NO_PROXY and the CA bundle are worked out here for clients that skip
    `Session.request` and with it these rules.
    """
    with requests.Session() as session:
        merged = session.merge_environment_settings(url, {}, None, ca_bundle(), None)
    return {"proxies": dict(merged["proxies"]), "verify": merged["verify"]}


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Turn exceptions of requests and urllib3 into the classes of `sources.errors`."""
    try:
        yield
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise _classify(error, what) from error


def _classify(error: Exception, what: str) -> SourceError:
    text = f"{what}: {type(error).__name__}: {error}"
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return CertificateError(f"{text}. Zet het CA-bestand van uw netwerk in REQUESTS_CA_BUNDLE of SSL_CERT_FILE")
    if isinstance(error, requests.exceptions.ProxyError):
        return ConnectionLostError(f"{text}. Controleer HTTP_PROXY, HTTPS_PROXY en NO_PROXY")
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
        return DeadlineError(text)
    if isinstance(error, requests.exceptions.JSONDecodeError):
        return BadBodyError(f"{what}: status 200, maar geen JSON ({error})")
    lost = (
        requests.ConnectionError,
        requests.exceptions.ChunkedEncodingError,
        requests.exceptions.ContentDecodingError,
        urllib3.exceptions.HTTPError,
    )
    if isinstance(error, lost):
        return ConnectionLostError(text)
    return PermanentError(text)


def raise_for_status(response: requests.Response, what: str | None = None) -> None:
    """Sort an answer that is not 200 into the retry classes.

    Args:
        response: read or still streaming; at most 64 kB of its body is read.
        what: for the message; the URL by default.

    Raises:
        BusyError: 408, 425, 429, 5xx.
        RejectedError: any other status than 200.
    """
    status = response.status_code
    if status == requests.codes.ok:
        return
    where = what or response.url
    if status < 500 and status not in _TRANSIENT_STATUS:  # noqa: PLR2004 - 5xx begins here
        raise RejectedError(f"{where}: HTTP {status}", status=status)
    with translated(where):
        body: bytes = next(response.iter_content(_ERROR_BODY_LIMIT), b"")
    lasting = status >= 500 and status not in _ALWAYS_TRANSIENT  # noqa: PLR2004
    fingerprint = hashlib.sha256(b"%d " % status + body).hexdigest() if lasting else None
    excerpt = " ".join(body[:200].decode("utf-8", "replace").split())
    raise BusyError(
        f"{where}: HTTP {status} {excerpt}".rstrip(),
        status=status,
        retry_after=_retry_after(response.headers.get("Retry-After")),
        fingerprint=fingerprint,
    )


def _retry_after(value: str | None) -> float | None:
    """Seconds to wait according to a Retry-After header, given as seconds or as an HTTP date."""
    if value is None:
        return None
    text = value.strip()
    if text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
