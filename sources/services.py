"""Where the services are: live, or a replay server that stands in for all of them.

Only addresses and the identity of what answers there; no requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

LIVE = "live"


@dataclass(frozen=True, slots=True)
class Services:
    """Base addresses of all hosts of one run.

    Attributes:
        sources: `live`, or the base address of a replay server (`http://127.0.0.1:8080`).
        identity: says what answers there. It is part of the change key of every edition, so that a stand-in never
            passes for the live service, nor one archive for another.
    """

    sources: str
    identity: str

    @classmethod
    def live(cls) -> Self:
        """The real services."""
        return cls(LIVE, LIVE)

    @classmethod
    def at(cls, base_url: str, identity: str | None = None) -> Self:
        """A replay server; its address is the identity unless a better one is given.

        Raises:
            ValueError: not an http(s) address.
        """
        base = base_url.rstrip("/")
        if urlsplit(base).scheme not in {"http", "https"} or not urlsplit(base).netloc:
            raise ValueError(f"{base_url!r} is no base address; expected something like http://127.0.0.1:8080")
        return cls(base, identity or base)

    @property
    def is_live(self) -> bool:
        """Whether the real services are asked."""
        return self.sources == LIVE

    def base_url(self, host: str) -> str:
        """Base address of a host, without a slash at the end."""
        return f"https://{host}" if self.is_live else f"{self.sources}/_host/{host}"

    def address(self, host: str) -> tuple[bool, str]:
        """The same as (is it https, address without a scheme), the form that cbsodata takes."""
        base = self.base_url(host)
        scheme, _, rest = base.partition("://")
        return scheme == "https", rest
