"""Events of a spot order on Binance, and the log of a day."""

from typing import Any

from cancelnorm import CancelEvent, EventKind, Evidence, OrderStatus, Outcome, Product, Reason
from tests.engines.conftest import ROOT

LOG = ROOT / "samples" / "logs" / "orders.jsonl"


def canceled(**facts: Any) -> CancelEvent:
    """A cancel of a spot order on Binance."""
    known = {
        "product": Product.SPOT,
        "kind": EventKind.ORDER,
        "symbol": "BTCUSDT",
        "order_id": "1",
        "client_order_id": "a",
        "outcome": Outcome.CANCELED,
        "evidence": Evidence.FINAL_REPORT,
        "status": OrderStatus.CANCELED,
        "event_ns": 2_000,
        "received_ns": 3_000,
    }
    return CancelEvent(venue="binance", endpoint="DELETE /api/v3/order", **{**known, **facts})


def pending(**facts: Any) -> CancelEvent:
    """An accepted request."""
    return canceled(outcome=Outcome.PENDING, evidence=Evidence.ACKNOWLEDGED, status=None, **facts)


def rejected(reason: Reason = Reason.RATE_LIMITED, **facts: Any) -> CancelEvent:
    """A refused request."""
    known = {"outcome": Outcome.REJECTED, "evidence": Evidence.SUCCESS_FLAG, "status": None, "reason": reason}
    return canceled(**{**known, **facts})
