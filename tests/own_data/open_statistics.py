"""Open figures beside the invented delivery: what goes into the lake, and the denominators that follow from them.

One gemeente has no figures at all and one only those of an earlier year, so that both occur in the comparison.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.dbt_project.lake import Cells, Lake

ORG = "ORG"
Yearly = Mapping[tuple[str, int], float]
INWONERS: Yearly = {
    ("GM0014", 2022): 235287,
    ("GM0014", 2023): 238147,
    ("GM0014", 2024): 243833,
    ("GM0758", 2023): 186438,
    ("GM0758", 2024): 188000,
    ("GM0758", 2025): 189500,
    ("GM1979", 2023): 45200,
}
ADULTS: Yearly = {key: value * 0.75 for key, value in INWONERS.items()}
HOUSEHOLDS: Yearly = {("GM0014", 2023): 140000, ("GM0014", 2024): 141000, ("GM0758", 2024): 90000}
BENEFITS: Yearly = {("GM0014", 2023): 8400, ("GM0014", 2024): 8300, ("GM0758", 2023): 5200}
LOW_INCOME: Yearly = {("GM0014", 2022): 8.5, ("GM0014", 2023): 8.1, ("GM0758", 2023): 6.4}
LONELY: Yearly = {("GM0014", 2022): 48.5, ("GM0014", 2024): 47.5, ("GM0758", 2022): 45.0}
VERY_LONELY: Yearly = {key: value / 3 for key, value in LONELY.items()}
AT_RISK: Yearly = {("GM0014", 2022): 9.5, ("GM0014", 2024): 8.5, ("GM0758", 2022): 7.5}
IN_CONTROL: Yearly = {("GM0014", 2020): 88.0, ("GM0014", 2024): 86.0, ("GM0758", 2020): 90.0}


def fill(lake: Lake) -> None:
    """Put the tables into the lake."""
    lake.roster("gebieden_85755NED", 2024)
    people = {"BurgerlijkeStaat": "T001019", "Geslacht": "T001038"}
    lake.table(
        "cbs_03759ned",
        [
            _cells(("inwoners", "totaal", "waarde"), "BevolkingOp1Januari_1", INWONERS, people | {"Leeftijd": "10000"}),
            _cells(("inwoners", "18+", "waarde"), "BevolkingOp1Januari_1", ADULTS, people | {"Leeftijd": "20300"}),
        ],
    )
    lake.table(
        "cbs_71486ned",
        [
            _cells(
                ("cbs_bijstand_huishoudens", "totaal", "noemer"),
                "TotaalParticuliereHuishoudens_1",
                HOUSEHOLDS,
                {"LeeftijdReferentiepersoon": "10000"},
            )
        ],
    )
    lake.table(
        "cbs_82015NED",
        [
            Cells(
                ("cbs_bijstand_huishoudens", "totaal", "teller", part),
                f"Leefvorm_{part}",
                {(region, f"{year}MM12"): value * share for (region, year), value in BENEFITS.items()},
                {"UitkeringenInRelatieMetDeAOW": "T001"},
                {"*": "definitief"},
            )
            for part, share in ((1, 0.5), (2, 0.25), (3, 0.25))
        ],
    )
    low_income = {"DuurInkomenspositie": "A1", "InkomensgrensHuishouden": "B1", "KenmerkenVanHuishoudens": "1050010"}
    lake.table(
        "cbs_86202NED",
        [_cells(("cbs_laag_inkomen_1jaar", "totaal", "waarde"), "Relatief_4", LOW_INCOME, low_income)],
    )
    adults = {"Leeftijd": "20300", "Marges": "MW00000"}
    lake.table(
        "rivm_50150NED",
        [
            _cells(("rivm_eenzaam", "18+", "waarde"), "Eenzaam_1", LONELY, adults),
            _cells(("rivm_sterk_eenzaam", "18+", "waarde"), "SterkEenzaam_4", VERY_LONELY, adults),
            _cells(("rivm_hoog_risico_angst_depressie", "18+", "waarde"), "HoogRisico_2", AT_RISK, adults),
            _cells(("rivm_regie_eigen_leven", "18+", "waarde"), "Regie_3", IN_CONTROL, adults),
        ],
        indelingsjaar=2024,
    )


def denominator(kpi_id: str, gebied: str, year: int) -> float | None:
    """Inwoners, or the target population of a reach KPI: of the year, else of the newest year before it."""
    if gebied == ORG:
        return None
    people = {"A 7": INWONERS, "A 12": INWONERS, "A 21": INWONERS, "B 2": INWONERS, "B 3": BENEFITS, "B 5": INWONERS}
    if kpi_id in people:
        return _newest(people[kpi_id], gebied, year)
    whole, share = {
        "B 1": (HOUSEHOLDS, LOW_INCOME),
        "B 4": (ADULTS, LONELY),
        "B 6": (ADULTS, AT_RISK),
        "B 7": (ADULTS, {key: 100 - value for key, value in IN_CONTROL.items()}),
    }[kpi_id]
    number, percent = _newest(whole, gebied, year), _newest(share, gebied, year)
    return None if number is None or percent is None else number * percent / 100


def _newest(figures: Yearly, gebied: str, year: int) -> float | None:
    years = [known for region, known in figures if region == gebied and known <= year]
    return figures[gebied, max(years)] if years else None


def _cells(series: tuple[str, str, str], measure: str, figures: Yearly, members: Mapping[str, str]) -> Cells:
    values = {(region, f"{year}JJ00"): float(value) for (region, year), value in figures.items()}
    return Cells((*series, 1), measure, values, members, {"*": "definitief"})
