"""Lines that tell the status of an answer, whose body is in a later line or not in the log, or that none came."""

from collections.abc import Callable
from typing import Final

from cancelnorm.logs.begun import HEADERS, Begun
from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.pairing import Channel
from cancelnorm.logs.request_place import Place
from cancelnorm.logs.text_errors import Lost, words_of
from cancelnorm.logs.told import TRACEBACK, Told
from cancelnorm.logs.waiting import METHODS, Requests, Waiting, key_of, still_open

__all__ = ["StatusLines"]

_REDIRECTS: Final = range(300, 400)


class StatusLines:
    """The reader of these lines of one log: of which request each of them is."""

    def __init__(
        self, waiting: Requests, begun: Begun, told: Told, place: Callable[[Printed], Place | None]
    ) -> None:
        self._waiting = waiting
        self._begun = begun
        self._told = told
        self._place = place
        self._redirected: list[Waiting] = []  # nothing behind them may be of where they went

    def go_on(self) -> None:
        """Note a request or an answer: where requests that were redirected went, it is a request of its own."""
        self._redirected.clear()

    def end(self) -> None:
        """Note that the log ends: nothing tells where the last ones went."""
        for each in self._redirected:
            each.is_doubted = False

    def begin(
        self,
        method: str | None,
        url: str,
        status: int,
        line: int,
        channel: Channel,
        *,
        is_whole: bool = False,
        is_near: bool = False,
    ) -> bool:
        """Take the status of an answer whose body is in a later line, or not in the log, unless it ``is_whole``.

        Return whether its request waits: a line with method, URL and status may be all that tells of one.
        """
        if self._told.is_again:
            return True
        known = method or self._waiting.method_at(url)
        waiting = () if known is None else self._waiting.at(known, url)
        if len(waiting) == 1 and "?" in url and waiting[0].channel.is_incomparable(channel):
            self._waiting.move(waiting[0], channel)
        found = [each for each in waiting if each.channel.may_be(channel)]
        without = still_open([each for each in found if each.status is None or each.is_near] or found)
        if len(without) == 1 and not without[0].is_shared:
            told = without[0]
            told.status, told.is_near, told.is_lost, told.is_late = status, is_near, is_whole, False
            if not is_whole:
                self._begun.add(told, line)
        elif found:
            self._begun.forget()
        if status in _REDIRECTS:  # it tells of none what became of the order
            self._redirected += [each for each in without if not each.is_doubted]
            for each in self._redirected:
                each.is_doubted = True
        if not found and not self._is_told_after(known, url, line):
            self._begun.add_stray(self._place(Printed(known or "", url, "", False, line)), line, channel)
        return bool(found)

    def _is_told_after(self, method: str | None, url: str, line: int) -> bool:
        """Tell whether a status is that of an answer whose body was told before."""
        keys = [key_of(each, url) for each in (METHODS if method is None else (method,))]
        return any(self._told.has_answered(key, line, None) and not self._begun.has(key) for key in keys)

    def begin_near(
        self,
        asked: tuple[str, str] | None,
        status: int,
        line: int,
        channel: Channel,
        *,
        is_whole: bool = False,
    ) -> bool:
        """Take the status of an answer that names no request: that of the last one, or of the only one near.

        Where another one near waits for a status, too, it may be of either. It ``is_whole`` where its body is no
        object.
        """
        near = [
            each
            for each in self._waiting.since(line - HEADERS)
            if each.status is None and not each.is_lost and each.channel.may_be(channel)
        ]
        is_last = asked is not None and all(each.key == key_of(*asked) for each in near)
        if asked is not None and is_last and self.begin(*asked, status, line, channel):
            return True
        return len(near) == 1 and self.begin(
            *near[0].key, status, line, channel, is_whole=is_whole, is_near=True
        )

    def end_page(self, line: int, channel: Channel, status: int | None = None) -> bool:
        """Take a page of a server on the way, which is the body behind a status; tell whether that is of a request.

        A line with a page may have the status again.
        """
        begun = [each for each in self._begun.at(line) if each.channel.may_be(channel)]
        if len(begun) != 1 or not self._waiting.has(begun[0]) or status not in (None, begun[0].status):
            return False
        self._begun.remove(begun[0])
        begun[0].is_lost = True
        return True

    def waits_at(self, method: str, url: str, line: int, channel: Channel) -> bool:
        """Tell whether a request near waits at a URL with parameters, which a line has without them."""
        return any(
            each.key[0] == method
            and each.request.url.partition("?")[0] == url
            and each.channel.may_be(channel)
            for each in self._waiting.since(line - TRACEBACK)
        )

    def lose(self, at: str, line: int, channel: Channel, lost: Lost) -> None:
        """Note that no answer came to the only request near a line whose URL has a text: in time, or at all.

        Where words say more than the line of the request has, it may be of something else; a connection that broke is
        that of a request in the line right before.
        """
        near = [
            each
            for each in self._waiting.since(line - TRACEBACK)
            if not each.is_lost and at in each.request.url and each.channel.may_be(channel)
        ]
        near = [each for each in near if each.status is None] or near
        if len(near) != 1:
            return
        is_sure = lost.is_sure
        if not at:
            is_sure = (is_sure or near[0].request.line == line - 1) and _is_beside(near[0], lost)
        if is_sure or lost.is_timeout:
            near[0].is_late, near[0].is_lost = lost.is_timeout, is_sure


def _is_beside(waiting: Waiting, lost: Lost) -> bool:
    """Tell whether a line with a request has, beside its URL, all words of one about a connection that broke."""
    line = (waiting.request.raw or b"").decode("utf-8", "replace").replace(waiting.request.url, " ")
    words = words_of(line) if lost.words else frozenset()
    return all(word in words or (not word.isalpha() and word in line.lower()) for word in lost.words)
