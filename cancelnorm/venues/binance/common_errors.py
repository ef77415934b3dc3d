"""The errors that nearly every endpoint of Binance answers alike, as many recordings have them without endpoint."""

from typing import Annotated, Final

from msgspec import Meta

from cancelnorm.common_error import CommonError
from cancelnorm.reader.scalars import Prose
from cancelnorm.reader.structs import Camel
from cancelnorm.venues.binance.codes import FUTURES, OPTIONS, SPOT
from cancelnorm.venues.binance.messages import BAN


class Failure(Camel):
    """A code and a text. Some endpoints report success with 0 or 200."""

    code: Annotated[int, Meta(ge=-(2**63), le=-1)]
    msg: Prose


COMMON_ERRORS: Final = (
    CommonError(Failure, code="code", message="msg", tables=(SPOT, FUTURES, OPTIONS), patterns=(BAN,)),
)
