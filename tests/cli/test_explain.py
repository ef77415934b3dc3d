"""``cancelnorm explain``: one record, field by field."""

import fcntl
import os
import pty
import struct
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import CANCELED, NOTED, REFUSED, REJECTED, Run

Log = Callable[..., str]


def test_a_record(run: Run, log: Log) -> None:
    """One sentence for each event, then each value with its canonical fields."""
    assert run("explain", log(REJECTED)) == (
        0,
        (
            "day.jsonl:1\n"
            "binance DELETE /api/v3/order, spot, HTTP 400\n"
            "\n"
            "events[0]  rejected / success_flag / not_found_or_closed\n"
            "  order 4711 on LTCBTC (identified by the request): not canceled by this request, because there "
            "is no such order or it was already closed; according to a code or flag (-2011 Unknown order sent.)\n"
            "\n"
            "sent         value                  canonical  value\n"
            "code         -2011                  reason     not_found_or_closed\n"
            "                                    code       -2011\n"
            'msg          "Unknown order sent."  reason     not_found_or_closed\n'
            "                                    message    Unknown order sent.\n"
            "record\n"
            "  status     400                    outcome    rejected\n"
            "                                    evidence   success_flag\n"
            "  request\n"
            '    symbol   "LTCBTC"               symbol     LTCBTC\n'
            "    orderId  4711                   order_id   4711\n"
        ),
        "",
    )


def test_a_line(run: Run, log: Log) -> None:
    """A line number follows the file; without one the first record is shown, with a hint."""
    name = log(REJECTED, "", NOTED)
    assert run("explain", f"{name}:3").out.startswith(
        "day.jsonl:3\n"
        "binance DELETE /api/v3/order, spot, HTTP 200\n"
        "\n"
        "events[0]  canceled / final_report\n"
        "  order 4711 on LTCBTC: canceled; reported by the matching engine\n"
        "notes[0]  unknown-field\n"
        "  $.new: expected no such field\n"
        "\n"
        "sent                 value          canonical               value\n"
        'symbol               "LTCBTC"       symbol                  LTCBTC\n'
        'origClientOrderId    "mine-1"       client_order_id         mine-1\n'
        "orderId              4711           order_id                4711\n"
        "orderListId          -1             list_id                 (absent)\n"
    )
    ran = run("explain", name)
    assert ran.out.startswith("day.jsonl:1\n")
    assert ran.err == "cancelnorm: day.jsonl has more records; use day.jsonl:LINE to explain another one\n"


def test_a_file_with_a_colon(run: Run, log: Log) -> None:
    """An existing file takes precedence over FILE:LINE."""
    assert run("explain", log(CANCELED, name="day:2")).out.startswith("day:2:1\n")


def test_standard_input(run: Run) -> None:
    """``-:2`` is the second line of standard input."""
    assert run("explain", "-:2", stdin=f"x\n{CANCELED}\n".encode()).out.startswith("<stdin>:2\n")


def test_many_values(run: Run, log: Log) -> None:
    """A long record is cut after 400 values unless ``--all`` is given."""
    order = CANCELED.split('"payload":')[1][:-1]
    orders = ",".join(order.replace('"orderId":4711', f'"orderId":{i}') for i in range(60))
    name = log(f'{{"venue":"binance","endpoint":"DELETE /api/v3/openOrders","payload":[{orders}]}}')
    out = run("explain", name).out
    assert "and 40 more events\n" in out
    assert "\n$[28]\n" in out
    assert "\n$[29]\n" not in out
    assert out.endswith("\nMore values were omitted; use --all to show them.\n")
    assert "\n$[59]\n" in run("explain", "--all", name).out


def test_many_new_fields(run: Run, log: Log) -> None:
    """Each value takes reading all notes anew, so fewer are shown, and the first notes; all of them with ``--all``."""
    fields = ",".join(f'"new{i}":{i}' for i in range(300))
    name = log(CANCELED[:-2] + "," + fields + CANCELED[-2:])
    out, whole = run("explain", name).out, run("explain", "--all", name).out
    assert "\nnotes[99]  unknown-field\n" in out
    assert "\nnotes[100] " not in out
    assert "\nand 200 more notes; use --all to show them\n" in out
    assert "\nnew40 " in out
    assert "\nnew80 " not in out
    assert out.endswith("\nMore values were omitted; use --all to show them.\n")
    assert "\nnotes[299]  unknown-field\n" in whole
    assert "\nnew299 " in whole


def test_a_long_payload(run: Run, log: Log) -> None:
    """Of a long payload a few values are shown, as each takes reading it anew."""
    order = CANCELED.split('"payload":')[1][:-1]
    orders = ",".join(order.replace('"orderId":4711', f'"orderId":{i}') for i in range(3_000))
    name = log(f'{{"venue":"binance","endpoint":"DELETE /api/v3/openOrders","payload":[{orders}]}}')
    out = run("explain", name).out
    assert "\n$[0]\n" in out
    assert "\n$[10]\n" not in out
    assert out.endswith("\nMore values were omitted; use --all to show them.\n")


@pytest.mark.parametrize(
    ("path", "code", "message"),
    [
        ("day.jsonl:1", 1, "day.jsonl:1: $.price: expected a plain decimal, found '1_000'"),
        ("day.jsonl:2", 1, "cancelnorm: day.jsonl:2: line: not JSON: invalid character (byte 0)"),
        ("day.jsonl:3", 1, "day.jsonl:3: $: not about a cancel: balanceUpdate"),
        ("day.jsonl:7", 2, "cancelnorm: day.jsonl: no record at line 7; the last one is at line 3"),
        ("nope.jsonl:7", 2, "cancelnorm: nope.jsonl: no such file or directory"),
        ("empty.jsonl", 2, "cancelnorm: empty.jsonl: contains no records"),
        (".", 2, "cancelnorm: .: is a folder; expected a record, as FILE or FILE:LINE"),
    ],
)
def test_what_cannot_be_explained(run: Run, log: Log, path: str, code: int, message: str) -> None:
    """One line states the reason."""
    log(REFUSED, "x", '{"venue":"binance","payload":{"e":"balanceUpdate","E":1}}')
    log(name="empty.jsonl")
    assert run("explain", path) == (code, "", f"{message}\n")


def test_fields(run: Run) -> None:
    """``--fields`` lists the canonical fields for each key of an endpoint's answer."""
    code, out, err = run("explain", "--fields", "binance", "DELETE /api/v3/order")
    assert (code, err) == (0, "")
    assert out.startswith(
        "binance DELETE /api/v3/order\n"
        "\n"
        "CanceledOrder\n"
        "sent                     canonical\n"
        "symbol                   symbol\n"
        "origClientOrderId        client_order_id\n"
        "orderId                  order_id\n"
        "orderListId              list_id\n"
        "clientOrderId            cancel_client_order_id\n"
    )
    assert "\ntype                     order_type, post_only\n" in out
    assert "\nusedSor                  extra\n" in out
    assert "\norderListId              (covered by other keys)\n" in out.partition("\nCanceledLeg\n")[2]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((), "expected a record, as FILE or FILE:LINE, or --fields VENUE ENDPOINT"),
        (
            ("--fields", "binance", "DELETE /api/v3/ordr"),
            "binance has no 'DELETE /api/v3/ordr'; it has DELETE /api/v3/order, ",
        ),
        (("--fields", "nowhere", "x"), "no venue 'nowhere', nor one with a name like it"),
    ],
)
def test_fields_of_nothing(run: Run, args: tuple[str, ...], message: str) -> None:
    """One line lists the known names."""
    code, out, err = run("explain", *args)
    assert (code, out) == (2, "")
    assert err.startswith(f"cancelnorm: {message}")


def test_text_that_would_steer_a_terminal(run: Run, log: Log) -> None:
    """Control characters are escaped, and markup is plain text."""
    symbol = "\\u001b[2J\\u202e[red]\\u9f99:smile:"
    out = run("explain", log(CANCELED.replace("LTCBTC", symbol))).out
    assert "order 4711 on \\u001b[2J\\u202e[red]龙:smile:: canceled" in out
    assert "\x1b" not in out


def test_odd_keys(run: Run, log: Log) -> None:
    """Every key has a row, whatever its name."""
    added = '"side":"BUY","x":{"a b":[[1],{"c.d":2}],"":3,"]":4}'
    out = run("explain", log(CANCELED.replace('"side":"BUY"', added))).out
    assert [line.split("  notes")[0].rstrip() for line in out.partition("\nx\n")[2].splitlines()] == [
        '  ["a b"][0][0]      1',
        '  ["a b"][1]',
        '    ["c.d"]          2',
        '  [""]               3',
        '  ["]"]              4',
    ]


# --- On a terminal ---


def on_terminal(folder: Path, columns: int, *args: str, **env: str) -> str:
    """Run in a terminal of the given width and return its output."""
    pid, fd = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        os.chdir(folder)
        inherited = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "LINES")}
        os.execve(
            sys.executable,
            [sys.executable, "-m", "cancelnorm", *args],
            {**inherited, "TERM": "xterm-256color", **env},
        )
    shown = b""
    try:
        while part := os.read(fd, 65_536):
            shown += part
    except OSError:  # raised when the program has ended
        pass
    os.close(fd)
    os.waitpid(pid, 0)
    return shown.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_width(log: Log, tmp_path: Path, columns: int) -> None:
    """No line is wider than the terminal, and names are not wrapped."""
    shown = on_terminal(tmp_path, columns, "explain", log(NOTED), NO_COLOR="1")
    assert max(len(line) for line in plain(shown).splitlines()) <= columns
    for name in ("cummulativeQuoteQty", "origClientOrderId", "filled_quantity", "client_order_id"):
        assert name in shown
    heads = ["sent", "value"] if columns < 120 else ["sent", "value", "canonical", "value"]
    assert heads in [line.split() for line in plain(shown).splitlines()]
    if columns == 60:
        assert "\norigClientOrderId     " in plain(shown)
        assert "\n  -> client_order_id  " in plain(shown)


def test_colour(log: Log, tmp_path: Path) -> None:
    """Output is bold on a terminal and plain in a pipe."""
    assert "\x1b[1m" in on_terminal(tmp_path, 100, "explain", log(CANCELED))


def plain(text: str) -> str:
    """Text without bold markup."""
    return text.replace("\x1b[1m", "").replace("\x1b[0m", "")
