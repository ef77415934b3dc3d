"""Location of a finding: the member of a payload's object that holds a value."""

from functools import cached_property
from typing import Any

import msgspec

from cancelnorm.check.excerpt import path_steps
from cancelnorm.reader.exact import member_path

__all__ = ["PayloadMembers"]


class PayloadMembers:
    """Members of a payload's objects; the payload is decoded once, on first use."""

    def __init__(self, payload: bytes | str) -> None:
        self._payload = payload

    @cached_property
    def _tree(self) -> Any:
        try:
            return msgspec.json.decode(self._payload)
        except (ValueError, RecursionError):
            return None

    def path_of(self, value: object, at: str) -> str:
        """Path of the only member with a value in the object at path ``at``; otherwise ``at``."""
        if value is None:
            return at
        node = self._tree
        for step in path_steps(at):
            try:
                node = node[step]
            except (LookupError, TypeError):
                return at
        if not isinstance(node, dict):
            return at
        keys = [key for key, member in node.items() if type(member) is type(value) and member == value]
        return member_path(at, keys[0]) if len(keys) == 1 else at
