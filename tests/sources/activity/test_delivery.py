"""Which files a delivery has, and what it says of itself."""

from __future__ import annotations

import hashlib
import textwrap
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from sources.activity.delivery import Delivery, find_delivery
from sources.activity.key import load_key, make_key
from sources.activity.load import Installation, check_delivery
from sources.activity.mapping import load_mapping
from sources.errors import DeliveryError, KeyMissingError
from tests.sources.activity.reading import REGISTRY, contract

LEVERING = "levering_id,organisatie_id,bronsysteem,periode_van,peildatum,aangemaakt_op\n"
ROW = "2025-1,org-a,Systeem 1,2024-01-01,2025-12-31,2026-01-05T08:00:00\n"
PARTNER = "partner_id,soort\nP1,formeel\n"


def fill(folder: Path, **files: str) -> Path:
    given = {"levering": LEVERING + ROW, "partner": PARTNER} | files
    for name, text in given.items():
        path = folder / name.replace("__", ".")
        (path if path.suffix else path.with_suffix(".csv")).write_text(text, encoding="utf-8")
    return folder


def mapped(folder: Path, text: str) -> Delivery:
    path = folder / "mapping.yaml"
    head = "organisatie: org-a\ncontract: v0\nbronsysteem: Systeem 1\n"
    path.write_text(head + textwrap.dedent(text), encoding="utf-8")
    return find_delivery(folder, load_mapping(path, contract()), contract())


PARTNERS = "tabellen: {partner: {bestand: 'P*.csv', kolommen: {partner_id: Nr, soort: Soort}}}\n"
SETTINGS = "levering: {levering_id: m1, periode_van: 2024-01-01, peildatum: 2025-06-30}\n"


def test_a_delivery_in_contract_form_is_found(tmp_path: Path) -> None:
    """An organisation that follows the contract needs no mapping."""
    delivery = find_delivery(fill(tmp_path, casus="casus_id\n"), None, contract())
    assert delivery.tabellen == ("casus", "partner")
    assert (delivery.levering_id, delivery.organisatie_id, delivery.bronsysteem) == ("2025-1", "org-a", "Systeem 1")
    assert (delivery.periode_van, delivery.peildatum) == (date(2024, 1, 1), date(2025, 12, 31))
    assert delivery.aangemaakt_op == datetime.fromisoformat("2026-01-05T08:00")
    assert delivery.mapping.contractvorm
    [partner] = [file for file in delivery.files if file.tabel == "partner"]
    assert partner.sha256 == hashlib.sha256(PARTNER.encode()).hexdigest()
    assert (partner.naam, partner.bytes) == ("partner.csv", len(PARTNER))


def test_the_kernset_alone_is_a_delivery(tmp_path: Path) -> None:
    """An organisation starts with five files, not with thirty-one."""
    kern = {name: "x\n" for name, table in contract().tables.items() if table.kern}
    (fill(tmp_path, **kern) / "partner.csv").unlink()
    assert set(find_delivery(tmp_path, None, contract()).tabellen) == set(kern)


def test_names_of_files_may_have_capitals_and_be_workbooks(tmp_path: Path) -> None:
    """A file that is not seen for its capital is a table that was not delivered."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for line in (LEVERING + ROW).splitlines():
        sheet.append(line.split(","))
    workbook.save(tmp_path / "Levering.XLSX")
    (tmp_path / "PARTNER.CSV").write_text(PARTNER, encoding="utf-8")
    delivery = find_delivery(tmp_path, None, contract())
    assert (delivery.tabellen, delivery.peildatum) == (("partner",), date(2025, 12, 31))


def test_a_spreadsheet_may_have_written_the_dates_and_separators_its_own_way(tmp_path: Path) -> None:
    """Opening levering.csv in a Dutch spreadsheet and saving it changes every line of it."""
    row = "2025-1;Org-A;Systeem 1;1-1-2024;31-12-2025;5-1-2026 08:00\n"
    delivery = find_delivery(fill(tmp_path, levering=LEVERING.replace(",", ";") + row), None, contract())
    assert (delivery.periode_van, delivery.aangemaakt_op) == (
        date(2024, 1, 1),
        datetime.fromisoformat("2026-01-05T08:00"),
    )
    assert delivery.organisatie_id == "Org-A"


def test_a_file_that_is_no_table_is_mentioned(tmp_path: Path) -> None:
    """`partnr.csv` is a table that would silently count as not delivered."""
    (tmp_path / "oud").mkdir()
    notes = find_delivery(
        fill(tmp_path, casussen="x\n", LEESMIJ__md="x", mapping__yaml="x", partnr="x\n"), None, contract()
    ).notes
    assert notes == (
        "casussen.csv hoort bij geen tabel en wordt niet gelezen. Bedoelt u casus.csv?",
        "partnr.csv hoort bij geen tabel en wordt niet gelezen. Bedoelt u partner.csv?",
        "de map oud in de levering wordt niet gelezen.",
    )


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"levering": LEVERING}, "levering.csv: heeft 0 rijen onder de kop. Laat er precies één staan."),
        ({"levering": LEVERING + ROW + ROW}, "levering.csv: heeft 2 rijen onder de kop."),
        ({"levering": "levering_id,organisatie_id\nx,y\n"}, "levering.csv: in de kop op regel 1 ontbreekt"),
        ({"levering": LEVERING + ROW.replace("org-a", "org a")}, "kolom organisatie_id: kan niet als naam dienen."),
        ({"levering": LEVERING + ROW.replace("2024-01-01", "begin 2024")}, "kolom periode_van: is geen datum"),
        ({"levering": LEVERING + ROW.replace("2024-01-01", "2026-01-01")}, "kolom peildatum: ligt vóór periode_van."),
        ({"levering": LEVERING + ROW.replace("Systeem 1", "")}, "kolom bronsysteem: is leeg. Vul deze kolom in"),
        ({"levering": LEVERING + ROW.replace("2025-1,", "x" * 101 + ",", 1)}, "levering_id: is langer dan 100 tekens"),
        ({"partner__txt": "x"}, "partner staat er twee keer: partner.csv en partner.txt. Haal er één weg"),
        ({"levering__txt": "x"}, "levering staat er twee keer: levering.csv en levering.txt."),
    ],
)
def test_a_delivery_that_is_not_clear_is_refused(tmp_path: Path, files: dict[str, str], message: str) -> None:
    """Without a period and a day up to which it is complete, no figure of it means anything."""
    with pytest.raises(DeliveryError) as raised:
        find_delivery(fill(tmp_path, **files), None, contract())
    assert message in str(raised.value)


def test_a_delivery_without_levering_csv_is_refused(tmp_path: Path) -> None:
    """Whose figures are these, and up to which day?"""
    (fill(tmp_path, P1="Nr,Soort\n") / "levering.csv").unlink()
    with pytest.raises(DeliveryError, match=r"ontbreekt levering.csv.*levering sjabloon"):
        find_delivery(tmp_path, None, contract())
    with pytest.raises(DeliveryError, match="Of zet in de mapping: levering:"):
        mapped(tmp_path, PARTNERS)


def test_an_empty_folder_or_none_at_all_is_refused(tmp_path: Path) -> None:
    """A share that is not mounted is not a delivery of nothing."""
    with pytest.raises(DeliveryError, match=r"de map .*weg is er niet"):
        find_delivery(tmp_path / "weg", None, contract())
    (fill(tmp_path) / "partner.csv").unlink()
    with pytest.raises(DeliveryError, match="staat geen enkel bestand met gegevens"):
        find_delivery(tmp_path, None, contract())


def test_a_mapping_finds_several_files_per_table_and_its_own_period(tmp_path: Path) -> None:
    """A system that exports a file a year, and knows no levering.csv."""
    for year in (2024, 2025):
        (tmp_path / f"P_{year}.csv").write_text(f"Nr,Soort\n{year},formeel\n", encoding="utf-8")
    delivery = mapped(tmp_path, PARTNERS + SETTINGS)
    assert [file.naam for file in delivery.files] == ["P_2024.csv", "P_2025.csv"]
    assert (delivery.levering_id, delivery.organisatie_id) == ("m1", "org-a")
    assert delivery.aangemaakt_op == datetime.fromisoformat("2025-06-30")
    assert delivery.levering_file is None


def test_levering_csv_goes_before_the_period_of_the_mapping(tmp_path: Path) -> None:
    """A mapping is written once; the file comes with every delivery."""
    fill(tmp_path, P1="Nr,Soort\n")
    delivery = mapped(tmp_path, PARTNERS + SETTINGS)
    assert delivery.levering_id == "2025-1"
    assert "levering.csv geldt; de levering in de mapping wordt niet gebruikt." in delivery.notes


def test_the_mapping_of_another_organisation_is_refused(tmp_path: Path) -> None:
    """Pseudonyms of one organisation under the name of another link nothing."""
    fill(tmp_path, levering=LEVERING + ROW.replace("org-a", "org-b"), P1="Nr,Soort\n")
    with pytest.raises(DeliveryError, match=r"kolom organisatie_id: is niet org-a, zoals in de mapping"):
        mapped(tmp_path, PARTNERS)


def test_a_pattern_without_a_file_is_refused(tmp_path: Path) -> None:
    """A file that was forgotten would empty a table; a table that no longer comes is taken out of the mapping."""
    with pytest.raises(DeliveryError, match=r"geen bestand in de map .* past op 'P\*.csv' van tabel partner"):
        mapped(tmp_path, PARTNERS + SETTINGS)


def test_a_file_read_twice_for_a_table_is_refused(tmp_path: Path) -> None:
    """Two patterns that overlap double every figure; a copy is mentioned."""
    (tmp_path / "P1.csv").write_text("Nr,Soort\n1,formeel\n", encoding="utf-8")
    block = "{bestand: '%s', kolommen: {partner_id: Nr, soort: Soort}}"
    with pytest.raises(DeliveryError, match=r"P1.csv wordt twee keer gelezen voor tabel partner"):
        mapped(tmp_path, f"tabellen: {{partner: [{block % 'P*.csv'}, {block % '*1.csv'}]}}\n{SETTINGS}")
    (tmp_path / "P2.csv").write_text("Nr,Soort\n1,formeel\n", encoding="utf-8")
    assert mapped(tmp_path, PARTNERS + SETTINGS).notes == ("P2.csv heeft dezelfde inhoud als P1.csv.",)


def test_one_export_can_give_a_table_in_two_ways(tmp_path: Path) -> None:
    """Two scores in two columns of one row are two rows of the contract."""
    (tmp_path / "Z.csv").write_text("Dossier,Datum,Wonen,Geld\nC1,2025-01-01,3,4\n", encoding="utf-8")
    block = "{bestand: Z.csv, kolommen: {casus_id: Dossier, meetdatum: Datum, domein: {vast: %d}, score: %s}}"
    delivery = mapped(tmp_path, f"tabellen: {{zrm_score: [{block % (4, 'Wonen')}, {block % (1, 'Geld')}]}}\n{SETTINGS}")
    assert [file.mapping.columns[-1].bron for file in delivery.files] == [("Wonen",), ("Geld",)]


def test_without_a_key_the_folder_is_not_even_looked_for(tmp_path: Path) -> None:
    """A delivery that is read before there is a key has been in memory in clear for nothing."""
    folder = tmp_path / "er niet"
    with pytest.raises(KeyMissingError):
        check_delivery(folder, Installation(tmp_path, REGISTRY, load_key({})))
    with pytest.raises(DeliveryError, match="er niet is er niet"):
        check_delivery(folder, Installation(tmp_path, REGISTRY, make_key(bytes(range(32)))))
