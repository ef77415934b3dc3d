"""Gate orders of contracts as they are shown: perpetuals, delivery futures and options, over REST and by streams.

The sign of a size is the side. Numbers are in quotes or not: sizes are integers, or decimals in quotes where the
request has the header ``X-Gate-Size-Decimal``, and prices are numbers in streams.
"""

import re
from decimal import Decimal
from typing import Any, Final, Literal

from msgspec import UNSET, Raw, UnsetType

from cancelnorm.caching import cached
from cancelnorm.eventmap import Absent, EventMap, Said, amount, constant, made, number, text, word
from cancelnorm.reader.scalars import DecimalNumber, Int, NumberOrEmpty
from cancelnorm.reader.structs import Exact
from cancelnorm.schema import OrderType, Product, QuantityUnit, Side
from cancelnorm.venues.gate.endings import UNSAID, is_zero
from cancelnorm.venues.gate.messages import NOTHING, client_id, digits_of, epoch_ns, first_ns
from cancelnorm.venues.gate.spot_orders import POST_ONLY, TIMES_IN_FORCE

# --- What Gate sends ---


class AnyContractOrder(Exact):
    """Fields of orders of contracts, wherever they are shown."""

    id: Int | str  # an integer, beyond 2^53
    contract: str
    status: Literal["open", "finished"]  # finished is filled or canceled
    size: DecimalNumber  # contracts; negative to sell, 0 closes the position
    left: DecimalNumber  # contracts, with the same sign
    price: DecimalNumber  # zero for a market order
    create_time: DecimalNumber  # seconds, over REST with a fraction
    finish_time: DecimalNumber | UnsetType = UNSET  # only of orders that are finished
    update_time: DecimalNumber | UnsetType = UNSET  # since 2023; milliseconds in streams
    finish_as: str | UnsetType = UNSET
    text: str | UnsetType = UNSET  # the client's id begins with t-; else where the order comes from
    tif: Literal["gtc", "ioc", "poc", "fok"] | UnsetType = UNSET
    fill_price: NumberOrEmpty | UnsetType = UNSET  # the average; zero without a fill
    iceberg: DecimalNumber | UnsetType = UNSET
    user: Int | str | UnsetType = UNSET  # a text in streams; not of options
    tkfr: NumberOrEmpty | UnsetType = UNSET
    mkfr: NumberOrEmpty | UnsetType = UNSET
    refu: Int | UnsetType = UNSET
    refr: NumberOrEmpty | UnsetType = UNSET
    stp_id: Int | str | UnsetType = UNSET  # since 2023-03; a text in streams
    stp_act: str | UnsetType = UNSET  # since 2023-03
    amend_text: str | UnsetType = UNSET  # since 2023-03
    biz_info: str | UnsetType = UNSET  # since 2023
    update_id: Int | UnsetType = UNSET  # since 2024
    pnl: NumberOrEmpty | UnsetType = UNSET  # since 2024
    pnl_margin: NumberOrEmpty | UnsetType = UNSET  # since 2024
    auto_size: str | UnsetType = UNSET
    id_string: str | UnsetType = UNSET  # since 2025
    pid: Int | UnsetType = UNSET  # since 2025
    bbo: str | UnsetType = UNSET  # since 2025
    market_order_slip_ratio: NumberOrEmpty | UnsetType = UNSET  # since 2025
    pos_margin_mode: str | UnsetType = UNSET  # since 2025
    order_value: NumberOrEmpty | UnsetType = UNSET  # since 2025
    trade_value: NumberOrEmpty | UnsetType = UNSET  # since 2025
    action_mode: str | UnsetType = UNSET  # documented of requests
    tpsl_tp_trigger_price: NumberOrEmpty | UnsetType = UNSET  # since 2026
    tpsl_sl_trigger_price: NumberOrEmpty | UnsetType = UNSET  # since 2026
    tpsl_tp_bbo_type: str | UnsetType = UNSET  # since 2026
    tpsl_sl_bbo_type: str | UnsetType = UNSET  # since 2026


class ContractOrder(AnyContractOrder):
    """An order over REST and over the WebSocket API."""

    is_close: bool | UnsetType = UNSET
    is_liq: bool | UnsetType = UNSET
    is_reduce_only: bool | UnsetType = UNSET
    # As requests spell the same; some answers repeat them.
    close: bool | UnsetType = UNSET
    reduce_only: bool | UnsetType = UNSET
    mmp: bool | UnsetType = UNSET  # options
    is_mmp: bool | UnsetType = UNSET  # options
    underlying: str | UnsetType = UNSET  # options


# --- What it means ---

_OPTION: Final = re.compile(r"-[CP]\Z", re.ASCII)
_QUOTE: Final = re.compile(r"_(USDT?)(?:_[0-9]{8})?\Z", re.ASCII)
_NONE: Final = ("-",)


@cached(1_024)
def product_of(contract: object) -> Product | None:
    """The product of a contract, by its name: BTC_USD, BTC_USDT_20260327, BTC_USDT-20260327-60000-C."""
    if not isinstance(contract, str):
        return None
    if contract.endswith("_USDT"):
        return Product.LINEAR
    if _OPTION.search(contract):
        return Product.OPTION
    match = _QUOTE.search(contract)
    if match is None:
        return None
    return Product.INVERSE if match[1] == "USD" else Product.LINEAR


def contract_map(struct: type[AnyContractOrder], said: Said, **more: Any) -> EventMap:
    """The map of orders of contracts; ``more`` is what a struct has of its own."""
    order = AnyContractOrder
    shown = EventMap(
        struct,
        said,
        absent=Absent.ZERO,
        without={order.amend_text: _NONE, order.biz_info: _NONE, order.stp_id: ("0",)},
        repeats={order.update_time: order.finish_time},
        symbol=text(order.contract),
        order_id=number(order.id),
        client_order_id=made(client_of, order.text),
        product=made(product_of, order.contract),
        raw_initiator=text(order.finish_as, none=UNSAID),
        side=made(side_of, order.size),
        order_type=made(_order_type, order.price, order.tif, none=NOTHING),
        time_in_force=made(TIMES_IN_FORCE.get, order.tif),
        post_only=word(order.tif, POST_ONLY),
        price=amount(order.price, zero_is_none=True),
        average_price=amount(order.fill_price, zero_is_none=True),
        quantity=made(positive, order.size),
        remaining_quantity=made(remaining, order.left, order.size),
        display_quantity=made(positive, order.iceberg),
        quantity_unit=constant(QuantityUnit.CONTRACTS),
        self_trade_prevention=text(order.stp_act, none=_NONE),
        created_ns=made(epoch_ns, order.create_time),
        event_ns=made(first_ns, order.finish_time, order.update_time, none=NOTHING),
    )
    return shown.extended(struct, **more) if more else shown


def client_of(text: str | UnsetType) -> str | None:
    """The client's id of an order, which may have no text."""
    return None if text is UNSET else client_id(text)


def remaining(left: Raw, size: Raw) -> Decimal:
    """What is left of a size, without the sign that both have."""
    found = Decimal(digits_of(left))
    return found.copy_abs() if found and _is_negative(size) else found


def positive(size: Raw | UnsetType) -> Decimal | None:
    """The same; None where it is none: of an order that closes a position, or that is no iceberg order."""
    if size is UNSET:
        return None
    return Decimal(digits_of(size)).copy_abs() or None


def side_of(size: Raw) -> Side | None:
    """The side that the sign of a size tells; None for an order that closes a position, whatever its side."""
    if is_zero(size):
        return None
    return Side.SELL if _is_negative(size) else Side.BUY


def _is_negative(size: Raw) -> bool:
    return str(size, "utf-8", "replace").startswith(("-", '"-'))


def _order_type(price: Raw, tif: str | UnsetType) -> OrderType:
    if tif == "poc":
        return OrderType.LIMIT_MAKER
    return OrderType.MARKET if is_zero(price) else OrderType.LIMIT
