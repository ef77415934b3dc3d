"""The formats that are read, in the order in which a log is asked whether it has them."""

from typing import Final

from cancelnorm.errors import CancelNormError
from cancelnorm.logs.bare import BARE
from cancelnorm.logs.ccxt import CCXT
from cancelnorm.logs.cryptofeed import CRYPTOFEED
from cancelnorm.logs.har import HAR
from cancelnorm.logs.jsonl import MAPPED
from cancelnorm.logs.records import RECORDS
from cancelnorm.logs.source import Format, Options
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
    MAPPED,
    BARE,
)


class UnknownFormatError(CancelNormError):
    """A name that is no format's."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return f"no format {self.name!r}; there are {', '.join(form.name for form in FORMATS)}"


def named(name: str) -> Format:
    """Find a format by its name; UnknownFormatError where there is none."""
    for form in FORMATS:
        if form.name == name:
            return form
    raise UnknownFormatError(name)


def pick(head: bytes, options: Options) -> Format:
    """Choose the format of a log: the one asked for, or the first that its beginning fits."""
    if options.format is not None:
        return named(options.format)
    if options.paths:
        return MAPPED
    return next((form for form in FORMATS if form.fits(head)), RECORDS)
