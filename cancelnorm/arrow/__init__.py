"""Events as Arrow columns; needs pyarrow, which ``cancelnorm[arrow]`` installs."""

from cancelnorm.arrow.batch import normalise_batch
from cancelnorm.arrow.rows import from_batches, to_batches
from cancelnorm.arrow.schema import SCHEMA, Times

__all__ = ["SCHEMA", "Times", "from_batches", "normalise_batch", "to_batches"]
