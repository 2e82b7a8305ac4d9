"""Whatever a page says in a browser is what the mart stored, cell by cell."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Browser, Locator, expect

from serving.render import with_unit
from serving.site.places import gemeente_page, kpi_page
from serving.words import OUTCOME, interval, position, reason, trend
from tests.site.reader import WIDE, Reader, cell_texts

pytestmark = pytest.mark.xdist_group("demo")

_OF_A_KIND = 4
_FIGURES = """
with vergelijking as (
    select * from kpi_vergelijking where benchmark_type in ('nl', 'buurgroep')
)

select
    figure.*, of_the_country.periode as nl_periode, series.van_periode,
    nl.benchmark_waarde as nl_benchmark, nl.oordeel as nl_oordeel, nl.positie as nl_plaats,
    nl.vergelijkingswaarde as vergeleken, nl.vergelijkingseenheid as vergeleken_eenheid,
    peers.benchmark_waarde as buur_benchmark, peers.oordeel as buur_oordeel
from kpi_gemeente as figure
inner join kpi using (kpi_id, model_versie)
inner join gemeente using (gemeente_code)
left join vergelijking as nl
    on
        nl.benchmark_type = 'nl' and figure.periode = nl.periode
        and (figure.kpi_id, figure.model_versie, figure.uitsplitsing, figure.gemeente_code)
        = (nl.kpi_id, nl.model_versie, nl.uitsplitsing, nl.gemeente_code)
left join vergelijking as peers
    on
        peers.benchmark_type = 'buurgroep' and figure.periode = peers.periode
        and (figure.kpi_id, figure.model_versie, figure.uitsplitsing, figure.gemeente_code)
        = (peers.kpi_id, peers.model_versie, peers.uitsplitsing, peers.gemeente_code)
left join kpi_trend as series
    on
        (figure.kpi_id, figure.model_versie, figure.uitsplitsing, figure.gemeente_code)
        = (series.kpi_id, series.model_versie, series.uitsplitsing, series.gemeente_code)
left join kpi_gemeente as of_the_country
    on
        of_the_country.gemeente_code = 'NL'
        and (figure.kpi_id, figure.model_versie, figure.uitsplitsing)
        = (of_the_country.kpi_id, of_the_country.model_versie, of_the_country.uitsplitsing)
where kpi.geldend and gemeente.soort_gebied = 'gemeente' and figure.hoofduitsplitsing and figure.familie = 'impact'
order by figure.kpi_id, figure.gemeente_code
"""

Row = Mapping[str, Any]
# Each sort of figure has cells of its own.
_KINDS = {
    "with an interval": lambda row: row["waarde"] is not None and row["oi_laag"] is not None,
    "compared in another unit": lambda row: (
        row["vergeleken"] is not None and row["vergeleken_eenheid"] != row["eenheid"]
    ),
    "from a register": lambda row: (
        row["waarde"] is not None and row["oi_laag"] is None and row["vergeleken_eenheid"] == row["eenheid"]
    ),
    "missing": lambda row: row["waarde"] is None,
}


@pytest.fixture(scope="module")
def sample(mart: duckdb.DuckDBPyConnection) -> list[Row]:
    """Figures of each kind, of gemeenten and KPIs picked at random, the same each time."""
    found = mart.execute(_FIGURES)
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, values, strict=True)) for values in found.fetchall()]
    lot = random.Random(758)
    return [row for is_kind in _KINDS.values() for row in lot.sample(list(filter(is_kind, rows)), _OF_A_KIND)]


@pytest.fixture(scope="module")
def reader(browser: Browser, address: str) -> Iterator[Reader]:
    """One reader for all pages; without the library of the charts, of which nothing is read here."""
    reader = Reader(browser, address, width=WIDE)
    reader.context.route("**/vega.js", lambda route: route.abort())
    yield reader
    reader.context.close()


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts))


def _value(row: Row) -> str:
    return with_unit(row["waarde"], row["eenheid"])


def _rate(row: Row) -> str:
    """The figure as it was compared, when that is in another unit: gemeenten are not of one size."""
    if row["vergeleken_eenheid"] in {None, row["eenheid"]}:
        return ""
    return with_unit(row["vergeleken"], row["vergeleken_eenheid"])


def _interval(row: Row) -> str:
    low, high = with_unit(row["oi_laag"], row["eenheid"]), with_unit(row["oi_hoog"], row["eenheid"])
    return interval({**row, "oi_methode": None}, low, high)


def _beside(row: Row, kind: str) -> str:
    benchmark = with_unit(row[f"{kind}_benchmark"], row["vergeleken_eenheid"])
    if kind == "nl" and not benchmark:
        benchmark = with_unit(row["nl_waarde"], row["eenheid"])
    return _joined(benchmark, OUTCOME.get(row[f"{kind}_oordeel"], "")) or "geen cijfer"


def _missing(row: Row) -> str:
    about = f" over {row['periode']}" if row["periode"] else ""
    return f"Geen cijfer{about}. {reason(row['ontbreekt_reden'])}."


def _cells(row: Locator) -> dict[str, str]:
    """What each cell of a row says, by the name that it has on a narrow screen."""
    cells = row.locator("td")
    return dict(
        zip(cells.evaluate_all("all => all.map(one => one.dataset.label || '')"), cell_texts(cells), strict=True)
    )


def test_a_profile_says_what_the_mart_stored(reader: Reader, sample: list[Row]) -> None:
    """A figure, verdict, place or trend on the page would differ from what the terminal and the workbook say."""
    for row in sample:
        reader.open(gemeente_page(row["gemeente_code"]))
        shown = reader.page.locator(
            ".rij > tr:first-child", has=reader.page.locator(f"a[href*='{kpi_page(row['kpi_id'])}']")
        )
        expected = (
            [_missing(row)]
            if row["waarde"] is None
            else [
                _joined(_value(row), row["periode"], _rate(row), _interval(row)),
                trend(row, row["van_periode"]),
                _beside(row, "nl"),
                _beside(row, "buur"),
                position(row["nl_plaats"], "nl").removeprefix("; ") or "geen plaats",
            ]
        )
        assert cell_texts(shown.locator("td")) == expected, (row["gemeente_code"], row["kpi_id"])


def test_the_table_of_a_kpi_says_what_the_mart_stored(reader: Reader, sample: list[Row]) -> None:
    """The same figure would differ from one page to the next."""
    for row in sample:
        reader.open(kpi_page(row["kpi_id"]))
        shown = reader.page.locator(f"#kpi-regels tr[data-code='{row['gemeente_code']}']")
        if row["waarde"] is None:
            # Where no gemeente has a figure, the page gives the reason once, without a table.
            where = shown if shown.count() else reader.page.locator("main")
            expect(where).to_contain_text(reason(row["ontbreekt_reden"]), ignore_case=True)
            continue
        cells = _cells(shown)
        assert cells["Cijfer"] == _value(row)
        assert cells["Periode"].removesuffix(" andere periode") == row["periode"]
        assert cells.get("Vergeleken", "") == _rate(row)
        assert cells.get("95 %-interval", "geen") == (_interval(row).removeprefix("95 %-interval ") or "geen")
        if "Naast Nederland" in cells:
            assert cells["Naast Nederland"].startswith(OUTCOME[row["nl_oordeel"]])
        if "Trend" in cells:
            assert cells["Trend"] == (trend(row, row["van_periode"]) or "niet bekeken")


def test_what_is_beside_each_other_says_what_the_mart_stored(reader: Reader, sample: list[Row]) -> None:
    """Side by side a figure would differ from that in the profile."""
    for row in sample:
        reader.open(f"vergelijken.html?g={row['gemeente_code']}")
        cell = reader.page.locator(f"tr[data-kpi='{row['kpi_id']}'] > td:last-child")
        rate = _rate(row)
        # The period of Nederland stands in its own column, and that of a gemeente only when it is another one.
        period = row["periode"] if row["periode"] != row["nl_periode"] else ""
        figure = _joined(_value(row), f"({rate})" if rate else "", period, OUTCOME.get(row["nl_oordeel"], ""))
        expect(cell).to_have_text(
            reason(row["ontbreekt_reden"]) if row["waarde"] is None else figure, use_inner_text=True
        )
