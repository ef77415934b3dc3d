"""Blocks of plain lines are read with their answers, where the one before was of such lines alone."""

import pytest

from cancelnorm.check import plain_lines
from cancelnorm.check.plain_lines import PlainLinesReader
from cancelnorm.logs import Block, Lines, read_lines
from tests.check.test_plain_lines import NS, PARTIAL, PLAIN, STOP, line


def test_blocks_after_a_plain_one_are_read_with_their_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines are not read a second time, unless a block has any that are not like those before."""
    read: list[int] = []

    def counted(block: Block) -> Lines | None:
        read.append(block.number)
        return read_lines(block)

    monkeypatch.setattr(plain_lines, "read_lines", counted)
    plain = {"request": {"symbol": "BTCUSDT"}, "sent_ns": NS, "received_ns": NS}
    blocks = [
        [line([PLAIN], **plain)],
        [line([PLAIN, PLAIN | STOP], **plain), line([PLAIN | PARTIAL])],  # without keys
        [line([PLAIN], **plain | {"status": None})],
        [line([PLAIN], **plain)],
        [line([PLAIN], **plain)],
        [line([PLAIN | {"newField": 1}])],
        [line([PLAIN]), line([PLAIN], status=201)],
        [line([PLAIN])],
        [line([PLAIN])],
    ]
    reader = PlainLinesReader()
    for number, block in enumerate(blocks):
        assert reader.read_block(Block("day.jsonl", number, b"\n".join(block) + b"\n")) is not None
    assert read == [0, 5, 6, 7]


@pytest.mark.parametrize(
    ("log", "twice"),
    [
        ("plain other plain plain other plain plain", [0, 1, 2, 4, 5]),
        ("plain other plain other plain plain plain", [0, 1, 2, 3, 4, 5, 6]),
    ],
)
def test_blocks_are_read_with_their_answers_until_that_is_in_vain_twice(
    monkeypatch: pytest.MonkeyPatch, log: str, twice: list[int]
) -> None:
    """Those that are not like the ones before are read a second time; what was not in vain is forgotten."""
    read: list[int] = []

    def counted(block: Block) -> Lines | None:
        read.append(block.number)
        return read_lines(block)

    monkeypatch.setattr(plain_lines, "read_lines", counted)
    blocks = {"plain": line([PLAIN]) + b"\n", "other": line([PLAIN | {"newField": 1}]) + b"\n"}
    reader = PlainLinesReader()
    for number, name in enumerate(log.split()):
        assert reader.read_block(Block("day.jsonl", number, blocks[name])) is not None
    assert read == twice
