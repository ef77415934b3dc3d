"""Spark gives the rows that plain processes give."""

from functools import partial
from pathlib import Path
from typing import Any

from cancelnorm.logs import Range
from tests.engines.comparison import in_order, of_lines


def normalised(frame: Any, job: Any) -> list[dict[str, Any]]:
    """The rows that a job gives for a frame."""
    from pyspark.sql.pandas.types import from_arrow_schema

    from cancelnorm.arrow import SCHEMA

    rows: list[dict[str, Any]] = frame.mapInArrow(job, from_arrow_schema(SCHEMA)).toArrow().to_pylist()
    return rows


def test_ranges(spark: Any, parts: list[Range], expected: list[dict[str, Any]]) -> None:
    """A worker reads the lines of a range by itself."""
    from tests.engines.jobs import batches_of_ranges

    frame = spark.createDataFrame(parts).repartition(4)
    assert in_order(normalised(frame, batches_of_ranges)) == in_order(expected)


def test_lines(spark: Any, folder: Path, expected: list[dict[str, Any]]) -> None:
    """Spark reads the files; without ``lineSep`` it would cut a line at a carriage return."""
    from tests.engines.jobs import batches_of_lines

    lines = spark.read.option("lineSep", "\n").text(str(folder))
    frame = lines.selectExpr("value", "_metadata.file_path AS path")
    assert of_lines(normalised(frame, batches_of_lines)) == of_lines(expected)


def test_a_killed_worker(
    spark: Any, parts: list[Range], expected: list[dict[str, Any]], tmp_path: Path
) -> None:
    """Its partition is read again, and nothing is missing or doubled."""
    from tests.engines.jobs import batches_of_ranges

    job = partial(batches_of_ranges, killed=tmp_path / "killed")
    frame = spark.createDataFrame(parts).repartition(4)
    assert in_order(normalised(frame, job)) == in_order(expected)
    assert (tmp_path / "killed").exists()
