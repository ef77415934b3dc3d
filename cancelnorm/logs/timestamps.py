"""Timestamps in the forms of recorders, as nanoseconds since the epoch; exact, no binary float is used."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Context, Decimal
from functools import lru_cache
from typing import Final

from cancelnorm.errors import CancelNormError, cited

__all__ = ["EARLIEST_NS", "UnknownZoneError", "leading", "ns", "zone_of"]

EARLIEST_NS: Final = 10**18
"""In 2001: a smaller number is hardly a time, where anything tells that better."""

# The greatest bound that a number reaches tells its unit: seconds until the year 5138, milliseconds from March
# 1973 on.
_UNITS: Final = ((10**17, 0), (10**14, 3), (10**11, 6), (0, 9))
_END: Final = 2**63  # of 64 bits, in the year 2262
_EXACT: Final = Context(prec=150)
_NUMBER: Final = re.compile(r"[0-9]{1,19}(?:\.[0-9]{1,30})?(?:[eE]\+?[0-9]{1,2})?", re.ASCII)
# Abbreviations of zones, and their hours; of some several zones have the same, so the time is not known.
_HOURS: Final[dict[str, int | None]] = {
    **dict.fromkeys(("Z", "UTC", "GMT", "WET"), 0),
    **dict.fromkeys(("CST", "IST", "BST")),
    **dict(CET=1, CEST=2, EET=2, EEST=3, MSK=3, HKT=8, SGT=8, JST=9, KST=9, AEST=10, AEDT=11),  # noqa: C408
    **dict(EDT=-4, EST=-5, CDT=-5, MDT=-6, MST=-7, PDT=-7, PST=-8),  # noqa: C408
}
_ZONE: Final = (
    rf"(?:\s?[\[(]?(?P<zone>{'|'.join(_HOURS)}|[+-][0-9]{{2}}:?[0-9]{{2}}(?![0-9]))(?![A-Za-z])[\])]?)?"
)
_FRACTION: Final = r"(?:[.,:](?P<fraction>[0-9]{1,30}))?(?![0-9])"
_CLOCK: Final = r"(?P<clock>[0-9]{2}:[0-9]{2}:[0-9]{2})"
_CALENDAR: Final = (
    r"(?P<date>[0-9]{4}(?P<dash>[-/])[0-9]{2}(?P=dash)[0-9]{2})[T ]"
    rf"{_CLOCK}{_FRACTION}(?:\s?(?P<half>[AP]M)\b)?{_ZONE}"
)
_ISO: Final = re.compile(_CALENDAR, re.ASCII | re.IGNORECASE)
# 26/Nov/2026:22:00:30 of web servers, 26 Nov 2026 of mail; Nov 26 22:00:30 2026 of C; 20261126-22:00:30 of FIX.
_DAY: Final = r"(?P<day>[0-9]{1,2})"
_MONTH: Final = r"(?P<month>[A-Z][a-z]{2})"
_YEAR: Final = r"(?P<year>[0-9]{4})"
_DIGITS: Final = (
    rf"(?<![0-9]){_YEAR}(?P<dash>[._-]?)(?P<month>[0-9]{{2}})(?P=dash)(?P<day>[0-9]{{2}})[T _-]"
    r"(?P<clock>[0-9]{2}:?[0-9]{2}:?[0-9]{2})"
)
_OTHERS: Final = (
    re.compile(rf"{_DAY}[ /-]{_MONTH}[ /-]{_YEAR}[ :T]{_CLOCK}{_FRACTION}{_ZONE}", re.ASCII),
    re.compile(rf"{_MONTH} {{1,2}}{_DAY} {_CLOCK}{_FRACTION}{_ZONE} {_YEAR}\b", re.ASCII),
    re.compile(rf"{_DIGITS}{_FRACTION}{_ZONE}", re.ASCII),
)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LEADING_EPOCH: Final = re.compile(
    r"\W{0,3}(?:(?:ts|time|timestamp)[=:]\"?)?([0-9]{10}(?:\.[0-9]{1,9})?|[0-9]{13}(?:\.[0-9]{1,6})?|[0-9]{16}|[0-9]{19})(?![\w.])"
)
_FAR: Final = 200  # characters of a line in which its time is found
_SHORTEST: Final = 10  # characters of a time: a number of seconds


class UnknownZoneError(CancelNormError):
    """The name of a time zone is unknown."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return f"unknown time zone {cited(self.name)}; examples: UTC, Asia/Tokyo, +09:00"


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
    if len(text) < _SHORTEST:
        return None, text
    if match := _ISO.search(text, 0, _FAR):
        moment = _from_iso(match, zone)
        moment = moment if moment is not None and -_END <= moment < _END else None
    elif match := _LEADING_EPOCH.match(text, 0, _FAR):
        moment = ns(match[1])
    elif match := next((found for form in _OTHERS if (found := form.search(text, 0, _FAR))), None):
        moment = _from_parts(match, zone)
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
    date, _, clock, fraction, half, offset = match.groups()
    return _moment(_seconds(date, clock, half, offset, zone), fraction)


def _from_parts(match: re.Match[str], zone: tzinfo) -> int | None:
    """A time whose date is not as ISO has it."""
    month, clock = match["month"], match["clock"].replace(":", "")
    if month in _MONTHS:
        month = f"{_MONTHS.index(month) + 1:02}"
    date = f"{match['year']}-{month}-{int(match['day']):02}"
    clock = f"{clock[:2]}:{clock[2:4]}:{clock[4:]}"
    moment = _moment(_seconds(date, clock, None, match["zone"], zone), match["fraction"])
    return moment if moment is not None and -_END <= moment < _END else None


def _moment(seconds: int | None, fraction: str | None) -> int | None:
    return None if seconds is None else seconds * 10**9 + int(((fraction or "") + "0" * 9)[:9])


@lru_cache(maxsize=1_024)
def _seconds(date: str, clock: str, half: str | None, offset: str | None, zone: tzinfo) -> int | None:
    """Seconds since the epoch; many lines of a log are of the same second."""
    if offset is not None and offset.upper() in _HOURS:
        hours = _HOURS[offset.upper()]
        if hours is None:
            return None
        offset, zone = None, timezone(timedelta(hours=hours))
    if half is not None:
        hour = int(clock[:2])
        if not 1 <= hour <= 12:
            return None
        clock = f"{hour % 12 + 12 * (half.upper() == 'PM'):02}{clock[2:]}"
    try:
        moment = datetime.fromisoformat(f"{date.replace('/', '-')} {clock}{offset or ''}")
        if offset is None:
            moment = moment.replace(tzinfo=zone)
        return int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
    except (ValueError, OverflowError):
        return None
