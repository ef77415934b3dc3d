"""Texts that the code makes, as they were reviewed: each in a file beside its tests."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

__all__ = ["Texts", "text_of", "write"]

Texts = Mapping[str, Callable[[], Iterator[str]]]


def text_of(lines: Iterable[str]) -> str:
    """The text of a file with some lines."""
    return "".join(f"{line}\n" for line in lines)


def write(folder: Path, texts: Texts) -> None:
    """Write the files of a folder; a name may have the name of a folder in it."""
    for name, lines in texts.items():
        path = folder / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text_of(lines()), encoding="utf-8")
