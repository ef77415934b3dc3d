"""Messages and exit of a command."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches

from cancelnorm.cli.signals import BROKEN_PIPE
from cancelnorm.errors import CancelNormError
from cancelnorm.escapes import is_plain, printable

__all__ = ["complain", "flush", "job", "near_names", "open_standard_streams", "os_reason", "say", "stop"]


@contextmanager
def job() -> Iterator[None]:
    """Turn a failure into a one-line message and an exit code."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise SystemExit(BROKEN_PIPE) from None
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


def complain(*lines: str) -> None:
    """Write lines to standard error; if they cannot be written, the command continues."""
    try:
        shown = lines if is_plain("".join(lines)) else map(printable, lines)
        sys.stderr.write("".join([f"{line}\n" for line in shown]))
    except OSError:
        _discard(2)


def say(line: str) -> None:
    """Write a line to standard output."""
    sys.stdout.write(f"{line}\n")


def os_reason(error: OSError) -> str:
    """Message of a system error, with the file name if known."""
    from cancelnorm.logs import shown_name  # only a failure needs it

    reason = (error.strerror or str(error)).lower()
    return f"{shown_name(str(error.filename))}: {reason}" if error.filename else reason


# --- Standard streams ---


def open_standard_streams() -> None:
    """Give each standard stream that is closed a descriptor that can be neither read nor written.

    The next file to be opened would get its number, and be taken for the stream.
    """
    for number, mode in enumerate((os.O_WRONLY, os.O_RDONLY, os.O_RDONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115


def flush() -> None:
    """Write what is left in the buffers of the standard streams; Python complains at exit if it cannot."""
    for number, stream in ((1, sys.stdout), (2, sys.stderr)):
        try:
            stream.flush()
        except OSError:
            _discard(number)


def _discard(number: int) -> None:
    """Discard everything that is written to a stream, also what is in its buffer."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, number)
    os.close(null)
