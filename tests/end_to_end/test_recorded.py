"""On recorded answers of the real services, the mart holds exactly what the services published.

The archive is read here by another way than the pipeline reads it: the untyped text of the tables, the CSV inside
the zip through Python's own csv module, and the dimension lists as JSON. No code of the project takes part.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import duckdb
import pytest

from tests.end_to_end.conftest import RECORDED, REPOSITORY, Night

pytestmark = [pytest.mark.long, pytest.mark.recorded, pytest.mark.xdist_group("recorded")]

REGISTRY = REPOSITORY / "dbt_project" / "seeds" / "registry"
RIVM = RECORDED / "odata" / "dataderden.cbs.nl" / "50090NED"
AGES = {"20300": "18+", "53115": "18-65", "80200": "65+"}
RIVM_COLUMNS = {
    "I 1.1.3": "MoeiteMetRondkomen_38",
    "I 3.3.2": "Mantelzorger_32",
    "I 5.1.1": "VoldoetAanBeweegrichtlijn_5",
    "I 5.1.3": "Overgewicht_9",
    "I 6.1.2": "HoogRisicoOpAngstOfDepressie_25",
    "I 7.1.1": "MatigVeelRegieOverEigenLeven_27",
}


@pytest.mark.parametrize(
    ("kpi_id", "uitsplitsing", "gemeente_code", "periode", "waarde"),
    [
        ("I 3.3.2", "18+", "GM0758", "2020", 13.1),
        ("I 3.3.2", "18+", "NL", "2020", 13.6),
        ("I 1.1.3", "18+", "GM0153", "2020", 17.2),
        ("I 5.1.3", "18+", "GM0758", "2020", 49.1),
        ("I 5.1.1", "18+", "GM0758", "2020", 49.7),
        ("I 6.1.2", "18+", "GM0758", "2020", 7.4),
        ("I 7.1.1", "18+", "GM0758", "2020", 90.0),
        ("I 2.1.1", "totaal", "GM0014", "2024", -0.0343701),
        ("I 5.3.1", "totaal", "GM0014", "2024", -0.0343701),
        ("I 2.1.3", "totaal", "NL", "2023", 83694),
        ("I 2.1.4", "totaal", "NL", "2023", 4525),
    ],
)
def test_a_published_figure_is_found_unchanged_in_the_mart(
    recorded_night: Night, kpi_id: str, uitsplitsing: str, gemeente_code: str, periode: str, waarde: float
) -> None:
    """A figure that an advisor knows from the source would differ in the mart."""
    found = recorded_night.query(
        """select waarde from kpi_waarde
        where kpi_id = ? and uitsplitsing = ? and gemeente_code = ? and periode = ? and hoofdreeks""",
        kpi_id,
        uitsplitsing,
        gemeente_code,
        periode,
    )
    assert found == [(waarde,)]


def test_every_rivm_figure_of_an_unchanged_gemeente_equals_the_text_of_the_archive(
    recorded_night: Night,
) -> None:
    """One shifted column or one lost row among thousands would go unseen in a sample."""
    expected = {
        key: value for key, value in _rivm_as_text().items() if key[2] == "NL" or key[2] in _unchanged(2020, 2024)
    }
    columns = ", ".join(f"'{kpi_id}'" for kpi_id in RIVM_COLUMNS)
    found = {
        (kpi_id, uitsplitsing, gemeente_code, periode): waarde
        for kpi_id, uitsplitsing, gemeente_code, periode, waarde in recorded_night.query(
            f"""select kpi_id, uitsplitsing, gemeente_code, periode, waarde from kpi_waarde
            where kpi_id in ({columns}) and variant like 'rivm%' and hoofdreeks"""
        )
    }
    assert len(expected) > 8000
    assert {key: found.get(key) for key in expected} == expected


def test_every_rivm_figure_stands_unrounded_on_its_own_division(recorded_night: Night) -> None:
    """The original figure of a gemeente that has merged since would be gone."""
    columns = ", ".join(f"'{kpi_id}'" for kpi_id in RIVM_COLUMNS)
    found = {
        (kpi_id, uitsplitsing, gemeente_code, periode): waarde
        for kpi_id, uitsplitsing, gemeente_code, periode, waarde in recorded_night.query(
            f"""select kpi_id, uitsplitsing, gemeente_code, periode, waarde from kpi_waarde_bron
            where kpi_id in ({columns}) and variant like 'rivm%' and indelingsjaar = 2020"""
        )
    }
    expected = _rivm_as_text()
    assert {key: found.get(key) for key in expected} == expected


def test_every_leefbaarometer_score_equals_the_csv_in_the_zip(recorded_night: Night) -> None:
    """A score would be attributed to another gemeente or another dimension."""
    expected = {
        (row["gm_code"], row["jaar"]): float(row["onv"]) for row in _leefbaarometer_rows() if row["onv"] != "NA"
    }
    found = {
        (gemeente_code, periode): waarde
        for gemeente_code, periode, waarde in recorded_night.query(
            """select gemeente_code, periode, waarde from kpi_waarde
            where kpi_id = 'I 2.1.1' and gemeente_code like 'GM%' and waarde is not null"""
        )
    }
    assert len(expected) == 342
    assert found == expected
    assert recorded_night.query(
        "select distinct waarde from kpi_waarde where kpi_id = 'I 2.1.1' and gemeente_code = 'NL'"
    ) == [(0.0,)]


def test_every_national_police_figure_is_the_sum_of_the_archives_codes(recorded_night: Night) -> None:
    """A sum over codes would miss a code or count one twice."""
    table = RECORDED / "odata" / "dataderden.cbs.nl" / "47013NED" / "TypedDataSet.parquet"
    expected = duckdb.execute(
        f"""select left(Perioden, 4), sum(GeregistreerdeMisdrijven_1)::double from '{table}'
        where trim(SoortMisdrijf) in ('2.4.1', '2.4.2', '2.7.3') and trim(RegioS) = 'NL01' group by 1 order by 1"""
    ).fetchall()
    found = recorded_night.query(
        """select periode, waarde from kpi_waarde
        where kpi_id = 'I 2.1.4' and uitsplitsing = 'totaal' and gemeente_code = 'NL' order by periode"""
    )
    assert len(expected) == 12
    assert found == expected


def test_a_gemeente_without_police_rows_is_null_with_a_reason_and_never_zero(recorded_night: Night) -> None:
    """An advisor would read that a gemeente has no nuisance, where nobody knows."""
    found = recorded_night.query(
        """select count(*), count(waarde), list(distinct ontbreekt_reden) from kpi_waarde
        where kpi_id in ('I 2.1.3', 'I 2.1.4') and uitsplitsing = 'totaal' and gemeente_code like 'GM%'"""
    )
    rows, values, reasons = found[0]
    assert rows == 2 * 12 * 342
    assert values == 0
    assert reasons == ["niet_gepubliceerd"]


def test_low_income_of_unchanged_gemeenten_equals_the_archive(recorded_night: Night) -> None:
    """The oldest edition of the chain would be resolved to the wrong income threshold."""
    table = RECORDED / "odata" / "opendata.cbs.nl" / "84641NED" / "TypedDataSet.parquet"
    unchanged = _unchanged(2019, 2024)
    expected = {
        (gemeente_code, periode): waarde
        for gemeente_code, periode, waarde in duckdb.execute(
            f"""select trim(RegioS), left(Perioden, 4), ParticuliereHuishoudensRelatief_4
            from '{table}' where RegioS like 'GM%'"""
        ).fetchall()
        if gemeente_code in unchanged
    }
    found = {
        (gemeente_code, periode): waarde
        for gemeente_code, periode, waarde in recorded_night.query(
            """select gemeente_code, periode, waarde from kpi_waarde
            where kpi_id = 'I 1.1.1' and uitsplitsing = 'totaal' and hoofdreeks
            and gemeente_code like 'GM%' and waarde is not null"""
        )
    }
    assert len(expected) > 20
    assert found == expected


def test_tables_the_archive_lacks_are_named_per_kpi_and_the_rest_is_published(recorded_night: Night) -> None:
    """A KPI would disappear without anybody being told."""
    rows = recorded_night.query(
        "select kpi_id, status, reden, ontbreekt_reden from kpi_dekking where kpi_id like 'I %'"
    )
    assert len({row[0] for row in rows}) == 40
    by_id = {row[0]: row for row in rows if row[1] != "nog_niet_gedefinieerd"}
    assert "84780NED" in by_id["I 3.2.2"][2]
    assert by_id["I 3.2.2"][3] == "tabel_ontbreekt"
    assert by_id["I 3.3.2"][1] in ("beschikbaar", "deels")


def test_the_division_and_its_roster_are_those_of_the_newest_table_served(recorded_night: Night) -> None:
    """Figures would be shown on a list of gemeenten of another year."""
    assert recorded_night.query(
        "select distinct indelingsjaar, count(*) from gemeente where soort_gebied = 'gemeente' group by all"
    ) == [(2024, 342)]
    regions = RECORDED / "odata" / "opendata.cbs.nl" / "85755NED" / "TypedDataSet.parquet"
    expected = duckdb.execute(f"select trim(Code_1), trim(Naam_2) from '{regions}' order by 1").fetchall()
    assert (
        recorded_night.query(
            "select gemeente_code, gemeente_naam from gemeente where soort_gebied = 'gemeente' order by 1"
        )
        == expected
    )


def test_inwoners_of_a_merged_gemeente_are_the_sum_of_its_parts(recorded_night: Night) -> None:
    """Rates of merged gemeenten would be computed on one of their parts."""
    kwb = RECORDED / "odata" / "opendata.cbs.nl" / "84799NED" / "TypedDataSet.parquet"
    parts = duckdb.execute(
        f"select sum(AantalInwoners_5) from '{kwb}' where trim(WijkenEnBuurten) in ('GM0003', 'GM0010', 'GM0024')"
    ).fetchall()
    found = recorded_night.query("select inwoners, inwoners_jaar from gemeente where gemeente_code = 'GM1979'")
    assert found == [(parts[0][0], 2020)]


def _rivm_as_text() -> dict[tuple[str, str, str, str], float]:
    """The RIVM figures from the recorded text of the untyped data set: '    13.1' is 13.1, '       .' is nothing."""
    columns = ", ".join(RIVM_COLUMNS.values())
    rows = duckdb.execute(
        f"""select trim(Leeftijd), trim(WijkenEnBuurten), trim(Perioden), {columns}
        from '{RIVM / "UntypedDataSet.parquet"}'
        where (WijkenEnBuurten like 'GM%' or WijkenEnBuurten like 'NL%') and trim(Marges) = 'MW00000'"""
    ).fetchall()
    figures = {}
    for age, region, period, *texts in rows:
        area = "NL" if region.startswith("NL") else region
        for kpi_id, text in zip(RIVM_COLUMNS, texts, strict=True):
            if text is not None and text.strip() not in ("", "."):
                figures[kpi_id, AGES[age], area, period[:4]] = float(text)
    return figures


def _leefbaarometer_rows() -> list[dict[str, str]]:
    archive: Path = RECORDED / "files/www.leefbaarometer.nl/resources/open-data-leefbaarometer-meting-2024.zip"
    with zipfile.ZipFile(archive) as opened:
        (member,) = (
            name for name in opened.namelist() if "scores gemeenten" in name and not name.startswith("__MACOSX")
        )
        return list(csv.DictReader(io.StringIO(opened.read(member).decode("utf-8-sig"))))


def _unchanged(first_year: int, last_year: int) -> set[str]:
    """Codes that are on both lists and take no part in any herindeling in between."""
    with (REGISTRY / "gemeente_register.csv").open(encoding="utf-8") as handle:
        codes = {
            row["gemeente_code"]
            for row in csv.DictReader(handle)
            if row["geldig_van"] <= f"{first_year}-01-01"
            and (not row["geldig_tot"] or row["geldig_tot"] > f"{last_year}-01-01")
        }
    with (REGISTRY / "herindeling.csv").open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            if first_year < int(row["indelingsjaar"]) <= last_year:
                codes -= {row["oude_code"], row["nieuwe_code"]}
    return codes


def test_the_archive_itself_says_what_these_tests_lean_on() -> None:
    """The figures above would be compared with a rebuilt value instead of a real one."""
    if not (RECORDED / "archive.json").is_file():
        pytest.skip(f"no recorded archive at {RECORDED}")
    tables = {
        table["table"]: table["fidelity"] for table in json.loads((RECORDED / "archive.json").read_text())["tables"]
    }
    assert tables["50090NED"] == "reconstructed envelope"
    assert tables["47013NED"] == "partial: national rows only"
