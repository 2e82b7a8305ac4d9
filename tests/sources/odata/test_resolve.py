"""Registry rows tied to a table: one match, or an error that says what there is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.errors import ResolveError
from sources.odata.metadata import Dimension, Member, TableInfo, TableMetadata, Topic
from sources.odata.resolve import LOWEST_OF_EQUALS, dimensions_text, resolve_row
from tests.registries import by_key, by_title, row

REGION = Dimension("RegioS", "Regio's", "GeoDimension", 2024)
TIME = Dimension("Perioden", "Perioden", "TimeDimension")
AGE = Dimension("Leeftijd", "Leeftijd van persoon", "Dimension")


def topic(key: str, unit: str = "%", title: str = "", group: tuple[str, ...] = (), datatype: str = "Double") -> Topic:
    return Topic(key, title or key.rsplit("_", 1)[0], unit, datatype, 1, group)


def metadata(
    *topics: Topic, dimensions: tuple[Dimension, ...] = (REGION, TIME), period: str = "2024", **members: dict[str, str]
) -> TableMetadata:
    found = {"Perioden": (Member("2024JJ00", "2024", "Definitief"),)}
    found |= {name: tuple(Member(key, title) for key, title in pairs.items()) for name, pairs in members.items()}
    return TableMetadata("80001NED", TableInfo("Titel", "m", period), dimensions, topics or (topic("Waarde_4"),), found)


def resolve(table: TableMetadata, **changes: Any) -> Any:
    return resolve_row(table, row("80001NED", **changes), ("I 1.1.1",))


def test_a_column_is_found_by_stem_and_unit_whatever_its_number_and_case() -> None:
    """The number moves with every edition and so does the spelling of capitals."""
    table = metadata(topic("Nettoarbeidsparticipatie_68"), topic("Netto_1"))
    assert resolve(table, measure_stem="NettoArbeidsparticipatie").measure.key == "Nettoarbeidsparticipatie_68"


@pytest.mark.parametrize("stem", ["Eenzaam", "SterkEenzaam", "Eenza"])
def test_only_the_whole_stem_counts(stem: str) -> None:
    """'Eenzaam' inside 'SterkEenzaam' is another figure."""
    table = metadata(topic("Eenzaam_25"), topic("ZeerSterkEenzaam_26"))
    if stem == "Eenzaam":
        assert resolve(table, measure_stem=stem).measure.key == "Eenzaam_25"
    else:
        with pytest.raises(ResolveError):
            resolve(table, measure_stem=stem)


def test_the_unit_tells_equal_stems_apart() -> None:
    """A count of households and a rate per 1 000 carry the same name in the social-domain tables."""
    table = metadata(topic("Huishoudens_6", "aantal"), topic("Huishoudens_8", "per 1 000  huishoudens"))
    found = resolve(table, measure_stem="Huishoudens", eenheid="per 1 000 huishoudens")
    assert found.measure.key == "Huishoudens_8"


def test_the_group_tells_equal_stems_and_units_apart() -> None:
    """'Buurt' occurs under several headings of one survey table."""
    table = metadata(
        topic("Buurt_3", group=("Contact", "Mensen")), topic("Buurt_9", group=("Vrijwilligerswerk", "Waar"))
    )
    found = resolve(table, measure_stem=None, measure_title="Buurt", measure_group="Vrijwilligerswerk > Waar")
    assert found.measure.key == "Buurt_9"


def test_a_renamed_column_names_kpi_series_table_and_candidates() -> None:
    """Whoever reads the report at eight has to know what to change without opening the code."""
    table = metadata(topic("WaardeNieuw_4"), topic("Anders_5"))
    with pytest.raises(ResolveError) as caught:
        resolve(table)
    text = str(caught.value)
    assert "I 1.1.1" in text
    assert "reeks reeks (totaal, waarde), tabel 80001NED" in text
    assert "stam 'Waarde' en eenheid '%'; gevonden 0" in text
    assert "WaardeNieuw_4 [%]" in text
    assert "series.csv" in text


def test_a_stem_with_another_unit_is_no_match_and_shows_the_unit_found() -> None:
    """Thousands read as percents would be published without anybody noticing."""
    with pytest.raises(ResolveError, match=r"Waarde_4 \[x 1 000\]"):
        resolve(metadata(topic("Waarde_4", "x 1 000")))


@pytest.mark.parametrize("group", [None, "Elders"])
def test_two_columns_that_fit_are_an_error(group: str | None) -> None:
    """Taking the first of two is a guess that comes out differently next year."""
    table = metadata(topic("Waarde_1", group=("A",)), topic("Waarde_2", group=("B",)))
    with pytest.raises(ResolveError, match=r"Waarde_1 \[%\] in A, Waarde_2 \[%\] in B"):
        resolve(table, measure_group=group)


def test_columns_said_to_be_equal_give_the_lowest_and_name_the_others() -> None:
    """Table 71486ned repeats its columns under another heading; the values still have to be shown to be equal."""
    table = metadata(topic("Waarde_21", group=("Grootte",)), topic("Waarde_3", group=("Samenstelling",)))
    found = resolve(table, measure_group=LOWEST_OF_EQUALS)
    assert (found.measure.key, found.twins) == ("Waarde_3", ("Waarde_21",))


@pytest.mark.parametrize(
    "topics",
    [
        (topic("Waarde_1", group=("A",)), topic("Waarde_2", group=("A",))),
        (topic("Waarde_1", title="Een", group=("A",)), topic("Waarde_2", title="Twee", group=("B",))),
    ],
    ids=["same group", "other title"],
)
def test_the_exception_for_equal_columns_holds_for_equal_columns_only(topics: tuple[Topic, ...]) -> None:
    """The escape for one table must not become the way every doubt is settled."""
    with pytest.raises(ResolveError, match="geldt niet"):
        resolve(metadata(*topics), measure_group=LOWEST_OF_EQUALS)


def test_a_text_column_is_no_measure() -> None:
    """Codes read as numbers load as nulls."""
    with pytest.raises(ResolveError, match="geen getal"):
        resolve(metadata(topic("Waarde_4", datatype="String")))


def test_a_key_is_compared_trimmed_and_kept_padded() -> None:
    """The registry cannot know the width; the service wants it."""
    table = metadata(dimensions=(AGE, REGION, TIME), Leeftijd={"203  ": "18+", "2030 ": "65+"})
    found = resolve(table, dimension_filters={"Leeftijd": by_key("203")})
    assert found.members == {"Leeftijd": ("203  ",)}


def test_a_member_is_found_by_its_whole_title() -> None:
    """'Leefvorm alleenstaande' is the beginning of 'Leefvorm alleenstaande ouder'."""
    table = metadata(dimensions=(AGE, REGION, TIME), Leeftijd={"1": "alleenstaande ouder", "2": "alleenstaande"})
    assert resolve(table, dimension_filters={"Leeftijd": by_title("alleenstaande")}).members == {"Leeftijd": ("2",)}


def test_a_dimension_can_be_known_by_its_title_alone() -> None:
    """Of some tables nobody has seen the key of a dimension."""
    table = metadata(dimensions=(AGE, REGION, TIME), Leeftijd={"1": "Totaal"})
    found = resolve(table, dimension_filters={"title:Leeftijd van persoon": by_title("Totaal")})
    assert found.members == {"Leeftijd": ("1",)}


@pytest.mark.parametrize(
    ("filters", "text"),
    [
        ({"Leeftijd": by_key("999")}, "code '999' in dimensie Leeftijd; gevonden 0. Kandidaten: 1 (jong), 2 (oud)"),
        ({"Leeftijd": by_title("dubbel")}, "titel 'dubbel' in dimensie Leeftijd; gevonden 0"),
        ({"Marges": by_key("1")}, "dimensie 'Marges'; gevonden 0. Kandidaten: Leeftijd (Leeftijd van persoon"),
        ({"title:Iets": by_key("1")}, "dimensie 'title:Iets'; gevonden 0"),
        ({"RegioS": by_key("GM0363")}, "regio- of tijddimensie"),
    ],
)
def test_an_unknown_member_or_dimension_names_the_candidates(filters: dict[str, Any], text: str) -> None:
    """An unknown code sent to the service gives an empty list with status 200."""
    table = metadata(dimensions=(AGE, REGION, TIME), Leeftijd={"1 ": "jong", "2 ": "oud"})
    with pytest.raises(ResolveError) as caught:
        resolve(table, dimension_filters=filters)
    assert text in str(caught.value)


def test_a_title_that_occurs_twice_is_an_error() -> None:
    """Titles collide; taking the first would mix two groups of people."""
    table = metadata(dimensions=(AGE, REGION, TIME), Leeftijd={"1": "oud", "2": "oud"})
    with pytest.raises(ResolveError, match=r"gevonden 2. Kandidaten: 1 \(oud\), 2 \(oud\)"):
        resolve(table, dimension_filters={"Leeftijd": by_title("oud")})


@pytest.mark.parametrize(
    ("titles", "chosen"),
    [
        (["Mannen", "Totaal mannen en vrouwen"], "1"),
        (["Uitkeringen totaal", "Werkloosheid"], "0"),
        (["Totaal", "Waarvan totaal"], "0"),
    ],
)
def test_a_dimension_nobody_mentions_is_taken_at_its_total(titles: list[str], chosen: str) -> None:
    """An extra dimension left open would give every person several times."""
    members = {str(number): title for number, title in enumerate(titles)}
    found = resolve(metadata(dimensions=(AGE, REGION, TIME), Leeftijd=members))
    assert found.members == {"Leeftijd": (chosen,)}


@pytest.mark.parametrize("titles", [["Mannen", "Vrouwen"], ["Totaal personen", "Totaal huishoudens"], ["Totaalscore"]])
def test_a_dimension_without_exactly_one_total_is_an_error(titles: list[str]) -> None:
    """Which of two totals is meant is for the registry to say."""
    members = {str(number): title for number, title in enumerate(titles)}
    with pytest.raises(ResolveError, match=r"dimensie Leeftijd .* staat niet in dimension_filters") as caught:
        resolve(metadata(dimensions=(AGE, REGION, TIME), Leeftijd=members))
    assert titles[0] in str(caught.value)


def test_a_list_of_codes_gives_every_combination() -> None:
    """A sum over codes needs each of them once."""
    table = metadata(dimensions=(AGE, REGION, TIME), Leeftijd={"1 ": "a", "2 ": "b", "3 ": "c"})
    found = resolve(table, dimension_filters={"Leeftijd": by_key("1", "3")}, aggregation="sum_over_codes")
    assert [dimensions_text(codes) for codes in found.combinations()] == ['{"Leeftijd":"1"}', '{"Leeftijd":"3"}']


def test_several_codes_without_aggregation_are_an_error() -> None:
    """Three rows where one figure is expected end up as one of the three."""
    table = metadata(dimensions=(AGE, REGION, TIME), Leeftijd={"1": "a", "2": "b"})
    with pytest.raises(ResolveError, match="meer dan één code"):
        resolve(table, dimension_filters={"Leeftijd": by_key("1", "2")})


def test_a_region_dimension_that_is_marked_plain_is_taken_at_the_registrys_word() -> None:
    """`Regiokenmerken` of the school-leavers table need not be marked as geographic."""
    table = metadata(dimensions=(Dimension("Regiokenmerken", "Regio", "Dimension"), TIME))
    found = resolve(table, region_dimension="Regiokenmerken")
    assert (found.region, dict(found.members)) == ("Regiokenmerken", {})


def test_an_unknown_region_dimension_is_an_error() -> None:
    """Without the region prefix the whole of a wijk and buurt table would be read."""
    with pytest.raises(ResolveError, match=r"regiodimensie 'Wijken'. Kandidaten: RegioS"):
        resolve(metadata(), region_dimension="Wijken")


def test_a_table_without_periods_takes_the_year_of_the_registry() -> None:
    """Year tables have no time dimension at all."""
    found = resolve(metadata(dimensions=(REGION,), period="2024"), periode_soort="tabel", jaren="2024")
    assert (found.time, found.year, found.period_mark) == (None, 2024, None)


@pytest.mark.parametrize(("jaren", "period", "year"), [("", "2024", 2024), ("2012-", "Enquête 2024, najaar", 2024)])
def test_without_a_year_in_the_registry_the_table_says_it(jaren: str, period: str, year: int) -> None:
    """TableInfos.Period is the only place where such a table says its year."""
    assert resolve(metadata(dimensions=(REGION,), period=period), jaren=jaren).year == year


@pytest.mark.parametrize(("jaren", "period"), [("2024", "2020"), ("", "2012/2016"), ("", "onbekend")])
def test_a_year_that_is_contradicted_or_not_said_is_an_error(jaren: str, period: str) -> None:
    """Figures of 2020 labelled 2024 look perfectly normal."""
    with pytest.raises(ResolveError, match="Period"):
        resolve(metadata(dimensions=(REGION,), period=period), jaren=jaren)


@given(st.dictionaries(st.text(min_size=1), st.text().map(str.strip), max_size=4))
def test_the_text_of_codes_does_not_depend_on_order_or_padding(codes: dict[str, str]) -> None:
    """Observations and series meet on this text; a space or another order would part them."""
    padded = {name: f" {code}  " for name, code in reversed(codes.items())}
    assert dimensions_text(codes) == dimensions_text(padded)
