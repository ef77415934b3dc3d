"""The errors that nearly every endpoint of Bybit answers alike, as many recordings have them without endpoint."""

from typing import Final

from cancelnorm.common_error import CommonError
from cancelnorm.reader.scalars import Epoch, Failed, Prose
from cancelnorm.reader.structs import Camel
from cancelnorm.venues.bybit.codes import V5
from cancelnorm.venues.bybit.messages import SAYS_CANCEL, Empty


class Failure(Camel):
    """A code and a text in an envelope with nothing else in it."""

    ret_code: Failed
    ret_msg: Prose
    result: Empty
    ret_ext_info: Empty
    time: Epoch


COMMON_ERRORS: Final = (
    CommonError(
        Failure,
        code="ret_code",
        message="ret_msg",
        tables=(V5,),
        words=(SAYS_CANCEL,),
        clock="time",
    ),
)
