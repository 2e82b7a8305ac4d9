"""`impact-kpi site`: where the site is, and a copy that works wherever it is put."""

import json
import os
import re
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from serving.cli import cli
from serving.publication import START
from tests.end_to_end.walkthrough import Walk, read_page
from tests.serving.conftest import Mini

# One worker publishes the miniature with its site.
pytestmark = pytest.mark.xdist_group("complete")

REPOSITORY = Path(__file__).parents[3]
Run = Callable[..., Result]


@pytest.fixture
def run(complete: Mini, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on the miniature with a site."""
    return _runner(complete, monkeypatch)


@pytest.fixture
def run_old(published: Mini, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on a publication of before there was a site."""
    return _runner(published, monkeypatch)


def _runner(mini: Mini, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("IMPACT_KPI_DATA", str(mini.locations.data))
    monkeypatch.delenv("IMPACT_KPI_SOURCES", raising=False)
    return lambda *arguments: CliRunner().invoke(cli, ["site", *map(str, arguments)], prog_name="impact-kpi")


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_without_options_it_says_where_the_site_is(run: Run, complete: Mini) -> None:
    """A site that nobody can find is not looked at."""
    result = run()
    assert result.exit_code == 0
    path = complete.link / START
    assert f"  {path}\n" in result.stdout
    assert path.is_file()
    for words in ("verzonnen", "impact-kpi site --serveer", "impact-kpi site --naar MAP"):
        assert words in result.stdout


def test_the_end_of_a_refresh_leads_to_the_pages_where_there_are_any(complete: Mini, published: Mini) -> None:
    """Who ran two commands would not know that there is something to look at."""
    for mini, shown in ((complete, True), (published, False)):
        data = {"IMPACT_KPI_DATA": str(mini.locations.data)}
        told = CliRunner().invoke(cli, ["overzicht"], prog_name="impact-kpi", env=data)
        assert told.exit_code == 0
        assert ("  impact-kpi site --serveer\n" in told.stdout) is shown


@pytest.mark.parametrize("option", [[], ["--serveer"]])
def test_a_publication_of_before_the_site_says_what_to_do(run_old: Run, option: list[str]) -> None:
    """After an upgrade the path would lead to nothing."""
    result = run_old(*option)
    assert result.exit_code == 1
    assert "make mart" in result.stderr
    assert "--naar MAP" in result.stderr


def test_without_a_publication_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`make site` builds one when this fails."""
    monkeypatch.setenv("IMPACT_KPI_DATA", str(tmp_path))
    monkeypatch.delenv("IMPACT_KPI_SOURCES", raising=False)
    result = CliRunner().invoke(cli, ["site"])
    assert result.exit_code == 1
    assert "make mart" in result.stderr


def test_the_copy_is_the_whole_publication_with_the_report_beside_it(run: Run, complete: Mini, tmp_path: Path) -> None:
    """On the intranet the download links and the freshness of the sources would be dead."""
    target = tmp_path / "nieuw" / "intranet"
    result = run("--naar", target)
    assert result.exit_code == 0, result.output
    assert str(target / "actueel" / START) in result.stdout
    assert _files(target / "actueel") == _files(complete.link.resolve())
    assert json.loads((target / "laatste_run.json").read_text("utf-8")) == {"gelukt": True}
    assert not [path for path in target.rglob("*") if path.is_symlink()]


def test_every_link_of_a_copied_page_leads_somewhere(run: Run, tmp_path: Path) -> None:
    """Opened from disk or from a host under another address, a link with a root of its own leads nowhere."""
    run("--naar", tmp_path / "kopie")
    entrance = (tmp_path / "kopie" / "index.html").read_text("utf-8")
    pages = [tmp_path / "kopie" / "index.html", *(tmp_path / "kopie" / "actueel" / "site").rglob("*.html")]
    assert f'href="actueel/{START.as_posix()}"' in entrance
    assert len(pages) > 10
    dead = [
        f"{page.name}: {link}"
        for page in pages
        for link in re.findall(r'(?:href|src)="([^"#?]+)', page.read_text("utf-8"))
        if "://" not in link and not link.startswith(("mailto:", "data:")) and not (page.parent / link).exists()
    ]
    assert dead == []


def test_a_copy_can_be_thrown_away(run: Run, tmp_path: Path) -> None:
    """The files of a publication are read-only; a host that has to replace them could not."""
    run("--naar", tmp_path / "kopie")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "kopie").rglob("*") if path.is_file()}
    mask = os.umask(0)
    os.umask(mask)
    assert modes == {0o666 & ~mask}


def test_an_empty_folder_will_do(run: Run, tmp_path: Path) -> None:
    """The folder of a host is there before anything is in it."""
    (tmp_path / "leeg").mkdir()
    assert run("--naar", tmp_path / "leeg").exit_code == 0
    assert (tmp_path / "leeg" / "actueel" / START).is_file()


def test_a_folder_with_something_in_it_is_left_alone(run: Run, tmp_path: Path) -> None:
    """A typing error would put a thousand files in somebody's documents."""
    (tmp_path / "brief.txt").write_text("lief")
    for target, says in ((tmp_path, "niet leeg"), (tmp_path / "brief.txt", "is een bestand")):
        result = run("--naar", target)
        assert result.exit_code == 2
        assert says in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["brief.txt"]


@pytest.mark.parametrize("name", ["kopie", "actueel/kopie", "."])
def test_nothing_is_copied_into_the_publications(run: Run, complete: Mini, name: str) -> None:
    """The next night would take a copy for one of its own; and what is published stays as it is."""
    before = sorted(path.name for path in complete.publications.iterdir())
    result = run("--naar", complete.publications / name)
    assert result.exit_code == 2
    assert "map van de publicaties" in result.stderr
    assert sorted(path.name for path in complete.publications.iterdir()) == before


def test_a_folder_that_cannot_be_written_is_explained(run: Run, tmp_path: Path) -> None:
    """A stack trace about copytree helps nobody."""
    (tmp_path / "bestand").write_text("x")
    result = run("--naar", tmp_path / "bestand" / "kopie")
    assert result.exit_code == 2
    assert "is niet gelukt" in result.stderr


def test_an_older_publication_gets_its_site_in_the_copy(run_old: Run, published: Mini, tmp_path: Path) -> None:
    """Right after an upgrade there is something to look at, and what was published stays as it was."""
    before = _files(published.link.resolve())
    result = run_old("--naar", tmp_path / "kopie")
    assert result.exit_code == 0, result.output
    copied = _files(tmp_path / "kopie" / "actueel")
    assert before.items() < copied.items()
    assert {START.as_posix(), "csv/kpi_demo.csv"} < copied.keys()
    assert _files(published.link.resolve()) == before


def test_a_publication_of_which_no_site_can_be_made_is_explained(
    published: Mini, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of long ago lacks tables that the pages need."""
    mini = published.copy(tmp_path / "oud")
    folder = mini.link.resolve()
    (folder / "impact_kpi.duckdb").unlink()
    shutil.copyfile(mini.warehouse, folder / "impact_kpi.duckdb")
    result = _runner(mini, monkeypatch)("--naar", tmp_path / "kopie")
    assert result.exit_code == 1
    assert "is geen site te maken" in result.stderr
    assert not (tmp_path / "kopie" / "index.html").exists()


def test_the_page_for_the_intranet_holds(complete: Mini, tmp_path: Path) -> None:
    """What docs/beheer.md lets an administrator type every morning would fail, or leave half a site."""
    walk = Walk(read_page(REPOSITORY / "docs" / "beheer.md"), tmp_path)
    walk.environment |= {"IMPACT_KPI_DATA": str(complete.locations.data), "IMPACT_KPI_SOURCES": "demo"}
    for _ in range(2):
        walk.section("De site op een intranet")
    assert (tmp_path / "site" / "actueel" / START).is_file()
    assert not (tmp_path / "site-nieuw").exists()
