"""Markdown: texts of a log are texts in it, and its size is bounded."""

import re

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from cancelnorm.check import Finding, Rule, Severity
from cancelnorm.escapes import printable
from cancelnorm.report.lines import location_of, message_of
from cancelnorm.report.markdown import Markdown
from tests.report.findings import FINDINGS, REFUSED, findings, summary_of, write

OURS = re.compile(r"</?details( open)?>|<summary>[^<>]*</summary>|</summary>|\s")
BLOCKS = {"heading", "paragraph", "table", "thead", "tbody", "tr", "th", "td", "bullet_list", "list_item"}


def report(found: tuple[Finding, ...] | list[Finding]) -> str:
    """A report."""
    parts: list[str] = []
    write(Markdown(parts.append), found, summary_of(found))
    return "".join(parts)


def tokens(text: str) -> list[Token]:
    """Tokens of a document as GitHub reads it, with links of bare addresses."""
    parser = MarkdownIt("commonmark", {"linkify": False}).enable(["table", "strikethrough"])
    return [inner for token in parser.parse(text) for inner in (token, *(token.children or ()))]


@given(st.lists(findings, max_size=4))
def test_texts_of_a_log_are_no_markup(found: list[Finding]) -> None:
    """Nothing but our own blocks, code spans and folds; each finding is read back, and no line steers a terminal."""
    assert all(line.isprintable() for line in report(found).split("\n"))
    parsed = tokens(report(found))
    for token in parsed:
        if token.type in ("html_block", "html_inline"):
            assert OURS.sub("", token.content) == ""
        elif token.type not in ("inline", "text", "text_special", "code_inline", "softbreak"):
            assert token.type.removesuffix("_open").removesuffix("_close") in BLOCKS
    spans = [token.content for token in parsed if token.type == "code_inline"]
    for finding in found:
        for text in (location_of(finding), message_of(finding)):
            if text.strip():
                assert text in spans or text.strip() in [span.strip() for span in spans]


def test_mentions_and_links_stand_in_code() -> None:
    """GitHub makes mentions and links of plain text, even if its marks are escaped."""
    planted = "@everyone #1 https://evil.example www.evil.example `` @x ` GH-1 | <img src=x>"
    parsed = tokens(report([Finding(REFUSED, planted, f"{planted}:1", planted)]))
    assert not any(
        "evil" in token.content or "@" in token.content for token in parsed if token.type == "text"
    )
    assert any(planted in token.content for token in parsed if token.type == "code_inline")


def test_a_rule_is_no_markup_either() -> None:
    """The texts of a rule may be another distribution's."""
    odd = Rule("CN999", "a|b", Severity.ERROR, "*x* <b> | @y", "[a](http://x)")
    parsed = tokens(report([Finding(odd, "m", "f:1")]))
    shown = "".join(token.content for token in parsed if token.type in ("text", "text_special"))
    assert "*x* <b> | @y" in shown
    assert "[a](http://x)" in shown


def test_a_document_fits_into_a_comment() -> None:
    """GitHub refuses a comment of more than 65,536 characters."""
    rules = [Rule(f"CN{i}", f"rule-{i}", Severity.ERROR, "why", "do") for i in range(60)]
    found = [Finding(rule, "x" * 5_000, f"{'y' * 200}:1", f"$.{n}") for rule in rules for n in range(9)]
    text = report(found)
    assert len(text) < 65_536
    assert "And 270 findings of other rules." in text


def test_what_is_said() -> None:
    """Title, table, and the findings of errors unfolded."""
    text = report(FINDINGS)
    assert text.startswith("### cancelnorm: 1 error, 1 warning, 3 infos in 598 records\n")
    assert "| error | CN001 payload-refused | 1 |" in text
    assert "<details open><summary>CN001" in text
    assert printable(FINDINGS[0].message) in text
