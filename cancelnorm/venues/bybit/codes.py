"""Bybit's error codes: what each says about a cancel."""

from types import MappingProxyType
from typing import Final

from cancelnorm.eventmap import CodeTable, Verdict, rejected, unknown
from cancelnorm.schema import Reason

_INVALID: Final = rejected(Reason.INVALID_REQUEST)
_AUTH: Final = rejected(Reason.AUTH)
_PERMISSION: Final = rejected(Reason.PERMISSION)
_MARKET: Final = rejected(Reason.MARKET_STATE)
_LIMITED: Final = rejected(Reason.RATE_LIMITED)
_GONE: Final = rejected(Reason.NOT_FOUND_OR_CLOSED)
_CLOSED: Final = rejected(Reason.ALREADY_CLOSED)
_CANCELED: Final = rejected(Reason.ALREADY_CANCELED)
_FAILED: Final = rejected(Reason.OTHER)
_BUSY: Final = unknown(Reason.CANCEL_IN_PROGRESS)
_TIMEOUT: Final = unknown(Reason.TIMEOUT)
_DOWN: Final = unknown(Reason.VENUE_UNAVAILABLE)

# Older products sent "order not exists or too late to cancel" under these codes too. Some have come to mean
# something else, and others may: only the text says that an order is missing.
_MISSING: Final[tuple[tuple[str, Verdict], ...]] = (
    ("too late", _GONE),
    *((text, rejected(Reason.NOT_FOUND)) for text in ("not exist", "not found", "no stop order")),
)

# https://bybit-exchange.github.io/docs/v5/error
V5: Final[CodeTable] = MappingProxyType(
    {
        # The request.
        # The gateway's text where a header of the signature is missing.
        10001: (("openapi sign params", _AUTH), ("", _INVALID)),
        10017: _INVALID,
        10029: _INVALID,
        10404: _INVALID,
        12201: _INVALID,
        110019: _INVALID,
        110032: _INVALID,
        170105: _INVALID,
        170121: _INVALID,
        170130: _INVALID,
        # Once the code of a bad orderFilter (170202 today), now that of a restricted account.
        170201: (("restricted", _PERMISSION), ("", _INVALID)),
        170202: _INVALID,
        170221: _INVALID,
        170227: _INVALID,
        **dict.fromkeys((*range(181000, 181013), 181017, 181018, 181019), _INVALID),  # of queries
        110018: _INVALID,  # the user's id
        3100198: _INVALID,
        3100326: _INVALID,
        10014: unknown(Reason.DUPLICATE_REQUEST),  # the first of the two may have canceled
        20006: rejected(Reason.DUPLICATE_REQUEST),
        -1: rejected(Reason.CLOCK_SKEW),
        10002: rejected(Reason.CLOCK_SKEW),
        # The caller.
        -2015: _AUTH,
        10003: (("session", _LIMITED), ("", _AUTH)),  # on the WebSocket: too many sessions
        10004: _AUTH,
        10007: _AUTH,
        33004: _AUTH,
        10005: _PERMISSION,
        10008: _PERMISSION,
        10009: _PERMISSION,
        10010: _PERMISSION,  # the key is bound to other addresses
        10020: _PERMISSION,
        10021: _PERMISSION,
        10024: _PERMISSION,
        10027: _PERMISSION,
        10028: _PERMISSION,
        10032: _PERMISSION,  # not for demo accounts
        100028: _PERMISSION,
        20096: _PERMISSION,  # no identity check yet
        **dict.fromkeys((110069, 110080, 170223, 170230, 3200320), _PERMISSION),  # institutional lending
        110067: _PERMISSION,  # not for unified accounts
        181014: _PERMISSION,  # not for classic accounts
        110088: _PERMISSION,  # not for classic accounts
        110123: _PERMISSION,  # terms that were not agreed to
        110124: _PERMISSION,  # a cooling-off period of the user
        110125: _PERMISSION,  # terms of a contract
        110132: _PERMISSION,  # the region
        110136: _PERMISSION,  # event futures, by invitation
        110302: _PERMISSION,  # not for demo accounts
        110316: _PERMISSION,  # not for copy trading
        170209: _PERMISSION,  # the region
        170219: _PERMISSION,
        **dict.fromkeys((170348, 170358, 170359), _PERMISSION),  # the country's own site
        170157: _PERMISSION,  # the pair is not for APIs
        3100197: _PERMISSION,  # while the account is upgraded
        # Limits.
        10006: _LIMITED,
        10018: _LIMITED,
        10403: _LIMITED,
        20003: _LIMITED,
        30035: _LIMITED,
        170222: _LIMITED,
        # Protection of the whole system, and of the engine: nothing says that the cancel did not get through.
        429: unknown(Reason.RATE_LIMITED),
        10429: unknown(Reason.RATE_LIMITED),
        170005: unknown(Reason.RATE_LIMITED),
        # The venue.
        5004: _TIMEOUT,  # 2022
        10000: _TIMEOUT,
        170007: _TIMEOUT,
        170147: _TIMEOUT,
        10016: _DOWN,
        10019: _DOWN,
        170001: _DOWN,
        170032: _DOWN,
        170234: _DOWN,
        500000: _DOWN,
        3400214: _DOWN,
        110095: _MARKET,
        110097: _MARKET,
        110100: _MARKET,
        110063: _MARKET,  # settlement
        110066: _MARKET,  # trading is not allowed at present
        110074: _MARKET,  # the contract is not live
        170151: _MARKET,  # the pair is not open yet
        170031: _MARKET,  # the feature is suspended
        110110: _MARKET,
        110111: _MARKET,
        110112: _MARKET,
        110113: _MARKET,
        # The order.
        110001: _GONE,  # derivatives; on the wire "order not exists or too late to cancel"
        140001: _MISSING,  # the older twin of 110001; now about a setting of portfolio margin
        170213: _GONE,  # spot
        170143: unknown(Reason.NOT_FOUND_OR_CLOSED),  # not on the book: on its way there, or gone
        20001: (("auth", rejected(Reason.DUPLICATE_REQUEST)), *_MISSING),  # on the WebSocket: repeated auth
        30034: _MISSING,
        110300: rejected(Reason.NOT_FOUND),  # a request for quotes
        110301: rejected(Reason.NOT_FOUND),  # a quote
        175007: _MISSING,
        177005: (("lending", _INVALID), *_MISSING),
        700004: _MISSING,
        30032: _CLOSED,
        110008: _CLOSED,
        140008: _CLOSED,
        170190: _CLOSED,
        30037: _CANCELED,
        110010: _CANCELED,
        140010: _CANCELED,
        170142: _CANCELED,
        170139: rejected(Reason.ALREADY_FILLED),
        40004: _BUSY,  # being replaced
        110079: _BUSY,
        170035: _BUSY,  # "Submitted to the system for processing!"
        170212: _BUSY,
        # "... please try again later." leaves the outcome open under any code, though this one begins "Can not
        # cancel order". Nobody has recorded what became of such an order.
        **dict.fromkeys((170191, 12191, -1191), _BUSY),
        110114: unknown(Reason.MARKET_STATE),  # "... in progress. Please try again later"
        170144: rejected(Reason.CANCEL_IN_PROGRESS),  # locked
        110115: rejected(Reason.NOT_CANCELABLE),  # the leg of a combination
        170145: rejected(Reason.NOT_CANCELABLE),
        170150: _FAILED,
        110035: unknown(Reason.OTHER),  # liquidation came first
        170226: unknown(Reason.OTHER),  # the account is being liquidated
        # Contracts before v5: https://github.com/bybit-exchange/docs-legacy
        130010: _MISSING,  # on the wire "order not exists or too late to cancel"
        130032: rejected(Reason.NOT_CANCELABLE),
        130037: _CANCELED,
        130150: _DOWN,  # "Please try again later."
        # Spot v3, and v1 under negative numbers.
        12001: _DOWN,
        12007: _TIMEOUT,
        12014: _INVALID,
        12016: _DOWN,
        12019: _PERMISSION,
        12031: _MARKET,
        12032: _DOWN,
        12105: _INVALID,
        12114: _DOWN,
        12121: _INVALID,
        12130: _INVALID,
        12139: rejected(Reason.ALREADY_FILLED),
        12142: _CANCELED,
        12143: unknown(Reason.NOT_FOUND_OR_CLOSED),  # as 170143
        12144: _BUSY,  # "Order being cancelled."
        12145: rejected(Reason.NOT_CANCELABLE),
        12147: _TIMEOUT,
        12150: _FAILED,
        12151: _MARKET,
        12157: _PERMISSION,
        12190: _CLOSED,
        12211: _FAILED,
        12213: _GONE,
        -1000: _DOWN,
        -1001: _DOWN,
        -1002: _AUTH,
        -1003: _LIMITED,
        -1004: _INVALID,
        -1006: _TIMEOUT,  # "Request status unknown."
        -1007: _TIMEOUT,
        -1012: _BUSY,  # "Cancel order request processing"
        -1014: _INVALID,
        -1015: _LIMITED,
        -1016: _DOWN,
        -1021: rejected(Reason.CLOCK_SKEW),
        -1022: _AUTH,
        -1032: _INVALID,
        **dict.fromkeys((*range(-1106, -1099), -1121, -1128, -1130), _INVALID),
        -1139: rejected(Reason.ALREADY_FILLED),
        -1142: _CANCELED,
        -1143: unknown(Reason.NOT_FOUND_OR_CLOSED),  # as 170143
        -1144: _BUSY,
        -1145: rejected(Reason.NOT_CANCELABLE),
        -1147: _TIMEOUT,
        -1190: _CLOSED,
        -2011: _FAILED,
        -2013: _GONE,
        # Options and perpetuals settled in USDC, 2022.
        3100136: _GONE,
        3100143: rejected(Reason.ALREADY_FILLED),
        3100191: _CANCELED,
        3100320: _BUSY,
        # Strategies; these say something of the strategy, nothing of its orders.
        60062: rejected(Reason.NOT_CANCELABLE),  # terminated before, or the part of another
        60065: rejected(Reason.NOT_FOUND),
        60077: _INVALID,
        60071: _DOWN,
        60072: unknown(Reason.OTHER),  # its status could not be changed
        60074: _CLOSED,
    }
)
