"""Put the delivery together as a folder: the exports of every system, the mapping that explains them, the postcodes."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sources.replay.demo.organisation import exports_cases, exports_people, exports_work
from sources.replay.demo.organisation.files import write_text, write_workbook
from sources.replay.demo.organisation.layouts import Sheet, TextExport, WorkbookExport
from sources.replay.demo.organisation.places import postcode_lines
from sources.replay.demo.organisation.records import Records
from sources.replay.demo.organisation.world import make_records

ORGANISATION = "voorbeeldwelzijn"
ORGANISATION_NAME = "Stichting Voorbeeldwelzijn (verzonnen)"
FOLDER, MAPPING, POSTCODES = "levering", "mapping.yaml", "postcodes.csv"
_README = """\
Verzonnen levering van een verzonnen organisatie: Stichting Voorbeeldwelzijn (verzonnen)
========================================================================================

Niemand in deze bestanden bestaat. De namen heten Deelnemer0001 en verder, de adressen liggen aan de Verzonnenlaan, de
BSN's komen uit een reeks die niemand heeft, de e-mailadressen eindigen op example.invalid en de postcodes eindigen op
letters die PostNL nooit uitgeeft. Alleen de namen en codes van de gemeenten zijn echt.

De bestanden zijn met opzet zo rommelig als uitvoer van echte systemen. mapping.yaml legt uit wat waar staat.
"""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What was delivered, for the index of the archive and for tests.

    Attributes:
        files: names of the files, without mapping and explanation.
        records: true records per table.
        refused: bad rows per (table, reason).
    """

    files: Sequence[str]
    records: Records
    refused: Counter[tuple[str, str]]


def write_delivery(folder: Path, registry_folder: Path, seed: int) -> Delivered:
    """Write the delivery of the invented organisation; the same seed and registry give the same bytes.

    Args:
        folder: folder to make.
        registry_folder: folder with the seeds of the registry.
        seed: of everything that is drawn by lot.
    """
    folder.mkdir(parents=True)
    records = make_records(registry_folder, seed)
    texts, workbooks = _texts(records, seed), _workbooks(records, seed)
    for text in texts:
        write_text(folder, text)
    for workbook in workbooks:
        write_workbook(folder, workbook)
    shutil.copyfile(Path(__file__).with_name(MAPPING), folder / MAPPING)
    (folder / POSTCODES).write_text("\r\n".join(postcode_lines()) + "\r\n", encoding="windows-1252", newline="")
    (folder / "LEESMIJ.txt").write_text(_README, encoding="utf-8")
    sheets = [text.sheet for text in texts] + [sheet for book in workbooks for sheet in book.sheets.values()]
    names = [text.name for text in texts] + [workbook.name for workbook in workbooks]
    return Delivered(sorted(names), records, _refused(sheets))


def _texts(records: Records, seed: int) -> list[TextExport]:
    return [
        *exports_cases.signals(records, seed),
        *exports_cases.cases(records, seed),
        *exports_cases.casework(records, seed),
        *exports_cases.plans(records, seed),
        *exports_work.individual(records, seed),
        *exports_work.outcomes(records, seed),
        *exports_people.hours(records, seed),
        *exports_work.partner_work(records, seed),
        *exports_work.administration(records, seed),
        *exports_work.voices(records, seed),
    ]


def _workbooks(records: Records, seed: int) -> list[WorkbookExport]:
    return [
        exports_people.clients(records, seed),
        exports_people.personnel(records, seed),
        exports_work.groups(records, seed),
        exports_work.money(records, seed),
    ]


def _refused(sheets: Iterable[Sheet]) -> Counter[tuple[str, str]]:
    return Counter(reason for sheet in sheets for bad in sheet.bad for reason in bad.reasons)
