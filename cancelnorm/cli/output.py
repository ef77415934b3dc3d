"""Output files, written completely or not at all."""

import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from errno import EACCES
from functools import partial
from pathlib import Path
from stat import S_IMODE, S_ISREG
from typing import BinaryIO, Final

from cancelnorm.cli.signals import unfinished
from cancelnorm.cli.terminal import stop
from cancelnorm.logs import Writable, archived, packed
from cancelnorm.logs.opening import STDIN
from cancelnorm.masking import without_secrets

__all__ = ["Outputs", "is_terminal", "outputs", "refuse_to_overwrite"]


class Outputs:
    """Opens the outputs of a run, compressed if their names say so; an output that is a file appears at its end.

    ``files`` are those that the run reads.
    """

    def __init__(self, files: Iterable[str]) -> None:
        self.files = files
        self.stack = ExitStack()
        self.renamed: dict[Path, Path] = {}
        self.removed: set[Path] = set()
        self._made: list[Path] = []

    def __call__(self, output: str | None) -> Writable:
        """Open an output until the end of the run; None is standard output."""
        return self.stack.enter_context(_opened("-" if output is None else output, self.renamed))

    def file(self, path: Path) -> AbstractContextManager[Writable]:
        """Open a file that is complete before the run ends, in a folder that is made if there is none."""
        missing = [folder for folder in path.parents if not folder.exists()]
        for folder in reversed(missing):
            folder.mkdir()
            self._made.append(folder)
        return _opened(str(path), self.renamed)

    def beside(self, output: str) -> Path:
        """Name of the file that becomes an output, for a library that makes its files itself."""
        if _is_special(Path(output)):
            raise stop(f"{without_secrets(output)}: is not a file")
        return _beside(output, self.renamed)

    def remove(self, path: Path) -> None:
        """Have a file removed at the end, because others take its place."""
        self.removed.add(path)

    def tidy(self) -> None:
        """Remove the folders that are empty."""
        for folder in (*(path.parent for path in self.removed), *reversed(self._made)):
            with suppress(OSError):
                folder.rmdir()


@contextmanager
def outputs(files: Iterable[str]) -> Iterator[Outputs]:
    """Give what opens the outputs of a run that reads ``files``.

    The files are renamed into place when all are complete, and removed on failure. If one is new, nobody may read
    it who may not read all of ``files``. Streams, pipes and devices are written to as they are.
    """
    opened = Outputs(files)
    try:
        with opened.stack:
            yield opened
        for part, target in opened.renamed.items():
            _set_permissions(part, target, files)
        for part, target in opened.renamed.items():
            part.replace(target)
        for old in opened.removed:
            old.unlink(missing_ok=True)
    finally:
        for part in opened.renamed:
            part.unlink(missing_ok=True)
            unfinished.discard(part)
        opened.tidy()


@contextmanager
def _opened(output: str, renamed: dict[Path, Path]) -> Iterator[Writable]:
    """Open an output; if it is a file, one beside it, which is then to be ``renamed``."""
    stream = _stream(output)
    if stream is not None:
        # Without Python's buffer (PYTHONUNBUFFERED), a write may stop half-way and say nothing.
        with open(stream, "wb", closefd=False) as file:  # not a path
            yield file
        return
    path = Path(output)
    if _is_special(path):  # a device or a pipe cannot be replaced
        with path.open("wb") as file:
            yield file
        return
    part = _beside(output, renamed)
    with _created(part, output) as new, packed(new, renamed[part].name) as packing:
        yield packing


def _is_special(path: Path) -> bool:
    """Whether there is something at a path that is not a file."""
    status = _status(path)
    return status is not None and not S_ISREG(status.st_mode)


def _beside(output: str, renamed: dict[Path, Path]) -> Path:
    """Name of the file that becomes an output, which is then to be ``renamed``."""
    target = Path(output).resolve()
    if not target.parent.is_dir():
        raise stop(f"{without_secrets(str(target.parent))}: no such folder")
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(EACCES, os.strerror(EACCES), output)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    if part not in unfinished:
        part.unlink(missing_ok=True)  # left by a killed process with the same number
    unfinished.add(part)
    renamed[part] = target
    return part


def _created(part: Path, output: str) -> BinaryIO:
    """Create a file that only its owner may read."""
    try:
        return open(part, "xb", opener=partial(os.open, mode=0o600))
    except OSError as error:
        raise OSError(error.errno, error.strerror, output) from None


_STREAMS: Final = {"-": 1, "/dev/stdout": 1, "/dev/stderr": 2}
_NUMBERED: Final = re.compile("/(?:dev|proc/self)/fd/([0-9]+)", re.ASCII)


def _stream(output: str) -> int | None:
    """Number of the open file that an output names; to open it by its name may truncate or replace it."""
    match = _NUMBERED.fullmatch(output)
    return int(match[1]) if match else _STREAMS.get(output)


def _status(path: Path) -> os.stat_result | None:
    """Status of a file; None if there is none yet."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def is_terminal(output: str | None) -> bool:
    """Whether an output goes to a terminal."""
    return output in (None, "-") and sys.stdout.isatty()


# --- Permissions ---


def _set_permissions(part: Path, target: Path, files: Iterable[str]) -> None:
    """Give a complete file the permissions of the one that it replaces, or else those that a new file may have."""
    old = _status(target)
    if old and hasattr(os, "chown"):
        with suppress(PermissionError):
            os.chown(part, old.st_uid, old.st_gid)
    group = part.stat().st_gid
    part.chmod(_allowed(old, group) if old else _for_new(files, group))


def _for_new(files: Iterable[str], group: int) -> int:
    """Permissions of a new file of a group: those that the umask and all inputs allow."""
    umask = os.umask(0o077)
    os.umask(umask)
    mode = 0o666 & ~umask
    for status in _statuses(files):
        mode &= 0o600 | _allowed(status, group)
    return mode


def _allowed(status: os.stat_result, group: int) -> int:
    """Permissions of a file for a copy that belongs to a group, whose members may be others to the file."""
    mode = S_IMODE(status.st_mode) & 0o777
    return mode if status.st_gid == group else mode & ~0o070 | (mode & 0o007) << 3 & mode


def _statuses(files: Iterable[str]) -> Iterator[os.stat_result]:
    """Status of each input that is a file or is in an archive."""
    for name in files:
        member = archived(name)
        with suppress(OSError):
            status = os.fstat(STDIN) if name == "-" else Path(member.archive if member else name).stat()
            if S_ISREG(status.st_mode):
                yield status


# --- Conflicts ---


def refuse_to_overwrite(files: Iterable[str], *outputs: str | None) -> None:
    """Stop if an output is also an input file or another output; standard output is ``-``, None is no output."""
    inputs = {(status.st_dev, status.st_ino) for status in _statuses(files)}
    taken = set()
    for output in filter(None, outputs):
        identity = _identity(output)
        if identity in inputs:
            name = "standard output" if output == "-" else output
            raise stop(f"{name}: is an input file; refusing to overwrite it")
        if identity in taken:
            raise stop("two outputs have the same path")
        taken.add(identity)


def _identity(output: str) -> tuple[int, int] | str | int:
    """Device and inode of a file, which are those of its links too; otherwise its stream or its path."""
    stream = _stream(output)
    with suppress(OSError):
        status = Path(output).stat() if stream is None else os.fstat(stream)
        if S_ISREG(status.st_mode):
            return status.st_dev, status.st_ino
    return os.path.realpath(output) if stream is None else stream
