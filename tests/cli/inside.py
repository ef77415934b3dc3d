"""The command line in this process, which takes a fraction of the time of a process of its own."""

import os
import signal
import sys
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple

from cancelnorm.cli import main
from cancelnorm.cli.signals import ENDING

__all__ = ["Ran", "run_inside"]


class Ran(NamedTuple):
    """Exit code and output of a command."""

    code: int
    out: str
    err: str


def run_inside(*args: str, folder: Path) -> Ran:
    """Run ``cancelnorm`` in a folder; the output has to be UTF-8."""
    before = sys.argv, sys.stdout, sys.stderr, Path.cwd()
    handlers = [(number, signal.getsignal(number)) for number in ENDING]
    descriptors = [os.dup(number) for number in (1, 2)]
    with TemporaryFile() as out, TemporaryFile() as err:
        try:
            os.chdir(folder)
            for number, file in ((1, out), (2, err)):
                os.dup2(file.fileno(), number)
            sys.argv = ["cancelnorm", *args]
            sys.stdout, sys.stderr = _stream(1), _stream(2)
            code = main()
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            sys.argv, sys.stdout, sys.stderr, current = before
            for which, handler in handlers:
                signal.signal(which, handler)
            os.chdir(current)
            for number, descriptor in zip((1, 2), descriptors, strict=True):
                os.dup2(descriptor, number)
                os.close(descriptor)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode())
    return Ran(code, *texts)


def _stream(descriptor: int) -> TextIOWrapper:
    return TextIOWrapper(open(descriptor, "wb", closefd=False), encoding="utf-8")
