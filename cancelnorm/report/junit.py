"""Findings as JUnit XML, which every build server shows: a suite a file, a test a rule that found something.

The schema of the Ant task is the strictest there is, and what it takes the others take:
https://github.com/windyroad/JUnit-Schema
"""

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct, field

from cancelnorm.check.finding import Finding, Rule, Severity
from cancelnorm.check.statistics import Summary
from cancelnorm.report.findings import source_line
from cancelnorm.report.lines import counted, line, total
from cancelnorm.report.sentences import printable

__all__ = ["JUnit"]

_TESTS: Final = 5_000  # tests in a report; what is more goes to a suite of its own
_LINES: Final = 10  # findings that are shown of a test
_YEAR_10000: Final = 253_402_300_800  # a clock that was written in a wrong unit goes beyond all dates
_REST: Final = "(other files)"


class _Test(Struct):
    """Findings of one rule in one file."""

    rule: Rule
    count: int = 0
    lines: list[str] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return self.rule.severity is not Severity.INFO


class _Suite(NamedTuple):
    """A suite as it is written: its tests as lines of XML, and what stands beside them."""

    name: str
    tests: int
    failures: int
    lines: list[str]
    beside: list[str]


class JUnit:
    """Suites of tests, written at the end; an error or a warning is a failure, an info is not."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._suites: dict[str, dict[str, _Test]] = {}
        self._tests = 0

    def begin(self) -> None:
        """Begin the document."""
        self._write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n')

    def add(self, finding: Finding) -> None:
        """Keep the first findings of a rule in a file, and count the others."""
        file = printable(source_line(finding.source).file or "(no file)")
        code = finding.rule.code
        if self._tests >= _TESTS and code not in self._suites.get(file, {}):
            file = _REST
        suite = self._suites.setdefault(file, {})
        if code not in suite:
            suite[code] = _Test(finding.rule)
            self._tests += 1
        test = suite[code]
        test.count += 1
        if len(test.lines) < _LINES:
            test.lines.append(line(finding))

    def end(self, summary: Summary) -> None:
        """Write the suites, and one that has a test that holds, so that a report is never empty."""
        time = datetime.fromtimestamp(_began(summary), UTC).strftime("%Y-%m-%dT%H:%M:%S")
        holds = '<testcase name="all records were looked at" classname="cancelnorm" time="0"/>'
        last = _Suite("cancelnorm", 1, 0, [holds], [total(summary)])
        suites = (_suite(file, tests.values()) for file, tests in self._suites.items())
        for number, suite in enumerate(chain(suites, (last,))):
            self._write("\n".join((*_written(suite, number, time), "")))
        self._write("</testsuites>\n")


def _suite(file: str, tests: Collection[_Test]) -> _Suite:
    """Suite of one file; infos stand beside the tests, which they do not make fail."""
    lines = [text for test in tests for text in _case(file, test)]
    infos = [text for test in tests if not test.failed for text in _details(test)]
    return _Suite(file, len(tests), sum(test.failed for test in tests), lines, infos)


def _written(suite: _Suite, number: int, time: str) -> Iterator[str]:
    """The lines of a suite."""
    name = _quoted(suite.name)
    counts = f'tests="{suite.tests}" failures="{suite.failures}" errors="0"'
    where = f'id="{number}" timestamp="{time}" hostname="localhost"'
    yield f'<testsuite name={name} package={name} {where} {counts} time="0">'
    yield "<properties/>"
    yield from suite.lines
    yield f"<system-out>{_escaped(suite.beside)}</system-out>"
    yield "<system-err/>"
    yield "</testsuite>"


def _began(summary: Summary) -> int:
    """When the first event was, in seconds since the epoch: a report of the same log is always the same."""
    return min((start for start, _ in summary.timeline.bins if 0 <= start < _YEAR_10000), default=0)


def _case(file: str, test: _Test) -> Iterator[str]:
    """The lines of a test."""
    rule = test.rule
    head = f'<testcase name={_quoted(f"{rule.code} {rule.name}")} classname={_quoted(file)} time="0"'
    if not test.failed:
        yield f"{head}/>"
        return
    message = _quoted(f"{counted(test.count, rule.severity)}: {printable(rule.why)}")
    yield f"{head}>"
    yield f'<failure message={message} type="{rule.severity}">{_escaped(_details(test))}</failure>'
    yield "</testcase>"


def _details(test: _Test) -> list[str]:
    """The first findings of a test, how many more there are, and what to do."""
    more = test.count - len(test.lines)
    return [*test.lines, *([f"and {more:,} more"] if more else []), printable(test.rule.todo)]


def _quoted(text: str) -> str:
    return _ascii(quoteattr(text))


def _escaped(lines: list[str]) -> str:
    return _ascii(escape("\n".join(lines)))


def _ascii(text: str) -> str:
    """Text that is right whatever the encoding of the stream it is written to."""
    return text.encode("ascii", "xmlcharrefreplace").decode()
