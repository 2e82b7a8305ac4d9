"""The registry loader, and guards on the registry that ships."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.registry import (
    HANDMATIG,
    DimensionFilter,
    IntervalDimension,
    Jaren,
    Registry,
    RegistryError,
    UnitRange,
    load_registry,
    series_for_table,
)

SHIPPED = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds" / "registry"

Rows = list[dict[str, str]]
Seeds = dict[str, Rows]


# --- a small registry of our own -------------------------------------------------------------------


def _table(bron_id: str, **changes: str) -> dict[str, str]:
    bron, _, table_id = bron_id.partition("_")
    row = {
        "bron_id": bron_id,
        "bron": bron,
        "host": "opendata.example",
        "table_id": table_id or bron,
        "titel": "Een tabel",
        "indeling": "2024",
        "ritme": "jaarlijks",
        "licentie": "CC BY 4.0",
        "bronvermelding": "Bron: voorbeeld",
        "filter_op_dienst": "true",
        "opmerking": "",
    }
    return row | changes


def _series(series_id: str, bron_id: str, **changes: str) -> dict[str, str]:
    row = {
        "series_id": series_id,
        "uitsplitsing": "totaal",
        "rol": "waarde",
        "onderdeel": "1",
        "edition_order": "1",
        "bron_id": bron_id,
        "measure_stem": "Overgewicht",
        "measure_title": "",
        "measure_group": "",
        "dimension_filters": '{"Leeftijd": {"key": "20300 "}}',
        "region_dimension": "RegioS",
        "eenheid": "%",
        "multiplier": "1",
        "aggregation": "none",
        "periode_soort": "jaar",
        "jaren": "2012-",
        "chain": "recast",
        "gebruik": "primair",
        "terugval_voor": "",
        "absent": "missing",
        "opmerking": "",
    }
    return row | changes


def _formula(kpi_id: str, variant: str, **changes: str) -> dict[str, str]:
    row = {
        "kpi_id": kpi_id,
        "model_versie": "v2",
        "uitsplitsing": "totaal",
        "variant": variant,
        "formule": "waarde",
        "factor": "1",
        "noemer_verschuiving": "0",
        "eenheid": "%",
        "soort": "direct",
        "is_modelmatig": "false",
        "meetwijze": "register",
        "hoofdreeks": "true",
        "hoofduitsplitsing": "true",
        "gebieden": "gemeente",
        "nl_waarde": "",
        "soort_waarde": "percentage",
        "richting": "",
        "toelichting": "Voorbeeld.",
    }
    return row | changes


@pytest.fixture
def seeds() -> Seeds:
    """A registry with a recast value, a ratio of year tables and a hand-supplied KPI."""
    return {
        "source_table.csv": [
            _table("cbs_1NED"), _table("cbs_2NED"), _table("cbs_3NED"), _table(HANDMATIG, host=""),
        ],
        "series.csv": [
            _series("gewicht", "cbs_1NED"),
            _series("gewicht", "cbs_2NED", edition_order="2", gebruik="terugval"),
            _series(
                "aandeel", "cbs_1NED", rol="teller", chain="year_table", jaren="2024", gebruik="jaartabel",
                multiplier="0.1", aggregation="sum_over_codes",
                dimension_filters='{"title:Soort hulp": {"title": ["Wmo", "Jeugd"]}}',
            ),
            _series(
                "aandeel", "cbs_2NED", rol="teller", chain="year_table", jaren="2023", gebruik="jaartabel",
                edition_order="2", periode_soort="tabel",
            ),
            _series("aandeel", "cbs_3NED", rol="noemer", measure_stem="", measure_title="Huishoudens"),
            _series("achtergrond", "cbs_3NED", gebruik="context"),
        ],
        "kpi_formula.csv": [
            _formula("I 1.1.1", "gewicht"),
            _formula("I 1.1.2", "gewicht"),
            _formula("I 1.1.2", "aandeel", formule="ratio", factor="100"),
            _formula("I 1.1.2", HANDMATIG, soort=HANDMATIG),
        ],
        "kpi_register.csv": [{"kpi_id": "I 1.1.1"}, {"kpi_id": "I 1.1.2"}],
        "uitsplitsing.csv": [{"uitsplitsing": "totaal"}, {"uitsplitsing": "18+"}],
        "interval_dimension.csv": [
            {
                "dimension": "Marges", "waarde_key": "MW00000", "ondergrens_key": "MOG0095",
                "bovengrens_key": "MBG0095", "betrouwbaarheid": "0.95",
            },
        ],
        "unit_range.csv": [
            {"eenheid": "%", "laagste": "0", "hoogste": "100", "landelijk": "tussen"},
            {"eenheid": "aantal", "laagste": "0", "hoogste": "20000000", "landelijk": "som"},
        ],
        "gemeente_register.csv": [
            {"geldig_van": "2010-01-01", "geldig_tot": "2024-01-01"},
            {"geldig_van": "2010-01-01", "geldig_tot": ""},
            {"geldig_van": "2024-01-01", "geldig_tot": ""},
            {"geldig_van": "2024-07-01", "geldig_tot": ""},
        ],
    }  # fmt: skip


def write_seeds(folder: Path, seeds: Seeds, encoding: str = "utf-8") -> Path:
    for name, rows in seeds.items():
        with (folder / name).open("w", encoding=encoding, newline="") as stream:
            writer = csv.DictWriter(stream, fieldnames=list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def test_a_registry_is_read_with_its_types(tmp_path: Path, seeds: Seeds) -> None:
    """A number, a year span or a filter left as text would fail far from its line, during a download."""
    registry = load_registry(write_seeds(tmp_path, seeds))

    assert list(registry.tables) == ["cbs_1NED", "cbs_2NED", "cbs_3NED", "handmatig"]
    assert registry.tables["cbs_1NED"].filter_op_dienst is True
    value, _, ratio, _, noemer, _ = registry.series
    assert value.dimension_filters == {"Leeftijd": DimensionFilter(by="key", values=("20300",))}
    assert (value.jaren.first, value.jaren.contains(2011), value.jaren.contains(2031)) == (2012, False, True)
    assert ratio.multiplier == Decimal("0.1")
    assert ratio.dimension_filters["title:Soort hulp"] == DimensionFilter(by="title", values=("Wmo", "Jeugd"))
    assert (noemer.measure_stem, noemer.measure_title) == (None, "Huishoudens")
    assert registry.kpis == {"gewicht": ("I 1.1.1", "I 1.1.2"), "aandeel": ("I 1.1.2",)}


def test_a_table_gives_only_its_loaded_rows(tmp_path: Path, seeds: Seeds) -> None:
    """A background row that is downloaded each night costs time and may fail a source that nobody needs."""
    registry = load_registry(write_seeds(tmp_path, seeds))

    assert [(row.series_id, row.rol) for row in series_for_table(registry, "cbs_3NED")] == [("aandeel", "noemer")]
    assert [row.series_id for row in series_for_table(registry, "cbs_2NED")] == ["gewicht", "aandeel"]
    assert series_for_table(registry, HANDMATIG) == ()


def test_a_series_that_asks_for_the_value_of_an_interval_gets_its_bounds(tmp_path: Path, seeds: Seeds) -> None:
    """A figure of a survey without its interval is judged by chance; the bounds must not be asked row by row."""
    seeds["series.csv"][0]["dimension_filters"] = '{"Leeftijd": {"key": "20300"}, "Marges": {"key": "MW00000 "}}'

    first, *others = load_registry(write_seeds(tmp_path, seeds)).series

    assert first.interval == IntervalDimension("Marges", "MW00000", "MOG0095", "MBG0095")
    assert [row.interval for row in others] == [None] * 5


@pytest.mark.parametrize(
    ("filters", "aggregation"),
    [
        ('{"Marges": {"key": "MOG0095"}}', "none"),
        ('{"Marges": {"title": "Waarde"}}', "none"),
        ('{"Soort": {"key": "MW00000"}}', "none"),
        ('{"Marges": {"key": "MW00000"}, "Soort": {"key": ["a", "b"]}}', "sum_over_codes"),
    ],
)
def test_only_a_single_value_by_its_key_has_bounds(
    tmp_path: Path, seeds: Seeds, filters: str, aggregation: str
) -> None:
    """The bounds of a bound, or of the parts of a sum, would be published as an interval."""
    seeds["series.csv"][0] |= {"dimension_filters": filters, "aggregation": aggregation}

    assert load_registry(write_seeds(tmp_path, seeds)).series[0].interval is None


def test_every_loaded_row_that_asks_for_the_value_of_a_survey_or_model_has_its_bounds() -> None:
    """A row whose Marges is spelled in another way would quietly lose its interval."""
    rows = [row for row in load_registry(SHIPPED).series if row.is_loaded and "Marges" in row.dimension_filters]

    assert {row.interval is not None for row in rows} == {True}
    assert {"rivm_sterk_eenzaam", "cbs_informele_hulp"} <= {row.series_id for row in rows}


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path: Path, seeds: Seeds) -> None:
    """A spreadsheet that saves as UTF-8 puts a mark in front, which would rename the first column."""
    registry = load_registry(write_seeds(tmp_path, seeds, encoding="utf-8-sig"))

    assert len(registry.series) == 6


def test_what_figures_are_held_against_is_read_too(tmp_path: Path, seeds: Seeds) -> None:
    """A check that knows no range and no number of gemeenten passes everything, in silence."""
    found = load_registry(write_seeds(tmp_path, seeds)).expectations

    assert found.units["%"] == UnitRange("%", 0.0, 100.0, "tussen")
    assert [found.gemeenten[year] for year in (2023, 2024, 2025)] == [2, 2, 3]


def _set(file: str, index: int, **changes: str) -> Callable[[Seeds], None]:
    return lambda seeds: seeds[file][index].update(changes)


def _repeat(file: str, index: int) -> Callable[[Seeds], None]:
    return lambda seeds: seeds[file].append(dict(seeds[file][index]))


def _drop(file: str, index: int) -> Callable[[Seeds], None]:
    def change(seeds: Seeds) -> None:
        del seeds[file][index]

    return change


TABLES, SERIES, FORMULA = "source_table.csv", "series.csv", "kpi_formula.csv"
INTERVAL = "interval_dimension.csv"
UNIT = "unit_range.csv"
FAULTS = {
    # name: (change, file, line, column, words that the message must hold)
    "unknown family": (_set(TABLES, 0, bron="cbz"), TABLES, 2, "bron", ["'cbz'", "rivm"]),
    "id that does not follow": (_set(TABLES, 1, bron_id="cbs_9NED"), TABLES, 3, "bron_id", ["'cbs_2NED'"]),
    "id that is no folder": (
        _set(TABLES, 0, bron_id="cbs_a/b", table_id="a/b"), TABLES, 2, "table_id", ["folder"]),
    "unknown division": (_set(TABLES, 2, indeling="nu"), TABLES, 4, "indeling", ["'nu'", "periode"]),
    "no host": (_set(TABLES, 0, host=""), TABLES, 2, "host", ["empty"]),
    "no licence": (_set(TABLES, 0, licentie=" "), TABLES, 2, "licentie", ["empty"]),
    "unknown rhythm": (_set(TABLES, 0, ritme="soms"), TABLES, 2, "ritme", ["maandelijks"]),
    "no boolean": (_set(TABLES, 0, filter_op_dienst="ja"), TABLES, 2, "filter_op_dienst", ["true or false"]),
    "table twice": (_repeat(TABLES, 0), TABLES, 6, None, ["cbs_1NED", "line 2"]),
    "unknown table": (_set(SERIES, 0, bron_id="cbs_9NED"), SERIES, 2, "bron_id", ["cbs_9NED", TABLES]),
    "unknown split": (_set(SERIES, 5, uitsplitsing="12-"), SERIES, 7, "uitsplitsing", ["'12-'"]),
    "unknown role": (_set(SERIES, 0, rol="deler"), SERIES, 2, "rol", ["noemer"]),
    "part 0": (_set(SERIES, 0, onderdeel="0"), SERIES, 2, "onderdeel", ["'0'"]),
    "edition in words": (_set(SERIES, 0, edition_order="een"), SERIES, 2, "edition_order", ["'een'"]),
    "stem and title": (_set(SERIES, 0, measure_title="Gewicht"), SERIES, 2, "measure_stem", ["exactly one"]),
    "no column at all": (_set(SERIES, 0, measure_stem=""), SERIES, 2, "measure_stem", ["exactly one"]),
    "broken JSON": (_set(SERIES, 0, dimension_filters='{"a"'), SERIES, 2, "dimension_filters", ["JSON"]),
    "JSON list": (_set(SERIES, 0, dimension_filters="[]"), SERIES, 2, "dimension_filters", ["object"]),
    "filter by name": (
        _set(SERIES, 0, dimension_filters='{"a": {"naam": "x"}}'), SERIES, 2, "dimension_filters", ["'a'"]),
    "filter without codes": (
        _set(SERIES, 0, dimension_filters='{"a": {"key": []}}'), SERIES, 2, "dimension_filters", ["'a'"]),
    "numeric code": (
        _set(SERIES, 0, dimension_filters='{"a": {"key": 10000}}'), SERIES, 2, "dimension_filters", ["'a'"]),
    "code twice": (
        _set(SERIES, 2, dimension_filters='{"a": {"key": ["x", "x "]}}'),
        SERIES, 4, "dimension_filters", ["'a'"]),
    "codes without a sum": (
        _set(SERIES, 2, aggregation="none"), SERIES, 4, "aggregation", ["sum_over_codes"]),
    "sum without codes": (
        _set(SERIES, 0, aggregation="sum_over_codes"), SERIES, 2, "aggregation", ["list of codes"]),
    "multiplier in words": (_set(SERIES, 0, multiplier="x 1 000"), SERIES, 2, "multiplier", ["'x 1 000'"]),
    "multiplier nought": (_set(SERIES, 0, multiplier="0"), SERIES, 2, "multiplier", ["above zero"]),
    "multiplier endless": (_set(SERIES, 0, multiplier="Infinity"), SERIES, 2, "multiplier", ["above zero"]),
    "years in words": (_set(SERIES, 0, jaren="vanaf 2012"), SERIES, 2, "jaren", ["vanaf 2012", "2011-"]),
    "a table without its year": (_set(SERIES, 3, jaren="2011-"), SERIES, 5, "jaren", ["one year"]),
    "series twice": (_repeat(SERIES, 0), SERIES, 8, None, ["gewicht", "line 2"]),
    "stand-in for nothing": (
        _set(SERIES, 5, terugval_voor="weg"), SERIES, 7, "terugval_voor", ["'weg'"]),
    "stand-in for itself": (
        _set(SERIES, 5, terugval_voor="achtergrond"), SERIES, 7, "terugval_voor", ["another series"]),
    "half a stand-in": (
        _set(SERIES, 1, terugval_voor="aandeel"), SERIES, 3, "terugval_voor", ["each row"]),
    "teller without noemer": (_drop(SERIES, 4), SERIES, 4, "rol", ["teller", "waarde"]),
    "value and ratio": (_set(SERIES, 1, rol="noemer"), SERIES, 2, "rol", ["gewicht"]),
    "two tables in one edition": (
        _set(SERIES, 1, edition_order="1", onderdeel="2"), SERIES, 3, "bron_id", ["cbs_1NED", "cbs_2NED"]),
    "two kinds of chain": (_set(SERIES, 1, chain="year_table"), SERIES, 3, "chain", ["gewicht"]),
    "a year from two tables": (_set(SERIES, 3, jaren="2024"), SERIES, 5, "jaren", ["same year"]),
    "no newest edition": (_drop(SERIES, 0), SERIES, 2, "edition_order", ["starts at 2"]),
    "unknown KPI": (_set(FORMULA, 0, kpi_id="I 9.9.9"), FORMULA, 2, "kpi_id", ["I 9.9.9"]),
    "unknown formula": (_set(FORMULA, 0, formule="som"), FORMULA, 2, "formule", ["ratio"]),
    "formula without series": (_set(FORMULA, 0, variant="weg"), FORMULA, 2, "variant", ["'weg'", "I 1.1.1"]),
    "formula of a split that is not there": (
        _set(FORMULA, 0, uitsplitsing="18+"), FORMULA, 2, "variant", ["'18+'"]),
    "ratio of a value": (_set(FORMULA, 0, formule="ratio"), FORMULA, 2, "variant", ["noemer"]),
    "formula of a background series": (
        _set(FORMULA, 0, variant="achtergrond"), FORMULA, 2, "variant", ["gebruik"]),
    "formula twice": (_repeat(FORMULA, 0), FORMULA, 6, None, ["line 2"]),
    "unit without a range": (_set(SERIES, 0, eenheid="promille"), SERIES, 2, "eenheid", ["'promille'", UNIT]),
    "range in words": (_set(UNIT, 0, hoogste="honderd"), UNIT, 2, "hoogste", ["'honderd'"]),
    "range upside down": (_set(UNIT, 0, laagste="101"), UNIT, 2, "hoogste", ["100", "101"]),
    "range twice": (_repeat(UNIT, 0), UNIT, 4, None, ["%", "line 2"]),
    "unknown form for the country": (_set(UNIT, 1, landelijk="gelijk"), UNIT, 3, "landelijk", ["tussen"]),
    "interval without a bound": (_set(INTERVAL, 0, bovengrens_key=""), INTERVAL, 2, "bovengrens_key", ["empty"]),
    "one member for two bounds": (
        _set(INTERVAL, 0, bovengrens_key="MOG0095"), INTERVAL, 2, "ondergrens_key", ["equal"]),
    "another confidence": (
        _set(INTERVAL, 0, betrouwbaarheid="0.99"), INTERVAL, 2, "betrouwbaarheid", ["'0.99'", "0.95"]),
    "confidence in per cent": (
        _set(INTERVAL, 0, betrouwbaarheid="95 %"), INTERVAL, 2, "betrouwbaarheid", ["not a number"]),
    "interval twice": (_repeat(INTERVAL, 0), INTERVAL, 3, None, ["line 2"]),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_names_the_file_the_line_and_the_column(tmp_path: Path, seeds: Seeds, fault: str) -> None:
    """Someone who adds a KPI in a spreadsheet must find the cell, not read a stack trace."""
    change, file, line, column, words = FAULTS[fault]
    change(seeds)

    with pytest.raises(RegistryError) as caught:
        load_registry(write_seeds(tmp_path, seeds))

    assert (caught.value.file, caught.value.line, caught.value.column) == (file, line, column)
    message = str(caught.value)
    assert message.startswith(f"{file}, line {line}" + (f", column {column}: " if column else ": "))
    for word in words:
        assert word in message


@pytest.mark.parametrize(
    "file",
    [
        "source_table.csv", "series.csv", "kpi_formula.csv", "kpi_register.csv", "uitsplitsing.csv",
        "interval_dimension.csv",
    ],
)  # fmt: skip
def test_a_missing_file_is_named_with_its_folder(tmp_path: Path, seeds: Seeds, file: str) -> None:
    """A wrong folder must not look like an empty registry, which would download nothing and stay green."""
    write_seeds(tmp_path, seeds)
    (tmp_path / file).unlink()

    with pytest.raises(RegistryError, match=f"{file}: is not in .*{tmp_path.name}"):
        load_registry(tmp_path)


def test_a_renamed_column_is_named(tmp_path: Path, seeds: Seeds) -> None:
    """A header with a typing error must not be read as a column that is empty everywhere."""
    for row in seeds["series.csv"]:
        row["jaar"] = row.pop("jaren")

    with pytest.raises(RegistryError, match=r"series.csv, line 1: header lacks \['jaren'\].*\['jaar'\]"):
        load_registry(write_seeds(tmp_path, seeds))


def test_a_key_file_without_its_key_is_named(tmp_path: Path, seeds: Seeds) -> None:
    """Otherwise every split would be unknown, and the message would blame the wrong file."""
    seeds["uitsplitsing.csv"] = [{"naam": "Totaal"}]

    with pytest.raises(RegistryError, match=r"uitsplitsing.csv, line 1, column uitsplitsing"):
        load_registry(write_seeds(tmp_path, seeds))


def test_a_comma_without_quotes_is_reported_on_its_line(tmp_path: Path, seeds: Seeds) -> None:
    """An unquoted comma shifts every later cell of the line one column to the right."""
    path = write_seeds(tmp_path, seeds) / "source_table.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Bron: voorbeeld", "Bron: a, b", 1), encoding="utf-8")

    with pytest.raises(RegistryError, match=r"source_table.csv, line 2: .*Quote"):
        load_registry(tmp_path)


def test_a_file_in_another_encoding_is_refused_by_name(tmp_path: Path, seeds: Seeds) -> None:
    """Names such as Fryslân would come out mangled, or stop the night with a decoding trace."""
    seeds["source_table.csv"][0]["titel"] = "Súdwest-Fryslân"

    with pytest.raises(RegistryError, match=r"source_table.csv: is not UTF-8"):
        load_registry(write_seeds(tmp_path, seeds, encoding="cp1252"))


# --- years -----------------------------------------------------------------------------------------


@st.composite
def year_spans(draw: st.DrawFn) -> tuple[tuple[int, int | None], ...]:
    """Ordered spans that do not overlap, the last one perhaps open."""
    years = sorted(draw(st.sets(st.integers(min_value=1900, max_value=2099), max_size=8)))
    spans: list[tuple[int, int | None]] = []
    while years:
        length = draw(st.integers(min_value=1, max_value=2))
        spans.append((years[0], years[:length][-1]))
        years = years[length:]
    if spans and draw(st.sampled_from([True, False])):
        spans[-1] = (spans[-1][0], None)
    return tuple(spans)


@given(year_spans())
def test_years_written_and_read_again_are_the_same(spans: tuple[tuple[int, int | None], ...]) -> None:
    """A filter pushed to the service and the filter applied here are made from the same text."""
    jaren = Jaren(spans)

    assert Jaren.parse(str(jaren)) == jaren


@given(year_spans(), st.integers(min_value=1890, max_value=2110))
def test_a_year_belongs_when_a_span_holds_it(spans: tuple[tuple[int, int | None], ...], year: int) -> None:
    """One year too many or too few at an edge would drop or double the first or last figure of a series."""
    expected = not spans or any(year in range(first, (last or 2200) + 1) for first, last in spans)

    assert Jaren(spans).contains(year) is expected


@given(year_spans(), year_spans())
def test_spans_overlap_when_they_share_a_year(
    one: tuple[tuple[int, int | None], ...], other: tuple[tuple[int, int | None], ...]
) -> None:
    """Two year tables for one year would give two figures for one key."""
    shared = any(Jaren(one).contains(year) and Jaren(other).contains(year) for year in range(1900, 2200))

    assert Jaren(one).overlaps(Jaren(other)) is shared


@given(year_spans())
def test_the_first_year_is_the_lowest_that_belongs(spans: tuple[tuple[int, int | None], ...]) -> None:
    """The first year is sent to the service as a lower bound: too high, and figures never arrive."""
    jaren = Jaren(spans)

    assert jaren.first == (min(first for first, _ in spans) if spans else None)
    assert jaren.first is None or (jaren.contains(jaren.first) and not jaren.contains(jaren.first - 1))


@pytest.mark.parametrize(
    ("text", "single"),
    [("", None), ("2024", 2024), ("2024-2024", 2024), ("2024-", None), ("2014;2018", None)],
)
def test_only_one_year_is_a_single_year(text: str, single: int | None) -> None:
    """A table without periods takes its year from here: a wrong guess dates every figure of it wrong."""
    assert Jaren.parse(text).single == single


@pytest.mark.parametrize(
    "text",
    [
        "11",
        "20245",
        "2023SJ00",
        "2024-2020",
        "-2024",
        "2018;2014",
        "2011-;2014",
        "2014;2014",
        "2014;",
        "٢٠٢٤",
    ],
)
def test_years_in_another_form_are_refused(text: str) -> None:
    """A span that is read half would quietly cut a series short."""
    with pytest.raises(ValueError, match=r"no year|ends before|not in order"):
        Jaren.parse(text)


# --- the registry that ships -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry(SHIPPED)


@pytest.fixture(scope="module")
def shipped() -> Callable[[str], Rows]:
    def read(name: str) -> Rows:
        with (SHIPPED / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    return read


Shipped = Callable[[str], Rows]


@pytest.mark.parametrize(
    ("familie", "ids", "rows"),
    [
        ("impact", 40, 41),
        ("effect", 35, 35),
        ("activiteit", 42, 42),
        ("kwaliteit", 4, 4),
        ("professional", 8, 8),
    ],
)
def test_the_catalogue_holds_the_whole_model(shipped: Shipped, familie: str, ids: int, rows: int) -> None:
    """A KPI that drops out of the catalogue drops out of every table, without an error anywhere."""
    found = [row["kpi_id"] for row in shipped("kpi_register") if row["familie"] == familie]

    assert (len(set(found)), len(found)) == (ids, rows)


def test_only_one_kpi_has_two_versions(shipped: Shipped) -> None:
    """The two versions under one id are different indicators; a second pair would double every join."""
    versions = defaultdict(list)
    for row in shipped("kpi_register"):
        versions[row["kpi_id"]].append((row["model_versie"], row["geldend"]))

    assert {kpi: found for kpi, found in versions.items() if len(found) > 1} == {
        "I 4.3.1": [("v2", "true"), ("v1", "false")]
    }
    assert [kpi for kpi, found in versions.items() if len(found) == 1 and found[0][1] != "true"] == []


def test_the_most_crucial_kpis_are_marked(shipped: Shipped) -> None:
    """The default selection of an organisation starts from these nine."""
    marked = {
        row["kpi_id"]: row["vet"] for row in shipped("kpi_register") if row["vet"] in ("volledig", "gedeeltelijk")
    }

    assert {kpi for kpi, vet in marked.items() if vet == "volledig"} == {"I 1.3.3", "A 9", "A 12", "A 31"}
    assert {kpi for kpi, vet in marked.items() if vet == "gedeeltelijk"} == {
        "A 4",
        "A 5",
        "A 6",
        "A 17",
        "E 7.1.1",
    }


def test_every_impact_kpi_has_a_formula_and_one_main_split(shipped: Shipped) -> None:
    """A KPI without a main split has no row in the overview; one with two has two."""
    main = defaultdict(set)
    for row in shipped("kpi_formula"):
        if row["hoofduitsplitsing"] == "true":
            main[row["kpi_id"]].add(row["uitsplitsing"])
    impact = {row["kpi_id"] for row in shipped("kpi_register") if row["familie"] == "impact"}

    assert set(main) == impact
    assert {kpi: splits for kpi, splits in main.items() if len(splits) != 1} == {}


def test_each_split_has_one_head_and_never_a_stand_in(shipped: Shipped, registry: Registry) -> None:
    """Two heads double the comparison and the trend; a head by another method breaks the line of the KPI."""
    stand_ins = {row.series_id for row in registry.series if row.terugval_voor or row.gebruik == "opvolger"}
    heads: Counter[tuple[str, str]] = Counter()
    candidates = set()
    for row in shipped("kpi_formula"):
        key = (row["kpi_id"], row["uitsplitsing"])
        heads[key] += row["hoofdreeks"] == "true"
        if row["variant"] not in stand_ins:
            candidates.add(key)

    assert {key: number for key, number in heads.items() if number != (key in candidates)} == {}


def test_a_main_split_has_a_head(shipped: Shipped) -> None:
    """The overview takes the head of the main split: without it the KPI disappears from it."""
    rows = [row for row in shipped("kpi_formula") if row["hoofduitsplitsing"] == "true"]
    with_head = {row["kpi_id"] for row in rows if row["hoofdreeks"] == "true"}

    assert {row["kpi_id"] for row in rows} - with_head == set()


def test_every_loaded_series_is_used(shipped: Shipped, registry: Registry) -> None:
    """A series that is downloaded and then used nowhere is a KPI that someone forgot to finish."""
    used = {(row["variant"], row["uitsplitsing"]) for row in shipped("kpi_formula")}
    loaded = {
        (row.series_id, row.uitsplitsing) for row in registry.series if row.is_loaded and row.gebruik != "kenmerk"
    }

    assert loaded - used == set()


def test_a_kpi_without_open_source_can_be_supplied_by_hand(shipped: Shipped) -> None:
    """Fourteen KPIs come from the organisation: without a formula its file would be refused."""
    by_hand = {row["kpi_id"] for row in shipped("kpi_formula") if row["variant"] == HANDMATIG}
    manual = {row["kpi_id"] for row in shipped("kpi_register") if row["bron_soort"] == "handmatig"}

    assert len(manual) == 14
    assert by_hand == manual | {"I 1.1.2"}


@pytest.mark.parametrize(
    ("kpi_id", "uitsplitsing", "head"),
    [
        ("I 1.1.1", "totaal", "cbs_laag_inkomen_1jaar"),
        ("I 2.1.1", "totaal", "lbm3_onv"),
        ("I 5.3.1", "totaal", "lbm3_onv"),
        ("I 3.3.2", "18+", "rivm_mantelzorger"),
        ("I 6.1.1", "18+", "rivm_veel_stress"),
        ("I 6.1.1", "65+", "rivm_veel_stress"),
        ("I 4.2.2", "totaal", "cbs_sociaal_domein_totaal"),
        ("I 7.2.1", "totaal", HANDMATIG),
    ],
)
def test_the_head_series_is_the_one_agreed(shipped: Shipped, kpi_id: str, uitsplitsing: str, head: str) -> None:
    """Another head changes a published trend from one night to the next."""
    found = [
        row["variant"]
        for row in shipped("kpi_formula")
        if (row["kpi_id"], row["uitsplitsing"], row["hoofdreeks"]) == (kpi_id, uitsplitsing, "true")
    ]

    assert found == [head]


def test_rates_have_their_factor_and_only_benefits_a_later_denominator(shipped: Shipped) -> None:
    """A share off by a hundred, or households of the wrong year, still looks like a plausible figure."""
    ratios = {row["kpi_id"]: row for row in shipped("kpi_formula") if row["formule"] == "ratio"}

    assert {kpi: row["factor"] for kpi, row in ratios.items()} == {
        "I 1.2.1": "100", "I 1.2.2": "100", "I 3.2.2": "100", "I 4.2.2": "100", "I 5.3.2": "10000"
    }  # fmt: skip
    assert {kpi for kpi, row in ratios.items() if row["noemer_verschuiving"] == "1"} == {"I 1.2.1", "I 1.2.2"}


def test_a_recast_chain_counts_its_editions_from_one(registry: Registry) -> None:
    """A gap in the order means that an edition was lost from the chain."""
    chains = defaultdict(list)
    for row in registry.series:
        if row.chain == "recast":
            chains[row.series_id, row.uitsplitsing, row.rol, row.onderdeel].append(row.edition_order)

    assert {key: orders for key, orders in chains.items() if orders != list(range(1, len(orders) + 1))} == {}


def test_a_year_table_gives_one_year(registry: Registry) -> None:
    """An open span on a year table would take the figures of every year from it."""
    assert [row for row in registry.series if row.chain == "year_table" and row.jaren.single is None] == []


def test_only_the_police_leave_out_zeros(registry: Registry) -> None:
    """Elsewhere an absent figure is unknown; taking it for 0 would invent figures."""
    zero = {row.bron_id for row in registry.series if row.absent == "zero"}

    assert zero == {"politie_47013NED", "politie_47021NED", "politie_47024NED"}


def test_a_series_with_margins_is_a_sample_or_a_model_and_never_a_register(
    shipped: Shipped, registry: Registry
) -> None:
    """A difference between two samples would be shown as certain, or a count would be tested as if it were a sample."""
    with_margins = {row.series_id for row in registry.series if "Marges" in row.dimension_filters}
    estimated = {row["variant"] for row in shipped("kpi_formula") if row["meetwijze"] in ("enquete", "model")}
    counted = {row["variant"] for row in shipped("kpi_formula") if row["meetwijze"] == "register"}

    # The labour force survey and the Leefbaarometer publish no margins.
    assert estimated - with_margins == {"lbm3_onv", "cbs_netto_arbeidsparticipatie", "kwb_netto_arbeidsparticipatie"}
    assert counted & with_margins == set()
    assert {row["meetwijze"] for row in shipped("kpi_formula") if row["variant"] == HANDMATIG} == {HANDMATIG}


def test_model_estimates_are_marked(shipped: Shipped, registry: Registry) -> None:
    """A model estimate that is shown as a measurement invites a judgement that it cannot carry."""
    modelled = {
        row.series_id
        for row in registry.series
        if row.bron_id in ("rivm_50150NED", "rivm_50120NED", "rivm_50090NED")
        or row.bron_id.startswith("leefbaarometer_")
    }
    wrong = [
        (row["kpi_id"], row["variant"])
        for row in shipped("kpi_formula")
        if (row["is_modelmatig"] == "true") != (row["variant"] in modelled)
    ]

    assert wrong == []


@pytest.mark.parametrize(
    "bron", ["cbs", "rivm", "politie", "leefbaarometer", "gebieden", "herindeling", "grenzen", "handmatig"]
)
def test_every_family_has_a_source_table_with_its_attribution(registry: Registry, bron: str) -> None:
    """A figure without its licence line may not be published."""
    tables = [table for table in registry.tables.values() if table.bron == bron]

    assert tables
    assert all(table.bronvermelding.startswith("Bron:") for table in tables)


def test_the_roster_of_each_year_is_a_source_table(registry: Registry) -> None:
    """The newest roster that is served sets the division of the publication: the years must run on."""
    years = [int(table.indeling) for table in registry.tables.values() if table.bron == "gebieden"]

    assert years == list(range(2026, 2015, -1))


def test_every_filter_is_valid_json_with_trimmed_keys(shipped: Shipped) -> None:
    """A padded key is a second spelling of one code, and the two never join."""
    for row in shipped("series"):
        for wanted in json.loads(row["dimension_filters"]).values():
            (value,) = wanted.values()
            values = value if isinstance(value, list) else [value]
            assert [code.strip() for code in values] == values


# --- gemeenten -------------------------------------------------------------------------------------


GEMEENTEN_PER_YEAR = (
    431, 418, 415, 408, 403, 393, 390, 388, 380, 355, 355, 352, 345, 342, 342, 342, 342
)  # fmt: skip


def _in_force(rows: Rows, day: date) -> set[str]:
    return {
        row["gemeente_code"]
        for row in rows
        if date.fromisoformat(row["geldig_van"]) <= day
        and (not row["geldig_tot"] or day < date.fromisoformat(row["geldig_tot"]))
    }


@pytest.mark.parametrize(
    ("year", "number"),
    list(enumerate(GEMEENTEN_PER_YEAR, start=2010)),
)
def test_the_register_has_the_gemeenten_of_each_year(shipped: Shipped, year: int, number: int) -> None:
    """One gemeente too many or too few in a year leaves its inhabitants without figures."""
    assert len(_in_force(shipped("gemeente_register"), date(year, 1, 1))) == number


@pytest.mark.parametrize("year", range(2011, 2027))
def test_the_crosswalk_explains_every_change_of_the_register(shipped: Shipped, year: int) -> None:
    """A dissolved gemeente without a successor loses all its earlier figures."""
    register = shipped("gemeente_register")
    before, after = (_in_force(register, date(y, 1, 1)) for y in (year - 1, year))
    moves = [
        row
        for row in shipped("herindeling")
        if row["indelingsjaar"] == str(year) and row["soort"] not in ("grenswijziging", "voorgenomen")
    ]

    assert {row["oude_code"] for row in moves} - after == before - after
    assert {row["nieuwe_code"] for row in moves} - before == after - before


def test_the_shares_of_a_dissolved_gemeente_add_up_to_one(shipped: Shipped) -> None:
    """Counts move by share: anything else creates or loses people."""
    shares: dict[str, Decimal] = defaultdict(Decimal)
    for row in shipped("herindeling"):
        if row["soort"] in ("samenvoeging", "splitsing", "hernoeming"):
            shares[row["oude_code"]] += Decimal(row["aandeel"])

    assert len(shares) > 100
    assert {code: share for code, share in shares.items() if abs(share - 1) > Decimal("0.000001")} == {}


# --- what readers see -----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", ["kpi_register", "kpi_formula", "own_kpi", "reach", "grootteklasse"])
def test_thousands_are_written_with_a_point(shipped: Shipped, seed: str) -> None:
    """A page would say 197.621 inwoners beside a class of 150 000 tot 250 000; units of a service stay as they are."""
    spaced = [text for row in shipped(seed) for text in row.values() if re.search(r"\d \d{3}(?!\d)", text)]
    assert spaced == []


# --- questionnaires --------------------------------------------------------------------------------


def test_every_question_but_the_orphan_counts_for_an_indicator(shipped: Shipped) -> None:
    """A question that is left out changes an effect figure without anybody noticing."""
    asked = {row["vraagcode"] for row in shipped("question")}
    counted = {row["vraagcode"] for row in shipped("effect_question")}

    assert len(asked) == 72
    assert asked - counted == {"5b2"}
    assert counted - asked == set()


def test_the_parts_of_an_indicator_hold_each_question_of_its_total_once(shipped: Shipped) -> None:
    """A part without its question would publish a total that its parts do not explain."""
    total: dict[str, list[str]] = defaultdict(list)
    parts: dict[str, list[str]] = defaultdict(list)
    for row in shipped("effect_question"):
        (parts if row["deel"] else total)[row["indicator_id"]].append(row["vraagcode"])

    assert len(total) == 35 + 8
    assert {kpi for kpi, questions in total.items() if parts.get(kpi, questions) != questions} == set()
    assert {kpi for kpi, questions in total.items() if (len(questions) > 1) != (kpi in parts)} == set()


def test_every_question_knows_the_four_answers(shipped: Shipped) -> None:
    """An answer that is not in the scale goes to quarantine, never to 'not positive'."""
    scale: dict[str, dict[str, str]] = defaultdict(dict)
    for row in shipped("answer_scale"):
        scale[row["vraagcode"]][row["antwoord"]] = row["oordeel"]

    expected = {"ja": "positief", "nee": "niet_positief", "nvt": "nvt", "n.v.t.": "nvt"}
    assert {code for code, answers in scale.items() if answers != expected} == set()
    assert set(scale) == {row["vraagcode"] for row in shipped("question")}


def test_every_impact_kpi_is_linked_to_its_effects(shipped: Shipped) -> None:
    """The chain from effort to outcome is built from these links."""
    rows = shipped("impact_effect")

    assert len({row["impact_kpi_id"] for row in rows}) == 40
    assert len({row["effect_kpi_id"] for row in rows if row["effect_kpi_id"]}) == 35
    assert {row["impact_kpi_id"] for row in rows if not row["effect_kpi_id"]} == {
        "I 2.1.4", "I 3.2.2", "I 3.2.3", "I 4.2.2", "I 5.3.1", "I 5.3.2"
    }  # fmt: skip
