"""Findings on unreadable records and lines."""

import re
from typing import Final

from cancelnorm.caching import cached
from cancelnorm.check.catalogue import BY_NAME
from cancelnorm.check.finding import AlikeFindings, AlikeRuns, Finding, Rule
from cancelnorm.errors import (
    AmbiguousPayloadError,
    CancelNormError,
    NotACancel,
    PayloadError,
    UnknownEndpointError,
    few_of,
)
from cancelnorm.logs import Unreadable
from cancelnorm.reader.scalars import Scalar
from cancelnorm.record import Record

__all__ = ["UnreadLines", "refusal", "unreadable"]

_EPOCHS: Final = (Scalar.EPOCH.value, Scalar.EPOCH_TEXT.value)
_DIGITS: Final = re.compile(r"'?[1-9][0-9]*'?", re.ASCII)


def refusal(error: CancelNormError, record: Record) -> Finding:
    """Finding on a refused record."""
    endpoint = None if record.endpoint is None else record.endpoint.partition("?")[0]
    match error:
        case PayloadError():
            rule, path = _payload_rule(error), error.path
            message = f"expected {error.expected}, found {error.found}"
        case UnknownEndpointError():
            rule, path = BY_NAME["unknown-endpoint"], "venue" if error.endpoint is None else "endpoint"
            message = str(error)
        case AmbiguousPayloadError():
            rule, path = BY_NAME["ambiguous-endpoint"], "endpoint"
            names = few_of([name for _, name in error.candidates], " or ")
            message = f"missing; the payload may come from {names}"
        case NotACancel():
            rule, path, message = BY_NAME["payload-refused"], "$", f"not about a cancel: {error.frame}"
        case _:
            rule, path, message = BY_NAME["payload-refused"], "$", str(error)
    if record.pairing == "shared_id":
        message += "; several open requests have its id or URL"
    return Finding(
        rule,
        message,
        source=record.source,
        path=path,
        venue=record.venue,
        endpoint=endpoint,
        symbol=error.event.symbol if isinstance(error, PayloadError) else None,
        order_id=error.event.order_id if isinstance(error, PayloadError) else None,
    )


def _payload_rule(error: PayloadError) -> Rule:
    """Most specific rule for a refused payload."""
    if error.found == "the same key with different values":
        return BY_NAME["duplicate-key"]
    if error.found.startswith("keys of both"):
        return BY_NAME["both-shapes"]
    if error.expected in _EPOCHS and _DIGITS.fullmatch(error.found):
        return BY_NAME["wrong-clock-unit"]
    return BY_NAME["payload-refused"]


def unreadable(source: str, path: str, reason: str) -> Finding:
    """Finding on a part of a log that is not a record."""
    return _unreadable(path, reason).again(source)


class UnreadLines:
    """The lines of a run that could not be read: those refused alike one after the other have one finding."""

    def __init__(self) -> None:
        self._path = self._reason = ""
        self._findings: tuple[Finding, ...] = ()
        self._runs = AlikeRuns()

    def add(self, position: int, line: Unreadable, finding: Finding | None = None) -> AlikeFindings | None:
        """Take a line at a position of the run, and begin another finding unless it has that of the line before it.

        ``finding`` is that of the line, wherever it is, if there is one already.
        """
        if not self._findings or line.reason != self._reason or line.path != self._path:
            self._path, self._reason = line.path, line.reason
            known = _unreadable(line.path, line.reason) if finding is None else finding.again(None)
            self._findings = (known,)
        return self._runs.add(position, self._findings, line.source)


@cached(1_024)
def _unreadable(path: str, reason: str) -> Finding:
    """The same wherever it is: hundreds of thousands of lines may be refused for one reason."""
    rule = BY_NAME["damaged-file" if path == "file" else "unreadable-line"]
    return Finding(rule, reason, path=path)
