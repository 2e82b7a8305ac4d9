"""What people say: satisfaction of every group, and the questionnaires of participants and professionals."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from sources.replay.demo.organisation.intake import Crowd
from sources.replay.demo.organisation.lot import Lot
from sources.replay.demo.organisation.places import PLACES, code_of, draw_place, shift
from sources.replay.demo.organisation.records import FIRST_DAY, LAST_DAY, LEEFGEBIEDEN, Records

# Group, measurements, mean mark; principals are added apart.
_SATISFACTION = (
    ("deelnemer", 2600, 7.8), ("partner", 420, 7.2), ("medewerker", 380, 7.4), ("stagiair", 45, 7.6),
    ("vrijwilliger", 420, 8.0), ("ervaringsdeskundige", 40, 7.9),
)  # fmt: skip
_PARTICIPANTS, _PROFESSIONALS = 3400, 650
_VERSION = "1"
_NOT_APPLICABLE, _POSITIVE = 0.12, 0.64
SCALE_FILE = "answer_scale.csv"


def add_satisfaction(records: Records, seed: int) -> None:
    """Add table tevredenheid."""
    lot = Lot(seed, "tevredenheid")
    for group, number, mean in _SATISFACTION:
        for _ in range(number):
            place, day = draw_place(lot), lot.day(FIRST_DAY, LAST_DAY)
            of_intervention = group == "deelnemer" and lot.chance(0.4)
            intervention = lot.pick(records["interventie"]) if of_intervention else None
            records.add(
                "tevredenheid",
                meting_id=len(records["tevredenheid"]) + 1,
                groep=group,
                datum=day,
                gemeente_code=None if intervention else code_of(place),
                interventie_id=intervention["interventie_id"] if intervention else None,
                score=lot.score(mean + 5 * (0.0 if intervention else shift(place, day)), 1.3),
                respondent_id=f"R{group[:1]}{lot.whole(1, number)}" if lot.chance(0.7) else None,
                toestemming_publicatie=None,
                _plaats=None if intervention else place,
            )
    for place in PLACES:
        for year in range(FIRST_DAY.year, LAST_DAY.year + 1):
            day = lot.day(FIRST_DAY.replace(year=year), LAST_DAY.replace(year=year))
            records.add(
                "tevredenheid",
                meting_id=len(records["tevredenheid"]) + 1,
                groep="opdrachtgever",
                datum=day,
                gemeente_code=place.code,
                interventie_id=None,
                score=lot.score(7.5, 0.8),
                respondent_id=f"O{place.code}",
                toestemming_publicatie=lot.verdict(0.8, 0.6),
                _plaats=place,
            )


def questions(registry_folder: Path) -> Mapping[str, Sequence[str]]:
    """Codes of the questions per questionnaire, as the registry scores them."""
    found: dict[str, dict[str, None]] = {}
    with (registry_folder / SCALE_FILE).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["versie"] == _VERSION:
                found.setdefault(row["vragenlijst"], {})[row["vraagcode"]] = None
    return {name: tuple(codes) for name, codes in found.items()}


def add_questionnaires(records: Records, seed: int, asked: Mapping[str, Sequence[str]]) -> None:
    """Add tables vragenlijst_afname and vragenlijst_antwoord.

    A participant answers the questions of a few leefgebieden: the first digit of a code. Who does not come along in a
    leefgebied answers n.v.t., so a questionnaire has less to say than it has rows.
    """
    lot = Lot(seed, "vragenlijsten")
    crowd = Crowd(records)
    for _ in range(_PARTICIPANTS):
        chosen = {str(lot.weighted(LEEFGEBIEDEN)) for _ in range(2)}
        codes = [code for code in asked["deelnemers"] if code[0] in chosen]
        _add_filled_in(records, lot, crowd, "deelnemers", codes)
    for _ in range(_PROFESSIONALS):
        codes = lot.several(asked["professionals"], lot.whole(2, 8))
        _add_filled_in(records, lot, crowd, "professionals", codes)


def _add_filled_in(records: Records, lot: Lot, crowd: Crowd, name: str, codes: Sequence[str]) -> None:
    place = draw_place(lot)
    person = crowd.draw(lot, place) if lot.chance(0.8) else None
    intervention = lot.pick(records["interventie"])["interventie_id"] if lot.chance(0.25) else None
    filled_in = records.add(
        "vragenlijst_afname",
        afname_id=len(records["vragenlijst_afname"]) + 1,
        vragenlijst=name,
        versie=_VERSION,
        datum=lot.day(FIRST_DAY, LAST_DAY),
        gemeente_code=code_of(place),
        deelnemer_id=person,
        interventie_id=intervention,
        professional_id=f"E{lot.whole(1, 150)}" if name == "professionals" else None,
        _plaats=place,
    )
    better = shift(place, filled_in["datum"])
    for code in codes:
        if lot.chance(0.96):
            records.add(
                "vragenlijst_antwoord",
                afname_id=filled_in["afname_id"],
                vraagcode=code,
                antwoord=_answer(lot, better),
            )


def _answer(lot: Lot, better: float) -> str:
    if lot.chance(_NOT_APPLICABLE):
        return "n.v.t."
    return "ja" if lot.chance(_POSITIVE + better) else "nee"
