"""The roster of gemeenten: columns found without their numbers, rows checked, the newest listed table in use."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.errors import SchemaError
from sources.gebieden import (
    GebiedenError,
    Gemeente,
    RosterColumns,
    build_roster,
    check_roster,
    normalise_code,
    refresh_gebieden,
    resolve_roster_columns,
    roster_in_use,
)
from sources.http import Transport
from sources.odata.metadata import TableInfo, TableMetadata, Topic
from sources.replay import Fault
from sources.results import TableResult
from sources.services import Services
from tests.archives import CBS, Dim, Top, edit, regions, write_table
from tests.sources.plain_archives import FAST, NOW, SEEDS, Night, real_register, real_registry

REGISTRY, REGISTER = real_registry(), real_register()
GEMEENTEN = ("Codes en namen van gemeenten",)
LANDSDELEN = ("Lokaliseringen van gemeenten", "Landsdelen")
PROVINCIES = ("Lokaliseringen van gemeenten", "Provincies")
NEWEST, TABLE_2025, TABLE_2024, TABLE_2020 = "86247NED", "86059NED", "85755NED", "84721NED"


def provinces() -> dict[str, tuple[str, str]]:
    with (SEEDS / "gemeente_register.csv").open(encoding="utf-8", newline="") as file:
        return {row["gemeente_code"]: (row["provincie_code"], row["provincie"]) for row in csv.DictReader(file)}


PROVINCIE = provinces()


def topics(first: int, *, provincies: Sequence[str] = PROVINCIES, inwonertal: bool = True) -> list[Top]:
    """Columns as served, with the numbers that move from year to year."""
    text = {"unit": "code", "datatype": "String"}
    columns = [
        Top("Code_1", group=GEMEENTEN, **text),
        Top("Naam_2", group=GEMEENTEN, **text),
        Top("SorteringNaam_3", group=GEMEENTEN, **text),
        Top(f"Code_{first}", group=LANDSDELEN, **text),
        Top(f"Naam_{first + 1}", group=LANDSDELEN, **text),
        Top(f"Code_{first + 2}", group=tuple(provincies), **text),
        Top(f"Naam_{first + 3}", group=tuple(provincies), **text),
    ]
    return [*columns, Top(f"Inwonertal_{first + 26}", "aantal", "Long")] if inwonertal else columns


def rows(codes: Iterable[str], *, inwonertal: bool = True) -> list[list[Any]]:
    made = []
    for code in codes:
        name = REGISTER.gemeenten[code].gemeente_naam if code in REGISTER.gemeenten else "Nieuwstad"
        provincie_code, provincie = PROVINCIE.get(code, ("PV30", "Noord-Brabant"))
        texts = [code, code, name, name, "LD01", "Noord-Nederland", provincie_code, provincie]
        padded = [text.ljust(10 if len(text) < 7 else 50) for text in texts]
        made.append([*padded, 1000 + len(made)] if inwonertal else padded)
    return made


def query(columns: Sequence[Top], served: Sequence[Sequence[Any]]) -> str:
    """The rows as one statement: inserted one by one they cost more than the test."""
    names = ", ".join(["ID", "RegioS", *(column.key for column in columns)])
    lines = [f"({', '.join(literal(value) for value in (number, *row))})" for number, row in enumerate(served)]
    return f"select * from (values {', '.join(lines)}) as t({names})"


def literal(value: object) -> str:
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


def serve(night: Night, table_id: str, year: int, codes: Iterable[str] | None = None, **options: Any) -> Path:
    chosen = sorted(REGISTER.codes_in(year) if codes is None else codes)
    dimension = Dim("RegioS", {code.ljust(10): code for code in chosen}, "GeoDimension", "Regio's", year)
    inwonertal = options.get("inwonertal", True)
    return write_table(
        night.archive,
        table_id,
        [dimension],
        topics(26, **options),
        query(topics(26, **options), rows(chosen, inwonertal=inwonertal)),
        title=f"Gebieden in Nederland {year}",
        modified=f"{year}-01-15T02:00:00",
        period=str(year),
    )


@pytest.fixture
def night(tmp_path: Path) -> Night:
    new = Night(tmp_path)
    new.rename("one")
    return new


def refresh(services: Services, lake: Path, transport: Transport) -> Iterable[TableResult]:
    return refresh_gebieden(REGISTRY, services, lake, transport, register=REGISTER, now=lambda: NOW)


def by_table(results: dict[str, TableResult]) -> dict[str, TableResult]:
    return {bron_id.removeprefix("gebieden_"): result for bron_id, result in results.items()}


def metadata(columns: Iterable[Top]) -> TableMetadata:
    made = tuple(
        Topic(c.key, c.title or c.key.rpartition("_")[0], c.unit, c.datatype, 0, tuple(c.group)) for c in columns
    )
    return TableMetadata("x", TableInfo("Gebieden", "", "2024"), (), made, {})


# --- columns and rows -----------------------------------------------------------------------------


@given(st.integers(4, 90))
def test_columns_are_found_whatever_their_numbers(first: int) -> None:
    """Code_26 is the province in one year and the landsdeel in another."""
    columns = resolve_roster_columns(metadata(topics(first)))
    assert columns == RosterColumns(
        "Code_1", "Naam_2", ((f"Code_{first + 2}", f"Naam_{first + 3}"),), f"Inwonertal_{first + 26}"
    )


def test_an_unknown_group_leaves_it_to_the_codes() -> None:
    """A renamed group must not end the roster while the codes still say PV."""
    columns = resolve_roster_columns(metadata(topics(26, provincies=("Indeling", "Provincie-indeling"))))
    assert columns.provincies == (("Code_26", "Naam_27"), ("Code_28", "Naam_29"))
    served = dict(
        zip(columns.keys, ("GM0758  ", "Breda ", "LD04", "Zuid", "PV30  ", "Noord-Brabant  ", 12), strict=True)
    )
    assert build_roster("x", columns, [served]) == [Gemeente("GM0758", "Breda", "PV30", "Noord-Brabant", 12)]


def test_without_a_province_column_the_candidates_are_named() -> None:
    """An empty province for all is worse than no roster."""
    columns = RosterColumns("Code_1", "Naam_2", (("Code_26", "Naam_27"),), None)
    with pytest.raises(SchemaError, match=r"verwacht één kolom met provinciecodes.*gevonden 0; bekeken: Code_26"):
        build_roster("x", columns, [{"Code_1": "GM0758", "Naam_2": "Breda", "Code_26": "LD04", "Naam_27": "Zuid"}])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ([Top("Code_9", group=GEMEENTEN)], "verwacht één kolom 'Code'.*gevonden Code_1, Code_9"),
        ([Top("Inwonertal_9")], "verwacht één Inwonertal, gevonden Inwonertal_52, Inwonertal_9"),
    ],
)
def test_a_doubled_column_is_an_error_with_the_candidates(change: list[Top], said: str) -> None:
    """The first of two is a guess."""
    with pytest.raises(SchemaError, match=said):
        resolve_roster_columns(metadata([*topics(26), *change]))


def test_a_missing_column_shows_what_there_is() -> None:
    """The message alone must be enough to see the new name."""
    with pytest.raises(SchemaError, match=r"verwacht één kolom 'Naam'.*SorteringNaam_3"):
        resolve_roster_columns(metadata([topic for topic in topics(26) if topic.key != "Naam_2"]))


@given(st.integers(0, 9999))
def test_a_bare_number_of_an_old_table_gets_its_prefix(number: int) -> None:
    """Up to 2012 the tables give 758 or 0758 for GM0758."""
    assert normalise_code(str(number)) == normalise_code(f"{number:04d}") == f"GM{number:04d}"
    assert normalise_code(f"GM{number:04d}") == f"GM{number:04d}"


@pytest.mark.parametrize("text", ["", "PV30", "GM758", "GM07580", "12345", "GM07A8"])
def test_anything_else_is_no_gemeente(text: str) -> None:
    """A province among the gemeenten would get figures."""
    assert normalise_code(text) is None


def gemeenten(codes: Iterable[str]) -> list[Gemeente]:
    return [Gemeente(code, "x", "PV30", "y", None) for code in codes]


def test_a_roster_is_refused_for_codes_twice_a_wrong_number_or_unknown_gemeenten() -> None:
    """Each of these would change every figure for the country without a word."""
    known = REGISTER.codes_in(2024)
    check_roster(gemeenten(known), known, table_id="x", year=2024)
    with pytest.raises(GebiedenError, match="dubbel: GM0014"):
        check_roster(gemeenten([*known, "GM0014"]), known, table_id="x", year=2024)
    with pytest.raises(GebiedenError, match="verwacht 300 tot 450 gemeenten in 2024, gevonden 299"):
        check_roster(gemeenten(sorted(known)[:299]), known, table_id="x", year=2024)
    with pytest.raises(
        GebiedenError, match=r"1 gemeenten van 2024 staan niet in gemeente_register.csv: GM9999. Voeg ze"
    ):
        check_roster(gemeenten([*known, "GM9999"]), known, table_id="x", year=2024)


# --- a night --------------------------------------------------------------------------------------


def test_the_newest_listed_table_is_the_roster(night: Night) -> None:
    """An older one gives gemeenten that no longer exist."""
    serve(night, TABLE_2020, 2020)
    serve(night, TABLE_2024, 2024)
    results = by_table(night.run(refresh))
    assert {key: result.state for key, result in results.items() if key in (NEWEST, TABLE_2024, TABLE_2020)} == {
        NEWEST: "ontbreekt",
        TABLE_2024: "ververst",
        TABLE_2020: "niet_nodig",
    }
    edition = results[TABLE_2024].edition
    assert edition is not None
    assert [key for key, result in results.items() if result.edition is not None] == [TABLE_2024]
    found = duckdb.execute("select * from read_parquet(?)", [str(edition.folder / "gemeente.parquet")])
    assert {column[0]: str(column[1]) for column in found.description or ()} == {
        "gemeente_code": "VARCHAR",
        "gemeente_naam": "VARCHAR",
        "provincie_code": "VARCHAR",
        "provincie": "VARCHAR",
        "inwoners": "BIGINT",
        "indelingsjaar": "INTEGER",
    }
    by_code = {row[0]: row for row in found.fetchall()}
    assert len(by_code) == 342
    assert by_code["GM0758"][1:4] == ("Breda", "PV30", "Noord-Brabant")
    assert by_code["GM0014"][4:] == (1000, 2024)
    assert roster_in_use(results.values(), REGISTRY, REGISTER).codes == REGISTER.codes_in(2024)


def test_a_table_without_inwonertal_gives_no_inhabitants(night: Night) -> None:
    """0 inhabitants would put every gemeente in the smallest class."""
    serve(night, TABLE_2024, 2024, inwonertal=False)
    edition = by_table(night.run(refresh))[TABLE_2024].edition
    assert edition is not None
    path = str(edition.folder / "gemeente.parquet")
    assert duckdb.execute("select count(inwoners), count(*) from read_parquet(?)", [path]).fetchall() == [(0, 342)]


def test_an_unchanged_table_is_not_downloaded(night: Night) -> None:
    """One question to the catalogue is enough."""
    serve(night, TABLE_2024, 2024)
    first = by_table(night.run(refresh))[TABLE_2024]
    second = by_table(night.run(refresh))[TABLE_2024]
    assert (second.state, second.edition) == ("ongewijzigd", first.edition)
    assert night.downloaded() == ["/ODataCatalog/Tables"]


def test_a_renewed_table_is_loaded_again(night: Night) -> None:
    """Compared with itself nothing ever changes."""
    folder = serve(night, TABLE_2024, 2024)
    night.run(refresh)
    edit(folder, "catalog", {"Modified": "2024-02-01T02:00:00"})
    assert by_table(night.run(refresh))[TABLE_2024].state == "ververst"


def test_without_any_table_the_registry_stands_in_and_says_so(night: Night) -> None:
    """A mart without gemeenten is empty; one on a silent stand-in is not trusted."""
    write_table(night.archive, "80001NED", [regions("NL01")], [Top("Waarde_1")], [["NL01  ", 1.0]])
    results = by_table(night.run(refresh))
    assert {result.state for result in results.values()} == {"ontbreekt"}
    assert "de indeling valt terug op de eigen lijst van het register (2026)" in (results[NEWEST].melding or "")
    roster = roster_in_use(results.values(), REGISTRY, REGISTER)
    assert (roster.indelingsjaar, roster.codes, roster.bron_id) == (2026, REGISTER.codes_in(2026), None)


def test_an_unknown_gemeente_keeps_the_old_roster(night: Night) -> None:
    """A gemeente without a past has no crosswalk: its figures would start from nothing."""
    folder = serve(night, TABLE_2024, 2024)
    first = by_table(night.run(refresh))[TABLE_2024]
    serve(night, TABLE_2024, 2024, [*REGISTER.codes_in(2024), "GM9999"])
    edit(folder, "catalog", {"Modified": "2024-02-01T02:00:00"})
    result = by_table(night.run(refresh))[TABLE_2024]
    assert (result.state, result.edition) == ("fout", first.edition)
    assert "gemeente_register.csv: GM9999. Voeg ze daar toe" in (result.melding or "")
    assert result.verouderd_sinds == NOW


def test_a_broken_new_table_leaves_the_older_one_in_use(night: Night) -> None:
    """The first publication of a year often has a column or row that is not right yet."""
    serve(night, TABLE_2025, 2025, sorted(REGISTER.codes_in(2025))[:200])
    serve(night, TABLE_2024, 2024)
    results = by_table(night.run(refresh))
    assert results[TABLE_2025].state == "fout"
    assert "verwacht 300 tot 450 gemeenten in 2025, gevonden 200" in (results[TABLE_2025].melding or "")
    assert results[TABLE_2024].state == "ververst"


def test_a_gemeente_that_is_absent_is_named(night: Night) -> None:
    """The table may be right (a merger we do not know yet), but somebody has to look."""
    serve(night, TABLE_2024, 2024, REGISTER.codes_in(2024) - {"GM0758"})
    result = by_table(night.run(refresh))[TABLE_2024]
    assert result.state == "ververst"
    assert result.melding == "1 gemeenten van het eigen register staan niet in de tabel: GM0758"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault("short", path_contains="TypedDataSet", drop=2), "verwacht 342 rijen volgens de catalogus, gevonden 340"),
        (Fault("html200", path_contains="TypedDataSet"), "verwacht JSON"),
        (Fault("truncate", path_contains="TypedDataSet"), "TypedDataSet"),
        (Fault("503", path_contains="DataProperties"), "HTTP 503"),
    ],
)
def test_a_bad_answer_is_no_roster(night: Night, fault: Fault, said: str) -> None:
    """Two gemeenten fewer would simply be gone from every table."""
    serve(night, TABLE_2024, 2024)
    night.faults = (fault,)
    result = by_table(night.run(refresh))[TABLE_2024]
    assert (result.state, result.edition) == ("fout", None)
    assert said in (result.melding or "")


def test_without_a_catalogue_the_roster_goes_on(night: Night) -> None:
    """A service that is down must not move the mart to another division."""
    serve(night, TABLE_2024, 2024)
    first = by_table(night.run(refresh))[TABLE_2024]
    night.faults = (Fault("503", path_contains="ODataCatalog"),)
    results = by_table(night.run(refresh))
    assert (results[TABLE_2024].state, results[TABLE_2024].edition) == ("fout", first.edition)
    assert results[TABLE_2020].state == "niet_nodig"
    assert roster_in_use(results.values(), REGISTRY, REGISTER).indelingsjaar == 2024


def test_a_catalogue_that_lost_all_tables_is_not_believed(night: Night) -> None:
    """An empty list with status 200 is how this service fails in silence."""
    serve(night, TABLE_2024, 2024)
    first = by_table(night.run(refresh))[TABLE_2024]
    night.faults = (Fault("silent-empty", path_contains="ODataCatalog"),)
    assert by_table(night.run(refresh))[TABLE_2024].edition == first.edition


def test_a_service_that_is_down_from_the_start_is_a_result(tmp_path: Path) -> None:
    """An exception here would skip the whole mart."""
    with Transport(FAST) as transport:
        results = list(refresh(Services.at("http://127.0.0.1:9"), tmp_path / "lake", transport))
    assert {result.state for result in results} == {"fout"}
    assert CBS in (results[0].melding or "")
