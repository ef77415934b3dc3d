"""Cells: what is kept of rows until someone asks for their events, and then gives the same ones."""

from decimal import Decimal

from cancelnorm import CancelEvent, CancelNormError, normalise
from cancelnorm.answer import normalise_at
from cancelnorm.api import find_endpoint
from cancelnorm.endpoint import Endpoint
from cancelnorm.eventmap.cells import OF_RECORD, Cells, rows_of
from cancelnorm.lazy import LazyList, LazyParts
from cancelnorm.reader.scalars import exact
from tests.batches import each_sample
from tests.samples import SAMPLES


@each_sample
def test_events_made_of_cells_are_the_same(name: str) -> None:
    """Whoever looks into a list of cells finds the events that there would have been, and each field has its origin."""
    record = SAMPLES[name].record(name)
    if record.endpoint is None or record.pairing is not None:
        return
    endpoint = find_endpoint(record.venue, record.endpoint)
    try:
        expected = normalise(record)
    except CancelNormError:
        return
    cells: object = normalise_at(record, endpoint, "collect", by_column=True).events
    if isinstance(cells, Cells):
        assert_told(cells, endpoint)
    assert list(normalise_at(record, endpoint, "collect", by_column=True).events) == list(expected.events)


def assert_told(cells: Cells, endpoint: Endpoint) -> None:
    """What cells, the verdict, the endpoint and the record say of an event, and what is constant, is all of it."""
    loop = cells.loop
    own = {"venue": endpoint.venue, "product": endpoint.product, "endpoint": endpoint.name}
    same = {name: own[name] for name in loop.of_endpoint} | dict(loop.constants)
    told = {*same, *loop.of_verdict, *loop.names, *OF_RECORD} - {"verdict"}
    assert told == set(CancelEvent.__struct_fields__)
    assert bool(loop.of_verdict) == ("verdict" in loop.names)
    assert {*OF_RECORD} == {"sent_ns", "received_ns", "source", "account"}  # of all rows, so no row has them
    assert not {*OF_RECORD, "venue", "endpoint"} & {*loop.names}
    for event, row in zip(cells, rows_of(loop, [cells]), strict=True):
        assert {name: getattr(event, name) for name in same} == same
        for name, cell in zip(loop.names, row, strict=True):
            if name == "verdict":
                shown = {each: getattr(cell, each) for each in loop.of_verdict}
                assert shown == {each: getattr(event, each) for each in loop.of_verdict}
            else:
                value = getattr(event, name)
                assert cell in (value, exact(value) if isinstance(value, Decimal) else value)


class Numbers(LazyList):
    """Numbers that count how often they are made."""

    made = 0

    def make(self) -> list[int]:
        """Make the numbers."""
        Numbers.made += 1
        return list(range(self._count))


def test_a_lazy_list_is_made_once_and_is_a_list_then() -> None:
    """Its length is known before."""
    Numbers.made = 0
    numbers = Numbers(3)
    assert len(numbers) == 3
    assert not numbers.is_made
    numbers[0] = 5
    numbers.append(7)
    numbers.insert(0, 9)
    numbers.extend([1])
    del numbers[1]
    assert list(numbers) == [9, 1, 2, 7, 1]
    before, after = [0] + numbers, numbers + [0]  # noqa: RUF005  # that is what is tested
    assert (before, after) == ([0, 9, 1, 2, 7, 1], [9, 1, 2, 7, 1, 0])
    assert Numbers.made == 1


def test_lazy_lists_that_are_added_stay_lazy() -> None:
    """So do the parts of what they are added to, until it is made."""
    numbers = Numbers(2)
    same = numbers
    same += []
    assert same is numbers
    parts = LazyParts()
    parts += numbers
    parts += [7]
    assert (len(parts), numbers.is_made, len(parts.parts)) == (3, False, 2)
    both = Numbers(1)
    both += [4]
    assert list(both) == [0, 4]
    assert list(parts) == [0, 1, 7]
    parts += [8]
    assert list(parts) == [0, 1, 7, 8]
