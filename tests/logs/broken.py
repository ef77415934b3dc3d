"""What is read of files that are broken, each in a few ways of its format."""

import bz2
import gzip
import io
import json
import lzma
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, Final

import zstandard

from tests.logs.readings import alike, read_log

__all__ = ["broken"]

_GONE: Final = {"retCode": 110001, "retMsg": "gone", "result": {}, "retExtInfo": {}, "time": 1795730430200}
_SAID: Final = json.dumps(_GONE).encode()
_URL: Final = "https://api.bybit.com/v5/order/cancel"
_OTHER: Final = "https://api.bybit.com/v5/order/cancel-all"
_LINE: Final = json.dumps({"venue": "bybit", "payload": _GONE}).encode()
_brotli: Final = import_module("brotli").compress
_LONGEST: Final = 400  # bytes of a record


def broken() -> Iterator[str]:
    """What is read of each."""
    yield from _bodies()
    yield from _archives()
    yield from _tables()
    yield from _arrays()
    yield from _cassettes()
    yield from _lines()
    yield from _conversations()


# --- Compression ---


def _raw_deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


_PACKED: Final[Mapping[str, bytes]] = {
    "gzip": gzip.compress(_SAID, mtime=0),
    "deflate": zlib.compress(_SAID),
    "raw deflate": _raw_deflated(_SAID),
    "br": _brotli(_SAID),
    "zstd": zstandard.compress(_SAID),
    "compress": b"\x1f\x9d\x90" + _SAID,
    "identity": _SAID,
}


def _bodies() -> Iterator[str]:
    """Bodies in HAR that a server has compressed, whole, cut, changed, and of many bytes."""
    many = b"[" + b" " * 2_000 + b"]"
    longer = {
        "gzip": gzip.compress(many, mtime=0),
        "deflate": zlib.compress(many),
        "br": _brotli(many),
        "zstd": zstandard.compress(many),
    }
    for coding, body in _PACKED.items():
        changed = body[:12] + bytes(byte ^ 0x55 for byte in body[12:20]) + body[20:]
        forms = {"whole": body, "cut": body[:-9], "changed": changed, "long": longer.get(coding, many)}
        if coding == "zstd":  # some are as valid as before
            del forms["changed"]
        found = {form: _entry(coding.removeprefix("raw "), data) for form, data in forms.items()}
        yield from alike(coding, found)
    yield from alike("no base64", {"whole": _har({"text": "{]", "encoding": "base64"}, "gzip")})


def _entry(coding: str, body: bytes) -> list[str]:
    return _har({"text": b64encode(body).decode(), "encoding": "base64"}, coding)


def _har(content: Mapping[str, Any], coding: str) -> list[str]:
    asked = {"method": "POST", "url": _URL, "headers": []}
    headers = [{"name": "Content-Encoding", "value": coding}]
    answered = {"status": 200, "headers": headers, "content": content}
    log = {"log": {"creator": {}, "entries": [{"request": asked, "response": answered}]}}
    return read_log(json.dumps(log).encode(), "one.har", max_record_bytes=1_000)


def _archives() -> Iterator[str]:
    """Zip archives, and files that another program has packed."""
    for title, method in (
        ("stored", zipfile.ZIP_STORED),
        ("deflated", zipfile.ZIP_DEFLATED),
        ("bzip2", zipfile.ZIP_BZIP2),
        ("lzma", zipfile.ZIP_LZMA),
    ):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", method) as archive:
            archive.writestr(zipfile.ZipInfo("one.jsonl", (2026, 11, 26, 0, 0, 0)), _LINE + b"\n", method)
        data = file.getvalue()
        at = data.index(b"PK\x01\x02")  # the directory
        forms = {
            "whole": data,
            "encrypted": data[: at + 8] + b"\x01" + data[at + 9 :],
            "another method": data[: at + 10] + b"\x63\x00" + data[at + 12 :],
            "another sum": data[: at + 16] + b"\0\0\0\0" + data[at + 20 :],
            "another size": data[: at + 20] + b"\x09" + data[at + 21 :],
            "cut": data[:-10],
        }
        found = {form: read_log(changed, "one.zip") for form, changed in forms.items()}
        yield from alike(title, found)
    packed = {
        "one.jsonl.gz": gzip.compress(_LINE, mtime=0),
        "one.jsonl.bz2": bz2.compress(_LINE),
        "one.jsonl.xz": lzma.compress(_LINE),
        "one.jsonl.zst": zstandard.compress(_LINE),
        "utf-16.jsonl": _LINE.decode().encode("utf-16"),
        "utf-16-be.jsonl": _LINE.decode().encode("utf-16-be"),
        "utf-8-sig.jsonl": _LINE.decode().encode("utf-8-sig"),
    }
    for title, change in (("whole", 0), ("cut", 7)):
        found = {name: read_log(data[: len(data) - change], name) for name, data in packed.items()}
        yield from alike(title, found)


# --- Formats ---


def _tables() -> Iterator[str]:
    """Tables whose rows are not."""
    quoted = _SAID.decode().replace('"', '""')
    head = "venue,payload,account"
    row = f'bybit,"{quoted}",desk'
    tables = {
        "whole": f"{head}\n{row}\n",
        "no names": f"7,8,9\n{row}\n",
        "a blank line first": f"\n{head}\n\n{row}\n",
        "a rule of psql": f"{head}\n-----+-----\n{row}\n(1 row)\n",
        "a short row": f"{head}\nbybit\n{row}\n",
        "a long row": f"{head}\n{row},7,8\n",
        "a quote that does not end": f'{head}\n{row}\nbybit,"{{\n{row}\n',
        "a zero": f"{head}\nby\0bit,7,8\n{row}\n",
        "empty fields": f"{head}\n,,\n{row}\n",
        "too long": f'{head}\nbybit,"{"x" * _LONGEST}",desk\n{row}\n',
        "too long over lines": head + '\nbybit,"' + "x\n" * _LONGEST + f'",desk\n{row}\n',
        "too long a line": f"{head}\n{'x' * 2 * _LONGEST}\n{row}\n",
    }
    found = {
        title: read_log(text.encode(), "one.csv", format="csv", max_record_bytes=_LONGEST)
        for title, text in tables.items()
    }
    yield from alike("a table", found)


def _arrays() -> Iterator[str]:
    """Arrays of lines whose items are no lines."""
    line = _LINE.decode()
    forms = {
        "whole": f"[{line},{line}]",
        "on many lines": f"[\n{line},\n{line}\n]\n",
        "no comma": f"[{line}{line}]",
        "two commas": f"[{line},,{line}]",
        "a word in the gap": f"[{line} x{' ' * 200_000},{line}]",
        "a wide gap": f"[{line}{' ' * 200_000},{line}]",
        "not ended": f"[{line},{line}",
        "ended twice": f"[{line}]]",
        "something behind": f"[{line}] x",
        "items that are no objects": f'[{line},7,"x",null,[1],[1],7]',
        "a long item": f'[{line},{{"venue":"bybit","payload":"{"x" * _LONGEST}"}},{line}]',
        "a long text": f'[{line},"{"x" * 4 * _LONGEST}",{line}]',
        "a text that does not end": f'[{line},{{"venue":"byb',
        "empty": "[]",
        "nested": "[" * 200,
        "under a key": f'{{"meta":{{"a":[1,2]}},"data":[{line},{line}]}}',
        "under a key, cut": f'{{"meta":{{"a":[1,2]}},"data":[{line},{line[:40]}',
        "items without a payload": f'[{line},{{"a":1}},{{"a":1}}]',
    }
    for title, name in (("array", "array"), ("by itself", None)):
        found = {
            form: read_log(text.encode(), "one.json", format=name, max_record_bytes=_LONGEST)
            for form, text in forms.items()
        }
        yield from alike(title, found)


def _cassettes() -> Iterator[str]:
    """Cassettes of YAML."""
    request = f"request: {{method: POST, uri: '{_URL}', body: null}}"
    response = f"response: {{status: {{code: 200}}, body: {{string: '{_SAID.decode()}'}}}}"
    item = f"- {request}\n  {response}\n"
    forms = {
        "whole": item,
        "carriage returns": item.replace("\n", "\r\n"),
        "an anchor": f"- &a\n  {request}\n  {response}\n- *a\n",
        "an unknown alias": f"- {request}\n  response: *b\n{item}",
        "a key that is no text": f"- {request}\n  {response}\n  ? [7]\n  : 8\n{item}",
        "no map": f"- 7\n{item}",
        "no request": f"- {response}\n{item}",
        "no response": f"- {request}\n{item}",
        "deep": f"- {request}\n  response: {'[' * 200}{']' * 200}\n{item}",
        "cut": item * 2 + item[:80],
        "a character that YAML forbids": item.replace("null", '"\1"') + item,
        "bytes": item.replace(f"'{_SAID.decode()}'", f"!!binary {b64encode(_SAID).decode()}"),
        "no bytes": item.replace(f"'{_SAID.decode()}'", "!!binary '*'"),
        "long": f"- {request}\n  response: {{status: {{code: 200}}, body: {{string: '{'x' * 2_000}'}}}}\n{item}",
    }
    found = {
        form: read_log(f"interactions:\n{text}version: 1\n".encode(), "one.yaml", max_record_bytes=1_900)
        for form, text in forms.items()
    }
    yield from alike("a cassette", found)


def _lines() -> Iterator[str]:
    """Lines of JSON with parts of other types, where the caller says where the parts are, and where not."""
    paths = {
        part: f"$.{part}" for part in ("source", "offset", "account", "sent", "received", "status", "url")
    }
    values: tuple[Any, ...] = ({}, [], 7, 7.5, "x", "7", True, None, -1, 10**30, "2026-11-26T22:00:30Z")
    line = {"venue": "bybit", "payload": _GONE}
    for value in values:
        for title, mapped in (("mapped", {"payload": "$.payload", **paths}), ("not mapped", None)):
            found = {
                part: read_log(
                    json.dumps({**dict.fromkeys(paths), **line, part: value}).encode() + b"\n",
                    "one.jsonl",
                    format="jsonl",
                    paths=mapped,
                )
                for part in (*paths, "venue", "payload")
            }
            yield from alike(f"{json.dumps(value)} {title}", found)


# --- Requests and answers in different lines ---


def _conversations() -> Iterator[str]:
    """Failures of requests of which several wait, statuses without a body, and answers that come late or twice."""
    at = "2026-11-26 22:00:{:02},000 "
    ask = f'POST {_URL} {{"orderId": "7a%s"}}'
    said = _SAID.decode()
    failed = f"ccxt.base.errors.RequestTimeout: bybit POST {_URL}"
    refused = f"ccxt.base.errors.ExchangeError: bybit POST {_URL} 400 Bad Request {said}"
    lost = "HTTPSConnectionPool(host='api.bybit.com', port=443): Read timed out. (read timeout=10)"
    status = f"POST {_URL} 503"
    answer = f"POST {_URL} 200 {said}"
    logs = {
        "one fails": (ask % 1, failed),
        "one of two fails": (ask % 1, ask % 2, failed),
        "one of two equal ones fails": (ask % 1, ask % 1, failed),
        "it fails twice": (ask % 1, failed, failed),
        "it is refused": (ask % 1, refused),
        "it is refused twice": (ask % 1, refused, refused),
        "one of two is refused": (ask % 1, ask % 2, refused),
        "it times out": (ask % 1, lost),
        "one of two times out": (ask % 1, ask % 2, lost),
        "a status": (ask % 1, status),
        "a status twice": (ask % 1, status, status),
        "the status of one of two": (ask % 1, ask % 2, status),
        "a status, then a body": (ask % 1, f"POST {_URL} 200", said),
        "the status alone, then a body": (ask % 1, "status 200", said),
        "a redirection": (ask % 1, f"POST {_URL} 307", said),
        "a body, then a status": (ask % 1, said, status),
        "two answers": (ask % 1, answer, answer),
        "two answers to two": (ask % 1, ask % 2, answer, answer),
        "an answer after a failure": (ask % 1, failed, answer),
        "an answer, then a failure": (ask % 1, answer, failed),
        "an answer of another": (ask % 1, f"POST {_OTHER} 200 {said}"),
        "an answer without a request": (answer,),
        "a failure without a request": (failed,),
        "a status without a request": (status,),
        "OPTIONS": (f"OPTIONS {_URL} 200 {said}",),
        "GET": (f"GET {_URL}?orderId=7a1", f"GET {_URL}?orderId=7a1 200 {said}"),
        "a frame among them": (ask % 1, '{"op":"pong"}', said),
        "many lines between": (ask % 1, *["nothing"] * 60, said),
        "a minute between": (ask % 1, *[""] * 45, said),
    }
    for every, title in ((1, "a second apart"), (0, "at once")):
        found = {
            name: read_log(
                "".join(
                    f"{at.format(min(59, n * every))}{line}\n" for n, line in enumerate(lines) if line
                ).encode(),
                "one.log",
            )
            for name, lines in logs.items()
        }
        yield from alike(title, found)
