"""The chart library comes whole, from the cache where it can, and the charts are ready to be filled."""

from pathlib import Path

import pytest

from serving.site import vega

# What the scripts of the site put in: a chart that calls it otherwise stays empty without an error.
DATASETS = {
    "kaart": {"gebieden"},
    "kaart_rond_nul": {"gebieden"},
    "punten": {"gebieden", "lijnen"},
    "trend": {"punten", "bruggen"},
}
ASSETS = Path(vega.__file__).parent / "assets"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache in which the library was made once: that takes seconds."""
    folder = tmp_path_factory.mktemp("cache") / "grafieken"
    list(vega.files(folder))
    return folder


def test_library_is_a_classic_script_that_hands_itself_over(cache: Path) -> None:
    """Failure: a module, which a page opened from disk may not load, or names that end up in the page."""
    library = next(file for file in vega.files(cache) if file.path == vega.LIBRARY_PATH).content

    assert library.startswith("(function ()")
    assert library.rstrip().endswith("})();")
    assert 'window.impactKpi.ontvang("vega"' in library[-200:]


def test_library_is_taken_from_the_cache(cache: Path, tmp_path: Path) -> None:
    """Failure: every build makes the library again, seconds for nothing."""
    (kept,) = cache.iterdir()
    (tmp_path / kept.name).write_text("// bewaard", encoding="utf-8")

    library = next(iter(vega.files(tmp_path)))

    assert library.content == "// bewaard"


def test_cache_holds_only_the_whole_library(cache: Path) -> None:
    """Failure: half a library beside the whole one, which a next build takes for the real one."""
    assert [path.name[:5] for path in cache.iterdir()] == ["vega-"]


def test_charts_have_the_data_that_the_scripts_fill() -> None:
    """Failure: a chart renames its data and is drawn empty."""
    charts = vega.compiled_charts()

    found = {name: {data["name"] for data in chart["data"] if "source" not in data} for name, chart in charts.items()}

    assert found == DATASETS


def test_charts_are_drawn_without_eval_and_without_injected_style() -> None:
    """Failure: the content policy of the pages blocks the charts."""
    script = (ASSETS / "grafiek.js").read_text(encoding="utf-8")

    for option in ("ast: true", "defaultStyle: false", "actions: false", "tooltip: false"):
        assert option in script
