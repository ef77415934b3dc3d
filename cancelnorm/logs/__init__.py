"""Reading of recorded logs, in many formats, as records."""

from cancelnorm.logs.archives import archived
from cancelnorm.logs.compression import MissingLibraryError
from cancelnorm.logs.formats import FORMATS, UnknownFormatError
from cancelnorm.logs.open import Batch, batches, files, passed_over, read, records
from cancelnorm.logs.opening import is_address, shown_name
from cancelnorm.logs.packing import Writable, packed
from cancelnorm.logs.quarantine import quarantined, redacted
from cancelnorm.logs.source import Block, Item, Options, Unreadable, source_line
from cancelnorm.logs.timestamps import UnknownZoneError, zone_of

__all__ = [
    "FORMATS",
    "Batch",
    "Block",
    "Item",
    "MissingLibraryError",
    "Options",
    "UnknownFormatError",
    "UnknownZoneError",
    "Unreadable",
    "Writable",
    "archived",
    "batches",
    "files",
    "is_address",
    "packed",
    "passed_over",
    "quarantined",
    "read",
    "records",
    "redacted",
    "shown_name",
    "source_line",
    "zone_of",
]
