"""Objects in lines of text: requests and answers over HTTP, frames, and what programs put around them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import compress, pairwise
from typing import Final

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from cancelnorm import recognition
from cancelnorm.logs.asked_in_fields import asked_in
from cancelnorm.logs.cancel_at import other_at
from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.gathered import answers_in, answers_within, is_around_answer
from cancelnorm.logs.item import Item
from cancelnorm.logs.jsonl_detection import is_request, is_text_alone
from cancelnorm.logs.text_frames import frame_in
from cancelnorm.logs.text_http import HttpLines
from cancelnorm.logs.text_log import TextLog
from cancelnorm.logs.text_objects import Found
from cancelnorm.logs.text_senders import (
    broken_object,
    is_cut,
    is_headers,
    is_listed_error,
    is_of_program,
    likely_sender,
)
from cancelnorm.logs.text_words import NOTHING, Words, words
from cancelnorm.record import Record

__all__ = ["LineObjects", "Wrapped"]

_IS_FIELD: Final = re.compile(r"\w=[\"']?$")  # an object behind it
_METHOD_FIELD: Final = re.compile(r"\b(?:method|verb)=")
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode

Wrapped = Callable[[int, Mapping[str, Raw], Words, int | None, bytes | None], list[Item] | None]
"""What reads an object that a logger wrote: with the number of its line, the words before it, its time and the line.

None if it holds nothing.
"""


class LineObjects:
    """The reader of the objects in the lines of one log."""

    def __init__(self, log: TextLog, http: HttpLines, wrapped: Wrapped) -> None:
        self._log = log
        self._http = http
        self._wrapped = wrapped

    def read(self, number: int, line: bytes, found: list[Found], raw: bytes | None) -> Iterable[Item]:
        """Read the objects of a line: a request and its answer, or frames."""
        before = line[: found[0].start].decode("utf-8", "surrogateescape")
        at, prefix = self._log.leading(before)
        said = words(prefix)
        if said.url is None and _IS_FIELD.search(prefix) and b"://" in (behind := line[found[-1].end :]):
            # Loggers that have their fields in order have the body before these.
            asked = words(text := behind.decode("utf-8", "surrogateescape"))
            if asked.method is not None and asked.url is not None and _METHOD_FIELD.search(text):
                prefix = f"{text} {prefix}"
                said = words(prefix)
        if said.url is None and any(one.json[:1] == b"[" for one in found):
            found = list(self._each_answer(found, said.venue))
        if len(found) > 1 or said.url is not None:
            return self._several(number, line, found, at, prefix, raw)
        # The only object of a line without a URL, as nearly every frame is.
        if self._log.bodies.is_open and not said.is_about_headers and said.direction != "received":
            if self._log.bodies.takes(number, prefix, found[0].json.decode("utf-8", "surrogateescape")):
                self._log.text_lines += 1
                return ()
            self._log.bodies.end()
        items = None if said.is_about_headers else self._object(found[0], said, at, None, number, raw)
        return self._other(number, line, found, raw) if items is None else items

    def _other(self, number: int, line: bytes, found: list[Found], raw: bytes | None) -> Iterable[Item]:
        """Count a line whose objects are no frames; one that is broken may have been a frame."""
        if is_cut(line, found):
            return (self._log.cut(number, raw),)
        return self._http.without_object(number, line)

    def _each_answer(self, found: list[Found], venue: str | None) -> Iterator[Found]:
        """The objects of a line, those in an array of answers apart, each in the place of the array."""
        for one in found:
            answers = answers_in(one.json, venue or self._log.named())
            members = [each for answer in answers if (each := _members(answer)) is not None]
            if len(members) < len(answers):  # of one that cannot be read, the array is refused
                yield one
                continue
            for answer, each in zip(answers, members, strict=True):
                yield one._replace(json=answer, members=each)
            if not answers:
                yield one

    def _object(
        self, body: Found, said: Words, at: int | None, url: str | None, number: int, raw: bytes | None
    ) -> Iterable[Item] | None:
        """Read a frame, or what a logger put around one; None if an object is neither."""
        if is_text_alone(body.members):
            held = self._wrapped(number, body.members, said, at, raw)
            if held is not None:
                return held
        said = self._log.of_logger(said)
        if said.direction == "sent" and (asked := asked_in(body.members)) is not None:
            request = Printed(*asked, "", False, number, at=at, raw=raw)
            if not self._log.conversation.is_known(request, None, self._log.channel()):
                self._log.ask(request)
            return ()
        is_quiet = url is None and said.direction != "received" and not said.is_exception
        if is_quiet and is_of_program(body) and not self._log.conversation.told.is_repeated(body.json, said):
            if is_request(body.members):
                failed = self._wrapped(number, body.members, said, at, raw)
                if failed is not None:
                    return failed
            return self._held_in(body, said, at, number, raw)
        if said.venue is not None and "code" in body.members:
            # Of the program, with words of its own; and no error that another venue answers just so.
            is_own = said.venue not in recognition.senders(body.members)[0] and not is_listed_error(body.json)
            error = (
                self._http.errors.raised(body.members, number, said.venue, at, raw, said.tried)
                if is_own
                else None
            )
            if error is not None:
                return error
        if is_around_answer(body.members):
            answers = answers_within(body.members, said.venue or self._log.named())
            if len(answers) == 1 and self._log.conversation.told.is_held_again(answers[0], number):
                return ()
            held = self._wrapped(number, body.members, said, at, raw)
            if held is None:
                held = self._held_in(body, said, at, number, raw)
            elif held:
                payloads = {_bytes(item.found) for item in held if isinstance(item.found, Record)}
                self._log.conversation.told.hold(payloads.intersection(answers), number)
            if held is not None:
                return held
        if url is None and self._log.conversation.told.was_held(body.json, number):
            return ()
        item, is_frame = frame_in(self._log, body, said, at, url, number, raw)
        if item is not None:
            return (Item(item, raw),)
        if is_frame:
            return ()
        items: Iterable[Item] | None = self._wrapped(number, body.members, said, at, raw)
        if items is None:
            items = self._http.errors.raised(
                body.members, number, said.venue or self._log.named(), at, raw, said.tried
            )
        return self._held_in(body, said, at, number, raw) if items is None else items

    def _held_in(
        self, body: Found, said: Words, at: int | None, number: int, raw: bytes | None
    ) -> list[Item] | None:
        """Read the answers in an object of the program that words or keys call received, or a venue's; None if none."""
        venue = said.venue or self._log.named()
        is_received = said.direction == "received" or is_around_answer(body.members)
        if not body.members or (venue is None and not is_received):
            return None
        told = self._log.conversation.told
        held = answers_within(body.members, venue)
        answers = [answer for answer in held if not told.is_held_again(answer, number)]
        if held and not answers:
            return []
        with told.aside():
            read = [
                frame_in(
                    self._log,
                    body._replace(json=answer, members=_members(answer) or {}),
                    said,
                    at,
                    None,
                    number,
                    raw,
                )
                for answer in answers
            ]
        if not any(is_frame for _, is_frame in read):
            return None
        told.hold((answer for answer, (_, is_frame) in zip(answers, read, strict=True) if is_frame), number)
        return [Item(item, raw) for item, _ in read if item is not None]

    def _several(
        self, number: int, line: bytes, found: list[Found], at: int | None, prefix: str, raw: bytes | None
    ) -> Iterator[Item]:
        """Read objects with the words before each."""
        between = (
            line[one.end : other.start].decode("utf-8", "surrogateescape") for one, other in pairwise(found)
        )
        beside = [words(gap) for gap in (prefix, *between)]
        for place, (one, other) in enumerate(pairwise(found), 1):
            if other.start == one.start:  # in the same array
                beside[place] = beside[place - 1]
        url = next((each for each in beside if each.url is not None), None)
        if url is not None and url.method is None and url.url is not None:
            method = self._log.conversation.method_at(url.url) if url.status is not None else None
            url = url._replace(method=method or self._log.method_at(url.url))
        are_headers = [is_headers(each, said, len(found)) for each, said in zip(found, beside, strict=True)]
        bodies = [
            (each, said) for each, said, is_one in zip(found, beside, are_headers, strict=True) if not is_one
        ]
        if url is not None and url.method is not None and not (url.url or "").startswith("ws"):
            headers = b" ".join(line[each.start : each.end] for each in compress(found, are_headers))
            shown = headers.decode("utf-8", "replace")
            yield from self._http.http(
                url, beside, bodies, number, at, shown, raw, broken_object(line, found), line[found[-1].end :]
            )
            return
        address = url.url if url is not None else None
        raised = next((said.venue for _, said in bodies if said.is_exception), None)
        if raised is not None:
            # What the program has of its own beside an exception is no frame of another venue.
            bodies = [
                (each, said)
                for each, said in bodies
                if said.is_exception or likely_sender(each.json, each.members, raised) is not None
            ]
        is_used = False
        for body, said in bodies:
            if address is None and not body.members and body.json == b"{}" and said == NOTHING:
                continue  # a line may have a million
            items = self._object(body, said, at, address, number, raw)
            is_used |= items is not None
            yield from (self._at(address, item) for item in items or ())
        if not is_used:
            yield from self._other(number, line, found, raw)

    def _at(self, url: str | None, item: Item) -> Item:
        """The same item; an answer that names no endpoint is of the URL, where that is none that cancels."""
        found = item.found
        if url is None or not isinstance(found, Record) or found.endpoint is not None:
            return item
        endpoint = other_at(url, found.payload, self._log.options.hosts)
        return item if endpoint is None else Item(replace(found, endpoint=endpoint), item.raw)


def _members(answer: bytes) -> Mapping[str, Raw] | None:
    """The members of an object; None of anything else, and where a key is not UTF-8."""
    try:
        return _object(answer)
    except (ValueError, RecursionError):
        return None


def _bytes(record: Record) -> bytes:
    payload = record.payload
    return payload if isinstance(payload, bytes) else payload.encode("utf-8", "surrogateescape")
