"""Facts of a run that are not in the log: the command, its threshold and its input."""

from msgspec import Struct, field

from cancelnorm.check.finding import Severity
from cancelnorm.report.attention import Attention

__all__ = ["InputFile", "Run"]


class InputFile(Struct, frozen=True):
    """A file that was read: its size and digest as stored, so compressed if it is."""

    name: str
    size_bytes: int
    sha256: str


class Run(Struct):
    """A run of ``check``. Findings below ``severity`` do not fail it.

    ``inputs`` and ``unread``, which says why files could not be read, are complete at its end, and so are the
    orders that need ``attention``.
    """

    severity: Severity = Severity.ERROR
    command: str | None = None
    inputs: list[InputFile] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    attention: Attention = field(default_factory=Attention)
