"""Every regex of the package, how it is used, and texts that make it work hard."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from re import _constants as ops  # type: ignore[attr-defined]
from typing import Any, NamedTuple

import cancelnorm
from cancelnorm import masking, secret_mentions, secret_names
from tests.adversarial import PIECES
from tests.modules import modules
from tests.regex_steps import parsed

__all__ = ["Used", "patterns", "texts"]

_ROOT = Path(cancelnorm.__file__).parent
_USES = {
    "match": "match",
    "fullmatch": "fullmatch",
    "search": "search",
    **dict.fromkeys(("sub", "subn", "findall", "finditer", "split"), "finditer"),
}


class Used(NamedTuple):
    """A pattern and the method by which it is used."""

    name: str
    pattern: re.Pattern[Any]
    method: str

    def __str__(self) -> str:
        return f"{self.name} {self.method}"


def patterns() -> list[Used]:
    """All patterns of the package, each with all its uses."""
    found = [
        Used(f"{module}.{name}", pattern, method)
        for module, name, pattern in [*_globals(), *_of_masking()]
        for method in sorted(_uses(module, name) or {"search"})
    ]
    for path, source in _sources().items():
        found += _inline(path, ast.parse(source))
    return found


@cache
def _sources() -> Mapping[str, str]:
    """The code of the package by its path there."""
    paths = sorted(_ROOT.rglob("*.py"))
    return {path.relative_to(_ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


@cache
def _uses(module: str, name: str) -> set[str]:
    """The ways in which a module, or another that imports it, uses a pattern."""
    name = name.split("[")[0].split(" ")[-1]
    path = module.removeprefix("cancelnorm.").replace(".", "/")
    own = (f"{path}.py", f"{path}/__init__.py")
    sources = [
        source
        for path, source in _sources().items()
        if (path in own if name.startswith("_") else name in source)
    ]
    used = "|".join(_USES)
    found: set[str] = set()
    for source in sources:
        found |= {_USES[method] for method in re.findall(rf"\b{name}\.({used})\b", source)}
        found |= {_USES[method] for method in re.findall(rf"\bre\.({used})\({name},", source)}
        if re.search(rf" in {name}\b", source):  # one of several
            found |= {"search"}
    return found


def _globals() -> Iterator[tuple[str, str, re.Pattern[Any]]]:
    for module in modules():
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                yield module.__name__, name, value
            elif isinstance(value, tuple | list):
                yield from (
                    (module.__name__, f"{name}[{i}]", each)
                    for i, each in enumerate(value)
                    if isinstance(each, re.Pattern)
                )


def _of_masking() -> Iterator[tuple[str, str, re.Pattern[Any]]]:
    """The patterns that are made of the venues' declarations."""
    yield "secret_names", "name", secret_names.known_names().pattern
    for name, mentioned in secret_mentions.patterns()._asdict().items():
        yield "secret_mentions", name, mentioned
    rules = masking._rules()
    yield from (("masking", f"texts {word}", pattern) for word, pattern in rules.texts)
    for exact in ((), ("key",)):
        member, assigned = masking._with_values(masking._IN_TEXT, *exact)
        yield "masking", f"{exact} member", member
        yield "masking", f"{exact} assigned", assigned
        yield "masking", f"{exact} assigned in ids", masking._with_values(masking._IN_ID, *exact)[1]


def _inline(path: str, tree: ast.AST) -> Iterator[Used]:
    """The patterns that are written where they are used."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="re"), attr=method),
                args=[ast.Constant(value=str() | bytes() as text), *_],
            ) if method in _USES:
                flags = [n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute) and n.attr.isupper()]
                value = 0
                for flag in flags:
                    value |= getattr(re, flag)
                yield Used(f"{path}:{node.lineno}", re.compile(text, value), _USES[method])


# --- Texts ---

_CHARACTERS = " a1-_A'\"\\{}[]():,=<>/.&;|@#+*\n\t\0äx"
_MANY = 8
_MOST_TEXTS = 60


def texts(pattern: re.Pattern[Any], size: int) -> Iterator[Any]:
    """Texts of about so many characters: what the repeats of a pattern take, behind what they stand behind."""
    tree = parsed(pattern)
    pumps = list(dict.fromkeys(_pumps(tree, "")))
    bodies = list(dict.fromkeys(body for _, body in pumps))
    found: dict[str, None] = {}
    for prefix, body in pumps:
        for unit in (body, *(body + other for other in bodies[:6])):
            many = unit * (size // len(unit))
            found[prefix + many] = None
            found[prefix + many + "\0"] = None
        found[(prefix + body) * (size // len(prefix + body))] = None
        found[(prefix + body * 20) * max(1, size // len(prefix + body * 20))] = None
        found[body * (size // len(body)) + prefix] = None
    for piece in PIECES.values():
        found[piece * (size // len(piece))] = None
    for text in list(found)[:: len(found) // _MOST_TEXTS + 1]:
        yield text if isinstance(pattern.pattern, str) else text.encode("utf-8", "surrogateescape")


def _pumps(nodes: Any, prefix: str) -> Iterator[tuple[str, str]]:
    """What every repeat takes again and again, and a text before it."""
    for node in nodes:
        kind, value = node
        if kind in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
            _, high, body = value
            if high > _MANY:
                if len(body) == 1 and (chars := _characters(body[0])):
                    yield from ((prefix, char) for char in chars[:4])
                elif sample := _sample(body):
                    yield prefix, sample
            yield from _pumps(body, prefix)
        elif kind is ops.BRANCH:
            for branch in value[1]:
                yield from _pumps(branch, prefix)
        elif kind is ops.SUBPATTERN:
            yield from _pumps(value[3], prefix)
        elif kind is ops.ATOMIC_GROUP:
            yield from _pumps(value, prefix)
        elif kind in (ops.ASSERT, ops.ASSERT_NOT):
            yield from _pumps(value[1], prefix)
        prefix += _sample([node])


def _characters(node: Any) -> str:
    """Some characters that a node takes; none if it takes more than one."""
    kind, value = node
    if kind is ops.LITERAL:
        return chr(value)
    if kind is ops.NOT_LITERAL:
        return "".join(c for c in _CHARACTERS if ord(c) != value)
    if kind is ops.ANY:
        return _CHARACTERS.replace("\n", "")
    if kind is not ops.IN:
        return ""
    is_negated = value[0][0] is ops.NEGATE
    taken = "".join(c for c in _CHARACTERS if any(map(_takes(c), value)) is not is_negated)
    ranges = [chr(v[0]) for k, v in value if k is ops.RANGE] + [chr(v) for k, v in value if k is ops.LITERAL]
    return taken or ("" if is_negated else "".join(ranges))


def _takes(char: str) -> Any:
    def takes(item: Any) -> bool:
        kind, value = item
        if kind is ops.LITERAL:
            return bool(ord(char) == value)
        if kind is ops.RANGE:
            return bool(value[0] <= ord(char) <= value[1])
        if kind is ops.CATEGORY:
            form = {"SPACE": r"\s", "DIGIT": r"\d", "WORD": r"\w"}[
                str(value).removeprefix("CATEGORY_").removeprefix("NOT_")
            ]
            is_negated: bool = "NOT_" in str(value)
            return (re.match(form, char) is None) is is_negated
        return False

    return takes


def _sample(nodes: Any, groups: Mapping[int, str] | None = None) -> str:
    """A text that is like what nodes take."""
    text = ""
    known: dict[int, str] = dict(groups or {})
    for kind, value in nodes:
        if kind in (ops.LITERAL, ops.NOT_LITERAL, ops.ANY, ops.IN):
            text += _characters((kind, value))[:1]
        elif kind in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
            text += _sample(value[2], known) * (value[0] or (1 if value[1] > _MANY else 0))
        elif kind is ops.BRANCH:
            text += _sample(value[1][0], known)
        elif kind is ops.SUBPATTERN:
            inner = _sample(value[3], known)
            if value[0] is not None:
                known[value[0]] = inner
            text += inner
        elif kind is ops.ATOMIC_GROUP:
            text += _sample(value, known)
        elif kind is ops.GROUPREF:
            text += known.get(value, "")
    return text
