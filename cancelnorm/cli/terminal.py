"""Messages and exit of a command."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from difflib import get_close_matches

from cancelnorm.errors import CancelNormError
from cancelnorm.report import printable

__all__ = ["complain", "job", "near_names", "os_reason", "say", "stop"]


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


def near_names(word: str, known: Iterable[str]) -> str:
    """Suggest the known names that resemble a word, or all."""
    names = {name.casefold(): name for name in known}
    near = [names[name] for name in get_close_matches(word.casefold(), names, n=5, cutoff=0.5)]
    return f"did you mean {', '.join(near)}?" if near else f"expected one of {', '.join(names.values())}"


def complain(line: str) -> None:
    """Write a line to standard error."""
    with suppress(BrokenPipeError):  # standard error was closed; the command continues
        sys.stderr.write(f"{printable(line)}\n")


def say(line: str) -> None:
    """Write a line to standard output."""
    sys.stdout.write(f"{line}\n")


def os_reason(error: OSError) -> str:
    """Message of a system error, with the file name if known."""
    from cancelnorm.logs import shown_name  # only a failure needs it

    reason = (error.strerror or str(error)).lower()
    return f"{shown_name(str(error.filename))}: {reason}" if error.filename else reason
