"""Catalogue and metadata through cbsodata, made safe for a night: deadlines, retries, proxies, one setting at a time.

cbsodata has no timeout and no retry, ignores NO_PROXY and keeps its scheme in a module global; all of that is dealt
with here. Rows never come through it: it holds a whole table in memory and cannot tell a short one.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import cbsodata
import requests
import urllib3

from sources.errors import BadBodyError, DeadlineError
from sources.http import Transport, connection_settings, raise_for_status, translated
from sources.services import Services

Record = dict[str, Any]


class _ShrinkingTimeout(urllib3.Timeout):
    """A timeout that ends with the deadline of the whole call.

    cbsodata follows links by itself and for ever; urllib3 clones the timeout for each request, so a call that loops
    is stopped at the first request after its deadline.
    """

    def __init__(self, connect: float, read: float, ends_at: float) -> None:
        super().__init__(connect=connect, read=read)
        self._ends_at = ends_at
        self._bounds = (connect, read)

    def clone(self) -> urllib3.Timeout:
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise urllib3.exceptions.TimeoutError("deadline of the call has passed")
        connect, read = self._bounds
        return urllib3.Timeout(connect=min(connect, left), read=min(read, left))


class _OneScheme:
    """Lets calls with one value of `options.use_https` run side by side and makes another value wait.

    The option is a module global: a replay server (http) and the live service (https) in one process would otherwise
    change each other's addresses in mid-call.
    """

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._running = 0
        self._https: bool | None = None

    @contextmanager
    def use(self, https: bool) -> Iterator[None]:
        with self._free:
            self._free.wait_for(lambda: self._running == 0 or self._https == https)
            self._https = https
            self._running += 1
            cbsodata.options.use_https = https
            # Drops the proxies that cbsodata took from the environment at import; ours come with each call.
            cbsodata.options.requests = {}
        try:
            yield
        finally:
            with self._free:
                self._running -= 1
                self._free.notify_all()


_SCHEME = _OneScheme()


@dataclass(frozen=True, slots=True)
class Client:
    """cbsodata against one host, under the limits of a transport.

    Attributes:
        host: bare host name of the service.
        services: where that host is reached.
        transport: retries, limit per service, circuit.
    """

    host: str
    services: Services
    transport: Transport

    def table_list(self, select: list[str], filters: str) -> list[Record]:
        """Records of the catalogue.

        Raises:
            SourceError: refused, unreachable or not the expected JSON, after the retries.
        """
        return self._call(
            "ODataCatalog/Tables", lambda kw: cbsodata.get_table_list(select=select, filters=filters, **kw)
        )

    def table_info(self, table_id: str) -> Record:
        """The one record of TableInfos.

        Raises:
            SourceError: as for `table_list`; BadBodyError when there is no record.
        """

        def action(kw: dict[str, Any]) -> list[Record]:
            info = cbsodata.get_info(table_id, **kw)
            if info is None:
                raise BadBodyError(f"{self.host}/{table_id}/TableInfos: geen record")
            return [info]

        return self._call(f"{table_id}/TableInfos", action)[0]

    def table_meta(self, table_id: str, name: str) -> list[Record]:
        """A metadata resource that is never empty: DataProperties or a dimension.

        Raises:
            SourceError: as for `table_list`; BadBodyError when the list is empty.
        """

        def action(kw: dict[str, Any]) -> list[Record]:
            records: list[Record] = cbsodata.get_meta(table_id, name, **kw)
            if not records:
                raise BadBodyError(f"{self.host}/{table_id}/{name}: een lege lijst, terwijl die nooit leeg is")
            return records

        return self._call(f"{table_id}/{name}", action)

    def _call(self, resource: str, action: Callable[[dict[str, Any]], list[Record]]) -> list[Record]:
        https, address = self.services.address(self.host)
        what = f"{self.host}/{resource}"
        limits = self.transport.settings

        def once() -> list[Record]:
            timeout = _ShrinkingTimeout(
                limits.connect_timeout, limits.read_timeout, time.monotonic() + limits.total_timeout
            )
            kw = {"catalog_url": address, "timeout": timeout, **connection_settings(self.services.base_url(self.host))}
            with _SCHEME.use(https), _translated(what):
                return within(limits.total_timeout, what, lambda: action(kw))

        return self.transport.attempt(self.host, what, once)


def within(seconds: float, what: str, action: Callable[[], list[Record]]) -> list[Record]:
    """Run an action that cannot be interrupted, and stop waiting for it after a while.

    Raises:
        DeadlineError: it took longer; its thread is left behind and ends with its connection.
        BaseException: whatever the action raised.
    """
    outcome: queue.SimpleQueue[tuple[list[Record], BaseException | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            outcome.put((action(), None))
        except BaseException as error:  # noqa: BLE001 - handed over to the waiting thread, raised there
            outcome.put(([], error))

    threading.Thread(target=run, name=f"cbsodata {what}", daemon=True).start()
    try:
        records, error = outcome.get(timeout=seconds)
    except queue.Empty:
        raise DeadlineError(f"{what}: na {seconds:.0f} s nog niet compleet") from None
    if error is not None:
        raise error
    return records


@contextmanager
def _translated(what: str) -> Iterator[None]:
    """Turn what cbsodata raises into the classes of `sources.errors`."""
    try:
        with translated(what):
            try:
                yield
            except requests.HTTPError as error:
                cause = error.__cause__
                response = error.response if error.response is not None else getattr(cause, "response", None)
                if response is None:
                    raise
                raise_for_status(response, what)
                raise
    except (KeyError, TypeError, ValueError) as error:
        # An error text with status 200 has no "value"; HTML and a cut-off body are no JSON at all.
        raise BadBodyError(
            f"{what}: status 200, maar niet de verwachte JSON ({type(error).__name__}: {error})"
        ) from error
