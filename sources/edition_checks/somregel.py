"""The identities between the columns of the Leefbaarometer: columns that were swapped would be published as safety.

Checked on the scores as read, with all their digits; the edition holds floats of the columns that a series needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from sources.edition_checks.model import EXAMPLES, EditionCheck, Facts, Severity, name_kpis
from sources.leefbaarometer_scores import DIMENSIONS, GemeenteScore

NAME = "somregel"
REFERENCE = Decimal("4.10226485")

_SIX_DIGITS = 6
# Rounding to six digits shifts the sum rule by less than 2e-6; beyond 1e-5 the columns do not belong together.
_WARN_AT_SIX_DIGITS = Decimal("2e-6")
_BLOCK = Decimal("1e-5")
# With about fifteen digits only float noise is left (1e-9); the reference itself is known to eight decimals.
_NOISE_SUM = Decimal("1e-9")
_NOISE_REFERENCE = Decimal("1e-8")


@dataclass(frozen=True, slots=True)
class Rule:
    """An identity between the columns of one row.

    Attributes:
        text: the identity, for messages.
        plus: measures that count positive.
        minus: measures that count negative.
        constant: what `plus - minus` must be.
        noise: difference that is never reported, whatever the digits.
        whole: digits that each measure has before the decimal point, which say nothing about its precision.
    """

    text: str
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    constant: Decimal
    noise: Decimal
    whole: Mapping[str, int]

    @property
    def columns(self) -> tuple[str, ...]:
        """The measures that the identity needs; rows where one is empty are not held against it."""
        return (*self.plus, *self.minus)

    def residual(self, score: GemeenteScore) -> Decimal | None:
        """How far a row is off, or None when a measure is empty."""
        numbers = {column: score.values.get(column) for column in self.columns}
        known = {column: number for column, number in numbers.items() if number is not None}
        if len(known) < len(numbers):
            return None
        total = sum((known[c] for c in self.plus), Decimal(0)) - sum((known[c] for c in self.minus), Decimal(0))
        return abs(total - self.constant)


SUM_RULE = Rule("afw = fys + onv + soc + vrz + won", ("afw",), DIMENSIONS, Decimal(0), _NOISE_SUM, MappingProxyType({}))
REFERENCE_RULE = Rule(
    f"lbm - afw = {REFERENCE}", ("lbm",), ("afw",), REFERENCE, _NOISE_REFERENCE, MappingProxyType({"lbm": 1})
)


def check(
    scores: Sequence[GemeenteScore], rules: Iterable[Rule], *, name: str, kpis: Iterable[str] = ()
) -> EditionCheck:
    """Hold every row against the identities of the Leefbaarometer.

    A difference is reported above 2e-6 times the digits given: 2e-6 belongs to six significant digits, and each
    digit more or less makes it ten times smaller or larger (`warn_limit`). Above 1e-5 the scores are refused.

    Args:
        scores: the rows of one file or layer.
        rules: the identities that the source carries.
        name: name of the source in messages.
        kpis: the KPIs that the scores feed.
    """
    said: list[tuple[Severity, str]] = []
    largest = Decimal(0)
    rows = 0
    for rule in rules:
        off = [(residual, score) for score in scores if (residual := rule.residual(score)) is not None]
        off.sort(key=lambda item: (-item[0], item[1].gemeente_code, item[1].jaar))
        largest, rows = max([largest, *(residual for residual, _ in off[:1])]), max(rows, len(off))
        limit = warn_limit(scores, rule)
        refused = [item for item in off if item[0] > _BLOCK]
        noted = refused or [item for item in off if item[0] > limit]
        if noted:
            text = (
                f"{rule.text} wijkt in {len(noted)} van {len(off)} rijen meer dan {_BLOCK if refused else limit:.1e} "
                f"af: {_show_residuals(noted)}"
            )
            said.append(("fout" if refused else "waarschuwing", text))
    facts: Facts = {"rijen": rows, "grootste_afwijking": float(largest)}
    if not said:
        return EditionCheck(NAME, passed=True, facts=facts)
    severity = min(severity for severity, _ in said)
    remedy = (
        "De kolommen horen niet bij elkaar, niets ervan is gebruikt: bekijk het bestand op leefbaarometer.nl en "
        "ververs opnieuw"
        if severity == "fout"
        else "Bekijk of de bron haar scores anders afrondt dan eerder"
    )
    return EditionCheck(
        NAME,
        passed=False,
        severity=severity,
        melding=f"{name_kpis(kpis)}: {name}: {'; '.join(text for _, text in said)}. {remedy}",
        facts=facts,
    )


def warn_limit(scores: Sequence[GemeenteScore], rule: Rule) -> Decimal:
    """The difference above which a row is reported: 2e-6 times the digits given.

    The digits of a column are the most significant digits that any of its values has (a single value can have
    lost zeros at its end); the column with the fewest decides. Six digits give 2e-6, seven 2e-7, five 1e-5 (never
    more than the limit that refuses), fifteen no more than float noise.
    """
    digits = min(_digits_given(scores, column) - rule.whole.get(column, 0) for column in rule.columns)
    scaled = _WARN_AT_SIX_DIGITS.scaleb(_SIX_DIGITS - digits)
    return min(max(scaled, rule.noise), _BLOCK)


def _digits_given(scores: Sequence[GemeenteScore], column: str) -> int:
    numbers = (score.values.get(column) for score in scores)
    return max((len(number.as_tuple().digits) for number in numbers if number is not None), default=_SIX_DIGITS)


def _show_residuals(items: Sequence[tuple[Decimal, GemeenteScore]]) -> str:
    return ", ".join(f"{score.place} ({residual:.2e})" for residual, score in items[:EXAMPLES])
