"""What docs/beheer.md promises about own data: erasing, restoring and a new key, carried out as it stands."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.end_to_end.conftest import REPOSITORY
from tests.end_to_end.walkthrough import Walk, read_page

PAGE = REPOSITORY / "docs" / "beheer.md"

# A small delivery in contract form; participant 00007 is the one who asks to be erased.
FILES = {
    "levering.csv": """levering_id,organisatie_id,bronsysteem,periode_van,peildatum,aangemaakt_op
2025,welzijn-voorbeeld,Voorbeeldsysteem 1.0,2025-01-01,2025-12-31,2026-01-05T08:00:00
""",
    "deelnemer.csv": """deelnemer_id,soort,aantal_personen,geboortejaar
00007,persoon,1,1980
00008,persoon,1,1990
""",
    "signaal.csv": """signaal_id,deelnemer_id,gemeente_code,datum_ontvangen,herkomst
M1,00007,GM0758,2025-02-01,reactief
M2,00008,GM0758,2025-03-01,reactief
""",
    "casus.csv": """casus_id,signaal_id,deelnemer_id,gemeente_code,startdatum
D1,M1,00007,GM0758,2025-02-10
D2,M2,00008,GM0758,2025-03-10
""",
    "casus_complexiteit.csv": """casus_id,vanaf,complexiteit
D1,2025-02-10,laag
D2,2025-03-10,hoog
""",
}


@pytest.fixture
def walk(tmp_path: Path) -> Walk:
    """A folder of an organisation with a loaded delivery."""
    walk = Walk(read_page(PAGE), tmp_path)
    walk.run("impact-kpi init welzijn")
    walk.run("cd welzijn && cp .env.voorbeeld .env && set -a && . ./.env && set +a")
    (walk.folder / "levering").mkdir()
    for name, text in FILES.items():
        (walk.folder / "levering" / name).write_text(text, encoding="utf-8")
    walk.run("impact-kpi levering laden levering")
    return walk


def _rows(walk: Walk, table: str, columns: str = "*") -> list[tuple[object, ...]]:
    files = sorted((walk.folder / "data" / "live" / "lake" / "levering").glob(f"*/tabel/{table}.parquet"))
    assert len(files) == 1, files
    return duckdb.execute(f"select {columns} from read_parquet('{files[0]}') order by all").fetchall()


def test_what_lies_where_is_as_the_page_says(walk: Walk) -> None:
    """Somebody would protect one folder while the personal data is in another."""
    walk.section("Bewaren en opruimen")
    assert len(_rows(walk, "casus")) == 2
    stored = b"".join(path.read_bytes() for path in (walk.folder / "data").rglob("*") if path.is_file())
    assert b"00007" not in stored


def test_an_erased_participant_is_gone_with_what_hangs_under_him(walk: Walk) -> None:
    """A request for erasure would be answered with a promise that is not kept."""
    before = _rows(walk, "casus", "casus_id, deelnemer_id")
    walk.section("Een deelnemer wissen")
    after = _rows(walk, "casus", "casus_id, deelnemer_id")
    assert len(before) == 2
    assert len(after) == 1
    assert set(after) < set(before)
    assert len(_rows(walk, "deelnemer")) == 1
    assert len(_rows(walk, "signaal", "deelnemer_id")) == 1
    assert _rows(walk, "casus_complexiteit", "complexiteit") == [("hoog",)]


def test_an_erased_delivery_leaves_no_row(walk: Walk) -> None:
    """Rows would stay on disk after the organisation took its delivery back."""
    walk.section("Een levering wissen")
    assert not list((walk.folder / "data").rglob("tabel/*.parquet"))
    assert list((walk.folder / "data" / "live" / "lake" / "levering").rglob("manifest.json"))


def test_a_new_key_renames_everybody_and_the_links_hold(walk: Walk) -> None:
    """The old key would still read the data, or cases would lose their signals."""
    before = {row[0] for row in _rows(walk, "casus", "deelnemer_id")}
    walk.section("De sleutel vernieuwen")
    after = {row[0] for row in _rows(walk, "casus", "deelnemer_id")}
    assert len(after) == 2
    assert not before & after
    links = {row[0] for row in _rows(walk, "casus", "signaal_id")}
    assert links == {row[0] for row in _rows(walk, "signaal", "signaal_id")}


def test_a_restored_backup_is_what_it_was_and_loading_again_changes_nothing(walk: Walk) -> None:
    """A backup that nobody ever restored is no backup."""
    before = {table: _rows(walk, table) for table in ("deelnemer", "signaal", "casus", "casus_complexiteit")}
    walk.section("Een back-up maken")
    walk.section("Terugzetten")
    assert {table: _rows(walk, table) for table in before} == before


def test_every_command_of_the_page_is_carried_out_by_a_test() -> None:
    """A section without a test would rot."""
    page = read_page(PAGE)
    assert {title for title, blocks in page.items() if blocks} == {
        "Bewaren en opruimen",
        "Een deelnemer wissen",
        "Een levering wissen",
        "De sleutel vernieuwen",
        "Een back-up maken",
        "Terugzetten",
    }
