"""Latencies as a table for people, and as JSON."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from cancelnorm.latency import Distribution, Latencies, Measurements, Offset, Offsets, Unmeasured
from cancelnorm.report.lines import counted
from cancelnorm.report.sentences import shown
from cancelnorm.report.text_columns import width

__all__ = ["SHARES", "as_json", "as_text", "milliseconds"]

SHARES: Final = {"p50": 0.5, "p90": 0.9, "p99": 0.99}
"""Name → share of the quantiles that are shown."""

_COLUMNS: Final = ("venue", "endpoint", "leg", "count", *SHARES, "max", "±")
_WORDS: Final = 3  # columns of words, which come first
_LONGEST: Final = 60  # characters of a name

_REASONS: Final[Mapping[Unmeasured, str]] = {
    Unmeasured.UNREADABLE: "could not be read",
    Unmeasured.QUERY: "queries, which cancel nothing",
    Unmeasured.NO_ANSWER: "requests without an answer",
    Unmeasured.UNKNOWN: "timeouts and the like, which say nothing of the order",
    Unmeasured.NO_SENT_TIME: "answers without the time of the request",
    Unmeasured.NO_RECEIVED_TIME: "without the time of receipt",
    Unmeasured.NO_VENUE_TIME: "messages of a stream without the engine's time of a cancel",
    Unmeasured.OUT_OF_RANGE: "with a time that is none",
    Unmeasured.RECEIVED_BEFORE_SENT: "received before the request was sent",
}


def milliseconds(ns: int) -> str:
    """A duration in milliseconds, or if it is long in seconds, hours or days."""
    return next(f"{ns / unit:,.{places}f} {name}" for least, unit, places, name in _UNITS if abs(ns) >= least)


_SECOND: Final = 1_000_000_000
_UNITS: Final = (
    (240 * 3_600 * _SECOND, 86_400 * _SECOND, 0, "d"),
    (10 * 3_600 * _SECOND, 3_600 * _SECOND, 1, "h"),
    (10 * _SECOND, _SECOND, 1, "s"),
    (0, 1_000_000, 2, "ms"),
)
"""From this duration on, a unit, its decimal places and its name."""


# --- For people ---


def as_text(measured: Measurements, found: Latencies) -> Iterator[str]:
    """Lines of a table of quantiles, of the offsets of the venues' clocks, and of what was not measured."""
    yield from _table(found.distributions)
    offsets = [
        *(f"{venue}: {_offset(known)}" for venue, known in found.offsets.items()),
        *(
            f"{venue}: not known, no answer has both the recorder's times and the engine's"
            for venue in sorted({one.venue for one in found.distributions if one.is_corrected is False})
        ),
    ]
    if offsets:
        yield ""
        yield "the venue's clock compared with the recorder's"
        yield from (f"  {line}" for line in offsets)
    unmeasured = list(_unmeasured(measured, found))
    if unmeasured:
        yield ""
        yield "not measured"
        counts = [f"{count:,}" for count, _ in unmeasured]
        room = max(map(len, counts))
        yield from (
            f"  {count:>{room}}  {reason}" for count, (_, reason) in zip(counts, unmeasured, strict=True)
        )


def _table(distributions: list[Distribution]) -> Iterator[str]:
    rows = [_COLUMNS]
    before = ("", "")
    for one in distributions:
        name = (shown(one.venue, _LONGEST), shown(one.endpoint, _LONGEST))
        rows.append(
            (
                *(("", "") if name == before else name),
                one.leg.value,
                f"{one.count:,}",
                *(milliseconds(one.quantile(share)) for share in SHARES.values()),
                milliseconds(one.durations[-1]),
                _error(one),
            )
        )
        before = name
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell + " " * (room - width(cell)) if n < _WORDS else " " * (room - width(cell)) + cell
            for n, (cell, room) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells)


def _error(one: Distribution) -> str:
    """How far off all durations of a leg may be; empty for the recorder's clock alone, and for one that was given."""
    if one.is_corrected is False:
        return "?"
    return "" if one.error_ns is None else milliseconds(one.error_ns)


def _offset(known: Offsets) -> str:
    """How far a venue's clock is ahead, and how sure that is."""
    middles = [window.middle_ns for window in known.windows]
    parts = [
        f"{_ahead(min(middles), max(middles))}, ±{milliseconds(known.error_ns)}",
        f"from {counted(sum(w.trips for w in known.windows), 'round trip')}",
    ]
    if len(known.windows) > 1:
        parts.append(f"in {len(known.windows):,} windows")
    if known.jumps:
        parts.append(f"between which a clock was set {counted(known.jumps, 'time')}")
    if known.crossings:
        parts.append(f"{known.crossings:,} halved because their bounds crossed")
    if known.doubtful:
        parts.append(f"{known.doubtful:,} ignored as contradictory")
    return ", ".join(parts)


def _ahead(least: int, greatest: int) -> str:
    """The least and the greatest offset in words."""
    if greatest < 0:
        texts, word = [milliseconds(-greatest), milliseconds(-least)], "behind"
    elif least < 0:
        texts, word = [f"{milliseconds(-least)} behind", milliseconds(greatest)], "ahead"
    else:
        texts, word = [milliseconds(least), milliseconds(greatest)], "ahead"
    return f"{' to '.join(dict.fromkeys(texts))} {word}"


def _unmeasured(measured: Measurements, found: Latencies) -> Iterator[tuple[int, str]]:
    """Number of records that a table does not show, and why."""
    for reason, text in _REASONS.items():
        if count := measured.unmeasured[reason]:
            yield count, text
    if measured.skipped:
        yield measured.skipped, "not about a cancel"
    for (venue, endpoint), count in sorted(found.impossible.items()):
        name = f"{shown(venue, _LONGEST)} {shown(endpoint, _LONGEST)}"
        yield count, f"times of the venue that no offset explains: {name}"


# --- For programs ---


def as_json(measured: Measurements, found: Latencies) -> str:
    """The same as an object; times in ns."""
    written: dict[str, Any] = {
        "records": measured.records,
        "latencies": [
            {
                "venue": one.venue,
                "endpoint": one.endpoint,
                "leg": one.leg.value,
                "count": one.count,
                **{f"{name}_ns": one.quantile(share) for name, share in SHARES.items()},
                "max_ns": one.durations[-1],
                "is_corrected": one.is_corrected,
                "error_ns": one.error_ns,
            }
            for one in found.distributions
        ],
        "offsets": {venue: _written(known) for venue, known in found.offsets.items()},
        "not_measured": {
            **{reason.value: count for reason in _REASONS if (count := measured.unmeasured[reason])},
            **({"not_a_cancel": measured.skipped} if measured.skipped else {}),
        },
        "impossible": [
            {"venue": venue, "endpoint": endpoint, "count": count}
            for (venue, endpoint), count in sorted(found.impossible.items())
        ],
    }
    return msgspec.json.format(msgspec.json.encode(written), indent=2).decode() + "\n"


def _written(known: Offsets) -> dict[str, Any]:
    return {
        "resolution_ns": known.resolution_ns,
        "crossings": known.crossings,
        "doubtful": known.doubtful,
        "jumps": known.jumps,
        "windows": [_window(window) for window in known.windows],
    }


def _window(window: Offset) -> dict[str, int]:
    return {
        "start_ns": window.start_ns,
        "end_ns": window.end_ns,
        "least_ns": window.least_ns,
        "greatest_ns": window.greatest_ns,
        "trips": window.trips,
    }
