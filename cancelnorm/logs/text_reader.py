"""Lines of text in their order, each with what belongs to it: objects, requests, answers, frames."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import compress, pairwise
from typing import Final, NamedTuple

import msgspec
from msgspec import Raw

from cancelnorm import recognition
from cancelnorm.logs.alike_lines import AlikeLines
from cancelnorm.logs.asked_in_fields import asked_in
from cancelnorm.logs.ccxt_lines import Blocks, Printed
from cancelnorm.logs.curl_commands import Commands
from cancelnorm.logs.gathered import answers_in, answers_within, is_around_answer
from cancelnorm.logs.item import Item
from cancelnorm.logs.jsonl_detection import is_request
from cancelnorm.logs.notation import NotAnObject, TooDeep
from cancelnorm.logs.options import Options
from cancelnorm.logs.pairing import Channel
from cancelnorm.logs.partial_lines import KubernetesParts
from cancelnorm.logs.passed import PassedOver
from cancelnorm.logs.text_frames import frame_in
from cancelnorm.logs.text_http import HttpLines
from cancelnorm.logs.text_lines import Prefix, plain
from cancelnorm.logs.text_log import Around, TextLog
from cancelnorm.logs.text_marks import is_silent
from cancelnorm.logs.text_objects import Found, Unfinished, may_begin, objects_in
from cancelnorm.logs.text_senders import (
    broken_object,
    is_cut,
    is_headers,
    is_listed_error,
    is_of_program,
    is_shortened,
    likely_sender,
)
from cancelnorm.logs.text_words import NOTHING, Words, words
from cancelnorm.logs.transcripts import Transcript
from cancelnorm.record import Record

__all__ = ["TextReader", "Wrapped"]

_MOST_TIMES: Final = 4
"""Number of times that a line is read, at most, to find the object that it belongs to."""
_AGAIN: Final = 2
_NEAR_BYTES: Final = 4_096  # of a line that is kept for those behind it
_END: Final = re.compile(rb"[}\]]")  # of any object or array
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode

Wrapped = Callable[[int, Mapping[str, Raw], int | None, bytes | None], list[Item] | None]
"""What reads an object with this number of a line, time and line if a logger wrote it; None if it holds nothing."""


class _Held(NamedTuple):
    """A line of an object that is not finished, how often it has been read, and the line of JSON around it."""

    number: int
    line: bytes
    times: int
    around: Around | None


class TextReader:
    """The reader of the lines of one log, in their order."""

    def __init__(self, name: str, options: Options, passed: PassedOver, wrapped: Wrapped) -> None:
        self.log = TextLog(name, options, passed)
        self._wrapped = wrapped
        self._http = HttpLines(self.log)
        self._transcript = Transcript(self.log)
        self._blocks = Blocks(self.log.source, self.log.zone, options.max_record_bytes)
        self._unfinished: Unfinished | None = None
        self._prefix = Prefix(b"")  # of its lines
        self._held: list[_Held] = []
        self._before: list[Found] = []  # the objects before it in its first line
        # The line that begins the object, if it is known that it does not go on with another one like it, and that
        # nothing becomes of it then.
        self._idle: bytes | None = None
        self._alike = AlikeLines()  # of what was nested too deeply
        self._parts = KubernetesParts(options.max_record_bytes)
        self._number = 1  # of the last line
        self._commands = Commands()
        self._command_at: tuple[Around | None, Channel] = None, Channel()  # where it began

    def line(self, number: int, line: bytes) -> Iterable[Item]:
        """Read the next line."""
        self._number = number
        if self._unfinished is None:
            self.log.near.append((number, line[:_NEAR_BYTES]))
        if self._alike.are_open:
            if not self._alike.takes(line):
                return self._behind_alike(number, line)
            self.log.text_lines += self._alike.add(number)
            return ()
        if (
            not line and self._unfinished is not None and not self._commands.is_open
        ):  # an object may have a million
            return self._read(number, line, 1)
        if not (self._is_amid or may_begin(line)) and self._is_mute(line):
            self.log.text_lines += 1
            return ()
        whole = self._parts.add(plain(line))
        if whole is None:
            self.log.text_lines += 1
            return ()
        line = whole
        if self._commands.is_over(line) or self._is_elsewhere(line):
            return self._behind_command(number, line)
        if self._commands.takes(line):
            if not self._commands.is_open:
                self.log.line = line
                self._command_at = self.log.around, self.log.channel()
            if self._commands.add(number, line):
                return ()
            return self._command()
        return self._read(number, line, 1)

    def _is_elsewhere(self, line: bytes) -> bool:
        """Tell whether a line is of another connection than the command that is open."""
        if not self._commands.is_open:
            return False
        self.log.line = line
        return not self._command_at[1].may_carry(self.log.channel())

    def _command(self) -> Iterator[Item]:
        """Read a command over several lines."""
        with self.log.inside(self._command_at[0]):
            yield from self._read(*self._commands.take(), 1)

    def _behind_alike(self, number: int, line: bytes) -> Iterator[Item]:
        """Read a line behind lines that are alike."""
        yield from self._end_alike()
        yield from self.line(number, line)

    def _end_alike(self) -> Iterator[Item]:
        """Read the lines that are alike and have not been counted."""
        for number, line in self._alike.take():
            yield from self.line(number, line)

    @property
    def held(self) -> int:
        """The number of lines that may be those of one object, which the next line goes on with."""
        return len(self._held)

    @property
    def _is_amid(self) -> bool:
        """Whether the next line may go on with what the lines before it began."""
        return self._unfinished is not None or self._commands.is_open or self._parts.are_open

    def _is_mute(self, line: bytes) -> bool:
        """Tell whether a line without an object is none of a request or an answer, nor of one that is open."""
        return is_silent(line) and not (
            self._http.is_waiting
            or self._blocks.is_open
            or self._transcript.is_open
            or self.log.bodies.is_open
        )

    def end(self) -> Iterator[Item]:
        """Read what the last lines left open."""
        yield from self._end_alike()
        for line in self._parts.left():
            yield from self._read(self._number, line, 1)
        if self._commands.is_open:
            yield from self._command()
        while self._unfinished is not None:
            yield from self._again()
        yield from self.quoted()
        self._transcript.end()
        for part in self._blocks.end():
            yield from self._http.printed(part)
        self.log.bodies.close()

    def end_headers(self) -> None:
        """Take what is no line of text: the headers before it are all."""
        self._transcript.end()

    def quoted(self) -> Iterator[Item]:
        """Read the error of the last line, whose request is not in another one."""
        yield from self._http.quoted()

    def unanswered(self) -> Iterator[Item]:
        """Yield the requests that are without an answer at the end."""
        yield from self.log.conversation.unanswered()
        yield from self.log.frames.unanswered()

    def drop(self) -> None:
        """Forget what is open, because a line is missing."""
        self.log.text_lines += len(self._alike.take()) + self._commands.drop()
        self._unfinished = self._idle = None
        self.log.text_lines += len(self._held)
        self._held = []
        self._blocks.drop()

    def _behind_command(self, number: int, line: bytes) -> Iterator[Item]:
        """Read a command, and then the line behind it."""
        yield from self._command()
        yield from self._read(number, line, 1)

    def _read(self, number: int, line: bytes, times: int) -> Iterable[Item]:
        """Read the next line, for the first time or again: as many times as any other, so that the time is linear."""
        if line == self._idle and times < _MOST_TIMES - 1:
            self._held = [_Held(number, line, max(times + 1, _AGAIN), self.log.around)]
            self.log.text_lines += 1  # the line that was held
            return ()
        self._idle = None
        if self._unfinished is not None:
            if not line and self._unfinished.takes_blank():
                self._held.append(_Held(number, line, times, self.log.around))
                return ()
            return self._continue(self._unfinished, number, line, times)
        return self._line(number, line, times)

    def _line(self, number: int, line: bytes, times: int, whole: list[Found] | None = None) -> Iterable[Item]:
        """Read a line that continues no object; ``whole`` are its objects, if they are known and it has no others."""
        self.log.line = line
        if whole is None and not (may_begin(line) and (times < _MOST_TIMES or _END.search(line))):
            whole = []
        if whole is not None and not whole and self._is_mute(line):
            self.log.text_lines += 1
            return ()
        if self.log.around is None:
            self.log.conversation.told.read(number, line)
        if self._http.is_waiting or self._blocks.takes(line):
            return self._in_context(number, line, times, whole)
        return self._by_itself(number, line, times, whole)

    def _in_context(self, number: int, line: bytes, times: int, whole: list[Found] | None) -> Iterator[Item]:
        """Read a line that may belong to those before it."""
        if self._blocks.takes(line):
            done, is_taken = self._blocks.take(number, line)
            for part in done:
                yield from self._http.printed(part)
            if is_taken:
                return
        if self._http.is_waiting:
            items, is_taken = self._http.end_error(number, line)
            yield from items
            if is_taken:
                return
        yield from self._by_itself(number, line, times, whole)

    def _by_itself(self, number: int, line: bytes, times: int, whole: list[Found] | None) -> Iterable[Item]:
        if self._transcript.take(number, line):
            self.log.text_lines += 1
            return ()
        if is_shortened(line):
            return self.log.shortened(number, line)
        if self._http.raises(number, line):
            return self._http.end_error(number, line)[0]
        found, unfinished = objects_in(line) if whole is None else (whole, None)
        if unfinished is not None and times < _MOST_TIMES:
            self._unfinished, self._before = unfinished, found
            self._held = [_Held(number, line, times, self.log.around)]
            self._prefix = Prefix(line[: unfinished.start])
            return ()
        if found:
            return self._objects(number, line, found, line)
        if is_cut(line, found):
            return (self.log.cut(number, line),)
        return self._http.without_object(number, line)

    def _other(self, number: int, line: bytes, found: list[Found], raw: bytes | None) -> Iterable[Item]:
        """Count a line whose objects are no frames; one that is broken may have been a frame."""
        if is_cut(line, found):
            return (self.log.cut(number, raw),)
        return self._http.without_object(number, line)

    def _continue(self, unfinished: Unfinished, number: int, line: bytes, times: int) -> Iterator[Item]:
        """Take another line of an object; if it is none after all, its lines are read one by one."""
        self._held.append(_Held(number, line, times, self.log.around))
        try:
            found = unfinished.add(self._prefix.cut(line))
        except TooDeep:  # and so is what its lines begin
            held, has_others = self._held, bool(self._before)
            yield from self._each_again(_MOST_TIMES)
            if not has_others and self._is_mute(line) and all(each.line == line for each in held):
                self._alike.begin(line, len(held))
            return
        except NotAnObject:
            yield from self._again()
            return
        if found is not None:
            first, self._unfinished, self._held = self._held[0], None, []
            whole = found._replace(start=unfinished.start, end=len(first.line))
            with self.log.inside(first.around):
                yield from self._objects(first.number, first.line, [*self._before, whole], None)

    def _again(self) -> Iterator[Item]:
        first, *others = self._held
        yield from self._each_again()
        is_one = len(others) == 1 and first.line == others[0].line
        is_open = len(self._held) == 1 and self._held[0].line == first.line and not self._before
        if is_one and is_open and self._is_mute(first.line):
            self._idle = first.line

    def _each_again(self, least: int = _AGAIN) -> Iterator[Item]:
        """Read the lines that are held, each for one more time, or as if it was the one of a number."""
        held, self._unfinished, self._held = self._held, None, []
        self.log.near.extend((each.number, each.line) for each in held[1:])
        first = held[0]
        with self.log.inside(first.around):
            yield from self._line(first.number, first.line, _MOST_TIMES, self._before)
        for each in held[1:]:
            with self.log.inside(each.around):
                yield from self._read(each.number, each.line, max(each.times + 1, least))

    def _objects(self, number: int, line: bytes, found: list[Found], raw: bytes | None) -> Iterable[Item]:
        """Read the objects of a line: a request and its answer, or frames."""
        before = line[: found[0].start].decode("utf-8", "surrogateescape")
        at, prefix = self.log.leading(before)
        said = words(prefix)
        if said.url is None and any(one.json[:1] == b"[" for one in found):
            found = list(self._each_answer(found, said.venue))
        if len(found) > 1 or said.url is not None:
            return self._several(number, line, found, at, prefix, raw)
        # The only object of a line without a URL, as nearly every frame is.
        if self.log.bodies.is_open and not said.is_about_headers and said.direction != "received":
            if self.log.bodies.takes(number, prefix, found[0].json.decode("utf-8", "surrogateescape")):
                self.log.text_lines += 1
                return ()
            self.log.bodies.end()
        items = None if said.is_about_headers else self._object(found[0], said, at, None, number, raw)
        return self._other(number, line, found, raw) if items is None else items

    def _each_answer(self, found: list[Found], venue: str | None) -> Iterator[Found]:
        """The objects of a line, those in an array of answers apart, each in the place of the array."""
        for one in found:
            answers = answers_in(one.json, venue or self.log.named())
            for answer in answers:
                yield one._replace(json=answer, members=_object(answer))
            if not answers:
                yield one

    def _object(
        self, body: Found, said: Words, at: int | None, url: str | None, number: int, raw: bytes | None
    ) -> Iterable[Item] | None:
        """Read a frame, or what a logger put around one; None if an object is neither."""
        said = self.log.of_logger(said)
        if said.direction == "sent" and (asked := asked_in(body.members)) is not None:
            request = Printed(*asked, "", False, number, at=at, raw=raw)
            if not self.log.conversation.is_known(request, None):
                self.log.ask(request)
            return ()
        is_quiet = url is None and said.direction != "received" and not said.is_exception
        if is_quiet and is_of_program(body) and not self.log.conversation.told.is_repeated(body.json, said):
            if is_request(body.members):
                failed = self._wrapped(number, body.members, at, raw)
                if failed is not None:
                    return failed
            return self._held_in(body, said, at, number, raw)
        if said.venue is not None and "code" in body.members:
            # Of the program, with words of its own; and no error that another venue answers just so.
            is_own = said.venue not in recognition.senders(body.members)[0] and not is_listed_error(body.json)
            error = self.raised(body.members, number, said.venue, at, raw) if is_own else None
            if error is not None:
                return error
        if is_around_answer(body.members):
            answers = answers_within(body.members, said.venue or self.log.named())
            if len(answers) == 1 and self.log.conversation.told.is_held_again(answers[0], number):
                return ()
            held = self._wrapped(number, body.members, at, raw)
            if held is None:
                held = self._held_in(body, said, at, number, raw)
            elif held:
                payloads = {_bytes(item.found) for item in held if isinstance(item.found, Record)}
                self.log.conversation.told.hold(payloads.intersection(answers), number)
            if held is not None:
                return held
        if url is None and self.log.conversation.told.was_held(body.json, number):
            return ()
        item, is_frame = frame_in(self.log, body, said, at, url, number, raw)
        if item is not None:
            return (Item(item, raw),)
        if is_frame:
            return ()
        items: Iterable[Item] | None = self._wrapped(number, body.members, at, raw)
        if items is None:
            items = self.raised(body.members, number, said.venue or self.log.named(), at, raw)
        return self._held_in(body, said, at, number, raw) if items is None else items

    def _held_in(
        self, body: Found, said: Words, at: int | None, number: int, raw: bytes | None
    ) -> list[Item] | None:
        """Read the answers in an object of the program that words or keys call received, or a venue's; None if none."""
        venue = said.venue or self.log.named()
        is_received = said.direction == "received" or is_around_answer(body.members)
        if not body.members or (venue is None and not is_received):
            return None
        told = self.log.conversation.told
        held = answers_within(body.members, venue)
        answers = [answer for answer in held if not told.is_held_again(answer, number)]
        if held and not answers:
            return []
        with told.aside():
            read = [
                frame_in(
                    self.log,
                    body._replace(json=answer, members=_object(answer) if answer[:1] == b"{" else {}),
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

    def raised(
        self, error: Mapping[str, Raw], number: int, venue: str | None, at: int | None, raw: bytes | None
    ) -> Iterable[Item] | None:
        """Read an error that has the code of an answer; None if an object is none."""
        return self._http.raised(error, number, venue, at, raw)

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
            method = self.log.conversation.method_at(url.url) if url.status is not None else None
            url = url._replace(method=method or self.log.method_at(url.url))
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
            yield from items or ()
        if not is_used:
            yield from self._other(number, line, found, raw)


def _bytes(record: Record) -> bytes:
    payload = record.payload
    return payload if isinstance(payload, bytes) else payload.encode("utf-8", "surrogateescape")
