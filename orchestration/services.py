"""The services of a run: the real ones, a base address, or a loopback server on the demo or another archive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from orchestration.settings import REGISTRY, Settings
from sources.replay.archive import archive_identity
from sources.replay.demo import ensure_demo_archive
from sources.replay.server import ReplayServer
from sources.services import Services


@contextmanager
def open_services(settings: Settings) -> Iterator[Services]:
    """Give the addresses to read from; an archive is served over loopback HTTP while the body runs.

    The clients notice no difference but the base address, so what works on an archive works on the real services.
    """
    if settings.sources == "live":
        yield Services.live()
    elif "://" in settings.sources:
        yield Services.at(settings.sources)
    else:
        archive = settings.archive
        if settings.sources == "demo":
            archive = ensure_demo_archive(settings.locations.root / "archief", REGISTRY)
        with ReplayServer(archive) as server:
            yield Services.at(server.base_url, archive_identity(archive))
