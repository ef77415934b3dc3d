"""Findings: their texts are masked and bounded, their severities ordered."""

import pickle
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from cancelnorm import Record
from cancelnorm.check import RULES, Finding, Settings, Severity, examine
from cancelnorm.masking import without_secrets

TEXT = st.text(max_size=40) | st.builds(
    lambda text, many: text * many, st.text(max_size=40), st.integers(1, 200)
)
SECRET = "xK9planted7Q"


@given(TEXT, TEXT, TEXT)
def test_lengths(message: str, endpoint: str, order_id: str) -> None:
    """A text of up to 1,000 characters stays as it is; of a longer one, the beginning is left."""
    found = Finding(RULES["CN001"], message, endpoint=endpoint, order_id=order_id)
    for text, kept in ((message, found.message), (endpoint, found.endpoint), (order_id, found.order_id)):
        masked = without_secrets(text)
        assert kept == masked if len(masked) <= 1_000 else kept == f"{masked[:997]}..."


def test_a_secret_at_the_cut() -> None:
    """It is masked before the text is cut."""
    found = Finding(RULES["CN001"], f"{'a b ' * 245}apiKey={SECRET}")
    assert SECRET[:3] not in found.message


def test_a_finding_goes_to_another_process_without_its_payload() -> None:
    """What is shown of it goes with it."""
    payload = b'{"code":-2011,"msg":"x","a":"' + b"far away " * 200 + b'","code":-2011}'
    record = Record(payload, "binance", "DELETE /api/v3/order", source="day.jsonl:1")
    finding = examine([record], Settings(excerpts="all")).findings[-1][1]
    assert isinstance(finding, Finding)
    assert finding.rule.name == "duplicate-key"
    sent = pickle.dumps(finding)
    assert len(sent) < len(payload)
    assert finding.excerpt is not None
    assert pickle.loads(sent).excerpt == finding.excerpt


def test_severities_are_ordered() -> None:
    """As they are declared, and not by the alphabet; a text stands for its severity."""
    for one, other in product(Severity, repeat=2):
        ranks = one.rank, other.rank
        told = one < other, one <= other, one > other, one >= other
        assert told == (ranks[0] < ranks[1], ranks[0] <= ranks[1], ranks[0] > ranks[1], ranks[0] >= ranks[1])
        assert told == (one < other.value, one <= other.value, one > other.value, one >= other.value)
    assert sorted(Severity, reverse=True) == [Severity.ERROR, Severity.WARNING, Severity.INFO]
