"""The errors of `serving/` that a person can act on, each with the exit status it gives on the command line.

Messages for advisors are Dutch; messages of `publish`, which only engineers meet, are English.
"""

from typing import ClassVar


class ServingError(Exception):
    """Something in the data or the run is not as it should be; exit status 1."""

    exit_status: ClassVar[int] = 1


class WrongUseError(ServingError, ValueError):
    """The user asked for something that does not exist or may not; exit status 2."""

    exit_status: ClassVar[int] = 2


class BusyError(ServingError):
    """Somebody else is doing the same thing at this moment; exit status 3."""

    exit_status: ClassVar[int] = 3


class NoPublicationError(ServingError):
    """There is no publication to read yet, or the one there is cannot be read."""


class PublicationError(ServingError):
    """A publication could not be made; the one before it still stands."""
