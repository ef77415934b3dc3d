"""Endpoint: one thing a venue answers, how it is read, and the call in which it is mapped."""

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from typing import Any, Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from cancelnorm.lazy import LazyList, LazyParts, lazy_property
from cancelnorm.prose import prose
from cancelnorm.reader.fast import Shape
from cancelnorm.reader.scalars import Scalar
from cancelnorm.reader.types import Kind, class_of, fields_of, members_of, scalar_of
from cancelnorm.record import Record, Request
from cancelnorm.request import RequestKeys, Target, is_same_id
from cancelnorm.rounding import rounded_note
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Normalised,
    Note,
    Outcome,
    Product,
    Scope,
)
from cancelnorm.verdict import Verdict

__all__ = ["Call", "Endpoint", "Errors", "IdSpace", "left_open"]


class IdSpace(NamedTuple):
    """Where an order id is unique: within the space, or within a symbol of it. Client ids may be so in any case."""

    name: str
    by_symbol: bool
    ignores_case: bool = False


class Errors(NamedTuple):
    """The shape of an answer that is an error, and the function that maps it; given once per venue.

    Of the errors of a query, which say nothing of what became of the orders, ``of_query`` tells where no endpoint
    is given whether a query may have failed so.
    """

    kind: Kind
    map: Callable[[Any, "Call"], Normalised]
    of_query: Callable[[Any], bool] | None = None


class Endpoint:
    """One endpoint of a venue.

    ``name`` is what the venue's documentation calls it: ``DELETE /api/v3/openOrders`` (method + path),
    ``ws openOrders.cancelAll`` (WebSocket API), ``stream executionReport`` (pushed). A part of the path that is a
    parameter stands in braces: ``DELETE /orders/{order_id}``. ``answer`` is the type of what it answers to a request
    that was taken; ``errors`` adds the shape of a failure. ``map`` turns a value of that type into events; it never
    refuses what the strict reader accepts, and sees neither bytes nor clock. ``request`` are the names of the request's
    parameters. ``ids`` says where its order ids are unique. ``docs`` is the venue's page. ``since`` is the date of the
    oldest answers that are read, like ``2018-11-13``; None: as long as it exists. ``skip`` tells what a payload is that
    has nothing to say about a cancel, and None for one that may have; it is there where the transport carries such
    payloads. ``unpack`` turns a message that is not JSON into JSON; it is there where the transport carries such
    messages. ``is_shared`` tells of what was read whether requests that cancel nothing, such as placements, are
    answered alike: where no endpoint is given, such an answer leaves open what became of any cancel. Where ``errors``
    are those of a query, and at every ``GET``, it shows orders and cancels none: ``is_query``; where it is said whether
    it ``cancels``, that counts. ``plain`` is the ``EventMap`` that alone says what an answer of one row, or of a list
    of rows, means that have the usual keys and no others, whatever the request and the HTTP status; it has no notes but
    for a status of failure, or a request that names another order.
    """

    def __init__(
        self,
        name: str,
        answer: Kind,
        map: Callable[[Any, "Call"], Normalised],  # noqa: A002  # it is what it does
        *,
        venue: str,
        product: Product | None,
        request: RequestKeys,
        ids: IdSpace,
        docs: str,
        since: str | None = None,
        errors: Errors | None = None,
        skip: Callable[[bytes], str | None] | None = None,
        unpack: Callable[[bytes], bytes] | None = None,
        is_shared: Callable[[Any], bool] | None = None,
        cancels: bool | None = None,
        plain: Any = None,
    ) -> None:
        self.venue = venue
        self.name = name
        self.product = product
        self.request = request
        self.ids = ids
        self.docs = docs
        self.since = since
        self.skip = skip
        self.unpack = unpack
        self.plain = plain
        self._kind: Kind = answer if errors is None else answer | errors.kind
        self._map = map
        self._map_failure = map if errors is None else errors.map
        self._errors = errors
        self._is_shared = is_shared
        self.cancels = cancels
        is_read = name.startswith("GET ") if cancels is None else not cancels
        self.is_query = is_read or (errors is not None and errors.of_query is not None)
        self._failures: tuple[type, ...] = (
            () if errors is None else tuple(class_of(member) for member in members_of(errors.kind))
        )

    @lazy_property
    def shape(self) -> Shape:
        """The readers, built when the first payload comes."""
        return Shape(self._kind)

    @lazy_property
    def answers_text(self) -> bool:
        """Whether an answer may be a text alone."""
        return str in map(class_of, members_of(self._kind))

    def normalise(self, raw: Any, call: "Call") -> Normalised:
        """Map what was read of an answer."""
        is_failure = isinstance(raw, self._failures)
        result = (self._map_failure if is_failure else self._map)(raw, call)
        if call.record.endpoint is None:
            is_open = any(is_shared(raw) for is_shared in self.sharing(type(raw)))
        else:
            is_open = is_failure and self.is_query
        return left_open(result) if is_open else result

    def sharing(self, answer: type) -> Iterable[Callable[[Any], bool]]:
        """Function that tells of values of a class whether other requests than cancels are answered alike."""
        of_query = (
            None if self._errors is None or not issubclass(answer, self._failures) else self._errors.of_query
        )
        return [tells for tells in (self._is_shared, of_query) if tells is not None]

    def names_nothing(self, raw: Any) -> bool:
        """Whether what was read is a failure of a code and prose alone, so that its event is about what was asked."""
        kind: Any = type(raw)
        return issubclass(kind, self._failures) and all(
            class_of(member) is int or scalar_of(member) is Scalar.PROSE
            for each in fields_of(kind)
            for member in members_of(each.kind)
        )

    def mapping(self, answer: type) -> Callable[[Any, "Call"], Normalised]:
        """Function that maps values of a class.

        Endpoints of which it is the same say the same without a request, under their own names and products.
        """
        return self._map_failure if issubclass(answer, self._failures) else self._map

    @lazy_property
    def of_any_product(self) -> "Endpoint":
        """The same endpoint, of which it is not said what its product is."""
        found = copy(self)
        found.product = None
        return found

    def __repr__(self) -> str:
        return f"Endpoint({self.venue!r}, {self.name!r})"


_NOTHING_ASKED: Final = Target()
_OPEN: Final = Verdict(Outcome.UNKNOWN, Evidence.NONE)


class Call(Struct, gc=False):
    """One answer while it is mapped: what it belongs to, and what is gathered on the way."""

    record: Record
    endpoint: Endpoint
    notes: list[Note]
    request_id: str | None = None
    response_ns: int | None = None
    data: bytes = b""  # the payload, where it was read in one go
    gone: frozenset[int] = frozenset()  # the places in the request of orders whose rows cannot be read
    by_column: bool = False  # rows may stay cells of columns, and nobody reads the notes
    is_showing: bool = False  # rows that are not about a cancel have events too, of which the status is new
    is_whole: bool = False  # every key of the payload is accounted for, so none is there twice
    known: set[tuple[str, str]] | None = None  # code and value of the first notes, as many as were looked at
    looked_at: int = 0
    asked: Target | None = None  # what the request names, once somebody wanted to know
    named: list[Target] | None = None  # the orders that it names

    @property
    def colons(self) -> int:
        """Number of colons in the payload: no fewer than it has keys; -1 where it was not read in one go."""
        return self.data.count(b":") if self.data else -1

    @property
    def target(self) -> Target:
        """The one order that the request names, or its scope."""
        request = self.record.request
        if not request:
            return _NOTHING_ASKED
        if self.asked is None:
            named = self._named(request)
            self.asked = named[0] if len(named) == 1 else self.endpoint.request.shared(request)
            self._note_rounded(self.asked)
        return self.asked

    @property
    def targets(self) -> list[Target]:
        """Every order that the request names; empty where there is no request or it names a scope."""
        request = self.record.request
        if not request:
            return []
        found = self._named(request)
        for target in found:
            self._note_rounded(target)
        return [target for i, target in enumerate(found) if i not in self.gone] if self.gone else found

    def _named(self, request: Request) -> list[Target]:
        if self.named is None:
            self.named = self.endpoint.request.targets(request)
        return self.named

    def _note_rounded(self, target: Target) -> None:
        """Note an order id of the request that looks rounded, once: the cancel was asked of another order."""
        order_id = target.order_id
        if order_id is None or order_id[-2:] != "00" or (note := rounded_note(order_id, "$")) is None:
            return
        if self.known is None:
            self.known = set()
        self.known.update((known.code, str(known.value)) for known in self.notes[self.looked_at :])
        self.looked_at = len(self.notes)
        if (note.code, order_id) not in self.known:
            self.note(note.code, "$", "an id of the request ends in zeros as JavaScript rounds it", order_id)

    def note(self, code: str, path: str, message: str, value: Any = None) -> None:
        """Add a note."""
        self.notes.append(Note(code, path, message, value))

    def gathered(self) -> list[CancelEvent]:
        """An empty list to add events to with ``+=``; by column, what is added stays as it is."""
        found: Any = LazyParts() if self.by_column else []
        return found  # type: ignore[no-any-return]  # a list like another to whoever looks into it

    def result(
        self,
        events: Sequence[CancelEvent],
        *,
        extra: dict[str, Any] | None = None,
        rate_limits: tuple[dict[str, Any], ...] | None = None,
    ) -> Normalised:
        """Put the result together; an empty ``extra`` is none. Without any event, nothing is known."""
        events = self.or_unknown(events, "$")
        is_lazy = self.by_column and isinstance(events, LazyList) and not events.is_made
        kept: Any = events if is_lazy else tuple(events)
        return Normalised(kept, tuple(self.notes), self.request_id, rate_limits, extra or None)

    # --- Events that no row reports ---

    def or_unknown(self, events: Sequence[CancelEvent], at: str, **fields: Any) -> Sequence[CancelEvent]:
        """The events of rows; where nothing in them is about a cancel, one that says that nothing is known.

        It is about the order that the request names, if it names one. ``at`` is where the rows stand, ``fields``
        are the event's own.
        """
        if events:
            return events
        self.note("empty-list", at, "nothing in it is about a cancel")
        target = self.target
        if target.names_order:
            event = self.event(EventKind.ORDER, _OPEN, target, **fields)
        else:
            event = self.scoped(_OPEN, **fields)
        return [event]

    def event(
        self,
        kind: EventKind,
        verdict: tuple[Any, ...],
        target: Target = _NOTHING_ASKED,
        **fields: Any,
    ) -> CancelEvent:
        """Build an event from a ``Verdict`` and from what the request names.

        ``fields`` are the payload's own; what they leave open is taken from ``target``.
        """
        outcome, evidence, reason, status, initiator, code, _ = verdict
        said = {
            "product": self.endpoint.product,
            "status": status,
            "initiator": initiator,
            "code": code,
            **fields,
        }
        if target is not _NOTHING_ASKED:
            asked = {
                name: value
                for name, value in zip(target._fields, target, strict=True)
                if value is not None and said.get(name) is None
            }
            if asked:
                said |= asked
                said["from_request"] = tuple([name for name in _ORDERED if name in asked])
        if (message := said.get("message")) is not None:
            said["message"] = prose(message) or None
        record = self.record
        return CancelEvent(
            venue=self.endpoint.venue,
            endpoint=self.endpoint.name,
            kind=kind,
            outcome=outcome,
            evidence=evidence,
            reason=reason,
            response_ns=self.response_ns,
            request_id=self.request_id,
            sent_ns=record.sent_ns,
            received_ns=record.received_ns,
            source=record.source,
            account=record.account,
            **said,
        )

    def failed(self, verdict: tuple[Any, ...], target: Target | None = None, **fields: Any) -> CancelEvent:
        """Build the event of a request that failed as a whole, or of a row that names no order.

        It is about the order that the answer or the request names, and about the request where neither names one.
        """
        asked = self.target if target is None else target
        is_named = asked.names_order or fields.get("order_id") or fields.get("client_order_id")
        return self.event(EventKind.ORDER if is_named else EventKind.REQUEST, verdict, asked, **fields)

    def scoped(self, verdict: tuple[Any, ...], **fields: Any) -> CancelEvent:
        """Build the event of a verdict that names no order; its symbol and product are the request's."""
        asked = Target(symbol=self.target.symbol, product=self.target.product)
        symbol = fields.get("symbol") or asked.symbol
        return self.event(
            EventKind.SCOPE, verdict, asked, **{"scope": None if symbol is None else Scope.SYMBOL, **fields}
        )

    # --- Orders of the request ---

    def unanswered(self, named: Sequence[CancelEvent | Target], path: str) -> None:
        """Note every order that the request names and the answer does not; ``named`` are those of the answer.

        That is how an id shows that lost its last digits on its way into the recording.
        """
        if self.by_column:
            return
        for target in self.unnamed(named).values():
            wanted = target.order_id or target.client_order_id
            message = f"the request names order {wanted}, the answer does not"
            self.note("unanswered-order", path, message, wanted)

    def unnamed(self, named: Sequence[CancelEvent | Target]) -> dict[int, Target]:
        """The orders that the request names and nothing else does, by their place in the request."""
        found = {}
        order_ids = {one.order_id.casefold() for one in named if one.order_id}
        client_ids = {one.client_order_id.casefold() for one in named if one.client_order_id}
        for i, target in enumerate(self.targets):
            wanted, known = (
                (target.order_id, order_ids) if target.order_id else (target.client_order_id, client_ids)
            )
            if wanted and wanted.casefold() not in known:
                found[i] = target
        return found

    def by_position(self, rows: Sequence[tuple[str | None, str | None]], path: str) -> list[Target]:
        """The order of the request for each row of the answer; empty where that is not known.

        ``rows`` are the order id and the client id that each row gives. Where their number differs, or a row
        names another order than its place in the request, nothing is taken from the request.
        """
        targets = self.targets
        if not targets:
            return []
        if len(targets) != len(rows):
            message = (
                f"orders of the request: {len(targets)}, rows of the answer: {len(rows)}; no id is completed"
            )
            self.note("length-mismatch", path, message, len(rows))
            return []
        for i, (row, target) in enumerate(zip(rows, targets, strict=True)):
            if row[0] is not None and row[0] == target.order_id:
                continue
            named = (target.order_id, target.client_order_id)
            if any(row) and any(named) and not any(map(is_same_id, row, named)):
                wanted = target.order_id or target.client_order_id
                message = f"the request names order {wanted} at this position"
                self.note("contradiction", f"{path}[{i}]", message, row[0] or row[1])
                return []
        return targets


_ORDERED: Final = tuple(name for name in CancelEvent.__struct_fields__ if name in Target._fields)


def left_open(result: Normalised) -> Normalised:
    """The same where what was answered says nothing about what became of a cancel."""
    events = [replace(event, outcome=Outcome.UNKNOWN, evidence=Evidence.NONE) for event in result.events]
    return replace(result, events=tuple(events))
