"""The definition card of a KPI for its page: what it means, how it is made, from what, and how it may be used."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from serving.words import COVERAGE, DIRECTION, FAMILY, MEASURED, SOURCE_STATE, dutch_date

Row = Mapping[str, Any]

PRIVACY = (
    "Eigen cijfers van de organisatie: aantallen zijn afgerond op vijftallen, en wat op te weinig mensen rust wordt "
    "niet getoond."
)

_NOT_NEEDED = "niet_nodig"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the card.

    Attributes:
        kop: What it is about.
        tekst: What is said.
        link: Address outside the site; None without one.
    """

    kop: str
    tekst: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A table that the KPI rests on.

    Attributes:
        titel: Title with the name of the table.
        editie: Edition that was used; empty when none was.
        gewijzigd: Date on which the source changed it, in Dutch.
        opgehaald: Date on which it was fetched, in Dutch.
        staat: How the last fetch went, in words.
        melding: What went wrong; may be empty.
        ritme: How often it comes out.
    """

    titel: str
    editie: str
    gewijzigd: str
    opgehaald: str
    staat: str
    melding: str
    ritme: str


def tags(kpi: Row) -> list[str]:
    """Name what a reader must know of every figure of a KPI before reading one."""
    found = (
        (kpi["soort"] == "proxy", "benadering (proxy)"),
        (kpi["soort"] == "handmatig", "zelf aangeleverd"),
        (kpi["is_modelmatig"], "modelmatig geschat"),
        (kpi["gekozen"] is False, "niet in uw profiel"),
    )
    return [text for holds, text in found if holds]


def direction(kpi: Row) -> str:
    """Say which way is favourable, and who says so."""
    said = DIRECTION.get(kpi["richting"], str(kpi["richting"]))
    return f"{said} (volgens uw profiel)" if kpi["richting_herkomst"] == "profiel" else said


def coverage(row: Row | None) -> str:
    """Say for how many gemeenten there is a figure, or why there is none."""
    if row is None:
        return ""
    state = COVERAGE.get(row["status"], str(row["status"]))
    return f"{state}. {row['reden']}" if row["reden"] else state


def facts(kpi: Row) -> list[Fact]:
    """Give the lines of the card that are filled, in reading order."""
    sources = " gedeeld door ".join(name for name in (kpi["teller_bron"], kpi["noemer_bron"]) if name)
    lines = (
        Fact("Definitie", kpi["definitie"] or ""),
        Fact("Waarom", kpi["waarom"] or ""),
        Fact("Beoogd effect", kpi["beoogd_effect_omschrijving"] or ""),
        Fact("Soort", f"{FAMILY.get(kpi['familie'], kpi['familie'])}, versie {kpi['model_versie']} van het model"),
        Fact("Eenheid", kpi["eenheid"] or ""),
        Fact("Richting", direction(kpi)),
        Fact("Berekening", kpi["berekening"] or ""),
        Fact("Teller", kpi["teller_definitie"] or ""),
        Fact("Noemer", kpi["noemer_definitie"] or ""),
        Fact("Hoe gemeten", MEASURED.get(kpi["meetwijze"], kpi["meetwijze"] or "")),
        Fact("Jaar", kpi["jaar_soort"] or ""),
        Fact("Brontabel", sources, _web(kpi["link"])),
        Fact("Verschijnt", kpi["ritme"] or ""),
        Fact("Onzekerheid", kpi["interval_methode"] or ""),
        Fact("Afronding", kpi["afronding"] or ""),
        Fact("Kleine aantallen", kpi["onthulling"] or ""),
        Fact("Zelfde cijfer als", kpi["alias_van"] or ""),
        Fact("Kanttekening", kpi["kanttekening"] or ""),
        Fact("Afbakening", kpi["afbakening"] or ""),
        Fact("Bronvermelding", kpi["bronvermelding"] or ""),
        Fact("Licentie", kpi["licentie"] or ""),
        Fact("Hergebruik", kpi["hergebruik"] or ""),
    )
    return [fact for fact in lines if fact.tekst]


def sources_of(kpi_id: str, sources: Iterable[Row]) -> list[Source]:
    """Give the tables that a KPI rests on; not those that it could rest on but does not need here.

    Args:
        kpi_id: The KPI.
        sources: Rows of table bron.
    """
    return [_source(row) for row in sources if kpi_id in _names(row["kpis"]) and row["staat"] != _NOT_NEEDED]


def _source(row: Row) -> Source:
    return Source(
        titel=f"{row['titel'] or row['tabel']} ({row['tabel']})",
        editie=row["editie"] or "",
        gewijzigd=dutch_date(row["modified"]),
        opgehaald=dutch_date(row["loaded_at"]),
        staat=SOURCE_STATE.get(row["staat"], str(row["staat"])),
        melding=row["melding"] or "",
        ritme=row["ritme"] or "",
    )


def _names(text: str | None) -> Sequence[str]:
    return [name.strip() for name in (text or "").split(",")]


def _web(link: str | None) -> str | None:
    # Manual sources are written by others: an address that runs a script is no address.
    return link if link and link.startswith(("https://", "http://")) else None
