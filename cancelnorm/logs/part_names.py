"""The names of a record's parts, and where lines of JSON usually have them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from cancelnorm.caching import cached
from cancelnorm.errors import CancelNormError, cited
from cancelnorm.logs.json_path import Steps, steps

__all__ = [
    "AXIOS",
    "ERRORS",
    "LOGGED",
    "MESSAGE_TIMES",
    "PARTS",
    "RESPONSE",
    "USUAL_STEPS",
    "VENUES",
    "WRAPPERS",
    "UnknownPartError",
    "column_names",
    "key_of_payload",
    "mapped_steps",
    "usual_steps",
]

_TEXTS: Final = (
    *("text", "textPayload", "message", "msg", "log", "MESSAGE", "line"),
    "@message",  # of CloudWatch
    "LogMessage",  # of Azure
    "_raw",  # of Splunk
    "_msg",  # of VictoriaLogs
    *("@m", "@x", "RenderedMessage"),  # of Serilog
    "Message",  # of .NET
    *("full_message", "short_message"),  # of GELF, the second one perhaps shortened
    "Content",  # of Datadog's tables
)
"""Names of what a logger wrote."""


def _with_dots(*names: str) -> tuple[str, ...]:
    """Names of the Elastic Common Schema and of OpenTelemetry, in objects or with dots in the names."""
    return tuple(form for name in names for form in (name, f'$["{name}"]'))


VENUES: Final = ("venue", "exchange", "exchange_id", "ex")
"""Names of the venue, the likeliest first."""

MESSAGE_TIMES: Final = (
    *("date_unixtime", "date"),  # of Telegram
    *("createdAt", "created_at", "create_at"),  # of GitHub and Mattermost
    *("publishTime", "_messagetime", "dt"),  # of queues and stores of logs
)
"""Names of the time of a message in documents of other programs; in a line, they may be an order's."""

WRAPPERS: Final = frozenset(
    {"payload", "response", "resp", "body", "raw", "raw_message", "raw_response", "rawResponse", "frame"}
)
"""Keys under which recorders and programs keep what a venue sent, and no logger its own texts."""

_USUAL: Final[Mapping[str, tuple[str, ...]]] = {
    "payload": (
        *("payload", "response.body", "response.content.text", "response.text", "response.payload"),
        *(
            "response.data",
            "response",
            "resp",
            "body",
            "raw",
            "raw_message",
            "frame",
            "content",
        ),
        *(
            "response_body",
            "responseBody",
            "raw_response",
            "rawResponse",
            "rawMessage",
            "raw_data",
            "rawData",
        ),
        *("answer", "reply", "res.body", "res.data"),
        *_with_dots("http.response.body.content", "http.response.body"),
        *("Body", "ResponseBody", "Response"),  # of Serilog, whose names are those of its templates
        *_TEXTS,
        *("value", "data", "event", "info"),
    ),
    "venue": VENUES,
    "endpoint": ("endpoint",),
    "url": (
        *_with_dots("url.full", "http.url"),
        *("url", "uri", "request.url", "request.uri", "request_url", "requestUrl", "path", "request.path"),
        *("config.url", "response.config.url"),  # of axios
        "req.url",  # of pino
        *("requestParams.requestUrl", "requestOptions.reqUrl"),  # of SDKs for Node.js
        *("Url", "RequestUri", "RequestUrl", "RequestPath"),
    ),
    "method": (
        *("method", "http_method", "request.method", "verb"),
        *("config.method", "response.config.method"),  # of axios
        *("requestParams.method", "req.method"),
        *_with_dots("http.request.method", "http.method"),
        *("Method", "RequestMethod", "HttpMethod"),
    ),
    "status": (
        *("status", "status_code", "statusCode", "http_status", "response.status"),
        *("response.status_code", "response.statusCode", "res.statusCode", "res.status"),
        *_with_dots("http.response.status_code", "http.status_code"),
        *("Status", "StatusCode"),
    ),
    "request": (
        *("request.params", "request.body", "request.data", "params", "request_params", "request_body"),
        *("config.data", "response.config.data"),  # of axios
        *("requestParams.params.body", "requestParams.options.data", "requestOptions.reqBody"),
        *_with_dots("http.request.body.content", "http.request.body"),
        *("RequestBody", "Request"),
        *("requestParams", "requestBody", "req.params", "req.body", "req.data", "request", "req"),
        "body",  # beside a response
    ),
    "sent": (
        *("sent_ns", "sent", "sent_at", "sent_ts", "ts_sent", "request_time", "request.time"),
        *("request.timestamp", "request_ts", "started"),
    ),
    "received": (
        *(
            "record.time.timestamp",
            "time.timestamp",
            "received_ns",
            "received",
            "received_at",
            "recv_ts",
            "ts_recv",
            "recv_time",
            "local_ts",
        ),
        *("local_timestamp", "response_time", "response.time", "response.timestamp", "ts", "timestamp"),
        *(
            "time",
            "@timestamp",
            "__REALTIME_TIMESTAMP",
            "asctime",
            "_time",
            "@t",
            "Timestamp",
            "timeUnixNano",
        ),
        *("Date", "TimeGenerated"),  # of Datadog's tables, and of Azure's
    ),
    "account": (
        *("account", "account_id", "accountId", "account_name", "accountName", "subaccount", "sub_account"),
        *("subAccount", "subaccount_id", "subAccountId", "api_key_name", "apiKeyName", "api_key_label"),
        *("ctx.account", "context.account", "extra.account", "fields.account"),
    ),
    "direction": ("direction", "dir"),
    "connection": (
        *("connection", "conn", "connection_id", "connectionId", "conn_id", "connId", "socket", "socket_id"),
        *("socketId", "ws_id", "wsId", "session", "session_id", "sessionId", "stream", "stream_id"),
    ),
    "source": (),
    "offset": (),
}

LOGGED: Final = frozenset((*_TEXTS, "value", "event", "info"))
"""Keys of a logger's text, in which a frame may stand, or none."""

ERRORS: Final = frozenset(
    {
        *("error", "err", "exception", "exc", "exc_info", "cause", "reason"),
        *("stack", "stack_trace", "stackTrace", "stacktrace", "traceback", "errorVerbose"),
    }
)
"""Keys under which loggers write an error."""

AXIOS: Final = frozenset(
    {
        "data",
        "status",
        "statusCode",
        "status_code",
        "statusText",
        "headers",
        "config",
        "request",
        "ok",
        "url",
        "method",
    }
)
"""Keys of a response beside its ``data``, where that is the body; a venue's own envelope has others."""

RESPONSE: Final = AXIOS | {
    *("body", "text", "content", "payload", "json", "reason", "elapsed", "cookies", "encoding"),
    *("http_version", "httpVersion", "time", "timestamp"),
}
"""Keys of a response over HTTP beside its status; an answer of a venue's own has others."""

PARTS: Final = tuple(_USUAL)
"""The parts of a record that can be mapped to a path."""

USUAL_STEPS: Final = {part: tuple(map(steps, names)) for part, names in _USUAL.items()}
"""Part → the paths at which lines usually have it, the likeliest first."""


class UnknownPartError(CancelNormError):
    """The name of a part is unknown."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part

    def __str__(self) -> str:
        return f"unknown part {cited(self.part)}; the parts of a record are {', '.join(PARTS)}"


def mapped_steps(paths: Mapping[str, str]) -> Mapping[str, Steps]:
    """Parse the caller's paths of parts; UnknownPartError or PathError if one is wrong."""
    for part in paths:
        if part not in PARTS:
            raise UnknownPartError(part)
    return {part: steps(path) for part, path in paths.items()}


def usual_steps(keys: Iterable[str]) -> Mapping[str, tuple[Steps, ...]]:
    """The usual paths of each part, as far as a line with such keys can have them."""
    return _steps_from(_FIRST.intersection(keys))


@cached(1_024)
def key_of_payload(keys: tuple[str, ...]) -> str | None:
    """The key of the payload in a line that has nothing else but its time, and so nothing to tell the venue by.

    None for any other line, and where a logger may have written a text.
    """
    usual = usual_steps(keys)
    if any(paths for part, paths in usual.items() if part not in ("payload", *_TIMES)):
        return None
    times = {path[0] for part in _TIMES for path in usual[part]}
    paths = [path for path in usual["payload"] if path[0] not in LOGGED]
    others = [key for key in keys if key not in times]
    return others[0] if len(usual["payload"]) == 1 and paths == [tuple(others)] else None


_TIMES: Final = ("sent", "received")


def column_names(names: Sequence[str]) -> list[str]:
    """The names of columns as ``usual_steps`` knows them: people write "Status Code", and a time zone behind a time."""
    found = [name if name in _FIRST else _COLUMNS.get(_letters(name), name) for name in names]
    return [name if found.count(other) > 1 else other for name, other in zip(names, found, strict=True)]


def _letters(name: str) -> str:
    return _OTHERS.sub("", _ZONE.sub("", name)).lower()


_ZONE: Final = re.compile(r"[\[(][^\[\]()]*+[\])]$")
_OTHERS: Final = re.compile(r"[^A-Za-z0-9]")
_FIRST: Final = frozenset(path[0] for paths in USUAL_STEPS.values() for path in paths)

_COLUMNS: Final = {
    _letters(str(name)): str(name)
    for paths in reversed(USUAL_STEPS.values())
    for name, *others in reversed(paths)
    if not others and len(_letters(str(name))) > 1
}
"""Letters and digits of the usual name of a part → the name; the likeliest of several."""


@cached(1_024)
def _steps_from(keys: frozenset[str | int]) -> Mapping[str, tuple[Steps, ...]]:
    return {part: tuple(path for path in paths if path[0] in keys) for part, paths in USUAL_STEPS.items()}
