"""What a call costs, counted and not timed: lines of Python that run, and characters that are scanned or decoded."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import BuiltinMethodType, FrameType
from typing import Any
from unittest.mock import patch

import msgspec

from tests.modules import modules

__all__ = ["cost", "scans_counted"]


class _Scans:
    """The number of characters that regexes have scanned, and decoders of JSON have read."""

    count = 0


class _Counted:
    """A pattern whose scans are counted: up to the end of a match, or to the end of the text where there is none."""

    def __init__(self, pattern: re.Pattern[Any], scans: _Scans) -> None:
        self.pattern = pattern.pattern
        self.flags = pattern.flags
        self._pattern = pattern
        self._scans = scans

    def match(self, text: Any, *at: int) -> re.Match[Any] | None:
        """A failure counts as one: how far it may scan is what ``tests.test_regexes`` is about."""
        found = self._pattern.match(text, *at)
        self._scans.count += found.end() - found.start() + 1 if found else 1
        return found

    def fullmatch(self, text: Any, *at: int) -> re.Match[Any] | None:
        """See ``match``."""
        found = self._pattern.fullmatch(text, *at)
        self._scans.count += found.end() - found.start() + 1 if found else 1
        return found

    def search(self, text: Any, at: int = 0, end: int = sys.maxsize) -> re.Match[Any] | None:
        """The first match."""
        found = self._pattern.search(text, at, end)
        self._scans.count += (found.end() if found else min(len(text), end)) - at + 1
        return found

    def finditer(self, text: Any, at: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[Any]]:
        """All matches."""
        self._scans.count += min(len(text), end) - at + 1
        return self._pattern.finditer(text, at, end)

    def findall(self, text: Any, *at: int) -> list[Any]:
        """All matches."""
        self._scans.count += len(text) + 1
        return self._pattern.findall(text, *at)

    def sub(self, by: Any, text: Any) -> Any:
        """A text with all matches replaced."""
        self._scans.count += len(text) + 1
        return self._pattern.sub(by, text)

    def split(self, text: Any) -> list[Any]:
        """The parts of a text between matches."""
        self._scans.count += len(text) + 1
        return self._pattern.split(text)


_SCANS = _Scans()


def _reading(decode: Callable[..., Any]) -> Callable[..., Any]:
    """A decoder of JSON whose input is counted."""

    def read(data: Any, *args: Any, **settings: Any) -> Any:
        _SCANS.count += len(data)
        return decode(data, *args, **settings)

    return read


def _counted(value: object) -> object:
    """What counts in the place of a pattern or of the decoder of JSON that a module has; None for anything else."""
    if isinstance(value, re.Pattern):
        return _Counted(value, _SCANS)
    if isinstance(value, BuiltinMethodType) and isinstance(value.__self__, msgspec.json.Decoder):
        return _reading(value)
    return None


@contextmanager
def scans_counted() -> Iterator[None]:
    """Count what the regexes of the modules of the package scan, and what their decoders of JSON read."""
    replaced = [
        (module, name, value, counted)
        for module in modules()
        for name, value in [*vars(module).items()]
        if (counted := _counted(value)) is not None
    ]
    for module, name, _, counted in replaced:
        setattr(module, name, counted)
    try:
        with patch.object(json, "loads", _reading(json.loads)):
            yield
    finally:
        for module, name, value, _ in replaced:
            setattr(module, name, value)


def cost(run: Callable[[], object]) -> int:
    """Lines of Python that run in a call, and characters that are scanned or decoded within ``scans_counted``."""
    lines = 0

    def count(_frame: FrameType, event: str, _arg: object) -> Any:
        nonlocal lines
        if event == "line":
            lines += 1
        return count

    before = sys.gettrace()
    _SCANS.count = 0
    sys.settrace(count)
    try:
        run()
    finally:
        sys.settrace(before)
    return lines + _SCANS.count
