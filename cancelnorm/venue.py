"""Venue: all that the library wants to know about one exchange, in one declaration."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from msgspec import Struct
from msgspec.json import decode

from cancelnorm.caching import cached
from cancelnorm.common_error import CommonError, Told
from cancelnorm.endpoint import Call, Endpoint, Errors, IdSpace, plain_name
from cancelnorm.lazy import lazy_property
from cancelnorm.reader.fast import Shape
from cancelnorm.reader.mismatch import Mismatch
from cancelnorm.reader.types import Kind, fields_of
from cancelnorm.record import OBJECT, Request
from cancelnorm.request import RequestKeys
from cancelnorm.schema import Normalised, Product

__all__ = [
    "ErrorText",
    "Other",
    "Placed",
    "SharedName",
    "Shown",
    "SocketKeys",
    "Venue",
    "endpoint",
    "endpoints",
]


class SocketKeys(Struct, frozen=True, kw_only=True):
    """The keys of a venue's WebSocket frames by which a request and its answer are paired.

    Of several names for a key, the first that a frame has counts; ``payload.id`` is ``id`` in the object ``payload``,
    also where that stands alone in an array. ``request_id`` is repeated by the answer, ``operation`` is the word for
    what is asked, and ``detail`` one that is added to it, ``parameters`` are those of the request, and ``flat`` are
    parameters that stand beside the operation. ``request`` are
    keys that every request has, where pushed frames have those of the operation, too. ``answer`` are keys that no
    request has, ``cancel_answer`` those that every answer to a cancel has, and none to an operation in
    ``unlike_cancels``. ``interim`` are keys that are true in an acknowledgement that comes before the answer.
    ``answered_as`` maps words by which answers call an operation to those by which requests do, and ``each_order``
    are operations that are answered once for each order that the request names. ``failures`` maps words in the place of
    the operation, with which a request of any kind is answered that failed as a whole, to the endpoint of such answers.
    ``secret_operations`` are the operations that log in with parameters without names.
    ``prefixes`` maps a part of an address to what the names of its endpoints begin with, instead of ``ws``.
    """

    request_id: tuple[str, ...] = ()
    operation: tuple[str, ...] = ()
    detail: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    flat: tuple[str, ...] = ()
    request: tuple[str, ...] = ()
    answer: tuple[str, ...] = ()
    cancel_answer: tuple[str, ...] = ()
    interim: tuple[str, ...] = ()
    unlike_cancels: frozenset[str] = frozenset()
    answered_as: Mapping[str, str] = {}
    each_order: frozenset[str] = frozenset()
    failures: Mapping[str, str] = {}
    secret_operations: frozenset[str] = frozenset()
    prefixes: Mapping[str, str] = {}


class Shown(NamedTuple):
    """An order that a stream shows in a frame about something else: it goes on, or has filled, at least in part.

    Where it "expired" before, it was triggered, unless ``goes_on`` is False: then only its fills are shown. A new
    order may be shown with its ``client_order_id``, where frames about its end leave that out.
    """

    endpoint: str
    symbol: str
    order_id: str
    is_filled: bool
    event_ns: int | None = None
    filled_quantity: Decimal | None = None
    goes_on: bool = True
    client_order_id: str | None = None


class SharedName(NamedTuple):
    """A name that several endpoints share: a path, an operation of a socket, or what a recorder calls a channel.

    ``words`` are the places in a request of the word that tells the endpoints apart, as ``action.type``; the first that
    is there counts. Without them, no request tells. ``endpoint`` is the name of the one that a word is of.
    """

    words: tuple[str, ...] = ()
    endpoint: str = "{name} {word}"


class Placed(NamedTuple):
    """An endpoint, and what a path says in the places of its name that stand in braces."""

    endpoint: str
    said: Mapping[str, str]


class ErrorText(NamedTuple):
    """The text of an error in a library of the venue: its message, ``before_code``, and its code.

    With ``after_code`` the message comes last, and ends before ``end`` if that is in it. ``code`` and ``message``
    are the keys that these have in the answer.
    """

    before_code: str
    code: str
    message: str
    after_code: str | None = None
    end: str | None = None


class Venue:
    """One exchange.

    ``package`` is the import name of its package, in which every module with ``ENDPOINTS`` adds to its
    endpoints, those with ``OTHERS`` name answers that are no cancels but may have the shape of one, those with
    ``COMMON_ERRORS`` have the errors that many endpoints answer alike. The module ``skip``, if there is one,
    tells frames that are not about a cancel, and has ``shows``, and ``FRAMES``: the structs as which ``skip`` reads a
    whole frame, of which every frame that it tells has a key. The module ``binary``, if there is one, has
    ``unpack`` for messages that are not JSON. ``aliases`` are other names for it, without regard
    to case, spaces and punctuation. A host of the venue is one of ``hosts`` or a subdomain of one. ``secrets`` are
    the names of its headers and parameters that hold a secret; names that say so themselves, like ``apiKey``, may
    be left out. ``secret_texts`` maps a word of its messages to a pattern: what the pattern matches right after the
    word is secret. ``socket`` tells how answers over WebSocket are paired with requests, ``error_texts`` how
    libraries of the venue print an error. ``not_cancels`` are words in the names of its endpoints that cancel no
    order although their name, their method or their parameters suggest it. ``examples`` are order ids of its
    documentation, each with the client ids that it is shown with, or with none where the id alone tells.
    ``shared_names`` are names that several endpoints share: with ``{"POST /exchange":
    SharedName(("action.type",))}``, a request ``{"action": {"type": "cancel"}}`` is for the endpoint
    ``POST /exchange cancel``. A path that ends in a slash stands for all below it. ``base_path`` is the beginning of
    paths that may be left out in the name of an endpoint.
    ``envelopes`` are its answers in JSON, with ``"$row"`` in the place of an order or of the first of an array, for
    programs that print an order alone. Their time is 1700000000. Where a failure may have the same rows, it is among
    them, so that such a row says nothing alone.
    """

    def __init__(
        self,
        name: str,
        *,
        package: str,
        docs: str,
        hosts: tuple[str, ...] = (),
        aliases: tuple[str, ...] = (),
        secrets: tuple[str, ...] = (),
        secret_texts: Mapping[str, str] = MappingProxyType({}),
        socket: SocketKeys | None = None,
        not_cancels: tuple[str, ...] = (),
        error_texts: tuple[ErrorText, ...] = (),
        examples: Mapping[str, frozenset[str]] = MappingProxyType({}),
        shared_names: Mapping[str, SharedName] = MappingProxyType({}),
        envelopes: tuple[str, ...] = (),
        base_path: str = "",
    ) -> None:
        self.name = name
        self.package = package
        self.docs = docs
        self.hosts = hosts
        self.aliases = aliases
        self.secrets = secrets
        self.secret_texts = secret_texts
        self.socket = socket
        self.not_cancels = not_cancels
        self.error_texts = error_texts
        self.examples = examples
        self.shared_names = shared_names
        self.envelopes = envelopes
        self.base_path = base_path
        for pattern in secret_texts.values():
            re.compile(pattern)  # raises here, where the fault is

    @lazy_property
    def endpoints(self) -> Mapping[str, Endpoint]:
        """The endpoints by name, spot first, then by module."""
        rows = self._declared("ENDPOINTS")
        products = [*Product, None]
        found = sorted((row.bound(self) for row in rows), key=lambda e: products.index(e.product))
        return MappingProxyType({found_endpoint.name: found_endpoint for found_endpoint in found})

    def placed(self, name: str) -> Placed | None:
        """The endpoint of a name, also of one with host or query, or of a method and a path; None if there is none.

        ``DELETE /orders/17`` is ``DELETE /orders/{order_id}``, and says ``{"order_id": "17"}``. A name without braces
        comes first, then one that says more around them, as ``DELETE /orders/client:{client_id}``.
        """
        if name in self.endpoints:
            return Placed(name, {})
        name = plain_name(name)
        if name in self.endpoints:
            return Placed(name, {})
        if self.base_path and (whole := name.replace(" /", f" {self.base_path}/", 1)) in self.endpoints:
            return Placed(whole, {})
        parts = name.split("/")
        for endpoint, pattern in self._patterns.get((parts[0], len(parts)), ()):
            if found := pattern.fullmatch(name):
                return Placed(endpoint, {key: unquote(value) for key, value in found.groupdict().items()})
        return None

    def asked(self, endpoint: str | None, request: Request | None) -> str | None:
        """The name of the endpoint of a request, where several share one; None where the request does not tell.

        Without a name, it is that of which the request has the word, whether there is such an endpoint or not: what
        has the word of a transfer is no cancel. A name that is not shared is given back as it is.
        """
        if endpoint in self.endpoints:
            return endpoint
        if endpoint is None:
            return self._named_by(request) if request else None
        name = self.shared_name(endpoint)
        if name is None:
            return endpoint
        return self._told_apart(name, request) or self._told_by_path(name, endpoint)

    def shared_name(self, endpoint: str) -> str | None:
        """The name of several endpoints that a request has, or below which it is; None if there is none."""
        if not self.shared_names:
            return None
        name = plain_name(endpoint)
        below = (path for path in self.shared_names if path.endswith("/") and name.startswith(path))
        return name if name in self.shared_names else next(below, None)

    def _named_by(self, request: Request) -> str | None:
        """The only endpoint that a request may be for by its words; if there is none, what it asks for instead."""
        told = (self._told_apart(name, request) for name in self.shared_names)
        names = dict.fromkeys(name for name in (*told, *self._operations_in(request)) if name is not None)
        known = [name for name in names if name in self.endpoints]
        if known:
            return known[0] if len(known) == 1 else None
        return next(iter(names), None)

    def failure_of_any(self, answer: bytes | str) -> str | None:
        """The endpoint of an answer that says of a request of any kind that it failed; None for any other answer."""
        keys = self.socket
        if keys is None or not keys.failures:
            return None
        try:
            word = _first_word(decode(answer), keys.operation)
        except (ValueError, RecursionError):
            return None
        return None if word is None else keys.failures.get(word)

    def _told_apart(self, name: str, request: Request | None) -> str | None:
        shared = self.shared_names[name]
        word = _first_word(request, shared.words)
        return None if word is None else shared.endpoint.format(name=name, word=word)

    def _told_by_path(self, name: str, endpoint: str) -> str | None:
        """The endpoint of which the path below a shared one has the word; None if there is none."""
        start = self.shared_names[name].endpoint.partition("{word}")[0]
        above, path = start.partition(" ")[2], plain_name(endpoint).partition(" ")[2]
        if not name.endswith("/") or not above or not path.startswith(above):
            return None
        told = start + path.removeprefix(above)
        return told if told in self.endpoints else None

    def _operations_in(self, request: Request) -> Iterator[str | None]:
        """The endpoints of a request that is a whole frame of a socket; several where its address would tell."""
        keys = self.socket
        if keys is None or not isinstance(request, OBJECT):
            return
        operation, detail = _first_word(request, keys.operation), _first_word(request, keys.detail)
        named = (*keys.request_id, *keys.parameters, *keys.flat)
        if operation is None or not any(_value_at(request, place) is not None for place in named):
            return
        if any(_value_at(request, place) is None for place in keys.request):
            return
        word = operation if detail is None else f"{operation} {detail}"
        within = next((found for place in keys.parameters if (found := request.get(place))), None)
        for prefix in dict.fromkeys(("ws", *keys.prefixes.values())):
            yield self.asked(f"{prefix} {word}", within)

    @lazy_property
    def _patterns(self) -> Mapping[tuple[str, int], Sequence[tuple[str, re.Pattern[str]]]]:
        """The endpoints with braces in their paths, by method and number of segments, with a pattern of each."""
        found: dict[tuple[str, int], list[tuple[str, re.Pattern[str]]]] = {}
        for name in self.endpoints:
            if "{" in name:
                parts = name.split("/")
                literal = re.escape(name).replace(":", "(?::|%3[Aa])")  # some clients escape it
                pattern = re.compile(_PLACE.sub(r"(?P<\1>[^/]+)", literal))
                found.setdefault((parts[0], len(parts)), []).append((name, pattern))
        for alike in found.values():
            alike.sort(key=lambda each: (each[0].count("{"), -len(_BRACES.sub("", each[0]))))
        return MappingProxyType(found)

    @lazy_property
    def others(self) -> Mapping[str, Shape]:
        """The answers that are no cancels, by the name of what gives them: a payload may come from there."""
        return MappingProxyType({other.name: Shape(other.answer) for other in self._declared("OTHERS")})

    @lazy_property
    def common_errors(self) -> tuple[CommonError, ...]:
        """The errors that many endpoints answer alike."""
        return tuple(self._declared("COMMON_ERRORS"))

    def told(self, payload: bytes) -> Told | None:
        """Tell what an error says that many endpoints answer alike; None if it is no such error."""
        for error in self.common_errors:
            if (told := error.told(payload)) is not None:
                return told
        return None

    def may_cancel(self, endpoint: str, request: Request | None = None) -> bool:
        """Whether a request may cancel orders, as far as its endpoint and its parameters tell.

        At an endpoint that is not known, it may if the name says so, or if it is no query and names an order. A batch
        without a cancel may not.
        """
        by_name = self._told_by_name(endpoint)
        return (
            self._names_order(request)
            if by_name is None
            else by_name and self._asks_cancel(endpoint, request)
        )

    def _asks_cancel(self, endpoint: str, request: Request | None) -> bool:
        """Whether a request is no batch, or has a cancel in it."""
        known = self.endpoints.get(endpoint)
        if known is None or not known.request.cancels:
            return True
        rows = known.request.cancel_rows(request)
        return not rows or any(rows)

    @lazy_property
    def _told_by_name(self) -> Callable[[str], bool | None]:
        """Tell whether requests to an endpoint may cancel orders; None where it depends on what they name."""
        return cached(1_024)(self._tell_by_name)

    def _tell_by_name(self, endpoint: str) -> bool | None:
        known = self.endpoints.get(endpoint)
        if known is not None:
            return not known.is_query
        name = endpoint.casefold()
        if endpoint in self.others or any(word.casefold() in name for word in self.not_cancels):
            return False
        if "cancel" in name:
            return True
        if _READ.match(name) is not None:
            return False
        return True if _REMOVAL.search(name) is not None else None

    def _names_order(self, request: object) -> bool:
        """Whether the parameters of a request, or of one of its rows, have the id of an order."""
        if isinstance(request, OBJECT):
            if not self._order_keys.isdisjoint(key.casefold() for key in request if isinstance(key, str)):
                return True
            return any(isinstance(v, list | tuple) and self._names_order(v) for v in request.values())
        return isinstance(request, list | tuple) and any(map(self._names_order, request))

    @lazy_property
    def _order_keys(self) -> frozenset[str]:
        keys = [endpoint.request for endpoint in self.endpoints.values()]
        return frozenset(name.casefold() for each in keys for name in (*each.order_id, *each.order_ids))

    def _declared(self, name: str) -> Iterator[Any]:
        """What the package's modules declare under a name."""
        path = import_module(self.package).__path__
        modules = (import_module(f"{self.package}.{module.name}") for module in iter_modules(path))
        return (row for module in modules for row in getattr(module, name, ()))

    @lazy_property
    def skip(self) -> Callable[[bytes], str | None] | None:
        """Tell what a payload is that has nothing to say about a cancel; None for one that may have."""
        if find_spec(f"{self.package}.skip") is None:
            return None
        skip: Callable[[bytes], str | None] = import_module(f"{self.package}.skip").skip
        return skip

    @lazy_property
    def skip_keys(self) -> frozenset[str]:
        """The keys of which an object has one if ``skip`` tells what it is: those of the module's ``FRAMES``."""
        if find_spec(f"{self.package}.skip") is None:
            return frozenset()
        frames: Sequence[type[Struct]] = import_module(f"{self.package}.skip").FRAMES
        return frozenset(field.key for frame in frames for field in fields_of(frame))

    @lazy_property
    def shows(self) -> Callable[[bytes], Sequence[Shown]]:
        """Tell the orders that a frame shows as filled or as going on, of those frames that ``skip`` tells."""
        if find_spec(f"{self.package}.skip") is None:
            return _none
        shows: Callable[[bytes], Sequence[Shown]] = import_module(f"{self.package}.skip").shows
        return shows

    @lazy_property
    def unpack(self) -> Callable[[bytes], bytes] | None:
        """Turn a message that is not JSON, or a text that stands for one, into JSON; None where every one is JSON.

        A payload that is no such message is given back as it is. Raises ``Mismatch`` for one that is damaged.
        """
        if find_spec(f"{self.package}.binary") is None:
            return None
        unpack: Callable[[bytes], bytes] = import_module(f"{self.package}.binary").unpack
        return unpack

    def as_json(self, payload: bytes) -> bytes:
        """A payload as JSON, where it is a message that can be unpacked; otherwise as it is."""
        if self.unpack is None or payload[:1] in (b"{", b"["):
            return payload
        try:
            return self.unpack(payload)
        except Mismatch:
            return payload

    def __repr__(self) -> str:
        return f"Venue({self.name!r})"


def _first_word(request: object, places: tuple[str, ...]) -> str | None:
    """The text in a request at the first of some places, as ``action.type``, that has one; None where none has."""
    values = (_value_at(request, place) for place in places)
    return next((value for value in values if isinstance(value, str) and value), None)


def _value_at(request: object, place: str) -> object:
    """What is in a request at a place; an object that stands alone in an array under a key counts as the object."""
    found = request
    for key in place.split("."):
        if found is not request and isinstance(found, list | tuple) and len(found) == 1:
            found = found[0]
        found = found.get(key) if isinstance(found, OBJECT) else None
    return found


def _none(_data: bytes) -> Sequence[Shown]:
    return ()


_PLACE: Final = re.compile(r"\\\{(\w+)\\\}")
"""A part of a path that stands in braces, in the text of a pattern."""
_BRACES: Final = re.compile(r"\{\w+\}")
_READ: Final = re.compile(r"(?:get|head|options) /")
_REMOVAL: Final = re.compile(r"^delete /|delete|revoke|terminat|countdown|kill|[/.-]stop$")


# --- Endpoints, as a venue's module declares them ---


class Other(NamedTuple):
    """An answer that is no cancel's: what gives it, as an endpoint is named, and its type."""

    name: str
    answer: Kind


class EndpointRow(NamedTuple):
    """An endpoint before its venue is known."""

    name: str
    answer: Kind
    map: Callable[[Any, Call], Normalised]
    settings: Mapping[str, Any]

    def bound(self, venue: Venue) -> Endpoint:
        """The endpoint of a venue."""
        settings = dict(self.settings)
        docs = settings.pop("docs") + settings.pop("page", "")
        skips = settings.pop("skips")
        skip = venue.skip if skips is True else skips or None
        unpack = venue.unpack if settings.pop("packed") else None
        return Endpoint(
            self.name,
            self.answer,
            self.map,
            venue=venue.name,
            docs=docs,
            skip=skip,
            unpack=unpack,
            **settings,
        )


_NO_KEYS: Final = RequestKeys()


def endpoint(
    name: str,
    answer: Kind,
    map: Callable[[Any, Call], Normalised],  # noqa: A002  # it is what it does
    **settings: Any,
) -> EndpointRow:
    """One endpoint: its name, the shape of its answer, the function that maps it, and what is its own.

    ``settings`` are those of ``endpoints``, and ``page``, which is added to ``docs``.
    """
    return EndpointRow(name, answer, map, settings)


def endpoints(
    *rows: EndpointRow,
    product: Product | None,
    docs: str,
    ids: IdSpace,
    since: str | None = None,
    request: RequestKeys = _NO_KEYS,
    errors: Errors | None = None,
    skips: bool | Callable[[bytes], str | None] = False,
    packed: bool = False,
    is_shared: Callable[[Any], bool] | None = None,
    cancels: bool | None = None,
) -> tuple[EndpointRow, ...]:
    """Endpoints with what they share.

    ``since`` is the date of the oldest answers that are read; None: as long as the endpoint exists.
    ``skips`` where their transport carries frames about other things, which the venue's ``skip`` tells, or the
    function given: one that knows the endpoint by which a payload came. ``packed`` where it carries messages that
    are not JSON, which the venue's ``unpack`` turns into it. ``cancels`` where a ``GET``
    does, False where what is asked for is no cancel, whatever it may lead to.
    """
    shared = {
        "product": product,
        "docs": docs,
        "ids": ids,
        "since": since,
        "request": request,
        "errors": errors,
        "skips": skips,
        "packed": packed,
        "is_shared": is_shared,
        "cancels": cancels,
    }
    return tuple(row._replace(settings={**shared, **row.settings}) for row in rows)
