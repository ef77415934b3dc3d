"""Requests over HTTP at hosts of no venue, which are passed over and counted by host."""

import re
from collections import Counter
from typing import Final
from urllib.parse import urlsplit

__all__ = ["PassedOver"]

_MOST: Final = 1_000
_HOST: Final = re.compile(r"[a-z0-9._:-]{1,100}")


class PassedOver:
    """The requests of one log that were passed over."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add(self, url: str) -> None:
        """Count the request to a URL."""
        try:
            host = urlsplit(url.strip()).hostname or ""
        except ValueError:
            host = ""
        is_known = host in self._counts or len(self._counts) < _MOST
        self._counts[host if is_known and _HOST.fullmatch(host) else "other hosts"] += 1

    def taken(self) -> dict[str, int]:
        """Take the counts since the last call, each by a name for reports."""
        counts, self._counts = self._counts, Counter()
        return {f"HTTP at {host}": count for host, count in counts.items()}
