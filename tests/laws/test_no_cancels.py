"""Without an endpoint, an answer that is no cancel claims no outcome, whatever shapes coincide."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cancelnorm import AmbiguousPayloadError, NotACancel, Outcome, PayloadError, Record, normalise, venues
from cancelnorm.endpoint import Endpoint
from cancelnorm.reader.types import Kind, literals
from tests.batches import in_batches, venue_of
from tests.laws.answers import OTHERS
from tests.samples import FOLDER
from tests.strategies import VENUES, Place, changed, passed_over, payloads, places, requests, values


def claims(record: Record) -> list[Outcome]:
    """What a record says became of a cancel, but for what is left open."""
    try:
        events = normalise(record).events
    except (AmbiguousPayloadError, NotACancel, PayloadError):
        return []
    return [event.outcome for event in events if event.outcome is not Outcome.UNKNOWN]


DECLARED: list[tuple[str, Kind]] = [
    *((venue, kind) for venue, kinds in OTHERS.items() for kind in kinds),
    *((venue, other.kind) for venue in VENUES for other in venues.every()[venue].others.values()),
]


@pytest.mark.parametrize(("venue", "kind"), DECLARED, ids=lambda of: getattr(of, "__name__", of))
@given(st.data())
def test_what_is_no_cancel_claims_nothing(venue: str, kind: Kind, data: st.DataObject) -> None:
    """A new or an amended order, or the error of any request."""
    payload = msgspec.json.encode(data.draw(values(kind)))
    assert not claims(Record(payload, venue))


SKIPPED = {f"{path.parent.name}/{path.stem}": path for path in sorted((FOLDER / "skipped").glob("*/*.json"))}


@in_batches(SKIPPED, venue_of)
def test_recorded_answers_of_other_things_claim_nothing(path: Path) -> None:
    """Recorded answers and frames that are no cancels, among them new orders and orders that are open or filled."""
    sample = msgspec.json.decode(path.read_bytes())
    payload = sample["payload"]
    data = payload.encode() if isinstance(payload, str) else msgspec.json.encode(payload)
    assert not claims(Record(data, sample["venue"]))


_GONE = re.compile("cancel|expire|reject|inactive|fail|trigger", re.IGNORECASE)
_STATE = re.compile("state|status", re.IGNORECASE)


def own_skips(venue: str) -> list[Endpoint]:
    """The endpoints of a venue that know by themselves which of their answers are about something else."""
    found = venues.every()[venue]
    return [e for e in found.endpoints.values() if e.skip is not None and e.skip is not found.skip]


@cache
def recorded_states(venue: str) -> dict[str, list[str | int]]:
    """The states of orders in what a venue is known to send about other things than cancels, by key."""
    found: dict[str, dict[str | int, None]] = {}

    def walk(value: Any) -> None:
        for key, part in value.items() if isinstance(value, dict) else ():
            if _STATE.search(key) and isinstance(part, str | int) and not _GONE.search(str(part)):
                found.setdefault(key, {})[part] = None
        for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(part)

    for path in SKIPPED.values():
        if path.parent.name == venue:
            walk(msgspec.json.decode(path.read_bytes())["payload"])
    return {key: [*states] for key, states in found.items()}


def has_known_words(place: Place) -> bool:
    """Whether a text is one of those that its type names."""
    return isinstance(place.value, str) and any(literals(member) for member in place.members)


def lively(venue: str, place: Place) -> list[Any]:
    """The values for a place that do not say that an order is gone; none where no value there says so."""
    if not place.steps or not isinstance(place.value, str | int):
        return []
    if has_known_words(place):
        known = [word for member in place.members for word in literals(member)]
        words = [word for word in known if isinstance(word, str) and not _GONE.search(word)]
        return words if len(words) < len(known) else []
    return [state for state in recorded_states(venue).get(place.key, ()) if type(state) is type(place.value)]


@st.composite
def alive(draw: st.DrawFn, endpoint: Endpoint) -> Any:
    """What an endpoint answers, with no word in it that says that an order is gone, where there is another.

    In half of the answers one state is any that its type allows, as nobody has recorded it; were it all of them, few
    answers would be passed over.
    """
    tree = draw(payloads(endpoint))
    found = [(place, lively(endpoint.venue, place)) for place in places(tree, endpoint.shape.kind)]
    free = [place.steps for place, words in found if words and not has_known_words(place)]
    any_state = draw(st.sampled_from(free)) if draw(st.booleans()) and free else None
    for place, words in found:
        if words and place.steps != any_state:
            tree = changed(tree, place.steps, draw(st.sampled_from(words)))
    return tree


@pytest.mark.parametrize("venue", [venue for venue in VENUES if own_skips(venue)])
@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(st.data())
def test_what_is_passed_over_claims_nothing(venue: str, data: st.DataObject) -> None:
    """An answer that its endpoint passes over, as one that shows orders that are open or filled."""
    endpoint = data.draw(st.sampled_from(own_skips(venue)))
    tree = data.draw(alive(endpoint))
    assume(passed_over(endpoint, tree))
    request = data.draw(st.one_of(st.none(), requests(endpoint)))
    assert not claims(Record(msgspec.json.encode(tree), venue, request=request))
