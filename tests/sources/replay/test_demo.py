"""The demo archive: complete, consistent with itself, shaped as the services shape things, made anew when needed."""

from __future__ import annotations

import csv
import itertools
import json
import zipfile
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests

from sources.registry import Registry, RegistryError, SeriesRow, load_registry
from sources.replay import ReplayServer
from sources.replay.demo import ensure_demo_archive, generate
from sources.replay.demo.geography import Geography
from tests.sources.replay.demo_reader import DemoReader

# One worker makes the archive, once.
pytestmark = pytest.mark.xdist_group("demo-archive")

_ODATA = ("cbs", "rivm", "politie")
_ZIP = "files/www.leefbaarometer.nl/resources/open-data-leefbaarometer-meting-2024.zip"


@pytest.fixture(scope="session")
def registry(registry_folder: Path) -> Registry:
    return load_registry(registry_folder)


@pytest.fixture(scope="session")
def gemeenten(registry_folder: Path) -> list[dict[str, str]]:
    with (registry_folder / "gemeente_register.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _loaded(registry: Registry) -> list[SeriesRow]:
    return [row for row in registry.series if row.is_loaded and registry.tables[row.bron_id].bron in _ODATA]


# --- completeness ---------------------------------------------------------------------------------


def test_every_loaded_series_has_at_least_one_table(demo: DemoReader, registry: Registry) -> None:
    """A series without a table would show as missing in the demo, which looks like a broken product."""
    ids = {table for _, table in demo.tables}
    chains: dict[tuple[str, str, str, int], set[str]] = defaultdict(set)
    for row in _loaded(registry):
        chains[row.series_id, row.uitsplitsing, row.rol, row.onderdeel].add(registry.tables[row.bron_id].table_id)
    assert [key for key, tables in chains.items() if not tables & ids] == []


def test_every_year_of_a_chain_of_year_tables_is_there(demo: DemoReader, registry: Registry) -> None:
    """A hole in a chain of year tables is a hole in every line of the demo."""
    ids = {table for _, table in demo.tables}
    wanted = {
        registry.tables[row.bron_id].table_id
        for row in _loaded(registry)
        if row.chain == "year_table" and row.terugval_voor is None
    }
    assert wanted
    assert wanted <= ids


def _resolve(demo: DemoReader, row: SeriesRow, table_id: str) -> list[dict[str, Any]]:
    """Topics that fit a row, found without the code that will find them in production."""
    fitting = []
    for topic in demo.topics(table_id):
        named = (
            topic["Stem"].casefold() == row.measure_stem.casefold()
            if row.measure_stem
            else topic["Title"] == row.measure_title
        )
        if named and topic["Unit"] == row.eenheid:
            fitting.append(topic)
    if row.measure_group == "*laagste":
        return sorted(fitting, key=lambda topic: int(topic["Key"].rpartition("_")[2]))[:1]
    if row.measure_group:
        path = tuple(part.strip() for part in row.measure_group.split(">"))
        return [topic for topic in fitting if topic["Path"] == path]
    return fitting


def test_every_series_finds_exactly_one_column_and_all_its_members(demo: DemoReader, registry: Registry) -> None:
    """Adding a row to the registry must be enough: the archive is derived from it."""
    ids = {table for _, table in demo.tables}
    checked = 0
    for row in _loaded(registry):
        table_id = registry.tables[row.bron_id].table_id
        if table_id not in ids:
            continue
        checked += 1
        place = f"{row.series_id} {row.uitsplitsing} {table_id}"
        assert len(_resolve(demo, row, table_id)) == 1, place
        dimensions = {
            prop["Key"]: prop["Title"] for prop in demo.records(table_id, "DataProperties") if "Unit" not in prop
        }
        for name, wanted in row.dimension_filters.items():
            title = name.removeprefix("title:")
            (key,) = (key for key, text in dimensions.items() if name in (key, f"title:{text}") or title == text)
            members = [m["Key"].strip() if wanted.by == "key" else m["Title"] for m in demo.records(table_id, key)]
            assert all(members.count(value.strip()) == 1 for value in wanted.values), place
        assert row.region_dimension is None or row.region_dimension in dimensions, place
    assert checked > 100


def test_every_series_has_figures_in_its_newest_year(demo: DemoReader, registry: Registry) -> None:
    """A column that resolves but is empty shows nothing either."""
    ids = {table for _, table in demo.tables}
    empty = []
    for row in _loaded(registry):
        table_id = registry.tables[row.bron_id].table_id
        if table_id not in ids or row.gebruik == "terugval":
            continue
        (topic,) = _resolve(demo, row, table_id)
        where = f"WHERE {row.region_dimension} LIKE 'GM%'" if row.region_dimension else ""
        ((filled,),) = demo.sql(f'SELECT count("{topic["Key"]}") FROM t {where}', table_id)
        if not filled:
            empty.append((row.series_id, table_id))
    assert empty == []


def test_something_older_is_there_to_choose_from(demo: DemoReader, registry: Registry) -> None:
    """Taking the newest edition is only shown when an older one is listed too."""
    ids = {table for _, table in demo.tables}
    editions = {
        registry.tables[row.bron_id].table_id for row in registry.series if row.series_id == "cbs_laag_inkomen_1jaar"
    }
    assert {"86202NED", "85678NED"} <= editions & ids
    assert demo.catalogue("85678NED")["Frequency"] == "Stopgezet"


def test_the_roster_is_all_342_gemeenten_with_a_province(demo: DemoReader, gemeenten: list[dict[str, str]]) -> None:
    """The roster decides which gemeenten the mart has."""
    current = {(row["gemeente_code"], row["gemeente_naam"]) for row in gemeenten if not row["geldig_tot"]}
    assert len(current) == 342
    for table_id in ("86247NED", "86059NED", "85755NED"):
        people = next(topic["Key"] for topic in demo.topics(table_id) if topic["Stem"] == "Inwonertal")
        province = next(topic["Key"] for topic in demo.topics(table_id) if topic["Path"][-1:] == ("Provincies",))
        rows = demo.sql(f'SELECT Code_1, Naam_2, "{people}", "{province}" FROM t', table_id)
        assert {(code.strip(), naam.strip()) for code, naam, _, _ in rows} == current
        assert all(number > 500 and pv.startswith("PV") for _, _, number, pv in rows)
        assert {(len(code), len(naam)) for code, naam, _, _ in rows} == {(10, 50)}
    suffixes = {demo.column_number("86247NED", "Inwonertal"), demo.column_number("85755NED", "Inwonertal")}
    assert len(suffixes) == 2


def test_every_gemeente_has_a_figure_in_nearly_every_table(demo: DemoReader, registry: Registry) -> None:
    """Gaps are there on purpose and few; more than a tenth missing would read as an incomplete source."""
    exceptions = {"85146NED", "50140NED", "85541NED"}
    for row in _loaded(registry):
        table_id = registry.tables[row.bron_id].table_id
        if table_id in exceptions or table_id not in {table for _, table in demo.tables} or row.absent == "zero":
            continue
        (topic,) = _resolve(demo, row, table_id)
        region = row.region_dimension
        sql = f"""SELECT count(DISTINCT {region}) FROM t
                  WHERE {region} LIKE 'GM%' AND "{topic["Key"]}" IS NOT NULL"""
        assert demo.sql(sql, table_id)[0][0] >= 0.95 * 342, (row.series_id, table_id)


# --- the shape of the services --------------------------------------------------------------------


def test_rows_columns_and_counts_agree_with_the_metadata(demo: DemoReader) -> None:
    """Clients prove completeness with RecordCount, ID and the order of DataProperties."""
    for _, table_id in demo.tables:
        properties = [prop for prop in demo.records(table_id, "DataProperties") if prop["Type"] != "TopicGroup"]
        columns = demo.columns(table_id)
        assert columns == ["ID"] + [prop["Key"] for prop in sorted(properties, key=lambda prop: prop["Position"])]
        ((rows, first, last, apart),) = demo.sql(
            'SELECT count(*), min("ID"), max("ID"), count(DISTINCT "ID") FROM t', table_id
        )
        assert (first, last, apart) == (0, rows - 1, rows)
        record = demo.catalogue(table_id)
        assert (record["RecordCount"], record["ColumnCount"]) == (rows, len(properties))
        assert demo.records(table_id, "TableInfos")[0]["Modified"] == record["Modified"]
        assert "verzonnen" in record["Summary"].lower()


def test_rows_come_in_storage_order_and_only_with_listed_keys(demo: DemoReader) -> None:
    """First dimension outermost, last one innermost; a key that is in no list cannot be filtered on."""
    for table_id in ("86202NED", "47013NED", "50150NED"):
        properties = demo.records(table_id, "DataProperties")
        dimensions = [prop["Key"] for prop in properties if prop["Type"] not in ("Topic", "TopicGroup")]
        places = [
            {member["Key"]: place for place, member in enumerate(demo.records(table_id, key))} for key in dimensions
        ]
        rows = demo.sql(f'SELECT {", ".join(dimensions)} FROM t ORDER BY "ID"', table_id)
        order = [tuple(listed[key] for listed, key in zip(places, row, strict=True)) for row in rows]
        assert order == sorted(order)
        assert len(set(order)) == len(order)


@pytest.mark.parametrize(
    ("table_id", "dimension", "width", "example"),
    [
        ("86202NED", "RegioS", 6, "NL01  "),
        ("50150NED", "WijkenEnBuurten", 10, "NL01      "),
        ("86156NED", "Wijken", 10, "NL00      "),
        ("86165NED", "WijkenEnBuurten", 10, "NL00      "),
        ("86247NED", "RegioS", 10, "GM0363    "),
        ("47013NED", "SoortMisdrijf", 6, "1.4.3 "),
        ("47013NED", "SoortMisdrijf", 6, "2.6.10"),
        ("47021NED", "Overlast", 6, "E35   "),
        ("50150NED", "Marges", 7, "MW00000"),
        ("50150NED", "Leeftijd", 5, "20300"),
        ("84780NED", "Regiokenmerken", 6, "NL01  "),
    ],
)
def test_keys_are_padded_as_the_service_pads_them(
    demo: DemoReader, table_id: str, dimension: str, width: int, example: str
) -> None:
    """A client that sends a trimmed key must find nothing here, as in the field."""
    keys = [member["Key"] for member in demo.records(table_id, dimension)]
    assert {len(key) for key in keys} == {width}
    assert example in keys


def test_texts_are_padded_and_the_country_is_marked(demo: DemoReader) -> None:
    """Text columns need trimming too; one of them stands to the right."""
    row = demo.sql("SELECT * FROM t WHERE WijkenEnBuurten = 'GM0363    '", "85984NED")[0]
    names = demo.columns("85984NED")
    cells = {name.rpartition("_")[0]: value for name, value in zip(names, row, strict=True)}
    assert cells["Gemeentenaam"] == "Amsterdam".ljust(40)
    assert cells["SoortRegio"] == "Gemeente".ljust(10)
    assert cells["Codering"] == "GM0363".ljust(10)
    assert len(cells["MeestVoorkomendePostcode"]) == 10
    assert cells["MeestVoorkomendePostcode"].startswith("      ")


def test_periods_say_what_is_provisional(demo: DemoReader) -> None:
    """The status of a figure comes from its period; marks in a title are not part of the year."""
    periods = {period["Key"]: period for period in demo.records("86131NED", "Perioden")}
    assert (periods["2024JJ00"]["Status"], periods["2024JJ00"]["Title"]) == ("Voorlopig", "2024*")
    assert (periods["2023JJ00"]["Status"], periods["2023JJ00"]["Title"]) == ("NaderVoorlopig", "2023**")
    assert {period["Status"] for period in demo.records("47013NED", "Perioden")} == {"Definitief"}
    school = demo.records("84780NED", "Perioden")
    assert school[-1]["Key"] == "2023SJ00"
    assert school[-1]["Title"].startswith("2023/'24")
    assert demo.records("50140NED", "TableInfos")[0]["Period"] == "2024"
    assert not (demo.folder("50140NED") / "Perioden.json").exists()


def test_numbers_of_columns_differ_between_editions(demo: DemoReader) -> None:
    """A client that pins a number must fail on the demo already."""
    editions = ("86156NED", "85994NED", "85637NED", "85375NED", "84420NED")
    keys = {demo.column(table_id, "HuishoudensMetVoorzieningen", "aantal") for table_id in editions}
    assert len(keys) > 1


# --- what must not be chosen ----------------------------------------------------------------------


def test_the_traps_of_the_real_services_are_there(demo: DemoReader) -> None:
    """A demo without traps would let a wrong choice pass unseen."""
    social = [topic["Unit"] for topic in demo.topics("86156NED") if topic["Stem"] == "HuishoudensMetVoorzieningen"]
    assert sorted(social) == ["aantal", "per 1 000 huishoudens"]
    titles = [topic["Title"] for topic in demo.topics("82015NED")]
    assert titles.count("Leefvorm alleenstaande") == 2
    assert any(title.startswith("Leefvorm alleenstaande ") for title in titles)
    stems = Counter(topic["Stem"] for topic in demo.topics("71486ned"))
    assert stems["TotaalParticuliereHuishoudens"] == 2
    thresholds = [member["Title"] for member in demo.records("86202NED", "InkomensgrensHuishouden")]
    assert len(thresholds) >= 4
    regions = {member["Key"].strip()[:2] for member in demo.records("47013NED", "RegioS")}
    assert {"NL", "LD", "PV", "GM"} <= regions
    codes = [member["Key"].strip() for member in demo.records("47013NED", "RegioS")]
    assert {"GM0998", "GM0999", "PV99", "LD99"} <= set(codes)
    kinds = {key.strip()[:2] for (key,) in demo.sql("SELECT DISTINCT WijkenEnBuurten FROM t", "50150NED")}
    assert kinds == {"NL", "GM", "WK", "BU"}
    names = [member["Title"] for member in demo.records("03759ned", "RegioS")]
    assert {"Groningen (PV)", "Groningen (gemeente)", "Utrecht (PV)", "Utrecht (gemeente)"} <= set(names)
    assert "prod.cbsp.nl" in demo.catalogue("50150NED")["FeedUrl"]


def test_equal_columns_are_equal_and_the_wanted_one_has_the_lowest_number(demo: DemoReader) -> None:
    """The rule "take the lowest" holds only while the others are the same."""
    keys = [topic["Key"] for topic in demo.topics("71486ned") if topic["Stem"] == "Eenpersoonshuishouden"]
    first, second = sorted(keys, key=lambda key: int(key.rpartition("_")[2]))
    assert demo.sql(f'SELECT count(*) FROM t WHERE "{first}" IS DISTINCT FROM "{second}"', "71486ned") == [(0,)]


def test_forgetting_the_threshold_gives_a_hundred_percent(demo: DemoReader) -> None:
    """The total of the income thresholds is everyone: a forgotten filter must be seen."""
    column = demo.column("86202NED", "ParticuliereHuishoudensRelatief", "%")
    keys = {member["Title"]: member["Key"] for member in demo.records("86202NED", "InkomensgrensHuishouden")}
    sql = f"""SELECT DISTINCT "{column}" FROM t WHERE InkomensgrensHuishouden = '{keys["Totaal"]}'
              AND "{column}" IS NOT NULL"""
    assert demo.sql(sql, "86202NED") == [(100.0,)]


def test_a_year_that_is_listed_can_be_empty(demo: DemoReader) -> None:
    """Low income stops after 2023: 2024 is a period with rows and without figures."""
    column = demo.column("86202NED", "ParticuliereHuishoudensRelatief", "%")
    sql = f"""SELECT Perioden, count(*) > 0, count("{column}") > 0 FROM t
              WHERE Perioden IN ('2023JJ00', '2024JJ00') GROUP BY 1 ORDER BY 1"""
    assert demo.sql(sql, "86202NED") == [("2023JJ00", True, True), ("2024JJ00", True, False)]


def test_the_newest_months_hold_the_country_only(demo: DemoReader) -> None:
    """A run that takes the newest period finds no gemeente there."""
    (column,) = (
        topic["Key"]
        for topic in demo.topics("82015NED")
        if topic["Title"] == "Leefvorm (echt)paar" and topic["Path"] == ("Uitkeringen naar uitkeringsgrondslag",)
    )
    sql = f"""SELECT Perioden, count("{column}") FILTER (RegioS LIKE 'GM%'),
                     count("{column}") FILTER (RegioS = 'NL01  ')
              FROM t WHERE Perioden IN ('2025MM12', '2026MM02') GROUP BY 1 ORDER BY 1"""
    (december, february) = demo.sql(sql, "82015NED")
    assert december[1] == 3 * 342
    assert february[1:] == (0, 3)


# --- consistency ----------------------------------------------------------------------------------


def test_the_country_is_the_sum_of_its_gemeenten(demo: DemoReader) -> None:
    """Shares of the country in the mart are held against those of gemeenten."""
    column = demo.column("03759ned", "BevolkingOp1Januari", "aantal")
    sql = f"""SELECT Perioden, sum("{column}") FILTER (RegioS LIKE 'GM%'), sum("{column}") FILTER (RegioS LIKE 'PV%'),
                     sum("{column}") FILTER (RegioS = 'NL01  '), count("{column}") FILTER (RegioS LIKE 'GM%')
              FROM t WHERE trim(Geslacht) = 'T001038' AND trim(Leeftijd) = '10000'
              AND trim(BurgerlijkeStaat) = 'T001019' GROUP BY 1 ORDER BY 1"""
    rows = demo.sql(sql, "03759ned")
    assert all(municipal == provincial == national for _, municipal, provincial, national, _ in rows)
    counts = {period[:4]: number for period, *_, number in rows}
    assert (counts["2010"], counts["2018"], counts["2021"], counts["2026"]) == (431, 380, 352, 342)


def test_a_share_of_the_country_is_the_weighted_mean(demo: DemoReader) -> None:
    """The line Nederland must lie where its gemeenten put it."""
    share = demo.column("86202NED", "ParticuliereHuishoudensRelatief", "%")
    number = demo.column("86202NED", "ParticuliereHuishoudens", "x 1 000")
    keys = {member["Title"]: member["Key"] for member in demo.records("86202NED", "InkomensgrensHuishouden")}
    wanted = """KenmerkenVanHuishoudens = '1050010' AND Perioden = '2023JJ00' AND
                 DuurInkomenspositie = (SELECT min(DuurInkomenspositie) FROM t)"""
    sql = f"""SELECT RegioS, InkomensgrensHuishouden, "{share}", "{number}" FROM t WHERE {wanted}"""
    rows = {(region.strip(), key): (pct, thousands) for region, key, pct, thousands in demo.sql(sql, "86202NED")}
    total, low = keys["Totaal"], keys["Inkomen tot lage-inkomensgrens"]
    households = {region: thousands for (region, key), (_, thousands) in rows.items() if key == total}
    gemeenten = [region for region in households if region.startswith("GM")]
    mean = sum(rows[region, low][0] * households[region] for region in gemeenten) / households["NL01"]
    assert abs(mean - rows["NL01", low][0]) < 0.1
    assert rows["NL01", low][1] == pytest.approx(rows["NL01", low][0] * households["NL01"] / 100, rel=0.01)


@pytest.mark.parametrize(
    ("table_id", "dimension", "stem"),
    [("47013NED", "SoortMisdrijf", "GeregistreerdeMisdrijven"), ("47021NED", "Overlast", "GeregistreerdeOverlast")],
)
def test_offences_add_up_over_kinds_and_over_the_country(
    demo: DemoReader, table_id: str, dimension: str, stem: str
) -> None:
    """The parts of the police add up exactly, and the country has what no gemeente has."""
    column = demo.column(table_id, stem, "aantal")
    hidden = demo.note(table_id)["hidden"]
    parts = demo.sql(
        f"""SELECT RegioS, Perioden, sum("{column}") FILTER (trim({dimension}) = '0.0.0') AS total,
                   sum("{column}") FILTER (trim({dimension}) <> '0.0.0') AS parts FROM t
            WHERE trim(RegioS) <> '{hidden["gemeente"]}' GROUP BY 1, 2""",
        table_id,
    )
    assert len(parts) > 5_000
    assert [row for row in parts if row[2] != row[3]] == []
    unpublished = demo.note(table_id)["unpublished"]
    country = demo.sql(
        f"""SELECT Perioden, sum("{column}") FILTER (RegioS LIKE 'GM%'), sum("{column}") FILTER (RegioS = 'NL01  ')
            FROM t WHERE trim({dimension}) = '0.0.0' AND Perioden NOT LIKE '{unpublished["year"]}%' GROUP BY 1""",
        table_id,
    )
    assert all(municipal == national for _, municipal, national in country)


def test_absent_hidden_and_unpublished_are_three_different_things(demo: DemoReader) -> None:
    """No row of a code is 0, a null is secret, no row at all is not published."""
    column = demo.column("47013NED", "GeregistreerdeMisdrijven", "aantal")
    sql = """SELECT RegioS, count(DISTINCT SoortMisdrijf) FROM t WHERE RegioS LIKE 'GM%' AND Perioden = '2025JJ00'
             GROUP BY 1 ORDER BY 2"""
    kinds = demo.sql(sql, "47013NED")
    assert len(kinds) == 344
    assert kinds[0][1] < 13 == kinds[-1][1]
    assert demo.sql(f'SELECT count(*) FROM t WHERE "{column}" = 0', "47013NED") == [(0,)]
    hidden = demo.note("47013NED")["hidden"]
    assert demo.sql(
        f'SELECT trim(RegioS), SoortMisdrijf, Perioden[:4] FROM t WHERE "{column}" IS NULL', "47013NED"
    ) == [(hidden["gemeente"], hidden["key"], str(hidden["year"]))]
    gone = demo.note("47013NED")["unpublished"]
    years = demo.sql(f"SELECT DISTINCT Perioden[:4] FROM t WHERE trim(RegioS) = '{gone['gemeente']}'", "47013NED")
    assert str(gone["year"]) not in {year for (year,) in years}
    assert len(years) == 13


def test_a_gemeente_that_ended_has_figures_before_and_empty_rows_after(demo: DemoReader) -> None:
    """Appingedam went into Eemsdelta on 1 January 2021: null is not 0, and nobody is lost."""
    column = demo.column("03759ned", "BevolkingOp1Januari", "aantal")
    sql = f"""SELECT Perioden[:4], trim(RegioS), "{column}" FROM t WHERE trim(Geslacht) = 'T001038' AND
              trim(Leeftijd) = '10000' AND trim(BurgerlijkeStaat) = 'T001019' AND
              trim(RegioS) IN ('GM0003', 'GM0010', 'GM0024', 'GM1979') AND Perioden BETWEEN '2020' AND '2022'"""
    people = {(year, code): number for year, code, number in demo.sql(sql, "03759ned")}
    old = [people["2020", code] for code in ("GM0003", "GM0010", "GM0024")]
    assert all(old)
    assert people["2020", "GM1979"] is None
    assert [people["2021", code] for code in ("GM0003", "GM0010", "GM0024")] == [None] * 3
    assert people["2021", "GM1979"] == pytest.approx(sum(old), rel=0.03)


def test_recast_tables_know_only_the_gemeenten_of_their_division(demo: DemoReader) -> None:
    """All years of such a table are on one division: a gemeente of today has figures before it existed."""
    keys = {member["Key"].strip() for member in demo.records("50150NED", "WijkenEnBuurten")}
    assert sum(key.startswith("GM") for key in keys) == 342
    assert "GM1992" in keys
    assert "GM0003" not in keys
    column = demo.column("50150NED", "Mantelzorger", "%")
    sql = f"""SELECT count(*) FROM t WHERE trim(WijkenEnBuurten) = 'GM1992' AND Marges = 'MW00000'
              AND Leeftijd = '20300' AND "{column}" IS NOT NULL"""
    assert demo.sql(sql, "50150NED") == [(5,)]


def test_only_large_gemeenten_are_in_the_safety_survey(demo: DemoReader) -> None:
    """A smaller gemeente has no value there, not a value of something larger."""
    codes = {member["Key"].strip() for member in demo.records("85146NED", "RegioS")}
    municipal = [code for code in codes if code.startswith("GM")]
    assert 20 < len(municipal) < 80
    assert {"GM0363", "GM0599"} <= set(municipal)
    assert "GM1680" not in codes


def test_bounds_enclose_the_value_and_shares_are_shares(demo: DemoReader) -> None:
    """A comparison with bounds makes no sense when the value is outside them."""
    column = demo.column("50150NED", "MoeiteMetRondkomen", "%")
    sql = f"""PIVOT (SELECT WijkenEnBuurten, Perioden, Leeftijd, Marges, "{column}" AS v FROM t)
              ON Marges IN ('MOG0095', 'MW00000', 'MBG0095') USING any_value(v)"""
    rows = demo.sql(f"SELECT MOG0095, MW00000, MBG0095 FROM ({sql})", "50150NED")
    filled = [row for row in rows if row[1] is not None]
    assert len(filled) > 5_000
    assert all(0 <= low <= value <= high <= 100 for low, value, high in filled)


def test_an_interval_narrows_with_size_and_a_model_is_surer_than_a_survey(demo: DemoReader) -> None:
    """With one width for all, either every difference would be a signal or none, and the demo show no comparison."""

    def widths(table_id: str, stem: str, region: str, period: str, rest: str = "true") -> dict[str, float]:
        column = demo.column(table_id, stem, "%")
        sql = f"""SELECT trim({region}), max("{column}") - min("{column}") FROM t
                  WHERE Perioden = '{period}' AND {rest} GROUP BY ALL"""
        return dict(demo.sql(sql, table_id))

    model = widths("50150NED", "SterkEenzaam", "WijkenEnBuurten", "2022JJ00", "Leeftijd = '20300'")
    survey = widths("85146NED", "VoeltZichWeleensOnveiligInBuurt", "RegioS", "2023JJ00")
    smallest, middle, largest = "GM0088", "GM0153", "GM0363"
    assert model[smallest] > model[middle] > model[largest] > model["NL01"] > 0
    assert survey[middle] > survey[largest] > survey["NL01"] > 0
    assert survey[middle] > 2 * model[middle]


def test_related_figures_move_together(demo: DemoReader) -> None:
    """The demo must show a pattern: where incomes are low, making ends meet is hard."""
    poor = demo.column("86131NED", "PersonenArmRelatief", "%")
    hard = demo.column("50150NED", "MoeiteMetRondkomen", "%")
    low = dict(
        demo.sql(
            f"""SELECT trim(RegioS), "{poor}" FROM t WHERE Perioden = '2022JJ00' AND "{poor}" IS NOT NULL
                AND PersoonsEnHuishoudenskenmerken = 'T009002' AND RegioS LIKE 'GM%'""",
            "86131NED",
        )
    )
    strain = dict(
        demo.sql(
            f"""SELECT trim(WijkenEnBuurten), "{hard}" FROM t WHERE Perioden = '2022JJ00' AND Leeftijd = '20300'
                AND Marges = 'MW00000' AND WijkenEnBuurten LIKE 'GM%'""",
            "50150NED",
        )
    )
    pairs = [(low[code], strain[code]) for code in low.keys() & strain.keys()]
    assert len(pairs) > 320
    assert _correlation(pairs) > 0.5


def _correlation(pairs: list[tuple[float, float]]) -> float:
    n = len(pairs)
    x, y = (sum(pair[side] for pair in pairs) / n for side in (0, 1))
    covariance = sum((a - x) * (b - y) for a, b in pairs)
    spread = sum((a - x) ** 2 for a, _ in pairs) * sum((b - y) ** 2 for _, b in pairs)
    return float(covariance / spread**0.5)


# --- plain files ----------------------------------------------------------------------------------


def _scores(demo: DemoReader) -> list[dict[str, str]]:
    with zipfile.ZipFile(demo.archive / _ZIP) as file:
        names = [name for name in file.namelist() if "scores gemeenten" in name]
        (name,) = (name for name in names if not name.startswith("__MACOSX"))
        assert len(names) == 2
        return list(csv.DictReader(file.read(name).decode("utf-8-sig").splitlines()))


def test_scores_obey_the_sum_rule_to_the_printed_digit(demo: DemoReader) -> None:
    """The check of the source blocks a file in which the parts do not add up."""
    rows = _scores(demo)
    assert len(rows) == 342 * 9
    for row in rows:
        assert Decimal(row["lbm"]) - Decimal(row["afw"]) == Decimal("4.10226485")
        parts = [row[part] for part in ("fys", "onv", "soc", "vrz", "won")]
        if row["jaar"] in ("2002", "2008", "2012", "2016"):
            assert parts == ["NA"] * 5
        else:
            assert sum(map(Decimal, parts)) == Decimal(row["afw"])


def test_the_map_layer_has_the_same_scores_in_six_digits(demo: DemoReader) -> None:
    """The layer is the fallback and the cross-check of the zip."""
    index = json.loads((demo.archive / "files" / "index.json").read_text(encoding="utf-8"))
    layers = {key.split("?")[0]: entry["file"] for key, entry in index.items() if "gemeentescore24" in key}
    assert set(layers) == {"GET geo.leefbaarometer.nl/lbm3/ows", "GET geo.leefbaarometer.nl/wfs"}
    layer = json.loads((demo.archive / "files" / layers["GET geo.leefbaarometer.nl/wfs"]).read_text(encoding="utf-8"))
    served = {feature["properties"]["id"]: feature["properties"] for feature in layer["features"]}
    newest = [row for row in _scores(demo) if row["jaar"] == "2024"]
    assert len(served) == len(newest) == 342
    for row, part in itertools.product(newest, ("afw", "onv", "vrz")):
        assert served[row["gm_code"]][part] == float(f"{Decimal(row[part]):.6g}")
    assert "lbm" not in served["GM0363"]


def test_every_gemeente_has_its_own_place_on_the_map(demo: DemoReader) -> None:
    """Two gemeenten on one spot, or one in Germany, would make the map useless."""
    path = demo.archive / "files" / "cartomap.github.io" / "nl" / "wgs84" / "gemeente_2026.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    rings = [feature["geometry"]["coordinates"][0] for feature in features]
    assert len({feature["properties"]["statcode"] for feature in features}) == 342
    assert len({tuple(ring[0]) for ring in rings}) == 342
    assert all(ring[0] == ring[-1] for ring in rings)
    assert all(3.2 <= x <= 7.4 and 50.6 <= y <= 53.7 for ring in rings for x, y in ring)


# --- making it ------------------------------------------------------------------------------------


def _content(archive: Path) -> dict[str, bytes]:
    files = sorted(path for path in archive.rglob("*") if path.is_file())
    return {str(path.relative_to(archive)): path.read_bytes() for path in files}


@pytest.mark.long
def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_figures(
    small_registry: Path, tmp_path: Path
) -> None:
    """Two colleagues must see the same demo, and a figure in a bug report must be found again."""
    for name, seed in (("een", 7), ("twee", 7), ("drie", 8)):
        generate(tmp_path / name, small_registry, seed=seed)
    first, second, third = (_content(tmp_path / name) for name in ("een", "twee", "drie"))
    assert first == second
    assert first.keys() == third.keys()
    rows = [name for name in first if name.endswith("TypedDataSet.parquet")]
    assert len(rows) == 4
    assert all(first[name] != third[name] for name in rows)


@pytest.mark.long
def test_a_new_table_in_the_registry_is_made_without_code(small_registry: Path, tmp_path: Path) -> None:
    """Adding an open KPI is adding rows: the demo must follow by itself."""
    folder = tmp_path / "register"
    folder.mkdir()
    for file in small_registry.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    _append(folder / "source_table.csv", {
        "bron_id": "cbs_99001NED", "bron": "cbs", "host": "opendata.cbs.nl", "table_id": "99001NED",
        "titel": "Iets nieuws; kenmerken, regio", "indeling": "periode", "ritme": "tweejaarlijks",
        "licentie": "CC BY 4.0", "bronvermelding": "Bron", "filter_op_dienst": "true", "opmerking": "",
    })  # fmt: skip
    _append(folder / "series.csv", {
        "series_id": "cbs_nieuw", "uitsplitsing": "totaal", "rol": "waarde", "onderdeel": "1", "edition_order": "1",
        "bron_id": "cbs_99001NED", "measure_stem": "", "measure_title": "Doet mee (vaak)", "measure_group": "Meedoen",
        "dimension_filters": '{"title:Soort van meedoen": {"title": "In de buurt"}, "Groep": {"key": "AB12"}}',
        "region_dimension": "RegioS", "eenheid": "%", "multiplier": "1", "aggregation": "none",
        "periode_soort": "jaar", "jaren": "2016-", "chain": "recast", "gebruik": "primair", "terugval_voor": "",
        "absent": "missing", "opmerking": "",
    })  # fmt: skip
    generate(tmp_path / "archief", folder)
    demo = DemoReader(tmp_path / "archief")
    assert [period["Key"] for period in demo.records("99001NED", "Perioden")] == [
        f"{year}JJ00" for year in (2016, 2018, 2020, 2022, 2024)
    ]
    titles = [member["Title"] for member in demo.records("99001NED", "SoortVanMeedoen")]
    assert titles.count("In de buurt") == 1
    assert any(title.startswith("In de buurt,") for title in titles)
    topics = [topic for topic in demo.topics("99001NED") if topic["Title"] == "Doet mee (vaak)"]
    assert len(topics) == 2
    (key,) = (topic["Key"] for topic in topics if topic["Path"] == ("Meedoen",))
    ((filled,),) = demo.sql(
        f"""SELECT count("{key}") FROM t WHERE Perioden = '2024JJ00' AND trim(Groep) = 'AB12' AND RegioS LIKE 'GM%'
            AND SoortVanMeedoen = (SELECT min(SoortVanMeedoen) FROM t)""",
        "99001NED",
    )
    assert filled > 330


def _append(path: Path, row: dict[str, str]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, header, lineterminator="\n").writerow(row)


@pytest.mark.long
def test_the_archive_is_reused_until_the_registry_changes(small_registry: Path, tmp_path: Path) -> None:
    """A night on the demo must not begin with half a minute of generating, nor run on an old registry."""
    folder = tmp_path / "register"
    folder.mkdir()
    for file in small_registry.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    archive = ensure_demo_archive(tmp_path / "demo" / "archief", folder)
    made = (archive / "archive.json").stat().st_ino
    assert (ensure_demo_archive(archive, folder) / "archive.json").stat().st_ino == made
    series = folder / "series.csv"
    series.write_text(series.read_text(encoding="utf-8").replace("2012-", "2014-"), encoding="utf-8")
    assert (ensure_demo_archive(archive, folder) / "archive.json").stat().st_ino != made
    assert DemoReader(archive).records("47021NED", "Perioden")[0]["Key"] == "2014JJ00"


@pytest.mark.long
def test_a_failed_generation_leaves_the_old_archive_and_nothing_else(small_registry: Path, tmp_path: Path) -> None:
    """A half archive would be served as a whole one."""
    folder = tmp_path / "register"
    folder.mkdir()
    for file in small_registry.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    target = tmp_path / "demo" / "archief"
    ensure_demo_archive(target, folder)
    before = (target / "archive.json").read_bytes()
    (folder / "series.csv").write_text("series_id\n", encoding="utf-8")
    with pytest.raises(RegistryError):
        ensure_demo_archive(target, folder)
    assert (target / "archive.json").read_bytes() == before
    assert sorted(path.name for path in target.parent.iterdir()) == [".archief.slot", "archief"]


def test_the_archive_says_that_nothing_in_it_is_real(demo: DemoReader) -> None:
    """Invented figures must never be taken for real ones."""
    assert demo.about["kind"] == "demo"
    assert "verzonnen" in demo.about["title"].lower()
    assert {entry["fidelity"] for entry in demo.about["tables"] + demo.about["files"]} == {"invented"}
    assert sum(path.stat().st_size for path in demo.archive.rglob("*") if path.is_file()) < 60_000_000


def test_people_move_along_in_every_division(registry_folder: Path) -> None:
    """Counts on an older year and a newer division must have the same total."""
    geography = Geography(registry_folder, 1)
    for year in (2010, 2014, 2019, 2022):
        own = sum(fact.inwoners for fact in geography.facts(None, [year]))
        recast = list(geography.facts(2026, [year]))
        assert len(recast) == 342
        assert sum(fact.inwoners for fact in recast) == pytest.approx(own, abs=400)


def test_a_client_reads_the_demo_over_http(demo: DemoReader, http: requests.Session) -> None:
    """The archive is only as good as what the server can serve of it."""
    column = demo.column("50150NED", "Mantelzorger", "%")
    with ReplayServer(demo.archive) as server:
        base = server.host_url("dataderden.cbs.nl") + "/ODataFeed/odata/50150NED/TypedDataSet"
        where = "startswith(WijkenEnBuurten,'GM') and Marges eq 'MW00000' and Leeftijd eq '20300'"
        count = http.get(f"{base}/$count", params={"$filter": where}).text
        answer = http.get(base, params={"$format": "json", "$filter": where, "$select": f"WijkenEnBuurten,{column}"})
        assert int(count) == len(answer.json()["value"]) == 342 * 5
        assert server.requests[-1].gzip
