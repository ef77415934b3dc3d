"""Locating what a finding is about: the member of an object of the payload that holds a value."""

from functools import cached_property
from typing import Any

import msgspec

from cancelnorm.check.excerpt import path_steps
from cancelnorm.reader.exact import member_path

__all__ = ["PayloadMembers"]


class PayloadMembers:
    """The members of a payload's objects; the payload is decoded once, when the first is asked for."""

    def __init__(self, payload: bytes | str) -> None:
        self._payload = payload

    @cached_property
    def _tree(self) -> Any:
        try:
            return msgspec.json.decode(self._payload)
        except (ValueError, RecursionError):
            return None

    def path_of(self, value: object, at: str) -> str:
        """The path of the one member with a value in the object at the path ``at``; else ``at``."""
        if value is None:
            return at
        here = self._tree
        for step in path_steps(at):
            try:
                here = here[step]
            except (LookupError, TypeError):
                return at
        if not isinstance(here, dict):
            return at
        keys = [key for key, part in here.items() if type(part) is type(value) and part == value]
        return member_path(at, keys[0]) if len(keys) == 1 else at
