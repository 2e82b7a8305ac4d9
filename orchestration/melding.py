"""`python -m orchestration.melding`, behind `impact-kpi melding`: try out how people are told about a night.

Exit status: 0 sent · 1 a receiver could not be reached · 2 nobody is to be told, or a setting is wrong.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from orchestration.notify import NotToldError, compose, send
from orchestration.settings import load_settings
from serving.dutch_click import DutchGroup
from serving.errors import WrongUseError

PROGRAM = "impact-kpi melding"


@click.group(
    cls=DutchGroup,
    help="De melding die u krijgt als er een nacht iets mis is.",
    epilog=f"Uitleg bij een opdracht: {PROGRAM} <opdracht> --help",
    subcommand_metavar="OPDRACHT ...",
)
def cli() -> None:
    """Hold the commands about notices."""


@cli.command(
    short_help="Stuur een proefmelding naar iedereen die er een krijgt.",
    help="""Stuur een proefmelding naar iedereen die er een krijgt, en zeg of dat gelukt is.

    Wie dat zijn staat in IMPACT_KPI_MELD_WEBHOOK en IMPACT_KPI_MELD_MAIL; zie docs/beheer.md.""",
)
def proberen() -> None:
    """Send a message about nothing."""
    try:
        settings = load_settings()
    except ValueError as error:
        raise WrongUseError(str(error)) from None
    if not settings.notice.wanted:
        raise WrongUseError("Niemand krijgt een melding: zet IMPACT_KPI_MELD_WEBHOOK of IMPACT_KPI_MELD_MAIL.")
    nothing = {
        "gestart": datetime.now(UTC).isoformat(timespec="seconds"),
        "soort": settings.locations.soort,
        "run_id": "",
        "gelukt": True,
        "bronnen": [],
        "publicatie": None,
        "warnings": [],
        "failures": [],
    }
    try:
        reached = send(settings, compose(settings, nothing, "proef"))
    except NotToldError as error:
        click.echo(f"Niet gelukt: {error}", err=True)
        sys.exit(1)
    click.echo(f"Verstuurd naar {' en '.join(reached)}.")


def main() -> None:
    """Entry point of `python -m orchestration.melding`."""
    cli(prog_name=PROGRAM)


if __name__ == "__main__":
    main()
