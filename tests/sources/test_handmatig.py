"""Hand-supplied figures on their way to the lake: good rows in, bad rows told, nothing lost."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from sources.handmatig import load_rules, refresh_handmatig, report_handmatig
from sources.handmatig_rows import Target
from sources.registry import RegistryError
from sources.results import TableResult
from tests.sources.plain_archives import NOW, SEEDS, real_register, real_registry

REGISTRY = real_registry()
RULES = load_rules(SEEDS, real_register())
HEADER = "kpi_id,gemeente_code,jaar,waarde,eenheid,bron"
BREDA = "I 1.3.2,GM0758,2024,812,aantal,Voedselbank Breda"
GRONINGEN = 'I 2.2.1,14,2023,"12,5",%,Enquête'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "handmatig"
    made.mkdir()
    return made


def write(folder: Path, *lines: str, name: str = "cijfers.csv", header: str = HEADER) -> None:
    (folder / name).write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")


def load(folder: Path | None, lake: Path, *, now: datetime = NOW) -> TableResult:
    return refresh_handmatig(REGISTRY, folder, lake, rules=RULES, now=lambda: now)


def figures(result: TableResult) -> list[tuple[object, ...]]:
    assert result.edition is not None
    return duckdb.execute(
        "select ref_area, time_period, measure, dimensions, obs_value, unit_measure from read_parquet(?) order by all",
        [[str(part) for part in result.edition.observation_parts]],
    ).fetchall()


def values(result: TableResult) -> list[object]:
    return [row[4] for row in figures(result)]


def test_figures_become_observations(folder: Path, tmp_path: Path) -> None:
    """A figure under another key joins to nothing and is silently gone."""
    write(folder, BREDA, GRONINGEN, "I 1.3.2,NL,2024,150000,aantal,Voedselbanken Nederland")
    result = load(folder, tmp_path / "lake")
    assert (result.state, result.melding, result.rows) == ("ververst", None, 3)
    assert figures(result) == [
        ("GM0014", "2023JJ00", "I 2.2.1", '{"bron":"Enquête"}', 12.5, "%"),
        ("GM0758", "2024JJ00", "I 1.3.2", '{"bron":"Voedselbank Breda"}', 812.0, "aantal"),
        ("NL01", "2024JJ00", "I 1.3.2", '{"bron":"Voedselbanken Nederland"}', 150000.0, "aantal"),
    ]
    assert result.edition is not None
    [request] = result.edition.manifest.requests
    assert (request.url, request.rows) == ("cijfers.csv", 3)
    assert result.edition.manifest.loaded_at.startswith("2026-11-21T03:30:00")


def test_bad_rows_are_told_and_good_rows_load(folder: Path, tmp_path: Path) -> None:
    """All or nothing would hold back a whole delivery for one typing error."""
    write(folder, BREDA, "I 1.3.2,GM9999,2024,1,aantal,x", "I 2.2.1,GM0758,2024,101,%,x")
    result = load(folder, tmp_path / "lake")
    assert (result.state, values(result)) == ("ververst", [812.0])
    assert result.melding is not None
    assert result.melding.startswith(
        "2 regels of bestanden geweigerd: cijfers.csv, regel 3, kolom gemeente_code: GM9999 is geen gemeente"
    )
    assert "cijfers.csv, regel 4, kolom waarde: 101 is geen waarde in % tussen 0 en 100" in result.melding
    assert result.edition is not None
    assert [warning.partition(":")[0] for warning in result.edition.manifest.warnings] == [
        "cijfers.csv, regel 3, kolom gemeente_code",
        "cijfers.csv, regel 4, kolom waarde",
    ]


def test_many_refusals_are_counted_and_the_first_shown(folder: Path, tmp_path: Path) -> None:
    """A thousand sentences in one cell of the table `bron` are read by nobody."""
    write(folder, BREDA, *(f"I 1.3.2,GM0758,{year},x,aantal,x" for year in range(2000, 2020)))
    result = load(folder, tmp_path / "lake")
    assert result.melding is not None
    assert result.melding.startswith("20 regels of bestanden geweigerd")
    assert result.melding.endswith("(en nog 17)")
    assert result.edition is not None
    assert len(result.edition.manifest.warnings) == 20


def test_the_same_files_are_no_new_edition_but_are_told_again(folder: Path, tmp_path: Path) -> None:
    """A refusal that is told once is forgotten; an edition every night looks like a revision."""
    write(folder, BREDA, "I 1.3.2,GM9999,2024,1,aantal,x")
    first = load(folder, tmp_path / "lake")
    second = load(folder, tmp_path / "lake")
    assert (second.state, second.edition) == ("ongewijzigd", first.edition)
    assert second.melding == first.melding


def test_a_new_year_judges_the_same_files_again(folder: Path, tmp_path: Path) -> None:
    """A figure of next year is an error today and right in January."""
    write(folder, BREDA, BREDA.replace("2024", "2027"))
    assert values(load(folder, tmp_path / "lake")) == [812.0]
    later = load(folder, tmp_path / "lake", now=datetime(2027, 1, 2, tzinfo=UTC))
    assert (later.state, len(values(later)), later.melding) == ("ververst", 2, None)


def test_all_rows_bad_keeps_the_old_edition(folder: Path, tmp_path: Path) -> None:
    """A file saved with the wrong decimal mark must not empty the KPI."""
    write(folder, BREDA)
    first = load(folder, tmp_path / "lake")
    write(folder, BREDA.replace("812", "veel"))
    second = load(folder, tmp_path / "lake")
    assert (second.state, second.edition, second.verouderd_sinds) == ("fout", first.edition, NOW)
    assert "'veel' is geen getal" in (second.melding or "")
    assert "de editie van 2026-11-21 blijft in gebruik" in (second.melding or "")
    write(folder, BREDA)
    third = load(folder, tmp_path / "lake")
    assert (third.state, third.verouderd_sinds) == ("ongewijzigd", None)


def test_all_rows_bad_from_the_start_is_no_edition(folder: Path, tmp_path: Path) -> None:
    """An edition without figures would look like a delivery of nothing."""
    write(folder, BREDA.replace("812", "veel"))
    result = load(folder, tmp_path / "lake")
    assert (result.state, result.edition) == ("fout", None)


def test_a_file_with_an_error_keeps_what_it_gave_before(folder: Path, tmp_path: Path) -> None:
    """One broken cell or header must not take figures away that were right yesterday."""
    write(folder, BREDA, BREDA.replace("2024", "2023"), name="a.csv")
    write(folder, GRONINGEN, name="b.csv")
    load(folder, tmp_path / "lake")
    write(folder, BREDA.replace("812", "900"), BREDA.replace("2024", "2023").replace("812", "veel"), name="a.csv")
    write(folder, GRONINGEN, name="b.csv", header=HEADER.replace("waarde", "cijfer"))
    result = load(folder, tmp_path / "lake")
    assert result.state == "ververst"
    assert values(result) == [12.5, 812.0, 900.0]
    assert "2 eerder geladen cijfers van bestanden met een fout blijven staan" in (result.melding or "")


def test_a_figure_taken_out_of_a_good_file_is_gone(folder: Path, tmp_path: Path) -> None:
    """What the supplier withdraws must not stay for ever."""
    write(folder, BREDA, BREDA.replace("2024", "2023"), name="a.csv")
    write(folder, GRONINGEN, name="b.csv")
    load(folder, tmp_path / "lake")
    write(folder, BREDA, name="a.csv")
    (folder / "b.csv").unlink()
    result = load(folder, tmp_path / "lake")
    assert (result.state, values(result), result.melding) == ("ververst", [812.0], None)


def test_contradictions_keep_the_old_figure(folder: Path, tmp_path: Path) -> None:
    """Two files that disagree leave no figure to choose, but the old one was agreed."""
    write(folder, BREDA, name="a.csv")
    load(folder, tmp_path / "lake")
    write(folder, BREDA.replace("812", "813"), name="b.csv")
    write(folder, GRONINGEN, name="c.csv")
    result = load(folder, tmp_path / "lake")
    assert values(result) == [12.5, 812.0]
    assert "geen van deze is gebruikt" in (result.melding or "")


@pytest.mark.parametrize("content", [None, "", HEADER])
def test_without_figures_nothing_is_needed(folder: Path, tmp_path: Path, content: str | None) -> None:
    """Most organisations supply nothing: that is no failure of the night."""
    if content:
        (folder / "leeg.csv").write_text(content, encoding="utf-8")
    (folder / "notities.txt").write_text("geen CSV", encoding="utf-8")
    (folder / "~$cijfers.csv").write_text("lock of a spreadsheet", encoding="utf-8")
    (folder / "map.csv").mkdir()
    result = load(folder if content is not None else None, tmp_path / "lake")
    assert (result.state, result.edition) == ("niet_nodig", None)


def test_a_folder_that_is_gone_keeps_the_figures(folder: Path, tmp_path: Path) -> None:
    """A network share that is not mounted is no wish to lose the figures."""
    nowhere = load(tmp_path / "nergens", tmp_path / "lake")
    assert (nowhere.state, nowhere.edition) == ("fout", None)
    assert "verbeter IMPACT_KPI_HANDMATIG" in (nowhere.melding or "")
    write(folder, BREDA)
    first = load(folder, tmp_path / "lake")
    gone = load(tmp_path / "nergens", tmp_path / "lake")
    assert (gone.state, gone.edition) == ("fout", first.edition)
    assert f"de map {tmp_path / 'nergens'} is er niet" in (gone.melding or "")


def test_the_report_judges_without_loading(folder: Path, tmp_path: Path) -> None:
    """A supplier wants to try a file before the night does."""
    write(folder, BREDA, "I 1.3.2,GM9999,2024,1,aantal,x")
    report = report_handmatig(folder, tmp_path / "lake", rules=RULES, now=lambda: NOW)
    assert (len(report.figures), len(report.refusals)) == (1, 1)
    assert not (tmp_path / "lake").exists()


def test_every_kpi_with_a_manual_formula_takes_figures_in_its_unit() -> None:
    """A KPI that only the organisation can fill, and cannot."""
    assert RULES.targets["I 1.3.2"] == Target("totaal", "aantal")
    assert RULES.targets["I 1.1.2"] == Target("problematisch", "aantal")
    assert RULES.targets["I 3.2.1"].uitsplitsing == "totaal"
    assert RULES.targets["I 7.2.1"].eenheid == "schaal"
    assert "I 1.1.1" not in RULES.targets
    assert {"I 1.1.1", "E 1.1.1", "A 3", "K 1", "prof E1"} <= RULES.kpis


def test_a_broken_registry_file_is_named(tmp_path: Path) -> None:
    """Rules that are read half refuse everything."""
    for name in ("kpi_register.csv", "uitsplitsing.csv"):
        (tmp_path / name).write_bytes((SEEDS / name).read_bytes())
    with pytest.raises(RegistryError, match=r"kpi_formula\.csv"):
        load_rules(tmp_path, real_register())
    (tmp_path / "kpi_formula.csv").write_text("kpi_id,variant\n", encoding="utf-8")
    with pytest.raises(RegistryError, match="column eenheid"):
        load_rules(tmp_path, real_register())


def test_the_dimensions_are_compact_json(folder: Path, tmp_path: Path) -> None:
    """Dbt reads the source of a figure out of it; a quote in a name must not break it."""
    write(folder, 'I 1.3.2,GM0758,2024,812,aantal,"Voedselbank ""De Schakel"", Breda"')
    [row] = figures(load(folder, tmp_path / "lake"))
    assert json.loads(str(row[3])) == {"bron": 'Voedselbank "De Schakel", Breda'}
