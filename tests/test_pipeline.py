"""One call from a log to its events."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from cancelnorm import CancelEvent, EventKind, Refused, events
from cancelnorm.check import check
from cancelnorm.logs import Unreadable, read
from cancelnorm.story import fold, stream
from tests.samples import FOLDER, SAMPLES

LOG = FOLDER / "logs" / "day.jsonl"


def test_a_log() -> None:
    """What is understood, what is skipped and what is refused come to the lines of the log."""
    found = events(LOG)
    items = [(item, found.record, found.notes) for item in found]
    refused = [item for item, _, _ in items if isinstance(item, Refused)]
    assert [(item.finding.rule.name, item.event is None) for item in refused] == [
        ("payload-refused", False),
        ("unreadable-line", True),
    ]
    assert found.skipped == {"balanceUpdate": 1}
    sources = {record.source for _, record, _ in items if record is not None}
    assert len(sources) + found.skipped.total() == sum(1 for _ in read(LOG)) == 11
    assert {note.code for _, _, notes in items for note in notes} >= {"unknown-field", "phantom-row"}


def test_records() -> None:
    """Records may come from anywhere."""
    record = SAMPLES["binance/delete-order"].record()
    line = Unreadable("a.log:7", "line", "not JSON")
    [event, refused] = events([record, line])
    assert isinstance(event, CancelEvent)
    assert isinstance(refused, Refused)
    assert (event.outcome, refused.finding.source) == ("canceled", "a.log:7")


def test_a_record_never_raises() -> None:
    """Neither an unknown venue nor half of a payload does."""
    record = SAMPLES["binance/delete-order"].record()
    odd = [
        replace(record, venue="nowhere"),
        replace(record, payload=b"{"),
        replace(record, endpoint="DELETE /x"),
    ]
    assert all(isinstance(item, Refused) for item in events(odd))


@pytest.mark.parametrize("item", ['{"code":-2011}', {"code": -2011}, None])
def test_what_is_no_record_raises(item: Any) -> None:
    """The message says what was expected."""
    with pytest.raises(TypeError, match=f"expected a Record, found {type(item).__name__}"):
        list(events([item]))
    with pytest.raises(TypeError, match=f"expected a Record, found {type(item).__name__}"):
        list(check([item]))
    with pytest.raises(TypeError, match=f"expected a CancelEvent, found {type(item).__name__}"):
        fold([item])


def test_a_log_is_folded_as_it_is() -> None:
    """What was refused may stand among the events: of an answer the request counts, of a line nothing."""
    found = list(events(LOG))
    kept = [item if isinstance(item, CancelEvent) else item.event for item in found]
    told = fold(found)
    assert (
        told.unnamed[EventKind.REQUEST]
        == 1 + fold(i for i in found if isinstance(i, CancelEvent)).unnamed[EventKind.REQUEST]
    )
    assert dict(told) == dict(fold(event for event in kept if event is not None))
    assert list(stream(found)) == list(told.linked())


def test_a_missing_file_raises(tmp_path: Path) -> None:
    """A file that is not there is no record."""
    with pytest.raises(FileNotFoundError):
        list(events(tmp_path / "none.jsonl"))
