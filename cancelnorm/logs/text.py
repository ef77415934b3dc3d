"""The format ``text``: lines of any program, some of which hold a frame, a request or an answer.

A line may have a time, words, and an object: JSON, or as Python or JavaScript prints it. Words beside the object
tell its direction, and the method, the URL and the status of HTTP. Lines without an object are counted only.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from msgspec.structs import replace

from cancelnorm.logs.ccxt_lines import Blocks, Printed, failed
from cancelnorm.logs.conversation import Conversation
from cancelnorm.logs.notation import NotAnObject
from cancelnorm.logs.source import MAX_LINE_BYTES, Format, Item, Options, Source, Unreadable
from cancelnorm.logs.text_errors import error_in
from cancelnorm.logs.text_objects import Found, Unfinished, objects_in
from cancelnorm.logs.text_senders import (
    begins_object,
    has_many_keys,
    is_cut,
    is_headers,
    likely_sender,
    raw_answer,
    sender,
)
from cancelnorm.logs.text_words import Words, words
from cancelnorm.logs.timestamps import leading
from cancelnorm.logs.urls import locate
from cancelnorm.logs.websocket import Channel, Frames
from cancelnorm.record import Record

__all__ = ["TEXT", "Around", "TextReader", "holds_frames", "read"]

_CUT: Final = "an object that is truncated or broken; it may say what became of a cancel"
_NEAR: Final = 10  # lines between a request and an answer that does not name it
_EMPTY: Final = (b"{}", b"[{}]")


def fits(head: bytes) -> bool:
    """Any log is lines of text, so this format comes last."""
    return bool(head.strip())


def holds_frames(head: bytes) -> bool:
    """Tell whether the first lines of a log hold a frame, a request or an answer."""
    reader = TextReader("", Options())
    return any(
        any(reader.line(number, line)) or reader.has_requests
        for number, line in enumerate(head.split(b"\n"), 1)
    )


def read(source: Source, options: Options) -> Iterator[Item]:
    """Read what the lines of one log hold."""
    reader = TextReader(source.name, options)
    source.is_unknown = True
    for item in _items(source, reader):
        source.is_unknown = False
        yield item
    source.is_unknown &= not reader.has_requests


def _items(source: Source, reader: "TextReader") -> Iterator[Item]:
    for number, line in source.all_lines():
        if line is None:
            reader.drop()
            reason = f"longer than {MAX_LINE_BYTES >> 20} MiB"
            yield Item(Unreadable(f"{source.name}:{number}", "line", reason))
        else:
            yield from reader.line(number, line)
            yield from reader.left()
            source.text_lines = reader.text_lines
    if not source.damage:
        yield from reader.end()
        source.text_lines = reader.text_lines
    yield from reader.unanswered()


TEXT: Final = Format("text", "lines of text that hold frames, as programs log or print them", fits, read)


class Around(NamedTuple):
    """What a line of JSON says beside the text in it; what is in the text has it, too."""

    source: str
    at: int | None
    channel: Channel
    raw: bytes | None


class TextReader:
    """The reader of the lines of one log, in their order."""

    def __init__(self, name: str, options: Options) -> None:
        self.text_lines = 0  # lines that hold nothing
        self.has_requests = False
        self.around: Around | None = None
        self.conversation = Conversation(options)
        self.frames = Frames(options)
        self._name = name
        self._options = options
        self._zone = options.zone
        self._blocks = Blocks(name, self._zone)
        self._connected: dict[str | None, None] = {}  # the venues of the connections
        self._unfinished: Unfinished | None = None
        self._held: list[tuple[int, bytes]] = []  # the lines of an object that is not finished
        self._before: list[Found] = []  # the objects before it in its first line
        self._error: tuple[Printed, Channel] | None = None  # in the line before, without its request

    def line(self, number: int, line: bytes) -> Iterable[Item]:
        """Read the next line."""
        if self._unfinished is not None:
            return self._continue(self._unfinished, number, line)
        return self._line(number, line, may_continue=True)

    def end(self) -> Iterator[Item]:
        """Read what the last lines left open."""
        if self._unfinished is not None:
            yield from self._again()
        if self._error is not None:
            error, channel = self._error
            yield from self.conversation.quote(error, None, f"{self._name}:{error.line}", channel)
        for part in self._blocks.end():
            yield from self._printed(part)

    def left(self) -> list[Item]:
        """Take the requests that were given up since the last call."""
        return [*self.conversation.left(), *self.frames.left()]

    def unanswered(self) -> Iterator[Item]:
        """Yield the requests that are without an answer at the end."""
        yield from self.conversation.unanswered()
        yield from self.frames.unanswered()

    def drop(self) -> None:
        """Forget what is open, because a line is missing."""
        self._unfinished = None
        self.text_lines += len(self._held)
        self._held = []
        self._blocks.drop()

    def _line(self, number: int, line: bytes, *, may_continue: bool) -> Iterable[Item]:
        if self._error is not None or self._blocks.takes(line):
            return self._in_context(number, line, may_continue=may_continue)
        return self._by_itself(number, line, may_continue=may_continue)

    def _in_context(self, number: int, line: bytes, *, may_continue: bool) -> Iterator[Item]:
        """Read a line that may belong to those before it."""
        if self._blocks.takes(line):
            done, is_taken = self._blocks.take(number, line)
            for part in done:
                yield from self._printed(part)
            if is_taken:
                return
        if self._error is not None:
            (error, channel), self._error = self._error, None
            asked = self._asked(number, line)
            yield from self.conversation.quote(error, asked, f"{self._name}:{error.line}", channel)
            if asked is not None:
                return
        yield from self._by_itself(number, line, may_continue=may_continue)

    def _by_itself(self, number: int, line: bytes, *, may_continue: bool) -> Iterable[Item]:
        found, unfinished = objects_in(line)
        if unfinished is not None and may_continue:
            self._unfinished, self._held, self._before = unfinished, [(number, line)], found
            return ()
        if found:
            return self._objects(number, line, found, line)
        if b"{" in line and is_cut(line, found):
            return (self._cut(number, line),)
        return self._without_object(number, line)

    def _cut(self, number: int, line: bytes | None) -> Item:
        return Item(Unreadable(f"{self._name}:{number}", "line", _CUT), line)

    def _other(self, number: int, line: bytes, found: list[Found], raw: bytes | None) -> Iterable[Item]:
        """Count a line whose objects are no frames; one that is broken may have been a frame."""
        if is_cut(line, found):
            return (self._cut(number, raw),)
        self.text_lines += 1
        return ()

    def _continue(self, unfinished: Unfinished, number: int, line: bytes) -> Iterator[Item]:
        """Take another line of an object; if it is none after all, its lines are read one by one."""
        self._held.append((number, line))
        try:
            found = unfinished.add(line)
        except NotAnObject:
            yield from self._again()
            return
        if found is not None:
            first_number, first = self._held[0]
            self._unfinished, self._held = None, []
            whole = found._replace(start=unfinished.start, end=len(first))
            yield from self._objects(first_number, first, [*self._before, whole], None)

    def _again(self) -> Iterator[Item]:
        held, self._unfinished, self._held = self._held, None, []
        yield from self._line(*held[0], may_continue=False)
        for number, line in held[1:]:
            yield from self.line(number, line)

    # --- Lines without an object ---

    def _without_object(self, number: int, line: bytes) -> Iterable[Item]:
        if b"://" in line or b"HTTP/" in line or b"Code" in line:
            return self._words_alone(number, line)
        self.text_lines += 1
        return ()

    def _words_alone(self, number: int, line: bytes) -> Iterator[Item]:
        text = line.decode("utf-8", "surrogateescape")
        beside = words(text)
        error = error_in(text)
        if error is not None:
            at, _ = leading(text, self._zone)
            part = Printed(
                "",
                beside.url or "",
                error.body.decode(),
                False,
                number,
                error.venue,
                error.status,
                "",
                at,
                line,
            )
            if beside.url is None:
                self._error = part, self._channel(None)  # its request may be in the next line
            else:
                yield from self.conversation.quote(part, None, f"{self._name}:{number}", self._channel(None))
            return
        failure = failed(text, number, line)
        if failure is not None:
            self.has_requests = True
            location = f"{self._name}:{number}" if self.around is None else self.around.source
            self.conversation.fail(failure, location, self._channel(None))
        elif beside.url is None:
            self.text_lines += 1
        elif beside.url.startswith("ws"):
            if "connect" in text.casefold():
                address = locate(None, beside.url, hosts=self._options.hosts)
                self._connected[address.venue if address else None] = None
        elif beside.method is None or beside.is_exception:
            self.text_lines += 1  # an exception repeats a request that was made before
        else:
            self._ask(beside, "", number, leading(text, self._zone)[0], "", line)
            if beside.status is not None and begins_object(line) and self._may_cancel(beside, number):
                yield self._cut(number, line)

    def _may_cancel(self, beside: Words, number: int) -> bool:
        request = Printed(beside.method or "", beside.url or "", "", False, number)
        return self.conversation.may_cancel(request)

    def _asked(self, number: int, line: bytes) -> Printed | None:
        """The request in a line behind an error; None if the line is something else."""
        head, brace, _ = line.partition(b"{")
        beside = words(head.decode("utf-8", "surrogateescape"))
        if beside.direction != "sent" or beside.url is None:
            return None
        found = objects_in(line)[0] if brace else []
        return Printed(beside.method or "", beside.url, _text(found[0]) if found else "", False, number)

    # --- Lines with objects ---

    def _objects(self, number: int, line: bytes, found: list[Found], raw: bytes | None) -> Iterable[Item]:
        """Read the objects of a line: a request and its answer, or frames."""
        at, prefix = leading(line[: found[0].start].decode("utf-8", "surrogateescape"), self._zone)
        said = words(prefix)
        if len(found) > 1 or said.url is not None:
            return self._several(number, line, found, at, prefix, raw)
        # The only object of a line without a URL, as nearly every frame is.
        item, is_frame = (
            (None, False) if said.is_about_headers else self._frame(found[0], said, at, None, number, raw)
        )
        if item is not None:
            return (Item(item, raw),)
        return () if is_frame else self._other(number, line, found, raw)

    def _several(
        self, number: int, line: bytes, found: list[Found], at: int | None, prefix: str, raw: bytes | None
    ) -> Iterator[Item]:
        """Read objects with the words before each."""
        between = (
            line[one.end : other.start].decode("utf-8", "surrogateescape") for one, other in pairwise(found)
        )
        beside = [words(gap) for gap in (prefix, *between)]
        url = next((each for each in beside if each.url is not None), None)
        bodies = [
            (each, said)
            for each, said in zip(found, beside, strict=True)
            if not is_headers(each, said, len(found))
        ]
        if url is not None and url.method is not None and not (url.url or "").startswith("ws"):
            headers = b" ".join(
                line[e.start : e.end] for e in found if all(e is not body for body, _ in bodies)
            )
            yield from self._http(url, beside, bodies, number, at, headers.decode("utf-8", "replace"), raw)
            return
        is_used = False
        for body, said in bodies:
            item, is_frame = self._frame(body, said, at, url.url if url is not None else None, number, raw)
            is_used |= is_frame
            if item is not None:
                yield Item(item, raw)
        if not is_used:
            yield from self._other(number, line, found, raw)

    def _http(
        self,
        url: Words,
        beside: list[Words],
        bodies: list[tuple[Found, Words]],
        number: int,
        at: int | None,
        headers: str,
        raw: bytes | None,
    ) -> Iterator[Item]:
        """Read a line with the request line of HTTP: a request, an answer, or both."""
        status = next((said.status for said in reversed(beside) if said.status is not None), None)
        if len(bodies) > 1:
            self._ask(url, _text(bodies[0][0]), number, at, headers, raw)
        body, said = bodies[-1] if bodies else (None, url)
        is_answer = status is not None or said.direction == "received" or len(bodies) > 1
        if body is not None and not is_answer and said.direction is None:
            is_answer = self.conversation.may_answer(
                Printed(url.method or "", url.url or "", "", False, number), body.json
            )
        if body is None or not is_answer:
            self._ask(url, "" if body is None else _text(body), number, at, headers, raw)
            return
        part = Printed(
            url.method or "",
            url.url or "",
            _text(body),
            False,
            number,
            None,
            status,
            headers,
            at,
            raw,
        )
        for item in self.conversation.answer(part, f"{self._name}:{number}", channel=self._channel(None)):
            yield _in_dialect(item, body)

    def _ask(
        self, url: Words, body: str, number: int, at: int | None, headers: str, raw: bytes | None
    ) -> None:
        request = Printed(
            url.method or "", url.url or "", body, False, number, headers=headers, at=at, raw=raw
        )
        self._wait(request)
        if url.status is not None:
            self.conversation.doubt(
                request, self._channel(None)
            )  # it was answered, whether the log has the answer or not

    def _wait(self, request: Printed, *, is_certain: bool = False) -> None:
        """Keep a request for its answer."""
        self.has_requests = True
        location = f"{self._name}:{request.line}"
        if self.around is not None:
            location = self.around.source
            at = self.around.at if request.at is None else request.at
            request = request._replace(at=at, raw=self.around.raw)
        self.conversation.ask(request, location, is_certain=is_certain, channel=self._channel(None))

    def _printed(self, part: Printed | Unreadable) -> Iterator[Item]:
        if isinstance(part, Unreadable):
            yield Item(part)
        elif part.status is None:
            self._wait(part, is_certain=True)
        else:
            yield from self.conversation.answer(
                part, f"{self._name}:{part.line}", channel=self._channel(None)
            )

    # --- Frames ---

    def _frame(
        self, body: Found, said: Words, at: int | None, url: str | None, number: int, raw: bytes | None
    ) -> tuple[Record | Unreadable | None, bool]:
        """Read a frame, or an answer without its request line: what it is, and whether it is one at all."""
        data, location = raw_answer(body.json), f"{self._name}:{number}"
        if said.is_raw or data in _EMPTY:
            return None, False
        if self.conversation.is_repeated(data, said):
            return None, True
        venue = self._options.venue if url is None and not self._connected else self._venue(url)
        is_received = said.direction == "received" or said.is_exception
        if venue is None and said.venue is not None and likely_sender(data, said.venue):
            venue = said.venue
        is_likely = is_received or has_many_keys(data)
        sent_by = likely_sender(data, venue) if is_likely else None
        if sent_by is None and self.frames.is_request(data, venue):
            self._send(data, at, venue, url, number, raw)
            return None, True
        sent_by = sent_by or sender(data, venue, is_likely=is_likely, is_received=is_received)
        if sent_by is None and is_likely and venue is not None:
            sent_by = likely_sender(data, None)  # a log may be of several venues
        if sent_by is None:
            return None, False
        channel = self._channel(url)
        waiting = self.conversation.waiting(number, channel)
        if len(waiting) == 1 and self.conversation.may_answer(
            waiting[0], data, is_near=number - waiting[0].line <= _NEAR
        ):
            text = data.decode("utf-8", "surrogateescape")
            part = Printed(waiting[0].method, waiting[0].url, text, False, number, None, None, "", at)
            answers = list(self.conversation.answer(part, location, said, channel=channel))
            return (_in_dialect(answers[0], body).found, True) if answers else (None, True)
        for asked in waiting:
            if self.conversation.may_answer(asked, data):
                self.conversation.doubt(asked, channel)
        found = self.frames.receive(data, at, sent_by, location, channel)
        return (None, True) if found is None else (_in_dialect(Item(found), body).found, True)

    def _send(
        self, data: bytes, at: int | None, venue: str | None, url: str | None, number: int, raw: bytes | None
    ) -> None:
        self.has_requests = True
        source = f"{self._name}:{number}"
        if self.around is not None:
            source, raw = self.around.source, self.around.raw
            at = self.around.at if at is None else at
        self.frames.send(data, at, venue, url or "", source=source, raw=raw, channel=self._channel(url))

    def _channel(self, url: str | None) -> Channel:
        """What is known of the connection of a frame at a URL, or of a request or an answer over HTTP."""
        channel = Channel() if self.around is None else self.around.channel
        return channel._replace(url=url.partition("?")[0]) if url else channel

    def _venue(self, url: str | None) -> str | None:
        """The venue at a URL; else that of all connections, because a frame does not name its own."""
        address = locate(None, url, hosts=self._options.hosts) if url else None
        if address is not None and address.venue is not None:
            return address.venue
        if len(self._connected) == 1:
            return next(iter(self._connected)) or self._options.venue
        return self._options.venue


def _text(found: Found) -> str:
    return found.json.decode("utf-8", "surrogateescape")


def _in_dialect(item: Item, body: Found) -> Item:
    """The same item; JavaScript may have its numbers in quotes, as ccxt parses them."""
    if not body.is_javascript or not isinstance(item.found, Record):
        return item
    return Item(replace(item.found, dialect="quoted-numbers"), item.raw)
