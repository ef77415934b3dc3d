"""The formats of logs, in the order in which they are tried."""

from typing import Final

from cancelnorm.errors import CancelNormError
from cancelnorm.logs.array import ARRAY
from cancelnorm.logs.bare import BARE
from cancelnorm.logs.ccxt import CCXT
from cancelnorm.logs.cryptofeed import CRYPTOFEED
from cancelnorm.logs.csv_rows import CSV
from cancelnorm.logs.events import EVENTS
from cancelnorm.logs.har import HAR
from cancelnorm.logs.jsonl import MAPPED
from cancelnorm.logs.records import RECORDS
from cancelnorm.logs.source import Format, Options
from cancelnorm.logs.text import TEXT
from cancelnorm.logs.timestamped import TIMESTAMPED
from cancelnorm.logs.vcr import CASSETTES

__all__ = ["FORMATS", "UnknownFormatError", "named", "pick"]

FORMATS: Final[tuple[Format, ...]] = (
    RECORDS,
    HAR,
    CASSETTES,
    CCXT,
    CRYPTOFEED,
    TIMESTAMPED,
    ARRAY,
    MAPPED,
    CSV,
    BARE,
    TEXT,
)


class UnknownFormatError(CancelNormError):
    """The name of a format is unknown."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return f"unknown format {self.name!r}; the formats are {', '.join(form.name for form in FORMATS)}"


def named(name: str) -> Format:
    """Find a format by its name, or raise UnknownFormatError."""
    for form in FORMATS:
        if form.name == name:
            return form
    raise UnknownFormatError(name)


def pick(head: bytes, options: Options) -> Format:
    """Choose the format of a log: the one in ``options``, or the first that fits its head."""
    if options.format is not None:
        return named(options.format)
    if EVENTS.fits(head):
        return EVENTS
    if options.paths:
        return next((form for form in (ARRAY, CSV) if form.fits(head)), MAPPED)
    return next((form for form in FORMATS if form.fits(head)), TEXT)
