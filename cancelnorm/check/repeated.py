"""Repeated answers: records that equal an earlier one but for their clocks and their source, as errors mostly do."""

from collections.abc import Hashable, Sequence
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from cancelnorm.caching import LONGEST_KEPT
from cancelnorm.check.clock_rules import clocks_agree
from cancelnorm.check.finding import Finding
from cancelnorm.check.observations import Observations, observations
from cancelnorm.check.statistics import Summary
from cancelnorm.check.unusual_events import unusual_events
from cancelnorm.logs import Line
from cancelnorm.schema import Normalised

__all__ = ["Repeated", "RepeatedAnswers", "key_of"]

_MOST: Final = 1_024
_SCALARS: Final = (str, int)


def key_of(line: Line) -> Hashable | None:
    """What a record says apart from its clocks; None if another one with the same is not to be expected."""
    request: tuple[tuple[str, object], ...] = ()
    if line.request:
        if not isinstance(line.request, dict) or not all(type(v) in _SCALARS for v in line.request.values()):
            return None
        request = tuple(line.request.items())
    if len(line.payload) > LONGEST_KEPT:
        return None
    return (
        bytes(line.payload),
        line.venue,
        line.endpoint,
        line.status,
        line.account,
        line.dialect,
        line.pairing,
        request,
    )


class Repeated(Struct):
    """A record, and what was found; ``result`` is None if it was not understood, and ``seen`` if it shows no order.

    ``payload`` is None where there was no record. ``clocks`` are those of the records that equal it: when each was
    sent and received.
    """

    payload: bytes | str | None
    result: Normalised | None
    frame: str | None  # of one that is not about a cancel
    refused: Finding | None
    findings: Sequence[Finding]
    seen: Observations | None
    is_unanswered: bool
    clocks: list[tuple[int | None, int | None]] = field(default_factory=list)

    def takes(self, sent: int | None, received: int | None) -> bool:
        """Whether a record with these clocks, or this one with its own, says nothing more."""
        if self.result is None or self.is_unanswered or (sent is None and received is None):
            return True
        events = self.result.events
        times = [ns for event in events for ns in (event.event_ns, event.response_ns) if ns is not None]
        return clocks_agree(sent, received, min(times, default=None), max(times, default=None))

    def observations(self, line: Line, source: str) -> Observations | None:
        """Those of a record that equals it."""
        if self.seen is None or self.result is None:
            return None if self.seen is None else self.seen._replace(source=source)
        sent, received = line.sent_ns, line.received_ns
        events = tuple(
            replace(event, sent_ns=sent, received_ns=received, source=source) for event in self.result.events
        )
        return observations(replace(self.result, events=events), unusual_events(events))

    def found(self, source: str) -> tuple[Sequence[Finding], Finding | None]:
        """The findings on a record that equals it, and the refusal, which may be one of them."""
        found, refused = [finding.again(source) for finding in self.findings], None
        if self.refused is not None:
            same = (new for new, old in zip(found, self.findings, strict=True) if old is self.refused)
            refused = next(same, None) or self.refused.again(source)
        return found, refused

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


class RepeatedAnswers:
    """The last records of a run, as far as others may equal them."""

    def __init__(self, summary: Summary) -> None:
        self._summary = summary
        self._kept: dict[Hashable, Repeated] = {}

    def find(self, key: Hashable, line: Line) -> Repeated | None:
        """Find the one that a record equals, and count it."""
        found = self._kept.get(key)
        if found is None or not found.takes(line.sent_ns, line.received_ns):
            return None
        found.clocks.append((line.sent_ns, line.received_ns))
        return found

    def keep(self, key: Hashable, line: Line, record: Repeated) -> None:
        """Keep a record that was examined."""
        if record.takes(line.sent_ns, line.received_ns):
            if len(self._kept) >= _MOST:
                self.count()
                self._kept.clear()
            self._kept[key] = record

    def count(self) -> None:
        """Count all records that were found to equal one."""
        for record in self._kept.values():
            record.count(self._summary)
