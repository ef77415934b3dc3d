"""Timestamps in the forms of recorders, as nanoseconds since the epoch; exact, no binary float is used."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Context, Decimal
from functools import lru_cache
from typing import Final

from cancelnorm.errors import CancelNormError

__all__ = ["UnknownZoneError", "leading", "ns", "zone_of"]

# The greatest bound that a number reaches tells its unit: seconds until the year 5138, milliseconds from March
# 1973 on.
_UNITS: Final = ((10**17, 0), (10**14, 3), (10**11, 6), (0, 9))
_END: Final = 2**63  # of 64 bits, in the year 2262
_EXACT: Final = Context(prec=150)
_NUMBER: Final = re.compile(r"[0-9]{1,19}(?:\.[0-9]{1,30})?(?:[eE]\+?[0-9]{1,2})?", re.ASCII)
_CALENDAR: Final = (
    r"([0-9]{4}(?P<dash>[-/])[0-9]{2}(?P=dash)[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,:]([0-9]{1,30}))?"
    r"(?![0-9])(?:\s?(Z|UTC|[+-][0-9]{2}:?[0-9]{2}(?![0-9])))?"
)
_ISO: Final = re.compile(_CALENDAR, re.ASCII | re.IGNORECASE)
_LEADING_EPOCH: Final = re.compile(
    r"\W{0,3}([0-9]{10}(?:\.[0-9]{1,9})?|[0-9]{13}(?:\.[0-9]{1,6})?|[0-9]{16}|[0-9]{19})(?![\w.])"
)
_FAR: Final = 200  # characters of a line in which its time is found


class UnknownZoneError(CancelNormError):
    """The name of a time zone is unknown."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return f"unknown time zone {self.name!r}; examples: UTC, Asia/Tokyo, +09:00"


def zone_of(name: str) -> tzinfo:
    """Find a time zone by its name or by its offset; UnknownZoneError if there is none."""
    if re.fullmatch(r"[+-][0-9]{2}:?[0-9]{2}", name):
        minutes = int(name[1:3]) * 60 + int(name[-2:])
        if minutes < 24 * 60:
            return timezone(timedelta(minutes=-minutes if name[0] == "-" else minutes))
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo  # most logs need none

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # there is none of this name, or it is no name
        raise UnknownZoneError(name) from None


def leading(text: str, zone: tzinfo = UTC) -> tuple[int | None, str]:
    """The time that a line of text begins with, or has near its beginning, and the text without it."""
    if match := _ISO.search(text, 0, _FAR):
        moment = _from_iso(match, zone)
        moment = moment if moment is not None and -_END <= moment < _END else None
    elif match := _LEADING_EPOCH.match(text, 0, _FAR):
        moment = ns(match[1])
    else:
        return None, text
    return moment, text[: match.start()] + text[match.end() :]


def ns(value: object, zone: tzinfo = UTC) -> int | None:
    """Convert a timestamp to nanoseconds since the epoch, UTC; None if it is none.

    Takes numbers, or their text, in s, ms, µs or ns, which their magnitude tells, and ISO 8601 with any
    number of decimals; without a time zone of its own it is in ``zone``. Fractions of a nanosecond are cut off.
    A time that does not fit into 64 bits is none.
    """
    if isinstance(value, bool):
        return None
    text = str(value).strip() if isinstance(value, int | float | str | Decimal) else ""
    if _NUMBER.fullmatch(text):
        number = Decimal(text)
        digits = next(digits for least, digits in _UNITS if number >= least)
        moment: int | None = int(number.scaleb(digits, _EXACT))
    else:
        match = _ISO.fullmatch(text)
        moment = _from_iso(match, zone) if match else None
    return moment if moment is not None and -_END <= moment < _END else None


def _from_iso(match: re.Match[str], zone: tzinfo) -> int | None:
    clock, _, fraction, offset = match.groups()
    seconds = _seconds(clock, offset, zone)
    return None if seconds is None else seconds * 10**9 + int(((fraction or "") + "0" * 9)[:9])


@lru_cache(maxsize=1_024)
def _seconds(clock: str, offset: str | None, zone: tzinfo) -> int | None:
    """Seconds since the epoch; many lines of a log are of the same second."""
    if offset is not None:
        zone = UTC
        if offset.upper() in ("Z", "UTC"):
            offset = "+00:00"
    try:
        moment = datetime.fromisoformat(clock.replace("/", "-") + (offset or ""))
        if offset is None:
            moment = moment.replace(tzinfo=zone)
        return int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
    except (ValueError, OverflowError):
        return None
