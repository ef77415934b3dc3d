"""Modules of the package."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

import cancelnorm


def modules() -> Iterator[ModuleType]:
    """Every module that can be imported; the adapter of an engine only where that is installed."""
    for found in walk_packages(cancelnorm.__path__, "cancelnorm."):
        if found.name.endswith("__main__"):
            continue
        try:
            module = import_module(found.name)
        except ModuleNotFoundError as error:
            if error.name != "nautilus_trader":
                raise
        else:
            yield module
