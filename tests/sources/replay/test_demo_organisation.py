"""The invented organisation: its delivery is made alike every time, invented through and through, and truly messy."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from sources.activity.contract import load_contract
from sources.activity.files import TableFile, hash_file
from sources.activity.key import DEMO_KEY, make_key
from sources.activity.load import Installation, load_delivery
from sources.activity.mapping import load_mapping
from sources.activity.records import open_records
from sources.errors import DeliveryRefusedError
from sources.replay.demo import DEFAULT_SEED
from sources.replay.demo.build import fingerprint
from sources.replay.demo.organisation import FOLDER, MAPPING, Delivered, write_delivery
from sources.replay.demo.organisation.places import PLACES
from tests.sources.replay.demo_reader import DemoReader

# One worker makes the archive, once.
pytestmark = pytest.mark.xdist_group("demo-archive")

TINY = ("GM0060", "GM0088", "GM0096")
THRESHOLD = 10


@dataclass(frozen=True)
class Folder:
    """The delivery as written, and what the generator says of it."""

    path: Path
    delivered: Delivered

    def text(self, name: str, encoding: str = "windows-1252") -> str:
        return (self.path / name).read_bytes().decode(encoding)

    def lines(self, name: str, encoding: str = "windows-1252") -> list[str]:
        return self.text(name, encoding).splitlines()


@pytest.fixture(scope="session")
def folder(registry_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    path = tmp_path_factory.mktemp("organisatie") / FOLDER
    return Folder(path, write_delivery(path, registry_folder, DEFAULT_SEED))


@pytest.fixture(scope="session")
def clients(folder: Folder) -> list[dict[str, object]]:
    sheet = openpyxl.load_workbook(folder.path / "Clienten.xlsx", read_only=True)["Cliënten"]
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(itertools.zip_longest(map(str, header), row)) for row in rows]


# --- making it ------------------------------------------------------------------------------------


@pytest.mark.long
def test_the_same_seed_gives_the_same_bytes_in_another_process_and_at_another_time(
    folder: Folder, demo: DemoReader
) -> None:
    """Every night would look like a new delivery: a workbook holds the moment at which it was written."""
    again = {path.name: path.read_bytes() for path in (demo.archive / FOLDER).iterdir()}
    assert {path.name: path.read_bytes() for path in folder.path.iterdir()} == again


def test_the_archive_is_made_anew_when_the_questions_change(registry_folder: Path, tmp_path: Path) -> None:
    """The demo would answer questions that the registry no longer asks."""
    for seed in registry_folder.glob("*.csv"):
        (tmp_path / seed.name).write_bytes(seed.read_bytes())
    before = fingerprint(tmp_path, 1)
    scale = tmp_path / "answer_scale.csv"
    scale.write_text(scale.read_text(encoding="utf-8").replace("7a2", "7a3"), encoding="utf-8")
    assert before == fingerprint(registry_folder, 1)
    assert fingerprint(tmp_path, 1) != before


def test_the_index_of_the_archive_names_the_delivery(demo: DemoReader) -> None:
    """A refresh on the demo could not find what to load."""
    entry = demo.about["levering"]
    assert entry["organisatie"] == "voorbeeldwelzijn"
    assert entry["fidelity"] == "invented"
    assert (demo.archive / entry["mapping"]).is_file()
    assert all((demo.archive / entry["folder"] / name).is_file() for name in entry["files"])


# --- nobody in it exists --------------------------------------------------------------------------


def test_the_delivery_says_that_it_is_invented(folder: Folder, demo: DemoReader) -> None:
    """Somebody would take the records for those of real people."""
    assert "verzonnen" in demo.about["levering"]["title"].lower()
    assert "Niemand in deze bestanden bestaat" in folder.text("LEESMIJ.txt", "utf-8")
    assert "Niemand in deze levering bestaat" in folder.text(MAPPING, "utf-8")


def test_no_personal_value_can_belong_to_anybody(clients: list[dict[str, object]]) -> None:
    """A generated number or address that happens to be real would put a person in the demo."""
    people = [client for client in clients if client["Voornaam"]]
    assert len(people) > 5_000
    assert all(str(client["BSN"]).startswith("999") for client in people)
    assert all(str(client["Voornaam"]).startswith("Deelnemer") for client in people)
    assert {client["Achternaam"] for client in people} == {"Verzonnen"}
    assert all(str(client["E-mail"]).endswith("@example.invalid") for client in people)
    assert all(str(client["Adres"]).startswith("Verzonnenlaan ") for client in people)
    postcodes = [str(client["Postcode"]).replace(" ", "").upper() for client in people if client["Postcode"]]
    assert all(len(code) == 4 or code[4:] in ("SA", "SD", "SS") for code in postcodes)


def test_the_personal_columns_set_off_the_guards(clients: list[dict[str, object]]) -> None:
    """The demo would not show that such a file is refused without `weglaten`."""
    numbers = [f"{client['BSN']:09d}" for client in clients if isinstance(client["BSN"], int)]
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    passing = [sum(w * int(digit) for w, digit in zip(weights, number, strict=True)) % 11 == 0 for number in numbers]
    assert all(passing)
    assert len(set(numbers)) == len(numbers)


def test_the_client_file_is_refused_when_the_mapping_does_not_drop_its_personal_columns(
    folder: Folder, registry_folder: Path, tmp_path: Path
) -> None:
    """The demo would show a mapping that needs no `weglaten`."""
    careless = re.sub(r"(?m)^    weglaten: .*\n", "", folder.text(MAPPING, "utf-8")).replace("postcodes: ", "#")
    (tmp_path / MAPPING).write_text(careless, encoding="utf-8")
    (layout,) = load_mapping(tmp_path / MAPPING, load_contract(registry_folder)).tabellen["deelnemer"]
    path = folder.path / "Clienten.xlsx"
    clients = TableFile("deelnemer", path, path.name, *hash_file(path), layout)
    with pytest.raises(DeliveryRefusedError, match=r"Clienten\.xlsx.*BSN"):
        list(open_records(clients, layout).batches())


# --- what is in it --------------------------------------------------------------------------------


def test_every_table_of_the_contract_has_rows(folder: Folder, registry_folder: Path) -> None:
    """A KPI would show as not delivered in the demo."""
    with (registry_folder / "contract_table.csv").open(encoding="utf-8", newline="") as file:
        wanted = {row["tabel"] for row in csv.DictReader(file)}
    assert len(wanted) == 31
    assert {table for table, rows in folder.delivered.records.tables.items() if rows} == wanted


def test_the_organisation_has_the_size_that_figures_need(folder: Folder) -> None:
    """Too small and everything is hidden, too large and the demo takes minutes."""
    tables = folder.delivered.records.tables
    sizes = {table: len(tables[table]) for table in ("casus", "signaal", "urenregistratie", "vragenlijst_afname")}
    wanted = {"casus": 6_000, "signaal": 9_000, "urenregistratie": 40_000, "vragenlijst_afname": 4_000}
    assert all(wanted[table] * 0.75 < size < wanted[table] * 1.25 for table, size in sizes.items()), sizes


def test_gemeenten_exist_in_the_newest_division(registry_folder: Path) -> None:
    """Figures would land on a gemeente that no map shows."""
    with (registry_folder / "gemeente_register.csv").open(encoding="utf-8", newline="") as file:
        register = {row["gemeente_code"]: row for row in csv.DictReader(file)}
    assert len(PLACES) == 8
    assert {place.code: place.naam for place in PLACES} == {
        place.code: register[place.code]["gemeente_naam"] for place in PLACES
    }
    assert all(not register[place.code]["geldig_tot"] for place in PLACES)
    old = [code for place in PLACES for code in place.old_codes]
    assert old
    assert all(register[code]["geldig_tot"] for code in old)


def test_tiny_gemeenten_have_small_cells_and_large_ones_can_be_shown(folder: Folder) -> None:
    """The demo would show no suppression at all, or nothing but suppression."""
    late, judged = Counter[tuple[str | None, int]](), Counter[tuple[str | None, int]]()
    for row in folder.delivered.records["signaal"]:
        cell = row["gemeente_code"], row["datum_ontvangen"].year
        judged[cell] += row["te_laat"] is not None
        late[cell] += row["te_laat"] is True
    years = (2023, 2024, 2025)
    assert all(late[code, year] < THRESHOLD for code in TINY for year in years)
    assert all(min(late[cell], judged[cell] - late[cell]) >= THRESHOLD
               for cell in ((place.code, year) for place in PLACES[:5] for year in years))  # fmt: skip


def test_some_quarters_of_a_large_gemeente_can_be_shown_too(folder: Folder) -> None:
    """Quarters would be empty pages everywhere."""
    ended = Counter(
        (row["einddatum"].year, (row["einddatum"].month - 1) // 3, row["succesvol"])
        for row in folder.delivered.records["interventie"]
        if row["_plaats"] == PLACES[0] and row["einddatum"] is not None and row["succesvol"] is not None
    )
    shown = [quarter for quarter in range(4) if min(ended[2024, quarter, True], ended[2024, quarter, False]) >= 10]
    assert len(shown) >= 3


def test_records_hang_together(folder: Folder) -> None:
    """Links that lead nowhere would make every chain of KPIs empty."""
    tables = folder.delivered.records
    keys = {
        table: {row[key] for row in tables[table]}
        for table, key in (("casus", "casus_id"), ("signaal", "signaal_id"), ("interventie", "interventie_id"))
    }
    for table, column, parent in (
        ("casus", "signaal_id", "signaal"),
        ("interventie", "casus_id", "casus"),
        ("interventie_deelname", "interventie_id", "interventie"),
        ("urenregistratie", "interventie_id", "interventie"),
        ("nazorgmeting", "interventie_id", "interventie"),
        ("zrm_score", "casus_id", "casus"),
    ):
        links = [row[column] for row in tables[table] if row[column] is not None]
        assert links, table
        assert set(links) <= keys[parent], table


def test_the_kinds_of_record_that_trap_a_kpi_are_there(folder: Folder) -> None:
    """The demo would pass where a real delivery goes wrong."""
    tables = folder.delivered.records
    assert any(row["deelnemer_id"] is None for row in tables["signaal"])
    assert any(row["_plaats"] is None for row in tables["casus"])
    assert any(row["terugval_van_casus_id"] for row in tables["casus"])
    assert any(row["startdatum"] < dt.date(2023, 1, 1) for row in tables["casus"])
    assert any(row["score"] == 99 for row in tables["zrm_score"])
    assert any(row["antwoord"] == "n.v.t." for row in tables["vragenlijst_antwoord"])
    assert any(row["vervolg_op_interventie_id"] for row in tables["interventie"])
    assert {row["groep"] for row in tables["tevredenheid"]} == {
        "deelnemer", "partner", "opdrachtgever", "medewerker", "stagiair", "vrijwilliger", "ervaringsdeskundige",
    }  # fmt: skip
    where = Counter(row["medewerker_id"] for row in tables["medewerker_inzet"])
    assert max(where.values()) == 2
    months = Counter(row["gemeente_code"] for row in tables["capaciteit"])
    assert set(months.values()) == {36, 35}


# --- the mess -------------------------------------------------------------------------------------


def test_semicolon_files_are_windows_1252_with_titles_above_and_totals_below(folder: Folder) -> None:
    """A clean file would prove nothing about reading."""
    raw = (folder.path / "Meldingen_2024.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    lines = raw.decode("windows-1252").split("\r\n")
    assert "verzonnen" in lines[0]
    assert lines[3].startswith("Meldingnr;")
    assert lines[-2].startswith("Totaal;")


def test_the_hours_are_tabs_in_utf_8_with_a_byte_order_mark(folder: Folder) -> None:
    """A byte order mark would go unread into the first header."""
    raw = (folder.path / "Uren_2024.txt").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfUrennr\tPersoneelsnr")


@pytest.mark.parametrize(
    ("name", "encoding", "pattern"),
    [
        pytest.param("Meldingen_2024.csv", "windows-1252", r";\d{2}-\d{2}-2024;", id="dd-mm-jjjj"),
        pytest.param("Meldingen_2024.csv", "windows-1252", r";\d{1,2}-\d{1,2}-24;", id="d-m-jj"),
        pytest.param("Trajecten_2024.csv", "windows-1252", r";€ \d\.\d{3},\d{2};", id="euros with thousands"),
        pytest.param("Uren_2024.txt", "utf-8-sig", r"\t0,25\t", id="decimal comma"),
        pytest.param("Trajecten_2024.csv", "windows-1252", r";ja;nee;", id="ja and nee"),
        pytest.param("Trajecten_2024.csv", "windows-1252", r";JA;", id="shouted"),
        pytest.param("Dossiers_2024.csv", "windows-1252", r";344;", id="lost zeros"),
        pytest.param("Dossiers_2024.csv", "windows-1252", r";344\.0;", id="float"),
        pytest.param("Dossiers_2024.csv", "windows-1252", r";(501|0501|GM0501|530|614);", id="dissolved gemeente"),
        pytest.param("Dossiers_2024.csv", "windows-1252", r";140;", id="gemeente that was split up"),
        pytest.param("Dossiers_2024.csv", "windows-1252", r";Einddatum;Einddatum;", id="two columns of one name"),
        pytest.param("Dossiers_2024.csv", "windows-1252", r";'\d{5};", id="apostrophe before a number"),
        pytest.param("Meldingen_2024.csv", "windows-1252", r";UTRECHT;", id="name in capitals"),
        pytest.param("Meldingen_2024.csv", "windows-1252", "\u00a0;", id="non-breaking space"),
        pytest.param("Meldingen_2024.csv", "windows-1252", r";;3511S[ADS];", id="only a postcode"),
        pytest.param("Uren_2024.txt", "utf-8-sig", "BuurtcafÃ©", id="mojibake in UTF-8"),
        pytest.param("Betrokkenen.txt", "utf-8-sig", "cliÃ«ntbegeleiding", id="mojibake in a list"),
        pytest.param("Nazorg.csv", "windows-1252", r";\d+(,5)?%", id="percent sign"),
        pytest.param("Verzoeken.csv", "windows-1252", r"\d{4} \d{2}:\d{2};", id="moment"),
        pytest.param("Verzoeken.csv", "windows-1252", r";\d{2}-\d{2}-\d{4};\d{2}-\d{2}-\d{4};", id="only the day"),
        pytest.param("ZRM.txt", "utf-8-sig", r"\t99\t", id="99 is not discussed"),
    ],
)
def test_text_files_have_the_mess_of_real_systems(folder: Folder, name: str, encoding: str, pattern: str) -> None:
    """A reader that cannot do this would still read the demo."""
    assert re.search(pattern, folder.text(name, encoding))


def test_the_workbooks_have_bold_headers_real_dates_and_lists_in_one_cell(folder: Folder) -> None:
    """A workbook that only holds text would prove nothing about serial dates."""
    groups = openpyxl.load_workbook(folder.path / "Groepswerk.xlsx")["Groepen"]
    assert all(cell.font.bold for cell in groups[1])
    starts = [row[3] for row in groups.iter_rows(min_row=2)]
    assert all(cell.is_date and cell.number_format == "yyyy-mm-dd" for cell in starts)
    assert all(re.fullmatch(r"\d+(, \d+)+", str(row[-1].value)) for row in groups.iter_rows(min_row=2))
    budgets = openpyxl.load_workbook(folder.path / "Financien.xlsx")["Budgetten"]
    assert "€" in budgets.cell(row=5, column=5).number_format
    assert isinstance(budgets.cell(row=5, column=5).value, int | float)


def test_a_planned_end_differs_from_the_real_one(folder: Folder) -> None:
    """A mapping that takes the planned end would give the same figures, and nobody would see it."""
    _, _, header, *rows = csv.reader(folder.lines("Trajecten_2024.csv"), delimiter=";")
    planned, ended = header.index("Einddatum traject"), header.index("Afsluitdatum traject")
    both = [row for row in rows if row[planned] and row[ended]]
    assert len(both) > 1_000
    assert sum(row[planned] != row[ended] for row in both) > len(both) * 0.9


def test_some_rows_are_delivered_twice(folder: Folder) -> None:
    """Duplicates would count double without anybody noticing."""
    rows = Counter(folder.lines("Uren_2024.txt", "utf-8-sig"))
    assert sum(count - 1 for count in rows.values()) == 2


def test_bad_rows_of_many_kinds_are_planted(folder: Folder) -> None:
    """The quarantine would stay empty in the demo."""
    assert {reason for _, reason in folder.delivered.refused} == {
        "antwoord_onbekend", "bsn_aangetroffen", "datum_in_toekomst", "dubbele_sleutel", "eind_voor_start",
        "meerwaardige_cel", "onbekende_sleutel", "postcode_ongeldig", "samenhang_geschonden", "type_onleesbaar",
        "uren_ontbreken", "verplicht_veld_leeg", "waarde_buiten_domein",
    }  # fmt: skip


# --- reading it -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lake:
    """The delivery after loading."""

    edition: Path

    def query(self, sql: str, table: str) -> list[tuple[Any, ...]]:
        return duckdb.execute(f"WITH t AS (FROM read_parquet('{self.edition / table}.parquet')) {sql}").fetchall()

    def counts(self, sql: str, table: str) -> Counter[Any]:
        return Counter({tuple(row[:-1]): row[-1] for row in self.query(sql, table)})


@pytest.fixture(scope="session")
def lake(folder: Folder, registry_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    target = tmp_path_factory.mktemp("lake")
    installation = Installation(target, registry_folder, make_key(DEMO_KEY))
    loaded = load_delivery(folder.path, installation, mapping=folder.path / MAPPING)
    return Lake(target / "levering" / loaded.edition.manifest.edition_id)


def test_every_table_is_delivered(lake: Lake) -> None:
    """A file that its mapping does not find would show as not delivered in the demo."""
    assert lake.query("SELECT geleverd, count(*) FROM t GROUP BY 1", "levering_tabel") == [(True, 31)]


def test_exactly_the_planted_rows_end_in_quarantine_for_the_planted_reason(lake: Lake, folder: Folder) -> None:
    """A reader that refuses good rows, or takes bad ones, would change the figures of the demo."""
    assert lake.counts("SELECT tabel, reden, count(*) FROM t GROUP BY ALL", "quarantaine") == folder.delivered.refused


def test_every_true_record_is_accepted_once(lake: Lake, folder: Folder) -> None:
    """Records would be lost in lists, in title rows or among duplicates."""
    accepted = dict(lake.query("SELECT tabel, geaccepteerd FROM t", "levering_tabel"))
    assert accepted == {table: len(rows) for table, rows in folder.delivered.records.tables.items()}


def test_signals_land_in_their_gemeente_by_name_and_by_postcode(lake: Lake, folder: Folder) -> None:
    """A tiny gemeente would get the signals of a large one, or all would be unknown."""
    found = lake.counts("SELECT gemeente_code, count(*) FROM t GROUP BY ALL", "tabel/signaal")
    true = Counter((row["gemeente_code"],) for row in folder.delivered.records["signaal"])
    assert found == true
    ways = {way for (way,) in lake.query("SELECT DISTINCT gemeente_herkomst FROM t", "tabel/signaal")}
    assert ways == {"naam", "pc6", "onbekend"}


def test_cases_keep_the_code_they_were_delivered_with(lake: Lake, folder: Folder) -> None:
    """A lost zero would make a gemeente unknown; a dissolved one must still be recognisable."""
    found = lake.counts("SELECT gemeente_code, count(*) FROM t GROUP BY ALL", "tabel/casus")
    merged = next(place for place in PLACES if place.old_codes)
    old = sum(found.pop((code,)) for code in merged.old_codes)
    found[merged.code,] += old
    # The gemeente that was split up leads nowhere.
    found[None,] += found.pop(("GM0140",), 0)
    assert old
    assert found == Counter((row["gemeente_code"],) for row in folder.delivered.records["casus"])


@pytest.mark.parametrize(
    ("table", "sql", "truth"),
    [
        pytest.param("casus", "count(einddatum)", ("einddatum", None), id="the real end, not the planned one"),
        pytest.param("interventie", "sum(kosten)", ("kosten", sum), id="euros with thousands and from a workbook"),
        pytest.param("budgetcorrectie", "sum(bedrag)", ("bedrag", sum), id="negative amounts"),
        pytest.param("urenregistratie", "sum(uren)", ("uren", sum), id="decimal commas"),
        pytest.param("medewerker_inzet", "sum(fte)", ("fte", sum), id="three decimals from a workbook"),
        pytest.param("casus_betrokkene", "count_if(eigen_medewerker)", ("eigen_medewerker", sum), id="a cross"),
        pytest.param("tevredenheid", "sum(score)", ("score", sum), id="marks"),
    ],
)
def test_values_arrive_as_they_were(
    lake: Lake, folder: Folder, table: str, sql: str, truth: tuple[str, Callable[[list[Any]], Any] | None]
) -> None:
    """An amount that is read a thousand times too large is still a number."""
    column, add = truth
    values = [row[column] for row in folder.delivered.records[table] if row[column] is not None]
    assert lake.query(f"SELECT {sql} FROM t", f"tabel/{table}") == [(add(values) if add else len(values),)]


def test_an_inclusive_last_day_becomes_the_first_day_without(lake: Lake, folder: Folder) -> None:
    """Everybody would leave a day too early."""
    true = Counter((row["tot"],) for row in folder.delivered.records["medewerker_inzet"])
    assert lake.counts("SELECT tot, count(*) FROM t GROUP BY ALL", "tabel/medewerker_inzet") == true


def test_not_discussed_is_no_score(lake: Lake) -> None:
    """99 would be the best score of all."""
    assert lake.query("SELECT max(score), count_if(score IS NULL) > 1000 FROM t", "tabel/zrm_score") == [(5, True)]


def test_moments_without_a_time_are_marked(lake: Lake) -> None:
    """A reply on the same day would count as 0 hours."""
    kinds = lake.query("SELECT DISTINCT verzocht_op_is_datum FROM t ORDER BY 1", "tabel/partnerverzoek")
    assert kinds == [(False,), (True,)]


def test_a_participant_is_one_person_in_every_file(lake: Lake, folder: Folder) -> None:
    """Zeros that Excel threw away would give everybody a second identity."""
    known = {person for (person,) in lake.query("SELECT deelnemer_id FROM t", "tabel/deelnemer")}
    assert len(known) == len(folder.delivered.records["deelnemer"])
    for table in ("signaal", "casus", "interventie_deelname", "nazorgmeting", "vragenlijst_afname"):
        linked = lake.query("SELECT DISTINCT deelnemer_id FROM t WHERE deelnemer_id IS NOT NULL", f"tabel/{table}")
        assert {person for (person,) in linked} <= known, table
