"""The application and its commands.

Exit codes: 0 all records were understood, 1 a record was refused, 2 the command failed.
"""

import signal
import sys
from importlib import import_module
from io import TextIOWrapper
from types import FrameType
from typing import Any, Final, NoReturn

import click

from cancelnorm.cli.terminal import say, stop

__all__ = ["main"]

_COMMANDS: Final = {
    "normalise": ("normalise", "normalise"),
    "check": ("check", "check"),
    "rules": ("rules", "rules"),
    "rule": ("rules", "rule"),
    "explain": ("explain", "explain"),
    "venues": ("reference", "list_venues"),
    "schema": ("reference", "schema"),
}
"""Command → its module and function."""


class _Commands(click.Group):
    """The commands; the module of one is imported when it is needed, for a run needs no other."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Names of the commands, in the order of the help text."""
        return list(_COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """The command of a name."""
        if name not in _COMMANDS:
            return None
        module, function = _COMMANDS[name]
        command: click.Command = getattr(import_module(f"cancelnorm.cli.commands.{module}"), function)
        return command


def _show_completion(context: click.Context, _option: click.Parameter, shell: str | None) -> None:
    """Print the script by which a shell completes commands and options."""
    if shell is None:
        return
    from click.shell_completion import get_completion_class

    completion: Any = get_completion_class(shell)
    say(completion(app, {}, "cancelnorm", "_CANCELNORM_COMPLETE").source())
    context.exit()


@click.group(
    cls=_Commands,
    name="cancelnorm",
    no_args_is_help=True,
    help="Interpret and check recorded answers of exchanges to order cancellations.",
)
@click.version_option(None, "--version", "-V", package_name="cancelnorm", message="cancelnorm %(version)s")
@click.option(
    "--show-completion",
    type=click.Choice(["bash", "fish", "zsh"]),
    is_eager=True,
    expose_value=False,
    callback=_show_completion,
    help="Print a script that makes a shell complete commands and options.",
)
def app() -> None:
    """The application."""


def main() -> int:
    """Run the command line and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="backslashreplace")  # not every terminal supports Unicode
            else:  # the same bytes under every locale and on every system
                stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    signal.signal(signal.SIGTERM, _terminate)
    try:
        app()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    """Raise SystemExit, so that no partial file is left behind."""
    raise stop("terminated", 143)
