"""Conversations over HTTP: requests and answers in different lines of a log, paired by method and URL."""

from collections.abc import Iterator
from typing import Final, Literal

from msgspec.structs import replace

from cancelnorm.logs.begun import Begun
from cancelnorm.logs.ccxt_lines import Failed, Printed
from cancelnorm.logs.doubts import Doubt
from cancelnorm.logs.http import record_of
from cancelnorm.logs.item import Item
from cancelnorm.logs.late import Late
from cancelnorm.logs.named_orders import belonging, naming
from cancelnorm.logs.nameless import Nameless
from cancelnorm.logs.options import Options
from cancelnorm.logs.pairing import Channel
from cancelnorm.logs.passed import PassedOver
from cancelnorm.logs.printed import answer_in, without_answer
from cancelnorm.logs.request_place import Place, may_answer, names_orders, place_of
from cancelnorm.logs.status_lines import StatusLines
from cancelnorm.logs.statuses import Statuses
from cancelnorm.logs.text_words import Words
from cancelnorm.logs.told import NEAR, Told, is_same_value
from cancelnorm.logs.unanswered import Unanswered
from cancelnorm.logs.waiting import (
    Key,
    Requests,
    Waiting,
    are_distinct,
    is_alike,
    is_later,
    is_too_old,
    key_of,
    still_open,
)
from cancelnorm.record import Record

__all__ = ["Conversation"]

_ANY: Final = Channel()


class Conversation:
    """The requests of one log that wait for an answer.

    Several that wait at the same URL for different things cannot be distinguished, so none of them is paired.

    A request without an answer is reported, unless something in the log may have been its answer; so is one of
    whose answer the log has the status alone, because a status does not say what became of the order. One that was
    kept too long is reported too, and its answer, should it still come, is given to no other. One that was
    redirected is not, if anything comes behind it: where it went, it is a request of its own.
    """

    def __init__(self, options: Options, passed: PassedOver) -> None:
        self._options = options
        self._passed = passed
        self.told = Told()
        self._waiting = Requests(options)
        self._late = Late()
        self._begun = Begun()
        self._unanswered = Unanswered(options)
        self._paired: Printed | None = None  # the last request that was given an answer
        self._asked: set[str] = set()  # the venues of all requests and answers
        self.statuses = StatusLines(self._waiting, self._begun, self.told, self._place)
        self.nameless = Nameless(
            self._waiting, self._late, self._begun, self._unanswered, self.told, self._asked
        )

    def ask(
        self, request: Printed, location: str, *, is_certain: bool = False, channel: Channel = _ANY
    ) -> None:
        """Remember a request, but for one whose line the log has twice."""
        if self.told.is_again:
            return
        self._begun.forget_strays()
        self.statuses.go_on()
        waiting = Waiting(request, location, channel, self._place(request), is_certain)
        for old in self._waiting.add(waiting):
            self.nameless.forget(old)

    def complete(self, request: Printed, body: str) -> None:
        """Give a request its body, which stands in a line of its own."""
        for each in self._waiting.at(request.method, request.url):
            if each.request.line == request.line and not each.request.body:
                completed = each.request._replace(body=body)
                self._waiting.complete(each, completed, self._place(completed))

    def pair(
        self,
        method: str,
        url: str,
        channel: Channel = _ANY,
        at: int | None = None,
        body: str | None = None,
        *,
        asked_in: int | None = None,
        line: int | None = None,
        status: int | None = None,
        answer: bytes | str = b"",
    ) -> tuple[Printed | None, bool]:
        """Take an answer: its request, with this body or in this line if given, and whether several may be it.

        Of several, it is the one that names an order of the answer; and none that names another one.
        """
        data = answer if isinstance(answer, bytes) else answer.encode("utf-8", "surrogateescape")
        key = self._waiting.key_at(method, url)
        self.told.settle(key, line, status)
        self._waiting.last_ns = at
        found = self._waiting.of(key, channel)
        if asked_in is None:
            found = [each for each in found if not is_later(each, at)]
        is_named = False
        if self.told.is_again:
            found = [each for each in found if self._is_asked_again(each)]
            if not found:
                return None, False
        if asked_in is not None:
            known = next((each for each in found if each.request.line == asked_in), None)
            others = (each for each in found if each is not known and known and is_alike(each, known))
            found = [] if known is None else [known, *others]
        elif body is not None:
            found = [each for each in found if is_same_value(each.request.body, body)]
        elif len(found) != 1 or "?" not in url:  # the whole URL of the only one
            kept = (
                belonging(found, data, self._waiting.named)
                if found
                else self._named_elsewhere(key, channel, data)
            )
            # One of those that an answer before may have been of is done, as that was of another one.
            if not kept and (shared := next((each for each in found if each.is_shared), None)):
                self._waiting.remove(shared)
                self._unanswered.add(shared)
                shared.settle()
            found = kept
            is_named = bool(naming(found, data, self._waiting.named))
        while found and is_too_old(found[0].request.at, at):
            old = found.pop(0)
            self._waiting.remove(old)
            self._unanswered.add(old)
            old.settle()
        if any(each.status is not None for each in found):
            found = [*filter(Statuses(data, status).go_with, found)] or found
        found = still_open(found)
        if self._late.take(key, channel, at):
            for each in found:
                each.is_shared = True
            return None, bool(found)
        if not found:
            return None, False
        if are_distinct(found) or (found[0].is_shared and not is_named):
            self._share(found, channel)
            return None, True
        self._waiting.remove(found[0])
        found[0].settle()
        if found[0].is_shared:
            self._end_shared(found[0], channel)
        asked = self._paired = found[0].request
        is_known = all(each.request.at == asked.at for each in found)
        return asked if is_known else asked._replace(at=None), False

    def _share(self, found: list[Waiting], channel: Channel) -> None:
        """Take an answer that may be that of each of some requests."""
        doubt = (found[0].doubt or Doubt()).whole()
        for each in found:
            if each.doubt is not doubt or not each.is_shared:
                each.is_shared = True
                each.share(doubt)
        doubt.answer()
        self._end_shared(found[0], channel)

    def _end_shared(self, one: Waiting, channel: Channel) -> None:
        """Note that none of those that share answers with a request waits any longer, if there is one for each."""
        if one.doubt is None or one.doubt.is_short:
            return
        doubt = one.doubt.whole()
        for each in self._waiting.of(one.key, channel):
            if each.doubt is not None and each.doubt.whole() is doubt:
                self._waiting.remove(each)
                self._unanswered.add(each)

    def answer(
        self,
        part: Printed,
        location: str,
        words: Words | None = None,
        *,
        channel: Channel = _ANY,
        named: Printed | None = None,
        asked_in: int | None = None,
    ) -> Iterator[Item]:
        """Yield the record of an answer; one that was both printed and logged counts once.

        ``named`` is its request with the body, if what prints the answer repeats that; ``asked_in`` the line of its
        request, if that is known.
        """
        if self.told.is_printed_again(part):
            return
        self.statuses.go_on()
        body = None if named is None else named.body
        asked, is_shared = self.pair(
            part.method, part.url, channel, part.at, body, asked_in=asked_in, answer=part.body
        )
        if named is not None:
            asked, is_shared = asked or named, False
        if not is_shared and (asked is None or not (asked.body or "?" in asked.url)):
            begun = self._begun_at(part, channel)
            if begun is not None:
                part, asked = part._replace(url=begun.url), begun
        self.told.add(part, words)
        answer = answer_in(part, asked, location)
        record = record_of(answer, self._options)
        if isinstance(record, Record):
            self._asked.add(record.venue)
            if is_shared:
                record = replace(record, pairing="shared_id")
        # An answer of an exchange that is no venue is not reported as unreadable.
        if record is not None and (answer.venue or isinstance(record, Record) or not part.exchange):
            yield Item(record, part.raw)
        elif part.method != "OPTIONS":
            self._passed.add(answer.url)

    def quote(self, error: Printed, asked: Printed | None, location: str, channel: Channel) -> Iterator[Item]:
        """Yield the record of an answer that only an error quotes; ``asked`` is its request if that is known."""
        if asked is None:
            if self.told.is_quoted_again(error):
                return
            asked = None if error.url else self._just_asked(error, channel)
            if asked is None and self.told.has_body_of(error):
                return
        if asked is not None:
            error = error._replace(method=asked.method, url=asked.url)
        if error.method:
            method = error.method if key_of(error.method, error.url) in self._waiting else None
        else:
            method = self.method_at(error.url)
        if method is not None:
            error = error._replace(method=method)
        elif asked is not None:
            self.ask(asked, location, channel=channel)
        named = asked if asked is not None and asked.body else None
        self.told.quote(error)
        yield from self.answer(error, location, channel=channel, named=named)

    def _just_asked(self, error: Printed, channel: Channel) -> Printed | None:
        """The only request to the venue of an error, if it is in the lines before it."""
        if any(venue.name == error.exchange for venue, _ in self._late.places(error.at)):
            return None
        asked = (
            each.request
            for group in self._waiting.groups(channel)
            if group.place is not None and group.place[0].name == error.exchange
            for each in group.members.values()
        )
        only, other = next(asked, None), next(asked, None)
        return only if only is not None and other is None and error.line - only.line <= NEAR else None

    def fail(self, part: Failed, location: str, channel: Channel) -> Iterator[Item]:
        """Take the exception of a request that was not answered, or whose answer the exception alone tells.

        The program may print it more than once. Of several requests for different things, it is not known which one
        it is of: the first has no answer, and no answer to the others is certain to be theirs.
        """
        key = key_of(part.method, part.url)
        is_told = self.told.has_failed(key, part)
        if part.status is not None:
            if not is_told:
                answer = Printed(
                    *(part.method, part.url, part.body, False, part.line, part.exchange, part.status),
                    raw=part.raw,
                )
                yield from self.answer(answer, location, channel=channel)
            self.told.settle(key, part.line, part.status, part.raw)
            return
        found = self._waiting.of(key, channel)
        pairing: Literal["timeout", "no_answer"] = "timeout" if part.is_timeout else "no_answer"
        if are_distinct(found):
            pairing = "no_answer"
            for other in found[1:]:
                other.is_shared = other.is_certain = True
            found = found[:1]
        for old in found:
            self._waiting.remove(old)
            old.settle()
            old.is_certain = True
            self._unanswered.add(old, pairing)
            self._end_shared(old, channel)
        if part.is_lost and not found and not is_told:
            request = Printed(part.method, part.url, "", False, part.line, part.exchange)
            self._unanswered.add(Waiting(request, location, channel, None, True), pairing)
        self.told.settle(key, part.line, part.status, part.raw)

    def pass_over(self, body: bytes, line: int, channel: Channel, at: int | None) -> None:
        """End the request that an answer, which is of no cancel, answers, if that cancels nothing."""
        asked = self.nameless.answered(line, body, channel, at)
        if asked is not None and not self.may_cancel(asked):
            self.pair(asked.method, asked.url, channel, at, asked_in=asked.line)

    def give_up(self, request: Printed) -> None:
        """Note that no answer comes any more to a request, if it waits."""
        for each in [*self._waiting.at(request.method, request.url)]:
            if each.request.line == request.line:
                self._waiting.remove(each)
                self._unanswered.add(each)
                each.settle()

    def send_again(self, request: Printed) -> bool:
        """Note that a request is sent again, so that the next answer counts; tell whether it waits."""
        found = [
            each
            for each in self._waiting.at(request.method, request.url)
            if each.request.line == request.line
        ]
        for each in found:
            each.status = None
            self._begun.remove(each)
        return bool(found)

    def is_of(self, request: Printed, channel: Channel) -> bool:
        """Whether a request that waits may be of a connection."""
        waiting = self._waiting.at(request.method, request.url)
        return any(each.request.line == request.line and each.channel.may_be(channel) for each in waiting)

    def lines_at(self, method: str, url: str) -> list[int]:
        """The lines of the requests that wait at a URL, the oldest first."""
        return [each.request.line for each in self._waiting.at(method, url)]

    def method_at(self, url: str) -> str | None:
        """The method of the requests that wait at a URL, if it is the same for all."""
        return self._waiting.method_at(url)

    def is_known(self, request: Printed, status: int | None, channel: Channel = _ANY) -> bool:
        """Tell whether a request waits, or a line shortly before told its answer, with the same status."""
        key = key_of(request.method, request.url)
        return bool(self._waiting.of(key, channel)) or self.told.has_answered(key, request.line, status)

    def _begun_at(self, answer: Printed, channel: Channel) -> Printed | None:
        """The request of an answer that has no parameters in its URL: the only one at the endpoint with its status."""
        begun = self._begun.at(answer.line)
        if not begun or "?" in answer.url:
            return None
        place = self._place(answer)
        found = [
            each
            for each in begun
            if each.place == place is not None
            and each.status == answer.status
            and each.channel.may_be(channel)
            and self._waiting.has(each)
        ]
        if len(found) != 1 or found[0].is_shared:
            for each in found:
                each.is_doubted = True
            return None
        self._waiting.remove(found[0])
        found[0].settle()
        return found[0].request

    def may_cancel(self, request: Printed) -> bool:
        """Tell whether a request, or that of an answer, may cancel orders."""
        return isinstance(without_answer(request, "", self._options), Record)

    def may_answer(self, asked: Printed, body: bytes) -> bool:
        """Tell whether an object may be the answer to a request, by its keys."""
        return may_answer(self._place(asked), body, is_near=False)

    def is_elsewhere(self, asked: Printed) -> bool:
        """Tell whether a request is to a venue, but to none of the endpoints that are known to cancel."""
        place = self._place(asked)
        return place is not None and place[1] not in place[0].endpoints

    def takes(self, asked: Printed, body: str) -> bool:
        """Tell whether a body has parameters by which requests to an endpoint name orders, and is no answer."""
        return names_orders(asked, body, self._options)

    def _named_elsewhere(self, key: Key, channel: Channel, answer: bytes) -> list[Waiting]:
        """The requests whose lines have other names for their connection, but the query or the orders of an answer."""
        found = [each for each in self._waiting.at(*key) if each.channel.is_incomparable(channel)]
        if len(found) == 1 and "?" in key[1]:
            return found
        return naming(found, answer, self._waiting.named)

    def _is_asked_again(self, waiting: Waiting) -> bool:
        """Tell whether a request asks for the same as the last one that was given an answer."""
        last = self._paired
        return last is not None and (key_of(last.method, last.url), last.body) == (
            waiting.key,
            waiting.request.body,
        )

    def _place(self, asked: Printed) -> Place | None:
        place = place_of(asked, self._options)
        if place is not None:
            self._asked.add(place[0].name)
        return place

    def doubt(self, request: Printed, channel: Channel) -> None:
        """Note that a request may have been answered where its answer does not name it, or is not in the log."""
        for each in self._waiting.at(request.method, request.url):
            each.is_doubted |= each.channel.may_be(channel)

    def left(self) -> list[Item]:
        """Take the requests that were given up since the last call."""
        return self._unanswered.take()

    def unanswered(self) -> list[Item]:
        """Take the requests that are without an answer at the end."""
        self.statuses.end()
        for old in self._waiting.take_all():
            self._unanswered.add(old)
        return self.left()
