"""Where each page lies: one place for the addresses, so that a link and the page it leads to never differ."""

import re

_UNSAFE = re.compile(r"[^A-Za-z0-9.]+")


def gemeente_page(gemeente_code: str) -> str:
    """Page of a gemeente, of Nederland (NL) or of the organisation (ORG)."""
    return f"gemeente/{gemeente_code}.html"


def gemeente_data(gemeente_code: str) -> str:
    """Script with the figures of a gemeente, for the page that compares."""
    return f"data/gemeente/{gemeente_code}.js"


def kpi_page(kpi_id: str, uitsplitsing: str | None = None, *, model_versie: str | None = None) -> str:
    """Page of a KPI; without uitsplitsing that of the one that stands for it.

    Args:
        kpi_id: As in the mart, `I 3.3.2`.
        uitsplitsing: Only for the pages beside that of the KPI itself.
        model_versie: Only for a version of the model that is no longer in force.
    """
    parts = [_safe(part) for part in (kpi_id, model_versie, uitsplitsing) if part]
    return f"kpi/{'_'.join(parts)}.html"


def _safe(text: str) -> str:
    # 65+ and 65- may not fall together.
    return _UNSAFE.sub("-", text.replace("+", "plus").replace("<", "onder")).strip("-")
