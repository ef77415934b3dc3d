"""Reading of recorded logs, in many formats, as records."""

from cancelnorm.logs.archives import archived
from cancelnorm.logs.compression import MissingLibraryError
from cancelnorm.logs.formats import FORMAT_NAMES, UnknownFormatError, named
from cancelnorm.logs.item import Item, Unreadable
from cancelnorm.logs.limits import MAX_RECORD_BYTES, bytes_of, shown_size
from cancelnorm.logs.locations import source_line
from cancelnorm.logs.open import Batch, batches, files, passed_over, read, records
from cancelnorm.logs.opening import is_address, shown_name
from cancelnorm.logs.options import Options, ReadOptions, options_of
from cancelnorm.logs.packing import Writable, packed
from cancelnorm.logs.quarantine import quarantined, redacted
from cancelnorm.logs.ranges import ranges
from cancelnorm.logs.record_line import Line
from cancelnorm.logs.records import AnsweredLine, Lines, answered_lines, read_answers, read_lines
from cancelnorm.logs.secrets import safe_account
from cancelnorm.logs.source import Block, Range
from cancelnorm.logs.timestamps import UnknownZoneError, zone_of
from cancelnorm.logs.windows import window

__all__ = [
    "FORMAT_NAMES",
    "MAX_RECORD_BYTES",
    "AnsweredLine",
    "Batch",
    "Block",
    "Item",
    "Line",
    "Lines",
    "MissingLibraryError",
    "Options",
    "Range",
    "ReadOptions",
    "UnknownFormatError",
    "UnknownZoneError",
    "Unreadable",
    "Writable",
    "answered_lines",
    "archived",
    "batches",
    "bytes_of",
    "files",
    "is_address",
    "named",
    "options_of",
    "packed",
    "passed_over",
    "quarantined",
    "ranges",
    "read",
    "read_answers",
    "read_lines",
    "records",
    "redacted",
    "safe_account",
    "shown_name",
    "shown_size",
    "source_line",
    "window",
    "zone_of",
]
