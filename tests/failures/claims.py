"""What some modes have to show besides the invariants; each is called with the theatre and the night of the fault."""

from __future__ import annotations

from collections import Counter

from tests.failures.invariants import claim
from tests.failures.services import SUCCESSOR
from tests.failures.tables import HURT
from tests.failures.theatre import Night, Theatre


def _rows_asked(night: Night) -> list[str]:
    return [request.query for request in night.requests if request.path.endswith(f"{HURT}/TypedDataSet")]


def one_page_again(_: Theatre, night: Night) -> None:
    """Pages that were in are not asked again: three pages, four requests."""
    asked = _rows_asked(night)
    claim((len(asked), len(set(asked))) == (4, 3), f"other pages were asked than the one that failed: {asked}")


def one_page_and_no_more(_: Theatre, night: Night) -> None:
    """Nothing is followed once a link has led astray."""
    claim(len(_rows_asked(night)) == 1, f"the link was followed: {_rows_asked(night)}")


def waited_as_asked(_: Theatre, night: Night) -> None:
    """The service says how long it wants to be left alone."""
    claim(7.0 in night.waits, f"waited {night.waits} where the service asked for 7 s")


def left_alone_for_some_days(theatre: Theatre, night: Night) -> None:
    """Two equal answers are enough for a night, three such nights are enough for a while."""
    asked = Counter(request.path for request in night.requests if HURT in request.path)
    claim(max(asked.values()) <= 2, f"a corrupt table was asked more than twice for one thing: {asked}")
    fourth = theatre.night()
    again = [request.path for request in fourth.requests if HURT in request.path]
    claim(not again, f"a corrupt table was asked again after three nights: {again}")
    claim("3 nachten achtereen" in fourth.results[HURT].melding, "the message does not say why it was not asked")


def never_the_api(_: Theatre, night: Night) -> None:
    """The Api answers 500 above 10,000 rows and refuses `$skip`."""
    claim(not [request for request in night.requests if "ODataApi" in request.path], "the Api was asked")
    claim({request.status for request in night.requests} == {200}, "a request was refused")


def successor_is_left_alone(_: Theatre, night: Night) -> None:
    """Another table is another method: a person decides."""
    claim(not [request for request in night.requests if SUCCESSOR in request.path], "the successor was followed")


def abolished_is_null(theatre: Theatre, _: Night) -> None:
    """Nobody lives there any more; that is not 0 %."""
    found = [value for area, _, _, value in theatre.figures(HURT) if area == "GM0999"]
    claim(found == [None, None], f"figures of an abolished gemeente: {found}")


def keys_are_trimmed(theatre: Theatre, night: Night) -> None:
    """Padded in the question, trimmed in the lake."""
    claim(all("'E35   '" in asked for asked in _rows_asked(night)), "the key was not asked as the service spells it")
    codes = {code for figure in theatre.figures(HURT) for code in figure[:3]}
    claim(all(code == code.strip() and " " not in code for code in codes), f"padded codes in the lake: {codes}")
