"""Documents in JSON that keep what a program printed or raised: events of Sentry, and notebooks of Jupyter."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Raw

__all__ = ["printed_in"]

Members = Mapping[str, Raw]

_CHAINED: Final = "\n\nDuring handling of the above exception, another exception occurred:\n\n"
_FAILURE: Final = 400  # and any status above
_value: Final = msgspec.json.Decoder().decode


def printed_in(found: Members) -> list[Members] | None:
    """The texts in a document, in order, each as a line of a logger has it; None if an object is no such document."""
    is_event = "event_id" in found or "eventID" in found
    if not (is_event or ("nbformat" in found and "cells" in found)):
        return None
    try:
        document = {key: _value(raw) for key, raw in found.items() if key in _READ}
        before = [*_crumbs(document)] if is_event else [(text, None) for text in _printed(document)]
        raised = [*_raised(document)] if is_event else []
    except (ValueError, RecursionError, TypeError, AttributeError, KeyError):
        return None  # not in this form after all
    at = {"timestamp": found["timestamp"]} if "timestamp" in found else {}  # of the error
    logged = [text for text, _ in before if text]
    lines: list[Members] = [
        {"message": _encoded(text), **({"timestamp": _encoded(when)} if when else {})}
        for text, when in before
        if text
    ]
    lines += [
        {**at, "message": _encoded(text)}
        for place, text in enumerate(raised)
        if text and not (place < _MOST_RAISED and _is_in(text, logged))
    ]
    return lines or None


def _is_in(error: str, logged: Sequence[str]) -> bool:
    """Tell whether the object in an error was logged before, as it often is."""
    told = error[error.find("{") : error.rfind("}") + 1]
    return ":" in told and any(told in text for text in logged)


def _encoded(value: object) -> Raw:
    return Raw(msgspec.json.encode(value))


_MOST_RAISED: Final = 32  # errors that are looked for in what was logged before
_READ: Final = frozenset({"exception", "breadcrumbs", "logentry", "message", "entries", "cells"})


def _parts(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parts of an event by their names; Sentry's API lists them as entries."""
    return {**event, **{entry["type"]: entry["data"] for entry in event.get("entries", ())}}


def _crumbs(event: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """What was logged before an error was raised, with its time, and the requests that failed.

    The time of these is not when they were sent.
    """
    for crumb in _values(_parts(event).get("breadcrumbs")):
        data = crumb.get("data") or {}
        status = data.get("status_code")
        if isinstance(status, int) and status >= _FAILURE and "url" in data and "method" in data:
            query = data.get("http.query")
            yield f"{data['method']} {data['url']}{f'?{query}' if query else ''} {status}", None
        elif isinstance(crumb.get("message"), str):
            yield crumb["message"], crumb.get("timestamp")


def _raised(event: Mapping[str, Any]) -> Iterator[str]:
    """What was logged, and the errors as a traceback has them."""
    parts = _parts(event)
    logged = parts.get("logentry") or parts.get("message") or {}
    yield str(logged if isinstance(logged, str) else logged.get("formatted") or logged.get("message") or "")
    errors = _values(parts.get("exception"))
    yield _CHAINED.join(f"{error['type']}: {error.get('value') or ''}" for error in errors)


def _values(held: Any) -> list[Mapping[str, Any]]:
    """What Sentry lists under ``values``, or without it."""
    found = held.get("values") if isinstance(held, dict) else held
    return found or []


def _printed(notebook: Mapping[str, Any]) -> Iterator[str]:
    """What the cells of a notebook printed, returned and raised."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            if output["output_type"] == "error":
                yield f"{output['ename']}: {output['evalue']}"
            text = output.get("text") or output.get("data", {}).get("text/plain") or ""
            yield text if isinstance(text, str) else "".join(text)
