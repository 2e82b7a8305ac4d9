"""What CBS writes about a gemeente is read as events, in every spelling that is known, and never guessed at."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.herindeling_text import Move, Reading, read_description

HAAREN = """Opgeheven per 01-01-2021, overgegaan naar:
- Boxtel (GM0757),
... 1079 hectare met 889 woningen en 2149 inwoners
- Oisterwijk (GM0824),
... 1834 hectare met 2442 woningen en 5827 inwoners
- Tilburg (GM0855),
... 907 hectare met 577 woningen en 1442 inwoners
- Vught (GM0865),
... 2275 hectare met 2001 woningen en 4900 inwoners
.
Grenswijziging per 01-01-1997, overgegaan naar:
- Oisterwijk (GM0824),
... 0,17 hectare
.
Gemeentelijke herindeling per 01-01-1996, uit:
- Esch (GM0774),
... 459 hectare met 700 woningen en 2044 inwoners
"""
MAASDONK = """Opgeheven per 01-01-2015, overgegaan naar:
- 's-Hertogenbosch (GM0796),
... 1853 hectare met 2520 woningen en 6719 inwoners
- Oss (GM0828),
... 1880 hectare met 1750 woningen en 4629 inwoners
"""
LITTENSERADIEL = """Opgeheven per 01-01-2018, overgegaan naar:
- Leeuwarden (GM0080),
... 3394 inwoners
- Súdwest-Fryslân (GM1900),
... 5411 inwoners
- Waadhoeke (GM1949),
... 1878 inwoners
.
"""
BOARNSTERHIM = """Opgeheven per 01-01-2014, overgegaan naar:
- Leeuwarden (GM0080),
... 11024 inwoners
- Heerenveen (GM0074),
... 6018 inwoners
- Súdwest-Fryslân (GM1900),
... 1653 inwoners
- De Friese Meren (GM1921),
... 783 inwoners
"""


def moved(text: str) -> dict[str, int | None]:
    """Inhabitants per other gemeente; nothing may be left unread."""
    reading = read_description(text)
    assert reading.unreadable == ()
    return {move.other: move.inwoners for move in reading.moves}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HAAREN.split("\n.\n", maxsplit=1)[0], {"GM0757": 2149, "GM0824": 5827, "GM0855": 1442, "GM0865": 4900}),
        (MAASDONK, {"GM0796": 6719, "GM0828": 4629}),
        (LITTENSERADIEL, {"GM0080": 3394, "GM1900": 5411, "GM1949": 1878}),
        (BOARNSTERHIM.replace("\n", "\r\n"), {"GM0080": 11024, "GM0074": 6018, "GM1900": 1653, "GM1921": 783}),
    ],
    ids=["Haaren", "Maasdonk", "Littenseradiel", "Boarnsterhim"],
)
def test_the_splits_have_their_known_numbers(text: str, expected: dict[str, int]) -> None:
    """Four gemeenten were divided: their figures would go to the wrong successor."""
    assert moved(text) == expected


def test_events_keep_their_day_kind_and_side() -> None:
    """An old border move would be taken for the end of a gemeente, or a giver for a receiver."""
    reading = read_description(HAAREN)
    assert reading.unreadable == ()
    assert reading.ended == (date(2021, 1, 1),)
    assert [(m.day.year, m.kind, m.kant, m.other, m.inwoners) for m in reading.moves[4:]] == [
        (1997, "Grenswijziging", "naar", "GM0824", None),
        (1996, "Gemeentelijke herindeling", "van", "GM0774", 2044),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ontstaan per 01-01-2021, ontvangen van:\n- Delfzijl (GM0010),\n... 24716 inwoners", {"GM0010": 24716}),
        ("Ontstaan per 01-01-2021 uit:\n- Delfzijl (GM0010)\n- Loppersum (GM0024)", {"GM0010": None, "GM0024": None}),
        ("Ontstaan per 01-01-2021 uit Uithoorn (GM0451), 10 inwoners", {"GM0451": 10}),
        ("Grenswijziging per 01-01-2019, overgegaan naar:\n- Urk (GM0184),\n... 0,17 hectare", {"GM0184": None}),
        ("Grenswijziging per 1-1-2019, overgegaan naar: - Urk (GM0184), 1 woning en 1 inwoner", {"GM0184": 1}),
        ("Grenswijziging per 1 januari 2019, overgegaan naar Urk (GM0184), zonder inwoners", {"GM0184": 0}),
        ("Opgeheven per 01-01-2021, overgegaan naar:\n- Eemsdelta (GM1979), 11.496 inwoners", {"GM1979": 11496}),
        ("Opgeheven per 01-01-2021, overgegaan naar:\n- Eemsdelta (GM1979), 11 496 inwoners", {"GM1979": 11496}),
        ("Opgeheven per 01-01-2021, overgegaan naar: Bergen (NH.) (GM0373), 5,0 inwoners", {"GM0373": 5}),
        (
            "Opgeheven per 01-01-2021, overgegaan naar: Nuenen, Gerwen en Nederwetten (GM0820)\n... 7 inwoners",
            {"GM0820": 7},
        ),
        ("Wijziging per 01-01-2001.", {}),
        ("Provinciale wijziging per 01-01-2019, van Zuid-Holland (PV28) naar Utrecht (PV26)", {}),
        ("Ontstaan per 01-01-1830", {}),
        (".\n.\n", {}),
        ("", {}),
    ],
)
def test_every_known_spelling_is_read(text: str, expected: dict[str, int | None]) -> None:
    """CBS spells events in several ways: one that is skipped is a gemeente without a past."""
    assert moved(text) == expected


@pytest.mark.parametrize(
    ("text", "kant"),
    [
        ("Naamswijziging per 01-07-2015, nieuwe naam: De Fryske Marren (GM1940)", "naar"),
        ("Opgeheven per 01-07-2015, nieuwe naam: De Fryske Marren (GM1940)", "naar"),
        ("Ontstaan per 01-07-2015, oude naam: De Friese Meren (GM1940)", "van"),
    ],
)
def test_another_name_is_a_renaming(text: str, kant: str) -> None:
    """A renamed gemeente would end without a successor."""
    (move,) = read_description(text).moves
    assert (move.kant, move.other, move.is_renaming) == (kant, "GM1940", True)


@pytest.mark.parametrize(
    "text",
    [
        "Opgeheven per 01-01-2021",
        "Opgeheven per 01-01-2021, opgegaan in Eemsdelta (GM1979)",
        "Opgeheven per 01-01-2021, overgegaan naar: Eemsdelta",
        "Opgeheven per 31-02-2021, overgegaan naar: Eemsdelta (GM1979)",
        "Opgeheven, overgegaan naar: Eemsdelta (GM1979)",
        "Opgeheven per 01-01-2021, overgegaan naar: Eemsdelta (GM1979), 11,5 inwoners",
        "Opgeheven per 01-01-2021, overgegaan naar: Eemsdelta (GM1979), 11.49 inwoners",
        "Opgeheven per 01-01-2021, 12 inwoners overgegaan naar: Eemsdelta (GM1979)",
        "Opgeheven per 01-01-2021, overgegaan naar:\n- onbekend\n- Eemsdelta (GM1979)",
        "Opgeheven per 01-01-2021, overgegaan naar: - onbekend, 10 inwoners - Eemsdelta (GM1979)",
        "Grenswijziging per 01-01-2021, 12 hectare",
        "In 2021 gebeurde er van alles",
    ],
)
def test_what_is_not_understood_is_said_and_not_guessed(text: str) -> None:
    """Half an event would divide a gemeente over the wrong successors."""
    reading = read_description(text)
    assert (reading.moves, reading.ended) == ((), ())
    (left_out,) = reading.unreadable
    assert left_out.text == text.replace("\n", " ")


def test_one_bad_passage_leaves_the_others() -> None:
    """A border move of 1850 in another form would cost the merger of 2021."""
    reading = read_description("Opgeheven per 01-01-2021, overgegaan naar: X (GM0001)\n.\nGrenswijziging in 1850 en zo")
    assert [move.other for move in reading.moves] == ["GM0001"]
    assert [(left_out.kind, left_out.day) for left_out in reading.unreadable] == [("Grenswijziging", date(1850, 1, 1))]


codes = st.integers(1, 9999).map(lambda number: f"GM{number:04d}")
lines = st.lists(st.tuples(codes, st.integers(0, 99_999)), min_size=1, max_size=5, unique_by=lambda line: line[0])


@given(st.dates(date(1830, 1, 1), date(2030, 1, 1)), lines, st.sampled_from(["\n", "\r\n", " "]))
def test_any_list_is_read_whole_whatever_the_line_breaks(day: date, moves: list[tuple[str, int]], end: str) -> None:
    """Whether line breaks survive the service is not known."""
    listed = end.join(f"- Gemeente ({code}),{end}... 1,5 hectare met 3 woningen en {n} inwoners" for code, n in moves)
    text = f"Opgeheven per {day:%d-%m-%Y}, overgegaan naar:{end}{listed}"
    assert read_description(text) == Reading(
        tuple(Move(day, "Opgeheven", "naar", code, False, n) for code, n in moves), (day,), ()
    )


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    """One odd description would cost the whole table."""
    read_description(text)
