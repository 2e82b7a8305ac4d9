"""The tables of the open statistics: which of them are refreshed together, and by what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from orchestration.progress import Progress, SilentProgress
from orchestration.settings import REGISTRY, Settings
from orchestration.source_assets import Refresh, SourceGroup, source_asset
from sources import results
from sources.gebieden import refresh_gebieden, roster_in_use
from sources.gemeente_register import GemeenteRegister, load_gemeente_register
from sources.grenzen import refresh_grenzen
from sources.handmatig import load_rules, refresh_handmatig
from sources.herindeling import refresh_herindeling
from sources.http import Transport
from sources.leefbaarometer import refresh_leefbaarometer
from sources.refresh import ODATA_FAMILIES, refresh_odata_host
from sources.registry import Registry, SourceTable
from sources.results import TableResult
from sources.services import Services


def build_open_data(
    settings: Settings, registry: Registry, progress: Progress | None = None
) -> list[dg.AssetsDefinition]:
    """Make the assets of every source table in the registry."""
    told = progress or SilentProgress()
    return [source_asset(settings, group, registry, told) for group in source_groups(settings, registry)]


def source_groups(settings: Settings, registry: Registry) -> list[SourceGroup]:
    """Which tables go together: the OData tables by host, each other family on its own."""
    lake = settings.locations.lake
    tables = tuple(registry.tables.values())
    register = load_gemeente_register(REGISTRY)
    rules = load_rules(REGISTRY, register)
    hosts = sorted({table.host for table in tables if table.bron in ODATA_FAMILIES})

    def odata(host: str) -> Refresh:
        return lambda services, transport, on_progress: refresh_odata_host(
            host, registry, services, lake, transport, on_progress=on_progress
        )

    groups = [
        SourceGroup(
            host.partition(".")[0],
            tuple(table for table in tables if table.host == host and table.bron in ODATA_FAMILIES),
            odata(host),
        )
        for host in hosts
    ]

    def family(name: str) -> tuple[SourceTable, ...]:
        return tuple(table for table in tables if table.bron == name)

    return [
        *groups,
        SourceGroup(
            "leefbaarometer",
            family("leefbaarometer"),
            lambda services, transport, on_progress: refresh_leefbaarometer(
                registry, services, lake, transport, on_progress=on_progress
            ),
        ),
        SourceGroup(
            "gebieden",
            (*family("gebieden"), *family("herindeling"), *family("grenzen")),
            _areas(registry, register, lake),
        ),
        SourceGroup(
            "handmatig",
            family("handmatig"),
            lambda *_: [refresh_handmatig(registry, settings.handmatig, lake, rules=rules)],
        ),
    ]


def _areas(registry: Registry, register: GemeenteRegister, lake: Path) -> Refresh:
    """The roster first, then what moved between rosters and the boundaries that belong to this one."""

    def refresh(services: Services, transport: Transport, on_progress: results.OnProgress) -> Iterator[TableResult]:
        rosters = list(
            refresh_gebieden(registry, services, lake, transport, register=register, on_progress=on_progress)
        )
        yield from rosters
        yield from refresh_herindeling(registry, services, lake, transport, register=register, on_progress=on_progress)
        roster = roster_in_use(rosters, registry, register)
        yield from refresh_grenzen(
            registry, services, lake, transport, register=register, roster=roster, on_progress=on_progress
        )

    return refresh
