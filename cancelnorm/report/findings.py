"""Findings and counts as JSON: document, lines and JSON Schema."""

from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

import msgspec
from msgspec import UNSET, Struct, UnsetType

from cancelnorm.check.finding import Excerpt, Finding, Severity
from cancelnorm.check.statistics import Summary
from cancelnorm.escapes import printable_json
from cancelnorm.logs import source_line
from cancelnorm.report.run import Run
from cancelnorm.version import __version__

__all__ = [
    "Document",
    "JsonLines",
    "encoded",
    "finding_json",
    "finding_schema",
    "fingerprint",
    "summary_counts",
]

_builtin: Final = msgspec.json.Encoder(enc_hook=str)


def fingerprint(finding: Finding) -> str:
    """Fingerprint of a finding, which stays the same when lines are added above it."""
    fields = (
        finding.rule.code,
        source_line(finding.source).file,
        finding.venue,
        finding.endpoint,
        finding.symbol,
    )
    text = "\0".join(field or "" for field in (*fields, finding.order_id, finding.path, finding.message))
    return sha256(text.encode(errors="backslashreplace")).hexdigest()[:32]


class WrittenFinding(Struct, kw_only=True):
    """A violation of a rule; unknown and inapplicable fields are omitted."""

    code: str
    name: str
    severity: Severity
    message: str
    source: str | UnsetType = UNSET
    file: str | UnsetType = UNSET
    line: int | UnsetType = UNSET
    path: str
    venue: str | UnsetType = UNSET
    endpoint: str | UnsetType = UNSET
    symbol: str | UnsetType = UNSET
    order_id: str | UnsetType = UNSET
    related: str | UnsetType = UNSET
    value: Any | UnsetType = UNSET
    excerpt: Excerpt | UnsetType = UNSET


def _written(finding: Finding) -> WrittenFinding:
    file, line = source_line(finding.source)
    return WrittenFinding(
        code=finding.rule.code,
        name=finding.rule.name,
        severity=finding.severity,
        message=finding.message,
        source=_known(finding.source),
        file=_known(file),
        line=UNSET if line is None else line,
        path=finding.path,
        venue=_known(finding.venue),
        endpoint=_known(finding.endpoint),
        symbol=_known(finding.symbol),
        order_id=_known(finding.order_id),
        related=_known(finding.related),
        value=UNSET if finding.value is None else finding.value,
        excerpt=UNSET if finding.excerpt is None else finding.excerpt,
    )


def _known(text: str | None) -> str | UnsetType:
    return UNSET if text is None else text


def finding_json(finding: Finding) -> bytes:
    """Encode a finding as one line of JSON, without the newline; fields that are None are omitted."""
    return encoded(_written(finding)).encode()


def finding_schema() -> dict[str, Any]:
    """JSON Schema of the output of ``finding_json``."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **msgspec.json.schema(WrittenFinding),
    }


def encoded(value: Any) -> str:
    """Any value as one line of JSON, as ``printable_json`` has it.

    Lone surrogates, which file names may contain, are escaped as text, because JSON parsers reject them.
    """
    try:
        data = _builtin.encode(value)
    except UnicodeEncodeError:
        data = _builtin.encode(_without_surrogates(msgspec.to_builtins(value, enc_hook=str)))
    return printable_json(data).decode()


def _without_surrogates(value: Any) -> Any:
    """A value with lone surrogates escaped."""
    match value:
        case str():
            return value.encode(errors="backslashreplace").decode()
        case dict():
            return {_without_surrogates(key): _without_surrogates(member) for key, member in value.items()}
        case list() | tuple():
            return [_without_surrogates(element) for element in value]
        case _:
            return value


def summary_counts(summary: Summary) -> dict[str, Any]:
    """Counts of a run by name; findings are counted by severity and by rule code."""
    rules: Counter[str] = Counter()
    for key, group in summary.groups.items():
        rules[key.code] += group.count
    return {
        "files": summary.files,
        "records": summary.records,
        "understood": summary.understood,
        "skipped": summary.skipped.total(),
        "refused": summary.refused,
        "unanswered": summary.unanswered,
        "text_lines": summary.text_lines,
        "events": [
            {"venue": venue, "endpoint": endpoint, "outcome": outcome, "count": count}
            for (venue, endpoint, outcome), count in sorted(summary.events.items())
        ],
        "skipped_frames": dict(sorted(summary.skipped.items())),
        "findings": {severity: summary.severities[severity] for severity in Severity},
        "rules": dict(sorted(rules.items())),
    }


class JsonLines:
    """Writer of one finding per line."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def begin(self, _run: Run) -> None:
        """Write nothing: there is no header."""

    def add(self, finding: Finding) -> None:
        """Write a finding."""
        self._write(f"{encoded(_written(finding))}\n")

    def end(self, _summary: Summary) -> None:
        """Write nothing: there is no footer."""


class Document:
    """Writer of one object with all findings and the counts."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._comma = ""

    def begin(self, _run: Run) -> None:
        """Open the object."""
        self._write(f'{{"version":"{__version__}","findings":[')

    def add(self, finding: Finding) -> None:
        """Write a finding."""
        self._write(f"{self._comma}\n{encoded(_written(finding))}")
        self._comma = ","

    def end(self, summary: Summary) -> None:
        """Write the counts and close the object."""
        self._write(f'\n],"summary":{encoded(summary_counts(summary))}}}\n')
