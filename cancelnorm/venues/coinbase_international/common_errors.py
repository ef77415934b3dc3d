"""The errors that every endpoint of Coinbase International answers alike, where a title has no code."""

from typing import Final

from cancelnorm.common_error import CommonError
from cancelnorm.reader.scalars import Int, Prose
from cancelnorm.reader.structs import Exact
from cancelnorm.venues.coinbase_international.codes import OF_ALL, OF_ONE
from cancelnorm.venues.coinbase_international.messages import CODE_IN_TITLE


class Failure(Exact):
    """A title, and the HTTP status."""

    title: Prose
    status: Int


COMMON_ERRORS: Final = (
    CommonError(Failure, code="status", message="title", tables=(OF_ONE, OF_ALL), patterns=(CODE_IN_TITLE,)),
)
