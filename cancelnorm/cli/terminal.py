"""Output of a command to a terminal, and its exit."""

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

# --- How it ends ---


@contextmanager
def job() -> Iterator[None]:
    """Turn what stops a command from outside into one line and an exit code."""
    try:
        yield
        sys.stdout.flush()
    except KeyboardInterrupt:
        raise stop("interrupted", 130) from None
    except BrokenPipeError:
        # What is still buffered has nowhere to go, and Python would complain about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise stop("the output was closed before its end") from None
    except OSError as error:
        raise stop(os_reason(error)) from None
    except CancelNormError as error:
        raise stop(str(error)) from None


def stop(message: str, code: int = 2) -> SystemExit:
    """Say in one line why the job ends here."""
    complain(f"cancelnorm: {message}")
    return SystemExit(code)


def complain(line: str) -> None:
    """Write a line to standard error."""
    with suppress(BrokenPipeError):  # nobody listens, but the work may still be wanted
        sys.stderr.write(f"{printable(line)}\n")


def say(line: str) -> None:
    """Write a line to standard output."""
    sys.stdout.write(f"{line}\n")


def os_reason(error: OSError) -> str:
    """Say what the system refused."""
    reason = (error.strerror or str(error)).lower()
    return f"{error.filename}: {reason}" if error.filename else reason


# --- What it says ---

_UNBOUNDED: Final = 10_000


def new_table(*names: str) -> Table:
    """A table without lines, that folds what does not fit."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False)
    for name in names:
        table.add_column(name, overflow="fold")
    return table


def console() -> Console:
    """A console as wide as the terminal; elsewhere nothing is folded."""
    width = None if sys.stdout.isatty() else _UNBOUNDED
    return Console(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False)


def show(content: RenderableType) -> None:
    """Print, without spaces at the ends of lines."""
    target = console()
    with target.capture() as captured:
        target.print(content)
    sys.stdout.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())
