"""The exports about interventions, partners, money and what people say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sources.replay.demo.organisation.layouts import (
    BadRow,
    Layout,
    TextExport,
    WorkbookExport,
    make_sheet,
    yearly,
)
from sources.replay.demo.organisation.lot import Lot
from sources.replay.demo.organisation.records import Records, Row
from sources.replay.demo.organisation.spelling import (
    Speller,
    as_is,
    day,
    dutch_amount,
    euro,
    moment,
    named,
    number,
    percentage,
    person,
    place_code,
    place_name,
    yes_no,
)

_OWNER = "Stichting Voorbeeldwelzijn (verzonnen)"
_ENDS = {
    "afgerond": "Afgerond", "gestopt_deelnemer": "Gestopt door deelnemer", "gestopt_organisatie": "Gestopt door ons",
    "gestopt_derden": "Gestopt door derden", "verhuisd_overleden": "Verhuisd of overleden",
}  # fmt: skip
_METHODS = {
    "grip_op_je_geld": "Grip op je geld", "buurtcontact": "Buurtcontact", "samen_fit": "Samen fit",
    "maatjes": "Maatjes", "opvoedcoach": "Opvoedcoach", "werkfit": "Werkfit", "stap_vooruit": "Stap vooruit",
    "huiskamergesprek": "Huiskamergesprek", "taalwerkplaats": "Taalwerkplaats", "eigen_werkwijze": "Eigen werkwijze",
}  # fmt: skip
_LEVELS = {"effectief": "Effectief", "goed_onderbouwd": "Goed onderbouwd", "goed_beschreven": "Goed beschreven",
           "geen": "Geen"}  # fmt: skip
_BYCATCH = {"nieuwe_vrijwilliger": "Nieuwe vrijwilliger", "doorverwezen_buur": "Doorverwezen buur",
            "gevonden_toeslag": "Gevonden toeslag"}  # fmt: skip
_VERDICTS: Sequence[tuple[str, Speller]] = (
    ("Succesvol", yes_no("succesvol")),
    ("In één keer goed", yes_no("in_een_keer_goed")),
    ("Doel bereikt", yes_no("doel_bereikt", unknown="onbekend")),
)


def individual(records: Records, seed: int) -> list[TextExport]:
    """Interventions for one person: the planned end and the real one both have a column."""
    layout = Layout(
        (
            ("Trajectnr", as_is("interventie_id")),
            ("Dossiernr", as_is("casus_id")),
            ("Meldingnr", as_is("signaal_id")),
            ("Klantnummer", person("_deelnemer")),
            ("Trajectsoort", named("methodiek", _METHODS)),
            ("Startdatum traject", day("startdatum")),
            ("Einddatum traject", day("geplande_einddatum")),
            ("Afsluitdatum traject", day("einddatum")),
            ("Reden afsluiting", named("reden_einde", _ENDS)),
            *_VERDICTS,
            ("Kosten", euro("kosten")),
            ("Geschatte besparing", euro("geschatte_besparing")),
            ("Vervolg op", as_is("vervolg_op_interventie_id")),
        )
    )
    rows = [{**row, "_deelnemer": people[0]} for row, people in _with_people(records) if row["casus_id"] is not None]
    return yearly(
        "Trajecten_{year}.csv",
        rows,
        "startdatum",
        lambda year, part: make_sheet(
            layout,
            part,
            Lot(seed, f"spelling trajecten {year}"),
            title=(_OWNER, "Individuele trajecten"),
            total="Totaal",
            bad=_bad_interventions(year),
        ),
    )


def _bad_interventions(year: int) -> Sequence[BadRow]:
    """Refused interventions take their participation with them."""
    base = {"Klantnummer": "00010", "Startdatum traject": f"01-03-{year}"}
    lost = ("interventie_deelname", "onbekende_sleutel")
    return [
        BadRow({**base, "Trajectnr": f"T{year}-1", "Reden afsluiting": "Afgerond"},
               [("interventie", "samenhang_geschonden"), lost]),
        BadRow({**base, "Trajectnr": f"T{year}-2", "Afsluitdatum traject": f"01-04-{year}",
                "Reden afsluiting": "Zomaar"}, [("interventie", "waarde_buiten_domein"), lost]),
    ]  # fmt: skip


def _with_people(records: Records) -> list[tuple[Row, list[int]]]:
    people: dict[str, list[int]] = {}
    for row in records["interventie_deelname"]:
        people.setdefault(row["interventie_id"], []).append(row["deelnemer_id"])
    return [(row, people[row["interventie_id"]]) for row in records["interventie"]]


def groups(records: Records, seed: int) -> WorkbookExport:
    """Group work: all participants of a group in one cell."""
    layout = Layout(
        (
            ("Trajectnr", as_is("interventie_id")),
            ("Gemeente", place_name),
            ("Trajectsoort", named("methodiek", _METHODS)),
            ("Startdatum traject", as_is("startdatum")),
            ("Einddatum traject", as_is("geplande_einddatum")),
            ("Afsluitdatum traject", as_is("einddatum")),
            ("Reden afsluiting", named("reden_einde", _ENDS)),
            *_VERDICTS,
            ("Gepland aantal", as_is("gepland_aantal_deelnemers")),
            ("Kosten", as_is("kosten")),
            ("Geschatte besparing", as_is("geschatte_besparing")),
            ("Deelnemers", as_is("_deelnemers")),
        )
    )
    rows = [{**row, "_deelnemers": ", ".join(map(str, people))}
            for row, people in _with_people(records) if row["casus_id"] is None]  # fmt: skip
    sheet = make_sheet(layout, rows, Lot(seed, "spelling groepen"))
    return WorkbookExport("Groepswerk.xlsx", {"Groepen": sheet})


def outcomes(records: Records, seed: int) -> list[TextExport]:
    """Methods, by-catch and the measurements half a year later."""
    lot = Lot(seed, "spelling uitkomsten")
    methods = Layout(
        (
            ("Methode", named("methodiek", _METHODS)),
            ("Erkenning", named("erkenning", _LEVELS)),
            ("Erkend van", day("erkend_van")),
            ("Erkend tot", day("erkend_tot")),
        )
    )
    bycatch = Layout(
        (
            ("Nr", as_is("bijvangst_id")),
            ("Trajectnr", as_is("interventie_id")),
            ("Datum", day("datum")),
            ("Wat", named("soort", _BYCATCH)),
            ("Aantal", as_is("aantal")),
        )
    )
    follow_up = Layout(
        (
            ("Nr", as_is("nazorgmeting_id")),
            ("Trajectnr", as_is("interventie_id")),
            ("Klantnummer", person()),
            ("Datum", day("datum")),
            ("Redt het zelf", yes_no("zonder_ondersteuning", unknown="onbekend")),
            ("Niveau behouden", yes_no("niveau_behouden")),
            ("Inzet omgeving", percentage("inzet_omgeving_pct")),
        )
    )
    return [
        TextExport("Methodieken.csv", make_sheet(methods, records["methodiek"], lot)),
        TextExport("Bijvangst.csv", make_sheet(bycatch, records["bijvangst"], lot)),
        TextExport("Nazorg.csv", make_sheet(follow_up, records["nazorgmeting"], lot, title=(_OWNER,))),
    ]


def partner_work(records: Records, seed: int) -> list[TextExport]:
    """Partners, requests to them, marks for them, and referrals."""
    lot = Lot(seed, "spelling partners")
    partners = Layout((("Partner", as_is("partner_id")), ("Soort", lambda row, _: row["soort"].capitalize())))
    requests = Layout(
        (
            ("Verzoek", as_is("verzoek_id")),
            ("Dossiernr", as_is("casus_id")),
            ("Partner", as_is("partner_id")),
            ("Verzocht op", moment("verzocht_op")),
            ("Reactie op", moment("gereageerd_op")),
            ("Gewenst", day("gewenste_startdatum")),
            ("Geleverd", day("geleverde_startdatum")),
        )
    )
    marks = Layout(
        (
            ("Nr", as_is("beoordeling_id")),
            ("Partner", as_is("partner_id")),
            ("Gemeente", place_name),
            ("Datum", day("datum")),
            ("Kwaliteit", number("kwaliteit")),
            ("Tijdigheid", number("tijdigheid")),
            ("Volledigheid", number("volledigheid")),
            ("Cijfer", number("score")),
            ("Beoordelaar", as_is("beoordelaar_id")),
        )
    )
    referrals = Layout(
        (
            ("Nr", as_is("doorverwijzing_id")),
            ("Dossiernr", as_is("casus_id")),
            ("Datum", day("datum")),
            ("Van lijn", as_is("van_lijn")),
            ("Naar lijn", as_is("naar_lijn")),
            ("Aangekomen", day("aangekomen_op")),
            ("Juiste plek", yes_no("juiste_plek", yes="waar", no="onwaar")),
        )
    )
    eleven = BadRow(
        {"Nr": 90_001, "Partner": "P001", "Gemeente": "Breda", "Datum": "03-04-2024", "Cijfer": "11"},
        [("partnerbeoordeling", "waarde_buiten_domein")],
    )
    unknown = BadRow(
        {"Nr": 90_002, "Partner": "P999", "Gemeente": "Breda", "Datum": "03-04-2024", "Cijfer": "7"},
        [("partnerbeoordeling", "onbekende_sleutel")],
    )
    return [
        TextExport("Partners.csv", make_sheet(partners, records["partner"], lot)),
        TextExport("Verzoeken.csv", make_sheet(requests, records["partnerverzoek"], lot, title=(_OWNER,))),
        TextExport("Partneroordelen.csv", make_sheet(marks, records["partnerbeoordeling"], lot, bad=[eleven, unknown])),
        TextExport("Doorverwijzingen.csv", make_sheet(referrals, records["doorverwijzing"], lot, total="Totaal")),
    ]


def money(records: Records, seed: int) -> WorkbookExport:
    """Budgets and corrections; amounts are real numbers in the format of euros."""
    lot = Lot(seed, "spelling financiën")
    budgets = Layout(
        (
            ("Budgetnr", as_is("budget_id")),
            ("Gemeente", place_name),
            ("Soort", lambda row, _: row["soort"].capitalize()),
            ("Aangevraagd op", as_is("datum_aanvraag")),
            ("Aangevraagd", as_is("bedrag_aangevraagd")),
            ("Besluit op", as_is("datum_besluit")),
            ("Toegekend", as_is("bedrag_toegekend")),
        )
    )
    names = {"meerwerk": "Meerwerk", "herindexering": "Herindexering", "lagere_inzet": "Lagere inzet"}
    corrections = Layout(
        (
            ("Nr", as_is("correctie_id")),
            ("Budgetnr", as_is("budget_id")),
            ("Datum", as_is("datum")),
            ("Bedrag", as_is("bedrag")),
            ("Reden", named("reden", names)),
        )
    )
    return WorkbookExport(
        "Financien.xlsx",
        {
            "Budgetten": make_sheet(budgets, records["budget"], lot, title=(_OWNER, "Budgetten", "")),
            "Correcties": make_sheet(corrections, records["budgetcorrectie"], lot),
        },
    )


def administration(records: Records, seed: int) -> list[TextExport]:
    """Administrative tasks and the planning of hours."""
    lot = Lot(seed, "spelling administratie")
    tasks = Layout(
        (
            ("Nr", as_is("opdracht_id")),
            ("Gemeente", place_code),
            ("Soort", lambda row, _: row["soort"].capitalize()),
            ("Ingediend", day("ingediend_op")),
            ("Deadline", day("deadline")),
            ("Verwerkt", day("verwerkt_op")),
            ("Retouren", as_is("aantal_retouren")),
            ("Juist en volledig", yes_no("juist_en_volledig")),
        )
    )
    planning = Layout(
        (
            ("Gemeente", lambda row, _: row["_plaats"].code),
            ("Maand", day("maand")),
            ("Gevraagd", _hours("gevraagde_uren")),
            ("Beschikbaar", _hours("beschikbare_uren")),
        )
    )
    return [
        TextExport("Administratie.csv", make_sheet(tasks, records["adminopdracht"], lot, title=(_OWNER,))),
        TextExport("Capaciteit.csv", make_sheet(planning, records["capaciteit"], lot, total="Totaal")),
    ]


def _hours(column: str) -> Speller:
    return lambda row, _: dutch_amount(row[column])


def voices(records: Records, seed: int) -> list[TextExport]:
    """Satisfaction and questionnaires."""
    lot = Lot(seed, "spelling tevredenheid")
    satisfaction = Layout(
        (
            ("Nr", as_is("meting_id")),
            ("Groep", lambda row, _: row["groep"].capitalize()),
            ("Datum", day("datum")),
            ("Gemeente", place_name),
            ("Trajectnr", as_is("interventie_id")),
            ("Cijfer", number("score")),
            ("Respondent", as_is("respondent_id")),
            ("Mag in publicatie", yes_no("toestemming_publicatie")),
        )
    )
    filled_in = Layout(
        (
            ("Afname", as_is("afname_id")),
            ("Lijst", lambda row, _: row["vragenlijst"].capitalize()),
            ("Versie", as_is("versie")),
            ("Datum", day("datum")),
            ("Gemeente", place_code),
            ("Klantnummer", person()),
            ("Trajectnr", as_is("interventie_id")),
            ("Professional", as_is("professional_id")),
        )
    )
    answers = Layout((("Afname", as_is("afname_id")), ("Vraag", as_is("vraagcode")), ("Antwoord", as_is("antwoord"))))
    first: Any = records["vragenlijst_antwoord"][0]
    unknown = [BadRow({"Afname": first["afname_id"] + 1, "Vraag": code, "Antwoord": "weet niet"},
                      [("vragenlijst_antwoord", "antwoord_onbekend")]) for code in ("E1",)]  # fmt: skip
    tabs = {"encoding": "utf-8", "delimiter": "\t", "newline": "\n"}
    return [
        TextExport("Tevredenheid.csv", make_sheet(satisfaction, records["tevredenheid"], lot, title=(_OWNER,))),
        TextExport("Vragenlijsten.txt", make_sheet(filled_in, records["vragenlijst_afname"], lot), **tabs),
        TextExport("Antwoorden.txt", make_sheet(answers, records["vragenlijst_antwoord"], lot, bad=unknown), **tabs),
    ]
