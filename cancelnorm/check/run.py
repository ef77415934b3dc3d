"""From records to findings: each record is checked by itself and in sequence."""

from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from cancelnorm.answer import require_drift
from cancelnorm.check.catalogue import select
from cancelnorm.check.examination import BatchResult, Settings, examine
from cancelnorm.check.finding import AlikeFindings, Finding
from cancelnorm.check.history import History
from cancelnorm.errors import require_word
from cancelnorm.logs import Unreadable
from cancelnorm.record import Record

__all__ = ["check", "in_sequence", "together_in_sequence"]


def check(
    records: Iterable[Record | Unreadable],
    *,
    rules: Iterable[str] = ("ALL",),
    drift: Literal["collect", "refuse"] = "collect",
    excerpts: Literal["none", "all"] = "none",
) -> Iterator[Finding]:
    """Yield the findings on records and on their sequence, in the order of the records.

    ``records`` come from ``read`` or any other source. ``rules`` selects by code (``CN201``), code prefix
    (``CN2``) or name (``overfilled``); anything else raises UnknownRuleError. A finding that compares two
    records follows the later one; findings that need the whole log come last. ``excerpts="all"`` adds an
    excerpt of the payload to at most 100 findings of each record. Memory use is constant: see ``History``. Raises
    TypeError for an item that is no record.
    """
    require_drift(drift)
    require_word("excerpts", excerpts, ("none", "all"))
    return _check(records, Settings(select(rules), drift, excerpts))


def _check(records: Iterable[Record | Unreadable], settings: Settings) -> Iterator[Finding]:
    sequence = History()
    found: list[Finding] = []
    for item in records:
        if not isinstance(item, Record | Unreadable):
            raise TypeError(f"expected a Record, found {type(item).__name__}")
        for finding in in_sequence(examine((item,), settings), sequence, settings):
            finding.settle()  # who keeps findings need not keep the payloads
            yield finding
    sequence.end(found.append)
    yield from (finding for finding in found if finding.rule.code in settings.rules)


def in_sequence(result: BatchResult, sequence: History, settings: Settings) -> Iterator[Finding]:
    """Compare records with earlier ones; yield all findings in the order of the records."""
    for found in together_in_sequence(result, sequence, settings):
        if isinstance(found, Finding):
            yield found
        else:
            yield from found.each()


def together_in_sequence(
    result: BatchResult, sequence: History, settings: Settings
) -> Iterator[Finding | AlikeFindings]:
    """The same, but findings that are alike come together.

    The findings are taken out of the result, because what was made for one of them may be larger than its payload.
    """
    findings = result.findings
    findings.reverse()
    for position, seen in result.observations:
        found: list[tuple[int, Finding]] = []
        sequence.see(seen, _placing(found, sequence, position))
        for at, finding in found:
            while findings and findings[-1][0] <= at:
                yield findings.pop()[1]
            if finding.rule.code in settings.rules:
                yield finding
    while findings:
        yield findings.pop()[1]


def _placing(found: list[tuple[int, Finding]], sequence: History, position: int) -> Callable[[Finding], None]:
    """A function that adds a finding with the position of the record that it is emitted at."""
    return lambda finding: found.append((position + sequence.record, finding))
