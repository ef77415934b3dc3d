"""Values of secrets in a text of any notation: where they end, and the mask in their place."""

import re
from typing import Final

__all__ = ["OPENS", "QUOTE", "SPACE", "lines_end", "masked", "opened_end", "value_end"]

QUOTE: Final = r"\\{0,15}[\"']"  # of a text within a text
SPACE: Final = r"(?>(?:\s++|\\{1,15}[nrt])*)"
_BLOCK_SIGN: Final = r"[|>][+-]?[1-9]?[+-]?[ \t]*+(?:\#[^\r\n\\]*+)?(?=[\r\n]|\\{1,15}+[rn])"
_THREE_QUOTES: Final = r"\"\"\"|'''|(?:\\\"){3}|(?:\\'){3}"
_ITEMS: Final = r"(?:\[\]){1,3}[\w.]{1,40}(?: ?\{\})?(?=\{)"  # as Go prints them: ``[]string{"…"}``
OPENS: Final = rf"(?=\{{|{_ITEMS}|\[(?=\s*+(?:b?{QUOTE}|[\[{{]))|\w{{0,3}}(?:{_THREE_QUOTES})|{_BLOCK_SIGN})"
"""Where a value begins that only ``opened_end`` can follow: brackets, a text in three quotes, a block of YAML."""
_OPENING: Final = re.compile(QUOTE)
_FARTHEST: Final = 400
_OTHER_QUOTE: Final = str.maketrans("'\"", "\"'")
_TRIPLE: Final = re.compile(rf"\w{{0,3}}({_THREE_QUOTES})")
# The rest of a text that Python broke over several lines.
_MORE: Final = re.compile(rf"\s++b?({QUOTE})(?![\s,:)}}\]])")
_SLICE: Final = re.compile(_ITEMS)
_BARE: Final = re.compile(r"[^\s,}\]]*")
_YAML: Final = re.compile(r"[^\r\n,}]*")  # has spaces where the name has no quotes

# --- Blocks of YAML ---

_SIGN: Final = re.compile(_BLOCK_SIGN)
_BREAK: Final = re.compile(r"\r?\n|\r|(?:\\{1,15}+r)?\\{1,15}+n")
_LINE: Final = re.compile(r"(?P<indent>[ \t]*+)(?P<item>-(?=[ \t]))?[^\r\n]*+")
_ESCAPED_LINE: Final = re.compile(
    r"(?P<indent>[ \t]*+)(?P<item>-(?=[ \t]))?(?:[^\r\n\\\"']|\\++(?![rn\"']))*+"
)
_INDENT: Final = re.compile(r"[ \t]*+(?:- ++)*+")
_LAST_BREAK: Final = re.compile(rf"(?:{_BREAK.pattern})(?=[ \t]*+\Z)")
_FIRST_NAME: Final = re.compile(r"[ \t]*+(?:- ++)*+[\"']?(?:[\w.-]{1,40}+ ){0,2}[\w.-]*+")


def value_end(text: str, name: int, at: int, mark: str) -> int:
    """The end of the value that begins at ``at``; ``mark`` is a quote as it is escaped around its name."""
    if sliced := _SLICE.match(text, at):
        at = sliced.end()
    if text[at : at + 1] in ("[", "{"):
        return _enclosed_end(text, at, mark or '"')
    if _TRIPLE.match(text, at) or _SIGN.match(text, at):
        return opened_end(text, name, at)
    if opening := _OPENING.match(text, at):
        end = _text_end(text, opening.end(), opening[0])
        while more := _MORE.match(text, end):
            end = _text_end(text, more.end(), more[1])
        return end
    bare = (_BARE if mark else _YAML).match(text, at)
    return bare.end() if bare else at


def opened_end(text: str, name: int, at: int) -> int:
    """The end of a value that begins as ``OPENS`` says; the end of everything if it is truncated."""
    if sign := _SIGN.match(text, at):
        return _block_end(text, _line_start(text, name), sign.end())
    if sliced := _SLICE.match(text, at):
        at = sliced.end()
    if opening := _TRIPLE.match(text, at):
        end = text.find(opening[1], opening.end())
        return len(text) if end < 0 else end + len(opening[1])
    found = _OPENING.search(text, at, at + _FARTHEST)
    quote = found[0] if found else '"'
    return _enclosed_end(text, at, quote, quote.translate(_OTHER_QUOTE))


def lines_end(text: str, name: int, at: int) -> int:
    """The end of the indented lines below a name that begins its line, of which the first begins at a position.

    The same position if there are none.
    """
    start = _line_start(text, name)
    below = _LAST_BREAK.search(text, name, at)
    if below is None or _FIRST_NAME.fullmatch(text, start, name) is None:
        return at
    return max(at, _block_end(text, start, below.start()))


def _block_end(text: str, start: int, at: int) -> int:
    """The end of the lines behind a break that are indented more than the one that begins at ``start``.

    The elements of an array need not be.
    """
    margin = _INDENT.match(text, start)
    indent = len(margin[0]) if margin else 0
    line = _ESCAPED_LINE if text[at : at + 1] == "\\" else _LINE
    end = at
    while broken := _BREAK.match(text, at):
        found = line.match(text, broken.end())
        if found is None:
            break
        at = found.end()
        width = len(found["indent"])
        if at == found.end("indent"):
            continue  # it is blank
        if width < indent or (
            width == indent and (found["item"] is None or "-" in text[start : start + indent])
        ):
            break
        end = at
    return end


def _line_start(text: str, at: int) -> int:
    """Where the line begins that has a position; it is not looked for far away."""
    nearest = max(0, at - _FARTHEST)
    start = max(nearest, text.rfind("\n", nearest, at) + 1)
    escaped = text.rfind("\\n", start, at)
    return start if escaped < 0 else escaped + 2


def _text_end(text: str, at: int, mark: str) -> int:
    """The end of a quoted text; the end of everything if it is truncated.

    In a text within texts, each of which doubled the backslashes, the closing quote has as many backslashes
    before it as the opening one, behind any number of the text's own, which are twice as many and two.
    """
    escapes, quote = len(mark) - 1, mark[-1]
    start = at
    while (end := text.find(quote, at)) >= 0:
        before = end - start - len(text[start:end].rstrip("\\"))
        if before % (2 * escapes + 2) == escapes:
            return end + 1
        at = start = end + 1
    return len(text)


def _enclosed_end(text: str, at: int, *marks: str) -> int:
    """The end of an object or an array; brackets in its texts, which have one of some quotes, do not count."""
    depth = 0
    token = re.compile(rf"{'|'.join(map(re.escape, marks))}|[\[\]{{}}]")
    while found := token.search(text, at):
        at = found.end()
        if found[0] in marks:
            at = _text_end(text, at, found[0])
        elif found[0] in ("[", "{"):
            depth += 1
        else:
            depth -= 1
            if not depth:
                return at
    return len(text)


def masked(value: str, mark: str, mask: str) -> str:
    """The mask in place of a value, quoted as that was; an empty value needs none."""
    opening = _OPENING.match(value)
    if opening is None:
        return value if value in ("", "null") else f"{mark}{mask}{mark}"
    quote = opening[0]
    closed = len(value) >= 2 * len(quote) and value.endswith(quote)
    if closed and len(value) == 2 * len(quote):
        return value
    return f"{quote}{mask}{quote if closed else ''}"
