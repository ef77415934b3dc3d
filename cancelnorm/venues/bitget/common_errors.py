"""The errors that every endpoint of Bitget answers alike, as many recordings have them without endpoint."""

from typing import Annotated, Final

from msgspec import Meta

from cancelnorm.common_error import CommonError
from cancelnorm.reader.scalars import Epoch, Prose
from cancelnorm.reader.structs import Camel
from cancelnorm.venues.bitget.codes import CODES
from cancelnorm.venues.bitget.messages import SAYS_CANCEL


class Failure(Camel):
    """A code and a text in an envelope with nothing else in it."""

    code: Annotated[str, Meta(pattern=r"^(?!00000\Z)")]
    msg: Prose
    request_time: Epoch
    data: None


COMMON_ERRORS: Final = (
    CommonError(
        Failure,
        code="code",
        message="msg",
        tables=(CODES,),
        words=(SAYS_CANCEL,),
        clock="request_time",
    ),
)
