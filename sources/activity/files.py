"""A delivered file: where it is, and what identifies its content.

What does not belong here: which files a delivery has and what is in them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sources.activity.mapping_types import TableMapping

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class TableFile:
    """One file that gives rows of one table.

    Attributes:
        tabel: contract table.
        path: the file.
        naam: its name within the delivery, for messages.
        sha256: hash of its bytes.
        bytes: its size.
        mapping: how it is laid out.
    """

    tabel: str
    path: Path
    naam: str
    sha256: str
    bytes: int
    mapping: TableMapping


def hash_file(path: Path) -> tuple[str, int]:
    """Hash and size of a file.

    Raises:
        OSError: the file cannot be read.
    """
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size
