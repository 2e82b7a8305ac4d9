"""YAML in which every value knows its line, for the short files that people write by hand.

What does not belong here: what the keys of a profile mean.
"""

from __future__ import annotations

import difflib
from collections import abc
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import yaml


class ProfileError(ValueError):
    """A profile cannot be used; the message is Dutch and names the file, the line, the key and the remedy."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value in a YAML file, and where it stands.

    Attributes:
        file: the file.
        key: keys that lead to it, with a point between; empty for the whole file.
        node: as YAML composes it.
    """

    file: Path
    key: str
    node: yaml.Node

    def fail(self, problem: str, remedy: str) -> NoReturn:
        """Refuse this value.

        Raises:
            ProfileError: always.
        """
        place = f"{self.file}, regel {self.node.start_mark.line + 1}"
        raise ProfileError(f"{place}{f', sleutel {self.key}' if self.key else ''}: {problem} {remedy}")

    def block(self, known: abc.Collection[str] | None = None) -> dict[str, Value]:
        """The values of a block by key; an empty block is no keys.

        Args:
            known: keys that may stand here, or None for any.

        Raises:
            ProfileError: this is no block, a key stands twice, or a key is not known.
        """
        if self._is_empty():
            return {}
        if not isinstance(self.node, yaml.MappingNode):
            self.fail("hier hoort een blok.", "Schrijf eronder 'sleutel: waarde', ingesprongen.")
        found: dict[str, Value] = {}
        for key_node, value_node in self.node.value:
            name = str(key_node.value).strip() if isinstance(key_node, yaml.ScalarNode) else ""
            at_key = Value(self.file, self._below(name), key_node)
            if name in found:
                at_key.fail("deze sleutel staat er twee keer.", "Verwijder er een.")
            if known is not None and name not in known:
                at_key.fail("deze sleutel bestaat niet.", _meant(name, known))
            found[name] = Value(self.file, at_key.key, value_node)
        return found

    def items(self) -> list[Value]:
        """The values of a list; one value is a list of one, nothing is an empty list."""
        if self._is_empty():
            return []
        if isinstance(self.node, yaml.SequenceNode):
            return [Value(self.file, self.key, item) for item in self.node.value]
        return [self]

    def text(self) -> str:
        """A filled, single line of text.

        Raises:
            ProfileError: it is a block, a list or empty, or holds a line end or another character that does not print.
        """
        if not isinstance(self.node, yaml.ScalarNode) or self._is_empty():
            self.fail("hier hoort tekst.", "Schrijf één waarde, zo nodig tussen aanhalingstekens.")
        text = str(self.node.value).strip()
        if not text or not text.isprintable():
            self.fail("deze tekst is leeg of heeft tekens die niet te tonen zijn.", "Schrijf hem op één regel.")
        return text

    def named(self, name: str) -> Value:
        """The key of this value, as a value."""
        return Value(self.file, self.key, yaml.ScalarNode("tag:yaml.org,2002:str", name, self.node.start_mark))

    def choice(self, options: abc.Sequence[str]) -> str:
        """One of a few words."""
        text = self.text()
        if text not in options:
            self.fail(f"'{text}' kan hier niet.", _meant(text, options))
        return text

    def _is_empty(self) -> bool:
        return isinstance(self.node, yaml.ScalarNode) and self.node.tag == "tag:yaml.org,2002:null"

    def _below(self, name: str) -> str:
        return f"{self.key}.{name}" if self.key else name


def read_yaml(path: Path) -> Value:
    """Read a YAML file.

    Raises:
        ProfileError: the file cannot be read, is no YAML, or is empty.
    """
    try:
        node = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader)
    except OSError as error:
        raise ProfileError(f"{path} is niet te lezen ({error.strerror}). Controleer het pad en de rechten.") from error
    except UnicodeDecodeError as error:
        raise ProfileError(f"{path} is geen UTF-8. Sla het bestand op als UTF-8.") from error
    except yaml.MarkedYAMLError as error:
        line = f", regel {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ProfileError(
            f"{path}{line}: dit is geen geldige YAML ({error.problem}). "
            "Controleer inspringen, dubbele punten en haakjes."
        ) from error
    except yaml.YAMLError as error:
        raise ProfileError(f"{path} is geen geldige YAML. Verwijder vreemde tekens en sla op als UTF-8.") from error
    if node is None:
        raise ProfileError(f"{path} is leeg. Een voorbeeld maakt u met: impact-kpi init MAP")
    return Value(path, "", node)


def _meant(word: str, known: abc.Collection[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"Bedoelt u {near[0]}?" if near else f"Kies uit: {', '.join(known)}."
