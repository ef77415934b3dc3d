"""Escapes for output: texts and JSON that no terminal and no build server takes for a command.

A terminal obeys control characters, and direction marks change the order of what it shows. Build servers obey lines
of a job's log that begin with ``::``, and ``##[`` or ``##vso[`` anywhere in a line:
https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
"""

import json
import re
from typing import Final

__all__ = ["inert", "printable", "printable_json", "writable"]

_NOT_ASCII: Final = re.compile(r"[^ -~]")
_COMMAND: Final = re.compile(r"#(?=#\w*\[)")


def printable(text: str) -> str:
    """Text for one line of a terminal, in which non-printable characters and commands are escaped."""
    if not text.isprintable():
        text = "".join(
            c if c.isprintable() else json.dumps(c)[1:-1] if c < "\x7f" else _escaped(c) for c in text
        )
    return _without_commands(inert(text))


def inert(line: str) -> str:
    """A line that does not begin like a command; parts of it may have been checked before it was put together."""
    if "::" in line and (text := line.lstrip()).startswith("::"):
        return f"{line[: -len(text)]}\\u003a{text[1:]}"
    return line


def printable_json(line: bytes) -> bytes:
    """The same JSON, in which non-printable characters and commands are escaped; it decodes to the same value."""
    if line.isascii() and b"\x7f" not in line and b"#" not in line:  # one byte is found faster than two
        return line
    text = line.decode()
    if not text.isprintable():
        text = _NOT_ASCII.sub(lambda c: c[0] if c[0].isprintable() else json.dumps(c[0])[1:-1], text)
    return _without_commands(text).encode()


def _without_commands(text: str) -> str:
    return _COMMAND.sub(r"\\u0023", text) if "##" in text else text


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"


def writable(text: str) -> str:
    """The same text, in which halves of surrogate pairs, which UTF-8 cannot hold, are escaped."""
    return text.encode(errors="backslashreplace").decode()
