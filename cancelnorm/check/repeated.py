"""Repeated answers: records of which as much is to be said as of an earlier one, as of errors mostly is.

They equal it but for their clocks and their source, for what their requests name, for the text of an error, or for the
payload where that of no known venue or endpoint is not looked into.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from cancelnorm import venues
from cancelnorm.answer import HttpFailure, parse_at
from cancelnorm.api import find_endpoint
from cancelnorm.caching import LONGEST_KEPT
from cancelnorm.check.clock_rules import clocks_agree
from cancelnorm.check.examples import examples_of
from cancelnorm.check.finding import Finding
from cancelnorm.check.judgement import is_known, shows_canceled
from cancelnorm.check.observations import Observations, observations
from cancelnorm.check.order_rules import ANSWER_RULES, answer_of
from cancelnorm.check.statistics import Summary
from cancelnorm.check.unusual_events import unusual_events
from cancelnorm.common_error import Told
from cancelnorm.errors import CancelNormError
from cancelnorm.logs import Line
from cancelnorm.masking import may_show_secret
from cancelnorm.record import Record
from cancelnorm.request import RequestKeys, Target
from cancelnorm.schema import Normalised, Reason
from cancelnorm.secret_names import secret_keys
from cancelnorm.venue import Venue

__all__ = ["Again", "Keys", "Repeated", "RepeatedAnswers"]

Key = tuple[Hashable, ...]

_MOST: Final = 1_024
_FRESH: Final = 64  # answers of an endpoint in a row that equal no earlier one: then none is expected to
_SCALARS: Final = (str, int)
_ASSUMED: Final = "endpoint-assumed"


class Keys(Struct, frozen=True, gc=False):
    """What a record says apart from its clocks, and the same but for the text of an error, which is ``told``."""

    exact: Key
    alike: Key | None = None
    told: Told | None = None


class _Kind(Struct, gc=False):
    """The answers of an endpoint under a status: how much of their payloads is looked into, and who passes some over.

    ``fresh`` is the number of those in a row that were like no earlier one.
    """

    venue: Venue | None
    is_known: bool
    skip: Callable[[bytes], str | None] | None
    fresh: int = 0

    @classmethod
    def of(cls, line: Line) -> "_Kind":
        """That of a line."""
        venue = venues.find(line.venue)
        if venue is None or not is_known(line.venue, line.endpoint):
            return cls(venue, is_known=False, skip=None)
        endpoint = None if line.endpoint is None else find_endpoint(line.venue, line.endpoint)
        return cls(venue, is_known=True, skip=venue.skip if endpoint is None else endpoint.skip)

    def looked_into(self, payload: bytes) -> bytes | bool | None:
        """What is looked into of a payload: of one from an unknown endpoint, whether it shows something canceled."""
        if self.is_known or payload[:1] == b'"':
            return payload
        return None if self.venue is None else shows_canceled(payload)

    def told(self, payload: bytes) -> Told | None:
        """What a payload tells if it is an error that means the same whatever its text."""
        if self.venue is None or payload[:1] != b"{":
            return None
        told = self.venue.told(payload)
        return told if told is None or told.answered_ns is None else None


def _request_of(line: Line) -> tuple[tuple[str, object], ...] | None:
    """The request of a line as a part of a key; None if it is no plain object."""
    if not line.request:
        return ()
    if not isinstance(line.request, dict) or not all(type(v) in _SCALARS for v in line.request.values()):
        return None
    return tuple(line.request.items())


class Repeated(Struct):
    """A record, and what was found; ``result`` is None if it was not understood, and ``seen`` if it shows no order.

    ``payload`` is None where there was no record. ``says_answer`` if a finding says what the venue answered. ``clocks``
    are those of the records that equal it: when each was sent and received.
    """

    payload: bytes | str | None
    result: Normalised | None
    frame: str | None  # of one that is not about a cancel
    refused: Finding | None
    findings: Sequence[Finding]
    seen: Observations | None
    is_unanswered: bool
    says_answer: bool = False
    clocks: list[tuple[int | None, int | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.says_answer = any(finding.rule.name in ANSWER_RULES for finding in self.findings)

    def says_no_more_than(self, told: Told) -> bool:
        """Whether all that is to be said of a record follows from what its error tells, and from its kind."""
        result = self.result
        if result is None or self.is_unanswered or len(result.events) != 1:
            return False
        [event] = result.events
        if event.reason is Reason.RATE_LIMITED:
            return False  # its text tells whether the sender is banned
        return (event.code, event.message) == (told.code, told.message) and all(
            finding.path == "$"
            and (
                finding.rule.name == _ASSUMED
                or (finding.rule.name in ANSWER_RULES and finding.message == answer_of(event))
            )
            for finding in self.findings
        )

    def takes(self, sent: int | None, received: int | None) -> bool:
        """Whether a record with these clocks, or this one with its own, says nothing more."""
        if self.result is None or self.is_unanswered or (sent is None and received is None):
            return True
        events = self.result.events
        times = [ns for event in events for ns in (event.event_ns, event.response_ns) if ns is not None]
        return clocks_agree(sent, received, min(times, default=None), max(times, default=None))

    def observations(self, line: Line, source: str, target: Target | None) -> Observations | None:
        """Those of a record that equals it, but perhaps for the order that its request names."""
        if self.seen is None or self.result is None:
            return None if self.seen is None else self.seen._replace(source=source)
        own: dict[str, Any] = {"received_ns": line.received_ns, "source": source}
        events = self.result.events
        if target is not None:
            own |= {name: getattr(target, name) for name in events[0].from_request or ()}
        events = tuple(replace(event, **own) for event in events)
        return observations(replace(self.result, events=events), unusual_events(events))

    def found(self, told: Told | None) -> Sequence[Finding]:
        """The findings on a record that equals it but perhaps for its error; their source is that of this one."""
        if told is None or not self.says_answer:
            return self.findings
        return [
            finding.again(None, _answer_of(told)) if finding.rule.name in ANSWER_RULES else finding
            for finding in self.findings
        ]

    def count(self, summary: Summary) -> None:
        """Count the records that equal it."""
        if not self.clocks:
            return
        sent, received = zip(*self.clocks, strict=True)
        if self.result is not None:
            summary.add_again(self.result, sent, received, is_unanswered=self.is_unanswered)
        elif self.frame is not None:
            summary.skip(self.frame, len(sent))
        else:
            summary.refused += len(sent)
        self.clocks.clear()


class _Asked(NamedTuple):
    """A failed request whose answer names no order: the answer says the same to requests about other orders."""

    record: Repeated
    keys: RequestKeys
    venue: str
    names: tuple[str, ...]  # what the request names

    @classmethod
    def of(cls, line: Line, record: Repeated) -> "_Asked | None":
        """That of a record, if it is one, and nothing is found of it."""
        payload, request = record.payload, line.request
        if payload is None or record.result is None or record.is_unanswered or not isinstance(request, dict):
            return None
        if record.findings or len(record.result.events) > 1 or line.pairing is not None or not line.endpoint:
            return None
        endpoint = find_endpoint(line.venue, line.endpoint)
        if endpoint.request.naming(tuple(request)) is None or secret_keys(request):
            return None
        try:
            raw = parse_at(Record(payload, endpoint.venue, endpoint.name, line.status), endpoint)
        except CancelNormError:
            return None
        if not (endpoint.names_nothing(raw) or isinstance(raw, HttpFailure)):
            return None
        return cls(record, endpoint.request, endpoint.venue, _named(endpoint.request.target(request)))

    def target(self, request: Mapping[str, Any]) -> Target | None:
        """What a request names; None if there may be more to say of that."""
        if may_show_secret("\n".join(map(str, request.values()))):
            return None
        found = self.keys.target(request)
        order_id = found.order_id or ""
        is_plain = not order_id.endswith("00") and order_id not in examples_of(self.venue)
        return found if is_plain and _named(found) == self.names else None


def _named(target: Target) -> tuple[str, ...]:
    return tuple([name for name, value in zip(target._fields, target, strict=True) if value is not None])


def _answer_of(told: Told) -> str:
    """What the venue answered, as findings say it."""
    return " ".join([text for text in (told.code, told.message) if text])[:200]


class Again(Struct, frozen=True, gc=False):
    """An earlier record that another one equals, but perhaps for what its request names, or for its error."""

    record: Repeated
    target: Target | None
    told: Told | None


class RepeatedAnswers:
    """The last records of a run, as far as others may equal them."""

    def __init__(self, summary: Summary) -> None:
        self._summary = summary
        self._kept: dict[Key, Repeated] = {}
        self._asked: dict[tuple[Key, tuple[str, ...]], _Asked] = {}
        self._kinds: dict[Hashable, _Kind] = {}

    def find(self, line: Line) -> Again | Keys | None:
        """Find the record that one equals, and count it.

        Otherwise give the keys to keep it under, or None where another one like it is not to be expected.
        """
        kind = self._kind(line)
        payload = bytes(line.payload)
        if kind.fresh >= _FRESH or (request := _request_of(line)) is None:
            return None
        said = kind.looked_into(payload)
        if said is payload and len(payload) > LONGEST_KEPT:
            return None
        rest = (line.venue, line.endpoint, line.status, line.account, line.dialect, line.pairing, request)
        exact = (said, *rest)
        if found := self._find(exact, line, None):
            kind.fresh = 0
            return found
        told = kind.told(payload) if said is payload else None
        if told is None:
            return Keys(exact)
        alike = (told.alike, told.code, *rest)
        if found := self._find(alike, line, told):
            kind.fresh = 0
            return found
        is_passed = kind.skip is not None and kind.skip(payload) is not None
        return Keys(exact) if is_passed else Keys(exact, alike, told)

    def _kind(self, line: Line) -> _Kind:
        name = line.venue, line.endpoint, line.status
        found = self._kinds.get(name)
        if found is None:
            if len(self._kinds) >= _MOST:
                self._kinds.clear()
            found = self._kinds[name] = _Kind.of(line)
        return found

    def _find(self, key: Key, line: Line, told: Told | None) -> Again | None:
        """Find the record with a key that one equals, and count it."""
        found, target = self._kept.get(key), None
        if found is None and self._asked and isinstance(line.request, dict):
            asked = self._asked.get((key[:-1], tuple(line.request)))
            if asked is None or (target := asked.target(line.request)) is None:
                return None
            found = asked.record
        if found is None or not found.takes(line.sent_ns, line.received_ns):
            return None
        found.clocks.append((line.sent_ns, line.received_ns))
        return Again(found, target, told)

    def keep(self, keys: Keys, line: Line, record: Repeated) -> None:
        """Keep a record that was examined."""
        self._kind(line).fresh += 1
        if not record.takes(line.sent_ns, line.received_ns):
            return
        if len(self._kept) >= _MOST:
            self.count()
            self._kept.clear()
            self._asked.clear()
        if not isinstance(keys.exact[0], bytes) and record.refused is None:
            return  # a frame about something else may show orders
        of = [keys.exact]
        if keys.alike is not None and keys.told is not None and record.says_no_more_than(keys.told):
            of.append(keys.alike)
        names: tuple[str, ...] = ()
        asked = None
        if isinstance(line.request, dict):
            names, asked = tuple(line.request), _Asked.of(line, record)
        for key in of:
            self._kept[key] = record
            if asked is not None:
                self._asked[key[:-1], names] = asked

    def count(self) -> None:
        """Count all records that were found to equal one."""
        for record in self._kept.values():
            record.count(self._summary)
