"""The program of a consumer runs, with and without assertions; mypy checks its types, and so does the gate."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("option", ["-b", "-OO"])
def test_a_consumer(option: str) -> None:
    """It reads a log and an answer."""
    done = subprocess.run(
        [sys.executable, option, "-W", "error", "-m", "tests.consumer.positions", "samples/logs/day.jsonl"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    assert "never-confirmed" in lines
    assert lines[-1] == "look it up 0 a value"
