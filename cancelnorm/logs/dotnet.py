"""Exchanges of .NET's HttpClient, which logs where each begins, where it is sent, and where it ends."""

from typing import Final

from msgspec import Struct

from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.conversation import Conversation

__all__ = ["Exchanges"]

_STARTS: Final = "Start processing HTTP request"  # before all handlers
_SENDS: Final = "Sending HTTP request"  # where the last handler sends it, each time that it does
_RECEIVES: Final = "Received HTTP response headers"
_ENDS: Final = "End processing HTTP request"
_FAILS: Final = "HTTP request failed"
_LONGEST: Final = 100  # lines of an exchange
_MOST: Final = 100  # at the same time


class _Exchange(Struct, eq=False):
    request: Printed
    is_sent: bool = False
    has_failed: bool = False


class Exchanges:
    """The exchanges of one log that have not ended.

    A body stands behind the end of its exchange. Where one exchange follows another one, that one has no body once
    the next answer comes; of several at the same time, nothing tells whose an answer is.
    """

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._open: list[_Exchange] = []
        self._are_mixed = False  # several at the same time
        self._ended: Printed | None = None  # the last one, whose body may come

    def is_sent(self, before: str, request: Printed) -> bool:
        """Take a request behind some words; tell whether it is one that has begun, and is sent now."""
        if self._conversation.told.is_again:
            return False
        if _STARTS in before:
            self._begin(request)
            return False
        if _SENDS not in before:
            return False
        same = [each for each in self._open if each.request[:2] == request[:2]]
        each = next((each for each in same if not each.is_sent), same[0] if same else None)
        if each is None:
            return False
        is_first, each.is_sent, each.has_failed = not each.is_sent, True, False
        if is_first or self._conversation.send_again(each.request):
            return True
        each.request = request  # the answer before has its record
        return False

    def is_end(self, text: str) -> bool:
        """Take a line without a request; tell whether it is the end of an exchange or of an attempt."""
        is_end, is_failure = _ENDS in text, _FAILS in text
        if self._conversation.told.is_again:
            return is_end or is_failure
        is_only = len(self._open) == 1 and not self._are_mixed
        if is_end and self._open:
            first = self._open.pop(0)
            self._ended = first.request if is_only else None
        elif is_failure and is_only:
            self._open[0].has_failed = True
        elif _RECEIVES in text and is_only and self._ended is not None:
            self._conversation.give_up(self._ended)
            self._ended = None
        return is_end or is_failure

    def _begin(self, request: Printed) -> None:
        """Take the beginning of an exchange."""
        for each in self._open:
            if each.has_failed:
                self._conversation.give_up(each.request)
        self._open = [
            each
            for each in self._open
            if not each.has_failed and request.line - each.request.line <= _LONGEST
        ]
        self._are_mixed = bool(self._open)
        if self._are_mixed:
            self._ended = None
        self._open.append(_Exchange(request))
        del self._open[:-_MOST]
