"""What a figure looks like in the publication: rounded, or empty with the one reason that readers get.

Percentages, ratios and rates are computed from the rounded counts. Whether a figure may be shown is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from serving.disclosure.catalogue import CellKey
from serving.disclosure.parameters import Parameters
from serving.disclosure.primary import PRIMARY, Figure
from serving.disclosure.rounding import to_decimals, to_multiple, to_readable
from serving.disclosure.rows import NO_DENOMINATOR, SUPPRESSED, ExactRow, ProtectedRow, RowKey
from serving.disclosure.view import View

_NOT_COUNTED = frozenset({"gemiddelde", "duur", "bedrag", "uren", "percentage_bedrag"})


class _Shown(NamedTuple):
    waarde: float | None
    teller: float | None = None
    noemer: float | None = None


@dataclass(frozen=True, slots=True)
class Publisher:
    """Writes figures the way this batch shows them.

    Attributes:
        before: What readers know from the batch before.
        earlier: Its rows; figures that hardly moved are kept.
    """

    parameters: Parameters
    before: View | None
    earlier: Mapping[RowKey, ProtectedRow]

    def row(self, figure: Figure, hidden_by: str | None) -> ProtectedRow:
        """Make the published row of a figure; `hidden_by` says why it is hidden, null when it is not."""
        row = figure.row
        if hidden_by is None and row.ontbreekt_reden == NO_DENOMINATOR and _tells_of_people(figure):
            # That nobody was counted is a small number too.
            hidden_by = PRIMARY
        if hidden_by is not None and row.ontbreekt_reden in {None, NO_DENOMINATOR}:
            return _published(row, _Shown(None), SUPPRESSED, hidden_by)
        if row.ontbreekt_reden is not None:
            return _published(row, _Shown(None), row.ontbreekt_reden, None)
        shown = self._kept(figure, self._shown(figure))
        if shown.waarde is None:
            return _published(row, _Shown(None), SUPPRESSED, PRIMARY)
        return _published(row, shown, None, None)

    def _shown(self, figure: Figure) -> _Shown:
        kind = figure.entry.soort_waarde
        if kind in _NOT_COUNTED:
            return self._measured(figure)
        teller = self._count(figure.cells.teller, figure.row.teller)
        if kind == "aantal":
            return _Shown(teller, teller)
        if not figure.cells.keys and not figure.entry.teller_telling:
            return self._of_things(figure)
        noemer = figure.row.noemer if figure.entry.open_noemer else self._count(figure.cells.noemer, figure.row.noemer)
        if teller is None or not noemer:
            return _Shown(None)
        decimals = self._decimals(noemer) if kind == "percentage" else self.parameters.verhouding_decimalen
        return _Shown(to_decimals(figure.entry.factor * teller / noemer, decimals), teller, noemer)

    def _of_things(self, figure: Figure) -> _Shown:
        """A share of things that are no people and of which there are few: rounding to fives would leave nothing."""
        decimals = (
            self.parameters.pct_decimalen_klein
            if figure.entry.soort_waarde == "percentage"
            else self.parameters.verhouding_decimalen
        )
        value = _value(figure)
        return _Shown(None if value is None else to_decimals(value, decimals))

    def _measured(self, figure: Figure) -> _Shown:
        value, rules = _value(figure), self.parameters
        if value is None:
            return _Shown(None)
        kind = figure.entry.soort_waarde
        if kind == "gemiddelde":
            waarde = to_readable(value, rules.gemiddelde_decimalen)
        elif kind == "percentage_bedrag":
            waarde = to_decimals(value, rules.bedrag_decimalen)
        else:
            base = {"duur": rules.duur_afronding, "uren": rules.uren_afronding, "bedrag": rules.bedrag_afronding}[kind]
            waarde = float(to_multiple(value, base))
        noemer = figure.cells.noemer
        return _Shown(waarde, None, None if noemer is None else self._count(noemer, figure.row.noemer))

    def _count(self, key: CellKey | None, value: float | None) -> float | None:
        """A rounded count; the one that readers have when it moved by too few."""
        if value is None:
            return None
        rounded = float(to_multiple(value, self.parameters.afronding))
        earlier = None if self.before is None or key is None else self.before.published.get(key)
        if earlier is not None and abs(rounded - earlier) < self.parameters.verschil_minimum:
            return earlier
        return rounded

    def _kept(self, figure: Figure, shown: _Shown) -> _Shown:
        """A mean, duration or amount is kept while it hardly moves: the move would be that of a few late records."""
        earlier = self.earlier.get(figure.row.key)
        if (
            figure.entry.soort_waarde not in _NOT_COUNTED
            or not figure.entry.protected
            or earlier is None
            or earlier.waarde is None
            or shown.waarde is None
            or earlier.noemer != shown.noemer
            or abs(shown.waarde - earlier.waarde) >= self.parameters.verschil_aandeel * abs(earlier.waarde)
        ):
            return shown
        return shown._replace(waarde=earlier.waarde)

    def _decimals(self, noemer: float) -> int:
        small = noemer < self.parameters.pct_grens
        return self.parameters.pct_decimalen_klein if small else self.parameters.pct_decimalen


def _tells_of_people(figure: Figure) -> bool:
    return figure.entry.protected and not figure.entry.open_noemer


def _value(figure: Figure) -> float | None:
    row = figure.row
    if row.waarde is not None:
        return row.waarde
    if row.teller is None or not figure.entry.has_noemer:
        return row.teller
    return figure.entry.factor * row.teller / row.noemer if row.noemer else None


def _published(row: ExactRow, shown: _Shown, reason: str | None, hidden_by: str | None) -> ProtectedRow:
    return ProtectedRow(
        kpi_id=row.kpi_id,
        model_versie=row.model_versie,
        variant=row.variant,
        uitsplitsing=row.uitsplitsing,
        gemeente_code=row.gemeente_code,
        periode=row.periode,
        periode_soort=row.periode_soort,
        jaar=row.jaar,
        waarde=shown.waarde,
        teller=shown.teller,
        noemer=shown.noemer,
        status=row.status if reason is None else None,
        ontbreekt_reden=reason,
        onderdrukking=hidden_by,
    )
