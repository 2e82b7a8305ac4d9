"""Reading `laatste_run.json`: when each source was last looked at, which changes while the publication does not."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class LastRun:
    """What the last run said of itself.

    Attributes:
        klaar: When it ended (ISO text, UTC); None when that is not known.
        gelukt: False when it failed and an older publication stands.
        bronnen: Per bron_id what it said of that source table (state, rijen, melding, verouderd_sinds, kpis, …).
        publicatie: State and id of the publication; None when nothing was published.
        controles: Checks that failed (asset, naam, ernst, melding, kpis); empty in a report of before they were kept.
    """

    klaar: str | None = None
    gelukt: bool = True
    bronnen: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    publicatie: Mapping[str, Any] | None = None
    controles: Sequence[Mapping[str, Any]] = ()

    @property
    def stale(self) -> list[Mapping[str, Any]]:
        """Sources whose edition in use could not be checked or renewed, the longest first."""
        found = [source for source in self.bronnen.values() if source.get("verouderd_sinds")]
        return sorted(found, key=lambda source: str(source["verouderd_sinds"]))


def read_last_run(path: Path) -> LastRun | None:
    """Read the report of the last run; None when there is none or it cannot be read, which is never an error."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return LastRun(
            klaar=content.get("klaar"),
            gelukt=bool(content.get("gelukt", True)),
            bronnen={source["bron_id"]: source for source in content.get("bronnen", [])},
            publicatie=content.get("publicatie"),
            controles=tuple(content.get("controles") or ()),
        )
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None
