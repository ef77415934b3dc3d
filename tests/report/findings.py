"""Findings and counts for testing reports: a small list, and a strategy."""

from types import MappingProxyType

from hypothesis import strategies as st

from cancelnorm.check import Excerpt, Finding, KnownPlace, Rule, Severity
from cancelnorm.check.statistics import Summary, VerdictKey
from cancelnorm.report.run import Run
from cancelnorm.report.writers import Writer
from cancelnorm.schema import Evidence, Outcome

RULES = MappingProxyType(
    {
        rule.code: rule
        for rule in (
            Rule(
                "CN001",
                "payload-refused",
                Severity.ERROR,
                "The answer has none of the documented shapes",
                "Compare it with the venue's documentation",
            ),
            Rule(
                "CN101",
                "unknown-field",
                Severity.INFO,
                "The venue added a field",
                "Read the venue's changelog",
            ),
            Rule(
                "CN201",
                "overfilled",
                Severity.WARNING,
                "More was filled than was ordered",
                "Ask the venue for the order's trades",
            ),
        )
    }
)
REFUSED, UNKNOWN, OVERFILLED = RULES.values()
SPOT = {"venue": "binance", "endpoint": "DELETE /api/v3/order"}

FINDINGS = (
    Finding(
        REFUSED,
        "expected a plain decimal, found '1_000'",
        "logs/day.jsonl:2",
        "$.price",
        "binance",
        "DELETE /api/v3/order",
        "LTCBTC",
        "4",
        value="1_000",
        place=KnownPlace(Excerpt('{"symbol":"LTCBTC",', '"price":"1_000"', ',"side":"BUY"}')),
    ),
    Finding(
        OVERFILLED,
        "filled 2.0 of 1.0",
        "C:\\logs\\odd name, 100%.jsonl:44",
        "$[3].executedQty",
        "binance",
        "DELETE /api/v3/openOrders",
        "币安人生USDT",
        "11",
        related="logs/day.jsonl:2",
        place=KnownPlace(Excerpt('[..,{"symbol":"币安人生USDT",', '"clientOrderId":"币"', "}]"), (120, 139)),
    ),
    Finding(UNKNOWN, "expected no such field", "<stdin>:7", "$.new", "bybit", "POST /v5/order/cancel"),
    Finding(UNKNOWN, "expected no such field", "<stdin>:9", "$.new", "bybit", "POST /v5/order/cancel"),
    Finding(UNKNOWN, 'a <b> & "c"\n::error::\x1b[31m\u202e]]>', None, '$["a b"]', value={"a": [1, None]}),
)


def summary_of(findings: tuple[Finding, ...] | list[Finding]) -> Summary:
    """Counts of a run with these findings."""
    summary = Summary(files=2, understood=527, refused=1)
    summary.skipped.update({"stream depthUpdate": 60, "ping": 7, "stream trade": 3})
    summary.verdicts.update(
        {
            VerdictKey("binance", "DELETE /api/v3/order", Outcome.CANCELED, Evidence.FINAL_REPORT): 600,
            VerdictKey(
                "binance", "DELETE /api/v3/openOrders", Outcome.CANCELED, Evidence.FINAL_REPORT
            ): 1_000,
            VerdictKey("binance", "DELETE /api/v3/order", Outcome.REJECTED, Evidence.SUCCESS_FLAG): 20,
            VerdictKey("bybit", "POST /v5/order/cancel", Outcome.PENDING, Evidence.ACKNOWLEDGED): 4,
        }
    )
    summary.timeline.add(1_700_000_000, Outcome.CANCELED)
    for finding in findings:
        summary.find(finding)
    return summary


def write(
    writer: Writer,
    findings: tuple[Finding, ...] | list[Finding],
    summary: Summary,
    run: Run | None = None,
) -> None:
    """Write a report."""
    writer.begin(run or Run())
    for finding in findings:
        writer.add(finding)
    writer.end(summary)


UNUSUAL_TEXTS = (
    "\x1b[2J\x9b31m",
    "\u202e\u2028\ufeff\uffff",
    "]]></failure><script>",
    "&#0;&lt;\"'",
    "%0A::error::x%25,:",
    "\ud83d\ude00 \U0001f600",
    "\ud800",
    "a\r\nb\tc\x00\x7f",
    "币",
    "{0} [a](1)",
)
UNUSUAL_RULES = tuple(
    Rule(f"CN90{i}", "odd", Severity.WARNING, text, text) for i, text in enumerate(UNUSUAL_TEXTS)
)
texts = st.one_of(st.text(max_size=12), st.sampled_from(UNUSUAL_TEXTS))
sources = st.one_of(
    st.none(),
    st.sampled_from(
        [
            "logs/day.jsonl:1",
            "/var/log/a b.jsonl:20",
            "C:\\logs\\day.jsonl:3",
            "\\\\server\\share\\day.jsonl:4",
            "s3://bucket/a b/day.jsonl.zst:5",
            "<stdin>:6",
            "-:7",
            "100%,a:b.jsonl:8",
            "50%2Ca%3A.jsonl:8",
            "day\udcff.jsonl:9",
            "dir\\day.jsonl:0",
            "day.jsonl",
            "",
            ":",
            "\n::error::.jsonl:1",
        ]
    ),
)
findings = st.builds(
    Finding,
    st.sampled_from([REFUSED, UNKNOWN, OVERFILLED, *UNUSUAL_RULES]),
    texts,
    sources,
    st.one_of(st.just("$[2].price"), texts),
    venue=st.none() | texts,
    endpoint=st.none() | texts,
    symbol=st.none() | texts,
    order_id=st.none() | texts,
    related=sources,
    value=st.one_of(st.none(), texts, st.integers(), st.decimals(), st.lists(texts, max_size=2)),
    place=st.builds(
        KnownPlace, st.none() | st.builds(Excerpt, texts, texts, texts), st.none() | st.just((3, 17))
    ),
)
