"""Read a registry seed of which only some columns are needed.

What does not belong here: the three seeds that say what is extracted (`registry` checks those line by line).
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from sources.registry import RegistryError


def read_seed(folder: Path, file: str, columns: Collection[str]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Give the line number and the trimmed values of these columns, for each line of a seed.

    Raises:
        RegistryError: the file or a column is missing.
    """
    path = folder / file
    if not path.is_file():
        raise RegistryError(file, None, None, f"is not in {folder}.", "Point at the folder of the registry seeds.")
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        missing = sorted(set(columns) - set(reader.fieldnames or []))
        if missing:
            raise RegistryError(file, 1, missing[0], "is not in the header.", "Restore the column.")
        for row in reader:
            yield reader.line_num, {name: (row[name] or "").strip() for name in columns}
