"""Events as Arrow columns."""

try:
    import pyarrow as pa  # noqa: F401  # so that its absence is explained here
except ModuleNotFoundError as error:
    reason = "cancelnorm.arrow takes pyarrow: pip install 'cancelnorm[arrow]'"
    raise ModuleNotFoundError(reason, name="pyarrow") from error

from cancelnorm.arrow.batch import normalise_batch
from cancelnorm.arrow.files import read
from cancelnorm.arrow.lines import normalise_lines, normalise_log
from cancelnorm.arrow.rows import from_batches, to_batches
from cancelnorm.arrow.schema import SCHEMA, Times
from cancelnorm.arrow.stories import merge_stories, stories
from cancelnorm.arrow.story_schema import STORIES

__all__ = [
    "SCHEMA",
    "STORIES",
    "Times",
    "from_batches",
    "merge_stories",
    "normalise_batch",
    "normalise_lines",
    "normalise_log",
    "read",
    "stories",
    "to_batches",
]
