"""Requests over HTTP that waited too long, whose answer may still come."""

from collections import Counter, OrderedDict, deque
from collections.abc import Iterable
from itertools import count
from typing import Final, NamedTuple

from cancelnorm.logs.dropped import Dropped
from cancelnorm.logs.pairing import Channel
from cancelnorm.logs.request_place import Place
from cancelnorm.logs.waiting import Key, Waiting, is_too_old

__all__ = ["Late"]

_REMEMBERED: Final = 50_000  # requests that waited too long
_CHANNELS: Final = 64  # of late requests at one URL that are told apart
_ANY: Final = Channel()


class _Request(NamedTuple):
    """What is remembered of a late request."""

    number: int
    key: Key
    channel: Channel
    place: Place | None
    sent_ns: int | None


class Late:
    """The requests that waited too long: an answer at their URL may be theirs, and is given to no other.

    As many answers as there are late requests make a URL sure again, and so does an hour by the clocks of the log.
    The oldest are dropped where there are too many, and then their URLs are never sure again.
    """

    def __init__(self) -> None:
        self._by_key: dict[Key, dict[Channel, deque[_Request]]] = {}
        self._all: OrderedDict[int, _Request] = OrderedDict()
        self._places: Counter[Place] = Counter()
        self._newest: dict[Place, int | None] = {}  # when the last one of a place was sent, if known
        self._dropped = Dropped()
        self._dropped_places: set[Place] = set()
        self._numbers = count()

    def add(self, waiting: Waiting) -> None:
        """Remember a request that waited too long."""
        at_key = self._by_key.setdefault(waiting.key, {})
        channel = waiting.channel if waiting.channel in at_key or len(at_key) < _CHANNELS else _ANY
        request = _Request(next(self._numbers), waiting.key, channel, waiting.place, waiting.request.at)
        at_key.setdefault(channel, deque()).append(request)
        self._all[request.number] = request
        if request.place is not None:
            self._places[request.place] += 1
            self._newest[request.place] = request.sent_ns
        if len(self._all) > _REMEMBERED:
            oldest = next(iter(self._all.values()))
            self._dropped.add(_bytes(oldest.key))
            if oldest.place is not None:
                self._dropped_places.add(oldest.place)
            self._remove(oldest)

    def take(self, key: Key, channel: Channel, answered_ns: int | None) -> bool:
        """Take the oldest request that an answer at a URL may belong to; return whether there may be one."""
        found: list[_Request] = []
        for other, requests in list(self._by_key.get(key, {}).items()):
            if not other.may_be(channel):
                continue
            while requests and is_too_old(requests[0].sent_ns, answered_ns):
                self._remove(requests[0])
            found += list(requests)[:1]
        if found:
            self._remove(min(found))
            return True
        return bool(self._dropped) and _bytes(key) in self._dropped

    def places(self, answered_ns: int | None) -> Iterable[Place]:
        """The places at which an answer may belong to a late request."""
        if not self._places and not self._dropped_places:
            return ()
        late = [place for place in self._places if not is_too_old(self._newest[place], answered_ns)]
        return {*late, *self._dropped_places}

    def _remove(self, request: _Request) -> None:
        del self._all[request.number]
        at_key = self._by_key[request.key]
        requests = at_key[request.channel]
        requests.popleft()  # always the oldest of its channel
        if not requests:
            del at_key[request.channel]
            if not at_key:
                del self._by_key[request.key]
        if request.place is not None:
            self._places[request.place] -= 1
            if not self._places[request.place]:
                del self._places[request.place], self._newest[request.place]


def _bytes(key: Key) -> bytes:
    return " ".join(key).encode("utf-8", "surrogateescape")
