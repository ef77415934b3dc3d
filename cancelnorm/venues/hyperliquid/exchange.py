"""Hyperliquid's only path for actions: what it answers to a cancel, a timer, or an order that replaces another.

A cancel was executed in the block whose result the answer is: nothing is pending after it.
"""

from collections.abc import Callable
from typing import Any, Final

from cancelnorm.caching import cached
from cancelnorm.endpoint import Call
from cancelnorm.schema import Normalised
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.hyperliquid.actions import ACTIONS
from cancelnorm.venues.hyperliquid.messages import (
    DOCS,
    IDS,
    Refused,
    Rows,
    answer_events,
    is_anyones,
    said_beside,
)

# --- What it means ---


@cached(16)
def answered(rows: Rows, refused: Refused) -> Callable[[Any, Call], Normalised]:
    """Function that maps the answers to an action; the same for all that are answered alike."""

    def answer(raw: Any, call: Call) -> Normalised:
        return call.result(answer_events(raw, call, "$", rows, refused), extra=said_beside(raw))

    return answer


# --- Endpoints ---

ENDPOINTS: Final = endpoints(
    *(
        endpoint(
            f"POST /exchange {each.name}",
            each.answer,
            answered(each.rows, each.refused),
            page=each.page,
            request=each.keys,
            ids=each.ids,
        )
        for each in ACTIONS
    ),
    product=None,
    is_shared=is_anyones,
    ids=IDS,
    docs=f"{DOCS}exchange-endpoint",
)
