"""The errors that every spot endpoint of MEXC answers alike, as many recordings have them without endpoint."""

from typing import Final

from cancelnorm.common_error import CommonError
from cancelnorm.reader.scalars import Failed, Prose
from cancelnorm.reader.structs import Camel
from cancelnorm.venues.mexc.codes import SPOT


class Refusal(Camel):
    """A code and a text, as spot spells them."""

    code: Failed
    msg: Prose


COMMON_ERRORS: Final = (CommonError(Refusal, code="code", message="msg", tables=(SPOT,)),)
