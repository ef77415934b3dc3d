"""What is wrong with a payload: where, what was expected, and what was found, as it is shown."""

import json
from functools import lru_cache
from itertools import pairwise
from typing import Any

from cancelnorm.escapes import quoted
from cancelnorm.masking import MASK
from cancelnorm.prose import beginning, cut, prose
from cancelnorm.secret_names import hidden_keys, names_secret

__all__ = ["At", "Mismatch", "Number", "is_plain_key", "member_path", "path_of", "redacted", "shown"]


class Mismatch(ValueError):
    """A payload that has none of the expected shapes."""

    def __init__(self, path: str, expected: str, found: str) -> None:
        super().__init__(path, expected, found)
        self.path = path
        self.expected = expected
        self.found = found

    def kept(self) -> "Mismatch":
        """The same to be kept: an exception that was raised holds all frames that it passed, which may hold it."""
        return Mismatch(self.path, self.expected, self.found)


class Number(str):
    """A JSON number that is no integer, as its text: nothing goes through a binary float."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


At = tuple[Any, str | int] | None
"""A place in a payload: the place of what it stands in, and its key or index; None for the payload itself."""


def path_of(at: At) -> str:
    """The JSON path of a place."""
    steps = []
    while at is not None:
        at, step = at
        steps.append(step)
    path = "$"
    for step in reversed(steps):
        path = f"{path}[{step}]" if isinstance(step, int) else member_path(path, step)
    return path


def is_plain_key(key: str) -> bool:
    """Whether a key is short and has nothing but letters, digits, underscores and hyphens."""
    return 0 < len(key) < 60 and key.isascii() and key.replace("_", "0").replace("-", "0").isalnum()


def member_path(at: str, key: str) -> str:
    """The JSON path of a key; a long one is cut, and what is secret in it is masked."""
    if is_plain_key(key):
        return f"{at}.{key}"
    return f"{at}[{json.dumps(cut(key, 64), ensure_ascii=False)}]"


def shown(value: Any) -> str:
    """A value in at most 60 characters, fit for one line."""
    if isinstance(value, Number):
        return beginning(str(value), 60)
    if isinstance(value, dict):
        return "an object" if value else "an empty object"
    if isinstance(value, list):
        return "an array" if value else "an empty array"
    if isinstance(value, str):
        return _shown_text(value)
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 200:
        return "a number of over 60 digits"
    return beginning(json.dumps(value), 60)


@lru_cache(maxsize=8)
def _shown_text(text: str) -> str:
    """The same for a text, which may be long and be held against many types."""
    return beginning(quoted(cut(text, 256)), 60)


def redacted(value: Any) -> Any:
    """A JSON value with everything named like a secret masked; a number with a fraction as its text."""
    if isinstance(value, str):
        return prose(str(value))
    if isinstance(value, dict):
        hidden = hidden_keys(value)
        return {prose(k): MASK if k in hidden else redacted(v) for k, v in value.items()}
    if isinstance(value, list):
        return [MASK if names_secret(k) else redacted(v) for k, v in pairwise([None, *value])]
    if isinstance(value, int) and value.bit_length() > 64:
        return shown(value)
    return value
