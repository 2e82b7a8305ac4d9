"""The whole invented organisation: all parts in the order in which one leads to the next."""

from __future__ import annotations

from pathlib import Path

from sources.replay.demo.organisation.casework import add_casework
from sources.replay.demo.organisation.hours import add_hours
from sources.replay.demo.organisation.intake import add_people, add_signals_and_cases
from sources.replay.demo.organisation.partners import add_money, add_partner_work
from sources.replay.demo.organisation.questionnaires import add_questionnaires, add_satisfaction, questions
from sources.replay.demo.organisation.records import Records
from sources.replay.demo.organisation.staff import add_capacity, add_partners, add_staff
from sources.replay.demo.organisation.treatment import add_interventions, add_methods


def make_records(registry_folder: Path, seed: int) -> Records:
    """All records of the organisation, in terms of the input contract.

    Args:
        registry_folder: folder with the seeds of the registry; says which questions there are.
        seed: of everything that is drawn by lot.
    """
    records = Records()
    add_staff(records, seed)
    add_capacity(records, seed)
    add_partners(records, seed)
    add_people(records, seed)
    add_signals_and_cases(records, seed)
    add_casework(records, seed)
    add_methods(records)
    add_interventions(records, seed)
    add_hours(records, seed)
    add_partner_work(records, seed)
    add_money(records, seed)
    add_satisfaction(records, seed)
    add_questionnaires(records, seed, questions(registry_folder))
    return records
