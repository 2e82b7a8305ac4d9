"""The contract form of a delivery: the columns of the 31 tables, and the folder of CSV files.

Which records there are is for the generator or the test.
"""

from __future__ import annotations

import csv
from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tests.own_data.records import Delivery, Row

COLUMNS = {
    table: columns.split()
    for table, columns in {
        "deelnemer": "deelnemer_id soort aantal_personen geboortejaar huishoudtype gemeente_code",
        "medewerker": "medewerker_id soort in_dienst_van in_dienst_tot",
        "medewerker_inzet": "medewerker_id gemeente_code van tot fte",
        "medewerker_registratie": "medewerker_id register geldig_van geldig_tot",
        "educatietraject": "educatietraject_id medewerker_id startdatum einddatum",
        "signaal": "signaal_id deelnemer_id gemeente_code datum_ontvangen herkomst leefgebied vroegsignaal geescaleerd"
        " te_laat datum_afgehandeld wachtreden",
        "capaciteit": "gemeente_code maand gevraagde_uren beschikbare_uren",
        "casus": "casus_id signaal_id deelnemer_id gemeente_code leefgebied vraagstuk startdatum einddatum"
        " terugval_van_casus_id",
        "casus_complexiteit": "casus_id vanaf complexiteit",
        "casus_betrokkene": "casus_id betrokkene_id instantie van tot eigen_medewerker",
        "situatiebeoordeling": "beoordeling_id casus_id datum beoordelaar in_een_keer_goed",
        "zrm_score": "casus_id meetdatum domein score versie",
        "plan": "plan_id casus_id datum_vastgesteld begroot_bedrag",
        "plan_wijziging": "plan_wijziging_id plan_id datum reden",
        "plan_voortgang": "plan_id datum conform_plan",
        "methodiek": "methodiek erkenning erkend_van erkend_tot",
        "interventie": "interventie_id casus_id signaal_id gemeente_code methodiek startdatum geplande_einddatum"
        " einddatum reden_einde succesvol in_een_keer_goed doel_bereikt gepland_aantal_deelnemers kosten"
        " geschatte_besparing vervolg_op_interventie_id",
        "interventie_deelname": "interventie_id deelnemer_id van tot",
        "bijvangst": "bijvangst_id interventie_id datum soort aantal",
        "nazorgmeting": "nazorgmeting_id interventie_id deelnemer_id datum zonder_ondersteuning niveau_behouden"
        " inzet_omgeving_pct",
        "urenregistratie": "uren_id medewerker_id datum uren soort interventie_id casus_id vindplaats gemeente_code"
        " declarabel",
        "partner": "partner_id soort",
        "partnerverzoek": "verzoek_id casus_id partner_id verzocht_op gereageerd_op gewenste_startdatum"
        " geleverde_startdatum",
        "partnerbeoordeling": "beoordeling_id partner_id gemeente_code datum kwaliteit tijdigheid volledigheid score",
        "doorverwijzing": "doorverwijzing_id casus_id datum van_lijn naar_lijn aangekomen_op juiste_plek",
        "budget": "budget_id gemeente_code soort datum_aanvraag bedrag_aangevraagd datum_besluit bedrag_toegekend",
        "budgetcorrectie": "correctie_id budget_id datum bedrag reden",
        "tevredenheid": "meting_id groep datum gemeente_code interventie_id score respondent_id",
        "adminopdracht": "opdracht_id gemeente_code soort ingediend_op deadline verwerkt_op aantal_retouren"
        " juist_en_volledig",
        "vragenlijst_afname": "afname_id vragenlijst versie datum gemeente_code deelnemer_id interventie_id"
        " professional_id",
        "vragenlijst_antwoord": "afname_id vraagcode antwoord",
    }.items()
}
KERNSET = ("signaal", "casus", "situatiebeoordeling", "interventie", "partnerbeoordeling")


def row(table: str, **values: Any) -> Row:
    """One row in contract form: what is not given is empty."""
    unknown = values.keys() - set(COLUMNS[table])
    assert not unknown, f"{table} has no column {unknown}"
    return dict.fromkeys(COLUMNS[table]) | values


def part(delivery: Delivery, tables: Collection[str]) -> Delivery:
    """The same delivery with only these tables, for example the kernset."""
    return Delivery(
        delivery.levering_id,
        delivery.organisatie_id,
        delivery.periode_van,
        delivery.peildatum,
        {table: rows for table, rows in delivery.tables.items() if table in tables},
    )


def write(delivery: Delivery, folder: Path) -> Path:
    """Write the delivery as a folder: levering.csv and one file per delivered table, empty ones with their header."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = {
        "levering_id": delivery.levering_id,
        "organisatie_id": delivery.organisatie_id,
        "bronsysteem": "verzonnen 1.0",
        "periode_van": delivery.periode_van,
        "peildatum": delivery.peildatum,
        "aangemaakt_op": datetime(delivery.peildatum.year + 1, 1, 5, 9, 30),  # noqa: DTZ001 - the contract has no zones
    }
    _write(folder / "levering.csv", list(manifest), [manifest])
    for table, rows in delivery.tables.items():
        _write(folder / f"{table}.csv", COLUMNS[table], rows)
    return folder


def _write(path: Path, columns: list[str], rows: Collection[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows([_text(values[column]) for column in columns] for values in rows)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)
