"""From what a record says about its place to a gemeente code: code, then name, then postcode.

The lookups are small tables in the landing database, so that ten million records cost one join. A code stays the one
that was delivered, also when that gemeente no longer exists: bringing figures to one division is the mart's work. What
does not belong here: reading the postcode file (`postcodes`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from sources.activity.sql import fill, literals
from sources.gemeente_register import GemeenteRegister
from sources.seeds import read_seed

UNKNOWN = "GM9999"
HERKOMST = "gemeente_herkomst"

_HERINDELING = "herindeling.csv"
# A gemeente column tells empty from not known: "onbekend" is a place that nobody knows, not a cell left open.
_EMPTY = ("-", "n.v.t.", ".")
_EVERYDAY = {
    "den haag": "s gravenhage",
    "the hague": "s gravenhage",
    "gravenhage": "s gravenhage",
    "den bosch": "s hertogenbosch",
    "hertogenbosch": "s hertogenbosch",
}
# Frisian beside Dutch; either may be the official one, and which it is changed for some.
_FRISIAN = (
    ("achtkarspelen", "achtkarspelen"),
    ("ameland", "it amelan"),
    ("boarnsterhim", "boornsterhem"),
    ("dantumadiel", "dantumadeel"),
    ("de fryske marren", "de friese meren"),
    ("dongeradeel", "dongeradiel"),
    ("ferwerderadiel", "ferwerderadeel"),
    ("franekeradeel", "frjentsjerteradiel"),
    ("gaasterlan sleat", "gaasterland sloten"),
    ("harlingen", "harns"),
    ("heerenveen", "it hearrenfean"),
    ("het bildt", "it bilt"),
    ("kollumerland en nieuwkruisland", "kollumerlan en nijkruslan"),
    ("leeuwarden", "ljouwert"),
    ("leeuwarderadeel", "ljouwerteradiel"),
    ("lemsterland", "lemsterlan"),
    ("littenseradiel", "littenseradeel"),
    ("menameradiel", "menaldumadeel"),
    ("noardeast fryslan", "noordoost friesland"),
    ("ooststellingwerf", "eaststellingwerf"),
    ("opsterland", "opsterlan"),
    ("schiermonnikoog", "skiermuntseach"),
    ("skarsterlan", "scharsterland"),
    ("smallingerland", "smellingerlan"),
    ("sudwest fryslan", "zuidwest friesland"),
    ("terschelling", "skylge"),
    ("tytsjerksteradiel", "tietjerksteradeel"),
    ("vlieland", "flylan"),
    ("weststellingwerf", "weststellingwerf"),
)
_PROVINCES = {
    "gr": "groningen",
    "fr": "friesland",
    "dr": "drenthe",
    "o": "overijssel",
    "gld": "gelderland",
    "u": "utrecht",
    "nh": "noord holland",
    "zh": "zuid holland",
    "z": "zeeland",
    "nb": "noord brabant",
    "l": "limburg",
}
_OTHER_SPELLINGS = {"friesland": ("fryslan",), "overijssel": ("ov",), "limburg": ("li", "lb")}
_SUFFIX = re.compile(r"\s*\(([^)]*)\)\s*$")
_POSTCODE_HEADER = re.compile(r"post\s*code|\bpc\s*[46]?\b|postc", re.IGNORECASE)

SourceKind = Literal["plaats", "postcode", "huisnummer"]


@dataclass(frozen=True, slots=True)
class PlaceCell:
    """One source cell of a gemeente column.

    Attributes:
        cell: SQL expression of the cell.
        kind: plaats holds a code or a name (or a whole postcode), postcode also four digits of one, huisnummer the
            number that decides for a postcode on a border.
    """

    cell: str
    kind: SourceKind


@dataclass(frozen=True, slots=True)
class PlaceSql:
    """The SQL of one gemeente column, layer by layer.

    Attributes:
        candidates: name and expression of what the cells could mean, over the layer of the cells.
        joins: joins of the layer of the candidates (alias `k`) with the lookups.
        value: the gemeente code, or NULL.
        herkomst: how it was found: code, naam, pc6, pc4 or onbekend.
        fault: reason code, or NULL.
        key: what tells two places apart as delivered.
    """

    candidates: tuple[tuple[str, str], ...]
    joins: str
    value: str
    herkomst: str
    fault: str
    key: str


def place_kind(header: str | int) -> SourceKind:
    """What a source column holds, by its name: only in a column of postcodes are four digits a postcode."""
    return "postcode" if _POSTCODE_HEADER.search(str(header)) else "plaats"


# --- lookups --------------------------------------------------------------------------------------


def simplify(name: str) -> str:
    """A name without case, diacritics, apostrophes and punctuation."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(re.findall(r"[a-z0-9]+", letters))


def _simplify_sql(text: str) -> str:
    letters = f"REGEXP_REPLACE(LOWER(STRIP_ACCENTS({text})), '[^a-z0-9]+', ' ', 'g')"
    return f"REGEXP_REPLACE(TRIM({letters}), '^gemeente | gemeente$', '')"


def install_gemeenten(connection: duckdb.DuckDBPyConnection, register: GemeenteRegister, folder: Path) -> None:
    """Make the lookup tables of codes and names, and empty ones of postcodes.

    Args:
        connection: of the landing database.
        register: every gemeente that exists or has existed.
        folder: folder of the registry seeds, for who took over from whom.

    Raises:
        RegistryError: the seed of the herindelingen is missing or misses a column.
    """
    several = dissolved_with_several_successors(register, folder)
    connection.execute("CREATE TABLE gemeente_code (code VARCHAR, meer_opvolgers BOOLEAN)")
    codes = [(code, code in several) for code in register.gemeenten] + [(UNKNOWN, False)]
    fill(connection, "gemeente_code", codes)
    connection.execute("CREATE TABLE gemeente_naam (naam VARCHAR, code VARCHAR)")
    fill(connection, "gemeente_naam", list(names_of(register).items()))
    connection.execute("CREATE TABLE pc6 (pc6 VARCHAR, code VARCHAR)")
    connection.execute("CREATE TABLE pc6_huisnummer (pc6 VARCHAR, huisnummer INTEGER, code VARCHAR)")
    connection.execute("CREATE TABLE pc4 (pc4 VARCHAR, code VARCHAR)")


def dissolved_with_several_successors(register: GemeenteRegister, folder: Path) -> frozenset[str]:
    """Codes of gemeenten that are gone and whose territory is in more than one gemeente now."""
    successors: dict[str, set[str]] = {}
    for _, row in read_seed(folder, _HERINDELING, ("oude_code", "nieuwe_code")):
        successors.setdefault(row["oude_code"], set()).add(row["nieuwe_code"])

    def living(code: str, seen: frozenset[str]) -> set[str]:
        gemeente = register.gemeenten.get(code)
        if gemeente is None or gemeente.geldig_tot is None or code in seen:
            return {code}
        return {end for heir in successors.get(code, ()) for end in living(heir, seen | {code})}

    gone = (code for code, gemeente in register.gemeenten.items() if gemeente.geldig_tot is not None)
    return frozenset(code for code in gone if len(living(code, frozenset())) > 1)


def names_of(register: GemeenteRegister) -> dict[str, str]:
    """Code per simplified name; a name that could be more than one gemeente is left out.

    A full name comes before a shortened one, a gemeente that exists before one that is gone.
    """
    ranked: dict[str, dict[int, set[str]]] = {}
    for code, gemeente in register.gemeenten.items():
        gone = 0 if gemeente.geldig_tot is None else 1
        for name, is_short in _spellings(gemeente.gemeente_naam):
            ranked.setdefault(name, {}).setdefault(2 * is_short + gone, set()).add(code)
    found = {}
    for name, ranks in ranked.items():
        best = ranks[min(ranks)]
        if len(best) == 1:
            found[name] = next(iter(best))
    return found


def _spellings(official: str) -> Iterator[tuple[str, bool]]:
    """Every spelling of a name, and whether it leaves something out."""
    full = simplify(official)
    yield full, False
    suffix = _SUFFIX.search(official)
    bare = simplify(_SUFFIX.sub("", official))
    if suffix:
        yield bare, True
        for province in _province_spellings(simplify(suffix.group(1)).replace(" ", "")):
            yield f"{bare} {province}", False
    for short, long in _EVERYDAY.items():
        if bare == long:
            yield short, False
    for one, other in _FRISIAN:
        if bare in (one, other):
            yield from ((form, False) for form in (one, other, f"{one} {other}", f"{other} {one}"))


def _province_spellings(short: str) -> Iterator[str]:
    long = _PROVINCES.get(short)
    yield short
    if long is not None:
        yield long
        yield " ".join(short)
        yield from _OTHER_SPELLINGS.get(long, ())


# --- SQL of one column ----------------------------------------------------------------------------


def place_sql(cells: Sequence[PlaceCell], *, required: bool) -> PlaceSql:
    """The SQL that finds the gemeente of a record.

    Args:
        cells: the source cells in the order of the mapping.
        required: an empty place is a fault, and one that is not found becomes `GM9999` instead of NULL.
    """
    given = [PlaceCell(_present(one.cell), one.kind) for one in cells]
    places = [one.cell for one in given if one.kind == "plaats"]
    postcodes = [one.cell for one in given if one.kind == "postcode"]
    houses = [one.cell for one in given if one.kind == "huisnummer"]
    candidates = _candidates(places, postcodes, houses)
    direct = [f"{alias}.code" for number in range(len(places)) for alias in (f"gc{number}", f"gn{number}")]
    known = f"NULLIF({_coalesce(direct)}, '{UNKNOWN}')"
    by_code = f"NULLIF({_coalesce([f'gc{number}.code' for number in range(len(places))])}, '{UNKNOWN}')"
    several = _coalesce([f"gs{number}.meer_opvolgers" for number in range(len(places))], "FALSE")
    pc6, pc4 = "COALESCE(gh.code, g6.code)", "g4.code"
    takes_postcode = f"({known} IS NULL OR ({several} AND COALESCE({pc6}, {pc4}) IS NOT NULL))"
    found = f"CASE WHEN {takes_postcode} THEN COALESCE({pc6}, {pc4}) ELSE {known} END"
    herkomst = (
        f"CASE WHEN {takes_postcode} AND {pc6} IS NOT NULL THEN 'pc6' WHEN {takes_postcode} AND {pc4} IS NOT NULL "
        f"THEN 'pc4' WHEN {known} IS NULL THEN 'onbekend' WHEN {by_code} IS NOT NULL THEN 'code' ELSE 'naam' END"
    )
    empty = "k.plaats IS NULL"
    faults = [(f"{known} IS NULL AND k.postcode_fout", "postcode_ongeldig")]
    if required:
        faults.insert(0, (empty, "verplicht_veld_leeg"))
    return PlaceSql(
        candidates=tuple(candidates.items()),
        joins=_joins(len(places)),
        value=f"CASE WHEN {empty} THEN NULL ELSE COALESCE({found}, '{UNKNOWN}') END" if required else found,
        herkomst=herkomst,
        fault=f"CASE {' '.join(f'WHEN {test} THEN {chr(39)}{code}{chr(39)}' for test, code in faults)} END",
        key=f"COALESCE({known}, k.plaats)",
    )


def _present(cell: str) -> str:
    return f"CASE WHEN LOWER({cell}) IN ({literals(_EMPTY)}) THEN NULL ELSE NULLIF({cell}, '') END"


def _coalesce(expressions: Sequence[str], otherwise: str = "NULL") -> str:
    return f"COALESCE({', '.join([*expressions, 'NULL', otherwise])})"


def _candidates(places: Sequence[str], postcodes: Sequence[str], houses: Sequence[str]) -> Mapping[str, str]:
    candidates: dict[str, str] = {}
    for number, cell in enumerate(places):
        digits = rf"REGEXP_EXTRACT(UPPER({cell}), '^(?:GM\s?)?0*(\d{{1,4}})(?:[.,]0+)?$', 1)"
        part = rf"REGEXP_EXTRACT(UPPER({cell}), '^(?:WK(\d{{4}})\d{{2}}|BU(\d{{4}})[0-9A-Z]{{4}})$', 0)[3:6]"
        candidates[f"code_{number}"] = f"'GM' || LPAD(COALESCE(NULLIF({digits}, ''), NULLIF({part}, '')), 4, '0')"
        candidates[f"naam_{number}"] = _simplify_sql(cell)
    anywhere = [*postcodes, *places]
    tidy = [f"UPPER(REPLACE({cell}, ' ', ''))" for cell in anywhere]
    candidates["pc6"] = _first_match(tidy, r"\d{4}[A-Z]{2}")
    whole = f"LEFT({candidates['pc6']}, 4)"
    candidates["pc4"] = _coalesce(
        [whole, _first_match([f"LEFT({cell}, 4)" for cell in tidy[: len(postcodes)]], r"\d{4}")]
    )
    numbers = [rf"TRY_CAST(REGEXP_EXTRACT({cell}, '^\d+') AS INTEGER)" for cell in houses]
    candidates["huisnummer"] = _coalesce(numbers, "CAST(NULL AS INTEGER)")
    wrong = [f"NOT REGEXP_FULL_MATCH({cell}, '\\d{{4}}([A-Z]{{2}})?')" for cell in tidy[: len(postcodes)]]
    wrong += [
        rf"(REGEXP_FULL_MATCH({cell}, '\d{{3,6}}[A-Z]{{1,3}}') AND NOT REGEXP_FULL_MATCH({cell}, '\d{{4}}[A-Z]{{2}}'))"
        for cell in tidy[len(postcodes) :]
    ]
    candidates["postcode_fout"] = f"COALESCE({' OR '.join(f'COALESCE({test}, FALSE)' for test in wrong)}, FALSE)"
    # A separator keeps "1" + "23" and "12" + "3" apart.
    candidates["plaats"] = f"NULLIF(CONCAT_WS('|', {', '.join([*places, *postcodes, 'NULL'])}), '')"
    return candidates


def _first_match(cells: Sequence[str], pattern: str) -> str:
    matches = [f"CASE WHEN REGEXP_FULL_MATCH({cell}, '{pattern}') THEN {cell} END" for cell in cells]
    return _coalesce(matches, "CAST(NULL AS VARCHAR)")


def _joins(places: int) -> str:
    joins = [
        f"LEFT JOIN gemeente_code AS gc{number} ON gc{number}.code = k.code_{number} "
        f"LEFT JOIN gemeente_naam AS gn{number} ON gn{number}.naam = k.naam_{number} "
        f"LEFT JOIN gemeente_code AS gs{number} ON gs{number}.code = COALESCE(gc{number}.code, gn{number}.code)"
        for number in range(places)
    ]
    joins.append("LEFT JOIN pc6 AS g6 ON g6.pc6 = k.pc6")
    joins.append("LEFT JOIN pc6_huisnummer AS gh ON gh.pc6 = k.pc6 AND gh.huisnummer = k.huisnummer")
    joins.append("LEFT JOIN pc4 AS g4 ON g4.pc4 = k.pc4")
    return " ".join(joins)
