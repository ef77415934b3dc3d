"""The structure that import-linter does not see: what an import loads, what is public."""

import ast
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import cancelnorm


def modules_after(statement: str) -> set[str]:
    """What a fresh interpreter has loaded after a statement."""
    code = f"import sys; before = set(sys.modules); {statement}; print(*(set(sys.modules) - before))"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(found.stdout.split())


def test_import_is_light() -> None:
    """``import cancelnorm`` loads msgspec, the standard library without what is slow, and no venue."""
    loaded = modules_after("import cancelnorm")
    assert "importlib.metadata" not in loaded
    assert not [name for name in loaded if name.startswith("cancelnorm.venues.")]
    roots = {name.partition(".")[0] for name in loaded - modules_after("import msgspec")}
    assert roots - set(sys.stdlib_module_names) == {"cancelnorm"}


def test_columns_say_what_they_take() -> None:
    """Without pyarrow, ``cancelnorm.arrow`` names the extra that installs it; nothing else needs it."""
    code = "import sys; sys.modules['pyarrow'] = None; import cancelnorm.cli.app, cancelnorm.arrow"
    found = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert found.stderr.splitlines()[-1] == (
        "ModuleNotFoundError: cancelnorm.arrow takes pyarrow: pip install 'cancelnorm[arrow]'"
    )


def test_a_payload_loads_its_venue_alone() -> None:
    """The modules of other venues stay out of memory; masking a message takes their declarations."""
    statement = (
        "from cancelnorm import *; "
        "normalise(Record(b'{\"code\":-1,\"msg\":\"\"}', 'binance', 'DELETE /api/v3/order'))"
    )
    venues = {
        name.split(".")[2]
        for name in modules_after(statement)
        if name.startswith("cancelnorm.venues.") and name.count(".") > 2
    }
    assert venues == {"binance"}


def test_a_check_loads_its_report_alone() -> None:
    """The writers of other reports stay out of memory, and so does what they need."""
    loaded = modules_after(
        "import cancelnorm.cli.check; from cancelnorm.report import WRITERS; WRITERS['text'](print)"
    )
    assert "cancelnorm.report.text" in loaded
    assert not loaded & {
        f"cancelnorm.report.{name}" for name in ("findings", "html", "junit", "markdown", "sarif")
    }


def test_a_check_of_one_venue_starts_fast(tmp_path: Path) -> None:
    """A check loads no library that the log does not need, no other format, and no modules of other venues."""
    log = tmp_path / "day.jsonl"
    log.write_text(
        '{"venue":"binance","endpoint":"DELETE /api/v3/order","status":400,'
        '"payload":{"code":-2011,"msg":"Unknown order sent."}}\n'
    )
    arguments = ["cancelnorm", "check", str(log), "--output", os.devnull]
    loaded = modules_after(
        f"sys.argv = {arguments}; from cancelnorm.__main__ import main; assert main() == 0"
    )
    assert "cancelnorm.venues.binance.spot" in loaded
    roots = {name.partition(".")[0] for name in loaded}
    assert roots - {*sys.stdlib_module_names, "org"} == {
        "cancelnorm",
        "click",
        "msgspec",
        "typing_extensions",
    }
    assert not [
        name
        for name in loaded
        if name.count(".") > 2
        and name.startswith("cancelnorm.venues.")
        and not name.startswith("cancelnorm.venues.binance.")
    ]
    assert not loaded & {f"cancelnorm.cli.commands.{name}" for name in ("explain", "normalise", "rules")}
    assert not loaded & {
        f"cancelnorm.logs.{name}"
        for name in ("ccxt_lines", "csv_rows", "har", "jsonl", "notation", "text", "vcr")
    }


def test_public_names() -> None:
    """The public names are sorted, few, and all there is."""
    assert cancelnorm.__all__ == sorted(cancelnorm.__all__)
    assert len(cancelnorm.__all__) <= 25
    assert set(cancelnorm.__all__) <= set(dir(cancelnorm))
    public = {name for name in dir(cancelnorm) if not name.startswith("_")}
    submodules = {name for name in public if f"cancelnorm.{name}" in sys.modules}
    assert public - submodules | {"normalise"} == set(cancelnorm.__all__)


def test_type_checkers_see_the_public_names() -> None:
    """The stub imports every public name from the module that it is imported from at run time."""
    stub = ast.parse(Path(cancelnorm.__file__).with_suffix(".pyi").read_text("utf-8"))
    imported = {
        alias.name: node.module
        for node in stub.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    modules = runpy.run_path(cancelnorm.__file__)["_MODULES"]
    assert imported == modules
    assert sorted(modules) == cancelnorm.__all__


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A name that is not public is refused as by any module."""
    with pytest.raises(AttributeError, match=r"^module 'cancelnorm' has no attribute 'nothing'$"):
        getattr(cancelnorm, "nothing")  # noqa: B009  # mypy knows that it is not there


@pytest.mark.parametrize("name", cancelnorm.__all__)
def test_public_things_are_documented(name: str) -> None:
    """Every public name has a docstring."""
    assert getattr(cancelnorm, name).__doc__
