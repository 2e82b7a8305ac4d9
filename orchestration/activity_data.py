"""The organisation's own data as an asset: the delivery in use, and in the demo that of the invented organisation.

A delivery comes in by `impact-kpi levering laden`, never by itself: who hands over data about people does so knowingly.
The demo has an organisation of its own, so that every family of KPIs can be seen.
"""

from __future__ import annotations

import dagster as dg

from orchestration.progress import Progress, SilentProgress
from orchestration.settings import REGISTRY, Settings
from orchestration.source_assets import SourceGroup, source_asset
from sources import results
from sources.activity.edition import read_current
from sources.activity.key import DEMO_KEY, make_key
from sources.activity.load import Installation, load_delivery
from sources.errors import SourceError
from sources.plain_files import LocalRun, Outcome
from sources.registry import LEVERING, Registry, SourceTable
from sources.replay.demo.organisation import FOLDER, MAPPING, ORGANISATION
from sources.results import TableResult


def build_activity_data(
    settings: Settings, registry: Registry, progress: Progress | None = None
) -> dg.AssetsDefinition:
    """Make the asset of the delivery in use."""
    table = registry.tables[LEVERING]
    group = SourceGroup(
        LEVERING, (table,), lambda _services, _transport, on_progress: [refresh_levering(settings, table, on_progress)]
    )
    return source_asset(settings, group, registry, progress or SilentProgress())


def refresh_levering(settings: Settings, table: SourceTable, on_progress: results.OnProgress) -> TableResult:
    """Say which delivery is in use; in the demo, load that of the invented organisation where no other is.

    Returns:
        `ververst` or `ongewijzigd` with the edition, `niet_nodig` without any delivery, `fout` when the demo's own
        could not be loaded or the one in use cannot be read.
    """
    run = LocalRun(lake=settings.locations.lake, on_progress=on_progress)
    outcome = Outcome(run, table)
    outcome.start()
    try:
        current = read_current(run.lake)
        if settings.sources == "demo" and (current is None or current.organisatie_id == ORGANISATION):
            return _load_demo(settings, outcome)
    except SourceError as error:
        return outcome.stale("fout", str(error), edition=outcome.current())
    if current is None:
        return outcome.fresh("niet_nodig", None, "er is nog geen levering geladen (impact-kpi levering laden)")
    return outcome.fresh("ongewijzigd", current.edition)


def _load_demo(settings: Settings, outcome: Outcome) -> TableResult:
    folder = settings.locations.root / "archief" / FOLDER
    installation = Installation(outcome.run.lake, REGISTRY, make_key(DEMO_KEY), outcome.run.on_progress)
    loaded = load_delivery(folder, installation, mapping=folder / MAPPING)
    return outcome.fresh("ongewijzigd" if loaded.state == "ongewijzigd" else "ververst", loaded.edition)
