"""The exports about people: the client workbook with everything in it that must not be read, staff and hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from sources.replay.demo.organisation.layouts import (
    BadRow,
    Layout,
    Sheet,
    TextExport,
    WorkbookExport,
    make_sheet,
    yearly,
)
from sources.replay.demo.organisation.lot import Lot
from sources.replay.demo.organisation.places import Place
from sources.replay.demo.organisation.records import Records, Row
from sources.replay.demo.organisation.spelling import (
    as_is,
    day,
    mojibake,
    named,
    now_and_then,
    number,
    place_code,
    place_name,
    yes_no,
)

_SPREADSHEET_TITLE = "Stichting Voorbeeldwelzijn (verzonnen)"
_KINDS_OF_HOURS = {"interventie": "Traject", "casus": "Dossier", "vindplaats": "Vindplaats", "indirect": "Indirect"}
_PLACES = {
    "buurthuis_noord": "Buurthuis Noord",
    "buurthuis_zuid": "Buurthuis Zuid",
    "bibliotheek": "Bibliotheek",
    "voedselbank": "Voedselbank",
    "wijkplein": "Wijkplein",
    "inloop_centrum": "Buurtcafé Centrum",
}
_HOUSEHOLDS = {"alleenstaand": "Alleenstaand", "meerpersoons": "Meerpersoons"}
# Numbers of an invented range: they begin with 999 and still pass the eleven-test.
_FALSE_NUMBERS = 99_900_000
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2)
_ELEVEN, _NO_DIGIT = 11, 10


def false_citizen_number(position: int) -> int:
    """The invented number of a position; another position below 50 000 has another number."""
    digits = _FALSE_NUMBERS + 2 * position
    if _check_digit(digits) == _NO_DIGIT:
        digits += 1
    return digits * 10 + _check_digit(digits)


def _check_digit(digits: int) -> int:
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, str(digits), strict=True)) % _ELEVEN


def clients(records: Records, seed: int) -> WorkbookExport:
    """The workbook with participants, personal columns included: the mapping must drop them unread."""
    layout = Layout(
        (
            ("Nummer", as_is("deelnemer_id")),
            ("BSN", lambda row, _: false_citizen_number(row["deelnemer_id"])),
            ("Voornaam", lambda row, _: f"Deelnemer{row['deelnemer_id']:04d}"),
            ("Achternaam", lambda _row, _: "Verzonnen"),
            ("Geboortedatum", _birthday),
            ("E-mail", lambda row, _: f"deelnemer{row['deelnemer_id']:04d}@example.invalid"),
            ("Adres", lambda _row, lot: f"Verzonnenlaan {lot.whole(1, 99)}"),
            ("Postcode", _postcode),
            ("Geboortejaar", as_is("geboortejaar")),
            ("Soort", named("soort", {kind: kind.capitalize() for kind in _SORTS})),
            ("Personen", as_is("aantal_personen")),
            ("Huishouden", named("huishoudtype", _HOUSEHOLDS, "onbekend")),
        )
    )
    bad = [
        BadRow({"Nummer": 9001, "Postcode": "3511 1", "Soort": "Persoon"}, [("deelnemer", "postcode_ongeldig")]),
        BadRow({"Nummer": 9002, "Soort": "Vereniging"}, [("deelnemer", "waarde_buiten_domein")]),
        BadRow({"Nummer": 9003, "Soort": "Persoon", "Geboortejaar": 1790}, [("deelnemer", "waarde_buiten_domein")]),
    ]
    sheet = make_sheet(layout, records["deelnemer"], Lot(seed, "spelling deelnemer"), bad=bad)
    return WorkbookExport("Clienten.xlsx", {"Cliënten": sheet})


_SORTS = ("persoon", "huishouden", "groep", "initiatief")


def _birthday(row: Row, lot: Lot) -> dt.date | None:
    year = row["geboortejaar"]
    return None if year is None else dt.date(year, lot.whole(1, 12), lot.whole(1, 28))


def _postcode(row: Row, lot: Lot) -> str:
    place: Place | None = row["_plaats"]
    if place is None:
        return ""
    code = place.postcode(lot)
    return lot.weighted({code: 0.6, f"{code[:4]} {code[4:]}": 0.3, code.lower(): 0.07, code[:4]: 0.03})


def personnel(records: Records, seed: int) -> WorkbookExport:
    """The workbook of the personnel department; who is registered twice has both registers in one cell."""
    lot = Lot(seed, "spelling personeel")
    staff = Layout(
        (
            ("Personeelsnr", as_is("medewerker_id")),
            ("Soort", lambda row, _: row["soort"].capitalize()),
            ("In dienst", as_is("in_dienst_van")),
            ("Uit dienst", as_is("in_dienst_tot")),
        )
    )
    deployed = Layout(
        (
            ("Personeelsnr", as_is("medewerker_id")),
            ("Gemeente", place_name),
            ("Van", as_is("van")),
            ("Laatste dag", _last_day),
            ("Fte", lambda row, _: float(row["fte"])),
        )
    )
    trained = Layout(
        (
            ("Scholingsnr", as_is("educatietraject_id")),
            ("Personeelsnr", as_is("medewerker_id")),
            ("Start", as_is("startdatum")),
            ("Eind", as_is("einddatum")),
        )
    )
    bad = [BadRow({"Personeelsnr": 9001, "Soort": "Stagiair"}, [("medewerker", "verplicht_veld_leeg")])]
    title = (_SPREADSHEET_TITLE,)
    return WorkbookExport(
        "Personeel.xlsx",
        {
            "Personeel": make_sheet(staff, records["medewerker"], lot, title=title, bad=bad),
            "Inzet": make_sheet(deployed, records["medewerker_inzet"], lot, title=title),
            "Registraties": _registrations(records, lot),
            "Scholing": make_sheet(trained, records["educatietraject"], lot, title=title),
        },
    )


def _last_day(row: Row, _: Lot) -> dt.date | None:
    """This list has the last day on which somebody works, not the first day on which he does not."""
    end: dt.date | None = row["tot"]
    return None if end is None else end - dt.timedelta(days=1)


def _registrations(records: Records, lot: Lot) -> Sheet:
    names = {"BEROEPSREGISTER_SOCIAAL_WERK": "Beroepsregister sociaal werk", "REGISTERPLEIN": "Registerplein"}
    rows = []
    for _, several in groupby(records["medewerker_registratie"], itemgetter("medewerker_id", "geldig_van")):
        part = list(several)
        registers: list[str] = [row["register"] for row in part]
        rows.append({**part[0], "register": ", ".join(names.get(register, register) for register in registers)})
    layout = Layout(
        (
            ("Personeelsnr", as_is("medewerker_id")),
            ("Registers", as_is("register")),
            ("Geldig van", as_is("geldig_van")),
            ("Geldig tot", as_is("geldig_tot")),
        )
    )
    return make_sheet(layout, rows, lot, title=(_SPREADSHEET_TITLE,))


def hours(records: Records, seed: int) -> list[TextExport]:
    """The hours: tabs, UTF-8 with a byte order mark, a file per year."""
    layout = Layout(
        (
            ("Urennr", as_is("uren_id")),
            ("Personeelsnr", as_is("medewerker_id")),
            ("Datum", day("datum")),
            ("Uren", number("uren")),
            ("Soort", named("soort", _KINDS_OF_HOURS)),
            ("Trajectnr", as_is("interventie_id")),
            ("Dossiernr", as_is("casus_id")),
            ("Vindplaats", now_and_then(named("vindplaats", _PLACES), mojibake, 0.05)),
            ("Gemeente", _own_place),
            ("Declarabel", yes_no("declarabel", yes="J", no="N")),
        )
    )
    return yearly(
        "Uren_{year}.txt",
        records["urenregistratie"],
        "datum",
        lambda year, rows: make_sheet(
            layout, rows, Lot(seed, f"spelling uren {year}"), bad=_bad_hours(year), doubled=2
        ),
        encoding="utf-8-sig",
        delimiter="\t",
        newline="\n",
    )


def _own_place(row: Row, lot: Lot) -> str:
    """Hours on a case or an intervention have no gemeente of their own."""
    return "" if row["soort"] in {"casus", "interventie"} else place_code(row, lot)


def _bad_hours(year: int) -> Sequence[BadRow]:
    table = "urenregistratie"
    visit = {"Personeelsnr": 3, "Datum": f"02-03-{year}", "Soort": "Vindplaats", "Vindplaats": "Wijkplein"}
    twice = {"Urennr": 900_000 + year, "Personeelsnr": 4, "Datum": f"05-06-{year}", "Soort": "Indirect"}
    return [
        BadRow({**visit, "Urennr": 910_000 + year}, [(table, "uren_ontbreken")]),
        BadRow({**visit, "Urennr": 920_000 + year, "Uren": "26"}, [(table, "waarde_buiten_domein")]),
        BadRow({**visit, "Urennr": 930_000 + year, "Uren": "twee"}, [(table, "type_onleesbaar")]),
        BadRow({**twice, "Uren": "2"}, [(table, "dubbele_sleutel")]),
        BadRow({**twice, "Uren": "3"}, [(table, "dubbele_sleutel")]),
    ]
