"""The chart library and the charts as scripts of the site: everything comes with the package vl-convert."""

import hashlib
import json
import os
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import vl_convert

from serving.site.embed import script_text
from serving.site.page import File

CHARTS = Path(__file__).parent / "charts"
LIBRARY_PATH = "assets/vega.js"
CHARTS_PATH = "assets/grafieken.js"

_CONFIG = "opmaak"
_SNIPPET = """
window.impactKpi.ontvang("vega", vegaEmbed);
"""
# The library is written as a module: in a function its names stay out of the page.
_WRAPPED = '(function () {{ "use strict"; {} }})();\n'
_FINGERPRINT = hashlib.sha256((_SNIPPET + _WRAPPED).encode()).hexdigest()[:12]


def files(cache: Path | None) -> Iterator[File]:
    """Give the library as `assets/vega.js` and the compiled charts as `assets/grafieken.js`.

    A page gets the charts as `grafieken`: a Vega specification by name. The library hands over `vega` when it is
    there: the function vegaEmbed.

    Args:
        cache: Folder where the library is kept between builds, for making it takes seconds; None to make it anew.
    """
    yield File(LIBRARY_PATH, _library(cache))
    yield File(CHARTS_PATH, script_text("grafieken", compiled_charts()))


def compiled_charts() -> dict[str, dict[str, Any]]:
    """Compile every Vega-Lite chart of the folder `charts` to Vega, so that the browser need not; by name."""
    config = json.loads((CHARTS / f"{_CONFIG}.json").read_text(encoding="utf-8"))
    return {
        path.stem: vl_convert.vegalite_to_vega(json.loads(path.read_text(encoding="utf-8")), config=config)
        for path in sorted(CHARTS.glob("*.json"))
        if path.stem != _CONFIG
    }


def _library(cache: Path | None) -> str:
    if cache is None:
        return _bundled()
    kept = cache / f"vega-{version('vl-convert-python')}-{_FINGERPRINT}.js"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        # Beside it and renamed: a build that breaks off, or runs at the same time, leaves no half a library.
        beside = kept.with_name(f".{kept.name}.{os.getpid()}")
        beside.write_text(_bundled(), encoding="utf-8")
        beside.replace(kept)
    return kept.read_text(encoding="utf-8")


def _bundled() -> str:
    return _WRAPPED.format(vl_convert.javascript_bundle(_SNIPPET))
