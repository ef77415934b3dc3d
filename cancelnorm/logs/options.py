"""Options: what the caller knows of a log."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import TypedDict, get_args

from msgspec import Struct
from msgspec.structs import force_setattr

from cancelnorm import venues
from cancelnorm.errors import require_word
from cancelnorm.logs.limits import MAX_RECORD_BYTES
from cancelnorm.logs.timestamps import zone_of
from cancelnorm.record import Dialect

__all__ = ["Options", "ReadOptions", "options_of"]


class Options(Struct, frozen=True):
    """The caller's knowledge of a log.

    ``paths`` maps a part of the record to its path in a line: ``{"payload": "$.response.body"}``. ``venue``,
    by name or alias, and ``endpoint`` are those of lines that name none. ``hosts`` are pairs of a host that is no
    venue's own, such as a proxy, and the venue behind it. ``tz`` is the name or the offset of a time zone.
    """

    format: str | None = None
    paths: Mapping[str, str] = {}
    venue: str | None = None
    endpoint: str | None = None
    dialect: Dialect | None = None
    hosts: tuple[tuple[str, str], ...] = ()
    tz: str | None = None  # of times without a zone; UTC if it is None
    max_record_bytes: int = MAX_RECORD_BYTES  # of a line, an entry, a payload or a decompressed body

    @property
    def zone(self) -> tzinfo:
        """The time zone of times without one of their own; raises UnknownZoneError."""
        return zone_of(self.tz or "UTC")

    def __post_init__(self) -> None:
        """Replace an alias by the name of its venue; raise ValueError for an unknown dialect."""
        if self.venue is not None:
            force_setattr(self, "venue", venues.canonical(self.venue))
        if self.hosts:
            # A port is no part of a host.
            named = ((host.lower().partition(":")[0], venues.canonical(venue)) for host, venue in self.hosts)
            force_setattr(self, "hosts", tuple(named))
        if self.dialect is not None:
            require_word("dialect", self.dialect, get_args(Dialect))


class ReadOptions(TypedDict, total=False):
    """What ``read`` takes beside the log."""

    format: str | None
    paths: Mapping[str, str] | None
    venue: str | None
    endpoint: str | None
    dialect: Dialect | None
    hosts: Mapping[str, str] | None
    tz: str | None
    max_record_bytes: int


def options_of(
    *,
    format: str | None = None,  # noqa: A002  # as the command line calls it
    paths: Mapping[str, str] | None = None,
    venue: str | None = None,
    endpoint: str | None = None,
    dialect: Dialect | None = None,
    hosts: Mapping[str, str] | None = None,
    tz: str | None = None,
    max_record_bytes: int = MAX_RECORD_BYTES,
) -> Options:
    """The options that a caller of ``read`` gave."""
    pairs = tuple((hosts or {}).items())
    return Options(format, paths or {}, venue, endpoint, dialect, pairs, tz, max_record_bytes)
