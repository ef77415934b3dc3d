"""Commands in one process, in whatever environment it was started: ``python [OPTION…] tests/commands.py PACKAGE OUT``.

What the commands write and how they end goes to the file ``OUT``. It runs as a script, so that also an interpreter
that takes nothing from its environment finds the package, in the folder or the archive ``PACKAGE``.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOGS = (
    *(
        "samples/logs/bot.jsonl",
        "samples/logs/browser.har",
        "samples/logs/vcr/cancel.yaml",
        "samples/logs/day.jsonl",
    ),
    *("samples/logs/ccxt-php.log", "samples/logs/cryptofeed-ws.log", "samples/logs/formats/export.csv"),
)
FORMATS = ("text", "full", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown")
STRANGE = (
    '{"venue":"binance","endpoint":"DELETE /api/v3/order","status":400,'
    '"payload":{"code":-2011,"msg":"Ordre inconnu: é–日本"}}\n'
    '{"venue":"binance","endpoint":"DELETE /api/v3/order","status":200,"payload":{"größe":"日本"}}\n'
)


def commands(strange: str) -> list[list[str]]:
    """Every command, on logs of several formats; ``strange`` has texts that are not ASCII."""
    return [
        *(["check", "--output-format", name, strange, *LOGS] for name in FORMATS),
        ["normalise", strange, *LOGS],
        ["replay", strange, *LOGS],
        ["story", strange, *LOGS],
        *(["latency", "--output-format", name, strange, *LOGS] for name in ("text", "json")),
        *(["explain", place] for place in (f"{strange}:1", f"{strange}:2", "samples/logs/day.jsonl:8")),
        ["explain", "--fields", "bybit", "POST /v5/order/cancel"],
        *(["venues"], ["schema"], ["rules"], ["rule", "overfilled"], ["check", "nowhere.log"]),
        *(
            [*command, "--help"]
            for command in (
                [],
                ["check"],
                ["normalise"],
                ["replay"],
                ["latency"],
                ["explain"],
                ["venues"],
                ["rule"],
            )
        ),
    ]


def run(out: Path) -> None:
    """Run each command as a shell would, its output and its errors in one file."""
    from cancelnorm.__main__ import main

    strange = out.with_name("strange.jsonl")
    strange.write_text(STRANGE, encoding="utf-8")
    file = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(file, 1)
    os.dup2(file, 2)
    for command in commands(os.path.relpath(strange, ROOT)):
        sys.argv = ["cancelnorm", *command]
        code = main()
        sys.stdout.flush()
        sys.stderr.flush()
        os.write(file, f"== {command}: {code}\n".encode())


if __name__ == "__main__":
    package, output = sys.argv[1:]
    os.chdir(ROOT)
    sys.path.insert(0, package)
    run(Path(output))
