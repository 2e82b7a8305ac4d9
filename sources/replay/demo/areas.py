"""The regions of a table: country, parts of the country, provinces, gemeenten, wijken and buurten, and look-alikes.

Keys are padded as the service pads them, and which regions have rows differs per table.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sources.replay.demo.geography import LANDSDELEN, LAST_YEAR, Fact, Gemeente, Geography
from sources.replay.demo.shape import DETAIL_DIMENSIONS, REGION_WIDTHS, TableShape

_DETAIL_WIDTH = 10
_SMALL = 25_000
_ISLANDS = ("Vlieland", "Schiermonnikoog")
PSEUDO = (("GM0998", "Buitenland"), ("GM0999", "Niet in te delen"))
_KINDS = {"NL": "Land", "LD": "Landsdeel", "PV": "Provincie", "GM": "Gemeente", "WK": "Wijk", "BU": "Buurt"}


@dataclass(frozen=True, slots=True)
class Region:
    """A region of a table.

    Attributes:
        key: padded as served.
        gemeente: code of its gemeente, or "".
        gemeente_naam: name for the text column.
    """

    key: str
    title: str
    gemeente: str = ""
    gemeente_naam: str = ""

    @property
    def code(self) -> str:
        """Trimmed key."""
        return self.key.strip()

    @property
    def kind(self) -> str:
        """Two letters: NL, LD, PV, GM, WK, BU or another kind."""
        return self.code[:2]

    @property
    def sort(self) -> str:
        """Name of the kind, for the text column."""
        return _KINDS.get(self.kind, "Overig")


@dataclass(frozen=True, slots=True)
class Detail:
    """A wijk or buurt, and its share in the people of its gemeente."""

    code: str
    title: str
    gemeente: str
    share: float


class Areas:
    """Regions and their facts, for all tables."""

    def __init__(self, geography: Geography, seed: int) -> None:
        """Choose by lot which gemeenten have wijken and buurten."""
        self.geography = geography
        lot = random.Random(f"{seed}|wijken")  # noqa: S311  invented figures
        lasting = [g.code for g in geography.gemeenten.values() if g.exists(2010) and g.exists(LAST_YEAR)]
        self.details = [detail for code in sorted(lot.sample(lasting, 3)) for detail in _details(code)]

    def facts(self, division: int | None, years: Iterable[int]) -> Iterator[Fact]:
        """Facts of gemeenten, of the wijken and buurten there are, and of the codes that are no gemeente."""
        wanted: dict[str, list[Detail]] = {}
        for detail in self.details:
            wanted.setdefault(detail.gemeente, []).append(detail)
        for year in years:
            facts = list(self.geography.facts(division, [year]))
            yield from facts
            for fact in facts:
                yield from (_part(fact, detail.code, detail.share) for detail in wanted.get(fact.code, ()))
            yield from _pseudo_facts(facts, year)

    def regions(self, shape: TableShape) -> list[Region]:
        """Regions of a table in the order of the service; empty for a national table."""
        if shape.region is None:
            return []
        width = REGION_WIDTHS.get(shape.region, _DETAIL_WIDTH)
        gemeenten = self._gemeenten(shape)
        if shape.has_details:
            country = "NL01" if shape.source.bron == "rivm" else "NL00"
            return [_region(country, "Nederland", width, name="Nederland"), *self._detailed(gemeenten, width)]
        regions = [_region("NL01", "Nederland", width)]
        regions += [_region(code, f"{name} (LD)", width) for code, (name, _) in LANDSDELEN.items()]
        regions += [_region(code, f"{name} (PV)", width) for code, name in _provinces(gemeenten)]
        regions += _look_alikes(shape, width)
        names = {name for _, name in _provinces(gemeenten)}
        for gemeente in gemeenten:
            same = gemeente.naam in names
            title = f"{gemeente.naam} (gemeente)" if same else gemeente.naam
            regions.append(_region(gemeente.code, title, width, gemeente.code, gemeente.naam))
        if shape.profile.pseudo_regions:
            regions += [_region(code, title, width, code, title) for code, title in PSEUDO]
        return regions

    def _gemeenten(self, shape: TableShape) -> list[Gemeente]:
        """Gemeenten that a table lists: of its division or its only year, else all that ever were."""
        years = shape.years
        if shape.division is None and len(years) > 1 and not shape.profile.smallest:
            return sorted(self.geography.gemeenten.values(), key=lambda gemeente: gemeente.code)
        chosen = self.geography.existing(shape.division or years[-1])
        if shape.profile.smallest:
            facts = self.geography.facts(shape.division, [years[-1]])
            large = {fact.code for fact in facts if fact.inwoners >= shape.profile.smallest}
            chosen = [gemeente for gemeente in chosen if gemeente.code in large]
        return sorted(chosen, key=lambda gemeente: gemeente.code)

    def small_codes(self, shape: TableShape) -> list[str]:
        """Codes of gemeenten small enough to be left out by some tables."""
        facts = self.geography.facts(shape.division, [shape.years[-1]])
        return [fact.code for fact in facts if fact.inwoners < _SMALL]

    def parents(self, shape: TableShape) -> list[tuple[str, str]]:
        """Pairs of a gemeente and a larger region that it counts in."""
        country = "NL00" if shape.region in DETAIL_DIMENSIONS and shape.source.bron != "rivm" else "NL01"
        pairs = []
        for gemeente in self.geography.gemeenten.values():
            larger = [country, gemeente.landsdeel, gemeente.provincie_code]
            if shape.source.bron == "rivm":
                larger.append(f"GG{gemeente.provincie_code[2:]}00")
                larger += ["CG01"] if gemeente.naam in _ISLANDS else []
            pairs += [(gemeente.code, code) for code in larger]
        if shape.profile.pseudo_regions:
            pairs += [(code, larger) for code, _ in PSEUDO for larger in (country, "LD99", "PV99")]
        return pairs

    def _detailed(self, gemeenten: Sequence[Gemeente], width: int) -> Iterator[Region]:
        for gemeente in gemeenten:
            yield _region(gemeente.code, gemeente.naam, width, gemeente.code, gemeente.naam)
            for detail in self.details:
                if detail.gemeente == gemeente.code:
                    yield _region(detail.code, detail.title, width, gemeente.code, gemeente.naam)


def _region(code: str, title: str, width: int, gemeente: str = "", name: str = "") -> Region:
    return Region(code.ljust(width), title, gemeente, name)


def _provinces(gemeenten: Iterable[Gemeente]) -> list[tuple[str, str]]:
    return sorted({(gemeente.provincie_code, gemeente.provincie) for gemeente in gemeenten})


def _look_alikes(shape: TableShape, width: int) -> list[Region]:
    """Regions that are no gemeente and no province, as some tables have them."""
    if shape.profile.pseudo_regions:
        codes = [("LD99", "Niet in te delen (LD)"), ("PV99", "Niet in te delen (PV)")]
    elif shape.source.bron == "rivm":
        codes = [(f"GG{20 + number}00", f"GGD-regio {number + 1}") for number in range(12)]
        codes.append(("CG01", "Friese Waddeneilanden (CG)"))
    elif shape.region == "Regiokenmerken":
        codes = [("RM01", "RMC-regio 1"), ("RM02", "RMC-regio 2")]
    else:
        codes = []
    return [_region(code, title, width) for code, title in codes]


def _details(gemeente: str) -> Iterator[Detail]:
    number = gemeente[2:]
    for wijk, share in ((0, 0.6), (1, 0.4)):
        yield Detail(f"WK{number}{wijk:02d}", f"Wijk {wijk:02d}", gemeente, share)
        for buurt in (0, 1):
            yield Detail(f"BU{number}{wijk:02d}{buurt:02d}", f"Buurt {wijk}{buurt}", gemeente, share / 2)


def _part(fact: Fact, code: str, share: float) -> Fact:
    return Fact(
        code,
        fact.year,
        round(fact.inwoners * share),
        round(fact.volwassenen * share),
        round(fact.huishoudens * share),
        round(fact.eenpersoons * share),
        round(fact.leerlingen * share),
        fact.urban,
        fact.deprived,
    )


def _pseudo_facts(facts: Sequence[Fact], year: int) -> Iterator[Fact]:
    total = sum(fact.inwoners for fact in facts)
    for (code, _), share in zip(PSEUDO, (0.0004, 0.0002), strict=True):
        people = round(total * share)
        yield Fact(code, year, people, people, people, people, people, 0.0, 0.0)
