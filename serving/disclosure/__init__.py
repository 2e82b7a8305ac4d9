"""Disclosure control: what stands between the exact figures of the organisation and what readers may see.

`protect` hides and rounds until nobody can be found; `attack` tries to undo it from what was published alone. Plain
rows in, plain rows out: reading the warehouse and deciding when a batch is due belong to dbt.
"""

from serving.disclosure.attack import Bound, attack, leaks
from serving.disclosure.catalogue import Catalogue
from serving.disclosure.parameters import Parameters
from serving.disclosure.protect import Protection, protect
from serving.disclosure.rows import ExactRow, ProtectedRow

__all__ = [
    "Bound",
    "Catalogue",
    "ExactRow",
    "Parameters",
    "ProtectedRow",
    "Protection",
    "attack",
    "leaks",
    "protect",
]
