"""Requests and answers that a program printed, as answers of HTTP."""

import re
from typing import Final

from cancelnorm import venues
from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.http import Answer, header_secrets, unanswered
from cancelnorm.logs.item import Unreadable
from cancelnorm.logs.options import Options
from cancelnorm.logs.urls import valid
from cancelnorm.record import Pairing, Record

__all__ = ["answer_in", "without_answer"]

_NAME: Final = re.compile(r"(?<![\w-])([\w-]++)[\"'\]]?\s*+(?::|=>)\s*+[\"']?([^\"',\n}]*+)")
_NOTHING: Final = ("None", "undefined", "")  # an absent body, in each of the languages


def answer_in(part: Printed, asked: Printed | None, location: str) -> Answer:
    """The answer that was printed, and its request if that is known."""
    return Answer(
        source=location,
        url=valid(part.url),
        payload=part.body.encode("utf-8", "surrogateescape"),
        method=valid(part.method),
        status=part.status,
        sent=asked.body if asked and asked.body not in _NOTHING else None,
        secrets=_secrets(part.headers + (asked.headers if asked else "")),
        sent_ns=asked.at if asked else None,
        received_ns=part.at,
        venue=_venue(part),
    )


def without_answer(
    request: Printed,
    location: str,
    options: Options,
    pairing: Pairing = "no_answer",
) -> Record | Unreadable | None:
    """The record of a request without an answer; None if it may not cancel orders, or is of no venue."""
    answer = Answer(
        source=location,
        url=valid(request.url),
        payload=b"",
        method=valid(request.method),
        sent=None if request.body in _NOTHING else request.body,
        secrets=_secrets(request.headers),
        sent_ns=request.at,
        venue=_venue(request),
    )
    record = unanswered(answer, options, pairing)
    is_named = request.exchange is not None and answer.venue is None  # an exchange that is no venue
    return None if is_named and not isinstance(record, Record) else record


def _venue(part: Printed) -> str | None:
    """The venue that a request or an answer names."""
    venue = venues.find(part.exchange) if part.exchange else None
    return None if venue is None else venue.name


def _secrets(headers: str) -> tuple[str, ...]:
    """List the headers that hold a secret, in a table as any of the languages prints it."""
    return tuple(dict.fromkeys(header_secrets(_NAME.findall(headers)))) if headers else ()
