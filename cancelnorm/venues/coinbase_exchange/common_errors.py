"""The errors that every endpoint of Coinbase Exchange answers alike, as many recordings have them without endpoint."""

from typing import Final

from cancelnorm.common_error import CommonError
from cancelnorm.reader.scalars import Prose
from cancelnorm.reader.structs import Exact
from cancelnorm.venues.coinbase_exchange.codes import TEXTS


class Refusal(Exact):
    """A text alone."""

    message: Prose


COMMON_ERRORS: Final = (CommonError(Refusal, code=None, message="message", words=TEXTS),)
