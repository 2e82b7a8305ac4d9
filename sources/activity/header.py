"""Find the header of a table among title rows, and tie the columns that are asked for to places in it.

A header is known by the names that are asked for, never by its place or looks. What does not belong here: files and
their encodings, and what is in the rows below.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections import abc
from dataclasses import dataclass
from typing import NoReturn

from sources.activity.mapping_types import ColumnMapping, SourceColumn, TableMapping
from sources.activity.mojibake import repair
from sources.errors import DeliveryError

# Rows that may stand above the header and those below it that are looked at; more would be a document, not a table.
LOOK_AHEAD = 200

# Shares of the rows from which a column without a name is data, not a remark beside the table.
_SOME, _MOST = 0.1, 0.5


def normalise_name(text: str) -> str:
    """Write the name of a column for people: compatible characters become one, white space a single space."""
    return " ".join(unicodedata.normalize("NFKC", text.replace("\ufeff", "")).split())


def match_name(text: str) -> str:
    """The form in which two names of columns are compared."""
    return normalise_name(repair(text) or text).casefold()


@dataclass(frozen=True, slots=True)
class Header:
    """A header that fits what is asked for.

    Attributes:
        row: number of its last row, as a spreadsheet numbers them.
        given: cells in that row, also those without a name.
        names: names by place, dropped columns included; empty for a column without a name that has data.
        kept: places (from 0) of the columns that are read.
        places: where each column asked for is, as a place in `kept`.
        missing: contract columns of which the file has no source column.
        notes: what there is to say about the columns, in Dutch.
    """

    row: int
    given: int
    names: tuple[str, ...]
    kept: tuple[int, ...]
    places: abc.Mapping[SourceColumn, int]
    missing: tuple[str, ...]
    notes: tuple[str, ...]


def asked_names(mapping: TableMapping, extra: abc.Iterable[str] = ()) -> frozenset[str]:
    """Names by which a header is known."""
    named = [source for source in (*mapping.sources, *mapping.weglaten) if isinstance(source, str)]
    return frozenset(match_name(name) for name in (*named, *extra))


def score(cells: abc.Iterable[str], asked: frozenset[str]) -> int:
    """How many of the names asked for a row holds."""
    return len(asked.intersection(map(match_name, cells)))


def find_header(
    rows: abc.Sequence[abc.Sequence[str]], file: str, mapping: TableMapping, extra: abc.Iterable[str] = ()
) -> Header:
    """Find the header in the first rows of a file.

    Args:
        rows: the first rows, title rows included.
        file: its name, for messages.
        mapping: what is asked for.
        extra: more names that a header may have.

    Raises:
        DeliveryError: there is no header, or it does not say beyond doubt which column is which.
    """
    finder = _Finder(rows, file, mapping, asked_names(mapping, extra))
    return finder.find()


@dataclass(frozen=True, slots=True)
class _Finder:
    rows: abc.Sequence[abc.Sequence[str]]
    file: str
    mapping: TableMapping
    asked: frozenset[str]

    def find(self) -> Header:
        last, names = self._given_rows() if self.mapping.kopregel else self._best_row()
        given = max(len(row) for row in self.rows[last - len(self.mapping.kopregel or (1,)) : last])
        while len(names) < given and any(self._fill(place, last) for place in range(len(names), given)):
            names = (*names, "")
        while self.mapping.kopregel and self._fill(len(names), last) > _MOST:
            names = (*names, "")
            given = max(given, len(names))
        self._refuse_missing(names, last)
        dropped = self._dropped(names)
        places: dict[SourceColumn, int] = {}
        kept = tuple(place for place in range(len(names)) if place not in dropped)
        for source in self.mapping.sources:
            place = self._place(source, names)
            if place is not None and place in dropped:
                self._fail(
                    f"kolom {source} staat ook onder weglaten.", "Haal hem in de mapping op één van beide plaatsen weg."
                )
            if place is not None:
                places[source] = kept.index(place)
        if not self.mapping.kopregel:
            self._refuse_merged(names, last, {kept[place] for place in places.values()})
        missing = tuple(column.kolom for column in self.mapping.columns if not self._has(column, names))
        return Header(last, given, names, kept, places, missing, self._notes(names, set(places.values()), kept))

    def _fail(self, problem: str, remedy: str) -> NoReturn:
        raise DeliveryError(f"{self.file}: {problem} {remedy}")

    # --- which row --------------------------------------------------------------------------------

    def _best_row(self) -> tuple[int, tuple[str, ...]]:
        if not self.asked:
            self._fail("de mapping noemt alleen kolomnummers, geen namen.", "Zet er kopregel bij: de regel van de kop.")
        scores = [score(cells, self.asked) for cells in self.rows]
        best = max(scores, default=0)
        if best == 0:
            self._fail(
                "er is geen regel met kolomnamen gevonden.",
                f"Zet boven de gegevens een regel met de kolomnamen {self._examples()}.",
            )
        place = scores.index(best)
        return place + 1, _names(self.rows[place])

    def _examples(self) -> str:
        names = [column.bron[0] for column in self.mapping.columns if column.moet and column.bron]
        return ", ".join(str(name) for name in names[:5])

    def _given_rows(self) -> tuple[int, tuple[str, ...]]:
        numbers = self.mapping.kopregel or ()
        if numbers[-1] > len(self.rows):
            self._fail(f"regel {numbers[-1]} van de kop is er niet.", "Verbeter kopregel in de mapping.")
        rows = [_names(self.rows[number - 1]) for number in numbers]
        return numbers[-1], _combine(rows)

    # --- which column -----------------------------------------------------------------------------

    def _place(self, source: SourceColumn, names: tuple[str, ...]) -> int | None:
        if isinstance(source, int):
            if source > len(names):
                self._fail(
                    f"kolom nr. {source} is er niet.", f"De kop heeft {len(names)} kolommen; verbeter de mapping."
                )
            return source - 1
        found = _places(source, names)
        if len(found) > 1:
            numbers = " en ".join(str(place + 1) for place in found)
            self._fail(
                f"de kolomnaam '{source}' staat er {len(found)} keer (kolommen {numbers}).",
                "Noem in de mapping onder bron het nummer van de kolom, of verwijder de andere.",
            )
        return found[0] if found else None

    def _has(self, column: ColumnMapping, names: tuple[str, ...]) -> bool:
        if column.vast is not None:
            return True
        return any(isinstance(source, int) or _places(source, names) for source in column.bron)

    def _refuse_missing(self, names: tuple[str, ...], last: int) -> None:
        needed = [column for column in self.mapping.columns if column.moet and not self._has(column, names)]
        sources = [str(source) for column in needed for source in column.bron]
        derived = self.mapping.afgeleid
        counted = () if derived is None else (derived.uit, derived.contactsoort)
        sources += [source for source in counted if isinstance(source, str) and not _places(source, names)]
        if not sources:
            return
        wanted = {match_name(name) for name in sources}
        beside = [row for number, row in enumerate(self.rows, start=1) if abs(number - last) == 1]
        listed = ", ".join(f"'{name}'" for name in sources)
        if not self.mapping.kopregel and any(score(row, frozenset(wanted)) for row in beside):
            self._fail(
                f"de kop beslaat twee regels: {listed} staat niet in regel {last} maar ernaast.",
                f"Zet in de mapping kopregel: [{last}, {last + 1}] (of de regels waar de kop staat).",
            )
        self._fail(f"in de kop op regel {last} ontbreekt {listed}.", self._suggest(sources, names))

    def _suggest(self, sources: abc.Sequence[str], names: tuple[str, ...]) -> str:
        """Names that look like what is missing; none when the row may be data, which is not repeated."""
        remedy = "Voeg de kolom toe of verbeter de naam in het bestand of de mapping."
        if score(names, self.asked) < max(2, len(self.asked) // 3):
            return remedy
        by_form = {match_name(name): name for name in names if name}
        near = [by_form[form] for name in sources for form in difflib.get_close_matches(match_name(name), by_form, n=1)]
        return f"Bedoelt u {' en '.join(repr(name) for name in near)}? {remedy}" if near else remedy

    def _dropped(self, names: tuple[str, ...]) -> frozenset[int]:
        dropped: set[int] = set()
        for source in self.mapping.weglaten:
            dropped.update([source - 1] if isinstance(source, int) else _places(source, names))
        return frozenset(dropped)

    def _refuse_merged(self, names: tuple[str, ...], last: int, used: set[int]) -> None:
        """A column without a name beside one that is read: which of the two the name is about, nobody knows."""
        for place in sorted(used):
            beside = place + 1
            # Past the last cell of the header one odd row proves nothing.
            much = _SOME if beside < len(names) else _MOST
            if beside not in used and not any(names[beside : beside + 1]) and self._fill(beside, last) > much:
                self._fail(
                    f"naast kolom '{names[place]}' staat een gevulde kolom zonder naam; is de kop samengevoegd?",
                    f"Hef het samenvoegen op, of noem het kolomnummer onder bron en zet kopregel: {last} erbij.",
                )

    def _fill(self, place: int, last: int) -> float:
        """Share of the first rows that have something in this column."""
        rows = [row for row in self.rows[last:] if any(row)]
        return sum(len(row) > place and bool(row[place].strip()) for row in rows) / max(1, len(rows))

    def _notes(self, names: tuple[str, ...], used: set[int], kept: tuple[int, ...]) -> tuple[str, ...]:
        ignored = [names[place] or f"nr. {place + 1}" for index, place in enumerate(kept) if index not in used]
        notes = [f"{self.file}: kolom '{name}' wordt niet gebruikt." for name in ignored]
        dropped = sorted(source for source in self.mapping.weglaten if isinstance(source, str))
        absent = [source for source in dropped if not _places(source, names)]
        return (*notes, *(f"{self.file}: kolom '{source}' van weglaten staat er niet in." for source in absent))


def _names(cells: abc.Sequence[str]) -> tuple[str, ...]:
    names = [normalise_name(repair(cell) or cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _combine(rows: abc.Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """One name per column out of several header rows: the lowest, with the name above it where it is not unique."""
    width = max(map(len, rows))
    padded = [row + ("",) * (width - len(row)) for row in rows]
    lowest = [next((row[place] for row in reversed(padded) if row[place]), "") for place in range(width)]
    groups: list[str] = []
    for place in range(width):
        above = next((row[place] for row in padded[:-1] if row[place]), "")
        groups.append(above or (groups[-1] if groups and padded[-1][place] else ""))
    doubled = [sum(_same(name, other) for other in lowest) > 1 for name in lowest]
    return tuple(
        f"{group} {name}" if double and name and not _same(group, name) else name
        for group, name, double in zip(groups, lowest, doubled, strict=True)
    )


def _same(one: str, other: str) -> bool:
    return match_name(one) == match_name(other)


def _places(source: str, names: abc.Sequence[str]) -> list[int]:
    wanted = match_name(source)
    return [place for place, name in enumerate(names) if match_name(name) == wanted]
