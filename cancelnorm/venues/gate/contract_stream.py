"""Gate streams of orders of contracts: what becomes of them, cancels among it. Numbers are not in quotes."""

from typing import Final, Literal

from msgspec import UNSET, Raw, UnsetType

from cancelnorm.eventmap import by_words, flag, made
from cancelnorm.reader.scalars import DecimalNumber, NumberOrEmpty
from cancelnorm.schema import Evidence, Product
from cancelnorm.venue import endpoint, endpoints
from cancelnorm.venues.gate.contract_orders import AnyContractOrder, contract_map
from cancelnorm.venues.gate.endings import is_zero, shown_end
from cancelnorm.venues.gate.frames import Pushed, frame_of
from cancelnorm.venues.gate.messages import CONTRACT_IDS, NOTHING, OPTION_IDS, epoch_ns, first_ns

# --- What Gate sends ---


class StreamedContractOrder(AnyContractOrder):
    """A perpetual's order, or a delivery future's, in a frame."""

    # Integers of delivery futures.
    is_close: bool | Literal[0, 1] | UnsetType = UNSET
    is_liq: bool | Literal[0, 1] | UnsetType = UNSET
    is_reduce_only: bool | Literal[0, 1] | UnsetType = UNSET
    create_time_ms: DecimalNumber | UnsetType = UNSET
    finish_time_ms: DecimalNumber | UnsetType = UNSET
    stop_loss_price: NumberOrEmpty | UnsetType = UNSET
    stop_profit_price: NumberOrEmpty | UnsetType = UNSET


class StreamedOption(AnyContractOrder):
    """An option's order in a frame, with the time of its own change."""

    time: DecimalNumber  # seconds
    time_ms: DecimalNumber | UnsetType = UNSET
    underlying: str | UnsetType = UNSET
    is_close: bool | UnsetType = UNSET
    is_liq: bool | UnsetType = UNSET
    is_reduce_only: bool | UnsetType = UNSET
    is_mmp: bool | UnsetType = UNSET


class ContractOrdersFrame(Pushed):
    """Orders that changed, of perpetuals or of delivery futures."""

    channel: Literal["futures.orders"]
    result: list[StreamedContractOrder]


class OptionOrdersFrame(Pushed):
    """Orders of options that changed."""

    channel: Literal["options.orders"]
    result: list[StreamedOption]


# --- What it means ---

_JUDGE: Final = shown_end(Evidence.FINAL_REPORT)
_ORDER: Final = StreamedContractOrder


def _flag(value: bool | UnsetType) -> bool | None:
    return None if value is UNSET else bool(value)


def _ended(exact: Raw | UnsetType, seconds: Raw | UnsetType, updated: Raw | UnsetType) -> int | None:
    """When an order ended, in ms or s, else when it was changed last."""
    ended_ns = first_ns(exact, seconds)
    if ended_ns is not None or any(sent is not UNSET and not is_zero(sent) for sent in (exact, seconds)):
        return ended_ns
    return epoch_ns(updated)


STREAMED: Final = contract_map(
    _ORDER,
    by_words(_JUDGE, _ORDER.status, _ORDER.finish_as, _ORDER.left, raw_status=_ORDER.status),
    # Without milliseconds seconds are the time of an event; beside them they may say something else.
    also=(_ORDER.is_reduce_only, _ORDER.create_time, _ORDER.finish_time),
    repeats={_ORDER.update_time: _ORDER.finish_time_ms},
    reduce_only=made(_flag, _ORDER.is_reduce_only),
    created_ns=made(first_ns, _ORDER.create_time_ms, _ORDER.create_time, none=NOTHING),
    event_ns=made(_ended, _ORDER.finish_time_ms, _ORDER.finish_time, _ORDER.update_time, none=NOTHING),
)
STREAMED_OPTION: Final = contract_map(
    StreamedOption,
    by_words(
        _JUDGE,
        StreamedOption.status,
        StreamedOption.finish_as,
        StreamedOption.left,
        raw_status=StreamedOption.status,
    ),
    also=(StreamedOption.time,),  # seconds, where there are milliseconds
    reduce_only=flag(StreamedOption.is_reduce_only),
    event_ns=made(first_ns, StreamedOption.time_ms, StreamedOption.time, none=NOTHING),
)


# --- Endpoints ---

_DOCS: Final = "https://www.gate.com/docs/developers/"

ENDPOINTS: Final = (
    *endpoints(
        endpoint(
            "stream futures.orders", ContractOrdersFrame, frame_of(STREAMED), page="futures/ws/en/#orders-api"
        ),
        product=None,
        ids=CONTRACT_IDS,
        docs=_DOCS,
        skips=True,
    ),
    *endpoints(
        endpoint(
            "stream options.orders",
            OptionOrdersFrame,
            frame_of(STREAMED_OPTION),
            page="options/ws/en/#orders-channel",
        ),
        product=Product.OPTION,
        ids=OPTION_IDS,
        docs=_DOCS,
        skips=True,
    ),
)
