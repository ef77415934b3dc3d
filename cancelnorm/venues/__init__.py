"""The venues, discovered: every package here, every module in it that has ``CODECS``.

Adding a venue or an endpoint adds files and edits none. Nothing is imported before the first payload of a
venue comes.
"""

import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

from cancelnorm.codec import Codec
from cancelnorm.schema import Product

__all__ = ["Skip", "codecs", "names", "skips"]


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
