"""Instruments of NautilusTrader, and status reports with their digits."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cancelnorm import (
    CancelEvent,
    Product,
    events,
)
from cancelnorm.replay.lifecycle import Omission
from tests.engines.cancels import LOG, canceled, pending

# --- Instruments ---


def test_instruments_of_a_provider(nautilus: Any, market: Any) -> None:
    """By venue, product and symbol; a currency pair is spot and margin."""
    from nautilus_trader.common.providers import InstrumentProvider

    provider = InstrumentProvider()
    provider.add_bulk([*market.INSTRUMENTS, market.perpetual("BTCUSD.BYBIT", "BTCUSD", 1, 0, inverse=True)])
    found = nautilus.Instruments.from_provider(provider)
    assert len(found) == 7
    [btc] = nautilus.order_events(
        [canceled()], nautilus.Identities("T-1", "S-1", {"binance": "B-1"}), found
    ).objects
    assert btc.instrument_id == market.BTC_BINANCE.id
    named = nautilus.Instruments.from_provider(provider, {"BINANCE": "binance"})
    assert len(named) == 2
    with pytest.raises(ValueError, match="swap"):
        nautilus.Instruments({("binance", "swap", "BTCUSDT"): nautilus.Instrument("BTCUSDT.BINANCE", 2, 5)})
    with pytest.raises(ValueError, match="BTCUSDT"):
        nautilus.Instruments({("binance", "spot", "BTCUSDT"): nautilus.Instrument("BTCUSDT", 2, 5)})


def test_two_instruments_of_one_name(nautilus: Any, market: Any) -> None:
    """None of them is taken."""
    other = market.pair("BTCUSDT-SPOT.BINANCE", "BTCUSDT", 2, 5)
    with pytest.raises(ValueError, match=r"BTCUSDT: both BTCUSDT\.BINANCE and BTCUSDT-SPOT\.BINANCE"):
        nautilus.Instruments.of([*market.INSTRUMENTS, other])


def test_an_order_of_two_symbols(nautilus: Any, identities: Any) -> None:
    """It takes no instrument, whether the map has one of them or both."""
    sol = nautilus.Instrument("SOLUSDT.BYBIT", 2, 1)
    btc = nautilus.Instrument("BTCUSDT.BYBIT", 2, 5)
    one = {("bybit", "spot", "SOLUSDT"): sol}
    both = {**one, ("bybit", "spot", "BTCUSDT"): btc}
    found = [
        replace(canceled(symbol=symbol, order_id="7"), venue="bybit", endpoint="stream order")
        for symbol in ("SOLUSDT", "BTCUSDT")
    ]
    for known, reason in ((one, Omission.NO_INSTRUMENT), (both, Omission.AMBIGUOUS_INSTRUMENT)):
        left_out = nautilus.order_events(found, identities, nautilus.Instruments(known)).counts
        assert left_out == {reason: 1, Omission.ALREADY_ENDED: 1}


def test_a_symbol_of_two_products(nautilus: Any, identities: Any) -> None:
    """It takes an event that names the product; without one nothing is guessed."""
    found = nautilus.Instruments(
        {
            ("binance", product, "BTCUSDT"): nautilus.Instrument(f"BTCUSDT-{product}.BINANCE", 2, 5)
            for product in ("spot", "linear")
        }
    )
    without = canceled(received_ns=4_000, product=None)
    assert nautilus.order_events([without], identities, found).counts == {Omission.AMBIGUOUS_INSTRUMENT: 1}
    told = [pending(product=Product.LINEAR), without]
    assert {one.instrument_id.value for one in nautilus.order_events(told, identities, found).objects} == {
        "BTCUSDT-linear.BINANCE"
    }


# --- Reports ---


def test_a_report(nautilus: Any, market: Any) -> None:
    """It has the digits of the instrument."""
    found = nautilus.status_reports(
        events(LOG),
        nautilus.Identities("T-1", "S-1", {name: f"{name}-1" for name in ("binance", "bybit", "bingx")}),
        nautilus.Instruments.of(market.INSTRUMENTS),
    )
    assert len(found.objects) + len(found.left_out) == 7
    assert [one.detail for one in found.left_out] == ["side", "side", "side", "side"]
    assert [
        (str(one.quantity), str(one.filled_qty), str(one.price), one.ts_last, one.avg_px)
        for one in found.objects
    ] == [
        ("0.5", "0.1", "99.00", 1793700001061000000, Decimal(99)),
        ("0.01500", "0.00400", "98250.10", 1793700002012000000, Decimal("98250.1")),
        ("0.01500", "0.01500", "98250.10", 1793700003019000000, Decimal("98250.1")),
    ]


def test_a_report_by_what_is_left(nautilus: Any, identities: Any, instruments: Any) -> None:
    """The filled quantity is told by what is left where a venue says that alone; without both there is no report."""
    [event] = [
        one for one in events(LOG) if isinstance(one, CancelEvent) and one.client_order_id == "grid-7-4"
    ]
    rest = replace(event, filled_quantity=None, remaining_quantity=Decimal("0.01100"))
    [report] = nautilus.status_reports([rest], identities, instruments).objects
    assert (str(report.quantity), str(report.filled_qty)) == ("0.01500000", "0.00400000")
    neither = replace(rest, remaining_quantity=None)
    [left_out] = nautilus.status_reports([neither], identities, instruments).left_out
    assert (left_out.reason, left_out.detail) == (Omission.INCOMPLETE, "filled_quantity")


@given(digits=st.integers(0, 9_999_999), scale=st.integers(0, 12), precision=st.integers(0, 8))
def test_a_number_is_exact_or_left_out(
    digits: int, scale: int, precision: int, nautilus: Any, identities: Any
) -> None:
    """Precision that would round is told, with the field's name."""
    value = Decimal(digits).scaleb(-scale)
    [event] = [
        one for one in events(LOG) if isinstance(one, CancelEvent) and one.client_order_id == "grid-7-4"
    ]
    sized = replace(event, quantity=value + 10_000_000, filled_quantity=value)
    size = nautilus.Instrument("BTCUSDT.BINANCE", 2, precision)
    map_ = nautilus.Instruments({("binance", "spot", "BTCUSDT"): size})
    found = nautilus.status_reports([sized], identities, map_)
    if value == round(value, precision):
        [report] = found.objects
        assert report.filled_qty.as_decimal() == value
        assert report.filled_qty.precision == precision
    else:
        [left_out] = found.left_out
        assert (left_out.reason, left_out.detail) == (Omission.WOULD_ROUND, "quantity")


def test_a_number_that_is_too_great(nautilus: Any, identities: Any, instruments: Any) -> None:
    """Nautilus holds 34 trillion."""
    [event] = [
        one for one in events(LOG) if isinstance(one, CancelEvent) and one.client_order_id == "grid-7-4"
    ]
    for quantity in ("1E+20", "99999999999999", "-1", "0"):
        changed = replace(event, quantity=Decimal(quantity))
        [left_out] = nautilus.status_reports([changed], identities, instruments).left_out
        assert (left_out.reason, left_out.detail) == (Omission.OUT_OF_RANGE, "quantity")


def test_a_masked_id_is_none(nautilus: Any, identities: Any, instruments: Any) -> None:
    """Orders that have nothing in common would have the same id in Nautilus."""
    [event] = [
        one for one in events(LOG) if isinstance(one, CancelEvent) and one.client_order_id == "grid-7-4"
    ]
    masked = replace(event, order_id="2893****5104")
    [left_out] = nautilus.status_reports([masked], identities, instruments).left_out
    assert (left_out.reason, left_out.detail) == (Omission.INCOMPLETE, "order_id")
    [data] = nautilus.cancel_data([masked], instruments).objects
    assert (data.data.client_order_id, data.data.venue_order_id) == ("grid-7-4", "")
