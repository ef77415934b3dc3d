"""The answers and failures that a log has told of, of which a later line may tell again."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import msgspec
from msgspec import Raw

from cancelnorm.logs.ccxt_lines import Failed, Printed
from cancelnorm.logs.text_words import Words
from cancelnorm.logs.url_paths import venues_having
from cancelnorm.logs.urls import locate
from cancelnorm.logs.waiting import Key, are_same, key_of
from cancelnorm.routing import plain_path

__all__ = ["NEAR", "TRACEBACK", "Told", "is_same_value"]

NEAR: Final = 10
"""Number of lines between two that belong together."""

TRACEBACK: Final = 100
"""Number of lines between a request and the last line of a traceback."""

_NUMBERS: Final = re.compile(rb"[0-9]+")
_REMEMBERED: Final = 16  # answers that an exception may repeat
_LATELY: Final = 4  # answers that an object of the program may repeat
_SETTLED: Final = 1_000  # requests that were answered, or failed
_BLANKS: Final = 3  # lines from an exception to the line that says what it led to
_SOME: Final = 3  # answers that tell whether a program tells each twice
_SHORT: Final = 1_000  # bytes of an answer that is an error
# A time to the millisecond, and not to the second: of a day, or since the epoch, which an id may look like elsewhere.
_CLOCK: Final = rb"[0-9]:[0-9]{2}[.,](?!000)[0-9]{3}"
_EPOCH: Final = rb"1[0-9]{9}\.?(?!000)(?:[0-9]{9}|[0-9]{6}|[0-9]{3})(?![0-9])"
_FINE: Final = re.compile(_CLOCK + rb"|\A.{0,24}(?<![0-9.=/])" + _EPOCH, re.DOTALL)
_FINE_MEMBER: Final = re.compile(
    _CLOCK
    + rb"|\"(?i:[@\w]{0,20}(?:time|stamp|date|received|sent|_ns|_ms)\w{0,12}|t|@t|ts|at)\"\s*+:\s*+\"?"
    + _EPOCH
)
_value: Final = msgspec.json.Decoder().decode
_ORDER: Final = re.compile(rb'(?i)"[a-z_]*(?:ord|oid|txid)[a-z_]*"\s*:')  # the key of an order, or of its id
_members: Final = msgspec.json.Decoder(dict[str, Raw]).decode


class _Settled(NamedTuple):
    """What settled a request: the line and the status where they are known, and the line itself of a failure."""

    line: int | None = None
    status: int | None = None
    raw: bytes | None = None


class Told:
    """What one log has told of lately."""

    def __init__(self) -> None:
        self._printed: Printed | None = None  # the last answer to a request at a URL
        self._quoted: Printed | None = None  # the last error
        self._short: tuple[bytes, int] | None = None  # the last answer, if it may be an error, and its line
        self._bodies: deque[tuple[bytes, Words | None]] = deque(maxlen=_REMEMBERED)
        self._lately: deque[tuple[bytes, int]] = deque(maxlen=_LATELY)  # the last answers, and their lines
        self._held: deque[tuple[bytes, int]] = deque(
            maxlen=_LATELY
        )  # those that objects of the program told of
        self._last = (0, b"")  # the last line, and its number
        self.is_again = False  # the line that is read
        self._settled: dict[Key, _Settled] = {}  # the last ones that were answered, or failed
        self._is_chained = False  # the next exception, to the last one
        self._passed: tuple[bytes, int] = b"", 0  # the last error that was none of a cancel, and its line
        self._nameless = 0  # answers that name no order
        self.has_repeated = False  # an answer

    def is_printed_again(self, answer: Printed) -> bool:
        """Tell whether an answer is the last one, which was both printed and logged; from now on it is the last."""
        last, self._printed = self._printed, answer
        return last is not None and are_same(last, answer) and last.status == answer.status

    def read(self, number: int, line: bytes) -> None:
        """Take a line of text before what is in it; it is the same as an equal one right before, if its time is fine.

        Programs that ship logs deliver each line at least once. An answer in such a line is told, and is no other
        request's.
        """
        self.is_again = self._is_last(number, line) and _FINE.search(line.partition(b"{")[0]) is not None

    def read_object(self, number: int, line: bytes) -> None:
        """Take a line of JSON likewise, which may have its time under any key of one."""
        self.is_again = self._is_last(number, line) and _FINE_MEMBER.search(line) is not None

    @property
    def is_of_cancel(self) -> bool:
        """Whether the line that is read has the word for a cancel."""
        return b"cancel" in self._last[1].lower()

    def _is_last(self, number: int, line: bytes) -> bool:
        (last_number, last), self._last = self._last, (number, line)
        return line == last and number == last_number + 1

    def add(self, answer: Printed, words: Words | None) -> None:
        """Note an answer, and the words before it."""
        self.settle(key_of(answer.method, answer.url), answer.line, answer.status)
        body = answer.body.encode("utf-8", "surrogateescape")
        if answer is not self._quoted:
            self.add_body(body, answer.line)
        self._bodies.append((body, words))
        self._nameless += _ORDER.search(body) is None

    def add_body(self, body: bytes, line: int) -> None:
        """Note the body of an answer, which an error in one of the next lines may repeat."""
        self._short = (body, line) if len(body) <= _SHORT and body[:1] == b"{" else None
        self._lately.append((body, line))

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Read what only objects of the program tell of: no other one repeats it."""
        lately = self._lately.copy()
        yield
        self._lately = lately

    def hold(self, answers: Iterable[bytes], line: int) -> None:
        """Note the answers in an object of the program, of which the next lines may tell."""
        self._held.extend((answer, line) for answer in answers)

    def is_held_again(self, body: bytes, line: int) -> bool:
        """Tell whether an object of the program holds an answer that was told in one of the lines before; each once.

        It has to name an order: errors of several orders are equal.
        """
        return _is_taken(self._lately, body, line)

    def was_held(self, body: bytes, line: int) -> bool:
        """Tell whether an object of the program told of an answer in one of the lines before, likewise."""
        return _is_taken(self._held, body, line)

    def pass_over(self, body: bytes, line: int) -> None:
        """Note an error that was no answer to a cancel, which a traceback behind it may repeat."""
        self._passed = body, line

    def passed(self, body: bytes, line: int) -> int | None:
        """The line of such an error shortly before, if a body is the same."""
        known, at = self._passed
        return at if known == body and line - at <= TRACEBACK else None

    def chain(self, line: int) -> None:
        """Note that the next exception of a traceback was raised because of the one right before."""
        lines = [self._short[1] if self._short else None, self._quoted.line if self._quoted else None]
        self._is_chained = any(at is not None and line - at <= _BLANKS for at in lines)

    def is_repeated(self, body: bytes, words: Words | None) -> bool:
        """Tell whether an exception repeats an answer that was printed before.

        Behind the same words, the same body is another answer, unless one exception was raised because of the other.
        """
        is_chained, self._is_chained = self._is_chained, False
        if is_chained and self._short is not None and self._short[0] == body:
            return True
        found = [said for known, said in self._bodies if known == body and not _is_elsewhere(said, words)]
        return bool(found) and words not in found

    def repeat(self) -> None:
        """Note that an answer is told again."""
        self.has_repeated = True

    def was_told(self, body: bytes, line: int) -> bool:
        """Tell whether a body is that of one of the last answers before a line."""
        return any(known == body and at < line for known, at in self._lately)

    @property
    def has_several(self) -> bool:
        """Whether some answers were told that name no order, as errors do not."""
        return self._nameless >= _SOME

    @staticmethod
    def names_order(body: bytes) -> bool:
        """Tell whether a body names an order."""
        return _ORDER.search(body) is not None

    def quote(self, error: Printed) -> None:
        """Note an answer that only an error quotes."""
        self._quoted = error

    def is_quoted_again(self, error: Printed) -> bool:
        """Tell whether a program logs an error and prints its exception; in the same words, it is another one."""
        last = self._quoted
        is_chained, self._is_chained = self._is_chained, False
        if is_chained and last is not None and last.body == error.body:
            return True
        if last is None or not error.body or last.body != error.body or error.line - last.line > NEAR:
            return False
        if last.url and error.url and last.url != error.url:
            return False
        return _NUMBERS.sub(b"", last.raw or b"") != _NUMBERS.sub(b"", error.raw or b"")

    def has_body_of(self, error: Printed) -> bool:
        """Tell whether an error repeats the code and the message of the last answer, if that is near."""
        if not error.body or self._short is None or error.line - self._short[1] > TRACEBACK:
            return False
        return _object(error.body).items() <= _object(self._short[0]).items()

    def settle(
        self, key: Key, line: int | None = None, status: int | None = None, raw: bytes | None = None
    ) -> None:
        """Note that a request was answered, in a line, or that it failed, in a line that is given itself."""
        self._settled[key] = _Settled(line, status, raw)
        if len(self._settled) > _SETTLED:
            del self._settled[next(iter(self._settled))]

    def has_answered(self, key: Key, line: int, status: int | None) -> bool:
        """Tell whether a line shortly before one told the answer to a request, with the same status if there is one."""
        settled = self._settled.get(key)
        if settled is None or settled.line is None:
            return False
        return line - settled.line <= NEAR and (status is None or settled.status == status)

    def has_failed(self, key: Key, part: Failed) -> bool:
        """Tell whether the log has told of a failure before: by an answer, or by the exception in other words.

        A URL with a query is that of one request; others are of many, so that only an answer with the same status is
        the same, or an exception, and in the same words it is another one; both if they are near.
        """
        settled = self._settled.get(key)
        if settled is None or settled.line is None or "?" in part.url:
            return settled is not None
        if part.line - settled.line > TRACEBACK:
            return False
        if settled.raw is None:
            return part.status is not None and settled.status == part.status
        return _NUMBERS.sub(b"", settled.raw) != _NUMBERS.sub(b"", part.raw)


def _is_elsewhere(said: Words | None, words: Words | None) -> bool:
    """Tell whether words name the URL of another endpoint than others, or another venue."""
    if said is None or words is None:
        return False
    places = {_place_at(each.url) for each in (said, words) if each.url} - {None}
    return len(places) > 1 or (None not in (said.venue, words.venue) and said.venue != words.venue)


def _place_at(url: str) -> tuple[str | None, str] | None:
    """The venue and the path of a URL at which a venue has an endpoint; None for any other."""
    try:
        path = plain_path(urlsplit(url).path)
    except ValueError:
        return None
    address = locate(None, url)
    return (address.venue, path) if address is not None and venues_having(None, path) else None


def _is_taken(known: deque[tuple[bytes, int]], body: bytes, line: int) -> bool:
    """Take an answer that names an order from those that are known; tell whether it was there."""
    if not known or _ORDER.search(body) is None:
        return False
    for each in known:
        if line - each[1] <= NEAR and _object(each[0]) and is_same_value(each[0], body):
            known.remove(each)
            return True
    return False


def is_same_value(body: bytes | str, other: bytes | str) -> bool:
    """Tell whether two values of JSON are equal, however they are written."""
    try:
        return body == other or _value(body) == _value(other)
    except (ValueError, RecursionError):
        return False


def _object(data: bytes | str) -> dict[str, Raw]:
    """The members of an object; none if it is none."""
    try:
        return _members(data)
    except (ValueError, RecursionError):
        return {}
