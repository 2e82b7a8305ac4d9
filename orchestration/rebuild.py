"""`python -m orchestration.rebuild <soort> <publicatie_id>`: build a kept publication again (`impact-kpi herbouw`).

Works in a folder of its own and reads only the lake and the kept publications, so a refresh may run at the same time.
Exit status: 0 equal · 1 different, or it cannot be built again · 2 wrong use · 3 another rebuild is running.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import duckdb
from rich.console import Console

from orchestration.progress import Progress, terminal_progress
from orchestration.project import dbt_executable
from orchestration.recipe import RECIPE_VERSION, code_in_use, tools_in_use, write_pins
from orchestration.settings import DBT_PROJECT
from serving.assemble import Stamp
from serving.errors import BusyError, ServingError, WrongUseError
from serving.locations import SOORTEN, Locations, locate
from serving.publish import MANIFEST, RECIPE, published_tables, read_intact, write_folder
from serving.rebuild import Comparison, compare
from serving.revision import History
from serving.shelf import CURRENT, build_folder, current_folder, hold, kept, remove_leftovers, settle
from sources.registry import LEVERING

_PARTS = {"dbt_project": "het rekenmodel (dbt_project)", "python": "de programmatuur (serving, orchestration)"}
# A line of dbt that says how far it is: "12 of 80 OK created sql table model ...".
_STEP = re.compile(r"(\d+) of (\d+) (?:OK|NO-OP|SKIP|ERROR)")
_MARKUP = re.compile(r"\x1b\[[0-9;]*m")
_OURS = ("IMPACT_KPI_", "DBT_", "DAGSTER_")
_MEMORY_VARIABLE = "IMPACT_KPI_GEHEUGEN"
_SHOWN_LINES = 15


class RebuildError(ServingError):
    """A publication cannot be built again; says why and what would help."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A publication that is to be built again.

    Attributes:
        folder: Where it lies.
        manifest: Its manifest.
        recipe: How it was built.
    """

    folder: Path
    manifest: Mapping[str, Any]
    recipe: Mapping[str, Any]

    @property
    def publicatie_id(self) -> str:
        """Name of the publication."""
        return self.folder.name


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rebuild came to.

    Attributes:
        folder: Where the rebuilt publication lies.
        comparison: How it compares with the kept one.
        revisions: Dutch sentence: how kpi_revisie was made.
        remarks: Dutch sentences that explain a difference, if there is one.
    """

    folder: Path
    comparison: Comparison
    revisions: str
    remarks: tuple[str, ...]


def rebuild(locations: Locations, publicatie_id: str, progress: Progress) -> Outcome:
    """Build a kept publication again from the lake and compare the two.

    Args:
        locations: Where the kind of data lies.
        publicatie_id: A kept publication, or `actueel`.
        progress: What to tell how far it is.

    Raises:
        WrongUseError: there is no such publication.
        RebuildError: it cannot be built again with this code and this lake; nothing was built.
        BusyError: another rebuild of this kind of data is running.
    """
    progress.step("nagaan of de publicatie te herbouwen is")
    publication = find_kept(locations.publications, publicatie_id)
    check_code(publication)
    editions = rebuilt_editions(publication.recipe, locations.lake)
    with _workshop(locations, publication.publicatie_id) as work:
        before = _set_aside(publication.folder, work)
        history, told = _history(publication, locations.publications, work)
        write_pins(publication.recipe, locations.lake, editions, work / "pins.json")
        progress.step("dbt bouwt de tabellen")
        _run_dbt(publication.recipe, work, progress)
        progress.step("wegschrijven")
        fresh = _write(publication, work, history)
        progress.step("vergelijken")
        comparison = compare(before, fresh)
        final = locations.rebuilds / publication.publicatie_id
        settle(fresh, final)
    return Outcome(final, comparison, told, _tool_remarks(publication.recipe))


def find_kept(publications: Path, publicatie_id: str) -> Kept:
    """Find a publication by its name, or by `actueel`, and read how it was made.

    Raises:
        WrongUseError: there is none with that name; the message lists those there are.
        RebuildError: it does not say how it was made.
    """
    there = {folder.name: folder for folder in kept(publications)} if publications.is_dir() else {}
    current = current_folder(publications)
    if current is not None:
        there[CURRENT] = current
    folder = there.get(publicatie_id)
    if folder is None:
        names = ", ".join(there) or "geen enkele"
        raise WrongUseError(f"Er is geen publicatie {publicatie_id!r} in {publications}. Wel: {names}.")
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        recipe = json.loads((folder / RECIPE).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise RebuildError(
            f"Publicatie {folder.name} is niet te herbouwen: {Path(error.filename).name} ontbreekt. Oudere versies van "
            f"Impact-KPI bewaarden niet hoe een publicatie is gemaakt."
        ) from None
    except (OSError, ValueError) as error:
        raise RebuildError(f"Publicatie {folder.name} is beschadigd en niet te herbouwen: {error}.") from None
    if recipe.get("bouw_versie") != RECIPE_VERSION:
        raise RebuildError(
            f"Publicatie {folder.name} beschrijft haar bouw op een manier die deze versie niet kent "
            f"(bouw_versie {recipe.get('bouw_versie')}). Installeer versie {manifest['software_versie']}."
        )
    return Kept(folder, manifest, recipe)


def check_code(publication: Kept) -> None:
    """Refuse when the code is another than the publication was made with: other code may give other figures.

    Raises:
        RebuildError: it is; says what differs and which version to install.
    """
    made_with, in_use = publication.recipe["code"], code_in_use()
    if made_with == in_use:
        return
    parts = [text for name, text in _PARTS.items() if made_with[name] != in_use[name]]
    what = f"Anders zijn: {', '.join(parts)}. " if parts else ""
    remedy = f"Installeer versie {made_with['versie']}"
    if made_with["versie"] == in_use["versie"]:
        remedy += f", zoals die was op {publication.manifest['published_at'][:10]}: de code is daarna veranderd"
    raise RebuildError(
        f"Publicatie {publication.publicatie_id} is gemaakt met Impact-KPI {made_with['versie']} "
        f"(code {_short(made_with)}); hier staat {in_use['versie']} (code {_short(in_use)}). {what}{remedy}, "
        f"en herbouw opnieuw."
    )


def rebuilt_editions(recipe: Mapping[str, Any], lake: Path) -> list[dict[str, Any]]:
    """The editions that the build reads: those of the publication, but never a delivery.

    What was published of a delivery is in its protected batch; the delivery itself is replaced or erased by now.

    Raises:
        RebuildError: an edition is not in the lake any more; the message names them.
    """
    lines = []
    gone = []
    for line in recipe["pins"]["editions"]:
        if line["path"] is None or line["bron"] == LEVERING:
            lines.append({**line, "path": None, "observation": False, "series": False})
            continue
        lines.append(line)
        if not _is_there(lake / line["path"], line["sha256"]):
            gone.append(f"{line['bron_id']} {line['edition_id']}")
    if gone:
        raise RebuildError(
            f"Niet te herbouwen: van deze bronnen is de editie niet (meer) heel in {lake}: {', '.join(gone)}. "
            f"Zet ze terug uit een reservekopie van het lake, en herbouw opnieuw."
        )
    return lines


def _is_there(folder: Path, sha256: str) -> bool:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    # Of a replaced delivery the manifest stays and the rows go; other editions are whole or not there.
    has_content = any(path.is_file() and path.name != MANIFEST for path in folder.rglob("*"))
    return bool(manifest.get("sha256") == sha256 and has_content)


def _short(code: Mapping[str, str]) -> str:
    return "-".join(code[name][:8] for name in _PARTS)


def _tool_remarks(recipe: Mapping[str, Any]) -> tuple[str, ...]:
    now = tools_in_use()
    return tuple(
        f"gebouwd met {name} {used}, herbouwd met {now.get(name, 'een onbekende versie')}"
        for name, used in recipe["gereedschap"].items()
        if used != now.get(name)
    )


@contextmanager
def _workshop(locations: Locations, publicatie_id: str) -> Iterator[Path]:
    """A folder to build in that nobody else uses; gone afterwards."""
    try:
        with hold(locations.rebuilds):
            remove_leftovers(locations.rebuilds)
            with build_folder(locations.rebuilds, publicatie_id) as work:
                yield work
    except BusyError:
        raise BusyError("Er loopt al een herbouw van deze soort gegevens. Wacht tot die klaar is.") from None


def _set_aside(folder: Path, work: Path) -> Path:
    """Keep hold of a publication's files, so that a refresh that clears old publications does not take them away."""
    target = work / "bewaard" / folder.name
    if target.exists():
        return target
    try:
        shutil.copytree(folder, target, copy_function=os.link)
    except (OSError, shutil.Error):
        # A file system without links.
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(folder, target)
    return target


def _history(publication: Kept, publications: Path, work: Path) -> tuple[History, str]:
    """Where the revisions come from: from comparing again when the publication before it is kept too."""
    compared_with = publication.manifest["revisie"]["vergeleken_met"]
    note = publication.manifest["revisie"]["toelichting"]
    if compared_with is None:
        return History(note=note), "kpi_revisie: deze publicatie was met geen andere vergeleken."
    previous = publications / compared_with
    if previous.is_dir() and read_intact(previous) is not None:
        return (
            History(previous=_set_aside(previous, work), note=note),
            f"kpi_revisie: opnieuw bepaald tegen publicatie {compared_with}.",
        )
    return (
        History(taken_over=_set_aside(publication.folder, work), note=note),
        f"kpi_revisie: overgenomen; publicatie {compared_with}, waarmee was vergeleken, wordt niet meer bewaard.",
    )


def _run_dbt(recipe: Mapping[str, Any], work: Path, progress: Progress) -> None:
    """Build every published table in a warehouse of its own.

    Raises:
        RebuildError: dbt stopped; the message holds the end of what it printed.
    """
    # The tests of the build were passed when it was published; what decides now is the comparison.
    command = [
        *(str(dbt_executable()), "--no-use-colors", "build", "--select", "+exposure:kpi_mart"),
        *("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
        *("--vars", json.dumps({"batch_dag": recipe["dag"]}), "--project-dir", str(DBT_PROJECT)),
    ]
    printed = []
    with subprocess.Popen(  # noqa: S603 - our own dbt, no shell
        command, env=_environment(recipe, work), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as dbt:
        try:
            for line in dbt.stdout or ():
                printed.append(_MARKUP.sub("", line).rstrip())
                if (step := _STEP.search(line)) is not None:
                    progress.advance("tabellen", int(step[1]), int(step[2]))
        except BaseException:
            dbt.terminate()
            raise
    if dbt.returncode:
        shown = "\n".join(printed[-_SHOWN_LINES:])
        raise RebuildError(f"De tabellen konden niet worden gebouwd; dbt zei:\n{shown}")


def _environment(recipe: Mapping[str, Any], work: Path) -> dict[str, str]:
    """The environment of dbt: nothing of this installation's settings but the memory it may use."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(_OURS) or name == _MEMORY_VARIABLE
    }
    return {
        **inherited,
        "IMPACT_KPI_WAREHOUSE": str(work / "warehouse.duckdb"),
        "IMPACT_KPI_PINS": str(work / "pins.json"),
        "IMPACT_KPI_INDELINGSJAAR": str(recipe["instellingen"]["indelingsjaar"] or ""),
        "IMPACT_KPI_BATCH": "herbouw",
        "DBT_PROFILES_DIR": str(DBT_PROJECT),
        "DBT_TARGET_PATH": str(work / "target"),
        "DBT_LOG_PATH": str(work / "logs"),
        "DO_NOT_TRACK": "1",
    }


def _write(publication: Kept, work: Path, history: History) -> Path:
    """Write the publication that dbt built, under the name and moment of the kept one."""
    fresh = work / "publicatie"
    fresh.mkdir()
    manifest = publication.manifest
    stamp = Stamp(
        publication.publicatie_id,
        datetime.fromisoformat(manifest["published_at"]),
        manifest["soort"],
        manifest["software_versie"],
        f"herbouw {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} van {manifest['run_id']}",
    )
    write_folder(
        fresh,
        work / "warehouse.duckdb",
        published_tables(work / "target" / "manifest.json"),
        stamp=stamp,
        editions=manifest["edities"],
        recipe=publication.recipe,
        history=history,
    )
    return fresh


def print_outcome(console: Console, publicatie_id: str, outcome: Outcome) -> None:
    """Say whether the two are equal, and if not what differs."""
    comparison = outcome.comparison
    rows = f"{comparison.rows:,}".replace(",", ".")
    if not comparison.differences:
        console.print(
            f"[green]Gelijk:[/green] publicatie {publicatie_id} is herbouwd; {comparison.tables} tabellen met {rows} "
            f"rijen zijn dezelfde als de bewaarde.",
            soft_wrap=True,
        )
    else:
        console.print(f"[red]Verschillend:[/red] de herbouw van {publicatie_id} wijkt af.", soft_wrap=True)
    for difference in comparison.differences:
        told = difference.remark or (
            f"{difference.only_kept} rijen staan alleen in de bewaarde publicatie, {difference.only_rebuilt} alleen in "
            f"de herbouw"
        )
        console.print(f"  {difference.table}: {told}", soft_wrap=True)
    console.print(outcome.revisions, soft_wrap=True)
    for remark in outcome.remarks:
        console.print(f"[yellow]Let op:[/yellow] {remark}", soft_wrap=True)
    console.print(f"De herbouw staat in {outcome.folder}", soft_wrap=True, markup=False, highlight=False)


def main(arguments: list[str]) -> int:
    """Rebuild the publication that the arguments name; returns the exit status."""
    try:
        soort = next((known for known in SOORTEN if arguments[:1] == [known]), None)
        if soort is None or len(arguments) != 2:  # noqa: PLR2004 - kind and publication
            raise WrongUseError("Gebruik: impact-kpi herbouw PUBLICATIE")
        console = Console(file=sys.stdout, highlight=False)
        with terminal_progress(console) as progress:
            outcome = rebuild(locate(soort), arguments[1], progress)
    except ServingError as error:
        click.echo(str(error), err=True)
        return error.exit_status
    except (OSError, duckdb.Error) as error:
        click.echo(f"De herbouw is mislukt: {error}", err=True)
        return ServingError.exit_status
    print_outcome(console, outcome.folder.name, outcome)
    return 1 if outcome.comparison.differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
