"""What words of a program say was tried, where that was no cancel."""

import re
from collections.abc import Sequence, Set
from typing import Final, Literal

__all__ = ["WORD", "Tried", "tried_in"]

Tried = Literal["query", "other"]
"""A query of orders, or anything else."""

WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
"""A word, also one of several in a name."""

_ASKING: Final = frozenset({"fetch", "fetching", "get", "getting", "retrieve", "retrieving"})
_LOADING: Final = frozenset(
    {
        *("change", "changing", "keepalive", "load", "loading", "refresh", "refreshing", "renew", "renewing"),
        *("set", "setting", "update", "updating"),
    }
)
_PLACING: Final = frozenset({"create", "creating", "place", "placing", "submit", "submitting"})
_OPENING: Final = frozenset({"open", "opening"})
_MARKETS: Final = frozenset(
    {
        *("ticker", "tickers", "price", "prices", "ohlcv", "kline", "klines", "candle", "candles"),
        *("book", "depth", "funding", "instruments", "market", "markets", "orderbook", "symbols"),
        *("account", "balance", "balances", "leverage", "margin", "position", "positions"),
        "listen",  # to a stream, by a key
    }
)
_ORDERS: Final = frozenset({"order", "orders"})
_POSITIONS: Final = frozenset({"position", "positions", "trade"})
_TRANSFERS: Final = re.compile(r"\btransfer (?:failed|error)\b", re.IGNORECASE)
# What a program calls a cancel, at the beginning of a word.
_CANCELING: Final = (
    *("abort", "amend", "cancel", "close", "closing", "cxl", "delet", "edit"),
    *("annul", "clear", "drop", "exit", "flat", "gone", "inactiv", "kill", "modif", "pull", "purg", "remov"),
    *("replac", "revok", "rid", "storn", "tear", "unwind", "void", "withdr"),
)
_APART: Final = re.compile(r"(?<![\w.])[A-Za-z]++(?![\w.(])")  # no part of the name of a function or a class
_FAR: Final = 4  # words at most from what was done, as in "place limit sell order"
_DONE: Final = re.compile(
    "|".join(sorted({*_ASKING, *_LOADING, *_PLACING, *_OPENING, "transfer"})), re.IGNORECASE
)


def tried_in(text: str) -> Tried | None:
    """Tell what words say was tried; None where that may have been a cancel, or they do not say it."""
    if _DONE.search(text) is None:
        return None
    said = [word.casefold() for word in WORD.findall(text)]
    if any(word.startswith(_CANCELING) for word in said):
        return None
    if _says(said, _ASKING | _LOADING, _MARKETS) or _TRANSFERS.search(text) is not None:
        return "other"
    if _says(said, _ASKING, _ORDERS):
        return "query"
    apart = [word.casefold() for word in _APART.findall(text)]
    return "other" if _says(apart, _PLACING, _ORDERS) or _says(apart, _OPENING, _POSITIONS) else None


def _says(said: Sequence[str], done: Set[str], to: Set[str]) -> bool:
    """Tell whether words say that something was done, and to what."""
    return any(
        not to.isdisjoint(said[place + 1 : place + _FAR + 1])
        for place, word in enumerate(said)
        if word in done
    )
