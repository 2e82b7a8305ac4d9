"""The last sheet: how to read the others."""

from openpyxl import Workbook

from serving.words import SIGNALS
from serving.workbook.charts import DATA
from serving.workbook.overview import NAME as OVERVIEW
from serving.workbook.overview import publication_lines
from serving.workbook.own import NAME as OWN
from serving.workbook.own import ROUNDED, SUPPRESSED
from serving.workbook.read import Facts
from serving.workbook.sheet import Column, Table, write_table

NAME = "Leeswijzer"
_COLUMNS = (Column("Wat", 32, lambda pair: pair[0]), Column("Uitleg", 110, lambda pair: pair[1]))
_WORDS = {
    "Signalen": f"{SIGNALS} Een verschil zegt niet waar het door komt, en de volgorde is die van het model.",
    "Lege cel": (
        "Er is geen cijfer; een lege cel is nooit nul. De kolom Waarom geen cijfer zegt waarom. In een reeks door de "
        "jaren: staat de periode niet in die kolom, dan is er in die periode niet gemeten."
    ),
    "Naast Nederland en naast de buurgroep": (
        "Gunstiger, ongunstiger, hoger of lager: het verschil is groter dan door toeval te verwachten is. "
        "Vergelijkbaar: er is geen verschil aangetoond. Niet vergeleken: de kolom In woorden zegt waarom, bijvoorbeeld "
        "omdat een register geen steekproef kent om aan te toetsen."
    ),
    "Waarde in de vergelijking": (
        "Aantallen worden vergeleken per 1.000 inwoners. Nederland, de buurgroep en het verschil staan in de eenheid "
        "van de vergelijking; een verschil tussen percentages dus in procentpunten."
    ),
    "Interval": "95 %-interval: hoe nauwkeurig het cijfer is. Niet elke bron geeft er een.",
    "Trend": (
        "De laatste vijf jaren met een cijfer, getoetst. Niet te bepalen is iets anders dan geen aantoonbare "
        "verandering."
    ),
    "Benadering (proxy)": (
        "Het cijfer meet niet precies wat de KPI vraagt; de kanttekening bij Definities zegt wat het wel meet."
    ),
    "Modelmatig geschat": "Uitkomst van een model, geen telling; kleine verschillen zeggen niets.",
    OWN: f"{ROUNDED} {SUPPRESSED}",
    "Getallen": (
        "Elke cel bevat het cijfer zoals het in de mart staat; de opmaak rondt af om te lezen. Percentages staan als "
        "getal van 0 tot 100. Het werkboek rekent niets uit: er staan geen formules in."
    ),
    "Grafieken": (
        "Nederland is gestreept. Aantallen zijn getekend per 1.000 inwoners, zoals ze zijn vergeleken. Waar een cijfer "
        "ontbreekt is de lijn onderbroken, en cijfers over ander grondgebied vormen een lijn apart. De cijfers van de "
        f"grafieken staan op {DATA}."
    ),
    "Afdrukken": (
        f"A4 liggend. Op {OVERVIEW} worden de kolommen achter Waarom geen cijfer niet afgedrukt: de vergelijking in "
        "woorden en de bron."
    ),
}


def write_guide(book: Workbook, facts: Facts) -> None:
    """Add the sheet, with the gemeenten that each buurgroep is made of."""
    names = {row["gemeente_code"]: row["gemeente_naam"] for row in facts.areas}
    groups = {
        f"Buurgroep van {names[code]}": f"De gemeenten die qua opbouw op deze lijken: {', '.join(found)}."
        for code, found in facts.neighbours.items()
    }
    rows = list((_WORDS | groups).items())
    write_table(book, Table(NAME, "Hoe u dit werkboek leest", publication_lines(facts), _COLUMNS, rows), facts.notice)
