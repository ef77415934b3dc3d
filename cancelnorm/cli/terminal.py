"""Terminal output and exit of a command."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from rich.console import Console, RenderableType
from rich.table import Table

from cancelnorm.errors import CancelNormError
from cancelnorm.report import printable

__all__ = ["complain", "console", "job", "new_table", "os_reason", "say", "show", "stop"]

# --- Exit ---


@contextmanager
def job() -> Iterator[None]:
    """Turn an interruption or failure into a one-line message and an exit code."""
    try:
        yield
        sys.stdout.flush()
    except KeyboardInterrupt:
        raise stop("interrupted", 130) from None
    except BrokenPipeError:
        # Discard buffered output; otherwise Python reports an error at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise stop("output was closed early") from None
    except OSError as error:
        raise stop(os_reason(error)) from None
    except CancelNormError as error:
        raise stop(str(error)) from None


def stop(message: str, code: int = 2) -> SystemExit:
    """Report the reason in one line and return the exit to raise."""
    complain(f"cancelnorm: {message}")
    return SystemExit(code)


def complain(line: str) -> None:
    """Write a line to standard error."""
    with suppress(BrokenPipeError):  # standard error was closed; the command continues
        sys.stderr.write(f"{printable(line)}\n")


def say(line: str) -> None:
    """Write a line to standard output."""
    sys.stdout.write(f"{line}\n")


def os_reason(error: OSError) -> str:
    """Message of a system error, with the file name if known."""
    reason = (error.strerror or str(error)).lower()
    return f"{error.filename}: {reason}" if error.filename else reason


# --- Output ---

_UNBOUNDED: Final = 10_000


def new_table(*names: str) -> Table:
    """A table without borders that folds long cells."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False)
    for name in names:
        table.add_column(name, overflow="fold")
    return table


def console() -> Console:
    """A console as wide as the terminal, or unbounded if the output is not a terminal."""
    width = None if sys.stdout.isatty() else _UNBOUNDED
    return Console(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False)


def show(content: RenderableType) -> None:
    """Print without trailing spaces."""
    target = console()
    with target.capture() as captured:
        target.print(content)
    sys.stdout.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())
