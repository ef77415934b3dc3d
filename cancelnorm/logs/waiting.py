"""Requests over HTTP without an answer so far."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.doubts import Doubt
from cancelnorm.logs.named_orders import Named
from cancelnorm.logs.options import Options
from cancelnorm.logs.pairing import Channel, on_channel, without_port
from cancelnorm.logs.request_place import Place, named_in

__all__ = [
    "METHODS",
    "Group",
    "Key",
    "Requests",
    "Waiting",
    "are_distinct",
    "are_same",
    "is_alike",
    "is_later",
    "is_too_old",
    "key_of",
    "same_of",
    "still_open",
]

Key = tuple[str, str]
"""The method and the URL of a request, without the port that is usual."""

METHODS: Final = ("DELETE", "POST", "PUT", "PATCH", "GET")
"""Of a request whose answer only repeats its URL."""

_WAITING: Final = 1_000  # number of URLs with requests that are kept, and of lines that one is kept for
_NEAREST: Final = 100  # lines that a request is near for
_RECENT: Final = 2 * _NEAREST  # requests in these lines
_SECOND_NS: Final = 1_000_000_000
_LONGEST_NS: Final = 3_600_000_000_000  # no program waits for an answer for an hour


class Waiting(Struct, eq=False):
    """A request without an answer so far.

    ``is_certain`` if it is told where no answer is its own: the program prints all answers in the same form, or gave up
    one of several requests. ``is_shared`` if an answer came that may be its own or another's, ``is_doubted`` if that
    one names no request at all. ``is_late`` if the program gave up waiting, ``is_lost`` if it is certain that no answer
    comes. ``status`` is that of its answer, where the log has it without the body; ``is_near`` if no more than its
    place in the log tells that it is.
    """

    request: Printed
    location: str
    channel: Channel
    place: Place | None
    is_certain: bool
    is_shared: bool = False
    is_doubted: bool = False
    doubt: Doubt | None = None
    is_late: bool = False
    is_lost: bool = False
    is_near: bool = False
    status: int | None = None
    is_back: bool = False  # its time is before that of the request or the answer before it
    named: Named | None = None  # what it asks for, once it was looked for
    key: Key = ("", "")  # its method and URL

    def __post_init__(self) -> None:
        self.key = key_of(self.request.method, self.request.url)

    def share(self, doubt: Doubt) -> None:
        """Note that an answer may be its own, or that of others."""
        if self.doubt is None:
            doubt.ask()
        else:
            doubt.join(self.doubt)
        self.doubt = doubt

    def settle(self) -> None:
        """Note that it has an answer of its own, or cannot have one."""
        if self.doubt is not None:
            self.doubt.settle()


def key_of(method: str, url: str) -> Key:
    """The key of a request."""
    return method, without_port(url)


def are_distinct(waiting: list[Waiting]) -> bool:
    """Tell whether requests ask for different things."""
    return any(each.request.body != waiting[0].request.body for each in waiting)


def are_same(one: Printed, other: Printed) -> bool:
    """Tell whether the same request or answer was printed once and logged once."""
    return one.is_logged != other.is_logged and one[:3] == other[:3]


def is_alike(one: Waiting, other: Waiting) -> bool:
    """Tell whether two requests ask for the same thing at the same URL."""
    return (one.key, one.request.body) == (other.key, other.request.body)


def same_of(waiting: Iterable[Waiting]) -> Waiting | None:
    """The first of some requests that ask the same; None if they do not, or something may have answered one."""
    first = None
    for each in waiting:
        if each.is_doubted or each.is_shared:
            return None
        if first is None:
            first = each
        elif not is_alike(each, first):
            return None
        elif each.request.line < first.request.line:
            first = each
    return first


def still_open(found: list[Waiting]) -> list[Waiting]:
    """Those of some requests to which an answer may still come; all of them if that is none."""
    return [each for each in found if not each.is_lost] or found


def is_too_old(sent_ns: int | None, answered_ns: int | None) -> bool:
    """Tell whether a request was sent so long before an answer that the answer is not its own."""
    return sent_ns is not None and answered_ns is not None and answered_ns - sent_ns > _LONGEST_NS


def is_later(waiting: Waiting, answered_ns: int | None) -> bool:
    """Tell whether a request was sent after an answer, as in a log whose last lines come first.

    Times in whole seconds may be of any moment in these. Lines may be out of order by a second, but not where the
    request is out of order already.
    """
    sent_ns = waiting.request.at
    if sent_ns is None or answered_ns is None:
        return False
    is_exact = waiting.is_back and (sent_ns % _SECOND_NS or answered_ns % _SECOND_NS)
    return sent_ns > (answered_ns if is_exact else answered_ns + _SECOND_NS)


class Group(Struct, eq=False):
    """The requests of one connection to one place that wait, in their order.

    ``is_addressed`` unless they have no more than a path, which is no venue's: that is the handshake of a WebSocket,
    or a request to a server.
    """

    channel: Channel
    place: Place | None
    is_addressed: bool
    members: dict[int, Waiting]
    doubted: Doubt | None = None  # of all members

    def add_to(self, doubt: Doubt) -> None:
        """Note that an answer may be that of any of them."""
        if self.doubted is not None:
            doubt.join(self.doubted)
            return
        for each in self.members.values():
            each.is_doubted = True
            each.share(doubt)
        self.doubted = doubt


class Requests:
    """The requests of a log that wait, by method and URL; what was last asked comes last."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self.last_ns: int | None = None  # the time of the last request or answer
        self._by_key: dict[Key, list[Waiting]] = {}
        self._groups: dict[tuple[Channel, Place | None, bool], Group] = {}
        self._places: Counter[Place | None] = Counter()  # of the groups
        # Those of the last lines, and those that no longer wait. A document, which is one line, may have any number.
        self._recent: deque[Waiting] = deque(maxlen=_RECENT)
        self._next_look = 0  # the first line at which one may have waited too long

    def __bool__(self) -> bool:
        return bool(self._by_key)

    def __contains__(self, key: Key) -> bool:
        return key in self._by_key

    def at(self, method: str, url: str) -> Sequence[Waiting]:
        """The requests at a URL, the oldest first."""
        return self._by_key.get(key_of(method, url), ())

    def method_at(self, url: str) -> str | None:
        """The method of the requests at a URL, if it is the same for all."""
        found = [method for method in METHODS if self.key_at(method, url) in self]
        return found[0] if len(found) == 1 else None

    def key_at(self, method: str, url: str) -> Key:
        """The key of the requests that wait at a URL; of those at its path, if their lines have no host."""
        key = key_of(method, url)
        if key in self or not url.startswith("http"):
            return key
        path = key_of(method, f"/{url.partition('://')[2].partition('/')[2]}")
        return path if path in self else key

    def of(self, key: Key, channel: Channel) -> list[Waiting]:
        """The requests at a URL of what may be one connection, the oldest first."""
        return on_channel(self._by_key.get(key, ()), channel)

    def groups(self, channel: Channel) -> list[Group]:
        """The groups of what may be one connection."""
        return on_channel([*self._groups.values()], channel)

    def places(self) -> set[Place | None]:
        """The venues and endpoints of all."""
        return set(self._places)

    def has(self, waiting: Waiting) -> bool:
        """Tell whether a request still waits."""
        group = self._groups.get(_group_of(waiting))
        return group is not None and id(waiting) in group.members

    def named(self, waiting: Waiting) -> Named:
        """The orders that a request asks for."""
        if waiting.named is None:
            waiting.named = named_in(waiting.place, waiting.request, self._options)
        return waiting.named

    def since(self, line: int) -> Iterator[Waiting]:
        """The requests of this line and later ones, one of at most ``_NEAREST`` before the last; the last one first."""
        for each in reversed(self._recent):
            if each.request.line < line:
                return
            if self.has(each):
                yield each

    def add(self, waiting: Waiting) -> list[Waiting]:
        """Add a request that was not both printed and logged; return those that have waited too long."""
        key, request = waiting.key, waiting.request
        if request.at is not None and self.last_ns is not None:
            waiting.is_back = request.at < self.last_ns
        self.last_ns = request.at
        old = []
        for each in self._by_key.get(key, ()):
            if request.line - each.request.line < _WAITING:
                break
            old.append(each)
        for each in old:
            self.remove(each)
        recent = self._by_key.pop(key, [])
        self._by_key[key] = recent
        if not (recent and are_same(recent[-1].request, request)):
            recent.append(waiting)
            self._enter(waiting)
            self._recent.append(waiting)
            while request.line - self._recent[0].request.line > _NEAREST:
                self._recent.popleft()
        while len(self._by_key) > _WAITING:
            oldest = [*next(iter(self._by_key.values()))]
            for each in oldest:
                self.remove(each)
            old += oldest
        return old

    def complete(self, waiting: Waiting, request: Printed, place: Place | None) -> None:
        """Put a request with its body in the place of the same without, which may have told less of its place."""
        self._leave(waiting)
        waiting.request, waiting.place, waiting.named = request, place, None
        self._enter(waiting)

    def move(self, waiting: Waiting, channel: Channel) -> None:
        """Note that the lines of the answer to a request have other names for its connection."""
        self._leave(waiting)
        waiting.channel = channel
        self._enter(waiting)

    def remove(self, waiting: Waiting) -> None:
        """Remove a request that was answered, or waits no longer."""
        self._leave(waiting)
        at_key = self._by_key[waiting.key]
        at_key.remove(waiting)
        if not at_key:
            del self._by_key[waiting.key]

    def take_old(self, line: int) -> list[Waiting]:
        """Take the requests that have waited too long at a line of the log."""
        if line < self._next_look:
            return []
        found: list[Waiting] = []
        for waiting in self._by_key.values():
            if line - waiting[-1].request.line < _WAITING:
                break
            found += waiting
        for each in found:
            self.remove(each)
        oldest = next(iter(self._by_key.values()), None)
        self._next_look = _WAITING + (line if oldest is None else oldest[-1].request.line)
        return found

    def take_all(self) -> list[Waiting]:
        """Take the requests that are left."""
        found = [each for waiting in self._by_key.values() for each in waiting]
        self._by_key.clear()
        self._groups.clear()
        self._places.clear()
        return found

    def _enter(self, waiting: Waiting) -> None:
        key = _group_of(waiting)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = Group(*key, {})
            self._places[waiting.place] += 1
        group.members[id(waiting)] = waiting
        group.doubted = None

    def _leave(self, waiting: Waiting) -> None:
        key = _group_of(waiting)
        members = self._groups[key].members
        del members[id(waiting)]
        if not members:
            del self._groups[key]
            self._places[waiting.place] -= 1
            if not self._places[waiting.place]:
                del self._places[waiting.place]


def _group_of(waiting: Waiting) -> tuple[Channel, Place | None, bool]:
    place = waiting.place
    return waiting.channel, place, place is not None or "://" in waiting.request.url
