"""Where Dagster keeps its run history: its own SQLite store, with connections that stay open.

Dagster's own opens a connection three times for each event and closes it again, and every close of the last one
writes SQLite's log back to the disk. A night has thousands of events: that cost as much as the models of the mart. Same
files, same tables, so a history of before stays readable and dagster.yaml can name the plain store again at any time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as db
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from sqlalchemy.pool import QueuePool

# The index and the run at work; the UI looks at a few more.
_KEPT_OPEN = 4
_BUSY_SECONDS = 60


class KeptOpenEventLog(SqliteEventLogStorage):
    """Dagster's event log, with one open connection per file that is in use."""

    def __init__(self, base_dir: str) -> None:
        self._engines: OrderedDict[str, db.Engine] = OrderedDict()
        self._known_tables: set[str] = set()
        super().__init__(base_dir)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[db.Connection]:
        # One user at a time, as in Dagster's own: the pool holds a single connection per file.
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def has_table(self, table_name: str) -> bool:
        """Whether the index has a table; tables do not go away, so a yes is remembered."""
        if table_name not in self._known_tables and super().has_table(table_name):
            self._known_tables.add(table_name)
        return table_name in self._known_tables

    def dispose(self) -> None:
        """Close every connection."""
        super().dispose()
        with self._db_lock:
            while self._engines:
                self._engines.popitem()[1].dispose()

    def _engine(self, shard: str) -> db.Engine:
        if shard not in self._engines:
            self._engines[shard] = _open(self.conn_string_for_shard(shard))
            while len(self._engines) > _KEPT_OPEN:
                self._engines.popitem(last=False)[1].dispose()
        self._engines.move_to_end(shard)
        return self._engines[shard]


class KeptOpenStorage(DagsterSqliteStorage):
    """Dagster's SQLite storage with that event log; named in dagster.yaml."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        super().__init__(base_dir, inst_data)
        self._event_log_storage = KeptOpenEventLog(self._event_log_storage._base_dir)  # noqa: SLF001 - its own subclass

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> KeptOpenStorage:
        """Make it from dagster.yaml; Dagster's own would make its own class."""
        return cls.from_local(inst_data=inst_data, **config_value)


def _open(address: str) -> db.Engine:
    # Making the tables takes a second connection for a moment.
    engine = db.create_engine(
        address, poolclass=QueuePool, pool_size=1, max_overflow=1, connect_args={"timeout": _BUSY_SECONDS}
    )

    @db.event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        # With a write-ahead log this survives a killed process; only a power failure can cost the last events.
        connection.execute("pragma synchronous = normal")

    return engine
