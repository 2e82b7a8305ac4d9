"""Carry out a page of the documentation as it stands: write its files, change them, and run its commands.

A page says what it does in fenced blocks. A `csv <file>` or `yaml <file>` block is written, a `diff <file>` block
changes a file, and of a `console` block each line after `$ ` runs in bash; the lines under a command must occur in
what it prints. A command that fails, fails the test. `cd` and variables carry over to the next command, as in a shell.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

_FENCE = re.compile(r"^```(?P<kind>csv|yaml|diff|console) ?(?P<file>\S*)\n(?P<body>.*?)^```", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^## (?:\d+\. )?(?P<title>.+)$", re.MULTILINE)
_ENDED = "--einde--"


@dataclass(frozen=True)
class Block:
    """One fenced block that is carried out."""

    kind: str
    file: str
    body: str


@dataclass(frozen=True)
class Ran:
    """One command that ran, and what it printed."""

    command: str
    output: str


def read_page(page: Path) -> dict[str, list[Block]]:
    """Blocks to carry out, by the heading above them, in order."""
    pieces = _HEADING.split(page.read_text(encoding="utf-8"))
    return {
        title: [Block(found["kind"], found["file"], found["body"]) for found in _FENCE.finditer(text)]
        for title, text in zip(pieces[1::2], pieces[2::2], strict=True)
    }


def clean_environment() -> dict[str, str]:
    """The variables of a user who has set nothing, with this project's commands on the path."""
    ours = ("IMPACT_KPI_", "DBT_", "DAGSTER_", "PYTEST_")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    return environment | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"}


@dataclass
class Walk:
    """A shell that walks through a page.

    Attributes:
        page: blocks by heading.
        folder: where the shell is.
        environment: its variables.
        done: headings that were carried out.
    """

    page: dict[str, list[Block]]
    folder: Path
    environment: dict[str, str] = field(default_factory=clean_environment)
    done: list[str] = field(default_factory=list)

    def section(self, title: str) -> list[Ran]:
        """Carry out everything under one heading."""
        self.done.append(title)
        ran: list[Ran] = []
        for block in self.page[title]:
            if block.kind == "console":
                ran += self._console(block.body)
            elif block.kind == "diff":
                self._change(block)
            else:
                self._write(block)
        return ran

    def run(self, command: str, expected: list[str] | None = None) -> Ran:
        """Run one command; the shell ends where it leaves it."""
        script = f'{command}\nstatus=$?\nprintf "\\n{_ENDED}\\0"\npwd\nprintf "\\0"\nenv -0\nexit $status\n'
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
            check=False,
        )
        output, ended, state = done.stdout.partition(f"\n{_ENDED}\0")
        assert ended, output
        assert done.returncode == 0, f"{command}\n{output}"
        for line in expected or []:
            assert line in output, f"{line!r} is not in what this printed: {command}\n{output}"
        where, *variables = state.removesuffix("\0").split("\0")
        self.folder = Path(where.strip())
        self.environment = dict(variable.split("=", 1) for variable in variables if "=" in variable)
        return Ran(command, output)

    def _console(self, body: str) -> list[Ran]:
        commands: list[tuple[str, list[str]]] = []
        for line in body.splitlines():
            if line.startswith("$ "):
                commands.append((line.removeprefix("$ "), []))
            else:
                commands[-1][1].append(line)
        return [self.run(command, expected) for command, expected in commands]

    def _write(self, block: Block) -> None:
        path = self.folder / block.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.body, encoding="utf-8")

    def _change(self, block: Block) -> None:
        old, new = (
            "".join(line[1:] + "\n" for line in block.body.splitlines() if line.startswith(sign)) for sign in "-+"
        )
        path = self.folder / block.file
        before = path.read_text(encoding="utf-8")
        assert before.count(old) == 1, f"{block.file} does not hold this once:\n{old}"
        path.write_text(before.replace(old, new), encoding="utf-8")
