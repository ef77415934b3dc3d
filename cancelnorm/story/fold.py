"""Folding events into stories, one for each order."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, NamedTuple, Protocol

from msgspec.structs import astuple

from cancelnorm import venues
from cancelnorm.caching import cached
from cancelnorm.ids import id_space, ignores_case, is_masked, lowered
from cancelnorm.schema import CancelEvent, EventKind
from cancelnorm.story.links import ListKey, linked, lists_of, owners_of
from cancelnorm.story.state import State, StoryKey
from cancelnorm.story.verdict import Story

__all__ = [
    "WINDOW",
    "Gathering",
    "Place",
    "Stories",
    "fold",
    "is_attempt",
    "is_pushed",
    "is_query",
    "place_of",
    "stream",
]

_ORDER: Final = EventKind.ORDER

WINDOW: Final = 50_000
"""Orders after which a stream forgets an order that was not seen again; it is gone after twice as many."""


class Stories(Mapping[StoryKey, Story]):
    """Stories by order, in the order in which the orders were first seen.

    They are partial as long as more events may come: ``merge`` joins those of several parts of a log. Only
    ``linked`` tells what takes all of them. ``unnamed`` counts the events that name no order, by their kind: those
    of many orders at once are about none of them.
    ``aside`` are orders of which nothing but a fill was shown: ``linked`` leaves them out, unless a story of their
    client id is theirs.
    """

    def __init__(
        self,
        stories: Mapping[StoryKey, Story],
        unnamed: Mapping[EventKind, int] | None = None,
        aside: Collection[StoryKey] = (),
    ) -> None:
        self._stories = dict(stories)
        self.unnamed = Counter(unnamed or {})
        self.aside = frozenset(aside)

    def __getitem__(self, key: StoryKey) -> Story:
        return self._stories[key]

    def __iter__(self) -> Iterator[StoryKey]:
        return iter(self._stories)

    def __len__(self) -> int:
        return len(self._stories)

    def __repr__(self) -> str:
        return f"Stories({self._stories!r})"

    def merge(self, *others: "Stories") -> "Stories":
        """The stories of the events of all; which comes first, and what they share, does not matter."""
        gathering = Gathering()
        for stories in (self, *others):
            gathering.join(stories)
        return gathering.stories()

    def linked(self) -> tuple[Story, ...]:
        """The stories, in which those of client ids are joined to their orders, and orders name what they replace."""
        return tuple(linked(self._stories, self.aside).values())

    @property
    def lists(self) -> dict[ListKey, tuple[StoryKey, ...]]:
        """The orders of each order list."""
        return lists_of(self._stories.values())


class Place(NamedTuple):
    """Facts about an endpoint that hold for its events."""

    space: str
    by_symbol: bool
    is_attempt: bool
    is_pushed: bool
    ignores_case: bool = False


class Gathering:
    """Events of any number of orders, gathered into stories: ``add`` them, then ask for ``stories``."""

    def __init__(self) -> None:
        self.unnamed: Counter[EventKind] = Counter()
        self._states: dict[StoryKey, State] = {}
        self._older: dict[StoryKey, State] = {}
        self._places: dict[tuple[str, str], Place] = {}
        self._aside: set[StoryKey] = set()

    def __len__(self) -> int:
        """Number of stories."""
        return len(self._states) + len(self._older)

    def add(self, event: CancelEvent) -> StoryKey | None:
        """Add an event and give the key of its story; None if it names no order, or by masked ids alone."""
        if event.kind is not _ORDER:  # the ids that it may have are those of its list or its request
            self.unnamed[event.kind] += 1
            return None
        at = event.venue, event.endpoint
        place = self._places.get(at)
        if place is None:
            place = self._places[at] = place_of(*at)
        space, by_symbol, is_attempt, is_pushed, has_no_case = place
        order_id, client_id = event.order_id, None
        if order_id is None or is_masked(order_id):
            order_id, client_id = None, event.client_order_id
            if client_id is None or is_masked(client_id):
                self.unnamed[event.kind] += 1
                return None
            if has_no_case:
                client_id = lowered(client_id)
        # A tuple equals the key that it becomes when it is kept.
        name = (event.account, space, event.symbol if by_symbol else None, order_id, client_id)
        state = self._states.get(name)  # type: ignore[call-overload]
        if state is None or state.__class__ is not State:
            state = self._open(StoryKey(*name), event.venue)
        state.add(event, is_attempt=is_attempt, is_pushed=is_pushed)
        key: StoryKey = state.key
        if self._aside:
            self._aside.discard(key)
        return key

    def show(self, event: CancelEvent) -> StoryKey | None:
        """Add an event of ``fills_of``: it is part of a story, but makes none by itself."""
        orders, aside = len(self), len(self._aside)
        key = self.add(event)
        if key is not None and (len(self) > orders or len(self._aside) < aside):
            self._aside.add(key)
        return key

    def _open(self, key: StoryKey, venue: str) -> State:
        """The state of an order, which may be a story yet, or have been left behind."""
        found = self._states.get(key) or self._older.pop(key, None)
        state = State(key, venue) if found is None else State(*astuple(found))
        self._states[key] = state
        return state

    def client_ids_of(self, key: StoryKey) -> tuple[str, ...]:
        """Client ids of an order that is in memory."""
        state = self._states.get(key) or self._older.get(key)
        return () if state is None else state.client_order_ids

    def join(self, stories: Stories) -> None:
        """Join with stories of other events."""
        self.unnamed.update(stories.unnamed)
        for key, story in stories.items():
            is_aside = key in stories.aside
            if key in self._states or key in self._older:
                self._open(key, story.venue).join(story)
                if not is_aside:
                    self._aside.discard(key)
            else:
                self._states[key] = story
                if is_aside:
                    self._aside.add(key)

    def stories(self) -> Stories:
        """The stories of all events so far."""
        return Stories(
            {key: _told(state) for states in (self._older, self._states) for key, state in states.items()},
            self.unnamed,
            self._aside,
        )

    def leaving(self, window: int) -> tuple[Story, ...]:
        """The stories that leave, if ``window`` orders or more were seen since the last ones did."""
        if len(self._states) < window:
            return ()
        known = self.stories()
        told = linked(known, self._aside)
        staying = self._states
        for key, (candidates, owner) in owners_of(known, self._aside).items():
            if owner is None and key in staying and not self._older.keys().isdisjoint(candidates):
                self._older[key] = staying.pop(key)  # it may be about an order that leaves
            elif owner in self._older and key in staying:
                del staying[key]  # it is part of its order's story
            elif owner in staying and key in self._older:
                staying[key] = self._older.pop(key)
        for key, state in staying.items():
            if key in told and told[key].replaces != state.replaces:
                replaced = State(*astuple(state))
                replaced.replaces = told[key].replaces
                staying[key] = replaced
        left = tuple(told[key] for key in self._older if key in told)
        self._aside.difference_update(self._older)
        self._older, self._states = staying, {}
        return left


def _told(state: State) -> Story:
    return state if isinstance(state, Story) else Story(*astuple(state))


@cached(1_024)
def place_of(venue: str, endpoint: str) -> Place:
    """What an endpoint tells; the ids of one that is not known here are taken to be unique in a symbol."""
    space = id_space(venue, endpoint)
    found = venues.find(venue)
    known = None if found is None else found.endpoints.get(endpoint)
    is_pushed = endpoint.startswith("stream ")
    is_query = endpoint.startswith("GET ") if known is None else known.is_query
    is_attempt = not is_pushed and not is_query
    if space is None:
        return Place(venue, by_symbol=True, is_attempt=is_attempt, is_pushed=is_pushed)
    return Place(space.name, space.by_symbol, is_attempt, is_pushed, ignores_case(venue, space.name))


def is_attempt(event: CancelEvent) -> bool:
    """Whether an event is the answer to a cancel request, or that request without an answer."""
    return place_of(event.venue, event.endpoint).is_attempt


def is_pushed(event: CancelEvent) -> bool:
    """Whether an event is from a stream, which the venue sends unasked."""
    return place_of(event.venue, event.endpoint).is_pushed


def is_query(event: CancelEvent) -> bool:
    """Whether an event is from the answer to a query, which cancels nothing, whether it succeeds or fails."""
    place = place_of(event.venue, event.endpoint)
    return not place.is_attempt and not place.is_pushed


class HasEvent(Protocol):
    """An answer that was refused, as ``events`` gives it in its place: its event says that it could not be read."""

    @property
    def event(self) -> CancelEvent | None:
        """The event of its request, if that is known."""


def fold(events: Iterable[CancelEvent | HasEvent]) -> Stories:
    """Stories of all orders in a collection of events, whose order does not matter.

    Memory grows with the number of orders, not with that of events. For streams without end there is ``stream``. Of an
    answer that was refused, its event counts. Raises TypeError for anything else.
    """
    gathering = Gathering()
    add = gathering.add
    for event in _each(events):
        add(event)
    return gathering.stories()


def _each(events: Iterable[CancelEvent | HasEvent]) -> Iterator[CancelEvent]:
    for item in events:
        if isinstance(item, CancelEvent):
            yield item
        elif not hasattr(item, "event"):
            raise TypeError(f"expected a CancelEvent, found {type(item).__name__}")
        elif item.event is not None:
            yield item.event


def stream(events: Iterable[CancelEvent | HasEvent], window: int = WINDOW) -> Iterator[Story]:
    """Yield the story of each order of a stream, linked, when no event of it came for a while, in bounded memory.

    At most ``2 * window`` orders are kept. What happens to orders that are at most ``window`` others apart is told
    exactly, as ``fold`` tells it, and so is all of a stream with fewer orders than that. If an order is seen again
    after its story was told, the rest is another story of the same key, and ``merge`` joins the two.
    """
    gathering = Gathering()
    for event in _each(events):
        gathering.add(event)
        if len(gathering) >= window:
            yield from gathering.leaving(window)
    yield from gathering.stories().linked()
