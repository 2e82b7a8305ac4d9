"""Own data from a delivery in the lake to exact figures: what is 0, what is missing, and where a record falls.

The traps of single KPIs are unit tests beside their models; here stands what only shows when everything is joined.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any

import pytest

from tests.dbt_project.conftest import REGISTRY, Build, RunDbt
from tests.dbt_project.delivery import KOLOM, LEVERING, QUARANTAINE, TABEL, Delivery, contract
from tests.dbt_project.lake import Cells, Lake

pytestmark = pytest.mark.xdist_group("dbt")

# Figures and their tests, not those of seeds and open statistics, which the other build runs.
OWN = ("build", "--select", "+int_eigen_waarde", "--indirect-selection", "cautious")
NO_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
PEOPLE = {"BurgerlijkeStaat": "T001019", "Geslacht": "T001038"}
ADULTS = {"Leeftijd": "20300", "Marges": "MW00000"}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, run_dbt: RunDbt) -> Build:
    """A delivery of thirteen and a half months, built once."""
    folder = tmp_path_factory.mktemp("own")
    lake = Lake(folder / "lake", REGISTRY)
    _open_statistics(lake)
    _delivery().into(lake)
    return run_dbt(folder, lake.pins(folder / "pins.json"), *OWN, *NO_UNIT_TESTS)


def _delivery() -> Delivery:
    delivery = Delivery(REGISTRY, "2023-04-01", "2024-05-15")
    delivery.table(
        "casus",
        _case("c1", "p1", "GM0014", 1, end="2024-03-31"),
        _case("c2", "p1", "GM0003", 1),
        _case("c3", "p2", "GM0788", 6),
        _case("c4", "p3", None, None),
        _case("c5", "p4", "GM0014", 7),
        _case("c6", "p5", "GM0014", 7),
    )
    delivery.table(
        "signaal",
        {"deelnemer_id": "p1", "gemeente_code": "GM0014", "datum_ontvangen": "2023-06-30", "herkomst": "reactief"},
        quarantaine=1,
    )
    delivery.table("deelnemer")
    delivery.table("interventie")
    delivery.table("tevredenheid")
    delivery.table("medewerker", {"medewerker_id": "m1", "soort": "medewerker", "in_dienst_van": "2020-01-01"})
    delivery.table("medewerker_inzet")
    delivery.table("educatietraject", {"medewerker_id": "m1", "startdatum": "2024-01-01"})
    return delivery


def _case(key: str, person: str, gemeente: str | None, domain: int | None, end: str | None = None) -> dict[str, Any]:
    case = {"casus_id": key, "deelnemer_id": person, "gemeente_code": gemeente, "leefgebied": domain}
    return case | {"startdatum": "2023-05-01", "einddatum": end}


def _open_statistics(lake: Lake) -> None:
    lake.roster("gebieden_85755NED", 2024)
    inhabitants = {("GM0014", "2022JJ00"): 200000.0, ("GM0014", "2024JJ00"): 250000.0, ("GM1979", "2023JJ00"): 45000.0}
    adults = {("GM0014", "2023JJ00"): 160000.0}
    lake.table(
        "cbs_03759ned",
        [
            Cells(("inwoners", "totaal", "waarde", 1), "Bevolking_1", inhabitants, PEOPLE | {"Leeftijd": "10000"}),
            Cells(("inwoners", "18+", "waarde", 1), "Bevolking_1", adults, PEOPLE | {"Leeftijd": "20300"}),
        ],
    )
    control = {("GM0014", "2020JJ00"): 87.5}
    lake.table(
        "rivm_50150NED",
        [Cells(("rivm_regie_eigen_leven", "18+", "waarde", 1), "Regie_3", control, ADULTS)],
        indelingsjaar=2024,
    )


def _figure(built: Build, kpi_id: str, variant: str, gemeente_code: str, periode: str) -> dict[str, Any]:
    return built.row(
        "eigen.int_eigen_waarde",
        kpi_id=kpi_id,
        variant=variant,
        uitsplitsing="totaal",
        gemeente_code=gemeente_code,
        periode=periode,
    )


def test_every_model_and_check_of_own_data_holds(own: Build) -> None:
    """A figure under an unknown name, or one count with two numbers, would go unnoticed."""
    assert {name: status for name, status in own.results.items() if status not in ("success", "pass", "no-op")} == {}
    assert sum("eigen" in name for name in own.results) > 5


def test_every_figure_has_a_row_in_every_area_and_period(own: Build) -> None:
    """A gemeente without records, or a KPI nobody registers, would drop out of the tables."""
    areas = ["GM0014", "GM1979", "GM9999", "ORG"]
    periods = ["2023", "2023-Q2", "2023-Q3", "2023-Q4", "2024", "2024-Q1", "2024-Q2"]
    found = own.query("select distinct gemeente_code from eigen.int_eigen_waarde order by 1")
    assert [area for (area,) in found] == areas
    found = own.query("select distinct periode from eigen.int_eigen_waarde order by 1")
    assert [period for (period,) in found] == periods
    with (REGISTRY / "own_kpi.csv").open(encoding="utf-8", newline="") as stream:
        named = [row for row in csv.DictReader(stream) if row["lijst"] == "false"]
    assert own.one("select count(*) from eigen.int_eigen_waarde") == (len(named) * len(areas) * len(periods),)


@pytest.mark.parametrize(
    ("kpi_id", "variant", "value", "reason"),
    [
        ("A 23", "aantal", 0.0, None),
        ("A 23", "percentage", None, "noemer_nul"),
        ("K 1", "gemiddelde", None, "noemer_nul"),
        ("K 2", "percentage", None, "niet_geleverd"),
        ("A 1", "uren", None, "niet_geleverd"),
        ("A 4", "mediaan", None, "noemer_nul"),
        ("A 37", "aantal", None, "niet_geleverd"),
        ("E 1.1.1", "minstens_een", None, "niet_geleverd"),
    ],
)
def test_zero_is_not_missing(own: Build, kpi_id: str, variant: str, value: float | None, reason: str | None) -> None:
    """An empty table would look like one that was never delivered, or the other way round."""
    for area in ("GM0014", "GM1979", "ORG"):
        figure = _figure(own, kpi_id, variant, area, "2024")
        assert (figure["waarde"], figure["ontbreekt_reden"]) == (value, reason)
        assert (figure["teller"] is None) == (reason == "niet_geleverd")


@pytest.mark.parametrize(
    ("periode", "status"), [("2023", "onvolledig"), ("2023-Q3", "definitief"), ("2024-Q2", "onvolledig")]
)
def test_a_period_beyond_the_delivery_is_marked(own: Build, periode: str, status: str) -> None:
    """A year of which the first quarter was not delivered would be compared with whole years."""
    assert _figure(own, "A 12", "in_behandeling", "ORG", periode)["status"] == status


def test_a_table_of_which_much_was_refused_is_marked(own: Build) -> None:
    """Half of the signals would be missing from a figure that looks final."""
    assert _figure(own, "A 2", "aantal", "GM0014", "2023-Q2")["status"] == "onvolledig"
    assert _figure(own, "A 12", "stand", "GM0014", "2023-Q2")["status"] == "definitief"


@pytest.mark.parametrize(
    ("gemeente_code", "periode", "cases"),
    [
        ("GM0014", "2023-Q2", 3.0),
        ("GM0014", "2024-Q1", 2.0),
        ("GM1979", "2024-Q1", 1.0),
        ("GM9999", "2024-Q1", 2.0),
        ("ORG", "2024-Q1", 5.0),
    ],
)
def test_records_fall_in_the_gemeente_of_today(own: Build, gemeente_code: str, periode: str, cases: float) -> None:
    """Appingedam has merged, Haaren was divided, one case has no gemeente: all must stay in the total."""
    assert _figure(own, "A 12", "stand", gemeente_code, periode)["waarde"] == cases


def test_reach_is_counted_once_per_participant(own: Build) -> None:
    """One participant with cases in two gemeenten would be two participants of the organisation."""
    assert [_figure(own, "B 1", "deelnemers", area, "2023")["waarde"] for area in ("GM0014", "GM1979", "ORG")] == [
        1.0,
        1.0,
        1.0,
    ]


@pytest.mark.parametrize(
    ("kpi_id", "variant", "area", "periode", "expected"),
    [
        ("A 12", "per_10000_inwoners", "GM0014", "2024-Q1", (2.0, 250000.0, 0.08, 2024, None)),
        ("A 7", "per_1000_inwoners", "GM0014", "2023", (1.0, 200000.0, 0.005, 2022, None)),
        ("A 7", "per_1000_inwoners", "GM1979", "2023", (0.0, 45000.0, 0.0, 2023, None)),
        ("B 7", "per_1000", "GM0014", "2023", (2.0, 20000.0, 0.1, 2020, None)),
        ("B 7", "per_1000", "GM1979", "2023", (0.0, None, None, None, "noemer_ontbreekt")),
        ("B 2", "per_1000", "ORG", "2023", (0.0, None, None, None, "noemer_ontbreekt")),
        ("B 6", "per_1000", "GM9999", "2023", (1.0, None, None, None, "noemer_ontbreekt")),
    ],
)
def test_a_rate_stands_on_the_newest_open_figure_up_to_its_year(
    own: Build, kpi_id: str, variant: str, area: str, periode: str, expected: tuple[Any, ...]
) -> None:
    """A rate would use inhabitants of a later year, or a share of people who do have control over their life."""
    figure = _figure(own, kpi_id, variant, area, periode)
    names = ("teller", "noemer", "waarde", "noemer_jaar", "ontbreekt_reden")
    assert tuple(figure[name] for name in names) == expected


def test_a_course_of_somebody_who_works_nowhere_is_kept(own: Build) -> None:
    """It would fall outside every area, and the parts would not add up to the organisation."""
    assert _figure(own, "K 4", "aantal", "GM9999", "2024")["waarde"] == 1.0
    assert _figure(own, "K 4", "aantal", "ORG", "2024")["waarde"] == 1.0


def test_without_a_delivery_there_are_no_own_figures(build: Build) -> None:
    """An organisation that only uses open statistics would see rows that say it delivered nothing."""
    assert build.one("select count(*) from eigen.int_eigen_waarde") == (0,)
    assert build.one("select count(*) from intermediate.int_periode") == (0,)


def test_the_sources_of_dbt_are_the_tables_of_the_contract(manifest: Mapping[str, Any]) -> None:
    """A column would be typed otherwise in dbt than the loader writes it, or not be read at all."""
    found = {
        source["name"]: {name: column["data_type"] for name, column in source["columns"].items()}
        for source in manifest["sources"].values()
        if source["source_name"] == "levering"
    }
    expected = contract(REGISTRY) | {
        "levering": LEVERING,
        "levering_tabel": TABEL,
        "levering_kolom": KOLOM,
        "quarantaine": QUARANTAINE,
    }
    assert found == {
        table: {name: kind.lower().replace(",", ", ") for name, kind in columns.items()}
        for table, columns in expected.items()
    }
