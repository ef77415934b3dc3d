"""What is kept of what was read: short texts only, no more than there is place for, and nothing that tells."""

import ast
import gc
import json
from collections.abc import Callable, Iterator, Sequence
from functools import _lru_cache_wrapper
from pathlib import Path
from types import FunctionType
from typing import NamedTuple

from cancelnorm import CancelNormError, Record, identify, normalise
from cancelnorm.caching import LONGEST_KEPT, cached
from cancelnorm.check import Settings, examine_batch
from cancelnorm.cli.event_lines import EventLines
from cancelnorm.cli.normalise import convert
from cancelnorm.event_json import encode_masked
from cancelnorm.logs import Options, batches
from tests.adversarial import TINY, tiny_records
from tests.samples import SAMPLES

PACKAGE = Path(__file__).parents[1] / "cancelnorm"


def test_long_texts_are_not_kept() -> None:
    """Neither alone nor as parts of what a function is asked."""
    asked: list[object] = []

    @cached(10)
    def ask(text: str | tuple[str, ...], number: int = 0) -> int:
        asked.append(text)
        return len(text) + number

    half = "a" * (LONGEST_KEPT // 2)
    short: tuple[str | tuple[str, ...], ...] = ("a", (half, half), "a" * LONGEST_KEPT)
    for text in short:
        assert [ask(text), ask(text)] == [len(text)] * 2
    assert len(asked) == 3
    long: tuple[str | tuple[str, ...], ...] = ((half, half, "a"), "a" * (LONGEST_KEPT + 1))
    for text in long:
        assert [ask(text, 1), ask(text, 1)] == [len(text) + 1] * 2
    assert len(asked) == 7


# --- Every cache of the package, by what it is asked ---

UNBOUNDED = {
    *("Venue", "Endpoint", "Node", "StructNode", "tuple[StructNode, ...]"),
    *("Kind", "type[Struct]", "type[Arg]", "frozenset[str]", "bool"),
}
"""What is declared, of which there is never more: no text of a log."""
OF_TEXTS = {
    "_own": "names of packages",
    "_codes": "names of venues",
    "named": "names of formats; an unknown one raises",
    "_node": "a type, as it is written",
    "_with_values": "constants",
    "_is_secret": "names up to a length",
    "_shown_body": "texts up to a length",
    "_shown_text": "the last texts that were looked at",
    "_first_paths": "paths that maps declare",
    "_seconds": "what a pattern of bounded length finds",
    "_read_directory": "the last archive, as it was at one moment",
    "_property": "names of files and rules",
    "_path": "names of files",
    "uri": "names of files",
}
"""Functions that are asked for texts without ``cached``, and which texts."""


def name_of(decorator: ast.expr) -> str:
    """The name of a decorator, with or without arguments."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return ast.unparse(called)


def declared_caches() -> Iterator[tuple[str, str, Sequence[str]]]:
    """Each function that keeps its results: its name, what keeps them, and the types of what it is asked."""
    for path in PACKAGE.rglob("*.py"):
        if path.parent.name == "testing":
            continue
        every = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for node in (each for each in every if isinstance(each, ast.FunctionDef)):
            for decorator in node.decorator_list:
                if (how := name_of(decorator)) in ("cache", "lru_cache", "cached", "lazy"):
                    given = node.args
                    asked = [*given.args, *given.kwonlyargs, *filter(None, [given.vararg, given.kwarg])]
                    kinds = [ast.unparse(each.annotation) for each in asked if each.annotation is not None]
                    assert len(kinds) == len(asked), node.name
                    yield node.name, how, kinds


def test_what_is_kept_for_ever_is_of_declarations() -> None:
    """Only ``cached``, which has a limit for lengths, is asked about texts of a log."""
    found = {(name, how): kinds for name, how, kinds in declared_caches()}
    assert {"cache", "lru_cache", "cached", "lazy"} == {how for _, how in found}
    told = {name for name, _ in found} & OF_TEXTS.keys()
    assert told == OF_TEXTS.keys()
    for (name, how), kinds in found.items():
        if how in ("cache", "lazy") and name not in OF_TEXTS:
            assert UNBOUNDED.issuperset(kinds), (name, kinds)
        elif how == "lru_cache" and name not in OF_TEXTS:
            assert not any(word in kind for kind in kinds for word in ("str", "bytes", "object", "Any")), name


# --- What they keep ---


class Cache(NamedTuple):
    """A cache as it is now: what it keeps, the most that it may keep if there is a limit, and how it forgets."""

    owner: object
    size: Callable[[], int]
    limit: int | None
    forget: Callable[[], None]


def kept() -> dict[int, Cache]:
    """Every cache of the package that there is now, by the identity of its function."""
    found: dict[int, Cache] = {}
    for each in gc.get_objects():
        if isinstance(each, _lru_cache_wrapper):
            if str(each.__module__).startswith("cancelnorm."):
                found[id(each)] = Cache(
                    each,
                    lambda each=each: each.cache_info().currsize,  # type: ignore[misc]
                    each.cache_info().maxsize,
                    each.cache_clear,
                )
        elif isinstance(each, FunctionType) and each.__code__.co_filename == cached.__code__.co_filename:
            cells = dict(zip(each.__code__.co_freevars, each.__closure__ or (), strict=True))
            if "kept" in cells and "maxsize" in cells:
                values = cells["kept"].cell_contents
                limit = cells["maxsize"].cell_contents
                found[id(each)] = Cache(each, lambda values=values: len(values), limit, values.clear)  # type: ignore[misc]
    return found


def flood(start: int, folder: Path) -> None:
    """Read logs of which no text was ever seen: payloads, venues, endpoints, keys, URLs and lines of text."""
    lines = [*TINY.values()]
    lines += [
        '{"venue":"x#","endpoint":"DELETE /e","payload":{"code":-1,"msg":"x"}}',
        '{"venue":"binance","endpoint":"DELETE /e#","payload":{"code":-1,"msg":"x"}}',
        '{"venue":"binance","payload":{"k#":1}}',
        '{"k#":1,"code":-1,"msg":"x"}',
        '{"venue":"gate","endpoint":"DELETE /spot/orders/#","payload":{"status":"s#","finish_as":"f#"}}',
        '{"ts":1,"method":"DELETE","url":"https://h#.example/api/v3/order?symbol=S#","status":400,"body":"{\\"code\\":-1}"}',
        '{"id":"#","method":"order.cancel","params":{"orderId":#}}',
        'INFO 2026-11-26 22:00:30 recv w# DELETE https://api.binance.com/e#?a=# 400 {"code":-#,"msg":"x"}',
    ]
    path = folder / "log"
    for line in lines:
        path.write_bytes(tiny_records(line, 200 * (len(line) + 6), start))
        for batch in batches(str(path), Options()):
            examine_batch(batch, Settings(excerpts="first", columns=True))
            convert(batch, "collect", lambda: EventLines(encode_masked))


def test_no_cache_grows_with_what_is_read(tmp_path: Path) -> None:
    """Those without a limit keep as much after new texts as before; the others keep no more than their limit."""
    flood(1_000_000, tmp_path)
    before = {key: cache.size() for key, cache in kept().items()}
    flood(2_000_000, tmp_path)
    after = kept()
    assert len(after) > 60
    for key, cache in after.items():
        limit = before.get(key, 0) if cache.limit is None else cache.limit
        assert cache.size() <= limit, cache.owner


def told(name: str) -> object:
    """What a sample means, with and without its endpoint, and where it may come from."""
    record = SAMPLES[name].record(name)
    found: list[object] = [identify(record.payload, status=record.status)]
    for endpoint in (record.endpoint, None):
        try:
            other = Record(record.payload, record.venue, endpoint, record.status, record.request)
            found.append(normalise(other))
        except CancelNormError as error:
            found.append(str(error))
    return found


def test_what_is_kept_changes_no_result(tmp_path: Path) -> None:
    """Samples mean the same whatever was read before them, and if nothing was."""
    names = sorted(SAMPLES)
    assert names
    flood(3_000_000, tmp_path)
    before = {name: json.dumps(repr(told(name))) for name in names}
    for cache in kept().values():
        cache.forget()
    for name in reversed(names):
        assert json.dumps(repr(told(name))) == before[name], name
