"""A picture of latencies: a row for each leg, with its distribution and its quantiles, drawn by Vega-Lite."""

from collections.abc import Iterator, Sequence
from math import ceil, floor, log, log10
from typing import Any, Final, Literal

from msgspec import Struct, field

from cancelnorm.check.distributions import Latency
from cancelnorm.latency import Distribution, Leg
from cancelnorm.report.latencies import milliseconds
from cancelnorm.report.lines import counted
from cancelnorm.report.sentences import shown

__all__ = ["FORMS", "Form", "draw"]

Form = Literal["png", "svg"]
FORMS: Final[tuple[Form, ...]] = ("png", "svg")

_MOST: Final = 12  # endpoints in a picture
_WIDTH: Final = 600
_ROW: Final = 46  # height
_DRAWN: Final = 36  # of it, that of a distribution
_HEAD: Final = 30
_SPACE: Final = 22  # above a head
_LABELS: Final = 130  # left of the axis
_FIGURES: Final = {
    "median": 70,
    "p99": 150,
    "max": 230,
    "records": 300,
}  # right of the axis: their right ends
_LEAST_NS: Final = 1_000  # a logarithmic axis has no zero
_SCALE: Final = 2  # pixels of a PNG for each unit
_EXPLAINED: Final = (
    "Share of the records on a logarithmic axis. Tall mark: median; short mark: p99; dot: the longest."
)
_INK: Final = "#1f2933"
_MUTED: Final = "#66727f"
_GRID: Final = "#e3e7eb"
_COLOURS: Final = {
    Leg.THERE: "#3b7dd8",
    Leg.BACK: "#12967e",
    Leg.ROUND_TRIP: "#6b5bc4",
    Leg.NEWS: "#d9822b",
}
_CONFIG: Final = {
    "background": "#ffffff",
    "font": "Arial, Helvetica, sans-serif",  # the same width on every machine
    "padding": 18,
    "view": {"stroke": None},
    "axis": {
        "labelColor": _MUTED,
        "titleColor": _MUTED,
        "titleFontWeight": "normal",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "gridColor": _GRID,
        "domain": False,
        "ticks": False,
        "labelPadding": 8,
    },
    "text": {"fontSize": 12, "color": _INK, "baseline": "middle"},
    "title": {
        "color": _INK,
        "fontSize": 16,
        "subtitleColor": _MUTED,
        "subtitleFontSize": 12,
        "subtitlePadding": 6,
        "anchor": "start",
        "frame": "bounds",
        "offset": 18,
    },
}


def draw(distributions: Sequence[Distribution], form: Form) -> bytes:
    """Draw distributions, of which there is at least one, as an image; the axis of time is logarithmic.

    A picture has at most 12 endpoints, those with the most records, and says how many there are besides.
    """
    import vl_convert  # an extra, and 80 MB

    spec = _spec(distributions)
    if form == "png":
        png: bytes = vl_convert.vegalite_to_png(spec, scale=_SCALE, allowed_base_urls=[])
        return png
    svg: str = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return svg.encode()


class _Marks(Struct):
    """Marks of the picture by kind; ``y`` goes down from the top, in units of the picture."""

    height: int = 0
    heads: list[dict[str, Any]] = field(default_factory=list)
    labels: list[dict[str, Any]] = field(default_factory=list)
    bars: list[dict[str, Any]] = field(default_factory=list)
    ticks: list[dict[str, Any]] = field(default_factory=list)
    ends: list[dict[str, Any]] = field(default_factory=list)
    figures: list[dict[str, Any]] = field(default_factory=list)

    def add_head(self, text: str) -> None:
        """Add the name of an endpoint."""
        self.height += _SPACE if self.heads else 0
        self.heads.append({"text": text, "y": self.height + _HEAD / 2})
        self.height += _HEAD - (_ROW - _DRAWN)

    def add(self, one: Distribution) -> None:
        """Add a row."""
        self.height += _ROW
        bottom = self.height
        leg = one.leg.value
        self.labels.append({"text": leg, "y": bottom - _DRAWN / 2, "bottom": bottom})
        density = _density(one)
        most = max(height for _, _, height in density)
        self.bars.extend(
            {"leg": leg, "from": start, "to": end, "y": bottom - _DRAWN * height / most, "bottom": bottom}
            for start, end, height in density
        )
        median, late = one.quantile(0.5), one.quantile(0.99)
        self.ticks.extend(
            {"leg": leg, "at": _ms(ns), "y": bottom - _DRAWN * share, "bottom": bottom}
            for ns, share in ((median, 1.0), (late, 0.5))
        )
        self.ends.append({"leg": leg, "at": _ms(one.durations[-1]), "y": bottom - 3})
        texts = (*map(milliseconds, (median, late, one.durations[-1])), f"{one.count:,}")
        self.figures.extend(
            {"text": text, "x": _WIDTH + room, "y": bottom - _DRAWN / 2}
            for text, room in zip(texts, _FIGURES.values(), strict=True)
        )


def _ms(ns: int) -> float:
    return max(ns, _LEAST_NS) / 1e6


def _density(one: Distribution) -> list[tuple[float, float, float]]:
    """Bars of a histogram: from and to in ms, and records by length on a logarithmic axis."""
    found = Latency()
    found.add([max(ns, _LEAST_NS) for ns in one.durations])
    bars = []
    for start, count in sorted(found.bins.items()):
        end = start + (1 << start.bit_length() - 4)
        bars.append((start / 1e6, end / 1e6, count / log(end / start)))
    return bars


def _spec(distributions: Sequence[Distribution]) -> dict[str, Any]:
    """The picture in the words of Vega-Lite."""
    endpoints: dict[tuple[str, str], list[Distribution]] = {}
    for one in distributions:
        endpoints.setdefault((one.venue, one.endpoint), []).append(one)
    ranked = sorted(endpoints, key=lambda name: -max(one.count for one in endpoints[name]))[:_MOST]
    marks = _Marks()
    for name, found in endpoints.items():
        if name in ranked:
            marks.add_head(f"{shown(name[0], 30)}   {shown(name[1], 70)}")
            for one in found:
                marks.add(one)
    others = len(endpoints) - len(ranked)
    notes = [_EXPLAINED]
    for venue, error_ns in sorted(
        {(one.venue, one.error_ns) for one in distributions if one.error_ns is not None}
    ):
        error = milliseconds(error_ns)
        notes.append(
            f"The offset of {venue}'s clock is estimated: legs to it and from it may be off by ±{error}."
        )
    notes.extend(
        f"The offset of {venue}'s clock is not known: legs to it and from it are as recorded."
        for venue in sorted({one.venue for one in distributions if one.is_corrected is False})
    )
    if others:
        notes.append(f"Not shown: {counted(others, 'endpoint')} with fewer records.")
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "config": _CONFIG,
        "title": {"text": "Latency of cancels", "subtitle": notes},
        "width": _WIDTH,
        "height": marks.height,
        "layer": list(_layers(marks)),
    }


def _round_times(least: float, most: float) -> list[float]:
    """Times on the axis in ms: powers of ten, and if they are few, twice and five times these."""
    powers = range(floor(log10(least)), ceil(log10(most)) + 1)
    steps = (1, 2, 5) if len(powers) < _MANY_POWERS else (1,)
    found = [step * 10**power if power >= 0 else step / 10**-power for power in powers for step in steps]
    return [time for time in found if least <= time <= most]


_MANY_POWERS: Final = 7
_LEAST_REACH: Final = 30  # from one end of the axis to the other


def _layers(marks: _Marks) -> Iterator[dict[str, Any]]:
    """Layers, from the back to the front."""
    times = [end for bar in marks.bars for end in (bar["from"], bar["to"])]
    least, most = min(times) / 1.1, max(times) * 1.1
    room = max(_LEAST_REACH * least / most, 1) ** 0.5
    least, most = least / room, most * room
    scale = {"type": "log", "domain": [least, most], "nice": False}
    axis = {"values": _round_times(least, most), "format": ",~f", "labelOverlap": True}
    time: dict[str, Any] = {"type": "quantitative", "scale": scale, "axis": axis, "title": "milliseconds"}
    down: dict[str, Any] = {
        "type": "quantitative",
        "scale": {"domain": [0, marks.height], "reverse": True, "nice": False},
        "axis": None,
    }
    colour = {
        "field": "leg",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": [leg.value for leg in _COLOURS], "range": list(_COLOURS.values())},
    }
    y, bottom = {"field": "y", **down}, {"field": "bottom"}
    text = {"field": "text", "type": "nominal"}
    yield {
        "data": {"values": marks.labels},
        "mark": {"type": "rule", "color": _GRID, "x": 0, "x2": _WIDTH},
        "encoding": {"y": {**y, "field": "bottom"}},
    }
    yield {
        "data": {"values": marks.bars},
        "mark": {"type": "rect", "opacity": 0.45},
        "encoding": {
            "x": {"field": "from", **time},
            "x2": {"field": "to"},
            "y": y,
            "y2": bottom,
            "color": colour,
        },
    }
    yield {
        "data": {"values": marks.ticks},
        "mark": {"type": "rule", "strokeWidth": 2},
        "encoding": {"x": {"field": "at", **time}, "y": y, "y2": bottom, "color": colour},
    }
    yield {
        "data": {"values": marks.ends},
        "mark": {"type": "point", "filled": True, "size": 28, "opacity": 1},
        "encoding": {"x": {"field": "at", **time}, "y": y, "color": colour},
    }
    yield {
        "data": {"values": marks.heads},
        "mark": {"type": "text", "align": "left", "fontWeight": "bold", "fontSize": 13},
        "encoding": {"x": {"value": -_LABELS}, "y": y, "text": text},
    }
    yield {
        "data": {"values": marks.labels},
        "mark": {"type": "text", "align": "left", "color": _MUTED},
        "encoding": {"x": {"value": -_LABELS}, "y": y, "text": text},
    }
    yield {
        "data": {"values": marks.figures},
        "mark": {"type": "text", "align": "right"},
        "encoding": {
            "x": {"field": "x", "type": "quantitative", "scale": None, "axis": None},
            "y": y,
            "text": text,
        },
    }
    yield {
        "data": {"values": [{"text": name, "x": _WIDTH + room} for name, room in _FIGURES.items()]},
        "mark": {"type": "text", "align": "right", "color": _MUTED},
        "encoding": {
            "x": {"field": "x", "type": "quantitative", "scale": None, "axis": None},
            "y": {"value": -6},
            "text": text,
        },
    }
