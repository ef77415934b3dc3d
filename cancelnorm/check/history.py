"""Rules for the sequence of records."""

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Any, Final, Literal, NamedTuple

from msgspec import Struct, field

from cancelnorm.check.catalogue import BY_NAME
from cancelnorm.check.finding import Finding
from cancelnorm.check.observations import Observation, Observations, Origin, observations
from cancelnorm.check.plain_cancels import PlainCancel, PlainCancels
from cancelnorm.story import Fate
from cancelnorm.story.claims import FINAL
from cancelnorm.story.fold import place_of

__all__ = ["History", "Observations", "observations"]

_MOST_ORDERS: Final = 200_000
_WEIGHT: Final = 2  # of an order with anything but a plain cancel, which takes more memory

Recording = tuple[str, str | None]
"""Venue and account."""


class _Open(NamedTuple):
    """A possible finding that a later record may settle; ``number`` is its position in the sequence."""

    number: int
    rule: str
    origin: Origin
    symbol: str | None
    order_id: str | None
    source: str | None
    path: str


class _Gone(NamedTuple):
    """Source and time of a rejection for an order that does not exist."""

    source: str | None
    at_ns: int | None


class _Silence(NamedTuple):
    """Accepted cancels that nothing in the log could confirm."""

    first: _Open
    orders: int


_SETTLING: Final = frozenset({*FINAL, Fate.REDUCED})
_FILLED: Final = "filled-before-cancel"
_TWO_ENDS: Final = "canceled-and-filled"
_MESSAGES: Final = {
    "never-confirmed": "the cancel of order {} was accepted but never confirmed",
    "never-acknowledged": "order {} was canceled by its user, but the log has no answer to such a request",
}


class _Generation(Struct):
    """Memory of up to 200,000 orders by hash; strings are sources, and plain cancels have them."""

    canceled: dict[Origin, dict[int, PlainCancels | str | None]] = field(default_factory=dict)
    settled: set[int] = field(default_factory=set)  # other than by a report or a success flag
    off: dict[int, str | None] = field(default_factory=dict)  # canceled, but not by these two
    answered: set[int] = field(default_factory=set)  # other than by a plain report
    gone: dict[int, "_Gone"] = field(default_factory=dict)  # a cancel found no such order
    unconfirmed: dict[int, _Open] = field(default_factory=dict)
    unasked: dict[int, _Open] = field(default_factory=dict)
    doubtful: dict[int, str | None] = field(default_factory=dict)  # a stream said that they expired
    filled: dict[int, str | None] = field(default_factory=dict)
    orders: int = 0  # observed, including duplicates

    def waiting(self) -> tuple[dict[int, Any], ...]:
        """Orders for which a final report may cause or settle a finding."""
        return self.gone, self.unconfirmed, self.unasked, self.filled


class History:
    """Rules that compare records, in constant memory.

    Call ``see`` for each record in the order of the log, then ``end``. Orders are kept in two generations of
    200,000; when the younger is full, the older is dropped. Two records are therefore compared if they are at
    most 200,000 to 400,000 orders apart, where an acknowledgement, a rejection or a stream event counts as two
    orders. Unsettled findings are emitted when their generation is dropped, or at the end. Where observations are
    of several records, ``record`` is the position of the one that a finding is emitted at.
    """

    def __init__(self) -> None:
        self.record = 0
        self._young = _Generation()
        self._old = _Generation()
        self._number = 0
        self._asking: set[Recording] = set()  # with an acknowledged request
        self._blanket: set[Recording] = set()  # with an answer that covers unnamed orders
        self._confirming: set[Recording] = set()  # with evidence beyond acknowledgements
        self._silent: dict[Origin, _Silence] = {}

    def see(self, observations: Observations, emit: Callable[[Finding], None]) -> None:
        """Compare a record with the earlier ones; ``emit`` receives the findings."""
        source, origin, plain, others, is_blanket = observations
        self.record = 0
        if is_blanket:
            self._blanket.add(origin.recording)
        if plain is not None:
            self._confirming.add(origin.recording)
            self._see_plain(plain, origin, emit)
        for order in others:
            self._see_one(order, origin, source, emit)
        self._young.orders += _WEIGHT * len(others)
        self._forget_oldest(emit)

    def end(self, emit: Callable[[Finding], None]) -> None:
        """Emit the findings that were never settled, in the order of the log."""
        left = [*self._left(self._old), *self._left(self._young)]
        found = [(item.number, _open_finding(item)) for item in left]
        found += [(silence.first.number, _silence_finding(silence)) for silence in self._silent.values()]
        for _, finding in sorted(found, key=itemgetter(0)):
            emit(finding)
        self._old, self._young = _Generation(), _Generation()
        self._silent.clear()

    def _see_plain(self, plain: PlainCancels, origin: Origin, emit: Callable[[Finding], None]) -> None:
        """Apply many final reports at once, usually of orders not seen before."""
        done, count = 0, len(plain.ends)
        while done < count:
            first, done = done, plain.reaching(_MOST_ORDERS - self._young.orders, done)
            orders = plain.within(first, done)
            if not self._see_new(orders, plain, origin):
                for self.record in range(first, done):
                    for cancel in plain.each(self.record):
                        self._see_one(_observation(cancel, origin), origin, cancel.source, emit)
            self._young.orders += len(orders)
            self.record = done - 1
            self._forget_oldest(emit)

    def _see_new(self, orders: Sequence[int], plain: PlainCancels, origin: Origin) -> bool:
        """Remember orders if there is nothing else to do, as none of them was seen before; False if there is."""
        known = self._young.canceled.setdefault(origin, {})
        before = self._old.canceled.get(origin)
        new = dict.fromkeys(orders, plain if len(plain.ends) > 1 else plain.source)
        watched = (known, before, *self._young.waiting(), *self._old.waiting())
        if len(new) < len(orders) or any(d and not d.keys().isdisjoint(new) for d in watched):
            return False
        known.update(new)
        return True

    def _forget_oldest(self, emit: Callable[[Finding], None]) -> None:
        """Begin a generation when the younger one is full."""
        if self._young.orders >= _MOST_ORDERS:
            for item in sorted(self._left(self._old), key=itemgetter(0)):
                emit(_open_finding(item))
            self._old, self._young = self._young, _Generation()

    def _see_one(
        self, seen: Observation, origin: Origin, source: str | None, emit: Callable[[Finding], None]
    ) -> None:
        """Apply one observation."""
        order, fate = seen.order, seen.fate
        if seen.is_living:
            self._go_on(seen, origin, source, emit)
        if seen.is_doubtful:
            self._young.doubtful[order] = source
        if seen.is_canceled:
            self._cancel(seen, origin, source, emit)
        elif seen.is_gone and not self._is_canceled(order):
            self._young.gone[order] = _Gone(source, seen.at_ns)
        if fate is Fate.FILLED:
            self._fill(seen, origin, source, emit)
        elif fate is Fate.CANCELED and not seen.is_canceled:
            self._find_fill(seen, origin, source, emit)
            self._young.off[order] = source
        if seen.is_confirmed:
            self._confirming.add(origin.recording)
        if fate in _SETTLING:
            self._forget(order, "unconfirmed")
            if seen.is_told or not (seen.is_canceled or fate is Fate.FILLED):
                self._young.settled.add(order)
        if seen.is_answer:
            self._forget(order, "unasked")
            self._young.answered.add(order)
        if fate is Fate.ASKED:
            self._ask(seen, origin, source, emit)
        if seen.is_pushed and not self._is_answered(order):
            self._leave_open("unasked", "never-acknowledged", seen, origin, source)

    def _cancel(
        self, seen: Observation, origin: Origin, source: str | None, emit: Callable[[Finding], None]
    ) -> None:
        """Apply a report or a success flag for a canceled order."""
        order = seen.order
        for generation in (self._young, self._old):
            known = generation.canceled.get(origin, {})
            if order in known:
                message = f"order {seen.order_id} was already canceled"
                related = _source_of(known[order], order)
                emit(_finding("canceled-twice", message, seen, origin, source, related))
                break
        refuted = self._refuted_by(seen)
        if refuted is not None:
            message = f"order {seen.order_id} was canceled after a cancel found no such order"
            emit(_finding("canceled-after-rejection", message, seen, origin, source, refuted.source))
        else:
            self._find_fill(seen, origin, source, emit)
        self._young.canceled.setdefault(origin, {})[order] = source
        if seen.is_reported:
            self._forget(order, "gone")

    def _refuted_by(self, seen: Observation) -> _Gone | None:
        """The rejection that a report of a cancel shows to have been wrong."""
        if not seen.is_reported:
            return None
        for generation in (self._young, self._old):
            gone = generation.gone.get(seen.order)
            if gone is not None and not _was_before(seen.at_ns, gone.at_ns):
                return gone
        return None

    def _go_on(
        self, seen: Observation, origin: Origin, source: str | None, emit: Callable[[Finding], None]
    ) -> None:
        """Apply a stream event that shows that an order goes on: if it "expired", it was triggered."""
        for generation in (self._young, self._old):
            if seen.order in generation.doubtful:
                message = f"order {seen.order_id} expired because it was triggered, and goes on"
                expired = generation.doubtful.pop(seen.order)
                # What expired outside a selection has no source, so what is said of it has none either.
                emit(_finding("stop-triggered", message, seen, origin, expired and source, expired))
                return

    def _fill(
        self, seen: Observation, origin: Origin, source: str | None, emit: Callable[[Finding], None]
    ) -> None:
        """Apply an event that shows that an order has filled: its cancel, if one was accepted, was too late."""
        order, generations = seen.order, (self._young, self._old)
        for generation in generations:
            item = generation.unconfirmed.pop(order, None)
            if item is not None and not seen.is_told:
                message = f"the cancel of order {item.order_id} was accepted, but the order filled"
                emit(_finding(_FILLED, message, item, item.origin, item.source, source))
        if all(order not in generation.filled for generation in generations):
            for related in self._cancels_of(order):
                message = f"order {seen.order_id} has filled, but was canceled"
                emit(_finding(_TWO_ENDS, message, seen, origin, source, related))
                break
        self._young.filled[order] = source

    def _find_fill(
        self, seen: Observation, origin: Origin, source: str | None, emit: Callable[[Finding], None]
    ) -> None:
        """Report an order that has filled, when it is first said to be canceled."""
        order = seen.order
        for generation in (self._young, self._old):
            if order in generation.filled and not any(True for _ in self._cancels_of(order)):
                message = f"order {seen.order_id} was canceled, but has filled"
                related = generation.filled[order]
                emit(_finding(_TWO_ENDS, message, seen, origin, source, related))
                return

    def _ask(
        self, seen: Observation, origin: Origin, source: str | None, emit: Callable[[Finding], None]
    ) -> None:
        """Apply an answer that accepts a cancel."""
        order = seen.order
        self._asking.add(origin.recording)
        if self._is_settled(order):
            return
        for generation in (self._young, self._old):
            if order in generation.filled:
                message = f"order {seen.order_id} had filled before its cancel was accepted"
                related = generation.filled[order]
                emit(_finding(_FILLED, message, seen, origin, source, related))
                return
        self._leave_open("unconfirmed", "never-confirmed", seen, origin, source)

    def _leave_open(
        self,
        name: Literal["unconfirmed", "unasked"],
        rule: str,
        seen: Observation,
        origin: Origin,
        source: str | None,
    ) -> None:
        """Remember a finding that a later record may settle; the first occurrence counts."""
        if seen.order not in getattr(self._young, name) and seen.order not in getattr(self._old, name):
            self._number += 1
            left = _Open(self._number, rule, origin, seen.symbol, seen.order_id, source, seen.path)
            getattr(self._young, name)[seen.order] = left

    def _forget(self, order: int, name: Literal["gone", "unconfirmed", "unasked"]) -> None:
        getattr(self._young, name).pop(order, None)
        getattr(self._old, name).pop(order, None)

    def _is_canceled(self, order: int) -> bool:
        return any(order in d for g in (self._young, self._old) for d in g.canceled.values())

    def _is_settled(self, order: int) -> bool:
        return order in self._young.settled or order in self._old.settled or self._is_canceled(order)

    def _is_answered(self, order: int) -> bool:
        """Whether an order has been answered for; plain reports are answers too."""
        if order in self._young.answered or order in self._old.answered:
            return True
        return any(
            order in known and place_of(origin.venue, origin.endpoint).is_attempt
            for generation in (self._young, self._old)
            for origin, known in generation.canceled.items()
        )

    def _cancels_of(self, order: int) -> Iterator[str | None]:
        """Sources that say that an order was canceled."""
        for generation in (self._young, self._old):
            for known in generation.canceled.values():
                if order in known:
                    yield _source_of(known[order], order)
            if order in generation.off:
                yield generation.off[order]

    def _left(self, generation: _Generation) -> list[_Open]:
        """Unsettled findings of a generation.

        If a recording has no confirmations at all, the log does not contain them; that is one finding.
        """
        left = []
        for item in generation.unconfirmed.values():
            if item.origin.recording in self._confirming:
                left.append(item)
            else:
                first, orders = self._silent.get(item.origin, _Silence(item, 0))
                self._silent[item.origin] = _Silence(first, orders + 1)
        asking = self._asking - self._blanket
        return left + [item for item in generation.unasked.values() if item.origin.recording in asking]


def _source_of(known: PlainCancels | str | None, order: int) -> str | None:
    """Source that says that an order was canceled."""
    return known.source_of(order) if isinstance(known, PlainCancels) else known


def _was_before(canceled_ns: int | None, rejected_ns: int | None) -> bool:
    """Whether an order was canceled before the venue reported it missing, so that the venue was right."""
    return canceled_ns is not None and rejected_ns is not None and canceled_ns <= rejected_ns


def _open_finding(item: _Open) -> Finding:
    message = _MESSAGES[item.rule].format(item.order_id)
    return _finding(item.rule, message, item, item.origin, item.source, None)


def _silence_finding(silence: _Silence) -> Finding:
    """One finding for all cancels of an origin; a single cancel gets the ordinary message."""
    first, orders = silence
    if orders == 1:
        return _open_finding(first)
    message = f"{orders} cancels were accepted, but the log has no order stream or query to confirm them"
    return _finding(first.rule, message, first._replace(order_id=None), first.origin, first.source, None)


def _observation(plain: PlainCancel, origin: Origin) -> Observation:
    """Observation of a plain cancel."""
    return Observation(
        plain.order,
        plain.order_id,
        plain.path,
        None,
        Fate.CANCELED,
        is_canceled=True,
        is_reported=True,
        is_gone=False,
        is_answer=place_of(origin.venue, origin.endpoint).is_attempt,
        is_pushed=False,
        is_confirmed=True,
        at_ns=plain.at_ns,
    )


def _finding(
    name: str,
    message: str,
    seen: Observation | _Open,
    origin: Origin,
    source: str | None,
    related: str | None,
) -> Finding:
    return Finding(
        BY_NAME[name],
        message,
        source,
        seen.path,
        venue=origin.venue,
        endpoint=origin.endpoint,
        symbol=seen.symbol,
        order_id=seen.order_id,
        related=related,
    )
