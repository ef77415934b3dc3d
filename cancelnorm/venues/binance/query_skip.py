"""Binance's answers to queries and amendments: which of them show nothing but orders that live on or have filled."""

from typing import Final

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

# --- What Binance sends ---


_Scalar = str | int | float | bool | None


class _State(Struct, gc=False):
    """Fields that tell whether an order is open, or an order list, or a conditional order."""

    status: _Scalar = None
    list_order_status: _Scalar = msgspec.field(name="listOrderStatus", default=None)
    strategy_status: _Scalar = msgspec.field(name="strategyStatus", default=None)
    algo_status: _Scalar = msgspec.field(name="algoStatus", default=None)
    code: Raw | UnsetType = UNSET  # of a refusal
    result: Raw | UnsetType = UNSET  # over WebSocket, where the status is HTTP's


# --- What it means ---

_OPEN: Final = frozenset({"NEW", "PENDING_NEW", "PARTIALLY_FILLED", "ACCEPTED"})
# A conditional order that was triggered is no cancel; the order that it placed has a query of its own.
_OPEN_CONDITIONAL: Final = frozenset({"NEW", "TRIGGERING", "TRIGGERED"})
_OPEN_LIST: Final = frozenset({"EXECUTING", "REJECT"})
_states: Final = msgspec.json.Decoder(_State | list[_State]).decode


def skip_open(data: bytes) -> str | None:
    """Tell the answer to a query that shows nothing but open orders."""
    shown = _shown(data)
    return "open orders" if shown is not None and all(map(_is_open, shown)) else None


def skip_amended(data: bytes) -> str | None:
    """Tell the answer to an amendment that took nothing off the book.

    The order is open or has filled. Among several, a refused amendment has left its order as it was.
    """
    shown = _shown(data)
    if shown is None:
        return None
    is_array = data.lstrip(b" \t\r\n")[:1] == b"["
    took_nothing = (
        row.status == "FILLED" or _is_open(row) or (is_array and row.code is not UNSET) for row in shown
    )
    return "amended orders" if all(took_nothing) else None


def _shown(data: bytes) -> list[_State] | None:
    """Read the states of the orders in an answer; None if it cannot be read."""
    try:
        shown = _states(data)
        if isinstance(shown, _State) and shown.result is not UNSET:
            shown = _states(shown.result)
    except (ValueError, RecursionError):
        return None
    return shown if isinstance(shown, list) else [shown]


def _is_open(row: _State) -> bool:
    """Whether an order is open; of a conditional order its own status counts, not that of what it placed."""
    if row.list_order_status is not None:
        return row.list_order_status in _OPEN_LIST
    if (conditional := row.strategy_status or row.algo_status) is not None:
        return conditional in _OPEN_CONDITIONAL
    return row.status in _OPEN
