"""The tables of the open statistics: which of them are refreshed together, and by what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg

from orchestration.progress import Progress, SilentProgress
from orchestration.results import load_results
from orchestration.settings import REGISTRY, Settings
from orchestration.source_assets import Refresh, SourceGroup, source_asset
from sources import results
from sources.errors import LakeError
from sources.gebieden import Roster, refresh_gebieden, roster_in_use
from sources.gemeente_register import GemeenteRegister, load_gemeente_register
from sources.grenzen import refresh_grenzen
from sources.handmatig import load_rules, refresh_handmatig
from sources.herindeling import refresh_herindeling
from sources.http import Transport
from sources.leefbaarometer import refresh_leefbaarometer
from sources.odata.catalogue import Catalogues
from sources.refresh import ODATA_FAMILIES, refresh_odata_host
from sources.registry import Registry, SourceTable
from sources.results import TableResult
from sources.services import Services

# Families of one service each that stand in the catalogue of that service, beside the tables of observations.
_AREAS = {"gebieden": refresh_gebieden, "herindeling": refresh_herindeling}


def build_open_data(
    settings: Settings, registry: Registry, progress: Progress | None = None
) -> list[dg.AssetsDefinition]:
    """Make the assets of every source table in the registry."""
    told = progress or SilentProgress()
    return [source_asset(settings, group, registry, told) for group in source_groups(settings, registry)]


def source_groups(settings: Settings, registry: Registry) -> list[SourceGroup]:
    """Which tables go together: those in one catalogue, so that it is asked once; each other family on its own."""
    lake = settings.locations.lake
    register = load_gemeente_register(REGISTRY)
    rules = load_rules(REGISTRY, register)
    catalogued = [table for table in registry.tables.values() if table.bron in ODATA_FAMILIES | _AREAS.keys()]
    return [
        *(_odata_group(settings, registry, register, host) for host in sorted({table.host for table in catalogued})),
        SourceGroup(
            "leefbaarometer",
            _family(registry, "leefbaarometer"),
            lambda services, transport, on_progress: refresh_leefbaarometer(
                registry, services, lake, transport, on_progress=on_progress, force=settings.volledig
            ),
        ),
        SourceGroup(
            "grenzen",
            _family(registry, "grenzen"),
            _grenzen(settings, registry, register),
            after=_family(registry, "gebieden"),
        ),
        # Read whole every night, so there is nothing to force.
        SourceGroup(
            "handmatig",
            _family(registry, "handmatig"),
            lambda *_: [refresh_handmatig(registry, settings.handmatig, lake, rules=rules)],
        ),
    ]


def _family(registry: Registry, name: str) -> tuple[SourceTable, ...]:
    return tuple(table for table in registry.tables.values() if table.bron == name)


def _odata_group(settings: Settings, registry: Registry, register: GemeenteRegister, host: str) -> SourceGroup:
    """All tables in the catalogue of one host, under the name of that host."""
    areas = {name: tables for name in _AREAS if (tables := _family(registry, name)) and tables[0].host == host}
    figures = [table for table in registry.tables.values() if table.bron in ODATA_FAMILIES and table.host == host]
    tables = (*(table for family in areas.values() for table in family), *figures)

    def refresh(services: Services, transport: Transport, on_progress: results.OnProgress) -> Iterator[TableResult]:
        catalogues = Catalogues.of_tables(services, transport, tables)
        lake = settings.locations.lake
        options: dict[str, Any] = {
            "catalogues": catalogues,
            "on_progress": on_progress,
            "force": settings.volledig,
        }
        for name in areas:
            yield from _AREAS[name](registry, services, lake, transport, register=register, **options)
        yield from refresh_odata_host(host, registry, services, lake, transport, **options)

    return SourceGroup(host.partition(".")[0], tables, refresh)


def _grenzen(settings: Settings, registry: Registry, register: GemeenteRegister) -> Refresh:
    """The boundaries that belong to the roster in use, which an earlier step brought up to date."""

    def refresh(services: Services, transport: Transport, on_progress: results.OnProgress) -> Iterator[TableResult]:
        yield from refresh_grenzen(
            registry,
            services,
            settings.locations.lake,
            transport,
            register=register,
            roster=_roster(settings, registry, register),
            on_progress=on_progress,
            force=settings.volledig,
        )

    return refresh


def _roster(settings: Settings, registry: Registry, register: GemeenteRegister) -> Roster:
    """The roster as the last look at its tables left it; the registry's own when its edition cannot be read."""
    try:
        looks = load_results(settings.results, settings.locations.lake, _family(registry, "gebieden"))
    except LakeError:
        looks = {}
    return roster_in_use((look.result for look in looks.values()), registry, register)
