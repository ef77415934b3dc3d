"""What venues add is learned, and changes nothing but the time it takes."""

from threading import Thread
from typing import Any

import msgspec
import pytest

from cancelnorm.reader.drift import MAX_ADDED, learnable
from cancelnorm.reader.fast import Shape, builtins_of
from cancelnorm.reader.mismatch import Mismatch
from cancelnorm.reader.types import node_of
from cancelnorm.schema import Note
from tests.reader.structs import (
    Canceled,
    Empty,
    Failing,
    Filled,
    Holding,
    One,
    Order,
    OrderList,
    Refused,
    Several,
    Succeeded,
    Taken,
)
from tests.reader.test_agreement import LIST, ORDER, sent


def learned(shape: Shape, data: bytes) -> tuple[Any, list[Note]]:
    """What the fast reader makes of a payload."""
    reader = shape.reader
    value = reader.decode(data)
    added = reader.added(value)
    return value, [] if added is None else added.taken_off()


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Order, ORDER | {"new": 1.50, "apiKey": "k"}),
        (Order, ORDER | {"side": "HOLD", "tag": "C"}),
        (list[Order | OrderList], [ORDER, ORDER | {"new": {"secret": "k"}}, LIST]),
        (list[Order | OrderList], [LIST | {"new": None, "legs": [ORDER | {"side": "HOLD"}]}]),
        (Taken | Refused, {"code": 0, "msg": "", "data": [ORDER | {"new": []}], "trace": "t"}),
        (Taken | Refused, {"code": 5, "msg": "", "trace": "t"}),
        (Filled | Canceled, {"e": "CANCEL", "time": 10**12, "new": "x"}),
        (dict[str, Order], {"a b": ORDER | {"new": 1}}),
    ],
)
def test_an_addition_is_read_the_fast_way_from_the_second_time_on(kind: Any, value: Any) -> None:
    """With the same notes, and with a value that has the declared fields alone."""
    shape, data = Shape(kind), sent(value)
    with pytest.raises(ValueError, match=r"^"):
        shape.reader.decode(data)
    first, notes = shape.collect(data)
    again, noted = learned(shape, data)
    assert notes
    assert noted == notes
    assert builtins_of(again) == builtins_of(first) == msgspec.to_builtins(first, enc_hook=builtins_of)
    assert msgspec.json.encode(again) == msgspec.json.encode(first)
    assert not shape.takes(data)


def test_a_payload_without_additions_has_no_notes() -> None:
    """A reader that has learned reads as one that has not."""
    shape = Shape(list[Order | OrderList])
    shape.collect(sent([ORDER | {"new": 1}]))
    value, notes = learned(shape, sent([ORDER, LIST]))
    assert notes == []
    assert builtins_of(value) == [ORDER, LIST]
    assert isinstance(value[0], Order)


def test_what_another_member_of_a_union_has_is_not_learned() -> None:
    """It would hide that an object has the keys of both."""
    assert learnable(node_of(Order | OrderList))[Order] == {"listId", "legs"}


def test_an_addition_within_does_not_change_what_holds_it() -> None:
    """Where two structs have the same keys, what an object of theirs holds beside them tells nothing."""
    shape = Shape(list[Holding | Empty])
    for value, cls in (({"side": "BUY"}, Holding), ({"side": "X"}, Holding), ({"side": ""}, Empty)):
        held = {"inner": {"list_id": 1, "new": 1}, "also": [{"list_id": 1, "new": 1}]}
        read, notes = shape.collect(sent([value | held]))
        assert type(read[0]) is cls
        paths = [note.path for note in notes if note.code == "unknown-field"]
        assert paths == ["$[0].inner.new", "$[0].also[0].new"]


@pytest.mark.parametrize(
    ("kind", "value", "cls"),
    [
        (One | Several, {"side": "BUY", "inner": [{"list_id": 1}]}, Several),
        (Several | One, {"side": "BUY", "inner": {"list_id": 1}}, One),
        (Holding | Empty, {"side": "", "inner": "x", "also": []}, Empty),
        (Empty | Holding, {"side": "BUY", "inner": {}, "also": []}, Holding),
    ],
)
def test_an_addition_does_not_change_which_struct_is_read(kind: Any, value: Any, cls: type) -> None:
    """Where two structs have the same keys, their values tell them apart with what was added and without."""
    shape = Shape(kind)
    assert type(shape.strict(sent(value))) is cls
    for _ in range(2):
        read, notes = shape.collect(sent(value | {"new": 1}))
        assert type(read) is cls
        assert [(note.code, note.path) for note in notes] == [("unknown-field", "$.new")]


def test_a_struct_that_is_not_told_apart_for_certain_does_not_learn() -> None:
    """An addition may make a payload another member's."""
    assert Failing not in learnable(node_of(Succeeded | Failing)) or Succeeded in learnable(
        node_of(Succeeded | Failing)
    )
    assert learnable(node_of(Taken | Refused)).keys() == {Taken, Refused, Order, OrderList}
    assert learnable(node_of(Filled | Canceled)).keys() == {Filled, Canceled}


def test_learning_is_bounded() -> None:
    """Beyond the bound additions are read the exact way, with the same notes."""
    shape = Shape(Order)
    for i in range(MAX_ADDED + 8):
        _, notes = shape.collect(sent(ORDER | {f"new{i}": i}))
        assert [note.path for note in notes] == [f"$.new{i}"]
    assert learned(shape, sent(ORDER | {"new0": 5}))[1][0].value == 5
    with pytest.raises(ValueError, match="new39"):
        shape.reader.decode(sent(ORDER | {f"new{MAX_ADDED + 7}": 1}))


def test_keys_that_are_no_plain_names_are_not_learned() -> None:
    """They are noted the exact way each time."""
    shape = Shape(Order)
    for key in ('a"b', "é", "", "x" * 100):
        assert shape.collect(sent(ORDER | {key: 1}))[1]
        assert shape.reader is shape.strict_reader


def test_an_answer_that_carries_nothing_takes_no_more_for_having_learned() -> None:
    """An array beside ``code`` and ``msg`` is another answer."""
    shape = Shape(Refused)
    shape.collect(sent({"code": 1, "msg": "", "trace": "t"}))
    data = sent({"code": 1, "msg": "", "trace": []})
    with pytest.raises(ValueError, match=r"^"):
        learned(shape, data)
    with pytest.raises(Mismatch):
        shape.collect(data)


def test_bytes_that_msgspec_would_skip_are_looked_at() -> None:
    """What stands in an added field is checked as the exact reader checks it."""
    shape = Shape(Order)
    shape.collect(sent(ORDER | {"new": 1}))
    for bad in (b'"\xff"', b'"\\ud800"', b"[" * 100_000):
        data = sent(ORDER)[:-1] + b',"new":' + bad + b"}"
        with pytest.raises((ValueError, RecursionError)):
            learned(shape, data)


def test_threads_learn_together() -> None:
    """Two that read at once get what each would get alone."""
    shape = Shape(list[Order | OrderList])
    alone = {i: Shape(shape.kind).collect(payload(i))[1] for i in range(20)}
    wrong = []

    def read() -> None:
        for i in [*range(20), *range(20)]:
            try:
                _, notes = learned(shape, payload(i))
            except ValueError:
                _, notes = shape.collect(payload(i))
            if notes != alone[i]:
                wrong.append(i)

    threads = [Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def payload(i: int) -> bytes:
    """One of many payloads with additions."""
    return sent([ORDER | {f"new{i % 7}": i, "side": "HOLD"}, LIST | {"legs": [ORDER | {"other": i}]}])
