"""Catalogue of rules, and their selection by code or name."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from cancelnorm.check.finding import Rule, Severity
from cancelnorm.errors import CancelNormError, cited

__all__ = ["BY_NAME", "RULES", "UnknownRuleError", "select"]

_INFO, _WARNING, _ERROR = Severity.INFO, Severity.WARNING, Severity.ERROR

_ROWS: Final = (
    # --- CN0: reading ---
    ("CN001", "payload-refused", _ERROR,
     "the answer cannot be read, so the order may be gone",
     "look up the order at the venue, and report the payload if the venue changed its format"),
    ("CN002", "unknown-endpoint", _ERROR,
     "records of an unknown endpoint are not checked, and may contain cancels",
     "use the venue's and the endpoint's documented names"),
    ("CN003", "ambiguous-endpoint", _ERROR,
     "the same payload means different things at different endpoints",
     "record the endpoint with each payload, or pass --endpoint"),
    ("CN004", "unreadable-line", _ERROR,
     "the line is not a record, so a cancel may be missing",
     "inspect the line and the program that wrote it"),
    ("CN005", "damaged-file", _ERROR,
     "what could not be read is not checked, and may contain cancels",
     "get an intact copy, or a log that has the answers of the venue in a known format"),
    ("CN006", "duplicate-key", _ERROR,
     "parsers disagree on which of the two values to keep",
     "inspect the payload and the program that recorded or merged it"),
    ("CN007", "secret-in-log", _WARNING,
     "anyone with access to the log has the secret",
     "mask it in the recorder, and rotate keys that have been shared"),
    ("CN008", "documentation-example", _INFO,
     "the order comes from the venue's documentation, not from your account",
     "keep examples out of recorded logs"),
    ("CN009", "endpoint-assumed", _INFO,
     "the record does not name the endpoint that answered",
     "record the endpoint with each payload"),
    ("CN010", "venue-note", _WARNING,
     "the venue's module noted something unexpected that no other rule covers",
     "compare the note with the venue's documentation"),
    ("CN011", "shared-request-id", _WARNING,
     "several open requests have the id of the answer, so it is not known which order it is about",
     "record the connection or the account with each frame, or give every request an id of its own"),
    ("CN012", "missing-envelope", _INFO,
     "the record has an order of an answer without the rest of the answer, which may have said more",
     "record the whole answer"),
    # --- CN1: drift ---
    ("CN101", "unknown-field", _WARNING,
     "the venue added a field whose meaning is not known",
     "read the venue's changelog"),
    ("CN102", "unknown-value", _WARNING,
     "the venue sent a value whose meaning is not known",
     "read the venue's changelog"),
    # --- CN2: one order against itself ---
    ("CN201", "overfilled", _ERROR,
     "an order cannot fill more than its quantity",
     "look up the order's trades before you rely on the position"),
    ("CN202", "quote-without-fill", _WARNING,
     "a quote amount was traded, but the filled quantity is zero",
     "compute the filled quantity from the order's trades"),
    ("CN203", "fill-without-quote", _WARNING,
     "the order filled for a quote amount of zero, so its average price would be zero",
     "compute the price from the order's trades"),
    ("CN204", "status-against-quantities", _WARNING,
     "the status contradicts the quantities",
     "look up the order at the venue before you rely on either"),
    ("CN205", "stale-status", _WARNING,
     "a canceled order has the status it had before the cancel",
     "rely on the outcome of the cancel, or look up the order"),
    ("CN206", "contradiction", _ERROR,
     "the answer contradicts itself",
     "look up the order at the venue"),
    ("CN207", "id-looks-rounded", _WARNING,
     "an id rounded to a binary float identifies another order",
     "keep ids as text or as 64-bit integers from the socket to the log"),
    ("CN208", "masked-id", _WARNING,
     "a masked id may be that of any order, so it joins no story",
     "keep the ids of orders in the log, or mask equal ids alike and others differently"),
    # --- CN3: lists and arrays ---
    ("CN301", "both-shapes", _ERROR,
     "one element has the keys of two shapes, so its meaning is ambiguous",
     "inspect the program that recorded or merged it"),
    ("CN302", "leg-without-report", _WARNING,
     "the answer has no report for this leg of a canceled list, so it may be open",
     "look up the leg at the venue"),
    ("CN303", "report-without-leg", _WARNING,
     "the answer reports an order that is not in the list",
     "look up the order list at the venue"),
    ("CN304", "leg-mismatch", _WARNING,
     "the list and the leg's report identify the leg differently",
     "match legs by order id, not by client id or position"),
    ("CN305", "list-id-mismatch", _WARNING,
     "a leg carries the id of another list",
     "look up the order list at the venue"),
    ("CN306", "list-not-done", _WARNING,
     "a leg is canceled but its list is still active, so other legs may be open",
     "look up the order list at the venue"),
    ("CN307", "phantom-row", _WARNING,
     "the row identifies no order, so it is not a canceled order",
     "ignore it when you count orders"),
    ("CN308", "length-mismatch", _ERROR,
     "results are matched by position, so if one is missing the others may be mismatched",
     "look up every order of the request"),
    ("CN309", "unanswered-order", _WARNING,
     "the answer does not mention an order of the request",
     "look up the order at the venue"),
    ("CN310", "success-and-failure", _ERROR,
     "the answer reports the same order as canceled and as failed",
     "look up the order at the venue"),
    ("CN311", "empty-list", _INFO,
     "an empty list does not prove that any order was canceled",
     "if you expected a cancel, look up the order at the venue"),
    ("CN312", "not-a-cancel", _INFO,
     "the list of canceled orders contains one that was not canceled",
     "exclude it when you count cancels"),
    ("CN313", "unreadable-row", _ERROR,
     "one row of the answer cannot be read, so what became of its order is not known",
     "look up the order at the venue"),
    # --- CN4: outcomes ---
    ("CN401", "partial-batch", _WARNING,
     "some orders of the request were not canceled",
     "find out why, and cancel them again if they are still open"),
    ("CN402", "filled-before-cancel", _WARNING,
     "the order filled before the cancel arrived, so there is a position",
     "book the fill"),
    ("CN403", "rate-limited", _WARNING,
     "the cancel was not attempted, so the order is still open",
     "slow down, and send the cancel again"),
    ("CN404", "banned", _ERROR,
     "every cancel fails until the ban ends",
     "send nothing until then: each request extends the ban"),
    ("CN405", "unknown-fate", _WARNING,
     "the venue did not say whether the order is gone",
     "look up the order before you resend it"),
    ("CN406", "unanswered-request", _ERROR,
     "a cancel was requested and the log has no answer, so the order may be gone",
     "look up the order before you resend it, and check that the log is complete"),
    # --- CN5: clocks ---
    ("CN501", "wrong-clock-unit", _ERROR,
     "a time in the wrong unit is wrong by decades",
     "record nanoseconds, and send times in the unit that the endpoint documents"),
    ("CN502", "time-outside-window", _WARNING,
     "the venue's time is not between sending and receiving, so a clock is wrong",
     "synchronise the recorder's clock, or check that the answer belongs to the request"),
    # --- CN6: sequence ---
    ("CN601", "canceled-twice", _WARNING,
     "an order can be canceled only once, so one report is a duplicate",
     "drop the duplicate, or find out why it was recorded twice"),
    ("CN602", "canceled-after-rejection", _ERROR,
     "the rejection was wrong, so an order book that relied on it is wrong too",
     "use the final report, and correct anything derived from the rejection"),
    ("CN603", "never-confirmed", _WARNING,
     "an accepted request is not a confirmed cancel: the order may be open or filled",
     "look up the order, and record the order stream"),
    ("CN604", "never-acknowledged", _WARNING,
     "the order was canceled by its user, but no request in this log did it",
     "find out who else uses the account, or record every answer"),
    ("CN605", "stop-triggered", _INFO,
     "a conditional order expired because it was triggered, which is no cancel",
     "exclude it when you count cancels, and expect fills under the same id"),
    ("CN606", "canceled-and-filled", _ERROR,
     "an order ends once, so one of the two statements is wrong, and perhaps the position",
     "look up the order, and compare its fills with the position"),
)  # fmt: skip

RULES: Final[Mapping[str, Rule]] = MappingProxyType({row[0]: Rule(*row) for row in _ROWS})
"""Every rule by code, in order."""

BY_NAME: Final[Mapping[str, Rule]] = MappingProxyType({rule.name: rule for rule in RULES.values()})
"""Every rule by name, in order."""


class UnknownRuleError(CancelNormError):
    """A rule that does not exist; ``known`` holds the nearest codes and names."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = tuple(known)
        super().__init__(name, self.known)

    def __str__(self) -> str:
        return f"unknown rule {cited(self.name)}; did you mean {', '.join(self.known)}?"


def select(names: Iterable[str]) -> frozenset[str]:
    """Codes of the rules given by code (``CN201``), code prefix (``CN2``), name or ``ALL``.

    Raises UnknownRuleError for anything else.
    """
    return frozenset(code for name in names for code in _codes(name))


def _codes(name: str) -> list[str]:
    """Codes that one name selects."""
    if name.upper() == "ALL":
        return list(RULES)
    if rule := BY_NAME.get(name.lower()):
        return [rule.code]
    found = [code for code in RULES if code.startswith(name.upper())] if len(name) >= len("CN") else []
    if found:
        return found
    words = {word.casefold(): word for word in (*RULES, *BY_NAME)}
    near = get_close_matches(name.casefold(), words, n=3, cutoff=0.5)
    raise UnknownRuleError(
        name, [words[word] for word in near] or [*dict.fromkeys(c[:3] for c in RULES), "ALL"]
    )
