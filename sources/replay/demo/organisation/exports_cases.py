"""The exports about signals, cases and what hangs under them: semicolons, Windows-1252, titles above, totals below."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sources.replay.demo.organisation.layouts import BadRow, Layout, TextExport, make_sheet, yearly
from sources.replay.demo.organisation.lot import Lot
from sources.replay.demo.organisation.places import Place
from sources.replay.demo.organisation.records import Records, Row
from sources.replay.demo.organisation.spelling import (
    LEEFGEBIED_NAMES,
    as_is,
    day,
    dutch_day,
    euro,
    mojibake,
    named,
    now_and_then,
    person,
    place_code,
    place_name,
    sloppy_day,
    yes_no,
)

_OWNER = "Stichting Voorbeeldwelzijn (verzonnen)"
_SOURCES = {"proactief": "zelf opgehaald", "reactief": "binnengekomen"}
_WAITING = {"capaciteit": "geen capaciteit", "client": "client wacht zelf", "partner": "wacht op partner",
            "overig": "anders"}  # fmt: skip
_ISSUES = {
    "schulden": "Schulden", "rondkomen": "Rondkomen", "woonoverlast": "Woonoverlast", "huisvesting": "Huisvesting",
    "werk_en_opleiding": "Werk en opleiding", "dagbesteding": "Dagbesteding", "eenzaamheid": "Eenzaamheid",
    "opvoeding": "Opvoeding", "mantelzorg": "Mantelzorg", "gezond_leven": "Gezond leven", "beperking": "Beperking",
    "psychische_klachten": "Psychische klachten", "verslaving": "Verslaving", "zingeving": "Zingeving",
}  # fmt: skip
_AGENCIES = {
    "eigen_organisatie": "Voorbeeldwelzijn", "gemeente": "Gemeente", "ggz": "Ggz-instelling", "school": "School",
    "woningcorporatie": "Woningcorporatie", "schuldhulp": "Bureau cliëntbegeleiding", "huisarts": "Huisarts",
}  # fmt: skip
_TABS = {"encoding": "utf-8-sig", "delimiter": "\t", "newline": "\n"}


def signals(records: Records, seed: int) -> list[TextExport]:
    """The signals, a file per year; the place is a name, a postcode, or both are empty."""
    layout = Layout(
        (
            ("Meldingnr", as_is("signaal_id")),
            ("Klantnummer", person()),
            ("Gemeente", _name_or_nothing),
            ("Postcode", _postcode),
            ("Datum melding", sloppy_day("datum_ontvangen")),
            ("Herkomst", named("herkomst", _SOURCES, "onbekend")),
            ("Domein", named("leefgebied", LEEFGEBIED_NAMES, "-")),
            ("Vroegsignaal", yes_no("vroegsignaal")),
            ("Geëscaleerd", yes_no("geescaleerd", unknown="onbekend")),
            ("Te laat", yes_no("te_laat")),
            ("Afgehandeld op", day("datum_afgehandeld")),
            ("Reden wachten", named("wachtreden", _WAITING)),
        )
    )
    return yearly(
        "Meldingen_{year}.csv",
        records["signaal"],
        "datum_ontvangen",
        lambda year, rows: make_sheet(
            layout,
            rows,
            Lot(seed, f"spelling meldingen {year}"),
            title=(_OWNER, f"Meldingen {year}; alle locaties", ""),
            total="Totaal",
            bad=_bad_signals(year),
        ),
    )


def _name_or_nothing(row: Row, lot: Lot) -> str:
    # Whoever took the signal wrote down a name, or only a postcode (see there).
    return "" if row["signaal_id"].endswith(("3", "7")) else place_name(row, lot)


def _postcode(row: Row, lot: Lot) -> str:
    place: Place | None = row["_plaats"]
    if place is None or not row["signaal_id"].endswith(("3", "7", "9")):
        return ""
    return place.postcode(lot)


def _bad_signals(year: int) -> Sequence[BadRow]:
    table, base = "signaal", {"Gemeente": "Breda", "Datum melding": f"10-02-{year}"}
    return [
        BadRow({**base, "Meldingnr": f"M{year}-90001", "Datum melding": "31-02-2024"}, [(table, "type_onleesbaar")]),
        BadRow({**base, "Meldingnr": f"M{year}-90002", "Datum melding": "14-02-2026"}, [(table, "datum_in_toekomst")]),
        BadRow({**base, "Meldingnr": f"M{year}-90003", "Afgehandeld op": "01-02-2020"}, [(table, "eind_voor_start")]),
        BadRow({**base, "Meldingnr": f"M{year}-90004", "Domein": "Overig"}, [(table, "waarde_buiten_domein")]),
        BadRow({**base, "Meldingnr": f"M{year}-90005", "Datum melding": ""}, [(table, "verplicht_veld_leeg")]),
        BadRow({"Meldingnr": f"M{year}-90006", "Postcode": "48181 A", "Datum melding": f"11-02-{year}"},
               [(table, "postcode_ongeldig")]),
    ]  # fmt: skip


def cases(records: Records, seed: int) -> list[TextExport]:
    """The cases, a file per year of start; two columns are called Einddatum: first the planned one, then the real."""
    layout = Layout(
        (
            ("Dossiernr", as_is("casus_id")),
            ("Meldingnr", as_is("signaal_id")),
            ("Klantnummer", person()),
            ("Gemeente", place_code),
            ("Domein", named("leefgebied", LEEFGEBIED_NAMES, "-")),
            ("Vraagstuk", named("vraagstuk", _ISSUES)),
            ("Startdatum", day("startdatum")),
            ("Einddatum", lambda row, _: dutch_day(row["startdatum"] + dt.timedelta(days=120))),
            ("Einddatum", day("einddatum")),
            ("Terugval van", as_is("terugval_van_casus_id")),
        )
    )
    table = "casus"
    bad = [
        BadRow({"Dossiernr": 90_001, "Klantnummer": "00001, 00002", "Gemeente": "344", "Startdatum": "03-04-2024"},
               [(table, "meerwaardige_cel")]),
        BadRow({"Dossiernr": 90_002, "Gemeente": "344", "Startdatum": "03-04-2024"}, [(table, "verplicht_veld_leeg")]),
    ]  # fmt: skip
    return yearly(
        "Dossiers_{year}.csv",
        records["casus"],
        "startdatum",
        lambda year, rows: make_sheet(
            layout,
            rows,
            Lot(seed, f"spelling dossiers {year}"),
            title=(_OWNER, f"Gestarte dossiers {year}"),
            total="Eindtotaal",
            bad=bad if year == 2024 else (),  # noqa: PLR2004
        ),
    )


def casework(records: Records, seed: int) -> list[TextExport]:
    """Complexity, involved workers, judgements and ZRM."""
    complexity = Layout(
        (
            ("Dossiernr", as_is("casus_id")),
            ("Vanaf", day("vanaf")),
            ("Complexiteit", named("complexiteit", {"laag": "Laag complex", "hoog": "Hoog complex"})),
        )
    )
    involved = Layout(
        (
            ("Dossiernr", as_is("casus_id")),
            ("Begeleider", as_is("betrokkene_id")),
            ("Instantie", now_and_then(named("instantie", _AGENCIES), mojibake, 0.05)),
            ("Van", day("van")),
            ("Tot", day("tot")),
            ("Eigen", yes_no("eigen_medewerker", yes="x", no="")),
        )
    )
    judged = Layout(
        (
            ("Nr", as_is("beoordeling_id")),
            ("Dossiernr", as_is("casus_id")),
            ("Datum", day("datum")),
            ("Door", named("beoordelaar", {"intern": "Intern", "extern": "Extern"})),
            ("In één keer goed", yes_no("in_een_keer_goed", unknown="n.v.t.")),
        )
    )
    zrm = Layout(
        (
            ("Dossiernr", as_is("casus_id")),
            ("Meetdatum", day("meetdatum")),
            ("Domein", as_is("domein")),
            ("Score", as_is("score")),
            ("Versie", as_is("versie")),
        )
    )
    lost = [BadRow({"Dossiernr": 77_777, "Meetdatum": "03-04-2024", "Domein": domain, "Score": 3, "Versie": "2017"},
                   [("zrm_score", "onbekende_sleutel")]) for domain in range(1, 5)]  # fmt: skip
    lot = Lot(seed, "spelling dossierinhoud")
    return [
        TextExport(
            "Complexiteit.csv", make_sheet(complexity, records["casus_complexiteit"], lot, title=(_OWNER,), doubled=3)
        ),
        TextExport("Betrokkenen.txt", make_sheet(involved, records["casus_betrokkene"], lot), **_TABS),
        TextExport("Beoordelingen.csv", make_sheet(judged, records["situatiebeoordeling"], lot, total="Totaal")),
        TextExport("ZRM.txt", make_sheet(zrm, records["zrm_score"], lot, bad=lost), **_TABS),
    ]


def plans(records: Records, seed: int) -> list[TextExport]:
    """Plans, their changes and their progress."""
    lot = Lot(seed, "spelling plannen")
    plan = Layout(
        (
            ("Plannr", as_is("plan_id")),
            ("Dossiernr", as_is("casus_id")),
            ("Vastgesteld", day("datum_vastgesteld")),
            ("Begroot", euro("begroot_bedrag")),
        )
    )
    names = {"situatie_gewijzigd": "Situatie gewijzigd", "wens_deelnemer": "Wens deelnemer",
             "partner_valt_weg": "Partner valt weg"}  # fmt: skip
    change = Layout(
        (
            ("Nr", as_is("plan_wijziging_id")),
            ("Plannr", as_is("plan_id")),
            ("Datum", day("datum")),
            ("Reden", named("reden", names)),
            ("Kenmerk", lambda row, _: f"K{row['plan_wijziging_id']}"),
        )
    )
    progress = Layout(
        (
            ("Plannr", as_is("plan_id")),
            ("Datum", day("datum")),
            ("Volgens plan", yes_no("conform_plan")),
        )
    )
    first = records["plan"][0]["plan_id"]
    personal = BadRow(
        {"Nr": 90_001, "Plannr": first, "Datum": "03-04-2024", "Kenmerk": "999900195"},
        [("plan_wijziging", "bsn_aangetroffen")],
    )
    return [
        TextExport("Plannen.csv", make_sheet(plan, records["plan"], lot, title=(_OWNER, "Plannen"), total="Totaal")),
        TextExport("Planwijzigingen.csv", make_sheet(change, records["plan_wijziging"], lot, bad=[personal])),
        TextExport("Voortgang.csv", make_sheet(progress, records["plan_voortgang"], lot)),
    ]
