"""The cells of the small lake: for every rule of the mart a handful of figures that would go wrong without it.

The division of the publication is that of 2024. Figures are invented unless a test says that they are published.
"""

from __future__ import annotations

from tests.dbt_project.lake import Cells, Lake

LOW_INCOME = {"DuurInkomenspositie": "A1", "InkomensgrensHuishouden": "B1", "KenmerkenVanHuishoudens": "1050010"}
POPULATION = {"BurgerlijkeStaat": "T001019", "Geslacht": "T001038", "Leeftijd": "10000"}
HOUSEHOLDS = {"LeeftijdReferentiepersoon": "10000"}
ADULTS = {"Leeftijd": "20300", "Marges": "MW00000"}
BENEFITS = {"UitkeringenInRelatieMetDeAOW": "T001"}


def fill(lake: Lake) -> None:
    """Put everything into the lake that the tests ask about."""
    lake.roster("gebieden_85755NED", 2024)
    _low_income(lake)
    _health(lake)
    _police(lake)
    _population(lake)
    _benefits(lake)
    _school(lake)
    _social_domain(lake)
    _scores(lake)
    _district_figures(lake)
    _national_only(lake)
    lake.handmatig(
        [
            ("I 1.3.2", "GM0014", 2024, 512.0, "aantal", "Voedselbank Groningen"),
            ("I 1.3.2", "GM0003", 2020, 10.0, "aantal", "Voedselbank"),
            ("I 1.3.2", "GM0010", 2020, 20.0, "aantal", "Voedselbank"),
            ("I 1.3.2", "GM0024", 2020, 5.0, "aantal", "Voedselbank"),
            ("I 2.2.1", "GM0014", 2023, 29.0, "%", "Burgerpeiling"),
            ("I 2.3.1", "GM0014", 2023, 33.0, "%", "Burgerpeiling"),
            ("I 4.1.1", "GM0014", 2024, 12.5, "%", "GGD"),
        ]
    )
    lake.absent("cbs_86008NED")
    lake.absent("cbs_86137NED", state="niet_nodig")
    lake.problem(
        "cbs_laag_inkomen_langdurig", "totaal", "cbs_86202NED", "Kolom ParticuliereHuishoudensRelatief niet gevonden."
    )


def _low_income(lake: Lake) -> None:
    lake.table(
        "cbs_86202NED",
        [
            Cells(
                ("cbs_laag_inkomen_1jaar", "totaal", "waarde", 1),
                "ParticuliereHuishoudensRelatief_4",
                {
                    ("NL01", "2011JJ00"): 6.9,
                    ("GM0014", "2011JJ00"): 7.1,
                    ("NL01", "2012JJ00"): None,
                    ("GM0014", "2012JJ00"): None,
                    ("NL01", "2023JJ00"): 5.1,
                    ("GM0014", "2023JJ00"): 8.123456789012345,
                    ("GM0758", "2023JJ00"): None,
                    ("GM1680", "2023JJ00"): 3.2,
                    ("PV20  ", "2023JJ00"): 7.7,
                    ("GM0014", "2024JJ00"): 9.9,
                },
                LOW_INCOME,
                {"2011JJ00": "definitief", "2012JJ00": "definitief", "2023JJ00": "voorlopig"},
            )
        ],
        indelingsjaar=2025,
    )


def _health(lake: Lake) -> None:
    figures = {
        "NL01": 13.6,
        "GM0758": 13.1,
        "GM0003": 15.0,
        "GM0010": 14.0,
        "GM0024": 16.0,
        "GM0788": 17.0,
        "GM0757": 14.4,
        "GM0855": 12.5,
        "GM0439": 12.0,
        "GM0370": 13.0,
        "GM0080": 13.3,
    }
    lake.table(
        "rivm_50090NED",
        [
            Cells(
                ("rivm_mantelzorger", "18+", "waarde", 1),
                "Mantelzorger_32",
                {(region, "2020JJ00"): value for region, value in figures.items()},
                ADULTS,
            )
        ],
        indelingsjaar=2020,
    )


def _police(lake: Lake) -> None:
    trespass = {
        "2.4.1": {("NL01", "2023JJ00"): 229.0, ("GM0014", "2023JJ00"): 5.0, ("GM0153", "2023JJ00"): None}
        | {("GM0014", "2023MM01"): 1.0},
        "2.4.2": {("NL01", "2023JJ00"): 3234.0, ("GM0014", "2023JJ00"): 30.0, ("GM0153", "2023JJ00"): 11.0}
        | {("GM0758", "2023JJ00"): 20.0, ("GM0998", "2023JJ00"): 9.0},
        "2.7.3": {("NL01", "2023JJ00"): 1062.0, ("GM0014", "2023JJ00"): 7.0},
    }
    violence = {
        "1.4.3": {("NL01", "2023JJ00"): 4037.0, ("GM0014", "2023JJ00"): 100.0, ("GM0153", "2023JJ00"): 5.0}
        | {("GM1979", "2020JJ00"): 10.0},
        "1.4.4": {("NL01", "2023JJ00"): 23298.0, ("GM0014", "2023JJ00"): 300.0, ("GM1979", "2020JJ00"): 20.0},
        "1.4.5": {("NL01", "2023JJ00"): 39268.0, ("GM0014", "2023JJ00"): 400.0, ("GM1979", "2020JJ00"): 16.0},
    }
    lake.table(
        "politie_47013NED",
        [
            *_codes(("pol_huisverbod_vredebreuk", "totaal", "waarde", 1), trespass),
            *_codes(("pol_lichamelijke_integriteit", "totaal", "teller", 1), violence),
            *_codes(("pol_misdrijven_totaal", "totaal", "waarde", 1), {"0.0.0": {("GM1680", "2023JJ00"): 640.0}}),
        ],
        indelingsjaar=2024,
        state="fout",
        verouderd_sinds="2026-10-01",
        melding="503 Service Unavailable",
    )


def _codes(
    series: tuple[str, str, str, int], figures: dict[str, dict[tuple[str, str | None], float | None]]
) -> list[Cells]:
    return [
        Cells(series, "GeregistreerdeMisdrijven_1", values, {"SoortMisdrijf": code}, {"*": "definitief"})
        for code, values in figures.items()
    ]


def _population(lake: Lake) -> None:
    values = {
        ("NL01", "2023JJ00"): 17811291.0,
        ("GM0014", "2023JJ00"): 238147.0,
        ("GM0758", "2023JJ00"): 186438.0,
        ("GM1680", "2023JJ00"): 0.0,
        ("GM1979", "2023JJ00"): 45000.0,
        ("NL01", "2020JJ00"): 17407585.0,
        ("GM0014", "2020JJ00"): 232874.0,
        ("GM0003", "2020JJ00"): 11642.0,
        ("GM0010", "2020JJ00"): 24716.0,
        ("GM0024", "2020JJ00"): 9561.0,
        ("GM1979", "2020JJ00"): None,
    }
    status = {"2020JJ00": "definitief", "2023JJ00": "voorlopig"}
    lake.table(
        "cbs_03759ned",
        [
            Cells(series, "BevolkingOp1Januari_1", values, POPULATION, status)
            for series in (
                ("inwoners", "totaal", "waarde", 1),
                ("pol_lichamelijke_integriteit", "totaal", "noemer", 1),
            )
        ],
    )


def _benefits(lake: Lake) -> None:
    parts = {
        1: {"GM0014": 6000.0, "GM0501": 100.0, "GM0530": 200.0, "GM0614": 50.0, "GM0758": 900.0, "GM1680": 90.0},
        2: {"GM0014": 1500.0, "GM0501": 20.0, "GM0530": 40.0, "GM0614": 10.0, "GM0758": None, "GM1680": 10.0},
        3: {"GM0014": 900.0, "GM0501": 30.0, "GM0530": 60.0, "GM0614": 20.0, "GM0758": 70.0},
    }
    lake.table(
        "cbs_82015NED",
        [
            Cells(
                ("cbs_bijstand_huishoudens", "totaal", "teller", part),
                f"Leefvorm_{part}",
                {(region, "2022MM12"): value for region, value in values.items()}
                | {("GM0014", "2022MM11"): 1.0, ("GM0014", "2024MM12"): 10.0},
                BENEFITS,
                {"*": "definitief"},
            )
            for part, values in parts.items()
        ],
    )
    households = {
        ("GM0014", "2022JJ00"): 7.0,
        ("GM0014", "2023JJ00"): 140000.0,
        ("GM1992", "2023JJ00"): 32000.0,
        ("GM0344", "2024JJ00"): 190000.0,
        ("GM0014", "2024JJ00"): 141000.0,
    }
    lake.table(
        "cbs_71486ned",
        [
            Cells(series, "TotaalParticuliereHuishoudens_1", households, HOUSEHOLDS, {"*": "definitief"})
            for series in (
                ("cbs_bijstand_huishoudens", "totaal", "noemer", 1),
                ("cbs_sociaal_domein_wmo", "Wmo", "noemer", 1),
            )
        ],
    )


def _school(lake: Lake) -> None:
    figures = {"VoortijdigSchoolverlaters_2": ("teller", 40.0), "Leerlingen_1": ("noemer", 1790.0)}
    lake.table(
        "cbs_84780NED",
        [
            Cells(
                ("cbs_vsv", "totaal", rol, 1),
                measure,
                {("GM1680", "2022SJ00"): value, ("GM0738", "2022SJ00"): None},
                {"Geslacht": "T001038"},
            )
            for measure, (rol, value) in figures.items()
        ],
    )


def _social_domain(lake: Lake) -> None:
    total = {"AantalVoorzieningen": "T1", "SoortVoorzieningSociaalDomein": "T2"}
    share = ("cbs_sociaal_domein_totaal", "totaal", "waarde", 1)
    wmo = {
        "alleen": {"GM0344": 13660.0, "GM0014": 10.0, "GM0758": 10.0},
        "p": {"GM0344": 3280.0, "GM0014": 10.0, "GM0758": None},
        "jeugd": {"GM0344": 475.0, "GM0014": 10.0, "GM0758": 10.0},
        "alle": {"GM0344": 235.0, "GM0758": 10.0},
    }
    lake.table(
        "cbs_85994NED",
        [
            Cells(share, "HuishoudensMetVoorzieningen_8", {("GM0014", "2024JJ00"): 123.4}, total),
            *(
                Cells(
                    ("cbs_sociaal_domein_wmo", "Wmo", "teller", 1),
                    "HuishoudensMetVoorzieningen_6",
                    {(region, "2024JJ00"): value for region, value in values.items()},
                    {"AantalVoorzieningen": "T1", "SoortVoorzieningSociaalDomein": member},
                )
                for member, values in wmo.items()
            ),
        ],
    )
    lake.table(
        "cbs_86156NED",
        [
            Cells(
                share,
                "HuishoudensMetVoorzieningen_9",
                {("GM0014", "2025JJ00"): 125.0, ("GM0014", "2024JJ00"): 999.0},
                total,
            )
        ],
    )


def _scores(lake: Lake) -> None:
    scores = {("GM0014", "2014JJ00"): -0.02, ("GM0014", "2024JJ00"): -0.0343701, ("GM0758", "2024JJ00"): -0.0280824}
    lake.table(
        "leefbaarometer_meting-2024", [Cells(("lbm3_onv", "totaal", "waarde", 1), "onv", scores)], indelingsjaar=2024
    )
    cohesion = {("GM0014", "2023JJ00"): 6.1, ("GM0758", "2023JJ00"): 6.0, ("GM0758", "2021JJ00"): 6.2}
    lake.table(
        "cbs_85146NED",
        [
            Cells(
                ("cbs_vm_sociale_cohesie", "totaal", "waarde", 1),
                "SocialeCohesieSchaalscore_15",
                cohesion,
                {"Marges": "MW00000"},
                {"2021JJ00": "nader_voorlopig", "*": "definitief"},
            )
        ],
    )


def _district_figures(lake: Lake) -> None:
    lake.table(
        "cbs_85984NED",
        [
            Cells(
                ("kwb_netto_arbeidsparticipatie", "totaal", "waarde", 1),
                "Nettoarbeidsparticipatie_68",
                {("GM0014", None): 66.0, ("GM0758", None): 71.0},
            ),
            Cells(
                ("kwb_stedelijkheid", "totaal", "waarde", 1),
                "MateVanStedelijkheid_105",
                {("GM0014", None): 1.0, ("GM0758", None): 2.0},
            ),
        ],
    )


def _national_only(lake: Lake) -> None:
    lake.table(
        "cbs_85541NED",
        [
            Cells(
                ("cbs_informele_hulp", "totaal", "waarde", 1),
                "InformeleHulp_16",
                {("NL01", "2023JJ00"): 30.1, ("NL01", "2022JJ00"): 31.0},
                {"Kenmerken": "T009002", "Marges": "MW00000"},
                {"*": "definitief"},
            )
        ],
    )
