"""The numbers of disclosure control, read from the registry; none is written in the code.

What the parameters mean stands in the seed `disclosure_parameter`; what is done with them in the other modules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

# Choices that have one way of working today: another word in the seed is refused instead of ignored.
_ONLY = {
    "drempel_op": "teller, noemer, rest",
    "afronding_methode": "dichtstbij",
    "pct_uit": "afgeronde aantallen",
    "ci_uit": "afgeronde aantallen",
}
# Used by dbt, not here.
_ELSEWHERE = {"publicatie_perioden", "publicatie_ritme"}
_TRUTH = {"ja": True, "nee": False}


class ParameterError(ValueError):
    """The seed of parameters lacks a row, or has one that cannot be used."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """Parameters of disclosure control; counts in units, shares from 0 to 1.

    Attributes:
        drempel: Smallest number of units that may be shown, of teller, noemer and what is left of the noemer.
        nul_is_klein: Zero counts as a small number.
        nul_publiceren: Default for a KPI that the registry says nothing about.
        afronding: Counts are shown as multiples of this.
        pct_grens: Rounded noemer from which a percentage has decimals.
        marge_terug: Units above `drempel` that a hidden cell needs before it is shown again.
        verschil_minimum: Smallest change of a published count.
        verschil_aandeel: Smallest change of a published mean, duration or amount, as a share.
        audit_breedte: Width in units that every hidden cell keeps for an attacker.
        audit_breedte_bedrag: The same for amounts, as a share of the amount.
        audit_rondes: How often protection hides more before it gives up.
    """

    drempel: int
    nul_is_klein: bool
    nul_publiceren: bool
    afronding: int
    pct_grens: int
    pct_decimalen_klein: int
    pct_decimalen: int
    verhouding_decimalen: int
    gemiddelde_decimalen: int
    n_min_gemiddelde: int
    n_min_duur: int
    n_min_p90: int
    duur_afronding: int
    uren_afronding: int
    bedrag_afronding: int
    bedrag_decimalen: int
    bijdragers_min: int
    dominantie_1: float
    dominantie_2: float
    partner_beoordelaars_min: int
    k1_min_gemeente: int
    a33_min_gemeente: int
    a34_toestemming: bool
    audit_breedte: int
    audit_breedte_bedrag: float
    audit_rondes: int
    marge_terug: int
    verschil_minimum: int
    verschil_aandeel: float

    @classmethod
    def of(cls, records: Iterable[Mapping[str, object]]) -> Parameters:
        """Read the rows of the seed, each with `parameter` and `waarde`.

        Raises:
            ParameterError: when a parameter is missing, unknown or not usable; says which and what to write.
        """
        given = {str(record["parameter"]): str(record["waarde"]).strip() for record in records}
        for name, value in _ONLY.items():
            if given.pop(name, value) != value:
                raise ParameterError(f"disclosure_parameter.csv: {name} can only be {value!r}")
        known = {field.name: str(field.type) for field in fields(cls)}
        unknown = sorted(given.keys() - known.keys() - _ELSEWHERE)
        missing = sorted(known.keys() - given.keys())
        if unknown or missing:
            raise ParameterError(f"disclosure_parameter.csv: missing {missing}, unknown {unknown}")
        values = {name: _value(name, given[name], kind) for name, kind in known.items()}
        made = cls(**values)  # type: ignore[arg-type]
        made._check()
        return made

    def _check(self) -> None:
        if self.afronding < 1 or self.drempel < self.afronding or self.drempel % self.afronding:
            raise ParameterError("disclosure_parameter.csv: drempel must be a multiple of afronding")
        if self.audit_breedte < 1 or self.audit_rondes < 1:
            raise ParameterError("disclosure_parameter.csv: audit_breedte and audit_rondes must be 1 or more")
        if not 0 < self.dominantie_1 <= self.dominantie_2 <= 1:
            raise ParameterError("disclosure_parameter.csv: expected 0 < dominantie_1 <= dominantie_2 <= 1")

    @property
    def drempel_terug(self) -> int:
        """Units that a cell needs to be shown again after it was hidden."""
        return self.drempel + self.marge_terug

    @property
    def vastgehouden(self) -> int:
        """How far a rounded count may be from the published one that was kept."""
        return self.afronding * ((self.verschil_minimum - 1) // self.afronding)


def _value(name: str, text: str, kind: str) -> bool | int | float:
    try:
        if kind == "bool":
            return _TRUTH[text.lower()]
        return int(text) if kind == "int" else float(text)
    except (KeyError, ValueError):
        expected = {"bool": "ja or nee", "int": "a whole number"}.get(kind, "a number with a decimal point")
        raise ParameterError(f"disclosure_parameter.csv: {name} is {text!r}, expected {expected}") from None
