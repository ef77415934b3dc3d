"""Decoders of msgspec's, made by one thread at a time.

msgspec keeps with a struct what it finds out of its fields, and does so from the moment when it begins. A thread that
makes a decoder for the same struct meanwhile takes what is there, and reading with it ends the process.
"""

import os
from threading import RLock
from typing import Any, Final

from msgspec.json import Decoder

__all__ = ["json_decoder"]

_making: Final = RLock()  # held for no import and no other lock, so nobody waits for ever
# A forked process has the thread alone that forked, so nothing may be half made then.
os.register_at_fork(before=_making.acquire, after_in_parent=_making.release, after_in_child=_making.release)


def json_decoder(kind: Any) -> Decoder[Any]:
    """The decoder of a type in which structs of other modules are.

    A module that makes one of structs of its own, while it is imported, is their only user and needs no lock.
    """
    with _making:
        return Decoder(kind)
