"""Requests over HTTP that were given up: what is said of one without an answer."""

from msgspec.structs import replace

from cancelnorm.logs.item import Item
from cancelnorm.logs.options import Options
from cancelnorm.logs.printed import without_answer
from cancelnorm.logs.statuses import FAILURES
from cancelnorm.logs.waiting import Waiting
from cancelnorm.record import Pairing, Record

__all__ = ["Unanswered"]


class Unanswered:
    """The records of requests without an answer, until they are taken."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._items: list[Item] = []

    def add(self, waiting: Waiting, pairing: Pairing = "no_answer") -> None:
        """Give up a request: keep its record, if it may cancel orders and not all that wait with it were answered."""
        if not (waiting.is_certain or waiting.is_lost) and (waiting.is_doubted or waiting.is_shared):
            if waiting.doubt is None or not waiting.doubt.is_short:
                return
            pairing = "in_doubt"
        if waiting.is_late:
            pairing = "timeout"
        request = waiting.request
        record = without_answer(request, waiting.location, self._options, pairing)
        if record is None:
            return
        if isinstance(record, Record):
            is_told = waiting.status in FAILURES and not waiting.is_late
            record = replace(
                record,
                account=waiting.channel.account,
                status=waiting.status,
                pairing=None if is_told else record.pairing,
            )
        self._items.append(Item(record, request.raw))

    def take(self) -> list[Item]:
        """Take the records that were kept since the last call."""
        if not self._items:
            return []
        taken, self._items = self._items, []
        return taken
