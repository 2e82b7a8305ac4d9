"""What `impact-kpi site` does: say where the site is, copy it for a host elsewhere, or show it on this computer."""

import shutil
import signal
from pathlib import Path
from typing import TextIO

from serving.errors import NoPublicationError, PublicationError, WrongUseError
from serving.extras import Extras, write_extras
from serving.locations import LAST_RUN, Locations
from serving.publication import START, Publication
from serving.shelf import CURRENT
from serving.site.serve import SiteServer

# What a host shows at its bare address.
_ENTRANCE = f"""<!doctype html>
<html lang="nl">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url={CURRENT}/{START.as_posix()}">
<title>Impact-KPI</title>
</head>
<body><p><a href="{CURRENT}/{START.as_posix()}">Naar Impact-KPI</a></p></body>
</html>
"""


def tell_where(publication: Publication, locations: Locations, out: TextIO, *, command: str) -> None:
    """Say where the site of the current publication is and how to look at it.

    Args:
        publication: The current one.
        locations: Where its kind of data lies.
        out: Where to write.
        command: How the user starts this program.

    Raises:
        NoPublicationError: it has no site.
    """
    _check_site(publication)
    lines = (
        *([publication.notice, ""] if publication.notice else []),
        f"De site van publicatie {publication.publicatie_id}:",
        f"  {locations.publications / CURRENT / START}",
        "",
        f"Open dat bestand in een browser, of bekijk het met {command} site --serveer",
        f"Voor een intranet of een andere host: {command} site --naar MAP",
    )
    out.write("\n".join(lines) + "\n")


def copy_site(publication: Publication, locations: Locations, target: Path) -> Path:
    """Copy a publication to a folder that a host can show; one of an older release gets a site there.

    Args:
        publication: What to copy.
        locations: Where its kind of data lies.
        target: A new or empty folder. The pages find the report of the last run in it, beside the copy.

    Returns:
        The page to open.

    Raises:
        WrongUseError: the folder is not empty, lies among the publications, or cannot be written.
        NoPublicationError: no site can be made of this publication.
    """
    root = target.expanduser().resolve()
    _check_target(root, locations)
    folder = root / CURRENT
    try:
        # The files of a publication are read-only; a copy is its owner's to throw away.
        shutil.copytree(publication.folder, folder, copy_function=shutil.copyfile)
        if not publication.has_site:
            write_extras(folder, publication.manifest, Extras())
        if locations.last_run.is_file():
            shutil.copyfile(locations.last_run, root / LAST_RUN)
        # Last: a copy that was broken off has no entrance.
        (root / "index.html").write_text(_ENTRANCE, encoding="utf-8")
    except (OSError, shutil.Error) as error:
        raise WrongUseError(
            f"Kopiëren naar {root} is niet gelukt: {error}. Gooi de map weg en begin opnieuw."
        ) from error
    except PublicationError as error:
        raise NoPublicationError(
            f"Van publicatie {publication.publicatie_id} is geen site te maken: {error}"
        ) from error
    return folder / START


def show_site(folder: Path, port: int, out: TextIO) -> None:
    """Serve a folder of publications on this computer until Ctrl-C or SIGTERM.

    Raises:
        WrongUseError: the port cannot be used.
    """
    with SiteServer(folder, port) as server:
        # Ctrl-C too: who is started in the background of a shell inherits that it is ignored.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler)
        out.write(f"De site staat op {server.address}  -  stoppen met Ctrl-C\n")
        out.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            out.write("Gestopt.\n")


def show_current(publication: Publication, locations: Locations, port: int, out: TextIO) -> None:
    """Serve the publications on this computer, the current one first.

    Raises:
        NoPublicationError: the current one has no site.
        WrongUseError: the port cannot be used.
    """
    _check_site(publication)
    show_site(locations.publications, port, out)


def _check_site(publication: Publication) -> None:
    if not publication.has_site:
        raise NoPublicationError(
            f"Publicatie {publication.publicatie_id} is gemaakt door een versie zonder site. Draai `make mart` (of "
            f"impact-kpi refresh) voor een nieuwe publicatie, of maak er een site van in een andere map: impact-kpi "
            f"site --naar MAP"
        )


def _check_target(root: Path, locations: Locations) -> None:
    if root.is_relative_to(locations.publications.resolve()):
        raise WrongUseError(f"{root} ligt in de map van de publicaties; die blijft zoals hij is. Kies een andere.")
    if root.exists() and not root.is_dir():
        raise WrongUseError(f"{root} is een bestand. Noem een map die nieuw of leeg is.")
    if root.is_dir() and any(root.iterdir()):
        raise WrongUseError(f"{root} is niet leeg, en wat er staat wordt nooit overschreven. Noem een nieuwe map.")
