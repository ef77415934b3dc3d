r"""Escapes for output: texts and JSON that no terminal and no build server takes for a command.

A terminal obeys control characters, direction marks change the order of what it shows, and two texts that differ in
an invisible character look the same. Build servers obey lines of a job's log that begin with ``::``, and ``##[`` or
``##vso[`` anywhere in a line:
https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands

Such a character is written as in JSON, ``\n`` or ``\u202e``; in plain text, above U+FFFF, ``\U000e0041``. In JSON,
in paths and in quotes the text's own backslashes are doubled, so that it can be restored exactly.
"""

import json
import re
from typing import Final

__all__ = ["inert", "is_plain", "printable", "printable_json", "quoted", "visible", "writable"]

_NOT_ASCII: Final = re.compile(r"[^ -~]")
# Fillers, joiners and variation selectors: letters and marks to Python, but nothing to the eye.
# https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
_INVISIBLE: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_COMMAND: Final = re.compile(r"#(?=#\w*\[)")


def printable(text: str) -> str:
    """Text for one line of a terminal, in which invisible characters and commands are escaped."""
    return text if is_plain(text) else _without_commands(inert(visible(text)))


def is_plain(text: str) -> bool:
    """Whether there is nothing to escape in a text, nor in any part of it; nearly all are so."""
    return text.isascii() and text.isprintable() and "::" not in text and "##" not in text


def visible(text: str) -> str:
    """Text in which every character that a terminal obeys, or does not show, is escaped."""
    if _is_visible(text):
        return text
    return "".join(c if _is_visible(c) else json.dumps(c)[1:-1] if c < "\x7f" else _escaped(c) for c in text)


def quoted(text: str) -> str:
    """Text in quotes, as Python writes it, for a sentence on one line of a terminal."""
    mark = '"' if "'" in text and '"' not in text else "'"
    inner = text.replace("\\", "\\\\").replace(mark, f"\\{mark}")
    return f"{mark}{_without_commands(visible(inner))}{mark}"


def inert(line: str) -> str:
    """A line that does not begin like a command; parts of it may have been checked before it was put together."""
    if "::" in line and (text := line.lstrip()).startswith("::"):
        return f"{line[: -len(text)]}\\u003a{text[1:]}"
    return line


def printable_json(line: bytes) -> bytes:
    """The same JSON, in which invisible characters and commands are escaped; it decodes to the same value."""
    if line.isascii() and b"\x7f" not in line and b"#" not in line:  # one byte is found faster than two
        return line
    text = line.decode()
    if not _is_visible(text):
        text = _NOT_ASCII.sub(lambda c: c[0] if _is_visible(c[0]) else json.dumps(c[0])[1:-1], text)
    return _without_commands(text).encode()


def _is_visible(text: str) -> bool:
    """Whether a terminal shows every character of a text, and obeys none."""
    return text.isprintable() and (text.isascii() or _INVISIBLE.search(text) is None)


def _without_commands(text: str) -> str:
    return _COMMAND.sub(r"\\u0023", text) if "##" in text else text


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"


def writable(text: str) -> str:
    """The same text, in which halves of surrogate pairs, which UTF-8 cannot hold, are escaped."""
    return text.encode(errors="backslashreplace").decode()
