"""Findings as JUnit XML, which build servers display: a suite for each file, a test for each rule with findings.

The schema of the Ant task is the strictest; files that it accepts are accepted everywhere:
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

_TESTS: Final = 5_000  # tests in a report; further files share one suite
_LINES: Final = 10  # findings shown for each test
_YEAR_10000: Final = 253_402_300_800  # a clock in a wrong unit exceeds the range of dates
_OTHER_FILES: Final = "(other files)"


class _Test(Struct):
    """Findings of one rule in one file."""

    rule: Rule
    count: int = 0
    lines: list[str] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return self.rule.severity is not Severity.INFO


class _Suite(NamedTuple):
    """Content of a suite: its tests as lines of XML, and its standard output."""

    name: str
    tests: int
    failures: int
    lines: list[str]
    output: list[str]


class JUnit:
    """Writer of test suites, at the end of the run; errors and warnings are failures, infos are not."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._suites: dict[str, dict[str, _Test]] = {}
        self._tests = 0

    def begin(self) -> None:
        """Write the start of the document."""
        self._write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n')

    def add(self, finding: Finding) -> None:
        """Keep the first findings of each rule in a file and count the others."""
        file = printable(source_line(finding.source).file or "(no file)")
        code = finding.rule.code
        if self._tests >= _TESTS and code not in self._suites.get(file, {}):
            file = _OTHER_FILES
        suite = self._suites.setdefault(file, {})
        if code not in suite:
            suite[code] = _Test(finding.rule)
            self._tests += 1
        test = suite[code]
        test.count += 1
        if len(test.lines) < _LINES:
            test.lines.append(line(finding))

    def end(self, summary: Summary) -> None:
        """Write the suites and one more with a passing test, so that a report is never empty."""
        time = datetime.fromtimestamp(_began(summary), UTC).strftime("%Y-%m-%dT%H:%M:%S")
        passing = '<testcase name="all records were checked" classname="cancelnorm" time="0"/>'
        last = _Suite("cancelnorm", 1, 0, [passing], [total(summary)])
        suites = (_suite(file, tests.values()) for file, tests in self._suites.items())
        for number, suite in enumerate(chain(suites, (last,))):
            self._write("\n".join((*_written(suite, number, time), "")))
        self._write("</testsuites>\n")


def _suite(file: str, tests: Collection[_Test]) -> _Suite:
    """Suite of one file; infos go to its standard output, because they are not failures."""
    lines = [text for test in tests for text in _case(file, test)]
    infos = [text for test in tests if not test.failed for text in _details(test)]
    return _Suite(file, len(tests), sum(test.failed for test in tests), lines, infos)


def _written(suite: _Suite, number: int, time: str) -> Iterator[str]:
    """Lines of a suite."""
    name = _quoted(suite.name)
    counts = f'tests="{suite.tests}" failures="{suite.failures}" errors="0"'
    attributes = f'id="{number}" timestamp="{time}" hostname="localhost"'
    yield f'<testsuite name={name} package={name} {attributes} {counts} time="0">'
    yield "<properties/>"
    yield from suite.lines
    yield f"<system-out>{_escaped(suite.output)}</system-out>"
    yield "<system-err/>"
    yield "</testsuite>"


def _began(summary: Summary) -> int:
    """Time of the first event in seconds since the epoch, so that the report of a log is reproducible."""
    return min((start for start, _ in summary.timeline.bins if 0 <= start < _YEAR_10000), default=0)


def _case(file: str, test: _Test) -> Iterator[str]:
    """Lines of a test."""
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
    """First findings of a test, the number of further ones, and the remedy."""
    more = test.count - len(test.lines)
    return [*test.lines, *([f"and {more:,} more"] if more else []), printable(test.rule.todo)]


def _quoted(text: str) -> str:
    return _ascii(quoteattr(text))


def _escaped(lines: list[str]) -> str:
    return _ascii(escape("\n".join(lines)))


def _ascii(text: str) -> str:
    """Text in ASCII, which is valid in any encoding of the output."""
    return text.encode("ascii", "xmlcharrefreplace").decode()
