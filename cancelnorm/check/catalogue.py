"""Catalogue of rules, and selection by code or by name."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from cancelnorm.check.finding import Rule, Severity
from cancelnorm.errors import CancelNormError

__all__ = ["BY_NAME", "RULES", "UnknownRuleError", "select"]

_INFO, _WARNING, _ERROR = Severity.INFO, Severity.WARNING, Severity.ERROR

_ROWS: Final = (
    # --- CN0: reading ---
    ("CN001", "payload-refused", _ERROR,
     "something was answered that cannot be read, the order may be gone",
     "look up the order at the venue, and report the payload if the venue changed its format"),
    ("CN002", "unknown-endpoint", _ERROR,
     "what is not known here is not checked, and may hold cancels",
     "name the venue and the endpoint as its documentation does"),
    ("CN003", "ambiguous-endpoint", _ERROR,
     "the same payload means different things at different endpoints",
     "record the endpoint with each payload, or give it with --endpoint"),
    ("CN004", "unreadable-line", _ERROR,
     "a line that is no record may have been the news of a cancel",
     "look at the line, and at what wrote it"),
    ("CN005", "damaged-file", _ERROR,
     "what follows the damage is lost",
     "get the file again from where it came from"),
    ("CN006", "duplicate-key", _ERROR,
     "readers differ in which of two values they keep",
     "look at the payload, and at what recorded or merged it"),
    ("CN007", "secret-in-log", _WARNING,
     "anyone who gets the log gets the secret",
     "mask it in the recorder, and replace keys that were shared"),
    ("CN008", "documentation-example", _INFO,
     "an order of the venue's documentation is not one of yours",
     "keep examples out of recorded logs"),
    ("CN009", "endpoint-assumed", _INFO,
     "the record does not say which endpoint answered",
     "record the endpoint with each payload"),
    ("CN010", "venue-note", _WARNING,
     "the venue's module found something unexpected in the answer, for which there is no rule here",
     "read the note beside the venue's documentation"),
    # --- CN1: drift ---
    ("CN101", "unknown-field", _WARNING,
     "the venue added a field, whose meaning nobody here knows",
     "read the venue's changelog"),
    ("CN102", "unknown-value", _WARNING,
     "the venue uses a word whose meaning nobody here knows",
     "read the venue's changelog"),
    # --- CN2: one order against itself ---
    ("CN201", "overfilled", _ERROR,
     "an order cannot fill by more than its quantity",
     "look up the order's trades before you use the position"),
    ("CN202", "quote-without-fill", _WARNING,
     "money changed hands although nothing is said to have filled",
     "take the filled quantity from the order's trades"),
    ("CN203", "fill-without-quote", _WARNING,
     "something filled for no money, so the average price would be zero",
     "take the price from the order's trades"),
    ("CN204", "status-against-quantities", _WARNING,
     "the status and the quantities cannot both be right",
     "look up the order at the venue before you rely on either"),
    ("CN205", "stale-status", _WARNING,
     "an order that was canceled is shown as it was before",
     "trust the verdict of the cancel, or look up the order"),
    ("CN206", "contradiction", _ERROR,
     "two statements in one answer exclude each other",
     "look up the order at the venue"),
    ("CN207", "id-looks-rounded", _WARNING,
     "an id that went through a binary float names another order",
     "keep ids as text or as 64-bit integers from the socket to the log"),
    # --- CN3: lists and arrays ---
    ("CN301", "both-shapes", _ERROR,
     "one element has keys of two shapes, so it says two things",
     "look at what recorded or merged it"),
    ("CN302", "leg-without-report", _WARNING,
     "nothing is said about this leg of a canceled list, it may be open",
     "look up the leg at the venue"),
    ("CN303", "report-without-leg", _WARNING,
     "an order is reported that the list does not name",
     "look up the order list at the venue"),
    ("CN304", "leg-mismatch", _WARNING,
     "a list and the report of its leg name it differently",
     "match legs by order id, not by client id or position"),
    ("CN305", "list-id-mismatch", _WARNING,
     "a leg says that it belongs to another list",
     "look up the order list at the venue"),
    ("CN306", "list-not-done", _WARNING,
     "legs are canceled in a list that is still at work, others may be open",
     "look up the order list at the venue"),
    ("CN307", "phantom-row", _WARNING,
     "a row that names no order is no order",
     "drop it when you count"),
    ("CN308", "length-mismatch", _ERROR,
     "verdicts are matched by position, so with one missing the rest may belong to other orders",
     "look up every order of the request"),
    ("CN309", "unanswered-order", _WARNING,
     "nothing is said about an order that the request named",
     "look up the order at the venue"),
    ("CN310", "success-and-failure", _ERROR,
     "the same order is said to be canceled and not canceled",
     "look up the order at the venue"),
    ("CN311", "empty-list", _INFO,
     "an answer that lists no cancel proves none",
     "look for the order elsewhere if you expected one"),
    ("CN312", "not-a-cancel", _INFO,
     "an order stands among canceled ones that was not canceled",
     "leave it out when you count cancels"),
    # --- CN4: outcomes ---
    ("CN401", "partial-batch", _WARNING,
     "some orders of the request are still there",
     "cancel the rest again, or find out why not"),
    ("CN402", "filled-before-cancel", _WARNING,
     "the cancel came too late, there is a position",
     "book the fill"),
    ("CN403", "rate-limited", _WARNING,
     "the cancel was not tried, the order is still there",
     "slow down, and send the cancel again"),
    ("CN404", "banned", _ERROR,
     "no cancel gets through until the ban ends",
     "stop sending until then, each request makes it longer"),
    ("CN405", "unknown-fate", _WARNING,
     "the venue did not say whether the order is gone",
     "look up the order before you send it again"),
    # --- CN5: clocks ---
    ("CN501", "wrong-clock-unit", _ERROR,
     "a time in the wrong unit is decades off",
     "record nanoseconds, and send times in the unit that the endpoint documents"),
    ("CN502", "time-outside-window", _WARNING,
     "the venue's time is not between sending and receiving, so a clock is off",
     "synchronise the recorder's clock, or check that the answer belongs to the request"),
    # --- CN6: sequence ---
    ("CN601", "canceled-twice", _WARNING,
     "an order can be canceled once, so one report is a repetition",
     "drop the repetition, or find what recorded it twice"),
    ("CN602", "canceled-after-rejection", _ERROR,
     "who believed the rejection has a wrong book",
     "take the final report, and correct what followed the rejection"),
    ("CN603", "never-confirmed", _WARNING,
     "a request that was taken is not yet a cancel, the order may be open or filled",
     "look up the order, and record the stream of orders"),
    ("CN604", "never-acknowledged", _WARNING,
     "an order was canceled for you, and no request of this log did it",
     "find out who else uses the account, or record all answers"),
)  # fmt: skip

RULES: Final[Mapping[str, Rule]] = MappingProxyType({row[0]: Rule(*row) for row in _ROWS})
"""Every rule by code, in order."""

BY_NAME: Final[Mapping[str, Rule]] = MappingProxyType({rule.name: rule for rule in RULES.values()})
"""Every rule by name, in order."""


class UnknownRuleError(CancelNormError):
    """A rule that there is not; ``known`` are the nearest codes and names."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = tuple(known)
        super().__init__(name, self.known)

    def __str__(self) -> str:
        return f"no rule {self.name!r}; nearest are {', '.join(self.known)}"


def select(names: Iterable[str]) -> frozenset[str]:
    """The codes of rules given by code (``CN201``), beginning of codes (``CN2``), name or ``ALL``.

    Raises UnknownRuleError for anything else.
    """
    return frozenset(code for name in names for code in _codes(name))


def _codes(name: str) -> list[str]:
    """The codes that one name stands for."""
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
