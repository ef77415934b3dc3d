"""Meridian: what its error codes say about a cancel.

https://docs.meridian.example/errors
"""

from types import MappingProxyType
from typing import Final

from cancelnorm.eventmap import CodeTable, rejected, unknown
from cancelnorm.schema import Reason

__all__ = ["V5"]

_DOWN: Final = unknown(Reason.VENUE_UNAVAILABLE)
_TIMEOUT: Final = unknown(Reason.TIMEOUT)

_REJECTED: Final = {
    Reason.INVALID_REQUEST: (
        "50000 50002 50005 50006 50014 50015 50016 50024 50025 50036 50115 "
        "51000 51001 51003 51015 51406 51407 51408 51409 51413"
    ),
    Reason.DUPLICATE_REQUEST: "50042",
    Reason.RATE_LIMITED: "50011 50040 50061 51115",
    Reason.CLOCK_SKEW: "50037 50102 50112",
    Reason.AUTH: "50101 50103 50104 50105 50106 50107 50111 50113 50114 50119",
    Reason.PERMISSION: (
        "50007 50008 50009 50012 50027 50028 50029 50030 50032 50033 50035 50038 50041 50051 50052 50053 "
        "50059 50060 50067 50075 50100 50110 50116 50120 50121 51010 51024 51411"
    ),
    Reason.MARKET_STATE: (
        "50017 50018 50019 50020 50021 50022 50023 51021 51022 51027 51028 51029 51030 51404 54008"
    ),
    Reason.NOT_CANCELABLE: "51403",
    Reason.NOT_FOUND_OR_CLOSED: "51400",  # filled, canceled or unknown: the text names all three
    Reason.ALREADY_CANCELED: "51401",
    Reason.ALREADY_CLOSED: "51402 51416",
    Reason.NOT_FOUND: "51405 51603",
}

V5: Final[CodeTable] = MappingProxyType(
    {
        **{code: rejected(reason) for reason, codes in _REJECTED.items() for code in codes.split()},
        **dict.fromkeys(("50001", "50013", "50026", "50046", "50062"), _DOWN),
        **dict.fromkeys(("50004", "51054", "51149"), _TIMEOUT),
        "51410": unknown(Reason.CANCEL_IN_PROGRESS),
        # One code for two events: the text tells them apart.
        "51412": (("triggered", rejected(Reason.ALREADY_CLOSED)), ("", _TIMEOUT)),
    }
)
"""Codes of requests and of rows."""
