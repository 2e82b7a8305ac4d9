"""Data inside a page or a script: JSON that cannot end the element it stands in, whatever text is in it."""

import json
from typing import Any

import markupsafe

# Beside what would end a script element, the two line ends that JSON allows and older scripts do not.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def embed_json(value: Any) -> markupsafe.Markup:
    """Write a value for a `<script type="application/json">` block.

    Args:
        value: Anything JSON knows; NaN and infinity are not among it.

    Raises:
        ValueError: when a number is not finite.
    """
    return markupsafe.Markup(_json(value))  # noqa: S704  nothing in it can end the element


def script_text(name: str, value: Any) -> str:
    """Write a classic script that hands a value to the page that loads it.

    Args:
        name: The name under which a page asks for it with `impactKpi.laad(path, name, ...)`.
        value: As for `embed_json`.
    """
    return f"impactKpi.ontvang({_json(name)},{_json(value)});\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(_ESCAPES)
