"""Descriptions of all gemeenten put together: the giver is believed, and nothing leads to a gemeente nobody knows."""

from __future__ import annotations

from datetime import date

from sources.gemeente_register import GemeenteRegister, RegisteredGemeente
from sources.herindeling_events import Gebeurtenis, collect_events, division_of
from sources.herindeling_text import read_description

DAY = date(2021, 1, 1)


def register(**gemeenten: tuple[int, int | None]) -> GemeenteRegister:
    """A list of gemeenten with the years of their first and last-but-one list."""
    return GemeenteRegister(
        {
            code: RegisteredGemeente(code, code, date(first, 1, 1), date(last, 1, 1) if last else None)
            for code, (first, last) in gemeenten.items()
        },
        {},
    )


KNOWN = register(GM0001=(2000, 2021), GM0002=(2000, None), GM0003=(2021, None), GM0004=(2000, None))


def collect(known: GemeenteRegister, **texts: str) -> tuple[list[Gebeurtenis], str, tuple[str, ...]]:
    found = collect_events({code: read_description(text) for code, text in texts.items()}, known)
    return list(found.events), " | ".join(found.remarks), found.refused


def test_an_event_that_both_tell_stands_once() -> None:
    """The inhabitants of a merged gemeente would count twice."""
    events, remarks, _ = collect(
        KNOWN,
        GM0001="Opgeheven per 01-01-2021, overgegaan naar: X (GM0003), 10 inwoners",
        GM0003="Ontstaan per 01-01-2021, ontvangen van: X (GM0001), 10 inwoners",
    )
    assert events == [Gebeurtenis(DAY, "GM0001", "GM0003", "opgeheven", 10)]
    assert remarks == ""


def test_the_receiver_fills_in_what_the_giver_leaves_out() -> None:
    """A number that is there would not be used."""
    events, _, _ = collect(
        KNOWN,
        GM0001="Opgeheven per 01-01-2021, overgegaan naar: X (GM0003)",
        GM0003="Ontstaan per 01-01-2021, ontvangen van: X (GM0001), 10 inwoners",
        GM0004="Grenswijziging per 01-01-2021, ontvangen van: X (GM0002), 3 inwoners",
    )
    assert [(event.oude_code, event.soort, event.inwoners) for event in events] == [
        ("GM0001", "opgeheven", 10),
        ("GM0002", "grenswijziging", 3),
    ]


def test_a_contradiction_is_a_remark_and_the_giver_stands() -> None:
    """Two numbers for one move: somebody has to know."""
    events, remarks, _ = collect(
        KNOWN,
        GM0001="Opgeheven per 01-01-2021, overgegaan naar: X (GM0003), 10 inwoners",
        GM0003="Ontstaan per 01-01-2021, ontvangen van: X (GM0001), 12 inwoners",
        GM0004="Gemeentelijke herindeling per 01-01-2021, ontvangen van: X (GM0001), 5 inwoners",
    )
    assert [(event.nieuwe_code, event.inwoners) for event in events] == [("GM0003", 10)]
    assert "andere aantallen inwoners: GM0001 naar GM0003 per 2021-01-01" in remarks
    assert "alleen de ontvanger noemt deze overgang: GM0001 naar GM0004 per 2021-01-01" in remarks


def test_an_event_that_does_not_fit_the_register_is_left_out_whole() -> None:
    """Half of a split would send everybody to one successor, and a code nobody knows has no figures."""
    events, remarks, _ = collect(
        KNOWN,
        GM0001="Opgeheven per 01-01-2021, overgegaan naar: X (GM0003), 10 inwoners - Y (GM0999), 5 inwoners",
        GM0002="Grenswijziging per 01-01-2022, overgegaan naar: X (GM0001), 5 inwoners",
    )
    assert events == []
    assert "past niet bij gemeente_register.csv" in remarks
    assert "GM0001 naar GM0999 per 2021-01-01; GM0002 naar GM0001 per 2022-01-01" in remarks
    assert "volgens gemeente_register.csv opgeheven, volgens de tabel niet: GM0001 GM0001 per 2021-01-01" in remarks


def test_an_end_in_another_year_than_the_registers_is_left_out() -> None:
    """A gemeente would be off the lists for a year in which it has figures; an end that is news is taken."""
    events, remarks, _ = collect(
        KNOWN,
        GM0001="Opgeheven per 01-01-2020, overgegaan naar: X (GM0002), 10 inwoners",
        GM0004="Opgeheven per 01-01-2028, overgegaan naar: X (GM0002), 10 inwoners",
    )
    assert [event.oude_code for event in events] == ["GM0004"]
    assert "past niet bij gemeente_register.csv" in remarks


def test_a_gemeente_may_begin_and_end_between_two_lists() -> None:
    """A renaming in July and a merger in January are one step on the lists."""
    known = GemeenteRegister(
        {
            **register(GM0001=(2000, 2016), GM0003=(2016, None)).gemeenten,
            "GM0002": RegisteredGemeente("GM0002", "x", date(2015, 7, 1), date(2016, 1, 1)),
        },
        {},
    )
    texts = {
        "GM0001": "Naamswijziging per 01-07-2015, nieuwe naam: X (GM0002)",
        "GM0002": "Opgeheven per 01-01-2016, overgegaan naar: X (GM0003), 10 inwoners",
    }
    events, remarks, _ = collect(known, **texts)
    assert [(event.oude_code, event.nieuwe_code, event.soort) for event in events] == [
        ("GM0001", "GM0002", "naamswijziging"),
        ("GM0002", "GM0003", "opgeheven"),
    ]
    assert remarks == ""


def test_only_an_end_that_is_not_understood_is_refused() -> None:
    """A missed end keeps a gemeente alive; a missed border move only leaves the registry's own in place."""
    _, remarks, refused = collect(
        KNOWN,
        GM0001="Opgeheven per 01-01-2021, opgegaan in X (GM0003)",
        GM0002="Grenswijziging per 01-01-2021, iets met X (GM0004)",
        GM0003="Opgeheven per 01-01-1921, opgegaan in X (GM0003)",
        GM0004="Opgeheven, opgegaan in X (GM0003)",
        GM0900="Opgeheven, opgegaan in X (GM0003)",
    )
    assert refused == (
        "GM0001: Opgeheven per 01-01-2021, opgegaan in X (GM0003)",
        "GM0004: Opgeheven, opgegaan in X (GM0003)",
    )
    assert "1 gebeurtenissen niet uit de tabel overgenomen of nagegaan: niet te begrijpen: GM0002" in remarks


def test_events_of_before_the_register_are_left_alone() -> None:
    """Codes of 1990 are on no list of ours: a remark for each would bury the ones that matter."""
    events, remarks, _ = collect(
        register(GM0002=(2000, None)),
        GM0900="Opgeheven per 01-01-1990, overgegaan naar: X (GM0002), 10 inwoners",
        GM0901="Opgeheven per 01-01-2010, overgegaan naar: X (GM0002), 10 inwoners",
    )
    assert (events, remarks) == ([], "")


def test_the_division_is_the_first_list_that_shows_it() -> None:
    """Weesp ended in March 2022 and stands on the list of that January."""
    days = [date(2021, 1, 1), date(2022, 3, 24), date(2015, 12, 31)]
    assert [division_of(day) for day in days] == [2021, 2023, 2016]
