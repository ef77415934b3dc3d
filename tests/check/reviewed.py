"""Every word that a check says of the rules' examples, of the samples and of the sample logs, and all its counts.

One text each in ``tests/check/reviewed``. ``python -m tests.check.reviewed`` writes them; read the difference
before it is committed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, Final

import msgspec

from cancelnorm import Record
from cancelnorm.check import RULES, Finding, History, Settings, examine, in_sequence, rule_example
from cancelnorm.check.statistics import Summary
from cancelnorm.logs import Unreadable, read
from tests.samples import FOLDER as SAMPLE_FOLDER
from tests.samples import SAMPLES

__all__ = ["FOLDER", "TEXTS"]

FOLDER: Final = Path(__file__).with_name("reviewed")


def rules() -> Iterator[str]:
    """The catalogue."""
    for rule in RULES.values():
        yield f"{rule.code} {rule.name} {rule.severity}"
        yield f"  {rule.why}"
        yield f"  {rule.todo}"


def examples() -> Iterator[str]:
    """What is found in both examples of each rule."""
    for code in RULES:
        if example := rule_example(code):
            for path in example:
                yield path.name
                yield from _checked(read(path), path.parent)


def samples() -> Iterator[str]:
    """What is found in each sample, with the excerpts."""
    for name, sample in SAMPLES.items():
        lines = list(_checked([sample.record(name)], None))
        if lines:
            yield name
            yield from lines


def logs() -> Iterator[str]:
    """What is found in each log, and what is counted."""
    folder = SAMPLE_FOLDER / "logs"
    for path in sorted(each for each in folder.glob("*") if each.is_file()):
        yield path.name
        yield from _checked(read(path), folder, counts=True)


def _checked(
    records: Iterable[Record | Unreadable], folder: Path | None, *, counts: bool = False
) -> Iterator[str]:
    """The findings on some records, one a line; sources are told below a folder."""
    settings, sequence, summary = Settings(excerpts="all"), History(), Summary()
    for record in records:
        result = examine((record,), settings)
        for finding in in_sequence(result, sequence, settings):
            summary.find(finding)
            yield _line(finding, folder)
        summary.merge(result.summary)
    last: list[Finding] = []
    sequence.end(last.append)
    yield from (_line(finding, folder) for finding in last)
    if counts:
        yield from _counted(summary)


def _line(finding: Finding, folder: Path | None) -> str:
    said = {
        name: getattr(finding, name)
        for name in finding.__struct_fields__
        if name != "rule" and getattr(finding, name) is not None
    }
    if (excerpt := said.pop("excerpt", None)) is not None:
        said["excerpt"] = f"{excerpt.before}«{excerpt.marked}»{excerpt.after}"
    text = msgspec.json.encode(said).decode()
    return f"  {finding.rule.code} {text if folder is None else text.replace(f'{folder}/', '')}"


def _counted(summary: Summary) -> Iterator[str]:
    for name in (*summary.__struct_fields__, "records", "events", "evidence"):
        value = getattr(summary, name)
        if name == "groups":
            value = {key: group.count for key, group in value.items()}
        yield from (f"  {name}{line}" for line in _plain(value))


def _plain(value: Any) -> Iterator[str]:
    """A count, or the counts of a table, one a line."""
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from (f".{name}{line}" for line in _plain(getattr(value, name)))
    elif isinstance(value, Mapping):
        for key, part in value.items():
            parts = key if isinstance(key, tuple) else (key,)
            title = " ".join(str(each.value if isinstance(each, Enum) else each) for each in parts)
            yield from (f" {title}{line}" for line in _plain(part))
    else:
        yield f": {value}"


TEXTS: Final[Mapping[str, Callable[[], Iterator[str]]]] = {
    "rules": rules,
    "examples": examples,
    "samples": samples,
    "logs": logs,
}


def main() -> None:
    """Write the texts."""
    for name, lines in TEXTS.items():
        path = FOLDER / f"{name}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(f"{line}\n" for line in lines()), encoding="utf-8")


if __name__ == "__main__":
    main()
