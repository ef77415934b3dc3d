"""Errors without endpoint that mean the same as one that was examined: their findings differ in the answer alone."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from cancelnorm.check.clock_rules import clocks_agree
from cancelnorm.check.finding import Finding
from cancelnorm.check.observations import observations
from cancelnorm.check.order_rules import ANSWER_RULES, answer_of
from cancelnorm.check.unusual_events import unusual_events
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, Normalised

__all__ = ["CommonErrors"]

_SAME: Final = "endpoint-assumed"


class _Examined(NamedTuple):
    """Findings on an error that was taken for ``met``; None if the next one has to be examined, too."""

    met: object
    findings: Sequence[Finding] | None


class CommonErrors:
    """The findings on the errors of a run, by what these were taken for."""

    def __init__(self) -> None:
        self._kept: dict[int, _Examined] = {}

    def found(self, met: object, result: Normalised, record: Record) -> list[Finding] | None:
        """The findings on an error, without excerpts; None if it has to be examined."""
        known = self._kept.get(id(met))
        [event] = result.events
        if known is None or known.findings is None or not _is_plain(event, record):
            return None
        message, source = answer_of(event), record.source
        return [
            finding.again(source, message if finding.rule.name in ANSWER_RULES else None)
            for finding in known.findings
        ]

    def keep(self, met: object, result: Normalised, record: Record, findings: Sequence[Finding]) -> None:
        """Keep the findings on an error that was examined."""
        [event] = result.events
        if id(met) in self._kept or not _is_plain(event, record):
            return
        is_known = all(
            finding.path == "$" and (finding.rule.name == _SAME or _is_answer(finding, event))
            for finding in findings
        )
        shows_orders = observations(result, result.events) is not None or not unusual_events(result.events)
        kept = [finding.again(None) for finding in findings]
        for finding in kept:
            finding.put(None)
        self._kept[id(met)] = _Examined(met, kept if is_known and not shows_orders else None)


def _is_answer(finding: Finding, event: CancelEvent) -> bool:
    """Whether a finding says no more than what the venue answered."""
    return finding.rule.name in ANSWER_RULES and finding.message == answer_of(event)


def _is_plain(event: CancelEvent, record: Record) -> bool:
    """Whether nothing is to be said of an error but what its kind and its answer tell."""
    if record.secrets or record.request or not answer_of(event):
        return False
    return clocks_agree(record.sent_ns, record.received_ns, event.response_ns, event.response_ns)
