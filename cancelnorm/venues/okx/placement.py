"""OKX answers to new and to amended orders: none is a cancel, and some have the shape of one.

An amendment with ``cxlOnFail`` may cancel its order. Its answer never says so: that it was refused leaves the order
as it was, and what the engine does later only the stream shows.
"""

from typing import Final

from msgspec import UNSET, UnsetType

from cancelnorm.reader.scalars import EpochText, Prose
from cancelnorm.reader.structs import Camel
from cancelnorm.venue import Other
from cancelnorm.venues.okx.messages import Envelope

# --- What OKX sends ---


class PlacedRow(Camel):
    """A new order."""

    ord_id: str
    cl_ord_id: str
    tag: str
    s_code: str
    s_msg: Prose
    ts: EpochText | UnsetType = UNSET  # since 2024-01
    sub_code: str | UnsetType = UNSET  # since 2026-01


class PlacedAnswer(Envelope):
    """New orders, or spread orders."""

    data: list[PlacedRow]


class AmendedRow(Camel):
    """An amended order."""

    ord_id: str
    cl_ord_id: str
    req_id: str
    s_code: str
    s_msg: Prose
    ts: EpochText | UnsetType = UNSET  # since 2024-01
    sub_code: str | UnsetType = UNSET  # since 2026-01


class AmendedAnswer(Envelope):
    """Amended orders, or spread orders."""

    data: list[AmendedRow]


class PlacedAlgoRow(Camel):
    """A new algo order."""

    algo_id: str
    s_code: str
    s_msg: Prose
    cl_ord_id: str | UnsetType = UNSET
    algo_cl_ord_id: str
    tag: str | UnsetType = UNSET


class PlacedAlgoAnswer(Envelope):
    """New algo orders."""

    data: list[PlacedAlgoRow]


class AmendedAlgoRow(Camel):
    """An amended algo order."""

    algo_id: str
    algo_cl_ord_id: str
    req_id: str
    s_code: str
    s_msg: Prose


class AmendedAlgoAnswer(Envelope):
    """Amended algo orders."""

    data: list[AmendedAlgoRow]


# --- Endpoints ---

OTHERS: Final = (
    Other("POST /api/v5/trade/order", PlacedAnswer),
    Other("POST /api/v5/trade/batch-orders", PlacedAnswer),
    Other("POST /api/v5/trade/amend-order", AmendedAnswer),
    Other("POST /api/v5/trade/amend-batch-orders", AmendedAnswer),
    Other("POST /api/v5/trade/order-algo", PlacedAlgoAnswer),
    Other("POST /api/v5/trade/amend-algos", AmendedAlgoAnswer),
    Other("POST /api/v5/sprd/order", PlacedAnswer),
    Other("POST /api/v5/sprd/amend-order", AmendedAnswer),
)
