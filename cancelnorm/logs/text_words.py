"""Words beside an object in a line of text: the direction, the request line of HTTP, and its status."""

import re
from typing import Final, Literal, NamedTuple

from cancelnorm import venues
from cancelnorm.caching import cached
from cancelnorm.logs.tried import WORD, Tried, tried_in

__all__ = ["NOTHING", "Words", "may_ask", "status_in", "venue_in", "words"]

Direction = Literal["sent", "received"]


class Words(NamedTuple):
    """What words say; None where they say nothing. ``is_about_headers`` if an object behind them is headers."""

    direction: Direction | None = None
    method: str | None = None
    url: str | None = None
    status: int | None = None
    is_about_headers: bool = False
    is_raw: bool = False  # bytes of a WebSocket frame, which is decoded in another line
    venue: str | None = None  # the only one that the words name
    is_exception: bool = False  # of ccxt, whose text begins with the name of the exchange
    form: str | None = (
        None  # what stands beside the URL, or in curl's options, and may be the body of a request
    )
    tried: Tried | None = None  # if there is no URL


_SENT: Final = frozenset(
    {
        *("sent", "send", "sends", "sending", "request", "requests", "req", "outgoing", "outbound", "tx"),
        *("writing", "publishing", "submitting", "posting"),
    }
)
_RECEIVED: Final = frozenset(
    {
        *(
            "recv",
            "rcv",
            "rcvd",
            "receive",
            "received",
            "receives",
            "receiving",
            "response",
            "responses",
            "resp",
        ),
        *("reply", "replied", "answer", "answered", "incoming", "inbound", "rx", "got"),
    }
)
_ARROW: Final = re.compile(  # and not what Python shows of its objects, as <Session 3>
    r"(?:(?<=[\s:\[(|])|^)(?:(?P<right>>{1,3}|[-=]{1,3}>|→)"
    r"|(?P<left><{1,3}|<[-=]{1,3}|←)(?![A-Za-z][^<>]{0,100}>))(?=[\s:\])A-Zb'\"]|$)"
)
_NUMBERED: Final = re.compile(  # a call, by its id or its number, and no direction
    r"(?<![A-Za-z])(?:req(?:uest)?|resp(?:onse)?)(?:[-_ ]?(?:id|no|num(?:ber)?)(?![a-z])|[-#][0-9a-f]*[0-9])",
    re.IGNORECASE,
)
_ON_MESSAGE: Final = re.compile(
    r"\bon_?(?:[a-z]{1,20}_){0,3}[mM]essage\b|\bon(?:[A-Z][a-z]{1,20}){0,3}Message\b"
)
# A comma ends an address, unless it parts the items of an array, or of a parameter that another one follows.
_PIECE: Final = r"[^\s\"'<>,;{}`=]"
_ARRAY: Final = r"=(?:\[[\w.,%\" -]{1,3300}+\]|%5[Bb][\w.-]{1,64}+(?:,[\w.-]{1,64}+){1,49}+%5[Dd])?+"
_PIECES: Final = rf"(?:{_PIECE}++|{_ARRAY})"
_LIST: Final = rf"(?:,(?=(?:[\w.%-]{{1,64}},){{0,49}}[\w.%-]{{1,64}}&){_PIECES}++)*+"
_URL: Final = re.compile(rf"\b(?:https?|wss?)://{_PIECES}++{_LIST}")
_METHOD: Final = re.compile(
    r"(?<![\w/])(?P<method>GET|POST|PUT|DELETE|PATCH)\b[\s:\"'\]]{0,3}"
    rf"(?P<path>/{_PIECES}*+{_LIST})?"
)
_METHODS: Final = re.compile(r"GET|POST|PUT|DELETE|PATCH")
# A path as structured loggers have it, in a line that names the method elsewhere.
_KEYED_PATH: Final = re.compile(
    rf"(?<![\w.])(?:endpoint|path|uri|url|target|route)[\"']?\s?[=:]\s?[\"']?(?P<path>/{_PIECES}*+{_LIST})"
)
_STATUS: Final = re.compile(
    r"(?:\b(?:status|code|status[_ ]?code|http|http/[12](?:\.[01])?\"?)(?: is)?\W{0,3}|(?<![\w.:/=&?-]))"
    r"([1-5][0-9]{2})(?!\w|:(?![A-Z])|\.\w)(?!\s*(?:ms\b|bytes?\b|@|/[0-9]{3}))",
    re.IGNORECASE,
)
_NAMED_STATUS: Final = re.compile(
    r"\b(?:status(?:[_ ]?code)?|http/[12](?:\.[01])?\"?)(?: is)?\W{0,12}([1-5][0-9]{2})(?![\w:]|\.\w)",
    re.IGNORECASE,
)
_STATUS_BEFORE: Final = re.compile(  # of a URL, or of its method; a server sends it
    r"(?:<[-=]{1,3}|\b(?:response|resp|received|recv|reply|answer|sent|returned|status|http(?:/[12](?:\.[01])?)?)\b)\W{1,3}"
    r"([1-5][0-9]{2})(?: [A-Z][A-Za-z-]{1,20}){0,4} (?:from |for |(?:method|verb)=\"?)?$",
    re.IGNORECASE,
)
_STATUS_RAISED: Final = re.compile(
    r"(?<!\w)([45][0-9]{2}) (?:Client|Server) Error: [^{}]{0,60}for url: $"
)  # by requests
_STATUS_OF_BODY: Final = re.compile(  # right before it; not a duration, a length or a number
    r"(?:<[-=]{1,3}|(?i:\b(?:response|resp|received|recv|reply|answer)\b))[\s:\[]{1,3}"
    r"(20[0-9]|[45][0-9]{2})(?: [A-Z][A-Za-z-]{1,20}){0,4}[\s:\]]{0,4}$"
)
_STATUS_BETWEEN: Final = re.compile(r"[^\w\"'{}]*([1-5][0-9]{2})\W*$")  # between a request and its answer
_RAW: Final = re.compile(r"\+\+(?:Rcv|Sent) raw:")
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,60}")
# Classes and functions of programs, named for the venue, with a word for what it does behind the name.
_NAMED_FOR: Final = re.compile(r"([A-Za-z][a-z]{2,})(?=[A-Z])\w*")
_LAST_NAME: Final = re.compile(r"(?:^|[\s:(\"'])([a-z][a-z0-9_]{2,25}) $")
_REASON: Final = re.compile(r"[1-5][0-9]{2} (?:[A-Z][A-Za-z-]+ ){1,6}$")  # the status line of an answer
_ABOUT_HEADERS: Final = re.compile(r"headers(?![\w-])\W*+$", re.IGNORECASE)  # the last word
_FORM: Final = re.compile(
    r"(?:[\"']?[ ,;|(\[>-]{1,6}[\"']?(?:with )?(?:request[ _]?)?(?:[Bb]ody|data|form|payload|params)"
    r"[\"']?[=: ]{1,3}b?[\"']?|[ ,;|(\[>-]{1,6})"
    r"(\w{1,40}=[^\s=&\"')\]<>{}|;]{1,200}(?:&\w{1,40}=[^\s=&\"')\]<>{}|;]{0,200}){0,20})(?=[\s\"')\]<>{}|;]|$)"
)
_BARRED_FORM: Final = re.compile(r"\|\w{1,40}=")
_FORM_BEFORE: Final = re.compile(  # the method, as loggers have it that have their fields in order
    r"(?<!\w)(?:body|data|form|payload|params)=\"(\w{1,40}=[^\s=&\"']{1,200}(?:&\w{1,40}=[^\s=&\"']{0,200}){0,20})\""
)
_CURL_DATA: Final = re.compile(r"\bcurl\s(?:[^{]*?\s)?(?:-d|--data(?:-[a-z]+)?)(?=[\s=\"'])")  # it means POST
_CURL_FORM: Final = re.compile(
    r"\bcurl\s[^{]*?\s(?:-d|--data(?:-[a-z]+)?)[ =]?([\"'])"
    r"(\w{1,40}=[^\s=&\"']{1,200}(?:&\w{1,40}=[^\s=&\"']{0,200}){0,20})\1"
)
_SAYING: Final = re.compile(r"[A-Za-z]{2}|[<>→←]|(?<!\w)[1-5][0-9]{2}(?!\w)")  # a word, an arrow or a status
_ESCAPES: Final = (
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&amp;", "&"),
)  # as chats and pages have them around and in URLs
NOTHING: Final = Words()
_END: Final = ".,:;)]|\"'"
_LONGEST: Final = 2_000


def words(text: str) -> Words:
    """Read the words before an object, or behind another one; of a long text, the end."""
    end = text[-_LONGEST:]
    return _read(end) if _SAYING.search(end) else NOTHING


def may_ask(text: str) -> bool:
    """Tell whether words may have a URL, or a path and its method; False is certain."""
    return "://" in text or ("/" in text and _METHODS.search(text) is not None)


def status_in(text: str) -> int | None:
    """The status that words without a URL tell; None if they tell none."""
    status = _status_in(_unescaped(text[-_LONGEST:]))
    return None if status is None else int(status[1])


def _status_in(text: str) -> re.Match[str] | None:
    return _NAMED_STATUS.search(text) or _STATUS_OF_BODY.search(text) or _STATUS_BETWEEN.match(text)


def _unescaped(text: str) -> str:
    for escape, mark in _ESCAPES if "&" in text else ():
        text = text.replace(escape, mark)
    return text


@cached(4_096)
def _read(text: str) -> Words:
    text = _unescaped(text)
    start, end, url, method = _request_line(text)
    rest = text[end:]
    status = _STATUS.search(rest) if url else _status_in(text)
    if url and not status:
        status = _STATUS_BEFORE.search(text[:start]) or _STATUS_RAISED.search(text[:start])
        status = status or _NAMED_STATUS.search(text[start:end].replace(url, " "))
    raised_by = _raised_by(text, method)
    return Words(
        _direction(text, url, is_answered=status is not None),
        method,
        url,
        int(status[1]) if status else None,
        _ABOUT_HEADERS.search(text) is not None,
        _RAW.search(text) is not None,
        raised_by or venue_in(text.replace(url, " ") if url else text),
        raised_by is not None,
        _form(text, start, end) if url else None,
        None if url else tried_in(text),
    )


def _form(text: str, start: int, end: int) -> str | None:
    """The form behind a request line, or in a field before it, or among the options of curl."""
    if before := _FORM_BEFORE.search(text, 0, start):
        return before[1]
    if form := _FORM.match(text, end):
        return form[1].rstrip(",")
    curl = _CURL_FORM.search(text)
    return None if curl is None else curl[2]


@cached(1_024)
def venue_in(text: str) -> str | None:
    """The venue that words name; None if they name none, or several."""
    tokens = _NAME.findall(text)
    words = (part for token in tokens for part in ([token] if venues.find(token) else _parts(token)))
    found = {
        venue.name
        for word in words
        if (venue := venues.find(word)) is not None and (len(word) > 3 or venue.name == word.lower())
    }
    return found.pop() if len(found) == 1 else None


def _parts(token: str) -> list[str]:
    """The names in a word that may be that of a venue: of a class or a function, the first."""
    named = _NAMED_FOR.fullmatch(token)
    return [named[1]] if named is not None else token.split("_")


def _raised_by(text: str, method: str | None) -> str | None:
    """The venue of an exception: its text is the name of an exchange, then its answer or the request line."""
    before = text
    if method is not None:
        before = text.partition(method)[0]
    elif match := _REASON.search(text):
        before = text[: match.start()]
    name = _LAST_NAME.search(before)
    venue = None if name is None else venues.find(name[1])
    return None if venue is None else venue.name


def _request_line(text: str) -> tuple[int, int, str | None, str | None]:
    """Where the request line begins and ends, its URL and its method."""
    if "/" not in text:
        return 0, 0, None, None
    found = _URL.search(text)
    method = next((m for m in _METHOD.finditer(text) if m["path"] or found), None)
    if found is None:
        if method is None:
            return _keyed_line(text)
        return method.start(), method.end(), _without_end(method["path"]), method["method"]
    whole = _without_form(found[0])
    url, end = _without_end(whole), found.start() + len(whole)
    if method is not None and method["path"] and url.count("/") < 3:
        url, end = url + _without_end(method["path"]), max(end, method.end())
    if method is None and _CURL_DATA.search(text):
        return found.start(), end, url, "POST"
    start = found.start() if method is None else min(found.start(), method.start())
    return start, end, url, method["method"] if method else None


def _without_form(url: str) -> str:
    """A URL without the form that loggers put behind it, and a bar between them."""
    form = _BARRED_FORM.search(url)
    return url if form is None else url[: form.start()]


def _without_end(url: str) -> str:
    """A URL without what ends a sentence or closes a bracket, but for that of an array in it."""
    end = url.rstrip(_END)
    closing = url.find("]", len(end)) if end.rfind("=[") > end.rfind("]") else -1
    return end if closing < 0 else url[: closing + 1]


def _keyed_line(text: str) -> tuple[int, int, str | None, str | None]:
    """The same where method and path stand apart, each behind its key."""
    path = _KEYED_PATH.search(text)
    method = None if path is None else _METHOD.search(text)
    if path is None or method is None:
        return 0, 0, None, None
    return path.start(), path.end(), _without_end(path["path"]), method["method"]


def _direction(text: str, url: str | None, *, is_answered: bool) -> Direction | None:
    """The direction that the last word says; an arrow counts where there is no word.

    The URL is no word, and what follows a status is an answer whichever way an arrow points.
    """
    if url:
        text = text.replace(url, " ")
    if "essage" in text and (_ON_MESSAGE.search(text) or text.strip() == "message"):  # the second in ccxt.pro
        return "received"
    for word in reversed(WORD.findall(_NUMBERED.sub(" ", text))):
        lowered = word.casefold()
        if lowered in _SENT:
            return "received" if is_answered else "sent"
        if lowered in _RECEIVED:
            return "received"
    if is_answered:
        return "received"
    arrows = list(_ARROW.finditer(text))
    return None if not arrows else "sent" if arrows[-1]["right"] else "received"
