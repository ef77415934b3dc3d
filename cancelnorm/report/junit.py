"""Findings as JUnit XML, which build servers display: a suite for each file, a test for each rule with findings.

The schema of the Ant task is the strictest; files that it accepts are accepted everywhere:
https://github.com/windyroad/JUnit-Schema
"""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as ET

from msgspec import Struct, field

from cancelnorm.check.finding import Finding, Rule
from cancelnorm.check.statistics import Summary
from cancelnorm.escapes import printable
from cancelnorm.logs import source_line
from cancelnorm.report.lines import counted, line, total
from cancelnorm.report.run import Run

__all__ = ["JUnit"]

_TESTS: Final = 5_000  # tests in a report; further files share one suite
_LINES: Final = 10  # findings shown for each test
_OTHER_FILES: Final = "(other files)"


class _Test(Struct):
    """Findings of one rule in one file."""

    rule: Rule
    count: int = 0
    lines: list[str] = field(default_factory=list)


class JUnit:
    """Writer of test suites, at the end of the run.

    A test fails if the run does: findings below its threshold are tests that passed, with their text. A file that
    could not be read is an error.
    """

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._run = Run()
        self._suites: dict[str, dict[str, _Test]] = {}
        self._tests = 0

    def begin(self, run: Run) -> None:
        """Remember the run."""
        self._run = run

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
        """Write the suites and one more for the run, so that a report is never empty."""
        root = ET.Element("testsuites")
        time = datetime.fromtimestamp(_began(summary), UTC).strftime("%Y-%m-%dT%H:%M:%S")
        for file, tests in self._suites.items():
            self._add_suite(root, file, time, tests.values())
        last = _suite(root, "cancelnorm", time)
        ET.SubElement(last, "testcase", name="the check was completed", classname="cancelnorm", time="0")
        for reason in map(printable, self._run.unread):
            case = ET.SubElement(last, "testcase", name=reason, classname="cancelnorm", time="0")
            ET.SubElement(case, "error", message=reason, type="unread")
        _close(last, [total(summary)])
        ET.indent(root, "")
        # ASCII is valid in any encoding of the output.
        self._write('<?xml version="1.0" encoding="UTF-8"?>\n')
        self._write(f"{ET.tostring(root, 'us-ascii').decode()}\n")

    def _add_suite(self, root: ET.Element, file: str, time: str, tests: Collection[_Test]) -> None:
        """Add the suite of one file; tests that passed have their text in its standard output."""
        suite = _suite(root, file, time)
        output: list[str] = []
        for test in tests:
            rule = test.rule
            case = ET.SubElement(
                suite, "testcase", name=printable(f"{rule.code} {rule.name}"), classname=file, time="0"
            )
            if rule.severity < self._run.severity:
                output += _details(test)
                continue
            message = f"{counted(test.count, rule.severity)}: {printable(rule.why)}"
            failure = ET.SubElement(case, "failure", message=message, type=rule.severity)
            failure.text = "\n".join(_details(test))
        _close(suite, output)


def _suite(root: ET.Element, name: str, time: str) -> ET.Element:
    """Add a suite without tests."""
    suite = ET.SubElement(
        root, "testsuite", name=name, package=name, id=str(len(root)), timestamp=time, hostname="localhost"
    )
    ET.SubElement(suite, "properties")
    return suite


def _close(suite: ET.Element, output: list[str]) -> None:
    """Add the counts of a suite and its standard output."""
    paths = {"tests": "testcase", "failures": "testcase/failure", "errors": "testcase/error"}
    suite.attrib.update({name: str(len(suite.findall(path))) for name, path in paths.items()}, time="0")
    ET.SubElement(suite, "system-out").text = "\n".join(output)
    ET.SubElement(suite, "system-err")


def _began(summary: Summary) -> int:
    """Time of the first event in seconds since the epoch, so that the report of a log is reproducible."""
    return summary.timeline.first or 0


def _details(test: _Test) -> list[str]:
    """First findings of a test, the number of further ones, and the remedy."""
    more = test.count - len(test.lines)
    return [*test.lines, *([f"and {more:,} more"] if more else []), printable(test.rule.todo)]
