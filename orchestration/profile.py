"""`python -m orchestration.profile`: the profile of this installation, and the command that checks one.

Behind `impact-kpi profiel`. Parses, calls, prints. Exit status: 0 in order · 2 the profile or its place is wrong.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from orchestration.settings import REGISTRY, Settings, load_settings
from serving.dutch_click import DutchGroup
from serving.errors import WrongUseError
from sources.profile import Profile, load_profile

PROGRAM = "impact-kpi profiel"
VARIABLE = "IMPACT_KPI_PROFIEL"
_SHOWN = 12


def read_profile(settings: Settings) -> Profile | None:
    """Read what the organisation of this installation chose, or None when it has no profile.

    Raises:
        sources.profile.ProfileError: the profile cannot be used.
    """
    if settings.profiel is None:
        return None
    return load_profile(settings.profiel, REGISTRY, settings.indelingsjaar or datetime.now(UTC).year)


@click.group(
    cls=DutchGroup,
    help="Het profiel: welke KPI's, gemeenten en vergelijking uw organisatie kiest.",
    epilog=f"Uitleg bij een opdracht: {PROGRAM} <opdracht> --help",
    subcommand_metavar="OPDRACHT ...",
)
def cli() -> None:
    """Hold the commands about the profile."""


@cli.command(
    short_help="Zeg wat er goed en fout is aan een profiel, en wat het kiest.",
    help=f"""Zeg wat er goed en fout is aan een profiel, en wat het kiest. Er verandert niets.

    Zonder bestand: het profiel dat {VARIABLE} noemt.""",
)
@click.argument("bestand", metavar="[BESTAND]", required=False, type=click.Path(path_type=Path))
def controleren(bestand: Path | None) -> None:
    """Check a profile and show what it selects."""
    given = {} if bestand is None else {VARIABLE: str(bestand)}
    try:
        settings = load_settings({**os.environ, **given})
        profile = read_profile(settings)
    except ValueError as error:
        raise WrongUseError(str(error)) from None
    if profile is None:
        raise WrongUseError(f"Er is geen profiel. Noem een bestand: {PROGRAM} controleren BESTAND, of zet {VARIABLE}.")
    for label, value in _described(profile):
        click.echo(f"{label:<13} {value}")
    click.echo(f"\nIn orde: {settings.profiel}")
    click.echo(
        "De eerstvolgende impact-kpi refresh neemt het over."
        if bestand is None or _in_use() == settings.profiel
        else f"Om het te gebruiken: zet {VARIABLE} op dit bestand en draai impact-kpi refresh."
    )


def _in_use() -> Path | None:
    named = os.environ.get(VARIABLE, "").strip()
    return Path(named).expanduser().resolve() if named else None


def _described(profile: Profile) -> list[tuple[str, str]]:
    lines = [
        ("Organisatie", profile.naam),
        ("Gemeenten", _listed(profile.gemeenten)),
        ("KPI's", _listed(profile.kpis)),
        ("Vergelijking", profile.benchmark),
    ]
    if profile.werksoorten:
        named = ", ".join(profile.werksoorten)
        lines.append(("Werksoorten", f"{named} (staat bij de KPI's; de cijfers zelf gaan over alle werksoorten)"))
    if profile.labels:
        lines.append(("Labels", "; ".join(f"{kpi_id}: {label}" for kpi_id, label in profile.labels.items())))
    if profile.richtingen:
        lines.append(("Richtingen", ", ".join(f"{kpi_id} {way}" for kpi_id, way in profile.richtingen.items())))
    return lines


def _listed(names: Mapping[str, str]) -> str:
    if not names:
        return "alle"
    shown = [f"{key} ({name})" for key, name in list(names.items())[:_SHOWN]]
    more = f" en nog {len(names) - _SHOWN}" if len(names) > _SHOWN else ""
    return f"{len(names)}: {', '.join(shown)}{more}"


def main() -> None:
    """Entry point of `python -m orchestration.profile`."""
    cli(prog_name=PROGRAM)


if __name__ == "__main__":
    main()
