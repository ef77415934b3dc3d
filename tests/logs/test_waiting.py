"""The requests that wait: what is kept of them equals what a plain list of them says."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from cancelnorm.logs.begun import Begun
from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.options import Options
from cancelnorm.logs.pairing import Channel
from cancelnorm.logs.waiting import Requests, Waiting, are_distinct, same_of

CHANNELS = (Channel(), Channel("connection 1"), Channel("connection 2"), Channel("account a", "a"))
LONGEST = 1_000
"""Lines for which a request waits; it is near for a tenth of them."""


def waiting(line: int, number: int = 0, channel: Channel = CHANNELS[0], body: str = "") -> Waiting:
    """A request at one of a few URLs."""
    asked = Printed("POST", f"https://a.example/{number}", body, False, line)
    return Waiting(asked, f"a.log:{line}", channel, None, False)


steps = st.lists(
    st.tuples(
        st.sampled_from(["add", "add", "remove", "move", "complete", "old"]),
        st.integers(0, 2),
        st.sampled_from(CHANNELS),
        st.sampled_from([0, 1, 40, 60, 99, 100, 101, 999, 1_000, 1_001]),
    ),
    max_size=12,
)


@given(steps)
def test_what_is_kept_is_what_waits(steps: list[tuple[str, int, Channel, int]]) -> None:
    """By URL, by connection and by line, whatever comes, goes, moves or gets a body; what waited too long is told."""
    requests = Requests(Options())
    kept: list[Waiting] = []
    line, last = 1, 0  # the line that is read, and that of the last request
    for step, number, channel, gap in steps:
        line += gap
        at_url = [each for each in kept if each.request.url.endswith(f"/{number}")]
        match step:
            case "add":
                new = waiting(line, number, channel)
                old = [each for each in at_url if line - each.request.line >= LONGEST]
                assert requests.add(new) == old
                kept = [each for each in kept if each not in old] + [new]
                last = line
            case "remove" if at_url:
                requests.remove(at_url[0])
                kept.remove(at_url[0])
            case "move" if at_url:
                requests.move(at_url[-1], channel)
                assert at_url[-1].channel == channel
            case "complete" if at_url:
                requests.complete(at_url[0], at_url[0].request._replace(body="a=1"), None)
            case "old":
                old = requests.take_old(line)
                assert all(line - each.request.line >= LONGEST for each in old)
                kept = [each for each in kept if each not in old]
        _is_same(requests, kept, last)
    assert sorted(each.request.line for each in requests.take_all()) == [each.request.line for each in kept]
    assert not requests.places()
    assert not requests.groups(Channel())


def _is_same(requests: Requests, kept: Sequence[Waiting], last: int) -> None:
    for number in range(3):
        url = f"https://a.example/{number}"
        found = [each for each in kept if each.request.url == url]
        assert list(requests.at("POST", url)) == found
        assert (("POST", url) in requests) == bool(found)
        for channel in CHANNELS:
            assert requests.of(("POST", url), channel) == [
                each for each in found if each.channel.may_be(channel)
            ]
    for channel in CHANNELS:
        members = [each for group in requests.groups(channel) for each in group.members.values()]
        assert {id(each) for each in members} == {id(each) for each in kept if each.channel.may_be(channel)}
    assert all(requests.has(each) for each in kept)
    assert requests.places() == ({None} if kept else set())
    for least in (last + 1, last, last - 99, last - 100, last - 101):
        near = [each for each in kept if each.request.line >= max(least, last - 100)]
        assert [*requests.since(least)] == near[::-1]


def test_of_old_requests_those_at_all_urls_are_taken() -> None:
    """Once so many lines were read; a URL whose last request is new keeps the others, too."""
    requests = Requests(Options())
    first, second, third = waiting(1, 0), waiting(500, 1), waiting(600, 0)
    for each in (first, second, third):
        assert requests.add(each) == []
    assert requests.take_old(1_499) == []
    assert requests.take_old(1_500) == [second]
    assert requests.take_old(1_599) == []
    assert requests.take_old(1_600) == [first, third]


@given(
    st.lists(
        st.tuples(
            st.integers(1, 3), st.integers(0, 1), st.sampled_from(["", "a"]), st.booleans(), st.booleans()
        ),
        max_size=3,
    )
)
def test_the_first_of_equal_requests(asked: list[tuple[int, int, str, bool, bool]]) -> None:
    """Equal are those at one URL with one body, of which none may have been answered."""
    found = [waiting(line, number, body=body) for line, number, body, _, _ in asked]
    for each, row in zip(found, asked, strict=True):
        each.is_doubted, each.is_shared = row[3:]
    is_equal = len({row[1:3] for row in asked}) == 1 and not any(row[3] or row[4] for row in asked)
    first = min(found, key=lambda each: each.request.line) if is_equal else None
    assert same_of(found) is first
    assert are_distinct(found) == (len({row[2] for row in asked}) > 1)


def test_few_statuses_are_remembered() -> None:
    """The oldest is forgotten first."""
    begun = Begun()
    asked = [waiting(line, line) for line in range(1_001)]
    for each in asked[:-1]:
        begun.add(each, each.request.line)
    assert begun.has(asked[0].key)
    begun.add(asked[-1], 1_000)
    assert [begun.has(asked[at].key) for at in (0, 1, 1_000)] == [False, True, True]
    assert list(begun.at(1_000)) == asked[-41:]  # those of the last 40 lines
    begun.remove(asked[-1])
    assert list(begun.at(1_000)) == asked[-41:-1]
