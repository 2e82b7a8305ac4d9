"""Build the own-data models of the dbt project on the delivery that lies in the data folder of the environment."""

from __future__ import annotations

import os
import sys

from dbt.cli.main import dbtRunner

from orchestration.settings import DBT_PROJECT, REGISTRY, apply_environment, load_settings
from sources.lake import pin_editions
from sources.registry import load_registry


def main() -> int:
    """Pin the lake as it stands and run dbt up to the exact figures."""
    settings = load_settings()
    apply_environment(settings)
    pin_editions(settings.locations.lake, load_registry(REGISTRY).tables.values(), [], settings.pins)
    # Tests that also read tables beyond these would fail on a warehouse that has only these.
    select = [
        "--select",
        "+int_eigen_waarde",
        "--indirect-selection",
        "buildable",
        "--exclude-resource-type",
        "unit_test",
    ]
    project = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", os.environ["DBT_PROFILES_DIR"]]
    return 0 if dbtRunner().invoke(["--quiet", "build", *select, *project]).success else 1


if __name__ == "__main__":
    sys.exit(main())
