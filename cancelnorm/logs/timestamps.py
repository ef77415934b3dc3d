"""Timestamps in the forms of recorders, as nanoseconds since the epoch; exact, no binary float is used."""

import re
from datetime import UTC, datetime
from decimal import Context, Decimal
from typing import Final

__all__ = ["ns"]

# The greatest bound that a number reaches tells its unit: seconds until the year 5138, milliseconds from March
# 1973 on.
_UNITS: Final = ((10**17, 0), (10**14, 3), (10**11, 6), (0, 9))
_END: Final = 2**63  # of 64 bits, in the year 2262
_EXACT: Final = Context(prec=150)
_NUMBER: Final = re.compile(r"[0-9]{1,19}(?:\.[0-9]{1,30})?(?:[eE]\+?[0-9]{1,2})?", re.ASCII)
_ISO: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,]([0-9]{1,30}))?"
    r"\s?(Z|UTC|[+-][0-9]{2}:?[0-9]{2})?",
    re.ASCII | re.IGNORECASE,
)


def ns(value: object) -> int | None:
    """Convert a timestamp to nanoseconds since the epoch, UTC; None if it is none.

    Takes numbers, or their text, in s, ms, µs or ns, which their magnitude tells, and ISO 8601 with any
    number of decimals; without a time zone it is UTC. Fractions of a nanosecond are cut off. A time that does
    not fit into 64 bits is none.
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
        moment = _from_iso(*match.groups()) if match else None
    return moment if moment is not None and -_END <= moment < _END else None


def _from_iso(day: str, clock: str, fraction: str | None, zone: str | None) -> int | None:
    if zone is None or zone.upper() in ("Z", "UTC"):
        zone = "+00:00"
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}{zone}")
    except ValueError:
        return None
    seconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
    return int(seconds) * 10**9 + int(((fraction or "") + "0" * 9)[:9])
