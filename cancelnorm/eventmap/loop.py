"""The loop that an EventMap is compiled to: the code that a person would write for one struct.

It is written out as source, compiled once, and shown by tracebacks and by ``EventMap.source``.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from msgspec import UNSET
from msgspec.structs import force_setattr

from cancelnorm.eventmap.expressions import RAW_ZEROS, any_digits_of, any_number_of, digits_of, number_of
from cancelnorm.eventmap.plan import RAW_EMPTY, Plan, says_nothing
from cancelnorm.eventmap.writer import FIRST_FIELDS, Writer
from cancelnorm.prose import prose
from cancelnorm.reader.fast import builtins_of, checked, to_builtins
from cancelnorm.reader.scalars import (
    PLAIN_LINES,
    ZEROS,
    Scalar,
    Unreadable,
    any_number,
    decimal_of,
    ns_of,
    ns_of_text,
    number_or_empty,
    number_or_word,
    number_text,
)
from cancelnorm.rounding import EXACT, rounded_note
from cancelnorm.schema import CancelEvent, Note

__all__ = ["GLOBALS", "compiled", "loop_source", "opening", "same_number", "zipped"]


GLOBALS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "CancelEvent": CancelEvent,
        "DECIMAL": Scalar.DECIMAL.value,
        "Decimal": Decimal,
        "EXACT": EXACT,
        "InvalidOperation": InvalidOperation,
        "NOT_ZERO": Scalar.FAILED.value,
        "Note": Note,
        "NULL": RAW_EMPTY[1],
        "RAW_EMPTY": RAW_EMPTY,
        "RAW_ZEROS": RAW_ZEROS,
        "UNSET": UNSET,
        "Unreadable": Unreadable,
        "ZERO": ZEROS["0"],
        "ZEROS": dict(ZEROS),
        # Texts that are a plain decimal each, one a line. ``Decimal`` was called with each before, and takes
        # no text of two lines, so a line is a text.
        "ARE_PLAIN": PLAIN_LINES.fullmatch,
        "LINE_END": "\n",
        "builtins_of": builtins_of,
        "checked": checked,
        "any_digits_of": any_digits_of,
        "any_number": any_number,
        "any_number_of": any_number_of,
        "decimal_of": decimal_of,
        "digits_of": digits_of,
        "ns_of": ns_of,
        "ns_of_text": ns_of_text,
        "number_of": number_of,
        "number_or_empty": number_or_empty,
        "number_or_word": number_or_word,
        "number_text": number_text,
        "rounded_note": rounded_note,
        "says_nothing": says_nothing,
        "to_builtins": to_builtins,
        "set_field": force_setattr,
        "prose": prose,
    }
)


class Loop(NamedTuple):
    """The functions that a map is compiled to.

    ``rows`` gives the events of rows, ``one`` that of one row. ``plain`` and ``plain_one`` do so for rows each
    of which has all of the ``usual`` keys and no others; they give None where a row is not as plain as that, and
    raise Unreadable where the others would.
    ``is_joined`` where each row has another beside it.
    """

    rows: Any
    one: Any
    plain: Any | None
    plain_one: Any | None
    usual: int
    is_joined: bool


def loop_source(plan: Plan) -> tuple[str, dict[str, Any]]:
    """The source of the functions, and the names that it uses."""
    writer = Writer(plan)
    source = _functions(plan, writer.body(), writer)
    usual, body = writer.plain_body()
    writer.names |= {"usual": usual, "is_joined": writer.uses_other}
    return source + _plain_functions(body, writer), {**GLOBALS, **writer.names}


def compiled(source: str, names: dict[str, Any], file: str) -> Loop:
    """Compile the functions."""
    exec(compile(source, file, "exec"), names)  # noqa: S102  # as dataclasses and attrs do
    return Loop(
        names["rows"],
        names["one"],
        names.get("plain"),
        names.get("plain_one"),
        names["usual"],
        names["is_joined"],
    )


def _plain_functions(body: Sequence[str], writer: Writer) -> str:
    """The functions for plain rows; none where no row of the struct can be one."""
    if not body:
        return ""
    context = dict(writer.context())
    single = [f"    {context[line.strip(' ,')]}," if line.strip(" ,") in context else line for line in body]
    opened = [
        "    record, origin, notes = call.record, call.endpoint, []",
        "    if call.request_id is not None or record.account is not None:",
        "        return None",
        "    texts = []",
        "    seen = texts.append",
    ]
    closed = [
        "    except KeyError:",
        "        return None",
        "    except (InvalidOperation, ValueError) as error:",
        "        raise Unreadable(DECIMAL) from error",
        "    if texts and ARE_PLAIN(LINE_END.join(texts)) is None:",
        "        raise Unreadable(DECIMAL)",
        "    call.notes += notes",
    ]
    many = [
        "def plain(raws, call, paths):",
        *opened,
        *(f"    {name} = {source}" for name, source in context.items() if name in FIRST_FIELDS),
        "    events = []",
        "    add = events.append",
        "    try:",
        "        for index, raw, path in zip(range(len(raws)), raws, paths):",
        *(f"            {line}" for line in body),
        "            add(event)",
        *closed,
        "    return events",
    ]
    one = [
        "def plain_one(raw, call, path, index):",
        *opened,
        "    try:",
        *(f"        {line}" for line in single),
        *closed,
        "    return event",
    ]
    return "\n".join(("", "", *many, "", "", *one, ""))


def _functions(plan: Plan, body: Sequence[str], writer: Writer) -> str:
    """Both functions around the same body."""
    start = opening(plan, writer)
    end = [
        "        if texts and ARE_PLAIN(LINE_END.join(texts)) is None:",
        "            raise Unreadable(DECIMAL)",
        "    except (InvalidOperation, ValueError) as error:",
        "        raise Unreadable(DECIMAL) from error",
    ]
    rows = [
        "def rows(raws, call, paths, start, given, beside):",
        *same_number(writer),
        *start,
        "    events = []",
        "    add = events.append",
        "    try:",
        f"        for {zipped(writer)}:",
        *(f"            {line}" for line in body),
        "            add(event)",
        *end,
        "    return events",
    ]
    one = [
        "def one(raw, call, path, index, given, other):",
        *start,
        "    try:",
        *(f"        {line}".replace("continue  # no event", "return None") for line in body),
        *end,
        "    return event",
    ]
    return "\n".join((*rows, "", "", *one, ""))


def opening(plan: Plan, writer: Writer) -> list[str]:
    """The first lines of a function: what all rows share."""
    lines = [
        "    record, origin, notes = call.record, call.endpoint, call.notes",
        *(f"    {name} = {source}" for name, source in writer.context()),
    ]
    if plan.said.reads_status:
        lines.append("    http_status = record.status")
    if plan.given:
        lines.append(f"    {', '.join(writer.given_names())}, = given")
    if plan.said.message is not None:
        lines.append("    told = None")
    return [*lines, "    texts = []", "    seen = texts.append"]


def same_number(writer: Writer) -> list[str]:
    """A check that there is a row beside each row."""
    return [
        "    if len(beside) != len(raws):",
        "        raise ValueError('the rows beside these have another number')",
    ] * writer.uses_other


def zipped(writer: Writer) -> str:
    """The head of a loop over the rows, and those beside them."""
    beside, others = (", other", ", beside") if writer.uses_other else ("", "")
    return f"index, path, raw{beside} in zip(range(start, start + len(raws)), paths, raws{others})"
