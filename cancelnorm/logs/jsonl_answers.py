"""Answers in lines of JSON that name no request: whose they are, and of which venue."""

import re
from collections.abc import Callable
from typing import Final

from cancelnorm import answering, recognition, venues
from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.conversation import Conversation
from cancelnorm.logs.jsonl_direction import Direction, direction_of
from cancelnorm.logs.jsonl_fields import Parts, Payload
from cancelnorm.logs.jsonl_requests import logger_of, text_of, venue_of
from cancelnorm.logs.options import Options
from cancelnorm.logs.pairing import Channel
from cancelnorm.logs.text_senders import EMPTY, is_about_order
from cancelnorm.logs.urls import locate

__all__ = ["Answers", "is_page", "is_received", "sender_of"]

_ANSWER: Final = re.compile(
    r"\W*(?:(?:http|rest|api)[ _-])?(?:recv|received|resp|response)\W*", re.IGNORECASE
)
_LIMITS: Final = (418, 429)  # which would tell for certain that nothing was canceled


class Answers:
    """The answers of one log that name no request, beside the requests that wait."""

    def __init__(
        self, options: Options, conversation: Conversation, channel: Callable[[Parts, str | None], Channel]
    ) -> None:
        self._options = options
        self._conversation = conversation
        self._channel = channel

    def is_page_of_any(self, parts: Parts, number: int) -> bool:
        """Take a page that answers a request which the line does not name; tell whether any waits."""
        named = parts.text("url") or parts.text("endpoint") or venue_of(parts)
        is_named = named is not None or not is_received(parts)
        if is_named or parts.status() is None or not self._conversation.nameless.is_awaited:
            return False
        self.is_begun(parts, number, is_whole=True)
        return True

    def is_begun(self, parts: Parts, number: int, *, is_whole: bool = False) -> bool:
        """Take a status that names no request and has no answer; tell whether it is that of one which waits."""
        status = parts.status()
        if status is None or status in _LIMITS or parts.text("url") or parts.text("endpoint"):
            return False
        channel = self._channel(parts, None)
        return self._conversation.statuses.begin_near(None, status, number, channel, is_whole=is_whole)

    def asked_before(self, parts: Parts, found: Payload, number: int, venue: str | None) -> Printed | None:
        """The request of an answer that does not name it, in a line before; of the venue, if the line names one."""
        nameless = self._conversation.nameless
        data = text_of(found.data).encode("utf-8", "surrogateescape")
        channel, at = self._channel(parts, None), parts.clock("received")
        asked = nameless.answered(number, data, channel, at, parts.status())
        if asked is None or venue is None:
            return asked
        address = locate(asked.method, asked.url, venue=venue, hosts=self._options.hosts)
        return asked if address is not None and address.venue == venue else None

    def is_answer(self, parts: Parts, found: Payload, number: int, direction: Direction | None) -> bool:
        """Tell whether a payload answers a request, though its line has no URL: it has a status, or is behind one."""
        nameless = self._conversation.nameless
        if direction == "sent" or not nameless.is_awaited:
            return False
        if parts.status() is not None:
            return True
        data = text_of(found.data).encode("utf-8", "surrogateescape")
        return bool(nameless.begun(number, data, self._channel(parts, None)))

    @staticmethod
    def sender(parts: Parts, data: bytes) -> str | None:
        """The venue that sends such an answer: the only one, or that of the logger."""
        return sender_of(data) or _sender_by_logger(parts, data)

    def asked_sender(self, parts: Parts, data: bytes, number: int, channel: Channel) -> str | None:
        """The only venue that was asked and sends such an answer; what says nothing may be of any.

        The request that it may answer is in doubt then, if it has no status by which it was looked for.
        """
        if data in EMPTY:
            return None
        nameless = self._conversation.nameless
        found = nameless.asked(recognition.takers(data), data, channel)
        if len(found) != 1:
            return None
        if parts.status() is None:
            asked = nameless.answered(number, data, channel, parts.clock("received"))
            if asked is not None:
                self._conversation.doubt(asked, channel)
        return found[0]

    def is_of_other(self, parts: Parts, data: bytes) -> bool:
        """Tell whether what answers none of the requests that wait is nothing that is said of a cancel either."""
        is_named = "venue" in parts.mapped or parts.text("url") or parts.text("endpoint")
        is_nameless = not is_named and (parts.status() is not None or is_received(parts))
        if not is_nameless or not self._conversation.nameless.is_awaited or is_about_order(data):
            return False
        return data in EMPTY or not recognition.senders(data)[0]


def is_received(parts: Parts) -> bool:
    """Tell whether a line says, by a key or by a message of no other words, that it is an answer."""
    said = parts.said()
    return direction_of(parts) == "received" or (said is not None and _ANSWER.fullmatch(said) is not None)


def is_page(payload: Payload) -> bool:
    """Tell whether a payload is the text of a server on the way, and no answer of a venue."""
    return isinstance(payload.data, str) and payload.data.lstrip()[:1] not in ("{", "[", "")


def sender_of(data: bytes) -> str | None:
    """The venue that sends such a frame, about a cancel or about something else; None if it may be of several."""
    if (found := recognition.recognise(data)) is not None:
        return found
    quiet = recognition.quiet_at(data)
    return quiet[0] if quiet and not recognition.takers(data) else None


def _sender_by_logger(parts: Parts, data: bytes) -> str | None:
    """The venue that the logger is named for, if an answer of it has just the keys of a payload."""
    venue = venues.find(logger_of(parts) or "")
    return venue.name if venue is not None and answering.knows(venue, data) else None
