"""Summary of a story: events that say the same of an order, for who has kept no others."""

from typing import Any, Final

from cancelnorm.schema import CancelEvent, EventKind, Evidence, Initiator, OrderStatus, Outcome, Reason
from cancelnorm.story import Claim, Fate, Moment, Story
from cancelnorm.story.state import CLAIMS

__all__ = ["summary"]


def summary(story: Story) -> list[CancelEvent]:
    """One event for each thing that the events of an order claimed, with its first times.

    A story with none gives one whose outcome is unknown. A story knows no product and no status, so an order
    expired if its initiator says so.
    """
    claims = [(fate, getattr(story, name)) for fate, name in CLAIMS.items()]
    return [_event(story, **_said(fate, claim)) for fate, claim in claims if claim is not None] or [
        _event(story, outcome=Outcome.UNKNOWN, evidence=Evidence.NONE)
    ]


def _said(fate: Fate, claim: Claim) -> dict[str, Any]:
    return {
        **_FACTS[fate],
        "evidence": claim.evidence,
        "source": claim.source,
        "event_ns": _ns(claim.first),
        "received_ns": _ns(claim.known),
        "sent_ns": _ns(claim.sent),
    }


_FACTS: Final[dict[Fate, dict[str, Any]]] = {
    Fate.CANCELED: {"outcome": Outcome.CANCELED, "status": OrderStatus.CANCELED},
    Fate.FILLED: {
        "outcome": Outcome.REJECTED,
        "status": OrderStatus.FILLED,
        "reason": Reason.ALREADY_FILLED,
    },
    Fate.CLOSED: {"outcome": Outcome.REJECTED, "reason": Reason.ALREADY_CLOSED},
    Fate.REDUCED: {"outcome": Outcome.REDUCED},
    Fate.ASKED: {"outcome": Outcome.PENDING},
    Fate.ALIVE: {"outcome": Outcome.UNKNOWN, "status": OrderStatus.NEW},
}


def _ns(moment: Moment | None) -> int | None:
    return None if moment is None else moment[0]


def _event(story: Story, **facts: Any) -> CancelEvent:
    verdict, key = story.verdict(), story.key
    client_ids = story.client_order_ids
    is_canceled = facts["outcome"] is Outcome.CANCELED
    if is_canceled and verdict.initiator is Initiator.EXPIRY:
        facts["status"] = OrderStatus.EXPIRED
    return CancelEvent(
        story.venue,
        None,
        _ENDPOINT,
        EventKind.ORDER,
        symbol=story.symbols[0].value if len(story.symbols) == 1 else None,
        order_id=key.order_id,
        client_order_id=client_ids[0] if len(client_ids) == 1 else key.client_order_id,
        account=key.account,
        quantity=verdict.quantity,
        filled_quantity=verdict.filled_quantity,
        quantity_unit=verdict.quantity_unit,
        initiator=verdict.initiator if is_canceled else None,
        replaced_by=story.replaced_by[0] if is_canceled and len(story.replaced_by) == 1 else None,
        **facts,
    )


_ENDPOINT: Final = "stream story"  # as what a stream says, it answers no request
