"""The options ``--order``, ``--since`` and ``--until``."""

import re
from collections.abc import Iterable
from datetime import tzinfo
from typing import Final

from cancelnorm.check import Selection
from cancelnorm.cli.terminal import stop
from cancelnorm.errors import cited
from cancelnorm.logs.timestamps import ns
from cancelnorm.report import counted

__all__ = ["nothing_selected", "said_left_out", "selection"]


def selection(
    orders: Iterable[str] | None, since: str | None, until: str | None, zone: tzinfo
) -> Selection | None:
    """The selection that the options describe; None if there are none. Times without a zone are in ``zone``."""
    if not orders and since is None and until is None:
        return None
    since_ns, until_ns = _time(since, "--since", zone), _time(until, "--until", zone)
    if since_ns is not None and until_ns is not None and since_ns >= until_ns:
        raise stop(f"--until: {cited(until or '')} is not after --since, {cited(since or '')}")
    return Selection(frozenset(orders or ()), since_ns, until_ns)


_SHORT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:([T ][0-9]{2}:[0-9]{2})(Z|[+-][0-9]{2}:?[0-9]{2})?)?", re.ASCII
)
_MONTH_OR_YEAR: Final = re.compile("[0-9]{1,8}", re.ASCII)  # not seconds since the epoch, of 1970


def _time(text: str | None, option: str, zone: tzinfo) -> int | None:
    """A time in ns; a date, or a time without seconds, is its beginning."""
    if text is None:
        return None
    match = _SHORT.fullmatch(text)
    time_ns = ns(f"{match[1]}{match[2] or 'T00:00'}:00{match[3] or ''}" if match else text, zone)
    if time_ns is None or _MONTH_OR_YEAR.fullmatch(text):
        raise stop(
            f"{option}: {cited(text)} is not a time; expected 2026-11-03, 2026-11-03T14:00Z or an epoch time"
        )
    return time_ns


def said_left_out(records: int, untimed: int) -> str:
    """Sentence on the records that were left out."""
    without = f", {untimed:,} of them without a time" if untimed else ""
    return f"{counted(records, 'record')} outside the selection{without}"


def nothing_selected(records: int, untimed: int) -> str:
    """Sentence for a log of which nothing was selected."""
    return f"no record is selected by --order, --since and --until: {said_left_out(records, untimed)}"
