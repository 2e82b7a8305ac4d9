"""The errors a source can give: one hierarchy, so that a night catches these and nothing else.

The messages are Dutch: they end up in the mart's table `bron` and in the report of the night, in front of advisors.
A programming error is not a SourceError and is meant to surface as what it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sources.edition_checks.model import EditionCheck


class SourceError(Exception):
    """A source could not give what was asked for; the previous edition stays in use."""


class TransientError(SourceError):
    """Worth another attempt: the same request may succeed in a moment.

    Attributes:
        retry_after: seconds that the service asked us to wait, or None.
        service_down: whether this says something about the whole service, not about one table.
    """

    service_down = False

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ConnectionLostError(TransientError):
    """Refused, reset, closed without an answer, or ended in the middle of the body."""

    service_down = True


class DeadlineError(TransientError):
    """No connection, no next byte or no end of the answer within the time allowed."""

    service_down = True


class TooSlowError(TransientError):
    """Bytes came, but slower than the minimum throughput."""


class BusyError(TransientError):
    """HTTP 408, 425, 429 or 5xx.

    Attributes:
        status: the HTTP status.
        fingerprint: hash of status and body where two equal answers mean a lasting fault, else None.
    """

    service_down = True

    def __init__(self, message: str, *, status: int, retry_after: float | None, fingerprint: str | None) -> None:
        super().__init__(message, retry_after=retry_after)
        self.status = status
        self.fingerprint = fingerprint


class BadBodyError(TransientError):
    """HTTP 200 with something else than the JSON that was asked for: empty, HTML, cut off, an error text."""


class ShortPageError(TransientError):
    """A page holds another number of rows than its place in the table demands."""


class PermanentError(SourceError):
    """Asking again gives the same: HTTP 4xx, a lasting 500, an invalid certificate."""


class RejectedError(PermanentError):
    """The service refuses this request (HTTP 400, 401, 403, 404 and other 4xx).

    Attributes:
        status: the HTTP status.
    """

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


class CorruptError(PermanentError):
    """The same HTTP 500 with the same body twice: the service cannot read this table."""


class CertificateError(PermanentError):
    """The TLS certificate is not trusted, or the CA bundle that the environment names is not there."""


class ServiceDownError(SourceError):
    """Too many calls in a row failed on one service; it is left alone for a while."""


class SchemaError(SourceError):
    """The table does not have the columns, members or types that belong to what was asked."""


class ResolveError(SchemaError):
    """One series cannot be tied to exactly one column and one member per dimension."""


class FilterIgnoredError(SourceError):
    """The service returned rows that the filter it was sent excludes."""


class SilentEmptyError(SourceError):
    """No rows, while the service says elsewhere that there are some."""


class IncompleteError(SourceError):
    """The rows received are not all the rows there are."""


class LinkError(SourceError):
    """A nextLink points to itself, backwards or to another origin."""


class ChangedMidwayError(SourceError):
    """The table was renewed while it was being read."""


class LakeError(SourceError):
    """The lake on disk is not in the state it was left in."""


class EditionRefusedError(SourceError):
    """An edition fails a check at the door; the pointer stays on the previous one.

    Attributes:
        checks: the checks that failed, where it was one of those.
    """

    def __init__(self, message: str, *, checks: tuple[EditionCheck, ...] = ()) -> None:
        super().__init__(message)
        self.checks = checks


class StoppedError(SourceError):
    """The run was told to stop before this table was done."""


class DeliveryError(SourceError):
    """A delivery of own data cannot be read as it is; the message names file, column and remedy, never a value."""


class KeyMissingError(DeliveryError):
    """There is no usable key to pseudonymise with; nothing of the delivery is opened."""


class MappingError(DeliveryError):
    """The mapping of an organisation's own files cannot be used."""


class DeliveryRefusedError(DeliveryError):
    """A delivery holds what may not come in, such as a BSN, an e-mail address or an IBAN: it is refused whole."""
