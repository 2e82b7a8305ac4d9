"""Guards at the door: a file with a BSN, e-mail addresses or IBANs is refused whole, whatever column it is in.

Every column that is read is looked at, used or not; `RecordStream.batches` does so before it gives a record away. A
message names file and column, never a value. What does not belong here: columns that the mapping drops unread.
"""

from __future__ import annotations

import re
from collections import abc
from dataclasses import dataclass, field
from enum import Enum

from sources.activity.header_words import is_bsn_header, is_person_header, is_private_header
from sources.activity.identity_numbers import (
    count_passing,
    embedded_numbers,
    has_iban,
    is_phone_number,
    passes_eleven_test,
    read_bsn_candidate,
)
from sources.errors import DeliveryRefusedError

# From this many numbers of nine digits on, their share of eleven-proof ones says something (chance gives 1 in 11).
BSN_MINIMUM = 20
BSN_SHARE = 0.20
_PHONE_SHARE = 0.50

_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
# Digits become 0, letters a, and what separates digits a dot, so that a shape is found at the speed of a text search.
_SHAPES = bytes(
    0x30 if chr(byte) in "0123456789" else 0x61 if chr(byte).isalpha() else 0x2E if chr(byte) in " .-" else byte
    for byte in range(256)
)
_NUMBER_SHAPES = (b"00000000", b"000.000.000", b"0000.00.000", b"00.00.00.00.00", b"000.0000000")
_IBAN_SHAPE = re.compile(rb"aa00[a0.]{11}")
_NINE_DIGITS = re.compile(r"(?:^|\n)([0-9]{9})(?=\n|$)")
_REMEDY = "Verwijder de kolom uit het bestand of noem hem onder weglaten in de mapping."


class Use(Enum):
    """What a column of a file is for."""

    UNUSED = "unused"
    IDENTIFIER = "identifier"
    FREE = "free"
    TYPED = "typed"


@dataclass(slots=True)
class _Column:
    """What was seen in one column.

    Attributes:
        filled: cells with something in them.
        numbers: cells that are a number of nine digits, or eight that lost a zero.
        passed: those that pass the eleven-test.
        phones: cells that are a phone number.
    """

    name: str
    use: Use
    filled: int = 0
    numbers: int = 0
    passed: int = 0
    phones: int = 0

    @property
    def holds_numbers(self) -> bool:
        """Whether the column is one of numbers, in which some pass by chance."""
        return self.use is Use.UNUSED and self.numbers >= BSN_MINIMUM and self.numbers * 2 > self.filled


@dataclass(slots=True)
class ColumnGuard:
    """Looks at every cell of a file that is read.

    Attributes:
        file: name of the file.
        warnings: what is suspect without being refused, in Dutch.
    """

    file: str
    warnings: list[str] = field(default_factory=list)
    _columns: list[_Column] = field(default_factory=list)

    def add_column(self, name: str, use: Use) -> None:
        """Add the next column of the file.

        Raises:
            DeliveryRefusedError: its name says that it holds what may not come in.
        """
        if is_bsn_header(name):
            raise self._refuse(name, "heeft de naam van een BSN-kolom.")
        if is_person_header(name):
            if use is not Use.UNUSED:
                raise self._refuse(name, "heeft de naam van een persoonsgegeven en wordt in de mapping gebruikt.")
            self._warn(name, "heeft de naam van een persoonsgegeven.")
        elif is_private_header(name):
            self._warn(name, "heeft de naam van een gegeven dat hier niet nodig is.")
        self._columns.append(_Column(name, use))

    def look(self, columns: abc.Sequence[abc.Sequence[str | None]], numbers: abc.Sequence[int]) -> set[int]:
        """Look at some records.

        Args:
            columns: their cells by column, in the order in which the columns were added.
            numbers: number of each record.

        Returns:
            Numbers of the records with a BSN in a column for free text: they belong in quarantine.

        Raises:
            DeliveryRefusedError: there is an e-mail address or an IBAN.
        """
        found: set[int] = set()
        for column, cells in zip(self._columns, columns, strict=True):
            filled = list(filter(None, cells))
            if not filled:
                continue
            column.filled += len(filled)
            text = "\n\n".join(filled)
            if "@" in text and _EMAIL.search(text):
                raise self._refuse(column.name, "bevat een e-mailadres.")
            shapes = text.encode("latin-1", "replace").translate(_SHAPES)
            if _IBAN_SHAPE.search(shapes) and has_iban(text):
                raise self._refuse(column.name, "bevat een IBAN.")
            if any(shape in shapes for shape in _NUMBER_SHAPES):
                found.update(numbers[place] for place in _look_at_numbers(column, cells, text))
        return found

    def finish(self) -> None:
        """Judge the columns as a whole, after the last record.

        Raises:
            DeliveryRefusedError: a column holds BSNs, or phone numbers are used.
        """
        for column in self._columns:
            if column.numbers >= BSN_MINIMUM and column.passed > BSN_SHARE * column.numbers:
                problem = "bevat zoveel nummers die aan de elfproef voldoen dat het BSN's moeten zijn."
                used = " Een BSN kan geen nummer van een deelnemer zijn." if column.use is Use.IDENTIFIER else ""
                raise self._refuse(column.name, problem + used)
            if column.phones >= BSN_MINIMUM and column.phones > _PHONE_SHARE * column.filled:
                if column.use is not Use.UNUSED:
                    raise self._refuse(column.name, "bevat telefoonnummers en wordt in de mapping gebruikt.")
                self._warn(column.name, "bevat telefoonnummers.")

    def _refuse(self, name: str, problem: str) -> DeliveryRefusedError:
        return DeliveryRefusedError(f"{self.file}, kolom '{name}': {problem} {_REMEDY}")

    def _warn(self, name: str, problem: str) -> None:
        self.warnings.append(f"{self.file}, kolom '{name}': {problem} Neem hem op onder weglaten.")


def _look_at_numbers(column: _Column, cells: abc.Sequence[str | None], text: str) -> list[int]:
    """Count the numbers of a column, and give the places of free cells with a BSN."""
    free = column.use in (Use.FREE, Use.UNUSED)
    numbers = [] if free else _NINE_DIGITS.findall(text)
    if numbers and len(numbers) == len(cells):
        column.numbers += len(numbers)
        column.passed += count_passing(numbers)
        return []
    hits: list[int] = []
    embedded: list[int] = []
    for place, cell in enumerate(cells):
        candidate = read_bsn_candidate(cell) if cell else None
        if candidate is not None:
            column.numbers += 1
            if passes_eleven_test(candidate):
                column.passed += 1
                hits.append(place)
        elif cell and is_phone_number(cell):
            column.phones += 1
        elif cell and free and any(map(passes_eleven_test, embedded_numbers(cell))):
            embedded.append(place)
    if not free:
        return []
    return embedded if column.holds_numbers else embedded + hits
