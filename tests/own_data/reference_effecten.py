"""The 35 effects and the 8 views of professionals, from the definitions and their table of questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from tests.own_data.figures import Figure, Figures, percentage
from tests.own_data.records import ORG, Period, Records, Row

QUESTIONS = {
    "E 1.1.1": "1a1",
    "E 1.1.2": "1a2",
    "E 1.1.3": "1a1 1a3",
    "E 1.2.1": "1a3 1a5",
    "E 1.2.2": "1a3 1a5",
    "E 1.3.1": "1a1",
    "E 1.3.2": "1a6",
    "E 1.3.3": "1a1 1a3 1a4",
    "E 2.1.1": "2a1 2a3",
    "E 2.1.2": "2a1 2a2 2c1",
    "E 2.1.3": "2a3",
    "E 2.2.1": "2b1",
    "E 2.3.1": "2b2",
    "E 3.1.1": "3a1 3a2 3a3 3a4 3a5 3a6 3a7",
    "E 3.1.2": "3b1 3b2 3b3 3b4 3b5 3b6 3b7",
    "E 3.2.1": "3b1 3b2 3b3 3b4 3b5 3b6 3b7",
    "E 3.3.1": "3c1 3c2",
    "E 3.3.2": "3c2 3c3",
    "E 3.3.3": "3c1 3c2 6b1",
    "E 4.1.1": "4a1 4a2 6b1 6b3",
    "E 4.1.2": "4a5",
    "E 4.1.3": "4a1 4a2 4a3 4a4",
    "E 4.2.1": "4a2 4a4",
    "E 4.2.2": "2b1 2b2 3c1 3c2 3c3 6b2 6b3",
    "E 4.3.1": "4b1 4b2 4b3 4b4 4b5",
    "E 5.1.1": "5a1 5b1 5b3 5b4",
    "E 5.1.2": "5a2 5b4",
    "E 5.1.3": "5a3 5a4 5b1 5b3",
    "E 5.2.1": "5c1 5c2 5c3",
    "E 6.1.1": "6a1 6a2 6b4 6b5",
    "E 6.1.2": "6a1 6a2 6b5",
    "E 6.1.3": "6a3 6b4 6b5 6b6",
    "E 6.2.1": "6a4 6b7",
    "E 7.1.1": "2c2 6b6 7a1",
    "E 7.2.1": "7a2",
}
PROFESSIONALS = ("E1", "E2", "E3", "E4.A", "E4.B", "E5", "E6", "E7")
VERDICTS = {"ja": True, "nee": False}
NOT_APPLICABLE = ("nvt", "n.v.t.")
VERSION = "1"
AGE_CLASSES = {
    "E 1.1.3": ((18, "jonger dan 18"), (28, "18-27"), (65, "28-64"), (999, "65+")),
    "E 4.2.1": ((17, "jonger dan 17"), (24, "17-23"), (65, "24-64"), (80, "65-79"), (999, "80+")),
}
HOUSEHOLDS = ("alleenstaand", "meerpersoons")
AGE_UNKNOWN, HOUSEHOLD_UNKNOWN = "leeftijd onbekend", "huishouden onbekend"


class Answers:
    """Who answered what: true, false or nothing (not applicable, not asked, not a known answer)."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self._given: dict[str, dict[str, bool]] = {}
        for row in records.all("vragenlijst_antwoord"):
            # An answer that the scale of this version does not know is refused on entry: it is no "no".
            answer = row["antwoord"].strip().lower()
            if row["afname"]["versie"] == VERSION and answer in VERDICTS:
                self._given.setdefault(row["afname_id"], {})[row["vraagcode"]] = VERDICTS[answer]

    def respondents(self, vragenlijst: str, gebied: str, period: Period, who: Callable[[Row], object]) -> list[Row]:
        """Filled-in lists of the period: the last of each known respondent over all gemeenten, each anonymous one."""
        last: dict[object, Row] = {}
        for row in self.records.all("vragenlijst_afname"):
            if row["vragenlijst"] == vragenlijst and period.has(row["datum"]):
                key = who(row) if row["deelnemer_id"] is not None else ("anoniem", row["afname_id"])
                if key not in last or last[key]["datum"] < row["datum"]:
                    last[key] = row
        return [row for row in last.values() if gebied in (ORG, row["gebied"])]

    def share(self, respondents: Iterable[Row], questions: Iterable[str]) -> Figure:
        """Respondents positive on at least one question, of those who validly answered at least one."""
        wanted = set(questions)
        given = [
            [verdict for code, verdict in self._given.get(row["afname_id"], {}).items() if code in wanted]
            for row in respondents
        ]
        valid = [own for own in given if own]
        return percentage(sum(any(own) for own in valid), len(valid))


def effects(answers: Answers, gebied: str, period: Period) -> Mapping[str, Figures]:
    """All effects: the total, per question where there are several, per age class or household where they have one."""
    everyone = answers.respondents("deelnemers", gebied, period, lambda row: row["deelnemer_id"])
    found = {}
    for kpi_id, codes in QUESTIONS.items():
        questions = codes.split()
        respondents = everyone
        if kpi_id == "E 1.2.2":
            respondents = [row for row in everyone if _household(row) == "alleenstaand"]
        figures = {("minstens_een", "totaal"): answers.share(respondents, questions)}
        if len(questions) > 1:
            for code in questions:
                figures["minstens_een", f"vraag {code}"] = answers.share(respondents, [code])
        for label, part in _split(kpi_id, respondents).items():
            figures["minstens_een", label] = answers.share(part, questions)
        found[kpi_id] = figures
    return found


def professionals(answers: Answers, gebied: str, period: Period) -> Mapping[str, Figures]:
    """Views of professionals: one list per professional and client, or per client when the professional is unknown."""
    lists = answers.respondents(
        "professionals", gebied, period, lambda row: (row["deelnemer_id"], row["professional_id"])
    )
    return {f"prof {code}": {("percentage", "totaal"): answers.share(lists, [code])} for code in PROFESSIONALS}


def _split(kpi_id: str, respondents: list[Row]) -> dict[str, list[Row]]:
    if kpi_id in AGE_CLASSES:
        labels = [*(label for _, label in AGE_CLASSES[kpi_id]), AGE_UNKNOWN]
        return {label: [row for row in respondents if _age_class(kpi_id, row) == label] for label in labels}
    if kpi_id == "E 1.2.1":
        labels = [*HOUSEHOLDS, HOUSEHOLD_UNKNOWN]
        return {label: [row for row in respondents if _household(row) == label] for label in labels}
    return {}


def _age_class(kpi_id: str, afname: Row) -> str:
    born = afname["deelnemer"]["geboortejaar"] if afname["deelnemer"] else None
    if born is None:
        return AGE_UNKNOWN
    age = afname["datum"].year - born
    return next(label for below, label in AGE_CLASSES[kpi_id] if age < below)


def _household(afname: Row) -> str:
    kind = afname["deelnemer"]["huishoudtype"] if afname["deelnemer"] else None
    return kind or HOUSEHOLD_UNKNOWN
