"""Laws of the sequence rules, compared with a model that remembers everything."""

import pickle
from collections import Counter
from typing import NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from cancelnorm.check import Finding, History, Observations, history, observations, unusual_events
from cancelnorm.schema import (
    CancelEvent,
    EventKind,
    Evidence,
    Initiator,
    Normalised,
    OrderStatus,
    Outcome,
    Product,
    Reason,
)


class Said(NamedTuple):
    """A possible statement of a record about an order."""

    endpoint: str
    outcome: Outcome
    evidence: Evidence
    reason: Reason | None = None
    status: OrderStatus | None = None


REPORT = Said("DELETE /order", Outcome.CANCELED, Evidence.FINAL_REPORT)
FLAG = Said("DELETE /flag", Outcome.CANCELED, Evidence.SUCCESS_FLAG)
ACK = Said("POST /cancel", Outcome.PENDING, Evidence.ACKNOWLEDGED)
REFUSAL = Said("POST /cancel", Outcome.REJECTED, Evidence.SUCCESS_FLAG, Reason.NOT_FOUND)
CLOSED = Said("POST /cancel", Outcome.REJECTED, Evidence.SUCCESS_FLAG, Reason.NOT_FOUND_OR_CLOSED)
LATE = Said("POST /cancel", Outcome.REJECTED, Evidence.SUCCESS_FLAG, Reason.ALREADY_FILLED)
FILL = Said("GET /order", Outcome.UNKNOWN, Evidence.TERMINAL_STATUS, status=OrderStatus.FILLED)
LIMIT = Said("POST /cancel", Outcome.REJECTED, Evidence.SUCCESS_FLAG, Reason.RATE_LIMITED)
QUERY = Said("GET /order", Outcome.CANCELED, Evidence.TERMINAL_STATUS)
PUSH = Said("stream order", Outcome.CANCELED, Evidence.FINAL_REPORT)
LOST = Said("POST /cancel", Outcome.UNKNOWN, Evidence.NONE, Reason.TIMEOUT)

ORDERS = ("1", "2", "3", "f38c5e38-46ef-4a8a-b115-fd3392d4f144", "1735964997957275648")
saids = st.sampled_from((REPORT, FLAG, ACK, REFUSAL, CLOSED, LATE, FILL, LIMIT, QUERY, PUSH, LOST))
records = st.tuples(
    st.sampled_from(("one", "two")), saids, st.lists(st.sampled_from(ORDERS), min_size=1, max_size=4)
)
Told = tuple[str, Said, list[str]]


def event(venue: str, said: Said, order_id: str, source: str) -> CancelEvent:
    """Event for one order of a record."""
    return CancelEvent(
        venue,
        Product.SPOT,
        said.endpoint,
        EventKind.ORDER,
        symbol="BTCUSDT",
        order_id=order_id,
        outcome=said.outcome,
        evidence=said.evidence,
        reason=said.reason,
        status=said.status,
        initiator=Initiator.USER if said is PUSH else None,
        source=source,
    )


def normalised(told: Told, source: str) -> Normalised:
    """One record."""
    venue, said, orders = told
    return Normalised(tuple(event(venue, said, order_id, source) for order_id in orders))


def seen_in(result: Normalised) -> Observations | None:
    """Observations of a record."""
    return observations(result, unusual_events(result.events))


Found = tuple[str, str | None, str | None, str | None]


def row(finding: Finding) -> Found:
    """Fields of a finding that the model predicts."""
    is_any = finding.rule.name == "canceled-and-filled"  # any cancel may be the related one
    return finding.rule.name, finding.source, finding.order_id, None if is_any else finding.related


def run(log: list[Told], parts: int = 1) -> list[Found]:
    """Findings on a log whose records pass through other processes in chunks of ``parts``."""
    findings: list[Finding] = []
    held = History()
    seen = [seen_in(normalised(told, f"log:{i}")) for i, told in enumerate(log)]
    for start in range(0, len(seen), parts):
        for one in pickle.loads(pickle.dumps(seen[start : start + parts])):
            if one is not None:
                held.see(one, findings.append)
    held.end(findings.append)
    return [row(finding) for finding in findings]


def model(log: list[Told]) -> list[Found]:
    """The same findings, computed by searching the whole log each time."""
    flat = [(f"log:{i}", v, s, o) for i, (v, s, orders) in enumerate(log) for o in orders]
    found: list[Found] = []
    left: list[Found] = []
    asking = {v for _, v, s, _ in flat if s is ACK}
    confirming = {v for _, v, s, _ in flat if s in (REPORT, FLAG, PUSH, QUERY, FILL)}
    silent: dict[str, list[int]] = {}  # indices in `left`
    opened = set()
    for i, (source, venue, said, order) in enumerate(flat):
        same = [(t, s) for t, v, s, o in flat[:i] if (v, o) == (venue, order)]
        others = [s for _, v, s, o in flat if (v, o) == (venue, order)]
        if said in (REPORT, FLAG, PUSH) and (earlier := [t for t, s in same if s is said]):
            found.append(("canceled-twice", source, order, earlier[-1]))
        if said in (REPORT, PUSH):
            after = len(same) - next(
                (k for k, (_, s) in enumerate(reversed(same)) if s in (REPORT, PUSH)), len(same)
            )
            gone = [
                t
                for k, (t, s) in enumerate(same)
                if k >= after
                and s in (REFUSAL, CLOSED, LATE)
                and not any(e in (REPORT, FLAG, PUSH) for _, e in same[:k])
            ]
            if gone:
                found.append(("canceled-after-rejection", source, order, gone[-1]))
        cancels, fills = (REPORT, FLAG, PUSH, QUERY), (LATE, FILL)
        was_canceled, was_filled = (any(s in some for _, s in same) for some in (cancels, fills))
        settling = (*cancels, CLOSED, LATE)
        if said is FILL and not any(s in settling for _, s in same) and not was_filled:
            acks = [t for t, s in same if s is ACK][:1]
            found += [("filled-before-cancel", ack, order, source) for ack in acks]
        is_refuted = said in (REPORT, PUSH) and bool(gone)
        if (said in cancels and was_filled and not was_canceled and not is_refuted) or (
            said in fills and was_canceled and not was_filled
        ):
            found.append(("canceled-and-filled", source, order, None))
        if said is ACK and was_filled and not any(s in settling for _, s in same):
            fill = [t for t, s in same if s is FILL][-1]
            found.append(("filled-before-cancel", source, order, fill))
        is_settled = any(s in (*settling, FILL) for s in others)
        if said is ACK and not is_settled and (venue, order, ACK) not in opened:
            opened.add((venue, order, ACK))
            if venue not in confirming:
                silent.setdefault(venue, []).append(len(left))
            left.append(("never-confirmed", source, order, None))
        answers = (REPORT, FLAG, ACK, REFUSAL, CLOSED, LATE, LIMIT, LOST)
        is_alone = venue in asking and not any(s in answers for s in others)
        if said is PUSH and is_alone and (venue, order, PUSH) not in opened:
            opened.add((venue, order, PUSH))
            left.append(("never-acknowledged", source, order, None))
    for first, *rest in silent.values():
        if rest:  # one finding for all of them
            left[first] = (*left[first][:2], None, None)
    merged = {i for _, *rest in silent.values() for i in rest}
    return found + [row for i, row in enumerate(left) if i not in merged]


@given(st.lists(records, max_size=12))
@example([("one", FLAG, ["1"]), ("one", REFUSAL, ["1"]), ("one", REPORT, ["1"])])
@example([("one", REFUSAL, ["1"]), ("one", REPORT, ["1"]), ("one", PUSH, ["1"])])
@example([("one", REPORT, ["1", "1"])])
def test_model_agrees(log: list[Told]) -> None:
    """The findings equal those of the model."""
    assert Counter(run(log)) == Counter(model(log))


@given(st.lists(records, max_size=12))
@example([("one", PUSH, ["1"]), ("one", ACK, ["2"])])
def test_order_is_that_of_the_log(log: list[Told]) -> None:
    """Findings are in the order of the log, including those emitted at its end."""
    assert run(log) == model(log)


@given(st.lists(records, max_size=12), st.integers(1, 5))
def test_parts_do_not_matter(log: list[Told], parts: int) -> None:
    """The batching of records does not change the findings."""
    assert run(log, parts) == run(log)


@given(
    st.lists(st.integers(0, 12), min_size=1, unique=True).map(sorted),
    st.sampled_from(["$[%d]", "$[%d].report", "$.a[0].b[%d]", "$.a[%d].b[0]"]),
)
@example([0, 1, 4], "$[%d]")
@example([2, 3, 4], "$[%d]")
def test_each_order_keeps_its_path(rows: list[int], form: str) -> None:
    """A finding names the order's own object, also where rows of other orders are between those that were canceled."""
    told = normalised(("one", REPORT, [str(i) for i in rows]), "log:1")
    events = tuple(replace(each, path=form % i) for each, i in zip(told.events, rows, strict=True))
    seen, found, held = seen_in(Normalised(events)), list[Finding](), History()
    assert seen is not None
    assert seen.plain is not None
    for _ in range(2):
        held.see(seen, found.append)
    assert [finding.path for finding in found] == [form % i for i in rows]
    if len(rows) > 2:
        is_short = rows == [*range(rows[0], rows[-1] + 1)] and not form.endswith("[0]")
        assert len(seen.plain.paths) == (2 if is_short else len(rows))


@given(st.lists(records, max_size=12))
def test_what_is_forgotten_makes_no_repetition(log: list[Told]) -> None:
    """With little memory some duplicates are missed, but none is invented."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history, "_MOST_ORDERS", 3)
        few = Counter(f for f in run(log) if f[0] == "canceled-twice")
    assert few <= Counter(f for f in model(log) if f[0] == "canceled-twice")


def test_old_generation_is_remembered_and_an_older_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """An order is remembered across one change of generation, but not two."""
    monkeypatch.setattr(history, "_MOST_ORDERS", 2)
    fill: list[Told] = [("one", REPORT, ["91", "92"]), ("one", REPORT, ["93", "94"])]
    first: Told = ("one", REPORT, ["1", "2"])
    assert run([first, ("one", REPORT, ["91"]), first]) == [
        ("canceled-twice", "log:2", "1", "log:0"),
        ("canceled-twice", "log:2", "2", "log:0"),
    ]
    assert run([first, *fill, first]) == []


def test_an_order_in_both_generations_is_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What counts is the last record about it."""
    monkeypatch.setattr(history, "_MOST_ORDERS", 3)
    again: Told = ("one", REPORT, ["1"])
    assert run([("one", REPORT, ["1", "2", "3"]), again, again]) == [
        ("canceled-twice", "log:1", "1", "log:0"),
        ("canceled-twice", "log:2", "1", "log:1"),
    ]


def test_what_is_forgotten_open_is_found_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unconfirmed request is reported when it is forgotten, before the end of the log."""
    monkeypatch.setattr(history, "_MOST_ORDERS", 1)
    log: list[Told] = [("one", ACK, ["1"]), ("one", REPORT, ["2"]), ("one", REPORT, ["3"])]
    findings: list[Finding] = []
    held = History()
    for i, told in enumerate(log):
        seen = seen_in(normalised(told, f"log:{i}"))
        assert seen is not None
        held.see(seen, findings.append)
    assert [row(finding) for finding in findings] == [("never-confirmed", "log:0", "1", None)]


@pytest.mark.parametrize(
    ("said_ns", "canceled_ns", "is_found"),
    [(5, 5, False), (5, 4, False), (5, 6, True), (None, 6, True), (5, None, True)],
)
def test_a_rejection_that_was_right(said_ns: int | None, canceled_ns: int | None, *, is_found: bool) -> None:
    """Of two racing cancels, one may find no order because the other has canceled it."""
    refusal = replace(event("one", REFUSAL, "1", "log:1"), received_ns=said_ns)
    for said in (REPORT, PUSH):
        report = replace(event("one", said, "1", "log:2"), event_ns=canceled_ns)
        held, findings = History(), list[Finding]()
        for told in (refusal, report):
            seen = seen_in(Normalised((told,)))
            assert seen is not None
            held.see(seen, findings.append)
        assert [finding.rule.name for finding in findings] == ["canceled-after-rejection"] * is_found


def test_each_order_goes_by_its_own_time() -> None:
    """The same holds if one answer lists orders canceled at different times."""
    refusal = replace(event("one", REFUSAL, "7", "log:1"), received_ns=1_000)
    for first_ns, own_ns, is_found in ((500, 1_100, True), (2_000, 900, False)):
        rows = (
            replace(event("one", REPORT, "6", "log:2"), event_ns=first_ns),
            replace(event("one", REPORT, "7", "log:2"), event_ns=own_ns),
        )
        held, findings = History(), list[Finding]()
        for events in ((refusal,), rows):
            seen = seen_in(Normalised(events))
            assert seen is not None
            held.see(seen, findings.append)
        assert [finding.order_id for finding in findings] == ["7"] * is_found


def test_cancels_that_nothing_could_confirm_are_one_finding() -> None:
    """A log without an order stream causes one finding, not one for each order."""
    findings: list[Finding] = []
    held = History()
    for i in range(5):
        seen = seen_in(normalised(("one", ACK, [str(i)]), f"log:{i}"))
        assert seen is not None
        held.see(seen, findings.append)
    held.end(findings.append)
    (finding,) = findings
    assert (finding.source, finding.order_id) == ("log:0", None)
    assert finding.message.startswith("5 cancels were accepted, but the log has no order stream")


ALL = CancelEvent("one", None, "DELETE /all", EventKind.SCOPE, outcome=Outcome.PENDING)


@pytest.mark.parametrize("answer", [ALL, replace(ALL, kind=EventKind.ORDER, client_order_id="c-2")])
def test_an_answer_that_names_no_order_may_be_about_any(answer: CancelEvent) -> None:
    """If a venue answers for unnamed orders, or names one by its client id, no acknowledgement is reported missing."""
    held, findings = History(), list[Finding]()
    acked = normalised(("one", ACK, ["1"]), "log:1")
    for result in (acked, normalised(("one", PUSH, ["1", "2"]), "log:2"), Normalised((answer,))):
        seen = seen_in(result)
        assert seen is not None
        held.see(seen, findings.append)
    held.end(findings.append)
    assert findings == []


UNUSUAL_IDS = (
    "0",
    "7",
    "07",
    "00",
    "9" * 19,
    "9" * 20,
    "1" * 50,
    "٣",
    "7.0",
    "-7",
    " 7",
    "7e0",
    "",
    "\ud800",
    "a",
)


@given(
    st.lists(st.sampled_from(UNUSUAL_IDS), min_size=1, max_size=5),
    st.lists(st.sampled_from(UNUSUAL_IDS), min_size=1),
)
def test_orders_are_told_apart_however_their_ids_look(first: list[str], second: list[str]) -> None:
    """Orders are the same exactly if their ids are equal, whatever other ids are present."""
    log: list[Told] = [("one", REPORT, first), ("one", REPORT, second)]
    twice = [order_id for i, order_id in enumerate(first) if order_id in first[:i]]
    twice += [order_id for i, order_id in enumerate(second) if order_id in first + second[:i]]
    assert [order_id for _, _, order_id, _ in run(log)] == twice


def test_ids_of_an_endpoint_that_is_not_known() -> None:
    """They may be unique within a symbol alone, so the same id under two symbols is two orders."""
    one, again, found, held = event("one", REPORT, "1", "log:1"), "log:3", list[Finding](), History()
    for told in (one, replace(one, symbol="ETHBTC", source="log:2"), replace(one, source=again)):
        seen = seen_in(Normalised((told,)))
        assert seen is not None
        held.see(seen, found.append)
    assert [(finding.source, finding.related) for finding in found] == [(again, "log:1")]


def test_an_id_may_hold_anything() -> None:
    """A comma in an id neither loses a finding nor confuses orders."""
    log: list[Told] = [("one", REPORT, ["a,b", "c"]), ("one", REPORT, ["c", "a,b"])]
    assert [f[:3] for f in run(log)] == [
        ("canceled-twice", "log:1", "c"),
        ("canceled-twice", "log:1", "a,b"),
    ]


def test_an_id_of_more_digits_than_python_reads() -> None:
    """A very long id is an id like any other."""
    assert len(run([("one", REPORT, ["1" * 5_000]), ("one", REPORT, ["1" * 5_000, "1" * 4_999])])) == 1
