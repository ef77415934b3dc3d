"""Instants that venues write as dates: RFC 3339, with up to nanoseconds."""

import re
from datetime import datetime
from typing import Final

__all__ = ["ns_of_date_time"]

# https://www.rfc-editor.org/rfc/rfc3339
_DATE_TIME: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?(Z|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)
_GREATEST: Final = 2**63 - 1


def ns_of_date_time(text: object) -> int | None:
    """Nanoseconds since the epoch, exactly; None for anything else, and for what is before or does not fit in 64 bits.

    Venues write the year 1 where there is no time.
    """
    match = _DATE_TIME.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    date_time, fraction, offset = match.groups()
    try:
        seconds = int(
            datetime.fromisoformat(f"{date_time}{'+00:00' if offset == 'Z' else offset}").timestamp()
        )
    except (ValueError, OverflowError):
        return None
    moment = seconds * 10**9 + int((fraction or "").ljust(9, "0"))
    return moment if 0 <= moment <= _GREATEST else None
