"""Which files a delivery has, which table each of them gives, and what the delivery says of itself.

What does not belong here: what is in the files of the tables.
"""

from __future__ import annotations

import difflib
from collections import abc
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sources.activity.contract import Contract
from sources.activity.files import TableFile, hash_file
from sources.activity.levering_file import MANIFEST, LeveringRow, read_levering
from sources.activity.mapping_types import Mapping, TableMapping, contract_mapping
from sources.errors import DeliveryError

__all__ = ["Delivery", "LeveringRow", "TableFile", "find_delivery"]

# Kinds of files that can hold a table.
_KINDS = (".csv", ".xlsx", ".xlsm", ".txt", ".tsv")
# What may lie beside the tables without a word: the words of `levering sjabloon`, and what computers leave behind.
_SILENT_KINDS = (".md", ".yaml", ".yml", ".pdf", ".docx")
_SILENT_NAMES = ("thumbs.db", "desktop.ini")
_OPTIONAL_MANIFEST_KEYS = "levering: {levering_id, periode_van, peildatum}"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery whose files are known and not yet read.

    Attributes:
        folder: where it is.
        levering: what it says of itself.
        mapping: how its files are laid out.
        files: what gives rows, parents before the tables that refer to them.
        notes: what is odd about the folder, in Dutch.
        levering_file: file that the delivery describes itself in, with hash and size; None when the mapping does.
    """

    folder: Path
    levering: LeveringRow
    mapping: Mapping
    files: tuple[TableFile, ...]
    notes: tuple[str, ...] = ()
    levering_file: TableFile | None = None

    @property
    def levering_id(self) -> str:
        """Reference of the delivery."""
        return self.levering.levering_id

    @property
    def organisatie_id(self) -> str:
        """Organisation that delivers."""
        return self.levering.organisatie_id

    @property
    def bronsysteem(self) -> str:
        """Name and version of the source system."""
        return self.levering.bronsysteem

    @property
    def periode_van(self) -> date:
        """First day of the delivery."""
        return self.levering.periode_van

    @property
    def peildatum(self) -> date:
        """Last day on which the delivery is complete."""
        return self.levering.peildatum

    @property
    def aangemaakt_op(self) -> datetime:
        """Moment of the export."""
        return self.levering.aangemaakt_op

    @property
    def tabellen(self) -> tuple[str, ...]:
        """Delivered tables, also those with a file without rows."""
        return tuple(dict.fromkeys(file.tabel for file in self.files))


def find_delivery(folder: Path, mapping: Mapping | None, contract: Contract) -> Delivery:
    """Find the files of a delivery.

    Args:
        folder: of the delivery.
        mapping: of the organisation, or None for a delivery in contract form.
        contract: what is delivered.

    Raises:
        DeliveryError: the folder is not there, says not what it is, or misses a file or has it twice; names the file
            and the remedy.
        OSError: a file cannot be read.
    """
    if not folder.is_dir():
        raise DeliveryError(f"de map {folder} is er niet. Controleer het pad en of de schijf is aangekoppeld.")
    search = _Search(folder, mapping or contract_mapping(contract))
    files = search.contract_files(contract) if search.mapping.contractvorm else search.mapped_files()
    manifest = search.find_manifest()
    if not files:
        raise DeliveryError(
            f"in de map {folder.name} staat geen enkel bestand met gegevens. "
            "In contractvorm heten ze <tabel>.csv of <tabel>.xlsx; andere bestanden vragen om een mapping."
        )
    search.warn_others(contract)
    levering = read_levering(manifest, search.mapping)
    return Delivery(folder, levering, search.mapping, tuple(files), tuple(search.notes), manifest)


@dataclass(slots=True)
class _Search:
    folder: Path
    mapping: Mapping
    notes: list[str] = field(default_factory=list)
    _taken: set[Path] = field(default_factory=set)

    # --- contract form ----------------------------------------------------------------------------

    def contract_files(self, contract: Contract) -> list[TableFile]:
        """Files that are named after a table."""
        return [
            self._table_file(path, self.mapping.tabellen[name][0])
            for name in contract.tables
            for path in self._named(name)
        ]

    def find_manifest(self) -> TableFile | None:
        """The file in which the delivery describes itself, or None when the mapping does.

        Raises:
            DeliveryError: neither does.
        """
        for path in self._named(MANIFEST.bestand.removesuffix(".*")):
            if self.mapping.levering is not None:
                self.notes.append(f"{path.name} geldt; de levering in de mapping wordt niet gebruikt.")
            return self._table_file(path, MANIFEST)
        if self.mapping.levering is not None:
            return None
        remedy = "Maak het met: impact-kpi levering sjabloon."
        if not self.mapping.contractvorm:
            remedy += f" Of zet in de mapping: {_OPTIONAL_MANIFEST_KEYS}."
        raise DeliveryError(
            f"in de map {self.folder.name} ontbreekt levering.csv, waarin staat van wie de levering is en tot welke "
            f"dag hij compleet is. {remedy}"
        )

    def _named(self, name: str) -> list[Path]:
        """The one file of this name, whatever its case and kind."""
        found = [path for path in self._paths() if path.stem.casefold() == name and path.suffix.lower() in _KINDS]
        if len(found) > 1:
            names = " en ".join(path.name for path in found)
            raise DeliveryError(f"{name} staat er twee keer: {names}. Haal er één weg, dan is duidelijk welke geldt.")
        return found

    # --- with a mapping ---------------------------------------------------------------------------

    def mapped_files(self) -> list[TableFile]:
        """Files that the patterns of the mapping find."""
        return [file for layouts in self.mapping.tabellen.values() for file in self._files_of(layouts)]

    def _files_of(self, layouts: abc.Sequence[TableMapping]) -> abc.Iterator[TableFile]:
        seen: dict[tuple[str, ...], str] = {}
        for layout in layouts:
            for path in self._matching(layout):
                file = self._table_file(path, layout)
                # One export may give a table several times, but not the same columns of the same sheet.
                reading = (layout.blad or "", repr(layout.columns))
                if (file.naam, *reading) in seen:
                    raise DeliveryError(
                        f"{file.naam} wordt twee keer gelezen voor tabel {file.tabel}. "
                        "Maak de patronen onder bestand in de mapping nauwer."
                    )
                copy = seen.get((file.sha256, *reading))
                if copy is not None:
                    self.notes.append(f"{file.naam} heeft dezelfde inhoud als {copy}.")
                seen[(file.naam, *reading)] = seen[(file.sha256, *reading)] = file.naam
                yield file

    def _matching(self, layout: TableMapping) -> list[Path]:
        found = sorted(path for path in self.folder.glob(layout.bestand) if _can_hold_table(path))
        if not found:
            raise DeliveryError(
                f"geen bestand in de map {self.folder.name} past op '{layout.bestand}' van tabel {layout.tabel}. "
                "Voeg het bestand toe, verbeter bestand in de mapping, of haal de tabel eruit als hij niet meer komt."
            )
        return found

    # --- both -------------------------------------------------------------------------------------

    def _table_file(self, path: Path, layout: TableMapping) -> TableFile:
        self._taken.add(path)
        digest, size = hash_file(path)
        return TableFile(layout.tabel, path, path.relative_to(self.folder).as_posix(), digest, size, layout)

    def _paths(self) -> list[Path]:
        return sorted(path for path in self.folder.iterdir() if path.is_file() and not _is_silent(path))

    def warn_others(self, contract: Contract) -> None:
        """Name what is in the folder and was not taken."""
        for path in self._paths():
            if path in self._taken or path == self.mapping.postcodes:
                continue
            near = difflib.get_close_matches(path.stem.casefold(), contract.tables, n=1)
            meant = f" Bedoelt u {near[0]}{path.suffix.lower()}?" if near and self.mapping.contractvorm else ""
            self.notes.append(f"{path.name} hoort bij geen tabel en wordt niet gelezen.{meant}")
        if self.mapping.contractvorm:
            for path in sorted(self.folder.iterdir()):
                if path.is_dir() and not path.name.startswith("."):
                    self.notes.append(f"de map {path.name} in de levering wordt niet gelezen.")


def _is_silent(path: Path) -> bool:
    name = path.name.lower()
    if name.startswith((".", "~$", "leesmij", "readme")):
        return True
    return name in _SILENT_NAMES or path.suffix.lower() in _SILENT_KINDS


def _can_hold_table(path: Path) -> bool:
    return path.is_file() and not _is_silent(path)
