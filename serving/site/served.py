"""Which file an address of the server means: only what lies in the folder of publications.

No link is followed but `actueel`, and nothing is listed.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from serving.shelf import CURRENT, current_folder

_TEXT = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".csv": "text/csv",
    ".txt": "text/plain",
    ".md": "text/markdown",
}
_BINARY = {
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".png": "image/png",
}
_OTHER = "application/octet-stream"
# Hidden files, `..` and whatever a file system or another program could read otherwise than we do.
_NAME = re.compile(r"[^./\\\x00-\x1f][^/\\\x00-\x1f]*")


@dataclass(frozen=True, slots=True)
class Found:
    """A file that may be sent.

    Attributes:
        path: Its real path.
        size: Its bytes.
        tag: Another one for other content.
    """

    path: Path
    size: int
    tag: str

    @property
    def is_text(self) -> bool:
        """Whether compressing it is worth while."""
        return self.path.suffix in _TEXT

    @property
    def kind(self) -> str:
        """Its media type."""
        if self.path.suffix in _TEXT:
            return f"{_TEXT[self.path.suffix]}; charset=utf-8"
        return _BINARY.get(self.path.suffix, _OTHER)


def find_file(folder: Path, address: str) -> Found | None:
    """Find the file that an address means; None when there is none, or it is not to be seen.

    Args:
        folder: Folder of publications, resolved.
        address: Path of the address, as it was sent.
    """
    names = [unquote(part, errors="replace") for part in address.split("/")[1:]]
    if not all(_NAME.fullmatch(name) for name in names):
        return None
    start = folder
    if names[0] == CURRENT:
        current = current_folder(folder)
        if current is None or current.parent != folder:
            return None
        start, names = current, names[1:]
    path = start.joinpath(*names)
    try:
        # The same after resolving: no link was followed.
        if path.resolve() != path or not path.is_file():
            return None
        facts = path.stat()
    except OSError:
        return None
    # Weak: the compressed file has the same one.
    return Found(path, facts.st_size, f'W/"{facts.st_mtime_ns:x}-{facts.st_size:x}"')
