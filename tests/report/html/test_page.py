"""Content of the page, and escaping of the data."""

import re
from base64 import b64encode
from collections import Counter
from hashlib import sha256
from importlib import metadata

import html5lib
from hypothesis import given, settings
from hypothesis import strategies as st

from cancelnorm.check import Finding
from cancelnorm.check.distributions import Latency, Timeline
from cancelnorm.check.statistics import LEGS, Summary, VerdictKey
from cancelnorm.escapes import printable
from cancelnorm.report.html.charts import bars
from cancelnorm.report.html.shown_findings import ShownFindings
from cancelnorm.report.html.view import rule_findings
from cancelnorm.report.run import Run
from cancelnorm.schema import Evidence, Outcome
from tests.report.findings import findings as any_finding
from tests.report.html.page import FINDINGS, OVERFILLED, ROUNDED, XSS, page, summary_of

PAGE = page(FINDINGS, summary_of(FINDINGS))


def elements(text: str) -> Counter[str]:
    """Counts of the elements and attributes that a browser would build."""
    tree = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False).parse(text)
    names: Counter[str] = Counter()
    for node in tree.iter():
        if isinstance(node.tag, str):
            names.update([node.tag, *(f"{node.tag}@{name}" for name in node.attrib)])
    return names


def said(text: str) -> str:
    """Text that a browser would display."""
    body = html5lib.parse(text, namespaceHTMLElements=False).find("body")
    assert body is not None
    return "".join(body.itertext())


def test_the_page_is_the_same_every_time() -> None:
    """The page does not depend on time or chance."""
    assert page(FINDINGS, summary_of(FINDINGS)) == PAGE


def test_the_page_says_what_was_found_and_where() -> None:
    """The page contains counts, location, message, explanation and remedy."""
    text = said(PAGE)
    for part in (
        "1 error in 25 records",
        "20 understood + 4 skipped + 1 refused",
        "filled 2 of 1",
        "logs/day.jsonl:7",
        "$[3].executedQty",
        "order 4711",
        "see logs/day.jsonl:2",
        "It matters",
        "Ask the venue",
        "Negative durations",
        '"executedQty":"2"',
        f"cancelnorm {metadata.version('cancelnorm')}",
        "cancelnorm check ",
        "findings below warning do not fail the check",
        "123,456 bytes (123 kB)",
        "0f" * 32,
        "2023-11-14 22:13:20 to ",
    ):
        assert part in text


def test_texts_of_the_data_are_shown_as_they_are() -> None:
    """Markup in the data is displayed as text."""
    text = said(PAGE)
    for planted in XSS:
        assert planted in text


def test_texts_of_the_data_build_nothing() -> None:
    """Markup in the data gives the same elements as harmless text of the same shape."""
    names = elements(PAGE)
    assert names["script"] == 1
    assert names["style"] == 1
    assert names["img"] == 0
    assert not [name for name in names if "@on" in name or name.endswith("@style")]
    assert not [link for link in re.findall(r'href="([^"]*)"', PAGE) if not re.fullmatch(r"#r\d+", link)]


def test_the_policy_allows_this_script_and_this_style_and_nothing_else() -> None:
    """The hashes in the policy match the style and script of the page."""
    for name in ("script", "style"):
        inner = re.search(f"<{name}>(.*?)</{name}>", PAGE, re.DOTALL)
        assert inner is not None
        digest = b64encode(sha256(inner[1].encode()).digest()).decode()
        assert re.search(rf'content="default-src &#39;none&#39;;[^"]*{name}-src &#39;sha256-', PAGE)
        assert digest.replace("+", "&#43;") in PAGE or digest in PAGE


@settings(max_examples=30)
@given(st.lists(any_finding, max_size=6))
def test_any_finding_gives_a_page_without_more_markup(found: list[Finding]) -> None:
    """For any findings the page parses, and no text of them becomes an element or an attribute."""
    text = page(found, summary_of(found))
    text.encode()
    names = elements(text)
    assert names["script"] == 1
    assert names["li@data-venue"] == names["pre"] + sum(one.excerpt is None for one in found) == len(found)
    assert not [name for name in names if "@on" in name or name.endswith("@style")]
    shown = said(text)
    for one in found:
        assert printable(one.message) in shown


@given(
    st.dictionaries(st.tuples(st.integers(-(10**12), 10**14), st.sampled_from(Outcome)), st.integers(1, 9))
)
def test_bars_lose_no_event(counts: dict[tuple[int, Outcome], int]) -> None:
    """Merged bins contain all events of the timeline; impossible times are counted separately."""
    line = Timeline()
    for (second, outcome), count in counts.items():
        line.add(second, outcome, count)
    drawn = bars(line)
    assert drawn.bins.total() + drawn.undated == sum(counts.values())
    assert len({start for start, _ in drawn.bins}) <= 300


def test_times_are_exact() -> None:
    """The time range is that of the events, not of the bars; labels of days stand once a day."""
    summary = Summary(files=1, understood=3)
    summary.verdicts[VerdictKey("binance", "x", Outcome.CANCELED, Evidence.FINAL_REPORT)] += 4
    for second in (1_700_000_001, 1_700_100_000, 1_700_600_007, 10**14):
        summary.timeline.add(second, Outcome.CANCELED)
    text = page((), summary)
    assert "2023-11-14 22:13:21 to 2023-11-21 20:53:27 UTC" in said(text)
    labels = re.findall(r">([0-9]{2} Nov)<", text.partition('class="wide"')[2].partition('class="narrow"')[0])
    assert len(labels) == len(set(labels)) > 2


def test_findings_without_an_endpoint() -> None:
    """The table of rules says where they are, too."""
    found = [Finding(OVERFILLED, "x", "a.jsonl:1", "line")]
    row = said(page(found, summary_of(found))).partition("why it matters")[2]
    assert re.match(r"\s*error CN201 overfilled\s*1\s*line", row)


@given(st.integers(1, 3_000), st.integers(0, 800))
def test_stored_findings_are_bounded_and_fair(many: int, groups: int) -> None:
    """The number of stored findings is bounded; errors get more room, and every group has one."""
    shown = ShownFindings()
    for number in range(many):
        shown.add(Finding(OVERFILLED, str(number), path="$.a"))
        shown.add(Finding(ROUNDED, str(number), path="$.b"))
    for number in range(groups):
        shown.add(Finding(ROUNDED, "once", path=f"$.{number}x"))
    sizes = [len(found) for found in shown.groups.values()]
    assert sum(sizes) <= 1_000
    assert min(sizes) >= 1
    assert sizes[0] >= sizes[1]


def test_what_is_not_shown_is_counted() -> None:
    """The page stays small and reports the number of omitted findings."""
    found = [Finding(ROUNDED, f"number {n}", f"a.jsonl:{n}", "$.orderId", "bingx", "x") for n in range(5_000)]
    text = page(found, summary_of(found))
    shown = text.count('class="finding"')
    assert 100 < shown <= 1_000
    assert f"And {5_000 - shown:,} more here." in text
    assert len(text) < 500_000


def test_nothing_to_show() -> None:
    """The page of a run without records has no empty tables."""
    text = said(page((), Summary()))
    assert "No findings in 0 records" in text
    assert "Findings" not in text


def test_few_findings_of_a_rule_are_open() -> None:
    """At most 20 of a rule, over all its places; the others of those shown are folded below them."""
    found = [
        Finding(ROUNDED, f"number {n}", f"a.jsonl:{n}", f"$.{'abc'[n % 3]}", "bingx", "x") for n in range(90)
    ]
    found += [Finding(OVERFILLED, f"few {n}") for n in range(20)]
    first, second = page(found, summary_of(found), Run()).split("<article")[1:]
    assert first.count('class="finding"') == 20
    assert 'class="rest"' not in first
    opened, folded = second.split('<details class="rest">')
    assert opened.count('class="finding"') == 20
    assert folded.count('class="finding"') == 70
    assert "<summary>70 more</summary>" in folded
    assert len(set(re.findall(r"number \d+", second))) == 90


@given(st.lists(st.integers(0, 60), max_size=8))
def test_what_is_open_folded_and_counted_is_all(sizes: list[int]) -> None:
    """No finding is in two places, and each count is said once."""
    found = [
        Finding(ROUNDED, f"{i} {n}", path=f"$.{i}x") for i, size in enumerate(sizes) for n in range(size)
    ]
    shown = ShownFindings()
    for finding in found:
        shown.add(finding)
    for one in rule_findings(summary_of(found), shown):
        parts = [*one.open, *one.folded]
        assert sum(len(group.shown) for group in one.open) <= 20
        assert sum(len(group.shown) + group.more for group in parts) == one.count == len(found)
        assert len({f.message for group in parts for f in group.shown}) == sum(len(g.shown) for g in parts)


def test_charts_need_something_to_draw() -> None:
    """One event has no chart, only its time; nor have a few durations."""
    summary = Summary(files=1, understood=1)
    summary.verdicts[VerdictKey("binance", "x", Outcome.CANCELED, Evidence.FINAL_REPORT)] += 1
    summary.timeline.add(1_700_000_000, Outcome.CANCELED)
    latency = summary.latencies["binance", LEGS[0]] = Latency()
    latency.add([1_000_000])
    text = page((), summary)
    assert "<svg" not in text
    assert "2023-11-14 22:13:20 UTC" in said(text)
    for second in range(9):
        latency.add([1_000_000 + second])
        summary.timeline.add(1_700_000_000 + 60 * second, Outcome.CANCELED)
    assert page((), summary).count("<svg") == 4
