"""Requests whose body is an array of ids, which have no name but where the endpoint gives them one."""

from pathlib import Path

import pytest

from cancelnorm import Record, logs
from cancelnorm.logs.urls import Address, Parameters, parameters

NAMED = Address("mexc", "POST /api/v1/private/order/cancel", None)
UNNAMED = Address("binance", "DELETE /api/v3/order", None)


@pytest.mark.parametrize("body", [b"[7,8]", "[7,8]", [7, 8]])
def test_ids_have_the_name_that_their_endpoint_gives_them(body: bytes | str | list[int]) -> None:
    """Read from text as from what was read already."""
    assert parameters(body, address=NAMED) == Parameters({"orderIds": [7, 8]})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "address", [None, UNNAMED, Address("mexc", None, None), Address(None, "POST /x", None)]
)
def test_ids_without_a_name_are_no_parameters(address: Address | None) -> None:
    """Nothing says what they are."""
    assert parameters(b"[7,8]", address=address) == Parameters(None)


@pytest.mark.parametrize("body", [b"[]", b"[7,null]", b'[""]', b"[1.5]", b"[[7]]", b"[true]"])
def test_other_arrays_are_no_ids(body: bytes) -> None:
    """Nor are they parameters."""
    assert parameters(body, address=NAMED) == Parameters(None)


def test_a_log_of_ccxt(tmp_path: Path) -> None:
    """The request and its answer stand in lines of their own."""
    url = "https://contract.mexc.com/api/v1/private/order/cancel"
    lines = [
        f"fetch Request: mexc POST {url} RequestHeaders: {{'ApiKey': 'x'}} RequestBody: [812413197728200001]",
        (
            f"fetch Response: mexc POST {url} 200 ResponseHeaders: {{}} ResponseBody: "
            '{"success":false,"code":602,"message":"Signature verification failed"}'
        ),
    ]
    log = tmp_path / "ccxt.log"
    log.write_text("\n".join(lines), encoding="utf-8")
    [record] = logs.read(log)
    assert isinstance(record, Record)
    assert record.request == {"orderIds": [812413197728200001]}
