"""What is read of the sample logs: whole, damaged in a few ways, and without or with other values of each key.

One text each in ``tests/logs/reviewed``. ``python -m tests.reviewed`` writes them; read the difference
before it is committed.
"""

import json
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final, is_typeddict

import msgspec
from msgspec import NODEFAULT
from msgspec.structs import FieldInfo, fields

import cancelnorm.logs
from cancelnorm.logs.options import ReadOptions
from cancelnorm.logs.timestamps import _HOURS, _MONTHS, leading, ns
from tests.logs.alone import alone
from tests.logs.answers import answers
from tests.logs.asked import asked
from tests.logs.batches import batches
from tests.logs.between import between
from tests.logs.bodies import bodies
from tests.logs.broken import broken
from tests.logs.captures import captures
from tests.logs.chunks import chunks
from tests.logs.dialogues import connections, dialogues, frames
from tests.logs.distances import distances
from tests.logs.entries import entries
from tests.logs.files import files
from tests.logs.forms import FORMS, PLACES, encoded, forms
from tests.logs.json_dialogues import json_dialogues
from tests.logs.json_lines import json_lines
from tests.logs.names import names
from tests.logs.pairs import pairs
from tests.logs.parts import parts
from tests.logs.phrases import phrases
from tests.logs.readings import alike, read_counted, read_file, read_log
from tests.logs.remembered import remembered
from tests.logs.repetitions import repetitions
from tests.logs.sequences import sequences
from tests.logs.small import small
from tests.logs.test_exchanges import FILES
from tests.logs.transcripts import transcripts
from tests.logs.vocabulary import vocabulary
from tests.logs.words import words
from tests.sample_logs import LOG_FILES
from tests.texts import Texts, write

__all__ = ["FOLDER", "TEXTS"]

FOLDER: Final = Path(__file__).with_name("reviewed")

# --- Texts ---


@cache
def _whole(path: Path) -> list[str]:
    """What is read of a log as it is."""
    return read_file(path)


def records() -> Iterator[str]:
    """All that is in each log."""
    for path in LOG_FILES:
        yield path.name
        yield from (f"  {line}" for line in _whole(path))


_DEEP: Final = b"[" * 3_000 + b"]" * 3_000  # deeper than any reader goes
_DAMAGE: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "cut": lambda data: data[: len(data) * 2 // 3],
    "begun late": lambda data: data[len(data) // 3 :],
    "without the ends of lines": lambda data: re.sub(rb".(?=\n)", b"", data),
    "a line added": lambda data: re.sub(rb"\n", b"\n{]\n", data, count=1),
    "bytes that are no text": lambda data: re.sub(rb'(":\s?")', b"\\1\xff", data),
    "no quotes": lambda data: data.replace(b'"', b""),
    "other years": lambda data: re.sub(rb"\b20(?=\d\d-)", b"19", data),
    "other line ends": lambda data: data.replace(b"\n", b"\r\n"),
    "twice": lambda data: data + data,
    "the last text of each line nested": lambda data: re.sub(
        rb'(?m)^(.*":\s?)"[^"\n]*"', rb"\1" + _DEEP, data
    ),
    "all texts nested": lambda data: re.sub(rb'(":\s?)"[^"\n]*"', rb"\1" + _DEEP, data),
}


def damage() -> Iterator[str]:
    """What is read otherwise of each log that is damaged."""
    for path in LOG_FILES:
        whole = _whole(path)
        for name, damaged in _DAMAGE.items():
            yield f"{path.name}: {name}"
            found = read_log(damaged(path.read_bytes()), path.name)
            yield from (f"  {line}" for line in found if line not in whole)
            yield f"  {len(found)}, as before {sum(line in whole for line in found)}"


def counts() -> Iterator[str]:
    """How many lines of each log are text without a record, and of each form of an answer at each place."""
    for path in LOG_FILES:
        yield f"{path.name}: {read_counted(path.read_bytes(), path.name)[-1]}"
    for title, form in FORMS.items():
        yield from alike(
            title,
            {place: read_counted(encoded(log(form)), name)[-1:] for place, (name, log) in PLACES.items()},
        )


def types() -> Iterator[str]:
    """The structs and named tuples of readers: what is fixed, what may be left out, and how it is called in JSON."""
    for module in _modules():
        for name, kind in vars(module).items():
            if not isinstance(kind, type) or kind.__module__ != module.__name__:
                continue
            if issubclass(kind, msgspec.Struct):
                config = kind.__struct_config__
                flags = [flag for flag in _FLAGS if getattr(config, flag)]
                names = dict(zip(kind.__struct_fields__, kind.__struct_encode_fields__, strict=True))
                yield f"{module.__name__}.{name}: {', '.join(flags)} {config.tag or ''}"
                yield from (
                    f"  {field.name}: {names[field.name]}, {field.type}, {_default(field)}"
                    for field in fields(kind)
                )
            elif issubclass(kind, tuple):
                yield f"{module.__name__}.{name}: {getattr(kind, '_field_defaults', {})}"
            elif is_typeddict(kind):
                yield f"{module.__name__}.{name}: required are {sorted(vars(kind)['__required_keys__'])}"


def _modules() -> Iterator[ModuleType]:
    for each in pkgutil.iter_modules(cancelnorm.logs.__path__, "cancelnorm.logs."):
        yield import_module(each.name)


def _default(field: FieldInfo) -> str:
    default = bytes(field.default) if isinstance(field.default, msgspec.Raw) else field.default
    return "" if default is NODEFAULT else repr(default)


_FLAGS: Final = (
    "frozen",
    "eq",
    "order",
    "array_like",
    "gc",
    "repr_omit_defaults",
    "omit_defaults",
    "forbid_unknown_fields",
)


_OPTIONS: Final[Mapping[str, ReadOptions]] = {
    "venue": {"venue": "okx"},
    "alias": {"venue": "bybit-linear"},
    "endpoint": {"endpoint": "POST /v5/order/cancel-all"},
    "venue and endpoint": {"venue": "bybit", "endpoint": "POST /v5/order/cancel-all"},
    "dialect": {"dialect": "quoted-numbers"},
    "host": {"hosts": {"api.binance.com": "bybit", "proxy.example": "okx"}},
    "zone": {"tz": "+08:00"},
    "longest record": {"max_record_bytes": 300},
    "paths": {"paths": {"payload": "$.response", "sent": "$.time", "received": "$.ts", "account": "$.id"}},
    "format": {"format": "text"},
}
_MOST: Final = 2


def options() -> Iterator[str]:
    """What is read otherwise of each log where the caller says something of it, the first of it."""
    for path in LOG_FILES:
        whole = _whole(path)
        for name, said in _OPTIONS.items():
            found = read_file(path, **said)
            new = [line for line in found if line not in whole]
            yield f"{path.name}: {name}: {len(found)}, as before {len(found) - len(new)}"
            yield from (f"  {line}" for line in new[:_MOST])


def keys() -> Iterator[str]:
    """What is read otherwise where a key of a line, or of a document, is missing or has another value."""
    for path in LOG_FILES:
        if path.suffix in (".json", ".har"):
            yield from _keys(path.name, json.loads(path.read_bytes()), b"")
        elif path.suffix == ".jsonl":
            first, _, rest = path.read_bytes().partition(b"\n")
            yield from _keys(path.name, json.loads(first), b"\n" + rest)


def tools() -> Iterator[str]:
    """The same of the files of tools that keep requests with their answers."""
    for title, tree in FILES.items():
        yield title
        yield from _keys("one.json", tree, b"")


def _keys(name: str, tree: Any, rest: bytes) -> Iterator[str]:
    whole = read_log(json.dumps(tree).encode() + rest, name)
    yield name
    for steps in _places(tree, ()):
        for title, changed in _changes(tree, steps):
            found = read_log(json.dumps(changed).encode() + rest, name)
            new = [line for line in found if line not in whole]
            gone = sum(line not in found for line in whole)
            at = ".".join(map(str, steps))
            yield f"  {at} {title}: {' | '.join(new[:2]) or 'the same'}{f', {gone} gone' if gone else ''}"


def _places(tree: Any, steps: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """The places of keys, but for those of payloads, and for the rows of an array after the second."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield (*steps, key)
            if key not in ("payload", "data", "headers"):
                yield from _places(value, (*steps, key))
    elif isinstance(tree, list):
        for i, value in enumerate(tree[:2]):
            yield from _places(value, (*steps, i))


def _changes(tree: Any, steps: tuple[str | int, ...]) -> Iterator[tuple[str, Any]]:
    *way, last = steps
    for title in ("absent", "null", '"x"', "7", "[]"):
        copied = deepcopy(tree)
        holder = copied
        for step in way:
            holder = holder[step]
        if title == "absent":
            del holder[last]
        else:
            holder[last] = json.loads(title)
        yield title, copied


def times() -> Iterator[str]:
    """What each form of a time is, with each abbreviation of a zone, each month and each half of the day."""
    zones = ["", *_HOURS, "XYZ", "+00:00", "-0330", "+05:30", "+1400", "+2500"]
    texts = [f"2026-11-26 22:00:30.5{' ' * bool(zone)}{zone}" for zone in zones]
    texts += [f"26/{month}/2026:22:00:30" for month in (*_MONTHS, "Foo", "nov")]
    texts += [f"2026-11-26 {clock}" for clock in ("12:00:00 AM", "12:00:00 PM", "01:02:03 pm", "13:00:00 PM")]
    texts += [f"{form} rest" for form in _FORMS]
    texts += [str(10**digits * 16 // 10) for digits in range(8, 20)]
    texts += [f"1764194430.123456789{'9' * more}" for more in (1, 21)]  # is cut off, not rounded
    for text in texts:
        moment, rest = leading(text)
        yield f"{text}: {ns(text)} {moment} {rest!r}"


_FORMS: Final = (
    "2026-11-26T22:00:30Z",
    "2026/11/26 22:00:30,123",
    "2026-11/26 22:00:30",
    "2026-11-31 22:00:30",
    "2026-11-26 25:00:30",
    "Nov 26 22:00:30 2026",
    "Nov  6 22:00:30.25 UTC 2026",
    "26 Nov 2026 22:00:30 +0200",
    "20261126-22:00:30.123456789",
    "20261126 220030",
    "2026.11.26_22:00:30",
    "[2026-11-26 22:00:30]",
    "ts=1764194430.5",
    'time="1764194430123"',
    "1764194430123456",
    "1764194430123456789",
    "17641944301",
    "2300-01-01 00:00:00",
)


TEXTS: Final[Texts] = {
    "types": types,
    "times": times,
    "entries": entries,
    "answers": answers,
    "bodies": bodies,
    "alone": alone,
    "remembered": remembered,
    "phrases": phrases,
    "parts": parts,
    "json_lines": json_lines,
    "asked": asked,
    "repetitions": repetitions,
    "vocabulary": vocabulary,
    "transcripts": transcripts,
    "names": names,
    "words": words,
    "files": files,
    "forms": forms,
    "counts": counts,
    "broken": broken,
    "chunks": chunks,
    "records": records,
    "batches": batches,
    "between": between,
    "small": small,
    "connections": connections,
    "frames": frames,
    "json_dialogues": json_dialogues,
    "dialogues": dialogues,
    "pairs": pairs,
    "tools": tools,
    "captures": captures,
    "options": options,
    "distances": distances,
    "sequences": sequences,
    "damage": damage,
    "keys": keys,
}


def main() -> None:
    """Write the texts."""
    write(FOLDER, TEXTS)
