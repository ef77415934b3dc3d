"""WebSocket frames of one log; an answer is paired with its request by id, to learn what was asked."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from cancelnorm import recognition, routing, venues
from cancelnorm.logs.frame_keys import (
    Members,
    asked_of,
    first_of,
    id_of,
    is_answer,
    members_of,
    operation_of,
    prefix_at,
    requests_in,
    sockets_of,
    unwrapped,
    with_inner,
)
from cancelnorm.logs.item import Item, Unreadable
from cancelnorm.logs.named_orders import Named, belonging, named_by
from cancelnorm.logs.options import Options
from cancelnorm.logs.pairing import Asked, Channel, OpenRequest, OpenRequests
from cancelnorm.logs.urls import Address, parameters
from cancelnorm.record import Record, Request
from cancelnorm.venue import SocketKeys, Venue

__all__ = ["Channel", "Frames"]

_HEARTBEATS: Final = (b"", b"ping", b"pong")
_ANY: Final = Channel()
_NO_ID: Final = b""  # of a request without an id, to which its operation alone tells the answer


class Frames:
    """The frames of one log, in their order, or of one of its connections.

    A reader yields ``left()`` after each frame and ``unanswered()`` at the end: the requests without an answer
    that may cancel orders.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._connection_secrets: tuple[str, ...] = ()
        self._login_secrets: tuple[str, ...] = ()
        self._open = OpenRequests()
        self._left: list[Item] = []

    def connect(self, secrets: tuple[str, ...]) -> None:
        """Begin a connection; its secrets are reported with the first frame that is received over it."""
        self._connection_secrets = secrets

    def is_request(self, frame: bytes, venue: str | None) -> bool:
        """Tell whether a frame is a request to a venue, by its keys; of any venue if that is unknown."""
        return self.are_request(members_of(frame), venue)

    def are_request(self, members: Members, venue: str | None) -> bool:
        """Tell the same by the members of a frame."""
        return bool(members) and any(requests_in(with_inner(members), venue or self._options.venue))

    def asked(self, frame: bytes, members: Members, channel: Channel) -> tuple[str, ...]:
        """The venues to which a request was sent that a frame with these members may answer."""
        if not self._open:
            return ()
        return tuple(name for name, _ in self._candidates(frame, with_inner(members), None, channel))

    def send(
        self,
        frame: bytes,
        at: int | None,
        venue: str | None,
        address: str = "",
        *,
        source: str,
        raw: bytes | None = None,
        channel: Channel = _ANY,
    ) -> None:
        """Keep a request until it is answered; ``address`` tells the products of a venue apart."""
        members = members_of(frame)
        by_id: dict[bytes, dict[str, Asked]] = {}
        for name, keys, operation in requests_in(members, venue or self._options.venue):
            asked = asked_of(members, keys)
            if operation in keys.secret_operations:
                # Its answer may have no id, so the next frame reports the secret.
                self._login_secrets = tuple(f"request.{key}" for key in keys.parameters if key in members)
                continue
            endpoint = f"{prefix_at(keys, address)} {operation}"
            sent_to = Address(name, endpoint, None)
            request, secrets = (None, ()) if asked is None else parameters(unwrapped(asked), address=sent_to)
            endpoint = _endpoint_of(name, endpoint, request)
            request_id = id_of(members, keys)
            if request_id is not None or _may_cancel(name, endpoint, request):
                understood = Asked(operation, endpoint, request, secrets)
                by_id.setdefault(request_id or _NO_ID, {})[name] = understood
        for request_id, by_venue in by_id.items():
            for left in self._open.add(OpenRequest(request_id, channel, by_venue, at, source, raw)):
                self._left += _unanswered(left)

    def receive(
        self, frame: bytes, at: int | None, venue: str | None, source: str, channel: Channel = _ANY
    ) -> Record | Unreadable | None:
        """Build the record of a frame that a venue sent; None for a heartbeat."""
        if frame[:1] != b"{" and frame.strip().lower() in _HEARTBEATS:
            return None
        options = self._options
        venue = venue or options.venue or recognition.recognise(frame)
        if venue is None:
            return Unreadable(source, "line", "unknown venue; name it with --venue")
        record = Record(
            frame, venue, options.endpoint, received_ns=at, source=source, dialect=options.dialect
        )
        record = self.complete(record, channel)
        if self._connection_secrets:
            record = replace(record, secrets=(*self._connection_secrets, *record.secrets))
            self._connection_secrets = ()
        return record

    def complete(self, record: Record, channel: Channel = _ANY) -> Record:
        """Add to an answer what its request says, if that was sent in the same log."""
        if self._login_secrets:
            record = replace(record, secrets=(*record.secrets, *self._login_secrets))
            self._login_secrets = ()
        if not self._open:
            return record
        payload = record.payload
        for name, found in self._candidates(payload, members_of(payload), record.venue, channel):
            return self._paired(record, name, found)
        return record

    def _candidates(
        self, frame: bytes | str, members: Members, venue: str | None, channel: Channel
    ) -> Iterator[tuple[str, list[OpenRequest]]]:
        """The open requests that a frame may answer, by venue; no cancel, if the frame is about something else."""
        for name, keys in sockets_of(venue):
            if not is_answer(members, keys) or first_of(members, keys.interim) == b"true":
                continue
            request_id, operation = id_of(members, keys) or _NO_ID, operation_of(members, keys)
            if operation in keys.failures and request_id != _NO_ID:
                operation = None  # of any request
            found = self._open.candidates(request_id, name, channel, operation)
            if found and (found := _alike(found, name, keys, members, frame)):
                data = frame if isinstance(frame, bytes) else frame.encode("utf-8", "replace")
                if found := belonging(found, data, partial(_named, venue=name)):
                    yield name, found

    def _paired(self, record: Record, venue: str, found: list[OpenRequest]) -> Record:
        """Pair an answer with the only request it may belong to, or with one of several that ask the same."""
        request, asked = found[0], found[0].asked[venue]
        is_sure = self._open.is_sure(request.request_id)
        if not is_sure or any(other.is_shared or other.asked[venue] != asked for other in found):
            for answered in self._open.share(found):
                self._left += _unanswered(answered)
            endpoints = {other.asked[venue].endpoint for other in found}
            endpoint = endpoints.pop() if is_sure and len(endpoints) == 1 else record.endpoint
            return replace(record, endpoint=endpoint, pairing="shared_id")
        failure = routing.failure_of_any(venues.every()[venue], record.payload)
        if failure is not None or not _awaits_another(request, venue, record.payload):
            self._open.close(request)
        is_known = all(other.sent_ns == request.sent_ns for other in found)
        sent_ns = request.sent_ns if is_known else None
        is_named = record.endpoint not in (None, self._options.endpoint)
        may_cancel = failure is not None and _may_cancel(venue, asked.endpoint, asked.request)
        endpoint = failure if may_cancel else _answering(venue, asked.endpoint, record.payload)
        return replace(
            record,
            endpoint=record.endpoint if is_named else endpoint,
            request=asked.request or record.request,
            sent_ns=record.sent_ns if sent_ns is None else sent_ns,
            secrets=(*record.secrets, *asked.secrets),
        )

    def left(self) -> list[Item]:
        """Take the requests that left the window without an answer since the last call."""
        if not self._left:
            return []
        left, self._left = self._left, []
        return left

    def unanswered(self) -> Iterator[Item]:
        """Yield the requests that are without an answer at the end."""
        yield from self.left()
        for request in self._open.rest():
            yield from _unanswered(request)


def _named(request: OpenRequest, venue: str) -> Named:
    """What a request asks a venue for."""
    if venue not in request.named:
        asked, found = request.asked[venue], venues.find(venue)
        endpoint = None if found is None else found.endpoints.get(asked.endpoint)
        request.named[venue] = named_by(endpoint, asked.request)
    return request.named[venue]


def _answering(venue: str, endpoint: str, answer: bytes | str) -> str:
    """The endpoint of a request whose address may be unknown: that of the only product of which the answer may be."""
    found = venues.find(venue)
    others = () if found is None or found.socket is None else found.socket.prefixes.values()
    if found is None or not others:
        return endpoint
    frame = answer if isinstance(answer, bytes) else answer.encode("utf-8", "replace")
    if _takes(found, endpoint, frame):
        return endpoint
    operation = endpoint.partition(" ")[2]
    names = dict.fromkeys(f"{prefix} {operation}" for prefix in ("ws", *others))
    takers = [name for name in names if _takes(found, name, frame)]
    return takers[0] if len(takers) == 1 else endpoint


def _takes(venue: Venue, name: str, answer: bytes) -> bool:
    """Tell whether an endpoint answers just so."""
    endpoint = venue.endpoints.get(name)
    return endpoint is not None and endpoint.shape.takes(answer)


def _awaits_another(request: OpenRequest, venue: str, answer: bytes | str) -> bool:
    """Tell whether a request is answered again, for another of its orders; the one that is named is done."""
    asked, found = request.asked[venue], venues.find(venue)
    if found is None or found.socket is None or asked.operation not in found.socket.each_order:
        return False
    endpoint = found.endpoints.get(asked.endpoint)
    if endpoint is None or not isinstance(asked.request, Mapping):
        return False
    if request.awaited is None:
        request.awaited = len(endpoint.request.targets(asked.request))
    request.awaited -= 1
    frame = answer if isinstance(answer, bytes) else answer.encode("utf-8", "replace")
    left = {key: _without_named(value, frame) for key, value in asked.request.items()}
    request.asked, request.named = {**request.asked, venue: asked._replace(request=left)}, {}
    return request.awaited > 0


def _without_named(value: Any, frame: bytes) -> Any:
    """A list of ids without those that a frame names; any other value as it is."""
    if not isinstance(value, list):
        return value
    return [one for one in value if not isinstance(one, str) or msgspec.json.encode(one) not in frame]


def _unanswered(request: OpenRequest) -> Iterator[Item]:
    """Yield the record of a request without an answer, if it may cancel orders."""
    asked = [
        (name, asked)
        for name, asked in request.asked.items()
        if _may_cancel(name, asked.endpoint, asked.request)
    ]
    if len(asked) > 1:
        yield Item(
            Unreadable(request.source, "line", "request to an unknown venue; name it with --venue"),
            request.raw,
        )
    elif asked:
        [(name, (_, endpoint, sent, secrets))] = asked
        record = Record(
            b"",
            name,
            endpoint,
            request=sent,
            sent_ns=request.sent_ns,
            source=request.source,
            secrets=secrets,
            account=request.channel.account,
            pairing="no_answer",
        )
        yield Item(record, request.raw)


def _alike(
    found: list[OpenRequest], venue: str, keys: SocketKeys, members: Members, frame: bytes | str
) -> list[OpenRequest]:
    """The requests to a venue that are answered like this frame, as far as its keys and its content tell."""
    asked = {each.asked[venue].endpoint for each in found}
    else_asked = {endpoint for endpoint in asked if not _may_cancel(venue, endpoint, None)}
    others = [each for each in found if each.asked[venue].endpoint in else_asked] if else_asked else []
    if not others:
        return found if _is_like_cancels(members, keys) else []
    if not _is_like_cancels(members, keys) or _is_about_else(venue, frame):
        return others
    return [each for each in found if each.asked[venue].operation not in keys.unlike_cancels]


def _is_like_cancels(members: Members, keys: SocketKeys) -> bool:
    """Tell whether an answer has every key that the answers to cancels have."""
    return all(key in members for key in keys.cancel_answer)


def _is_about_else(venue: str, frame: bytes | str) -> bool:
    """Tell whether a frame says nothing about a cancel, as the answer to a subscription."""
    found = venues.find(venue)
    if found is None or found.skip is None:
        return False
    return found.skip(frame if isinstance(frame, bytes) else frame.encode("utf-8", "replace")) is not None


def _endpoint_of(venue: str, endpoint: str, request: Request | None) -> str:
    """The endpoint of a request; that of its operation where the request does not tell which of several."""
    found = venues.find(venue)
    return endpoint if found is None else routing.asked(found, endpoint, request) or endpoint


def _may_cancel(venue: str, endpoint: str, request: Request | None) -> bool:
    found = venues.find(venue)
    return found is not None and routing.may_cancel(found, endpoint, request)
