"""The application and its commands.

Exit codes: 0 all records were understood, 1 a record was refused, 2 the command failed.
"""

import signal
import sys
from io import TextIOWrapper
from types import FrameType
from typing import Annotated, NoReturn

import typer

from cancelnorm.cli.commands.check import check
from cancelnorm.cli.commands.explain import explain
from cancelnorm.cli.commands.normalise import normalise
from cancelnorm.cli.commands.reference import list_venues, schema
from cancelnorm.cli.commands.rules import rule, rules
from cancelnorm.cli.terminal import say, stop

__all__ = ["main"]

app = typer.Typer(
    name="cancelnorm",
    help="Interpret and check recorded answers of exchanges to order cancellations.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("normalise")(normalise)
app.command("check")(check)
app.command("rules")(rules)
app.command("rule")(rule)
app.command("explain", context_settings={"ignore_unknown_options": True})(explain)  # ``-:2`` is not an option
app.command("venues")(list_venues)
app.command("schema")(schema)


@app.callback(invoke_without_command=True)
def _top(
    *,
    version: Annotated[bool, typer.Option("--version", "-V", help="Show the version and exit.")] = False,
) -> None:
    if version:
        from importlib import metadata  # takes long to import

        say(f"cancelnorm {metadata.version('cancelnorm')}")
        raise typer.Exit


def main() -> int:
    """Run the command line and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # not every terminal supports Unicode
    signal.signal(signal.SIGTERM, _terminate)
    try:
        app()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    """Raise SystemExit, so that no partial file is left behind."""
    raise stop("terminated", 143)
