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

EXAMPLES = dict(
    re.findall(
        r"```python (ray|spark)\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL
    )
)


def test_there_is_an_example_of_each() -> None:
    """They are short, and the gate runs them."""
    assert [name for name, code in EXAMPLES.items() if code.count("\n") < 18] == ["ray", "spark"]
    assert "ENGINE_TESTS=required" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", EXAMPLES)
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
