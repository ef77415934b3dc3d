"""What ``convert`` takes for a log, beside SQL for DuckDB that is written by hand for this one endpoint.

``python -m tests.benchmarks.duckdb [EVENTS]`` writes a log of Binance cancel-alls, of which 5 % are order lists and no
text occurs twice, and has each make a Parquet file of it. Every run is a fresh process; the rounds alternate, and
the medians are printed: the CPU time of the process with all its children, and the most memory that they have
together. DuckDB checks nothing. Its first query gives fewer columns; the second one also ids, keys, ranks, and the
scales of numbers. Needs the extras ``arrow``, ``bench`` and ``duckdb``, and Linux.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Final, NamedTuple

import duckdb
import orjson

from tests.benchmarks.children import ENVIRONMENT
from tests.benchmarks.payloads import Feed, spot_list, spot_order

EVENTS: Final = 500_000
ROUNDS: Final = 3
START_NS: Final = 1_763_000_000_000_000_000
SAMPLED_SECONDS: Final = 0.02

# --- DuckDB ---

_ORDER: Final = """
    symbol varchar, origClientOrderId varchar, orderId bigint, orderListId bigint, clientOrderId varchar,
    transactTime bigint, price varchar, origQty varchar, executedQty varchar, origQuoteOrderQty varchar,
    cummulativeQuoteQty varchar, status varchar, timeInForce varchar, type varchar, side varchar, stopPrice varchar,
    icebergQty varchar, selfTradePreventionMode varchar
"""
_ELEMENT: Final = f"""
    struct({_ORDER}, contingencyType varchar, listStatusType varchar, listOrderStatus varchar,
    listClientOrderId varchar, transactionTime bigint, orderReports struct({_ORDER})[])
"""
_LINE: Final = (
    "{venue: 'varchar', endpoint: 'varchar', status: 'integer', request: 'json', sent_ns: 'bigint',"
    f" received_ns: 'bigint', payload: '{' '.join(_ELEMENT.split())}[]'}}"
)
_NAMES: Final = [column.split()[0] for column in _ORDER.split(",")]
_AMOUNTS: Final = {
    "price": "nullif(o.price, '0.00000000')",
    "trigger_price": "nullif(o.stopPrice, '0.00000000')",
    "quantity": "nullif(o.origQty, '0.00000000')",
    "filled_quantity": "o.executedQty",
    "display_quantity": "nullif(o.icebergQty, '0.00000000')",
    "quote_quantity": "nullif(o.origQuoteOrderQty, '0.00000000')",
    "filled_quote": "o.cummulativeQuoteQty",
}
_FEWER: Final = ",\n".join(
    (
        "venue, 'spot' as product, endpoint, 'order' as kind, o.symbol, o.orderId::varchar as order_id",
        "o.origClientOrderId as client_order_id, o.clientOrderId as cancel_client_order_id",
        "nullif(o.orderListId, -1)::varchar as list_id, l.listClientOrderId as list_client_id",
        "l.contingencyType as contingency",
        "case o.status when 'CANCELED' then 'canceled' when 'PENDING_CANCEL' then 'pending' end as outcome",
        "case o.status when 'CANCELED' then 'final_report' else 'terminal_status' end as evidence",
        "lower(o.status) as status, o.status as raw_status, lower(o.side) as side, lower(o.type) as order_type",
        "lower(o.timeInForce) as time_in_force, o.type = 'LIMIT_MAKER' as post_only, 'base' as quantity_unit",
        "o.selfTradePreventionMode as self_trade_prevention, o.transactTime * 1000000 as event_ns",
        "sent_ns, received_ns",
        *(f"try_cast({text} as decimal(38, 12)) as {name}" for name, text in _AMOUNTS.items()),
    )
)
_MORE: Final = ",\n".join(
    (
        "unhex(md5(concat_ws('|', venue, endpoint, sent_ns, received_ns, o.orderId))) as event_id",
        "'binance:spot|' || o.symbol || '|' || o.orderId as order_key",
        "case o.status when 'CANCELED' then 6 else 5 end::tinyint as evidence_rank",
        "to_json({listStatusType: l.listStatusType, listOrderStatus: l.listOrderStatus}) as extra",
        *(
            f"(length({text}) - nullif(strpos({text}, '.'), 0))::tinyint as {name}_scale"
            for name, text in _AMOUNTS.items()
        ),
    )
)


def query(log: Path, out: Path, columns: str) -> str:
    """SQL that writes a table of a log."""
    element = ", ".join(f"{name} := e.{name}" for name in _NAMES)
    return f"""
        copy (
            with records as (
                select * from read_json('{log}', format = 'newline_delimited', columns = {_LINE})
            ),
            elements as (select * exclude payload, unnest(payload) as e from records),
            orders as (
                select * exclude e, e as l,
                    unnest(case when e.orderReports is null then [struct_pack({element})] else e.orderReports end) as o
                from elements
            )
            select {columns} from orders
        ) to '{out}' (format parquet, compression zstd, row_group_size 65536)
    """


_DUCKDB: Final = """
import sys, duckdb
query, threads = sys.argv[1:]
database = duckdb.connect(config={"threads": threads})
database.execute("set enable_progress_bar = false")
database.execute(query)
"""

# --- The log ---


def write(path: Path, events: int) -> int:
    """Write a log with so many events, or a few more, and give their number."""
    shuffled = random.Random(5)
    feed = Feed(5)
    written, now = 0, START_NS
    with path.open("wb") as log:
        while written < events:
            elements = []
            for _ in range(shuffled.randint(1, 100)):
                is_list = shuffled.random() < 0.05
                elements.append(spot_list(feed) if is_list else spot_order(feed))
                written += 1 + is_list
            now += shuffled.randint(1, 50) * 100_000_000
            line = {
                "venue": "binance",
                "endpoint": "DELETE /api/v3/openOrders",
                "status": 200,
                "request": {"symbol": "BTCUSDT"},
                "sent_ns": now,
                "received_ns": now + shuffled.randint(5_000_000, 20_000_000),
                "payload": elements,
            }
            log.write(orjson.dumps(line) + b"\n")
    return written


# --- Measuring ---


class Used(NamedTuple):
    """What a command took: seconds of CPU, and memory in MB."""

    cpu: float
    memory: float


def used(*command: str) -> Used:
    """Run a Python command."""
    child = os.posix_spawn(sys.executable, [sys.executable, *command], ENVIRONMENT)
    most = 0
    while True:
        pid, status, usage = os.wait4(child, os.WNOHANG)
        if pid:
            break
        most = max(most, memory_kb(child))
        time.sleep(SAMPLED_SECONDS)
    assert os.waitstatus_to_exitcode(status) == 0, command
    return Used(usage.ru_utime + usage.ru_stime, most / 1_024)


def memory_kb(process: int) -> int:
    """Memory of a process and its children; what they share counts once."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
        children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
    except OSError:  # it has ended
        return 0
    own = sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return own + sum(memory_kb(int(child)) for child in children)


def main(events: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "day.jsonl"
        written = write(log, events)
        commands = {
            f"{name}, {threads} {'thread' if threads == 1 else 'threads'}": (
                *("-c", _DUCKDB, query(log, Path(folder) / f"{name}.parquet", columns), str(threads)),
            )
            for name, columns in (("DuckDB", _FEWER), ("DuckDB, all columns", f"{_FEWER},\n{_MORE}"))
            for threads in (1, 2)
        } | {
            f"`convert --jobs {jobs}`": (
                *("-m", "cancelnorm", "convert", str(log), "-q", "--jobs", str(jobs)),
                *("-o", str(Path(folder) / "convert.parquet")),
            )
            for jobs in (1, 2)
        }
        found: dict[str, list[Used]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                found[name].append(used(*command))
        print(f"{written:,} events, {log.stat().st_size / 1e6:.0f} MB of log\n")
        for name in ("DuckDB", "DuckDB, all columns", "convert"):
            [row] = duckdb.sql(f"select count(*), sum(price) from '{folder}/{name}.parquet'").fetchall()
            size = (Path(folder) / f"{name}.parquet").stat().st_size / 1e6
            print(f"{name}: {row[0]:,} rows, sum of prices {row[1]}, {size:.1f} MB")
        print("\n| | CPU s | ÷ DuckDB | ÷ all columns | memory MB |\n|---|---|---|---|---|")
        median = {
            name: Used(*map(statistics.median, zip(*each, strict=True))) for name, each in found.items()
        }
        for name, each in median.items():
            threads = 2 if "2" in name else 1
            suffix = f"{threads} {'thread' if threads == 1 else 'threads'}"
            bases = [median[f"{base}, {suffix}"].cpu for base in ("DuckDB", "DuckDB, all columns")]
            ratios = " | ".join(f"{each.cpu / base:.2f}" for base in bases)
            print(f"| {name} | {each.cpu:.2f} | {ratios} | {each.memory:.0f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS)
