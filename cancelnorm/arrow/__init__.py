"""Events as Arrow columns; needs pyarrow, which ``cancelnorm[arrow]`` installs."""

from cancelnorm.arrow.batch import normalise_batch
from cancelnorm.arrow.lines import normalise_lines, normalise_log
from cancelnorm.arrow.rows import from_batches, to_batches
from cancelnorm.arrow.schema import SCHEMA, Times

__all__ = [
    "SCHEMA",
    "Times",
    "from_batches",
    "normalise_batch",
    "normalise_lines",
    "normalise_log",
    "to_batches",
]
