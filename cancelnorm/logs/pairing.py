"""Open requests of one log, and the choice of the one that an answer belongs to."""

import re
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from itertools import count
from typing import Final, NamedTuple, Protocol, TypeVar

from msgspec import Struct

from cancelnorm.logs.contexts import NO_CONTEXT, Context
from cancelnorm.logs.dropped import Dropped
from cancelnorm.logs.named_orders import Named
from cancelnorm.record import Request

__all__ = ["Asked", "Channel", "OpenRequest", "OpenRequests", "address_of", "on_channel", "without_port"]

WINDOW: Final = 10_000
"""Number of open requests that are kept in full."""

_REMEMBERED: Final = (
    50_000  # ids of requests that left the window, so that a late answer is not given to another
)
_SAME: Final = 300  # open requests with one id


class Channel(NamedTuple):
    """What a line of a log says of the connection of its frame, and of its context; None where it says nothing."""

    connection: str | None = None
    account: str | None = None
    url: str | None = None
    context: Context = NO_CONTEXT

    def may_be(self, other: "Channel") -> bool:
        """Whether two lines may be of one connection and of one call."""
        return self.may_carry(other) and self.context.may_be_call_of(other.context)

    def may_carry(self, other: "Channel") -> bool:
        """Whether two frames may be of one connection, of whatever calls."""
        connection, account, url, context = self
        other_connection, other_account, other_url, other_context = other
        return (
            (connection is None or other_connection is None or connection == other_connection)
            and (account is None or other_account is None or account == other_account)
            and (url is None or other_url is None or url == other_url)
            and (context is other_context or context.may_be_program_of(other_context))
        )

    def is_incomparable(self, other: "Channel") -> bool:
        """Whether one line names a connection and the other one an account, and nothing else tells them apart."""
        names = (each.connection or "" for each in (self, other))
        if {name.partition(" ")[0] for name in names} != _KINDS:
            return False
        return self._replace(connection=None).may_be(other._replace(connection=None))


_KINDS: Final = {"account", "connection"}


class _Asked(Protocol):
    """A request, or several, on one connection."""

    channel: Channel


T = TypeVar("T", bound=_Asked)


def on_channel(found: Sequence[T], channel: Channel) -> list[T]:
    """Those of some requests that may be on a channel; those alone that are known to be of its call, if any are."""
    if channel == _ANY:
        return list(found)
    kept = [each for each in found if each.channel.may_be(channel)]
    return _of_call(kept, channel) or kept


def _on_connection(found: Sequence[T], channel: Channel) -> list[T]:
    """Those of some frames that may be on the connection of another; those alone of its call, if any are known to be.

    Another call excludes none of them: what reads the frames of a connection goes on in the call that began it.
    """
    if channel == _ANY:
        return list(found)
    kept = [each for each in found if each.channel.may_carry(channel)]
    return _of_call(kept, channel) or kept


def _of_call(found: Sequence[T], channel: Channel) -> list[T]:
    """Those of some requests that are known to be of the call of a line."""
    context = channel.context
    return [each for each in found if context.is_call_of(each.channel.context)] if context.calls else []


def _calls_with(request_id: bytes, channel: Channel) -> Iterator[bytes]:
    """The id of a request with each name of its call."""
    return (" ".join(call).encode("utf-8", "replace") + b" " + request_id for call in channel.context.calls)


_ANY: Final = Channel()
_USUAL_PORT: Final = re.compile(r"^((?:https|wss)://[^/?#:]{1,250}):443(?=[/?#]|$)")


def without_port(url: str) -> str:
    """A URL without the port that is usual; of two lines about it one may show the port."""
    return _USUAL_PORT.sub(r"\1", url) if ":443" in url else url


def address_of(url: str | None) -> str | None:
    """The address of a connection: its query may differ from line to line, and so may how its end is written."""
    return without_port(url.partition("?")[0]).rstrip("/") if url else None


class Asked(NamedTuple):
    """A request as one venue understands it."""

    operation: str
    endpoint: str
    request: Request | None
    secrets: tuple[str, ...]


class OpenRequest(Struct, eq=False):
    """A request that waits for an answer; ``asked`` has an entry for each venue that it may be meant for.

    Of one that is answered once for each order, ``awaited`` are the answers that are missing, once there was one.
    """

    request_id: bytes
    channel: Channel
    asked: Mapping[str, Asked]
    sent_ns: int | None
    source: str
    raw: bytes | None
    number: int = 0
    is_shared: bool = False  # an answer came that may be its own or another request's
    is_reported: bool = False  # as unanswered, because it left the window
    awaited: int | None = None
    named: dict[str, Named] = {}  # what it asks each venue for, once it was looked for


class OpenRequests:
    """The open requests of a log, by id.

    An answer belongs to the only open request with its id on what may be its connection. If several that ask for
    different things have the id, it is given to none of them, and neither are later answers with the id, until
    there have been as many as requests. An id of which a request had to be dropped is never sure again.
    """

    def __init__(self) -> None:
        self._by_id: dict[bytes, list[OpenRequest]] = {}
        self._window: OrderedDict[int, OpenRequest] = OrderedDict()
        self._reported: OrderedDict[int, OpenRequest] = OrderedDict()
        self._shared_answers: Counter[bytes] = Counter()
        self._dropped = Dropped()
        self._called = Dropped()  # ids with the calls of their requests
        self._numbers = count()

    def __bool__(self) -> bool:
        return bool(self._by_id)

    def add(self, request: OpenRequest) -> list[OpenRequest]:
        """Open a request; return those that leave the window."""
        request.number = next(self._numbers)
        for key in _calls_with(request.request_id, request.channel):
            self._called.add(key)
        same = self._by_id.setdefault(request.request_id, [])
        left = []
        if len(same) >= _SAME:
            oldest = same[0]
            left += [] if oldest.is_reported else [self._leave(oldest)]
            self._drop(oldest)
        self._by_id.setdefault(request.request_id, []).append(request)
        self._window[request.number] = request
        if len(self._window) > WINDOW:
            left.append(self._leave(next(iter(self._window.values()))))
        if len(self._reported) > _REMEMBERED:
            self._drop(next(iter(self._reported.values())))
        return left

    def _leave(self, request: OpenRequest) -> OpenRequest:
        """Move a request out of the window; return it as it was."""
        left = copy(request)
        del self._window[request.number]
        request.asked = {name: asked._replace(request=None) for name, asked in request.asked.items()}
        request.raw, request.is_reported = None, True
        self._reported[request.number] = request
        return left

    def _drop(self, request: OpenRequest) -> None:
        """Forget a request that left the window, but that its id is in use."""
        self._dropped.add(request.request_id)
        self.close(request)

    def is_sure(self, request_id: bytes) -> bool:
        """Whether every request with an id that may be unanswered is known."""
        return request_id not in self._dropped

    def candidates(
        self, request_id: bytes, venue: str, channel: Channel, operation: str | None
    ) -> list[OpenRequest]:
        """The open requests that an answer of a venue may belong to; none if that of its call has been answered."""
        same = _on_connection(self._by_id.get(request_id, ()), channel)
        if (
            same
            and not _of_call(same, channel)
            and any(map(self._called.__contains__, _calls_with(request_id, channel)))
        ):
            return []
        of_venue = [each for each in same if venue in each.asked]
        return [each for each in of_venue if operation in (None, each.asked[venue].operation)]

    def close(self, request: OpenRequest) -> None:
        """Remove a request that has been answered."""
        self._window.pop(request.number, None)
        self._reported.pop(request.number, None)
        self._remove(request)

    def share(self, candidates: list[OpenRequest]) -> list[OpenRequest]:
        """Take an answer that may belong to several requests.

        Return the requests with its id that have all been answered by now, though none is known to have which.
        """
        request_id = candidates[0].request_id
        unshared = [each for each in candidates if not each.is_shared]
        for request in unshared:
            request.is_shared = True
        shared = [each for each in self._by_id[request_id] if each.is_shared]
        self._shared_answers[request_id] += 1
        if self._shared_answers[request_id] < len(shared):
            return []
        for request in shared:
            self.close(request)
        self._shared_answers.pop(request_id, None)
        return [request for request in shared if not request.is_reported]

    def rest(self) -> Iterator[OpenRequest]:
        """The open requests that have not been reported, in their order."""
        return iter(self._window.values())

    def _remove(self, request: OpenRequest) -> None:
        left = [other for other in self._by_id[request.request_id] if other is not request]
        if left:
            self._by_id[request.request_id] = left
        else:
            del self._by_id[request.request_id]
            self._shared_answers.pop(request.request_id, None)
