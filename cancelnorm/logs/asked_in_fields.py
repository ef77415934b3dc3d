"""Requests over HTTP in the fields that a logger puts behind its text, as zap and winston do."""

from collections.abc import Mapping
from typing import Final

import msgspec
from msgspec import Raw

from cancelnorm.logs.json_path import Steps, at
from cancelnorm.logs.part_names import ERRORS, WRAPPERS, usual_steps

__all__ = ["asked_in"]

_METHODS: Final = frozenset({"DELETE", "GET", "PATCH", "POST", "PUT"})
_ANSWERS: Final = frozenset({"answer", "reply"})
_NO_REQUESTS: Final = WRAPPERS | ERRORS | _ANSWERS


def asked_in(fields: Mapping[str, Raw]) -> tuple[str, str] | None:
    """The method and the URL of a request that has its parameters in the URL, if the fields say no more of it.

    None for any other object: with a body, a status, an answer or an error it may be more than a request, and with a
    URL alone it may be a setting of the program.
    """
    if not _NO_REQUESTS.isdisjoint(fields):
        return None
    steps = usual_steps(fields)
    if steps["status"]:
        return None
    method, url = _text(fields, steps["method"]).upper(), _text(fields, steps["url"])
    return (method, url) if method in _METHODS and "?" in url else None


def _text(fields: Mapping[str, Raw], places: tuple[Steps, ...]) -> str:
    """The first text at some places; empty if there is none."""
    try:
        found = next((raw for place in places if (raw := at(fields, place)) is not None), None)
        return "" if found is None else msgspec.json.decode(found, type=str)
    except (ValueError, RecursionError):  # it is no text, or an object around it is broken
        return ""
