"""Errors that many endpoints of a venue answer alike: a code, a text, and nothing else that differs."""

import re
from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Final

from msgspec import Struct

from cancelnorm.lazy import lazy_property
from cancelnorm.prose import prose
from cancelnorm.reader.fast import Shape
from cancelnorm.reader.scalars import ns_of
from cancelnorm.verdict import SERVER_TEXTS, Code, CodeTable, Verdict

__all__ = ["CommonError", "Told"]


class Told(Struct, frozen=True):
    """Meaning of an error: ``alike`` is equal for errors that mean the same.

    Whether a venue passes it over as something else depends on the code alone. ``is_listed`` tells whether a table
    of the venue has its code, or, without codes, whether its text holds a word that the venue's maps look for.
    ``text`` is as it was sent, and ``answered_ns`` None where such errors have no clock.
    """

    alike: Hashable
    is_listed: bool
    code: str | None
    text: str
    answered_ns: int | None

    @property
    def message(self) -> str | None:
        """The text, without secrets."""
        return prose(self.text) or None

    @property
    def fields(self) -> dict[str, Any]:
        """Fields that an event of it has of its own."""
        said: dict[str, Any] = {"code": self.code, "message": self.message}
        return said if self.answered_ns is None else said | {_CLOCK: self.answered_ns}


class CommonError:
    """The errors of a venue that have a code and a text alone, or one of them; ``code`` is None where they have none.

    Two of them mean the same if their texts hold the same of the words that the venue's maps look for, and if
    their codes are equal or in no table. ``answer`` is a struct of codes that only failures have; the values of
    its other fields never differ, but for the ``clock``. ``tables`` are all those in which an endpoint that
    answers with such an error looks its code up. ``words`` are looked for in texts of any code, in lower case.
    An error that one of the ``patterns`` finds something in is no common one.
    """

    def __init__(
        self,
        answer: type[Struct],
        *,
        code: str | None,
        message: str,
        tables: Iterable[CodeTable] = (),
        words: Iterable[str] = (),
        patterns: Iterable[re.Pattern[str]] = (),
        clock: str | None = None,
    ) -> None:
        self.answer = answer
        self.code = code
        self.message = message
        self._tables = tuple(tables)
        self._words = tuple(words)
        self._patterns = tuple(patterns)
        self.clock = clock

    @lazy_property
    def _shape(self) -> Shape:
        return Shape(self.answer)

    @lazy_property
    def _unlisted(self) -> tuple[str, ...]:
        """The words that are looked for beside a code that no table lists."""
        return tuple(dict.fromkeys((*self._words, *(word for word, _ in SERVER_TEXTS))))

    @lazy_property
    def listed(self) -> Mapping[Code, tuple[str, ...]]:
        """The words that are looked for beside each code of a table."""
        found: dict[Code, dict[str, None]] = {}
        for table in self._tables:
            for code, row in table.items():
                words = () if isinstance(row, Verdict) else (word for word, _ in row)
                found.setdefault(code, dict.fromkeys(self._unlisted)).update(dict.fromkeys(words))
        return {code: tuple(words) for code, words in found.items()}

    def told(self, payload: bytes) -> Told | None:
        """Meaning of a payload; None if it is no such error."""
        shape = self._shape
        try:
            raw = shape.strict_reader.decode(payload)
            shape.verify(raw)
            if not shape.is_whole(payload, raw) and shape.duplicates(payload):
                return None  # a key that is there twice has a note
        except (ValueError, RecursionError):
            return None
        code = None if self.code is None else getattr(raw, self.code)
        text = getattr(raw, self.message) or ""
        if code is None and not prose(text):
            return None  # it says nothing
        for pattern in self._patterns:
            if pattern.search(text):
                return None
        words, searched = None if code is None else self.listed.get(code), text.casefold()
        alike = (
            self,
            None if words is None else code,
            tuple([word for word in (self._unlisted if words is None else words) if word in searched]),
        )
        is_listed = words is not None or (code is None and any(word in searched for word in self._words))
        answered_ns = None if self.clock is None else ns_of(getattr(raw, self.clock))
        return Told(alike, is_listed, None if code is None else str(code), text, answered_ns)


_CLOCK: Final = "response_ns"
