"""Charts as SVG, drawn by Vega-Lite; colours are variables of the page's style sheet."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from cancelnorm.check.distributions import YEAR_10000, Timeline
from cancelnorm.schema import Outcome

__all__ = ["Chart", "Span", "latencies", "timeline"]

_WIDE: Final = 920
_NARROW: Final = 328
_BARS: Final = 120
_MINUTE: Final = 60
_DAY: Final = 86_400
_WIDTHS: Final = tuple(
    step * unit
    for unit, steps in (
        (1, (1, 5, 15)),
        (_MINUTE, (1, 5, 15, 60, 180, 360)),
        (_DAY, (1, 7, 30, 90, 360, 3_600, 36_000)),
    )
    for step in steps
)
_CONFIG: Final = {
    "aria": False,  # the page describes the charts, and its tables contain the figures
    "background": None,
    "font": "Arial, Helvetica, sans-serif",  # same width on every machine
    "padding": 6,
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--muted)",
        "titleColor": "var(--muted)",
        "titleFontWeight": "normal",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "gridColor": "var(--line)",
        "domainColor": "var(--line)",
        "tickColor": "var(--line)",
    },
}


class Chart(NamedTuple):
    """A chart in two widths, for a screen and for a phone."""

    wide: str
    narrow: str


class Span(NamedTuple):
    """Row of the latency chart: the 10th, 50th, 90th and 99th percentile in ns."""

    label: str
    least: int
    median: int
    most: int
    nearly_all: int


class Bars(NamedTuple):
    """A timeline for drawing: width of a bar in seconds, and (start, outcome) → events."""

    width: int
    bins: Counter[tuple[int, Outcome]]
    undated: int  # events with times outside the calendar


def bars(line: Timeline) -> Bars:
    """Merge the bins of a timeline until there are few enough to distinguish."""
    known = {key: n for key, n in line.bins.items() if 0 <= key[0] < YEAR_10000 - line.width}
    starts = [start for start, _ in known]
    reach = max(starts, default=0) - min(starts, default=0)
    fitting = (w for w in _WIDTHS if w >= line.width and w % line.width == 0 and reach // w < _BARS)
    width = next(fitting, max(line.width, _WIDTHS[-1]))
    bins: Counter[tuple[int, Outcome]] = Counter()
    for (start, outcome), count in known.items():
        bins[start - start % width, outcome] += count
    return Bars(width, bins, line.bins.total() - sum(known.values()))


def timeline(drawn: Bars) -> Chart:
    """Draw cancels over time, stacked by outcome."""
    outcomes = [outcome for outcome in Outcome if any(other is outcome for _, other in drawn.bins)]
    rows: list[dict[str, Any]] = [
        {
            "from": start * 1_000,
            "to": (start + drawn.width) * 1_000,
            "outcome": outcome.value,
            "order": outcomes.index(outcome),
            "n": n,
        }
        for (start, outcome), n in sorted(drawn.bins.items())
    ]
    # Times are UTC, independent of the local time zone.
    time: dict[str, Any] = {"field": "from", "type": "temporal", "scale": {"type": "utc"}, "title": None}
    reach = rows[-1]["to"] // 1_000 - rows[0]["from"] // 1_000
    time["axis"] = {
        "grid": False,
        "labelOverlap": True,
        "labelSeparation": 10,
        "format": _time_format(reach),
        # A label without a time of day stands once a day.
        **({"tickCount": {"interval": "day", "step": 1}} if 2 * _DAY < reach <= 30 * _DAY else {}),
    }
    colours = {"domain": outcomes, "range": [f"var(--{outcome})" for outcome in outcomes]}
    return _chart(
        {
            "data": {"values": rows},
            "height": 200,
            "mark": {"type": "bar", "orient": "vertical", "binSpacing": 0.5, "minBandSize": 1.5},
            "encoding": {
                "x": time,
                "x2": {"field": "to"},
                "y": {
                    "field": "n",
                    "type": "quantitative",
                    "stack": "zero",
                    "title": "events",
                    "axis": {
                        "tickCount": 5,
                        "tickMinStep": 1,
                        "format": ",d",
                        "domain": False,
                        "ticks": False,
                    },
                },
                "color": {"field": "outcome", "type": "nominal", "scale": colours, "legend": None},
                "order": {"field": "order", "type": "quantitative"},
            },
        }
    )


def _time_format(reach: int) -> str:
    """Time format for an axis that spans the given number of seconds."""
    formats = ((10 * _MINUTE, "%H:%M:%S"), (2 * _DAY, "%H:%M"), (300 * _DAY, "%d %b"))
    return next((text for most, text in formats if reach <= most), "%b %Y")


def latencies(spans: Sequence[Span]) -> Chart:
    """Draw latencies: 10th to 90th percentile as a bar, up to the 99th as a line, the median as a mark."""
    rows: list[dict[str, Any]] = [
        {
            "label": span.label,
            **{
                name: max(ns, 1_000) / 1e6  # a logarithmic axis has no zero
                for name, ns in zip(span._fields[1:], span[1:], strict=True)
            },
        }
        for span in spans
    ]
    reach = [row["least"] * 0.8 for row in rows], [row["nearly_all"] * 1.25 for row in rows]
    scale = {"type": "log", "nice": False, "domain": [min(reach[0]), max(reach[1])]}
    axis = {"tickCount": 6, "format": "~s", "domain": False, "labelOverlap": True, "labelFlush": False}
    label: dict[str, Any] = {"field": "label", "type": "nominal", "sort": None, "title": None}
    label["axis"] = {"labelLimit": 230, "domain": False, "ticks": False, "labelPadding": 8}
    axis_channel = {"type": "quantitative", "scale": scale, "title": "milliseconds", "axis": axis}
    ink = "var(--accent)"
    return _chart(
        {
            "data": {"values": rows},
            "height": {"step": 30},
            "encoding": {"y": label},
            "layer": [
                {
                    "mark": {"type": "rule", "color": ink, "strokeWidth": 2, "opacity": 0.45},
                    "encoding": {"x": {"field": "least", **axis_channel}, "x2": {"field": "nearly_all"}},
                },
                {
                    "mark": {"type": "bar", "color": ink, "height": 12, "opacity": 0.6},
                    "encoding": {"x": {"field": "least", **axis_channel}, "x2": {"field": "most"}},
                },
                {
                    "mark": {"type": "tick", "color": "var(--text)", "thickness": 3, "size": 18},
                    "encoding": {"x": {"field": "median", **axis_channel}},
                },
            ],
        }
    )


def _chart(spec: dict[str, Any]) -> Chart:
    import vl_convert  # an extra, and 80 MB

    fit = {"autosize": {"type": "fit-x", "contains": "padding"}, "config": _CONFIG}
    wide, narrow = (
        vl_convert.vegalite_to_svg({**spec, **fit, "width": width}, allowed_base_urls=[])
        for width in (_WIDE, _NARROW)
    )
    return Chart(wide, narrow)
