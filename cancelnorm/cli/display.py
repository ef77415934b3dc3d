"""Styled output on the terminal, and plain output elsewhere."""

import sys
from typing import Final

from rich.console import Console, RenderableType
from rich.table import Table

from cancelnorm.escapes import inert

__all__ = ["console", "new_table", "show"]

_UNBOUNDED: Final = 10_000


def new_table(*names: str) -> Table:
    """A table without borders that folds long cells."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False)
    for name in names:
        table.add_column(name, overflow="fold")
    return table


def console() -> Console:
    """A console as wide as the terminal, or unbounded if the output is not a terminal."""
    width = None if sys.stdout.isatty() else _UNBOUNDED
    return Console(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False)


def show(content: RenderableType) -> None:
    """Print without trailing spaces."""
    target = console()
    with target.capture() as captured:
        target.print(content)
    sys.stdout.writelines(f"{inert(line.rstrip())}\n" for line in captured.get().splitlines())
