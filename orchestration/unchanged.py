"""Whether anything that decides the content of the mart changed since the last build; if not, dbt is left alone.

What decides it is what a publication is built again from (`recipe`): the editions and what is said of them, the code
with the registry, the settings. A publication that was removed or damaged counts as a change, so that the next night
mends it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg

from orchestration.pins import read_pins
from orchestration.recipe import make_recipe
from orchestration.settings import BATCH_VARIABLE, Settings
from serving.extras import pages_hash
from serving.publish import read_intact
from serving.shelf import current_folder
from sources.registry import LEVERING
from sources.whole_file import write_whole

METADATA = {"ongewijzigd": True}
_STAMP = "gebouwd.json"
_WARNINGS = "waarschuwingen"
# Both mean that the edition is the one to use: whether it came in tonight changes no figure.
_IN_USE = {"ververst": "ongewijzigd"}
_ZONE = ZoneInfo("Europe/Amsterdam")


def nothing_changed(settings: Settings) -> bool:
    """Whether a build would give the publication that stands: then there is nothing to build.

    Never so when a full refresh or a batch of own figures was asked for.
    """
    if settings.volledig or os.environ.get(BATCH_VARIABLE):
        return False
    stamp = _read(_stamp(settings))
    folder = current_folder(settings.locations.publications)
    if stamp is None or folder is None or not settings.locations.warehouse.is_file():
        return False
    return (
        stamp.get("publicatie_id") == folder.name
        and stamp.get("kenmerk") == fingerprint(settings, read_pins(settings.pins))
        and read_intact(folder) is not None
    )


def forget_built(settings: Settings) -> None:
    """Forget what was built, before dbt begins: a build that is killed half-way must not pass for a whole one."""
    _stamp(settings).unlink(missing_ok=True)


def note_built(settings: Settings, run_id: str, warnings: Iterable[dg.AssetCheckResult] = ()) -> None:
    """Remember that this run built and tested every model, and which tests warned."""
    _write(_stamp(settings), {"run_id": run_id, _WARNINGS: [_to_json(warning) for warning in warnings]})


def note_published(settings: Settings, run_id: str, publicatie_id: str) -> None:
    """Remember what the publication that stands was built from, when this very run built all of it.

    A publication that is made by hand in the UI, of a warehouse that was built in parts, proves nothing.
    """
    stamp = _read(_stamp(settings)) or {}
    if stamp.get("run_id") != run_id:
        return
    kenmerk = fingerprint(settings, read_pins(settings.pins))
    _write(_stamp(settings), {**stamp, "publicatie_id": publicatie_id, "kenmerk": kenmerk})


def fingerprint(settings: Settings, pins: Mapping[str, Any], today: datetime | None = None) -> str:
    """Hash of all that decides the content of a publication, and of what its pages look like.

    Args:
        settings: of the run.
        pins: the editions of the build.
        today: moment of the build, with a time zone; now by default.
    """
    recipe = make_recipe(settings, pins, dag=_month(pins, today))
    # What is missing is said of the editions too; a first batch comes in after that list was made.
    told = {name: value for name, value in recipe["pins"].items() if name != "missing"}
    lines = sorted((_without_night(line) for line in pins["editions"]), key=lambda line: str(line["bron_id"]))
    recipe["pins"] = {**told, "editions": lines}
    # The recipe knows the Python code only: a template or a style sheet decides no figure.
    recipe["bladzijden"] = pages_hash()
    return hashlib.sha256(json.dumps(recipe, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def unchanged_assets(
    context: dg.AssetExecutionContext, handed_on: Collection[str]
) -> Iterator[dg.MaterializeResult[Any]]:
    """Say of every selected model that it is as it was, and hand on those that other steps wait for.

    An asset that is not emitted would make what depends on it skip silently. The others are only observed: that is
    all there is to say, at a tenth of the cost. Without a version of its own Dagster derives one from code and inputs,
    which are the same, so the version stays.

    Args:
        context: of the step.
        handed_on: names of the models that another step depends on.
    """
    selected = context.selected_asset_keys
    depends_on = {key: context.assets_def.asset_deps[key] & selected for key in selected}
    for key in TopologicalSorter(depends_on).static_order():
        if key.path[-1] in handed_on:
            yield dg.MaterializeResult(asset_key=key, metadata=METADATA)
        else:
            context.log_event(dg.AssetObservation(asset_key=key, metadata=METADATA))


def warnings_that_stand(settings: Settings, selected: Collection[dg.AssetCheckKey]) -> Iterator[dg.AssetCheckResult]:
    """The tests that warned of the mart that stands: left unsaid, a night without news would read as mended.

    Args:
        settings: of the run.
        selected: the checks that the step may tell of.
    """
    for stored in (_read(_stamp(settings)) or {}).get(_WARNINGS, []):
        if dg.AssetCheckKey(dg.AssetKey(stored["asset"]), stored["naam"]) in selected:
            yield dg.AssetCheckResult(
                asset_key=stored["asset"],
                check_name=stored["naam"],
                passed=False,
                severity=dg.AssetCheckSeverity.WARN,
                description=stored["melding"],
                metadata=stored["metadata"],
            )


def _to_json(warning: dg.AssetCheckResult) -> dict[str, Any]:
    values = {name: getattr(value, "value", None) for name, value in (warning.metadata or {}).items()}
    return {
        "asset": list(warning.asset_key.path) if warning.asset_key else [],
        "naam": warning.check_name,
        "melding": warning.description,
        "metadata": {name: value for name, value in values.items() if isinstance(value, str | int | float)},
    }


def _month(pins: Mapping[str, Any], today: datetime | None) -> str:
    """The month, where there is a delivery: a new batch of own figures is due in the first night of one."""
    if not any(line["bron"] == LEVERING and line["path"] for line in pins["editions"]):
        return ""
    return f"{(today or datetime.now(_ZONE)).astimezone(_ZONE):%Y-%m}"


def _without_night(line: Mapping[str, Any]) -> dict[str, Any]:
    return {**line, "state": _IN_USE.get(line["state"], line["state"])}


def _stamp(settings: Settings) -> Path:
    return settings.locations.dbt / _STAMP


def _write(path: Path, content: Mapping[str, Any]) -> None:
    write_whole(path, json.dumps(content, ensure_ascii=False) + "\n")


def _read(path: Path) -> dict[str, Any] | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None
