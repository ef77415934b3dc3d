"""The orders that an answer names: which of several requests it belongs to, and which it contradicts."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple, TypeVar

from cancelnorm.answer import normalise_at
from cancelnorm.caching import cached
from cancelnorm.endpoint import Endpoint
from cancelnorm.errors import NotACancel, PayloadError
from cancelnorm.record import Record, Request

__all__ = ["MOST", "NOTHING", "Named", "belonging", "named_by", "naming"]

T = TypeVar("T")

MOST: Final = 32
"""Number of requests that are looked at."""
_EXACT: Final = 2**53
_LONGEST: Final = 40  # digits of an id
# People and programs hide, shorten or break ids.
_MASK: Final = re.compile(r"[*<\[({\ufffd]|\.{3}|…|^[xX-]+$")
_VALUES: Final = re.compile(rb'[:,\[]\s*+(?:"([^"\\]{4,200}+)"(?!\s*+:)|([0-9]{8,40}+))')
_TELLING: Final = re.compile(r"(?=.*[0-9])(?:[0-9]{8,}|.*[^0-9].*)", re.DOTALL)  # no code, price or word has


class Named(NamedTuple):
    """What a request asks for: its endpoint, its parameters, and the ids of its orders; None where it is unknown."""

    endpoint: Endpoint | None = None
    request: Request | None = None
    order_ids: frozenset[str] = frozenset()
    client_order_ids: frozenset[str] = frozenset()


NOTHING: Final = Named()
_MAY_NAME_OTHERS: Final = re.compile(  # of an endpoint: one that replaces an order, or that only shows some
    r"^(?:GET|PUT) |amend|edit|modify|replace", re.IGNORECASE
)


def named_by(endpoint: Endpoint | None, request: Request | None) -> Named:
    """What a request to an endpoint asks for; where an id in it is masked, it names no order."""
    if endpoint is None or not request:
        return NOTHING
    targets = endpoint.request.targets(request)
    ids = [
        frozenset(one.casefold() for one in found if one)
        for found in zip(*((each.order_id, each.client_order_id) for each in targets), strict=True)
    ] or [frozenset(), frozenset()]
    return NOTHING if any(map(_is_masked, ids)) else Named(endpoint, request, *ids)


def belonging(found: Sequence[T], answer: bytes, named: Callable[[T], Named]) -> list[T]:
    """Those of some requests that name an order of an answer; else those that it does not contradict.

    All of them where there are many.
    """
    if len(found) > MOST or not found:
        return list(found)
    asked, told = [named(each) for each in found], _Answer(answer)
    said = [told.names(each) for each in asked]
    if True in said:
        return [each for each, one in zip(found, said, strict=True) if one]
    others = [each for each, one in zip(asked, said, strict=True) if one is False]
    if not others or not _contradicts(
        answer, others[0]
    ):  # nor the others, then: it is the endpoint that replaces
        return list(found)
    return [each for each, one in zip(found, said, strict=True) if one is None]


def naming(found: Sequence[T], answer: bytes, named: Callable[[T], Named]) -> list[T]:
    """Those of some requests that name an order of an answer; none where there are many."""
    told = _Answer(answer)
    return [each for each in found if told.names(named(each))] if len(found) <= MOST else []


class _Answer:
    """An answer and the ids in it, at any depth."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._under: dict[tuple[str, ...], frozenset[str]] = {}
        self._values: frozenset[str] | None = None

    def names(self, named: Named) -> bool | None:
        """Tell whether it names an order of a request: False if it names others only, None if it names none."""
        if named.endpoint is None:
            return None
        keys = named.endpoint.request
        told = self._ids((*keys.order_id, *keys.client_order_id))
        if not told:
            return None
        is_other = False
        for names, asked in (
            (keys.order_id, named.order_ids),
            (keys.client_order_id, named.client_order_ids),
        ):
            ids = self._ids(names)
            if _is_masked(ids):
                return None
            if not asked.isdisjoint(told) or not _rounded(asked).isdisjoint(_rounded(told)):
                return True
            if not asked.isdisjoint(self._all()):
                return True
            is_other |= bool(asked and ids)
        return False if is_other else None

    def _ids(self, names: tuple[str, ...]) -> frozenset[str]:
        """The ids under some keys."""
        if names not in self._under:
            found = _pattern(names).findall(self._data) if names else ()
            self._under[names] = _texts(found)
        return self._under[names]

    def _all(self) -> frozenset[str]:
        """All values that are likely to be ids, under whatever keys."""
        if self._values is None:
            values = _texts(_VALUES.findall(self._data))
            self._values = frozenset(each for each in values if _TELLING.fullmatch(each))
        return self._values


def _contradicts(answer: bytes, named: Named) -> bool:
    """Whether an answer, read as that to a request, is about another order; what replaces an order names a new one.

    One that cannot be read is taken for that of the order that it names.
    """
    if named.endpoint is None:
        return False
    if _MAY_NAME_OTHERS.search(named.endpoint.name) is None:
        return True
    record = Record(answer, named.endpoint.venue, named.endpoint.name, request=named.request)
    try:
        result = normalise_at(record, named.endpoint, "collect")
    except PayloadError:
        return True
    except NotACancel:
        return False
    return any(note.code == "contradiction" for note in result.notes)


def _texts(found: Iterable[tuple[bytes, bytes]]) -> frozenset[str]:
    """Texts and numbers, but for those that mean that there is no id."""
    values = (text or number for text, number in found)
    return frozenset(
        each.decode("utf-8", "replace").casefold() for each in values if each not in (b"", b"0", b"-1")
    )


def _is_masked(ids: frozenset[str]) -> bool:
    return any(map(_MASK.search, ids))


def _rounded(ids: frozenset[str]) -> frozenset[float]:
    """Numbers as JavaScript has them, those that it rounds."""
    whole = (int(one[:_LONGEST]) for one in ids if one.isdecimal() and one.isascii())
    return frozenset(float(one) for one in whole if one > _EXACT)


@cached(1_024)
def _pattern(names: tuple[str, ...]) -> re.Pattern[bytes]:
    keys = b"|".join(re.escape(name.encode()) for name in names)
    return re.compile(rb'"(?:' + keys + rb')"\s*+:\s*+(?:"([^"\\]{1,200}+)"|(-?[0-9]{1,40}+))')
