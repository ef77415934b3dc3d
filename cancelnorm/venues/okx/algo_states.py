"""OKX algo orders as they are shown, by two streams and by queries."""

from functools import partial
from typing import Final, Literal

from msgspec import UNSET, UnsetType

from cancelnorm.endpoint import Call
from cancelnorm.eventmap import Absent, EventMap, amount, by_words, made, text, time, word
from cancelnorm.reader.scalars import DecimalOrEmpty, EpochText, Prose
from cancelnorm.reader.structs import Camel
from cancelnorm.request import RequestKeys, Target
from cancelnorm.schema import Evidence, Normalised, OrderType, Product, QuantityUnit
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.okx.algos import ALGO_IDS, ALGO_KEYS
from cancelnorm.venues.okx.causes import causes
from cancelnorm.venues.okx.messages import DOCS, Envelope, derivative_of
from cancelnorm.venues.okx.queries import QUERY_ERRORS, is_no_answer, queried
from cancelnorm.venues.okx.states import FLAGS, POSITION_SIDES, SIDES, AttachedOrder
from cancelnorm.venues.okx.stream import Arg, frame_of

# --- What OKX sends ---


class LinkedOrder(Camel):
    """The take-profit order of a stop loss."""

    ord_id: str | UnsetType = UNSET


class AlgoState(Camel):
    """An algo order as it stands; what kinds of them have is there for all in most recordings."""

    inst_type: str
    inst_id: str
    algo_id: str
    state: str  # canceled, or one of many that say nothing about a cancel
    # trigger, conditional, oco, chase; in the other stream iceberg, twap, move_order_stop
    ord_type: str
    side: Literal["buy", "sell"]
    sz: DecimalOrEmpty  # "" where a fraction of the position is closed
    c_time: EpochText
    u_time: EpochText | UnsetType = UNSET  # newer than the rest
    algo_cl_ord_id: str | UnsetType = UNSET
    cl_ord_id: str | UnsetType = UNSET
    ccy: str | UnsetType = UNSET
    ord_id: str | UnsetType = UNSET  # the last that it has triggered
    ord_id_list: list[str] | UnsetType = UNSET
    pos_side: str | UnsetType = UNSET
    td_mode: str | UnsetType = UNSET
    tgt_ccy: str | UnsetType = UNSET
    notional_usd: str | UnsetType = UNSET
    ord_px: DecimalOrEmpty | UnsetType = UNSET  # "-1": the market's
    last: str | UnsetType = UNSET
    lever: str | UnsetType = UNSET
    tp_trigger_px: str | UnsetType = UNSET
    tp_trigger_px_type: str | UnsetType = UNSET
    tp_ord_px: str | UnsetType = UNSET  # "-1": the market's
    sl_trigger_px: str | UnsetType = UNSET
    sl_trigger_px_type: str | UnsetType = UNSET
    sl_ord_px: str | UnsetType = UNSET  # "-1": the market's
    trigger_px: DecimalOrEmpty | UnsetType = UNSET
    trigger_px_type: str | UnsetType = UNSET
    trigger_time: str | UnsetType = UNSET
    actual_px: str | UnsetType = UNSET
    actual_sz: str | UnsetType = UNSET  # "" or "0" before it is triggered
    actual_side: str | UnsetType = UNSET
    tag: str | UnsetType = UNSET
    reduce_only: Literal["true", "false", ""] | UnsetType = UNSET
    close_fraction: str | UnsetType = UNSET
    quick_mgn_type: str | UnsetType = UNSET
    amend_px_on_trigger_type: str | UnsetType = UNSET
    attach_algo_ords: list[AttachedOrder] | UnsetType = UNSET
    linked_ord: LinkedOrder | UnsetType = UNSET
    amend_result: str | UnsetType = UNSET
    req_id: str | UnsetType = UNSET
    fail_code: str | UnsetType = UNSET  # of the order that it triggered
    fail_reason: Prose | UnsetType = UNSET
    chase_type: str | UnsetType = UNSET
    chase_val: str | UnsetType = UNSET
    max_chase_type: str | UnsetType = UNSET
    max_chase_val: str | UnsetType = UNSET
    is_trade_borrow_mode: bool | str | UnsetType = UNSET  # both are documented
    trade_quote_ccy: str | UnsetType = UNSET  # since 2025-01
    callback_ratio: str | UnsetType = UNSET
    callback_spread: str | UnsetType = UNSET
    active_px: str | UnsetType = UNSET
    active_px_type: str | UnsetType = UNSET  # recorded in 2022, as the next two
    ct_val: str | UnsetType = UNSET
    uly: str | UnsetType = UNSET
    move_trigger_px: str | UnsetType = UNSET
    p_time: EpochText | UnsetType = UNSET  # when it was pushed; of the other stream
    count: str | UnsetType = UNSET
    px_limit: str | UnsetType = UNSET
    px_spread: str | UnsetType = UNSET
    px_var: str | UnsetType = UNSET
    sz_limit: str | UnsetType = UNSET
    time_interval: str | UnsetType = UNSET


class AlgosArg(Arg):
    """The channels of algo orders."""

    channel: Literal["orders-algo", "algo-advance"]
    algo_id: str | UnsetType = UNSET


class AlgosFrame(Camel):
    """Frame with changes."""

    arg: AlgosArg
    data: list[AlgoState]


class AlgosShown(Envelope):
    """The answer to a query."""

    data: list[AlgoState]


# --- What it means ---

_PRODUCTS: Final = {"SPOT": Product.SPOT, "MARGIN": Product.MARGIN, "OPTION": Product.OPTION}
_AT_MARKET: Final = "-1"


def _product(kind: str, name: str) -> Product | None:
    """The product of an order; a perpetual's and a future's is told by their names."""
    return derivative_of(name) if kind in ("SWAP", "FUTURES") else _PRODUCTS.get(kind)


def _unit(kind: str, unit: object) -> QuantityUnit | None:
    """The unit of a size; of a pair it is told, or depends on what is triggered."""
    if kind in ("SWAP", "FUTURES", "OPTION"):
        return QuantityUnit.CONTRACTS
    return {"base_ccy": QuantityUnit.BASE, "quote_ccy": QuantityUnit.QUOTE}.get(str(unit))


def _order_type(kind: str, price: object, profit: object, loss: object) -> OrderType | None:
    """The type by what is placed when it is triggered; None for an algorithm, and where both legs differ."""
    if kind == "trigger":
        return OrderType.TRIGGER_MARKET if price == _AT_MARKET else OrderType.TRIGGER_LIMIT if price else None
    if kind not in ("conditional", "oco"):
        return None
    at_market = {each == _AT_MARKET for each in (profit, loss) if each}
    if at_market == {True}:
        return OrderType.STOP_OR_TAKE_PROFIT_MARKET
    return OrderType.STOP_OR_TAKE_PROFIT_LIMIT if at_market == {False} else None


def _shown(evidence: Evidence) -> EventMap:
    return EventMap(
        AlgoState,
        by_words(causes(evidence), AlgoState.state, raw_status=AlgoState.state),
        absent=Absent.ZERO,
        without={AlgoState.inst_type: tuple(_PRODUCTS)},
        also=(
            AlgoState.inst_type,
            AlgoState.ord_type,
            AlgoState.ord_px,
            AlgoState.tp_ord_px,
            AlgoState.sl_ord_px,
            AlgoState.tgt_ccy,
        ),
        product=made(_product, AlgoState.inst_type, AlgoState.inst_id),
        symbol=text(AlgoState.inst_id),
        order_id=text(AlgoState.algo_id),
        client_order_id=text(AlgoState.algo_cl_ord_id),
        side=word(AlgoState.side, SIDES),
        order_type=made(
            _order_type, AlgoState.ord_type, AlgoState.ord_px, AlgoState.tp_ord_px, AlgoState.sl_ord_px
        ),
        position_side=made(POSITION_SIDES.get, AlgoState.pos_side),
        reduce_only=made(FLAGS.get, AlgoState.reduce_only),
        price=amount(AlgoState.ord_px, zero_is_none=True, negative_is_none=True),
        trigger_price=amount(AlgoState.trigger_px, zero_is_none=True),
        quantity=amount(AlgoState.sz, zero_is_none=True),
        quantity_unit=made(_unit, AlgoState.inst_type, AlgoState.tgt_ccy),
        created_ns=time(AlgoState.c_time),
        event_ns=time(AlgoState.u_time),
        response_ns=time(AlgoState.p_time),
    )


PUSHED: Final = _shown(Evidence.FINAL_REPORT)
SHOWN: Final = _shown(Evidence.TERMINAL_STATUS)
frame: Final = frame_of(PUSHED)


def query(raw: AlgosShown, call: Call) -> Normalised:
    """Map the answer to a query: the algo orders in it that are about a cancel."""
    return queried(raw, raw.data, _name_of, lambda: SHOWN.events(raw.data, call, "$.data[{}]"), call)


def _name_of(row: AlgoState) -> Target:
    return Target(order_id=row.algo_id, client_order_id=row.algo_cl_ord_id or None)


# --- Endpoints ---

_query: Final = partial(endpoint, request=ALGO_KEYS, errors=QUERY_ERRORS, is_shared=is_no_answer)

ENDPOINTS: Final = endpoints(
    endpoint("stream orders-algo", AlgosFrame, frame, page="ws-algo-orders-channel"),
    endpoint("stream algo-advance", AlgosFrame, frame, page="ws-advance-algo-orders-channel"),
    _query("GET /api/v5/trade/order-algo", AlgosShown, query, page="get-algo-order-details"),
    _query("GET /api/v5/trade/orders-algo-pending", AlgosShown, query, page="get-algo-order-list"),
    _query("GET /api/v5/trade/orders-algo-history", AlgosShown, query, page="get-algo-order-history"),
    product=None,
    request=RequestKeys(),
    ids=ALGO_IDS,
    docs=f"{DOCS}order-book-trading-algo-trading-",
    skips=True,
)
