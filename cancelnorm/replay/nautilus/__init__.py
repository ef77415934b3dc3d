"""Events and the stories of orders as objects of NautilusTrader.

``cancel_data`` everything, as data that a ``BacktestEngine`` and a ``BacktestNode`` pass to strategies at its time.
"""

try:
    import nautilus_trader  # noqa: F401  # so that its absence is explained here
except ModuleNotFoundError as error:
    reason = "cancelnorm.replay.nautilus takes nautilus_trader: pip install 'cancelnorm[nautilus]'"
    raise ModuleNotFoundError(reason, name="nautilus_trader") from error

from cancelnorm.replay.lifecycle import Omission
from cancelnorm.replay.nautilus.catalog import CatalogOverlapError, Written, write_catalog
from cancelnorm.replay.nautilus.data import CancelData
from cancelnorm.replay.nautilus.expressed import Expressed, LeftOut, cancel_data, order_events
from cancelnorm.replay.nautilus.identities import Identities
from cancelnorm.replay.nautilus.instruments import Instrument, Instruments
from cancelnorm.replay.nautilus.reports import status_reports

__all__ = [
    "CancelData",
    "CatalogOverlapError",
    "Expressed",
    "Identities",
    "Instrument",
    "Instruments",
    "LeftOut",
    "Omission",
    "Written",
    "cancel_data",
    "order_events",
    "status_reports",
    "write_catalog",
]
