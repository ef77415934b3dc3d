"""Verdicts: what a venue's words and codes say about a cancel."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from cancelnorm.schema import Evidence, Initiator, OrderStatus, Outcome, Reason

__all__ = [
    "NOTHING_OPEN",
    "SERVER_TEXTS",
    "Code",
    "CodeTable",
    "Verdict",
    "rejected",
    "unknown",
    "verdict_of",
]

Code = int | str
"""A venue's own code."""


class Verdict(NamedTuple):
    """How far a cancel got, on what evidence, and what else the same words say.

    ``note`` is the code and the message of a note, where the words contradict the answer they stand in.
    """

    outcome: Outcome
    evidence: Evidence
    reason: Reason | None = None
    status: OrderStatus | None = None
    initiator: Initiator | None = None
    code: str | None = None
    note: tuple[str, str] | None = None


NOTHING_OPEN: Final = Verdict(Outcome.CANCELED, Evidence.LISTED)
"""The venue lists the orders of a scope that it canceled, and lists none: all of nothing was canceled."""


def rejected(reason: Reason) -> Verdict:
    """The venue says by a code that this request canceled nothing."""
    return Verdict(Outcome.REJECTED, Evidence.SUCCESS_FLAG, reason)


def unknown(reason: Reason) -> Verdict:
    """The venue cannot say what became of the request."""
    return Verdict(Outcome.UNKNOWN, Evidence.NONE, reason)


CodeTable = Mapping[Code, Verdict | tuple[tuple[str, Verdict], ...]]
"""Code → verdict, or rows of (text in the message, verdict) tried in order; the text ``""`` fits any."""

_OTHER: Final = rejected(Reason.OTHER)
# What a server says of itself under codes that no table lists: the order may be gone.
SERVER_TEXTS: Final = (
    ("timeout", unknown(Reason.TIMEOUT)),
    ("timed out", unknown(Reason.TIMEOUT)),
    ("server error", unknown(Reason.VENUE_UNAVAILABLE)),
    ("busy", unknown(Reason.VENUE_UNAVAILABLE)),
    ("try again", unknown(Reason.VENUE_UNAVAILABLE)),
    ("maintenance", unknown(Reason.VENUE_UNAVAILABLE)),
    ("temporarily", unknown(Reason.VENUE_UNAVAILABLE)),
)


def verdict_of(table: CodeTable, code: Code, message: str, status: int | None = None) -> Verdict:
    """Look a code up, by its text where the number alone has two meanings.

    Texts are compared without regard to case. A code that is not in the table was still an error: rejected
    for a reason of its own, unless its text says that the server could not answer. Under a 5xx status nothing
    is certain, whatever the code says.
    """
    row = table.get(code)
    if not isinstance(row, Verdict):
        row = _by_text(row or (), message.casefold())
    if status is not None and status >= 500 and row.outcome is Outcome.REJECTED:
        return unknown(Reason.VENUE_UNAVAILABLE if row.reason in (None, Reason.OTHER) else row.reason)
    return row


def _by_text(rows: tuple[tuple[str, Verdict], ...], text: str) -> Verdict:
    """The verdict of the first row whose text is in a message, in lower case, or of what a server says of itself."""
    for texts in (rows, SERVER_TEXTS):
        for part, verdict in texts:
            if part in text:
                return verdict
    return _OTHER
