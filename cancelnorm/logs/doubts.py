"""Answers that name no request, each of which may be that of several: whether there is one for each of these."""

from msgspec import Struct

__all__ = ["Doubt"]


class Doubt(Struct, eq=False):
    """A number of requests that wait, and of answers each of which may be that of any of them.

    It is ``joined`` to another one where an answer may be of the requests of both, which counts for them then.
    """

    requests: int = 0
    answers: int = 0
    joined: "Doubt | None" = None

    def whole(self) -> "Doubt":
        """The one that counts."""
        found = self
        while found.joined is not None:
            found = found.joined
        if found is not self:
            self.joined = found
        return found

    @property
    def is_short(self) -> bool:
        """Whether there are fewer answers than requests."""
        whole = self.whole()
        return whole.answers < whole.requests

    def join(self, other: "Doubt") -> None:
        """Count the requests and the answers of another one, too."""
        whole, others = self.whole(), other.whole()
        if whole is not others:
            others.joined = whole
            whole.requests += others.requests
            whole.answers += others.answers

    def ask(self) -> None:
        """Count one more request."""
        self.whole().requests += 1

    def answer(self) -> None:
        """Count one more answer."""
        self.whole().answers += 1

    def settle(self) -> None:
        """Note that a request has an answer of its own, or cannot have one."""
        self.whole().requests -= 1

    def give_up(self) -> bool:
        """Note that a request waits no longer; tell whether one of the answers is taken for its own."""
        whole = self.whole()
        whole.requests -= 1
        whole.answers -= (is_answered := whole.answers > 0)
        return is_answered
