"""Loopback stand-in for the open-data services: serves an archive folder with the protocol of the real hosts.

For tests, for the demo and for work without a network. The clients of this project must not import it:
they meet it over HTTP only.
"""

from sources.replay.archive import ArchiveError, archive_identity
from sources.replay.faults import Fault
from sources.replay.server import ReplayServer, RequestRecord

__all__ = ["ArchiveError", "Fault", "ReplayServer", "RequestRecord", "archive_identity"]
