"""Every venue and every endpoint, and the strategies that the laws use."""

from cancelnorm import venues
from cancelnorm.testing.payloads import (
    Answer,
    answers,
    decimal_texts,
    endpoints,
    int64s,
    json_values,
    passed_over,
    payloads,
    relevant,
    requests,
    rewritten,
    spots,
    texts,
    values,
)
from cancelnorm.testing.places import Place, changed, places, without

__all__ = [
    "ENDPOINTS",
    "VENUES",
    "Answer",
    "Place",
    "answers",
    "changed",
    "decimal_texts",
    "endpoints",
    "int64s",
    "json_values",
    "passed_over",
    "payloads",
    "places",
    "relevant",
    "requests",
    "rewritten",
    "spots",
    "texts",
    "values",
    "without",
]

VENUES = venues.names()
ENDPOINTS = [endpoint for venue in venues.every().values() for endpoint in venue.endpoints.values()]
