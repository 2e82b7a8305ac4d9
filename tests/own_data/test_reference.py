"""The reference calculator on examples small enough to work out by hand: what the mart is held against must be right.

Every expected figure follows from the rows above it with pencil and paper; none was copied from a result.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.own_data.delivery import delivery
from tests.own_data.delivery_form import COLUMNS, row
from tests.own_data.figures import NIET_GELEVERD, NOEMER_NUL, NOEMER_ONTBREEKT, Figure, duration
from tests.own_data.records import REGISTRY, Delivery, Records, division, periods
from tests.own_data.reference import Cell, calculate, needs

ROOT = Path(__file__).resolve().parents[2]
Tables = dict[str, list[dict[str, Any]]]
GM = "GM0014"


class Figures:
    """The figures of a few rows: window 2023 and 2024, everything in one gemeente unless a row says otherwise."""

    def __init__(self, tables: Tables, van: date = date(2023, 1, 1), peildatum: date = date(2024, 12, 31)) -> None:
        filled = {}
        for table, rows in tables.items():
            place = {"gemeente_code": GM} if "gemeente_code" in COLUMNS[table] else {}
            filled[table] = [row(table, **(place | values)) for values in rows]
        own = Delivery("L", "O", van, peildatum, filled)
        population = {"A 7": 2000.0, "A 12": 50000.0, "A 21": 4000.0, "B 3": 500.0}
        self.found = calculate(own, lambda kpi, gebied, _: population.get(kpi) if gebied == GM else None, 2024)

    def __call__(self, kpi: str, variant: str, split: str = "totaal", gebied: str = GM, periode: str = "2024") -> Any:
        """(teller, noemer, waarde), or the reason that there is no value."""
        figure = self.found[Cell(kpi, variant, split, gebied, periode)]
        return figure.reden or (figure.teller, figure.noemer, pytest.approx(figure.waarde))


def case(casus_id: str, start: date, end: date | None = None, **values: Any) -> dict[str, Any]:
    return {"casus_id": casus_id, "deelnemer_id": f"d-{casus_id}", "startdatum": start, "einddatum": end} | values


def intervention(interventie_id: str, start: date, end: date | None = None, **values: Any) -> dict[str, Any]:
    ending = {"einddatum": end, "reden_einde": "afgerond" if end else None}
    return {"interventie_id": interventie_id, "startdatum": start} | ending | values


def test_the_periods_are_the_years_and_quarters_of_the_window_and_no_others() -> None:
    """A quarter beside the window, or a last day after the delivery, would count what nobody delivered."""
    found = periods(date(2023, 12, 31), date(2024, 5, 20))
    assert [(period.naam, period.van, period.d) for period in found] == [
        ("2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("2023-Q4", date(2023, 10, 1), date(2023, 12, 31)),
        ("2024", date(2024, 1, 1), date(2024, 5, 20)),
        ("2024-Q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("2024-Q2", date(2024, 4, 1), date(2024, 5, 20)),
    ]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("GM0014", "GM0014"),
        ("GM0003", "GM1979"),
        ("GM0140", "GM9999"),
        ("GM0001", None),
        (None, None),
        ("GM9999", "GM9999"),
    ],
)
def test_a_code_reads_on_the_division_of_the_publication(code: str | None, expected: str | None) -> None:
    """Merged gemeenten would fall out, and one that was split up would be given to one of its heirs."""
    assert division(2024)(code) == expected


def test_a_record_falls_in_its_own_gemeente_else_in_that_of_its_parent() -> None:
    """Hours of a case in another gemeente would be put in the wrong place, or in none."""
    tables = {
        "casus": [row("casus", **case("c", date(2024, 1, 1)), gemeente_code="GM0758")],
        "interventie": [
            row("interventie", interventie_id="own", casus_id="c", gemeente_code="GM0014", startdatum=date(2024, 1, 1)),
            row(
                "interventie", interventie_id="case", casus_id="c", gemeente_code="GM0001", startdatum=date(2024, 1, 1)
            ),
            row("interventie", interventie_id="none", casus_id="elders", startdatum=date(2024, 1, 1)),
        ],
        "urenregistratie": [
            row("urenregistratie", uren_id="1", interventie_id="own", casus_id="c"),
            row("urenregistratie", uren_id="2", interventie_id="none", casus_id="c"),
            row("urenregistratie", uren_id="3", casus_id="c", gemeente_code="GM1680"),
        ],
    }
    records = Records(Delivery("L", "O", date(2024, 1, 1), date(2024, 12, 31), tables), division(2024))
    assert [found["gebied"] for found in records.all("interventie")] == ["GM0014", "GM0758", "GM9999"]
    assert [found["gebied"] for found in records.all("urenregistratie")] == ["GM0014", "GM0758", "GM1680"]


def test_equal_neighbours_in_complexity_are_one_interval_that_ends_before_the_next() -> None:
    """A change that is none would be counted, and a day would have two complexities."""
    days = [(date(2024, 1, 1), "laag"), (date(2024, 2, 1), "laag"), (date(2024, 3, 1), "hoog")]
    changes = [row("casus_complexiteit", casus_id="c", vanaf=day, complexiteit=value) for day, value in days]
    tables = {"casus": [row("casus", **case("c", date(2024, 1, 1)))], "casus_complexiteit": changes}
    records = Records(Delivery("L", "O", date(2024, 1, 1), date(2024, 12, 31), tables), division(2024))
    assert records.complexity("c") == [(date(2024, 1, 1), date(2024, 3, 1), "laag"), (date(2024, 3, 1), None, "hoog")]
    assert [records.complexity_on("c", day) for day in (date(2023, 12, 31), date(2024, 2, 29), date(2024, 3, 1))] == [
        None,
        "laag",
        "hoog",
    ]


def test_quantiles_interpolate_between_the_two_values_around_them() -> None:
    """Median and p90 of few cases would jump to one of the cases."""
    assert duration([1, 10, 4, 2], "mediaan").waarde == 3
    # Position 0.9 x 3 = 2.7: seven tenths of the way from 4 to 10.
    assert duration([1, 10, 4, 2], "p90") == Figure(17, 4, pytest.approx(8.2))


def test_a_1_adds_hours_per_place() -> None:
    """Hours on other work, or of another period, would count as outreach."""
    hours = [
        ("1", date(2024, 1, 1), "vindplaats", "markt", "2.5"),
        ("2", date(2024, 12, 31), "vindplaats", "markt", "1"),
        ("3", date(2024, 5, 1), "vindplaats", "school", "4"),
        ("4", date(2024, 5, 1), "indirect", None, "8"),
        ("5", date(2023, 5, 1), "vindplaats", "moskee", "8"),
    ]
    names = ("uren_id", "datum", "soort", "vindplaats", "uren")
    rows = [dict(zip(names, one, strict=True)) | {"uren": Decimal(one[4])} for one in hours]
    figure = Figures({"urenregistratie": rows})
    assert figure("A 1", "uren") == (7.5, None, 7.5)
    assert figure("A 1", "uren", "vindplaats: markt") == (3.5, None, 3.5)
    assert figure("A 1", "uren", "vindplaats: moskee") == (0, None, 0)
    assert figure("A 1", "uren_per_vindplaats") == (7.5, 2, 3.75)


def signals(*rows: dict[str, Any]) -> Tables:
    return {
        "signaal": [
            {"signaal_id": str(n), "datum_ontvangen": date(2024, 5, 1)} | values for n, values in enumerate(rows)
        ]
    }


def test_a_2_keeps_signals_of_unknown_origin_out_of_the_percentage() -> None:
    """Not knowing would count as reactive."""
    figure = Figures(signals({"herkomst": "proactief"}, {"herkomst": "reactief"}, {"herkomst": "reactief"}, {}))
    assert figure("A 2", "aantal") == (4, None, 4)
    assert figure("A 2", "aantal", "herkomst onbekend") == (1, None, 1)
    assert figure("A 2", "percentage", "proactief") == (1, 3, 100 / 3)


def test_a_3_counts_who_waits_on_the_last_day() -> None:
    """Who was helped or sent away on that very day, or waits for another reason, would be on the list."""
    wait = {"wachtreden": "capaciteit"}
    tables = signals(
        wait | {"deelnemer_id": "group"},
        wait | {"deelnemer_id": "group", "datum_afgehandeld": date(2025, 1, 1)},
        wait | {"deelnemer_id": "group", "datum_afgehandeld": date(2024, 12, 31)},
        wait | {"deelnemer_id": "stub"},
        wait,
        wait | {"deelnemer_id": "person"},
        {"wachtreden": "client", "deelnemer_id": "person"},
    )
    tables["deelnemer"] = [
        {"deelnemer_id": "group", "soort": "groep", "aantal_personen": 10},
        {"deelnemer_id": "person", "soort": "persoon"},
    ]
    tables["casus"] = [case("c", date(2024, 12, 31), signaal_id="5")]
    figure = Figures(tables, peildatum=date(2025, 1, 1))
    # Two signals of the group (10 each), one of the stub and one of nobody known.
    assert figure("A 3", "personen") == (22, None, 22)
    assert figure("A 3", "deelnemers") == (2, None, 2)
    assert figure("A 3", "groepen") == (1, None, 1)
    # The day before, the case had not started and the signal was not closed; the second quarter ends later.
    assert figure("A 3", "personen", periode="2024-Q3") == (33, None, 33)


def test_a_3_takes_the_shortage_per_gemeente_and_not_over_the_organisation() -> None:
    """Hours over in one gemeente would hide the want of hours in another, and a month would be guessed."""
    rows = [
        (GM, 1, 100, 60),
        (GM, 2, 40, 60),
        (GM, 3, 50, 60),
        ("GM0758", 1, 10, 90),
        ("GM0758", 2, 10, 90),
        ("GM0758", 3, 95, 90),
        ("GM1680", 1, 999, 0),
        # Two gemeenten that have merged: both rows count.
        *((code, month, 7, 5) for code in ("GM0003", "GM0010") for month in (1, 2, 3)),
    ]
    names = ("gemeente_code", "maand", "gevraagde_uren", "beschikbare_uren")
    figure = Figures(
        {
            "capaciteit": [
                dict(zip(names, (code, date(2024, month, 1), Decimal(asked), Decimal(there)), strict=True))
                for code, month, asked, there in rows
            ]
        },
        peildatum=date(2024, 3, 15),
    )
    quarter = {"periode": "2024-Q1"}
    # 190 asked and 180 there; month by month 40 + 0 + 0.
    assert figure("A 3", "uren_tekort", **quarter) == (10, None, 10)
    assert figure("A 3", "uren_tekort_per_maand", **quarter) == (40, None, 40)
    assert figure("A 3", "percentage_tekort", **quarter) == (10, 180, 1000 / 180)
    assert figure("A 3", "uren_tekort", gebied="GM0758", **quarter) == (0, None, 0)
    assert figure("A 3", "uren_tekort", gebied="GM1680", **quarter) == NIET_GELEVERD
    assert figure("A 3", "uren_tekort", gebied="GM1979", **quarter) == (12, None, 12)
    assert figure("A 3", "uren_tekort", gebied="ORG", **quarter) == (22, None, 22)
    assert figure("A 3", "uren_tekort_per_maand", gebied="ORG", **quarter) == (40 + 5 + 12, None, 57)
    assert figure("A 3", "percentage_tekort", gebied="ORG", **quarter) == (22, 180 + 270 + 30, 100 * 22 / 480)


def test_a_4_counts_from_the_signal_to_the_start_and_leaves_out_the_impossible() -> None:
    """A negative wait would pull the mean down; a case of 2023 would count in 2024."""
    tables = signals(*({} for _ in range(4)))
    tables["casus"] = [
        case("same-day", date(2024, 5, 1), signaal_id="0"),
        case("ten", date(2024, 5, 11), signaal_id="1"),
        case("negative", date(2024, 4, 30), signaal_id="2"),
        case("no-signal", date(2024, 5, 11)),
        case("elsewhere", date(2024, 5, 11), signaal_id="elders"),
        case("twenty", date(2024, 5, 21), signaal_id="3"),
    ]
    figure = Figures(tables)
    assert figure("A 4", "mediaan") == (30, 3, 10)
    assert figure("A 4", "gemiddelde") == (30, 3, 10)
    # Position 0.9 x 2 = 1.8: eight tenths of the way from 10 to 20.
    assert figure("A 4", "p90") == (30, 3, 18)
    assert figure("A 4", "mediaan", periode="2024-Q1") == NOEMER_NUL


def test_a_5_leaves_signals_without_a_verdict_out() -> None:
    """No verdict would count as in time."""
    figure = Figures(signals({"te_laat": True}, {"te_laat": False}, {"te_laat": False}, {}))
    assert figure("A 5", "aantal") == (1, None, 1)
    assert figure("A 5", "percentage") == (1, 3, 100 / 3)


def test_a_6_counts_each_intervention_after_an_early_signal() -> None:
    """An escalated signal would count, one of unknown state would not, or one reached through the case would."""
    tables = signals({"vroegsignaal": True}, {"vroegsignaal": True, "geescaleerd": True}, {"vroegsignaal": False})
    start = date(2024, 3, 1)
    tables["casus"] = [case("c", start, signaal_id="0")]
    tables["interventie"] = [
        intervention("first", start, signaal_id="0"),
        intervention("second", start, signaal_id="0"),
        intervention("escalated", start, signaal_id="1", casus_id="c"),
        intervention("late", start, signaal_id="2"),
        intervention("through-case", start, casus_id="c"),
        intervention("lost-signal", start, casus_id="c", signaal_id="elders"),
        intervention("none", start),
        intervention("year-before", date(2023, 12, 31), signaal_id="0"),
    ]
    figure = Figures(tables)
    assert figure("A 6", "aantal") == (2, None, 2)
    assert figure("A 6", "percentage") == (2, 7, 200 / 7)
    assert figure("A 6", "aantal_via_casus") == (4, None, 4)


def test_a_7_counts_each_participant_once() -> None:
    """A second signal, or somebody unknown, would make more persons than there are."""
    came = {"herkomst": "reactief"}
    tables = signals(
        came | {"deelnemer_id": "family"},
        came | {"deelnemer_id": "family"},
        came | {"deelnemer_id": "family", "gemeente_code": "GM0758"},
        came | {"deelnemer_id": "stub"},
        came,
        {"herkomst": "proactief", "deelnemer_id": "other"},
    )
    tables["deelnemer"] = [{"deelnemer_id": "family", "soort": "huishouden", "aantal_personen": 4}]
    figure = Figures(tables)
    assert figure("A 7", "personen") == (5, None, 5)
    assert figure("A 7", "personen", gebied="GM0758") == (4, None, 4)
    assert figure("A 7", "personen", gebied="ORG") == (5, None, 5)
    assert figure("A 7", "per_1000_inwoners") == (5, 2000, 2.5)
    assert figure("A 7", "per_1000_inwoners", gebied="GM0758") == NOEMER_ONTBREEKT


def test_a_8_adds_all_hours_of_what_ended_in_the_period() -> None:
    """Only the hours of the year would count, or those of what is still running."""
    tables: Tables = {
        "interventie": [
            intervention("ended", date(2023, 1, 1), date(2024, 6, 30)),
            intervention("without-hours", date(2023, 1, 1), date(2024, 6, 30)),
            intervention("running", date(2023, 1, 1)),
        ],
        "urenregistratie": [
            {"uren_id": "1", "interventie_id": "ended", "datum": date(2023, 2, 1), "soort": "interventie"},
            {"uren_id": "2", "interventie_id": "ended", "datum": date(2024, 9, 1), "soort": "indirect"},
            {"uren_id": "3", "interventie_id": "running", "datum": date(2024, 2, 1), "soort": "interventie"},
        ],
    }
    for one in tables["urenregistratie"]:
        one["uren"] = Decimal("4.5")
    figure = Figures(tables)
    assert figure("A 8", "uren_per_interventie") == (9, 1, 9)
    assert figure("A 8", "fte_per_interventie") == (pytest.approx(9 / 1878), 1, 9 / 1878)


def test_a_9_splits_by_judge_and_leaves_out_the_undecided() -> None:
    """No verdict would count as wrong."""
    verdicts = [("intern", True), ("intern", False), ("intern", None), ("extern", True)]
    rows = [
        {"beoordeling_id": str(n), "casus_id": "c", "datum": date(2024, 2, 1), "beoordelaar": who}
        | {"in_een_keer_goed": verdict}
        for n, (who, verdict) in enumerate(verdicts)
    ]
    figure = Figures({"casus": [case("c", date(2023, 1, 1))], "situatiebeoordeling": rows})
    assert figure("A 9", "percentage") == (2, 3, 200 / 3)
    assert figure("A 9", "percentage", "intern") == (1, 2, 50)
    assert figure("A 9", "percentage", "extern") == (1, 1, 100)


def test_a_10_divides_granted_by_asked_of_what_was_decided() -> None:
    """An open application would count as refused, a refused one would be left out."""
    rows = [
        ("subsidie", 100, date(2024, 1, 1), 150),
        ("subsidie", 100, date(2024, 1, 1), 0),
        ("overig", 100, None, None),
        ("overig", 0, date(2024, 1, 1), 20),
        ("beschikking", 100, date(2023, 1, 1), 100),
    ]
    names = ("soort", "bedrag_aangevraagd", "datum_besluit", "bedrag_toegekend")
    figure = Figures(
        {"budget": [{"budget_id": str(n)} | dict(zip(names, one, strict=True)) for n, one in enumerate(rows)]}
    )
    assert figure("A 10", "percentage") == (170, 200, 85)
    assert figure("A 10", "percentage", "subsidie") == (150, 200, 75)
    assert figure("A 10", "percentage", "overig") == NOEMER_NUL
    assert figure("A 10", "percentage", "beschikking") == NOEMER_NUL


def test_a_11_leaves_hours_of_unknown_kind_out() -> None:
    """Hours nobody marked would count as not declarable."""
    hours = [(Decimal(3), True), (Decimal(1), False), (Decimal(8), None)]
    rows = [
        {"uren_id": str(n), "datum": date(2024, 1, 1), "soort": "indirect", "uren": own, "declarabel": marked}
        for n, (own, marked) in enumerate(hours)
    ]
    assert Figures({"urenregistratie": rows})("A 11", "percentage") == (3, 4, 75)


STOCK = [
    case("running", date(2024, 1, 1)),
    case("ends-on-d", date(2024, 1, 1), date(2024, 12, 31)),
    case("ends-after-d", date(2024, 1, 1), date(2025, 1, 1)),
    case("starts-on-d", date(2024, 12, 31)),
    case("ended-on-first-day", date(2023, 1, 1), date(2024, 1, 1)),
    case("ended-before", date(2023, 1, 1), date(2023, 12, 31)),
    case("later", date(2025, 1, 1)),
]


def test_a_12_counts_the_stock_on_the_last_day_and_what_was_in_treatment() -> None:
    """A case that closed on the last day would be in stock, or be missing from the period."""
    figure = Figures({"casus": STOCK}, peildatum=date(2025, 1, 1))
    assert figure("A 12", "stand") == (3, None, 3)
    assert figure("A 12", "in_behandeling") == (5, None, 5)
    assert figure("A 12", "per_10000_inwoners") == (3, 50000, 0.6)


def test_a_13_counts_heads_in_every_gemeente_and_once_for_the_organisation() -> None:
    """An employee of two gemeenten would be two people; volunteers would carry cases."""
    deployed = [
        ("m", GM, "0.5", None),
        ("m", "GM0758", "0.3", None),
        ("n", GM, "0.2", date(2025, 1, 1)),
        ("gone", GM, "1", date(2024, 12, 31)),
        ("volunteer", GM, "1", None),
    ]
    figure = Figures(
        {
            "casus": STOCK,
            "medewerker": [
                {"medewerker_id": who, "soort": "vrijwilliger" if who == "volunteer" else "medewerker"}
                for who in ("m", "n", "gone", "volunteer")
            ],
            "medewerker_inzet": [
                {"medewerker_id": who, "gemeente_code": code, "van": date(2024, 1, 1), "tot": tot, "fte": Decimal(fte)}
                for who, code, fte, tot in deployed
            ],
        },
        peildatum=date(2024, 12, 31),
    )
    assert figure("A 13", "per_medewerker") == (3, 2, 1.5)
    assert figure("A 13", "per_fte") == (3, 0.7, 3 / 0.7)
    assert figure("A 13", "per_medewerker", gebied="GM0758") == (0, 1, 0)
    assert figure("A 13", "per_medewerker", gebied="ORG") == (3, 2, 1.5)
    assert figure("A 13", "per_fte", gebied="ORG") == (3, 1, 3)


def complexity(**cases: list[tuple[date, str]]) -> list[dict[str, Any]]:
    return [
        {"casus_id": casus_id, "vanaf": day, "complexiteit": value}
        for casus_id, changes in cases.items()
        for day, value in changes
    ]


def test_a_14_counts_a_case_once_per_direction() -> None:
    """A repeated row would be a change, back and forth two cases, a case of years ago would be exposed."""
    old, first, later = date(2023, 5, 1), date(2024, 1, 1), date(2024, 3, 1)
    figure = Figures(
        {
            "casus": [
                case("first_day", old),
                case("flips", old),
                case("same", old),
                case("closed", old, date(2023, 6, 1)),
                case("none", old),
            ],
            "casus_complexiteit": complexity(
                first_day=[(old, "laag"), (first, "hoog")],
                flips=[(old, "laag"), (first, "hoog"), (date(2024, 2, 1), "laag"), (later, "hoog")],
                same=[(old, "laag"), (later, "laag")],
                closed=[(old, "laag")],
            ),
        }
    )
    assert figure("A 14", "percentage", "laag naar hoog") == (2, 3, 200 / 3)
    assert figure("A 14", "percentage", "hoog naar laag") == (1, 2, 50)
    # In the second quarter both are hoog and stay so; only "same" is laag.
    assert figure("A 14", "percentage", "laag naar hoog", periode="2024-Q2") == (0, 1, 0)


def test_a_15_divides_high_by_low_among_the_active() -> None:
    """A closed case, or one without complexity, would count as low."""
    day = date(2024, 1, 1)
    figure = Figures(
        {
            "casus": [
                case("a", day),
                case("b", day),
                case("c", day),
                case("d", day),
                case("e", day, date(2024, 12, 31)),
            ],
            "casus_complexiteit": complexity(
                a=[(day, "laag"), (date(2024, 12, 31), "hoog")], b=[(day, "hoog")], c=[(day, "laag")], e=[(day, "laag")]
            ),
        }
    )
    assert figure("A 15", "verhouding") == (2, 1, 2)
    assert figure("A 15", "verhouding", gebied="ORG", periode="2023") == NOEMER_NUL


def requests() -> Tables:
    asked = datetime(2024, 2, 1, 10, 0)  # noqa: DTZ001 - the contract has no zones
    rows = [
        ("high", asked, datetime(2024, 2, 2, 16, 30), date(2024, 3, 1), date(2024, 3, 11)),  # noqa: DTZ001
        ("high", asked, date(2024, 2, 5), date(2024, 3, 1), date(2024, 2, 20)),
        ("high", asked, None, date(2024, 3, 1), None),
        ("low", asked, datetime(2024, 2, 1, 11, 0), date(2024, 3, 1), date(2024, 3, 3)),  # noqa: DTZ001
        ("high", asked, None, None, date(2024, 3, 3)),
    ]
    names = ("casus_id", "verzocht_op", "gereageerd_op", "gewenste_startdatum", "geleverde_startdatum")
    start = date(2024, 1, 1)
    return {
        "casus": [case("high", start), case("low", start)],
        # High on the day of the request, whatever it was before or after.
        "casus_complexiteit": complexity(
            high=[(start, "laag"), (date(2024, 2, 1), "hoog"), (date(2024, 2, 2), "laag")], low=[(start, "laag")]
        ),
        "partnerverzoek": [
            {"verzoek_id": str(n), "partner_id": "p"} | dict(zip(names, one, strict=True)) for n, one in enumerate(rows)
        ],
    }


def test_a_16_counts_the_days_too_late_and_early_as_none() -> None:
    """An early start would make up for a late one; a request that still waits would be left out of sight."""
    figure = Figures(requests())
    assert figure("A 16", "mediaan") == (10, 2, 5)
    assert figure("A 16", "percentage_op_tijd") == (1, 2, 50)
    assert figure("A 16", "openstaand") == (1, None, 1)
    assert figure("A 16", "gemiddelde_alle") == (12, 3, 4)
    assert figure("A 16", "percentage_op_tijd_alle") == (1, 3, 100 / 3)
    # At the end of February one of the three wanted starts of the high case had been delivered.
    assert figure("A 16", "openstaand", periode="2024-Q1") == (1, None, 1)
    tables = requests()
    assert Figures(tables, peildatum=date(2024, 2, 29))("A 16", "openstaand", periode="2024-Q1") == (2, None, 2)


def test_a_17_falls_back_on_the_aspects_that_have_a_mark() -> None:
    """A rating without an overall mark would be lost, or its missing aspect would be a zero."""
    marks = [
        ("formal", "8.0", None, None, None),
        ("formal", None, "7", "8", None),
        ("informal", None, "6", "6.5", "7"),
        ("informal", None, None, None, None),
    ]
    names = ("partner_id", "score", "kwaliteit", "tijdigheid", "volledigheid")
    rows = [
        {"beoordeling_id": str(n), "datum": date(2024, 1, 1)}
        | {
            name: mark if name == "partner_id" else mark and Decimal(mark)
            for name, mark in zip(names, one, strict=True)
        }
        for n, one in enumerate(marks)
    ]
    kinds = [{"partner_id": "formal", "soort": "formeel"}, {"partner_id": "informal", "soort": "informeel"}]
    figure = Figures({"partner": kinds, "partnerbeoordeling": rows})
    assert figure("A 17", "gemiddelde") == (22, 3, 22 / 3)
    assert figure("A 17", "gemiddelde", "formeel") == (15.5, 2, 7.75)
    assert figure("A 17", "gemiddelde", "informeel") == (6.5, 1, 6.5)
    assert figure("A 17", "gemiddelde", "partner onbekend") == NOEMER_NUL
    assert Figures({"partnerbeoordeling": rows})("A 17", "gemiddelde", "partner onbekend") == (22, 3, 22 / 3)


def test_a_18_measures_hours_only_where_both_moments_have_a_time() -> None:
    """A reply known by its date alone would be an answer at midnight."""
    figure = Figures(requests())
    # 30.5 hours and 1 day; the other reply has a date only: 4 days.
    assert figure("A 18", "mediaan_uren") == (30.5, 1, 30.5)
    assert figure("A 18", "mediaan_dagen") == (5, 2, 2.5)
    assert figure("A 18", "gemiddelde_uren_alle") == (31.5, 2, 15.75)
    assert figure("A 18", "gemiddelde_dagen_alle") == (5, 3, 5 / 3)
    assert figure("A 18", "openstaand") == (2, None, 2)
    assert figure("A 18", "openstaand_alle") == (2, None, 2)


def scores(**cases: list[tuple[date, dict[int, int | None], str]]) -> list[dict[str, Any]]:
    return [
        {"casus_id": casus_id, "meetdatum": day, "domein": domain, "score": score, "versie": version}
        for casus_id, measurements in cases.items()
        for day, found, version in measurements
        for domain, score in found.items()
    ]


def test_a_19_compares_the_first_and_the_last_measurement_on_common_domains() -> None:
    """A domain left out the second time, another version, or a measurement after the period would be progress."""
    old, day, late = date(2022, 1, 1), date(2024, 6, 1), date(2025, 1, 1)
    figure = Figures(
        {
            "casus": [case(name, old) for name in ("up", "mixed", "down", "once", "versions", "blank")],
            "zrm_score": scores(
                up=[(old, {1: 2, 2: 3}, "2017"), (day, {1: 3, 3: 5}, "2017"), (late, {1: 1}, "2017")],
                mixed=[(old, {1: 2, 2: 3}, "2017"), (date(2023, 1, 1), {1: 5}, "2017"), (day, {1: 3, 2: 2}, "2017")],
                down=[(old, {1: 3}, "2017"), (day, {1: 2}, "2017")],
                once=[(old, {1: 3}, "2017"), (day, {1: None}, "2017")],
                versions=[(old, {1: 3}, "2013"), (day, {1: 4}, "2017")],
                blank=[(old, {1: None}, "2017"), (date(2022, 2, 1), {1: 1}, "2017"), (day, {1: 2}, "2017")],
            ),
        },
        peildatum=date(2025, 1, 1),
    )
    assert figure("A 19", "percentage_van_alle") == (2, 6, 100 / 3)
    assert figure("A 19", "percentage_van_gemeten") == (2, 4, 50)
    assert figure("A 19", "gelijk_van_gemeten") == (1, 4, 25)
    assert figure("A 19", "achteruit_van_gemeten") == (1, 4, 25)
    assert figure("A 19", "zuiver_vooruit_van_gemeten") == (2, 4, 50)
    assert figure("A 19", "percentage_van_alle", periode="2025") == (1, 6, 100 / 6)


def plans() -> Tables:
    start = date(2024, 1, 1)
    return {
        "casus": [case("a", start), case("b", start), case("closed", date(2023, 1, 1), date(2023, 2, 1))],
        "plan": [
            {"plan_id": "a1", "casus_id": "a", "datum_vastgesteld": start, "begroot_bedrag": Decimal(100)},
            {"plan_id": "a2", "casus_id": "a", "datum_vastgesteld": start, "begroot_bedrag": Decimal(300)},
            {"plan_id": "b1", "casus_id": "b", "datum_vastgesteld": start, "begroot_bedrag": None},
            {"plan_id": "b2", "casus_id": "b", "datum_vastgesteld": date(2024, 9, 1), "begroot_bedrag": Decimal(50)},
            {"plan_id": "no-status", "casus_id": "b", "datum_vastgesteld": start, "begroot_bedrag": Decimal(999)},
            {
                "plan_id": "c1",
                "casus_id": "closed",
                "datum_vastgesteld": date(2023, 1, 1),
                "begroot_bedrag": Decimal(9),
            },
        ],
    }


def test_a_20_weighs_plans_by_their_latest_status() -> None:
    """An older status, a plan without one, or without an amount would weigh in."""
    tables = plans()
    found = [
        ("a1", date(2024, 2, 1), False),
        ("a1", date(2024, 3, 1), True),
        ("a1", date(2024, 7, 1), False),
        ("a2", date(2024, 3, 1), False),
        ("b1", date(2024, 3, 1), True),
        ("b2", date(2024, 8, 1), True),
        ("c1", date(2023, 1, 2), True),
    ]
    names = ("plan_id", "datum", "conform_plan")
    tables["plan_voortgang"] = [dict(zip(names, one, strict=True)) for one in found]
    figure = Figures(tables)
    # By the end of June: a1 as planned (100), a2 not (300), b1 without an amount, b2 not made yet.
    assert figure("A 20", "percentage_euro", periode="2024-Q2") == (100, 400, 25)
    assert figure("A 20", "percentage_casussen", periode="2024-Q2") == (1, 2, 50)
    assert figure("A 20", "percentage_euro") == (50, 450, 100 / 9)


def test_a_21_counts_a_person_once_and_sets_participants_so_far_against_the_plan() -> None:
    """Only the participants of the quarter would be set against the plan of the whole intervention."""
    figure = Figures(
        {
            "deelnemer": [{"deelnemer_id": "family", "soort": "huishouden", "aantal_personen": 3}],
            "interventie": [
                intervention("i", date(2023, 6, 1), gepland_aantal_deelnemers=10),
                intervention("j", date(2024, 1, 1), gepland_aantal_deelnemers=0),
                intervention("unplanned", date(2024, 1, 1)),
                intervention("over", date(2023, 1, 1), date(2023, 12, 31), gepland_aantal_deelnemers=90),
            ],
            "interventie_deelname": [
                {"interventie_id": "i", "deelnemer_id": "family", "van": date(2023, 6, 1), "tot": date(2023, 7, 1)},
                {"interventie_id": "i", "deelnemer_id": "family", "van": date(2024, 1, 5)},
                {"interventie_id": "j", "deelnemer_id": "family", "van": date(2024, 2, 1), "tot": date(2024, 4, 1)},
                {"interventie_id": "i", "deelnemer_id": "left", "van": date(2023, 6, 1), "tot": date(2023, 8, 1)},
                {"interventie_id": "unplanned", "deelnemer_id": "other", "van": date(2024, 1, 1)},
                {"interventie_id": "i", "deelnemer_id": "next-year", "van": date(2025, 1, 1)},
            ],
        },
        peildatum=date(2025, 1, 1),
    )
    assert figure("A 21", "personen") == (4, None, 4)
    # i: family 3 and left 1; j: family 3; of 10 + 0 planned.
    assert figure("A 21", "percentage_van_plan") == (7, 10, 70)
    assert figure("A 21", "per_1000_inwoners") == (4, 4000, 1)
    assert figure("A 21", "personen", periode="2024-Q2") == (4, None, 4)
    assert figure("A 21", "personen", periode="2023") == (4, None, 4)


def test_a_22_counts_changes_after_the_plan_was_made() -> None:
    """The plan itself, or a draft before it, would be a change."""
    tables = plans()
    days = [date(2023, 12, 31), date(2024, 1, 1), date(2024, 1, 2), date(2024, 12, 31), date(2025, 1, 1)]
    tables["plan_wijziging"] = [
        {"plan_wijziging_id": str(n), "plan_id": "a1", "datum": day} for n, day in enumerate(days)
    ]
    figure = Figures(tables, peildatum=date(2025, 1, 1))
    assert figure("A 22", "aantal") == (2, None, 2)
    assert figure("A 22", "per_plan") == (2, 5, 0.4)
    # b2 was made in September.
    assert figure("A 22", "per_plan", periode="2024-Q1") == (1, 4, 0.25)


def test_a_23_counts_stops_and_not_people_who_moved() -> None:
    """Moving house or completion would be a stop."""
    reasons = ["afgerond", "gestopt_deelnemer", "gestopt_deelnemer", "gestopt_derden", "verhuisd_overleden"]
    day = date(2024, 12, 31)
    rows = [intervention(str(n), date(2024, 1, 1), day) | {"reden_einde": one} for n, one in enumerate(reasons)]
    figure = Figures({"interventie": rows})
    assert figure("A 23", "aantal") == (3, None, 3)
    assert figure("A 23", "aantal", "gestopt door deelnemer") == (2, None, 2)
    assert figure("A 23", "percentage", "gestopt door derden") == (1, 5, 20)
    assert figure("A 23", "aantal", "gestopt door organisatie") == (0, None, 0)
    assert figure("A 23", "percentage", periode="2024-Q3") == NOEMER_NUL


def team() -> Tables:
    start, end = date(2024, 1, 1), date(2024, 12, 1)
    people = [
        ("a", start, date(2024, 4, 1), True, "x"),
        ("b", date(2024, 2, 1), end, False, "y"),
        ("c", date(2024, 2, 2), date(2024, 11, 30), False, "y"),
        ("d", date(2024, 4, 1), None, False, "z"),
    ]
    names = ("betrokkene_id", "van", "tot", "eigen_medewerker", "instantie")
    tables: Tables = {
        "casus": [case("c", start, end), case("no-plan", start), case("nobody", start)],
        "plan": [
            {"plan_id": "later", "casus_id": "c", "datum_vastgesteld": date(2024, 6, 1)},
            {"plan_id": "first", "casus_id": "c", "datum_vastgesteld": date(2024, 2, 1)},
            {"plan_id": "other", "casus_id": "nobody", "datum_vastgesteld": date(2024, 5, 1)},
        ],
        "casus_betrokkene": [{"casus_id": "c"} | dict(zip(names, one, strict=True)) for one in people],
        "casus_complexiteit": complexity(c=[(date(2024, 3, 1), "laag"), (date(2024, 4, 1), "hoog")]),
    }
    someone = {"betrokkene_id": "e", "van": date(2024, 3, 1), "eigen_medewerker": False, "instantie": "z"}
    tables["casus_betrokkene"].append({"casus_id": "no-plan"} | someone)
    return tables


def test_a_24_counts_days_of_change_between_the_plan_and_the_end() -> None:
    """A swap would be two changes, and closing the case would be everybody leaving."""
    figure = Figures(team())
    # 2 February (c joins), 1 April (a leaves, d joins), 30 November (c leaves).
    assert figure("A 24", "aantal") == (3, None, 3)
    assert figure("A 24", "aantal", "hoog") == (2, None, 2)
    assert figure("A 24", "aantal", "laag") == (0, None, 0)
    assert figure("A 24", "aantal", "complexiteit onbekend") == (1, None, 1)
    assert figure("A 24", "per_casus") == (3, 2, 1.5)
    # The other plan is of May.
    assert figure("A 24", "per_casus", periode="2024-Q1") == (1, 1, 1)


def test_a_25_adds_up_everybody_so_far_per_case() -> None:
    """Cases without registration would lower the mean, people of last month would be forgotten."""
    figure = Figures(team())
    assert figure("A 25", "personen_per_casus") == (5, 2, 2.5)
    assert figure("A 25", "personen_per_casus_alle") == (5, 3, 5 / 3)
    assert figure("A 25", "instanties_per_casus") == (4, 2, 2)
    assert figure("A 25", "instanties_per_casus_alle") == (4, 3, 4 / 3)
    assert figure("A 25", "personen_zonder_eigen") == (4, 2, 2)
    assert figure("A 25", "personen_per_casus", periode="2024-Q1") == (4, 2, 2)


def orders() -> Tables:
    day = date(2024, 3, 1)
    rows = [
        ("financiering", day, None, day, 0, None),
        ("financiering", day, None, None, 2, None),
        ("verantwoording", day, None, None, None, None),
        ("verantwoording", None, None, day, 5, None),
        ("afronding", day, date(2024, 5, 1), date(2024, 5, 1), 1, True),
        ("afronding", day, date(2024, 5, 1), date(2024, 5, 2), 0, True),
        ("afronding", day, date(2024, 5, 1), date(2024, 4, 1), 0, None),
        ("afronding", day, date(2024, 5, 1), None, 0, None),
        ("afronding", day, None, day, 0, True),
        ("afronding", day, date(2025, 5, 1), day, 0, True),
    ]
    names = ("soort", "ingediend_op", "deadline", "verwerkt_op", "aantal_retouren", "juist_en_volledig")
    return {
        "adminopdracht": [{"opdracht_id": str(n)} | dict(zip(names, one, strict=True)) for n, one in enumerate(rows)]
    }


def test_a_26_leaves_out_what_nobody_judged_yet() -> None:
    """An order still in the post would count as right first time."""
    figure = Figures(orders())
    assert figure("A 26", "aantal") == (1, None, 1)
    assert figure("A 26", "percentage") == (1, 2, 50)
    assert figure("A 26", "retouren") == (2, None, 2)


def test_a_27_takes_the_complexity_on_the_day_of_closing() -> None:
    """The open cases would count, or the complexity of the start would."""
    start, end = date(2024, 1, 1), date(2024, 1, 11)
    figure = Figures(
        {
            "casus": [
                case("became_low", start, end),
                case("high", start, date(2024, 1, 31)),
                case("unknown", start, date(2024, 1, 3)),
                case("open", start),
                case("one_day", end, end),
            ],
            "casus_complexiteit": complexity(
                became_low=[(start, "hoog"), (end, "laag")],
                high=[(start, "hoog"), (date(2024, 2, 1), "laag")],
                one_day=[(end, "laag")],
            ),
        }
    )
    # 10, 30, 2 and 0 days.
    assert figure("A 27", "mediaan") == (42, 4, 6)
    assert figure("A 27", "gemiddelde") == (42, 4, 10.5)
    assert figure("A 27", "mediaan", "laag") == (10, 2, 5)
    assert figure("A 27", "p90", "laag") == (10, 2, 9)
    assert figure("A 27", "gemiddelde", "hoog") == (30, 1, 30)
    assert figure("A 27", "mediaan", "complexiteit onbekend") == (2, 1, 2)
    assert figure("A 27", "mediaan_hoogste", "hoog") == (40, 2, 20)
    assert figure("A 27", "mediaan_hoogste", "laag") == (0, 1, 0)


def test_a_28_follows_the_referrals_of_the_period_to_where_they_are_now() -> None:
    """A referral nobody followed up would count as right, an equal line as lower."""
    rows = [
        (date(2024, 3, 31), 2, 1, date(2024, 6, 1), True),
        (date(2024, 1, 1), 1, 1, None, True),
        (date(2024, 1, 1), 0, 2, date(2024, 2, 1), False),
        (date(2024, 1, 1), 3, 0, date(2024, 2, 1), None),
    ]
    names = ("datum", "van_lijn", "naar_lijn", "aangekomen_op", "juiste_plek")
    figure = Figures(
        {
            "casus": [case("c", date(2023, 1, 1))],
            "doorverwijzing": [
                {"doorverwijzing_id": str(n), "casus_id": "c"} | dict(zip(names, one, strict=True))
                for n, one in enumerate(rows)
            ],
        }
    )
    assert figure("A 28", "aantal", periode="2024-Q1") == (1, None, 1)
    assert figure("A 28", "percentage") == (1, 4, 25)
    assert figure("A 28", "doorverwijzingen") == (4, None, 4)
    assert figure("A 28", "doorverwijzingen", "naar lijn 1") == (2, None, 2)
    assert figure("A 28", "aandeel", "naar lijn 1") == (2, 4, 50)
    assert figure("A 28", "aandeel", "naar lijn 4") == (0, 4, 0)
    assert figure("A 28", "percentage_lagere_lijn") == (2, 4, 50)


def ended() -> Tables:
    start, end, stopped = date(2024, 1, 1), date(2024, 6, 1), {"reden_einde": "gestopt_deelnemer"}
    good = {"succesvol": True, "in_een_keer_goed": True, "doel_bereikt": True}
    bad = {"succesvol": False, "in_een_keer_goed": False, "doel_bereikt": False}
    money = {"kosten": Decimal(100), "geschatte_besparing": Decimal(250)}
    return {
        "interventie": [
            intervention("in-time", start, end, geplande_einddatum=end, **good, **money),
            intervention("late", start, end, geplande_einddatum=date(2024, 5, 31), **good, kosten=Decimal(70)),
            intervention("wrong", start, end, geplande_einddatum=end, **bad, geschatte_besparing=Decimal(70)),
            intervention("no-deadline", start, end, **good),
            intervention("no-verdict", start, end, geplande_einddatum=end),
            intervention("stopped", start, end, geplande_einddatum=end, **good) | stopped,
            intervention("stopped-too", start, end) | stopped,
            intervention("open", start, geplande_einddatum=end, **money),
        ]
    }


def test_a_29_a_30_and_a_31_judge_what_was_judged() -> None:
    """Stopped interventions would be completed ones, no verdict a failure, the planned end the real one."""
    figure = Figures(ended())
    assert figure("A 29", "aantal") == (5, None, 5)
    assert figure("A 29", "percentage_succesvol") == (3, 4, 75)
    assert figure("A 30", "aantal") == (1, None, 1)
    assert figure("A 30", "percentage") == (1, 3, 100 / 3)
    assert figure("A 31", "percentage") == (4, 5, 80)


def test_a_35_needs_both_amounts() -> None:
    """Savings without costs would be free money; dividing by nothing would be a figure."""
    figure = Figures(ended())
    assert figure("A 35", "verhouding") == (250, 100, 2.5)
    tables = ended()
    tables["interventie"][0]["kosten"] = Decimal(0)
    assert Figures(tables)("A 35", "verhouding") == NOEMER_NUL


def marks(*rows: tuple[str, date, str, str | None, str]) -> Tables:
    return {
        "tevredenheid": [
            {"meting_id": str(n), "groep": group, "datum": day, "score": Decimal(mark), "respondent_id": who}
            | {"gemeente_code": code}
            for n, (group, day, mark, who, code) in enumerate(rows)
        ]
    }


def test_a_32_takes_the_last_mark_of_a_respondent() -> None:
    """Who is asked three times would weigh three times; a mark in another gemeente would be counted in both."""
    figure = Figures(
        marks(
            ("deelnemer", date(2024, 1, 1), "2", "w", GM),
            ("deelnemer", date(2024, 6, 1), "8", "w", GM),
            ("deelnemer", date(2024, 2, 1), "1", "v", GM),
            ("deelnemer", date(2024, 9, 1), "9", "v", "GM0758"),
            ("deelnemer", date(2024, 6, 1), "5", None, GM),
            ("deelnemer", date(2024, 6, 1), "7.5", None, GM),
            ("partner", date(2024, 6, 1), "6", "w", GM),
            ("opdrachtgever", date(2024, 6, 1), "4", None, GM),
        )
    )
    assert figure("A 32", "gemiddelde") == (20.5, 3, 20.5 / 3)
    assert figure("A 32", "percentage_8_of_hoger") == (1, 3, 100 / 3)
    assert figure("A 32", "percentage_5_of_lager") == (1, 3, 100 / 3)
    assert figure("A 32", "gemiddelde", gebied="ORG") == (29.5, 4, 7.375)
    assert figure("A 32", "gemiddelde", periode="2024-Q1") == (3, 2, 1.5)
    assert figure("A 33", "gemiddelde") == (6, 1, 6)
    assert figure("A 34", "gemiddelde") == (4, 1, 4)


def follow_ups() -> Figures:
    ended = date(2024, 1, 1)
    rows = [
        ("early", "i", date(2024, 5, 19), True, True, None),
        ("first-day", "i", date(2024, 5, 20), True, None, None),
        ("last-day", "i", date(2024, 8, 12), False, None, Decimal(40)),
        ("late", "i", date(2024, 8, 13), True, True, Decimal(90)),
        ("tie", "i", date(2024, 6, 29), False, True, Decimal(90)),
        ("tie", "i", date(2024, 7, 3), True, False, Decimal(20)),
        ("blank", "i", date(2024, 7, 1), None, None, Decimal(90)),
        ("open", "running", date(2024, 7, 1), True, True, Decimal(90)),
    ]
    names = ("deelnemer_id", "interventie_id", "datum", "zonder_ondersteuning", "niveau_behouden", "inzet_omgeving_pct")
    return Figures(
        {
            "interventie": [intervention("i", date(2023, 1, 1), ended), intervention("running", date(2023, 1, 1))],
            "nazorgmeting": [
                {"nazorgmeting_id": str(n)} | dict(zip(names, one, strict=True)) for n, one in enumerate(rows)
            ],
        }
    )


def test_a_36_and_a_38_take_the_measurement_nearest_to_half_a_year() -> None:
    """A measurement on day 139 or 225 would count, and of two as near the earlier would win (days 180 and 184)."""
    figure = follow_ups()
    # first-day (140) yes, last-day (224) no, tie: 3 July, yes.
    assert figure("A 36", "aantal") == (2, None, 2)
    assert figure("A 36", "percentage") == (2, 3, 200 / 3)
    assert figure("A 36", "inzet_omgeving") == (60, 2, 30)
    # In the second quarter the tie is not there: the measurement of 29 June, no.
    assert figure("A 36", "percentage", periode="2024-Q2") == (1, 2, 50)
    assert figure("A 38", "aantal") == (0, None, 0)
    assert figure("A 38", "percentage") == (0, 1, 0)
    assert figure("A 38", "percentage", periode="2024-Q2") == (1, 1, 100)


def test_a_37_sees_a_relapse_from_one_day_to_a_year_after() -> None:
    """A continuation would be a relapse, two unknown issues would be the same, and a first year would be clean."""
    cases: list[dict[str, Any]] = []
    for name, gap, issue, linked in (
        ("joined", date(2024, 3, 1), "debt", False),
        ("next-day", date(2024, 3, 2), "debt", False),
        ("a-year", date(2025, 3, 1), "debt", False),
        ("over-a-year", date(2025, 3, 2), "debt", False),
        ("other-issue", date(2024, 4, 1), "home", False),
        ("linked", date(2024, 4, 1), "home", True),
        ("unknown", date(2024, 4, 1), None, False),
    ):
        who = {"deelnemer_id": name}
        cases.append(case(f"{name}-1", date(2023, 5, 1), date(2024, 3, 1), vraagstuk=issue and "debt") | who)
        link = f"{name}-1" if linked else None
        again = case(f"{name}-2", gap, vraagstuk=issue, terugval_van_casus_id=link, gemeente_code="GM0758")
        cases.append(again | who)
    cases.append(case("other", date(2024, 4, 1), terugval_van_casus_id="joined-1", gemeente_code="GM0758"))
    figure = Figures({"casus": cases}, van=date(2023, 1, 1), peildatum=date(2025, 3, 31))
    assert figure("A 37", "aantal", gebied="GM0758") == (2, None, 2)
    assert figure("A 37", "percentage", gebied="GM0758") == NOEMER_NUL
    assert figure("A 37", "percentage") == (0, 7, 0)
    assert figure("A 37", "percentage", gebied="ORG") == (2, 7, 200 / 7)
    # A gap of 365 days counts, one of 366 does not; the cases ended 306 days before 2025 began.
    assert figure("A 37", "percentage", gebied="ORG", periode="2025-Q1") == (1, 7, 100 / 7)
    # 365 days before 2023 nothing was delivered; before 2024 just enough was.
    assert figure("A 37", "aantal", periode="2023") == NIET_GELEVERD
    assert Figures({"casus": cases}, van=date(2023, 1, 2))("A 37", "aantal") == NIET_GELEVERD


def test_a_39_needs_the_same_person_in_both_and_the_first_ended() -> None:
    """A parallel intervention would be a follow-up, and so would a chain that bites its own tail."""
    day = date(2024, 7, 1)
    rows = [
        intervention("first", date(2024, 1, 1), day),
        intervention("next", day, vervolg_op_interventie_id="first"),
        intervention("parallel", date(2024, 6, 30), vervolg_op_interventie_id="first"),
        intervention("itself", day, day, vervolg_op_interventie_id="itself"),
        intervention("round-1", day, day, vervolg_op_interventie_id="round-2"),
        intervention("round-2", day, day, vervolg_op_interventie_id="round-1"),
        intervention("lost", day, vervolg_op_interventie_id="elders"),
    ]
    both = [
        {"interventie_id": one["interventie_id"], "deelnemer_id": one["interventie_id"], "van": day} for one in rows
    ]
    both += [{"interventie_id": name, "deelnemer_id": "grows", "van": day} for name in ("first", "next")]
    both += [{"interventie_id": name, "deelnemer_id": "parallel", "van": day} for name in ("first",)]
    both += [{"interventie_id": f"round-{n}", "deelnemer_id": "dizzy", "van": day} for n in (1, 2)]
    figure = Figures({"interventie": rows, "interventie_deelname": both})
    assert figure("A 39", "aantal") == (1, None, 1)
    assert figure("A 39", "aantal", periode="2024-Q2") == (0, None, 0)


def test_a_40_never_adds_kinds() -> None:
    """Volunteers and euros would be one number."""
    found = [("vrijwilliger", 2), ("vrijwilliger", 3), ("donatie", 50)]
    rows = [
        {"bijvangst_id": str(n), "interventie_id": "i", "datum": date(2024, 1, 1), "soort": kind, "aantal": number}
        for n, (kind, number) in enumerate(found)
    ]
    figure = Figures({"interventie": [intervention("i", date(2023, 1, 1))], "bijvangst": rows})
    assert figure("A 40", "aantal", "bijvangst: vrijwilliger") == (5, None, 5)
    assert figure("A 40", "aantal", "bijvangst: donatie") == (50, None, 50)
    assert figure("A 40", "aantal", "bijvangst: donatie", periode="2024-Q2") == (0, None, 0)


def test_a_41_wants_the_order_right_and_in_time() -> None:
    """An order nobody processed would be left out, and one without a deadline would be late."""
    figure = Figures(orders())
    assert figure("A 41", "aantal") == (1, None, 1)
    assert figure("A 41", "percentage") == (1, 4, 25)


def test_a_42_puts_a_correction_in_its_own_year() -> None:
    """A correction on last year's budget would change last year."""
    figure = Figures(
        {
            "budget": [
                {"budget_id": "old", "datum_besluit": date(2023, 1, 1), "bedrag_toegekend": Decimal(1000)},
                {"budget_id": "new", "datum_besluit": date(2024, 1, 1), "bedrag_toegekend": Decimal(500)},
            ],
            "budgetcorrectie": [
                {"correctie_id": str(n), "budget_id": budget, "datum": date(2024, 2, 1), "bedrag": Decimal(amount)}
                for n, (budget, amount) in enumerate(
                    [("old", "100"), ("old", "-160.50"), ("new", "10.50"), ("new", "0")]
                )
            ],
        }
    )
    assert figure("A 42", "netto") == (-50, None, -50)
    assert figure("A 42", "aanvullend") == (110.5, None, 110.5)
    assert figure("A 42", "restitutie") == (-160.5, None, -160.5)
    assert figure("A 42", "percentage_van_toegekend") == (-50, 500, -10)
    assert figure("A 42", "netto", periode="2023") == (0, None, 0)


def test_k_1_is_per_group_and_together() -> None:
    """Marks of participants would be among those of staff."""
    day = date(2024, 1, 1)
    figure = Figures(
        marks(
            ("medewerker", day, "6", "m", GM),
            ("medewerker", date(2024, 2, 1), "8", "m", GM),
            ("vrijwilliger", day, "9", None, GM),
            ("deelnemer", day, "1", None, GM),
        )
    )
    assert figure("K 1", "gemiddelde") == (17, 2, 8.5)
    assert figure("K 1", "gemiddelde", "medewerker") == (8, 1, 8)
    assert figure("K 1", "gemiddelde", "stagiair") == NOEMER_NUL


def test_k_2_counts_methods_recognised_in_the_period() -> None:
    """A recognition that ran out would count; a method nobody described would be left out of the whole."""
    levels = [
        ("described", "goed_beschreven", date(2020, 1, 1), date(2024, 1, 1)),
        ("expired", "effectief", date(2020, 1, 1), date(2023, 12, 31)),
        ("founded", "goed_onderbouwd", date(2024, 12, 31), None),
        ("none", "geen", date(2020, 1, 1), None),
        ("unused", "effectief", date(2020, 1, 1), None),
    ]
    names = ("methodiek", "erkenning", "erkend_van", "erkend_tot")
    used = ["described", "described", "expired", "founded", "none", "unlisted", None]
    day = date(2024, 1, 1)
    rows = [intervention(str(n), day, methodiek=name) for n, name in enumerate(used)]
    rows.append(intervention("over", date(2023, 1, 1), date(2023, 12, 31), methodiek="unused"))
    figure = Figures({"interventie": rows, "methodiek": [dict(zip(names, one, strict=True)) for one in levels]})
    assert figure("K 2", "percentage") == (2, 5, 40)
    assert figure("K 2", "percentage_goed_onderbouwd") == (1, 5, 20)
    assert figure("K 2", "percentage_interventies") == (3, 6, 50)


def staff() -> Tables:
    return {
        "medewerker": [
            {"medewerker_id": who, "soort": "stagiair" if who == "intern" else "medewerker"}
            for who in ("two", "expired", "intern", "idle")
        ],
        "medewerker_inzet": [
            {"medewerker_id": who, "gemeente_code": code, "van": date(2024, 1, 1), "tot": tot, "fte": Decimal(1)}
            for who, code, tot in (
                ("two", GM, None),
                ("two", "GM0758", None),
                ("expired", GM, None),
                ("intern", GM, date(2024, 6, 1)),
            )
        ],
        "medewerker_registratie": [
            {"medewerker_id": who, "register": register, "geldig_van": date(2024, 1, 1), "geldig_tot": tot}
            for who, register, tot in (
                ("two", "SKJ", None),
                ("two", "OVERIG", date(2025, 1, 1)),
                ("expired", "BIG", date(2024, 12, 31)),
                ("intern", "SKJ", None),
                ("idle", "SKJ", None),
            )
        ],
        "educatietraject": [
            {"educatietraject_id": f"{who}-{start}", "medewerker_id": who, "startdatum": start, "einddatum": end}
            for who, start, end in (
                ("two", date(2024, 1, 1), None),
                ("intern", date(2024, 8, 1), date(2024, 8, 2)),
                ("idle", date(2024, 1, 1), None),
                ("two", date(2023, 1, 1), date(2023, 12, 31)),
            )
        ],
    }


def test_k_3_counts_registered_heads_at_work_on_the_last_day() -> None:
    """Two registers would be two employees; a registration that ends on the day, or an intern, would count."""
    figure = Figures(staff())
    assert figure("K 3", "aantal") == (1, None, 1)
    assert figure("K 3", "percentage") == (1, 2, 50)
    assert figure("K 3", "percentage", gebied="GM0758") == (1, 1, 100)
    assert figure("K 3", "percentage", gebied="ORG") == (1, 2, 50)


def test_k_4_counts_education_where_the_employee_works() -> None:
    """A track would be lost with who has no place of work, or be two for the organisation."""
    figure = Figures(staff())
    # The intern works here in the first half of the year, the track is of August: both are in the year.
    assert figure("K 4", "aantal") == (2, None, 2)
    assert figure("K 4", "aantal", gebied="GM0758") == (1, None, 1)
    assert figure("K 4", "aantal", gebied="GM9999") == (1, None, 1)
    assert figure("K 4", "aantal", gebied="ORG") == (3, None, 3)
    assert figure("K 4", "per_medewerker") == (2, 3, 2 / 3)
    # In the third quarter the intern works nowhere any more.
    assert figure("K 4", "aantal", periode="2024-Q3") == (1, None, 1)
    assert figure("K 4", "aantal", gebied="GM9999", periode="2024-Q3") == (2, None, 2)


def lists() -> Figures:
    filled = [
        ("1", "deelnemers", "young", date(2024, 2, 1), GM, {"1a1": "nee", "1a3": "ja"}),
        ("2", "deelnemers", "young", date(2024, 3, 1), "GM0758", {"1a1": "JA", "1a3": "nee"}),
        ("3", "deelnemers", None, date(2024, 2, 1), GM, {"1a1": " nee ", "1a3": "n.v.t.", "1a5": "ja"}),
        ("4", "deelnemers", None, date(2024, 2, 1), GM, {"1a1": "nvt"}),
        ("5", "deelnemers", "single", date(2024, 2, 1), GM, {"1a1": "misschien", "1a3": "ja", "1a5": "nee"}),
        ("6", "deelnemers", "single", date(2023, 2, 1), GM, {"1a1": "nee"}),
        ("7", "deelnemers", "stub", date(2024, 2, 1), GM, {"1a1": "ja"}),
        ("8", "professionals", "young", date(2024, 2, 1), GM, {"E1": "ja"}),
        ("9", "professionals", "young", date(2024, 3, 1), GM, {"E1": "nee"}),
        ("10", "professionals", "young", date(2024, 2, 1), GM, {"E1": "ja"}),
        ("11", "professionals", None, date(2024, 2, 1), GM, {"E1": "nee"}),
        ("12", "professionals", None, date(2024, 2, 2), GM, {"E1": "nvt"}),
    ]
    seen_by = {"8": "p", "9": "p", "10": "q"}
    names = ("afname_id", "vragenlijst", "deelnemer_id", "datum", "gemeente_code")
    people = [("young", 1997, "meerpersoons"), ("single", 1959, "alleenstaand")]
    return Figures(
        {
            "deelnemer": [
                {"deelnemer_id": who, "soort": "persoon", "geboortejaar": born, "huishoudtype": kind}
                for who, born, kind in people
            ],
            "vragenlijst_afname": [
                dict(zip(names, one[:5], strict=True)) | {"versie": "1", "professional_id": seen_by.get(one[0])}
                for one in filled
            ],
            "vragenlijst_antwoord": [
                {"afname_id": one[0], "vraagcode": code, "antwoord": answer}
                for one in filled
                for code, answer in one[5].items()
            ],
        }
    )


def test_an_effect_counts_respondents_positive_on_any_of_its_questions() -> None:
    """Not applicable would be a no, an unknown answer too, and who filled in two lists would be two people."""
    figure = lists()
    # Here: 3 (nee), 5 (ja on 1a3), 7 (ja); 4 answered nothing that applies; the last list of young is elsewhere.
    assert figure("E 1.1.3", "minstens_een") == (2, 3, 200 / 3)
    assert figure("E 1.1.3", "minstens_een", gebied="GM0758") == (1, 1, 100)
    assert figure("E 1.1.3", "minstens_een", gebied="ORG") == (3, 4, 75)
    assert figure("E 1.1.1", "minstens_een") == (1, 2, 50)
    assert figure("E 1.3.1", "minstens_een") == (1, 2, 50)
    assert figure("E 1.1.3", "minstens_een", "vraag 1a1") == (1, 2, 50)
    assert figure("E 1.1.3", "minstens_een", "vraag 1a3") == (1, 1, 100)
    assert figure("E 7.2.1", "minstens_een") == NOEMER_NUL
    # A year before only the first list of single was filled in.
    assert figure("E 1.1.1", "minstens_een", periode="2023") == (0, 1, 0)


def test_an_effect_by_age_or_household_has_a_row_for_who_is_unknown() -> None:
    """Anonymous lists would fall out, or a birthday would shift a class: 27 and 65 in the year 2024."""
    figure = lists()
    assert figure("E 1.1.3", "minstens_een", "18-27", gebied="ORG") == (1, 1, 100)
    assert figure("E 1.1.3", "minstens_een", "28-64", gebied="ORG") == NOEMER_NUL
    assert figure("E 1.1.3", "minstens_een", "65+", gebied="ORG") == (1, 1, 100)
    assert figure("E 1.1.3", "minstens_een", "leeftijd onbekend", gebied="ORG") == (1, 2, 50)
    assert figure("E 1.2.1", "minstens_een") == (2, 2, 100)
    assert figure("E 1.2.1", "minstens_een", "alleenstaand") == (1, 1, 100)
    assert figure("E 1.2.1", "minstens_een", "huishouden onbekend") == (1, 1, 100)
    assert figure("E 1.2.1", "minstens_een", "meerpersoons") == NOEMER_NUL
    assert figure("E 1.2.2", "minstens_een") == (1, 1, 100)
    assert figure("E 1.2.2", "minstens_een", "vraag 1a5") == (0, 1, 0)


def test_a_professional_answers_once_per_client() -> None:
    """The first impression would count beside the last, and professionals would be mixed with participants."""
    # p on young: nee; q on young: ja; 11: nee; 12 does not apply.
    assert lists()("prof E1", "percentage") == (1, 3, 100 / 3)


def test_b_counts_participants_with_a_case_of_the_leefgebied() -> None:
    """Two cases would be two people."""
    cases = [
        case("a", date(2023, 1, 1), leefgebied=3, deelnemer_id="d"),
        case("b", date(2024, 1, 1), leefgebied=3, deelnemer_id="d"),
        case("c", date(2024, 1, 1), leefgebied=4, deelnemer_id="e"),
        case("closed", date(2023, 1, 1), date(2023, 12, 31), leefgebied=3, deelnemer_id="f"),
    ]
    figure = Figures({"casus": cases})
    assert figure("B 3", "deelnemers") == (1, None, 1)
    assert figure("B 3", "per_1000") == (1, 500, 2)
    assert figure("B 4", "per_1000") == NOEMER_ONTBREEKT
    assert figure("B 5", "deelnemers") == (0, None, 0)


def test_a_table_without_rows_is_nought_and_a_table_not_delivered_is_nothing() -> None:
    """Not registering anything would read as nothing having happened."""
    figure = Figures(signals({}) | {"casus": []})
    assert figure("A 12", "stand") == (0, None, 0)
    assert figure("A 3", "personen") == (0, None, 0)
    assert figure("A 9", "percentage") == NIET_GELEVERD
    assert figure("A 6", "aantal") == NIET_GELEVERD
    assert figure("A 15", "verhouding") == NIET_GELEVERD


def test_the_reference_knows_every_row_of_the_registry_and_no_other() -> None:
    """A figure of the mart would have nothing to be held against."""
    with (REGISTRY / "own_kpi.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    closed = {(one["kpi_id"], one["variant"], one["uitsplitsing"]) for one in rows if one["lijst"] == "false"}
    found = {(cell.kpi_id, cell.variant, cell.uitsplitsing) for cell in calculate(delivery(), lambda *_: None, 2024)}
    assert {key for key in found if ": " not in key[2]} == closed
    lists = {(one["kpi_id"], one["variant"], one["uitsplitsing"]) for one in rows if one["lijst"] == "true"}
    assert {(kpi_id, variant, split.split(":")[0]) for kpi_id, variant, split in found if ": " in split} == lists


def test_the_registry_names_the_tables_that_the_definitions_need() -> None:
    """A KPI would be 0 where a table it needs was not delivered."""
    with (REGISTRY / "own_kpi_table.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    named: dict[tuple[str, str], set[str]] = {}
    for one in rows:
        named.setdefault((one["kpi_id"], one["variant"]), set()).add(one["tabel"])
    assert {key: tables for key, tables in named.items() if tables != needs(*key)} == {}


def test_the_same_seed_gives_the_same_delivery() -> None:
    """A difference found once could not be found again: not even the order of a set may play a part."""
    script = "from tests.own_data.delivery import delivery; print(delivery(3))"
    texts = {
        subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, env={"PYTHONHASHSEED": str(n)}, capture_output=True, check=True
        ).stdout
        for n in (1, 2)
    }
    assert len(texts) == 1
    assert delivery(3) != delivery(4)
