"""The errors that every endpoint of OKX answers alike, as many recordings have them without endpoint."""

from typing import Annotated, Final

from msgspec import UNSET, Meta, UnsetType

from cancelnorm.common_error import CommonError
from cancelnorm.reader.scalars import Prose
from cancelnorm.reader.structs import Camel
from cancelnorm.venues.okx.codes import CODES, QUERIED, SPREAD
from cancelnorm.venues.okx.messages import SAYS_CANCEL, RefusalCode


class Failure(Camel):
    """A code and a text, mostly beside an array with nothing in it."""

    code: RefusalCode
    msg: Prose
    data: Annotated[list[str], Meta(max_length=0)] | UnsetType = UNSET


COMMON_ERRORS: Final = (
    CommonError(Failure, code="code", message="msg", tables=(CODES, SPREAD, QUERIED), words=(SAYS_CANCEL,)),
)
