"""What a fresh machine meets: the lock, and a clear refusal of a Python that cannot work."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]

# Runs what `make` hands to `python -c`, pretending to be another version.
PRETENDER = """#!/bin/sh
exec "{python}" -c 'import sys; sys.version_info = {version}; exec(sys.argv[1])' "$2"
"""


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 14, 0)])
def test_an_unsupported_python_is_refused_with_the_remedy(tmp_path: Path, version: tuple[int, int, int]) -> None:
    """A newcomer would see a resolver's traceback instead of which Python to use."""
    pretender = tmp_path / "python"
    pretender.write_text(PRETENDER.format(python=sys.executable, version=version))
    pretender.chmod(0o755)
    done = subprocess.run(
        ["make", "setup", f"VENV={tmp_path / 'venv'}", f"PYTHON={pretender}"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "needs Python 3.11, 3.12 or 3.13" in done.stderr
    assert f"Python {version[0]}.{version[1]}" in done.stderr
    assert not (tmp_path / "venv").exists()


def test_the_lock_pins_everything_with_hashes_and_names_no_index() -> None:
    """A package could change under a pinned version, or an install would depend on one machine's index."""
    lock = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    requirements = [line for line in lock.splitlines() if re.match(r"^[A-Za-z0-9]", line)]
    assert len(requirements) > 100
    assert all("==" in line for line in requirements), [line for line in requirements if "==" not in line]
    assert lock.count("--hash=sha256:") >= len(requirements)
    assert "://" not in lock
    assert not re.search(r"^--(?!hash)", lock, re.MULTILINE)


def test_the_readme_shows_only_commands_that_exist() -> None:
    """The first thing a newcomer types would be an unknown target."""
    targets = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", readme, re.MULTILINE))
    assert {"mart", "test", "ui", "lint"} <= named
    assert named <= targets
