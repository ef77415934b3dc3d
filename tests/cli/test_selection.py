"""``--order``, ``--since`` and ``--until``: events that a command reports on."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from cancelnorm.check import rule_example
from tests.cli.conftest import CANCELED, NOTED, PENDING, REFUSED, REJECTED, Run

Log = Callable[..., str]
CONCISE = ("--output-format", "concise")


def order(number: int, second: int = 0, line: str = CANCELED) -> str:
    """The cancel of an order, at a second of 2023-05-23T01:12:30Z."""
    return line.replace("4711", str(number)).replace("1684804350068", str(1684804350068 + second * 1000))


def batch(*numbers: int) -> str:
    """The cancel of many orders in one record."""
    rows = ",".join(order(number).split('"payload":')[1][:-1] for number in numbers)
    return f'{{"venue":"binance","endpoint":"DELETE /api/v3/openOrders","payload":[{rows}]}}'


def events(out: str) -> list[Any]:
    """Order ids of events."""
    return [json.loads(line)["order_id"] for line in out.splitlines()]


# --- By order ---


def test_order(run: Run, log: Log) -> None:
    """Events are selected by order id or client order id, also out of a batch."""
    name = log(order(1), batch(2, 3, 4), order(3), REJECTED, PENDING)
    ran = run("normalise", name, "--order", "3")
    assert (ran.code, events(ran.out)) == (0, ["3", "3"])
    assert ran.err == "cancelnorm: 3 records outside the selection\n"
    assert events(run("normalise", name, "--order", "2", "--order", "c6f0", "-q").out) == ["2", "c6f0"]
    assert events(run("normalise", name, "--order", "mine-1").out) == ["1", "2", "3", "4", "3"]
    ran = run("check", name, "--order", "3", *CONCISE)
    assert ran.out.splitlines()[-1].startswith("2 records = 2 understood + 0 skipped + 0 refused; 2 events; ")
    assert run("check", name, "--order", "3", "--events", "-", "-o", "r").out.count("\n") == 2


def test_notes_go_with_their_event(run: Run, log: Log) -> None:
    """A batch's notes on other orders are not reported."""
    noted = batch(2, 3).replace('"side":"BUY"}]', '"side":"BUY","new":1}]')
    assert "CN101" in run("check", log(noted), "--order", "3", *CONCISE).out
    assert "CN101" not in run("check", log(noted), "--order", "2", *CONCISE).out


def test_the_whole_log_is_compared(run: Run, log: Log) -> None:
    """What is outside the selection still settles what is inside, but is not reported itself."""
    done = REJECTED.replace("4711", "8")
    name = log(order(1), order(2), order(2, 5), order(1, 50), order(8, 60, done), order(8, 70))
    out = run("check", name, "--order", "2", *CONCISE).out
    assert [line.partition(": ")[0] for line in out.splitlines()[:-1]] == ["day.jsonl:3"]
    assert "CN601 warning canceled-twice" in out
    late = run(
        "check", name, "--since", "2023-05-23T01:13:00Z", "--until", "2023-05-23T01:13:25Z", *CONCISE
    ).out
    assert "day.jsonl:4: $: CN601 warning canceled-twice" in late
    assert "order 2 " not in late


def test_refused_lines_stay(run: Run, log: Log) -> None:
    """A line that may be about the order is reported; a request that names another one is not."""
    named = REFUSED.replace('"status":200', '"status":200,"request":{"symbol":"LTCBTC","orderId":77}')
    name = log(order(1), "garbage", named)
    ran = run("check", name, "--order", "1", *CONCISE)
    assert ran.code == 1
    assert [line.partition(": ")[0] for line in ran.out.splitlines()[:-1]] == ["day.jsonl:2"]
    assert ran.err == "cancelnorm: 1 record outside the selection\n"
    assert "day.jsonl:3" in run("check", name, "--order", "77", *CONCISE).out


# --- By time ---


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (("--since", "2023-05-23"), ["1", "2", "3"]),
        (("--since", "2023-05-23T01:12:40Z"), ["2", "3"]),
        (("--since", "2023-05-23T03:12:40+02:00"), ["2", "3"]),
        (("--since", "2023-05-23T03:12:40", "--tz", "Europe/Berlin"), ["2", "3"]),
        (("--since", "1684804360.068", "--until", "1684804370068"), ["2"]),
        (("--until", "1684804360068000000"), ["1"]),
        (("--until", "2023-05-24", "--order", "3"), ["3"]),
    ],
)
def test_times(run: Run, log: Log, options: tuple[str, ...], found: list[str]) -> None:
    """From a time on, and before a time, by the venue's clock."""
    name = log(order(1), order(2, 10), order(3, 20))
    assert events(run("normalise", name, *options).out) == found
    total = run("check", name, *options, *CONCISE).out.splitlines()[-1]
    assert f"; {len(found)} event" in total


def test_records_without_a_time(run: Run, log: Log) -> None:
    """They are left out, counted and named; the recorder's time counts if the venue gives none."""
    received = REJECTED.replace('"payload"', '"received_ns":1684804360000000000,"payload"')
    name = log(order(1), REJECTED, received)
    ran = run("normalise", name, "--since", "2023-05-01")
    assert events(ran.out) == ["4711" if i else "1" for i in range(2)]
    assert ran.err == "cancelnorm: 1 record outside the selection, 1 of them without a time\n"
    assert run("check", name, "--since", "2023-05-01").err == ran.err
    assert run("check", name, "--since", "2023-05-01", "-q").err == ""


def test_requests_without_an_answer(run: Run, log: Log) -> None:
    """They are selected by the order that they name, and by the time when they were sent."""
    asked = '{"venue":"binance","endpoint":"DELETE /api/v3/order","request":{"orderId":7},"sent_ns":%d,%s}'
    rest = '"pairing":"no_answer","payload":""'
    name = log(asked % (1684804360000000000, rest))
    for options in (("--order", "7"), ("--since", "2023-05-23"), ("--until", "2023-05-24")):
        assert "0 refused + 1 unanswered; 1 event" in run("check", name, *options, *CONCISE).out
    for options in (("--order", "8"), ("--since", "2023-05-24"), ("--until", "2023-05-23")):
        assert "no record is selected" in run("check", name, *options).err


def test_a_triggered_stop(run: Run) -> None:
    """It is reported with the order that expired, although what shows it is no event."""
    example = rule_example("CN605")
    assert example is not None
    for order_id in ("398110242008", "maker:eth/0017"):
        ran = run("check", str(example.bad), "--order", order_id, *CONCISE)
        assert ran.out.count(" CN605 info ") == 1
    late = ("--since", "2026-07-15", "--select", "CN6")
    assert "no record is selected" in run("check", str(example.bad), *late).err


# --- All commands ---


def test_explain(run: Run, log: Log) -> None:
    """The first record of an order is shown."""
    name = log(order(1), REJECTED, order(4711, 5))
    assert run("explain", name, "--order", "4711").out.startswith("day.jsonl:2\n")
    ran = run("explain", name, "--order", "4711", "--since", "2023-05-23")
    assert ran.out.startswith("day.jsonl:3\n")
    assert ran.err == ""
    assert run("explain", name, "--order", "9")[::2] == (2, "cancelnorm: day.jsonl: no record is selected\n")


@pytest.mark.parametrize("command", ["check", "normalise"])
def test_nothing_is_selected(run: Run, log: Log, command: str) -> None:
    """A selection without a record is a failure, since a misspelt id would look fine otherwise."""
    assert run(command, log(NOTED, PENDING), "--order", "9") == (
        2,
        "",
        (
            "cancelnorm: no record is selected by --order, --since and --until: "
            "2 records outside the selection\n"
        ),
    )


@pytest.mark.parametrize(
    ("command", "text"), [("check", "yesterday"), ("normalise", "2026"), ("explain", "20261103")]
)
def test_not_a_time(run: Run, log: Log, command: str, text: str) -> None:
    """One line says what a time looks like; a year is none, nor is it seconds of 1970."""
    ran = run(command, log(CANCELED), "--since", text)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"cancelnorm: --since: '{text}' is not a time; expected 2026-11-03, ")


@pytest.mark.parametrize(
    "text", ["2023-05-23", "2023-05-23T01:13", "2023-05-23 01:13Z", "2023-05-22T20:13-05:00"]
)
def test_short_times(run: Run, log: Log, text: str) -> None:
    """A time may end with the minute; the zone is that of ``--tz``, or its own."""
    name = log(*(order(i, i) for i in range(0, 90, 10)))  # from 01:12:30 on
    found = events(run("normalise", name, "--since", text).out)
    assert found[0] == ("0" if text == "2023-05-23" else "30")


def test_until_before_since(run: Run, log: Log) -> None:
    """Nothing could be selected."""
    ran = run("check", log(CANCELED), "--since", "2023-05-24", "--until", "2023-05-23")
    assert ran == (2, "", "cancelnorm: --until: '2023-05-23' is not after --since, '2023-05-24'\n")


def test_any_number_of_processes(run: Run, log: Log) -> None:
    """The selection does not depend on the number of processes."""
    name = log(*(order(i % 50, i) for i in range(8_000)))
    options = ("--order", "7", "--since", "2023-05-23T01:30:00Z", *CONCISE)
    one, two = (run("check", name, *options, "--jobs", jobs) for jobs in ("1", "2"))
    assert one == two
    assert one.out.count("CN601") > 100
