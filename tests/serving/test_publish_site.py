"""Publishing with everything for whoever looks: whole, there before readers see it, and renewed when it must be."""

import json
import shutil
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from serving.errors import PublicationError
from serving.extras import Extras, pages_hash
from serving.publication import START
from serving.publish import read_intact
from serving.rebuild import compare
from tests.serving.conftest import BOUNDARIES, NOW, Mini

# One worker publishes the miniature with its site.
pytestmark = pytest.mark.xdist_group("complete")

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def standing_complete(tmp_path: Path, complete: Mini) -> Mini:
    """One of its own, to publish again."""
    return complete.copy(tmp_path)


def test_everything_lies_in_the_folder_and_the_manifest_names_it(complete: Mini) -> None:
    """A page that no manifest names can be changed by anybody without being noticed."""
    folder = complete.current().folder
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    assert set(files) == {*manifest["bestanden"], "manifest.json"}
    assert {"site/index.html", "kaart/gemeente.geojson", "csv/kpi_gemeente_demo.csv", "LICENTIES.md"} < set(files)
    assert manifest["bladzijden"] == len([name for name in files if name.startswith("site/") and name.endswith("html")])
    assert {stat.S_IMODE(path.stat().st_mode) for path in files.values()} == {0o444}
    assert [name for name in files if "/." in f"/{name}"] == []


def test_the_readme_says_where_to_look_first(complete: Mini, published: Mini) -> None:
    """Somebody who finds the folder would open a database and never see the pages; or look for what is not there."""
    text, tables_only = ((mini.current().folder / "LEESMIJ.txt").read_text("utf-8") for mini in (complete, published))
    for name in ("site/", "csv/", "werkboek/", "kaart/"):
        assert f"\n{name} " in text
        assert f"\n{name} " not in tables_only


def test_the_site_is_there_before_readers_are_sent_to_it(standing_complete: Mini, site_cache: Path) -> None:
    """Half a site under the link is what a reader of four o'clock at night would meet."""
    mini = standing_complete
    before = mini.current().folder
    mini.sql("update marts.gemeente set inwoners = 1 where gemeente_code = 'GM0758'")
    seen = []
    told = Extras(mini.boundaries, site_cache, lambda _written: seen.append(mini.link.resolve()))
    result = mini.publish(now=NOW + timedelta(days=1), extras=told)
    assert set(seen) == {before}
    assert len(seen) == result.pages
    assert mini.link.resolve() == result.folder != before


def test_the_same_figures_map_and_pages_are_not_published_again(standing_complete: Mini, site_cache: Path) -> None:
    """Every quiet night would make a thousand pages again, and bury the night on which something changed."""
    mini = standing_complete
    first = mini.current()
    again = mini.publish(now=NOW + timedelta(days=1), extras=Extras(mini.boundaries, site_cache))
    assert (again.state, again.folder) == ("ongewijzigd", first.folder)
    assert mini.hidden() == []


def test_another_map_is_published(standing_complete: Mini, site_cache: Path) -> None:
    """A gemeente with new borders would keep its old shape until a figure changes."""
    mini = standing_complete
    mini.boundaries.write_text(json.dumps({**BOUNDARIES, "features": BOUNDARIES["features"][:1]}), encoding="utf-8")
    assert mini.publish(now=NOW + timedelta(days=1), extras=Extras(mini.boundaries, site_cache)).state == "gepubliceerd"
    without = mini.publish(now=NOW + timedelta(days=2), extras=Extras(cache=site_cache))
    assert without.state == "gepubliceerd"
    assert not (without.folder / "kaart").exists()
    assert "kaart/" not in (without.folder / "LEESMIJ.txt").read_text("utf-8")


def test_pages_of_other_code_are_published_again(standing_complete: Mini, site_cache: Path) -> None:
    """After an upgrade the repaired page would wait for a figure to change."""
    mini = standing_complete
    manifest = mini.link / "manifest.json"
    content = json.loads(manifest.read_text("utf-8"))
    manifest.chmod(0o644)
    manifest.write_text(json.dumps({**content, "site_hash": "another"}), encoding="utf-8")
    result = mini.publish(now=NOW + timedelta(days=1), extras=Extras(mini.boundaries, site_cache))
    assert (result.state, result.revised) == ("gepubliceerd", 0)


def test_a_publication_of_before_the_site_gets_a_successor_with_one(standing: Mini, site_cache: Path) -> None:
    """Whoever upgrades would look for the site until the next new figure."""
    assert standing.current().pages is None
    result = standing.publish(now=NOW + timedelta(days=1), extras=Extras(cache=site_cache))
    assert result.state == "gepubliceerd"
    assert result.pages


@pytest.mark.parametrize("name", ["site/templates/base.html.jinja", "site/assets/site.css", "words.py"])
def test_every_file_of_the_pages_counts(tmp_path: Path, name: str) -> None:
    """A corrected template, style sheet or sentence that is no Python would never reach a reader."""
    code = shutil.copytree(REPOSITORY / "serving", tmp_path / "serving")
    assert pages_hash(code) == pages_hash()
    with (code / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert pages_hash(code) != pages_hash()


def test_what_python_keeps_for_itself_does_not_count(tmp_path: Path) -> None:
    """The first night after a restart would publish anew."""
    (tmp_path / "a.py").write_text("1")
    before = pages_hash(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_bytes(b"1")
    assert pages_hash(tmp_path) == before


def test_a_page_that_cannot_be_made_leaves_the_old_publication(standing_complete: Mini, site_cache: Path) -> None:
    """A fault in a map would take the figures away too."""
    mini = standing_complete
    before = mini.current().folder
    mini.boundaries.write_text("{ no map", encoding="utf-8")
    with pytest.raises(PublicationError, match=r"could not be made \(JSONDecodeError"):
        mini.publish(now=NOW + timedelta(days=1), extras=Extras(mini.boundaries, site_cache))
    assert mini.link.resolve() == before
    assert mini.hidden() == []
    assert (before / START).exists()


def test_a_file_that_cannot_be_written_leaves_the_old_publication(standing_complete: Mini, site_cache: Path) -> None:
    """A full disk half-way the site must not cost yesterday's."""
    mini = standing_complete
    before = mini.current().folder
    mini.sql("update marts.gemeente set inwoners = 1 where gemeente_code = 'GM0758'")

    def fill_the_disk(_written: int) -> None:
        (folder,) = mini.publications.glob(".bouw-*")
        shutil.rmtree(folder)

    with pytest.raises(PublicationError, match="the publication before it still stands"):
        mini.publish(now=NOW + timedelta(days=1), extras=Extras(cache=site_cache, on_page=fill_the_disk))
    assert mini.link.resolve() == before
    assert mini.hidden() == []


def test_with_and_without_a_site_a_publication_has_the_same_tables(complete: Mini, published: Mini) -> None:
    """`impact-kpi herbouw` writes the tables alone, and would call every publication different."""
    kept, rebuilt = complete.current().folder, published.current().folder
    assert compare(kept, rebuilt).differences == ()


@pytest.mark.parametrize("name", ["site/index.html", "site/assets/site.js", "csv/kpi_demo.csv"])
@pytest.mark.parametrize("harm", ["cut off", "gone"])
def test_a_damaged_page_is_seen(standing_complete: Mini, name: str, harm: str) -> None:
    """'Nothing changed' on top of a page that is gone would last until the next new figure."""
    mini = standing_complete
    path = mini.link.resolve() / name
    if harm == "gone":
        path.unlink()
    else:
        path.chmod(0o644)
        path.write_bytes(path.read_bytes()[:10])
    assert read_intact(mini.link.resolve()) is None
