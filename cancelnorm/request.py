"""What a request names: the orders that it wants gone, read under the venue's own parameter names."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from cancelnorm.caching import cached
from cancelnorm.lazy import lazy_property
from cancelnorm.reader.scalars import identifier
from cancelnorm.record import OBJECT, Request
from cancelnorm.schema import Product

__all__ = ["RequestKeys", "Target", "is_same_id"]


class Target(NamedTuple):
    """The order that a request names, or its scope where it names none."""

    symbol: str | None = None
    order_id: str | None = None
    client_order_id: str | None = None
    cancel_client_order_id: str | None = None
    list_id: str | None = None
    list_client_id: str | None = None
    product: Product | None = None

    @property
    def names_order(self) -> bool:
        """Whether it names one order, and not just a symbol or a list."""
        return self.order_id is not None or self.client_order_id is not None


def is_same_id(one: str | None, other: str | None) -> bool:
    """Whether two ids are there and the same, but for case: a venue may have put a client id in lower case."""
    if not one or not other:
        return False
    return one == other or one.casefold() == other.casefold()


_Places = tuple[tuple[int, tuple[str, ...]], ...]
"""The fields of a target, by their places, each with the keys of a request under which it may stand."""


class RequestKeys(Struct, frozen=True, kw_only=True, dict=True):
    """The names of a request's parameters; of several, the first that is there counts.

    Names are compared without regard to case where the exact one is missing.
    """

    symbol: tuple[str, ...] = ()
    order_id: tuple[str, ...] = ()
    client_order_id: tuple[str, ...] = ()
    cancel_client_order_id: tuple[str, ...] = ()
    list_id: tuple[str, ...] = ()
    list_client_id: tuple[str, ...] = ()
    product: tuple[str, ...] = ()
    products: Mapping[str, Product] = {}
    """The words under ``product``."""
    product_of: Callable[[str], Product | None] | None = None
    """What such a word means, where they are names of any number."""
    order_ids: tuple[str, ...] = ()
    """Lists of ids: an array, the JSON text of one, or ids between commas."""
    client_order_ids: tuple[str, ...] = ()
    """Such lists of the client's ids."""
    rows: tuple[str, ...] = ()
    """Arrays of requests, the JSON text of one, or a request alone; product and symbol may stand beside them."""
    cancels: Mapping[str, str] = {}
    """Keys of a row that cancels, each with its word; a row that has another word there cancels and names nothing."""
    wrapper: tuple[str, ...] = ()
    """What holds the parameters themselves, alone in an array."""
    envelope: tuple[str, ...] = ()
    """An object, or the JSON text of one, that holds the parameters, perhaps in another one."""
    client_prefix: str = ""
    """An order id that begins with it is the client's."""
    order_pattern: str = ""
    """What it does not match whole is no order id: under a name of both ids, it is the client's."""
    array: str = ""
    """The name that ids get, where a body may be an array of ids without a name."""

    @property
    def names(self) -> tuple[str, ...]:
        """All parameter names."""
        return tuple(dict.fromkeys(name for field in _NAMED for name in getattr(self, field)))

    @property
    def ids(self) -> tuple[str, ...]:
        """The names under which ids stand, alone or in lists."""
        return (
            *(*self.order_id, *self.client_order_id, *self.cancel_client_order_id, *self.list_id),
            *(*self.list_client_id, *self.order_ids, *self.client_order_ids),
        )

    def target(self, request: Request) -> Target:
        """The one order that a request names; where it names none or several, what they share."""
        targets = self.targets(request)
        return targets[0] if len(targets) == 1 else self.shared(request)

    def shared(self, request: Request) -> Target:
        """Names that the orders of a request share, or its scope."""
        inner = self._unwrapped(request)
        if not isinstance(inner, OBJECT):
            return Target()
        return Target(
            symbol=_first(inner, self.symbol),
            list_id=_first(inner, self.list_id),
            list_client_id=_first(inner, self.list_client_id),
            product=self._product(inner),
        )

    def targets(self, request: Request) -> list[Target]:
        """Every order that a request names, in its order; empty where it names a scope."""
        if type(request) is dict and (places := self._single(tuple(request))) is not None:
            single = self._at(request, places)
            return [single] if single.names_order else []
        inner = self._unwrapped(request)
        if not isinstance(inner, OBJECT):
            return self._each(inner)
        for value in _values(inner, self.rows):
            rows = [value] if isinstance(value, OBJECT) else _array(value)
            if rows is not None:
                return self._each(rows, self._product(inner), _first(inner, self.symbol))
        by_id = [
            self._whose(Target(_first(inner, self.symbol), order_id=one))
            for one in _ids(inner, self.order_ids)
        ]
        by_id += [
            Target(_first(inner, self.symbol), client_order_id=one)
            for one in _ids(inner, self.client_order_ids)
        ]
        if by_id:
            return [target._replace(product=self._product(inner)) for target in by_id]
        [single] = self._each([inner])
        return [single] if single.names_order else []

    def cancel_rows(self, request: Request | None) -> list[bool]:
        """Whether each request of a batch is a cancel; empty where it is no batch."""
        inner = self._unwrapped(request) if request else None
        if not isinstance(inner, OBJECT):
            return []
        for value in _values(inner, self.rows):
            rows = [value] if isinstance(value, OBJECT) else _array(value)
            if rows is not None:
                return [isinstance(row, OBJECT) and self._is_cancel(row) for row in rows]
        return []

    def _is_cancel(self, row: Mapping[str, Any]) -> bool:
        return all(row.get(key, word) == word for key, word in self.cancels.items())

    def naming(self, keys: tuple[str, ...]) -> tuple[str, str] | tuple[()] | None:
        """The field by which a request with these keys names its order, and its key; nothing if it names none.

        None if it may name several orders, or one in several ways.
        """
        if (
            self.client_prefix
            or self.order_pattern
            or any(_present(names, keys) for names in self._several if names)
        ):
            return None
        found = [("order_ids", key) for key in _present(self.order_id, keys)]
        found = found or [("client_order_ids", key) for key in _present(self.client_order_id, keys)]
        if len(found) > 1:
            return None
        return found[0] if found else ()

    @property
    def _several(self) -> tuple[tuple[str, ...], ...]:
        """The names under which a request may name several orders, or hold its parameters."""
        return self.order_ids, self.client_order_ids, self.rows, self.wrapper, self.envelope

    def _unwrapped(self, request: Request) -> Request:
        """The parameters themselves, where the request was recorded in its frame."""
        inner: Any = request
        while isinstance(inner, OBJECT):
            request = inner
            held = map(_object, _values(request, self.envelope))
            inner = next((each for each in held if each is not None), None)
        if not isinstance(request, OBJECT):
            return request
        for value in _values(request, self.wrapper):
            rows = _array(value)
            if rows is not None and all(isinstance(row, OBJECT) for row in rows):
                return rows[0] if len(rows) == 1 else rows
        return request

    def _each(
        self, rows: Iterable[object], product: Product | None = None, symbol: str | None = None
    ) -> list[Target]:
        """What the parameters of each of several orders name; nothing where they cannot be read.

        ``product`` and ``symbol`` are those of all. The rows of a request mostly have the same keys.
        """
        keys: tuple[str, ...] | None = None
        places: _Places = ()
        targets = []
        for row in rows:
            target = Target()
            if isinstance(row, OBJECT) and (not self.cancels or self._is_cancel(row)):
                if (own := tuple(row)) != keys:
                    keys = own
                    places = self._places(keys)
                target = self._at(row, places)
            if (symbol and not target.symbol) or (product and not target.product):
                target = target._replace(symbol=target.symbol or symbol, product=target.product or product)
            targets.append(target)
        return targets

    def _at(self, row: Mapping[str, Any], places: _Places) -> Target:
        """Names in the parameters of an order."""
        named: list[Any] = [None] * _FIELDS
        for i, found in places:
            for key in found:
                value = row[key]
                if value := value if type(value) is str else identifier(value):
                    named[i] = value
                    break
        if named[-1] is not None:
            named[-1] = (self.product_of or self.products.get)(named[-1])
        target = tuple.__new__(Target, named)  # as Target._make does, at a third of the time
        return self._whose(target) if self.client_prefix or self.order_pattern else target

    def _places(self, keys: tuple[str, ...]) -> _Places:
        """Where a request with these keys says what."""
        fields = (
            self.symbol,
            self.order_id,
            self.client_order_id,
            self.cancel_client_order_id,
            self.list_id,
            self.list_client_id,
            self.product,
        )
        return tuple(
            (i, found) for i, names in enumerate(fields) if names and (found := _present(names, keys))
        )

    @lazy_property
    def _single(self) -> Callable[[tuple[str, ...]], _Places | None]:
        """Tell where a request with some keys says what; None if it may name several orders."""

        def places(keys: tuple[str, ...]) -> _Places | None:
            several = any(_present(names, keys) for names in self._several if names)
            return None if several else self._places(keys)

        return cached(256)(places)

    def _whose(self, target: Target) -> Target:
        """The same, where what was taken for the venue's id is the client's, or is none."""
        order_id = target.order_id
        if self.order_pattern and order_id:
            if not re.fullmatch(self.order_pattern, order_id, re.DOTALL):
                return target._replace(order_id=None)
            return target if target.client_order_id != order_id else target._replace(client_order_id=None)
        if not self.client_prefix or order_id is None or not order_id.startswith(self.client_prefix):
            return target
        return target._replace(order_id=None, client_order_id=target.client_order_id or order_id)

    def _product(self, request: Mapping[str, Any]) -> Product | None:
        word = _first(request, self.product)
        return None if word is None else (self.product_of or self.products.get)(word)


_FIELDS = len(Target._fields)
_NAMED = tuple(
    name
    for name in RequestKeys.__struct_fields__
    if name not in ("products", "product_of", "cancels", "client_prefix", "order_pattern", "array")
)


def _values(request: Mapping[str, Any], names: tuple[str, ...]) -> list[Any]:
    """What stands under these names, exactly spelled first."""
    return [request[name] for name in _present(names, tuple(request))] if names else []


@cached(1_024)
def _present(names: tuple[str, ...], keys: tuple[object, ...]) -> tuple[str, ...]:
    """The keys of a request that are these names; requests of a recording mostly have the same keys."""
    if exact := tuple(name for name in names if name in keys):
        return exact
    wanted = {name.casefold() for name in names}
    return tuple(key for key in keys if isinstance(key, str) and key.casefold() in wanted)


def _first(request: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    """The first id or word that stands under one of these names."""
    return _first_of(request, _present(names, tuple(request))) if names else None


def _first_of(request: Mapping[str, Any], keys: Iterable[str]) -> str | None:
    """The first id or word that stands under one of these keys."""
    for key in keys:
        if found := identifier(request[key]):
            return found
    return None


def _object(value: Any) -> Mapping[str, Any] | None:
    """An object, written as such or as JSON in a text; None for any other value."""
    value = _decoded(value)
    return value if isinstance(value, OBJECT) else None


def _array(value: Any) -> Sequence[Any] | None:
    """An array, written as such or as JSON in a text; None for any other value."""
    value = _decoded(value)
    return value if isinstance(value, list | tuple) else None


def _decoded(value: Any) -> Any:
    """The value that a JSON text stands for; any other value as it is."""
    if not isinstance(value, str):
        return value
    try:
        return msgspec.json.decode(value)
    except (ValueError, RecursionError):
        return value


def _ids(request: Mapping[str, Any], names: tuple[str, ...]) -> list[str | None]:
    """The ids of the first list under these names that has one; None where a place holds none."""
    for value in _values(request, names):
        if isinstance(value, str):
            try:
                value = msgspec.json.decode(value, type=list[int | str])
            except (ValueError, RecursionError):
                value = str(value).split(",")
        parts = value if isinstance(value, list | tuple) else (value,)
        ids = [identifier(part) for part in parts]
        if any(ids):
            return ids
    return []
