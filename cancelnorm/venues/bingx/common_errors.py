"""The errors that every endpoint of BingX answers alike, as many recordings have them without endpoint."""

from typing import Final

from cancelnorm.common_error import CommonError
from cancelnorm.reader.scalars import Prose
from cancelnorm.reader.structs import Camel
from cancelnorm.venues.bingx.codes import ROWS, SPOT, SWAP
from cancelnorm.venues.bingx.messages import RETRY_AFTER, ErrorCode
from cancelnorm.venues.bingx.spot_replace import TOLD


class Failure(Camel):
    """A code and a text."""

    code: ErrorCode
    msg: Prose


COMMON_ERRORS: Final = (
    CommonError(
        Failure,
        code="code",
        message="msg",
        tables=(SPOT, SWAP),
        words=(word for word, _ in ROWS),
        patterns=(RETRY_AFTER, TOLD),
    ),
)
