"""Plain requests: those of which there is nothing to say beside an answer, looked at many at a time."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cancelnorm.eventmap.plain_rows import RowColumns
from cancelnorm.masking import may_show_secret, secret_keys
from cancelnorm.request import RequestKeys

__all__ = ["PlainRequests"]

_SCALARS: Final = (str, int)


class PlainRequests:
    """Looks at requests of one endpoint, whose parameters are called so."""

    def __init__(self, keys: RequestKeys) -> None:
        self._keys = keys
        self._naming: dict[tuple[str, ...], tuple[str, str] | tuple[()] | None] = {}

    def others(self, requests: Sequence[Any], rows: RowColumns) -> set[int]:
        """Positions of requests that may hold a secret, or may name an order that is not that of the answer."""
        found: set[int] = set()
        alike: dict[tuple[str, ...], list[int]] = {}
        for i, request in enumerate(requests):
            if type(request) is dict:
                alike.setdefault(tuple(request), []).append(i)
            elif request:
                found.add(i)
        for names, at in alike.items():
            naming = self._named(names)
            if naming is None:
                found.update(at)
                continue
            found.update(_not_plain({i: requests[i] for i in at}))
            if naming:
                found.update(i for i in at if not _is_about(requests[i], naming, rows, i))
        return found

    def _named(self, names: tuple[str, ...]) -> tuple[str, str] | tuple[()] | None:
        """How requests with these keys name an order; None if that is not certain, or a key is that of a secret."""
        if names not in self._naming:
            self._naming[names] = None if secret_keys(names) else self._keys.naming(names)
        return self._naming[names]


def _not_plain(requests: Mapping[int, Mapping[str, Any]]) -> list[int]:
    """Positions of requests with anything but integers and texts without a secret."""
    values = [value for request in requests.values() for value in request.values()]
    texts = [value for value in values if type(value) is str]
    are_scalars = len(texts) + [type(value) for value in values].count(int) == len(values)
    if are_scalars and not may_show_secret("\n".join(texts)):
        return []
    return [i for i, request in requests.items() if not all(map(_is_plain, request.values()))]


def _is_plain(value: object) -> bool:
    return type(value) in _SCALARS and not (isinstance(value, str) and may_show_secret(value))


def _is_about(request: Mapping[str, Any], naming: tuple[str, str], rows: RowColumns, at: int) -> bool:
    """Whether a request names the order of an answer with one row, exactly as the answer does."""
    start = rows.ends[at - 1] if at else 0
    field, key = naming
    return rows.ends[at] == start + 1 and str(request[key]) == str(getattr(rows, field)[start])
