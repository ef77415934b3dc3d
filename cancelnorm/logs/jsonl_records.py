"""The records in a line of JSON, by its parts; what a logger wrote as text is read as a line of text."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final

from msgspec import Raw
from msgspec.structs import replace

from cancelnorm import venues
from cancelnorm.logs.cancel_at import cancel_at, other_at
from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.contexts import NO_CONTEXT, context_of
from cancelnorm.logs.exchanges import exchanges_of
from cancelnorm.logs.gathered import answers_in
from cancelnorm.logs.item import Item, Unreadable
from cancelnorm.logs.jsonl_answers import Answers, is_page, is_received
from cancelnorm.logs.jsonl_detection import is_of_venue, is_request, is_wrapper, wrapper_in
from cancelnorm.logs.jsonl_direction import direction_of, is_answered
from cancelnorm.logs.jsonl_fields import PartError, Parts, Payload
from cancelnorm.logs.jsonl_requests import (
    channel_of,
    is_http,
    logger_of,
    parameters_of,
    request_in,
    text_of,
    venue_of,
)
from cancelnorm.logs.options import Options
from cancelnorm.logs.pairing import Channel
from cancelnorm.logs.part_names import usual_steps
from cancelnorm.logs.passed import PassedOver
from cancelnorm.logs.secrets import secret_paths
from cancelnorm.logs.text_errors import lost_in
from cancelnorm.logs.text_log import Around
from cancelnorm.logs.text_reader import TextReader
from cancelnorm.logs.text_words import Words, words
from cancelnorm.logs.tried import tried_in
from cancelnorm.logs.urls import foreign, locate, unknown_host, valid
from cancelnorm.record import Record

__all__ = ["PartsReader"]

_TELLING: Final = ("direction", "venue", "url", "method", "status")  # what the text of a line is
_CCXT: Final = ("info",)  # where ccxt keeps what the venue sent, with the integers in quotes


class PartsReader:
    """The reader of the parts of all lines of one log: of answers, frames, requests, and texts that hold them."""

    def __init__(self, name: str, options: Options, passed: PassedOver) -> None:
        self._options = options
        self._passed = passed
        self._is_mapped = "payload" in options.paths
        self.context = NO_CONTEXT  # of the line that is read
        self._connection: str | None = None  # in the words before the object that is read
        self.text = TextReader(name, options, passed, self._wrapped)
        self._frames = self.text.log.frames
        self._conversation = self.text.log.conversation
        self._answers = Answers(options, self._conversation, self._channel)

    def _wrapped(
        self, number: int, found: Mapping[str, Raw], said: Words, at: int | None, line: bytes | None
    ) -> list[Item] | None:
        """Read an object in a line of text, if a logger wrote it; None if it holds nothing."""
        if (exchanges := exchanges_of(found)) is not None:
            [found] = exchanges
        if not (is_wrapper(found) or is_request(found)):
            return None
        before, around, context = self.text.log.text_lines, self.text.log.around, self.context
        self.context = context_of(found) if context == NO_CONTEXT else context
        self._connection = self.text.log.channel().connection
        source = self.text.log.request_source(number)
        parts = Parts(found, {}, usual_steps(found), {}, self._options.zone, at)
        try:
            items = list(self.read(parts, number, source, line, said))
        except PartError as error:
            is_of_host = error.part == "venue" and parts.text("url") is not None
            return [Item(Unreadable(source, error.part, error.reason), line)] if is_of_host else None
        except (ValueError, RecursionError):
            return None
        finally:
            is_text = self.text.log.text_lines > before
            self.text.log.text_lines, self.text.log.around, self.context = before, around, context
            self._connection = None
        return None if is_text else items

    def read(
        self, parts: Parts, number: int, source: str, line: bytes | None, said: Words | None = None
    ) -> Iterator[Item]:
        """Read the first payload that a line has at the usual places, else inside the objects in it.

        ``said`` are the words before an object in a line of text.
        """
        has_text = is_held = False
        for each in chain((parts,), () if self._is_mapped else parts.nested()):
            if is_http(each) and (direction_of(each) == "sent" or self._is_request(each, number, said)):
                yield from self.text.end_messages(self._channel(each, None))
                self._ask(each, number, source, line)
                if next(each.failures(), None) is not None:
                    yield from self._beside(each, number, source, line)
                return
            for payload in self._payloads(each):
                inner = None if self._is_mapped else _wrapper_in(payload)
                if inner is not None:
                    at = each.clock("received")
                    around = Parts(inner, {}, usual_steps(inner), {}, self._options.zone, at)
                    yield from self.read(around, number, source, line)
                    return
                if not payload.is_logged:
                    yield from self.text.end_messages(self._channel(each, None))
                if self._is_body(each, payload, number):
                    self.text.log.text_lines += 1
                    return
                if not payload.is_logged:
                    if is_page(payload) and self._answers.is_page_of_any(each, number):
                        self.text.log.text_lines += 1
                    else:
                        yield from self._records(each, payload, number, source, line)
                    return
                has_text = True
                before, held = self.text.log.text_lines, self.text.held
                yield from self._logged(each, str(payload.data), number, source, line)
                is_held |= self.text.held > held
                if self.text.log.text_lines == before and not is_held:
                    return
                self.text.log.text_lines = before
            if each is parts and has_text and (answer := next(parts.answers(), None)) is not None:
                yield from self._records(parts, answer, number, source, line)
                return
        if not has_text and said is None:
            raise PartError("payload", parts.missing("payload"))
        if not is_held:  # else it is counted once it is known whether an object goes on in it
            yield from self._beside(parts, number, source, line)

    def _is_body(self, parts: Parts, payload: Payload, number: int) -> bool:
        """Tell whether a logger's text, beside which nothing tells what it is, is the body of the request before it."""
        bodies = self.text.log.bodies
        if not bodies.is_open or payload.is_logged or not isinstance(payload.data, str):
            return False
        is_said = any(parts.found(part) is not None for part in _TELLING)
        data = payload.data.encode("utf-8", "surrogateescape")
        if is_said or is_of_venue(data) or self._frames.is_request(data, self._options.venue):
            return False
        asked, channel = bodies.request, self._channel(parts, None)
        is_its = asked is not None and self._conversation.is_of(asked, channel)
        return is_its and bodies.takes(number, "", payload.data)

    def _is_request(self, parts: Parts, number: int, before: Words | None) -> bool:
        """Tell whether a line with a method and a URL is a request, though no key of its says so.

        Its body asks for a cancel; or it is at an endpoint that cancels nothing, or has no body, and the message or the
        words ``before`` it say what it is.
        """
        if is_answered(parts) or direction_of(parts) == "received":
            return False
        asked = Printed((parts.text("method") or "").upper(), parts.text("url") or "", "", False, number)
        said = parts.said()
        is_sent = before is not None and before.direction == "sent"
        is_sent = is_sent or (said is not None and words(said).direction == "sent")
        payload = next(parts.payloads(), None) if parts.found("payload") is not None else None
        if payload is not None and not payload.is_logged and payload.data:
            is_elsewhere = is_sent and self._conversation.is_elsewhere(asked)
            return is_elsewhere or self._conversation.takes(asked, text_of(payload.data))
        return is_sent and not parts.has_error()

    def _beside(self, parts: Parts, number: int, source: str, line: bytes | None) -> Iterator[Item]:
        """Read the first frame in another text that a logger put beside its own, or an error."""
        before = self.text.log.text_lines
        for error in parts.errors():
            named = venue_of(parts) or self._options.venue or logger_of(parts)
            tried = tried_in(parts.said() or "")
            items = self.text.raised(error, number, named, parts.clock("received"), line, tried)
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
        if is_http(parts):
            self._failed(parts, number, source, line)
        elif is_received(parts):
            self._answers.is_begun(parts, number)
        self.text.log.text_lines += 1

    def _failed(self, parts: Parts, number: int, source: str, line: bytes | None) -> None:
        """Take a status without a body, or an error, which may be all that tells of a request."""
        said = " ".join(parts.failures())
        status = parts.status() or words(said).status
        request = request_in(parts, number, line)
        channel = self._channel(parts, request.url)
        is_known = self._conversation.is_known(request, status)
        if (said or status is not None) and not is_known:
            self._keep(request, parts.place(source), channel)
        if status is not None:
            self._conversation.statuses.begin(request.method, request.url, status, number, channel)
        elif (lost := lost_in(f"{parts.said() or ''} {said}", is_named=True)) is not None:
            lost = lost if is_known else lost._replace(is_sure=False)
            self._conversation.statuses.lose(request.url, number, channel, lost)

    @staticmethod
    def _payloads(parts: Parts) -> Iterator[Payload]:
        """What may be the payload; of the answer to a request that the line names, also that it has no body."""
        yield from parts.payloads()
        is_answer = is_http(parts) or parts.text("endpoint")
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
        plain = self.text.log.source(number)
        url = parts.text("url") or ""
        address = url if url[:2].lower() == "ws" else None  # loggers also have paths of files
        channel = self._channel(parts, address)
        at, venue = parts.clock("received"), venue_of(parts)
        said = None if parts.said() == text else parts.said()
        tried = None if said is None else tried_in(said)
        self.text.log.around = Around(source, at, channel, line, venue, logger_of(parts), said, tried)
        pieces = text.strip().encode("utf-8", "surrogateescape").split(b"\n")
        items = chain.from_iterable(self.text.line(number, piece) for piece in pieces)
        is_text = True
        for item in chain(items, self.text.quoted()):
            is_text = False
            found, around = item.found, self.text.log.around  # of the line in which it began
            if isinstance(found, Record):
                found = replace(
                    found,
                    received_ns=around.at if found.received_ns is None else found.received_ns,
                    account=around.channel.account if found.account is None else found.account,
                    source=source if found.source == plain else parts.place(found.source or ""),
                )
            elif found.source == plain:
                found = replace(found, source=source)
            yield Item(found, around.raw)
        is_text &= self.text.log.text_lines - before >= len(pieces)
        self.text.log.text_lines = before + is_text

    def _channel(self, parts: Parts, url: str | None) -> Channel:
        """What a line says of the connection of its frame, and of its context."""
        channel = channel_of(parts, url)._replace(context=self.context)
        return channel if channel.connection else channel._replace(connection=self._connection)

    def _ask(self, parts: Parts, number: int, source: str, line: bytes | None) -> None:
        """Keep a request over HTTP for its answer, which is in another line."""
        request = request_in(parts, number, line)
        self._keep(request, parts.place(source), self._channel(parts, request.url))

    def _keep(self, request: Printed, source: str, channel: Channel) -> None:
        self.text.log.has_requests = True
        self._conversation.ask(request, source, channel=channel)

    def _record(
        self, parts: Parts, found: Payload, number: int, source: str, line: bytes | None
    ) -> Record | Unreadable | None:
        options = self._options
        url, endpoint = parts.text("url"), parts.text("endpoint")
        if endpoint and (endpoint.startswith("/") or "://" in endpoint):
            url, endpoint = url or endpoint, None  # some recorders call a URL so
        named = venue_of(parts)
        method, status = parts.text("method"), parts.status()
        direction = direction_of(parts)
        asked_in = None
        if url is None and endpoint is None and self._answers.is_answer(parts, found, number, direction):
            asked = self._answers.asked_before(parts, found, number, named)
            if asked is not None:
                url, method, asked_in = asked.url, asked.method, asked.line
                status = asked.status if status is None else status
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
        if direction == "sent":
            self._send(parts, found, venue, url, source, line)
            return None
        path, payload, _ = found
        endpoint = (
            (endpoint and endpoint.partition("?")[0].rstrip("/"))
            or (address.endpoint if address else None)
            or options.endpoint
        )
        data = payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else payload
        if endpoint is None and method is None and venue is not None and url:
            endpoint = cancel_at(venue, url, payload, status) or other_at(url, payload, options.hosts)
        if endpoint is None and direction != "received" and self._frames.is_request(data, venue):
            self._send(parts, found, venue, url, source, line)
            return None
        channel = self._channel(parts, url)
        venue = venue or self._answers.sender(parts, data)
        venue = venue or self._answers.asked_sender(parts, data, number, channel)
        if venue is None and self._answers.is_of_other(parts, data):
            self.text.log.text_lines += 1
            return None
        if venue is None:
            raise PartError("venue", _unnamed(parts, url))
        asked, is_shared = None, False
        if url and method and url[:2].lower() != "ws":
            received = parts.clock("received")
            asked, is_shared = self._conversation.pair(
                method.upper(),
                url,
                channel,
                received,
                asked_in=asked_in,
                line=number,
                status=status,
                answer=data,
            )
        request, secrets = parameters_of(parts, address, asked, path)
        sent = parts.clock("sent")
        record = Record(
            payload,
            venue,
            endpoint,
            status,
            request,
            asked.at if sent is None and asked is not None else sent,
            parts.clock("received"),
            parts.place(source),
            options.dialect or ("quoted-numbers" if path == _CCXT else None),
            tuple(dict.fromkeys((*secrets, *secret_paths(parts.line, path)))),
            parts.account(),
            "shared_id" if is_shared else None,
        )
        record = venues.in_quotes(venues.placed(record))
        return record if self._conversation.told.is_again else self._frames.complete(record, channel)

    def _records(
        self, parts: Parts, payload: Payload, number: int, source: str, line: bytes | None
    ) -> Iterator[Item]:
        """Read a payload, or each answer in an array of several; the answer to a request that is named is one."""
        data = payload.data if isinstance(payload.data, bytes) else valid(payload.data).encode()
        is_asked = is_http(parts) or parts.found("request") is not None
        answers = [] if is_asked else answers_in(data, parts.text("venue") or self._options.venue)
        for place, each in enumerate(answers or (payload.data,), 1):
            at = source if place == 1 else f"{source}#{place}"
            found = self._record(parts, payload._replace(data=each), number, at, line)
            if found is not None:
                yield Item(found, line)

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
        channel = self._channel(parts, url)
        address = url or self.text.log.socket() or ""
        self._frames.send(frame, at, venue, address, source=parts.place(source), raw=line, channel=channel)


def _wrapper_in(payload: Payload) -> Mapping[str, Raw] | None:
    """The members of a payload in a text that is what a recorder wrote around another one; None for any other."""
    if payload.is_logged or not payload.is_of_logger or not isinstance(payload.data, str):
        return None
    return wrapper_in(valid(payload.data).encode())


def _unnamed(parts: Parts, url: str | None) -> str:
    """Explain why the venue is unknown."""
    return parts.missing("venue") if "venue" in parts.mapped else unknown_host(url or "")
