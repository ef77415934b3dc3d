"""Errors whose texts repeat the code and the message of an answer: those of official libraries, and of others."""

import re
from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import fields

from cancelnorm import answering, venues
from cancelnorm.logs.urls import valid
from cancelnorm.venue import ErrorText

__all__ = [
    "ErrorAnswer",
    "Lost",
    "answer_of",
    "error_in",
    "error_marks",
    "is_of_others",
    "is_sent_again",
    "lost_in",
    "message_in",
    "timed_out_in",
    "words_of",
]

_SEPARATOR: Final = re.compile(r" - |\| |(?:Error|ERROR|WARNING|error): |\] ")  # before a message in a line
_LEVEL: Final = re.compile(r"\W*(?:DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL|FATAL)\b[\s:|\]-]*")
_SIGN: Final = "-"  # of a code, which what stands before it may end with
_DIGITS: Final = re.compile(r"-?[0-9]{1,12}(?![0-9])")
_STATUSES: Final = range(100, 600)
_SHORTEST: Final = 4  # characters of a code
_CODE: Final = r"(?P<code>-?[0-9]{4,6})(?![0-9.])"
_OF_CODE: Final = r"(?:\b(?:code|(?:err|error|ret|s)_?[cC]ode|ErrCode)|状态码|错误码|错误代码|代码)"
_OF_TEXT: Final = (
    r"(?:(?:(?:err|error|ret|s)_?)?(?:[mM]sg|[mM]essage)|error [mM]essage|reason|description|信息|错误信息)"
)
_IN_FUNCTION: Final = r"(?: in [a-z]\w{2,40})?"
_AT_URL: Final = r"://(?:[^\s{}:]|:(?! )){4,200}+"
# How programs print a code and a message.
_NOTATIONS: Final = tuple(
    re.compile(notation)
    for notation in (
        rf"{_OF_CODE}\"?\s?[=:：]\s?\"?{_CODE}\"?[,;，]?\s?{_OF_TEXT}\"?\s?[=:：]\s?(?P<text>.+)",
        rf"\((?:error_)?code={_CODE}\):? (?P<text>.+)",
        rf"\b(?:Server)?[eE]rror(?:\.\w+)?\]?{_IN_FUNCTION}:? (?:code:? )?\(?{_CODE}\)?(?:[:,]| -) (?P<text>.+)",
        rf"\({_CODE} - (?P<text>[^()]+)\)",
        rf"{_AT_URL}: (?P<text>[^{{}}|]{{3,200}}?)\s?[|,;(]\s?(?:Code|{_OF_CODE})\s?[=:]\s?{_CODE}\)?\s*+$",
        r"\blabel: (?P<code>[A-Z][A-Z_]{2,60}), message: (?P<text>.+)",
    )
)
_RAISED: Final = re.compile(r"\bError: ([^{}]{1,300})$")
_FIELD: Final = re.compile(r"[a-z]\w{0,30}=\S{1,200}")  # that a logger adds behind a message
_MOST_FIELDS: Final = 20
_QUOTES: Final = frozenset("\"'`")
_CLOSING: Final = {")": "(", "]": "[", "}": "{", ">": "<"}
_TIMED_OUT: Final = re.compile(
    r"[tT]imed out|Timeout(?:Error|Exception)?\b(?!\s*=)|\btimeout of [0-9]+ ?ms|\bE(?:SOCKET)?TIMEDOUT\b"
    r"|\bdeadline exceeded"
)
_HOST: Final = re.compile(r"\bhost='([\w.-]{1,250})'")  # of urllib3
_BROKEN: Final = re.compile(
    r"\bsocket hang up\b|\bE(?:CONN(?:RESET|ABORTED|REFUSED)|PIPE|AI_AGAIN)\b|\b[bB]roken pipe\b|: EOF$"
    r"|\b[cC]onnection (?:reset|aborted|refused)\b|\bMax retries exceeded\b|\bunexpected EOF\b"
    r"|\b(?:RemoteDisconnected|ServerDisconnectedError|RemoteProtocolError|ClientConnector\w{0,20}Error)\b"
)
# What clients over HTTP call an answer that did not come, and what others may.
_OVER_HTTP: Final = re.compile(
    r"https?|\brequests\.|urllib3|[aA]xios|\bRead timed out\b|\b(?:Read|Connect)Timeout\b|SocketTimeoutException"
    r"|\bsocket hang up\b|Client\.Timeout|\btimeout of [0-9]+ ?ms|Disconnected|RemoteProtocolError|ClientConnector",
    re.IGNORECASE,
)
_AGAIN: Final = re.compile(
    r"\bretr(?:y|ied|ying)\b(?!\W{1,2}(?:0\b|false|no))|\bre-?(?:send|sent|submit)\w*\b(?!\W{1,2}(?:0\b|false|no))"
    r"|\bagain\b|\battempt\b(?!\W{1,2}[01]\b)",
    re.IGNORECASE,
)
_FAILURE: Final = re.compile(
    r"fail|error|exception|could not|cannot|unable|abort|timed out|exceeded|reset by peer|refused",
    re.IGNORECASE,
)
_WORDS: Final = re.compile(r"(?<!\w)[A-Za-z][A-Za-z_]+")
_CLASS: Final = re.compile(
    r"(?<![\w.])(?:\w{1,40}\.){0,8}\w{0,60}(?:Error|Exception|Timeout|Disconnected)(?!\w)"
)
_OF_FAILURES: Final = re.compile(  # who says no more than these says of nothing else that it failed
    r"debug|info|warn(?:ing)?|err(?:or)?|critical|fatal|exceptions?|msg|level|fail(?:ed|ure)|requests?|https?|call"
    r"|cancel(?:s|l?ed|l?ing)?|orders?|the|to|with|by|of|while|from|unexpected|eof|socket|hang|up|connect(?:ion|ed)?"
    r"|reset|abort(?:ed)?|refused|closed|peer|broken|pipe|read|write|tcp|timed|out|timeout|context|deadline|exceeded|ms"
    r"|max|retries|url|remote|end|without|response|e(?:conn\w+|(?:socket)?timedout|pipe|ai_again)|axios|urllib|aiohttp"
    r"|httpx|curl|operation|has|was|due|configured|seconds?|milliseconds?|elapsing|after|bytes|received|recv|network"
    r"|server|disconnected|errno|ssl|dial|client|httpclient|java|net|io|system|asyncio|awaiting|headers|body|a|an|in|did"
    r"|not|complete|within|respond|is"
)
_ORDER: Final = re.compile(r"\b(?:orders?|cancel\w*|id)[\s:=#'\"]{1,3}([\w-]*[0-9][\w-]*)", re.IGNORECASE)
_OF_OTHERS: Final = re.compile(
    r"\bwss?\b|web[ _-]?socket|\bstreams?\b|redis|postgres|\bpq\b|\bsql|mysql|mongo|kafka|rabbit|grpc|telegram|discord"
    r"|slack|smtp|\be?mail\b|webhook|grafana|prometheus|influx|sentry|datadog|\bs3\b|\bfile\b|database|\bdb\b|localhost"
    r"|\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}:(?!443\b)[0-9]",
    re.IGNORECASE,
)


class ErrorAnswer(NamedTuple):
    """What an error repeats of an answer: its body, or only its HTTP status."""

    venue: str
    body: bytes
    status: int | None
    start: int = 0  # in its line


@cache
def _texts() -> tuple[tuple[str, ErrorText], ...]:
    return tuple((name, text) for name, venue in venues.every().items() for text in venue.error_texts)


@cache
def error_marks() -> tuple[bytes, ...]:
    """What stands before the code in errors of libraries that have their message before that."""
    return tuple(form.before_code.encode() for _, form in _texts() if form.after_code is None)


def error_in(text: str, venue: Callable[[], str | None]) -> ErrorAnswer | None:
    """The answer that an error in a line repeats; None if there is none.

    ``venue`` gives the one that sent it, for errors that do not tell.
    """
    for name, form in _texts():
        at = text.find(form.before_code)
        code = _DIGITS.match(text, at + len(form.before_code.removesuffix(_SIGN))) if at >= 0 else None
        if code is None:
            continue
        if form.after_code is not None:
            if not text.startswith(form.after_code, code.end()):
                continue
            message = text[code.end() + len(form.after_code) :].partition(form.end or "\n")[0]
            message = _without_fields(_within_quotes(message, text[:at]))
        elif int(code[0]) in _STATUSES:
            return ErrorAnswer(name, b"", int(code[0]), at)
        else:
            message = _last(text[:at])
        return ErrorAnswer(name, _body({form.code: int(code[0]), form.message: message}), None, at)
    for notation in _NOTATIONS:
        found = notation.search(text)
        if found is None or text.count("{", 0, found.start()) > text.count("}", 0, found.start()):
            continue  # none, or in an object that is broken
        message = _within_quotes(found["text"], text[: found.start()])
        answer = answer_of(found["code"], _without_end(message), venue())
        if answer is not None:
            return answer._replace(start=found.start())
    return None


def _within_quotes(message: str, before: str) -> str:
    """A message up to the quote that closes one before it, as of a value in logfmt, or right before the error."""
    if before[-1:] in _QUOTES and before:
        return message.partition(before[-1])[0]
    return message.partition('"')[0] if before.count('"') % 2 else message


def _last(text: str) -> str:
    """The last part of what stands before a code, which is the message."""
    start = max((match.end() for match in _SEPARATOR.finditer(text)), default=0)
    level = _LEVEL.match(text, start)
    return text[level.end() if level else start :]


def message_in(text: str) -> str | None:
    """The message of an error of Node.js in a line, whose code is in a later one; None if there is none."""
    found = _RAISED.search(text)
    return None if found is None else found[1]


def answer_of(code: str, message: str, venue: str | None) -> ErrorAnswer | None:
    """The answer with a code that is in the tables of a venue, or of the only one if it is a word; else None.

    A number of three digits is a status of HTTP.
    """
    if len(code.lstrip("-")) < _SHORTEST:
        return None
    names = [venue] if venue is not None else venues.names() if code.isupper() else ()
    found = [(name, listed) for name in names if (listed := _codes(name).get(code)) is not None]
    if len(found) != 1:
        return None
    [(name, (known, code_key, message_key))] = found
    body = _body({code_key: known, message_key: message})
    is_whole = bool(answering.possible(venues.every()[name], body))
    return ErrorAnswer(name, body, None) if is_whole else None


def _without_end(text: str) -> str:
    """A message without the quote and the brackets that its line closes behind it."""
    text = text.rstrip()
    quote = text[:1]
    if quote in _QUOTES:
        return text[1:].partition(quote)[0]
    while text[-1:] in _CLOSING and text.count(text[-1]) > text.count(_CLOSING[text[-1]]):
        text = text[:-1].rstrip()
    return text[:-1] if text[-1:] in _QUOTES and text.count(text[-1]) == 1 else text


@cache
def _codes(venue: str) -> dict[str, tuple[int | str, str, str]]:
    """The codes in the tables of a venue, each as it is sent, with the keys of code and message in an answer."""
    found: dict[str, tuple[int | str, str, str]] = {}
    for error in venues.every()[venue].common_errors:
        names = {field.name: field.encode_name for field in fields(error.answer)}
        if error.code is not None:
            keys = names[error.code], names[error.message]
            found |= {
                str(code): (code, *keys)
                for code in error.listed
                if str(code) not in found or isinstance(code, int)
            }
    return found


def _body(members: dict[str, int | str]) -> bytes:
    return msgspec.json.encode(
        {key: valid(value.strip()) if isinstance(value, str) else value for key, value in members.items()}
    )


def timed_out_in(text: str) -> str | None:
    """The host whose answer did not come in time; empty if the line does not name it, None if it is about else."""
    if _TIMED_OUT.search(text) is None:
        return None
    host = _HOST.search(text)
    return host[1] if host else ""


def is_of_others(text: str) -> bool:
    """Tell whether words are about a connection to something else than an exchange, or a stream of one."""
    return _OF_OTHERS.search(text) is not None


class Lost(NamedTuple):
    """An answer that did not come: the host, empty where it is not named; whether in time, and over HTTP for certain.

    ``words`` are those of the line that say something else, in lower case.
    """

    host: str
    is_timeout: bool
    is_sure: bool
    words: frozenset[str]


def lost_in(text: str, *, is_named: bool = False) -> Lost | None:
    """What a line says of an answer that did not come in time, or of a connection that broke; None if nothing.

    Where its request ``is_named`` beside it, and a word says that it failed, that is certain; where it is sent again,
    nothing is.
    """
    late = timed_out_in(text)
    is_broken = late is None and _BROKEN.search(text) is not None
    if late is None and not is_broken:
        return None
    is_failed = _FAILURE.search(text) is not None if is_named else not is_of_others(text)
    is_sure = is_failed and not is_sent_again(text) and (is_named or _OVER_HTTP.search(text) is not None)
    host = _HOST.search(text)
    return Lost(host[1] if host else "", late is not None, is_sure, _others(text))


def is_sent_again(text: str) -> bool:
    """Tell whether words say that a request is sent again."""
    return _AGAIN.search(text) is not None


def _others(text: str) -> frozenset[str]:
    """The words of a line that say something else than that a request failed, and the orders that it names."""
    words = (word for word in words_of(text) if _OF_FAILURES.fullmatch(word) is None)
    of_others = _OF_OTHERS.search(text)
    service = () if of_others is None else (of_others[0].lower(),)
    return frozenset((*words, *service, *map(str.lower, _ORDER.findall(text))))


def words_of(text: str) -> frozenset[str]:
    """The words of a line that are no classes of errors, in lower case."""
    return frozenset(map(str.lower, _WORDS.findall(_CLASS.sub(" ", text))))


def _without_fields(message: str) -> str:
    """A message without the fields that a logger added behind it."""
    for _ in range(_MOST_FIELDS):
        before, _, last = message.rpartition(" ")
        if not before or _FIELD.fullmatch(last) is None:
            break
        message = before
    return message
