"""The formats of logs, in the order in which they are tried."""

from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Final

from cancelnorm.errors import CancelNormError, cited
from cancelnorm.logs.events import EVENTS
from cancelnorm.logs.options import Options
from cancelnorm.logs.source import Format

__all__ = ["FORMAT_NAMES", "UnknownFormatError", "named", "pick"]

_MODULES: Final = MappingProxyType(
    {
        "records": ("records", "RECORDS"),
        "har": ("har", "HAR"),
        "vcr": ("vcr", "CASSETTES"),
        "ccxt": ("ccxt", "CCXT"),
        "cryptofeed": ("cryptofeed", "CRYPTOFEED"),
        "timestamped": ("timestamped", "TIMESTAMPED"),
        "array": ("array", "ARRAY"),
        "jsonl": ("jsonl", "MAPPED"),
        "csv": ("csv_rows", "CSV"),
        "bare": ("bare", "BARE"),
        "text": ("text", "TEXT"),
    }
)
"""Format → its module and its name there. A module is imported when a log may have its format."""

FORMAT_NAMES: Final = tuple(_MODULES)
"""Names of the formats, in the order in which they are tried."""


class UnknownFormatError(CancelNormError):
    """The name of a format is unknown."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return f"unknown format {cited(self.name)}; the formats are {', '.join(FORMAT_NAMES)}"


@cache
def named(name: str) -> Format:
    """Find a format by its name, or raise UnknownFormatError."""
    if name not in _MODULES:
        raise UnknownFormatError(name)
    module, constant = _MODULES[name]
    found: Format = getattr(import_module(f"cancelnorm.logs.{module}"), constant)
    return found


def pick(head: bytes, options: Options) -> Format:
    """Choose the format of a log: the one in ``options``, or the first that fits its head."""
    if options.format is not None:
        return named(options.format)
    if EVENTS.fits(head):
        return EVENTS
    *names, last = ("array", "csv", "jsonl") if options.paths else FORMAT_NAMES
    return next((form for form in map(named, names) if form.fits(head)), None) or named(last)
