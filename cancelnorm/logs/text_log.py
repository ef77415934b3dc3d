"""What the lines of a log of text share: its requests, its frames, and its connections."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple

from cancelnorm.logs.cancel_at import is_of_other
from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.contexts import NO_CONTEXT, Context, context_before
from cancelnorm.logs.conversation import Conversation
from cancelnorm.logs.exception_causes import Causes
from cancelnorm.logs.item import Item, Unreadable
from cancelnorm.logs.options import Options
from cancelnorm.logs.pairing import address_of
from cancelnorm.logs.passed import PassedOver
from cancelnorm.logs.request_bodies import RequestBodies
from cancelnorm.logs.text_errors import Lost, lost_in
from cancelnorm.logs.text_words import Words, words
from cancelnorm.logs.timestamps import leading
from cancelnorm.logs.told import NEAR
from cancelnorm.logs.tried import Tried, tried_in
from cancelnorm.logs.urls import locate
from cancelnorm.logs.websocket import Channel, Frames

__all__ = ["Around", "TextLog"]


_ANY: Final = Channel()
# What a logger says of its connection before a frame: ``[conn-2]``, ``ws2 >``, ``conn_id=c1``, ``[account: desk]``. A
# number alone counts if it can be none of bytes, of frames, of a time or a date.
_LABEL: Final = re.compile(
    rb"(?<![\w/.-])(?:(?P<account>acc(?:oun)?t|sub-?account)|conn(?:ection)?|client(?![-_ ]?id)|session|socket|ws)"
    rb"(?:[-_ ]?id)?"
    rb"(?:[-_ #(\[]{0,2}(?P<number>0x[0-9a-f]{1,16}+|[0-9]{1,6}+)"
    rb"(?![\w.:]|-[0-9]{2}-|\s{0,3}(?:bytes?|ms|sec(?:ond)?s?)\b|(?<=[ (\[][0-9])\s{0,3}(?:frame|message|request)\b"
    rb"|\s{0,3}(?:frames|messages|requests)\b)"
    rb"|(?:\s?[=@]\s?[\"']?|:\s?(?=[\w.-]{1,64}[\])]))(?P<name>[\w.-]{1,64}+))",
    re.IGNORECASE,
)
_LABELS: Final = (b"acc", b"conn", b"client", b"session", b"socket", b"sub", b"ws")
_DIRECTIONS: Final = frozenset(
    {"in", "out", "send", "sent", "recv", "received", "rx", "tx", "open", "closed"}
)
_OF_ORDERS: Final = re.compile(rb"cancel|order|://", re.IGNORECASE)
_BEGINNING: Final = 200  # bytes of a line in which it stands
_CUT: Final = "an object that is truncated or broken; it may say what became of a cancel"
_SHORTENED: Final = (
    "websockets for Python logs the beginning and the end of a frame only, of this one and all that are as long; "
    "set WEBSOCKETS_MAX_LOG_SIZE"
)


class Around(NamedTuple):
    """What a line of JSON says beside the text in it; what is in the text has it, too."""

    source: str
    at: int | None
    channel: Channel
    raw: bytes | None
    venue: str | None
    logger: str | None  # the venue that the name of its logger names
    said: str | None  # its message, where the text is another one
    tried: Tried | None  # as this says


class TextLog:
    """The state of one log."""

    def __init__(self, name: str, options: Options, passed: PassedOver) -> None:
        self.options = options
        self.zone = options.zone
        self.conversation = Conversation(options, passed)
        self.bodies = RequestBodies(self.conversation)
        self.frames = Frames(options)
        self.causes = Causes()
        self.around: Around | None = None
        self.line = self._said_in = b""  # the line that is read, and the one that has the names
        self._names: tuple[str | None, Context] = None, NO_CONTEXT
        self.has_requests = False
        self.text_lines = 0  # those that hold nothing
        self._is_shortened = False  # a frame
        self.near: deque[tuple[int, bytes]] = deque(maxlen=NEAR)  # the last lines, and their numbers
        self._sent: deque[tuple[int, str]] = deque(maxlen=NEAR)  # the last frames of one venue alone
        self._name = name
        self._turned: dict[int, int] = {}  # lines of the file by their numbers in the order of time
        self._connected: dict[str | None, str] = {}  # the venues of the connections, and a URL of each
        self._addresses: set[str | None] = set()  # of the connections; of many, two

    @contextmanager
    def inside(self, around: Around | None, line: bytes | None = None) -> Iterator[None]:
        """Read what came in another line of JSON than this one, or in another ``line`` of text."""
        before = self.around, self.line
        self.around, self.line = around, self.line if line is None else line
        try:
            yield
        finally:
            self.around, self.line = before

    def named_near(self, number: int, names: Sequence[str]) -> Sequence[str]:
        """The only one of some venues that lines near one name which speak of orders, or URLs; else all of these.

        Where they name none, it is the one that sent the frames in these lines.
        """
        near = [
            line.decode("utf-8", "replace")
            for at, line in self.near
            if number - at <= NEAR and _OF_ORDERS.search(line) is not None
        ]
        beside = [words(line.partition("{")[0]) for line in near]
        urls = [each.url for each in beside if each.url is not None]
        addresses = [locate(None, url, hosts=self.options.hosts) for url in urls]
        found = {each.venue for each in (*beside, *addresses) if each is not None and each.venue in names}
        found = found or {venue for at, venue in self._sent if number - at <= NEAR and venue in names}
        return [*filter(None, found)] if len(found) == 1 else names

    def add_sender(self, number: int, venue: str) -> None:
        """Note the venue that sent a frame as no other one does, in whose next lines it may send others."""
        self._sent.append((number, venue))

    def beside(self, number: int) -> tuple[bytes, bytes]:
        """The words before the first object of the line that is read, and the line right before it."""
        near = self.near
        if len(near) > 1 and near[-1][0] == number:
            at, before = near[-2]
            before = before if at == number - 1 else b""
        else:
            before = next((line for at, line in reversed(near) if at == number - 1), b"")
        return self.line.partition(b"{")[0], before

    def is_raised(self, since: int | None, number: int) -> bool:
        """Tell whether the lines from one to another, or the last of them, are a traceback without a cancel."""
        if since is None:
            return False
        lines = [line for at, line in self.near if since < at < number]
        return bool(lines) and all(
            line.startswith((b" ", b"\t", b"Traceback")) and b"cancel" not in line.lower() for line in lines
        )

    def named(self) -> str | None:
        """The venue that the line of JSON around a text names, or that of the whole log."""
        around = None if self.around is None else self.around.venue
        return around or self.options.venue

    def of_logger(self, said: Words) -> Words:
        """The same words; what they do not say, the line of JSON around them does: the venue, and what was tried."""
        around = self.around
        if around is None or (around.logger, around.tried) == (None, None):
            return said
        return said._replace(
            venue=around.logger if said.venue is None else said.venue,
            tried=around.tried if said.url is None and said.tried is None else said.tried,
        )

    def tried(self, before: str) -> Tried | None:
        """What the words before an error say was tried, or the message of the line of JSON around it."""
        return tried_in(before) or (None if self.around is None else self.around.tried)

    def is_of_other(self, names: Sequence[str], error: bytes, tried: Tried | None) -> bool:
        """Tell whether an error of one of some venues is of something else than a cancel, as words before it say.

        A cancel that waits may have been refused so.
        """
        if tried is None or not is_of_other(names, error, tried):
            return False
        return not self.conversation.nameless.awaiting(error, self.channel())

    def leading(self, text: str) -> tuple[int | None, str]:
        """The time before a text, or that of the line of JSON around it; and the rest."""
        at, rest = leading(text, self.zone)
        return (self.around.at if at is None and self.around is not None else at), rest

    def source(self, number: int) -> str:
        """The source of a line."""
        return f"{self._name}:{self._turned.get(number, number)}"

    def turn(self, number: int, line: int) -> None:
        """Note which line of the file has a number, where they are read in another order than they stand there."""
        self._turned[number] = line

    def request_source(self, number: int) -> str:
        """The source of a request in a line, or of the line of JSON around that."""
        return self.source(number) if self.around is None else self.around.source

    def channel(self, url: str | None = None) -> Channel:
        """What is known of the connection of a frame at a URL, or of a request or an answer over HTTP."""
        channel = _ANY if self.around is None else self.around.channel
        connection, context = self._said()
        if channel.connection is None and connection is not None:
            channel = channel._replace(connection=connection)
        if channel.context == NO_CONTEXT and context != NO_CONTEXT:
            channel = channel._replace(context=context)
        return channel._replace(url=address_of(url)) if url else channel

    def _said(self) -> tuple[str | None, Context]:
        """What the line says of its connection before its first object, and of its context, or behind the last one."""
        if self._said_in is not self.line:
            before = self.line[:_BEGINNING].partition(b"{")[0]
            context = context_before(before)
            if context == NO_CONTEXT and b"=" in (behind := self.line[-_BEGINNING:].rpartition(b"}")[2]):
                context = context_before(behind)  # where loggers have the names in their order
            self._said_in, self._names = self.line, (_connection_in(before), context)
        return self._names

    def ask(self, request: Printed, *, is_certain: bool = False) -> None:
        """Keep a request over HTTP for its answer."""
        self.has_requests = True
        if self.around is not None:
            at = self.around.at if request.at is None else request.at
            request = request._replace(at=at, raw=self.around.raw)
        source = self.request_source(request.line)
        self.conversation.ask(request, source, is_certain=is_certain, channel=self.channel())

    def send(
        self, data: bytes, at: int | None, venue: str | None, url: str | None, number: int, raw: bytes | None
    ) -> None:
        """Keep a frame that was sent for its answer, but for one whose line the log has twice."""
        self.has_requests = True
        if self.conversation.told.is_again:
            return
        if self.around is not None:
            raw = self.around.raw
            at = self.around.at if at is None else at
        source, channel = self.request_source(number), self.channel(url)
        address = url or self.socket() or ""
        self.frames.send(data, at, venue, address, source=source, raw=raw, channel=channel)

    def cut(self, number: int, line: bytes | None) -> Item:
        """The fault of a line whose object is truncated or broken."""
        return Item(Unreadable(self.source(number), "line", _CUT), line)

    def shortened(self, number: int, line: bytes | None) -> list[Item]:
        """The fault of a frame from which a part is left out; the first one stands for all."""
        if self._is_shortened:
            self.text_lines += 1
            return []
        self._is_shortened = True
        return [Item(Unreadable(self.source(number), "line", _SHORTENED), line)]

    def left(self) -> list[Item]:
        """Take the requests that were given up since the last call."""
        left, frames = self.conversation.left(), self.frames.left()
        return left + frames if frames else left

    def connect(self, url: str) -> None:
        """Note a connection."""
        address = locate(None, url, hosts=self.options.hosts)
        self._connected[address.venue if address else None] = url
        if len(self._addresses) <= 1:
            self._addresses.add(address_of(url))

    def socket(self) -> str | None:
        """The address of the WebSocket of a frame without a URL: that of the JSON line around it, or the only one."""
        around = None if self.around is None else self.around.channel.url
        return around or (next(iter(self._addresses)) if len(self._addresses) == 1 else None)

    def unknown_stream(self, url: str | None) -> str | None:
        """The URL of the stream that a frame came by, if it is at a host of no venue; ``url`` is beside the frame."""
        if self.options.venue is not None:
            return None
        if url is not None:
            return url if locate(None, url, hosts=self.options.hosts) is None else None
        return self._connected[None] if self._connected.keys() == {None} else None

    def lost_in(self, text: str) -> Lost | None:
        """What a text says of an answer that did not come, and the message of the line of JSON around it."""
        said = None if self.around is None else self.around.said
        return lost_in(text if said is None else f"{said}: {text}")

    def method_at(self, url: str) -> str | None:
        """The method of the only endpoint at a URL; None for a stream's, and where there is none or are several."""
        address = None if url[:2].lower() == "ws" else locate(None, url, hosts=self.options.hosts)
        return address.endpoint.partition(" ")[0] if address is not None and address.endpoint else None

    def venue_at(self, url: str | None) -> str | None:
        """The venue at a URL; else that of all connections, because a frame does not name its own."""
        url = url or (None if self.around is None else self.around.channel.url)
        if url is None and not self._connected:
            return self.options.venue
        address = locate(None, url, hosts=self.options.hosts) if url else None
        if address is not None and address.venue is not None:
            return address.venue
        if len(self._connected) == 1:
            return next(iter(self._connected)) or self.options.venue
        return self.options.venue


def _connection_in(before: bytes) -> str | None:
    """What stands before the first object of a connection, or of an account; None where it says neither."""
    account = None
    for found in _LABEL.finditer(before) if any(map(before.lower().__contains__, _LABELS)) else ():
        label = (found["number"] or found["name"]).decode("utf-8", "replace")
        if label.lower() in _DIRECTIONS:
            continue
        if not found["account"]:
            return f"connection {label}"
        account = account or f"account {label}"
    return account
