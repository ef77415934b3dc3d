"""Backtests and catalogs of NautilusTrader with the events of a log."""

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cancelnorm import (
    CancelEvent,
    events,
)
from cancelnorm.replay.lifecycle import Omission
from cancelnorm.story import fold
from tests.engines.cancels import LOG, canceled, pending
from tests.engines.conftest import ROOT
from tests.story.events import EVENTS

# --- Backtests ---


def outcome(engine: Any) -> dict[str, tuple[str, str]]:
    """State and filled quantity of each order."""
    return {
        order.client_order_id.value: (order.status_string(), str(order.filled_qty))
        for order in engine.cache.orders()
    }


MIRRORED = {
    "grid-7-3": ("CANCELED", "0.1"),
    "grid-7-4": ("CANCELED", "0.00400"),
    "grid-7-5": ("FILLED", "0.01500"),
    "grid-7-6": ("ACCEPTED", "0.000"),  # the log has but the acknowledgement
    "X-1985201734550016001": ("ACCEPTED", "0.000000"),  # and does not say how this one ended
}


def test_a_strategy_cancels_when_the_venue_did(nautilus: Any, market: Any) -> None:
    """It trades on quotes, gets the answers at their times, and its orders end as the log says."""
    data = nautilus.cancel_data(events(LOG), nautilus.Instruments.of(market.INSTRUMENTS))
    engine, strategy = market.engine(), market.Replay(market.ReplayConfig(orders=market.ORDERS))
    engine.add_strategy(strategy)
    engine.add_data(market.quotes())
    engine.add_data(list(data.objects), client_id=market.ClientId(market.CLIENT))
    engine.run()
    try:
        assert data.left_out == ()
        assert strategy.received == [one.data for one in data.objects]
        assert len(strategy.quotes) == len(market.quotes())
        assert outcome(engine) == MIRRORED
        ended = {one.client_order_id: one.ts_init for one in strategy.received if one.step == "canceled"}
        assert ended == {"grid-7-3": 1793700001070000000, "grid-7-4": 1793700002023000000}
        for name, at in ended.items():
            assert engine.cache.order(market.ClientOrderId(name)).ts_last == at
    finally:
        engine.dispose()


def test_an_execution_engine_takes_order_events(nautilus: Any, market: Any) -> None:
    """Nobody cancels at the exchange: the events themselves bring the orders into their states."""
    instruments = nautilus.Instruments.of(market.INSTRUMENTS)
    accounts = {name.lower(): f"{name}-001" for name in market.VENUES}
    identities = nautilus.Identities("TRADER-001", "Replay-000", accounts)
    expressed = nautilus.order_events(events(LOG), identities, instruments)
    engine = market.engine()
    strategy = market.Replay(market.ReplayConfig(orders=market.ORDERS, cancels=False))
    strategy.events = {one.id.value: one for one in expressed.objects}
    engine.add_strategy(strategy)
    engine.add_data(market.quotes()[:-2])  # what is not canceled at the exchange would fill later
    engine.add_data(
        list(nautilus.cancel_data(events(LOG), instruments).objects), client_id=market.ClientId(market.CLIENT)
    )
    engine.run()
    try:
        states = {name: state for name, (state, _) in outcome(engine).items()}
        assert states == {name: state for name, (state, _) in MIRRORED.items()} | {
            "grid-7-5": "PARTIALLY_FILLED",
            "grid-7-6": "PENDING_CANCEL",
        }
        assert expressed.counts == {Omission.ALREADY_ENDED: 2}
    finally:
        engine.dispose()


def test_a_backtest_node_reads_a_catalog(nautilus: Any, market: Any, tmp_path: Path) -> None:
    """The same from files."""
    from nautilus_trader.backtest.config import (
        BacktestDataConfig,
        BacktestEngineConfig,
        BacktestRunConfig,
        BacktestVenueConfig,
    )
    from nautilus_trader.backtest.node import BacktestNode
    from nautilus_trader.config import ImportableStrategyConfig, LoggingConfig
    from nautilus_trader.persistence.catalog import ParquetDataCatalog

    catalog = ParquetDataCatalog(str(tmp_path))
    catalog.write_data(list(market.INSTRUMENTS))
    catalog.write_data(sorted(market.quotes(), key=lambda one: one.ts_init))
    data = nautilus.write_catalog(events(LOG), catalog, nautilus.Instruments.of(catalog.instruments())).data
    place = {"catalog_path": str(tmp_path)}
    strategy = ImportableStrategyConfig(
        strategy_path="tests.engines.nautilus_market:Replay",
        config_path="tests.engines.nautilus_market:ReplayConfig",
        config={"orders": market.ORDERS},
    )
    run = BacktestRunConfig(
        engine=BacktestEngineConfig(strategies=[strategy], logging=LoggingConfig(bypass_logging=True)),
        venues=[
            BacktestVenueConfig(
                name=name,
                oms_type="NETTING",
                account_type="MARGIN",
                starting_balances=["10000000 USDT", "100 BTC"],
            )
            for name in market.VENUES
        ],
        data=[
            *(
                BacktestDataConfig(
                    data_cls="nautilus_trader.model.data:QuoteTick", instrument_id=one.id, **place
                )
                for one in market.INSTRUMENTS
            ),
            BacktestDataConfig(
                data_cls="cancelnorm.replay.nautilus:CancelData", client_id=market.CLIENT, **place
            ),
        ],
        dispose_on_completion=False,
    )
    node = BacktestNode(configs=[run])
    try:
        node.run()
        [engine] = node.get_engines()
        assert outcome(engine) == MIRRORED
        [strategy] = engine.trader.strategies()
        assert strategy.received == [one.data for one in data.objects]
    finally:
        node.dispose()


# --- Catalogs ---


def test_a_catalog_gives_back_what_was_written(
    nautilus: Any, identities: Any, instruments: Any, tmp_path: Path
) -> None:
    """Order events of all kinds and data, once, however often they are written."""
    from nautilus_trader.persistence.catalog import ParquetDataCatalog

    catalog = ParquetDataCatalog(str(tmp_path))
    for _ in range(2):
        counts, data, found = nautilus.write_catalog(iter(EVENTS), catalog, instruments, identities)
        assert counts["CancelData"] == len(data.objects)
        assert len(data.objects) + len(data.left_out) == len(EVENTS)
        assert len(found.objects) + len(found.left_out) == len(EVENTS)
    for kind in {type(one) for one in found.objects}:
        expected = [one for one in found.objects if type(one) is kind]
        back = catalog.query(kind)
        assert sorted(map(repr, back)) == sorted(map(repr, expected))
        assert counts[kind.__name__] == len(expected) > 0
    back = catalog.query(nautilus.CancelData)
    assert [one.data for one in back] == [one.data for one in data.objects]
    assert all(one.data.event() in EVENTS for one in back)
    assert not list(tmp_path.rglob("1970*"))


def test_a_catalog_is_never_changed_in_silence(
    nautilus: Any, identities: Any, instruments: Any, tmp_path: Path
) -> None:
    """Other data for a part of an interval is an error, before anything is written."""
    from nautilus_trader.persistence.catalog import ParquetDataCatalog

    def written(*found: CancelEvent) -> None:
        nautilus.write_catalog(found, catalog, instruments, identities)

    catalog = ParquetDataCatalog(str(tmp_path))
    first = [canceled(order_id=str(i), client_order_id=str(i), received_ns=10 * i) for i in range(1, 6)]
    written(*first)
    files = sorted(tmp_path.rglob("*.parquet"))
    message = (
        "OrderCanceled BTCUSDT-spot.BINANCE: the catalog has other data from 10 to 50, where 50 to 60 was"
    )
    with pytest.raises(nautilus.CatalogOverlapError, match=message) as raised:
        written(first[4], canceled(order_id="6", received_ns=60), pending(order_id="7", client_order_id="7"))
    assert str(pickle.loads(pickle.dumps(raised.value))) == str(raised.value)
    with pytest.raises(nautilus.CatalogOverlapError):
        written(*first[::4])  # the same interval, with less in it
    somebody = nautilus.Identities("TRADER-002", "REPLAY-001", {"binance": "BINANCE-1"})
    with pytest.raises(nautilus.CatalogOverlapError):
        nautilus.write_catalog(first, catalog, instruments, somebody)  # with the same ids
    assert sorted(tmp_path.rglob("*.parquet")) == files
    written(canceled(order_id="6", received_ns=60))


def test_a_catalog_takes_stories(nautilus: Any, identities: Any, tmp_path: Path) -> None:
    """Where there are no events left, stories are written, and an order ends as its verdict says."""
    from nautilus_trader.persistence.catalog import ParquetDataCatalog

    catalog = ParquetDataCatalog(str(tmp_path))
    instrument = nautilus.Instrument("BTCUSDT.BINANCE", 2, 5)
    instruments = nautilus.Instruments({("binance", "spot", "BTCUSDT"): instrument})
    told = [pending(event_ns=None, sent_ns=5, received_ns=10), canceled(event_ns=15, received_ns=20)]
    stories = fold(told).linked()
    counts, data, found = nautilus.write_catalog(stories, catalog, instruments, identities)
    assert counts == {"CancelData": 2, "OrderPendingCancel": 1, "OrderCanceled": 1}
    assert not data.left_out
    assert not found.left_out
    assert [one.data.step for one in catalog.query(nautilus.CancelData)] == ["pending_cancel", "canceled"]
    assert nautilus.write_catalog(stories, catalog, instruments).events is None


# --- Absence ---


def test_nothing_else_imports_nautilus() -> None:
    """Without it the adapter names its extra, and the rest of the library needs none of it."""
    code = "import sys; sys.modules['nautilus_trader'] = None; import cancelnorm.replay, cancelnorm.replay.nautilus"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert ran.stderr.endswith(
        "ModuleNotFoundError: cancelnorm.replay.nautilus takes nautilus_trader: "
        "pip install 'cancelnorm[nautilus]'\n"
    )
