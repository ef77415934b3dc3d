"""Plain requests: those of which there is nothing to say beside an answer, looked at many at a time."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple

from cancelnorm.eventmap.plain_rows import RowColumns
from cancelnorm.masking import may_show_secret
from cancelnorm.request import RequestKeys
from cancelnorm.secret_names import secret_keys

__all__ = ["PlainRequests", "Requests"]

_SCALARS: Final = (str, int)


class Requests(NamedTuple):
    """Positions of requests that are not plain, and of other ones that have a secret under the key of one.

    One that is not plain may show a secret, or may name an order that is not that of the answer.
    """

    others: Collection[int]
    secret: Collection[int]


class PlainRequests:
    """Looks at requests of one endpoint, whose parameters are called so."""

    def __init__(self, keys: RequestKeys) -> None:
        self._keys = keys
        self._known: dict[tuple[str, ...], _Names | None] = {}

    def find(self, requests: Sequence[Any], rows: RowColumns) -> Requests:
        """Look for those that are not plain, and for those that have a secret."""
        others: set[int] = set()
        secret: set[int] = set()
        alike: dict[tuple[str, ...], list[int]] = {}
        for i, request in enumerate(requests):
            if type(request) is dict:
                alike.setdefault(tuple(request), []).append(i)
            elif request:
                others.add(i)
        for keys, at in alike.items():
            names = self._names(keys)
            if names is None:
                others.update(at)
                continue
            if names.secret:
                secret.update(at)
            others.update(_not_plain({i: requests[i] for i in at}, names.secret))
            if names.order:
                others.update(i for i in at if not _is_about(requests[i], names.order, rows, i))
        return Requests(others, secret - others)

    def _names(self, keys: tuple[str, ...]) -> "_Names | None":
        """Names in requests with these keys; None if it is not certain how they name an order."""
        if keys not in self._known:
            order, secret = self._keys.naming(keys), secret_keys(keys)
            is_certain = order is not None and secret.isdisjoint(self._keys.names)
            self._known[keys] = _Names(order, secret) if order is not None and is_certain else None
        return self._known[keys]


class _Names(NamedTuple):
    """Names in a request: its order by a field and a key, if any, and secrets by their keys."""

    order: tuple[str, str] | tuple[()]
    secret: frozenset[str]


def _not_plain(requests: Mapping[int, Mapping[str, Any]], secret: frozenset[str]) -> list[int]:
    """Positions of requests with anything but integers and texts without a secret, beside those under their keys."""
    values = [value for request in requests.values() for value in request.values()]
    texts = [
        value
        for request in requests.values()
        for key, value in request.items()
        if type(value) is str and key not in secret
    ]
    kinds = [type(value) for value in values]
    are_scalars = kinds.count(str) + kinds.count(int) == len(values)
    if are_scalars and not may_show_secret("\n".join(texts)):
        return []
    return [
        i
        for i, request in requests.items()
        if not all(_is_plain(value, is_secret=key in secret) for key, value in request.items())
    ]


def _is_plain(value: object, *, is_secret: bool) -> bool:
    return type(value) in _SCALARS and (is_secret or type(value) is int or not may_show_secret(str(value)))


def _is_about(request: Mapping[str, Any], naming: tuple[str, str], rows: RowColumns, at: int) -> bool:
    """Whether a request names the order of an answer with one row, exactly as the answer does."""
    start = rows.ends[at - 1] if at else 0
    field, key = naming
    return rows.ends[at] == start + 1 and str(request[key]) == str(getattr(rows, field)[start])
