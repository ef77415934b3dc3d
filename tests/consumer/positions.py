"""A program that uses the public names as a consumer does, and says of each result which type it must have.

It is type-checked with the package that the wheel installs, by mypy and pyright, both strict.
"""

import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, assert_never, assert_type

from cancelnorm import (
    AmbiguousPayloadError,
    CancelEvent,
    CancelNormError,
    Evidence,
    NotACancel,
    Outcome,
    PayloadError,
    Reason,
    Record,
    Refused,
    UnknownEndpointError,
    decode,
    encode,
    event_ids,
    events,
    identify,
    normalise,
    order_key,
    parse,
)
from cancelnorm.check import Finding, check
from cancelnorm.logs import Unreadable, read

ANSWER = b'{"code": -2011, "msg": "Unknown order sent."}'


def advice(event: CancelEvent) -> str:
    """What to do about the order of an event."""
    match event.outcome:
        case Outcome.CANCELED | Outcome.REDUCED:
            return f"gone, {event.filled_quantity or 0} filled"
        case Outcome.REJECTED:
            return "look it up" if event.is_order_gone else "still open"
        case Outcome.PENDING | Outcome.UNKNOWN:
            return "wait for the stream"
    assert_never(event.outcome)


def open_quantity(event: CancelEvent) -> Decimal:
    """How much of an order may still fill."""
    assert_type(event.outcome, Outcome)
    assert_type(event.evidence, Evidence)
    assert_type(event.reason, Reason | None)
    assert_type(event.order_id, str | None)
    assert_type(event.event_ns, int | None)
    assert_type(event.extra, dict[str, Any] | None)
    assert_type(event.unfilled_quantity, Decimal | None)
    return Decimal() if event.is_order_gone else event.unfilled_quantity or Decimal()


def of_answer(payload: bytes) -> tuple[CancelEvent, ...]:
    """The events of one answer."""
    record = Record(payload, "binance", "DELETE /api/v3/order", status=400, request={"orderId": 7})
    result = normalise(record, drift="refuse")
    assert_type(result.events, tuple[CancelEvent, ...])
    assert_type([note.path for note in result.notes], list[str])
    assert_type(event_ids(record, result), tuple[bytes, ...])
    assert_type(identify(payload, venue="binance"), list[tuple[str, str]])
    assert_type(parse(record), Any)
    return result.events


def failure(payload: bytes) -> str:
    """Why an answer is not understood; empty where it is."""
    try:
        of_answer(payload)
    except PayloadError as error:
        assert_type(error.path, str)
        assert_type(error.event, CancelEvent)
        return error.expected
    except NotACancel as error:
        return error.frame
    except UnknownEndpointError as error:
        assert_type(error.known, tuple[str, ...])
        return error.venue
    except AmbiguousPayloadError as error:
        return str(error)
    except CancelNormError as error:
        assert_type(error, CancelNormError)
        return str(error)
    return ""


def of_log(path: str) -> Iterator[str]:
    """What a log says of each order."""
    found = events(path, drift="collect")
    for item in found:
        if isinstance(item, Refused):
            assert_type(item.finding, Finding)
            yield item.finding.message
        else:
            assert_type(item, CancelEvent)
            assert_type(order_key(item), str | None)
            assert decode(encode(item)) == item
            yield advice(item)
    assert_type(found.record, Record | Unreadable | None)
    yield from (finding.rule.name for finding in check(read(path)))


def main() -> None:
    """Print what a log says, and an answer."""
    for path in sys.argv[1:]:
        print(*of_log(path), sep="\n")
    print(*map(advice, of_answer(ANSWER)), *map(open_quantity, of_answer(ANSWER)), failure(b'{"id": 7}'))


if __name__ == "__main__":
    main()
