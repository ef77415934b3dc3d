"""MEXC contract streams: what becomes of orders, cancels among it. These frames are the final word."""

from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import EventMap, amount
from cancelnorm.reader.scalars import DecimalNumber, Epoch, Int, NumberOrEmpty, ns_of
from cancelnorm.reader.structs import Camel
from cancelnorm.schema import Evidence, Normalised
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.mexc.contract_messages import DOCS, ORDER_IDS, PLAN_IDS, STOP_IDS, TRACK_IDS
from cancelnorm.venues.mexc.contract_orders import AnyOrder, order_map
from cancelnorm.venues.mexc.contract_states import order_end
from cancelnorm.venues.mexc.contract_triggers import (
    PlanOrder,
    StopOrder,
    TrackOrder,
    plan_map,
    stop_map,
    track_map,
)

# --- What MEXC sends ---


class StreamedOrder(AnyOrder):
    """An order in a frame."""

    remain_vol: DecimalNumber  # contracts
    # Since 2025-11.
    maker_fee_rate: NumberOrEmpty | UnsetType = UNSET
    taker_fee_rate: NumberOrEmpty | UnsetType = UNSET
    # Recorded in 2026.
    biz_source: Int | UnsetType = UNSET
    position_type: str | UnsetType = UNSET  # long, short
    side_type: str | UnsetType = UNSET  # buy, sell


class OrderFrame(Camel):
    """An order that changed."""

    channel: Literal["push.personal.order"]
    data: StreamedOrder
    ts: Epoch


class PlanFrame(Camel):
    """A plan order that changed."""

    channel: Literal["push.personal.plan.order"]
    data: PlanOrder
    ts: Epoch


class StopFrame(Camel):
    """A take-profit or stop-loss order that changed."""

    channel: Literal["push.personal.stop.planorder"]
    data: StopOrder
    ts: Epoch


class TrackFrame(Camel):
    """A trailing order that changed."""

    channel: Literal["push.personal.track.order"]
    data: TrackOrder
    ts: Epoch


# --- What it means ---

STREAMED: Final = order_map(
    StreamedOrder,
    order_end(Evidence.FINAL_REPORT),
    remaining_quantity=amount(StreamedOrder.remain_vol),
)
PLAN: Final = plan_map(Evidence.FINAL_REPORT)
STOP: Final = stop_map(Evidence.FINAL_REPORT)
TRACK: Final = track_map(Evidence.FINAL_REPORT)


def order(raw: OrderFrame, call: Call) -> Normalised:
    """Map a frame of an order that was canceled."""
    return _shown(raw, STREAMED, call)


def plan_order(raw: PlanFrame, call: Call) -> Normalised:
    """Map a frame of a plan order that was canceled."""
    return _shown(raw, PLAN, call)


def stop_order(raw: StopFrame, call: Call) -> Normalised:
    """Map a frame of a take-profit or stop-loss order that was canceled."""
    return _shown(raw, STOP, call)


def track_order(raw: TrackFrame, call: Call) -> Normalised:
    """Map a frame of a trailing order that was canceled."""
    return _shown(raw, TRACK, call)


def _shown(raw: OrderFrame | PlanFrame | StopFrame | TrackFrame, each: EventMap, call: Call) -> Normalised:
    call.response_ns = ns_of(raw.ts)
    events = each.events([raw.data], call, "$.data")
    return call.result(call.or_unknown(events, "$.data"), extra=_channel(raw, call))


def _channel(raw: OrderFrame | PlanFrame | StopFrame | TrackFrame, call: Call) -> dict[str, Any]:
    """The channel, where it is not that of the endpoint."""
    channel: str = raw.channel
    return {} if call.endpoint.name == f"stream {channel}" else {"channel": channel}


# --- Endpoints ---

_DOCS: Final = f"{DOCS}websocket-api#"

ENDPOINTS: Final = endpoints(
    endpoint("stream push.personal.order", OrderFrame, order, page="order"),
    endpoint("stream push.personal.plan.order", PlanFrame, plan_order, page="plan-orders", ids=PLAN_IDS),
    endpoint(
        "stream push.personal.stop.planorder", StopFrame, stop_order, page="tpsl-plan-orders", ids=STOP_IDS
    ),
    endpoint(
        "stream push.personal.track.order", TrackFrame, track_order, page="trailing-orders", ids=TRACK_IDS
    ),
    product=None,
    ids=ORDER_IDS,
    docs=_DOCS,
    skips=True,
)
