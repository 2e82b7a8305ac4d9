"""The own-data KPIs of a delivery, computed a second time: from the definitions, in plain Python, row by row.

It shares no code with the mart: it is what the mart is held against. It gives exact figures, before disclosure
control. Slow and plain on purpose; one short function per KPI stands in the files beside this one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from tests.own_data import reference_afronden as afronden
from tests.own_data import reference_analyseren as analyseren
from tests.own_data import reference_kwaliteit as kwaliteit
from tests.own_data import reference_samenwerken as samenwerken
from tests.own_data import reference_starten as starten
from tests.own_data import reference_uitvoeren as uitvoeren
from tests.own_data.figures import MISSING, Figure, Figures
from tests.own_data.records import Delivery, Period, Records, division, periods
from tests.own_data.reference_bereik import b
from tests.own_data.reference_effecten import QUESTIONS, Answers, effects, professionals

# KPI, gemeente (or GM9999, ORG) and year to the open denominator of its rate; None when there is none.
Denominators = Callable[[str, str, int], float | None]
# Tables without which a KPI is not known, rather than 0; a variant may need more or fewer.
NEEDS: Mapping[str, str] = {
    "A 1": "urenregistratie",
    "A 2": "signaal",
    "A 3": "signaal casus",
    "A 3 groepen": "signaal casus deelnemer",
    "A 3 uren": "capaciteit",
    "A 4": "signaal casus",
    "A 5": "signaal",
    "A 6": "signaal interventie",
    "A 6 via casus": "signaal interventie casus",
    "A 7": "signaal deelnemer",
    "A 8": "interventie urenregistratie",
    "A 9": "situatiebeoordeling casus",
    "A 10": "budget",
    "A 11": "urenregistratie",
    "A 12": "casus",
    "A 13": "casus medewerker medewerker_inzet",
    "A 14": "casus casus_complexiteit",
    "A 15": "casus casus_complexiteit",
    "A 16": "partnerverzoek casus casus_complexiteit",
    "A 16 alle": "partnerverzoek casus",
    "A 17": "partnerbeoordeling",
    "A 18": "partnerverzoek casus casus_complexiteit",
    "A 18 alle": "partnerverzoek casus",
    "A 19": "casus zrm_score",
    "A 20": "casus plan plan_voortgang",
    "A 21": "interventie interventie_deelname deelnemer",
    "A 22": "plan plan_wijziging casus",
    "A 23": "interventie",
    "A 24": "casus casus_betrokkene plan",
    "A 25": "casus casus_betrokkene",
    "A 26": "adminopdracht",
    "A 27": "casus casus_complexiteit",
    "A 28": "doorverwijzing casus",
    "A 29": "interventie",
    "A 30": "interventie",
    "A 31": "interventie",
    "A 32": "tevredenheid",
    "A 33": "tevredenheid",
    "A 34": "tevredenheid",
    "A 35": "interventie",
    "A 36": "nazorgmeting interventie",
    "A 37": "casus",
    "A 38": "nazorgmeting interventie",
    "A 39": "interventie interventie_deelname",
    "A 40": "bijvangst interventie",
    "A 41": "adminopdracht",
    "A 42": "budget budgetcorrectie",
    "K 1": "tevredenheid",
    "K 2": "interventie methodiek",
    "K 3": "medewerker medewerker_inzet medewerker_registratie",
    "K 4": "educatietraject medewerker_inzet",
    "E": "vragenlijst_afname vragenlijst_antwoord",
    "E 1.2.2": "vragenlijst_afname vragenlijst_antwoord deelnemer",
    "prof": "vragenlijst_afname vragenlijst_antwoord",
    "B": "casus",
}
PLAIN: Mapping[str, Callable[[Records, str, Period], Figures]] = {
    "A 1": starten.a_1,
    "A 2": starten.a_2,
    "A 4": starten.a_4,
    "A 5": starten.a_5,
    "A 6": starten.a_6,
    "A 8": analyseren.a_8,
    "A 9": analyseren.a_9,
    "A 10": analyseren.a_10,
    "A 11": analyseren.a_11,
    "A 13": analyseren.a_13,
    "A 14": analyseren.a_14,
    "A 15": analyseren.a_15,
    "A 16": samenwerken.a_16,
    "A 17": samenwerken.a_17,
    "A 18": samenwerken.a_18,
    "A 19": uitvoeren.a_19,
    "A 20": uitvoeren.a_20,
    "A 22": uitvoeren.a_22,
    "A 23": uitvoeren.a_23,
    "A 24": uitvoeren.a_24,
    "A 25": uitvoeren.a_25,
    "A 26": uitvoeren.a_26,
    "A 27": uitvoeren.a_27,
    "A 28": afronden.a_28,
    "A 29": afronden.a_29,
    "A 30": afronden.a_30,
    "A 31": afronden.a_31,
    "A 32": afronden.a_32,
    "A 33": afronden.a_33,
    "A 34": afronden.a_34,
    "A 35": afronden.a_35,
    "A 36": afronden.a_36,
    "A 37": afronden.a_37,
    "A 38": afronden.a_38,
    "A 39": afronden.a_39,
    "A 40": afronden.a_40,
    "A 41": afronden.a_41,
    "A 42": afronden.a_42,
    "K 1": kwaliteit.k_1,
    "K 2": kwaliteit.k_2,
    "K 3": kwaliteit.k_3,
    "K 4": kwaliteit.k_4,
}
OPEN = {"A 7": starten.a_7, "A 12": analyseren.a_12, "A 21": uitvoeren.a_21}


class Cell(NamedTuple):
    """Place of a figure."""

    kpi_id: str
    variant: str
    uitsplitsing: str
    gemeente_code: str
    periode: str


def calculate(delivery: Delivery, denominators: Denominators, indelingsjaar: int) -> dict[Cell, Figure]:
    """Every own KPI, variant and uitsplitsing in every delivered gemeente and every period of the window.

    Args:
        delivery: accepted rows in contract form.
        denominators: inwoners for A 7, A 12 and A 21, target population for B 1 to B 7.
        indelingsjaar: year of the division that gemeente codes are brought to.
    """
    records = Records(delivery, division(indelingsjaar))
    answers = Answers(records)
    spans = periods(delivery.periode_van, delivery.peildatum)
    found: dict[Cell, Figure] = {}
    for gebied in records.gebieden(spans):
        for period in spans:
            for kpi_id, figures in _of_cell(records, answers, gebied, period, denominators).items():
                for (variant, split), figure in figures.items():
                    known = needs(kpi_id, variant) <= records.delivered
                    found[Cell(kpi_id, variant, split, gebied, period.naam)] = figure if known else MISSING
    return found


def needs(kpi_id: str, variant: str) -> frozenset[str]:
    """Tables that must have been delivered."""
    special = {("A 3", "groepen"): "A 3 groepen", ("A 6", "aantal_via_casus"): "A 6 via casus"}
    if (kpi_id, variant) in special:
        key = special[kpi_id, variant]
    elif kpi_id == "A 3" and "tekort" in variant:
        key = "A 3 uren"
    elif kpi_id in ("A 16", "A 18") and variant.endswith("_alle"):
        key = f"{kpi_id} alle"
    else:
        key = kpi_id if kpi_id in NEEDS else kpi_id.split(maxsplit=1)[0]
    return frozenset(NEEDS[key].split())


def _of_cell(
    records: Records, answers: Answers, gebied: str, period: Period, denominators: Denominators
) -> dict[str, Figures]:
    year = period.van.year
    found = {kpi_id: rule(records, gebied, period) for kpi_id, rule in PLAIN.items()}
    found["A 3"] = starten.a_3_waiting(records, gebied, period) | starten.a_3_shortage(records, gebied, period)
    for kpi_id, rule in OPEN.items():
        found[kpi_id] = rule(records, gebied, period, denominators(kpi_id, gebied, year))
    for leefgebied in range(1, 8):
        kpi_id = f"B {leefgebied}"
        found[kpi_id] = b(records, gebied, period, leefgebied, denominators(kpi_id, gebied, year))
    return found | effects(answers, gebied, period) | professionals(answers, gebied, period)


__all__ = ["QUESTIONS", "Cell", "Denominators", "calculate", "needs"]
