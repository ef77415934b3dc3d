"""The venues, discovered: every package here, every module in it that has ``CODECS``.

Adding a venue or an endpoint adds files and edits none. Nothing is imported before the first payload of a
venue comes.
"""

import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Final

from msgspec import Raw
from msgspec.json import Decoder

from cancelnorm.codec import Codec
from cancelnorm.schema import Product

__all__ = ["Skip", "codecs", "hosts", "names", "recognise", "skips"]


@cache
def names() -> tuple[str, ...]:
    """The names of all venues, sorted."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg))


@cache
def codecs(venue: str) -> Mapping[str, Codec]:
    """The codecs of a venue by endpoint, spot first, then by module; empty for an unknown venue."""
    if venue not in names():
        return MappingProxyType({})
    package = import_module(f"{__name__}.{venue}")
    modules = (import_module(f"{package.__name__}.{m.name}") for m in pkgutil.iter_modules(package.__path__))
    found: tuple[Codec, ...] = tuple(codec for module in modules for codec in getattr(module, "CODECS", ()))
    products = [*Product, None]
    ordered = sorted(found, key=lambda codec: products.index(codec.product))
    return MappingProxyType({codec.endpoint: codec for codec in ordered})


Skip = Callable[[bytes], str | None]


@cache
def skips(venue: str) -> tuple[Skip, ...]:
    """What tells the frames of a venue that are not about a cancel, see ``Codec``."""
    return tuple(dict.fromkeys(codec.skip for codec in codecs(venue).values() if codec.skip is not None))


@cache
def hosts() -> Mapping[str, str]:
    """The domains of all venues → the venue; a host is a domain or ends in one."""
    found = {
        domain: venue for venue in names() for domain in import_module(f"{__name__}.{venue}.hosts").HOSTS
    }
    return MappingProxyType(found)


def recognise(payload: bytes) -> str | None:
    """Name the one venue that sends such a payload; None where there are several or none.

    Payloads with the same keys are taken to be of the same venue, so that a long log is looked at once.
    """
    try:
        signature = _signature(payload)
    except (ValueError, RecursionError):
        return None
    if signature not in _recognised:
        if len(_recognised) >= _MAX_SIGNATURES:
            _recognised.clear()
        found = [
            venue for venue in names() if any(codec.shape.takes(payload) for codec in codecs(venue).values())
        ]
        found = found or [venue for venue in names() if any(skip(payload) for skip in skips(venue))]
        _recognised[signature] = found[0] if len(found) == 1 else None
    return _recognised[signature]


_MAX_SIGNATURES: Final = 4_096
_recognised: Final[dict[tuple[str, ...], str | None]] = {}
_keys: Final = Decoder(dict[str, Raw])
_items: Final = Decoder(list[Raw])
# What tells frames and answers apart that have the same keys.
_WORDS: Final = ("e", "op", "topic", "dataType", "method", "code", "retCode")
_FRAMES: Final = ("data", "result", "event", "o")  # what the venues put their answers into


def _signature(payload: bytes) -> tuple[str, ...]:
    """The keys of an object, of the first in an array and of what is framed in it; words that name it."""
    if payload.lstrip()[:1] == b"[":
        items = _items.decode(payload)
        return ("[", *_signature(bytes(items[0]))) if items else ("[",)
    if payload.lstrip()[:1] != b"{":
        return (payload.lstrip()[:1].decode("latin-1"),)
    found = _keys.decode(payload)
    words = (str(bytes(found[word])[:40]) for word in _WORDS if word in found)
    frames = (name for frame in _FRAMES if frame in found for name in _signature(bytes(found[frame])))
    return (*found, *words, "|", *frames)
