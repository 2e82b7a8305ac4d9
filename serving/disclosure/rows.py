"""The rows that go into protection and come out of it. No rules: only their shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

SUPPRESSED = "onderdrukt"
NO_DENOMINATOR = "noemer_nul"
ORGANISATION = "ORG"


class RowKey(NamedTuple):
    """What makes a figure one figure, in every batch."""

    kpi_id: str
    variant: str
    uitsplitsing: str
    gemeente_code: str
    periode: str


@dataclass(frozen=True, slots=True)
class ExactRow:
    """An exact figure of the organisation; never leaves `intern`.

    Attributes:
        uitsplitsing: A split of the registry, or `<list>: <code>` for an open code list.
        gemeente_code: A gemeente, `GM9999` (unknown) or `ORG` (the whole organisation).
        teller: Numerator; null when there is none.
        noemer: Denominator; null when there is none.
        waarde: The figure itself.
        n: Units or contributors behind it, see the registry's bijdrager.
        grootste: Share (0 to 1) of the largest contributor in an amount.
        grootste_twee: The same for the two largest together.
        ontbreekt_reden: Why there is no figure; null when there is one.
    """

    kpi_id: str
    model_versie: str
    variant: str
    uitsplitsing: str
    gemeente_code: str
    periode: str
    periode_soort: str
    jaar: int
    teller: float | None
    noemer: float | None
    waarde: float | None
    n: int | None
    grootste: float | None = None
    grootste_twee: float | None = None
    status: str | None = None
    ontbreekt_reden: str | None = None

    @property
    def key(self) -> RowKey:
        """What makes this figure one figure."""
        return RowKey(self.kpi_id, self.variant, self.uitsplitsing, self.gemeente_code, self.periode)

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> ExactRow:
        """Make a row from a record that has at least these columns."""
        return cls(**{field.name: record[field.name] for field in fields(cls)})


@dataclass(frozen=True, slots=True)
class ProtectedRow:
    """A figure as it may be published.

    Attributes:
        waarde: Rounded figure; null when hidden or absent.
        teller: Rounded numerator; null where it is not published.
        noemer: Rounded denominator, or the open one in full; null where it is not published.
        status: How final the figure is; null when there is none.
        ontbreekt_reden: `onderdrukt` for whatever is hidden, so that nobody sees why.
        onderdrukking: Why it is hidden: primair, secundair, audit or blijft. For `intern` only.
    """

    kpi_id: str
    model_versie: str
    variant: str
    uitsplitsing: str
    gemeente_code: str
    periode: str
    periode_soort: str
    jaar: int
    waarde: float | None
    teller: float | None
    noemer: float | None
    status: str | None
    ontbreekt_reden: str | None
    onderdrukking: str | None = None

    @property
    def key(self) -> RowKey:
        """What makes this figure one figure."""
        return RowKey(self.kpi_id, self.variant, self.uitsplitsing, self.gemeente_code, self.periode)

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> ProtectedRow:
        """Make a row from a record that has at least these columns."""
        return cls(**{field.name: record[field.name] for field in fields(cls)})
