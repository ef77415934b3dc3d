"""Reading of recorded logs, in many formats, as records."""

from cancelnorm.logs.compression import MissingLibraryError
from cancelnorm.logs.formats import FORMATS, UnknownFormatError
from cancelnorm.logs.open import Batch, batches, files, is_address, read, records, shown_name
from cancelnorm.logs.packing import Writable, packed
from cancelnorm.logs.quarantine import quarantined, redacted
from cancelnorm.logs.source import Block, Item, Options, Unreadable, source_line

__all__ = [
    "FORMATS",
    "Batch",
    "Block",
    "Item",
    "MissingLibraryError",
    "Options",
    "UnknownFormatError",
    "Unreadable",
    "Writable",
    "batches",
    "files",
    "is_address",
    "packed",
    "quarantined",
    "read",
    "records",
    "redacted",
    "shown_name",
    "source_line",
]
