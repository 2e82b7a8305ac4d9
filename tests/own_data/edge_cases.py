"""Records placed by hand, on the edges of the definitions that chance would seldom meet. Ids start with `e-`."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal

from tests.own_data.delivery_form import row
from tests.own_data.records import Row

DAY = timedelta(days=1)


def edge_cases(van: date, peildatum: date) -> dict[str, list[Row]]:
    """Rows per table, to be added to a delivery with this window."""
    tables: dict[str, list[Row]] = defaultdict(list)
    _relapses(tables)
    _chains(tables)
    _follow_ups(tables)
    _team(tables)
    _complexity(tables)
    _stock(tables, peildatum)
    _waiting(tables, peildatum)
    _questionnaires(tables)
    _staff(tables, van)
    _paperwork(tables)
    return dict(tables)


def _relapses(tables: dict[str, list[Row]]) -> None:
    """Gaps of 0, 1, 365 and 366 days with one issue; links that hold and links that do not."""
    ended = date(2024, 3, 31)
    for name, gap, issue, link in (
        ("0", 0, "schulden", False),
        ("1", 1, "schulden", False),
        ("365", 365, "schulden", False),
        ("366", 366, "schulden", False),
        ("gekoppeld", 40, "wonen", True),
        ("te-laat-gekoppeld", 366, "wonen", True),
        ("zonder-vraagstuk", 40, None, False),
    ):
        before, after = f"e-eerst-{name}", f"e-terug-{name}"
        first = {"casus_id": before, "startdatum": date(2023, 9, 1), "einddatum": ended, "gemeente_code": "GM0014"}
        again = {"casus_id": after, "startdatum": ended + gap * DAY, "gemeente_code": "GM0758"}
        first |= {"deelnemer_id": f"e-D-{name}", "vraagstuk": issue and "schulden"}
        again |= {"deelnemer_id": f"e-D-{name}", "vraagstuk": issue}
        tables["casus"].append(row("casus", **first))
        tables["casus"].append(row("casus", **again, terugval_van_casus_id=before if link else None))
    # A link to the case of somebody else tells nothing.
    other = {"deelnemer_id": "e-D-ander", "terugval_van_casus_id": "e-eerst-1", "gemeente_code": "GM0014"}
    tables["casus"].append(row("casus", casus_id="e-ander", startdatum=date(2024, 5, 1), **other))


def _chains(tables: dict[str, list[Row]]) -> None:
    """Follow-ups on the day the first ended and on the day before, a chain that bites its tail, and one in itself."""
    day = date(2024, 7, 1)
    for name, start, before in (
        ("eerst", day - 60 * DAY, None),
        ("op-de-dag", day, "eerst"),
        ("dag-ervoor", day - DAY, "eerst"),
        ("zichzelf", day, "zichzelf"),
        ("rond-a", day, "rond-b"),
        ("rond-b", day, "rond-a"),
    ):
        link = f"e-I-{before}" if before else None
        ends = {"einddatum": day, "reden_einde": "afgerond"}
        place = {"gemeente_code": "GM0014", "startdatum": start, "vervolg_op_interventie_id": link}
        tables["interventie"].append(row("interventie", interventie_id=f"e-I-{name}", **place, **ends))
        for who in ("e-D-ontwikkelt", f"e-D-{name}"):
            taking_part = {"interventie_id": f"e-I-{name}", "deelnemer_id": who, "van": start}
            tables["interventie_deelname"].append(row("interventie_deelname", **taking_part))


def _follow_ups(tables: dict[str, list[Row]]) -> None:
    """Measurements around the term; two as near to its middle, of which the later one counts."""
    ended = date(2024, 1, 10)
    place = {"gemeente_code": "GM0014", "startdatum": date(2023, 10, 1), "reden_einde": "afgerond"}
    tables["interventie"].append(row("interventie", interventie_id="e-I-nazorg", einddatum=ended, **place))
    tables["interventie"].append(
        row("interventie", interventie_id="e-I-open", gemeente_code="GM0014", startdatum=date(2023, 10, 1))
    )
    for who, interventie, days, verdict in (
        ("vroeg", "nazorg", 139, True),
        ("eerste-dag", "nazorg", 140, True),
        ("laatste-dag", "nazorg", 224, True),
        ("laat", "nazorg", 225, True),
        ("gelijk", "nazorg", 180, False),
        ("gelijk", "nazorg", 184, True),
        ("leeg-dichterbij", "nazorg", 182, None),
        ("leeg-dichterbij", "nazorg", 150, True),
        ("ervoor", "nazorg", -5, True),
        ("niet-beëindigd", "open", 182, True),
    ):
        taken = {"interventie_id": f"e-I-{interventie}", "deelnemer_id": f"e-D-{who}", "datum": ended + days * DAY}
        found = {"zonder_ondersteuning": verdict, "niveau_behouden": verdict, "inzet_omgeving_pct": Decimal(days % 100)}
        tables["nazorgmeting"].append(row("nazorgmeting", nazorgmeting_id=f"e-N-{who}-{days}", **taken, **found))


def _team(tables: dict[str, list[Row]]) -> None:
    """Joining on and after the day of the plan, a swap, leaving on the day the case closes and the day before."""
    start, end, made = date(2024, 1, 1), date(2024, 12, 31), date(2024, 2, 1)
    case = {"casus_id": "e-C-team", "deelnemer_id": "e-D-team", "gemeente_code": "GM0758"}
    tables["casus"].append(row("casus", **case, startdatum=start, einddatum=end))
    for plan, day in (("later", date(2024, 6, 1)), ("eerst", made)):
        tables["plan"].append(row("plan", plan_id=f"e-L-{plan}", casus_id="e-C-team", datum_vastgesteld=day))
    for who, joined, left in (
        ("a", start, date(2024, 4, 1)),
        ("b", made, end),
        ("c", made + DAY, end - DAY),
        ("d", date(2024, 4, 1), None),
        ("e", end, None),
    ):
        someone = {"casus_id": "e-C-team", "betrokkene_id": f"e-P-{who}", "instantie": "wijkteam"}
        tables["casus_betrokkene"].append(
            row("casus_betrokkene", **someone, van=joined, tot=left, eigen_medewerker=False)
        )


def _complexity(tables: dict[str, list[Row]]) -> None:
    """A change on the first day of a period, equal neighbours, back and forth in one quarter, a case long closed."""
    for name, end, changes in (
        ("eerste-dag", None, ((date(2023, 5, 1), "laag"), (date(2024, 1, 1), "hoog"))),
        ("gelijk", None, ((date(2023, 5, 1), "laag"), (date(2024, 2, 1), "laag"), (date(2024, 2, 9), "laag"))),
        (
            "heen-en-weer",
            None,
            (
                (date(2023, 5, 1), "laag"),
                (date(2024, 2, 1), "hoog"),
                (date(2024, 2, 9), "laag"),
                (date(2024, 3, 1), "hoog"),
            ),
        ),
        ("gesloten", date(2023, 6, 1), ((date(2023, 5, 1), "laag"),)),
    ):
        case = {"casus_id": f"e-C-{name}", "deelnemer_id": f"e-D-{name}", "gemeente_code": "GM1680"}
        tables["casus"].append(row("casus", **case, startdatum=date(2023, 5, 1), einddatum=end))
        for day, value in changes:
            change = {"casus_id": f"e-C-{name}", "vanaf": day, "complexiteit": value}
            tables["casus_complexiteit"].append(row("casus_complexiteit", **change))


def _stock(tables: dict[str, list[Row]], peildatum: date) -> None:
    """Cases that end on d, the day after, start on d, and start and end on one day."""
    for name, start, end in (
        ("eindigt-op-d", date(2024, 1, 9), date(2024, 3, 31)),
        ("eindigt-na-d", date(2024, 1, 9), date(2024, 4, 1)),
        ("eindigt-op-peildatum", date(2024, 1, 9), peildatum),
        ("begint-op-d", date(2024, 3, 31), None),
        ("een-dag", date(2024, 3, 31), date(2024, 3, 31)),
        ("op-eerste-dag-uit", date(2023, 2, 1), date(2024, 1, 1)),
    ):
        case = {"casus_id": f"e-C-{name}", "deelnemer_id": "e-D-stand", "gemeente_code": "GM1680", "leefgebied": 3}
        tables["casus"].append(row("casus", **case, startdatum=start, einddatum=end))


def _waiting(tables: dict[str, list[Row]], peildatum: date) -> None:
    """One participant waiting twice, a group, an unknown participant, and ends of waiting on d itself."""
    group = {"deelnemer_id": "e-D-groep", "soort": "groep", "aantal_personen": 14}
    tables["deelnemer"].append(row("deelnemer", **group))
    d = date(2024, 6, 30)
    for name, who, closed in (
        ("groep", "e-D-groep", None),
        ("groep-nog-eens", "e-D-groep", d + DAY),
        ("op-d-af", "e-D-groep", d),
        ("onbekend", "e-D-stub", None),
        ("niemand", None, None),
        ("casus-op-d", "e-D-gestart", None),
        ("casus-na-d", "e-D-gestart", None),
    ):
        signal = {"signaal_id": f"e-S-{name}", "deelnemer_id": who, "datum_ontvangen": d - 20 * DAY}
        signal |= {"gemeente_code": "GM1680", "wachtreden": "capaciteit", "herkomst": "reactief"}
        tables["signaal"].append(row("signaal", **signal, datum_afgehandeld=closed))
    for name, start in (("casus-op-d", d), ("casus-na-d", d + DAY), ("zelfde-dag", peildatum)):
        case = {"casus_id": f"e-C-{name}", "signaal_id": f"e-S-{name}", "deelnemer_id": "e-D-gestart"}
        tables["casus"].append(row("casus", **case, gemeente_code="GM1680", startdatum=start))
    same_day = {"signaal_id": "e-S-zelfde-dag", "gemeente_code": "GM1680", "datum_ontvangen": peildatum}
    tables["signaal"].append(row("signaal", **same_day))
    for month in (1, 2, 3):
        hours = {"gevraagde_uren": Decimal(30), "beschikbare_uren": Decimal(20)}
        tables["capaciteit"].append(row("capaciteit", gemeente_code="GM9999", maand=date(2024, month, 1), **hours))


def _questionnaires(tables: dict[str, list[Row]]) -> None:
    """One person filling in lists in two gemeenten in one quarter: only the last counts, and only there."""
    for name, day, gemeente, answers in (
        ("eerst", date(2024, 10, 1), "GM0014", {"1a1": "ja", "1a3": "ja"}),
        ("laatst", date(2024, 12, 31), "GM0758", {"1a1": "nee", "1a3": "n.v.t."}),
        ("anders", date(2025, 1, 1), "GM0758", {"1a1": "nvt"}),
    ):
        filled = {"afname_id": f"e-F-{name}", "vragenlijst": "deelnemers", "versie": "1", "datum": day}
        filled |= {"gemeente_code": gemeente, "deelnemer_id": "e-D-vaker"}
        tables["vragenlijst_afname"].append(row("vragenlijst_afname", **filled))
        for code, answer in answers.items():
            given = {"afname_id": f"e-F-{name}", "vraagcode": code, "antwoord": answer}
            tables["vragenlijst_antwoord"].append(row("vragenlijst_antwoord", **given))


def _staff(tables: dict[str, list[Row]], van: date) -> None:
    """An employee in two gemeenten that have merged, one whose work and register end on d, one without any work."""
    end = date(2024, 12, 31)
    for name in ("samen", "eindigt", "zonder"):
        tables["medewerker"].append(
            row("medewerker", medewerker_id=f"e-M-{name}", soort="medewerker", in_dienst_van=van)
        )
        study = {"educatietraject_id": f"e-T-{name}", "medewerker_id": f"e-M-{name}"}
        tables["educatietraject"].append(row("educatietraject", **study, startdatum=date(2024, 1, 1), einddatum=end))
    for name, gemeente, until in (
        ("samen", "GM0003", None),
        ("samen", "GM0010", None),
        ("eindigt", "GM0010", end),
        ("eindigt", "GM0014", end + DAY),
    ):
        place = {"medewerker_id": f"e-M-{name}", "gemeente_code": gemeente, "van": van, "tot": until}
        tables["medewerker_inzet"].append(row("medewerker_inzet", **place, fte=Decimal("0.444")))
    for name, register, until in (("samen", "SKJ", None), ("samen", "OVERIG", None), ("eindigt", "BIG", end)):
        listed = {"medewerker_id": f"e-M-{name}", "register": register, "geldig_van": van, "geldig_tot": until}
        tables["medewerker_registratie"].append(row("medewerker_registratie", **listed))


def _paperwork(tables: dict[str, list[Row]]) -> None:
    """Done on the day of the deadline, a status before the plan, a reply at midnight, hours placed by their case."""
    due = date(2024, 8, 1)
    order = {"soort": "afronding", "ingediend_op": date(2024, 7, 1), "verwerkt_op": due, "juist_en_volledig": True}
    tables["adminopdracht"].append(
        row("adminopdracht", opdracht_id="e-A", gemeente_code="GM0758", deadline=due, **order)
    )
    case = {"casus_id": "e-C-papier", "deelnemer_id": "e-D-papier", "gemeente_code": "GM0758"}
    tables["casus"].append(row("casus", **case, startdatum=date(2024, 1, 1)))
    plan = {"plan_id": "e-L-papier", "casus_id": "e-C-papier", "begroot_bedrag": Decimal("1234.56")}
    tables["plan"].append(row("plan", **plan, datum_vastgesteld=date(2024, 10, 1)))
    tables["plan_voortgang"].append(
        row("plan_voortgang", plan_id="e-L-papier", datum=date(2024, 9, 1), conform_plan=True)
    )
    midnight = datetime(2024, 2, 2)  # noqa: DTZ001 - the contract has no zones
    asked = {"verzocht_op": midnight - timedelta(hours=7), "gereageerd_op": midnight}
    ask = {"verzoek_id": "e-Z", "casus_id": "e-C-papier", "partner_id": "R1"}
    tables["partnerverzoek"].append(row("partnerverzoek", **ask, **asked))
    nowhere = {"interventie_id": "e-I-nergens", "startdatum": date(2024, 1, 1)}
    tables["interventie"].append(row("interventie", **nowhere))
    work = {"medewerker_id": "M1", "soort": "interventie", "interventie_id": "e-I-nergens", "casus_id": "e-C-papier"}
    tables["urenregistratie"].append(
        row("urenregistratie", uren_id="e-U", datum=date(2024, 6, 1), uren=Decimal(24), declarabel=True, **work)
    )
