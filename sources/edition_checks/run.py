"""Which checks apply to which source family, and running those on an edition before it comes into use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from sources.edition_checks import bereik, dekking, kolommen, landelijk, omvang, perioden, sleutels, somregel, versheid
from sources.edition_checks.model import CheckContext, EditionCheck
from sources.edition_checks.subject import Subject, open_subject
from sources.errors import EditionRefusedError

if TYPE_CHECKING:
    from sources.lake import Edition, Manifest

# Made on every edition; one that an edition has no matter for passes without cost.
_CHECKS: tuple[Callable[[Subject], EditionCheck], ...] = (
    kolommen.check,
    omvang.check,
    perioden.check,
    sleutels.check,
    bereik.check,
    landelijk.check,
    dekking.check,
)
_SERVICE = ("kolommen", "omvang", "perioden", "sleutels", "bereik", "landelijk", "dekking", "versheid")
# What is shown per family: those that can fail there.
APPLIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cbs": _SERVICE,
        "rivm": _SERVICE,
        "politie": _SERVICE,
        "leefbaarometer": ("omvang", "perioden", "sleutels", "bereik", "dekking", "somregel"),
        "handmatig": ("omvang", "perioden", "sleutels"),
        "gebieden": ("kolommen", "omvang"),
        "herindeling": ("kolommen", "omvang"),
        "grenzen": ("omvang",),
        "levering": ("omvang",),
        "beschermd": ("omvang",),
    }
)
# One sentence each that tells what stands and what to do when it does not.
DESCRIPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "kolommen": "De kolommen zijn die van de vorige editie; zo niet, kijk of ze nog hetzelfde betekenen.",
        "omvang": "De tabel is niet veel kleiner dan de vorige keer; zo wel, vergelijk met de bron.",
        "perioden": "Elke periode is bekend en niet van de toekomst; zo niet, meld het bij de bron.",
        "sleutels": "Geen cijfer staat er dubbel in; zo wel, ververs opnieuw.",
        "bereik": "Elke waarde past bij haar eenheid (unit_range.csv); zo niet, vergelijk met StatLine.",
        "landelijk": "Het landelijke cijfer past bij de gemeenten; zo niet, vergelijk met StatLine.",
        "dekking": "Niet minder gemeenten hebben een cijfer dan de vorige keer; zo wel, vergelijk met StatLine.",
        "somregel": "De kolommen van de Leefbaarometer tellen op; zo niet, bekijk het bestand bij de bron.",
        "versheid": "De bron vernieuwt de tabel in haar eigen ritme; zo niet, zoek haar opvolger.",
    }
)
NAMES = (kolommen.NAME, omvang.NAME, perioden.NAME, sleutels.NAME, bereik.NAME, landelijk.NAME, dekking.NAME,
         somregel.NAME, versheid.NAME)  # fmt: skip


def check_edition(
    folder: Path,
    manifest: Manifest,
    previous: Edition | None,
    *,
    observation: str,
    series: str,
    pointer: Path,
    context: CheckContext | None = None,
    rows_expected: bool = True,
) -> tuple[EditionCheck, ...]:
    """Run the checks of an edition in the making.

    Args:
        folder: the edition, without its manifest.
        manifest: complete but for the hash.
        previous: the edition in use.
        observation: name of the folder with observations.
        series: name of the file with series rows.
        pointer: file that names the edition in use.
        context: what the registry says; None for a table that is not made from series.
        rows_expected: whether an edition without observations is wrong.

    Raises:
        EditionRefusedError: a folder for observations without a single file.
    """
    home = folder / observation
    parts = tuple(str(part) for part in sorted(home.glob("*.parquet")))
    if home.is_dir() and not parts:
        raise EditionRefusedError(f"{manifest.bron_id}: de map {observation} bevat geen enkel Parquet-bestand")
    file = folder / series
    with open_subject(
        folder.with_name(f"{folder.name}-spill"),
        manifest=manifest,
        parts=parts,
        series=file if file.exists() else None,
        previous=previous,
        context=context,
        pointer=pointer,
        rows_expected=rows_expected,
    ) as subject:
        made = (*(check(subject) for check in _CHECKS), *(context.found if context is not None else ()))
    shown = APPLIES.get(manifest.bron, ())
    return tuple(check for check in made if not check.passed or check.name in shown)


def refuse_failed(bron_id: str, checks: tuple[EditionCheck, ...]) -> None:
    """Keep an edition out of use when a check says that its figures would be wrong.

    Raises:
        EditionRefusedError: with the checks that failed, and what each of them says.
    """
    if any(check.refuses for check in checks):
        message = " | ".join(check.melding for check in checks if check.refuses)
        raise EditionRefusedError(f"{bron_id}: {message}", checks=tuple(check for check in checks if not check.passed))
