"""The logs that engines read, what plain processes make of them, and the engines.

Where an engine is missing its tests are skipped, or fail if ``ENGINE_TESTS`` is ``required``, as in the gate.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import pytest

from cancelnorm.logs import Range, ranges
from tests.engines.folder import fill

ROOT = Path(__file__).parent.parent.parent
SIZE = 2_000  # bytes of a range, of which each plain log has some


def needed(name: str, extra: str = "engines") -> Any:
    """A module of an engine, which an extra installs."""
    try:
        return import_module(name)
    except ModuleNotFoundError:
        give_up(f"{name} is not installed: pip install 'cancelnorm[{extra}]'")


def engine(name: str) -> Any:
    """The module of an engine, which can run here."""
    if name == "ray":
        return needed("ray")
    sql = needed("pyspark.sql")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        give_up("java is not installed (Debian: openjdk-17-jre-headless)")
    return sql


def give_up(reason: str) -> NoReturn:
    """Skip the test, unless it is required."""
    if os.environ.get("ENGINE_TESTS") == "required":
        pytest.fail(reason)
    pytest.skip(reason)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Engines warn of their own accord."""
    folder = Path(__file__).parent
    for item in items:
        if item.path.parent == folder:
            item.add_marker(pytest.mark.filterwarnings("ignore"))


@pytest.fixture(scope="session")
def _workers() -> Iterator[None]:
    """Environment in which workers find these tests, and the same Python."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        place = tempfile.mkdtemp(prefix="ray")  # the path of a socket in it must be short
        patch.setenv("RAY_TMPDIR", place)
        yield
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """64 logs."""
    return fill(tmp_path_factory.mktemp("engines") / "logs")


@pytest.fixture(scope="session")
def parts(folder: Path) -> list[Range]:
    """Ranges of all logs."""
    return list(ranges(folder, SIZE))


@pytest.fixture(scope="session")
def expected(_workers: None, parts: list[Range]) -> list[dict[str, Any]]:
    """The rows that plain processes give."""
    needed("pyarrow")
    from tests.engines.jobs import in_processes

    return in_processes(parts)


@pytest.fixture(scope="module")
def ray(_workers: None) -> Iterator[Any]:
    """Ray on this machine, with two workers."""
    module, data = engine("ray"), needed("ray.data")
    module.init(
        num_cpus=2,
        include_dashboard=False,
        log_to_driver=False,
        logging_level="ERROR",
        object_store_memory=100 << 20,
    )
    data.DataContext.get_current().enable_progress_bars = False
    try:
        yield module
    finally:
        module.shutdown()


@pytest.fixture(scope="module")
def spark(_workers: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Spark on this machine, with two workers; a task may fail twice."""
    sql = engine("spark")
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "512m",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        "spark.local.dir": str(tmp_path_factory.mktemp("spark")),
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
        "spark.sql.execution.arrow.maxRecordsPerBatch": "64",
        "spark.log.level": "OFF",
    }
    session = sql.SparkSession.builder.master("local[2,3]").config(map=settings).getOrCreate()
    try:
        yield session
    finally:
        session.stop()


@pytest.fixture(scope="session")
def market() -> Any:
    """A market of NautilusTrader."""
    needed("nautilus_trader", "nautilus")
    return import_module("tests.engines.nautilus_market")


@pytest.fixture(scope="session")
def nautilus(market: Any) -> Any:  # noqa: ARG001  # which is skipped where Nautilus is missing
    """The adapter."""
    return import_module("cancelnorm.replay.nautilus")


@pytest.fixture(scope="session")
def instruments(nautilus: Any) -> Any:
    """Instruments for all symbols of the samples."""
    from tests.story.events import EVENTS

    symbols = {
        (event.venue, event.product or "spot", symbol)
        for event in EVENTS
        for symbol in (event.symbol, "BTCUSDT", "ETHUSDT")
        if symbol is not None
    }
    return nautilus.Instruments(
        {
            name: nautilus.Instrument(f"{name[2]}-{name[1]}.{name[0].upper()}", 8, 8)
            for name in sorted(symbols)
        }
    )


@pytest.fixture(scope="session")
def identities(nautilus: Any) -> Any:
    """A trader with two accounts at each venue."""
    venues = ("binance", "bingx", "bybit")
    accounts = {name: f"{name.upper()}-1" for name in venues}
    others = {(name, "maker"): f"{name.upper()}-maker" for name in venues}
    return nautilus.Identities("TRADER-001", "REPLAY-001", accounts | others)
