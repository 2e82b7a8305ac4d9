"""The demo archive: invented figures for every table that the registry loads, in the shape of the real services.

Made from the registry alone, so a new row there gives a new table here. Used by the demo and by tests; nothing that is
published from it is real.
"""

from sources.replay.demo.build import DEFAULT_SEED, ensure_demo_archive, generate

__all__ = ["DEFAULT_SEED", "ensure_demo_archive", "generate"]
