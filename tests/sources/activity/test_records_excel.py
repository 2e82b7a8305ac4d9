"""Workbooks as real systems and people write them; the numbered cases are those of the reader requirements."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from sources.errors import DeliveryError
from tests.sources.activity.reading import Read, contract_layout, read, table_mapping

CASUS = """
bestand: export.xlsx
kolommen: {casus_id: Dossier, deelnemer_id: Klant, startdatum: Start, vraagstuk: Vraag}
"""
HEADER = ("Dossier", "Klant", "Start", "Vraag")


def write(folder: Path, *rows: Sequence[Any], name: str = "export.xlsx") -> Path:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    workbook.save(folder / name)
    return folder / name


def casus(folder: Path, *rows: Sequence[Any], more: str = "") -> Read:
    return read(write(folder, *rows), table_mapping(folder, "casus", CASUS + more))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (45658, "45658"),
        (45658.0, "45658"),
        (12.5, "12.5"),
        (0.1, "0.1"),
        (1e-7, "0.0000001"),
        (123456789012, "123456789012"),
        (1234567.89, "1234567.89"),
        (True, "true"),
        ("tekst", "tekst"),
        (date(2025, 12, 31), "2025-12-31"),
        (datetime.fromisoformat("2025-12-31T09:30"), "2025-12-31T09:30:00"),
        (datetime.fromisoformat("2025-12-31T09:29:59.999999"), "2025-12-31T09:30:00"),
        (time(9, 30), "09:30:00"),
        (timedelta(hours=25, minutes=30), "25:30"),
        (None, None),
    ],
)
def test_l14_l29_a_cell_is_read_without_loss(tmp_path: Path, value: Any, expected: str | None) -> None:
    """A client number in scientific notation, or a date as a number of days, is another value."""
    assert casus(tmp_path, HEADER, ("C1", "D1", "x", value)).column("Vraag") == [expected]


def test_l15_text_dates_beside_real_dates_are_both_handed_over(tmp_path: Path) -> None:
    """One column with both is what comes of copying between two sheets."""
    found = casus(tmp_path, HEADER, ("C1", "D1", date(2025, 3, 1), "a"), ("C2", "D2", "1-3-2025", "a"))
    assert found.column("Start") == ["2025-03-01", "1-3-2025"]
    assert found.stream.is_iso


def test_l29_an_export_with_formats_is_read_without_loss(tmp_path: Path) -> None:
    """A bold header, dates as serials and money in euro are how a client system exports."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["correctie_id", "budget_id", "datum", "bedrag"])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.append(["K1", 7, datetime.fromisoformat("2025-12-31"), -1234.5])
    sheet["C2"].number_format = "yyyy-mm-dd"
    sheet["D2"].number_format = '_("€"* #,##0.00_);_("€"* (#,##0.00)'
    workbook.save(tmp_path / "budgetcorrectie.xlsx")
    found = read(tmp_path / "budgetcorrectie.xlsx", contract_layout("budgetcorrectie"))
    assert [found.column(place) for place in range(4)] == [["K1"], ["7"], ["2025-12-31"], ["-1234.5"]]


def test_l36_a_cell_shown_in_percents_is_read_as_it_shows(tmp_path: Path) -> None:
    """45% is kept as 0.45: taken as it is kept, a share is a hundred times too small."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(HEADER)
    sheet.append(["C1", "D1", "x", 0.07])
    sheet["D2"].number_format = "0%"
    workbook.save(tmp_path / "export.xlsx")
    assert read(tmp_path / "export.xlsx", table_mapping(tmp_path, "casus", CASUS)).column("Vraag") == ["7%"]


def test_l27_a_formula_is_not_carried_out(tmp_path: Path) -> None:
    """A file from outside must not compute anything here; what was saved with it counts."""
    path = write(tmp_path, HEADER, ("C1", "D1", "x", "=1+1"))
    assert read(path, table_mapping(tmp_path, "casus", CASUS)).column("Vraag") == [None]
    saved = tmp_path / "bewaard.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(saved, "w") as new:
        for item in old.namelist():
            new.writestr(
                item,
                old.read(item)
                .replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
                .replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>"),
            )
    assert read(saved, table_mapping(tmp_path, "casus", CASUS)).column("Vraag") == ["2"]


def test_l22_l21_titles_blank_rows_and_totals_are_skipped(tmp_path: Path) -> None:
    """A sheet made for people; rows keep the number that the spreadsheet shows."""
    rows = [("Overzicht",), (), HEADER, ("C1", "D1", "x", "a"), (), ("C2", "D2", "x", "b"), ("Totaal", None, None, 2)]
    found = casus(tmp_path, *rows)
    assert (found.column("Dossier"), found.numbers) == (["C1", "C2"], [4, 6])
    assert (found.stream.totals_dropped, found.stream.blank_dropped) == (1, 1)


def test_l23_merged_header_cells_are_refused(tmp_path: Path) -> None:
    """Merged cells hold their text in the first one: which column it is about is a guess."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["Dossier", "Klant", "Start", None, "Vraag"])
    sheet.append(["C1", "D1", "1-1-2025", "2-2-2025", "a"])
    sheet.merge_cells("C1:D1")
    workbook.save(tmp_path / "export.xlsx")
    with pytest.raises(DeliveryError, match="naast kolom 'Start' staat een gevulde kolom zonder naam"):
        read(tmp_path / "export.xlsx", table_mapping(tmp_path, "casus", CASUS))
    found = read(tmp_path / "export.xlsx", table_mapping(tmp_path, "casus", CASUS + "kopregel: 1"))
    assert found.column("Vraag") == ["a"]


def two_sheets(folder: Path, *, both: bool) -> Path:
    workbook = Workbook()
    first = workbook.active
    assert first is not None
    first.title = "Toelichting"
    first.append(HEADER if both else ["Lees dit eerst"])
    second = workbook.create_sheet("Export 2025")
    second.append(HEADER)
    second.append(["C1", "D1", "x", "a"])
    hidden = workbook.create_sheet("Oud")
    hidden.append(HEADER)
    hidden.sheet_state = "hidden"
    workbook.save(folder / "export.xlsx")
    return folder / "export.xlsx"


def test_the_sheet_is_found_by_its_header(tmp_path: Path) -> None:
    """The first sheet is often a page of words."""
    path = two_sheets(tmp_path, both=False)
    assert read(path, table_mapping(tmp_path, "casus", CASUS)).column("Dossier") == ["C1"]


def test_a_sheet_that_is_not_certain_is_asked_for(tmp_path: Path) -> None:
    """Last year's sheet taken for this year's gives good figures of the wrong year."""
    path = two_sheets(tmp_path, both=True)
    with pytest.raises(DeliveryError, match=r"meer bladen kunnen de gegevens bevatten \(Toelichting, Export 2025\)"):
        read(path, table_mapping(tmp_path, "casus", CASUS))
    assert read(path, table_mapping(tmp_path, "casus", CASUS + "blad: export  2025")).column("Dossier") == ["C1"]
    with pytest.raises(DeliveryError, match="er is geen blad 'Export 2026'"):
        read(path, table_mapping(tmp_path, "casus", CASUS + "blad: Export 2026"))


def test_a_size_that_the_sheet_states_wrongly_is_ignored(tmp_path: Path) -> None:
    """Some exports say that they hold one cell; the rest of the rows would be lost."""
    path, wrong = write(tmp_path, HEADER, ("C1", "D1", "x", "a")), tmp_path / "fout.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(wrong, "w") as new:
        for item in old.namelist():
            new.writestr(item, old.read(item).replace(b'<dimension ref="A1:D2"', b'<dimension ref="A1"'))
    assert read(wrong, table_mapping(tmp_path, "casus", CASUS)).column("Vraag") == ["a"]


def test_a_workbook_is_known_by_its_content(tmp_path: Path) -> None:
    """A workbook that is called .csv, and the other way round."""
    write(tmp_path, HEADER, ("C1", "D1", "x", "a"), name="e.xlsx").rename(tmp_path / "export.csv")
    assert read(tmp_path / "export.csv", table_mapping(tmp_path, "casus", CASUS)).column("Vraag") == ["a"]
    (tmp_path / "tekst.xlsx").write_text("Dossier;Klant;Start;Vraag\n", encoding="utf-8")
    with pytest.raises(DeliveryError, match=r"tekst\.xlsx: is geen werkmap, al zegt de naam het"):
        read(tmp_path / "tekst.xlsx", table_mapping(tmp_path, "casus", CASUS))
    (tmp_path / "stuk.xlsx").write_bytes((tmp_path / "export.csv").read_bytes()[:200])
    with pytest.raises(DeliveryError, match=r"stuk\.xlsx: is niet als werkmap te lezen"):
        read(tmp_path / "stuk.xlsx", table_mapping(tmp_path, "casus", CASUS))
