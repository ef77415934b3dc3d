"""Objects as programs print them, turned into JSON: ids and numbers stay as they were written.

The notations are those of Python and JavaScript, the hashes of Ruby, Elixir and Perl, the JSON values of Rust, and
the shell of MongoDB.
"""

import json
import re
from typing import Final

__all__ = ["Conversion", "NotAnObject", "TooDeep", "unquoted"]

_MAX_DEPTH: Final = 64

_TOKEN: Final = re.compile(
    r"\s*+(?:"
    r"(?P<mark>=>|[{}\[\](),:])"
    r"|(?P<string>[bBuU]?(?:\"[^\"\\]*+(?:\\.[^\"\\]*+)*+\"|'[^'\\]*+(?:\\.[^'\\]*+)*+'|`[^`\\]*+(?:\\.[^`\\]*+)*+`))"
    r"|(?P<number>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)n?(?![\w.])"
    r"|(?P<word>[A-Za-z_$][\w$]*+)"
    r")",
    re.DOTALL,
)
# A member of an object, and the comma behind it; the scalars as they are in JSON, or without escapes and quotes.
_MEMBER: Final = re.compile(
    r"\s*+(?:\"([^\"\\\x00-\x1f]*+)\"|'([^'\"\\\x00-\x1f]*+)')\s*+:\s*+"
    r"(?:(\"[^\"\\\x00-\x1f]*+\"|-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)"
    r"|'([^'\"\\\x00-\x1f]*+)'|(true|false|null|True|False|None))\s*+,"
)
_KEY: Final = re.compile(r"\s*+(?:\"([^\"\\\x00-\x1f]*+)\"|'([^'\"\\\x00-\x1f]*+)')\s*+:")
# Parts of an object that console.log leaves out: nested objects, functions, and what follows in a long one.
_GAP: Final = re.compile(
    r"\s*+(?:(?P<value>\[(?:Object|Array|Circular|Function|Getter|Symbol|class)\b[^\]\n]{0,100}+\]|Array\([0-9]{1,9}\)|\{…\})"
    r"|…|\.\.\. [0-9]{1,9} more (?:items?|characters?))"
)
# What Node.js prints before an object: that others refer to it, its class, or that it has no prototype; and the sign
# of Elixir's.
_LABEL: Final = re.compile(
    r"\s*+(?:<ref \*[0-9]{1,6}> (?=[\w{\[<])|(?:Object )?\[(?:[A-Z]\w{0,60}+|Object: null prototype)\] (?=\{)|%(?=\{))"
)
# What no object begins with: a bracket, alone or behind a word.
_NO_MEMBER: Final = re.compile(r"\s*+(?:[A-Za-z_$][\w$]*+\s*+)?[{\[(]")
_BLANK: Final = re.compile(r"\s*")
_UNENDED: Final = re.compile(r"\"[^\"\\]*+(?:\\.[^\"\\]*+)*+\\?$")
_END: Final = re.compile(r"[^\"\\]*+(?:\\.[^\"\\]*+)*+\"", re.DOTALL)
_WORDS: Final = {
    "true": "true",
    "True": "true",
    "false": "false",
    "False": "false",
    "null": "null",
    "None": "null",
    "undefined": "null",
    "Null": "null",
    "nil": "null",
    "undef": "null",
}
_CLOSING: Final = {"{": "}", "[": "]", "(": "]"}
_AS_JSON: Final = {"{": "{", "[": "[", "(": "["}
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?")
_CALL: Final = re.compile(
    r"\(\s*(?:(?P<string>'[^'\\]*+'|\"[^\"\\]*+(?:\\.[^\"\\]*+)*+\")|(?P<plain>-?[0-9][0-9.eE+-]*+|true|false))\s*\)"
)
_OBJECT: Final = re.compile(
    r"(?:\.\w++)*+\((?:[^()'\"]|'[^'\\]*+(?:\\.[^'\\]*+)*+'|\"[^\"\\]*+(?:\\.[^\"\\]*+)*+\")*+\)"
)
# What has a number in its parentheses, and what has a text. A program makes a Decimal of either: in what programs
# print, a number may be in quotes.
_OF_NUMBERS: Final = frozenset({"Number", "Bool", "Long", "NumberInt", "NumberLong"})
_OF_TEXTS: Final = frozenset({"Decimal", "String", "NumberDecimal", "Decimal128", "ObjectId", "ISODate"})


class NotAnObject(ValueError):
    """The text is no object in any notation; ``at`` is the position where that shows."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


class TooDeep(NotAnObject):
    """The text is an object whose parts are nested deeper than any of a venue."""


class Conversion:
    """The conversion of one object or array, which may go over many lines.

    ``feed`` takes the lines one after the other, each once, so the time is linear in the text whatever it is.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._open: list[str] = []
        self._wants = "value"  # or key, colon, comma; a value and a key may also be the end of what is open
        self._is_first = True  # nothing in the innermost object yet
        self.is_json = True  # until a key without quotes or a text in single ones, as programs print them
        self.is_abridged = False  # console.log left parts of it out, which are null
        self._begun: list[str] = []  # of a text that no line has ended yet, as those of a fixed width do not
        self._is_escaped = False  # the first character of the next line, by the last of them

    @property
    def json(self) -> bytes:
        """The object as JSON, once it is complete; a byte that is no UTF-8 stays as it was."""
        text = "".join(self._parts)
        try:
            return text.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:  # half of a surrogate pair, which was escaped
            return text.encode("utf-8", "surrogatepass")

    @classmethod
    def begun(cls) -> "Conversion":
        """That of an object of which there is the brace so far."""
        conversion = cls()
        conversion._parts, conversion._open, conversion._wants = ["{"], ["{"], "key"
        return conversion

    def may_take(self, text: str) -> bool:
        """Tell whether an object may go on with a line, by what this begins with; False is certain."""
        return len(self._parts) > 1 or self._open != ["{"] or _NO_MEMBER.match(text) is None

    def feed(self, text: str, at: int = 0) -> int | None:
        """Take the text from a position on: the position behind the object, or None if it goes on.

        Raises NotAnObject.
        """
        shift = 0
        if self._begun:
            if not _END.match(text, int(self._is_escaped)):
                self._begin(text, int(self._is_escaped))
                return None
            shift = sum(map(len, self._begun))
            text, self._begun = "".join((*self._begun, text)), []
        end = self._take(text, at)
        return None if end is None else end - shift

    def _begin(self, text: str, at: int = 0) -> None:
        """Keep a line that does not end the text that it begins or goes on with."""
        self._begun.append(text)
        self._is_escaped = (len(text) - max(len(text.rstrip("\\")), at)) % 2 == 1

    def _take(self, text: str, at: int) -> int | None:
        while True:
            if self._wants == "key":
                at = self._members(text, at)
            if at == len(text):
                return None
            token = _TOKEN.match(text, at)
            kind = None if token is None else token.lastgroup
            if token is None or kind == "word" or (kind == "mark" and _may_be_printed(text, token.end() - 1)):
                if self._open and self._wants == "value" and (label := _LABEL.match(text, at)):
                    at = label.end()
                    continue
                if (gap := _GAP.match(text, at)) and self._open and self._wants != "colon":
                    at = self._left_out(gap)
                    continue
                if token is None:
                    blank = _BLANK.match(text, at)
                    at = blank.end() if blank else at
                    if at == len(text):
                        return None
                    if self._wants == "colon" or not self._open or not _UNENDED.match(text, at):
                        raise NotAnObject(at)
                    self._begin(text[at:])
                    return None
            if kind == "mark":
                self._mark(token["mark"], token.end() - 1)
                at = token.end()
                if not self._open:
                    return at
            elif kind == "word":
                at = self._word(token["word"], text, token)
            else:
                self._scalar(token, kind == "string")
                at = token.end()

    def _members(self, text: str, at: int) -> int:
        """Take the plain members from a position on that have a comma behind them, and a plain key behind these.

        Return the position behind them.
        """
        while member := _MEMBER.match(text, at):
            quoted, single, plain, value, word = member.groups()
            self._separate()
            key = single if quoted is None else quoted
            self.is_json &= single is None
            self._parts.append(f'"{key}":{_value_of(plain, value, word)}')
            at = member.end()
        if begun := _KEY.match(text, at):
            self._separate()
            self._parts += (f'"{begun[1] if begun[2] is None else begun[2]}"', ":")
            self._wants, self._is_first = "value", True
            at = begun.end()
        return at

    def _left_out(self, gap: re.Match[str]) -> int:
        """Note what console.log left out: a value, or the rest of an object or an array."""
        self.is_abridged = True
        if gap["value"] is None:
            self._wants = "key" if self._open[-1] == "{" else "value"
        elif self._wants == "value":
            self._separate()
            self._parts.append("null")
            self._wants = "comma"
        else:
            raise NotAnObject(gap.start())
        return gap.end()

    def _mark(self, mark: str, at: int) -> None:
        wants = self._wants
        if mark == "=>":
            mark, self.is_json = ":", False
        elif mark == ":" and wants == "key":  # of a symbol in Ruby
            self.is_json = False
            return
        if mark in _CLOSING:
            if wants != "value":
                raise NotAnObject(at)
            if len(self._open) == _MAX_DEPTH:
                raise TooDeep(at)
            self._separate()
            self._open.append(mark)
            self._parts.append(_AS_JSON[mark])
            self._wants, self._is_first = ("key" if mark == "{" else "value"), True
        elif mark == ":":
            if wants != "colon":
                raise NotAnObject(at)
            self._parts.append(":")
            self._wants, self._is_first = "value", True
        elif mark == ",":
            if wants != "comma":
                raise NotAnObject(at)
            self._wants = "key" if self._open[-1] == "{" else "value"
        else:
            self._close(mark, at)

    def _close(self, mark: str, at: int) -> None:
        opened = self._open[-1] if self._open else ""
        ends = {"{": "}", "[": "]", "(": ")"}.get(opened)
        after_colon = self._wants == "value" and self._parts[-1:] == [":"]
        if mark != ends or self._wants == "colon" or after_colon:
            raise NotAnObject(at)
        self._open.pop()
        self._parts.append(_CLOSING[opened])
        self._wants, self._is_first = "comma", False

    def _separate(self) -> None:
        """Write the comma before a key or an element, unless it is the first or a member's value."""
        if not self._is_first:
            self._parts.append(",")
        self._is_first = False

    def _scalar(self, token: re.Match[str], is_string: bool) -> None:
        value = _string(token["string"], token.start("string")) if is_string else token["number"]
        self.is_json &= not (is_string and token["string"][0] == "'")
        if not self._open:
            raise NotAnObject(token.end())
        if self._wants == "key":
            self._separate()
            self._parts.append(value if is_string else f'"{value}"')
            self._wants = "colon"
        elif self._wants == "value":
            self._separate()
            self._parts.append(value)
            self._wants = "comma"
        elif is_string and self._wants == "comma" and self._parts[-1].endswith('"'):
            # pprint divides a long text into several, which Python joins.
            self._parts[-1] = self._parts[-1][:-1]
            self._parts.append(value[1:])
            self.is_json = False
        else:
            raise NotAnObject(token.end())

    def _word(self, word: str, text: str, token: re.Match[str]) -> int:
        at = token.end()
        if not self._open or self._wants not in ("key", "value"):
            raise NotAnObject(token.start("word"))
        if self._wants == "key":
            self._separate()
            self._parts.append(json.dumps(word))
            self._wants, self.is_json = "colon", False
            return at
        value = _WORDS.get(word)
        if value is None:
            if word in _OF_NUMBERS | _OF_TEXTS and (match := _CALL.match(text, at)):
                value, at, self.is_json = _called(word, match), match.end(), False
            elif match := _OBJECT.match(text, at):  # of Python, as an exception or a date
                value, at, self.is_json = json.dumps(word + match[0], ensure_ascii=False), match.end(), False
            elif text.startswith(
                (" {", " ["), at
            ):  # the class of an object in JavaScript, or of a value in Rust
                return at
            else:
                raise NotAnObject(token.start("word"))
        self._separate()
        self._parts.append(value)
        self._wants = "comma"
        return at


def _may_be_printed(text: str, at: int) -> bool:
    """Tell whether a bracket or a brace may be that of a label, or of a part that was left out; False is certain."""
    match text[at]:
        case "[":
            return text[at + 1 : at + 2].isalpha()
        case "{":
            return text.startswith("…", at + 1)
        case _:
            return False


def _called(word: str, match: re.Match[str]) -> str:
    """The JSON of a value in the parentheses of a word."""
    if match["plain"] is not None:
        return match["plain"] if word in _OF_NUMBERS else f'"{match["plain"]}"'
    value = _string(match["string"], match.start("string"))
    if word in _OF_TEXTS:
        return value
    if not _NUMBER.fullmatch(value, 1, len(value) - 1):
        raise NotAnObject(match.start())
    return value[1:-1]


def _value_of(plain: str | None, single: str | None, word: str | None) -> str:
    """The JSON of a plain value: as it was written, in single quotes, or a word."""
    if plain is not None:
        return plain
    return f'"{single}"' if word is None else _WORDS[word]


# --- Strings ---

_PLAIN: Final = re.compile(r"[^\\\"\x00-\x1f]*+")
_VALID: Final = re.compile(r"(?:[^\\\"\x00-\x1f]++|\\[\"\\/bfnrt]|\\u[0-9a-fA-F]{4})*")
_ESCAPE: Final = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|u\{([0-9a-fA-F]{1,6})\}|([0-7]{1,3})|(.))",
    re.DOTALL,
)
_LETTERS: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "a": "\a", "\n": ""}
_LITERAL: Final = re.compile(
    r"[bBuU]?(?:\"[^\"\\]*+(?:\\.[^\"\\]*+)*+\"|'[^'\\]*+(?:\\.[^'\\]*+)*+'|`[^`\\]*+(?:\\.[^`\\]*+)*+`)",
    re.DOTALL,
)


def unquoted(text: str, at: int) -> tuple[str, int] | None:
    """The text of a string literal that begins at a position, and the position behind it; None if there is none.

    A literal of bytes in Python is text in UTF-8.
    """
    literal = _LITERAL.match(text, at)
    if literal is None:
        return None
    try:
        return _decoded(literal[0], at), literal.end()
    except NotAnObject:
        return None


def _string(literal: str, at: int) -> str:
    """The JSON of a string literal; text that is JSON already stays byte for byte."""
    if literal[0] == '"' and _VALID.fullmatch(literal, 1, len(literal) - 1):
        return literal
    if literal[0] == "'" and _PLAIN.fullmatch(literal, 1, len(literal) - 1):
        return f'"{literal[1:-1]}"'
    return json.dumps(_decoded(literal, at), ensure_ascii=False)


def _decoded(literal: str, at: int) -> str:
    is_bytes = literal[0] in "bB"
    start = 2 if literal[0] in "bBuU" else 1
    body = literal[start:-1]
    if "\\" not in body:
        return body
    try:
        if not is_bytes:
            # Half of a pair may be escaped alone; two halves make one character.
            return (
                _ESCAPE.sub(_unescaped, body)
                .encode("utf-16", "surrogatepass")
                .decode("utf-16", "surrogatepass")
            )
        latin = _ESCAPE.sub(_unescaped, body)
        return latin.encode("latin-1").decode("utf-8", "surrogateescape")
    except (ValueError, OverflowError):
        raise NotAnObject(at) from None


def _unescaped(match: re.Match[str]) -> str:
    byte, short, long, braced, octal, letter = match.groups()
    if letter is not None:
        return _LETTERS.get(letter, letter)
    digits = byte or short or long or braced
    return chr(int(digits, 16)) if digits else chr(int(octal, 8))
