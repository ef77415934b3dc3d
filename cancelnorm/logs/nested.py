"""Documents of other programs that hold answers at any depth: exports of chats, consoles, queues and issue trackers.

None is known by its name. Whatever is an answer, or what a logger wrote, is read where it stands, and each text is read
as a line of a log, with the time and the venue that are told around it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

import msgspec
from msgspec import Raw

from cancelnorm import answering, recognition, venues
from cancelnorm.logs.json_path import at
from cancelnorm.logs.jsonl_detection import is_wrapper
from cancelnorm.logs.part_names import LOGGED, USUAL_STEPS, usual_steps
from cancelnorm.logs.text_senders import has_many_keys, is_about_order
from cancelnorm.logs.timestamps import ns
from cancelnorm.venue import Venue

__all__ = ["lines_within"]

Members = Mapping[str, Raw]

_DEEPEST: Final = 16
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_array: Final = msgspec.json.Decoder(list[Raw]).decode
_text: Final = msgspec.json.Decoder(str).decode

_PAYLOAD: Final = "payload"
_MESSAGE: Final = "message"
_TIME: Final = "timestamp"
_VENUE: Final = "venue"

# Beside those of loggers: of Telegram, of GitHub, of Mattermost, of queues.
_MORE_TIMES: Final = (
    "date_unixtime",
    "date",
    "createdAt",
    "created_at",
    "create_at",
    "publishTime",
    "_messagetime",
    "dt",
)
_OF_VENUES: Final = re.compile(
    r"(?:[a-z]{3,5}[_-]?)?code|errno|jsonrpc|topic|ch|op|arg|success|e", re.IGNORECASE
)
"""Keys of what exchanges put around a payload; in that of another exchange, nothing is a known venue's."""
_OF_QUEUES: Final = "partition"  # of Kafka, whose topics are no venue's
_PAIRS: Final = (("field", "value"), ("key", "value"), ("name", "value"))
"""Keys of an object that has a name and a value, in an array of such."""
_ASKED: Final = {path[0] for path in USUAL_STEPS["request"]} - {
    path[0] for path in USUAL_STEPS["payload"]
} | {"sent"}
"""Keys of what was asked, which is like what is answered."""
_MOST_FORMS: Final = 16  # of answers, with which an object is compared
_SHARED_KEYS: Final = 3  # at least, of an object and an answer that is not right beside it
_CODE: Final = re.compile(r"[A-Z]+(?:_[A-Z]+)+")
"""Codes as ORDER_NOT_FOUND."""
_OBJECT: Final = re.compile(r"""\{\s*+["'\w]""")
_PIECE: Final = frozenset({"type", "text", "language", "href", "user_id", "document_id", "collapsed"})
"""Keys of a piece of a message whose text is set in several ways, as Telegram has them."""


def lines_within(document: Members | bytes, venue: str | None) -> list[Members]:
    """What a document holds, each as a line of a logger has it; none if it holds no answer and no text with one."""
    known = venues.find(venue) if venue else None
    data = document if isinstance(document, bytes) else msgspec.json.encode(document)
    try:
        return list(_lines(Raw(data), {}, known, 0))
    except (ValueError, RecursionError):
        return []


def _lines(value: Raw, around: Members, known: Venue | None, depth: int) -> Iterator[Members]:
    data = bytes(value).lstrip()
    if depth == _DEEPEST or b"{" not in data:
        return
    match data[:1]:
        case b"{":
            yield from _in_object(value, around, known, depth)
        case b"[":
            yield from _in_array(value, around, known, depth)
        case b'"':
            yield from _in_text(_text(value), around, known, depth)


def _in_object(value: Raw, around: Members, known: Venue | None, depth: int) -> Iterator[Members]:
    members = _object(value)
    if _is_answer(value, members, known):
        yield {**around, _PAYLOAD: value}
        return
    told = {**around, **_told(members)}
    known = _named(told) or known
    is_of_venue = _OF_QUEUES not in members and any(map(_OF_VENUES.fullmatch, members))
    if depth and not (is_of_venue and _VENUE not in told) and _is_line(members, known):
        yield {**told, **members}
        return
    parts = _once(members)
    if is_of_venue:
        parts = {key: part for key, part in parts.items() if bytes(part)[:1] == b'"'}
    found = [
        _Part(part, list(_lines(part, told, known, depth + 1)), key in _ASKED) for key, part in parts.items()
    ]
    lines = list(_with_unread(found, told, known, depth))
    if depth and not lines and _VENUE in told.keys() - around.keys():
        lines = [members]  # so that it is told that nothing can be read of it
    yield from lines


def _once(members: Members) -> Members:
    """The members of a message without those that repeat its text, as it is or in pieces."""
    seen: set[str] = set()
    once = {}
    for key, part in members.items():
        text = _message_in(key, part)
        if text is None or text not in seen:
            once[key] = part
        if text is not None:
            seen.add(text)
    return once


def _message_in(key: str, part: Raw) -> str | None:
    """The text of a message: under a key that loggers have for it, or listed in pieces."""
    data = bytes(part)
    if b"{" not in data:
        return None
    if data[:1] == b'"':
        return _text(part) if key in LOGGED else None
    return _joined(_array(part)) if data[:1] == b"[" else None


def _in_array(value: Raw, around: Members, known: Venue | None, depth: int) -> Iterator[Members]:
    """The lines in an array: of pairs, of the pieces of a text, of a row whose venue and time are texts and numbers."""
    items = _array(value)
    if (members := _paired(items)) is not None:
        yield from _lines(Raw(msgspec.json.encode(members)), around, known, depth + 1)
        return
    if (text := _joined(items)) is not None:
        yield from _in_text(text, around, known, depth)
        return
    told = {**around, **_told_in_row(items)}
    known = _named(told) or known
    found = [_Part(item, list(_lines(item, told, known, depth + 1))) for item in items]
    lines = list(_with_unread(found, told, known, depth, is_each=told == around))
    if not lines and _VENUE in told.keys() - around.keys():
        lines = [{**told, _PAYLOAD: each} for item in items if (each := _object_in(item)) is not None]
    yield from lines


class _Part(NamedTuple):
    """A part of an object or an array, and its lines."""

    value: Raw
    lines: Sequence[Members]
    is_asked: bool = False  # by its key, of a request

    def holds(self, name: str, value: bytes) -> bool:
        """Tell whether its only line has a value under a name."""
        return len(self.lines) == 1 and bytes(self.lines[0].get(name, b"")) == value

    def object(self) -> Raw | None:
        """The object that it is, as it is or as a text, if no line but this text was found in it; else None."""
        return _object_in(self.value) if self.is_unread() else None

    def is_unread(self) -> bool:
        """Tell whether no line but a text was found in it."""
        if not self.lines:
            return True
        is_text = bytes(self.value)[:1] == b'"'
        return is_text and self.holds(_MESSAGE, msgspec.json.encode(_text(self.value)))


class _Answers(NamedTuple):
    """What is known of the answers beside an object: the keys of each form of them, and the venues that sent them."""

    forms: Sequence[frozenset[str]]
    names: Collection[str | None]

    @classmethod
    def of(cls, answers: Iterable[Raw], known: Venue | None) -> "_Answers":
        """Look at some answers."""
        payloads = list(answers)
        forms = dict.fromkeys(frozenset(_object(payload)) for payload in payloads)
        names = {recognition.recognise(bytes(payload)) for payload in payloads}
        return cls(list(forms)[:_MOST_FORMS], names if known is None else {known.name})

    def are_like(self, members: Members, least: int) -> bool:
        """Tell whether an object has half the keys of one of them, and at least so many."""
        shared = ((len(keys & members.keys()), len(keys)) for keys in self.forms)
        return any(count >= least and 2 * count >= total for count, total in shared)

    def are_of_sender(self, members: Members) -> bool:
        """Tell whether an object has the keys of an answer of a venue that sent one of them, and no others."""
        return any(name in self.names for name in recognition.senders(members)[0])

    def line(self, value: Raw, told: Members) -> Members:
        """The line of an object: of their venue, or of the one of them that may send it."""
        found = self.names
        if len(found) != 1:
            found = [name for name in recognition.senders(_object(value))[1] if name in self.names]
        sender = {_VENUE: Raw(msgspec.json.encode(*found))} if len(found) == 1 and None not in found else {}
        return {**sender, **told, _PAYLOAD: value}


def _with_unread(
    found: Sequence[_Part], told: Members, known: Venue | None, depth: int, *, is_each: bool = False
) -> Iterator[Members]:
    """The lines of some parts; beside answers, also objects like them, or each of them that is a part itself.

    Such an object may have got a new field, and is read with a note, or refused.
    """
    if not any(part.lines for part in found) or not any(part.is_unread() for part in found):
        yield from (line for part in found for line in part.lines)
        return
    beside = _Answers.of(
        (
            answer
            for part in found
            if part.lines and (answer := _object_in(part.value)) and part.holds(_PAYLOAD, bytes(answer))
        ),
        known,
    )
    within = _Answers.of(_payloads(line for part in found for line in part.lines), known)
    for part in found:
        unread = part.object() if beside.forms and not part.is_asked else None
        if unread is not None and (is_each or _is_like(unread, beside)):
            yield beside.line(unread, told)
        elif part.lines or part.is_asked:
            yield from part.lines
        else:
            yield from _unread_in(part.value, told, within, depth + 1)


def _payloads(lines: Iterable[Members]) -> Iterator[Raw]:
    """The objects that are the payloads of lines."""
    for line in lines:
        for path in usual_steps(line)[_PAYLOAD]:
            if (held := at(line, path)) is not None:
                if (payload := _object_in(held)) is not None:
                    yield payload
                break


def _unread_in(value: Raw, around: Members, answers: _Answers, depth: int) -> Iterator[Members]:
    """The objects at any depth that are like answers which were read elsewhere, with what is told around them."""
    data = bytes(value)
    if depth == _DEEPEST or b"{" not in data or not answers.forms:
        return
    if data[:1] == b"[":
        items = _array(value)
        told = {**around, **_told_in_row(items)}
        for item in items:
            yield from _unread_in(item, told, answers, depth + 1)
    elif (held := _object_in(value)) is not None:
        members = _object(held)
        if answers.are_like(members, _SHARED_KEYS):
            yield answers.line(held, around)
            return
        told = {**around, **_told(members)}
        for key, part in members.items():
            if key not in _ASKED:
                yield from _unread_in(part, told, answers, depth + 1)


def _object_in(value: Raw) -> Raw | None:
    """An object, which may be in a text; None for anything else."""
    data = bytes(value)
    if data[:1] == b'"' and b"{" in data:
        data = _text(value).strip().encode("utf-8", "surrogatepass")
        try:
            _object(data)
        except (ValueError, RecursionError):
            return None
        return Raw(data)
    return value if data[:1] == b"{" else None


def _is_like(value: Raw, answers: _Answers) -> bool:
    """Tell whether an object is like an answer right beside it, or another one of the same venue."""
    members = _object(value)
    return len(members) > 1 and (answers.are_like(members, 1) or answers.are_of_sender(members))


def _in_text(text: str, around: Members, known: Venue | None, depth: int) -> Iterator[Members]:
    """A text that holds an object is a line of a log, unless it is the whole of an object that holds the answer."""
    if _OBJECT.search(text) is None:
        return
    if text.lstrip()[:1] in ("{", "["):
        with suppress(ValueError, RecursionError):
            data = text.strip().encode()
            lines = list(_lines(Raw(data), around, known, depth + 1))
            if lines or (known is None and not _is_of_exchange(data)):
                yield from lines
                return
    yield {**around, _MESSAGE: Raw(msgspec.json.encode(text))}


def _is_answer(value: Raw, members: Members, known: Venue | None) -> bool:
    """Tell whether an object is the answer of a venue, of the one that is known, or else of one alone."""
    if len(members) < 2:
        return False
    data = bytes(value)
    return answering.takes(known, data) if known is not None else _is_of_one_venue(data)


def _is_of_one_venue(data: bytes) -> bool:
    """Tell whether an object is the answer of one venue alone, and hardly of any program."""
    return recognition.recognise(data) is not None and _is_of_exchange(data)


def _is_of_exchange(data: bytes) -> bool:
    """Tell whether an object has many keys, or is about orders by a key, a code or its name.

    Any program writes objects of few keys like those of a venue.
    """
    value = msgspec.json.decode(data)
    if isinstance(value, dict) and recognition.naming(_object(data)):
        return True
    words = set(_words_in(value))
    return has_many_keys(words) or any(is_about_order(word.encode("utf-8", "replace")) for word in words)


def _words_in(value: object) -> Iterator[str]:
    """The keys of a value at any depth, and the codes that are called like them."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from _words_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from _words_in(part)
    elif isinstance(value, str) and _CODE.fullmatch(value):
        yield value


def _is_line(members: Members, known: Venue | None) -> bool:
    """Tell whether a logger or a recorder wrote an object: a text, or a payload that is told to be of a venue."""
    if not is_wrapper(members):
        return False
    usual = usual_steps(members)
    path, found = next((path, held) for path in usual[_PAYLOAD] if (held := at(members, path)) is not None)
    inner = bytes(found)
    if inner[:1] == b'"':
        text = _text(found).lstrip()
        if text[:1] not in ("{", "["):
            return path[-1] in LOGGED
        inner = text.encode("utf-8", "surrogatepass")
    if any(usual[part] for part in (_VENUE, "url", "endpoint")):
        return True
    return known is not None or _is_of_one_venue(inner)


def _told(members: Members) -> dict[str, Raw]:
    """The time and the venue in an object."""
    usual = usual_steps(members)
    names = (
        *(path[0] for path in usual["received"] if len(path) == 1),
        *(n for n in _MORE_TIMES if n in members),
    )
    told = {}
    for name in names:
        if isinstance(name, str) and (found := _moment(members[name])) is not None:
            told[_TIME] = found
            break
    for name, *others in usual[_VENUE]:
        if isinstance(name, str) and not others and (found := _venue(members[name])) is not None:
            told[_VENUE] = found
            break
    return told


def _told_in_row(items: Sequence[Raw]) -> dict[str, Raw]:
    """The time and the venue that are alone in an array with an object or a text behind them."""
    told: dict[str, Raw] = {}
    for item in items:
        if (found := _venue(item)) is not None:
            told.setdefault(_VENUE, found)
        elif (found := _moment(item)) is not None:
            told.setdefault(_TIME, found)
    return told


def _named(told: Members) -> Venue | None:
    return venues.find(_text(told[_VENUE])) if _VENUE in told else None


def _venue(value: Raw) -> Raw | None:
    """The name of a venue that is known."""
    data = bytes(value)
    return value if data[:1] == b'"' and len(data) < 40 and venues.find(_text(value)) is not None else None


def _moment(value: Raw) -> Raw | None:
    """A time, as a number or a text."""
    if bytes(value)[:1] not in b'"0123456789':
        return None
    return value if ns(msgspec.json.decode(value)) is not None else None


def _paired(items: Sequence[Raw]) -> Members | None:
    """The members that an array lists as objects of a name and a value, or one after the other, each name once."""
    if not items:
        return None
    first = bytes(items[0])[:1]
    if first == b"{":
        objects = [_object(item) if bytes(item)[:1] == b"{" else {} for item in items]
        for name, value in _PAIRS:
            if all(name in each and value in each and bytes(each[name])[:1] == b'"' for each in objects):
                return _distinct((_text(each[name]), each[value]) for each in objects)
    elif first == b'"' and len(items) % 2 == 0 and all(bytes(item)[:1] == b'"' for item in items[::2]):
        members = _distinct(zip(map(_text, items[::2]), items[1::2], strict=True))
        return members if members is not None and usual_steps(members)[_PAYLOAD] else None
    return None


def _distinct(pairs: Iterable[tuple[str, Raw]]) -> Members | None:
    """The members that are listed in pairs; None if a name is there twice, as in a log whose names are of others."""
    members: dict[str, Raw] = {}
    for name, value in pairs:
        if name in members:
            return None
        members[name] = value
    return members


def _joined(items: Sequence[Raw]) -> str | None:
    """The text of a message that is listed in pieces; None where an array lists anything else."""
    pieces = []
    for item in items:
        data = bytes(item)
        members = _object(item) if data[:1] == b"{" else {}
        if data[:1] == b'"':
            pieces.append(_text(item))
        elif "text" in members and members.keys() <= _PIECE and bytes(members["text"])[:1] == b'"':
            pieces.append(_text(members["text"]))
        else:
            return None
    is_message = any(bytes(item)[:1] == b"{" for item in items)
    return "".join(pieces) if is_message else None
