"""The examples of the README run, and give the events of the log."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.engines.comparison import of_lines
from tests.engines.conftest import ROOT, engine

README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"```python (\w+)\n(.*?)```", README, flags=re.DOTALL))
OUTPUTS = dict(re.findall(r"```text (\w+)\n(.*?)```", README, flags=re.DOTALL))


def test_there_is_an_example_of_each() -> None:
    """They are short, and the gate runs them."""
    lengths = {name: code.count("\n") for name, code in EXAMPLES.items()}
    assert max(lengths["ray"], lengths["spark"]) < 18
    assert lengths["nautilus"] < 24
    assert "ENGINE_TESTS=required" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["ray", "spark"])
@pytest.mark.usefixtures("_workers")
def test_an_example_writes_the_events(name: str, tmp_path: Path) -> None:
    """The file that it writes has the rows of the log."""
    engine(name)
    from pyarrow import parquet

    from cancelnorm.arrow import normalise_log

    (tmp_path / "samples").symlink_to(ROOT / "samples")
    (tmp_path / "example.py").write_text(EXAMPLES[name], encoding="utf-8")
    environment = {key: value for key, value in os.environ.items() if key != "PYSPARK_PYTHON"}
    command = [sys.executable, "example.py"]
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    found: list[dict[str, Any]] = parquet.read_table(tmp_path / "events").to_pylist()
    expected = [
        row for batch in normalise_log(ROOT / "samples/logs/orders.jsonl") for row in batch.to_pylist()
    ]
    if name == "spark":  # a line does not know its place
        found, expected = ([row | {"source": ""} for row in rows] for rows in (found, expected))
    assert of_lines(found) == of_lines(expected)


@pytest.mark.usefixtures("market")
def test_the_example_of_a_backtest_prints_its_output() -> None:
    """What the README shows."""
    command = [sys.executable, "-c", EXAMPLES["nautilus"]]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == OUTPUTS["nautilus"]
