"""Bybit: unified trading, spread trading and requests for quotes."""

from typing import Final

from cancelnorm.venue import SocketKeys, Venue

__all__ = ["VENUE"]

VENUE: Final = Venue(
    "bybit",
    package=__name__,
    docs="https://bybit-exchange.github.io/docs",
    # Its own domain, the spare one, and those of countries.
    hosts=(
        "bybit.com",
        "bytick.com",
        "bybit.nl",
        "bybit.eu",
        "bybit.kz",
        "bybit.ae",
        "bybit.tr",
        "bybit-tr.com",
        "bybit.id",
        "bybitgeorgia.ge",
    ),
    aliases=(
        "bybit spot",
        "bybit linear",
        "bybit inverse",
        "bybit futures",
        "bybit perpetual",
        "bybit swap",
        "bybit derivatives",
        "bybit option",
        "bybit options",
        "bybit spread",
        "bybit unified",
        "bybit uta",
        "bybit v5",
        "bybit testnet",
        "bybit perpetual testnet",
        "bybit demo",
        "bybit eu",
        "bybit com",
    ),
    secrets=("X-BAPI-API-KEY", "X-BAPI-SIGN", "api_key", "apiKey", "sign"),
    # The message about a wrong signature repeats the signed text, which begins with the API key. The text
    # may have brackets of its own, so it goes on to the one before the end of the message.
    secret_texts={"origin_string": r"\[.*?(?:\](?=\\{0,15}\")|\Z)"},
    socket=SocketKeys(
        request_id=("reqId",),
        operation=("op",),
        parameters=("args",),
        answer=("retCode", "success"),
        secret_operations=frozenset({"auth"}),
    ),
)
