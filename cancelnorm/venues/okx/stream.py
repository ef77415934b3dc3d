"""OKX private stream ``orders``: what becomes of orders, cancels among it.

An order shown here with its last state is gone; what REST and the WebSocket API answer only says that a request
was accepted. The same cancel may be pushed again with another time.
"""

from collections.abc import Callable
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import EventMap, by_words
from cancelnorm.reader.fast import builtins_of
from cancelnorm.reader.scalars import Prose
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import CancelEvent, Evidence, Normalised
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.okx.causes import causes
from cancelnorm.venues.okx.messages import DOCS, IDS
from cancelnorm.venues.okx.states import OrderState, state_events, state_maps

# --- What OKX sends ---


class Arg(Camel):
    """Subscription of a frame."""

    channel: str
    inst_type: str | UnsetType = UNSET
    inst_family: str | UnsetType = UNSET
    uly: str | UnsetType = UNSET  # the same, until 2023
    inst_id: str | UnsetType = UNSET
    uid: str | UnsetType = UNSET  # in all recordings


class OrdersArg(Arg):
    """The channel of orders."""

    channel: Literal["orders"]


class StreamedOrder(OrderState):
    """An order in a frame, which may hold orders of several products."""

    code: str | UnsetType = UNSET  # of an amendment; "0"
    msg: Prose | UnsetType = UNSET
    req_id: str | UnsetType = UNSET  # of an amendment
    amend_result: str | UnsetType = UNSET  # "-1": failed, "0": done, "1": failed and canceled, "2": by itself
    exec_type: str | UnsetType = UNSET
    fill_fee: str | UnsetType = UNSET
    fill_fee_ccy: str | UnsetType = UNSET
    fill_notional_usd: str | UnsetType = UNSET
    notional_usd: str | UnsetType = UNSET
    amend_source: str | UnsetType = UNSET  # since 2023-09
    fill_pnl: str | UnsetType = UNSET  # since 2023-09
    fill_px_vol: str | UnsetType = UNSET  # since 2023-09
    fill_px_usd: str | UnsetType = UNSET  # since 2023-09
    fill_mark_vol: str | UnsetType = UNSET  # since 2023-09
    fill_fwd_px: str | UnsetType = UNSET  # since 2023-09
    fill_mark_px: str | UnsetType = UNSET  # since 2023-09
    last_px: str | UnsetType = UNSET  # since 2023-11
    fill_idx_px: str | UnsetType = UNSET  # since 2025-01


class OrdersFrame(Camel):
    """Frame with changes; it has no time of its own."""

    arg: OrdersArg
    data: list[StreamedOrder]


# --- What it means ---

STREAMED: Final = state_maps(
    StreamedOrder,
    by_words(
        causes(Evidence.FINAL_REPORT),
        StreamedOrder.state,
        StreamedOrder.cancel_source,
        StreamedOrder.amend_result,
        raw_status=StreamedOrder.state,
    ),
    also=(StreamedOrder.amend_result,),
    zeros=(StreamedOrder.code, StreamedOrder.fill_fee, StreamedOrder.fill_pnl),
)


def orders(raw: OrdersFrame, call: Call) -> Normalised:
    """Map a frame: the orders in it that are about a cancel."""
    return shown_in(raw.arg, state_events(raw.data, STREAMED, call), call)


def frame_of(each: EventMap) -> Callable[[Any, Call], Normalised]:
    """Function that maps a frame: what of its rows is about a cancel."""
    return lambda raw, call: shown_in(raw.arg, each.events(raw.data, call, "$.data[{}]"), call)


def shown_in(arg: Arg, events: list[CancelEvent], call: Call) -> Normalised:
    """The events of a frame; where it has none, nothing is known."""
    return call.result(call.or_unknown(events, "$.data"), extra={"arg": builtins_of(arg)})


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("stream orders", OrdersFrame, orders),
    product=None,
    ids=IDS,
    docs=f"{DOCS}order-book-trading-trade-ws-order-channel",
    skips=True,
)
