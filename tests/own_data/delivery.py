"""An invented delivery with every edge case of the definitions in it: seeded, two and a half years, four gemeenten.

Dates are drawn from the first and last days of periods as often as from the days between, and values are empty about
as often as in a registration. What chance would seldom give (a relapse after exactly 365 days) is placed by hand in
`edge_cases.py`. It computes nothing and writes no files.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from tests.own_data.delivery_form import COLUMNS, row
from tests.own_data.edge_cases import edge_cases
from tests.own_data.records import Delivery, Row, periods

T = TypeVar("T")
VAN, PEILDATUM = date(2023, 1, 15), date(2025, 8, 20)
BEGIN = date(2021, 6, 1)
DAY = timedelta(days=1)
BOUNDARIES = sorted(
    {
        day + step * DAY
        for period in periods(VAN, PEILDATUM)
        for day in (period.van, period.d)
        for step in (-1, 0, 1)
        if BEGIN <= day + step * DAY <= PEILDATUM
    }
)
# A large one, a middle one, a tiny one, two that have merged, none, one that was split up, one that never existed.
GEMEENTEN = ("GM0014", "GM0758", "GM1680", "GM0003", "GM0010", None, "GM0140", "GM0001")
WEIGHTS = (45, 25, 3, 8, 8, 6, 3, 2)
MONTHS = [date(year, month, 1) for year in (2023, 2024, 2025) for month in range(1, 13)]
QUESTIONS = (
    [f"1a{n}" for n in range(1, 7)]
    + [f"2a{n}" for n in range(1, 4)]
    + [f"2{block}{n}" for block in "bc" for n in (1, 2)]
    + [f"3{block}{n}" for block in "ab" for n in range(1, 8)]
    + [f"3c{n}" for n in range(1, 4)]
    + [f"4{block}{n}" for block in "ab" for n in range(1, 6)]
    + [f"5{block}{n}" for block in "ab" for n in range(1, 5)]
    + [f"5c{n}" for n in range(1, 4)]
    + [f"6a{n}" for n in range(1, 5)]
    + [f"6b{n}" for n in range(1, 8)]
    + ["7a1", "7a2"]
)
PROFESSIONALS = ("E1", "E2", "E3", "E4.A", "E4.B", "E5", "E6", "E7")


def delivery(seed: int = 1) -> Delivery:
    """All 31 tables, with the edge cases."""
    maker = _Maker(random.Random(seed))
    maker.people()
    maker.intake()
    maker.cases()
    maker.under_cases()
    maker.plans()
    maker.interventions()
    maker.under_interventions()
    maker.partners()
    maker.money()
    maker.questionnaires()
    for table, rows in edge_cases(VAN, PEILDATUM).items():
        maker.tables[table] += rows
    return Delivery("levering-2025", "voorbeeld", VAN, PEILDATUM, maker.tables)


class _Maker:
    """Fills the tables in an order in which parents come first."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.tables: dict[str, list[Row]] = {table: [] for table in COLUMNS}
        self.measured: set[tuple[str, date]] = set()
        self.numbers = 1000

    def people(self) -> None:
        for n in range(260):
            kind = self.pick(["persoon"] * 7 + ["huishouden", "groep", "initiatief"])
            self.add(
                "deelnemer",
                deelnemer_id=f"D{n}",
                soort=kind,
                aantal_personen=self.maybe(1 if kind == "persoon" else self.chance.randint(2, 12), 0.1),
                geboortejaar=self.maybe(self.chance.randint(1935, 2012), 0.15),
                huishoudtype=self.maybe(self.pick(["alleenstaand", "meerpersoons"]), 0.2),
                gemeente_code=self.pick([None, "GM0363", "GM0014"]),
            )
        for n in range(40):
            kind = self.pick(["medewerker"] * 3 + ["stagiair", "vrijwilliger", "ervaringsdeskundige"])
            begin = BEGIN + self.chance.randint(0, 300) * DAY
            self.add("medewerker", medewerker_id=f"M{n}", soort=kind, in_dienst_van=begin)
            self._deployment(f"M{n}", begin)
            self._education(f"M{n}", n)

    def _deployment(self, medewerker_id: str, begin: date) -> None:
        for gemeente in self.chance.sample(["GM0014", "GM0758", "GM0003", "GM0010"], self.pick([0, 1, 1, 2, 3])):
            van = self.day(begin)
            self.add(
                "medewerker_inzet",
                medewerker_id=medewerker_id,
                gemeente_code=gemeente,
                van=van,
                tot=self.maybe(self.day(van, PEILDATUM + 90 * DAY), 0.6),
                fte=Decimal(self.chance.randint(100, 1000)) / 1000,
            )
        for register in self.chance.sample(["SKJ", "REGISTERPLEIN", "BIG", "OVERIG"], self.pick([0, 0, 1, 2])):
            van = self.day(begin)
            self.add(
                "medewerker_registratie",
                medewerker_id=medewerker_id,
                register=register,
                geldig_van=van,
                geldig_tot=self.maybe(self.day(van, PEILDATUM + 400 * DAY), 0.3),
            )

    def _education(self, medewerker_id: str, n: int) -> None:
        for k in range(self.pick([0, 0, 1, 2])):
            start = self.day()
            self.add(
                "educatietraject",
                educatietraject_id=f"T{n}-{k}",
                medewerker_id=medewerker_id,
                startdatum=start,
                einddatum=self.maybe(self.day(start, PEILDATUM + 200 * DAY), 0.3),
            )

    def intake(self) -> None:
        for n in range(420):
            received = self.day(date(2022, 6, 1))
            self.add(
                "signaal",
                signaal_id=f"S{n}",
                deelnemer_id=self.someone(0.2),
                gemeente_code=self.gemeente(),
                datum_ontvangen=received,
                herkomst=self.pick(["proactief", "reactief", "reactief", None]),
                leefgebied=self.maybe(self.chance.randint(1, 7), 0.2),
                vroegsignaal=self.pick([True, True, False, None]),
                geescaleerd=self.pick([True, False, None]),
                te_laat=self.pick([True, False, False, None]),
                datum_afgehandeld=self.maybe(self.day(received), 0.6),
                wachtreden=self.pick(["capaciteit", "capaciteit", "client", "partner", "overig", None]),
            )
        for gemeente in ("GM0014", "GM0758", "GM1680", "GM0003", "GM0010"):
            for month in MONTHS:
                if (gemeente, month) in {("GM0758", date(2024, 5, 1)), ("GM0003", date(2023, 1, 1))}:
                    continue
                # One gemeente always has hours over; one quarter of it has none available at all.
                asked = Decimal(self.chance.randint(0, 200)) / (4 if gemeente == "GM1680" else 1)
                there = Decimal(0) if gemeente == "GM1680" and month.year == 2025 else self.hours(50, 180)
                self.add(
                    "capaciteit", gemeente_code=gemeente, maand=month, gevraagde_uren=asked, beschikbare_uren=there
                )

    def cases(self) -> None:
        for n in range(300):
            start = self.day(BEGIN)
            end = self.maybe(self.day(start, min(PEILDATUM, start + 600 * DAY)), 0.3)
            signal = self.pick(self.tables["signaal"])["signaal_id"]
            self.add(
                "casus",
                casus_id=f"C{n}",
                signaal_id=self.pick([signal, signal, signal, None, "S-elders"]),
                deelnemer_id=self.someone(0),
                gemeente_code=self.gemeente(),
                leefgebied=self.maybe(self.chance.randint(1, 7), 0.1),
                vraagstuk=self.pick(["schulden", "wonen", "eenzaam", None]),
                startdatum=start,
                einddatum=end,
                terugval_van_casus_id=self.pick([None] * 8 + [f"C{self.chance.randrange(300)}", "C-elders"]),
            )
            self._complexity(f"C{n}", start, end)

    def _complexity(self, casus_id: str, start: date, end: date | None) -> None:
        if self.chance.random() < 0.12:
            return
        # A first row after the start happens; so do equal neighbours and a change on the day of closing.
        days = {self.pick([start, start, start, self.day(start, end or PEILDATUM)])}
        days |= {self.day(start, end or PEILDATUM) for _ in range(self.pick([0, 0, 1, 2, 3]))}
        if end is not None and self.chance.random() < 0.15:
            days.add(end)
        for day in sorted(days):
            self.add("casus_complexiteit", casus_id=casus_id, vanaf=day, complexiteit=self.pick(["laag", "hoog"]))

    def under_cases(self) -> None:
        for casus in self.tables["casus"]:
            casus_id, start, end = casus["casus_id"], casus["startdatum"], casus["einddatum"]
            self._team(casus_id, start, end)
            self._zrm(casus_id, start, end)
            for _ in range(self.pick([0, 1, 1, 2])):
                self.add(
                    "situatiebeoordeling",
                    beoordeling_id=self.new("B"),
                    casus_id=casus_id,
                    datum=self.day(start),
                    beoordelaar=self.pick(["intern", "extern"]),
                    in_een_keer_goed=self.pick([True, False, None]),
                )
            for _ in range(self.pick([0, 0, 1, 2])):
                day = self.day(start)
                self.add(
                    "doorverwijzing",
                    doorverwijzing_id=self.new("V"),
                    casus_id=casus_id,
                    datum=day,
                    van_lijn=self.chance.randint(0, 4),
                    naar_lijn=self.chance.randint(0, 4),
                    aangekomen_op=self.maybe(self.day(day), 0.3),
                    juiste_plek=self.pick([True, True, False, None]),
                )

    def _team(self, casus_id: str, start: date, end: date | None) -> None:
        last = end or PEILDATUM
        for who in self.chance.sample(range(25), self.pick([0, 1, 2, 4])):
            van = self.pick([start, self.day(start, last)])
            leaves = self.pick([None, self.day(van, last), end if end and end >= van else None])
            own = who < 12
            place = {"betrokkene_id": f"P{who}", "instantie": "eigen" if own else f"instantie-{who % 4}"}
            self.add("casus_betrokkene", casus_id=casus_id, van=van, tot=leaves, eigen_medewerker=own, **place)
            if leaves and leaves < last and self.chance.random() < 0.4:
                # Somebody else takes over on the same day: one change, not two.
                place = {"betrokkene_id": f"Q{who}", "instantie": "wijkteam"}
                self.add("casus_betrokkene", casus_id=casus_id, van=leaves, eigen_medewerker=False, **place)

    def _zrm(self, casus_id: str, start: date, end: date | None) -> None:
        for day in sorted({self.day(start, end or PEILDATUM) for _ in range(self.pick([0, 1, 2, 2, 4]))}):
            version = self.pick(["2017", "2017", "2017", "2013"])
            blank = self.chance.random() < 0.1
            for domain in self.chance.sample(range(1, 12), self.chance.randint(1, 6)):
                score = None if blank else self.maybe(self.chance.randint(1, 5), 0.1)
                self.add("zrm_score", casus_id=casus_id, meetdatum=day, domein=domain, score=score, versie=version)

    def plans(self) -> None:
        for casus in self.tables["casus"]:
            for _ in range(self.pick([0, 1, 1, 2])):
                plan_id, made = self.new("L"), self.day(casus["startdatum"])
                self.add(
                    "plan",
                    plan_id=plan_id,
                    casus_id=casus["casus_id"],
                    datum_vastgesteld=made,
                    begroot_bedrag=self.pick([None, Decimal(0), self.euro(5000), self.euro(20000)]),
                )
                for _ in range(self.pick([0, 0, 1, 3])):
                    day = self.pick([made, made - DAY, self.day(made), self.day(made)])
                    self.add("plan_wijziging", plan_wijziging_id=self.new("W"), plan_id=plan_id, datum=day)
                for day in sorted({self.day(made) for _ in range(self.pick([0, 1, 2, 3]))}):
                    self.add("plan_voortgang", plan_id=plan_id, datum=day, conform_plan=self.pick([True, False]))

    def interventions(self) -> None:
        self._methods()
        ids = [f"I{n}" for n in range(330)]
        for interventie_id in ids:
            casus = self.pick([*self.chance.sample(self.tables["casus"], 3), None])
            start = self.day(max(casus["startdatum"], date(2022, 1, 1)) if casus else date(2022, 1, 1))
            end = self.maybe(self.day(start, min(PEILDATUM, start + 300 * DAY)), 0.25)
            self.add(
                "interventie",
                interventie_id=interventie_id,
                casus_id=casus["casus_id"] if casus else self.pick([None, "C-elders"]),
                signaal_id=self.pick([None, "S-elders", *(f"S{self.chance.randrange(60)}" for _ in range(3))]),
                # Split gemeenten stay out: their unknown code would hide the gemeente of the case.
                gemeente_code=self.pick([None, "GM0001", "GM0014", "GM0758", "GM0010"]),
                methodiek=self.pick([None, "M-elders", "buurtmaatje", "budgetcoach", "rots", "thuisbasis", "nieuw"]),
                startdatum=start,
                geplande_einddatum=self.pick([None, end, self.day(start, PEILDATUM + 300 * DAY)]),
                einddatum=end,
                **self._result(ended=end is not None),
                gepland_aantal_deelnemers=self.pick([None, 0, 3, 8, 15]),
                kosten=self.pick([None, Decimal(0), self.euro(4000), self.euro(4000)]),
                geschatte_besparing=self.pick([None, Decimal(0), self.euro(9000), self.euro(9000)]),
                vervolg_op_interventie_id=self.pick([None, None, "I-elders", self.pick(ids)]),
            )

    def _result(self, *, ended: bool) -> dict[str, Any]:
        reasons = ["afgerond"] * 4 + ["gestopt_deelnemer", "gestopt_organisatie", "gestopt_derden"]
        return {
            "reden_einde": self.pick([*reasons, "verhuisd_overleden"]) if ended else None,
            "succesvol": self.pick([True, False, None]) if ended else None,
            "in_een_keer_goed": self.pick([True, True, False, None]) if ended else None,
            "doel_bereikt": self.pick([True, False, None]) if ended else None,
        }

    def _methods(self) -> None:
        for name, level, van, tot in (
            ("buurtmaatje", "geen", None, None),
            ("budgetcoach", "goed_beschreven", date(2021, 5, 1), date(2024, 1, 1)),
            ("rots", "effectief", date(2022, 1, 1), None),
            ("thuisbasis", "goed_onderbouwd", date(2024, 9, 30), date(2029, 9, 30)),
        ):
            self.add("methodiek", methodiek=name, erkenning=level, erkend_van=van, erkend_tot=tot)

    def under_interventions(self) -> None:
        for interventie in self.tables["interventie"]:
            interventie_id, start, end = (interventie[name] for name in ("interventie_id", "startdatum", "einddatum"))
            for who in self.chance.sample(range(80), self.pick([0, 1, 2, 5])):
                van = self.day(start, end or PEILDATUM)
                key = {"interventie_id": interventie_id, "deelnemer_id": f"D{who}" if who < 70 else f"X{who}"}
                self.add("interventie_deelname", **key, van=van, tot=self.maybe(self.day(van), 0.4))
                # The same person again, later in the same intervention.
                if self.chance.random() < 0.1 and van < PEILDATUM:
                    self.add("interventie_deelname", **key, van=self.day(van + DAY))
                if end is not None and self.chance.random() < 0.7:
                    self._follow_up(interventie_id, key["deelnemer_id"], end)
            for _ in range(self.pick([0, 0, 1, 2])):
                kind = self.pick(["vrijwilliger", "buurtactiviteit", "donatie"])
                by_catch = {"soort": kind, "aantal": self.chance.randint(0, 9)}
                day = self.day(start)
                self.add("bijvangst", bijvangst_id=self.new("Y"), interventie_id=interventie_id, datum=day, **by_catch)
        self._hours()

    def _follow_up(self, interventie_id: str, deelnemer_id: str, end: date) -> None:
        after = [0, 90, 139, 140, 150, 181, 182, 183, 200, 224, 225, 300]
        for days in self.chance.sample(after, self.pick([1, 1, 2])):
            moment = (deelnemer_id, end + days * DAY)
            # Of two measurements on one day the definitions name no first.
            if moment[1] <= PEILDATUM and moment not in self.measured:
                self.measured.add(moment)
                self.add(
                    "nazorgmeting",
                    nazorgmeting_id=self.new("N"),
                    interventie_id=interventie_id,
                    deelnemer_id=deelnemer_id,
                    datum=end + days * DAY,
                    zonder_ondersteuning=self.pick([True, False, None]),
                    niveau_behouden=self.pick([True, False, None]),
                    inzet_omgeving_pct=self.pick([None, Decimal(0), Decimal("12.50"), Decimal(100)]),
                )

    def _hours(self) -> None:
        for _ in range(1100):
            kind = self.pick(["interventie", "interventie", "casus", "vindplaats", "indirect"])
            day = self.day(date(2022, 1, 1))
            some_intervention, some_case = self.pick(self.tables["interventie"]), self.pick(self.tables["casus"])
            to_intervention = kind == "interventie" or self.chance.random() < 0.05
            to_case = kind == "casus" or self.chance.random() < 0.05
            self.add(
                "urenregistratie",
                uren_id=self.new("U"),
                medewerker_id=f"M{self.chance.randrange(40)}",
                datum=day,
                uren=self.pick([self.hours(1, 8), Decimal("0.25"), Decimal(24)]),
                soort=kind,
                interventie_id=self.pick([some_intervention["interventie_id"]] * 9 + ["I-elders"])
                if to_intervention
                else None,
                casus_id=some_case["casus_id"] if to_case else None,
                vindplaats=self.pick(["markt", "school", "moskee"]) if kind == "vindplaats" else None,
                gemeente_code=self.pick([None, "GM0014", "GM0758", "GM1680", "GM0003"]),
                declarabel=self.pick([True, True, False, None]),
            )

    def partners(self) -> None:
        for n in range(12):
            self.add("partner", partner_id=f"R{n}", soort=self.pick(["formeel", "informeel"]))
        for _ in range(260):
            casus = self.pick(self.tables["casus"])
            asked = self.day(casus["startdatum"])
            wanted = self.maybe(self.day(asked, PEILDATUM + 60 * DAY), 0.2)
            self.add(
                "partnerverzoek",
                verzoek_id=self.new("Z"),
                casus_id=casus["casus_id"],
                partner_id=f"R{self.chance.randrange(12)}",
                **self._moments(asked),
                gewenste_startdatum=wanted,
                geleverde_startdatum=self.pick([None, self.day(asked), min(wanted, PEILDATUM) if wanted else None]),
            )
        for _ in range(130):
            self.add(
                "partnerbeoordeling",
                beoordeling_id=self.new("O"),
                partner_id=f"R{self.chance.randrange(12)}",
                gemeente_code=self.gemeente(required=True),
                datum=self.day(),
                **{aspect: self.maybe(self.mark(), 0.4) for aspect in ("kwaliteit", "tijdigheid", "volledigheid")},
                score=self.maybe(self.mark(), 0.4),
            )

    def _moments(self, asked: date) -> dict[str, date | datetime | None]:
        """Request and reply: with a time, or as a date only (then the reply is never on the day of the request)."""
        reply = self.maybe(self.day(asked), 0.25)
        if self.chance.random() < 0.25:
            later = reply if reply is None or reply > asked else None
            return {"verzocht_op": asked, "gereageerd_op": later and self.pick([later, self.at(later, 12)])}
        answered = self.at(reply, 12) if reply else None
        return {"verzocht_op": self.at(asked, 0), "gereageerd_op": answered}

    def money(self) -> None:
        for n in range(150):
            asked = self.day(date(2022, 6, 1))
            decided = self.maybe(self.day(asked), 0.2)
            amount = self.pick([self.euro(60000), self.euro(900), Decimal(0)])
            self.add(
                "budget",
                budget_id=f"G{n}",
                gemeente_code=self.gemeente(required=True),
                soort=self.pick(["voorziening", "beschikking", "subsidie", "overig"]),
                datum_aanvraag=asked,
                bedrag_aangevraagd=amount,
                datum_besluit=decided,
                bedrag_toegekend=self.pick([Decimal(0), amount, amount + 10, self.euro(500)]) if decided else None,
            )
            for _ in range(self.pick([0, 0, 1, 2])):
                amount = self.euro(800) * self.pick([1, -1]) - self.pick([0, 400])
                day = self.day(asked)
                self.add("budgetcorrectie", correctie_id=self.new("K"), budget_id=f"G{n}", datum=day, bedrag=amount)
        for _ in range(170):
            handed_in = self.maybe(self.day(), 0.1)
            self.add(
                "adminopdracht",
                opdracht_id=self.new("A"),
                gemeente_code=self.gemeente(required=True),
                soort=self.pick(["financiering", "verantwoording", "afronding", "afronding"]),
                ingediend_op=handed_in,
                deadline=self.maybe(self.day(VAN, PEILDATUM + 100 * DAY), 0.2),
                verwerkt_op=self.maybe(self.day(handed_in or VAN), 0.3),
                aantal_retouren=self.pick([None, 0, 0, 1, 3]),
                juist_en_volledig=self.pick([True, True, False, None]),
            )

    def questionnaires(self) -> None:
        groups = ["deelnemer"] * 8 + ["partner", "opdrachtgever", "medewerker", "stagiair", "vrijwilliger"]
        taken: set[tuple[str, date]] = set()
        for n in range(420):
            group, day = self.pick([*groups, "ervaringsdeskundige"]), self.day()
            who = self.pick([None, f"{group}-{self.chance.randrange(60)}"])
            if who is not None and (who, day) in taken:
                continue
            taken.add((who or "", day))
            self.add(
                "tevredenheid",
                meting_id=f"H{n}",
                groep=group,
                datum=day,
                gemeente_code=self.pick([None, "GM0014", "GM0758", "GM0003"]),
                interventie_id=self.pick([None, f"I{self.chance.randrange(330)}", "I-elders"]),
                score=self.pick([self.mark(), Decimal(8), Decimal(5)]),
                respondent_id=who,
            )
        self._lists("deelnemers", 260, QUESTIONS, 0.35)
        self._lists("professionals", 160, PROFESSIONALS, 0)

    def _lists(self, kind: str, number: int, questions: Sequence[str], skipped: float) -> None:
        taken: set[tuple[str, date]] = set()
        for _ in range(number):
            who = self.someone(0.15)
            day = self.day()
            # Two lists of one person on one day have no last one: the definitions are silent.
            if who is not None and (who, day) in taken:
                continue
            taken.add((who or "", day))
            afname_id, version = self.new("F"), self.pick(["1"] * 40 + ["2"])
            self.add(
                "vragenlijst_afname",
                afname_id=afname_id,
                vragenlijst=kind,
                versie=version,
                datum=day,
                gemeente_code=self.gemeente(),
                deelnemer_id=who,
                professional_id=self.maybe(f"M{self.chance.randrange(3)}", 0.4) if kind == "professionals" else None,
            )
            for code in questions:
                if self.chance.random() >= skipped:
                    words = ["ja", "ja", "nee", "nee", "nee", "nvt", "n.v.t.", "JA", "Nee", "N.V.T."]
                    answer = "misschien" if self.chance.random() < 0.01 else self.pick(words)
                    self.add("vragenlijst_antwoord", afname_id=afname_id, vraagcode=code, antwoord=answer)

    # What chance decides.

    def pick(self, values: Sequence[T]) -> T:
        return self.chance.choice(values)

    def maybe(self, value: T, empty: float) -> T | None:
        return None if self.chance.random() < empty else value

    def day(self, first: date = VAN, last: date = PEILDATUM) -> date:
        edges = [day for day in BOUNDARIES if first <= day <= last]
        if edges and self.chance.random() < 0.4:
            return self.pick(edges)
        return first + self.chance.randint(0, max((last - first).days, 0)) * DAY

    def at(self, day: date, first_hour: int) -> datetime:
        return datetime.combine(day, time(self.chance.randint(first_hour, first_hour + 11), self.chance.randint(0, 59)))

    def gemeente(self, *, required: bool = False) -> str | None:
        found = self.chance.choices(GEMEENTEN, WEIGHTS)[0]
        return "GM9999" if required and found is None else found

    def someone(self, anonymous: float) -> str | None:
        """A participant; one in eight is not in the table of participants."""
        if self.chance.random() < anonymous:
            return None
        n = self.chance.randrange(160)
        return f"X{n}" if n >= 140 else f"D{n}"

    def hours(self, low: int, high: int) -> Decimal:
        return Decimal(self.chance.randint(low * 4, high * 4)) / 4

    def euro(self, high: int) -> Decimal:
        return Decimal(self.chance.randint(1, high * 100)) / 100

    def mark(self) -> Decimal:
        return Decimal(self.chance.randint(10, 100)) / 10

    def new(self, letter: str) -> str:
        self.numbers += 1
        return f"{letter}{self.numbers}"

    def add(self, table: str, **values: Any) -> None:
        self.tables[table].append(row(table, **values))
