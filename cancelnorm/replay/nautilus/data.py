"""Data for strategies: an event of a venue, which reaches a strategy when it was known."""

from nautilus_trader.core.data import Data
from nautilus_trader.model.custom import customdataclass

from cancelnorm.event_json import decode
from cancelnorm.schema import CancelEvent

__all__ = ["CancelData"]


@customdataclass
class CancelData(Data):  # type: ignore[misc]
    """A venue's verdict on a cancellation, for a strategy that subscribes to ``DataType(CancelData)``.

    ``ts_init`` is when it was known. ``client_order_id``, ``venue_order_id`` and ``instrument`` are those that the
    order events have, and ``step`` is what it does to the order; each is empty if there is none. ``outcome`` and
    ``evidence`` are the words of the canonical schema. ``json`` is the whole event, with secrets masked.
    """

    # An engine would refuse data with an ``instrument_id`` that it does not know, and catalogs would split it.
    event_id: str
    venue: str
    instrument: str
    client_order_id: str
    venue_order_id: str
    outcome: str
    evidence: str
    step: str
    json: str

    def event(self) -> CancelEvent:
        """The event itself."""
        return decode(self.json)
