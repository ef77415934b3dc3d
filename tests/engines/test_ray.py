"""Ray Data gives the rows that plain processes give."""

from functools import partial
from pathlib import Path
from typing import Any

from cancelnorm.logs import Range
from tests.engines.comparison import in_order, of_lines


def rows_of(ray: Any, dataset: Any) -> list[dict[str, Any]]:
    """The rows of a dataset."""
    return [row for table in ray.get(dataset.to_arrow_refs()) for row in table.to_pylist()]


def test_ranges(ray: Any, parts: list[Range], expected: list[dict[str, Any]]) -> None:
    """A worker reads the lines of a range by itself."""
    from tests.engines.jobs import tables_of_ranges

    items = ray.data.from_items([part._asdict() for part in parts], override_num_blocks=8)
    found = items.map_batches(tables_of_ranges, batch_format="pyarrow", batch_size=4)
    assert in_order(rows_of(ray, found)) == in_order(expected)


def test_lines(ray: Any, folder: Path, expected: list[dict[str, Any]]) -> None:
    """Ray reads the files, whose lines are bytes: ``read_text`` would cut some and refuse others."""
    from tests.engines.jobs import divided, table_of_lines

    files = ray.data.read_binary_files(str(folder), include_paths=True, override_num_blocks=8)
    lines = files.map_batches(divided, batch_format="pyarrow", batch_size=4)
    found = rows_of(ray, lines.map_batches(table_of_lines, batch_format="pyarrow", batch_size=64))
    assert of_lines(found) == of_lines(expected)


def test_a_killed_worker(
    ray: Any, parts: list[Range], expected: list[dict[str, Any]], tmp_path: Path
) -> None:
    """Its ranges are read again, and nothing is missing or doubled."""
    from tests.engines.jobs import tables_of_ranges

    job = partial(tables_of_ranges, killed=tmp_path / "killed")
    items = ray.data.from_items([part._asdict() for part in parts], override_num_blocks=8)
    found = items.map_batches(job, batch_format="pyarrow", batch_size=4)
    assert in_order(rows_of(ray, found)) == in_order(expected)
    assert (tmp_path / "killed").exists()
