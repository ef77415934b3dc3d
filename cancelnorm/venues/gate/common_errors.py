"""The errors that every endpoint of Gate answers alike, as many recordings have them without endpoint."""

from typing import Annotated, Final

from msgspec import UNSET, Meta, UnsetType

from cancelnorm.common_error import CommonError
from cancelnorm.reader.scalars import Prose
from cancelnorm.reader.structs import Exact
from cancelnorm.venues.gate.labels import LABELS, SPOT_LABELS


class Failure(Exact):
    """A label, mostly with a text."""

    label: Annotated[str, Meta(min_length=1)]
    message: Prose | UnsetType = UNSET


COMMON_ERRORS: Final = (CommonError(Failure, code="label", message="message", tables=(LABELS, SPOT_LABELS)),)
