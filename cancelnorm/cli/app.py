"""The application and its commands.

Exit codes: 0 all records were understood, 1 a record was refused, 2 the command failed, 128 and more a signal.
"""

import sys
from importlib import import_module
from io import StringIO, TextIOWrapper
from typing import Any, Final

import click

from cancelnorm.cli.signals import MESSAGES, end_on_signals, remove_unfinished
from cancelnorm.cli.terminal import complain, flush, job, open_standard_streams, say
from cancelnorm.escapes import printable
from cancelnorm.masking import without_secrets

__all__ = ["main"]

_COMMANDS: Final = {
    "normalise": ("normalise", "normalise"),
    "convert": ("convert", "convert"),
    "check": ("check", "check"),
    "story": ("story", "story"),
    "rules": ("rules", "rules"),
    "rule": ("rules", "rule"),
    "explain": ("explain", "explain"),
    "replay": ("replay", "replay"),
    "latency": ("latency", "latency"),
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
    context_settings={"help_option_names": ["-h", "--help"]},
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
    open_standard_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="backslashreplace")  # not every terminal supports Unicode
            else:  # the same bytes under every locale and on every system
                stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    end_on_signals()
    try:
        with job():
            app(standalone_mode=False)
    except SystemExit as end:
        return _exit_code(end)
    except click.UsageError as error:
        _show_usage(error)
        return error.exit_code
    finally:
        remove_unfinished()
        flush()
    return 0


def _exit_code(end: SystemExit) -> int:
    """The exit code, and a message if the end came from outside."""
    if isinstance(end.code, str):
        complain(f"cancelnorm: {end.code}")
        return 2
    code = end.code or 0
    if code in MESSAGES:
        complain(f"cancelnorm: {MESSAGES[code]}")
    return code


def _show_usage(error: click.UsageError) -> None:
    """Print the usage of a command, and the fault in its arguments, which may contain anything."""
    text = StringIO()
    if sys.argv[1:]:
        error = click.UsageError(printable(without_secrets(error.format_message())), error.ctx)
    error.show(text)  # the help, if there are no arguments
    for line in text.getvalue().split("\n")[:-1]:
        complain(line)
