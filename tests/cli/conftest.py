"""Fixtures for the command line: a runner and sample logs."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.inside import Ran, run_inside

ORDER = (
    '{"symbol":"LTCBTC","origClientOrderId":"mine-1","orderId":4711,"orderListId":-1,'
    '"clientOrderId":"off-1","transactTime":1684804350068,"price":"2.00000000",'
    '"origQty":"1.00000000","executedQty":"0.00000000","cummulativeQuoteQty":"0.00000000",'
    '"status":"CANCELED","timeInForce":"GTC","type":"LIMIT","side":"BUY"}'
)
CANCELED = f'{{"venue":"binance","endpoint":"DELETE /api/v3/order","status":200,"payload":{ORDER}}}'
REJECTED = (
    '{"venue":"binance","endpoint":"DELETE /api/v3/order","status":400,"request":{"symbol":"LTCBTC",'
    '"orderId":4711},"payload":{"code":-2011,"msg":"Unknown order sent."}}'
)
PENDING = (
    '{"venue":"bybit","endpoint":"POST /v5/order/cancel","payload":{"retCode":0,"retMsg":"OK","result":'
    '{"orderId":"c6f0","orderLinkId":""},"retExtInfo":{},"time":1672217377164}}'
)
OUTPUTS = ("-o", "report", "--events", "events", "--quarantine", "apart")
REFUSED = CANCELED.replace('"2.00000000"', '"1_000"')
NOTED = CANCELED.replace('"side":"BUY"', '"side":"BUY","new":1')


INTERRUPTIBLE = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "hasattr(signal, 'SIGHUP') and signal.signal(signal.SIGHUP, signal.SIG_DFL); "
    "from cancelnorm.__main__ import main; sys.exit(main())"
)
"""Runs the command line with Ctrl-C and hang-ups enabled, which background jobs and ``nohup`` ignore."""

OF_THE_PROCESS = {"-", "--jobs", "-j"}
"""Arguments of commands that read the standard input of their process, or make others of it."""

Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run ``cancelnorm`` in an empty folder; as a user does where it matters, or else in this process."""

    def run(
        *args: str, stdin: bytes = b"", code: str | None = None, env: dict[str, str] | None = None
    ) -> Ran:
        if not (stdin or code or env or OF_THE_PROCESS & {*args}):
            return run_inside(*args, folder=tmp_path)
        start = ["-c", code] if code else ["-m", "cancelnorm"]
        done = subprocess.run(
            [sys.executable, *start, *args],
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            check=False,
            env={**os.environ, **(env or {})},
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def log(tmp_path: Path) -> Callable[..., str]:
    """Write lines to a log in the commands' folder and return its name."""

    def log(*lines: str, name: str = "day.jsonl") -> str:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        return name

    return log
