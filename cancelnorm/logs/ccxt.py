"""The format ``ccxt``: requests, answers and frames that ccxt prints in verbose mode, or logs at DEBUG level."""

import re
from typing import Final

from cancelnorm.logs.source import Format
from cancelnorm.logs.text import read

__all__ = ["CCXT"]

_SIGN: Final = re.compile(
    rb"^(?:fetch(?: Re(?:quest|sponse))?: ?(?:[a-z]\w* [A-Z]+ https?://|\r?$)"  # Python, JavaScript
    rb"|handleRestResponse:\s*$"  # JavaScript
    rb"|Re(?:quest|sponse): [A-Z]{3,7} https?://\S++ (?:\d{3} )?\{'"  # Python before 2021-11
    rb"|    \[0\] => fetch Re(?:quest|sponse):"  # PHP
    rb"|[^{\n]*\bRequestTimeout[:(' ]{1,3}[a-z]\w* [A-Z]{3,7} https?://"  # an exception
    rb"|\d{4}-\d\d-\d\dT[\d:.]+Z (?:connecting to wss?://|sending |message |onMessage ))"  # ccxt.pro
    rb"|, (?:Request: \{'|Response: \d{3} \{')",  # Python's logger
    re.MULTILINE,
)


def fits(head: bytes) -> bool:
    """Tell whether a log has a request, an answer or a frame as ccxt prints it in one of its languages."""
    return _SIGN.search(head) is not None


CCXT: Final = Format("ccxt", "verbose output and DEBUG logs of ccxt", fits, read)
