"""The workbook in a real spreadsheet program: it opens, and every figure is what it was."""

import csv
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.serving.workbook.conftest import Opened

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed: soffice")


def converted(path: Path, form: str, folder: Path) -> Path:
    """Let LibreOffice open a file and save it in another form, with a user profile of its own."""
    out = folder / "out"
    command = [
        str(SOFFICE),
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        form,
        "--outdir",
        str(out),
        str(path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found = [file for file in out.iterdir() if file.suffix == f".{form.split(':', maxsplit=1)[0]}"]
    assert found, done.stderr + done.stdout
    return found[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One user profile for the conversions: making it takes seconds."""
    return tmp_path_factory.mktemp("libreoffice")


def test_libreoffice_reads_every_sheet_and_every_figure(breda: Opened, folder: Path) -> None:
    """A file that is repaired on opening, or in which a figure has become text."""
    again = load_workbook(converted(breda.path, "xlsx", folder))
    assert again.sheetnames == breda.book.sheetnames
    for sheet in breda.book.worksheets:
        other = again[sheet.title]
        for line in sheet.iter_rows():
            for cell in line:
                assert other[cell.coordinate].value == cell.value, (sheet.title, cell.coordinate)
        assert other.auto_filter.ref == sheet.auto_filter.ref
        assert len(other._charts) == len(sheet._charts)
    rules = [rule for found in again["Overzicht"].conditional_formatting for rule in found.rules]
    assert [rule.formula for rule in rules] == [['"gunstiger"'], ['"ongunstiger"']]


def test_libreoffice_shows_what_the_reader_is_told(breda: Opened, folder: Path) -> None:
    """A number format that the program does not know shows ### or the bare code."""
    path = converted(breda.path, "csv:Text - txt - csv (StarCalc):44,34,76", folder)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    (row,) = [row for row in rows if "I 3.3.2" in row]
    shown = [value.replace(",", ".") for value in row]  # the sign is that of the user's language
    assert {"13.1 %", "12.8 %", "13.4 %", "13.6 %", "13.2 %", "-0.5"} <= set(shown)
