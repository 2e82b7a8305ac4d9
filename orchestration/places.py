"""Where things are on this machine, left out of what other people read."""

from __future__ import annotations

from pathlib import Path

from orchestration.settings import REPOSITORY, Settings


def without_places(text: str, settings: Settings) -> str:
    """Replace every folder of this installation in a text by the name of the setting that gives it."""
    places = {
        str(settings.handmatig or ""): "IMPACT_KPI_HANDMATIG",
        str(settings.profiel or ""): "IMPACT_KPI_PROFIEL",
        str(settings.locations.data): "IMPACT_KPI_DATA",
        settings.sources if Path(settings.sources).is_absolute() else "": "IMPACT_KPI_SOURCES",
        str(REPOSITORY): "impact-kpi",
        str(Path.home()): "~",
    }
    for place in sorted(filter(lambda place: len(place) > 1, places), key=len, reverse=True):
        text = text.replace(place, places[place])
    return text
