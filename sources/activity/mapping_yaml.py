"""YAML as nodes that know their own place, so that a fault can be named by file, table and key.

What does not belong here: what the keys of a mapping file mean.
"""

from __future__ import annotations

import difflib
from collections import abc
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import yaml

from sources.errors import MappingError

_TABLES = "tabellen"


class _Loader(yaml.SafeLoader):
    """YAML in which a key that stands twice is a fault: PyYAML keeps the last one without a word."""


def _construct_mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    seen: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, abc.Hashable):
            raise yaml.MarkedYAMLError(problem="een sleutel is een lijst", problem_mark=key_node.start_mark)
        if key in seen:
            raise yaml.MarkedYAMLError(problem=f"'{key}' staat er twee keer", problem_mark=key_node.start_mark)
        seen[key] = loader.construct_object(value_node, deep=True)
    return seen


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _construct_mapping)


@dataclass(frozen=True, slots=True)
class Node:
    """A value in a YAML file.

    Attributes:
        file: name of the file.
        path: keys that lead to it.
        value: as YAML reads it.
    """

    file: str
    path: tuple[str, ...]
    value: Any

    def fail(self, problem: str, remedy: str) -> NoReturn:
        """Refuse this value.

        Raises:
            MappingError: always.
        """
        place = self.file
        keys = self.path
        if keys[:1] == (_TABLES,) and len(keys) > 1:
            place, keys = f"{place}, tabel {keys[1]}", keys[2:]
        if keys:
            place = f"{place}, sleutel {'.'.join(keys)}"
        raise MappingError(f"{place}: {problem} {remedy}")

    def child(self, key: str, value: Any) -> Node:
        """A value below this one."""
        return Node(self.file, (*self.path, key), value)

    def items(self) -> dict[str, Node]:
        """The values below this one by key."""
        if not isinstance(self.value, dict):
            self.fail("is geen blok met sleutels.", "Schrijf eronder 'sleutel: waarde', ingesprongen.")
        return {scalar(key): self.child(scalar(key), value) for key, value in self.value.items()}

    def keys(self, known: abc.Collection[str], needed: abc.Collection[str] = ()) -> dict[str, Node]:
        """The values below this one, of which the keys are known beforehand."""
        found = self.items()
        for key, node in found.items():
            if key not in known:
                near = difflib.get_close_matches(key, sorted(known), n=1, cutoff=0.6)
                meant = f"Bedoelt u {near[0]}?" if near else f"Bekend zijn: {', '.join(sorted(known))}."
                node.fail("deze sleutel bestaat niet.", meant)
        for key in needed:
            if key not in found:
                self.child(key, None).fail("ontbreekt.", "Vul deze sleutel in.")
        return found

    def nodes(self) -> list[Node]:
        """The values of a list; a single value is a list of one."""
        if not isinstance(self.value, list):
            return [self]
        return [self.child(str(place), value) for place, value in enumerate(self.value, start=1)]

    def text(self) -> str:
        """A filled text; numbers and dates as they would be written."""
        if isinstance(self.value, dict | list) or not scalar(self.value).strip():
            self.fail("is geen tekst of is leeg.", "Schrijf één waarde, zo nodig tussen aanhalingstekens.")
        return scalar(self.value)

    def token(self) -> str:
        """A text that may be empty; YAML's null is an empty text."""
        if isinstance(self.value, dict | list):
            self.fail("is geen tekst.", "Schrijf één waarde.")
        return scalar(self.value)

    def choice(self, options: abc.Collection[str]) -> str:
        """One of a few words."""
        text = self.text()
        if text not in options:
            self.fail(f"'{text}' kan hier niet.", f"Kies uit: {', '.join(options)}.")
        return text


def scalar(value: Any) -> str:
    """Write a YAML scalar as text; booleans as true and false, null as an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def read_yaml(path: Path) -> Node:
    """Read a YAML file.

    Raises:
        MappingError: the file cannot be read or is no YAML.
    """
    root = Node(path.name, (), None)
    try:
        value = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_Loader)  # noqa: S506 - derives from SafeLoader
    except OSError as error:
        root.fail(f"is niet te lezen ({type(error).__name__}).", "Controleer het pad en de leesrechten.")
    except UnicodeDecodeError:
        root.fail("is geen UTF-8.", "Sla het bestand op als UTF-8.")
    except yaml.MarkedYAMLError as error:
        line = "" if error.problem_mark is None else f"regel {error.problem_mark.line + 1}: "
        root.fail(f"{line}is geen geldige YAML ({error.problem}).", "Controleer inspringen, dubbele punten en haakjes.")
    except yaml.YAMLError:
        root.fail("is geen geldige YAML.", "Verwijder vreemde tekens en sla het bestand op als UTF-8.")
    return Node(path.name, (), value)
