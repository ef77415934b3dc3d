"""Objects that a program prints: which of them a venue sent, and which are the program's own."""

import re
from collections.abc import Collection
from typing import Final

import msgspec
from msgspec import Raw, Struct

from cancelnorm import answering, recognition, venues
from cancelnorm.caching import cached
from cancelnorm.logs.frame_keys import Members, pairs
from cancelnorm.logs.part_names import usual_steps
from cancelnorm.logs.text_objects import Found
from cancelnorm.logs.text_words import Words, words
from cancelnorm.lone_row import may_be_row
from cancelnorm.venue import Venue

__all__ = [
    "EMPTY",
    "broken_object",
    "has_many_keys",
    "is_about_order",
    "is_cut",
    "is_headers",
    "is_listed_error",
    "is_of_program",
    "is_shortened",
    "likely_sender",
    "raw_answer",
    "senders",
]

EMPTY: Final = (b"{}", b"[{}]")
"""Objects that say nothing."""

_SOME_KEYS: Final = recognition.SOME_KEYS  # of an answer of which all are known
_MANY_KEYS: Final = 5
_BEGINNING: Final = re.compile(rb"[{]\s*+([\"'])\w++\1\s*+:")
# Headers of HTTP, by which a table of them is told from a body.
_HEADERS: Final = frozenset(
    {
        "user-agent",
        "content-type",
        "content-length",
        "accept",
        "accept-encoding",
        "connection",
        "server",
        "date",
    }
)
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode


def _members(data: bytes) -> dict[str, Raw]:
    """The members of an object; none if a key is not UTF-8."""
    try:
        return _object(data)
    except (ValueError, RecursionError):
        return {}


class _Order(Struct, gc=False):
    """An order of ccxt."""

    info: Raw = Raw(b"")


_orders: Final = msgspec.json.Decoder(list[_Order]).decode


def _rows(data: bytes) -> bytes | None:
    """The array of what a venue sent of each of some orders of ccxt; None if an array is not of such.

    Where a venue names no orders, or counts them, ccxt makes one of them, which has the whole answer.
    """
    try:
        rows = [bytes(order.info) for order in _orders(data)]
    except (ValueError, RecursionError):
        return None
    if not rows or any(row[:1] != b"{" for row in rows):
        return None
    array = b"[%b]" % b",".join(rows)
    is_whole = len(rows) == 1 and (
        not recognition.senders(array)[0] or (_is_taken(rows[0]) and not _is_taken(array))
    )
    return rows[0] if is_whole else array


def _is_taken(data: bytes) -> bool:
    """Tell whether an answer, whose integers may be in quotes, is exactly one that a venue sends."""
    return any(
        answering.takes(venues.every()[name], data, quoted=True) for name in recognition.senders(data)[0]
    )


def raw_answer(data: bytes, members: Members) -> tuple[bytes, Members]:
    """The answer of a venue in an order of ccxt, which keeps it as ``info``, in several, or in a response of axios.

    Else the object itself.
    """
    if data[:1] == b"[":
        found = _rows(data)
        return (
            (data, members) if found is None else (found, _members(found) if found[:1] == b"{" else members)
        )
    key = "data" if "statusText" in members else "info"
    inner = bytes(members[key]) if key in members else b""
    if (
        key == "info" and inner[:1] == b"[" and _first_members(inner)
    ):  # of one order, in a list as it was sent
        return inner, {}
    return (inner, _members(inner)) if inner[:1] == b"{" else (data, members)


def likely_sender(
    data: bytes, members: Members, venue: str | None, *, is_of_ccxt: bool = False
) -> str | None:
    """The venue of which an object has no keys but those of an answer; None if it is no venue or several.

    If the venue is known, an order out of an answer is enough: it has many keys. So is what ccxt keeps of an answer
    for each order, with any keys if the venue is known, and else with some that are of no other.
    """
    payload = members or data  # an array has no members
    known = venues.find(venue) if venue else None
    if known is not None:
        is_known = answering.knows(known, payload) or _is_order(data, known, 1 if is_of_ccxt else _MANY_KEYS)
        return known.name if is_known else None
    exact, _ = recognition.senders(payload)
    if is_of_ccxt and not exact:
        exact = tuple(name for name, each in venues.every().items() if _is_order(data, each, _SOME_KEYS))
    if len(exact) != 1:
        return None
    if len(members) < _SOME_KEYS and recognition.is_of_any_service(data, venues.every()[exact[0]]):
        return None
    # Few keys hardly tell: another venue may know what a short frame is, as a heartbeat.
    is_of_other = (
        len(members) < _SOME_KEYS
        and members
        and (quiet := recognition.quiet_at(data))
        and exact[0] not in quiet
    )
    return None if is_of_other and not answering.takes(venues.every()[exact[0]], data) else exact[0]


def _is_order(data: bytes, venue: Venue, least: int) -> bool:
    """Tell whether an object, or the first in an array, is an order out of an answer of a venue; ``least`` keys."""
    members = _first_members(data) if data[:1] == b"[" else _members(data)
    return len(members) >= least and may_be_row(data, venue)


def senders(
    data: bytes,
    members: Members,
    venue: str | None,
    *,
    is_likely: bool,
    is_received: bool,
    is_quoted: bool = False,
) -> tuple[str, ...]:
    """The venue that sent an object; several where it may be a frame of each, none if it is no frame.

    Programs print much that is not, so an object has to be exactly what a venue sends, or be named like a message
    about orders. One that is likely to be a frame may also be about something else than a cancel; one that was
    received, or has the keys of an answer and no others, may be about an order and be unlike any that is known.
    ``is_quoted`` if its integers may be in quotes.
    """
    known = venues.find(venue) if venue else None
    candidates = (known.name,) if known is not None else venues.names()
    exact, possible = recognition.senders(members or data)
    found = [
        name
        for name in exact
        if name in candidates and answering.takes(venues.every()[name], data, quoted=is_quoted)
    ]
    if known is None and members:
        sure = [name for name in found if not recognition.is_of_any_service(data, venues.every()[name])]
        if recognition.says_little(data):
            return tuple(sure)
        if len(found) == 1:
            found = sure
    if len(found) == 1 or (found and (is_likely or is_about_order(data))):
        return tuple(found)
    if named := recognition.naming(members or _first_members(data)):
        named = (known.name,) if known is not None and known.name in named else named
        quiet = [
            name
            for name in recognition.quiet_at(data)
            if name in (candidates if len(members) <= _SOME_KEYS else named)
        ]
        return (next((name for name in quiet if name in named), quiet[0]),) if quiet else named
    if is_likely and (quiet := [name for name in recognition.quiet_at(data) if name in candidates]):
        return (quiet[0],)
    if not is_about_order(data):
        return ()
    whole = exact if len(members) >= _SOME_KEYS else ()
    return tuple(name for name in (possible if is_received else whole) if name in candidates)


def is_about_order(data: bytes) -> bool:
    """Tell whether an object has a word for what this library is about."""
    lowered = data.lower()
    return b"cancel" in lowered or b"order" in lowered


_items: Final = msgspec.json.Decoder(list[Raw]).decode


def _first_members(data: bytes) -> Members:
    """The members of the first object of an array."""
    try:
        first = bytes(next(iter(_items(data)), b"")) if data[:1] == b"[" else b""
    except (ValueError, RecursionError):
        return {}
    return _members(first) if first[:1] == b"{" else {}


def is_listed_error(data: bytes) -> bool:
    """Tell whether an object is exactly an error of a venue, whose tables have its code."""
    errors = (venues.every()[name].told(data) for name in recognition.takers(data))
    return any(error is not None and error.is_listed for error in errors)


def has_many_keys(keys: Collection[str]) -> bool:
    """Tell whether an object has so many keys that it is hardly the program's own."""
    return len(keys) >= _MANY_KEYS


def is_of_program(found: Found) -> bool:
    """Tell whether an object is the program's own by its keys alone: no venue sends or takes it, no logger wrote it.

    It says nothing, unless words beside it say that it was received.
    """
    if not found.members:  # of an array, too
        return found.json in EMPTY
    return _are_of_program(tuple(found.members))


@cached(1_024)
def _are_of_program(keys: tuple[str, ...]) -> bool:
    return (
        len(keys) < _MANY_KEYS
        and _WITHIN.isdisjoint(keys)
        and not usual_steps(keys)["payload"]
        and not pairs(keys)
        and not recognition.is_sent(keys)
    )


_WITHIN: Final = frozenset({"code", "info", "statusText"})  # of errors, of ccxt and of axios


def is_cut(line: bytes, found: list[Found]) -> bool:
    """Tell whether a line has the beginning of an object that was received and is about a cancel, but not the object.

    ``found`` are the whole objects of the line; one that is not UTF-8 is broken all the same, and so is one with half
    of a surrogate pair, whatever it is about.
    """
    beginning = _BEGINNING.search(line) if b"{" in line else None
    if beginning is None:
        return False
    if b"cancel" not in line[beginning.start() :].lower() and not _has_half(line):
        return False
    if found and found[0].start <= beginning.start() and _is_unicode(found[0].json):
        return False
    said = words(line[: beginning.start()].decode("utf-8", "replace"))
    return said.direction == "received" or said.is_exception


def is_shortened(line: bytes) -> bool:
    """Tell whether a line is a frame that was received, from whose middle websockets for Python left a part out."""
    if b"..." not in line or (begins := _FRAME.search(line)) is None:
        return False
    ends = _LENGTH.search(line, begins.end())
    if ends is None:
        return False
    shown = line[begins.end() : ends.start()]
    return b"..." in shown and len(shown) < int(ends[1])


_FRAME: Final = re.compile(rb"< (?:TEXT|CONT) ['\"]")
_LENGTH: Final = re.compile(rb"['\"] \[([0-9]{1,12}) bytes")


def broken_object(line: bytes, found: list[Found]) -> bytes | None:
    """The rest of a line from the beginning of an object that does not end in it; ``found`` are the whole ones."""
    beginning = _BEGINNING.search(line)
    if beginning is not None and found and found[0].start <= beginning.start():
        beginning = _BEGINNING.search(line, found[-1].end)
    return None if beginning is None else line[beginning.start() :]


# Half of a surrogate pair as JSON escapes it.
_HALF: Final = re.compile(
    rb"(?i)\\u(?:d[89ab][0-9a-f]{2}(?!\\ud[c-f][0-9a-f]{2})|(?<!\\ud[89ab][0-9a-f][0-9a-f]\\u)d[c-f][0-9a-f]{2})"
)


def _is_unicode(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return not _has_half(data)


def _has_half(data: bytes) -> bool:
    """Tell whether there is half of a surrogate pair in JSON."""
    return b"\\u" in data and _HALF.search(data) is not None


def is_headers(found: Found, said: Words, count: int) -> bool:
    """Tell whether an object is the headers of a request or an answer."""
    if said.is_about_headers:
        return True
    if (count == 1 and said.url is None) or found.json[:1] != b"{":
        return False
    return any(key.casefold() in _HEADERS for key in found.members)
