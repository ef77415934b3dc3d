"""Gate perpetuals, delivery futures and options over REST: what they answer to a cancel."""

from typing import Any, Final

from msgspec import UNSET, UnsetType

from cancelnorm.eventmap import Absent, EventMap, Verdict, by_words, flag, made
from cancelnorm.reader.scalars import Int, Prose
from cancelnorm.reader.structs import Exact
from cancelnorm.request import RequestKeys
from cancelnorm.schema import Product
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.gate.contract_orders import ContractOrder, contract_map
from cancelnorm.venues.gate.endings import answered_end, is_canceled, show_cancels
from cancelnorm.venues.gate.labels import LABELS
from cancelnorm.venues.gate.messages import (
    BATCH_KEYS,
    CLIENT_PREFIX,
    CONTRACT_IDS,
    CONTRACT_KEYS,
    DOCS,
    ERRORS,
    OPTION_IDS,
    all_shown,
    client_id,
    one_shown,
)
from cancelnorm.venues.gate.rows import each_joined, label_in, row_verdict, venue_id

# --- What Gate sends ---


class ContractRow(Exact):
    """Result of the cancel of one order of several."""

    id: str  # in quotes here
    user_id: Int | UnsetType = UNSET
    succeeded: bool | UnsetType = UNSET  # over a WebSocket only of those that succeeded
    message: Prose | UnsetType = UNSET  # the label of a failure; "" with a success


# --- What it means ---


def _judged(succeeded: bool | UnsetType, message: str | UnsetType) -> Verdict:
    """The verdict of a row, whose message is the label of a failure, or a text about it."""
    return row_verdict(LABELS, succeeded, None, message)


def _prose(message: str | UnsetType) -> str | None:
    """A message that is more than a label."""
    return message if message and message != label_in(message) else None


ORDER: Final = contract_map(
    ContractOrder,
    by_words(
        answered_end,
        ContractOrder.status,
        ContractOrder.finish_as,
        ContractOrder.left,
        ContractOrder.size,
        raw_status=ContractOrder.status,
    ),
    reduce_only=flag(ContractOrder.is_reduce_only),
)
ROW: Final = EventMap(
    ContractRow,
    by_words(_judged, ContractRow.succeeded, ContractRow.message),
    absent=Absent.EMPTY,
    order_id=made(venue_id, ContractRow.id),
    client_order_id=made(client_id, ContractRow.id),
    message=made(_prose, ContractRow.message),
)
cancel: Final = one_shown(ORDER)
cancel_all: Final = all_shown(ORDER)
cancel_batch: Final = each_joined(ROW)


def is_shared(raw: Any) -> bool:
    """Whether other requests are answered alike: with anything but rows of a batch and orders that were canceled."""
    is_batch = isinstance(raw, list) and bool(raw) and isinstance(raw[0], ContractRow)
    return not is_batch and not show_cancels(raw, is_canceled)


# --- Endpoints ---

OPTION_KEYS: Final = RequestKeys(
    symbol=("contract",), order_id=("order_id", "id"), client_prefix=CLIENT_PREFIX
)

ENDPOINTS: Final = (
    *endpoints(
        endpoint(
            "DELETE /api/v4/futures/{settle}/orders/{order_id}",
            ContractOrder,
            cancel,
            page="cancel-a-single-order-2",
        ),
        endpoint(
            "DELETE /api/v4/futures/{settle}/orders",
            list[ContractOrder],
            cancel_all,
            page="cancel-all-orders-with-open-status",
        ),
        endpoint(
            "POST /api/v4/futures/{settle}/batch_cancel_orders",
            list[ContractRow],
            cancel_batch,
            page="cancel-batch-orders-by-specified-id-list-2",
            request=BATCH_KEYS,
        ),
        endpoint(
            "DELETE /api/v4/delivery/{settle}/orders/{order_id}",
            ContractOrder,
            cancel,
            page="cancel-a-single-order-3",
        ),
        endpoint(
            "DELETE /api/v4/delivery/{settle}/orders",
            list[ContractOrder],
            cancel_all,
            page="cancel-all-orders-with-open-status-2",
        ),
        product=None,
        request=CONTRACT_KEYS,
        errors=ERRORS,
        is_shared=is_shared,
        ids=CONTRACT_IDS,
        docs=DOCS,
    ),
    *endpoints(
        endpoint(
            "DELETE /api/v4/options/orders/{order_id}", ContractOrder, cancel, page="cancel-a-single-order-4"
        ),
        endpoint(
            "DELETE /api/v4/options/orders",
            list[ContractOrder],
            cancel_all,
            page="cancel-all-orders-with-open-status-3",
        ),
        product=Product.OPTION,
        request=OPTION_KEYS,
        errors=ERRORS,
        is_shared=is_shared,
        ids=OPTION_IDS,
        docs=DOCS,
    ),
)
