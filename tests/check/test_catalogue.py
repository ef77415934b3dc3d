"""Catalogue and selection of rules."""

import ast
import re
from pathlib import Path

import pytest

import cancelnorm
from cancelnorm.check import RULES, Severity, UnknownRuleError, select
from cancelnorm.check.catalogue import BY_NAME
from tests.check.cases import found
from tests.samples import SAMPLES


def test_codes_and_names_are_unique_and_in_order() -> None:
    """A rule is found by its code and by its name."""
    assert list(RULES) == sorted(RULES)
    assert [rule.code for rule in RULES.values()] == list(RULES)
    assert len(BY_NAME) == len(RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_why_and_todo_are_one_short_line(rule: cancelnorm.check.Rule) -> None:
    """The texts of a rule fit on a line and have no full stop."""
    for text in (rule.why, rule.todo):
        assert 10 < len(text) <= 100
        assert text.isprintable()
        assert not text.endswith(".")


def test_every_note_has_a_rule() -> None:
    """Every note code in a venue's module is the name of a rule."""
    codes = set()
    for path in sorted(Path(cancelnorm.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            codes |= noted(node)
    assert {"stale-status", "list-not-done", "leg-mismatch", "length-mismatch"} <= codes
    assert codes <= BY_NAME.keys()


CODE = re.compile(r"[a-z]+(-[a-z]+)+")


def noted(node: ast.AST) -> set[str]:
    """Note code created by a syntax node, if any: ``Note(…)``, ``call.note(…)``, or a verdict's."""
    match node:
        case ast.Call(ast.Name("Note") | ast.Attribute(attr="note"), [ast.Constant(str(code)), *_]):
            return {code}
        case ast.Tuple([ast.Constant(str(code)), ast.Constant(str(message))]) if (
            CODE.fullmatch(code) and " " in message
        ):
            return {code}
    return set()


def test_every_note_of_the_samples_has_a_rule() -> None:
    """Every note on a sample has a rule, including notes whose code is not a literal."""
    codes = {note.code for sample in SAMPLES.values() for note in cancelnorm.normalise(sample.record()).notes}
    assert codes
    assert codes <= BY_NAME.keys()


def test_select() -> None:
    """Codes, code prefixes, names and ALL select rules, in upper or lower case."""
    assert select(["CN201", "cn202", "stale-status"]) == {"CN201", "CN202", "CN205"}
    assert select(["CN5"]) == {"CN501", "CN502"}
    assert select(["ALL"]) == select(["CN"]) == set(RULES)
    assert select([]) == frozenset()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("overfiled", "unknown rule 'overfiled'; did you mean overfilled"),
        ("", "unknown rule ''; did you mean CN0, CN1, CN2, CN3, CN4, CN5, CN6, ALL?"),
        ("CN9", "unknown rule 'CN9'; did you mean CN"),
        ("C", "unknown rule 'C'; did you mean CN0, CN1, CN2, CN3, CN4, CN5, CN6, ALL?"),
    ],
)
def test_select_suggests_known_names(name: str, message: str) -> None:
    """An unknown rule raises an error that suggests known ones."""
    with pytest.raises(UnknownRuleError) as caught:
        select([name])
    assert str(caught.value).startswith(message)


def test_samples_have_few_errors() -> None:
    """Documented answers cause errors only if a misreading may cost money."""
    counts = [
        finding.rule.name
        for name, sample in SAMPLES.items()
        for finding in found([sample.record(name)])
        if finding.severity is Severity.ERROR
    ]
    assert set(counts) == {"contradiction", "length-mismatch", "banned"}
    assert len(counts) < len(SAMPLES) / 20
