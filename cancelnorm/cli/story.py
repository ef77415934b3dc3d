"""The command ``story``: what became of each order of a log, or the history of one."""

from collections.abc import Iterable
from contextlib import ExitStack
from functools import partial
from typing import Literal

from msgspec import Struct, field

from cancelnorm.assumptions import Assumptions
from cancelnorm.check import Finding, Refused, Skipped, judge
from cancelnorm.cli.arrow_alone import arrow_alone
from cancelnorm.cli.output import is_terminal, outputs
from cancelnorm.cli.progress import progress
from cancelnorm.cli.results import results
from cancelnorm.cli.terminal import complain, stop
from cancelnorm.errors import cited
from cancelnorm.logs import Batch, MissingLibraryError, Options, Writable
from cancelnorm.record import Record
from cancelnorm.report import counted
from cancelnorm.report.stories import STORY_WRITERS, StoryWriter
from cancelnorm.schema import CancelEvent
from cancelnorm.story import WINDOW, Gathering, OrderVerdict, Stories, Story, StoryKey, fills_beside, fills_of

__all__ = ["StoryRun"]

Named = tuple[StoryKey, CancelEvent]
"""An event, and the key of its story."""


class Told(Struct):
    """Stories of a batch, and the events that may be those of an order that is looked for."""

    stories: Stories
    events: list[Named]
    records: int = 0
    refused: list[tuple[int, Finding]] = field(default_factory=list)

    def keep(self, key: StoryKey | None, event: CancelEvent, orders: frozenset[str]) -> None:
        """Keep an event that may be about one of the orders that are looked for."""
        if key is not None and _may_be_of(event, orders):
            self.events.append((key, event))


def tell(batch: Batch, drift: Literal["collect", "refuse"], orders: frozenset[str]) -> Told:
    """Fold the events of a batch; a refused answer is an attempt that says nothing."""
    gathering, assumptions = Gathering(), Assumptions()
    told = Told(Stories({}), [])
    for position, item in enumerate(batch.found()):
        told.records += 1
        match judge(item, drift, assumptions):
            case Skipped():
                for fill in fills_of(item) if isinstance(item, Record) else ():
                    told.keep(gathering.show(fill), fill, orders)
                continue
            case Refused(finding, event):
                told.refused.append((position, finding))
                events: Iterable[CancelEvent] = () if event is None else (event,)
            case result:
                events = result.events
                for fill in fills_beside(events, item):
                    told.keep(gathering.show(fill), fill, orders)
        for event in events:
            told.keep(gathering.add(event), event, orders)
    told.stories = gathering.stories()
    return told


def _may_be_of(event: CancelEvent, orders: frozenset[str]) -> bool:
    """Whether an event names one of some orders by an id, or lacks an id and may turn out to be about one."""
    if not orders:
        return False
    order_id, client_id = event.order_id, event.client_order_id
    return order_id is None or client_id is None or order_id in orders or client_id in orders


class StoryRun(Struct, frozen=True):
    """Options of a run; with ``orders`` it tells the history of these."""

    files: list[str]
    options: Options
    drift: Literal["collect", "refuse"]
    jobs: int
    output_format: str
    orders: frozenset[str] = frozenset()
    unresolved: bool = False
    output: str | None = None
    quiet: bool = False

    def run(self) -> int:
        """Write the stories of all files and return the exit code."""
        gathering, history = Gathering(), _History(self.orders)
        records = refused = 0
        with ExitStack() as stack:
            opened = stack.enter_context(outputs(self.files))
            file = opened(self.output)
            writer = self._writer(file)
            stack.callback(writer.abandon)
            is_shown = not self.quiet and not is_terminal(self.output)
            bar = stack.enter_context(progress("reading", self.files, is_shown=is_shown))
            work = partial(tell, drift=self.drift, orders=self.orders)
            found = stack.enter_context(results(self.files, self.options, work=work, jobs=self.jobs, bar=bar))
            for _, told in found:
                records += told.records
                refused += len(told.refused)
                gathering.join(told.stories)
                history.collect(told.events, gathering)
                self._write(gathering.leaving(WINDOW), writer, history)
            left = gathering.stories()
            self._write(left.linked(), writer, history)
            bar.clear()
            if not records and not found.unread:
                raise stop("no records found")
            if self.orders:
                self._tell(writer, history)
            writer.end(left.unnamed)
        found.stop_if_unread()
        if refused and not self.quiet:
            complain(f"cancelnorm: {counted(refused, 'record')} refused; run cancelnorm check to list them")
        return 1 if refused else 0

    def _writer(self, file: Writable) -> StoryWriter:
        if self.output_format != "parquet":
            return STORY_WRITERS[self.output_format](
                lambda text: file.write(text.encode("utf-8", "backslashreplace"))
            )
        with arrow_alone():
            try:
                from cancelnorm.arrow.story_table import StoryTable
            except ModuleNotFoundError as error:
                raise MissingLibraryError(self.output or "-", "Parquet", "arrow") from error
        return StoryTable(file)

    def _write(self, stories: Iterable[Story], writer: StoryWriter, history: "_History") -> None:
        """Write the stories that are wanted, or keep those of the orders that are looked for."""
        if self.orders:
            history.keep(stories)
            return
        told = [(story, story.verdict()) for story in stories]
        writer.add([one for one in told if self._is_wanted(one[1])])

    def _is_wanted(self, verdict: OrderVerdict) -> bool:
        return not self.unresolved or verdict.is_unresolved

    def _tell(self, writer: StoryWriter, history: "_History") -> None:
        """Write the history of each order."""
        found = [(story, story.verdict()) for story in history.stories.values()]
        if not found:
            named = ", ".join(cited(order) for order in sorted(self.orders))
            raise stop(f"--order {named}: no such order id or client order id in the log")
        for story, verdict in found:
            if self._is_wanted(verdict):
                writer.tell(story, verdict, history.of(story))


_MOST_EVENTS = 50_000


class _History:
    """The orders that are looked for, and the events that may be theirs.

    Events that lack an id are kept until another event shows that their order has other ones.
    """

    def __init__(self, orders: frozenset[str]) -> None:
        self.events: list[Named] = []
        self.stories: dict[StoryKey, Story] = {}
        self._orders = orders
        self._most = _MOST_EVENTS

    def collect(self, events: Iterable[Named], gathering: Gathering) -> None:
        """Keep events, as long as they may be those of the orders."""
        self.events += events
        if len(self.events) > self._most:
            self.events = [
                (key, event)
                for key, event in self.events
                if key.order_id is None
                or key.order_id in self._orders
                or self._orders.intersection(ids := gathering.client_ids_of(key))
                or not ids
            ]
            self._most = 2 * len(self.events) + _MOST_EVENTS

    def keep(self, stories: Iterable[Story]) -> None:
        """Keep those of the orders; a story that left memory earlier is joined with the rest of it."""
        for story in stories:
            if story.key.order_id in self._orders or not self._orders.isdisjoint(story.client_order_ids):
                known = self.stories.get(story.key)
                self.stories[story.key] = story if known is None else known.merge(story)

    def of(self, story: Story) -> list[CancelEvent]:
        """The events of a story, in the order of the log."""
        keys = {story.key, *story.linked}
        return [event for key, event in self.events if key in keys]
