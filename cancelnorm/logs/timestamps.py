"""Times as recorders write them, in nanoseconds since the epoch; nothing goes through a binary float."""

import re
from datetime import UTC, datetime
from decimal import Context, Decimal
from typing import Final

__all__ = ["ns"]

# The greatest of these that a number reaches is its unit: what is seconds until the year 5138 is no
# milliseconds after March 1973.
_UNITS: Final = ((10**17, 0), (10**14, 3), (10**11, 6), (0, 9))
_END: Final = 2**63  # what 64 bits hold, the year 2262
_EXACT: Final = Context(prec=150)
_NUMBER: Final = re.compile(r"[0-9]{1,19}(?:\.[0-9]{1,30})?(?:[eE]\+?[0-9]{1,2})?", re.ASCII)
_ISO: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,]([0-9]{1,30}))?"
    r"\s?(Z|UTC|[+-][0-9]{2}:?[0-9]{2})?",
    re.ASCII | re.IGNORECASE,
)


def ns(value: object) -> int | None:
    """A time as nanoseconds since the epoch, UTC; None for what is no time.

    Takes numbers, or their text, in s, ms, µs or ns, told apart by how great they are, and ISO 8601 with any
    number of digits after the second; where no zone is said it is UTC. What is finer than a nanosecond is
    cut off, and what 64 bits do not hold is no time.
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
