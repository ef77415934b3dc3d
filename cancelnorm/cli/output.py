"""Output files, written completely or not at all."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cancelnorm.cli.terminal import stop
from cancelnorm.logs import Writable, packed
from cancelnorm.masking import without_secrets

__all__ = ["is_terminal", "refuse_to_overwrite", "written"]


@contextmanager
def written(output: str | None) -> Iterator[Writable]:
    """Open the output, compressed if its name says so.

    The file is renamed into place when complete, and removed on failure.
    """
    if output is None or output == "-":
        # Without Python's buffer (PYTHONUNBUFFERED), a write may stop half-way and say nothing.
        with open(sys.stdout.fileno(), "wb", closefd=False) as file:  # not a path
            yield file
        return
    path = Path(output)
    if path.exists() and not path.is_file():  # a device or a pipe cannot be replaced
        with path.open("wb") as file:
            yield file
        return
    target = path.resolve()
    if not target.parent.is_dir():
        raise stop(f"{without_secrets(str(target.parent))}: no such folder")
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as file, packed(file, target.name) as stream:
            yield stream
        if target.exists():
            shutil.copymode(target, part)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def is_terminal(output: str | None) -> bool:
    """Whether an output goes to a terminal."""
    return output in (None, "-") and sys.stdout.isatty()


def refuse_to_overwrite(files: list[str], *outputs: str | None) -> None:
    """Stop if an output is also an input file or another output."""
    named = [output for output in outputs if output and output != "-"]
    for output in named:
        if any(name != "-" and Path(output).exists() and _same(name, output) for name in files):
            raise stop(f"{without_secrets(output)}: is an input file; refusing to overwrite it")
    if len({Path(output).resolve() for output in named}) < len(named):
        raise stop("two outputs have the same path")


def _same(name: str, output: str) -> bool:
    return Path(name).exists() and Path(output).samefile(name)
