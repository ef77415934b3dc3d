"""Writing to a ``ParquetDataCatalog``, from which a ``BacktestNode`` reads."""

from collections import Counter
from typing import Any

from nautilus_trader.execution.reports import OrderStatusReport
from nautilus_trader.model.data import CustomData

from cancelnorm.errors import CancelNormError
from cancelnorm.replay.nautilus.expressed import Expressed

__all__ = ["CatalogOverlapError", "write_catalog"]


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


def write_catalog(found: Expressed, catalog: Any) -> Counter[str]:
    """Write order events or data to a catalog; give the number of objects that it has of them then, by class.

    Each class gets a file for each instrument, and ``CancelData`` one for all, named by the times of its first and
    last object. What is there already is not written again. Raises CatalogOverlapError, and writes nothing, if
    a catalog has other data for a part of such an interval. Raises TypeError for reports, which no catalog takes.
    """
    groups: dict[tuple[type, str | None], list[Any]] = {}
    for one in found.objects:
        if isinstance(one, OrderStatusReport):
            raise TypeError("a catalog has no place for OrderStatusReport")
        is_data = isinstance(one, CustomData)
        kind = type(one.data) if is_data else type(one)
        groups.setdefault((kind, None if is_data else one.instrument_id.value), []).append(one)
    missing = [objects for (kind, name), objects in groups.items() if not _has(catalog, kind, name, objects)]
    for objects in missing:
        catalog.write_data(objects)
    counts: Counter[str] = Counter()
    for (kind, _), objects in groups.items():
        counts[kind.__name__] += len(objects)
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
