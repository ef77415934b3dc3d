"""Gate streams of spot orders: what becomes of them, cancels among it."""

from typing import Final, Literal

from cancelnorm.eventmap import by_words
from cancelnorm.reader.scalars import Int
from cancelnorm.schema import Evidence
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.gate.endings import shown_end
from cancelnorm.venues.gate.frames import Pushed, frame_of
from cancelnorm.venues.gate.messages import SPOT_IDS
from cancelnorm.venues.gate.spot_orders import AnySpotOrder, spot_map

# --- What Gate sends ---


class StreamedSpotOrder(AnySpotOrder):
    """An order in a frame, which has an event and no status; until 2023 nothing but what is left tells its end."""

    event: Literal["put", "update", "finish"]  # an update is a fill
    user: Int


class SpotOrdersFrame(Pushed):
    """Orders that changed."""

    channel: Literal["spot.orders"]
    result: list[StreamedSpotOrder]


class SpotOrdersV2Frame(Pushed):
    """The same without fees, since 2025-01-08."""

    channel: Literal["spot.orders_v2"]
    result: list[StreamedSpotOrder]


# --- What it means ---

STREAMED: Final = spot_map(
    StreamedSpotOrder,
    by_words(
        shown_end(Evidence.FINAL_REPORT),
        StreamedSpotOrder.event,
        StreamedSpotOrder.finish_as,
        StreamedSpotOrder.left,
        raw_status=StreamedSpotOrder.event,
    ),
    also=(StreamedSpotOrder.left,),  # of market buys in quote units
)
orders: Final = frame_of(STREAMED)

# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("stream spot.orders", SpotOrdersFrame, orders, page="orders-channel"),
    endpoint(
        "stream spot.orders_v2", SpotOrdersV2Frame, orders, page="orders-v2-channel", since="2025-01-08"
    ),
    product=None,
    ids=SPOT_IDS,
    docs="https://www.gate.com/docs/developers/apiv4/ws/en/#",
    skips=True,
)
