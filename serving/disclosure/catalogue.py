"""What the registry says about own figures: which counts a figure is made of, and how those counts add up.

Both sides read this, who protects and who attacks: everything here is public. It holds no figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from serving.disclosure.parameters import Parameters
from serving.disclosure.rows import ORGANISATION, RowKey

Record = Mapping[str, object]
Kind = Literal["telling", "bedrag", "ratio"]
Soort = Literal["aantal", "percentage", "verhouding", "gemiddelde", "duur", "bedrag", "uren", "percentage_bedrag"]
COUNTED: frozenset[str] = frozenset({"aantal", "percentage", "verhouding", "gemiddelde", "duur"})
AMOUNTS: frozenset[str] = frozenset({"bedrag", "uren"})
_LIST_SEPARATOR = ": "
_TOTAL = "totaal"
# Amounts have no registry of sums: one row per sum is not worth a file. Sign: -1 never positive, 1 never negative.
_AMOUNT_SUMS = {("A 42", "netto"): ("aanvullend", "restitutie")}
_AMOUNT_SIGNS = {("A 42", "aanvullend"): 1, ("A 42", "restitutie"): -1, ("A 42", "netto"): 0}
_CONSENT_KPI = "A 34"


class CatalogueError(ValueError):
    """The registry and the figures do not fit together."""


class CellKey(NamedTuple):
    """A count (or amount) of one area and one period: what figures are made of."""

    maat: str
    gemeente_code: str
    periode: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the registry of own figures, see the seed own_kpi."""

    kpi_id: str
    variant: str
    uitsplitsing: str
    lijst: bool
    soort_waarde: Soort
    factor: float
    open_noemer: bool
    has_noemer: bool
    teller_telling: str
    noemer_telling: str
    bijdrager: str
    nul_publiceren: bool

    @property
    def protected(self) -> bool:
        """Whether people are behind the figure, so that it has a minimum."""
        return self.bijdrager != "geen"

    @property
    def name(self) -> str:
        """Name of the figure, for amounts that have no count of their own."""
        return f"{self.kpi_id}/{self.variant}/{self.uitsplitsing}"


@dataclass(frozen=True, slots=True)
class RowCells:
    """The cells that a figure is made of; null where there is no minimum to keep.

    Attributes:
        teller: Cell of the numerator, or of the amount.
        noemer: Cell of the denominator.
        is_pair: True when noemer - teller is a group too (percentages).
    """

    teller: CellKey | None
    noemer: CellKey | None
    is_pair: bool

    @property
    def keys(self) -> tuple[CellKey, ...]:
        """The cells there are."""
        return tuple(key for key in (self.teller, self.noemer) if key is not None)


@dataclass(slots=True)
class Maat:
    """What is counted, without its area and period.

    Attributes:
        code: Name of the count in the registry, or of the amount.
        kind: telling (a count), bedrag (a published sum) or ratio (of amounts that are not published themselves).
        som_gebied: True when the gemeenten add up to the organisation; else somebody may count in two.
        som_periode: som, distinct, overlap or stand: how quarters relate to their year.
        gevoelig: A zero is never shown.
        sign: 1 never negative, -1 never positive, 0 both.
        in_uren: An amount of hours, not of euros.
        kpis: KPIs that are made of it.
    """

    code: str
    kind: Kind
    som_gebied: bool
    som_periode: str
    gevoelig: bool = False
    sign: int = 1
    in_uren: bool = False
    kpis: set[str] = field(default_factory=set)
    nul_publiceren: bool = True


@dataclass(slots=True)
class Catalogue:
    """The registry of own figures.

    Attributes:
        maten: What is counted, per code. A member of an open list has the code of the list.
        sums: Per total its parts that add up to it, and whether all of them are published.
        covers: Pairs (whole, part) of which the part is at most the whole.
    """

    entries: dict[tuple[str, str, str], Entry]
    maten: dict[str, Maat]
    sums: dict[str, tuple[tuple[str, ...], bool]]
    covers: tuple[tuple[str, str], ...]
    canonical: dict[str, str]

    @classmethod
    def of(cls, kpis: Iterable[Record], tellingen: Iterable[Record], relaties: Iterable[Record]) -> Catalogue:
        """Read the seeds own_kpi, own_count and own_count_relation.

        Raises:
            CatalogueError: when a figure names a count that the registry does not have.
        """
        relations = [(str(row["geheel"]), str(row["deel"]), str(row["soort"])) for row in relaties]
        canonical = _canonical((whole, part) for whole, part, soort in relations if soort == "gelijk")
        counts = {str(row["telling"]): row for row in tellingen}
        entries = {(e.kpi_id, e.variant, e.uitsplitsing): e for e in (_entry(row) for row in kpis)}
        maten: dict[str, Maat] = {}
        for entry in entries.values():
            _add_maten(maten, entry, counts, canonical)
        sums, covers = _relations(relations, canonical, maten)
        sums.update(_amount_sums(entries.values(), maten))
        return cls(entries, maten, sums, covers, canonical)

    def entry(self, key: RowKey) -> Entry:
        """The registry's row of a figure.

        Raises:
            CatalogueError: when the registry does not have it.
        """
        found = self.entries.get((key.kpi_id, key.variant, key.uitsplitsing))
        if found is None:
            name = key.uitsplitsing.split(_LIST_SEPARATOR, 1)[0]
            found = self.entries.get((key.kpi_id, key.variant, name))
            if found is not None and not found.lijst:
                found = None
        if found is None:
            raise CatalogueError(
                f"own_kpi.csv has no {key.kpi_id} / {key.variant} / {key.uitsplitsing}: a figure that is not in the "
                "registry cannot be protected"
            )
        return found

    def cells(self, key: RowKey, entry: Entry, parameters: Parameters) -> RowCells:
        """The cells of a figure that have a minimum to keep."""
        if not entry.protected or (entry.kpi_id == _CONSENT_KPI and parameters.a34_toestemming):
            return RowCells(None, None, False)
        suffix = key.uitsplitsing[len(entry.uitsplitsing) :] if entry.lijst else ""
        codes = _codes(entry)
        teller, noemer = (
            None if code is None else CellKey(self.canonical.get(code, code) + suffix, key.gemeente_code, key.periode)
            for code in codes
        )
        is_pair = entry.soort_waarde == "percentage" and teller is not None and noemer is not None
        return RowCells(teller, noemer, is_pair)

    def maat(self, key: CellKey) -> Maat:
        """What a cell counts; a member of an open list counts what the list counts."""
        found = self.maten.get(key.maat)
        return found if found is not None else self.maten[key.maat.split(_LIST_SEPARATOR, 1)[0]]

    def minimum(self, key: CellKey, parameters: Parameters) -> int:
        """Smallest number of units that a cell may show; for amounts the number of contributors."""
        maat = self.maat(key)
        if maat.kind != "telling":
            return parameters.bijdragers_min
        if key.gemeente_code == ORGANISATION:
            return parameters.drempel
        of_gemeente = {"K 1": parameters.k1_min_gemeente, "A 33": parameters.a33_min_gemeente}
        return max([parameters.drempel, *(least for kpi, least in of_gemeente.items() if kpi in maat.kpis)])

    def needs_consent(self, key: CellKey, parameters: Parameters) -> bool:
        """Whether a cell is hidden because nobody gave consent to show it."""
        return _CONSENT_KPI in self.maat(key).kpis and not parameters.a34_toestemming

    def zero_may_show(self, key: CellKey, parameters: Parameters) -> bool:
        """Whether a zero of this cell may be shown, as far as the registry goes."""
        maat = self.maat(key)
        if not parameters.nul_is_klein:
            return True
        return not maat.gevoelig and (maat.nul_publiceren or parameters.nul_publiceren)


def _entry(row: Record) -> Entry:
    def text(name: str) -> str:
        value = row.get(name)
        return "" if value is None else str(value)

    return Entry(
        kpi_id=text("kpi_id"),
        variant=text("variant"),
        uitsplitsing=text("uitsplitsing"),
        lijst=text("lijst").lower() == "true",
        soort_waarde=text("soort_waarde"),  # type: ignore[arg-type]
        factor=float(text("factor") or 1),
        open_noemer=text("noemer_herkomst") == "open",
        has_noemer=bool(text("noemer")),
        teller_telling=text("teller_telling"),
        noemer_telling=text("noemer_telling"),
        bijdrager=text("bijdrager"),
        nul_publiceren=text("nul_publiceren").lower() in {"ja", "true"},
    )


def _codes(entry: Entry) -> tuple[str | None, str | None]:
    """The codes of numerator and denominator; what the registry gives no name gets that of the figure."""
    if entry.soort_waarde not in COUNTED:
        return entry.name, None
    teller = entry.teller_telling or f"{entry.name}/teller"
    noemer = entry.noemer_telling or f"{entry.name}/noemer"
    if entry.soort_waarde in {"duur", "gemiddelde"}:
        return None, noemer
    return teller, noemer if entry.has_noemer and not entry.open_noemer else None


def _add_maten(
    maten: dict[str, Maat], entry: Entry, counts: Mapping[str, Record], canonical: Mapping[str, str]
) -> None:
    if not entry.protected:
        return
    for position, given in enumerate(_codes(entry)):
        if given is None:
            continue
        code = canonical.get(given, given)
        maat = maten.setdefault(code, _maat(code, given, entry, counts))
        maat.kpis.add(entry.kpi_id)
        if position == 0:
            maat.nul_publiceren = maat.nul_publiceren and entry.nul_publiceren


def _maat(code: str, given: str, entry: Entry, counts: Mapping[str, Record]) -> Maat:
    row = counts.get(given)
    if row is not None:
        gevoelig = str(row["gevoelig"]).lower() == "true"
        return Maat(code, "telling", str(row["som_gebied"]) == "som", str(row["som_periode"]), gevoelig)
    if given in {entry.teller_telling, entry.noemer_telling}:
        raise CatalogueError(f"own_kpi.csv: {entry.name} names {given}, which own_count.csv does not have")
    if entry.soort_waarde in COUNTED:
        return Maat(code, "telling", False, "geen")
    sign = _AMOUNT_SIGNS.get((entry.kpi_id, entry.variant), 1)
    kind: Kind = "bedrag" if entry.soort_waarde in AMOUNTS else "ratio"
    return Maat(code, kind, True, "som", sign=sign, in_uren=entry.soort_waarde == "uren")


def _canonical(equal: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give counts that are the same by definition one name: the first in alphabetical order."""
    group: dict[str, set[str]] = {}
    for one, other in equal:
        members = group.get(one, {one}) | group.get(other, {other})
        for name in members:
            group[name] = members
    return {name: min(members) for name, members in group.items()}


def _relations(
    relations: Sequence[tuple[str, str, str]], canonical: Mapping[str, str], maten: Mapping[str, Maat]
) -> tuple[dict[str, tuple[tuple[str, ...], bool]], tuple[tuple[str, str], ...]]:
    parts: dict[str, list[str]] = {}
    covers: set[tuple[str, str]] = set()
    for whole, part, soort in relations:
        pair = (canonical.get(whole, whole), canonical.get(part, part))
        if soort == "som":
            parts.setdefault(pair[0], []).append(pair[1])
        elif soort == "omvat" and pair[0] != pair[1] and pair[0] in maten and pair[1] in maten:
            covers.add(pair)
    sums = {}
    for whole, names in parts.items():
        published = tuple(sorted(name for name in names if name in maten))
        if whole in maten and published:
            sums[whole] = (published, len(published) == len(names))
    return sums, tuple(sorted(covers))


def _amount_sums(entries: Iterable[Entry], maten: Mapping[str, Maat]) -> dict[str, tuple[tuple[str, ...], bool]]:
    """Amounts that add up: the splits of a figure to its total, and the variants that the registry's texts add."""
    known = [entry for entry in entries if entry.name in maten]
    sums: dict[str, tuple[tuple[str, ...], bool]] = {}
    for total in known:
        variants = _AMOUNT_SUMS.get((total.kpi_id, total.variant))
        parts = tuple(
            sorted(
                entry.name
                for entry in known
                if entry.kpi_id == total.kpi_id
                and (
                    (variants is not None and entry.variant in variants and entry.uitsplitsing == total.uitsplitsing)
                    or (
                        total.uitsplitsing == _TOTAL
                        and entry.variant == total.variant
                        and entry.uitsplitsing != _TOTAL
                        and not entry.lijst
                    )
                )
            )
        )
        if parts:
            sums[total.name] = (parts, variants is not None)
    return sums
