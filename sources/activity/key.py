"""The key that identifiers are pseudonymised with: found in the environment, or nothing starts.

What does not belong here: the pseudonyms themselves.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sources.errors import KeyMissingError

KEY_VARIABLE = "IMPACT_KPI_SLEUTEL"
KEY_FILE_VARIABLE = "IMPACT_KPI_SLEUTEL_BESTAND"
DEMO_KEY = hashlib.sha256(b"Impact-KPI: published key of the demo organisation, protects nothing").digest()

_MINIMUM_BYTES = 32
_MINIMUM_DISTINCT = 8
_ID_MESSAGE = b"impact-kpi|sleutel_id"
_MAKE_ONE = (
    "Maak er een met: python -c 'import secrets; print(secrets.token_hex(32))' "
    "en bewaar hem buiten het project, zoals een wachtwoord."
)

Soort = Literal["productie", "demo"]


@dataclass(frozen=True, slots=True)
class Key:
    """A key and its public name.

    Attributes:
        value: at least 32 bytes; never shown.
        sleutel_id: eight hex digits that identify the key without giving anything of it away.
    """

    value: bytes = field(repr=False)
    sleutel_id: str


def make_key(value: bytes) -> Key:
    """Give bytes their public name."""
    return Key(value, hmac.new(value, _ID_MESSAGE, hashlib.sha256).hexdigest()[:8])


def load_key(environment: Mapping[str, str], soort: str = "productie") -> Key:
    """Find the key: hex in IMPACT_KPI_SLEUTEL, or in the file that IMPACT_KPI_SLEUTEL_BESTAND names.

    Args:
        environment: of the process.
        soort: "demo" where the published demo key may be used; anywhere else it is refused.

    Raises:
        KeyMissingError: there is no key, there are two, or it is too weak to protect anybody.
    """
    inline, file = environment.get(KEY_VARIABLE, "").strip(), environment.get(KEY_FILE_VARIABLE, "").strip()
    if inline and file:
        raise KeyMissingError(
            f"{KEY_VARIABLE} en {KEY_FILE_VARIABLE} zijn allebei gezet. "
            "Laat er één staan, dan is duidelijk welke geldt."
        )
    if not inline and not file:
        raise KeyMissingError(
            f"er is geen sleutel om mee te pseudonimiseren: zet {KEY_VARIABLE} (hex) of "
            f"{KEY_FILE_VARIABLE} (een bestand met de hex). {_MAKE_ONE}"
        )
    place = KEY_VARIABLE if inline else f"het bestand van {KEY_FILE_VARIABLE}"
    value = _decode(inline or _read(Path(file)), place)
    _check_strength(value, place, soort)
    return make_key(value)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyMissingError(
            f"het sleutelbestand {path} van {KEY_FILE_VARIABLE} is niet te lezen ({type(error).__name__}). "
            "Controleer het pad en de leesrechten; in het bestand staat alleen de hex van de sleutel."
        ) from None


def _decode(text: str, place: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        # The text of the error would show part of the key.
        raise KeyMissingError(f"de sleutel in {place} is geen hex. {_MAKE_ONE}") from None


def _check_strength(value: bytes, place: str, soort: str) -> None:
    if len(value) < _MINIMUM_BYTES:
        raise KeyMissingError(
            f"de sleutel in {place} heeft {len(value)} bytes en dat moeten er {_MINIMUM_BYTES} zijn. {_MAKE_ONE}"
        )
    if len(set(value)) < _MINIMUM_DISTINCT:
        raise KeyMissingError(f"de sleutel in {place} is niet willekeurig: er zit een patroon in. {_MAKE_ONE}")
    if hmac.compare_digest(value, DEMO_KEY) and soort != "demo":
        raise KeyMissingError(
            f"de sleutel in {place} is de openbare sleutel van de demo en beschermt niemand. {_MAKE_ONE}"
        )
