"""Whether other distributions may bring a plug-in, found out without ``importlib.metadata``.

To import that takes longer than to declare all venues, and most installations have no plug-in.
"""

import os
import sys
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Final

__all__ = ["may_be_installed"]


def may_be_installed(group: str) -> bool:
    """Whether a distribution may have an entry point in a group; ``importlib.metadata`` knows which."""
    if any(hasattr(finder, "find_distributions") for finder in sys.meta_path if finder is not PathFinder):
        return True
    return any(_may_name(place or ".", group.encode()) for place in sys.path)


def _may_name(place: str, group: bytes) -> bool:
    """Whether a distribution in a folder may name a group; one in an archive always may."""
    try:
        with os.scandir(place) as entries:
            found = [entry.path for entry in entries if entry.name.lower().endswith(_DESCRIBING)]
    except NotADirectoryError:
        return True
    except OSError:
        return False
    return any(group in _entry_points(path) for path in found)


_DESCRIBING: Final = (".dist-info", "egg-info")


def _entry_points(path: str) -> bytes:
    """The entry points of a distribution; nothing if there are none that can be read."""
    try:
        return Path(path, "entry_points.txt").read_bytes()
    except OSError:
        return b""
