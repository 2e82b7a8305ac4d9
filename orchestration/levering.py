"""`python -m orchestration.levering`: own-data deliveries from the command line, behind `impact-kpi levering`.

Parses, calls, prints. Exit status: 0 done · 1 refused, nothing loadable, or (when checking) something is wrong · 2
wrong use · 3 a refresh or another load is running · 4 wrong settings. Rows in quarantine stop no load: it says so.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn

from orchestration.lock import RefreshBusyError, refresh_lock
from orchestration.settings import REGISTRY, Settings, apply_environment, load_settings
from serving.dutch_click import DutchGroup
from serving.errors import BusyError, ServingError, WrongUseError
from sources.activity.contract import load_contract
from sources.activity.edition import read_current, read_manifests
from sources.activity.erase import Erasure, remove_deelnemer, remove_delivery
from sources.activity.key import load_key
from sources.activity.load import Installation, LoadOptions, check_delivery, load_delivery
from sources.activity.report import describe_outcome, summary
from sources.activity.template import write_templates
from sources.errors import SourceError
from sources.results import OnProgress
from sources.results import Progress as Step

PROGRAM = "impact-kpi levering"

_Result = TypeVar("_Result")
_FOLDER = click.Path(path_type=Path)
_mapping = click.option("--mapping", type=_FOLDER, metavar="BESTAND", help="Mapping (YAML) van eigen bestanden.")
_postcodes = click.option(
    "--postcodes", type=_FOLDER, metavar="BESTAND", help="Lijst van CBS: postcode en huisnummer naar gemeente."
)


class SettingsError(ServingError):
    """The settings of the environment cannot be used."""

    exit_status = 4


@dataclass(frozen=True, slots=True)
class _Files:
    """What the command line says of a delivery."""

    folder: Path
    mapping: Path | None
    postcodes: Path | None


@click.group(
    cls=DutchGroup,
    help="Eigen gegevens aanleveren: controleren, laden en verwijderen.",
    epilog=f"Uitleg bij een opdracht: {PROGRAM} <opdracht> --help",
    subcommand_metavar="OPDRACHT ...",
)
def cli() -> None:
    """Hold the commands about deliveries."""


@cli.command(
    short_help="Zeg wat er goed en fout is aan een levering; laad niets.",
    help="""Zeg wat er goed en fout is aan een levering, per bestand, kolom en rij, en hoe het te verhelpen is.

    Er wordt niets bewaard. Eindigt met 1 als er iets geweigerd of afgekeurd zou worden.""",
)
@click.argument("folder", metavar="MAP", type=_FOLDER)
@_mapping
@_postcodes
def controleren(folder: Path, mapping: Path | None, postcodes: Path | None) -> int:
    """Judge a delivery without keeping anything."""
    settings = _settings()
    files = _existing(_Files(folder, mapping, postcodes))

    def check(on_progress: OnProgress) -> int:
        outcome = check_delivery(
            files.folder, _installation(settings, on_progress), mapping=files.mapping, postcodes=files.postcodes
        )
        for line in describe_outcome(outcome, load_contract(REGISTRY)):
            click.echo(line)
        return 0 if outcome.is_faultless else 1

    return _told(check)


@cli.command(
    short_help="Laad een levering; hij vervangt de vorige.",
    help="""Laad een levering: controleer, pseudonimiseer en bewaar hem. Hij vervangt de vorige levering.

    Foute rijen gaan in quarantaine en houden de goede niet tegen. Draai daarna impact-kpi refresh.""",
)
@click.argument("folder", metavar="MAP", type=_FOLDER)
@_mapping
@_postcodes
@click.option("--nieuwe-sleutel", is_flag=True, help="Neem bewust een andere sleutel in gebruik: een breuk.")
@click.option("--ouder", is_flag=True, help="Laad ook als de peildatum voor die van de huidige levering ligt.")
def laden(folder: Path, mapping: Path | None, postcodes: Path | None, nieuwe_sleutel: bool, ouder: bool) -> None:
    """Load a delivery."""
    settings = _settings()
    files = _existing(_Files(folder, mapping, postcodes))

    def load(on_progress: OnProgress) -> None:
        loaded = load_delivery(
            files.folder,
            _installation(settings, on_progress),
            mapping=files.mapping,
            postcodes=files.postcodes,
            options=LoadOptions(nieuwe_sleutel, ouder),
        )
        if loaded.delivery is None:
            click.echo(f"Ongewijzigd: levering {loaded.edition.manifest.table_id} was al geladen.")
            return
        for line in describe_outcome(loaded.delivery, load_contract(REGISTRY)):
            click.echo(line)
        click.echo(f"Geladen. {summary(loaded.delivery)}")
        click.echo(
            "Draai impact-kpi refresh om de cijfers bij te werken, en verwijder daarna de aangeleverde bestanden."
        )

    with _locked(settings):
        _told(load)


@cli.command(
    short_help="Maak lege bestanden en een voorbeeld van een mapping.",
    help="Maak een map met lege bestanden, één per tabel, en een voorbeeld van een mapping met uitleg.",
)
@click.argument("folder", metavar="MAP", type=_FOLDER)
def sjabloon(folder: Path) -> None:
    """Write the templates."""

    def write(_: OnProgress) -> None:
        written = write_templates(folder, load_contract(REGISTRY))
        click.echo(f"Gemaakt in {folder}:")
        for path in written:
            click.echo(f"  {path.name}")

    _told(write)


@cli.command(help="Toon de geladen leveringen, de nieuwste onderaan.")
def lijst() -> None:
    """List the deliveries that were ever loaded."""
    settings = _settings()

    def show(_: OnProgress) -> None:
        lake = settings.locations.lake
        manifests, current = read_manifests(lake), read_current(lake)
        if not manifests:
            click.echo("Er is nog geen levering geladen.")
        for manifest in manifests:
            in_use = current is not None and manifest.edition_id == current.edition.edition_id
            state = "in gebruik" if in_use else "vervangen of verwijderd; alleen het spoor is er nog"
            click.echo(
                f"{manifest.loaded_at[:16].replace('T', ' ')}  {manifest.table_id}  {manifest.rows} rijen  {state}"
            )
        if current is not None:
            click.echo(
                f"Huidige levering: {current.periode_van} tot en met {current.peildatum}, sleutel {current.sleutel_id}"
            )

    _told(show)


@cli.command(
    short_help="Verwijder een levering, of wis één deelnemer.",
    help="""Verwijder de huidige levering, of wis één deelnemer met alles wat daaraan hangt.

    Het nummer van de deelnemer wordt gevraagd (of gelezen van de invoer), zodat het nergens in een lijst van opdrachten
    blijft staan. Een gewiste deelnemer komt met dezelfde bestanden niet terug.""",
)
@click.option("--levering", metavar="ID", help="De levering, zoals impact-kpi levering lijst hem noemt.")
@click.option("--deelnemer", is_flag=True, help="Wis één deelnemer; het nummer wordt gevraagd.")
def verwijderen(levering: str | None, deelnemer: bool) -> None:
    """Remove a delivery or a person."""
    if (levering is None) is not deelnemer:
        raise WrongUseError("Geef één van beide: --levering ID of --deelnemer.")
    settings = _settings()

    def remove(on_progress: OnProgress) -> None:
        if levering is not None:
            was_there = remove_delivery(settings.locations.lake, levering)
            click.echo(_removed(levering, was_there=was_there))
        else:
            installation = _installation(settings, on_progress)
            erasure = remove_deelnemer(_ask_identifier(), installation)
            click.echo(_erased(erasure))

    with _locked(settings):
        _told(remove)


def _removed(levering: str, *, was_there: bool) -> str:
    if not was_there:
        return f"Van levering {levering} was alleen het spoor (controlegetallen en aantallen) er nog; dat blijft."
    return f"Levering {levering} is verwijderd; alleen het spoor blijft. Draai impact-kpi refresh."


def _erased(erasure: Erasure) -> str:
    if erasure.gevonden:
        rows = ", ".join(f"{tabel} {number}" for tabel, number in erasure.rijen.items())
        return f"Gewist ({rows}). Draai impact-kpi refresh om de cijfers bij te werken."
    if erasure.was_gewist:
        return "Deze deelnemer was al gewist."
    return "In de huidige levering staat niets van deze deelnemer. Een volgende levering laat deze deelnemer weg."


def _ask_identifier() -> str:
    """The identifier from the keyboard, unseen, or from what is piped in; never from the command line."""
    if sys.stdin.isatty():
        return str(click.prompt("Nummer van de deelnemer in het bronsysteem", hide_input=True)).strip()
    return sys.stdin.readline().strip()


# --- around every command -------------------------------------------------------------------------


def _settings() -> Settings:
    try:
        settings = load_settings()
    except ServingError:
        raise
    except ValueError as error:
        raise SettingsError(str(error)) from None
    apply_environment(settings)
    return settings


def _installation(settings: Settings, on_progress: OnProgress) -> Installation:
    """The key first: without one no file is opened."""
    key = load_key(os.environ, settings.locations.soort)
    return Installation(settings.locations.lake, REGISTRY, key, on_progress)


def _existing(files: _Files) -> _Files:
    if not files.folder.is_dir():
        raise WrongUseError(f"De map {files.folder} is er niet.")
    for file in (files.mapping, files.postcodes):
        if file is not None and not file.is_file():
            raise WrongUseError(f"Het bestand {file} is er niet.")
    return files


@contextmanager
def _locked(settings: Settings) -> Iterator[None]:
    """A load takes the place of what a refresh may be reading, so the two never run together."""
    try:
        with refresh_lock(settings.lock):
            yield
    except RefreshBusyError as error:
        raise BusyError(str(error)) from None


def _told(work: Callable[[OnProgress], _Result]) -> _Result:
    """Do the work with progress on the terminal; an error of a delivery becomes a sentence."""
    console = Console(stderr=True)
    try:
        if not console.is_terminal:
            return work(_silent)
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:,.0f} rijen"),
        )
        with Progress(*columns, console=console, transient=True) as bars:
            return work(_Bars(bars).show)
    except SourceError as error:
        raise ServingError(f"Fout: {error}") from None
    except OSError as error:
        raise ServingError(f"Fout: {error.filename or 'een bestand'} is niet te gebruiken: {error.strerror}.") from None


def _silent(step: Step) -> None:
    """Tell nobody."""


class _Bars:
    """One line per file."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def show(self, step: Step) -> None:
        """Show how many rows of a file are done."""
        if step.bron_id not in self._tasks:
            self._tasks[step.bron_id] = self._bars.add_task(step.bron_id, total=step.totaal)
        self._bars.update(self._tasks[step.bron_id], completed=step.gedaan)


def main() -> None:
    """Entry point of `python -m orchestration.levering`."""
    cli(prog_name=PROGRAM)


if __name__ == "__main__":
    main()
