"""Hyperliquid actions over its socket: the answers of REST in a frame with the id of the request."""

import re
from collections.abc import Callable
from types import MappingProxyType
from typing import Any, ClassVar, Final, Literal

from cancelnorm.caching import cached
from cancelnorm.endpoint import Call
from cancelnorm.reader.scalars import Int, Prose
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import EventKind, Normalised
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.hyperliquid.actions import ACTIONS
from cancelnorm.venues.hyperliquid.messages import (
    DOCS,
    IDS,
    OPEN,
    CancelAnswer,
    DefaultAnswer,
    OrderAnswer,
    Refused,
    Rows,
    TwapAnswer,
    answer_events,
    is_anyones,
    opened,
    said_beside,
)
from cancelnorm.venues.hyperliquid.refusals import refusal

# --- What Hyperliquid sends ---


class Response(Exact):
    """Fields of every response; "error" of a request that was not understood, or was one too many."""

    type: Literal["action", "error"]


class Posted(Exact):
    """Fields of every answer."""

    id: Int  # of the request, as the client gave it; unique on its connection


class Reply(Exact):
    """A frame with an answer."""

    channel: Literal["post"]


class CancelResponse(Response):
    """That to a cancel."""

    payload: CancelAnswer | Prose


class PostedCancel(Posted):
    """The same, with its id."""

    response: CancelResponse


class CancelReply(Reply):
    """The answer to a cancel."""

    data: PostedCancel


class TwapResponse(Response):
    """That to the cancel of a TWAP order."""

    payload: TwapAnswer | Prose


class PostedTwap(Posted):
    """The same, with its id."""

    response: TwapResponse


class TwapReply(Reply):
    """The answer to the cancel of a TWAP order."""

    data: PostedTwap


class DefaultResponse(Response):
    """That to an action without data."""

    payload: DefaultAnswer | Prose


class PostedDefault(Posted):
    """The same, with its id."""

    response: DefaultResponse


class DefaultReply(Reply):
    """The answer to an action without data."""

    data: PostedDefault


class OrderResponse(Response):
    """That to orders that replace others."""

    payload: OrderAnswer | Prose


class PostedOrders(Posted):
    """The same, with its id."""

    response: OrderResponse


class OrderReply(Reply):
    """The answer to orders that replace others."""

    data: PostedOrders


class SocketError(Exact):
    """A frame that was not taken: of a request by its number, of a subscription, or of no known kind."""

    bare: ClassVar = True
    channel: Literal["error"]
    data: Prose


# --- What it means ---

_AT: Final = "$.data.response.payload"
_TYPES: Final = ("action", "error")
_CHANNELS: Final = ("post", "error")


@cached(16)
def posted(rows: Rows, refused: Refused) -> Callable[[Any, Call], Normalised]:
    """Function that maps the answers to an action; the same for all that are answered alike."""

    def reply(raw: Any, call: Call) -> Normalised:
        call.request_id = str(raw.data.id)
        response = raw.data.response
        said: dict[str, Any] = {} if raw.channel in _CHANNELS else {"channel": raw.channel}
        if response.type not in _TYPES:
            said["response.type"] = response.type
        if isinstance(response.payload, str):
            if response.type == "action":
                call.note("contradiction", "$.data.response.type", "an answer that is a text", response.type)
            return call.result([refused(response.payload, call)], extra=said)
        events = answer_events(response.payload, call, _AT, rows, refused)
        if response.type == "error":
            call.note("contradiction", "$.data.response.type", "an answer beside an error", response.type)
            events = opened(events)
        return call.result(events, extra={**said, **said_beside(response.payload)})

    return reply


def is_shared(raw: Any) -> bool:
    """Whether an answer, without its request, may be to another action as well."""
    payload = raw.data.response.payload
    return isinstance(payload, str) or is_anyones(payload)


_TOO_MANY: Final = re.compile(r"too many pending post requests id=([0-9]{1,20})", re.ASCII | re.IGNORECASE)


def error(raw: SocketError, call: Call) -> Normalised:
    """Map an error of the connection: it may be about anything, but for one that names a request."""
    said = {} if raw.channel in _CHANNELS else {"channel": raw.channel}
    match = _TOO_MANY.search(raw.data)
    if match is None:
        verdict = refusal(raw.data)._replace(outcome=OPEN.outcome, evidence=OPEN.evidence)
    else:
        call.request_id = match[1]
        verdict = refusal(raw.data)
    return call.result([call.event(EventKind.REQUEST, verdict, message=raw.data)], extra=said)


REPLIES: Final = MappingProxyType(
    {
        CancelAnswer: CancelReply,
        TwapAnswer: TwapReply,
        DefaultAnswer: DefaultReply,
        OrderAnswer: OrderReply,
    }
)

# --- Endpoints ---

_PAGE: Final = f"{DOCS}websocket/post-requests"

ENDPOINTS: Final = (
    *endpoints(
        *(
            endpoint(
                f"ws post {each.name}",
                REPLIES[each.answer],
                posted(each.rows, each.refused),
                request=each.keys,
                ids=each.ids,
            )
            for each in ACTIONS
        ),
        product=None,
        is_shared=is_shared,
        ids=IDS,
        docs=_PAGE,
        skips=True,
    ),
    *endpoints(
        endpoint("ws error", SocketError, error),
        product=None,
        ids=IDS,
        docs=_PAGE,
        skips=True,
    ),
)
