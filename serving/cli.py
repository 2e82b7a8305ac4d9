"""`impact-kpi`: the command line for whoever refreshes the mart and whoever reads it. Dutch throughout.

Parses, calls, prints. What a command does is in the module named after it; exit statuses: 0 done, 1 something wrong
with the data or the run, 2 wrong use, 3 somebody else is busy.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NoReturn, TextIO

import click
import duckdb

from serving.attention import show_points
from serving.bronnen import show_sources
from serving.card import show_kpi
from serving.dutch_click import DutchGroup
from serving.errors import WrongUseError
from serving.init import EXAMPLE_FOLDER, start_folder
from serving.last_run import read_last_run
from serving.literals import unmatched
from serving.locations import (
    DIVISION_VARIABLE,
    SOORTEN,
    SOURCES_VARIABLE,
    Locations,
    Soort,
    kind,
    locate,
    sources_setting,
)
from serving.profile import show_gemeente
from serving.publication import Publication, find_publication, open_publication
from serving.query import Answer, ask
from serving.render import Format, write_csv, write_json, write_table
from serving.revision_view import Wanted, show_revisions
from serving.summary import show_summary

PROGRAM = "impact-kpi"
_SHOWN_ROWS = 100
_SITE_PORT = 8765
_FORMATS = {".csv": "csv", ".json": "json"}
_NEXT = """
Bewaar sleutel.hex goed en geef hem aan niemand. Zo verder, in {home}:
  1. Pas profiel.yaml aan:      impact-kpi profiel controleren profiel.yaml
  2. Neem de instellingen over: cp .env.voorbeeld .env; set -a; . ./.env; set +a
  3. Eigen cijfers (CSV):       zie handmatig/LEESMIJ.txt
  4. Eigen registratie:         pas {example}/mapping-voorbeeld.yaml aan voor uw bestanden
                                impact-kpi levering controleren MAP --mapping BESTAND
  5. Maak de cijfers:           impact-kpi refresh"""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the options before the command say.

    Attributes:
        soort: Kind of data that was asked for; None for the one of the environment.
    """

    soort: Soort | None

    @property
    def locations(self) -> Locations:
        """Places of that kind of data; asked for only by commands that read a publication."""
        return locate(self.soort)


def _show_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        click.echo(f"{PROGRAM} {software_version()}")
        ctx.exit()


@click.group(
    cls=DutchGroup,
    help="Open statistieken en KPI's van sociaal werk, per gemeente.",
    epilog="Uitleg bij een opdracht: impact-kpi <opdracht> --help",
    invoke_without_command=True,
    subcommand_metavar="OPDRACHT ...",
)
@click.option(
    "--soort",
    type=click.Choice(SOORTEN),
    help=f"Welke cijfers: demo, recorded of live. Zonder deze optie: wat {SOURCES_VARIABLE} zegt, anders demo.",
)
@click.option(
    "--versie", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Toon de versie."
)
@click.pass_context
def cli(ctx: click.Context, soort: Soort | None) -> None:
    """Hold what was chosen for the command that follows; without a command show the help."""
    ctx.obj = Choice(soort)
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@cli.command(
    short_help="Ververs de bronnen, bouw de mart en publiceer hem.",
    help="""Ververs de bronnen, bouw de mart en publiceer hem.

    Eindigt met de status van die run: 0 gepubliceerd of niets nieuws, 1 mislukt (de vorige publicatie blijft staan),
    2 gepubliceerd terwijl er iets met een bron was, 3 er loopt al een verversing, 4 verkeerde instellingen.""",
)
@click.option(
    "--bronnen",
    metavar="demo|live|MAP|ADRES",
    help=f"Waar de cijfers vandaan komen; gaat voor {SOURCES_VARIABLE}.",
)
@click.option(
    "--indelingsjaar",
    metavar="JAAR",
    type=click.IntRange(2010, 2100),
    help=f"De gemeente-indeling om op te publiceren; zonder: de nieuwste. Gaat voor {DIVISION_VARIABLE}.",
)
@click.option(
    "--volledig",
    is_flag=True,
    help="Haal elke tabel opnieuw op en bouw alles opnieuw, ook wat niet veranderd is.",
)
@click.pass_obj
def refresh(choice: Choice, bronnen: str | None, indelingsjaar: int | None, *, volledig: bool) -> None:
    """Become the nightly command: its exit status is ours, and signals reach it directly."""
    division = {DIVISION_VARIABLE: str(indelingsjaar)} if indelingsjaar else {}
    words = ["--volledig"] if volledig else []
    command = [sys.executable, "-m", "orchestration.nightly", *words]
    _become(command, _environment(bronnen or _sources_of(choice)) | division)


@cli.command(
    short_help="Lever eigen gegevens aan: controleren, laden, verwijderen.",
    context_settings={"ignore_unknown_options": True},
    add_help_option=False,
)
@click.argument("woorden", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def levering(choice: Choice, woorden: tuple[str, ...]) -> None:
    """Become the command about deliveries, which explains itself; all words go to it as they are."""
    _hand_over("orchestration.levering", woorden, _environment(_sources_of(choice)))


@cli.command(
    short_help="Controleer het profiel: wat uw organisatie kiest.",
    context_settings={"ignore_unknown_options": True},
    add_help_option=False,
)
@click.argument("woorden", nargs=-1, type=click.UNPROCESSED)
def profiel(woorden: tuple[str, ...]) -> None:
    """Become the command about the profile, which explains itself."""
    _hand_over("orchestration.profile", woorden, dict(os.environ))


@cli.command(
    short_help="Probeer de melding uit die u krijgt als er een nacht iets mis is.",
    context_settings={"ignore_unknown_options": True},
    add_help_option=False,
)
@click.argument("woorden", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def melding(choice: Choice, woorden: tuple[str, ...]) -> None:
    """Become the command about notices, which explains itself."""
    _hand_over("orchestration.melding", woorden, _environment(_sources_of(choice)))


@cli.group(
    help="De eigen cijfers die gepubliceerd worden, per batch.", cls=DutchGroup, subcommand_metavar="OPDRACHT ..."
)
def batch() -> None:
    """Hold the commands about batches of protected figures."""


@batch.command(
    short_help="Publiceer de eigen cijfers van de nieuwste levering nu.",
    help="""Publiceer de eigen cijfers van de nieuwste levering nu, als nieuwe batch.

    Zonder deze opdracht gebeurt dat vanzelf bij de eerste levering en daarna in de eerste nacht van elke maand: wie
    elke nacht publiceert, laat aan de verschillen zien over wie het gaat. Ververst ook de open bronnen; de status is
    die van refresh.""",
)
@click.pass_obj
def publiceren(choice: Choice) -> None:
    """Become the nightly command with a new batch."""
    _become([sys.executable, "-m", "orchestration.nightly", "--batch"], _environment(_sources_of(choice)))


def _environment(sources: str | None) -> dict[str, str]:
    """The environment of the command that takes over, with the sources that were asked for, if any."""
    return {**os.environ, **({SOURCES_VARIABLE: sources} if sources else {})}


def _sources_of(choice: Choice) -> str | None:
    if choice.soort is None or choice.soort == kind(sources_setting()):
        return None
    if choice.soort == "recorded":
        raise WrongUseError(
            f"Welk archief? Zet {SOURCES_VARIABLE} op de map of het adres ervan en laat --soort weg, bijvoorbeeld: "
            f"{SOURCES_VARIABLE}=./archief impact-kpi … Bij refresh kan het ook met --bronnen MAP."
        )
    return choice.soort


def _hand_over(module: str, words: tuple[str, ...], environment: dict[str, str]) -> NoReturn:
    """Become a command of another module; all words go to it as they are."""
    command = [sys.executable, "-m", module, *(words or ["--help"])]
    if command[-1] == "--help":
        # An explanation is text to show, not something to become.
        explained = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        click.echo(explained.stdout or explained.stderr, nl=False)
        sys.exit(explained.returncode)
    _become(command, environment)


def _become(command: list[str], environment: dict[str, str]) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(command[0], command, environment)  # noqa: S606 (our own interpreter, no shell)


@cli.command(
    short_help="Stel zelf een vraag in SQL.",
    help="""Stel zelf een vraag in SQL en krijg een tabel, csv of json.

    Bijvoorbeeld: impact-kpi query "select * from kpi_gemeente limit 5", of impact-kpi query --bestand vraag.sql

    De tabellen: impact-kpi query "show tables". De kolommen van een tabel: impact-kpi query "describe kpi_gemeente".
    Vanuit een vraag is niets te veranderen.""",
)
@click.argument("sql", metavar="[VRAAG]", required=False)
@click.option(
    "--bestand",
    type=click.File(encoding="utf-8"),
    metavar="BESTAND",
    help="Lees de vraag uit een bestand; - is wat er binnenkomt. Voorbeelden: docs/vragen.",
)
@click.option(
    "--formaat", type=click.Choice(["tabel", "csv", "json"]), help="Vorm van het antwoord. Zonder deze optie: tabel."
)
@click.option(
    "--uitvoer",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="BESTAND",
    help="Schrijf naar een bestand; .csv en .json bepalen de vorm.",
)
@click.option(
    "--rijen",
    type=int,
    default=_SHOWN_ROWS,
    metavar="AANTAL",
    help=f"Toon hoogstens zoveel rijen in een tabel op het scherm; 0 is alle. Zonder deze optie: {_SHOWN_ROWS}.",
)
@click.option("--komma", is_flag=True, help="Nederlandse notatie; csv krijgt puntkomma's en opent zo goed in Excel.")
@click.pass_obj
def query(
    choice: Choice,
    *,
    sql: str | None,
    bestand: TextIO | None,
    formaat: Format | None,
    uitvoer: Path | None,
    rijen: int,
    komma: bool,
) -> None:
    """Answer one reading statement."""
    if rijen < 0:
        raise WrongUseError("--rijen is een aantal: 0 (alles) of meer.")
    asked = _question(sql, bestand)
    with _opened(choice) as (publication, connection):
        answer = ask(connection, asked)
        if publication.notice:
            click.echo(publication.notice, err=True)
        if uitvoer is None:
            count = _answer_on_screen(answer, formaat or "tabel", rijen or None, comma=komma)
        else:
            count = _answer_in_file(answer, formaat, uitvoer, choice.locations, comma=komma)
        if count == 0 and (why := unmatched(connection, asked)):
            click.echo(f"Geen rijen. {' '.join(why)}", err=True)


def _question(sql: str | None, file: TextIO | None) -> str:
    if sql is not None and file is None:
        return sql
    if file is None:
        raise WrongUseError("Er ontbreekt iets: VRAAG. Geef hem tussen aanhalingstekens, of met --bestand BESTAND.")
    if sql is not None:
        raise WrongUseError("Geef één vraag: als tekst of met --bestand BESTAND, niet allebei.")
    try:
        return file.read()
    except UnicodeDecodeError as error:
        raise WrongUseError("--bestand is geen tekst in UTF-8; sla het bestand op als UTF-8.") from error


def _answer_on_screen(answer: Answer, form: Format, limit: int | None, *, comma: bool) -> int:
    if form == "tabel":
        shown, has_more = write_table(answer.columns, answer.rows(), sys.stdout, limit=limit, comma=comma)
        more = "; er zijn er meer (--rijen 0 toont alles, --uitvoer bestand.csv bewaart alles)" if has_more else ""
        click.echo(f"{shown} {'rij' if shown == 1 else 'rijen'}{more}", err=True)
        return shown
    return _write(answer, form, sys.stdout, comma=comma)


def _answer_in_file(answer: Answer, form: Format | None, path: Path, locations: Locations, *, comma: bool) -> int:
    target = path.expanduser().resolve()
    if target.is_relative_to(locations.publications.resolve()):
        raise WrongUseError(f"{target} ligt in de map van de publicaties; die blijft zoals hij is. Kies een andere.")
    chosen = form or _FORMATS.get(target.suffix.casefold(), "tabel")
    encoding = "utf-8-sig" if chosen == "csv" and comma else "utf-8"
    try:
        with _written_beside(target, encoding) as file:
            count = _write(answer, chosen, file, comma=comma)
    except OSError as error:
        raise WrongUseError(f"{target} kan niet worden geschreven: {error.strerror}.") from error
    click.echo(f"{count} rijen geschreven naar {target}", err=True)
    return count


@contextlib.contextmanager
def _written_beside(target: Path, encoding: str) -> Iterator[TextIO]:
    """Give a file that takes the place of the target only when it is complete."""
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding=encoding, newline="") as file:
            yield file
        mask = os.umask(0)
        os.umask(mask)
        beside.chmod(0o666 & ~mask)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _write(answer: Answer, form: str, file: TextIO, *, comma: bool) -> int:
    if form == "csv":
        return write_csv(answer.columns, answer.rows(), file, comma=comma)
    if form == "json":
        return write_json(answer.columns, answer.rows(), file)
    return write_table(answer.columns, answer.rows(), file, comma=comma)[0]


@cli.command(
    short_help="Het profiel van een gemeente, per leefgebied.",
    help="""Het profiel van een gemeente: per leefgebied van elke KPI het nieuwste cijfer, naast dat van Nederland.

    Bijvoorbeeld: impact-kpi gemeente Breda, impact-kpi gemeente GM0758 of impact-kpi gemeente den haag""",
)
@click.argument("naam", metavar="NAAM-OF-CODE", nargs=-1, required=True)
@click.option(
    "--alles", is_flag=True, help="Toon ook de KPI's buiten uw profiel, en de uitsplitsingen, zoals leeftijdsgroepen."
)
@click.pass_obj
def gemeente(choice: Choice, naam: tuple[str, ...], alles: bool) -> None:
    """Show the profile of one gemeente; a name of several words needs no quotes."""
    with _opened(choice) as (publication, connection):
        show_gemeente(connection, publication, " ".join(naam), sys.stdout, everything=alles)


@cli.command(
    short_help="Wat in een gemeente ongunstig opvalt, en wat gunstig.",
    help="""Wat in een gemeente naast Nederland ongunstig opvalt, en wat gunstig: signalen om te bespreken, geen
    oordeel.

    Bijvoorbeeld: impact-kpi aandachtspunten Breda""",
)
@click.argument("naam", metavar="NAAM-OF-CODE", nargs=-1, required=True)
@click.option("--alles", is_flag=True, help="Toon ook de KPI's buiten uw profiel.")
@click.pass_obj
def aandachtspunten(choice: Choice, naam: tuple[str, ...], alles: bool) -> None:
    """Show the points of one gemeente; a name of several words needs no quotes."""
    with _opened(choice) as (publication, connection):
        show_points(connection, publication, " ".join(naam), sys.stdout, everything=alles)


@cli.command(
    short_help="Een werkboek van gemeenten, voor Excel of LibreOffice.",
    help="""Een werkboek van een of meer gemeenten, voor Excel of LibreOffice: overzicht, reeksen per leefgebied met
    grafieken, eigen registratie, aandachtspunten, definities en bronnen.

    Bijvoorbeeld: impact-kpi werkboek Breda, impact-kpi werkboek Breda "Den Haag" --naar vergelijking.xlsx""",
)
@click.argument("namen", metavar="NAAM-OF-CODE...", nargs=-1)
@click.option("--gekozen", is_flag=True, help="De gemeenten van uw profiel, of anders waar uw organisatie werkt.")
@click.option("--alles", is_flag=True, help="Neem ook de KPI's buiten uw profiel op.")
@click.option(
    "--naar",
    type=click.Path(path_type=Path),
    metavar="BESTAND",
    help="Bestand of map om naar te schrijven. Zonder deze optie: een bestand in de huidige map.",
)
@click.option("--overschrijf", is_flag=True, help="Vervang een bestand dat er al staat.")
@click.pass_obj
def werkboek(
    choice: Choice, *, namen: tuple[str, ...], gekozen: bool, alles: bool, naar: Path | None, overschrijf: bool
) -> None:
    """Write a workbook."""
    from serving.workbook.command import Wish, write_wish  # noqa: PLC0415 - openpyxl would slow down every command

    wish = Wish(namen, chosen=gekozen, everything=alles, target=naar, overwrite=overschrijf)
    with _opened(choice) as (publication, connection):
        written = write_wish(connection, choice.locations.publications, wish)
    click.echo(written)
    if publication.notice:
        click.echo(publication.notice, err=True)


@cli.command(
    short_help="Wat een KPI betekent, hoe hij wordt berekend en waaruit.",
    help="""Wat een KPI betekent, hoe hij wordt berekend en waaruit, en voor hoeveel gemeenten er cijfers zijn.

    Bijvoorbeeld: impact-kpi kpi I 3.3.2""",
)
@click.argument("kpi_id", metavar="NUMMER", nargs=-1, required=True)
@click.pass_obj
def kpi(choice: Choice, kpi_id: tuple[str, ...]) -> None:
    """Show the card of one KPI."""
    with _opened(choice) as (publication, connection):
        show_kpi(connection, publication, " ".join(kpi_id), sys.stdout)


@cli.command(help="Elke bron: editie, wanneer gewijzigd en geladen, rijen en staat.")
@click.option("--alles", is_flag=True, help="Toon ook de tabellen die niet nodig waren.")
@click.pass_obj
def bronnen(choice: Choice, alles: bool) -> None:
    """List the sources of the current publication."""
    with _opened(choice) as (publication, connection):
        last_run = read_last_run(choice.locations.last_run)
        show_sources(connection, publication, last_run, sys.stdout, everything=alles)


@cli.command(
    short_help="Welke gepubliceerde cijfers zijn herzien, van wat naar wat.",
    help="""Welke gepubliceerde cijfers zijn herzien: van wat naar wat, in welke publicatie en door welke editie.

    Een nieuw jaar of een nieuwe KPI is geen revisie. Bijvoorbeeld: impact-kpi revisies --gemeente Breda --kpi "I 3.3.2"

    Alles, ook om te bewaren: impact-kpi query "from kpi_revisie" --uitvoer revisies.csv""",
)
@click.option("--gemeente", metavar="NAAM-OF-CODE", help="Alleen van deze gemeente.")
@click.option("--kpi", metavar="NUMMER", help="Alleen van deze KPI.")
@click.option(
    "--rijen",
    type=int,
    default=_SHOWN_ROWS,
    metavar="AANTAL",
    help=f"Toon hoogstens zoveel cijfers; 0 is alle. Zonder deze optie: {_SHOWN_ROWS}.",
)
@click.pass_obj
def revisies(choice: Choice, *, gemeente: str | None, kpi: str | None, rijen: int) -> None:
    """Show what changed between publications."""
    if rijen < 0:
        raise WrongUseError("--rijen is een aantal: 0 (alles) of meer.")
    with _opened(choice) as (publication, connection):
        show_revisions(connection, publication, Wanted(gemeente, kpi, rijen or None), sys.stdout)


@cli.command(
    short_help="Bouw een bewaarde publicatie opnieuw en vergelijk de twee.",
    help="""Bouw een bewaarde publicatie opnieuw uit het lake, en vergelijk haar tabel voor tabel met de bewaarde.

    Zo is aan te tonen waar een cijfer vandaan komt, ook maanden later. Nodig: dezelfde versie van Impact-KPI en de
    edities van toen. PUBLICATIE is de naam van de map, of actueel. Wat gepubliceerd is, blijft zoals het is; de herbouw
    komt in data/<soort>/herbouw.

    Eindigt met 0 als ze gelijk zijn, 1 als ze verschillen of als herbouwen niet kan, 3 als er al een herbouw loopt.""",
)
@click.argument("publicatie_id", metavar="PUBLICATIE")
@click.pass_obj
def herbouw(choice: Choice, publicatie_id: str) -> None:
    """Become the command that builds a publication again."""
    soort = choice.locations.soort
    _become([sys.executable, "-m", "orchestration.rebuild", soort, publicatie_id], dict(os.environ))


@cli.command(help="Wat er nu gepubliceerd is en hoe u het bekijkt.")
@click.pass_obj
def overzicht(choice: Choice) -> None:
    """Summarise the current publication."""
    with _opened(choice) as (publication, connection):
        last_run = read_last_run(choice.locations.last_run)
        soort = publication.manifest["soort"]
        command = called_as() if soort == "demo" else f"{called_as()} --soort {soort}"
        show_summary(connection, publication, last_run, sys.stdout, command=command)


@cli.command(
    short_help="De site: waar hij staat, hem bekijken, of kopiëren voor een intranet.",
    help="""De site van de publicatie: zonder opties waar hij staat. De bladzijden werken ook zonder server.

    Bijvoorbeeld: impact-kpi site --serveer, of impact-kpi site --naar /srv/impact-kpi-nieuw""",
)
@click.option(
    "--naar",
    metavar="MAP",
    type=click.Path(path_type=Path),
    help="Kopieer de publicatie met haar site naar een nieuwe of lege map, voor een intranet of andere host.",
)
@click.option("--serveer", is_flag=True, help="Toon de site op deze computer zelf, tot Ctrl-C; met --naar de kopie.")
@click.option(
    "--poort",
    type=click.IntRange(1, 65_535),
    default=_SITE_PORT,
    metavar="NUMMER",
    help=f"Poort op 127.0.0.1. Zonder deze optie: {_SITE_PORT}.",
)
@click.pass_obj
def site(choice: Choice, *, naar: Path | None, serveer: bool, poort: int) -> None:
    """Say where the site is, copy it, or show it."""
    from serving.site.command import copy_site, show_current, show_site, tell_where  # noqa: PLC0415 - half a second

    locations = choice.locations
    publication = find_publication(locations)
    if naar is not None:
        start = copy_site(publication, locations, naar)
        click.echo(f"De site staat in {start}")
        if serveer:
            show_site(start.parents[2], poort, sys.stdout)
    elif serveer:
        show_current(publication, locations, poort, sys.stdout)
    else:
        tell_where(publication, locations, sys.stdout, command=called_as())


@cli.command(
    short_help="Maak een map om mee te beginnen.",
    help="""Maak een map om mee te beginnen: profiel, eigen cijfers, instellingen, een sleutel en een voorbeeld van een
    levering.

    Wat er al staat, wordt nooit overschreven.""",
)
@click.argument("folder", metavar="MAP", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Write the files to start from."""
    written = start_folder(folder)
    home = written[0].parent
    example = _example(home / EXAMPLE_FOLDER)
    click.echo(f"Gemaakt in {home}:")
    for path in written:
        click.echo(f"  {path.relative_to(home)}")
    click.echo(f"  {EXAMPLE_FOLDER}/" if example else f"  (niet gemaakt: {EXAMPLE_FOLDER}/)")
    click.echo(_NEXT.format(home=home, example=EXAMPLE_FOLDER))


def _example(folder: Path) -> bool:
    """Let the command about deliveries write its templates; whether it did."""
    command = [sys.executable, "-m", "orchestration.levering", "sjabloon", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (our own interpreter)
    if done.returncode:
        click.echo(done.stderr, err=True, nl=False)
    return done.returncode == 0


@contextlib.contextmanager
def _opened(choice: Choice) -> Iterator[tuple[Publication, duckdb.DuckDBPyConnection]]:
    """Open the current publication, resolved once for the whole command."""
    publication = find_publication(choice.locations)
    connection = open_publication(publication)
    try:
        yield publication, connection
    finally:
        connection.close()


def software_version() -> str:
    """Return the version of the installed project."""
    try:
        return version(PROGRAM)
    except PackageNotFoundError:
        return "onbekend (niet geïnstalleerd)"


def called_as() -> str:
    """Return how the user can start this program from the current folder."""
    found = shutil.which(PROGRAM)
    started = Path(sys.argv[0])
    if found is not None or started.name != PROGRAM:
        return PROGRAM
    return os.path.relpath(started.resolve().parent / PROGRAM) if started.is_absolute() else str(started)


def main() -> None:
    """Entry point of the command `impact-kpi`."""
    cli(prog_name=PROGRAM)


if __name__ == "__main__":
    main()
