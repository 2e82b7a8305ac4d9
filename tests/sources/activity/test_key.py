"""No key, no start: the key is found in the environment or nothing is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from sources.activity.key import DEMO_KEY, KEY_FILE_VARIABLE, KEY_VARIABLE, Key, load_key, make_key
from sources.errors import KeyMissingError

GOOD = bytes(range(7, 39)).hex()


def test_a_key_comes_from_the_environment_or_from_a_file(tmp_path: Path) -> None:
    """A secret store hands over a file; both ways have to give the same pseudonyms."""
    file = tmp_path / "sleutel"
    file.write_text(f"{GOOD}\n", encoding="ascii")
    key = load_key({KEY_VARIABLE: GOOD})
    assert load_key({KEY_FILE_VARIABLE: str(file)}) == key
    assert key.value == bytes.fromhex(GOOD)


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, "er is geen sleutel"),
        ({KEY_VARIABLE: "  "}, "er is geen sleutel"),
        ({KEY_VARIABLE: GOOD, KEY_FILE_VARIABLE: "/x"}, "allebei gezet"),
        ({KEY_VARIABLE: GOOD[:62]}, "heeft 31 bytes"),
        ({KEY_VARIABLE: "geheim wachtwoord"}, "geen hex"),
        ({KEY_VARIABLE: "ab" * 32}, "niet willekeurig"),
        ({KEY_VARIABLE: "0123456789abcd" * 5}, "niet willekeurig"),
        ({KEY_VARIABLE: DEMO_KEY.hex()}, "openbare sleutel van de demo"),
        ({KEY_FILE_VARIABLE: "/er/is/niets"}, "niet te lezen (FileNotFoundError)"),
    ],
)
def test_a_missing_or_weak_key_stops_everything(environment: dict[str, str], message: str) -> None:
    """Pseudonyms made with a key that everybody knows or can guess are no pseudonyms."""
    with pytest.raises(KeyMissingError) as raised:
        load_key(environment)
    assert message in str(raised.value)
    assert all(
        value.strip() not in str(raised.value)
        for name, value in environment.items()
        if name == KEY_VARIABLE and value.strip()
    )


def test_the_demo_key_is_for_the_demo_alone() -> None:
    """A newcomer has to be able to see the demo; real clients under its key would be there for all to find."""
    with pytest.raises(KeyMissingError, match="er is geen sleutel"):
        load_key({}, "demo")
    assert load_key({KEY_VARIABLE: DEMO_KEY.hex()}, "demo").value == DEMO_KEY


def test_a_key_never_shows_itself() -> None:
    """A key in a log or a traceback undoes every pseudonym ever made with it."""
    key = make_key(bytes.fromhex(GOOD))
    assert GOOD not in repr(key)
    assert repr(key.value) not in f"{key!r}{key!s}"
    assert repr(key) == f"Key(sleutel_id='{key.sleutel_id}')"


def test_the_name_of_a_key_tells_two_keys_apart() -> None:
    """Two keys in one series break every link between years, and nobody would know where."""
    one, other = make_key(bytes.fromhex(GOOD)), make_key(bytes(range(32)))
    assert one.sleutel_id != other.sleutel_id
    assert len(one.sleutel_id) == 8
    assert isinstance(one, Key)
