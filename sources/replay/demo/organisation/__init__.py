"""The invented organisation: its own registration, delivered as the messy exports that real systems make.

Nobody in it exists. It goes into the demo archive, so that the organisation's own KPIs have figures there; reading it
takes the same road as any delivery, and nothing of that reading is in here.
"""

from sources.replay.demo.organisation.delivery import (
    FOLDER,
    MAPPING,
    ORGANISATION,
    ORGANISATION_NAME,
    Delivered,
    write_delivery,
)
from sources.replay.demo.organisation.questionnaires import SCALE_FILE

__all__ = ["FOLDER", "MAPPING", "ORGANISATION", "ORGANISATION_NAME", "SCALE_FILE", "Delivered", "write_delivery"]
