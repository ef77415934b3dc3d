"""Answers of stores of logs: one object with many entries, each what a logger wrote."""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec
from msgspec import Raw

__all__ = ["PATHS", "entries_in", "lines_of"]

PATHS: Final = (
    ("events",),  # CloudWatch: filter-log-events, get-log-events
    ("logEvents",),  # CloudWatch: subscriptions
    ("hits", "hits"),  # Elasticsearch, OpenSearch
    ("data", "result"),  # Loki: query_range
    ("streams",),  # Loki: push
)
"""The keys of the array of entries in an answer."""

_SOURCE: Final = "_source"  # what Elasticsearch keeps of an entry
_ALONE: Final = (_SOURCE, "result")  # the second of Splunk
_STREAM: Final = "stream"  # what Loki tells of all entries of a stream, its labels
_VALUES: Final = "values"  # the entries themselves, each with its time
_object: Final = msgspec.json.Decoder(dict[str, Raw]).decode
_objects: Final = msgspec.json.Decoder(list[dict[str, Raw]]).decode
_values: Final = msgspec.json.Decoder(list[list[Raw]]).decode


def entries_in(found: Mapping[str, Raw]) -> list[Mapping[str, Raw]] | None:
    """The entries in the answer of a store, or in one line of an export, as loggers write them.

    None if an object is neither.
    """
    for key in _ALONE:
        if key in found and bytes(found[key])[:1] == b"{":
            line = _object(found[key])
            if _is_logged(line):
                return [line]
    for first, *others in PATHS:
        if first not in found:
            continue
        try:
            raw = found[first]
            for key in others:
                raw = _object(raw)[key]
            lines = [line for entry in _objects(raw) for line in lines_of(entry)]
        except (ValueError, KeyError, RecursionError):
            continue
        if lines and all(map(_is_logged, lines)):
            return lines
    return None


def lines_of(entry: Mapping[str, Raw]) -> Iterator[Mapping[str, Raw]]:
    """What a logger wrote of an entry, and of each entry of a stream of Loki; an entry of CloudWatch as it is."""
    if _SOURCE in entry:
        yield _object(entry[_SOURCE])
    elif _STREAM in entry and _VALUES in entry:
        labels = _object(entry[_STREAM])
        for at, text, *_ in _values(entry[_VALUES]):
            yield {**labels, "line": text, "timestamp": at}
    else:
        yield entry


def _is_logged(line: Mapping[str, Raw]) -> bool:
    """Tell whether an entry has a text or an object that was logged, and a time."""
    return not _TEXTS.isdisjoint(line) and not _TIMES.isdisjoint(line)


_TEXTS: Final = frozenset({"message", "msg", "log", "line", "@message", "_raw"})
_TIMES: Final = frozenset({"timestamp", "@timestamp", "time", "ts", "_time"})
