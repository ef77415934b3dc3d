"""A page for tests, with markup in every text of the data."""

from collections import Counter

from cancelnorm.check import Excerpt, Finding, KnownPlace, Rule, Severity
from cancelnorm.check.distributions import Latency
from cancelnorm.check.statistics import LEGS, Summary, VerdictKey
from cancelnorm.report.attention import Attention, Concern, OrderFacts, StoryFact
from cancelnorm.report.html import HtmlWriter
from cancelnorm.report.run import InputFile, Run
from cancelnorm.schema import Evidence, Outcome
from tests.report.findings import write

XSS = (
    '"><script>window.hacked=1</script>',
    "</script><script>window.hacked=1</script>",
    "'\"><img src=x onerror=window.hacked=1>",
    "javascript:window.hacked=1",
    "</style><svg onload=window.hacked=1>",
    "{{ 7 * 7 }}{% raw %}",
)
EVIL = " ".join(XSS)
OVERFILLED = Rule("CN201", "overfilled", Severity.ERROR, "It matters", "Ask the venue")
ROUNDED = Rule("CN301", "rounded-id", Severity.WARNING, "The id is of no use", "Read ids as text")
PLANTED = Rule(f"CN{EVIL}", EVIL, Severity.INFO, EVIL, EVIL)

FINDINGS = (
    Finding(
        OVERFILLED,
        "filled 2 of 1",
        "logs/day.jsonl:7",
        "$[3].executedQty",
        "binance",
        "DELETE /api/v3/openOrders",
        "LTCBTC",
        "4711",
        related="logs/day.jsonl:2",
        place=KnownPlace(Excerpt('{"origQty":"1",', '"executedQty":"2"', "}")),
    ),
    Finding(ROUNDED, "ends in zeros", "logs/day.jsonl:8", "$.orderId", "bybit", "POST /v5/order/cancel"),
    Finding(ROUNDED, "ends in zeros", "logs/day.jsonl:9", "$.orderId", "bingx", "POST /x/cancel"),
    Finding(
        PLANTED, EVIL, EVIL, EVIL, EVIL, EVIL, EVIL, EVIL, EVIL, EVIL, KnownPlace(Excerpt(EVIL, EVIL, EVIL))
    ),
)


def summary_of(findings: tuple[Finding, ...] | list[Finding]) -> Summary:
    """Counts of a run with these findings, and a chart of everything."""
    summary = Summary(files=1, understood=20, refused=1)
    summary.skipped.update({"ping": 3, EVIL: 1})
    for outcome in Outcome:
        summary.verdicts[VerdictKey("binance", "DELETE /api/v3/order", outcome, Evidence.FINAL_REPORT)] = 5
        for second in range(3):
            summary.timeline.add(1_700_000_000 + 60 * second, outcome)
    summary.verdicts[VerdictKey(EVIL, EVIL, Outcome.REJECTED, Evidence.NONE)] = 1
    summary.reasons[EVIL, EVIL, EVIL] = 1
    for venue in ("binance", EVIL):
        for leg in LEGS:
            latency = summary.latencies[venue, leg] = Latency()
            latency.add((-1_000_000, 0, 40_000_000, 42_000_000, 900_000_000))
    for finding in findings:
        summary.find(finding)
    return summary


ATTENTION = Attention(
    7,
    Counter({Concern.FILLED: 3, Concern.UNRESOLVED: 1}),
    {
        Concern.FILLED: [OrderFacts(EVIL, EVIL, EVIL, [EVIL], [StoryFact(EVIL, EVIL, EVIL, EVIL)])],
        Concern.CONTRADICTION: [],
        Concern.UNRESOLVED: [OrderFacts("order 4711", "binance", "asked", [], [])],
    },
)
RUN = Run(
    Severity.WARNING,
    f"cancelnorm check {EVIL}",
    [InputFile("logs/day.jsonl", 123_456, "0f" * 32), InputFile(EVIL, 1, "ab" * 32)],
    attention=ATTENTION,
)


def page(findings: tuple[Finding, ...] | list[Finding], summary: Summary, run: Run | None = None) -> str:
    """Write the page."""
    parts: list[str] = []
    write(HtmlWriter(parts.append), findings, summary, run or RUN)
    return "".join(parts)
