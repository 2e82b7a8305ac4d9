"""DataProperties and members, parsed from the shapes of the service."""

from __future__ import annotations

from typing import Any

import pytest

from sources.errors import SchemaError
from sources.odata.metadata import Dimension, TableInfo, TableMetadata, Topic, parse_members, parse_properties


def topic(number: int, key: str, parent: int | None = None, **more: Any) -> dict[str, Any]:
    return {"ID": number, "Position": number, "ParentID": parent, "Type": "Topic", "Key": key, "Title": f" {key} ",
            "Datatype": "Double", "Unit": " % ", "Decimals": 1, **more}  # fmt: skip


def group(number: int, title: str, parent: int | None = None) -> dict[str, Any]:
    return {"ID": number, "Position": None, "ParentID": parent, "Type": "TopicGroup", "Key": "", "Title": title}


REGION = {"ID": 0, "Position": 0, "Type": "GeoDetail", "Key": "WijkenEnBuurten", "Title": "Wijken", "MapYear": 2020}


def test_topics_carry_the_path_of_their_groups() -> None:
    """Two topics of one name differ only by their place in the tree."""
    _, topics = parse_properties("T", [REGION, group(1, "Buiten"), group(2, "Binnen", 1), topic(3, "Buurt_1", 2)])
    assert topics == (Topic("Buurt_1", "Buurt_1", "%", "Double", 1, ("Buiten", "Binnen")),)


def test_a_region_is_known_by_its_kind_also_when_it_is_a_detail() -> None:
    """A test on the word Dimension loses GeoDetail and with it the regions of all wijk and buurt tables."""
    dimensions, _ = parse_properties("T", [REGION, topic(1, "X_1")])
    assert dimensions == (Dimension("WijkenEnBuurten", "Wijken", "GeoDetail", 2020),)


def test_columns_come_in_the_order_of_their_position() -> None:
    """The order of the list is not promised; that of the columns is."""
    _, topics = parse_properties("T", [topic(2, "B_2"), topic(1, "A_1")])
    assert [item.key for item in topics] == ["A_1", "B_2"]


def test_a_group_that_is_not_there_is_an_error() -> None:
    """A half DataProperties would make every topic look as if it stood alone."""
    with pytest.raises(SchemaError, match="X_1 hoort bij groep 9"):
        parse_properties("T", [topic(1, "X_1", 9)])


def test_groups_in_a_circle_are_an_error() -> None:
    """Walking up a circle never ends."""
    with pytest.raises(SchemaError):
        parse_properties("T", [group(1, "A", 2), group(2, "B", 1), topic(3, "X_1", 1)])


def test_a_table_without_topics_is_an_error() -> None:
    """It would load as a table in which no series is found, table by table, series by series."""
    with pytest.raises(SchemaError, match="geen enkel onderwerp"):
        parse_properties("T", [REGION])


@pytest.mark.parametrize(
    ("key", "stem", "number"),
    [("Overgewicht_9", "Overgewicht", 9), ("k_2Personen_24", "k_2Personen", 24), ("Zonder", "Zonder", 0)],
)
def test_the_stem_is_the_name_without_the_last_number(key: str, stem: str, number: int) -> None:
    """The number moves with every edition; a number inside the name is part of it."""
    assert (Topic(key, "", "", "Double").stem, Topic(key, "", "", "Double").number) == (stem, number)


def test_keys_of_members_stay_as_served_and_titles_are_trimmed() -> None:
    """A filter with a trimmed key gives an empty list with status 200."""
    (member,) = parse_members([{"Key": "E35   ", "Title": " overlast jeugd ", "Status": "Definitief"}])
    assert (member.key, member.title, member.status) == ("E35   ", "overlast jeugd", "Definitief")


def test_the_fingerprint_moves_with_what_a_client_depends_on() -> None:
    """A unit that changes from thousands to percents changes every figure."""

    def print_of(**more: Any) -> str:
        dimensions, topics = parse_properties("T", [REGION, topic(1, "X_1", **more)])
        return TableMetadata("T", TableInfo("t", "m", "2020"), dimensions, topics, {}).fingerprint

    same = [print_of(), print_of(Description="andere tekst"), print_of(Title="andere titel")]
    other = [print_of(Unit="x 1 000"), print_of(Key="X_2"), print_of(Decimals=0), print_of(Datatype="Long")]
    assert len(set(same)) == 1
    assert len({same[0], *other}) == 5
