"""The Jinja environment of the site: everything escaped, and the filters that write Dutch."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2

from serving.render import dutch_number, with_unit
from serving.site import places
from serving.words import (
    COVERAGE,
    DIRECTION,
    FAMILY,
    OUTCOME,
    POINTS_HEAD,
    SIGNALS,
    SOURCE_STATE,
    STATUS,
    URBANITY,
    dutch_date,
    measured,
    reason,
)

TEMPLATES = Path(__file__).parent / "templates"


def make_environment() -> jinja2.Environment:
    """Return the environment that every template is written for.

    An unknown name in a template is an error: a typing mistake may not become an empty cell.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "getal": _number,
        "met_eenheid": with_unit,
        "datum": dutch_date,
        "reden": reason,
        "in_woorden": _in_words,
    }
    environment.globals |= {
        "gemeten": measured,
        "gemeente_pagina": places.gemeente_page,
        "kpi_pagina": places.kpi_page,
        "SIGNALEN": SIGNALS,
        "STATUS": STATUS,
        "RICHTING": DIRECTION,
        "FAMILIE": FAMILY,
        "DEKKING": COVERAGE,
        "BRONSTAAT": SOURCE_STATE,
        "UITKOMST": OUTCOME,
        "PUNTEN": POINTS_HEAD,
        "STEDELIJKHEID": URBANITY,
    }
    return environment


def _number(value: float | None, decimals: int | None = None) -> str:
    return "" if value is None else dutch_number(value, decimals)


def _in_words(code: str | None, words: Mapping[str, Any]) -> str:
    return "" if code is None else str(words.get(code, code.replace("_", " ")))
