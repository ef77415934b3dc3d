"""Requests that wait beside one that cancels: whether an answer may be theirs, or is."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from cancelnorm import answering
from cancelnorm.caching import cached
from cancelnorm.logs.cancel_at import is_accepted, is_done, is_telling
from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.request_place import Place
from cancelnorm.logs.waiting import Group, Waiting
from cancelnorm.venue import Venue

__all__ = ["changes_orders", "claims", "is_its", "may_be_theirs"]

_CHANGES: Final = re.compile(r"^(?:PATCH|PUT) |amend|edit|modif|replace", re.IGNORECASE)
_CODE_AND_TEXT: Final = re.compile(rb'\{\s*+"\w+"\s*+:\s*+"?[0-9]+"?\s*+,\s*+"\w+"\s*+:\s*+"[^"\\]*+"\s*+\}')
_QUERY: Final = "GET"
_NO_ID: Final = frozenset({b"", b"0", b"-1"})


def is_its(place: Place, groups: Iterable[Group], others: set[Place], body: bytes) -> bool:
    """Tell whether a body is an answer to a request at a place although others wait whose answers are not known.

    It has to say what became of the order; any of them may be refused for another reason.
    """
    has_rival = any(
        each.place is not None and each.place in others and answering.possible(each.place[0], body)
        for each in groups
    )
    return not has_rival or is_telling(place[0].name, body, place[1])


def claims(rival: Waiting, body: bytes) -> bool:
    """Tell whether a request names an order of an answer, whatever it is for."""
    if rival.place is None:
        return False
    venue, _ = rival.place
    return not _ids(venue, _text(rival.request)).isdisjoint(_ids(venue, body))


def may_be_theirs(place: Place, rivals: Sequence[Waiting], body: bytes, *, is_named: bool) -> bool:
    """Tell whether an answer that a request at a place may get is that of others which change orders or settings.

    What says that an order is canceled is not, nor what names the order of that request alone.
    """
    venue, name = place
    same = [each for each in rivals if each.place is not None and each.place[0] is venue]
    same = [each for each in same if each.request.method != _QUERY]
    if not same or is_done(venue.name, body, name):
        return False
    if is_named:
        return any(claims(each, body) for each in same)
    if _CODE_AND_TEXT.fullmatch(body.strip()) is not None and b"cancel" not in body.lower():
        return True
    if not _ids(venue, body) and is_accepted(venue.name, body, name):
        return False  # what changes an order names it
    return any(map(changes_orders, same))


def changes_orders(waiting: Waiting) -> bool:
    """Tell whether a request amends or replaces an order, by the name of its endpoint."""
    return waiting.place is not None and _CHANGES.search(waiting.place[1] or "") is not None


def _text(asked: Printed) -> bytes:
    return f"{asked.url} {asked.body}".encode("utf-8", "surrogateescape")


def _ids(venue: Venue, text: bytes) -> frozenset[bytes]:
    """What stands under the names of ids, in a URL, a form or JSON."""
    return frozenset(_pattern(tuple(sorted(venue.id_names))).findall(text)) - _NO_ID


@cached(64)
def _pattern(names: tuple[str, ...]) -> re.Pattern[bytes]:
    keys = b"|".join(re.escape(name.encode()) for name in names)
    return re.compile(
        rb"(?<![\w])(?:" + keys + rb')"?\s{0,3}[:=]\s{0,3}"?([\w.:-]{1,200})(?![\w.:-])', re.IGNORECASE
    )
