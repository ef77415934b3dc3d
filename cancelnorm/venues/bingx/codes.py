"""BingX's error codes and texts: what each says about a cancel.

A number alone says little here. The same sentence comes under several numbers and the same number with
several sentences, the number is 0 where a batch failed in part, and in October 2025 many perpetual codes
were merged into new ones, so recordings hold both. Where the text speaks, it decides.
"""

from types import MappingProxyType
from typing import Final

from cancelnorm.eventmap import CodeTable, Verdict, rejected, unknown, verdict_of
from cancelnorm.schema import Reason

_INVALID: Final = rejected(Reason.INVALID_REQUEST)
_AUTH: Final = rejected(Reason.AUTH)
_PERMISSION: Final = rejected(Reason.PERMISSION)
_MARKET: Final = rejected(Reason.MARKET_STATE)
_LIMITED: Final = rejected(Reason.RATE_LIMITED)
_CLOCK: Final = rejected(Reason.CLOCK_SKEW)
# The first of the two may have canceled.
_DUPLICATE: Final = unknown(Reason.DUPLICATE_REQUEST)
_GONE: Final = rejected(Reason.NOT_FOUND_OR_CLOSED)
_CLOSED: Final = rejected(Reason.ALREADY_CLOSED)
_OTHER: Final = rejected(Reason.OTHER)
_DOWN: Final = unknown(Reason.VENUE_UNAVAILABLE)
_PROCESSING: Final = unknown(Reason.CANCEL_IN_PROGRESS)

# https://bingx-api.github.io/docs/, the error tables of the trade pages and of the base information, and
# https://github.com/BingX-API/api-ai-skills, the error codes of 2026.
ROWS: Final[tuple[tuple[str, Verdict], ...]] = (
    # Printed under 100202, 100400 and 100421, recorded under 100410 and 100500.
    ("system is busy", _DOWN),
    ("server busy", _DOWN),
    # A server's own words count under a number that is about something else, too.
    ("server error", _DOWN),
    ("rpc timeout", unknown(Reason.TIMEOUT)),
    ("timed out", unknown(Reason.TIMEOUT)),
    ("network failed", _DOWN),
    ("connection refused", _DOWN),
    # One sentence for filled, canceled and never existed; "... already" and "... already before".
    ("filled or cancelled already", _GONE),
    # Only the failing rows of a batch tell these apart. They know the order, and say so.
    ("can not find order", rejected(Reason.NOT_FOUND)),
    ("order status :cancel", rejected(Reason.ALREADY_CANCELED)),
    ("order status :filled", rejected(Reason.ALREADY_FILLED)),
    ("order status :failed", _CLOSED),
    # Said of closed orders too, so no more than that. Under 100400, 100404 and 100421.
    ("order not exist", _GONE),
    ("order does not exist", _GONE),
    ("order doesn't exist", _GONE),
    ("order not found", _GONE),
    # Of a filled order that is said not to exist either, nothing is certain but that it is gone.
    ("already filled", rejected(Reason.ALREADY_FILLED)),
    ("once per second", _DUPLICATE),
    ("once within 1 second", _DUPLICATE),
    ("timestamp", _CLOCK),
    ("contract not exist", _INVALID),
    ("symbol not exist", _INVALID),
    ("symbol is not found", _INVALID),  # 100204
    ("prohibit openapi", _PERMISSION),
    ("verify symbol's status", _MARKET),
    # A pair or all orders that the API may not touch for now; the request is not to blame.
    ("pair is offline", _MARKET),  # 109418
    ("is pause currently", _MARKET),  # 109415, as spelled by the venue
    ("temporarily disabled", _MARKET),  # 109400, while prices move fast
    ("restricted from api trading", _MARKET),  # 100421
    ("not available for trading", _MARKET),  # 101400
    # About the new order of a cancel-replace, if about anything.
    ("suspended from opening", _OTHER),  # 80001, 101415, 101514
    ("pair is suspended", _MARKET),  # 101415
    # An account that may do nothing for now.
    ("temporarily suspended from trading", _PERMISSION),  # 101515
    ("operation is not allowed", _PERMISSION),  # 80001, while its assets are processed
)


# A number says that an order is gone only where its text says so too: texts that nobody has seen yet must not
# make anyone drop a live order.


def _texts(otherwise: Verdict) -> tuple[tuple[str, Verdict], ...]:
    """The rows of a number that says only what its text says."""
    return (*ROWS, ("", otherwise))


_TEXTS: Final[CodeTable] = MappingProxyType({0: ROWS})


def verdict_by_text(message: str) -> Verdict:
    """The verdict of a text beside which no number stands, or one that is about something else."""
    return verdict_of(_TEXTS, 0, message)


def verdict_by_code(table: CodeTable, code: int, message: str, status: int | None = None) -> Verdict:
    """The verdict of a number and a text; under a number that no table lists, the text decides alone."""
    if code not in table:
        table, code = _TEXTS, 0
    return verdict_of(table, code, message, status)


_GATEWAY: Final[CodeTable] = {
    # The statuses of HTTP, which the base information lists as codes.
    400: _texts(_INVALID),
    401: _AUTH,
    403: _PERMISSION,
    404: _texts(_INVALID),
    418: _LIMITED,
    429: _LIMITED,
    500: _DOWN,
    504: unknown(Reason.TIMEOUT),
    100001: _AUTH,
    100004: _PERMISSION,
    100202: _texts(_OTHER),  # a balance: about the new order of a cancel-replace, if about anything
    100204: _texts(_OTHER),  # no data: no such symbol, or a query of too wide a range
    100400: _texts(_INVALID),  # a wrong route or parameter, or an order that is not there
    100403: _PERMISSION,
    100404: _texts(_INVALID),  # a wrong path, or an order that is not there
    100409: _texts(_LIMITED),
    # Also the penalty for over 20 failing requests in 8 minutes, such as cancels of orders that are gone. The
    # inner code that its text quotes is about those and not about this one.
    100410: (("over 20 error code", _LIMITED), *_texts(_LIMITED)),
    100412: _AUTH,
    100413: _AUTH,
    100414: _PERMISSION,
    100419: _PERMISSION,  # the address is not on the key's list
    100421: _texts(_OTHER),  # the clock, the pair, the account, or an order that is not there
    100440: _texts(_OTHER),  # a price: the same
    100441: _PERMISSION,
    100490: _MARKET,
    100500: _DOWN,
    100503: _DOWN,
    # Of perpetuals, and not recorded of spot; what a failing server may have done is open wherever it fails.
    109429: _LIMITED,
    109500: (("cancel order failed", _OTHER), *_texts(_DOWN)),
    109701: _DOWN,
    110500: _DOWN,
}

SPOT: Final[CodeTable] = MappingProxyType(
    {
        **_GATEWAY,
        80014: _texts(_INVALID),
        101402: _texts(_OTHER),
    }
)

# Something that is wrong with a request. A margin is about the new order of a cancel-replace, if about anything.
_PARAMETER: Final = (("not enough", _OTHER), ("insufficient", _OTHER), *_texts(_INVALID))
# A status in which an order cannot be canceled; other things may be illegal, too.
_STATUS: Final = (
    ("position not exist", _OTHER),
    ("status illegal", _CLOSED),  # "order filled or status illegal"
    ("statusillegal", _CLOSED),  # "APIAccountErrorOrderStatusIllegal"
    ("illegal order status", _CLOSED),
    ("illegal status", _CLOSED),
    ("doesn't exist", _GONE),
    ("is filled", rejected(Reason.ALREADY_FILLED)),
    *_texts(_OTHER),
)

SWAP: Final[CodeTable] = MappingProxyType(
    {
        **_GATEWAY,
        40029: _PERMISSION,
        80001: (("both empty", _INVALID), *_texts(_DOWN)),  # now 109400
        80012: (  # now 109500
            ("symbol not exist", _INVALID),
            ("invalid parameter", _INVALID),
            ("locked", _MARKET),
            ("cancel order failed", _OTHER),
            *_texts(_DOWN),
        ),
        80013: _OTHER,
        80014: _texts(_INVALID),
        80016: (("not exist", rejected(Reason.NOT_FOUND)), *_texts(_OTHER)),  # now 109421
        80017: _OTHER,  # no position; now 109422
        80018: _STATUS,  # now 109422
        80019: _PROCESSING,  # now 109423, for a TWAP order 109424
        80020: _PERMISSION,  # now 109403
        101209: _texts(_INVALID),  # the maximum position in one list, a repeated order in the other
        101210: _PERMISSION,  # a region
        101212: _MARKET,
        101214: _MARKET,
        101413: _MARKET,
        101415: _texts(_MARKET),
        101483: _PERMISSION,
        101484: _PERMISSION,
        101500: unknown(Reason.TIMEOUT),
        101515: _PERMISSION,
        104414: _PERMISSION,  # not for traders that others copy
        104424: _MARKET,
        109201: _DUPLICATE,
        109400: _PARAMETER,
        109403: (("too high", _LIMITED), ("", _PERMISSION)),
        # Any parameter that is wrong, and until October 2025 an order that is not there; now 109400.
        109414: _PARAMETER,
        109415: _texts(_MARKET),
        109417: _texts(_MARKET),  # a pair before its launch
        109418: _texts(_MARKET),
        109420: _OTHER,
        109421: _texts(_OTHER),
        109422: _STATUS,
        109423: _PROCESSING,
        109424: _PROCESSING,
        109425: _texts(_INVALID),
        109430: _MARKET,
    }
)
