"""Finding the gemeente a person means: by code, by name without capitals or accents, or by its everyday name.

Works on the names of the publication itself, so it knows exactly the gemeenten that have a row there.
"""

import difflib
import re
import unicodedata
from collections.abc import Mapping

from serving.errors import WrongUseError

# Names in daily use that differ from the official ones; both sides as `simplify` leaves them.
EVERYDAY = {"den haag": "s gravenhage", "den bosch": "s hertogenbosch", "nl": "nederland"}
_SUFFIX = re.compile(r"\s*\([^)]*\)\s*$")


def find_gemeente(wanted: str, names: Mapping[str, str]) -> str:
    """Return the code of the gemeente that is meant.

    Args:
        wanted: What the user typed: GM0758, 758, Breda, súdwest-fryslân, Den Haag.
        names: Code to official name, of every area that may be asked for.

    Raises:
        WrongUseError: when there is no such gemeente, or more than one; names the candidates, in Dutch.
    """
    code = _as_code(wanted)
    if code in names:
        return code
    simple = simplify(wanted)
    simple = EVERYDAY.get(simple, simple)
    exact = [code for code, name in names.items() if simplify(name) == simple]
    matches = exact or [code for code, name in names.items() if simplify(_SUFFIX.sub("", name)) == simple]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise WrongUseError(f"Er zijn meer gemeenten die {wanted} heten: {_listed(matches, names)}. Kies er een.")
    raise WrongUseError(_unknown(wanted, simple, names))


def _as_code(wanted: str) -> str:
    text = wanted.strip().upper()
    digits = text.removeprefix("GM")
    return f"GM{digits:0>4}" if digits.isdigit() and len(digits) <= 4 else text  # noqa: PLR2004 (GM + 4 digits)


def simplify(name: str) -> str:
    """Leave letters without capitals or accents and digits, with one space for whatever else there is."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(re.findall(r"[a-z0-9]+", letters))


def _unknown(wanted: str, simple: str, names: Mapping[str, str]) -> str:
    codes = {simplify(name): code for code, name in names.items()}
    codes |= {everyday: codes[official] for everyday, official in EVERYDAY.items() if official in codes}
    near = difflib.get_close_matches(simple, codes, n=3, cutoff=0.6)
    near += [key for key in codes if simple and key.startswith(simple)]
    found = list(dict.fromkeys(codes[key] for key in near))[:3]
    guess = f" Bedoelt u {_listed(found, names)}?" if found else ""
    return (
        f"Er is geen gemeente {wanted!r} in deze publicatie.{guess} Alle namen: "
        f'impact-kpi query "select gemeente_code, gemeente_naam from gemeente order by 2" --rijen 0'
    )


def _listed(codes: list[str], names: Mapping[str, str]) -> str:
    return " of ".join(f"{names[code]} ({code})" for code in codes)
