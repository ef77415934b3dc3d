"""One cancel of an order list is one story, whichever way it was told, and whatever became of its legs."""

from decimal import Decimal
from typing import Any, Literal, NamedTuple

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cancelnorm import CancelEvent, Outcome, Reason, Record, normalise
from cancelnorm.check import check

AT_MS = 1_775_700_000_418
BEFORE_MS = AT_MS - 90_000
FIRST_ID = 48_800_000_301

TAKEN: tuple[tuple[str, str | None], ...] = (("CANCELED", None),)
WITH_LIST = (*TAKEN, ("EXPIRED", None), ("EXPIRED", "NONE"), ("EXPIRED", "OTO_PHASE_ONE_EXPIRED"))
TRIGGERED = (("EXPIRED", None), ("EXPIRED", "OCO_TRIGGER"))
ALONE = (
    ("FILLED", None),
    ("EXPIRED_IN_MATCH", None),
    ("EXPIRED", "EXCHANGE_CANCELED"),
    ("EXPIRED", "REJECTED"),
    ("EXPIRED", "INSUFFICIENT_LIQUIDITY"),
)
REASONS = {"FILLED": Reason.ALREADY_FILLED}


class Leg(NamedTuple):
    """A leg of a canceled list as it ended; ``is_taken`` if this cancel ended it."""

    status: str
    reason: str | None
    is_taken: bool
    filled: Literal["0.00000000", "0.00100000", "0.00300000"] = "0.00000000"


class List(NamedTuple):
    """A canceled list. Legs are reported in any order; those that ended before may be left out."""

    contingency: Literal["OCO", "OTO"]
    legs: list[Leg]  # in the order of their ids
    reported: list[int]

    def leg(self, order_id: int) -> Leg:
        """The leg with an id."""
        return self.legs[order_id - FIRST_ID]

    @property
    def ids(self) -> range:
        """The ids of the legs."""
        return range(FIRST_ID, FIRST_ID + len(self.legs))


@st.composite
def lists(draw: st.DrawFn) -> List:
    """Lists in every phase, as a cancel finds them."""
    one = st.one_of(first_phases(), second_phases(), pairs().map(lambda pair: List("OCO", pair, [])))
    told = draw(one)
    before = [i for i, leg in enumerate(told.legs) if not leg.is_taken]
    left_out = draw(st.sets(st.sampled_from(before))) if before else set()
    order = draw(st.permutations(range(len(told.legs))))
    return told._replace(reported=[FIRST_ID + i for i in order if i not in left_out])


@st.composite
def first_phases(draw: st.DrawFn) -> List:
    """An OTO list whose working order had not filled: the cancel takes one leg, and the list takes the others."""
    others = draw(st.lists(st.sampled_from(WITH_LIST), min_size=1, max_size=2))
    fates = [Leg("CANCELED", None, True), *(Leg(*fate, True) for fate in others)]
    working, *pending = draw(st.permutations(fates))
    if draw(st.booleans()):
        working = working._replace(filled="0.00100000")
    return List("OTO", [working, *pending], [])


@st.composite
def second_phases(draw: st.DrawFn) -> List:
    """An OTO list whose working order had filled: what it placed is one order, or a pair."""
    working = Leg("FILLED", None, False, "0.00300000")
    placed = draw(st.one_of(st.just([Leg("CANCELED", None, True)]), pairs()))
    return List("OTO", [working, *placed], [])


@st.composite
def pairs(draw: st.DrawFn) -> list[Leg]:
    """An OCO pair: both are open, or one had ended before."""
    one = Leg("CANCELED", None, True, draw(st.sampled_from(("0.00000000", "0.00100000"))))
    if draw(st.booleans()):
        return [one, Leg("CANCELED", None, True)]
    status, reason = draw(st.sampled_from((*TRIGGERED, *ALONE)))
    other = Leg(status, reason, False, "0.00300000" if status == "FILLED" else "0.00000000")
    return draw(st.permutations([one, other]))


def report(order_id: int, leg: Leg) -> dict[str, Any]:
    """The report of a leg in the answer to a cancel."""
    spent = {"0.00000000": "0.00000000", "0.00100000": "71.00000000", "0.00300000": "213.00000000"}
    return {
        "symbol": "BTCUSDT",
        "origClientOrderId": f"leg-{order_id}",
        "orderId": order_id,
        "orderListId": 512_003,
        "clientOrderId": "fJ6wZxRv1LtPyQe8ScKhMd",
        "transactTime": AT_MS if leg.is_taken else BEFORE_MS,
        "price": "71000.00000000",
        "origQty": "0.00300000",
        "executedQty": leg.filled,
        "origQuoteOrderQty": "0.00000000",
        "cummulativeQuoteQty": spent[leg.filled],
        "status": leg.status,
        "timeInForce": "GTC",
        "type": "LIMIT",
        "side": "BUY",
        "selfTradePreventionMode": "EXPIRE_MAKER",
        **({} if leg.reason is None else {"expiryReason": leg.reason}),
    }


def list_report(told: List) -> dict[str, Any]:
    """The report of a list in the answer to a cancel."""
    return {
        "orderListId": 512_003,
        "contingencyType": told.contingency,
        "listStatusType": "ALL_DONE",
        "listOrderStatus": "ALL_DONE",
        "listClientOrderId": "list-3",
        "transactionTime": AT_MS,
        "symbol": "BTCUSDT",
        "orders": [{"symbol": "BTCUSDT", "orderId": i, "clientOrderId": f"leg-{i}"} for i in told.ids],
        "orderReports": [report(i, told.leg(i)) for i in told.reported],
    }


def answers(told: List) -> list[Record]:
    """The answer of every endpoint whose cancel may take a list."""
    whole = list_report(told)
    placed = {
        "symbol": "BTCUSDT",
        "orderId": 48_800_000_399,
        "orderListId": -1,
        "clientOrderId": "again",
        "transactTime": AT_MS,
    }
    replaced = {
        "cancelResult": "SUCCESS",
        "newOrderResult": "SUCCESS",
        "cancelResponse": whole,
        "newOrderResponse": placed,
    }
    single = report(48_800_000_300, Leg("CANCELED", None, True)) | {"orderListId": -1}
    bodies: dict[str, Any] = {
        "DELETE /api/v3/orderList": whole,
        "DELETE /api/v3/order": whole,
        "DELETE /api/v3/openOrders": [single, whole],
        "POST /api/v3/order/cancelReplace": replaced,
        "DELETE /sapi/v1/margin/order": whole,
        "DELETE /sapi/v1/margin/orderList": whole | {"isIsolated": False},
        "DELETE /sapi/v1/margin/openOrders": [whole, single],
        "DELETE /papi/v1/margin/orderList": whole,
        "DELETE /papi/v1/margin/allOpenOrders": [whole],
        "ws orderList.cancel": {"id": 1, "status": 200, "result": whole},
        "ws order.cancel": {"id": 1, "status": 200, "result": whole},
        "ws openOrders.cancelAll": {"id": 1, "status": 200, "result": [whole, single]},
        "ws order.cancelReplace": {"id": 1, "status": 200, "result": replaced},
    }
    return [Record(msgspec.json.encode(body), "binance", name) for name, body in bodies.items()]


def pushed(order_id: int, leg: Leg) -> Record:
    """What the stream reports of a leg when it leaves the book."""
    is_canceled, is_prevented = leg.status == "CANCELED", leg.status == "EXPIRED_IN_MATCH"
    own, none = f"leg-{order_id}", "0.00000000"
    at = AT_MS if leg.is_taken else BEFORE_MS
    texts = {"e": "executionReport", "s": "BTCUSDT", "S": "BUY", "o": "LIMIT", "f": "GTC", "r": "NONE"}
    ids = {"c": "fJ6wZxRv1LtPyQe8ScKhMd", "C": own} if is_canceled else {"c": own, "C": ""}
    amounts = {"q": "0.00300000", "p": "71000.00000000", "z": leg.filled, "n": "0"}
    zeros = dict.fromkeys(("P", "F", "l", "L", "Y", "Q"), none)
    flags = {"w": False, "m": False, "M": False, "N": None, "t": -1, "I": 8_641_984, "V": "NONE"}
    execution = "CANCELED" if is_canceled else "TRADE_PREVENTION" if is_prevented else "EXPIRED"
    event: dict[str, Any] = {**texts, **ids, **amounts, **zeros, **flags}
    event |= {"x": execution, "X": leg.status, "i": order_id, "g": 512_003, "E": at + 2, "T": at}
    if leg.reason is not None:
        event["eR"] = leg.reason
    return Record(
        msgspec.json.encode({"subscriptionId": 0, "event": event}), "binance", "stream executionReport"
    )


def done(told: List) -> Record:
    """What the stream says of the list as a whole."""
    legs = [{"s": "BTCUSDT", "i": i, "c": f"leg-{i}"} for i in told.ids]
    words = {"e": "listStatus", "s": "BTCUSDT", "c": told.contingency, "l": "ALL_DONE", "L": "ALL_DONE"}
    rest = {"r": "NONE", "C": "list-3", "E": AT_MS + 3, "T": AT_MS, "g": 512_003, "O": legs}
    return Record(msgspec.json.encode({"event": {**words, **rest}}), "binance", "stream listStatus")


def legs_in(record: Record, told: List) -> dict[int, CancelEvent]:
    """The events of a list's legs in one record."""
    events = normalise(record).events
    return {
        int(event.order_id): event for event in events if event.order_id and int(event.order_id) in told.ids
    }


@given(lists())
def test_every_answer_tells_a_leg_alike(told: List) -> None:
    """What this cancel ended is canceled, in every answer; what had ended before was not canceled by it."""
    for record in answers(told):
        found = legs_in(record, told)
        assert found.keys() == set(told.ids), record.endpoint
        for order_id, event in found.items():
            leg = told.leg(order_id)
            if order_id not in told.reported:
                assert event.outcome is Outcome.UNKNOWN
                continue
            reason = None if leg.is_taken else REASONS.get(leg.status, Reason.ALREADY_CLOSED)
            assert event.outcome is (Outcome.CANCELED if leg.is_taken else Outcome.REJECTED), record.endpoint
            assert (event.reason, event.raw_status) == (reason, leg.status), record.endpoint
            assert event.filled_quantity == Decimal(leg.filled)
            assert event.is_order_gone


@given(lists())
def test_the_stream_tells_a_leg_as_the_answer_does(told: List) -> None:
    """The push for a leg agrees with the answer on its fate and on who took it; of a list it leaves that open."""
    shown = legs_in(answers(told)[0], told)
    for order_id, event in shown.items():
        leg = told.leg(order_id)
        if order_id not in told.reported or leg.status == "FILLED":  # that is a trade, and no cancel
            continue
        push = legs_in(pushed(order_id, leg), told)[order_id]
        assert push.is_order_gone
        assert push.event_ns == event.event_ns
        assert (push.status, push.raw_status) == (event.status, event.raw_status)
        assert push.filled_quantity == event.filled_quantity
        assert push.client_order_id == event.client_order_id
        assert not leg.is_taken or (push.outcome, push.evidence) == (event.outcome, event.evidence)
        assert event.initiator in (None, push.initiator)
    for event in legs_in(done(told), told).values():
        assert not event.is_conclusive


@given(lists(), st.data())
def test_the_story_is_the_same_before_and_after(told: List, data: st.DataObject) -> None:
    """No order of answer and pushes makes a contradiction; a batch is partial only if a leg ended before."""
    answer = data.draw(st.sampled_from(answers(told)))
    # The recorder's clock may be behind the venue's.
    received_ns = data.draw(st.sampled_from((None, (AT_MS + 30) * 1_000_000, (AT_MS - 100_000) * 1_000_000)))
    answer = replace(answer, received_ns=received_ns)
    pushes = [pushed(i, leg) for i, leg in zip(told.ids, told.legs, strict=True) if leg.status != "FILLED"]
    records = data.draw(st.permutations([answer, done(told), *pushes]))
    found = {finding.rule.name for finding in check(records)}
    assert found <= {
        "partial-batch",
        "filled-before-cancel",
        "leg-without-report",
        "unknown-fate",
        "time-outside-window",
    }
    has_ended = any(not leg.is_taken for leg in told.legs)
    assert ("partial-batch" in found) is has_ended
