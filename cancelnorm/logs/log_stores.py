"""Answers of stores of logs: one object with many entries, each what a logger wrote."""

from collections.abc import Mapping
from typing import Final

import msgspec
from msgspec import Raw

from cancelnorm import recognition
from cancelnorm.logs.change_events import rows_changed
from cancelnorm.logs.devtools import frames_of
from cancelnorm.logs.part_names import VENUES
from cancelnorm.logs.printed_documents import printed_in
from cancelnorm.logs.tables import rows_in

__all__ = ["PATHS", "entries_in", "lines_of"]

PATHS: Final = (
    ("events",),  # CloudWatch: filter-log-events, get-log-events
    ("logEvents",),  # CloudWatch: subscriptions
    ("hits", "hits"),  # Elasticsearch, OpenSearch
    ("data", "result"),  # Loki: query_range
    ("streams",),  # Loki: push
    ("data",),  # Datadog
    ("resourceLogs",),  # OpenTelemetry
)
"""The keys of the array of entries in an answer."""

_SOURCE: Final = "_source"  # what Elasticsearch keeps of an entry
_ATTRIBUTES: Final = "attributes"  # what Datadog keeps of an entry
_JSON: Final = "jsonPayload"  # what Google Cloud keeps of an entry
_RESOURCE: Final = "resource"  # which names the program of an entry
_SCOPES: Final = "scopeLogs"  # of OpenTelemetry, which has the entries in two arrays more
_RECORDS: Final = "logRecords"
_ALONE: Final = ((_SOURCE,), ("result",))  # the second of Splunk
_STREAM: Final = "stream"  # what Loki tells of all entries of a stream, its labels
_VALUES: Final = "values"  # the entries themselves, each with its time
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_objects: Final = msgspec.json.Decoder(list[dict[str, Raw]]).decode
_text: Final = msgspec.json.Decoder(str).decode
_values: Final = msgspec.json.Decoder(list[list[Raw]]).decode


def entries_in(found: Mapping[str, Raw]) -> list[Mapping[str, Raw]] | None:
    """The entries in the answer of a store, a line of an export, a table or a document, as loggers write them.

    None if an object is none of these; no entries if it tells of rows of which nothing is left.
    """
    for keys in (*_ALONE, *PATHS):
        if keys[0] not in found:
            continue
        try:
            raw = found[keys[0]]
            for key in keys[1:]:
                raw = _object(raw)[key]
            entries = [_object(raw)] if keys in _ALONE else _objects(raw)
        except (ValueError, KeyError, RecursionError):
            continue
        lines = [line for entry in entries for line in lines_of(entry)]
        if any(map(_is_logged, lines)):
            return lines
    if _JSON in found and found.keys() <= _GOOGLE and not recognition.takers(bytes(found[_JSON])):
        return lines_of(found)
    if any(bytes(found[key])[:1] == b'"' for key in _OWN if key in found):
        return None  # a line that names its venue is one itself
    for read in (frames_of, rows_changed, printed_in, rows_in):
        if (others := read(found)) is not None:
            return others
    return None


_GOOGLE: Final = frozenset(  # the keys of an entry
    {
        *("insertId", _JSON, "labels", "logName", "operation", "receiveTimestamp", "resource", "severity"),
        *("sourceLocation", "spanId", "timestamp", "trace", "traceSampled"),
    }
)
_OWN: Final = (*VENUES, "endpoint")


def lines_of(entry: Mapping[str, Raw]) -> list[Mapping[str, Raw]]:
    """What a logger wrote of an entry, and of each entry of a stream of Loki; any other object as it is."""
    try:
        if _SOURCE in entry:
            return [_object(entry[_SOURCE])]
        if _JSON in entry and bytes(entry[_JSON])[:1] == b"{":
            kept = {key: at for key, at in entry.items() if key in _TIMES or key == _RESOURCE}
            return [{**kept, **_object(entry[_JSON])}]
        if _SCOPES in entry:
            scopes = (_objects(each[_RECORDS]) for each in _objects(entry[_SCOPES]) if _RECORDS in each)
            return [_recorded(record) for records in scopes for record in records]
        if _ATTRIBUTES in entry and bytes(entry[_ATTRIBUTES])[:1] == b"{" and not _is_logged(entry):
            kept = _object(entry[_ATTRIBUTES])
            own = _object(kept[_ATTRIBUTES]) if _ATTRIBUTES in kept else {}
            return [{**own, **kept}]
        if _STREAM in entry and _VALUES in entry:
            labels = _object(entry[_STREAM])
            return [{**labels, "line": text, "timestamp": at} for at, text, *_ in _values(entry[_VALUES])]
    except (ValueError, KeyError, RecursionError):
        pass
    return [entry]


def _recorded(record: Mapping[str, Raw]) -> Mapping[str, Raw]:
    """What OpenTelemetry has of an entry: its body, its time, and its attributes, each with the type of its value."""
    attributes = _objects(record[_ATTRIBUTES]) if _ATTRIBUTES in record else []
    named = {_text(each["key"]): _value_in(each["value"]) for each in attributes if "value" in each}
    body = {"message": _value_in(record["body"])} if "body" in record else {}
    at = record.get("timeUnixNano") or record.get("observedTimeUnixNano")
    return {**named, **body, "timestamp": at or Raw(b"null")}


def _value_in(value: Raw) -> Raw:
    """The value of an attribute of OpenTelemetry, without its type."""
    return next(iter(_object(value).values()), Raw(b"null"))


def _is_logged(line: Mapping[str, Raw]) -> bool:
    """Tell whether an entry has a text or an object that was logged, and a time."""
    return not _TEXTS.isdisjoint(line) and not _TIMES.isdisjoint(line)


_TEXTS: Final = frozenset({"message", "msg", "log", "line", "@message", "_raw"})
_TIMES: Final = frozenset({"timestamp", "@timestamp", "time", "ts", "_time"})
