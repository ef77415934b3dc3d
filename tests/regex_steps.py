"""A matcher that counts its steps: a regex at work as the backtracking matcher of ``re`` does it, in Python.

``re`` has no count of its own work, and a clock is no proof. ``Steps`` matches like ``re`` and counts every character
that it looks at, every alternative and every way back. It leaves out the shortcuts of ``re``, so its count is an
upper bound.
"""

import re
from collections.abc import Callable, Iterator
from copy import copy
from re import _compiler as compiler  # type: ignore[attr-defined]
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

__all__ = ["Steps", "TooMany", "parsed"]

_Next = Callable[[int], int]
"""What is matched behind a place: the end of the whole match, or -1."""
_Match = Callable[[int, _Next], int]

_SINGLE = (ops.LITERAL, ops.NOT_LITERAL, ops.ANY, ops.IN)
_REPEATS = (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT)


class TooMany(Exception):
    """The limit of steps is reached."""


def parsed(pattern: re.Pattern[Any]) -> Any:
    """The tree of a pattern."""
    return parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)


class Steps:
    """One pattern; ``count`` are the steps since it was set."""

    def __init__(self, pattern: re.Pattern[Any], limit: int = 10**9) -> None:
        tree = parsed(pattern)
        self.count = 0
        self._limit = limit
        self._state = tree.state
        self._is_text = isinstance(pattern.pattern, str)
        self._text: Any = ""
        self._groups: list[tuple[int, int] | None] = [None] * (pattern.groups + 1)
        self._run = self._sequence(tree, tree.state.flags)

    # --- What patterns do ---

    def match(self, text: Any, at: int = 0) -> tuple[int, int] | None:
        """The span of a match that begins at a place."""
        return self._at(text, at, lambda end: end)

    def fullmatch(self, text: Any) -> tuple[int, int] | None:
        """The span of a match of the whole text."""
        return self._at(text, 0, lambda end: end if end == len(text) else -1)

    def search(self, text: Any, at: int = 0) -> tuple[int, int] | None:
        """The span of the first match."""
        for start in range(at, len(text) + 1):
            if found := self.match(text, start):
                return found
        return None

    def finditer(self, text: Any) -> Iterator[tuple[int, int]]:
        """The spans of all matches that are not empty."""
        at = 0
        while at <= len(text) and (found := self.search(text, at)):
            if found[0] != found[1]:
                yield found
            at = max(found[1], found[0] + 1)

    def _at(self, text: Any, at: int, last: _Next) -> tuple[int, int] | None:
        self._text = text
        self._groups = [None] * len(self._groups)
        end = self._run(at, last)
        return None if end < 0 else (at, end)

    def _step(self, number: int = 1) -> None:
        self.count += number
        if self.count > self._limit:
            raise TooMany

    # --- Nodes ---

    def _sequence(self, nodes: Any, flags: int) -> _Match:
        matches = [self._node(node, flags) for node in nodes]
        if len(matches) == 1:
            return matches[0]

        def run(at: int, then: _Next) -> int:
            for match in reversed(matches):
                then = _before(match, then)
            return then(at)

        return run

    def _node(self, node: Any, flags: int) -> _Match:
        kind, value = node
        if kind in _SINGLE:
            return self._single(node, flags)
        if kind in _REPEATS:
            low, high, body = value
            if len(body) == 1 and body[0][0] in _SINGLE:
                return self._run_of(kind, low, high, body[0], flags)
            return self._repeat(kind, low, high, self._sequence(body, flags))
        if kind is ops.BRANCH:
            return self._branch([self._sequence(each, flags) for each in value[1]])
        if kind is ops.SUBPATTERN:
            group, added, removed, body = value
            return self._group(group, self._sequence(body, (flags | added) & ~removed))
        if kind is ops.ATOMIC_GROUP:
            return self._atomic(self._sequence(value, flags))
        if kind in (ops.ASSERT, ops.ASSERT_NOT):
            return self._look(kind is ops.ASSERT, value[0], value[1], flags)
        if kind is ops.GROUPREF:
            return self._reference(value, flags)
        return self._real(node, flags)  # the beginning, the end, or the boundary of a word

    def _compiled(self, nodes: list[Any], flags: int) -> re.Pattern[Any]:
        state = copy(self._state)
        state.flags = flags
        found: re.Pattern[Any] = compiler.compile(parser.SubPattern(state, nodes))
        return found

    def _single(self, node: Any, flags: int) -> _Match:
        fits = self._compiled([node], flags).fullmatch
        known: dict[Any, bool] = {}

        def run(at: int, then: _Next) -> int:
            self._step()
            char = self._text[at : at + 1]
            if char not in known:
                known[char] = bool(char) and fits(char) is not None
            return then(at + 1) if known[char] else -1

        return run

    def _real(self, node: Any, flags: int) -> _Match:
        match = self._compiled([node], flags).match

        def run(at: int, then: _Next) -> int:
            self._step()
            return then(at) if match(self._text, at) else -1

        return run

    def _run_of(self, kind: Any, low: int, high: int, node: Any, flags: int) -> _Match:
        """A repeated character."""
        inner = parser.SubPattern(self._state, [node])
        match = self._compiled([(ops.POSSESSIVE_REPEAT, (0, high, inner))], flags).match

        def run(at: int, then: _Next) -> int:
            found = match(self._text, at)
            most = found.end() if found else at
            if kind is ops.MIN_REPEAT:
                self._step(1 + low)
                for end in range(at + low, most + 1):
                    self._step()
                    if (done := then(end)) >= 0:
                        return done
                return -1
            self._step(1 + most - at)
            if kind is ops.POSSESSIVE_REPEAT:
                return then(most) if most - at >= low else -1
            for end in range(most, at + low - 1, -1):
                self._step()
                if (done := then(end)) >= 0:
                    return done
            return -1

        return run

    def _repeat(self, kind: Any, low: int, high: int, body: _Match) -> _Match:
        def possessive(at: int, then: _Next) -> int:
            count = 0
            while count < high:
                self._step()
                end = body(at, lambda end: end)
                if end < 0 or (end == at and count >= low):
                    break
                at, count = end, count + 1
            return then(at) if count >= low else -1

        def greedy(at: int, then: _Next) -> int:
            def more(here: int, count: int) -> int:
                self._step()
                if count < high:
                    done = body(here, lambda end: more(end, count + 1) if end != here or count < low else -1)
                    if done >= 0:
                        return done
                return then(here) if count >= low else -1

            return more(at, 0)

        def lazy(at: int, then: _Next) -> int:
            def more(here: int, count: int) -> int:
                self._step()
                if count >= low and (done := then(here)) >= 0:
                    return done
                if count == high:
                    return -1
                return body(here, lambda end: more(end, count + 1) if end != here or count < low else -1)

            return more(at, 0)

        return {ops.POSSESSIVE_REPEAT: possessive, ops.MAX_REPEAT: greedy, ops.MIN_REPEAT: lazy}[kind]

    def _branch(self, branches: list[_Match]) -> _Match:
        def run(at: int, then: _Next) -> int:
            for branch in branches:
                self._step()
                if (done := branch(at, then)) >= 0:
                    return done
            return -1

        return run

    def _group(self, group: int | None, body: _Match) -> _Match:
        if group is None:
            return body

        def run(at: int, then: _Next) -> int:
            old = self._groups[group]

            def closed(end: int) -> int:
                before, self._groups[group] = self._groups[group], (at, end)
                if (done := then(end)) < 0:
                    self._groups[group] = before
                return done

            done = body(at, closed)
            if done < 0:
                self._groups[group] = old
            return done

        return run

    def _atomic(self, body: _Match) -> _Match:
        def run(at: int, then: _Next) -> int:
            end = body(at, lambda end: end)
            return then(end) if end >= 0 else -1

        return run

    def _look(self, is_wanted: bool, direction: int, body: Any, flags: int) -> _Match:
        back = body.getwidth()[1] if direction < 0 else 0
        inner = self._sequence(body, flags)

        def run(at: int, then: _Next) -> int:
            self._step()
            found = at >= back and inner(at - back, lambda end: end) >= 0
            return then(at) if found is is_wanted else -1

        return run

    def _reference(self, group: int, flags: int) -> _Match:
        def run(at: int, then: _Next) -> int:
            span = self._groups[group]
            if span is None:
                return -1
            size = span[1] - span[0]
            self._step(1 + size)
            one, other = self._text[span[0] : span[1]], self._text[at : at + size]
            same = one.lower() == other.lower() if flags & re.IGNORECASE else one == other
            return then(at + size) if same else -1

        return run


def _before(match: _Match, then: _Next) -> _Next:
    return lambda at: match(at, then)
