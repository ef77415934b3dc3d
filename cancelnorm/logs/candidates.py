"""What a body without a request may answer: its status and its time, and what requests are for."""

from typing import Final

from cancelnorm import answering
from cancelnorm.logs.cancel_at import is_canceled, is_of_cancel, is_telling
from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.request_place import Place, may_answer
from cancelnorm.logs.rivals import changes_orders
from cancelnorm.logs.statuses import Statuses
from cancelnorm.logs.waiting import Group, Waiting, is_too_old

__all__ = [
    "QUERY",
    "Body",
    "exact",
    "is_cancel",
    "knows",
    "may_be_cancel",
    "may_be_of",
    "may_cancel",
    "may_take",
    "may_tell",
    "tells_of",
]

QUERY: Final = "GET"
"""The method of what only asks."""


class Body:
    """A body that names no request, in a line, with the status and the time that are beside it, if any are."""

    def __init__(self, body: bytes, status: int | None, at: int | None, line: int) -> None:
        self.body = body
        self.at = at
        self.line = line
        self._status = status
        self._statuses = Statuses(body, status)

    def fits(self, waiting: Waiting) -> bool:
        """Tell whether it is in time to answer a request, and has the status that was told of it."""
        return not is_too_old(waiting.request.at, self.at) and self._statuses.may_be(waiting)

    def goes_with(self, waiting: Waiting) -> bool:
        """The same, but for a status with which no such body goes."""
        return self.fits(waiting) and not self._statuses.contradict(waiting)

    def is_likely(self, waiting: Waiting) -> bool:
        """Tell whether a request may still be answered, with its status, and so."""
        is_other = None not in (self._status, waiting.status) and self._status != waiting.status
        return not (waiting.is_lost or is_other or self._statuses.contradict(waiting))


def may_cancel(request: Printed) -> bool:
    """Tell whether a request cancels, by its method or its URL."""
    return request.method == "DELETE" or "cancel" in request.url.casefold()


def may_tell(waiting: Waiting, body: bytes) -> bool:
    """Tell whether a request cancels orders, or a body says what became of one."""
    return may_cancel(waiting.request) or (
        waiting.place is not None and is_telling(waiting.place[0].name, body)
    )


def tells_of(waiting: Waiting, body: bytes) -> bool:
    """Tell whether a body says what became of an order, as an answer to a request may."""
    place = waiting.place
    return (
        place is not None
        and may_answer(place, body, is_near=False)
        and is_telling(place[0].name, body, place[1])
    )


def is_cancel(waiting: Waiting) -> bool:
    """Tell whether a request is at an endpoint, or by its method or its URL may cancel."""
    place = waiting.place
    return may_cancel(waiting.request) or (place is not None and place[1] in place[0].endpoints)


def may_be_cancel(group: Group, body: bytes) -> bool:
    """Tell whether a group is of requests that a body may answer, or at an unknown place by whose name they cancel."""
    if group.place is not None:
        return may_answer(group.place, body, is_near=False)
    return any(map(may_cancel, (each.request for each in group.members.values())))


def may_take(waiting: Waiting, body: bytes) -> bool:
    """Tell whether a request at a place of which nothing is known may be answered so.

    What only a cancel gets is no answer of it, unless it is one or changes an order.
    """
    place = waiting.place
    if place is None or may_cancel(waiting.request) or changes_orders(waiting):
        return True
    if is_of_cancel(place[0].name, body):
        return False
    is_report = waiting.request.method == QUERY and is_canceled(place[0].name, body)
    return not is_report


def may_be_of(place: Place | None, near: set[Place], body: bytes) -> bool:
    """Tell whether a body may be of a place that is near, or of another one whose venue may send it."""
    return place is None or place in near or bool(answering.possible(place[0], body))


def knows(place: Place | None, body: bytes) -> bool:
    """Tell whether a body has the keys of an answer of the venue at a place, and no others."""
    return place is not None and answering.knows(place[0], body)


def exact(places: set[Place], body: bytes) -> set[Place]:
    """The places of the venues that send exactly such a body, where several have its keys; else all."""
    if len({venue.name for venue, _ in places}) < 2:
        return places
    return {place for place in places if answering.takes(place[0], body)} or places
