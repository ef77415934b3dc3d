"""Lines that are all alike, by as many of which a reader comes back to where it was."""

__all__ = ["AlikeLines"]


class AlikeLines:
    """Equal lines behind some that were read: whole numbers of them are counted, and the rest is read."""

    def __init__(self) -> None:
        self._line: bytes | None = None
        self._count = 0  # of lines by which the reader comes back
        self._numbers: list[int] = []  # of the lines behind the last whole number

    @property
    def are_open(self) -> bool:
        """Whether the next line may be one of them."""
        return self._line is not None

    def begin(self, line: bytes, count: int) -> None:
        """Begin behind so many lines of this kind."""
        self._line, self._count = line, count

    def takes(self, line: bytes) -> bool:
        """Tell whether a line is one of them."""
        return line == self._line

    def add(self, number: int) -> int:
        """Add a line; return how many are whole now, or zero."""
        self._numbers.append(number)
        if len(self._numbers) < self._count:
            return 0
        self._numbers.clear()
        return self._count

    def take(self) -> list[tuple[int, bytes]]:
        """End them, and take those that are to be read."""
        line, numbers = self._line, self._numbers
        self._line, self._numbers = None, []
        return [] if line is None else [(number, line) for number in numbers]
