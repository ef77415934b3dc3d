"""The orders that an answer names: which of several requests it belongs to, and which it contradicts."""

import re
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from cancelnorm.answer import normalise_at
from cancelnorm.caching import cached
from cancelnorm.endpoint import Endpoint
from cancelnorm.errors import NotACancel, PayloadError
from cancelnorm.record import Record, Request

__all__ = ["MOST", "Named", "belonging", "naming"]

Named = tuple[Endpoint | None, Request | None]
"""The endpoint of a request and its parameters; None where they are unknown."""

T = TypeVar("T")

MOST: Final = 32
"""Number of requests that are looked at."""
_SHORTEST: Final = 4  # characters of an id that is found by itself
_EXACT: Final = 2**53
_MASK: Final = re.compile(
    r"[*<\[({\ufffd]|\.{3}|…|^[xX-]+$"
)  # people and programs hide, shorten or break ids


def belonging(found: Sequence[T], answer: bytes, named: Callable[[T], Named]) -> list[T]:
    """Those of some requests that name an order of an answer; else those that it does not contradict.

    All of them where there are many.
    """
    if len(found) > MOST or not found:
        return list(found)
    asked = [named(each) for each in found]
    said = [_is_of(answer, *each) for each in asked]
    if True in said:
        return [each for each, one in zip(found, said, strict=True) if one]
    others = [each for each, one in zip(asked, said, strict=True) if one is False]
    if not others or not _is_contradicted(
        answer, *others[0]
    ):  # what replaces orders does not contradict the others
        return list(found)
    return [each for each, one in zip(found, said, strict=True) if one is None]


def naming(found: Sequence[T], answer: bytes, named: Callable[[T], Named]) -> list[T]:
    """Those of some requests that name an order of an answer; none where there are many."""
    return [each for each in found if _is_of(answer, *named(each))] if len(found) <= MOST else []


def _is_of(answer: bytes, endpoint: Endpoint | None, request: Request | None) -> bool | None:
    """Tell whether an answer names an order of a request: False if it names others only, None if it names none."""
    if endpoint is None or not request:
        return None
    keys = endpoint.request
    if not (named := _ids(answer, (*keys.order_id, *keys.client_order_id))):
        return None
    targets = keys.targets(request)
    by_field = (
        (_ids(answer, names), {getattr(target, field) for target in targets} - {None, ""})
        for field, names in (("order_id", keys.order_id), ("client_order_id", keys.client_order_id))
    )
    is_other = False
    for told, asked in by_field:
        if any(_MASK.search(one) for one in (*told, *asked)):
            return None
        if not asked:
            continue
        if any(_is_same(one, other) for one in asked for other in named) or any(
            len(one) >= _SHORTEST and one.casefold().encode() in answer.lower() for one in asked
        ):
            return True
        is_other |= bool(told)
    return False if is_other else None


def _is_contradicted(answer: bytes, endpoint: Endpoint | None, request: Request | None) -> bool:
    """Whether an answer, read as that to a request, is about another order; what replaces an order names a new one.

    One that cannot be read is taken for that of the order that it names.
    """
    if endpoint is None:
        return False
    try:
        result = normalise_at(
            Record(answer, endpoint.venue, endpoint.name, request=request), endpoint, "collect"
        )
    except PayloadError:
        return True
    except NotACancel:
        return False
    return any(note.code == "contradiction" for note in result.notes)


def _is_same(one: str, other: str) -> bool:
    """Whether two ids are the same, but for case and for what JavaScript rounds."""
    if one.casefold() == other.casefold():
        return True
    if not (one.isdecimal() and other.isdecimal() and one.isascii() and other.isascii()):
        return False
    return int(one[:40]) > _EXACT and float(one[:40]) == float(other[:40])


def _ids(answer: bytes, names: tuple[str, ...]) -> list[str]:
    """The ids in an answer under some keys, at any depth."""
    if not names:
        return []
    found = (text or number for text, number in _pattern(names).findall(answer))
    return [each.decode("utf-8", "replace") for each in found if each not in (b"", b"0", b"-1")]


@cached(1_024)
def _pattern(names: tuple[str, ...]) -> re.Pattern[bytes]:
    keys = b"|".join(re.escape(name.encode()) for name in names)
    return re.compile(rb'"(?:' + keys + rb')"\s*+:\s*+(?:"([^"\\]{1,200}+)"|(-?[0-9]{1,40}+))')
