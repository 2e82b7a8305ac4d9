"""Empty files for who wants to deliver."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from sources.activity.delivery import find_delivery
from sources.activity.mapping import load_mapping
from sources.activity.template import MAPPING, README, write_templates
from sources.errors import DeliveryError
from tests.sources.activity.reading import contract, contract_layout, read

LEVERING = "2025-1,org-a,Systeem 1,2024-01-01,2025-12-31,2026-01-05T08:00:00\n"


def test_there_is_an_empty_file_for_every_table(tmp_path: Path) -> None:
    """A template that lags behind the contract is refused by the reader that it was made for."""
    folder = tmp_path / "nieuw" / "levering"
    written = write_templates(folder, contract())
    assert len(written) == 31 + 1 + 2
    for name, table in contract().tables.items():
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            assert list(csv.reader(stream)) == [list(table.names)]


def test_the_template_is_a_delivery_once_its_period_is_filled_in(tmp_path: Path) -> None:
    """What is handed out has to come back in without a remark."""
    write_templates(tmp_path, contract())
    with (tmp_path / "levering.csv").open("a", encoding="utf-8") as stream:
        stream.write(LEVERING)
    delivery = find_delivery(tmp_path, None, contract())
    assert delivery.notes == ()
    assert delivery.tabellen == tuple(contract().tables)
    for file in delivery.files:
        found = read(file.path, contract_layout(file.tabel))
        assert (found.batches, found.stream.notes, found.stream.missing) == ([], (), ())


def test_the_example_of_a_mapping_is_a_mapping(tmp_path: Path) -> None:
    """An example with a slip in it is copied by everybody."""
    write_templates(tmp_path, contract())
    mapping = load_mapping(tmp_path / MAPPING, contract())
    assert set(mapping.tabellen) == {"casus", "casus_betrokkene", "tevredenheid", "urenregistratie"}


def test_the_explanation_names_every_column(tmp_path: Path) -> None:
    """A column that nobody explains is filled in by guess."""
    write_templates(tmp_path, contract())
    text = (tmp_path / README).read_text(encoding="utf-8")
    for table in contract().tables.values():
        section = text.split(f"### {table.tabel}\n")[1].split("###")[0]
        for column in table.columns:
            assert f"| {column.kolom} |" in section
            assert column.betekenis in section
            assert all(word in section for word in column.toegestaan)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """Somebody has filled in the template of last year."""
    (tmp_path / "casus.csv").write_text("ingevuld", encoding="utf-8")
    with pytest.raises(DeliveryError, match=r"staat al casus\.csv"):
        write_templates(tmp_path, contract())
    assert [path.name for path in tmp_path.iterdir()] == ["casus.csv"]
    assert (tmp_path / "casus.csv").read_text(encoding="utf-8") == "ingevuld"
