"""Bodies of requests over HTTP that stand in lines of their own, behind the request line and its headers."""

import re
from typing import Final

from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.conversation import Conversation
from cancelnorm.logs.text_words import words

__all__ = ["RequestBodies"]

_LINES: Final = 40  # of a request, with its headers
_METHODS: Final = frozenset({"DELETE", "PATCH", "POST", "PUT"})
_DIGITS: Final = re.compile(r"[0-9]+")
_MARKS: Final = " \t-=<>:|\"'([→←"
_NAMED: Final = re.compile(r"(?:body|data|payload|param(?:eter)?s|form|json|content)$", re.IGNORECASE)
_FORM: Final = re.compile(
    r"(?<![^\s\"'>])\w{1,40}+=[^\s=&\"'\])<>{}]{1,200}+(?:&\w{1,40}+=[^\s=&\"'\])<>{}]{0,200}+){0,40}+"
    r"(?=[\"'\])]{0,2}+(?:>?<[^<>]{1,40}>)?+\s*+$)"
)
_ARRAY: Final = re.compile(r"\[[^\[\]{}]{1,4000}+\](?=[\"']?+\s*+$)")


class RequestBodies:
    """The request whose body may be in one of the next lines.

    That is the only object or form before its answer by which its endpoint is asked for anything. Where two requests
    are printed at the same time, neither gets a body.
    """

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._open = 0  # requests that began and did not end
        self._line = 0
        self._request: Printed | None = None  # the only one
        self._lead = ""
        self._bodies: list[str] = []

    @property
    def is_open(self) -> bool:
        """Whether the body of a request may be in the next line."""
        return self._request is not None

    @property
    def request(self) -> Printed | None:
        """The request whose body that may be."""
        return self._request

    def begin(self, request: Printed, before: str) -> None:
        """Take a request; ``before`` are the words before it in its line."""
        if request.body or "?" in request.url or request.method not in _METHODS:
            return
        if self._bodies:
            self.end()
        if request.line - self._line > _LINES:
            self._open = 0
        self._request = None if self._open else request
        self._open += 1
        self._line, self._lead, self._bodies = request.line, _lead(before), []

    def takes(self, number: int, before: str, body: str) -> bool:
        """Take an object if it may be the body, by its keys and by the words before it."""
        request = self._request
        if request is None or number - self._line > _LINES or len(self._bodies) > 1:
            return False
        if not self._is_led(before) or not self._conversation.takes(request, body):
            return False
        self._bodies.append(body)
        return True

    def takes_line(self, number: int, text: str) -> bool:
        """Take a line that ends with a form, or with an array of ids, if it may be the body.

        Behind a URL, it is that of another request.
        """
        if self._request is None:
            return False
        found = _FORM.search(text) or _ARRAY.search(text)
        if found is None or words(text[: found.start()]).url is not None:
            return False
        return self.takes(number, text[: found.start()], found[0])

    def end(self) -> None:
        """Take the end of a request, or the beginning of an answer."""
        self.close()
        self._open = max(0, self._open - 1)
        self._request, self._bodies = None, []

    def close(self) -> None:
        """Give the request its body, if it is known."""
        if self._request is not None and len(self._bodies) == 1:
            self._conversation.complete(self._request, self._bodies[0])

    def _is_led(self, before: str) -> bool:
        """Tell whether the words before an object are those before the request, or say that it is a body."""
        lead = _lead(before)
        return lead in ("", self._lead, f"b{self._lead}") or _NAMED.search(lead) is not None


def _lead(before: str) -> str:
    return _DIGITS.sub("0", before).strip(_MARKS)
