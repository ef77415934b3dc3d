"""A page of stories: the orders that need attention with all facts, then a table of all orders."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from cancelnorm.logs import MissingLibraryError
from cancelnorm.masking import without_secrets
from cancelnorm.report.attention import Attention
from cancelnorm.report.html.concerns import shown_concerns
from cancelnorm.report.html.writer import rendered
from cancelnorm.report.stories import StoryWriter, cells
from cancelnorm.report.story_facts import look_at
from cancelnorm.report.timeline import EXPLAINED, said_in_full, timeline
from cancelnorm.schema import CancelEvent, EventKind
from cancelnorm.story import Fate, OrderVerdict, Story
from cancelnorm.version import __version__

__all__ = ["StoryPage"]

_MOST: Final = 2_000


class History(NamedTuple):
    """The history of one order, as lines of text."""

    name: str
    lines: list[str]


class StoryPage(StoryWriter):
    """Writer of one self-contained page, with at most 2,000 orders and the counts of all."""

    def __init__(self, write: Callable[[str], object]) -> None:
        super().__init__(write)
        try:
            import jinja2  # noqa: F401
        except ImportError as error:
            raise MissingLibraryError("html", "a page", "html") from error
        self._attention = Attention()
        self._fates: Counter[Fate] = Counter()
        self._rows: list[tuple[str, ...]] = []
        self._venues: set[str] = set()
        self._histories: list[History] = []

    def add(self, stories: Sequence[tuple[Story, OrderVerdict]]) -> None:
        """Count stories and keep the first."""
        look_at((story for story, _ in stories), self._attention)
        self._fates.update(verdict.fate for _, verdict in stories)
        self._venues.update(story.venue for story, _ in stories)
        self._rows += [cells(story, verdict) for story, verdict in stories[: _MOST - len(self._rows)]]

    def tell(self, story: Story, verdict: OrderVerdict, events: Iterable[CancelEvent]) -> None:
        """Keep the history of an order."""
        lines = [*said_in_full(story, verdict), "", *timeline(events)]
        name = story.key.order_id or story.key.client_order_id or ""
        self._histories.append(History(without_secrets(name), lines))

    def end(self, unnamed: Mapping[EventKind, int]) -> None:
        """Write the page."""
        self._write(
            rendered(
                "stories.html",
                {
                    "version": __version__,
                    "total": self._fates.total(),
                    "fates": [(fate, self._fates[fate]) for fate in Fate if self._fates[fate]],
                    "explained": EXPLAINED,
                    "orders": self._attention.orders,
                    "concerns": shown_concerns(self._attention),
                    "rows": self._rows,
                    "is_one_venue": len(self._venues) <= 1,
                    "more": self._fates.total() - len(self._rows),
                    "histories": self._histories,
                    "unnamed": sum(unnamed.values()),
                },
            )
        )
