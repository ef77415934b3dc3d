"""Lifecycles of orders: the steps that an engine's order takes, of all that a log says of it.

An engine's order takes what happened in the order of time and ends once; a log repeats itself, contradicts itself,
and has news of an end before that of the request. ``lifecycles`` folds the events of each order into its story, and
gives those events a step that an order can take one after the other. Every other event is left out for a reason.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from hashlib import blake2b
from typing import Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from cancelnorm.check import Refused
from cancelnorm.event_json import encode
from cancelnorm.replay.summary import summary
from cancelnorm.schema import CancelEvent, EventKind, Initiator, OrderStatus, Outcome
from cancelnorm.story import (
    Fate,
    Gathering,
    OrderVerdict,
    Stories,
    Story,
    StoryKey,
    claim_of,
    is_attempt,
    is_query,
)
from cancelnorm.story.claims import FINAL

__all__ = ["Entry", "Lifecycle", "Lifecycles", "Omission", "Step", "lifecycles"]


class Step(StrEnum):
    """Effect of an event on an order in an engine."""

    PENDING_CANCEL = "pending_cancel"
    CANCELED = "canceled"
    EXPIRED = "expired"
    CANCEL_REJECTED = "cancel_rejected"


class Omission(StrEnum):
    """Reason that an event is left out."""

    REFUSED = "refused"  # the record could not be read
    NO_CLOCK = "no clock"  # nothing tells when it happened or was known
    REPEATED = "repeated"  # the same event came before
    SCOPE = "scope"  # it is about many orders and names none
    TIMER = "timer"  # it is about a dead-man switch
    REQUEST = "request"  # a request failed, and no order is named
    NO_ORDER = "no order"  # neither an order id nor a client id
    AMBIGUOUS_ORDER = "ambiguous order"  # its client id may be that of several orders
    UNKNOWN = "unknown"  # the order may be gone or not
    REDUCED = "reduced"  # only a part of the order was canceled
    REPLACED = "replaced"  # the order goes on under another id
    FILLED = "filled"  # the order filled completely, so it was not canceled
    NOT_AN_ANSWER = "not an answer"  # it tells of the order, and no cancel was refused
    ALREADY_ENDED = "already ended"  # the order ended before
    NO_INSTRUMENT = "no instrument"  # the map does not have its symbol, or it has none
    AMBIGUOUS_INSTRUMENT = "ambiguous instrument"  # several instruments of the map fit
    NO_ACCOUNT = "no account"  # the account was not given
    ID_NOT_ASCII = "id not ASCII"  # the engine refuses such an id
    INCOMPLETE = "incomplete"  # a field that the engine requires was not sent
    NOT_EXPRESSIBLE = "not expressible"  # the engine has no word for it
    WOULD_ROUND = "would round"  # a number has more digits than the instrument
    OUT_OF_RANGE = "out of range"  # a number is greater than the engine can hold


class Entry(Struct, frozen=True, gc=False):
    """An event in a lifecycle.

    ``ts_event`` is when it was so, on the venue's clock if it has a time on it, and ``ts_init`` is when it was known;
    ``position`` is its place in the input. ``step`` is what it does to its order; without a step, ``omission`` says
    why.
    """

    position: int
    event_id: bytes
    event: CancelEvent
    ts_event: int
    ts_init: int
    step: Step | None = None
    omission: Omission | None = None
    is_inferred: bool = False

    def doing(self, step: Step, *, is_inferred: bool) -> "Entry":
        """The same with what it does to its order."""
        return Entry(
            self.position, self.event_id, self.event, self.ts_event, self.ts_init, step, None, is_inferred
        )

    def omitted(self, omission: Omission) -> "Entry":
        """The same with the reason for doing nothing."""
        return Entry(self.position, self.event_id, self.event, self.ts_event, self.ts_init, None, omission)


class Lifecycle(Struct, frozen=True):
    """An order and all events of it, in the order in which they were known.

    ``client_order_id`` is unique among all orders: the order's own if no other order has it, else one made of its
    venue's id. ``keys`` are those of its stories: of orders that replaced each other under one client id, there are
    several, the last one last. ``verdict`` is that of the last.
    """

    client_order_id: str
    keys: tuple[StoryKey, ...]
    verdict: OrderVerdict
    entries: tuple[Entry, ...]


class Lifecycles(NamedTuple):
    """The orders of a log, what names no order, and what is left out before anything is looked at."""

    orders: tuple[Lifecycle, ...]
    others: tuple[Entry, ...]
    left_out: tuple[tuple[int, CancelEvent | Refused, Omission], ...]


Item = CancelEvent | Refused | Story | tuple[bytes, CancelEvent]
"""An event, by itself or with its id; what was refused in its place; or the story of an order."""


def lifecycles(items: Iterable[Item]) -> Lifecycles:
    """Fold events into the lifecycles of their orders, in the order in which the orders were first known.

    The result does not depend on the order of the events, except where two were known at the same time. An event
    may come with its id, as ``zip(event_ids(record, result), result.events)`` gives them; else a digest of all its
    fields but ``source`` is its id. Of events with the same id, the first counts. A story, of which there are no
    events left, is told by an event for each thing that they claim; those tell a cancel from an expiry by its
    initiator alone, know no product, and have nothing of refusals that say nothing of the order.

    Raises ValueError for an id that has not 16 bytes.
    """
    log = _Log()
    for position, item in enumerate(items):
        log.add(position, item)
    return log.lifecycles()


class _Log:
    """Events, gathered by order."""

    def __init__(self) -> None:
        self._gathering = Gathering()
        self._members: defaultdict[StoryKey, list[Entry]] = defaultdict(list)
        self._others: list[Entry] = []
        self._left_out: list[tuple[int, CancelEvent | Refused, Omission]] = []
        self._seen: set[bytes] = set()

    def add(self, position: int, item: Item) -> None:
        """Add an item of the input."""
        match item:
            case Refused():
                self._left_out.append((position, item, Omission.REFUSED))
            case Story():
                self._gathering.join(Stories({item.key: item}))
                for event in summary(item):
                    self._take(position, _digest(event), event, item.key)
            case CancelEvent():
                self._take(position, _digest(item), item, self._gathering.add(item))
            case (event_id, event):
                self._take(position, event_id, event, self._gathering.add(event))

    def _take(self, position: int, event_id: bytes, event: CancelEvent, key: StoryKey | None) -> None:
        if len(event_id) != _ID_BYTES:
            raise ValueError(f"event id: expected {_ID_BYTES} bytes, found {len(event_id)}")
        times = _times(event)
        if times is None:
            self._left_out.append((position, event, Omission.NO_CLOCK))
            return
        if event_id in self._seen:
            self._left_out.append((position, event, Omission.REPEATED))
            return
        self._seen.add(event_id)
        entry = Entry(position, event_id, event, *times)
        if key is None:
            self._others.append(entry.omitted(_BY_KIND[event.kind]))
        else:
            self._members[key].append(entry)

    def lifecycles(self) -> Lifecycles:
        """The orders of all that was added."""
        orders = sorted(
            _orders(self._gathering.stories(), self._members), key=lambda one: _when(one.entries[0])
        )
        return Lifecycles(tuple(orders), tuple(sorted(self._others, key=_when)), tuple(self._left_out))


_ID_BYTES: Final = 16
_LAST_NS: Final = (1 << 63) - 1  # what columns of int64 hold
_BY_KIND: Final[Mapping[EventKind, Omission]] = {
    EventKind.SCOPE: Omission.SCOPE,
    EventKind.TIMER: Omission.TIMER,
    EventKind.REQUEST: Omission.REQUEST,
    EventKind.ORDER: Omission.NO_ORDER,
}


def _digest(event: CancelEvent) -> bytes:
    """An id for an event that has none: the same log under another path gives the same."""
    return blake2b(encode(replace(event, source=None)), digest_size=_ID_BYTES).digest()


def _times(event: CancelEvent) -> tuple[int, int] | None:
    """When an event was so, and when it was known; never when its request was sent, which would tell the future.

    A clock that shows 0, or what 64 bits do not hold, shows no time.
    """
    received_ns = event.received_ns if is_time(event.received_ns) else None
    for venue_ns in (event.event_ns, event.response_ns):
        if venue_ns is not None and is_time(venue_ns):
            return venue_ns, venue_ns if received_ns is None else received_ns
    return None if received_ns is None else (received_ns, received_ns)


def is_time(ns: int | None) -> bool:
    """Whether a clock shows a time that engines take."""
    return ns is not None and 0 < ns <= _LAST_NS


def _when(entry: Entry) -> tuple[int, int]:
    return entry.ts_init, entry.position


# --- Which events are about one order of an engine ---


def _orders(stories: Stories, members: Mapping[StoryKey, list[Entry]]) -> Iterator[Lifecycle]:
    told = {story.key: story for story in stories.linked()}
    names = {key: _own_name(story) for key, story in told.items() if not story.ambiguous}
    chains = _chains(told, names)
    used = Counter(names[head] for head in chains if head in names)
    for head, keys in chains.items():
        keys.sort(key=lambda key: (key == head, key.order_id or ""))
        name = names.get(head)
        is_own = name is not None and used[name] == 1
        found = []
        for key in keys:
            entries = [entry for one in (key, *told[key].linked) for entry in members.get(one, ())]
            found += [(entry, key != head) for entry in entries]
        if not found:
            continue
        found.sort(key=lambda pair: _when(pair[0]))
        verdict = told[head].verdict()
        if told[head].ambiguous:
            entries = [entry.omitted(Omission.AMBIGUOUS_ORDER) for entry, _ in found]
        else:
            entries = list(_stepped(found, verdict))
        yield Lifecycle(name if is_own and name else _full_name(head), tuple(keys), verdict, tuple(entries))


def _chains(told: Mapping[StoryKey, Story], names: Mapping[StoryKey, str]) -> dict[StoryKey, list[StoryKey]]:
    """Orders that replaced each other under one client id, which are one order to an engine, by the last of them."""
    successors: dict[StoryKey, StoryKey] = {}
    replacing = [story for story in told.values() if story.replaces]
    for story in sorted(replacing, key=lambda one: one.key.order_id or ""):
        for order_id in story.replaces:
            old = story.key._replace(order_id=order_id, client_order_id=None)
            if old in names and names[old] == names.get(story.key):
                successors[old] = story.key
    heads: dict[StoryKey, StoryKey] = {}
    for key in told:
        passed: dict[StoryKey, None] = {}
        last = key
        while last not in heads and last not in passed:
            passed[last] = None
            last = successors.get(last, last)
        if last not in heads:  # it is the last, or in a circle
            circle = [*passed][[*passed].index(last) :]
            heads[last] = min(circle, key=lambda one: one.order_id or "")
        heads |= dict.fromkeys(passed, heads[last])
    chains: defaultdict[StoryKey, list[StoryKey]] = defaultdict(list)
    for key, head in heads.items():
        chains[head].append(key)
    return chains


def _own_name(story: Story) -> str:
    """The client id of an order, or one made of its id; it may be that of other orders too."""
    if len(story.client_order_ids) == 1 and is_plain(story.client_order_ids[0]):
        return story.client_order_ids[0]
    order_id = story.key.order_id
    return f"X-{order_id}" if order_id is not None and is_plain(order_id) else _full_name(story.key)


def _full_name(key: StoryKey) -> str:
    """A client id that no other order has."""
    return f"X-{'|'.join('' if part is None else _escaped(part) for part in key)}"


def _escaped(part: str) -> str:
    return "".join(char if "!" <= char <= "~" and char not in "%|" else f"%{ord(char):x};" for char in part)


def is_plain(name: str) -> bool:
    """Whether a text is an id that engines take: printable ASCII, and more than spaces."""
    return name.isascii() and name.isprintable() and not name.isspace() and name != ""


# --- What the events of an order do to it ---


def _stepped(found: Iterable[tuple[Entry, bool]], verdict: OrderVerdict) -> Iterator[Entry]:
    """The events of an order with their steps; with each, whether it is about an order that was replaced."""
    found = list(found)
    end = _end(found, verdict)
    has_ended = False
    for entry, is_replaced in found:
        event = entry.event
        step: Step | Omission
        if entry is end:
            step, has_ended = _ending(found, verdict), True
        elif event.outcome is Outcome.CANCELED and is_replaced:
            step = Omission.REPLACED
        elif event.outcome is Outcome.CANCELED and verdict.fate is Fate.FILLED:
            step = Omission.FILLED
        elif event.outcome in (Outcome.UNKNOWN, Outcome.REDUCED):
            step = Omission.UNKNOWN if event.outcome is Outcome.UNKNOWN else Omission.REDUCED
        elif has_ended or event.outcome is Outcome.CANCELED:
            step = Omission.ALREADY_ENDED
        elif event.outcome is Outcome.PENDING:
            step = Step.PENDING_CANCEL
        else:
            step = Step.CANCEL_REJECTED if is_attempt(event) else Omission.NOT_AN_ANSWER
        said = claim_of(event)
        if said is not None and said.fate in FINAL and verdict.fate is Fate.FILLED:
            has_ended = True
        if isinstance(step, Step):
            is_inferred = event.outcome is Outcome.REJECTED and step is not Step.CANCEL_REJECTED
            yield entry.doing(step, is_inferred=is_inferred or is_query(event))
        else:
            yield entry.omitted(step)


def _end(found: list[tuple[Entry, bool]], verdict: OrderVerdict) -> Entry | None:
    """The event by which an order ends: the first news that it was canceled, or else that it had been."""
    if verdict.fate not in (Fate.CANCELED, Fate.CLOSED):
        return None
    last = [entry for entry, is_replaced in found if not is_replaced]
    for entry in last:
        if entry.event.outcome is Outcome.CANCELED:
            return entry
    if verdict.fate is Fate.CANCELED:
        for entry in last:
            said = claim_of(entry.event)
            if said is not None and said.fate is Fate.CANCELED:
                return entry
    return None


def _ending(found: list[tuple[Entry, bool]], verdict: OrderVerdict) -> Step:
    """Whether an order was canceled or expired, by the strongest evidence of its end."""
    ends = [
        entry.event
        for entry, is_replaced in found
        if entry.event.outcome is Outcome.CANCELED and not is_replaced
    ]
    strongest = max((event.evidence.rank for event in ends), default=None)
    statuses = {event.status for event in ends if event.evidence.rank == strongest}
    if OrderStatus.EXPIRED in statuses and verdict.initiator in (None, Initiator.EXPIRY):
        return Step.EXPIRED
    return Step.CANCELED
