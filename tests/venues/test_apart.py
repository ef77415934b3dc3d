"""Venues are told apart by what they send, and by their hosts: a matrix over all samples.

A payload that several venues may send has to be one that says nothing of its sender, or an object that one venue has
copied from another's documentation, key for key. Which those are, does not depend on the venue, so that a new one needs
no change here.
"""

from functools import cache
from itertools import combinations

import msgspec

from cancelnorm import identify, venues
from cancelnorm.logs.urls import locate
from cancelnorm.reader.types import structs_in
from tests.batches import in_batches, venue_of
from tests.samples import SAMPLES


@cache
def senders(name: str) -> frozenset[str]:
    """The venues that may send the payload of a sample, as far as the payload tells."""
    sample = SAMPLES[name]
    return frozenset(venue for venue, _ in identify(sample.record().payload, status=sample.status))


def why_shared(payload: bytes | str) -> str | None:
    """Why a payload tells nothing of its sender; None if it should."""
    try:
        value = msgspec.json.decode(payload)
    except msgspec.DecodeError:
        return "no JSON: the page of a gateway, or nothing at all"
    if not isinstance(value, dict | list):
        return "a single word"
    rows = value if isinstance(value, list) else [value]
    if not any(rows):
        return "nothing in it"
    if all(
        isinstance(row, dict) and not any(map(_is_full, row.values())) and len(row.keys() - {"id"}) <= 3
        for row in rows
    ):
        return "a code and a text under names that many use, perhaps with the id of a request"
    return None


def is_copied(payload: bytes | str, found: frozenset[str]) -> bool:
    """Whether each of several venues documents an object of just these keys: one has copied the other's, key for key.

    Every key has to be required by all of them, so that no venue could leave one out or has one of its own.
    """
    value = msgspec.json.decode(payload)
    return isinstance(value, dict) and all(
        any(
            struct.required == value.keys()
            for endpoint in venues.every()[name].endpoints.values()
            for struct in structs_in(endpoint.shape.node)
        )
        for name in found
    )


def _is_full(value: object) -> bool:
    """Whether a value has parts."""
    return isinstance(value, dict | list) and bool(value)


SAMPLE_NAMES = [name for name, sample in SAMPLES.items() if sample.dialect is None]


@in_batches({name: name for name in SAMPLE_NAMES}, venue_of)
def test_a_payload_tells_its_venue(name: str) -> None:
    """The venue of a sample is among those that may send it; it is the only one, unless the payload says nothing."""
    sample = SAMPLES[name]
    found, payload = senders(name), sample.record().payload
    assert sample.venue in found
    assert found == {sample.venue} or why_shared(payload) is not None or is_copied(payload, found)


def test_most_payloads_are_of_one_venue() -> None:
    """Payloads that several venues may send are few, and every venue has some of its own."""
    found = [(SAMPLES[name].venue, len(senders(name)) == 1) for name in SAMPLE_NAMES]
    assert {venue for venue, is_alone in found if is_alone} == set(venues.names())
    assert sum(not is_alone for _, is_alone in found) * 10 < len(found)


def test_hosts_are_of_one_venue() -> None:
    """No host of a venue is a host of another, or ends in one; each tells its venue."""
    hosts = [(host, venue.name) for venue in venues.every().values() for host in venue.hosts]
    for (one, first), (other, second) in combinations(hosts, 2):
        assert first == second or not (one.endswith(f".{other}") or other.endswith(f".{one}") or one == other)
    for host, venue in hosts:
        for name in (host, f"api.{host}", f"API.{host.upper()}:443"):
            address = locate("POST", f"https://{name}/anything")
            assert address is not None
            assert address.venue == venue
