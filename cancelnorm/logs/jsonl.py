"""The format ``jsonl``: lines of JSON objects of any shape, see ``jsonl_fields``."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from cancelnorm import recognition, venues
from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.contexts import NO_CONTEXT, context_of
from cancelnorm.logs.exchanges import exchanges_of
from cancelnorm.logs.gathered import answers_in
from cancelnorm.logs.item import Item, Refusals, Unreadable
from cancelnorm.logs.json_path import Steps, at, lost
from cancelnorm.logs.jsonl_detection import fits, is_wrapper
from cancelnorm.logs.jsonl_direction import direction_of, is_answered
from cancelnorm.logs.jsonl_fields import PartError, Parts, Payload, is_mute, not_found
from cancelnorm.logs.log_stores import entries_in
from cancelnorm.logs.nested import lines_within
from cancelnorm.logs.options import Options
from cancelnorm.logs.pairing import address_of
from cancelnorm.logs.part_names import key_of_payload, mapped_steps, usual_steps
from cancelnorm.logs.partial_lines import DockerParts
from cancelnorm.logs.passed import PassedOver
from cancelnorm.logs.secrets import secret_paths
from cancelnorm.logs.source import Format, Source
from cancelnorm.logs.text_errors import timed_out_in
from cancelnorm.logs.text_log import Around
from cancelnorm.logs.text_reader import TextReader
from cancelnorm.logs.text_words import words
from cancelnorm.logs.urls import Address, foreign, joined, locate, parameters, unknown_host, valid
from cancelnorm.logs.websocket import Channel
from cancelnorm.record import Record, Request

__all__ = ["MAPPED", "LineReader", "mute"]

_FAILURE: Final = 400  # and any status above
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_text: Final = msgspec.json.Decoder(str).decode


def read(source: Source, options: Options) -> Iterator[Item]:
    """Read the records of one log; requests are kept for their answers.

    A mapped path that no line has is reported at the end.
    """
    reader = LineReader(source.name, options, source.passed)
    for number, line in source.lines():
        if line is None:
            yield Item(Unreadable(f"{source.name}:{number}", "line", source.too_long))
        elif fault := reader.again(number, line):
            yield Item(fault, line)
        else:
            yield from reader.line(number, line)
            yield from reader.left()
            source.text_lines = reader.text_lines
    yield from reader.end()


def mute(members: Mapping[str, Raw]) -> str | None:
    """Why there is no payload in an object whose keys alone tell; None for any other."""
    if not is_mute(members) or entries_in(members) is not None:
        return None
    return not_found("payload", members)


class LineReader:
    """The reader of the lines of one log."""

    def __init__(self, name: str, options: Options, passed: PassedOver) -> None:
        self._name = name
        self._options = options
        self._passed = passed
        self._zone = options.zone
        self._mapped = mapped_steps(options.paths)
        self.text = TextReader(name, options, passed, self._wrapped)
        self._frames = self.text.log.frames
        self._conversation = self.text.log.conversation
        self._last = f"{name}:1"
        self._seen: set[str] = {"payload", "venue"}  # a line without one of these is refused by itself
        self._missing: dict[str, str] = {}  # the mapped parts that no line had yet, and why
        self._refusals = Refusals()
        self._parts = DockerParts(options.max_record_bytes)
        self._context = NO_CONTEXT  # of the line that is read

    @property
    def text_lines(self) -> int:
        """The lines that hold no frame."""
        return self.text.log.text_lines

    def again(self, number: int, line: bytes) -> Unreadable | None:
        """The fault of a line that equals one which is no object; None for any other."""
        self._last = f"{self._name}:{number}"
        return self._refusals.again(line, self._last)

    def line(self, number: int, line: bytes) -> Iterable[Item]:
        """Read a line: its records; none if it is a request or of no venue."""
        try:
            found = _object(line)
        except (ValueError, RecursionError):
            return self._refused(number, line, "line", "not a JSON object")
        if (fault := self._fault(found)) is not None:
            return self._refused(number, line, *fault)
        self._last = f"{self._name}:{number}"
        return self._members(number, self._last, found, line)

    def _refused(self, number: int, line: bytes, path: str, reason: str) -> Iterable[Item]:
        """The fault of a line, which an equal one has, too."""
        self._last = f"{self._name}:{number}"
        return (Item(self._refusals.keep(line, Unreadable(self._last, path, reason)), line),)

    def _fault(self, found: Mapping[str, Raw]) -> tuple[str, str] | None:
        """Why a line is refused that has no payload, or a text without venue and nothing else; None for any other."""
        if self._mapped:
            return None
        if (reason := mute(found)) is not None:
            return "payload", reason
        key = key_of_payload(tuple(found)) if self._options.venue is None else None
        if key is None or not _is_nameless(bytes(found[key])):
            return None
        return "venue", unknown_host("")

    def members(
        self, number: int, source: str, found: Mapping[str, Raw], line: bytes | None
    ) -> Iterable[Item]:
        """Read the members of a line, or of an object with this number and source."""
        self._last = source
        if (fault := self._fault(found)) is not None:
            return (Item(Unreadable(source, *fault), line),)
        return self._members(number, source, found, line)

    def _members(
        self, number: int, source: str, found: Mapping[str, Raw], line: bytes | None
    ) -> Iterator[Item]:
        whole = self._parts.add(found)
        if whole is None:
            self.text.log.text_lines += 1
            return
        found = whole
        entries = None if self._mapped else entries_in(found)
        if entries is None and not self._mapped:
            entries = exchanges_of(found)
        if entries is not None:
            self.text.log.text_lines += not entries
            for place, entry in enumerate(entries, 1):
                yield from self._entry(number, source if place == 1 else f"{source}#{place}", entry, None)
            return
        yield from self._entry(number, source, found, line)

    def _entry(
        self, number: int, source: str, found: Mapping[str, Raw], line: bytes | None
    ) -> Iterator[Item]:
        """Read what a logger wrote: the members of a line, or of an entry that a line has beside others.

        Where that is of no venue, what stands in it is read.
        """
        items = self._told(number, source, found, line)
        if isinstance(items, PartError):
            inner = None if self._mapped else self.inner(number, source, found, line)
            items = [Item(Unreadable(source, items.part, items.reason), line)] if inner is None else inner
        yield from items

    def _told(
        self, number: int, source: str, found: Mapping[str, Raw], line: bytes | None
    ) -> list[Item] | PartError:
        """Read what a logger wrote; or say which part of it is missing."""
        items: list[Item] = []
        self._context = context_of(found)
        if line is not None:
            self._conversation.told.read(number, line, line)
        try:
            self._track(found)
            parts = Parts(found, self._mapped, usual_steps(found), {}, self._zone)
            items.extend(self._read(parts, number, source, line))
        except PartError as error:
            if not items:
                return error
            items.append(Item(Unreadable(source, error.part, error.reason), line))
        except (ValueError, RecursionError):
            items.append(Item(Unreadable(source, "line", "malformed JSON inside the object"), line))
        return items

    def inner(
        self, number: int, source: str, document: Mapping[str, Raw] | bytes, line: bytes | None
    ) -> list[Item] | None:
        """Read what stands inside an object or an array that is of no venue; None if that is nothing."""
        entries = lines_within(document, self._options.venue)
        before = self.text.log.text_lines
        items: list[Item] = []
        for place, entry in enumerate(entries, 1):
            self._last = source if place == 1 else f"{source}#{place}"
            told = self._told(number, self._last, entry, line)
            if isinstance(told, PartError):
                told = [Item(Unreadable(self._last, told.part, told.reason), line)]
            items += told
        is_text = self.text.log.text_lines - before >= len(entries)
        if is_text or (items and all(isinstance(item.found, Unreadable) for item in items)):
            self.text.log.text_lines = before
            return None
        return _with_secrets_around(items, document)

    def _wrapped(
        self, number: int, found: Mapping[str, Raw], at: int | None, line: bytes | None
    ) -> list[Item] | None:
        """Read an object in a line of text, if a logger wrote it; None if it holds nothing."""
        if not is_wrapper(found):
            return None
        before, around, context = self.text.log.text_lines, self.text.log.around, self._context
        self._context = context_of(found) if context == NO_CONTEXT else context
        source = self.text.log.request_source(number)
        parts = Parts(found, {}, usual_steps(found), {}, self._zone, at)
        try:
            items = list(self._read(parts, number, source, line))
        except PartError as error:
            is_of_host = error.part == "venue" and parts.text("url") is not None
            return [Item(Unreadable(source, error.part, error.reason), line)] if is_of_host else None
        except (ValueError, RecursionError):
            return None
        finally:
            is_text = self.text.log.text_lines > before
            self.text.log.text_lines, self.text.log.around, self._context = before, around, context
        return None if is_text else items

    def left(self) -> list[Item]:
        """Take the requests that were given up since the last call."""
        return self.text.log.left()

    def end(self) -> Iterator[Item]:
        """Report the requests without an answer, and the mapped parts that no line had."""
        for line in self._parts.left():
            yield from self._entry(
                int(self._last.rpartition(":")[2].partition("#")[0]), self._last, line, None
            )
        yield from self.text.unanswered()
        for part, reason in self._missing.items():
            yield Item(Unreadable(self._last, part, f"not found in any line: {reason}"))

    def _read(self, parts: Parts, number: int, source: str, line: bytes | None) -> Iterator[Item]:
        """Read the first payload that a line has at the usual places, else inside the objects in it."""
        has_text = False
        for each in chain((parts,), () if "payload" in self._mapped else parts.nested()):
            if _is_http(each) and (direction_of(each) == "sent" or self._is_request(each, number)):
                self._ask(each, number, source, line)
                if next(each.failures(), None) is not None:
                    yield from self._beside(each, number, source, line)
                return
            for payload in self._payloads(each):
                inner = None if "payload" in self._mapped else _wrapper_in(payload)
                if inner is not None:
                    at = each.clock("received")
                    around = Parts(inner, {}, usual_steps(inner), {}, self._zone, at)
                    yield from self._read(around, number, source, line)
                    return
                if not payload.is_logged:
                    yield from self._records(each, payload, number, source, line)
                    return
                has_text = True
                before = self.text.log.text_lines
                yield from self._logged(each, str(payload.data), number, source, line)
                if self.text.log.text_lines == before:
                    return
                self.text.log.text_lines = before
            if each is parts and has_text and (answer := next(parts.answers(), None)) is not None:
                yield from self._records(parts, answer, number, source, line)
                return
        if not has_text:
            raise PartError("payload", parts.missing("payload"))
        yield from self._beside(parts, number, source, line)

    def _is_request(self, parts: Parts, number: int) -> bool:
        """Tell whether a line with a method and a URL is a request, though no key of its says so.

        Its body asks for a cancel; or it has none, and the message says what it is.
        """
        if is_answered(parts) or direction_of(parts) == "received":
            return False
        asked = Printed((parts.text("method") or "").upper(), parts.text("url") or "", "", False, number)
        said = parts.said()
        payload = next(parts.payloads(), None) if parts.found("payload") is not None else None
        if payload is not None and not payload.is_logged and payload.data:
            return self._conversation.takes(asked, _text_of(payload.data))
        return said is not None and words(said).direction == "sent" and not parts.has_error()

    def _beside(self, parts: Parts, number: int, source: str, line: bytes | None) -> Iterator[Item]:
        """Read the first frame in another text that a logger put beside its own, or an error."""
        before = self.text.log.text_lines
        for error in parts.errors():
            named = _venue(parts.text("venue")) or self._options.venue
            items = self.text.raised(error, number, named, parts.clock("received"), line)
            if items is not None:
                for item in items:
                    found = item.found
                    is_record = isinstance(found, Record)
                    yield Item(replace(found, source=parts.place(source)) if is_record else found, line)
                return
        for text in parts.texts():
            yield from self._logged(parts, text, number, source, line)
            if self.text.log.text_lines == before:
                return
            self.text.log.text_lines = before
        if _is_http(parts):
            self._failed(parts, number, source, line)
        self.text.log.text_lines += 1

    def _failed(self, parts: Parts, number: int, source: str, line: bytes | None) -> None:
        """Take a status without a body, or an error, which may be all that tells of a request."""
        said = " ".join(parts.failures())
        status = parts.status() or words(said).status
        request = self._request_in(parts, number, line)
        channel = self._channel(parts, request.url, parts.account())
        is_failure = bool(said) if status is None else status >= _FAILURE
        if is_failure and not self._conversation.is_known(request, status):
            self._conversation.ask(request, parts.place(source), channel=channel)
        if status is not None:
            self._conversation.begin(request.method, request.url, status, number, channel)
        elif timed_out_in(said) is not None:
            self._conversation.time_out(request.url, number, channel)

    @staticmethod
    def _payloads(parts: Parts) -> Iterator[Payload]:
        """What may be the payload; of the answer to a request that the line names, also that it has no body."""
        yield from parts.payloads()
        is_answer = _is_http(parts) or parts.text("endpoint")
        if is_answer and (empty := parts.without_body()) is not None:
            yield empty

    def _logged(
        self, parts: Parts, text: str, number: int, source: str, line: bytes | None
    ) -> Iterator[Item]:
        """Read what a logger's text holds; what the text does not say, the members beside it do.

        It counts as a line of text if none of its lines holds anything.
        """
        before = self.text.log.text_lines
        source = parts.place(source)
        plain = f"{self._name}:{number}"
        url = parts.text("url") or ""
        address = url if url[:2].lower() == "ws" else None  # loggers also have paths of files
        channel = self._channel(parts, address, parts.account())
        venue = _venue(parts.text("venue"))
        self.text.log.around = Around(source, parts.clock("received"), channel, line, venue)
        pieces = text.strip().encode("utf-8", "surrogatepass").split(b"\n")
        items = chain.from_iterable(self.text.line(number, piece) for piece in pieces)
        is_text = True
        for item in chain(items, self.text.quoted()):
            is_text = False
            found = item.found
            if isinstance(found, Record):
                received = parts.clock("received") if found.received_ns is None else found.received_ns
                found = replace(
                    found,
                    received_ns=received,
                    account=parts.account() if found.account is None else found.account,
                    source=source if found.source == plain else parts.place(found.source or ""),
                )
            yield Item(found, line)
        is_text &= self.text.log.text_lines - before >= len(pieces)
        self.text.log.text_lines = before + is_text

    def _ask(self, parts: Parts, number: int, source: str, line: bytes | None) -> None:
        """Keep a request over HTTP for its answer, which is in another line."""
        request = self._request_in(parts, number, line)
        channel = self._channel(parts, request.url, parts.account())
        self._conversation.ask(request, parts.place(source), channel=channel)

    @staticmethod
    def _request_in(parts: Parts, number: int, line: bytes | None) -> Printed:
        """The request over HTTP that a line has."""
        sent = parts.clock("sent")
        return Printed(
            (parts.text("method") or "").upper(),
            parts.text("url") or "",
            _body(parts),
            False,
            number,
            _venue(parts.text("venue")),
            at=parts.clock("received") if sent is None else sent,
            raw=line,
        )

    def _channel(self, parts: Parts, url: str | None, account: str | None) -> Channel:
        """What a line says of the connection of its frame; the query of its URL may differ from line to line."""
        connection = parts.raw("connection")
        return Channel(
            None if connection in (None, *_STREAMS) else connection.decode("utf-8", "replace"),
            account,
            address_of(url),
            self._context,
        )

    def _track(self, line: Mapping[str, Raw]) -> None:
        """Keep account of the mapped parts that no line had yet."""
        for part in [part for part in self._mapped if part not in self._seen]:
            if at(line, self._mapped[part]) is None:
                self._missing[part] = lost(line, self._mapped[part])
            else:
                self._seen.add(part)
                self._missing.pop(part, None)

    def _record(
        self, parts: Parts, found: Payload, number: int, source: str, line: bytes | None
    ) -> Record | Unreadable | None:
        options = self._options
        url, endpoint = parts.text("url"), parts.text("endpoint")
        if endpoint and (endpoint.startswith("/") or "://" in endpoint):
            url, endpoint = url or endpoint, None  # some recorders call a URL so
        named = _venue(parts.text("venue"))
        method = parts.text("method")
        if url is None and endpoint is None and parts.status() is not None:
            asked = self._asked_before(parts, found, number)
            url, method = (url, method) if asked is None else (asked.url, asked.method)
        elif method is None and url is not None and url[:2].lower() != "ws":
            method = self._conversation.method_at(url)
        venue = named or options.venue
        address = locate(method, url, venue=venue, hosts=options.hosts, answer=found.data) if url else None
        venue = named or (address.venue if address else None) or options.venue
        if url and venue is None and "://" in url and url[:2].lower() != "ws":
            if reason := foreign(method, url, found.data):
                raise PartError("venue", reason)
            self._passed.add(url)
            return None
        direction = direction_of(parts)
        if direction == "sent":
            self._send(parts, found, venue, url, source, line)
            return None
        path, payload, _ = found
        endpoint = (
            (endpoint and endpoint.partition("?")[0].rstrip("/"))
            or (address.endpoint if address else None)
            or options.endpoint
        )
        data = payload.encode("utf-8", "surrogatepass") if isinstance(payload, str) else payload
        if endpoint is None and direction != "received" and self._frames.is_request(data, venue):
            self._send(parts, found, venue, url, source, line)
            return None
        venue = venue or recognition.recognise(data) or _quiet_at(data)
        if venue is None:
            raise PartError("venue", _unnamed(parts, url))
        channel = self._channel(parts, url, parts.account())
        asked, is_shared = None, False
        if url and method and url[:2].lower() != "ws":
            received = parts.clock("received")
            asked, is_shared = self._conversation.pair(
                method.upper(), url, channel, received, line=number, status=parts.status(), answer=data
            )
        request, secrets = _request(parts, address, asked, path)
        sent = parts.clock("sent")
        record = Record(
            payload,
            venue,
            endpoint,
            parts.status(),
            request,
            asked.at if sent is None and asked is not None else sent,
            parts.clock("received"),
            parts.place(source),
            options.dialect or ("quoted-numbers" if path == _CCXT else None),
            tuple(dict.fromkeys((*secrets, *secret_paths(parts.line, path)))),
            parts.account(),
            "shared_id" if is_shared else None,
        )
        return self._frames.complete(venues.in_quotes(venues.placed(record)), channel)

    def _records(
        self, parts: Parts, payload: Payload, number: int, source: str, line: bytes | None
    ) -> Iterator[Item]:
        """Read a payload, or each answer in an array of several; the answer to a request that is named is one."""
        data = payload.data if isinstance(payload.data, bytes) else valid(payload.data).encode()
        is_asked = _is_http(parts) or parts.found("request") is not None
        answers = [] if is_asked else answers_in(data, parts.text("venue") or self._options.venue)
        for place, each in enumerate(answers or (payload.data,), 1):
            at = source if place == 1 else f"{source}#{place}"
            found = self._record(parts, payload._replace(data=each), number, at, line)
            if found is not None:
                yield Item(found, line)

    def _asked_before(self, parts: Parts, found: Payload, number: int) -> Printed | None:
        """The request of an answer with a status that does not name it, in a line before."""
        channel = self._channel(parts, None, parts.account())
        data = _text_of(found.data).encode("utf-8", "surrogateescape")
        return self._conversation.answered(number, data, channel, parts.clock("received"), parts.status())

    def _send(
        self,
        parts: Parts,
        found: Payload,
        venue: str | None,
        url: str | None,
        source: str,
        line: bytes | None,
    ) -> None:
        """Keep a frame that was sent, for its answer, but for one whose line the log has twice."""
        if self._conversation.told.is_again:
            return
        payload = found.data
        frame = valid(payload).encode() if isinstance(payload, str) else payload
        at = parts.clock("sent") or parts.clock("received")
        channel = self._channel(parts, url, parts.account())
        self._frames.send(frame, at, venue, url or "", source=parts.place(source), raw=line, channel=channel)


_CCXT: Final = ("info",)  # where ccxt keeps what the venue sent, with the integers in quotes


def _is_http(parts: Parts) -> bool:
    """Tell whether a line has the method and the URL of a request over HTTP."""
    url = parts.text("url")
    return bool(url) and url is not None and url[:2].lower() != "ws" and bool(parts.text("method"))


def _body(parts: Parts) -> str:
    """The body of a request in a line of its own."""
    found = parts.value("request")
    if isinstance(found, list) or (isinstance(found, dict) and _ENVELOPE.isdisjoint(found)):
        return msgspec.json.encode(found).decode()
    if isinstance(found, str):
        return found
    payload = next(parts.payloads(), None) if parts.found("payload") is not None else None
    return "" if payload is None or payload.is_logged else _text_of(payload.data)


def _wrapper_in(payload: Payload) -> Mapping[str, Raw] | None:
    """The members of a payload in a text that is what a recorder wrote around another one; None for any other."""
    if payload.is_logged or not payload.is_of_logger or not isinstance(payload.data, str):
        return None
    data = valid(payload.data).encode()
    try:
        members = _object(data)
    except (ValueError, RecursionError):
        return None
    is_own = is_wrapper(members) and recognition.recognise(data) is None and not recognition.takers(data)
    return members if is_own else None


def _text_of(data: bytes | str) -> str:
    return data if isinstance(data, str) else data.decode("utf-8", "surrogateescape")


_STREAMS: Final = (b'"stdout"', b'"stderr"')  # of a process, whose lines Docker keeps


def _quiet_at(data: bytes) -> str | None:
    """The venue that knows a frame as one about something else; None if it may be an answer about a cancel."""
    found = recognition.quiet_at(data)
    return found[0] if found and not recognition.takers(data) else None


def _is_nameless(payload: bytes) -> bool:
    """Tell whether a payload is a text in which there is no object and no array, and that no venue sends."""
    if payload[:1] != b'"':
        return False
    try:
        text = _text(payload)
    except ValueError:
        return False
    if text.lstrip()[:1] in ("{", "["):
        return False
    data = text.encode("utf-8", "surrogatepass")
    return recognition.recognise(data) is None and _quiet_at(data) is None


def _unnamed(parts: Parts, url: str | None) -> str:
    """Explain why the venue is unknown."""
    return parts.missing("venue") if "venue" in parts.mapped else unknown_host(url or "")


_ENVELOPE: Final = frozenset({"url", "uri", "method", "headers"})


def _request(
    parts: Parts, address: Address | None, asked: Printed | None, payload: Steps
) -> tuple[Request | None, tuple[str, ...]]:
    """The parameters of the request, from its URL and its body, and the paths of its secrets.

    The body may stand in the line, elsewhere than the ``payload``, or in an earlier one, in which the request was
    ``asked``.
    """
    query, secrets = (address.request, address.secrets) if address else (None, ())
    place = parts.found("request")
    found = None if place is None or place[0] == payload else parts.value("request")
    if isinstance(found, dict) and not _ENVELOPE.isdisjoint(found):
        found = None  # the whole HTTP request, without parameters of its own
    if not isinstance(found, str | dict | list):
        found = asked.body if asked is not None else None
    if not found:
        return query, secrets
    body = parameters(found, address=address)
    return joined(query, body.request), (*secrets, *body.secrets)


def _venue(name: str | None) -> str | None:
    """The name of the venue that a recorder names; another name stays as it is."""
    return None if name is None else venues.canonical(name)


MAPPED: Final = Format("jsonl", "lines of JSON objects of any shape, see --map", fits, read)


def _with_secrets_around(items: list[Item], document: Mapping[str, Raw] | bytes) -> list[Item]:
    """The same items, of which the first record names the secrets of the document."""
    if isinstance(document, bytes):
        document = _object(document if document.lstrip()[:1] == b"{" else b'{"$":%b}' % document)
    secrets = tuple(secret_paths(document, ()))
    for place, item in enumerate(items) if secrets else ():
        if isinstance(record := item.found, Record):
            named = tuple(dict.fromkeys((*record.secrets, *secrets)))
            items[place] = Item(replace(record, secrets=named), item.raw)
            break
    return items
