"""Answers over HTTP whose lines name no request: whose each of them is."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice

from cancelnorm import answering, recognition, venues
from cancelnorm.logs.begun import Begun
from cancelnorm.logs.cancel_at import is_telling
from cancelnorm.logs.candidates import (
    QUERY,
    Body,
    exact,
    is_cancel,
    knows,
    may_be_cancel,
    may_be_of,
    may_cancel,
    may_take,
    may_tell,
    tells_of,
)
from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.doubts import Doubt
from cancelnorm.logs.late import Late
from cancelnorm.logs.named_orders import MOST, belonging, naming
from cancelnorm.logs.pairing import Channel
from cancelnorm.logs.request_place import Place, is_about_else, may_answer, sends
from cancelnorm.logs.rivals import claims, is_its, may_be_theirs
from cancelnorm.logs.statuses import FAILURES
from cancelnorm.logs.told import NEAR, Told
from cancelnorm.logs.unanswered import Unanswered
from cancelnorm.logs.waiting import Group, Requests, Waiting, is_alike, is_later, is_too_old, same_of

__all__ = ["Nameless"]


class Nameless:
    """The pairing of bodies alone with the requests of a conversation, by what these ask for and the order of lines."""

    def __init__(
        self,
        waiting: Requests,
        late: Late,
        begun: Begun,
        unanswered: Unanswered,
        told: Told,
        asked: set[str],
    ) -> None:
        self._waiting = waiting
        self._late = late
        self._begun = begun
        self._unanswered = unanswered
        self._told = told
        self._asked = asked  # the venues of all requests and answers

    @property
    def is_awaited(self) -> bool:
        """Whether a request waits, or a status tells of one that the log does not have."""
        return bool(self._waiting) or any(True for _ in self._begun.stray_places())

    def answered(
        self, line: int, body: bytes, channel: Channel, at: int | None, status: int | None = None
    ) -> Printed | None:
        """The request that a body answers which names none: the only one that waits, if it may be its answer.

        A status right before the body tells which one, if it is the only one there; one of a request that the log does
        not have, that it is none of them, and so does another ``status`` of the body itself. Of several that wait,
        those that it may answer are in doubt. A path alone that is no venue's is the handshake of a WebSocket, or of a
        server.
        """
        self._waiting.last_ns = at
        for old in self._waiting.take_old(line):
            self.forget(old)
        near = self._senders(body)
        if self._begun.is_stray(line, near, channel) or self._told.is_again or not near:
            return None
        groups = [each for each in self._waiting.groups(channel) if each.is_addressed]
        body_of = Body(body, status, at, line)
        only, its = self._live(groups, near, body_of), near
        if only is None:
            only, its = self._asked_for(groups, near, body_of)
            is_likely = only is None or body_of.is_likely(only)
            if not is_likely and self._told.was_told(body, line):
                only, its = None, set()  # a program tells an answer in several places
        if only is None and not self._told.is_of_cancel:
            only = self._any_else(groups, near, body_of, channel)
        if only is not None:
            self._begun.remove(only)
            return only.request._replace(status=only.status if status is None else status)
        doubted = [
            each for each in groups if each.place in its and any(map(body_of.fits, each.members.values()))
        ]
        if len(doubted) == 1 and self._is_of_another(doubted[0], body):
            return None
        doubt = Doubt()
        for each in doubted:
            each.add_to(doubt)
        doubt.answer()
        return None

    def _live(self, groups: list[Group], near: set[Place], answer: Body) -> Waiting | None:
        """The only one of those that a body answers to which an answer may still come, if there are others.

        None of these names an order of the body, nor does it say what became of one of theirs. One that cancels was
        asked behind them.
        """
        live: list[Group] = []
        ended: list[Group] = []
        for each in groups:
            (live if any(map(answer.is_likely, each.members.values())) else ended).append(each)
        places = {each.place for each in live}.union(self._begun.stray_places())
        if not ended or near.isdisjoint(places):
            return None
        if self._told.is_of_cancel and not any(may_be_cancel(each, answer.body) for each in live):
            return None
        over = self._members(ended, near)
        if any(claims(each, answer.body) for each in over):
            return None
        only, _ = self._asked_for(live, near & places, answer)
        if only is None or not is_cancel(only):
            return None if any(tells_of(each, answer.body) for each in over) else only
        return only if all(each.request.line < only.request.line for each in over) else None

    def _any_else(
        self, groups: list[Group], near: set[Place], answer: Body, channel: Channel
    ) -> Waiting | None:
        """The last of the requests near, if none cancels, and a body says of no order what became of it."""
        if any(may_be_cancel(each, answer.body) for each in groups):
            return None
        asked = (each for each in self._waiting.since(answer.line - NEAR) if each.channel.may_be(channel))
        last = next((each for each in asked if each.place in near and answer.fits(each)), None)
        if last is None or last.place is None or is_cancel(last):
            return None
        return None if is_telling(last.place[0].name, answer.body) else last

    def end_empty(self, line: int, channel: Channel) -> None:
        """Take an empty answer, which says nothing of any order: that to a query in the line right before is none."""
        last = next(self._waiting.since(line - 1), None)
        if last is None or last.request.method != QUERY or may_cancel(last.request):
            return
        if last.channel.may_be(channel):
            self._begun.remove(last)
            self._waiting.remove(last)

    def _asked_for(
        self, groups: list[Group], near: set[Place], answer: Body
    ) -> tuple[Waiting | None, set[Place]]:
        """The only request of some groups that a body answers, and the places of those that it may be of.

        It is an answer of one of the places that are ``near``, by its keys.
        """
        body = answer.body
        able = {place for place in near if may_answer(place, body, is_near=False)}
        if able < near:  # it may be of a request whose answers are not known
            able = {place for place in able if not is_about_else(place, body)}
        waiting = self._members(groups, near - able)
        rivals = [*filter(answer.goes_with, waiting)]
        others = {each.place for each in rivals if each.place is not None}
        named = self._only_named(groups, able, body, answer.at)
        if named is None and (theirs := next((each for each in rivals if claims(each, body)), None)):
            return theirs, set()
        its = {place for place in able if is_its(place, groups, others, body)}
        shared = {each for each in its if may_be_theirs(each, rivals, body, is_named=named is not None)}
        only = self._only(groups, near, its - shared, answer)
        if only is None and named is not None and named.place not in shared:
            only = named
        return only, its

    def _is_of_another(self, group: Group, body: bytes) -> bool:
        """Tell whether a body names another order than the only request of a group."""
        return len(group.members) == 1 and not belonging([*group.members.values()], body, self._waiting.named)

    def _senders(self, body: bytes) -> set[Place]:
        """The places that were asked of which a body may be an answer, by its keys.

        Where it has just the keys of a venue's, or of one that was asked, only those of venues that have them all. What
        another one that was asked sends exactly so is none of a venue that does not.
        """
        places = {*self._waiting.places(), *self._begun.stray_places()}
        near = {place for place in places if place is not None and may_answer(place, body, is_near=True)}
        known = {place for place in near if knows(place, body)}
        if known or not near:
            return exact(known, body)
        sender = venues.find(recognition.recognise(body) or "")
        if sender is not None and answering.knows(sender, body):
            return set()
        senders = self._asked.intersection(recognition.takers(body))
        return {place for place in near if place[0].name in senders} if senders else near

    def begun(self, line: int, body: bytes, channel: Channel) -> Sequence[str]:
        """The venues of the requests of whose answers the log has the status, if a body is exactly one of these.

        None of a request behind whose status another was asked of a venue that answers with the same keys.
        """
        return [
            each.place[0].name
            for each, at_line in self._begun.told(line)
            if each.place is not None
            and each.channel.may_be(channel)
            and sends(each.place, body)
            and not any(
                knows(other.place, body) for other in self._waiting.since(at_line) if other is not each
            )
        ]

    def elsewhere(self, line: int, body: bytes, channel: Channel) -> Printed | None:
        """The request that cancels nothing whose status is in the line right before a body, if this tells of no end."""
        begun = self._begun.told(line)
        if not begun:
            return None
        each, at_line = begun[-1]
        if each.place is None or at_line != line - 1 or not each.channel.may_be(channel):
            return None
        venue, name = each.place
        if (
            may_cancel(each.request)
            or name in venue.endpoints
            or not may_answer(each.place, body, is_near=True)
        ):
            return None
        if is_telling(venue.name, body):
            return None
        self._begun.remove(each)
        return each.request._replace(status=each.status)

    def is_another(self, line: int, body: bytes, channel: Channel) -> bool:
        """Tell whether a body that was told before is the answer to a request in the line right before, or its status.

        It is where the log has told none twice so far, as programs do that log them in two places, and has some; or if
        it is an error that says of no order what became of it, and the request cancels nothing.
        """
        if self._told.has_repeated or self._told.names_order(body):
            return False
        begun = (each for each, at_line in self._begun.told(line) if at_line == line - 1)
        near = (each for each in chain(islice(self._waiting.since(line - 1), 1), begun))
        asked = [each for each in near if each.channel.may_be(channel) and each.place is not None]
        asked = [each for each in asked if may_answer(each.place, body, is_near=True)]
        return bool(asked) and (self._told.has_several or not any(may_tell(each, body) for each in asked))

    def awaiting(self, body: bytes, channel: Channel) -> set[str]:
        """The venues of which a request waits for such a body."""
        places = {each.place for each in self._waiting.groups(channel)}
        return {each[0].name for each in places if each is not None and may_answer(each, body, is_near=False)}

    def is_named(self, body: bytes, channel: Channel) -> bool:
        """Tell whether a body names the order of a request that waits."""
        waiting = chain.from_iterable(each.members.values() for each in self._waiting.groups(channel))
        return bool(naming(list(islice(waiting, MOST)), body, self._waiting.named))

    def senders(self, names: Sequence[str], body: bytes, channel: Channel) -> Sequence[str]:
        """The venues, of some that send such a body, that were asked; all of them where the log asked none."""
        return self.asked(names, body, channel) or names

    def asked(self, names: Sequence[str], body: bytes, channel: Channel) -> Sequence[str]:
        """The venues, of some that send such a body, of which a request waits for it; else those that were asked."""
        waiting = self.awaiting(body, channel)
        return [n for n in names if n in waiting] or [n for n in names if n in self._asked]

    def _only(
        self,
        groups: list[Group],
        near: set[Place],
        able: set[Place],
        answer: Body,
    ) -> Waiting | None:
        """The only one of the requests that wait which a body without one may answer; of equal ones, the first.

        The body may be an answer of the places that are ``able``, and of those that are ``near`` if the request is:
        one of these is taken if no other waits.
        """
        body = answer.body
        begun = {
            each: at_line
            for each, at_line in self._begun.told(answer.line)
            if each.place in near
            and _is_in(groups, each)
            and answer.fits(each)
            and (
                each.place in able or (may_take(each, body) and not self._is_asked_since(at_line, each, near))
            )
        }
        told = belonging([*begun], body, self._waiting.named)
        likely = list(filter(answer.is_likely, told))
        is_other = any(self._is_other_asked(begun[each], each, able, groups) for each in likely or told)
        if likely or (told and not is_other):
            return None if is_other else self._begun_one(likely or told)
        may_answer_it = [each for each in groups if each.place in able]
        if may_answer_it:
            only = _alike(may_answer_it, answer.fits, answer.is_likely)
        else:
            only = _alike(
                [each for each in groups if may_be_of(each.place, near, body)], answer.fits, answer.fits
            )
        late = self._late.places(answer.at)
        if only is None or any(may_answer(place, body, is_near=False) for place in late):
            return None
        is_near = answer.line - only.request.line <= NEAR
        if not belonging([only], body, self._waiting.named):
            return None
        if is_later(only, answer.at) and not naming(
            [only], body, self._waiting.named
        ):  # else a clock was set back
            return None
        return only if only.place in (near if is_near and may_take(only, body) else able) else None

    def _begun_one(self, told: list[Waiting]) -> Waiting | None:
        """The request whose status was told, if all that a body may be of ask the same; the last one that was sent."""
        only = same_of(told)
        return None if only is None else self._retried(only) or only

    def _is_asked_since(self, line: int, begun: Waiting, near: set[Place]) -> bool:
        """Tell whether a request that a body may answer was asked behind a line with the status of another one."""
        return any(each.place in near and each is not begun for each in self._waiting.since(line))

    def _is_other_asked(self, line: int, begun: Waiting, able: set[Place], groups: list[Group]) -> bool:
        """Tell whether something else, which a body may answer, was asked behind the line with the status of one."""
        since = (each for each in self._waiting.since(line) if each.status is None)
        return any(
            each.place in able and _is_in(groups, each) and not is_alike(each, begun) for each in since
        )

    def _retried(self, failed: Waiting) -> Waiting | None:
        """The same request, where it was sent again behind a status that tells that the first one failed."""
        if failed.status not in FAILURES:
            return None
        again = (each for each in self._waiting.since(failed.request.line) if each.status is None)
        return next((each for each in again if is_alike(each, failed)), None)

    def _only_named(
        self, groups: list[Group], able: set[Place], body: bytes, at: int | None
    ) -> Waiting | None:
        """The first of the requests that wait whose order a body names, whatever their status, if all ask the same."""
        found = naming(self._members(groups, able), body, self._waiting.named)
        first = min(found, key=lambda each: each.request.line, default=None)
        if first is None or first.is_shared or is_too_old(first.request.at, at):
            return None
        return first if all(is_alike(each, first) for each in found) else None

    @staticmethod
    def _members(groups: list[Group], places: set[Place]) -> list[Waiting]:
        """The requests at some places, or more than are looked at of many."""
        waiting = (each for group in groups if group.place in places for each in group.members.values())
        return list(islice(waiting, MOST + 1))

    def forget(self, waiting: Waiting) -> None:
        """Give up a request that waited too long, whose answer may still come."""
        self._unanswered.add(waiting)
        if waiting.doubt is None or not waiting.doubt.give_up():
            self._late.add(waiting)  # else that was its answer, or another one's that is remembered


def _alike(
    groups: list[Group], fits: Callable[[Waiting], bool], is_likely: Callable[[Waiting], bool]
) -> Waiting | None:
    """The first of the requests of some groups, if all that a body may be of ask the same."""

    def members() -> Iterator[Waiting]:
        return filter(fits, chain.from_iterable(each.members.values() for each in groups))

    is_any_likely = any(map(is_likely, members()))
    return same_of(each for each in members() if not is_any_likely or is_likely(each))


def _is_in(groups: Iterable[Group], waiting: Waiting) -> bool:
    return any(id(waiting) in group.members for group in groups)
