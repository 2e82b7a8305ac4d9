"""click in Dutch: headings of the help, mistakes of the user, and the exit statuses of this project.

Knows nothing of what the commands do.
"""

import difflib
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from serving.errors import ServingError, WrongUseError

WRONG_USE = 2
INTERRUPTED = 130


class DutchCommand(click.Command):
    """A command whose help page is Dutch."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the line that shows how to call it."""
        pieces = ["[OPTIES]" if piece == "[OPTIONS]" else piece for piece in self.collect_usage_pieces(ctx)]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="Gebruik: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options under a Dutch heading."""
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        records = [record for option in options if (record := option.get_help_record(ctx))]
        with formatter.section("Opties"):
            formatter.write_dl(records)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Explain --help in Dutch."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Toon deze uitleg."
        return option


class DutchGroup(DutchCommand, click.Group):
    """A group of commands: Dutch help, Dutch errors on stderr, no stack trace for a user's mistake."""

    command_class = DutchCommand

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands."""
        super().format_options(ctx, formatter)
        rows = [(name, self.commands[name].get_short_help_str(limit=90)) for name in self.list_commands(ctx)]
        with formatter.section("Opdrachten"):
            formatter.write_dl(rows)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """List the commands in the order in which they were written, which is the order of use."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one gets a hint."""
        if args and args[0] not in self.commands:
            raise WrongUseError(f"Er is geen opdracht {args[0]!r}.{_guess(args[0], list(self.commands))}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a reader (head, less) that has seen enough is no fault."""
        try:
            outcome = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            # Keeps the interpreter from complaining about the closed pipe at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        return outcome

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run, and turn every expected error into a message on stderr and an exit status."""
        extra["standalone_mode"] = False
        sys.exit(_status_of(lambda: super(DutchGroup, self).main(*args, **extra)))


def _status_of(run: Callable[[], Any]) -> int:
    try:
        outcome = run()
    except click.UsageError as error:
        _report(explain(error))
        return WRONG_USE
    except ServingError as error:
        _report(str(error))
        return error.exit_status
    except (click.Abort, KeyboardInterrupt):
        _report("Afgebroken.")
        return INTERRUPTED
    return outcome if isinstance(outcome, int) else 0


def explain(error: click.UsageError) -> str:
    """Say in Dutch what is wrong with the way a command was called."""
    where = f" Uitleg: {error.ctx.command_path} --help" if error.ctx else ""
    return _explanation(error) + where


def _explanation(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        guesses = [option for option in error.possibilities or () if option.startswith("--")]
        return f"De optie {error.option_name} bestaat niet.{_guess(error.option_name, guesses)}"
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return f"Er ontbreekt iets: {_named(error.param)}."
    if isinstance(error, click.BadParameter) and error.param is not None:
        return f"De waarde voor {_named(error.param)} kan niet.{_choices(error.param)}"
    if isinstance(error, click.BadOptionUsage):
        return f"De optie {error.option_name} is niet goed gebruikt: er hoort een waarde achter."
    if "extra argument" in error.message:
        return "Er staan te veel woorden. Zet een naam of vraag met spaties tussen aanhalingstekens."
    return error.format_message()


def _named(param: click.Parameter) -> str:
    return param.opts[0] if isinstance(param, click.Option) else param.make_metavar(click.Context(click.Command("")))


def _choices(param: click.Parameter) -> str:
    if isinstance(param.type, click.Choice):
        return f" Kies uit: {', '.join(map(str, param.type.choices))}."
    return " Verwacht: een geheel getal." if isinstance(param.type, click.types.IntParamType) else ""


def _guess(word: str, candidates: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, candidates, n=2)
    if near:
        return f" Bedoelt u {' of '.join(near)}?"
    return f" Er is wel: {', '.join(candidates)}." if candidates else ""


def _report(message: str) -> None:
    click.echo(message, err=True)
