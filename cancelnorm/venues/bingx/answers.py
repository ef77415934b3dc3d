"""BingX perpetuals: how the events of an answer are put together, whatever the margin."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from cancelnorm.codec import Codec, failure, unknown, verdict_of
from cancelnorm.reader.fast import checked
from cancelnorm.record import Record
from cancelnorm.schema import CancelEvent, EventKind, Evidence, Identity, Normalised, Note, Outcome, Reason
from cancelnorm.venues.bingx.codes import SWAP
from cancelnorm.venues.bingx.contracts import ContractOrder, NoOrder, facts, order_event, order_notes
from cancelnorm.venues.bingx.orders import id_text
from cancelnorm.venues.bingx.spot import ApiError, Reply, refusal, said, scope_event

__all__ = ["answer", "failed_event", "listed_events", "refused", "unlisted", "unsaid"]


def answer(raw: Reply, events: list[CancelEvent], notes: Iterable[Note], asked: Iterable[str]) -> Normalised:
    """Put an answer together, with a note for each order that was asked for and is not in it."""
    return Normalised(tuple(events), (*notes, *_unanswered_notes(asked, events)), extra=said(raw))


def refused(raw: ApiError, record: Record, codec: Codec) -> Normalised:
    """Map a request that failed as a whole."""
    verdict = verdict_of(SWAP, raw.code, raw.msg, record.status)
    return refusal(raw, failure(codec, record, verdict, code=str(raw.code), message=raw.msg or None))


def listed_events(
    orders: Iterable[ContractOrder | NoOrder],
    record: Record,
    codec: Codec,
    notes: list[Note],
    *,
    response_ns: int | None = None,
) -> Iterator[CancelEvent]:
    """One event an order of a list of canceled ones."""
    for index, order in enumerate(orders):
        at = f"$.data.success[{index}]"
        if isinstance(order, NoOrder):
            sent = facts(checked(order))
            notes.append(Note("phantom-row", at, "an empty order, which names none", sent))
            continue
        event = order_event(order, record, codec, taken=Evidence.LISTED, index=index, response_ns=response_ns)
        notes += order_notes(order, event, at)
        yield event


def failed_event(
    record: Record,
    codec: Codec,
    *,
    code: int,
    message: str,
    order_id: int | str,
    client_order_id: str | None,
    index: int,
    response_ns: int | None = None,
) -> CancelEvent:
    """The event of an order that was not canceled with the others, with the symbol of the request."""
    verdict = verdict_of(SWAP, code, message)
    event = failure(codec, record, verdict, code=str(code), message=message or None, response_ns=response_ns)
    named, client_order_id = id_text(order_id), client_order_id or None
    if named is None and client_order_id is None:
        return replace(event, index=index)
    return replace(
        event,
        kind=EventKind.ORDER,
        index=index,
        order_id=named,
        client_order_id=client_order_id,
        identity=Identity.REQUEST if event.symbol else Identity.RESPONSE,
    )


def unlisted(
    orders: list[ContractOrder | NoOrder] | None,
    record: Record,
    codec: Codec,
    *,
    response_ns: int | None = None,
) -> CancelEvent:
    """The event of lists of all open orders that name none.

    Empty lists say that nothing was open; rows that are no orders do not say that.
    """
    said: tuple[Outcome, Evidence, Reason | None] = (Outcome.PENDING, Evidence.ACKNOWLEDGED, None)
    if not orders:
        said = (Outcome.REJECTED, Evidence.LISTED, Reason.NOT_FOUND)
    return replace(scope_event(record, codec, *said), response_ns=response_ns)


def unsaid(record: Record, codec: Codec) -> CancelEvent:
    """The event of an answer in which nothing is said of any order."""
    return failure(codec, record, unknown(Reason.OTHER), code=None, message=None)


def _unanswered_notes(asked: Iterable[str], events: Iterable[CancelEvent]) -> Iterator[Note]:
    """A note for each order that was asked for and is not in the answer.

    That is how an id shows that lost its last digits in a binary float on its way into the recording.
    """
    named = {event.order_id for event in events}
    for order_id in asked:
        if order_id not in named:
            message = f"the request named order {order_id}, the answer does not"
            yield Note("unanswered-order", "$.data", message)
