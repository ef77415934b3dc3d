"""The errors that every endpoint of Coinbase answers alike, where they have no details beside the message."""

from typing import Annotated, Final

from msgspec import Meta

from cancelnorm.common_error import CommonError
from cancelnorm.reader.scalars import Prose
from cancelnorm.reader.structs import Exact
from cancelnorm.venues.coinbase.codes import WORDS


class Failure(Exact):
    """A word, and a text."""

    error: Annotated[str, Meta(min_length=1)]
    message: Prose


COMMON_ERRORS: Final = (CommonError(Failure, code="error", message="message", tables=(WORDS,)),)
