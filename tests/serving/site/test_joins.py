"""Every page says the same of what lies between two figures of a series."""

from typing import Any

import pytest

from serving.site.figures import Figures
from serving.site.joins import Join, joins
from serving.site.kpi_series import Series
from serving.site.pages import kpi
from serving.site.side_by_side import AreaFigures
from tests.serving.conftest import Mini
from tests.serving.site.conftest import Opened

BREDA = "GM0758"


def row(jaar: int, waarde: float | None = 1.0, **changes: Any) -> dict[str, Any]:
    return {"jaar": jaar, "waarde": waarde, "variant": "a", "breuk": False, "is_herleid": False} | changes


def told(*rows: dict[str, Any]) -> list[Join | None]:
    return list(joins(rows))


def test_years_of_a_merged_gemeente_go_on() -> None:
    """Every gemeente of a merger would have a break on the day of it, while the trend in the mart goes on."""
    assert told(row(2017, is_herleid=True), row(2018, is_herleid=True), row(2019)) == [Join.GOES_ON] * 3


@pytest.mark.parametrize("change", [{"variant": "b"}, {"breuk": True}, {"breuk": True, "is_herleid": True}], ids=str)
def test_another_method_or_territory_is_a_break(change: dict[str, Any]) -> None:
    """A reorganised gemeente would seem to change overnight."""
    assert told(row(2018, **change), row(2019)) == [Join.GOES_ON, Join.BREAK]


def test_an_old_territory_that_is_put_together_otherwise_is_a_break() -> None:
    """The figure of one part and that of all parts would be one line."""
    old = row(2018, breuk=True), row(2019, breuk=True, is_herleid=True)
    assert told(*old) == [Join.GOES_ON, Join.BREAK]


def test_a_year_without_a_row_is_a_gap_and_one_without_a_figure_is_missing() -> None:
    """Nobody was measured, and a figure that is kept back, would look alike."""
    assert told(row(2018), row(2020)) == [Join.GOES_ON, Join.GAP]
    assert told(row(2018), row(2019, None), row(2020)) == [Join.GOES_ON, None, Join.MISSING]


def test_a_break_behind_a_missing_figure_is_told_as_a_break() -> None:
    """A jump by another method would be put down to a year that is kept back."""
    assert told(row(2018, variant="b"), row(2019, None), row(2020)) == [Join.GOES_ON, None, Join.BREAK]


def test_what_is_missing_before_the_first_figure_breaks_nothing() -> None:
    """Every series that began late would begin with a break."""
    assert told(row(2018, None), row(2019)) == [None, Join.GOES_ON]


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("true as is_herleid", Join.GAP),  # 2022 and 2024: a merged gemeente with a year without a row
        ("true as breuk", Join.BREAK),
        ("'lbm2' as variant", Join.BREAK),
    ],
)
def test_every_page_tells_the_same_of_one_series(
    standing: Mini, request: pytest.FixtureRequest, second: str, expected: Join
) -> None:
    """A series would be whole on the page of the KPI and broken beside another gemeente."""
    standing.sql(
        f"""create temp table before as select * replace ({second}) from marts.kpi_waarde
        where kpi_id = 'I 2.1.1' and periode = '2022';
        delete from marts.kpi_waarde where kpi_id = 'I 2.1.1' and periode = '2022';
        insert into marts.kpi_waarde by name select * from before"""
    )
    standing.publish()
    opened: Opened = request.getfixturevalue("opened_standing")
    (profile,) = [figure for figure in Figures(opened.connection).take(BREDA) if figure.kpi_id == "I 2.1.1"]
    compared = AreaFigures(opened.connection, {"I 2.1.1": ["2022", "2024"]}).take(BREDA).kpis["I 2.1.1"][-1]
    assert profile.reeks[-1].aansluiting is expected
    assert compared[-1][2] == expected
    assert _of_the_kpi(opened).moments(BREDA)[-1].soort is expected  # type: ignore[union-attr]


def _of_the_kpi(opened: Opened) -> Series:
    (found,) = [series for row, _, series in kpi._all(opened.facts, opened.connection) if row["kpi_id"] == "I 2.1.1"]
    return found["totaal"]
