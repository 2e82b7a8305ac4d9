"""The profile of an organisation: which KPIs, gemeenten and werksoorten it chose, and how it names and judges them.

Reads one YAML file and checks it against the registry. What does not belong here: what a choice does to a figure (dbt
decides that) and the profile of one gemeente on the screen (serving).
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sources.gemeente_register import GemeenteRegister, load_gemeente_register
from sources.profile_yaml import ProfileError, Value, read_yaml
from sources.seeds import read_seed

__all__ = ["BENCHMARKS", "Profile", "ProfileError", "load_profile"]

BENCHMARKS = ("nl", "stedelijkheid", "grootteklasse", "buurgroep")
RICHTINGEN = ("hoger", "lager", "neutraal")
_KEYS = ("organisatie", "gemeenten", "kpis", "werksoorten", "benchmark", "labels", "richtingen")
_LONGEST_LABEL = 60
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Profile:
    """What one organisation chose. An empty choice means everything.

    Attributes:
        naam: name of the organisation.
        gemeenten: name by code.
        kpis: name by KPI id.
        werksoorten: as the own registration writes them.
        benchmark: what figures are compared with in kpi_gemeente.
        labels: the organisation's own short name by KPI id.
        richtingen: hoger, lager or neutraal by KPI id.
    """

    naam: str
    gemeenten: Mapping[str, str] = field(default_factory=dict)
    kpis: Mapping[str, str] = field(default_factory=dict)
    werksoorten: tuple[str, ...] = ()
    benchmark: str = BENCHMARKS[0]
    labels: Mapping[str, str] = field(default_factory=dict)
    richtingen: Mapping[str, str] = field(default_factory=dict)

    def to_pins(self) -> dict[str, Any]:
        """As the file of pins holds it, for dbt (macro make_raw_views); the same choice gives the same text."""
        named = sorted({*self.kpis, *self.labels, *self.richtingen})
        return {
            "naam": self.naam,
            "benchmark": self.benchmark,
            "kiest_kpis": bool(self.kpis),
            "kiest_gemeenten": bool(self.gemeenten),
            "kiest_werksoorten": bool(self.werksoorten),
            "kpi": [
                {
                    "kpi_id": kpi_id,
                    "gekozen": not self.kpis or kpi_id in self.kpis,
                    "label": self.labels.get(kpi_id),
                    "richting": self.richtingen.get(kpi_id),
                }
                for kpi_id in named
            ],
            "gemeente": [{"gemeente_code": code} for code in sorted(self.gemeenten)],
            "werksoort": [{"werksoort": werksoort} for werksoort in sorted(self.werksoorten)],
        }


def load_profile(path: Path, registry: Path, year: int) -> Profile:
    """Read a profile and check every word of it.

    Args:
        path: the YAML file.
        registry: folder of the registry seeds.
        year: year of the municipal division that the gemeenten have to exist in.

    Raises:
        ProfileError: something in it cannot be used; nothing of it is used then.
        sources.registry.RegistryError: a seed is missing.
    """
    root = read_yaml(path)
    given = root.block(_KEYS)
    names = _Names(
        {row["kpi_id"]: row["naam"] for _, row in read_seed(registry, "kpi_register.csv", ("kpi_id", "naam"))},
        load_gemeente_register(registry),
        _successors(registry),
        year,
    )
    if "organisatie" not in given:
        root.fail("organisatie ontbreekt.", "Schrijf 'organisatie:' met daaronder, ingesprongen, 'naam: …'.")
    return Profile(
        naam=_organisation(given["organisatie"]),
        gemeenten=_unique(given.get("gemeenten"), names.gemeente),
        kpis=_unique(given.get("kpis"), names.kpi),
        werksoorten=tuple(_unique(given.get("werksoorten"), lambda value: (value.text(), value.text()))),
        benchmark=given["benchmark"].choice(BENCHMARKS) if "benchmark" in given else BENCHMARKS[0],
        labels={kpi_id: _label(value) for kpi_id, value in names.by_kpi(given.get("labels"))},
        richtingen={kpi_id: value.choice(RICHTINGEN) for kpi_id, value in names.by_kpi(given.get("richtingen"))},
    )


@dataclass(frozen=True, slots=True)
class _Names:
    """What may be named: the KPIs of the register and the gemeenten of a year."""

    kpis: Mapping[str, str]
    register: GemeenteRegister
    successors: Mapping[str, tuple[str, ...]]
    year: int

    def kpi(self, value: Value) -> tuple[str, str]:
        """Id and name of the KPI that is meant; spaces and capitals do not matter."""
        simple = {_simplify(kpi_id): kpi_id for kpi_id in self.kpis}
        found = simple.get(_simplify(value.text()))
        if found is None:
            near = difflib.get_close_matches(_simplify(value.text()), simple, n=_NEAREST)
            near += [key for key in simple if key.startswith(_simplify(value.text()))]
            guesses = [f"{simple[key]} ({self.kpis[simple[key]]})" for key in dict.fromkeys(near)][:_NEAREST]
            value.fail(
                f"er is geen KPI '{value.text()}'.",
                f"Bedoelt u {' of '.join(guesses)}?" if guesses else "Alle nummers staan in tabel kpi.",
            )
        return found, self.kpis[found]

    def by_kpi(self, value: Value | None) -> Iterator[tuple[str, Value]]:
        """The values of a block of which the keys are KPI ids."""
        seen: set[str] = set()
        for name, item in (value.block() if value else {}).items():
            at_key = item.named(name)
            kpi_id, _ = self.kpi(at_key)
            if kpi_id in seen:
                at_key.fail(f"{kpi_id} staat er twee keer.", "Verwijder er een.")
            seen.add(kpi_id)
            yield kpi_id, item

    def gemeente(self, value: Value) -> tuple[str, str]:
        """Code and name of a gemeente that exists in the year of the division."""
        text = value.text()
        found = self.register.gemeenten.get(text.upper())
        if found is None:
            value.fail(f"er is geen gemeente met code '{text}'.", self._nearest(text))
        if not found.exists_in(self.year):
            if found.geldig_tot is None or found.geldig_tot.year > self.year:
                value.fail(f"{text} ({found.gemeente_naam}) bestaat in {self.year} nog niet.", "Laat haar weg.")
            day = f"{found.geldig_tot:%d-%m-%Y}"
            value.fail(f"{text} ({found.gemeente_naam}) bestaat niet meer sinds {day}.", self._after(text.upper()))
        return found.gemeente_code, found.gemeente_naam

    def _nearest(self, text: str) -> str:
        codes = {
            gemeente.gemeente_naam.casefold(): code
            for code, gemeente in self.register.gemeenten.items()
            if gemeente.exists_in(self.year)
        }
        near = difflib.get_close_matches(text.casefold(), codes, n=_NEAREST, cutoff=0.7)
        if not near:
            return "Een code is GM en vier cijfers; zoek hem op met: impact-kpi gemeente NAAM"
        return f"Schrijf de code: {' of '.join(f'{codes[name]} ({self._named(codes[name])})' for name in near)}."

    def _after(self, code: str) -> str:
        """The gemeenten that its territory went to, over as many changes as there were."""
        found: list[str] = []
        for successor in self.successors.get(code, ()):
            gemeente = self.register.gemeenten.get(successor)
            if gemeente is not None and gemeente.exists_in(self.year):
                found.append(f"{successor} ({gemeente.gemeente_naam})")
            else:
                found.append(self._after(successor).removeprefix("Neem ").removesuffix("."))
        joined = " of ".join(dict.fromkeys(name for name in found if name))
        return f"Neem {joined}." if joined else "Verwijder haar, of neem de gemeente waarin zij is opgegaan."

    def _named(self, code: str) -> str:
        return self.register.gemeenten[code].gemeente_naam


def _successors(registry: Path) -> dict[str, tuple[str, ...]]:
    """The gemeenten that took over from one that ended, by its code."""
    found: dict[str, tuple[str, ...]] = {}
    for _, row in read_seed(registry, "herindeling.csv", ("oude_code", "nieuwe_code")):
        if row["oude_code"] != row["nieuwe_code"]:
            found[row["oude_code"]] = (*found.get(row["oude_code"], ()), row["nieuwe_code"])
    return found


def _organisation(value: Value) -> str:
    block = value.block(("naam",))
    if "naam" not in block:
        value.fail("naam ontbreekt.", "Schrijf onder organisatie, ingesprongen, 'naam: …'.")
    return block["naam"].text()


def _unique(value: Value | None, read: Callable[[Value], tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in value.items() if value else ():
        key, name = read(item)
        if key in found:
            item.fail(f"{key} staat er twee keer.", "Verwijder er een.")
        found[key] = name
    return found


def _label(value: Value) -> str:
    text = value.text()
    if len(text) > _LONGEST_LABEL:
        value.fail(f"dit is {len(text)} tekens.", f"Een label heeft er hoogstens {_LONGEST_LABEL}.")
    return text


def _simplify(kpi_id: str) -> str:
    return "".join(kpi_id.split()).casefold()
