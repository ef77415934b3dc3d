"""Objects in lines of text: JSON, a text that holds JSON, or an object as Python or JavaScript prints it."""

import json
import re
from collections.abc import Mapping
from typing import Final, NamedTuple

import msgspec
from msgspec import Raw

from cancelnorm.logs.notation import Conversion, NotAnObject, unquoted

__all__ = ["Found", "Unfinished", "may_begin", "objects_in"]

_MOST_TRIES: Final = 64  # of places in a line where an object may begin, so that the time stays linear
_MAX_LINES: Final = 20_000
_MAX_CHARACTERS: Final = 16 << 20
_ENDS: Final = (b"}", b"]")
_LISTED: Final = (b"},", b"],")  # what others follow in an array
_BRACKETS: Final = (b"[", b"[\r")
# Not the brace that Node.js printed before an error until 2018.
_OPENING: Final = re.compile(r"\{(?! \w*Error: )(?=\s*+(?:[\"'`\\}\w$]|:\w|$))")
_ALONE: Final = re.compile(rb"[^{}\[\]\"'`]*+\{\s*+")
"""A line that ends with the only brace or bracket in it."""
_PLAIN: Final = re.compile(r"\[|\{\s*+(?:\}|\"(?:[^\"\\]|\\.)*+\"\s*+:|'[^'\\]*+'\s*+:)")
"""What JSON begins with, and an object of Python without escapes."""
_WITHOUT_COLON: Final = re.compile(r"\{\s*+(?:'[^'\\]*+'|\"[^\"\\]*+\")\s*+(?=[{}\[\](),])")
"""A brace and a text, behind which a bracket or a comma tells that no notation has such an object."""
_ESCAPED_ARRAY: Final = re.compile(r"(?:\[\s*){1,2}\{\s*\\")
_INSIDE: Final = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+')
_ESCAPE: Final = re.compile(r'\\(["\\/nrt])')
_json: Final = msgspec.json.Decoder(Raw).decode
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_scan: Final = json.JSONDecoder().raw_decode


class Found(NamedTuple):
    """An object in a line: its JSON, and the positions of the line where it begins and ends.

    ``members`` are those of an object; an array has none.
    """

    start: int
    end: int
    json: bytes
    members: Mapping[str, Raw]
    is_printed: bool = False  # as Python or JavaScript prints it, not as JSON
    is_abridged: bool = False  # parts of it are left out


class Unfinished:
    """An object that a line begins and others continue; ``start`` is its position in the first line."""

    def __init__(self, conversion: Conversion, start: int) -> None:
        self.start = start
        self._conversion = conversion
        self._lines = 0
        self._characters = 0

    def takes_blank(self) -> bool:
        """Take an empty line, which no object ends with; return whether there may be more lines."""
        self._lines += 1
        return self._lines <= _MAX_LINES

    def add(self, line: bytes) -> Found | None:
        """Take the next line: the object if it ends there, with positions of this line, None if it goes on.

        Raises NotAnObject where it is none after all.
        """
        text = line.decode("utf-8", "surrogateescape")
        self._lines += 1
        self._characters += len(text)
        if self._lines > _MAX_LINES or self._characters > _MAX_CHARACTERS:
            raise NotAnObject(0)
        if not self._conversion.may_take(text):
            raise NotAnObject(0)
        end = self._conversion.feed(text)
        if end is None:
            return None
        return _converted(0, len(_bytes(text[:end])), self._conversion)


def may_begin(line: bytes) -> bool:
    """Tell whether there may be an object in a line, or the beginning of one; False is certain."""
    return b"{" in line or line.endswith(_BRACKETS)


def objects_in(line: bytes) -> tuple[list[Found], Unfinished | None]:
    """The objects of a line, in order, and one that other lines may continue.

    An object in an array belongs to the array. Objects inside objects are not listed.
    """
    brace = line.find(b"{")
    if brace < 0:
        return [], _array_begun(line) if line.endswith(_BRACKETS) else None
    if _ALONE.fullmatch(line):
        return [], Unfinished(Conversion.begun(), brace)
    start = _start(line, brace, 0)
    body = line[start:].rstrip()
    if body.endswith(_LISTED):
        body = body[:-1].rstrip()
    # Nearly every line with a frame ends in it.
    if body[-1:] in _ENDS and (members := _members_of(body)) is not None:
        return [Found(start, start + len(body), body, members)], None
    return _scanned(line, brace)


def _array_begun(line: bytes) -> Unfinished | None:
    """The array that a line ends with the beginning of, as of objects that are printed each on lines of their own."""
    text = line.decode("utf-8", "surrogateescape").rstrip()
    start = len(text.rstrip("[ "))
    opening = text[start:].lstrip()
    if not 0 < len(opening.replace(" ", "")) <= _DEPTH:
        return None
    conversion = Conversion()
    conversion.feed(opening)
    return Unfinished(conversion, len(_bytes(text[: len(text) - len(opening)])))


def _scanned(line: bytes, brace: int) -> tuple[list[Found], Unfinished | None]:
    text = line.decode("utf-8", "surrogateescape")
    wide = len(text) != len(line)  # positions are those of characters here, of bytes in the result
    found: list[Found] = []
    at, brace = 0, _opening(text, 0)
    last = max(text.rfind("}"), text.rfind("]"))  # behind it, nothing is whole
    for _ in range(_MOST_TRIES):
        if brace < 0:
            break
        start = _start_of(text, brace, at)
        one = None
        if start == at and text.startswith("{}", at):  # behind another one
            one = Found(at, at + 2, b"{}", {})
        elif start <= last:
            one = _quoted(text, start, at)
            if one is None and _PLAIN.match(text, start):
                one = _plain_json(text, start) or _plain_python(text, start)
        if one is None and (ended := _WITHOUT_COLON.match(text, start)):
            at = ended.end()
            brace = _opening(text, at)
            continue
        if one is None:
            conversion = Conversion()
            try:
                end = conversion.feed(text, start)
            except NotAnObject as fault:
                at = max(fault.at, brace + 1)
                brace = _opening(text, at)
                continue
            if end is None:
                return found, Unfinished(conversion, len(_bytes(text[:start])) if wide else start)
            one = _converted(start, end, conversion)
        at = one.end
        if wide:
            one = one._replace(start=len(_bytes(text[: one.start])), end=len(_bytes(text[: one.end])))
        found.append(one)
        brace = _opening(text, at)
    return found, None


def _opening(text: str, at: int) -> int:
    """The position of the next brace that may begin an object; -1 if there is none."""
    match = _OPENING.search(text, at)
    return -1 if match is None else match.start()


def _start(line: bytes, brace: int, least: int) -> int:
    """The position of the array that an object is the first element of, if need be of another, or of the object."""
    for _ in range(_DEPTH):
        before = line[least:brace].rstrip()
        if before[-1:] != b"[" or before.endswith(b"CDATA["):
            break
        brace = least + len(before) - 1
    return brace


def _start_of(text: str, brace: int, least: int) -> int:
    for _ in range(_DEPTH):
        before = text[least:brace].rstrip()
        if before[-1:] != "[" or before.endswith("CDATA["):
            break
        brace = least + len(before) - 1
    return brace


_DEPTH: Final = 2  # of arrays in which a venue sends objects


def _quoted(text: str, start: int, least: int) -> Found | None:
    """An object in a string literal, as Python prints texts and bytes, or behind words in one, as logfmt has it."""
    if start == least:
        return None
    quote = start - 1
    if text[quote] not in "'\"`":
        if text[start] == "[":
            return _pasted(text, start) if _ESCAPED_ARRAY.match(text, start) else None
        return _escaped(text, start, least) if text.startswith("\\", start + 1) else None
    if quote > least and text[quote - 1] in "bB":
        quote -= 1
    literal = unquoted(text, quote)
    if literal is None:
        return None
    inner, end = literal
    data = _bytes(inner.strip())
    if (members := _members_of(data)) is not None:
        return Found(start, end, data, members)
    conversion = Conversion()
    try:
        if conversion.feed(inner) is None:
            return None
    except NotAnObject:
        return None
    return _converted(start, end, conversion)


def _escaped(text: str, start: int, least: int) -> Found | None:
    """An object behind words in a string literal, whose quotes are escaped in it."""
    quote = text.rfind('"', least, start)
    literal = unquoted(text, quote) if quote >= 0 else None
    if literal is None:
        return _pasted(text, start)
    inner, end = literal
    found = _plain_json(inner, inner.find("{"))
    return None if found is None or end < start else found._replace(start=start, end=end)


def _pasted(text: str, start: int) -> Found | None:
    """An object from the inside of a string literal whose quotes are not in the line, as people copy it."""
    inside = _INSIDE.match(text, start)
    if inside is None:
        return None
    found = _plain_json(_ESCAPE.sub(_meant, inside[0]), 0)
    if found is None:
        return None
    left, end = found.end, start
    for escape in _ESCAPE.finditer(text, start):
        if escape.start() - end >= left:
            break
        left -= escape.start() - end + 1
        end = escape.end()
    return found._replace(start=start, end=end + left)


def _meant(escape: re.Match[str]) -> str:
    """The character of an escape; white space is all alike around the values of JSON."""
    return escape[1] if escape[1] in '"\\/' else " "


def _plain_json(text: str, start: int) -> Found | None:
    """JSON, with or without something behind it, as it was written."""
    try:
        end = _scan(text, start)[1]
    except (ValueError, RecursionError):
        return None
    data = _bytes(text[start:end])
    members = _members_of(data)
    return None if members is None else Found(start, end, data, members)


def _plain_python(text: str, start: int) -> Found | None:
    """An object of Python without escapes and double quotes: every single quote begins or ends a text.

    The words of Python are as long as those of JSON, so positions stay.
    """
    tail = text[start:]
    if '"' in tail or "\\" in tail or "\0" in tail:
        return None
    pieces = tail.split("'")
    outside = "\0".join(pieces[::2])
    pieces[::2] = (
        outside.replace("True", "true").replace("False", "false").replace("None", "null").split("\0")
    )
    found = _plain_json('"'.join(pieces), 0)
    return None if found is None else found._replace(start=start, end=start + found.end, is_printed=True)


def _bytes(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _converted(start: int, end: int, conversion: Conversion) -> Found:
    data = conversion.json
    members = _members_of(data) or {}
    return Found(start, end, data, members, not conversion.is_json, conversion.is_abridged)


def _members_of(data: bytes) -> Mapping[str, Raw] | None:
    """The members of an object, none of an array; None if the bytes are not JSON."""
    try:
        if data[:1] == b"{":
            return _object(data)
        _json(data)
    except (ValueError, RecursionError):
        return None
    return {}
