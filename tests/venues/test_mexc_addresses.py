"""MEXC contracts are at four hosts, one of which puts a path of its own before that of the endpoint."""

import pytest

from cancelnorm.logs.urls import locate


@pytest.mark.parametrize(
    "base",
    [
        "https://contract.mexc.com",
        "https://api.mexc.com",
        "https://futures.mexc.com",
        "https://www.mexc.com/api/platform/futures",
    ],
)
@pytest.mark.parametrize(
    ("method", "path", "endpoint", "request_"),
    [
        ("POST", "/api/v1/private/order/cancel", "POST /api/v1/private/order/cancel", None),
        ("GET", "/api/v1/private/order/get/7", "GET /api/v1/private/order/get/{orderId}", {"orderId": "7"}),
    ],
)
def test_the_path_tells_the_endpoint(
    base: str, method: str, path: str, endpoint: str, request_: dict[str, str] | None
) -> None:
    """Spot shares one of the hosts, so that none of them tells the product."""
    address = locate(method, base + path)
    assert address is not None
    assert (address.venue, address.endpoint, address.request) == ("mexc", endpoint, request_)
