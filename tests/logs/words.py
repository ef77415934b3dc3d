"""What each word means that some kinds of log use: what is read with it in the place of another one of its kind."""

import json
from collections.abc import Iterator, Mapping
from itertools import pairwise, permutations
from typing import Any, Final, get_args

from msgspec import Raw

from cancelnorm.logs import (
    csv_rows,
    gathered,
    jsonl_detection,
    jsonl_direction,
    jsonl_fields,
    jsonl_requests,
    limits,
    log_stores,
    notation,
    part_names,
    request_bodies,
    tables,
    text_senders,
    text_words,
    vcr_yaml,
    waiting,
)
from cancelnorm.logs.formats import pick
from cancelnorm.logs.locations import source_line
from cancelnorm.logs.notation import Conversion, NotAnObject
from cancelnorm.logs.options import Options
from cancelnorm.logs.text_objects import objects_in
from cancelnorm.logs.text_senders import is_of_program
from cancelnorm.record import Pairing
from tests.logs.exchange_words import exchange_words
from tests.logs.readings import alike, read_lines, read_log

__all__ = ["words"]

_GONE: Final = {"retCode": 110001, "retMsg": "gone", "result": {}, "retExtInfo": {}, "time": 1795730430200}
_SAID: Final = json.dumps(_GONE)
_URL: Final = "https://api.bybit.com/v5/order/cancel"


def words() -> Iterator[str]:
    """What is read with each word."""
    yield from _detection()
    yield from _lines()
    yield from _notation()
    yield from _text()
    yield from _tables()
    yield from _gathered()
    yield from exchange_words()
    yield from _stores()
    yield from _conversations()
    yield from _files()


# --- Lines of JSON ---


def _detection() -> Iterator[str]:
    """The format of a log of one line, by a word that loggers or recorders have in it."""
    marks = sorted(jsonl_detection._MARKS)
    yield from alike(
        "beside a payload", {word: [_format({word: "x", "payload": {"a": 1}})] for word in marks}
    )
    context = jsonl_detection._AROUND
    yield from alike(
        "beside a payload", {word: [_format({word: "x", "payload": {"a": 1}})] for word in context}
    )
    wrappers = sorted(part_names.WRAPPERS)
    yield from alike("around an object that is cut", {word: [_cut({word: {"a": 1}})] for word in wrappers})
    yield from alike(
        "beside an object that is cut",
        {word: [_cut({word: "x", "content": {"a": 1}})] for word in jsonl_detection._CONTEXT},
    )


def _format(line: Mapping[str, Any]) -> str:
    return pick(json.dumps(line).encode() + b"\n", Options()).name


def _cut(line: Mapping[str, Any]) -> str:
    return pick(json.dumps(line).encode()[:-2], Options()).name


def _lines() -> Iterator[str]:
    """What is read of a line with a word in it."""
    where = {"venue": "bybit", "ts": 1795730430250}
    response = {"status": 200, "data": _GONE}
    yield from alike(
        "beside the data of a response",
        {
            word: read_lines({**where, "response": {**response, word: "x"}})
            for word in sorted(part_names.AXIOS - response.keys())
        }
        | {"all": read_lines({**where, "response": {**dict.fromkeys(part_names.AXIOS, "x"), **response}})},
    )
    refused = {"ts": 1795730430250, "response": {"code": -2011, "msg": "Unknown order sent."}}
    loggers = jsonl_requests._LOGGERS
    yield from alike(
        "the name of a logger", {word: read_lines({**refused, word: "bot.binance"}) for word in loggers}
    )
    yield from alike(
        "the first of two names",
        {
            " ".join(pair): read_lines({**refused, pair[1]: "bot.mexc", pair[0]: "bot.binance"})
            for pair in pairwise(loggers)
        },
    )
    names = (f"{'x' * 190}.binance", f"{'x' * 191}.binance", "\xff.binance", "binance.bybit", "nobody", "", 7)
    yield from alike(
        "the name of a logger is",
        {f"{str(name)[-20:]} {len(str(name))}": read_lines({**refused, "logger": name}) for name in names},
    )
    empty = {"url": _URL, "method": "POST", "ts": 1795730430250}
    yield from alike(
        "beside the status of an empty response",
        {
            word: read_lines({**empty, "response": {"status": 503, word: ""}})
            for word in sorted(part_names.RESPONSE)
        },
    )
    yield from alike(
        "an error of an SDK",
        {
            word: read_lines({"code": 503, word: {}, "url": _URL, "method": "POST", "body": None})
            for word in sorted(jsonl_fields._SDK)
        },
    )
    encoded = (
        "eyJyZXRDb2RlIjoxMTAwMDEsInJldE1zZyI6ImdvbmUiLCJyZXN1bHQiOnt9LCJyZXRFeHRJbmZvIjp7fSwidGltZSI6MX0="
    )
    yield from alike(
        "base64",
        {
            word: read_lines({**where, "body": encoded, word: json.loads(value)})
            for word, value in jsonl_fields._BASE64
        },
    )
    errors = ("cause", "err", "error", "exception")
    failed = {"level": "error", "msg": "failed", "time": 1795730430250}
    yield from alike(
        "the first of two errors",
        {
            pair: read_lines({**failed, **{key: {"body": {**_GONE, "retMsg": key}} for key in pair}})
            for pair in permutations(errors, 2)
        },
    )
    yield from alike(
        "an answer, whatever the kind of line is called",
        {
            word: read_lines({**where, "type": "send", "endpoint": "POST /v5/order/cancel", word: _GONE})
            for word in sorted(jsonl_direction._ANSWERS)
        },
    )


# --- What programs print ---


def _notation() -> Iterator[str]:
    """The JSON of each word, of each with a number or a text in parentheses, and of each letter behind a backslash."""
    yield from (f"{word}: {_converted(word)}" for word in notation._WORDS)
    for word in sorted(notation._OF_NUMBERS | notation._OF_TEXTS):
        shown = (f"{word}({value})" for value in ("1.50", "'1.50'", "'2026-11-26'", "true"))
        yield f"{word}: {' '.join(map(_converted, shown))}"
    letters = "".join(f"\\{letter}" for letter in notation._LETTERS)
    quoted = f"'{letters}'"
    yield f"letters: {_converted(quoted)}"


def _converted(shown: str) -> str:
    conversion = Conversion()
    try:
        conversion.feed(f"{{a: {shown}}}")
    except NotAnObject:
        return "no object"
    return conversion.json.decode()[5:-1]


def _text() -> Iterator[str]:
    """What words before an object say, and of whom an object is."""
    for title, known in (("sent", text_words._SENT), ("received", text_words._RECEIVED)):
        found = {word: [str(text_words.words(f"INFO bot: {word} ").direction)] for word in sorted(known)}
        yield from alike(title, found)
    line = "2026-11-26 22:00:30,250 INFO bot: POST {} 200 {} {}\n"
    headers = {
        word: read_log(line.format(_URL, json.dumps({word: "x"}), _SAID).encode(), "one.log")
        for word in sorted(text_senders._HEADERS)
    }
    yield from alike("headers", headers)
    within = sorted(text_senders._WITHIN)
    yield from alike("of an answer", {word: [str(is_of_program(_object({word: 1})))] for word in within})


def _object(members: Mapping[str, Any]) -> Any:
    [found], _ = objects_in(json.dumps(members).encode())
    return found


# --- Objects around answers ---


def _tables() -> Iterator[str]:
    """What is read of a table, by the keys of it and of its parts."""
    names, row = ["venue", "endpoint", "payload"], ["bybit", "POST /v5/order/cancel", _SAID]
    table = {"columns": names, "rows": [row]}
    around = {word: read_lines({word: [table]}) for word in tables._AROUND}
    yield from alike("around a table", around)
    columns = {word: read_lines({word: names, "rows": [row]}) for word in tables._NAMES}
    yield from alike("the names of columns", columns)
    rows = {word: read_lines({"columns": names, word: [row]}) for word in tables._ROWS}
    yield from alike("rows", rows)


def _gathered() -> Iterator[str]:
    """What is read of a program's own object around an answer."""
    around = sorted(part_names.WRAPPERS)
    yield from alike("around an answer", {word: _printed({"n": 1, word: _GONE}) for word in around})
    other = json.dumps({**_GONE, "time": 7})
    asked = {word: _within({word: _SAID, "x": other}) for word in sorted(gathered._ASKED)}
    yield from alike("of a request", asked)
    unknown = '{"error":["EOrder:Unknown order"]}'  # of several venues, if none is named
    named = {word: _within({word: '"kraken"', "a": unknown}) for word in part_names.VENUES}
    yield from alike("the venue", named)
    promise = {"status": "fulfilled", "value": _GONE, "reason": None}
    found = {
        word: _printed([promise, {"status": "rejected", word: _GONE}]) for word in sorted(gathered._PROMISE)
    }
    yield from alike("of a promise", found)


def _within(members: Mapping[str, str]) -> list[str]:
    held = {key: Raw(value.encode()) for key, value in members.items()}
    return [answer.decode() for answer in gathered.answers_within(held, None)]


def _printed(value: Any) -> list[str]:
    return read_log(f"2026-11-26 22:00:30,250 INFO bot: {json.dumps(value)}\n".encode(), "one.log")


def _document(value: Any) -> list[str]:
    return read_log(json.dumps(value, indent=1).encode(), "one.json")


def _stores() -> Iterator[str]:
    """What is read of an entry as each store of logs keeps it."""
    said, at = f"bybit recv {_SAID}", "2026-11-26T22:00:30Z"
    logged = {"message": said, "@timestamp": at, "account": "desk"}
    attribute = {"key": "account", "value": {"stringValue": "desk"}}
    record = {"timeUnixNano": "1795730430000000000", "body": {"stringValue": said}, "attributes": [attribute]}
    observed = {"observedTimeUnixNano": "1795730430000000000", "body": {"stringValue": said}}
    stores: Mapping[str, Any] = {
        "Elasticsearch": {"hits": {"hits": [{"_index": "x", "_source": logged}]}},
        "an entry of Elasticsearch": {"_index": "x", "_source": logged},
        "Splunk": {"preview": False, "result": {"_raw": said, "_time": at, "account": "desk"}},
        "Google Cloud": [{"jsonPayload": {"message": said, "account": "desk"}, "timestamp": at}],
        "Google Cloud, text": [{"textPayload": said, "timestamp": at}],
        "Datadog": {
            "data": [{"attributes": {"message": said, "timestamp": at, "attributes": {"account": "desk"}}}]
        },
        "Loki": {
            "data": {"result": [{"stream": {"account": "desk"}, "values": [["1795730430000000000", said]]}]}
        },
        "Loki, pushed": {"streams": [{"stream": {"a": "b"}, "values": [["1795730430000000000", said]]}]},
        "CloudWatch": {"events": [{"timestamp": 1795730430000, "message": said}]},
        "CloudWatch, subscribed": {"logEvents": [{"timestamp": 1795730430000, "message": said}]},
        "OpenTelemetry": {"resourceLogs": [{"scopeLogs": [{"logRecords": [record]}]}]},
        "OpenTelemetry, observed": {"resourceLogs": [{"scopeLogs": [{"logRecords": [observed]}]}]},
    }
    yield from alike("a line", {name: read_lines(entry) for name, entry in stores.items()})
    yield from alike("a file", {name: _document(entry) for name, entry in stores.items()})


# --- Requests and answers in different lines, and files ---


def _conversations() -> Iterator[str]:
    """What is read of requests, by their method, whose body or whose answer's URL stands in a line of its own."""
    body = "INFO bot: {word} {url}\nINFO bot: body orderId=7a1\nINFO bot: 200 {said}\n"
    answer = 'INFO bot: {word} {url} {{"orderId": "7a1"}}\nINFO bot: response {url} 200\n{said}\n'
    for title, log, methods in (
        ("with the body behind it", body, sorted(request_bodies._METHODS)),
        ("with the URL again", answer, waiting.METHODS),
    ):
        found = {
            word: read_log(log.format(word=word, url=_URL, said=_SAID).encode(), "one.log")
            for word in methods
        }
        yield from alike(title, found)


def _files() -> Iterator[str]:
    """What is read of words in the files of some formats."""
    table = 'venue{0}payload\nbybit{0}"{1}"\n'
    said = _SAID.replace('"', '""')
    separators = {
        separator: read_log(table.format(separator, said).encode(), "one.csv")
        for separator in csv_rows._SEPARATORS
    }
    yield from alike("between columns", separators)
    own = {word: Raw(b'"x"') for word in log_stores._OWN}
    tables_in = {"columns": Raw(b'["payload"]'), "rows": Raw(b"[[{}]]")}
    found = {word: [str(log_stores.entries_in({word: value, **tables_in}))] for word, value in own.items()}
    yield from alike("of a line that is no table", found)
    cassette = (
        f"interactions:\n- request: {{method: POST, uri: '{_URL}', body: %s}}\n"
        "  response: {status: {code: 503}, body: {string: ''}}\nversion: 1\n"
    )
    nothing = {word: read_log((cassette % word).encode(), "one.yaml") for word in vcr_yaml._NULLS}
    yield from alike("no body", nothing)
    yield from (
        f"1{unit}: {limits.bytes_of(f'1{unit}')} {limits.shown_size(factor)}"
        for unit, factor in limits._UNITS.items()
    )
    sources = (
        None,
        "a.log",
        "a.log:7",
        "a.log:7#2",
        r"C:\a.log:7",
        "a:b:70",
        "a.log:x",
        ":7",
        f"a.log:{'7' * 19}",
    )
    yield from (f"{source}: {source_line(source)}" for source in sources)
    record = {"venue": "bybit", "payload": _GONE}
    pairings = {word: read_lines({**record, "pairing": word}) for word in (*get_args(Pairing), "x")}
    yield from alike("pairing", pairings)
    dialects = {word: read_lines({**record, "dialect": word}) for word in ("quoted-numbers", "x")}
    yield from alike("dialect", dialects)
    values: tuple[Any, ...] = (1, 1.5, "x", True, {}, [], None)
    for value in values:
        lines = {
            key: read_lines({**record, key: value})
            for key in ("status", "venue", "request", "account", "sent_ns")
        }
        yield from alike(f"{json.dumps(value)} in a record", lines)
