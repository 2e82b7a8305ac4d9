"""The dbt project and its manifest. Does not know Dagster, which takes seconds to import: @dbt_assets is in mart.py."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from orchestration.settings import DBT_PROJECT, Settings

_IGNORED = {"target", "logs", "__pycache__"}


def dbt_executable() -> Path:
    """The dbt of this very environment; PATH may hold another one."""
    return Path(sys.executable).with_name("dbt")


def ensure_manifest(settings: Settings) -> Path:
    """Make the manifest when it is missing or older than any file of dbt_project/, and return its path.

    A manifest of another state keeps deleted models in the graph, so the content of the project is
    compared, not the clock. Needs the environment of `apply_environment`; touches no network.

    Raises:
        RuntimeError: dbt cannot parse the project; the message holds what dbt printed.
    """
    stamp = settings.target / "manifest.stamp"
    fingerprint = project_fingerprint(DBT_PROJECT)
    if settings.manifest.is_file() and stamp.is_file() and stamp.read_text() == fingerprint:
        return settings.manifest
    settings.target.mkdir(parents=True, exist_ok=True)
    parsed = subprocess.run(  # noqa: S603 - our own dbt, no shell
        [str(dbt_executable()), "parse", "--quiet", "--project-dir", str(DBT_PROJECT)],
        capture_output=True,
        text=True,
        check=False,
    )
    if parsed.returncode != 0:
        raise RuntimeError(f"dbt could not parse {DBT_PROJECT}:\n{parsed.stdout}{parsed.stderr}")
    stamp.write_text(fingerprint)
    return settings.manifest


def project_fingerprint(folder: Path) -> str:
    """Hash every file of the dbt project by path and content."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not _IGNORED.intersection(path.relative_to(folder).parts):
            digest.update(str(path.relative_to(folder)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
