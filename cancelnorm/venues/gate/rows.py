"""Rows of Gate's answers to a cancel of several orders: the verdict of each."""

from typing import Final

from msgspec import UNSET, UnsetType

from cancelnorm.eventmap import CodeTable, Verdict, verdict_of
from cancelnorm.schema import Evidence, Outcome
from cancelnorm.venues.gate.messages import client_id

__all__ = ["client_id_of", "order_id_of", "row_verdict", "venue_id"]

_FLAGGED: Final = Verdict(Outcome.CANCELED, Evidence.SUCCESS_FLAG)
_UNFLAGGED: Final = Verdict(Outcome.UNKNOWN, Evidence.LISTED)
_BOTH: Final = ("contradiction", "a success beside a label of a failure")


def row_verdict(
    table: CodeTable,
    succeeded: bool | UnsetType,
    label: str | UnsetType | None,
    message: str | UnsetType | None,
) -> Verdict:
    """The verdict of a row: a label is a failure, whatever the flag says."""
    if label:
        failure = verdict_of(table, label, message or "")
        return failure._replace(code=label, note=_BOTH if succeeded is True else None)
    if succeeded is True:
        return _FLAGGED
    return _UNFLAGGED if succeeded is UNSET and not message else verdict_of(table, "", message or "")


def venue_id(named: str) -> str | None:
    """The order's own id in a row that repeats what the request named; None if that is the client's."""
    return None if client_id(named) else named or None


def client_id_of(text: str | UnsetType, named: str) -> str | None:
    """The client's id of an order in a row that has both."""
    return client_id(text) or client_id(named)


def order_id_of(named: str, text: str | UnsetType) -> str | None:
    """The order's own id in such a row."""
    return None if client_id(named) and client_id_of(text, named) == named else named or None
