"""A line of the size of a word shows only what was measured."""

import re

import pytest

from serving.site.joins import joins
from serving.site.sparkline import HEIGHT, WIDTH, Moment, place, sparkline, years_of


def series(*figures: tuple[int, float | None], break_at: int = 0) -> list[Moment]:
    rows = [
        {"jaar": year, "waarde": value, "variant": year < break_at, "breuk": False, "is_herleid": False}
        for year, value in figures
    ]
    return [Moment(row["jaar"], row["waarde"], join) for row, join in zip(rows, joins(rows), strict=True)]


def paths(svg: str, style: str = "") -> list[str]:
    """What is drawn with a stroke of that class."""
    name = f' class="{style}"' if style else ""
    return re.findall(rf'<path{name} d="([^"]*)"', svg)


def dots(svg: str) -> list[tuple[float, float, int]]:
    return [(float(x), float(y), int(r)) for x, y, r in re.findall(r'cx="(.*?)" cy="(.*?)" r="(.*?)"', svg)]


def test_years_in_a_row_are_one_solid_line() -> None:
    """A line of loose pieces would look like a series with gaps, and weigh twice as much."""
    svg = sparkline(series((2020, 1), (2021, 3), (2022, 2)), "zin")
    assert paths(svg) == ["M4 26L60 4L116 15"]
    assert not paths(svg, "los")


def test_years_without_a_measurement_are_dashed() -> None:
    """A solid line from 2012 to 2016 would pretend that somebody measured in between."""
    svg = sparkline(series((2012, 1), (2016, 2)), "zin")
    assert not paths(svg)
    assert paths(svg, "los") == ["M4 26L116 4"]


def test_missing_figure_interrupts_the_line() -> None:
    """A line drawn over a suppressed year would show about where the figure lies."""
    svg = sparkline(series((2020, 1), (2021, None), (2022, 2)), "zin")
    assert not paths(svg)
    assert not paths(svg, "los")
    assert len(dots(svg)) == 2


def test_break_is_an_upright_and_no_line() -> None:
    """A change of definition or territory would read as a jump of the figure."""
    svg = sparkline(series((2020, 1), (2021, 2), (2022, 5), (2023, 6), break_at=2022), "zin")
    assert paths(svg) == ["M4 26L41 21.6M79 8.4L116 4"]
    assert paths(svg, "breuk") == [f"M60 2V{HEIGHT - 2}"]


def test_newest_figure_has_the_large_dot_and_joined_ones_none() -> None:
    """Without a mark nobody sees which end is now, nor a year that stands alone."""
    svg = sparkline(series((2012, 1), (2016, 3), (2017, 2)), "zin")
    assert [radius for _, _, radius in dots(svg)] == [2, 3]
    assert dots(svg)[-1][0] == WIDTH - 4


def test_one_figure_is_a_dot_in_the_middle_of_its_height() -> None:
    """A division by a span of zero would end the build of the whole site."""
    assert dots(sparkline(series((2024, 7)), "zin", (2020, 2024))) == [(116, HEIGHT / 2, 3)]


def test_same_years_for_every_line_of_a_page() -> None:
    """Lines under each other with an axis of their own cannot be compared."""
    short, long = series((2022, 1), (2023, 2)), series((2013, 1), (2023, 2))
    assert years_of([short, long]) == (2013, 2023)
    assert dots(sparkline(short, "zin", (2013, 2023)))[-1][0] == dots(sparkline(long, "zin", (2013, 2023)))[-1][0]


@pytest.mark.parametrize("moments", [[], series((2020, None))])
def test_nothing_to_show_draws_nothing(moments: list[Moment]) -> None:
    """An empty frame reads as a figure of zero."""
    assert not sparkline(moments, "zin")
    assert years_of([moments]) is None


def test_words_are_escaped() -> None:
    """A unit from a manual source could otherwise put markup in the page."""
    assert "<title>2024: 3 &lt;b&gt;</title>" in sparkline(series((2024, 3)), "2024: 3 <b>")


@pytest.mark.parametrize("percentile", [0, 50, 100])
def test_place_stays_inside_its_bar(percentile: float) -> None:
    """The highest gemeente would have half a mark."""
    ((x, _, radius),) = dots(place(percentile))
    assert radius <= x <= 100 - radius


def test_no_place_is_no_bar() -> None:
    """A bar without a mark would look as if the mark had been forgotten."""
    assert not place(None)
