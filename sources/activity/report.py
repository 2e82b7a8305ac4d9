"""Say in Dutch what a delivery turned out to be: what is wrong, where, and how to mend it; never a value of a record.

Pure text. What does not belong here: deciding anything.
"""

from __future__ import annotations

from collections.abc import Iterator

from sources.activity.checks import TableCounts
from sources.activity.contract import Contract, ContractColumn
from sources.activity.landing import Landed
from sources.activity.outcome import DeliveryOutcome, FaultGroup

REASONS: dict[str, tuple[str, str]] = {
    "eind_voor_start": ("het einde ligt voor het begin", "Verbeter een van beide datums in het bronsysteem."),
    "datum_in_toekomst": (
        "de datum ligt na de peildatum",
        "Verbeter de datum, of de peildatum van de levering. Een geplande datum hoort in een geplande kolom.",
    ),
    "onbekende_sleutel": (
        "verwijst naar een regel die er niet is of zelf is afgekeurd",
        "Lever de ontbrekende regel mee, of verbeter eerst de regel waarnaar wordt verwezen.",
    ),
    "waarde_buiten_domein": (
        "de waarde mag hier niet",
        "Gebruik een toegestane waarde of vul waarden aan in de mapping.",
    ),
    "dubbele_sleutel": (
        "dezelfde sleutel komt vaker voor, met verschillende inhoud",
        "Laat per sleutel één regel over; al deze regels zijn afgekeurd.",
    ),
    "postcode_ongeldig": ("dit is geen postcode", "Schrijf een postcode als 1012AB, of laat de cel leeg."),
    "bsn_aangetroffen": (
        "er staat een burgerservicenummer in een vrije kolom",
        "Haal het nummer weg in het bronsysteem, of noem de kolom onder weglaten in de mapping.",
    ),
    "verplicht_veld_leeg": ("de cel is leeg en is verplicht", "Vul de cel in het bronsysteem."),
    "type_onleesbaar": (
        "de waarde is niet te lezen",
        "Controleer de schrijfwijze en de instellingen datum, decimaal en duizendtal in de mapping.",
    ),
    "antwoord_onbekend": (
        "dit antwoord staat niet in de lijst van deze vraag en versie",
        "Verbeter het antwoord, de vraagcode of de versie van de vragenlijst.",
    ),
    "meerwaardige_cel": (
        "er staan meer waarden in één cel",
        "Zet elke waarde op een eigen regel, of gebruik splits in de mapping.",
    ),
    "samenhang_geschonden": (
        "past niet bij een andere kolom van dezelfde regel",
        "Vul beide kolommen of geen van beide, en in de goede volgorde van tijd.",
    ),
    "uren_ontbreken": ("een bezoek aan een vindplaats heeft geen uren", "Vul de uren in."),
}
_SHOWN_KPIS = 12


def describe_outcome(outcome: DeliveryOutcome, contract: Contract) -> Iterator[str]:
    """The report of a delivery, line by line."""
    yield f"Levering {outcome.levering_id} van {outcome.organisatie_id}"
    made = f"aangemaakt op {outcome.aangemaakt_op:%Y-%m-%d %H:%M}"
    yield f"  van {outcome.periode_van} tot en met {outcome.peildatum}, {made}"
    if outcome.weigeringen:
        yield ""
        yield "Geweigerd: zo kan de levering niet worden geladen."
        yield from (f"  - {refusal}" for refusal in outcome.weigeringen)
    for tabel in contract.tables:
        files = [file for file in outcome.bestanden if file.tabel == tabel]
        if files:
            yield ""
            yield from _describe_table(outcome, contract, tabel, files)
    if outcome.opmerkingen:
        yield ""
        yield "Opmerkingen"
        yield from (f"  - {remark}" for remark in outcome.opmerkingen)
    if not outcome.weigeringen:
        yield ""
        yield from _describe_kpis(outcome)
        yield ""
        yield summary(outcome)


def summary(outcome: DeliveryOutcome) -> str:
    """The whole in one sentence."""
    if outcome.weigeringen:
        return "Deze levering wordt geweigerd."
    rows = f"{_number(outcome.geaccepteerd)} rijen zijn goed"
    if outcome.quarantaine == 0:
        return f"{rows}; er is niets afgekeurd."
    return f"{rows}, {_number(outcome.quarantaine)} staan in quarantaine: die tellen niet mee tot ze verbeterd zijn."


def _describe_table(outcome: DeliveryOutcome, contract: Contract, tabel: str, files: list[Landed]) -> Iterator[str]:
    counts = outcome.tabellen.get(tabel)
    yield f"{tabel} ({contract.tables[tabel].omschrijving.lower()})"
    for file in files:
        yield f"  bestand {file.bestand}: {_number(file.records)} rijen{_extras(file)}"
        yield f"    gelezen: {', '.join(file.kolommen)}"
        yield from _listed("niet in dit bestand", file.ontbrekend)
        yield from _listed("niet gebruikt", file.ongebruikt)
        yield from _listed("ongelezen weggelaten", file.weggelaten)
    if counts is not None:
        yield f"  {_describe_counts(counts)}"
    for group in outcome.fouten:
        if group.tabel == tabel:
            yield from _describe_fault(group, contract)
    for warn in outcome.waarschuwingen:
        if warn.tabel == tabel:
            yield f"  let op ({warn.regel_code}): {warn.tekst}"


def _extras(file: Landed) -> str:
    extras = []
    if file.totaalregels:
        extras.append(f"{file.totaalregels} totaalregels overgeslagen")
    if file.mojibake_hersteld:
        extras.append(f"{file.mojibake_hersteld} cellen met verkeerd gelezen tekens hersteld")
    return f" ({', '.join(extras)})" if extras else ""


def _listed(label: str, columns: tuple[str, ...]) -> Iterator[str]:
    if columns:
        yield f"    {label}: {', '.join(columns)}"


def _describe_counts(counts: TableCounts) -> str:
    parts = [f"{_number(counts.geaccepteerd)} goed"]
    if counts.quarantaine:
        parts.append(f"{_number(counts.quarantaine)} in quarantaine ({_share(counts.quarantaine, counts.gelezen)})")
    if counts.dubbel_samengevoegd:
        parts.append(f"{_number(counts.dubbel_samengevoegd)} gelijk aan een eerdere regel")
    if counts.gewist:
        parts.append(f"{_number(counts.gewist)} van gewiste personen")
    return ", ".join(parts)


def _describe_fault(group: FaultGroup, contract: Contract) -> Iterator[str]:
    what, remedy = REASONS.get(group.reden, (group.reden, ""))
    where = f"kolom {group.kolom}: " if group.kolom else ""
    noun = "rij" if group.aantal == 1 else "rijen"
    yield f"  fout: {where}{what} ({group.reden}, {_number(group.aantal)} {noun})"
    yield f"    {_places(group)}"
    names = contract.tables[group.tabel].names
    expected = _expected(contract.tables[group.tabel].column(group.kolom)) if group.kolom in names else ""
    wants_list = group.reden in ("waarde_buiten_domein", "type_onleesbaar")
    yield f"    {remedy}{f' Verwacht: {expected}.' if expected and wants_list else ''}"


def _places(group: FaultGroup) -> str:
    by_file: dict[str, list[int]] = {}
    for file, line in group.voorbeelden:
        by_file.setdefault(file, []).append(line)
    shown = "; ".join(f"{file} regel {', '.join(map(str, lines))}" for file, lines in by_file.items())
    rest = group.aantal - len(group.voorbeelden)
    return f"{shown} en nog {_number(rest)}" if rest > 0 else shown


def _expected(column: ContractColumn) -> str:
    if column.toegestaan:
        return ", ".join(column.toegestaan)
    if column.minimum is not None and column.maximum is not None:
        return f"{column.minimum} tot en met {column.maximum}"
    if column.minimum is not None:
        return f"{column.minimum} of meer"
    return {"date": "een datum", "ts": "een datum met tijd", "bool": "ja of nee", "int": "een geheel getal"}.get(
        column.type, ""
    )


def _describe_kpis(outcome: DeliveryOutcome) -> Iterator[str]:
    found, missing = outcome.kpis.berekenbaar, outcome.kpis.ontbreekt
    yield f"Te berekenen uit deze levering: {len(found)} van {len(found) + len(missing)} KPI's"
    if found:
        yield f"  {', '.join(found)}"
    near = sorted(missing, key=lambda one: len(one[1]))[:_SHOWN_KPIS]
    for kpi_id, tables in near:
        yield f"  {kpi_id}: daarvoor is ook nodig {', '.join(tables)}"
    if len(missing) > len(near):
        yield f"  en nog {len(missing) - len(near)} die meer tabellen nodig hebben"


def _number(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %".replace(".", ",") if whole else "0 %"
