"""Bybit REST before v5: cancels of derivatives v3, for contract and unified margin accounts.

What they answer to a cancel is what v5 kept, so only the paths differ.
"""

from typing import Final

from cancelnorm.endpoint import Call, Errors
from cancelnorm.reader.scalars import ns_of
from cancelnorm.schema import EventKind, Normalised
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.bybit.messages import (
    CANCEL_ERRORS,
    IDS,
    KEYS,
    SCOPE_KEYS,
    TAKEN,
    Verdicts,
    envelope,
    is_shared,
    is_shared_refusal,
    unplaced,
)
from cancelnorm.venues.bybit.rest import (
    ALL_ERRORS,
    CancelAllTaken,
    CancelBatchRefused,
    CancelBatchTaken,
    CancelTaken,
    batch_refused,
    cancel,
    cancel_all,
    cancel_batch,
    scope_of,
)

# --- What it means ---


def cancel_all_unified(raw: CancelBatchTaken, call: Call) -> Normalised:
    """Map the acknowledgement of a cancel of all orders, each with the verdict at its place."""
    if raw.result.rows:
        return cancel_batch(raw, call)
    call.response_ns = ns_of(raw.time)
    info = raw.ret_ext_info
    if isinstance(info, Verdicts) and info.rows:
        unplaced(info.rows, 0, call)
    asked = call.target
    whole = call.event(EventKind.SCOPE, TAKEN, asked, path="$.result", scope=scope_of(asked, call))
    return call.result([whole], extra=envelope(raw.ret_msg, info))


_BATCH_ERRORS: Final = Errors(CancelBatchRefused, batch_refused)

# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    endpoint("POST /contract/v3/private/order/cancel", CancelTaken, cancel, page="contract"),
    endpoint(
        "POST /contract/v3/private/order/cancel-all",
        CancelAllTaken,
        cancel_all,
        page="contract",
        request=SCOPE_KEYS,
        errors=ALL_ERRORS,
        is_shared=is_shared_refusal,
    ),
    endpoint("POST /unified/v3/private/order/cancel", CancelTaken, cancel, page="unified_margin"),
    endpoint(
        "POST /unified/v3/private/order/cancel-batch",
        CancelBatchTaken,
        cancel_batch,
        page="unified_margin",
        errors=_BATCH_ERRORS,
    ),
    endpoint(
        "POST /unified/v3/private/order/cancel-all",
        CancelBatchTaken,
        cancel_all_unified,
        page="unified_margin",
        request=SCOPE_KEYS,
        errors=_BATCH_ERRORS,
    ),
    product=None,
    request=KEYS,
    errors=CANCEL_ERRORS,
    is_shared=is_shared,
    ids=IDS,
    docs="https://github.com/bybit-exchange/docs-legacy/tree/master/source/includes/derivativesV3/",
)
