"""``cancelnorm replay``: events of several logs in the order of time."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from tests.cli.conftest import PENDING, REFUSED, REJECTED, Run
from tests.cli.inside import run_inside
from tests.cli.test_selection import events, order

BASE_NS = 1_684_804_350_000_000_000


def received(line: str, ms: int) -> str:
    """A line of a recorder that notes when it received an answer."""
    return line.replace('"payload"', f'"received_ns":{BASE_NS + ms * 1_000_000},"payload"', 1)


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """Two logs of a day, one of them with an answer that came late and one without a time."""
    first = [received(order(1), 0), received(order(2), 50), received(order(3), 40), REJECTED]
    second = [received(PENDING, 20), received(PENDING.replace("c6f0", "c6f1"), 60)]
    (tmp_path / "a.jsonl").write_text("\n".join(first), "utf-8")
    (tmp_path / "b.jsonl").write_text("\n".join(second), "utf-8")
    return tmp_path


def test_logs_are_put_together(logs: Path) -> None:
    """Each file in its own order, and what came late or without a time where it came."""
    ran = run_inside("replay", "a.jsonl", "b.jsonl", folder=logs)
    assert (ran.code, events(ran.out)) == (0, ["1", "c6f0", "2", "3", "4711", "c6f1"])
    assert (
        ran.err
        == "cancelnorm: 6 events in the order of time: 5 received, 1 without a time; 1 too late (see --window)\n"
    )
    assert run_inside("replay", "a.jsonl", "b.jsonl", folder=logs).out == ran.out


def test_the_events_are_those_of_normalise(logs: Path) -> None:
    """Line by line, but for their order."""
    ran = run_inside("replay", "a.jsonl", "b.jsonl", "-q", folder=logs)
    plain = run_inside("normalise", "a.jsonl", "b.jsonl", "-q", folder=logs)
    assert sorted(ran.out.splitlines()) == sorted(plain.out.splitlines())
    assert not ran.err


def test_a_window_puts_a_log_in_order(logs: Path) -> None:
    """The event without a time follows the one before it in the file."""
    ran = run_inside("replay", "a.jsonl", "b.jsonl", "--window", "10ms", folder=logs)
    assert events(ran.out) == ["1", "c6f0", "3", "4711", "2", "c6f1"]
    assert ran.err == "cancelnorm: 6 events in the order of time: 5 received, 1 without a time\n"


def test_what_does_not_fit_is_left_out_or_an_error(logs: Path) -> None:
    """As asked for; a failure names the line."""
    ran = run_inside("replay", "a.jsonl", "--late", "drop", "--missing", "drop", folder=logs)
    assert events(ran.out) == ["1", "2"]
    assert ran.err.endswith("; 1 too late (see --window); 2 left out\n")
    ran = run_inside("replay", "a.jsonl", "--late", "error", folder=logs)
    assert (ran.code, events(ran.out)) == (2, ["1", "2"])
    assert ran.err == "cancelnorm: a.jsonl:3: 10000000 ns before its predecessor\n"
    ran = run_inside("replay", "a.jsonl", "--missing", "error", folder=logs)
    assert (ran.code, ran.err) == (2, "cancelnorm: a.jsonl:4: no time by which it could be put in order\n")


def test_the_clock_is_chosen(logs: Path) -> None:
    """The engine's time of each of these orders is the same, so the order of the file remains."""
    ran = run_inside("replay", "a.jsonl", "--clock", "event", folder=logs)
    assert events(ran.out) == ["1", "2", "3", "4711"]
    assert "3 event, 1 without a time" in ran.err
    assert "no event has a time" in run_inside("replay", "a.jsonl", "--clock", "sent", folder=logs).err


def test_a_part_is_replayed(logs: Path) -> None:
    """By the clock that puts events in order, and by order."""
    since, until = str(BASE_NS + 20_000_000), str(BASE_NS + 50_000_000)
    part = ("--since", since, "--until", until)
    assert events(run_inside("replay", "a.jsonl", "b.jsonl", *part, folder=logs).out) == ["c6f0"]
    ran = run_inside("replay", "a.jsonl", "--order", "3", folder=logs)
    assert events(ran.out) == ["3"]
    assert "4 events" in ran.err
    assert ran.err.endswith("; 1 selected\n")


def test_a_log_is_entered_in_the_middle(tmp_path: Path) -> None:
    """With ``--seek``, what is more than a minute before the window is not even read."""
    lines = [received(order(number), 61_000 * number) for number in range(1, 50)]
    (tmp_path / "a.jsonl").write_text("\n".join([received(REFUSED, 0), *lines]), "utf-8")
    part = (
        "--since",
        str(BASE_NS + 61_000 * 30 * 1_000_000),
        "--until",
        str(BASE_NS + 61_000 * 32 * 1_000_000),
    )
    ran = run_inside("replay", "a.jsonl", *part, "--seek", folder=tmp_path)
    assert (ran.code, events(ran.out)) == (0, ["30", "31"])
    assert ran.err == "cancelnorm: 3 events in the order of time: 3 received; 2 selected\n"
    whole = run_inside("replay", "a.jsonl", *part, folder=tmp_path)
    assert (whole.out, whole.err.count("33 received")) == (ran.out, 1)
    assert events(run_inside("replay", "a.jsonl", "-q", "--seek", folder=tmp_path).out) == [
        str(number) for number in range(1, 50)
    ]


def test_a_refused_record_is_told_when_it_is_due(logs: Path) -> None:
    """And the exit code says so."""
    (logs / "c.jsonl").write_text(received(REFUSED, 30), "utf-8")
    ran = run_inside("replay", "a.jsonl", "c.jsonl", "--until", str(BASE_NS + 1), folder=logs)
    assert (ran.code, events(ran.out)) == (0, ["1"])
    ran = run_inside("replay", "a.jsonl", "c.jsonl", "-q", folder=logs)
    assert (ran.code, len(events(ran.out))) == (1, 4)
    assert ran.err == "c.jsonl:1: $.price: expected a plain decimal, found '1_000'\n"


def test_nothing_to_replay(tmp_path: Path) -> None:
    """A log without events is said to be one."""
    (tmp_path / "a.jsonl").write_text("", "utf-8")
    ran = run_inside("replay", "a.jsonl", folder=tmp_path)
    assert (ran.code, ran.out, ran.err) == (0, "", "cancelnorm: no events found\n")


def test_events_come_when_they_are_due(run: Run, logs: Path) -> None:
    """Whatever the pace, they are the same."""
    plain = run("replay", str(logs), "-q")
    assert run("replay", str(logs), "-q", "--speed", "2").out == plain.out
    times = [json.loads(line)["received_ns"] for line in plain.out.splitlines()]
    known = [ns for ns in times if ns is not None and ns != BASE_NS + 40_000_000]
    assert all(before <= after for before, after in pairwise(known))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (("--speed", "0"), "Invalid value for '--speed': expected more than 0"),
        (("--speed", "nan"), "Invalid value for '--speed': expected more than 0"),
        (
            ("--window", "10"),
            "--window: '10' is not a time; expected a number and a unit, such as 100ms, 2s or 1m",
        ),
        (("--since", "2026", "--until", "2025"), "--since: '2026' is not a time"),
    ],
)
def test_wrong_options(logs: Path, wrong: tuple[str, ...], message: str) -> None:
    """Nothing is read."""
    ran = run_inside("replay", "a.jsonl", *wrong, folder=logs)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
