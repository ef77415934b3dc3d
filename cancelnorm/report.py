"""Events, errors and counts as text: lines of JSON, sentences, the rows of tables."""

import json
import re
from collections import Counter
from decimal import Decimal
from types import NoneType
from typing import Annotated, Any, Final, Union

import msgspec
from msgspec import UNSET, Meta, UnsetType

from cancelnorm.errors import AmbiguousPayloadError, CancelNormError, PayloadError, UnknownEndpointError
from cancelnorm.kinds import Field, fields_of, members_of
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Identity, Normalised, Outcome, Reason
from cancelnorm.wire import exact

__all__ = ["Groups", "Tally", "event_json", "event_schema", "headline", "printable", "problem", "shown"]

# --- An event as JSON ---

_FIELDS: Final = fields_of(CancelEvent)
_DECIMALS: Final = tuple(i for i, field in enumerate(_FIELDS) if Decimal in members_of(field.kind))
_Line: Final = msgspec.defstruct(
    "_Line", [(field.name, Any, None) for field in _FIELDS], omit_defaults=True, gc=False
)
_encode: Final = msgspec.json.Encoder().encode


def event_json(event: CancelEvent) -> bytes:
    """Write an event as JSON on one line, without the line's end.

    Fields come in the order of the schema; those that are None are left out. A decimal is a string with the
    digits that the venue sent, never with an exponent.
    """
    values = list(msgspec.structs.astuple(event))
    for i in _DECIMALS:
        if values[i] is not None:
            values[i] = exact(values[i])
    return _encode(_Line(*values))


def event_schema() -> dict[str, Any]:
    """Give the JSON Schema of what ``event_json`` writes."""
    written = msgspec.defstruct(
        "CancelEvent",
        [_written(field) for field in _FIELDS],
        namespace={"__doc__": "What a venue said about one cancellation; what is left out, it does not say."},
        kw_only=True,
    )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(written)}


_DecimalText = Annotated[str, Meta(pattern=r"^-?[0-9]+(\.[0-9]+)?$")]


def _written(field: Field) -> tuple[str, Any] | tuple[str, Any, Any]:
    """A field of the schema as it is written: decimals as text, nothing for None."""
    members = [_DecimalText if m is Decimal else m for m in members_of(field.kind) if m is not NoneType]
    if NoneType in members_of(field.kind):
        return field.name, Union[(*members, UnsetType)], UNSET  # its members are known at run time
    return field.name, Union[tuple(members)]  # noqa: UP007


# --- Sentences ---

_OUTCOMES: Final = {
    Outcome.CANCELED: "canceled",
    Outcome.REDUCED: "reduced, part of it is off the book",
    Outcome.PENDING: "not confirmed yet",
    Outcome.REJECTED: "not canceled by this request",
    Outcome.UNKNOWN: "fate unknown",
}
_REASONS: Final = {
    Reason.NOT_FOUND: "there is no such order",
    Reason.ALREADY_CANCELED: "it had been canceled",
    Reason.ALREADY_FILLED: "it had filled",
    Reason.ALREADY_CLOSED: "it had been closed",
    Reason.NOT_FOUND_OR_CLOSED: "there is no such order or it had been closed",
    Reason.CANCEL_IN_PROGRESS: "a cancel is under way",
    Reason.NOT_CANCELABLE: "it cannot be canceled",
    Reason.RESTRICTED: "the request's own restriction forbade it",
    Reason.INVALID_REQUEST: "the request was invalid",
    Reason.DUPLICATE_REQUEST: "the request had been made before",
    Reason.RATE_LIMITED: "there were too many requests",
    Reason.CLOCK_SKEW: "the request's clock was off",
    Reason.AUTH: "the request did not prove who sent it",
    Reason.PERMISSION: "the request was not allowed",
    Reason.MARKET_STATE: "the market does not allow it now",
    Reason.VENUE_UNAVAILABLE: "the venue was not available",
    Reason.TIMEOUT: "the venue did not answer in time",
    Reason.UNREADABLE: "the answer could not be read",
    Reason.OTHER: "the venue has a reason of its own",
}
_EVIDENCE: Final = {
    Evidence.NONE: "no word on the order itself",
    Evidence.ACKNOWLEDGED: "the venue took the request",
    Evidence.COUNTED: "the venue gave a number of orders",
    Evidence.LISTED: "the venue's list says so",
    Evidence.SUCCESS_FLAG: "a code or a flag says so",
    Evidence.TERMINAL_STATUS: "the order's last status says so",
    Evidence.FINAL_REPORT: "the matching engine reports it",
}


def headline(event: CancelEvent) -> str:
    """Say in one sentence what became of the cancel, why, and how far that is certain."""
    verdict = _OUTCOMES[event.outcome]
    if event.reason is Reason.NOT_FOUND and event.kind is EventKind.SCOPE:
        verdict += ", because there was nothing to cancel"
    elif event.reason is not None:
        verdict += f", because {_REASONS[event.reason]}"
    said = " ".join(part for part in (event.code, event.message) if part)
    quoted = f" ({shown(said, 160)})" if said else ""
    return f"{_subject(event)}: {verdict}; {_EVIDENCE[event.evidence]}{quoted}"


def _subject(event: CancelEvent) -> str:
    """Say what an event is about."""
    match event.kind:
        case EventKind.ORDER:
            name = event.order_id or f"with client id {event.client_order_id}"
            subject = f"order {name}"
        case EventKind.SCOPE:
            subject = "all orders in the request's scope"
        case EventKind.TIMER:
            subject = "the dead-man switch"
        case EventKind.REQUEST:
            subject = "the request"
    if event.symbol:
        subject += f" on {event.symbol}"
    if event.list_id:
        subject += f" in list {event.list_id}"
    return printable(f"{subject} (named by the request)" if event.identity is Identity.REQUEST else subject)


def problem(error: CancelNormError, source: str | None) -> str:
    """Say in one line what was refused, as ``file:line: path: message``."""
    match error:
        case PayloadError():
            where, what = error.path, f"expected {error.expected}, found {error.found}"
        case UnknownEndpointError(endpoint=None):
            where, what = "venue", str(error)
        case UnknownEndpointError():
            where, what = "endpoint", str(error)
        case AmbiguousPayloadError():
            names = " or ".join(endpoint for _, endpoint in error.candidates)
            where, what = "endpoint", f"not given, and the payload could come from {names}"
        case _:
            return printable(str(error))
    return printable(f"{source}: {where}: {what}" if source else f"{where}: {what}")


def printable(text: str) -> str:
    """Text for one line of a terminal: what cannot be seen, or would steer the terminal, is escaped."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] if c < "\x7f" else _escaped(c) for c in text)


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"


def shown(value: object, width: int) -> str:
    """A canonical value as text, in at most ``width`` characters."""
    match value:
        case None:
            text = ""
        case Decimal():
            text = exact(value)
        case str() if value:
            text = str(value)
        case _:
            text = _encode(value).decode()
    text = printable(text)
    return text if len(text) <= width else f"{text[: width - 3]}..."


# --- Counts ---

_NUMBERS: Final = re.compile(r"[0-9]+")
_INDICES: Final = re.compile(r"\[[0-9]+\]")
_MAX_GROUPS: Final = 200


class Groups:
    """How often each kind of thing was seen, and the first of it; bounded, however many there are."""

    def __init__(self) -> None:
        self.count = 0
        self._counts: Counter[str] = Counter()
        self._first: dict[str, str] = {}

    def add(self, kind: str, line: str) -> None:
        """Count one; ``line`` is kept where it is the first of its kind."""
        self.count += 1
        if kind not in self._first and len(self._first) >= _MAX_GROUPS:
            kind = "of other kinds"
        self._counts[kind] += 1
        self._first.setdefault(kind, line)

    def ranked(self) -> list[tuple[int, str, str]]:
        """Give how often, the kind, and the first of it; the most frequent first."""
        return [(count, kind, self._first[kind]) for kind, count in self._counts.most_common()]


class Tally:
    """Counts over the records of a run; its size does not grow with theirs."""

    def __init__(self) -> None:
        self.understood = 0
        self.skipped = 0  # frames that are not about a cancel
        self.events: Counter[tuple[str, Outcome]] = Counter()
        self.notes = Groups()
        self.refusals = Groups()

    @property
    def refused(self) -> int:
        """Records, and lines that are none, that were refused."""
        return self.refusals.count

    @property
    def records(self) -> int:
        """All that was read."""
        return self.understood + self.skipped + self.refused

    def add(self, result: Normalised) -> None:
        """Count a record that was understood."""
        self.understood += 1
        for event in result.events:
            self.events[event.venue, event.outcome] += 1
        for note in result.notes:
            event = result.events[0]
            path = _INDICES.sub("[*]", note.path)
            line = f"{event.source}: {note.message}" if event.source else note.message
            self.notes.add(f"{note.code}  {event.venue} {event.endpoint} {path}", line)

    def refuse(self, line: str) -> None:
        """Count what was refused, by its line ``file:line: path: message``."""
        self.refusals.add(_NUMBERS.sub("*", line.partition(": ")[2]), line)

    def most_refused(self) -> list[str]:
        """Give a line for each problem that many records share: how many, and the first."""
        return [f"{count:>9,} like {line}" for count, _, line in self.refusals.ranked()[:20] if count > 1]

    def noted(self) -> list[str]:
        """Give two lines for each kind of note at a place: how many there are, and the first."""
        return [
            printable(line)
            for count, kind, first in self.notes.ranked()
            for line in (f"{count:>9,} {kind}", f"          {first}")
        ]

    def table(self) -> list[tuple[str, ...]]:
        """Give the events by venue and outcome: names first, sums last; nothing where there is none."""
        if not self.events:
            return []
        outcomes = [outcome for outcome in Outcome if any(o is outcome for _, o in self.events)]
        names = sorted({venue for venue, _ in self.events})
        counts = [[self.events[name, outcome] for outcome in outcomes] for name in names]
        if len(names) > 1:
            names.append("all")
            counts.append([sum(column) for column in zip(*counts, strict=True)])
        rows = [
            (name, *(f"{n:,}" for n in (*row, sum(row)))) for name, row in zip(names, counts, strict=True)
        ]
        return [("venue", *outcomes, "events"), *rows]

    def total(self) -> str:
        """Say in one line how many records there were and what became of them."""
        parts = [
            _counted(self.records, "record"),
            *([f"{self.skipped:,} skipped"] if self.skipped else []),
            f"{self.refused:,} refused" if self.refused else "all understood",
            _counted(self.events.total(), "event"),
            _counted(self.notes.count, "note"),
        ]
        return ", ".join(parts)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
