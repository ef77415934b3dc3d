"""What readers of logs remember of the lines before: how much, how long, and what is forgotten first."""

from pathlib import Path
from unittest.mock import patch

import pytest
from msgspec import Raw

from cancelnorm.logs import item, late, partial_lines, told, waiting
from cancelnorm.logs.begun import HEADERS, Begun
from cancelnorm.logs.ccxt_lines import Failed, Printed
from cancelnorm.logs.doubts import Doubt
from cancelnorm.logs.item import Item, Refusals, Unreadable
from cancelnorm.logs.late import Late
from cancelnorm.logs.opening import _attached
from cancelnorm.logs.options import Options
from cancelnorm.logs.pairing import Channel
from cancelnorm.logs.partial_lines import DockerParts, KubernetesParts
from cancelnorm.logs.quarantine import redacted
from cancelnorm.logs.text_words import Words
from cancelnorm.logs.told import NEAR, TRACEBACK, Told
from cancelnorm.logs.waiting import Requests, Waiting, are_distinct, is_too_old, key_of
from cancelnorm.venues import every

URL = "https://api.bybit.com/v5/order/cancel"
PLACE = (every()["bybit"], "POST /v5/order/cancel")
HOUR = 3_600 * 10**9
ANY = Channel()


def request(line: int = 1, *, url: str = URL, body: str = "", at: int | None = None) -> Printed:
    """A request in a line."""
    return Printed("POST", url, body, False, line, at=at)


def asked(line: int = 1, *, url: str = URL, body: str = "", connection: str | None = None) -> Waiting:
    """A request that waits."""
    return Waiting(
        request(line, url=url, body=body, at=line * 10**9), f"a.log:{line}", Channel(connection), PLACE, False
    )


# --- Requests that wait ---


def test_an_hour_is_not_too_long() -> None:
    """One nanosecond more is; without both times nothing is."""
    assert [is_too_old(1, 1 + HOUR + more) for more in (0, 1)] == [False, True]
    assert [is_too_old(None, HOUR * 2), is_too_old(1, None)] == [False, False]


def test_a_request_waits_for_so_many_lines() -> None:
    """The same when another request at its URL comes, and when any line does."""
    for line, old in ((waiting._WAITING, []), (waiting._WAITING + 1, [1])):
        requests = Requests(Options())
        requests.add(asked(1))
        assert [each.request.line for each in requests.add(asked(line))] == old
        requests = Requests(Options())
        requests.add(asked(1))
        assert [each.request.line for each in requests.take_old(line)] == old
        assert len(requests.at("POST", URL)) == 1 - len(old)
        assert requests.take_old(line) == []


def test_the_oldest_url_is_forgotten() -> None:
    """All requests at it, the one that was asked for last comes last."""
    requests = Requests(Options())
    with patch.object(waiting, "_WAITING", 2):
        assert requests.add(asked(1)) == []
        assert requests.add(asked(1, body="b")) == []
        assert requests.add(asked(2, url=f"{URL}-all")) == []
        assert [each.request.line for each in requests.add(asked(2, url="/other"))] == [1, 1]
    assert [key_of("POST", url) in requests for url in (URL, f"{URL}-all", "/other")] == [False, True, True]
    assert requests.places() == {PLACE}
    assert [each.request.line for each in requests.take_all()] == [2, 2]
    assert requests.groups(ANY) == []
    assert not requests.places()


def test_requests_of_the_lines_before() -> None:
    """The last one first, up to a line, of those that still wait."""
    requests = Requests(Options())
    every = [asked(line, body=str(line)) for line in (1, 50, 101, 102)]
    for each in every:
        requests.add(each)
    requests.remove(every[2])
    assert [each.request.line for each in requests.since(50)] == [102, 50]
    assert [each.request.line for each in requests.since(51)] == [102]
    assert [each.request.line for each in requests.since(0)] == [102, 50]  # the first is too far
    assert are_distinct(every)
    assert not are_distinct(every[:1] * 2)


def test_a_request_that_was_printed_and_logged_is_one() -> None:
    """The same in another form is none; in the same form it is another request."""
    requests = Requests(Options())
    requests.add(asked(1))
    logged = Waiting(request(2)._replace(is_logged=True), "a.log:2", ANY, PLACE, False)
    assert requests.add(logged) == []
    assert [each.request.line for each in requests.at("POST", URL)] == [1]
    requests.add(asked(3))
    assert [each.request.line for each in requests.of(key_of("POST", URL), ANY)] == [1, 3]


def test_groups_are_doubted_until_another_comes() -> None:
    """All that wait in it are in doubt, and none that comes later."""
    requests = Requests(Options())
    first = asked(1, connection="a")
    requests.add(first)
    requests.add(asked(2, connection="b"))
    [group] = requests.groups(Channel("a"))
    group.add_to(Doubt())
    requests.add(second := asked(3, connection="a"))
    assert (first.is_doubted, second.is_doubted, group.doubted) == (True, False, None)
    assert [each.request.line for each in group.members.values()] == [1, 3]
    assert len(requests.groups(ANY)) == 2


# --- Requests that waited too long ---


def test_late_requests_take_answers_in_their_order() -> None:
    """One each, of their connection or of any; one that is an hour older takes none."""
    seen = Late()
    seen.add(asked(1, connection="a"))
    seen.add(asked(2, connection="b"))
    seen.add(asked(3, connection="a"))
    key = key_of("POST", URL)
    assert not seen.take(key, Channel("c"), None)
    assert not seen.take(("GET", URL), ANY, None)
    assert list(seen.places(None)) == [PLACE]
    assert seen.take(key, Channel("b"), 10**9)
    assert not seen.take(key, Channel("b"), 10**9)
    assert list(seen.places(3 * 10**9 + HOUR)) == [PLACE]
    assert list(seen.places(3 * 10**9 + HOUR + 1)) == []
    assert seen.take(key, ANY, 2 * 10**9 + HOUR)  # the first is too old, the third is not
    assert not seen.take(key, ANY, None)
    assert list(seen.places(None)) == []


def test_a_url_whose_late_request_was_dropped_is_never_sure() -> None:
    """Nor is its place; others are."""
    seen = Late()
    with patch.object(late, "_REMEMBERED", 1):
        seen.add(asked(1))
        seen.add(asked(2, url="/other"))
    for _ in range(2):
        assert seen.take(key_of("POST", URL), ANY, None)
    assert not seen.take(key_of("POST", f"{URL}-all"), ANY, None)
    assert seen.take(key_of("POST", "/other"), ANY, None)
    assert not seen.take(key_of("POST", "/other"), ANY, None)
    assert list(seen.places(None)) == [PLACE]


def test_late_requests_of_many_connections() -> None:
    """Those of further ones may be of any."""
    seen = Late()
    with patch.object(late, "_CHANNELS", 1):
        seen.add(asked(1, connection="a"))
        seen.add(asked(2, connection="b"))
    key = key_of("POST", URL)
    assert [seen.take(key, Channel("c"), None) for _ in range(2)] == [True, False]
    assert seen.take(key, Channel("a"), None)


# --- Answers whose status is known ---


def test_a_body_comes_soon_behind_its_status() -> None:
    """A line later than that, it is not its own; and once it has come."""
    begun = Begun()
    first, second = asked(5_000), asked(5_001)
    begun.add(first, 5_000)
    begun.add(second, 5_001)
    assert list(begun.at(5_000 + HEADERS)) == [first, second]
    begun.remove(first)
    assert list(begun.at(5_001 + HEADERS)) == [second]
    assert list(begun.at(5_002 + HEADERS)) == []


# --- What was told ---

SHORT = '{"code":-2011,"msg":"Unknown order sent."}'


def error(line: int, raw: bytes, body: str = SHORT) -> Printed:
    """An error that repeats an answer."""
    return Printed("", "", body, False, line, raw=raw)


def test_an_error_that_is_logged_and_printed() -> None:
    """In other words, and near; the same words with other numbers are another error, unless it is chained."""
    for line, raw, is_again in (
        (100 + NEAR, b"in other words", True),
        (101 + NEAR, b"in other words", False),
        (101, b"failed 8", False),
    ):
        seen = Told()
        assert not seen.is_quoted_again(error(100, b"failed 7"))
        seen.quote(error(100, b"failed 7"))
        assert seen.is_quoted_again(error(line, raw)) == is_again
        assert not seen.is_quoted_again(error(101, b"in other words", "{}"))
        assert not seen.is_quoted_again(error(101, b"in other words", ""))
        seen.chain(100 + told._BLANKS)
        assert seen.is_quoted_again(error(900, b"failed 8"))
        assert not seen.is_quoted_again(error(900, b"failed 8"))
        seen.chain(101 + told._BLANKS)
        assert not seen.is_quoted_again(error(900, b"failed 8"))


WORDS, OTHERS = Words("received"), Words("sent")


def test_an_error_of_the_last_answer() -> None:
    """It has its members or fewer, and is near; an answer that is long, or no object, is none that errors repeat."""
    answer = Printed("POST", URL, '{"code":-2011,"msg":"Unknown order sent.","a":1}', False, 1_000)
    seen = Told()
    assert not seen.has_body_of(error(1_001, b""))
    seen.add(answer, WORDS)
    assert seen.has_body_of(error(1_000 + TRACEBACK, b""))
    assert not seen.has_body_of(error(1_001 + TRACEBACK, b""))
    assert not seen.has_body_of(error(1_001, b"", '{"code":1}'))
    assert not seen.has_body_of(error(1_001, b"", ""))
    assert seen.has_body_of(error(1_001, b"", "{broken"))  # has no member
    for body in ("[1]", f'{{"a":"{"x" * told._SHORT}"}}'):
        seen.add(answer._replace(body=body), WORDS)
        assert not seen.has_body_of(error(1_001, b""))
    body = f'{{"a":"{"x" * (told._SHORT - 8)}"}}'
    seen.add(answer._replace(body=body), WORDS)
    assert seen.has_body_of(error(1_001, b"", body))
    seen.add(answer._replace(body="{broken"), WORDS)
    assert not seen.has_body_of(error(1_001, b""))


def test_an_exception_that_repeats_an_answer() -> None:
    """In other words; behind the same ones it is another answer, unless it is chained to the last one."""
    seen = Told()
    seen.add(Printed("POST", URL, SHORT, False, 10), WORDS)
    assert not seen.is_repeated(SHORT.encode(), WORDS)
    assert seen.is_repeated(SHORT.encode(), OTHERS)
    assert not seen.is_repeated(b"{}", OTHERS)
    seen.chain(10 + told._BLANKS)
    assert seen.is_repeated(SHORT.encode(), WORDS)
    assert not seen.is_repeated(SHORT.encode(), WORDS)


def test_an_answer_is_told_shortly_before() -> None:
    """With the same status, if there is one; a failure tells of none."""
    seen, key = Told(), key_of("POST", URL)
    assert not seen.has_answered(key, 1, None)
    seen.settle(key)
    assert not seen.has_answered(key, 1, None)
    seen.settle(key, 1_000, 200)
    assert [seen.has_answered(key, 1_000 + NEAR + more, 200) for more in (0, 1)] == [True, False]
    assert [seen.has_answered(key, 1_000, status) for status in (None, 503)] == [True, False]


@pytest.mark.parametrize(
    ("raw", "line", "status", "url", "is_told"),
    [
        (None, 1_000 + TRACEBACK, 503, URL, True),
        (None, 1_001 + TRACEBACK, 503, URL, False),
        (None, 1_001, 502, URL, False),
        (None, 1_001, 502, f"{URL}?a=1", True),
        (b"failed 7", 1_000 + TRACEBACK, None, URL, True),
        (b"failed 7", 1_001 + TRACEBACK, None, URL, False),
        (b"exception 9", 1_001, None, URL, False),
    ],
)
def test_a_failure_is_told_before(
    raw: bytes | None, line: int, status: int | None, url: str, is_told: bool
) -> None:
    """Nearby, by an answer of the same status or in other words; by anything where the URL is of one request."""
    seen, key = Told(), key_of("POST", URL)
    failed = Failed("POST", url, "bybit", True, True, line, b"exception 8", status)
    assert not seen.has_failed(key, failed)
    seen.settle(key, 1_000, None if raw else 503, raw)
    assert seen.has_failed(key, failed) == is_told


def test_a_failure_without_a_status_is_not_an_answer_without_one() -> None:
    """Of neither it is known what it was."""
    seen, key = Told(), key_of("POST", URL)
    seen.settle(key, 1_000)
    assert not seen.has_failed(key, Failed("POST", URL, "bybit", True, True, 1_001, b""))


def test_objects_of_a_program_tell_of_answers_once() -> None:
    """Of the last few that name an order, nearby, however they are written."""
    seen = Told()
    bodies = [f'{{"orderId":"{number}"}}'.encode() for number in range(told._LATELY + 1)]
    for body in (*bodies, b'{"code":1}'):
        seen.add_body(body, 1_000)
    with seen.aside():
        assert seen.is_held_again(b'{ "orderId": "4" }', 1_000 + NEAR)
    assert seen.is_held_again(bodies[4], 1_000 + NEAR)
    assert not seen.is_held_again(bodies[4], 1_000)
    assert not seen.is_held_again(bodies[3], 1_001 + NEAR)
    assert not seen.is_held_again(bodies[1], 1_000)
    assert not seen.is_held_again(b'{"code":1}', 1_000)
    assert not seen.was_held(bodies[3], 1_000)
    seen.hold([b"{broken", b"[7]", *bodies[3:]], 1_000)
    assert seen.was_held(bodies[3], 1_000)
    assert not seen.was_held(bodies[3], 1_000)


def test_few_that_were_settled_are_remembered() -> None:
    """The oldest is forgotten."""
    seen = Told()
    with patch.object(told, "_SETTLED", 2):
        for number in range(3):
            seen.settle(("POST", str(number)), number)
    assert [seen.has_answered(("POST", str(number)), 3, None) for number in range(3)] == [False, True, True]


# --- Lines in parts ---


def test_parts_of_kubernetes_are_joined_by_stream() -> None:
    """Up to a size, at which a line is read as it is; the last part is no part that others follow."""
    time = b"2026-11-03T09:00:01.058123456Z"
    parts = KubernetesParts(3)
    assert parts.add(line := b"%b stdout F whole" % time) == line
    are_open = [parts.are_open]
    assert parts.add(b"%b stdout P abc" % time) is None
    assert parts.add(b"%b stderr P x" % time) is None
    are_open.append(parts.are_open)
    assert are_open == [False, True]
    assert parts.add(b"%b stdout P d" % time) is None
    assert parts.add(b"%b stdout P e" % time) == b"%b stdout P abcde" % time
    assert parts.add(b"%b stderr F y" % time) == b"%b stderr F xy" % time
    assert parts.add(b"no part") == b"no part"
    assert parts.add(b"%b stdout P z" % time) is None
    assert parts.left() == [b"z"]
    assert parts.left() == []


def test_parts_of_docker_are_as_long_as_they_can_be() -> None:
    """A shorter one is the last, as is one that ends its line."""

    def line(text: str, stream: str = "stdout") -> dict[str, Raw]:
        return {"log": Raw(f'"{text}"'.encode()), "stream": Raw(f'"{stream}"'.encode())}

    with patch.object(partial_lines, "_DOCKER_BYTES", 4):
        parts = DockerParts(4)
        assert parts.add(line("abc")) == line("abc")
        assert parts.add(line("ab\\n")) == line("ab\\n")
        assert parts.add(line("abcd")) is None
        assert parts.add(line("efgh", "stderr")) is None
        assert parts.add(line("éf")) == line("abcdéf")
        assert parts.add(line("gh\\n", "stderr")) == line("efghgh\\n", "stderr")
        for _ in range(2):
            assert parts.add(line("abcd")) is None
        assert parts.add(line("wxyz")) == line("abcdabcdwxyz")
        assert parts.add({"log": Raw(b'"abcd"')}) == {"log": Raw(b'"abcd"')}
        assert parts.add(line("abcd", "other")) == line("abcd", "other")
        assert parts.add(line("abcd")) is None
        assert parts.left() == [line("abcd")]
        assert parts.left() == []


# --- Files beside a log, and what is kept ---


def test_a_file_beside_a_log_is_read_to_a_byte_too_many(tmp_path: Path) -> None:
    """So that it is known to be too long; only a file of that folder is read."""
    (tmp_path / "body.json").write_bytes(b"12345")
    (tmp_path / ".hidden").write_bytes(b"1")

    def read(name: str, most: int = 5) -> bytes | None:
        return _attached(lambda name: tmp_path / name, most, name)

    assert [read("body.json", most) for most in (3, 4, 5, 6)] == [b"1234", b"12345", b"12345", b"12345"]
    assert [read(name) for name in ("", "none.json", ".hidden", "a/body.json", "../body.json")] == [None] * 5


def test_lines_that_are_no_text_are_kept_as_they_are() -> None:
    """Where their secrets are masked, too."""
    key = b"5a" * 32
    for raw in (b"\xff signature=%b" % key, b"\xed\xa0\x80 signature=%b" % key):
        kept = redacted(Item(Unreadable("a", "line", "x"), raw)).raw
        assert kept is not None
        assert kept.startswith(raw[:4].rstrip(b"s"))
        assert key not in kept


def test_few_faults_are_kept() -> None:
    """All are forgotten where there are too many; a long line is not kept."""
    seen, fault = Refusals(), Unreadable("a:1", "line", "x")
    with patch.object(item, "_MOST_KEPT", 2), patch.object(item, "LONGEST_KEPT", 3):
        for line in (b"1", b"2"):
            assert seen.keep(line, fault) is fault
        assert [seen.again(line, "a:2") for line in (b"1", b"3")] == [Unreadable("a:2", "line", "x"), None]
        for line in (b"333", b"4444"):
            seen.keep(line, fault)
        assert [seen.again(line, "a:3") is None for line in (b"1", b"2", b"333", b"4444")] == [
            True,
            True,
            False,
            True,
        ]
