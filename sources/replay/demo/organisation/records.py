"""The invented records before anybody spelled them: one list of rows per table of the input contract.

Rows carry the contract's column names and Python values, so that a test can count the truth beside what was read. A key
that begins with `_` helps to spell the row (a postcode, the own gemeente of a case) and is no column.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

Row = dict[str, Any]

FIRST_DAY = dt.date(2023, 1, 1)
LAST_DAY = dt.date(2025, 12, 31)
# Work that was already going on when the delivery's window opens.
EARLIEST = dt.date(2022, 9, 1)
LEEFGEBIEDEN = {1: 0.24, 2: 0.14, 3: 0.13, 4: 0.20, 5: 0.09, 6: 0.14, 7: 0.06}


class Records:
    """All rows, by table.

    Attributes:
        tables: rows per table of the contract.
    """

    def __init__(self) -> None:
        self.tables: defaultdict[str, list[Row]] = defaultdict(list)

    def __getitem__(self, table: str) -> list[Row]:
        """Rows of one table, in order of making."""
        return self.tables[table]

    def add(self, table: str, **columns: Any) -> Row:
        """Add one row."""
        self.tables[table].append(columns)
        return columns


def until(day: dt.date | None) -> dt.date | None:
    """The day when it is not after the peildatum; what lies after it has not happened yet."""
    return day if day is not None and day <= LAST_DAY else None
