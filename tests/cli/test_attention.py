"""The orders that need attention on the page of a check: those of the sample day, with the line of each fact."""

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.day import FOLDER, LOGS, Truth, truth

FILLS = {"canceled-and-filled", "canceled-but-full"}
ENDS = {"canceled", "filled", "closed"}


def concern(row: Truth) -> str | None:
    """Why an order needs attention."""
    kinds = {*row.contradictions} - {"clocks-disagree"}
    if kinds & FILLS:
        return "filled although canceled"
    if kinds:
        return "contradiction"
    return "asked and never resolved" if row.attempts and row.fate not in ENDS else None


@pytest.fixture
def page(run: Run, tmp_path: Path) -> str:
    """The page of the sample day."""
    path = tmp_path / "report.html"
    run("check", *map(str, LOGS), "--output-format", "html", "-o", str(path))
    return path.read_text("utf-8")


def section(page: str) -> str:
    """The part of the page about orders."""
    found = re.search(r'<section aria-labelledby="h-orders">.*?</section>', page, re.DOTALL)
    assert found
    return found[0]


def test_the_orders_are_those_of_the_truth(page: str) -> None:
    """Each of them is named, under what speaks for it, and no other is."""
    rows = [(row, why) for row in truth() if (why := concern(row)) is not None]
    assert f"<b>{len(rows)}</b> orders of {len(truth())}" in section(page)
    for part in section(page).split("<article")[1:]:
        names = set(re.findall(r"<b>(?:order|client id) ([^<]+)</b>", part))
        title = re.search(r"</span> ([a-z ]+) <span", part)
        assert title
        assert names == {row.order_id for row, reason in rows if reason == title[1]}


def test_every_fact_has_its_line(page: str) -> None:
    """The sources are lines of the logs; the times are those of the truth."""
    for row in re.findall(r"<li><time>.*?</li>", section(page)):
        assert re.search(rf">{re.escape(str(FOLDER))}/[a-z]+/[a-z.-]+:\d+</button>", row), row
    [order] = [row for row in truth() if row.contradictions == ("overfilled",)]
    about = section(page).split(f"order {order.order_id}")[1].split("</ul>")[0]
    assert "overfilled: quantity" in about
    # Filled, as a query and the stream agree, requested, and what became known of it, twice.
    assert about.count("<time>") == 4


def test_a_window_of_time_says_nothing_of_ends(run: Run, tmp_path: Path) -> None:
    """The end of an order may be outside of it. An order that is selected is told."""
    path = tmp_path / "report.html"
    arguments = ["check", *map(str, LOGS), "--output-format", "html", "-o", str(path)]
    run(*arguments, "--since", "2026-11-03T10:00:00Z")
    assert "h-orders" not in path.read_text("utf-8")
    [order] = [row.order_id for row in truth() if row.contradictions == ("overfilled",)]
    run(*arguments, "--order", str(order))
    assert "<b>1</b> order of 1," in section(path.read_text("utf-8"))


def test_events_are_written_beside(run: Run, tmp_path: Path, page: str) -> None:
    """The file of events is the same as that of other formats, and so is the page with one."""
    files = [tmp_path / name for name in ("with.jsonl", "without.jsonl")]
    path = tmp_path / "other.html"
    run("check", *map(str, LOGS), "--output-format", "html", "-o", str(path), "--events", str(files[0]))
    run("check", *map(str, LOGS), "--events", str(files[1]))
    assert files[0].read_bytes() == files[1].read_bytes()
    assert section(path.read_text("utf-8")) == section(page)
