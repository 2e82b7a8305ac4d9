"""What a person at the terminal sees while a refresh runs: one line a step, a bar for each long download."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress


class Progress(Protocol):
    """Where long work tells how far it is."""

    def step(self, text: str) -> None:
        """Say which step begins."""

    def advance(self, task: str, done: int, total: int | None) -> None:
        """Say that `done` of `total` parts of `task` are ready (total None: not known yet)."""


class SilentProgress:
    """Says nothing: the Dagster UI shows the run's own log."""

    def step(self, text: str) -> None:
        """Do nothing."""

    def advance(self, task: str, done: int, total: int | None) -> None:
        """Do nothing."""


class TerminalProgress:
    """Bars on a terminal; one plain line per step where the output is not a terminal."""

    def __init__(self, console: Console, bars: RichProgress) -> None:
        """Take the console and the live bars to draw on."""
        self._console = console
        self._bars = bars
        self._tasks: dict[str, int] = {}
        self._step: int | None = None

    def step(self, text: str) -> None:
        """Finish the previous step's line and begin a new one."""
        self._console.print(f"[bold]·[/bold] {text}")
        for task in self._tasks.values():
            self._bars.remove_task(task)  # type: ignore[arg-type]
        self._tasks.clear()
        if self._step is not None:
            self._bars.remove_task(self._step)  # type: ignore[arg-type]
        self._step = self._bars.add_task(text, total=None)

    def advance(self, task: str, done: int, total: int | None) -> None:
        """Move the bar of this task."""
        if task not in self._tasks:
            self._tasks[task] = self._bars.add_task(task, total=total)
        self._bars.update(self._tasks[task], completed=done, total=total)  # type: ignore[arg-type]
        if total is not None and done >= total:
            self._bars.remove_task(self._tasks.pop(task))  # type: ignore[arg-type]


@contextmanager
def terminal_progress(console: Console) -> Iterator[TerminalProgress]:
    """Draw bars on the console while the body runs; they disappear when it ends."""
    bars = RichProgress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
    with bars:
        yield TerminalProgress(console, bars)
