"""Codes of the mart in words an advisor reads. The words of `ontbreekt_reden` come from the registry.

One place, so that the profile, the KPI card and later the page say the same.
"""

import csv
import functools
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

_REASONS = Path(__file__).parents[1] / "dbt_project" / "seeds" / "registry" / "ontbreekt_reden.csv"

STATUS = {
    "definitief": "definitief",
    "nader_voorlopig": "nader voorlopig",
    "voorlopig": "voorlopig",
    "onvolledig": "onvolledig",
    "concept": "concept",
}
COVERAGE = {
    "beschikbaar": "beschikbaar",
    "deels": "deels beschikbaar",
    "eigen_levering_nodig": "eigen levering nodig",
    "geen_bron": "geen bron",
    "nog_niet_gedefinieerd": "nog niet gedefinieerd",
}
SOURCE_STATE = {
    "ververst": "ververst",
    "ongewijzigd": "ongewijzigd",
    "ontbreekt": "niet aangeboden",
    "fout": "mislukt",
    "niet_nodig": "niet nodig",
    "niet_opgehaald": "niet gebruikt",
}
DIRECTION = {
    "hoger": "hoger is gunstiger",
    "lager": "lager is gunstiger",
    "neutraal": "geen gunstige richting",
}
FAMILY = {
    "impact": "impact",
    "effect": "effect",
    "activiteit": "activiteit",
    "kwaliteit": "kwaliteit",
    "professional": "vragenlijst professionals",
    "bereik": "bereik",
}
# The five classes of Statistics Netherlands, as the registry has them.
URBANITY = {
    1: "zeer sterk stedelijk",
    2: "sterk stedelijk",
    3: "matig stedelijk",
    4: "weinig stedelijk",
    5: "niet stedelijk",
}
SIGNALS = "De cijfers zijn signalen om te bespreken, geen oordeel."
MEASURED = {
    "register": "register: iedereen geteld",
    "enquete": "enquête: een steekproef",
    "model": "model: een schatting",
    "handmatig": "opgegeven door wie het cijfer aanlevert",
    "eigen": "eigen registratie van de organisatie",
}
POINTS_HEAD = "signalen om te bespreken, geen oordeel"
POINT = {"aandachtspunt": "Aandachtspunten", "gunstig": "Wat gunstig is"}
# How firm a point is, the firmest first; an estimate of a model stands apart whatever it rests on.
GROUND = {
    "getoetst": "Getoetst: het verschil met Nederland en de trend zijn allebei aantoonbaar",
    "trend_niet_te_bepalen": "Alleen het verschil met Nederland is aantoonbaar; de trend is niet te bepalen",
    "modelmatig": "Geschat met een model: geen telling en geen enquête in deze gemeente",
    "positie": "Uit registers, zonder toets: alleen de plaats onder de gemeenten",
}
# Verdicts and trends in the order in which they are counted out.
OUTCOME = {
    "gunstiger": "gunstiger",
    "vergelijkbaar": "vergelijkbaar",
    "ongunstiger": "ongunstiger",
    "hoger": "hoger",
    "lager": "lager",
    "niet_vergeleken": "niet vergeleken",
    "stijgend": "stijgend",
    "dalend": "dalend",
    "geen_significante_verandering": "zonder aantoonbare verandering",
    "niet_te_bepalen": "niet te bepalen",
}
BENCHMARK = {
    "nl": "Nederland",
    "stedelijkheid": "gemeenten die even stedelijk zijn",
    "grootteklasse": "gemeenten van dezelfde grootte",
    "buurgroep": "gemeenten die op deze lijken",
}
NOT_COMPARED = {
    "geen_benchmark": "er is geen cijfer om mee te vergelijken",
    "geen_interval": "de bron geeft geen onzekerheidsmarge",
    "zelfde_gebied": "dit is het gebied waarmee wordt vergeleken",
    "andere_periode": "het cijfer om mee te vergelijken is van een andere periode",
    "andere_definitie": "het cijfer om mee te vergelijken heeft een andere definitie",
    "onderdrukt": "te klein om te tonen",
    "te_weinig_gebieden": "er zijn minder dan vijf gebieden om mee te vergelijken",
    "breuk": "het grondgebied is sindsdien veranderd",
    "register": "een register kent geen steekproef om aan te toetsen",
    "concept": "het is nog een concept, of nog niet volledig",
    "geen_waarde": "er is geen cijfer, of het aantal inwoners is niet bekend",
}
NO_TREND = {
    "breuk": "het grondgebied of de methode is in die jaren veranderd",
    "herindeling": "een herindeling in die jaren",
    "onderdrukt": "te klein om te tonen",
    "geheim_bron": "de bron houdt een van de jaren geheim",
    "concept": "het is nog een concept, of nog niet volledig",
    "onvolledig": "een van de jaren is onvolledig",
    "geen_waarde": "van een van de jaren is er geen cijfer",
    "onderbroken": "niet elk jaar gemeten",
    "te_weinig_jaren": "minder dan vijf jaren met een cijfer",
    "geen_inwoners": "het aantal inwoners van een van de jaren is niet bekend",
    "geen_interval": "er is geen onzekerheidsmarge om aan te toetsen",
    "telling_nul": "in een van de jaren is de telling nul",
    "telling_is_noemer": "in een van de jaren telt iedereen mee",
}
INTERVAL = {
    "gepubliceerd": "zoals de bron het geeft",
    "wilson": "Wilson, uit afgeronde aantallen",
    "byar": "Byar, uit afgeronde aantallen",
    "poisson": "Poisson",
    "t": "Student t",
}
DATA_TYPE = {
    "VARCHAR": "tekst",
    "DOUBLE": "getal",
    "INTEGER": "geheel getal",
    "BIGINT": "geheel getal",
    "BOOLEAN": "ja of nee",
    "DATE": "datum",
    "TIMESTAMP": "datum en tijd (UTC)",
}
SIGNAL = {"gunstig": "een gunstig signaal", "ongunstig": "een ongunstig signaal"}
# Which way a figure lies, for each verdict and each direction that is favourable.
_LIES = {
    ("gunstiger", "hoger"): "hoger",
    ("gunstiger", "lager"): "lager",
    ("ongunstiger", "hoger"): "lager",
    ("ongunstiger", "lager"): "hoger",
}
_JUDGED = {"gunstiger", "ongunstiger", "hoger", "lager"}
_FIFTHS = ("laagste", "op een na laagste", "middelste", "op een na hoogste", "hoogste")


@functools.cache
def _reasons() -> Mapping[str, str]:
    try:
        with _REASONS.open(encoding="utf-8", newline="") as file:
            return {row["ontbreekt_reden"]: row["omschrijving"] for row in csv.DictReader(file)}
    except OSError:
        return {}


def reason(code: str | None) -> str:
    """Say why there is no figure; never empty."""
    if not code:
        return "Er is geen cijfer"
    return _reasons().get(code, code.replace("_", " ").capitalize())


def every_reason() -> list[str]:
    """Say each reason why there may be no figure, in the order of the registry."""
    return list(_reasons().values())


def marks(row: Mapping[str, Any]) -> list[str]:
    """Say what a reader must know of one figure of kpi_gemeente: how firm, how near, how old."""
    found = [STATUS.get(str(row["status"]), str(row["status"]))] if row["status"] else []
    flags = (
        (row["soort"] == "proxy", "benadering (proxy)"),
        (row["soort"] == "handmatig", "zelf aangeleverd"),
        (row["is_modelmatig"], "modelmatig geschat"),
        (row["is_herleid"], "herrekend na herindeling"),
        (row["breuk"], "grondgebied sindsdien veranderd"),
    )
    found += [text for holds, text in flags if holds]
    if row["verouderd_sinds"]:
        found.append(f"bron niet ververst sinds {dutch_date(row['verouderd_sinds'])}")
    return found


def measured(soort: str | None, explanation: str | None) -> str:
    """Say what a stand-in is really about, in one sentence: its name says something else; empty for any other figure.

    Args:
        soort: Of the figure: direct, proxy or handmatig.
        explanation: What the figure is and is not; its first sentence is what was measured.
    """
    if soort != "proxy" or not explanation:
        return ""
    return explanation.split(". ")[0].rstrip(".")


def verdict(row: Mapping[str, Any], value: str, benchmark_value: str) -> str:
    """Say how a figure compares with its benchmark: a signal, never a judgement; empty when nothing was compared.

    Args:
        row: With oordeel, oordeel_reden, richting, positie and benchmark_type, as the mart stored them.
        value: The figure as it is shown.
        benchmark_value: The figure it was compared with as it is shown.
    """
    outcome = row["oordeel"]
    if not outcome:
        return ""
    benchmark = _benchmark(row["benchmark_type"], row.get("benchmark_naam"))
    figure = _figure_of(row["benchmark_type"], benchmark)
    if outcome in _JUDGED:
        lies = _LIES.get((outcome, row["richting"]), outcome)
        lead = f"{outcome}: " if lies != outcome else ""
        return (
            f"{lead}ligt {lies} dan {figure} ({value} tegen {benchmark_value}); "
            "het verschil is groter dan door toeval te verwachten is"
        )
    if outcome == "vergelijkbaar":
        return f"vergelijkbaar: wijkt niet aantoonbaar af van {figure} ({value} tegen {benchmark_value})"
    why = NOT_COMPARED.get(row["oordeel_reden"], str(row["oordeel_reden"] or "").replace("_", " "))
    beside = f" (daar {benchmark_value})" if benchmark_value else ""
    return f"niet vergeleken met {benchmark}{beside}: {why}{position(row['positie'], row['benchmark_type'])}"


def _benchmark(benchmark_type: str, name: str | None) -> str:
    """The benchmark in words; a class alone (50.000 tot 100.000) does not say of what."""
    kind = BENCHMARK.get(benchmark_type, benchmark_type)
    if benchmark_type in {"stedelijkheid", "grootteklasse"}:
        return f"{kind} ({name})" if name else kind
    return name or kind


def _figure_of(benchmark_type: str, benchmark: str) -> str:
    """What a figure was tested against: a group has one figure; above its gemeenten one by one would be a rank."""
    return benchmark if benchmark_type == "nl" else f"het gezamenlijke cijfer van de {benchmark}"


def point(row: Mapping[str, Any], gemeente: str, value: str, benchmark_value: str) -> str:
    """Say an aandachtspunt, or a favourable point, in one sentence without cause and without blame.

    Args:
        row: Of the table aandachtspunten.
        gemeente: Name of the gemeente.
        value: The figure as it was compared, as it is shown.
        benchmark_value: That of the benchmark.
    """
    name = row["label"] or row["kpi_naam"]
    if row["uitsplitsing"] != "totaal":
        name = f"{name} ({row['uitsplitsing_naam']})"
    benchmark = BENCHMARK[row["benchmark_type"]]
    if row["grond"] == "positie":
        beside = f"; {benchmark} {benchmark_value}" if benchmark_value else ""
        where = position(row["positie"], None).removeprefix("; valt ")
        return f"{name} ligt in {gemeente} op {value}{beside}: {where}. Niet getoetst."
    lies = _LIES[row["oordeel"], row["richting"]]
    figure = _figure_of(row["benchmark_type"], benchmark)
    return (
        f"{name} ligt in {gemeente} {lies} dan {figure} ({value} tegen {benchmark_value}); "
        "het verschil is groter dan door toeval te verwachten is. Een signaal om te bespreken."
    )


def position(percentile: float | None, benchmark_type: str | None) -> str:
    """Name the fifth of the gemeenten that a figure falls in, never its rank; empty when it has none."""
    if percentile is None:
        return ""
    fifth = _FIFTHS[min(int(percentile // 20), len(_FIFTHS) - 1)]
    group = "de gemeenten" if benchmark_type in {None, "nl"} else BENCHMARK.get(str(benchmark_type), benchmark_type)
    return f"; valt in het {fifth} vijfde deel van {group}"


def interval(row: Mapping[str, Any], low: str, high: str) -> str:
    """Say the uncertainty of a figure; empty when it has none."""
    if row["oi_laag"] is None or row["oi_hoog"] is None:
        return ""
    method = INTERVAL.get(str(row.get("oi_methode")))
    return f"95 %-interval {low} tot {high}{f' ({method})' if method else ''}"


def trend(row: Mapping[str, Any], since: str | None) -> str:
    """Say what the last five years did; empty when nobody looked."""
    outcome = row["trend"]
    if not outcome:
        return ""
    if outcome == "niet_te_bepalen":
        why = NO_TREND.get(row["trend_reden"], str(row["trend_reden"] or "").replace("_", " "))
        return f"trend niet te bepalen: {why}"
    start = f"sinds {since} " if since else ""
    if outcome == "geen_significante_verandering":
        return f"{start}geen aantoonbare verandering (vijf jaar, getoetst)"
    signal = SIGNAL.get(str(row.get("trend_signaal")))
    return f"{start}{outcome} (vijf jaar, getoetst){f', {signal}' if signal else ''}"


def dutch_date(value: date | datetime | str | None) -> str:
    """Write a date the Dutch way, 21-11-2026; a moment with its time. ISO text is accepted; other text stays."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
        except ValueError:
            return str(value)
    form = "%d-%m-%Y %H:%M" if isinstance(value, datetime) else "%d-%m-%Y"
    return value.strftime(form)
