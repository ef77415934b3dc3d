"""Writing to a ``ParquetDataCatalog``, from which a ``BacktestNode`` reads."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from nautilus_trader.model.data import CustomData

from cancelnorm.errors import CancelNormError
from cancelnorm.replay.lifecycle import Item
from cancelnorm.replay.nautilus.expressed import Expressed, cancel_data, order_events
from cancelnorm.replay.nautilus.identities import Identities
from cancelnorm.replay.nautilus.instruments import Instruments

__all__ = ["CatalogOverlapError", "Written", "write_catalog"]


class CatalogOverlapError(CancelNormError):
    """A catalog has other data for an interval; ``interval`` is what it has, ``new`` what was to be written, in ns."""

    def __init__(self, name: str, interval: tuple[int, int], new: tuple[int, int]) -> None:
        super().__init__(name, interval, new)
        self.name = name
        self.interval = interval
        self.new = new

    def __str__(self) -> str:
        known, new = ("{} to {}".format(*interval) for interval in (self.interval, self.new))
        return (
            f"{self.name}: the catalog has other data from {known}, where {new} was to be written; "
            "delete it there, and write all of an interval at once"
        )


class Written(NamedTuple):
    """What a catalog has of a log: the number of objects by class, and what became of each event.

    ``events`` are the order events, None if they were not asked for. Each event that is left out of them or of
    ``data`` is there with its reason.
    """

    counts: Counter[str]
    data: Expressed
    events: Expressed | None


def write_catalog(
    items: Iterable[Item], catalog: Any, instruments: Instruments, identities: Identities | None = None
) -> Written:
    """Write events, or stories of which there are no events left, to a catalog.

    They are written as ``cancel_data`` gives them, and with ``identities`` as ``order_events`` does, too. Each class
    gets a file for each instrument, and ``CancelData`` one for all, named by the times of its first and last object.
    What is there already is not written again. Raises CatalogOverlapError, and writes nothing, if a catalog has
    other data for a part of such an interval.
    """
    items = tuple(items)
    data = cancel_data(items, instruments)
    events = None if identities is None else order_events(items, identities, instruments)
    objects = data.objects if events is None else (*events.objects, *data.objects)
    return Written(_write(objects, catalog), data, events)


def _write(objects: Iterable[Any], catalog: Any) -> Counter[str]:
    """Write what a catalog does not have; give the number of all of it, by class."""
    groups: dict[tuple[type, str | None], list[Any]] = {}
    for one in objects:
        is_data = isinstance(one, CustomData)
        kind = type(one.data) if is_data else type(one)
        groups.setdefault((kind, None if is_data else one.instrument_id.value), []).append(one)
    missing = [group for (kind, name), group in groups.items() if not _has(catalog, kind, name, group)]
    for group in missing:
        catalog.write_data(group)
    counts: Counter[str] = Counter()
    for (kind, _), group in groups.items():
        counts[kind.__name__] += len(group)
    return counts


def _has(catalog: Any, kind: type, name: str | None, objects: list[Any]) -> bool:
    """Whether a catalog has these objects, and no others between them."""
    new = objects[0].ts_init, objects[-1].ts_init
    for start, end in catalog.get_intervals(kind, name):
        if start <= new[1] and new[0] <= end:
            names = None if name is None else [name]
            known = catalog.query(kind, identifiers=names, start=start, end=end)
            # Nautilus would replace a file with the same interval, or leave it, depending on its version.
            if (start, end) != new or list(map(_content, known)) != list(map(_content, objects)):
                raise CatalogOverlapError(f"{kind.__name__} {name or ''}".rstrip(), (start, end), new)
            return True
    return False


def _content(one: Any) -> dict[str, Any]:
    """All fields of an object; order events are equal if their ids are."""
    content: dict[str, Any] = one.data.to_dict() if isinstance(one, CustomData) else type(one).to_dict(one)
    return content
