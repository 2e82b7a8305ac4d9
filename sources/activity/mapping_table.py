"""Read one table of a mapping file.

What does not belong here: the rest of that file (`mapping`), and whether the delivered files fit.
"""

from __future__ import annotations

import codecs
from collections import abc
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, cast

from sources.activity.contract import ContractColumn, ContractTable
from sources.activity.header import match_name, normalise_name
from sources.activity.mapping_types import ColumnMapping, SourceColumn, TableMapping, UrenAfleiding
from sources.activity.mapping_yaml import Node, scalar

# What may be said for all files, for one file, and (from `datum` on) for one column.
_FILE_SETTINGS = ("encoding", "codering", "scheiding", "totaalregel", "onbekende_waarde")
_VALUE_SETTINGS = ("datum", "decimaal", "duizendtal", "ontbrekend", "waar", "onwaar")
TABLE_DEFAULTS = (*_FILE_SETTINGS, *_VALUE_SETTINGS)

_TABLE_KEYS = (*TABLE_DEFAULTS, "bestand", "blad", "kopregel", "kolommen", "weglaten", "afgeleid")
_COLUMN_KEYS = (
    *_VALUE_SETTINGS,
    "bron",
    "pseudoniem",
    "id_voorloopnullen",
    "einde",
    "soort",
    "waarden",
    "vast",
    "splits",
    "huisnummer",
)
_SEPARATORS = {";": ";", ",": ",", "|": "|", "\t": "\t", "tab": "\t", "\\t": "\t"}
_HOURS = "uren"
_HOURS_TABLE = "urenregistratie"


def read_table(node: Node, table: ContractTable, defaults: abc.Mapping[str, Node]) -> TableMapping:
    """Read one layout of one table.

    Args:
        node: the block of the layout.
        table: what it maps to.
        defaults: settings that hold for all tables.

    Raises:
        MappingError: something in it cannot be.
    """
    own = node.keys(_TABLE_KEYS, needed=("bestand", "kolommen"))
    given = {**_with_one_name(defaults), **_with_one_name(own)}
    afgeleid = _read_derivation(given["afgeleid"], table) if "afgeleid" in given else None
    columns = _read_columns(given["kolommen"], table, given, derived=afgeleid is not None)
    mapping = TableMapping(
        tabel=table.tabel,
        bestand=_read_glob(given["bestand"]),
        columns=columns,
        blad=given["blad"].text() if "blad" in given else None,
        kopregel=_read_header_rows(given["kopregel"]) if "kopregel" in given else None,
        totaalregel=given["totaalregel"].text() if "totaalregel" in given else None,
        codering=_read_encoding(given),
        scheiding=_read_separator(given["scheiding"]) if "scheiding" in given else None,
        weglaten=frozenset(_read_sources(given["weglaten"])) if "weglaten" in given else frozenset(),
        onbekende_waarde=_read_unknown(given),
        afgeleid=afgeleid,
    )
    _check_sources(given["kolommen"], mapping)
    return mapping


def _with_one_name(given: abc.Mapping[str, Node]) -> dict[str, Node]:
    """The English name of the encoding is taken for the Dutch one."""
    return {"codering" if key == "encoding" else key: node for key, node in given.items()}


def _read_unknown(given: abc.Mapping[str, Node]) -> Literal["quarantaine", "leeg"]:
    if "onbekende_waarde" not in given:
        return "quarantaine"
    return cast("Literal['quarantaine', 'leeg']", given["onbekende_waarde"].choice(("quarantaine", "leeg")))


def _read_glob(node: Node) -> str:
    text = node.text()
    if text.startswith(("/", "\\")) or ".." in text.replace("\\", "/").split("/") or ":" in text:
        node.fail("wijst buiten de map van de levering.", "Schrijf een bestandsnaam of patroon in die map.")
    return text


def _read_header_rows(node: Node) -> tuple[int, ...]:
    rows = tuple(entry.value for entry in node.nodes())
    if any(not isinstance(row, int) or isinstance(row, bool) or row < 1 for row in rows) or not rows:
        node.fail("is geen regelnummer.", "Schrijf een getal vanaf 1, of [3, 4] voor een kop van twee regels.")
    if rows != tuple(range(rows[0], rows[0] + len(rows))):
        node.fail("noemt regels die niet op elkaar volgen.", "Schrijf ze van boven naar beneden, zoals [3, 4].")
    return rows


def _read_encoding(given: abc.Mapping[str, Node]) -> str | None:
    node = given.get("codering")
    if node is None:
        return None
    try:
        return codecs.lookup(node.text()).name
    except LookupError:
        node.fail("is geen bekende codering.", "Schrijf bijvoorbeeld utf-8 of windows-1252.")


def _read_separator(node: Node) -> str:
    # A tab is white space, so it is looked at before the test on empty texts.
    text = node.token()
    if text not in _SEPARATORS:
        node.fail("is geen scheidingsteken.", 'Schrijf ";", ",", "tab" of "|".')
    return _SEPARATORS[text]


def _read_source(node: Node) -> SourceColumn:
    """A column of the file: its name, or its place counted from 1."""
    if isinstance(node.value, int) and not isinstance(node.value, bool):
        if node.value < 1:
            node.fail("is geen plaats van een kolom.", "Tel de kolommen vanaf 1.")
        return node.value
    return normalise_name(node.text())


def _read_sources(node: Node) -> tuple[SourceColumn, ...]:
    return tuple(_read_source(entry) for entry in node.nodes())


def _read_derivation(node: Node, table: ContractTable) -> UrenAfleiding:
    if table.tabel != _HOURS_TABLE:
        node.fail("kan alleen bij urenregistratie.", "Haal de sleutel weg.")
    given = node.keys(("uit", "minuten_per_contact", "contactsoort"), needed=("uit", "minuten_per_contact"))
    minutes = given["minuten_per_contact"]
    kinds = minutes.items() if isinstance(minutes.value, dict) else {"": minutes}
    kind = _read_source(given["contactsoort"]) if "contactsoort" in given else None
    if (kind is None) != (list(kinds) == [""]):
        node.fail(
            "per soort contact een aantal minuten vraagt om de kolom met die soort, en andersom.",
            "Zet de kolom onder contactsoort, of schrijf één getal onder minuten_per_contact.",
        )
    minuten = {name: _read_minutes(entry) for name, entry in kinds.items()}
    return UrenAfleiding(_read_source(given["uit"]), minuten, kind)


def _read_minutes(node: Node) -> Decimal:
    try:
        minutes = Decimal(node.text())
    except InvalidOperation:
        minutes = Decimal(0)
    if not 0 < minutes <= 24 * 60:
        node.fail("is geen aantal minuten tussen 0 en 1440.", "Schrijf een getal, zoals 60.")
    return minutes


# --- columns --------------------------------------------------------------------------------------


def _read_columns(
    node: Node, table: ContractTable, settings: abc.Mapping[str, Node], *, derived: bool
) -> tuple[ColumnMapping, ...]:
    given = node.keys(table.names)
    columns = tuple(
        _read_column(given[column.kolom], column, settings) for column in table.columns if column.kolom in given
    )
    if derived and _HOURS in given:
        given[_HOURS].fail("is er ook als afgeleide.", "Laat uren of afgeleid weg.")
    for column in table.columns:
        absent = column.kolom not in given and not (derived and column.kolom == _HOURS)
        if absent and column.verplicht and column.standaard is None:
            node.child(column.kolom, None).fail(
                "ontbreekt en is verplicht.", "Noem de kolom van het bestand onder bron, of een waarde onder vast."
            )
    split = [column.kolom for column in columns if column.splits is not None]
    if len(split) > 1:
        given[split[1]].fail(f"splitst, en {split[0]} ook.", "Splits één kolom per tabel.")
    return columns


@dataclass(frozen=True, slots=True)
class _Column:
    """One column while it is read: its own settings before those of the table and of all tables."""

    contract: ContractColumn
    own: abc.Mapping[str, Node]
    settings: abc.Mapping[str, Node]

    def find(self, key: str) -> Node | None:
        return self.own.get(key, self.settings.get(key))


def _read_column(node: Node, contract: ContractColumn, settings: abc.Mapping[str, Node]) -> ColumnMapping:
    if not isinstance(node.value, dict):
        node = Node(node.file, node.path, {"bron": node.value})
    own = node.keys(_COLUMN_KEYS)
    if ("bron" in own) == ("vast" in own):
        node.fail("heeft precies één van bron en vast nodig.", "Noem een kolom van het bestand, of één vaste waarde.")
    column = _Column(contract, own, settings)
    return ColumnMapping(
        kolom=contract.kolom,
        bron=_read_sources(own["bron"]) if "bron" in own else (),
        sleutel=contract.sleutel,
        vrij=contract.is_vrij,
        waarden=_read_values(own["waarden"], contract) if "waarden" in own else None,
        datum=_read_date_formats(column),
        decimaal=_read_sign(column, "decimaal"),
        duizendtal=_read_thousands(column),
        ontbrekend=_read_tokens(column, "ontbrekend"),
        waar=_read_tokens(column, "waar"),
        onwaar=_read_tokens(column, "onwaar"),
        einde=_read_end(own, contract),
        pseudoniem=_read_domain(own, contract),
        id_voorloopnullen=_read_zeros(own, contract),
        vast=_read_constant(own["vast"], contract) if "vast" in own else None,
        splits=_read_split(own["splits"]) if "splits" in own else None,
        huisnummer=_read_gemeente(own, contract),
    )


def _read_values(node: Node, contract: ContractColumn) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, entry in node.items().items():
        target = entry.token().strip()
        if target and contract.toegestaan and target not in contract.toegestaan:
            node.fail(
                f"'{target}' is geen waarde van {contract.kolom}.", f"Kies uit: {', '.join(contract.toegestaan)}."
            )
        if target and contract.type == "bool" and target not in ("true", "false"):
            node.fail(f"'{target}' is geen ja of nee.", "Schrijf true of false achter elke waarde.")
        values[" ".join(name.split())] = target
    return values


def _read_constant(node: Node, contract: ContractColumn) -> str:
    text = node.text()
    if contract.domein is not None:
        node.fail("een nummer kan niet voor alle regels gelijk zijn.", "Noem onder bron de kolom met het nummer.")
    if contract.toegestaan and text not in contract.toegestaan:
        node.fail(f"'{text}' is geen waarde van {contract.kolom}.", f"Kies uit: {', '.join(contract.toegestaan)}.")
    return text


def _read_date_formats(column: _Column) -> tuple[str, ...] | None:
    node = column.find("datum")
    if node is None or column.contract.type not in ("date", "ts"):
        return None
    formats = tuple(entry.text() for entry in node.nodes())
    for text in formats:
        if not ("%d" in text and "%m" in text and ("%Y" in text or "%y" in text)):
            node.fail(f"'{text}' is geen datumvorm.", "Schrijf bijvoorbeeld %d-%m-%Y voor 31-12-2025.")
    return formats


def _read_sign(column: _Column, key: str) -> str | None:
    node = column.find(key)
    return None if node is None else node.choice((",", "."))


def _read_thousands(column: _Column) -> str | None:
    node = column.find("duizendtal")
    if node is None:
        return None
    sign = node.token()
    if sign not in (".", ",", " ", "'", ""):
        node.fail("is geen teken voor duizendtallen.", 'Schrijf ".", ",", " " of "" voor geen teken.')
    decimal = column.find("decimaal")
    if decimal is None or sign != decimal.token():
        return sign
    if "decimaal" not in column.own or "duizendtal" in column.own:
        node.fail("is gelijk aan het decimaalteken.", "Kies twee verschillende tekens.")
    # The column has its own decimal sign: what holds for the other columns says nothing about its thousands.
    return None


def _read_tokens(column: _Column, key: str) -> frozenset[str] | None:
    node = column.find(key)
    return None if node is None else frozenset(entry.token() for entry in node.nodes())


def _read_end(own: abc.Mapping[str, Node], contract: ContractColumn) -> Literal["exclusief", "inclusief"]:
    if "einde" not in own:
        return "exclusief"
    if contract.type != "date":
        own["einde"].fail("kan alleen bij een datum.", "Haal de sleutel weg.")
    return cast("Literal['exclusief', 'inclusief']", own["einde"].choice(("exclusief", "inclusief")))


def _read_domain(own: abc.Mapping[str, Node], contract: ContractColumn) -> str | None:
    """The domain of the contract: another one would cut the links between the tables."""
    if "pseudoniem" not in own:
        return contract.domein
    if contract.domein is None:
        own["pseudoniem"].fail(f"{contract.kolom} is geen nummer.", "Haal de sleutel weg.")
    own["pseudoniem"].choice((contract.domein,))
    return contract.domein


def _read_zeros(own: abc.Mapping[str, Node], contract: ContractColumn) -> Literal["houden", "strippen"]:
    if "id_voorloopnullen" not in own:
        return "houden"
    if contract.domein is None:
        own["id_voorloopnullen"].fail(f"{contract.kolom} is geen nummer.", "Haal de sleutel weg.")
    return cast("Literal['houden', 'strippen']", own["id_voorloopnullen"].choice(("houden", "strippen")))


def _read_split(node: Node) -> str:
    text = node.token()
    if not text:
        node.fail("is leeg.", 'Schrijf het teken tussen de waarden, bijvoorbeeld ",".')
    return text


def _read_gemeente(own: abc.Mapping[str, Node], contract: ContractColumn) -> SourceColumn | None:
    for key in ("soort", "huisnummer"):
        if key in own and contract.soort != "gemeente":
            own[key].fail("kan alleen bij een gemeente.", "Haal de sleutel weg.")
    if "soort" in own:
        own["soort"].choice(("gemeente",))
    return _read_source(own["huisnummer"]) if "huisnummer" in own else None


def _check_sources(node: Node, mapping: TableMapping) -> None:
    """Refuse a column that is dropped and read, and an identifier that would also land in clear."""
    users: dict[SourceColumn, list[ColumnMapping]] = {}
    dropped = {_form(source) for source in mapping.weglaten}
    for column in mapping.columns:
        for source in column.bron:
            users.setdefault(_form(source), []).append(column)
            if _form(source) in dropped:
                node.child(column.kolom, None).fail(
                    f"leest kolom {describe(source)}, die onder weglaten staat.",
                    "Haal hem op één van beide plaatsen weg.",
                )
    for source, columns in users.items():
        clear = [column for column in columns if column.pseudoniem is None]
        if clear and len(clear) < len(columns):
            node.child(clear[0].kolom, None).fail(
                f"kolom {describe(source)} is elders een nummer dat een pseudoniem wordt.",
                "Gebruik hem alleen voor nummers, anders komt het nummer leesbaar binnen.",
            )


def _form(source: SourceColumn) -> SourceColumn:
    """The form in which two columns are compared."""
    return source if isinstance(source, int) else match_name(source)


def describe(source: Any) -> str:
    """A column of a file for a message."""
    return f"nr. {source}" if isinstance(source, int) else f"'{scalar(source)}'"
