"""Links between stories: client ids, replaced orders and order lists, which only all the data can tell.

A story of events without order id is that of the order with its client id, if exactly one order of the same account
and space has it, and if the events lie within the time in which that order was seen, or up to a minute before or
after it. What tells of an end may come before it only where the order was first seen when it ended: an answer may be
known before the order's own report is, and by another clock. An order does not count if it had given its client id up
when the cancel was asked for: it had been replaced by an order that goes on under its client id, or was known to have
ended, and the cancel took one that had not. Otherwise it stays a story of its own: a client id may be used again when
its order has ended. If the log never has the order id of one that used it, events of the one may be taken
for those of the other.

Orders of which nothing but fills was shown are ``aside``. They are asked after all others, and are told where a story
is theirs.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from msgspec.structs import astuple, replace

from cancelnorm.ids import ignores_case, lowered
from cancelnorm.schema import Initiator
from cancelnorm.story.claims import FINAL, Claim
from cancelnorm.story.state import CLAIMS, State, StoryKey, sorted_keys
from cancelnorm.story.verdict import Story

__all__ = ["MARGIN_NS", "ListKey", "linked", "lists_of", "owners_of"]

MARGIN_NS: Final = 60_000_000_000
"""How far outside of the time in which an order was seen an event may lie that names its client id alone."""

_APART_NS: Final = 5_000_000_000
"""How far apart an answer and the order's own report may tell of one end; few venues take a clock that is more off."""


class Owners(NamedTuple):
    """The orders that a story without order id may be about, and the one that it is; None if that is not certain.

    One that is aside may be the one, and is no candidate otherwise.
    """

    candidates: tuple[StoryKey, ...]
    owner: StoryKey | None


def owners_of(stories: Mapping[StoryKey, Story], aside: Collection[StoryKey] = ()) -> dict[StoryKey, Owners]:
    """The orders that stories without order id may be about; of those that name no other order, nothing."""
    loose = [key for key in stories if key.order_id is None]
    if not loose:
        return {}
    wanted = {(key.account, key.space, key.client_order_id) for key in loose}
    known: defaultdict[tuple[str | None, str, str | None], list[Story]] = defaultdict(list)
    for key, story in stories.items():
        if key.order_id is not None:
            names: Collection[str] = story.client_order_ids
            if ignores_case(story.venue, key.space):
                names = set(map(lowered, names))
            for client_id in names:
                name = (key.account, key.space, client_id)
                if name in wanted:
                    known[name].append(story)
    found = {}
    for key in loose:
        story = stories[key]
        candidates = [
            one for one in known[key.account, key.space, key.client_order_id] if _may_be_same(story, one)
        ]
        told = [one for one in candidates if one.key not in aside]
        owner = _owner(story, told)
        if owner is None and not any(_is_within(story, one) for one in _holders(story, told)):
            owner = _owner(story, [one for one in candidates if one.key in aside and not _differ(story, one)])
        if told or owner is not None:
            found[key] = Owners(sorted_keys(one.key for one in told), None if owner is None else owner.key)
    return found


def _owner(loose: Story, candidates: Sequence[Story]) -> Story | None:
    """The order of a story without order id; None if that is not certain."""
    holders = _holders(loose, candidates)
    is_sure = len(holders) == 1 and not any("client_order_ids" in one.more for one in candidates)
    return holders[0] if is_sure and not _is_of_two(loose) and _is_within(loose, holders[0]) else None


def _holders(loose: Story, candidates: Iterable[Story]) -> list[Story]:
    """The orders that still had their client id when a cancel by it was asked for."""
    return [one for one in candidates if not _had_given_up(one, loose)]


def _differ(loose: Story, story: Story) -> bool:
    """Whether one was canceled and the other filled, so that the client id was used again."""
    return loose.canceled is not None and story.filled is not None


def _had_given_up(story: Story, loose: Story) -> bool:
    """Whether an order had given its client id up when a cancel by it was first asked for, by the recorder's clock."""
    if loose.asked is None:
        return False
    asked_ns = loose.asked[0]
    if _is_amended(story):
        given = (claim.sent or claim.known for claim in (story.accepted, story.canceled) if claim is not None)
        if any(moment is not None and moment[0] <= asked_ns for moment in given):
            return True
    if loose.canceled is None or loose.reasons:
        return False  # a cancel that came too late may be about an order that had ended
    return any(end.known is not None and end.known[0] < asked_ns for end in _ends(story))


def _is_of_two(loose: Story) -> bool:
    """Whether a story without order id is of an order and of the one that replaced it."""
    return _is_amended(loose) and len(loose.attempts) > 1


def _is_amended(story: Story) -> bool:
    return any(taker.initiator is Initiator.AMEND for taker in story.takers)


def _may_be_same(loose: Story, story: Story) -> bool:
    """Whether no symbol of a story tells it from an order's."""
    some = {symbol.value for symbol in loose.symbols}
    others = {symbol.value for symbol in story.symbols}
    return some <= others or not others


def _is_within(loose: Story, story: Story) -> bool:
    """Whether events lie within the time in which an order was seen; without times, nothing speaks against it."""
    if loose.first_ns is None or loose.last_ns is None or story.first_ns is None or story.last_ns is None:
        return True
    if not story.first_ns - MARGIN_NS <= loose.first_ns or loose.last_ns > story.last_ns + MARGIN_NS:
        return False
    told = [end.known or end.first or end.sent for end in _ends(loose)]
    ended_ns = min((moment[0] for moment in told if moment is not None), default=None)
    if ended_ns is None or story.first_ns <= ended_ns:
        return True
    if len(loose.attempts) > 1 and not loose.reasons:
        return False  # each took an order off, and this one is at most the last
    own = [moment[0] for end in _ends(story) for moment in (end.first, end.known) if moment is not None]
    return any(abs(own_ns - ended_ns) <= _APART_NS for own_ns in own)


def _ends(story: Story) -> list[Claim]:
    """What is said of the end of an order."""
    return [end for fate in FINAL if (end := getattr(story, CLAIMS[fate])) is not None]


def linked(stories: Mapping[StoryKey, Story], aside: Collection[StoryKey] = ()) -> dict[StoryKey, Story]:
    """The stories with those of client ids joined to their orders, and replaced orders to those that replaced them.

    Those that are aside are left out, unless they are joined to one.
    """
    owners = owners_of(stories, aside)
    found = {key: story for key, story in stories.items() if key not in aside} if aside else dict(stories)
    for key, (candidates, owner) in owners.items():
        if owner is None:
            found[key] = replace(found[key], ambiguous=candidates)
        else:
            found[owner] = _joined(found.get(owner, stories[owner]), found.pop(key), key)
    for key, story in stories.items():
        for order_id in story.replaced_by:
            successor = key._replace(order_id=order_id, client_order_id=None)
            if key.order_id is not None and successor in found and successor != key:
                found[successor] = _replacing(found[successor], key.order_id)
    return found


def _joined(story: Story, loose: Story, key: StoryKey) -> Story:
    state = State(*astuple(story))
    state.join(loose)
    state.linked = sorted_keys((*state.linked, key))
    return Story(*astuple(state))


def _replacing(story: Story, order_id: str) -> Story:
    state = State(*astuple(story))
    state.replaces = tuple(sorted({*state.replaces, order_id}))
    return Story(*astuple(state))


class ListKey(NamedTuple):
    """Identity of an order list."""

    account: str | None
    space: str
    list_id: str


def lists_of(stories: Iterable[Story]) -> dict[ListKey, tuple[StoryKey, ...]]:
    """The orders of each order list."""
    found: defaultdict[ListKey, list[StoryKey]] = defaultdict(list)
    for story in stories:
        for list_id in story.lists:
            found[ListKey(story.key.account, story.key.space, list_id)].append(story.key)
    return {key: tuple(keys) for key, keys in found.items()}
