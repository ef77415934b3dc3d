"""Hyperliquid's only path for actions: what it answers to a cancel, a timer, or an order that replaces another.

A cancel was executed in the block whose result the answer is: nothing is pending after it.
"""

from typing import Final

from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.hyperliquid.messages import (
    ARMED,
    BATCH_KEYS,
    CANCEL_KEYS,
    CLOID_KEYS,
    DOCS,
    IDS,
    MODIFIED,
    MODIFY_KEYS,
    NO_KEYS,
    NOOP,
    TWAP_IDS,
    TWAP_KEYS,
    CancelAnswer,
    DefaultAnswer,
    OrderAnswer,
    TwapAnswer,
    answered,
    canceled,
    is_anyones,
    refused,
    replaced,
    timer_refused,
    twap_canceled,
)

# --- What it means ---

cancel: Final = answered(canceled, refused)
twap_cancel: Final = answered(twap_canceled, refused)
schedule_cancel: Final = answered(ARMED, timer_refused)
modify: Final = answered(MODIFIED, refused)
batch_modify: Final = answered(replaced, refused)
noop: Final = answered(NOOP, refused)

# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("POST /exchange cancel", CancelAnswer, cancel, page="#cancel-order-s"),
    endpoint(
        "POST /exchange cancelByCloid",
        CancelAnswer,
        cancel,
        page="#cancel-order-s-by-cloid",
        request=CLOID_KEYS,
    ),
    endpoint(
        "POST /exchange twapCancel",
        TwapAnswer,
        twap_cancel,
        page="#cancel-a-twap-order",
        request=TWAP_KEYS,
        ids=TWAP_IDS,
    ),
    endpoint(
        "POST /exchange scheduleCancel",
        DefaultAnswer,
        schedule_cancel,
        page="#schedule-cancel-dead-mans-switch",
        request=NO_KEYS,
    ),
    endpoint("POST /exchange modify", DefaultAnswer, modify, page="#modify-an-order", request=MODIFY_KEYS),
    endpoint(
        "POST /exchange batchModify",
        OrderAnswer,
        batch_modify,
        page="#modify-multiple-orders",
        request=BATCH_KEYS,
    ),
    endpoint(
        "POST /exchange noop", DefaultAnswer, noop, page="#invalidate-pending-nonce-noop", request=NO_KEYS
    ),
    product=None,
    request=CANCEL_KEYS,
    is_shared=is_anyones,
    ids=IDS,
    docs=f"{DOCS}exchange-endpoint",
)
