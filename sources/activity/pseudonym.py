"""Pseudonyms: a keyed hash of an identifier, per organisation and per kind of thing, in Python and in DuckDB.

The same identifier in two domains or two organisations gives two pseudonyms that cannot be linked. What does not belong
here: where the key comes from (`key`) and which columns are identifiers (`contract`).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import unicodedata

import duckdb

from sources.activity.key import Key

LENGTH = 26

_VERSION = "v1"
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_BLOCK = 64
_VARIABLES = ("impact_kpi_inner", "impact_kpi_outer", "impact_kpi_pairs")
_WHOLE_NUMBER = re.compile(r"([0-9]+)\.0+")


def normalise_identifier(text: str, strip_zeros: bool = False) -> str:
    """Write an identifier the one way in which it is hashed.

    Compatible characters become one, outer spaces go, letters become capitals, `12345.0` becomes `12345`.

    Args:
        text: as the source system gave it.
        strip_zeros: also drop leading zeros, for a source that loses them in some files.
    """
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    whole = _WHOLE_NUMBER.fullmatch(plain)
    plain = whole[1] if whole else plain
    return (plain.lstrip("0") or plain[-1:]) if strip_zeros else plain


def pseudonym(key: Key, organisatie_id: str, domein: str, identifier: str) -> str:
    """Pseudonym of a normalised identifier: 26 characters of base32, 130 bits.

    Args:
        key: of the installation.
        organisatie_id: organisation that the identifier belongs to.
        domein: kind of thing that it identifies.
        identifier: as `normalise_identifier` gives it.
    """
    message = f"{_VERSION}|{organisatie_id}|{domein}|{identifier}".encode()
    return base64.b32encode(hmac.new(key.value, message, hashlib.sha256).digest())[:LENGTH].decode("ascii")


def install_key(connection: duckdb.DuckDBPyConnection, key: Key) -> None:
    """Make `pseudonym_sql` work on this connection; bound as values, so that no SQL text holds the key.

    The caller forgets the key again with `forget_key`, and closes the connection.
    """
    block = key.value if len(key.value) <= _BLOCK else hashlib.sha256(key.value).digest()
    padded = block.ljust(_BLOCK, b"\0")
    pairs = [first + second for first in _ALPHABET for second in _ALPHABET]
    values = (bytes(byte ^ 0x36 for byte in padded), bytes(byte ^ 0x5C for byte in padded), pairs)
    for name, value in zip(_VARIABLES, values, strict=True):
        connection.execute(f"SET VARIABLE {name} = ?", [value])


def forget_key(connection: duckdb.DuckDBPyConnection) -> None:
    """Take the key off a connection."""
    for name in _VARIABLES:
        connection.execute(f"RESET VARIABLE {name}")


def normalise_sql(expression: str, strip_zeros: bool = False) -> str:
    """SQL that writes an identifier as `normalise_identifier` does.

    Text outside ASCII has to come from a `RecordStream`, which writes such identifiers in Python: DuckDB lacks NFKC.
    An empty identifier gives null.

    Args:
        expression: SQL expression of type VARCHAR.
        strip_zeros: as in `normalise_identifier`.
    """
    plain = f"upper(trim({expression}, ' \t\n\r\v\f'))"
    whole = f"regexp_replace({plain}, '^([0-9]+)\\.0+$', '\\1')"
    ascii_only = f"CASE WHEN strlen({expression}) = length({expression}) THEN {whole} ELSE {expression} END"
    if strip_zeros:
        ascii_only = f"regexp_replace({ascii_only}, '^0+(.)', '\\1', 's')"
    return f"nullif({ascii_only}, '')"


def pseudonym_sql(expression: str, organisatie_id: str, domein: str) -> str:
    """SQL that turns a normalised identifier into the pseudonym that `pseudonym` gives; null stays null.

    Works on a connection that `install_key` was called on.

    Args:
        expression: SQL expression of type VARCHAR; evaluated once.
        organisatie_id: organisation that the identifiers belong to.
        domein: kind of thing that they identify.
    """
    prefix = f"{_VERSION}|{organisatie_id}|{domein}|".replace("'", "''")
    inner, outer, pairs = (f"getvariable('{name}')" for name in _VARIABLES)
    digest = f"sha256({outer} || unhex(sha256({inner} || encode('{prefix}' || ({expression})))))"
    # 20 bits are five hex digits and two pairs of base32; the last ten bits are one pair.
    chunks = "".join(
        f"|| {pairs}[(n[{i}] >> 10) + 1] || {pairs}[(n[{i}] & 1023) + 1]" for i in range(1, 7)
    ).removeprefix("|| ")
    numbers = ", ".join(f"('0x' || h[{start}:{start + 4}])::INTEGER" for start in range(1, 31, 5))
    last = "(('0x' || h[31:33])::INTEGER >> 2)"
    spell = f"list_transform([[{numbers}, {last}]], lambda n: {chunks} || {pairs}[n[7] + 1])[1]"
    return f"list_transform([{digest}], lambda h: {spell})[1]"
