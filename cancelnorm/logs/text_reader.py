"""Lines of text in their order, each with what belongs to it: objects, requests, answers, frames."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from msgspec import Raw

from cancelnorm.logs.alike_lines import AlikeLines
from cancelnorm.logs.ccxt_lines import Blocks
from cancelnorm.logs.curl_commands import Commands
from cancelnorm.logs.item import Item
from cancelnorm.logs.line_objects import LineObjects, Wrapped
from cancelnorm.logs.notation import NotAnObject, TooDeep
from cancelnorm.logs.options import Options
from cancelnorm.logs.pairing import Channel
from cancelnorm.logs.partial_lines import KubernetesParts
from cancelnorm.logs.passed import PassedOver
from cancelnorm.logs.text_http import HttpLines
from cancelnorm.logs.text_lines import Prefix, plain
from cancelnorm.logs.text_log import Around, TextLog
from cancelnorm.logs.text_marks import is_silent
from cancelnorm.logs.text_objects import Found, Unfinished, may_begin, objects_in
from cancelnorm.logs.text_senders import (
    is_cut,
    is_shortened,
)
from cancelnorm.logs.told import NEAR
from cancelnorm.logs.transcripts import Transcript
from cancelnorm.logs.tried import Tried

__all__ = ["TextReader"]

_MOST_TIMES: Final = 4
"""Number of times that a line is read, at most, to find the object that it belongs to."""
_AGAIN: Final = 2
_NEAR_BYTES: Final = 4_096  # of a line that is kept for those behind it
_END: Final = re.compile(rb"[}\]]")  # of any object or array


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
        self._http = HttpLines(self.log)
        self._objects = LineObjects(self.log, self._http, wrapped)
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

    @property
    def is_idle(self) -> bool:
        """Whether nothing is open that a line could belong to."""
        return not (self._is_amid or self._alike.are_open or self._is_amid_messages)

    def pass_over(self, number: int, lines: Sequence[bytes]) -> None:
        """Count lines, the first of which has this number, that say nothing while nothing is open."""
        self._number = number + len(lines) - 1
        self.log.text_lines += len(lines)
        near = [line[:_NEAR_BYTES] for line in lines[-NEAR:]]
        self.log.near.extend(enumerate(near, number + len(lines) - len(near)))

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
        return is_silent(line) and not self._is_amid_messages

    @property
    def _is_amid_messages(self) -> bool:
        """Whether the next line may belong to a request or an answer."""
        return (
            self._http.errors.is_waiting
            or self._blocks.is_open
            or self._transcript.is_open
            or self.log.bodies.is_open
            or self.log.causes.are_open
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

    def end_messages(self, channel: Channel) -> Iterator[Item]:
        """Read what is open where a line of its connection is no text: a command, or a request with its headers."""
        if self._commands.is_open and self._command_at[1].may_carry(channel):
            yield from self._command()
        self._transcript.end(channel)

    def quoted(self) -> Iterator[Item]:
        """Read the error of the last line, whose request is not in another one."""
        yield from self._http.errors.quoted()

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
        self.log.causes.read(number, line)
        if whole is None and not (may_begin(line) and (times < _MOST_TIMES or _END.search(line))):
            whole = []
        if whole is not None and not whole and self._is_mute(line):
            self.log.text_lines += 1
            return ()
        if self.log.around is None:
            self.log.conversation.told.read(number, line)
        if self._http.errors.is_waiting or self._blocks.takes(line):
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
        if self._http.errors.is_waiting:
            items, is_taken = self._http.errors.end(number, line)
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
        if self._http.errors.raises(number, line):
            return self._http.errors.end(number, line)[0]
        found, unfinished = objects_in(line) if whole is None else (whole, None)
        if unfinished is not None and times < _MOST_TIMES:
            self._unfinished, self._before = unfinished, found
            self._held = [_Held(number, line, times, self.log.around)]
            self._prefix = Prefix(line[: unfinished.start])
            return ()
        if found:
            return self._objects.read(number, line, found, line)
        if is_cut(line, found):
            return (self.log.cut(number, line),)
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
                yield from self._objects.read(first.number, first.line, [*self._before, whole], None)

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

    def raised(
        self,
        error: Mapping[str, Raw],
        number: int,
        venue: str | None,
        at: int | None,
        raw: bytes | None,
        tried: Tried | None,
    ) -> Iterable[Item] | None:
        """Read an error that has the code of an answer; None if an object is none."""
        return self._http.errors.raised(error, number, venue, at, raw, tried)
