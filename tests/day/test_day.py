"""The recorded day: it is what its simulation writes, it has everything that may happen, and stories tell the truth."""

import gzip
from collections import Counter, defaultdict
from decimal import Decimal
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from cancelnorm import CancelNormError, NotACancel, Record, events, normalise
from cancelnorm.check import Refused
from cancelnorm.logs import read
from cancelnorm.story import Dispute, Fate, Gathering, Stories, Story, fills_of, fold
from tests.day import FOLDER, LOGS, Truth, truth
from tests.day.writing import files

Key = tuple[str, str, str | None, str]


@pytest.fixture(scope="module")
def stories() -> Stories:
    """The stories of all logs."""
    return fold(event for path in LOGS for event in events(path) if not isinstance(event, Refused))


def shown(story: Story) -> dict[str, Any]:
    """What a story says, with the names of the table."""
    verdict = story.verdict()
    key = story.key
    return {
        "venue": story.venue,
        "account": key.account,
        "id_space": key.space,
        "order_id": key.order_id,
        "client_order_ids": story.client_order_ids,
        "fate": verdict.fate,
        "evidence": verdict.evidence,
        "attempts": verdict.attempts,
        "asked_ns": verdict.asked_ns,
        "done_ns": verdict.done_ns,
        "known_ns": verdict.known_ns,
        "filled_quantity": verdict.filled_quantity,
        "quantity": verdict.quantity,
        "initiator": verdict.initiator,
        "reasons": verdict.reasons,
        "replaces": story.replaces,
        "replaced_by": story.replaced_by,
        "contradictions": tuple(one.kind for one in verdict.contradictions),
    }


def expected(row: Truth) -> dict[str, Any]:
    """What the table says; quantities are numbers."""
    found = {name: getattr(row, name) for name in row.__struct_fields__}
    for name in ("filled_quantity", "quantity"):
        if found[name] is not None:
            found[name] = Decimal(found[name])
    return {name: value for name, value in found.items() if name not in ("symbol", "course", "happened")}


def test_stories_tell_the_truth(stories: Stories) -> None:
    """Each order of the table has a story that says what the table says, and there are no others."""
    rows = truth()
    found: defaultdict[Key, list[Story]] = defaultdict(list)
    for story in stories.linked():
        name = story.key.order_id or f"client {story.key.client_order_id}"
        for symbol in story.symbols:
            found[story.venue, story.key.account or "", symbol.value, name].append(story)
    told = []
    for row in rows:
        name = row.order_id or f"client {row.client_order_ids[0]}"
        [story] = found[row.venue, row.account, row.symbol, name]
        assert shown(story) == expected(row), row.course
        told.append(story.key)
    assert len(set(told)) == len(told) == len(stories.linked())


def test_frames_about_fills_tell_more() -> None:
    """With the fills that streams show, an order that was closed in some way is known to have filled."""
    gathering = Gathering()
    for path in LOGS:
        for item in read(path):
            if isinstance(item, Record):
                try:
                    for event in normalise(item).events:
                        gathering.add(event)
                except NotACancel:
                    for fill in fills_of(item):
                        gathering.show(fill)
                except CancelNormError:
                    continue
    fates = {
        (story.key.account, story.key.order_id): story.verdict().fate
        for story in gathering.stories().linked()
    }
    rows = [row for row in truth() if row.order_id]
    more = [row for row in rows if fates[row.account, row.order_id] != row.fate]
    assert (
        {fates[row.account, row.order_id] for row in more} == {row.happened for row in more} == {Fate.FILLED}
    )
    assert {row.course for row in more} == {"too late"}
    late = [row for row in rows if row.course == "too late" and row.venue == "binance"]
    assert more == late  # Bybit's recorder kept no frames of fills


def test_no_story_tells_what_did_not_happen() -> None:
    """Where the log shows an end, that is how the order ended, unless it contradicts itself."""
    for row in truth():
        assert row.fate in (row.happened, "closed", "reduced", "asked", "unknown") or row.contradictions
        assert row.happened != "alive" or row.fate not in ("canceled", "filled", "closed")


def test_everything_occurs(stories: Stories) -> None:
    """Every fate and every contradiction, two accounts with the same client ids, and an order id on two symbols."""
    rows = truth()
    assert {row.fate for row in rows} == {*Fate}
    assert {kind for row in rows for kind in row.contradictions} == {*Dispute}
    assert {row.happened for row in rows} == {"canceled", "filled", "alive"}
    assert len({row.course for row in rows}) > 30
    client_ids = defaultdict(set)
    symbols = defaultdict(set)
    for row in rows:
        for client_id in row.client_order_ids:
            client_ids[row.venue, client_id].add(row.account)
        symbols[row.venue, row.order_id].add(row.symbol)
    assert Counter(map(len, client_ids.values()))[2] > 50
    assert Counter(len(found) for (_, order_id), found in symbols.items() if order_id)[2] == 2
    assert any(story.linked for story in stories.linked())


def test_every_trouble_of_clocks_occurs() -> None:
    """A clock that is set back, two that differ, a source without clocks, and one that ends in the middle."""
    lines = {path.name: lines_of(path) for path in LOGS}
    times = [msgspec.json.decode(line)["received_ns"] for line in lines["stream.jsonl.gz"]]
    assert sum(before > after for before, after in pairwise(times)) == 1
    assert not any(b'"sent_ns"' in line or b'"received_ns"' in line for line in lines["without-clock.jsonl"])
    assert any(row.asked_ns is None and row.attempts for row in truth())
    with pytest.raises(msgspec.DecodeError):
        msgspec.json.decode(lines["stream.jsonl"][-1])
    [cut] = [item for path in LOGS for item in events(path) if isinstance(item, Refused)]
    assert cut.finding.source == f"{FOLDER / 'bybit' / 'stream.jsonl'}:{len(lines['stream.jsonl'])}"
    assert any(
        row.done_ns and row.asked_ns and row.done_ns < row.asked_ns and row.course == "canceled"
        for row in truth()
    )


def lines_of(path: Any) -> list[bytes]:
    """Lines of a log, which may be compressed."""
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines()


def test_the_simulation_writes_it_again() -> None:
    """Byte for byte, before compression; and it is small."""
    written = {
        path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()
    }
    assert sum(map(len, written.values())) < 500_000
    plain = {name: gzip.decompress(data) if name.endswith(".gz") else data for name, data in written.items()}
    assert plain == files()
