"""Venue: all that the library wants to know about one exchange, in one declaration."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from msgspec import Struct

from cancelnorm.common_error import CommonError, Told
from cancelnorm.endpoint import Call, Endpoint, Errors, IdSpace
from cancelnorm.lazy import lazy_property
from cancelnorm.reader.fast import Shape
from cancelnorm.reader.mismatch import Mismatch
from cancelnorm.reader.types import Kind, fields_of
from cancelnorm.request import RequestKeys
from cancelnorm.schema import Normalised, Product

__all__ = [
    "ErrorText",
    "Other",
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
    also where that stands alone in an array.
    """

    request_id: tuple[str, ...] = ()
    """The id of a request, which its answer repeats."""
    operation: tuple[str, ...] = ()
    """The word for what is asked."""
    detail: tuple[str, ...] = ()
    """A word that is added to the operation."""
    parameters: tuple[str, ...] = ()
    """The parameters of a request."""
    flat: tuple[str, ...] = ()
    """Parameters that stand beside the operation."""
    request: tuple[str, ...] = ()
    """Keys that every request has, where pushed frames have those of the operation, too."""
    answer: tuple[str, ...] = ()
    """Keys that no request has."""
    cancel_answer: tuple[str, ...] = ()
    """Keys that every answer to a cancel has, and none to an operation in ``unlike_cancels``."""
    interim: tuple[str, ...] = ()
    """Keys that are true in an acknowledgement that comes before the answer."""
    unlike_cancels: frozenset[str] = frozenset()
    """The operations that are answered without ``cancel_answer``."""
    answered_as: Mapping[str, str] = {}
    """The word by which answers call an operation → the one by which requests do."""
    each_order: frozenset[str] = frozenset()
    """The operations that are answered once for each order that the request names."""
    failures: Mapping[str, str] = {}
    """The word in the place of the operation where a request of any kind failed → the endpoint of the answer."""
    secret_operations: frozenset[str] = frozenset()
    """The operations that log in with parameters without names."""
    prefixes: Mapping[str, str] = {}
    """A part of an address → what the names of its endpoints begin with, instead of ``ws``."""


class Shown(NamedTuple):
    """An order that a stream shows in a frame about something else: it goes on, or has filled, at least in part.

    Where it "expired" before, it was triggered, unless ``goes_on`` is False: then only its fills are shown. The
    ``client_order_id`` may be empty. One that ``is_closed`` has placed another, for which it waited, and is gone. One
    that ``is_named`` is shown with both its ids by this frame alone, as frames about its end leave one out.
    """

    endpoint: str
    symbol: str
    order_id: str
    is_filled: bool
    event_ns: int | None = None
    filled_quantity: Decimal | None = None
    goes_on: bool = True
    client_order_id: str | None = None
    is_closed: bool = False
    is_named: bool = False


class SharedName(NamedTuple):
    """A name that several endpoints share: a path, an operation of a socket, or what a recorder calls a channel.

    ``words`` are the places in a request of the word that tells the endpoints apart, as ``action.type``; the first that
    is there counts. Without them, no request tells. ``endpoint`` is the name of the one that a word is of.
    """

    words: tuple[str, ...] = ()
    endpoint: str = "{name} {word}"


class ErrorText(NamedTuple):
    """The text of an error in a library of the venue: its message, ``before_code``, and its code.

    With ``after_code`` the message comes last, and ends before ``end`` if that is in it. ``code`` and ``message``
    are the keys that these have in the answer. A sign at the end of ``before_code`` is that of the code.
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
    paths that may be left out in the name of an endpoint. ``usual`` are the endpoints that are used most: an answer
    that many may have sent is taken as theirs, the first of them before the others. ``has_statuses`` if each error
    over HTTP comes under a status of 400 or above.
    ``envelopes`` are its answers in JSON, with ``"$row"`` in the place of an order or of the first of an array, for
    programs that print an order alone. Their time is 1700000000. Where a failure may have the same rows, it is among
    them, so that such a row says nothing alone. ``filled`` are the words that answers to queries have for the status
    of an order that has filled, where it was not canceled, ``on_book`` those of one that may have filled in part:
    ``triggered`` those of one that has placed another, for which it waited. Stories take that, although the answer
    is not about a cancel.
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
        usual: tuple[str, ...] = (),
        has_statuses: bool = False,
        filled: Collection[str] = (),
        on_book: Collection[str] = (),
        triggered: Collection[str] = (),
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
        self.usual = usual
        self.has_statuses = has_statuses
        self.filled = frozenset(filled)
        self.on_book = frozenset(on_book)
        self.triggered = frozenset(triggered)
        for pattern in secret_texts.values():
            re.compile(pattern)  # raises here, where the fault is

    @lazy_property
    def endpoints(self) -> Mapping[str, Endpoint]:
        """The endpoints by name: the usual ones, then spot first, then by module."""
        rows = self._declared("ENDPOINTS")
        products = [*Product, None]
        found = sorted((row.bound(self) for row in rows), key=lambda e: products.index(e.product))
        by_name = {found_endpoint.name: found_endpoint for found_endpoint in found}
        return MappingProxyType({name: by_name[name] for name in self.usual} | by_name)

    @lazy_property
    def id_names(self) -> frozenset[str]:
        """The parameters that name orders in the request of any endpoint, case-folded."""
        return frozenset(name.casefold() for each in self.endpoints.values() for name in each.request.ids)

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

    def _declared(self, name: str) -> Iterator[Any]:
        """Declarations of the package's modules under a name."""
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


def _none(_data: bytes) -> Sequence[Shown]:
    return ()


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
