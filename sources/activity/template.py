"""Empty files for who wants to deliver: a header per table, an explanation, and an example of a mapping file.

Made from the contract, so that they cannot differ from what is read. What does not belong here: the reading.
"""

from __future__ import annotations

import csv
from collections import abc
from pathlib import Path

from sources.activity.contract import Contract, ContractColumn, ContractTable
from sources.activity.levering_file import MANIFEST_COLUMNS
from sources.errors import DeliveryError

README = "LEESMIJ.md"
MAPPING = "mapping-voorbeeld.yaml"

_TYPES = {
    "text": "tekst",
    "date": "datum, jjjj-mm-dd",
    "ts": "tijdstip, jjjj-mm-ddTuu:mm",
    "int": "heel getal",
    "small": "heel getal",
    "bool": "true of false",
}


def write_templates(folder: Path, contract: Contract) -> tuple[Path, ...]:
    """Write an empty file per table, the explanation and the example of a mapping.

    Args:
        folder: where they come; made when it is not there.
        contract: what they are made from.

    Returns:
        The files written.

    Raises:
        DeliveryError: one of the files is there already; nothing is written then.
        OSError: the folder cannot be written.
    """
    headers: dict[str, abc.Iterable[str]] = {"levering.csv": MANIFEST_COLUMNS}
    headers |= {f"{name}.csv": table.names for name, table in contract.tables.items()}
    texts = {README: _explain(contract), MAPPING: _EXAMPLE}
    present = sorted(name for name in (*headers, *texts) if (folder / name).exists())
    if present:
        raise DeliveryError(
            f"in de map {folder} staat al {', '.join(present[:3])}. Er is niets geschreven: kies een lege map."
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name, columns in headers.items():
        with (folder / name).open("x", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerow(columns)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return tuple(folder / name for name in (*headers, *texts))


# --- the explanation ------------------------------------------------------------------------------


def _explain(contract: Contract) -> str:
    kern = ", ".join(name for name, table in contract.tables.items() if table.kern)
    tables = "\n".join(_explain_table(table) for table in contract.tables.values())
    manifest = "\n".join(f"| {name} | {meaning} |" for name, meaning in MANIFEST_COLUMNS.items())
    return _INTRODUCTION.format(versie=contract.versie, kern=kern, levering=manifest) + tables


def _explain_table(table: ContractTable) -> str:
    rows = "\n".join(
        f"| {column.kolom} | {_TYPES.get(column.type, 'getal')} | {_need(column)} | {_allowed(column)} "
        f"| {column.betekenis} |"
        for column in table.columns
    )
    return f"""
### {table.tabel}

{table.omschrijving}.

| Kolom | Soort | Nodig | Toegestaan | Betekenis |
|---|---|---|---|---|
{rows}
"""


def _need(column: ContractColumn) -> str:
    if column.sleutel:
        return "ja, sleutel"
    if column.standaard is not None:
        return f"nee, leeg is {column.standaard}"
    if column.verplicht:
        return "ja"
    return "extra" if column.toevoeging else "nee"


def _allowed(column: ContractColumn) -> str:
    if column.soort == "gemeente":
        return "GM en vier cijfers"
    if column.toegestaan:
        return ", ".join(column.toegestaan)
    if column.minimum is not None and column.maximum is not None:
        return f"{column.minimum} tot en met {column.maximum}"
    low = "" if column.minimum is None else f"vanaf {column.minimum}"
    return f"niet vóór {column.niet_voor}" if column.niet_voor else low


_INTRODUCTION = """# Een levering maken (contract {versie})

Een levering is een map met `levering.csv` en per tabel één bestand. Een begin is genoeg: {kern}.

1. Vul de bestanden van de tabellen die u heeft. **Verwijder de andere**: een bestand met alleen een kop betekent
   "er was niets", een bestand dat er niet is betekent "dit weten we niet".
2. Vul in `levering.csv` één regel in.
3. Controleer de map: `impact-kpi levering controleren <map>`. Er wordt niets geladen of bewaard.
4. Laad hem: `impact-kpi levering laden <map>`.

Elke levering bevat alles wat in haar periode valt en vervangt de vorige.

Afspraken: UTF-8, komma als scheidingsteken, datums als 2025-12-31, `true` en `false`, leeg is onbekend. Een einddatum
is de eerste dag waarop iets niet meer geldt. Heeft uw systeem een eigen export? Pas dan `{mapping}` aan en laad
met `--mapping`.

Lever geen BSN, naam, adres, e-mailadres, telefoonnummer, rekeningnummer of geboortedatum: een levering met een BSN, een
e-mailadres of een IBAN wordt in haar geheel geweigerd. Nummers van personen en dossiers worden bij het laden vervangen
door pseudoniemen. Open codes (vraagstuk, vindplaats, instantie, soort, reden) zijn korte codes, geen zinnen.

## levering.csv

| Kolom | Betekenis |
|---|---|
{levering}

## Tabellen
""".replace("{mapping}", MAPPING)

_EXAMPLE = """\
# Voorbeeld van een mapping: hoe de bestanden van uw systeem de tabellen van het contract geven.
# Pas hem aan, verwijder wat u niet nodig heeft en laad met:
#   impact-kpi levering laden <map> --mapping <dit bestand>

organisatie: voorbeeld            # korte naam; blijft altijd gelijk, want de pseudoniemen hangen ervan af
contract: v0
bronsysteem: "Systeem X 2025.2"

# Alleen als uw systeem geen levering.csv maakt.
levering:
  levering_id: "2025-jaar"
  periode_van: 2024-01-01         # eerste dag waarover alles in de levering zit
  peildatum: 2025-12-31           # laatste dag tot en met welke alles compleet is
  # aangemaakt_op: 2026-01-05T08:00:00

# Geldt voor alle tabellen; een tabel of kolom kan ervan afwijken.
standaard:
  codering: windows-1252          # weglaten mag: dan wordt het herkend
  scheiding: ";"                  # ; , tab of | ; weglaten mag
  decimaal: ","
  duizendtal: "."
  datum: "%d-%m-%Y"               # meer vormen mag: ["%d-%m-%Y", "%Y-%m-%d"]
  ontbrekend: ["", "-", "n.v.t.", "onbekend", "."]
  waar: ["ja", "j", "1"]
  onwaar: ["nee", "n", "0"]

tabellen:
  casus:
    bestand: "Dossiers_*.csv"     # meer bestanden mag
    # blad: "Export"              # bij een werkmap met meer bladen
    # kopregel: 3                 # regel van de kop; [3, 4] bij een kop van twee regels
    # totaalregel: "Totaal"       # begin van een regel die geen dossier is
    kolommen:
      casus_id: "Dossiernr"       # kort voor {bron: "Dossiernr"}
      deelnemer_id: {bron: "Klantnummer", id_voorloopnullen: strippen}
      startdatum: "Datum start"
      # exclusief: de datum is de eerste dag erna. inclusief: de laatste dag zelf, er komt een dag bij.
      einddatum: {bron: "Afsluitdatum", einde: inclusief}
      # De eerste gevulde kolom telt: een code, een naam of een postcode.
      gemeente_code: {bron: ["Gemeente", "Postcode"], soort: gemeente, huisnummer: "Huisnr"}
      leefgebied: {bron: "Domein", waarden: {"Geld": 1, "Wonen": 2, "Onbekend": ""}}
      vraagstuk: {bron: "Hulpvraag", waarden: {"Schulden": schulden, "Dreigende ontruiming": ontruiming}}
    onbekende_waarde: quarantaine # een waarde die niet onder waarden staat: quarantaine of leeg
    weglaten: ["BSN", "Voornaam", "Achternaam", "E-mail"]   # vervallen ongelezen

  # Een cel met meer waarden wordt meer regels.
  casus_betrokkene:
    bestand: "Dossiers_*.csv"
    kolommen:
      casus_id: "Dossiernr"
      betrokkene_id: {bron: "Begeleiders", splits: ","}
      instantie: {vast: eigen}    # dezelfde waarde in elke regel
      van: "Datum start"
    weglaten: ["BSN", "Voornaam", "Achternaam", "E-mail"]

  # Een tabel kan uit meer exports komen: een lijst.
  tevredenheid:
    - bestand: "Enquete deelnemers.xlsx"
      kolommen:
        meting_id: "Respons"
        groep: {vast: deelnemer}
        datum: "Ingevuld op"
        score: 7                  # een kolom zonder of met dubbele naam: zijn nummer, geteld vanaf 1
    - bestand: "Enquete partners.xlsx"
      kolommen:
        meting_id: "Respons"
        groep: {vast: partner}
        datum: "Ingevuld op"
        score: "Cijfer"

  # Een systeem dat contacten telt en geen uren: de KPI krijgt het kenmerk afgeleid.
  urenregistratie:
    bestand: "Contacten.csv"
    kolommen:
      uren_id: "Nr"
      medewerker_id: "Medewerker"
      datum: "Datum"
      soort: {vast: casus}
      casus_id: "Dossiernr"
    afgeleid:
      uit: "Aantal contactmomenten"
      contactsoort: "Soort contact"
      minuten_per_contact: {"huisbezoek": 60, "telefoon": 15}

# Wat uw organisatie onder een oordeel verstaat.
definities:
  te_laat: {tekst: "Langer dan 14 dagen na ontvangst opgepakt", versie: "2025"}
  succesvol: {tekst: "Doelen uit het plan bereikt volgens deelnemer en werker", versie: "2025"}

# postcodes: postcodes.csv        # postcode6 naar gemeente, vanaf de map van dit bestand
"""
