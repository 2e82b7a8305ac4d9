"""Which gemeente a postcode lies in: the yearly CBS file of postcodes and house numbers, reduced to what decides.

Eight million lines become one gemeente per postcode, the house numbers of the few postcodes on a border, and the postal
districts that lie (nearly) whole in one gemeente. What does not belong here: which record uses which of these.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import zipfile
from pathlib import Path

import duckdb

from sources.activity.sql import literal, name
from sources.errors import DeliveryError

# Four digits stand for a gemeente when at least this share of their addresses lies in it.
PC4_SHARE = 0.95

_HEADER = re.compile(r"^\ufeff?\"?PC6\"?;\"?Huisnummer\"?;", re.IGNORECASE)
_GEMEENTE = re.compile(r"gemeente(20\d\d)?", re.IGNORECASE)


def install_postcodes(connection: duckdb.DuckDBPyConnection, path: Path, work: Path) -> str:
    """Fill the tables pc6, pc6_huisnummer and pc4 of the landing database.

    A postcode goes to the gemeente with most of its house numbers; a tie goes to nobody.

    Args:
        connection: has the three tables, empty.
        path: the CBS file, `PC6;Huisnummer;Buurt<jaar>;Wijk<jaar>;Gemeente<jaar>`, as CSV or as a zip that holds it.
        work: folder for the unpacked file; holds nothing of a delivery.

    Returns:
        SHA-256 of the file.

    Raises:
        DeliveryError: the file is not there or is not this list.
    """
    unpacked = _unpack(path, work)
    columns = _header(unpacked, path)
    gemeente = next((column for column in columns if _GEMEENTE.fullmatch(column)), None)
    if gemeente is None:
        raise DeliveryError(f"{path.name}: er is geen kolom Gemeente<jaar>. Neem het bestand van CBS zoals het is.")
    try:
        _reduce(connection, unpacked, columns, gemeente)
    except duckdb.Error as error:
        raise DeliveryError(f"{path.name} is niet te lezen als postcodelijst ({type(error).__name__}).") from None
    finally:
        if unpacked != path:
            unpacked.unlink(missing_ok=True)
    return file_hash(path)


def file_hash(path: Path) -> str:
    """SHA-256 of a file."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DeliveryError(f"de postcodelijst {path} is niet te lezen: {error.strerror}.") from None


def _unpack(path: Path, work: Path) -> Path:
    try:
        if not zipfile.is_zipfile(path):
            return path
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                with archive.open(member) as file:
                    is_list = _HEADER.match(file.readline(200).decode("latin-1").replace("ï»¿", ""))
                if is_list:
                    target = work / "postcodes.csv"
                    with archive.open(member) as source, target.open("wb") as copy:
                        shutil.copyfileobj(source, copy, 1024 * 1024)
                    return target
    except (OSError, zipfile.BadZipFile) as error:
        raise DeliveryError(f"de postcodelijst {path} is niet te lezen ({type(error).__name__}).") from None
    raise DeliveryError(f"{path.name}: in deze zip zit geen lijst die met PC6;Huisnummer begint.")


def _header(unpacked: Path, path: Path) -> list[str]:
    try:
        with unpacked.open(encoding="utf-8-sig", errors="replace") as file:
            first = file.readline().strip()
    except OSError as error:
        raise DeliveryError(f"de postcodelijst {path} is niet te lezen: {error.strerror}.") from None
    if not _HEADER.match(first):
        raise DeliveryError(
            f"{path.name}: de eerste regel is niet PC6;Huisnummer;Buurt<jaar>;Wijk<jaar>;Gemeente<jaar>. "
            "Neem 'Buurt, wijk en gemeente voor postcode-huisnummer' van CBS."
        )
    return [column.strip('" ') for column in first.split(";")]


def _reduce(connection: duckdb.DuckDBPyConnection, file: Path, columns: list[str], gemeente: str) -> None:
    types = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in columns)
    lines = (
        f"read_csv({literal(str(file))}, delim = ';', header = true, quote = '\"', columns = {{{types}}}, "
        "auto_detect = false, ignore_errors = false)"
    )
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE adres AS
        SELECT
            UPPER(REPLACE({name(columns[0])}, ' ', '')) AS pc6,
            'GM' || LPAD(REGEXP_REPLACE(TRIM({name(gemeente)}), '^GM', ''), 4, '0') AS code,
            COUNT(*) AS aantal
        FROM {lines}
        WHERE REGEXP_FULL_MATCH(TRIM({name(gemeente)}), '(GM)?\\d{{1,4}}')
        GROUP BY ALL
    """)
    connection.execute("""
        INSERT INTO pc6
        SELECT pc6, MAX_BY(code, aantal) FROM adres GROUP BY pc6
        HAVING COUNT(*) = 1 OR MAX(aantal, 2)[1] > MAX(aantal, 2)[2]
    """)
    connection.execute(f"""
        INSERT INTO pc6_huisnummer
        SELECT pc6, huisnummer, ANY_VALUE(code) FROM (
            SELECT
                UPPER(REPLACE({name(columns[0])}, ' ', '')) AS pc6,
                TRY_CAST({name(columns[1])} AS INTEGER) AS huisnummer,
                'GM' || LPAD(REGEXP_REPLACE(TRIM({name(gemeente)}), '^GM', ''), 4, '0') AS code
            FROM {lines}
        )
        WHERE pc6 IN (SELECT pc6 FROM adres GROUP BY pc6 HAVING COUNT(*) > 1)
        GROUP BY pc6, huisnummer HAVING COUNT(DISTINCT code) = 1
    """)
    connection.execute(f"""
        INSERT INTO pc4
        SELECT pc4, MAX_BY(code, aantal) FROM (
            SELECT LEFT(pc6, 4) AS pc4, code, SUM(aantal) AS aantal FROM adres GROUP BY ALL
        )
        GROUP BY pc4 HAVING MAX(aantal) >= {PC4_SHARE} * SUM(aantal)
    """)
    connection.execute("DROP TABLE adres")
