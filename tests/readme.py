"""Parts of the documents that are generated: ``python -m tests.readme`` writes them, ``--check`` compares.

Generated are the sections between ``<!-- generated: NAME -->`` and ``<!-- end -->``, and in the README the
block of text below each block of Python, which is what it prints.
"""

import ast
import contextlib
import io
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from importlib import import_module
from pathlib import Path
from types import NoneType
from typing import Any, Final, get_args, get_origin

import msgspec

from cancelnorm import CancelEvent, logs, venues
from cancelnorm.check import RULES
from cancelnorm.cli.rules import as_markdown
from cancelnorm.cli.settings import ProjectSettings
from cancelnorm.endpoint import Endpoint
from cancelnorm.report import WRITERS
from cancelnorm.testing import LAWS
from cancelnorm.venue import Venue

ROOT: Final = Path(__file__).parent.parent
README: Final = ROOT / "README.md"
TABLE: Final = "events.parquet"
DOCUMENTS: Final = (README, ROOT / ".github" / "ARCHITECTURE.md")
PACKAGE: Final = ROOT / "cancelnorm"

SECTION: Final = re.compile(r"(<!-- generated: (?P<name>\w+) -->\n)(?P<body>.*?)(<!-- end -->)", re.DOTALL)
EXAMPLE: Final = re.compile(
    r"(```python\n(?P<code>(?:(?!```).)*)```\n+```text\n)(?P<output>(?:(?!```).)*)(```)", re.DOTALL
)


def main(arguments: Sequence[str], documents: Sequence[Path] = DOCUMENTS) -> int:
    """Write the generated parts, or with ``--check`` name those that are not up to date."""
    parser = ArgumentParser("python -m tests.readme", description="Generated parts of the documents.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if a part differs")
    is_check = parser.parse_args(arguments).check
    changed = [line for document in documents for line in updated(document, write=not is_check)]
    print("\n".join(changed) or "Every generated part is up to date.")
    if is_check and changed:
        print("Write them with: python -m tests.readme")
    return 1 if is_check and changed else 0


def updated(document: Path, *, write: bool) -> list[str]:
    """The parts of a document that differ from what the code says; ``write`` puts them right."""
    text = document.read_text(encoding="utf-8")
    changed: list[str] = []

    def replaced(match: re.Match[str], name: str, part: str, new: str) -> str:
        if match[part] != new:
            changed.append(f"{document.name}: {name}")
        start, end = match.span(part)
        return f"{text[match.start() : start]}{new}{text[end : match.end()]}"

    def section(match: re.Match[str]) -> str:
        return replaced(match, match["name"], "body", SECTIONS[match["name"]]())

    def example(match: re.Match[str]) -> str:
        line = text[: match.start("code")].count("\n") + 1
        return replaced(match, f"output of the example at line {line}", "output", printed(match["code"]))

    for pattern, renewed in ((EXAMPLE, example), (SECTION, section)):
        text = pattern.sub(renewed, text)
    if write and changed:
        document.write_text(text, encoding="utf-8")
    return changed


def printed(code: str) -> str:
    """What a block of Python prints, in a folder with the samples, and with the table that a command above makes."""
    output = io.StringIO()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "samples").symlink_to(ROOT / "samples")
        if TABLE in code:
            convert(place)
        with contextlib.chdir(place), contextlib.redirect_stdout(output):
            exec(compile(code, "<example>", "exec"), {"__name__": "__main__"})
    return output.getvalue()


def convert(folder: Path) -> None:
    """Run the README's command that makes a table."""
    [command] = re.findall(
        rf"^cancelnorm (convert .* {TABLE})$", README.read_text(encoding="utf-8"), re.MULTILINE
    )
    subprocess.run(
        [sys.executable, "-m", "cancelnorm", *command.split(), "--quiet"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )


def table(*rows: Sequence[object]) -> str:
    """A table, its first row the head."""
    head, *body = (f"| {' | '.join(map(str, row))} |" for row in rows)
    return "\n".join([head, f"|{'---|' * len(rows[0])}", *body, ""])


def block(lines: Iterable[str]) -> str:
    """A block of text."""
    return "\n".join(["```text", *lines, "```", ""])


# --- Sections of the README ---


def endpoints() -> str:
    """Venues and endpoints, and since when each is read."""
    rows = [
        (endpoint.venue, endpoint.product or "by record", f"`{endpoint.name}`", endpoint.since or "")
        for venue in own_venues()
        for endpoint in venue.endpoints.values()
    ]
    return table(("venue", "product", "endpoint", "since"), *rows)


def extent() -> str:
    """What is read of each venue: its own words, and the number of endpoints of each kind."""
    own = own_venues()
    rows = [
        (f"`{venue.name}`", read_of(venue), *(count or "" for count in counts(venue).values()))
        for venue in own
    ]
    total = sum(len(venue.endpoints) for venue in own)
    exchanges = {venue.name.partition("_")[0] for venue in own}
    return f"""It reads {total} endpoints of {len(exchanges)} exchanges, whose APIs are {len(own)} venues:

{table(("venue", "what is read", *counts(own[0])), *rows)}"""


def read_of(venue: Venue) -> str:
    """What the package of a venue says of itself."""
    title = (import_module(venue.package).__doc__ or "").partition("\n\n")[0]
    return " ".join(title.partition(": ")[2].rstrip(".").split())


def counts(venue: Venue) -> dict[str, int]:
    """Number of endpoints of each kind."""
    found = Counter(kind_of(endpoint) for endpoint in venue.endpoints.values())
    return {kind: found[kind] for kind in ("REST", "queries", "WebSocket API", "streams")}


def kind_of(endpoint: Endpoint) -> str:
    """The kind of an endpoint, as its name tells."""
    if endpoint.is_query:
        return "queries"
    if endpoint.name.startswith("stream "):
        return "streams"
    return "WebSocket API" if endpoint.name.startswith("ws") else "REST"


def own_venues() -> list[Venue]:
    """Venues of this distribution; those of others are not listed."""
    return [venue for venue in venues.every().values() if venue.package.startswith("cancelnorm.")]


def fields() -> str:
    """Fields of an event."""
    rows = []
    for field in msgspec.structs.fields(CancelEvent):
        kind, meta = get_args(field.type)
        unit = (meta.extra_json_schema or {}).get("unit", "")
        rows.append((f"`{field.name}`", type_name(kind), unit, meta.description))
    return table(("field", "value", "unit", "meaning"), *rows)


WORDS: Final[Mapping[Any, str]] = {
    str: "text",
    int: "integer",
    bool: "boolean",
    Decimal: "decimal",
    dict: "object",
    tuple: "list of names",
}


def type_name(kind: Any) -> str:
    """A type in words; of an enumeration, its words."""
    [member] = [member for member in (get_args(kind) or (kind,)) if member is not NoneType]
    if isinstance(member, type) and issubclass(member, Enum):
        return ", ".join(f"`{word.value}`" for word in member)
    return WORDS[get_origin(member) or member]


def rules() -> str:
    """Rules that ``check`` looks for."""
    return f"{as_markdown(RULES.values())}\n"


def formats() -> str:
    """Formats of logs."""
    return table(
        ("format", "is"), *((f"`{form.name}`", form.about) for form in map(logs.named, logs.FORMAT_NAMES))
    )


def reports() -> str:
    """Forms of a report, in a sentence."""
    return f"The forms of a report are {listed(WRITERS)}.\n"


def settings() -> str:
    """Options that a project can set, in a sentence."""
    return f"The options that can be set are {listed(ProjectSettings.__struct_encode_fields__)}.\n"


def listed(names: Iterable[str]) -> str:
    """Names as part of a sentence."""
    *first, last = (f"`{name}`" for name in names)
    return f"{', '.join(first)} and {last}"


def check() -> str:
    """What the first command prints; it succeeds, and has nothing to say on standard error."""
    ran = subprocess.run(
        [sys.executable, "-m", "cancelnorm", "check", "samples/logs/orders.jsonl"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if (ran.returncode, ran.stderr) != (0, ""):
        raise RuntimeError(f"check ended with {ran.returncode}: {ran.stderr}")
    return block(ran.stdout.splitlines())


# --- Sections of the architecture ---


def laws() -> str:
    """Laws that a venue of another distribution can run, as their docstrings say it."""
    rows = [(f"`{law.name}`", first_line(law.hold.__doc__).replace("``", "`")) for law in LAWS]
    return table(("law", "says"), *rows)


def first_line(docstring: str | None) -> str:
    """First line of a docstring; there is one."""
    assert docstring is not None
    return docstring.partition("\n")[0]


def modules() -> str:
    """Modules of the package, as their docstrings say it; venues are listed in the README."""
    return block(["cancelnorm/", *(f"  {line}" for line in tree(PACKAGE, 0))])


def tree(folder: Path, depth: int) -> Iterator[str]:
    """Lines of the modules in a folder."""
    for path in sorted(folder.iterdir()):
        if path.suffix == ".py" and path.stem != "__init__":
            yield f"{'  ' * depth}{path.stem:{18 - 2 * depth}} {about(path)}"
        elif (path / "__init__.py").exists():
            yield f"{'  ' * depth}{f'{path.name}/':{18 - 2 * depth}} {about(path / '__init__.py')}"
            if path.name != "venues":
                yield from tree(path, depth + 1)


def about(path: Path) -> str:
    """First line of a module's docstring."""
    return first_line(ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))))


def layers() -> str:
    """Layers of imports, from the top down; what stands on one line does not import each other."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    [found] = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    return block(found)


SECTIONS: Final[Mapping[str, Callable[[], str]]] = {
    "extent": extent,
    "endpoints": endpoints,
    "fields": fields,
    "rules": rules,
    "formats": formats,
    "reports": reports,
    "settings": settings,
    "check": check,
    "laws": laws,
    "modules": modules,
    "layers": layers,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
