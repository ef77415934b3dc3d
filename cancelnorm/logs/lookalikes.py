"""Objects that are like answers which were read in the same document: drifted ones, which are told, too."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec
from msgspec import Raw

from cancelnorm import recognition
from cancelnorm.logs.json_path import at
from cancelnorm.logs.part_names import LOGGED, USUAL_STEPS, usual_steps
from cancelnorm.logs.surroundings import VENUE, is_envelope, told_in, told_in_row
from cancelnorm.venue import Venue

__all__ = ["ASKED", "DEEPEST", "MESSAGE", "PAYLOAD", "Part", "object_in", "with_unread"]

Members = Mapping[str, Raw]

DEEPEST: Final = 16
"""The depth of a document at which nothing is read any more."""
PAYLOAD: Final = "payload"
MESSAGE: Final = "message"
_ANSWERED: Final = {path[0] for path in USUAL_STEPS["payload"]}
ASKED: Final = {"sent", *(path[0] for path in USUAL_STEPS["request"])} - _ANSWERED
"""Keys of what was asked, which is like what is answered."""
_KEPT: Final = _ANSWERED - LOGGED
"""Keys under which programs keep answers, and no texts of their own."""
_MOST_FORMS: Final = 16  # of answers, with which an object is compared
_SHARED_KEYS: Final = 3  # at least, of an object and an answer that is not right beside it
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_array: Final = msgspec.json.Decoder(list[Raw]).decode
_text: Final = msgspec.json.Decoder(str).decode


class Part(NamedTuple):
    """A part of an object or an array, and its lines."""

    value: Raw
    lines: Sequence[Members]
    is_asked: bool = False  # by its key, of a request

    def holds(self, name: str, value: bytes) -> bool:
        """Tell whether its only line has a value under a name."""
        return len(self.lines) == 1 and bytes(self.lines[0].get(name, b"")) == value

    def object(self) -> Raw | None:
        """The object that it is, as it is or as a text, if no line but this text was found in it; else None."""
        return object_in(self.value) if self.is_unread() else None

    def is_unread(self) -> bool:
        """Tell whether no line but a text was found in it."""
        if not self.lines:
            return True
        is_text = bytes(self.value)[:1] == b'"'
        return is_text and self.holds(MESSAGE, msgspec.json.encode(_text(self.value)))


class _Answers(NamedTuple):
    """What is known of the answers beside an object: the keys of each form of them, and the venues that sent them."""

    forms: Sequence[frozenset[str]]
    names: Collection[str | None]

    @classmethod
    def of(cls, answers: Iterable[Raw], known: Venue | None) -> "_Answers":
        """Look at some answers."""
        forms: dict[frozenset[str], Raw] = {}
        for answer in answers:
            if len(forms) < _MOST_FORMS:
                forms.setdefault(frozenset(_object(answer)), answer)
        names = {recognition.recognise(bytes(answer)) for answer in forms.values()}
        return cls(list(forms), names if known is None else {known.name})

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
        sender = {VENUE: Raw(msgspec.json.encode(*found))} if len(found) == 1 and None not in found else {}
        return {**sender, **told, PAYLOAD: value}


def with_unread(
    found: Sequence[Part], told: Members, known: Venue | None, depth: int, *, is_each: bool = False
) -> Iterator[Members]:
    """The lines of some parts; beside answers, also objects like them, or each of them that is a part itself.

    Such an object may have got a new field, and is read with a note, or refused.
    """
    may_be_like = any(b"{" in bytes(part.value) and part.is_unread() for part in found)
    if not may_be_like or not any(part.lines for part in found):
        yield from (line for part in found for line in part.lines)
        return
    beside = _Answers.of(
        (
            answer
            for part in found
            if part.lines and (answer := object_in(part.value)) and part.holds(PAYLOAD, bytes(answer))
        ),
        known,
    )
    within = _Answers.of(_payloads(line for part in found for line in part.lines), known)
    for part in found:
        unread = part.object() if beside.forms and not part.is_asked else None
        lines = part.lines
        if unread is not None and _is_like(unread, beside):
            lines = [beside.line(unread, told)]
        elif not lines and not part.is_asked:
            lines = list(_unread_in(part.value, told, within, depth + 1))
            if not lines and unread is not None and is_each:
                lines = [beside.line(unread, told)]
        yield from lines


def _payloads(lines: Iterable[Members]) -> Iterator[Raw]:
    """The objects that are the payloads of lines."""
    for line in lines:
        for path in usual_steps(line)[PAYLOAD]:
            if (held := at(line, path)) is not None:
                if (payload := object_in(held)) is not None:
                    yield payload
                break


def _unread_in(
    value: Raw, around: Members, answers: _Answers, depth: int, key: str = ""
) -> Iterator[Members]:
    """The objects at any depth that are like answers which were read elsewhere, with what is told around them.

    Under a key of answers, as those that refuse a cancel are, also with few keys.
    """
    data = bytes(value)
    if depth == DEEPEST or b"{" not in data or not answers.forms:
        return
    if data[:1] == b"[":
        items = _array(value)
        told = {**around, **told_in_row(items)}
        for item in items:
            yield from _unread_in(item, told, answers, depth + 1)
    elif (held := object_in(value)) is not None:
        members = _object(held)
        if answers.are_like(members, _SHARED_KEYS) or (key in _KEPT and _is_like(held, answers)):
            yield answers.line(held, around)
            return
        told = {**around, **told_in(members)}
        is_of_venue = is_envelope(members)
        for name, part in members.items():
            if name not in ASKED and not (is_of_venue and bytes(part)[:1] != b'"'):
                yield from _unread_in(part, told, answers, depth + 1, name)


def object_in(value: Raw) -> Raw | None:
    """An object, which may be in a text; None for anything else."""
    data = bytes(value)
    if data[:1] == b'"' and b"{" in data:
        data = _text(value).strip().encode()
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
