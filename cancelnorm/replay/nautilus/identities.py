"""Whose orders they are: what NautilusTrader wants to know and no payload says."""

from collections.abc import Mapping
from typing import Any

from nautilus_trader.model.identifiers import AccountId, StrategyId, TraderId

from cancelnorm.replay.lifecycle import Lifecycle, is_plain

__all__ = ["Identities"]


class Identities:
    """A trader, a strategy, and the accounts, by venue.

    Where a log was recorded with the name of an account, ``(venue, name)`` gives it in place of the venue. Raises
    ValueError for an id that Nautilus does not take, as it takes ``NAME-001``.
    """

    def __init__(
        self, trader_id: str, strategy_id: str, accounts: Mapping[str | tuple[str, str], str]
    ) -> None:
        # Nautilus ends the process on a text that it does not take, so nothing else may come to it.
        self.trader_id: Any = TraderId(_checked(trader_id))
        self.strategy_id: Any = StrategyId(_checked(strategy_id))
        self._accounts: dict[str | tuple[str, str], Any] = {
            name: AccountId(_checked(account_id)) for name, account_id in accounts.items()
        }

    def account_of(self, order: Lifecycle) -> Any:
        """The ``AccountId`` of an order; None if it was not given."""
        venue, account = order.entries[0].event.venue, order.keys[-1].account
        return self._accounts.get(venue if account is None else (venue, account))


def _checked(name: str) -> str:
    """An id as Nautilus takes it: ASCII, a name and a number or tag after a hyphen."""
    before, _, after = name.rpartition("-")
    if not (is_plain(name) and before.strip() and after.strip()):
        raise ValueError(f"expected an id such as NAME-001, found {name!r}")
    return name
