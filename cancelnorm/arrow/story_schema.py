"""Columns of partial stories: the state of an order's story as a row, and back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa

from cancelnorm.arrow.arrays import fits
from cancelnorm.arrow.rows import decimal_of
from cancelnorm.arrow.schema import DECIMAL
from cancelnorm.schema import SCHEMA_VERSION, Evidence, Initiator, QuantityUnit, Reason
from cancelnorm.story import Amount, Attempt, Claim, Moment, Named, Story, StoryKey, Taker
from cancelnorm.version import __version__

__all__ = [
    "AMOUNT",
    "ATTEMPT",
    "CLAIM",
    "CLAIMS",
    "MOMENT",
    "NAMED",
    "STORIES",
    "TAKER",
    "restored",
    "rows_of",
]

_TEXTS: Final = pa.list_(pa.string())

MOMENT: Final = pa.struct({"ns": pa.int64(), "source": pa.string()})

CLAIM: Final = pa.struct(
    {
        "evidence": pa.int8(),
        "source": pa.string(),
        "first": MOMENT,
        "last": MOMENT,
        "known": MOMENT,
        "sent": MOMENT,
        "last_sent": MOMENT,
    }
)

AMOUNT: Final = pa.struct({"value": DECIMAL, "scale": pa.int8(), "unfit": pa.string(), "source": pa.string()})
"""A decimal and its scale; one that does not fit is text in ``unfit``."""

TAKER: Final = pa.struct({"initiator": pa.string(), "evidence": pa.int8(), "source": pa.string()})

ATTEMPT: Final = pa.struct({"name": pa.string(), "sent": MOMENT})

NAMED: Final = pa.struct({"value": pa.string(), "source": pa.string()})

CLAIMS: Final = ("canceled", "filled", "closed", "reduced", "accepted", "alive")


def _described(name: str, kind: pa.DataType, description: str) -> pa.Field:
    return pa.field(name, kind, metadata={"description": description})


STORIES: Final = pa.schema(
    [
        _described("account", pa.string(), "Account; part of the order's identity, as the next four are"),
        _described("id_space", pa.string(), "Space in which the order's id is unique"),
        _described("symbol", pa.string(), "Symbol; null if ids are unique without it"),
        _described("order_id", pa.string(), "Id of the order"),
        _described("client_order_id", pa.string(), "Client id, if it is all that names the order"),
        _described("venue", pa.string(), "Venue"),
        *(_described(name, CLAIM, "Events that say this of the order") for name in CLAIMS),
        _described("asked", MOMENT, "First cancel request: the least"),
        _described("acknowledged", MOMENT, "First receipt of an answer that accepts a cancel: the least"),
        _described("filled_quantity", AMOUNT, "Filled quantity: the greatest"),
        _described("quantities", pa.list_(AMOUNT), "Quantities of the order: the union"),
        _described("units", _TEXTS, "Units of quantities: the union"),
        _described("takers", pa.list_(TAKER), "Who took the order off the book: the union"),
        _described("attempts", pa.list_(ATTEMPT), "Cancel requests: the union"),
        _described("reasons", _TEXTS, "Reasons of refused and failed requests: the union"),
        _described("symbols", pa.list_(NAMED), "Symbols: the union"),
        _described("client_order_ids", _TEXTS, "Client ids: the union"),
        _described("lists", _TEXTS, "Order lists: the union"),
        _described("replaced_by", _TEXTS, "Orders that replaced it: the union"),
        _described("replaces", _TEXTS, "Orders that it replaces: the union"),
        _described("first_ns", pa.int64(), "Earliest time of any kind: the least"),
        _described("last_ns", pa.int64(), "Latest time of any kind: the greatest"),
        _described("more", _TEXTS, "Columns that had more values than are kept: the union"),
    ],
    metadata={"cancelnorm.schema": str(SCHEMA_VERSION), "cancelnorm.version": __version__},
)
"""Schema of partial stories, one row for each order of a batch; each column is joined by itself."""


# --- Stories to rows ---


def rows_of(stories: Iterable[Story]) -> pa.RecordBatch:
    """Stories as rows, in their order."""
    return pa.RecordBatch.from_pylist([_row(story) for story in stories], schema=STORIES)


def _row(story: Story) -> dict[str, Any]:
    account, id_space, symbol, order_id, client_order_id = story.key
    return {
        "account": account,
        "id_space": id_space,
        "symbol": symbol,
        "order_id": order_id,
        "client_order_id": client_order_id,
        "venue": story.venue,
        **{name: _claim(getattr(story, name)) for name in CLAIMS},
        "asked": _moment(story.asked),
        "acknowledged": _moment(story.acknowledged),
        "filled_quantity": None if story.filled_quantity is None else _amount(story.filled_quantity),
        "quantities": [_amount(amount) for amount in story.quantities],
        "units": story.units,
        "takers": [
            {"initiator": one.initiator, "evidence": one.evidence.rank, "source": one.source}
            for one in story.takers
        ],
        "attempts": [{"name": one.name, "sent": _moment(one.sent)} for one in story.attempts],
        "reasons": story.reasons,
        "symbols": [{"value": one.value, "source": one.source} for one in story.symbols],
        "client_order_ids": story.client_order_ids,
        "lists": story.lists,
        "replaced_by": story.replaced_by,
        "replaces": story.replaces,
        "first_ns": story.first_ns,
        "last_ns": story.last_ns,
        "more": story.more,
    }


def _moment(moment: Moment | None) -> dict[str, Any] | None:
    return None if moment is None else {"ns": moment[0], "source": moment[1]}


def _claim(claim: Claim | None) -> dict[str, Any] | None:
    if claim is None:
        return None
    times = {name: _moment(getattr(claim, name)) for name in _TIMES}
    return {"evidence": claim.evidence.rank, "source": claim.source, **times}


_TIMES: Final = ("first", "last", "known", "sent", "last_sent")


def _amount(amount: Amount) -> dict[str, Any]:
    value = amount.value
    if not fits(value):
        return {"value": None, "scale": None, "unfit": str(value), "source": amount.source}
    _, _, exponent = value.as_tuple()
    return {"value": value, "scale": -int(exponent), "unfit": None, "source": amount.source}


# --- Rows to stories ---


def restored(batch: pa.RecordBatch) -> Iterator[Story]:
    """The story of each row; a column that is missing was empty."""
    names = set(batch.schema.names)
    missing = [name for name in ("id_space", "order_id", "venue") if name not in names]
    if missing:
        raise ValueError(f"no column {missing[0]}")
    columns = {
        field.name: batch.column(field.name).cast(field.type).to_pylist()
        if field.name in names
        else [None] * batch.num_rows
        for field in STORIES
    }
    for values in zip(*columns.values(), strict=True):
        yield _story(dict(zip(columns, values, strict=True)))


def _story(row: Mapping[str, Any]) -> Story:
    filled = row["filled_quantity"]
    claims = [_claim_of(row[name]) for name in CLAIMS]
    canceled, of_fill, closed, reduced, accepted, alive = claims
    return Story(
        key=StoryKey(row["account"], row["id_space"], row["symbol"], row["order_id"], row["client_order_id"]),
        venue=row["venue"],
        canceled=canceled,
        filled=of_fill,
        closed=closed,
        reduced=reduced,
        accepted=accepted,
        alive=alive,
        asked=_moment_of(row["asked"]),
        acknowledged=_moment_of(row["acknowledged"]),
        filled_quantity=None if filled is None else _amount_of(filled),
        quantities=tuple(map(_amount_of, row["quantities"] or ())),
        units=tuple(map(QuantityUnit, row["units"] or ())),
        takers=tuple(map(_taker_of, row["takers"] or ())),
        attempts=tuple(Attempt(one["name"], _moment_of(one["sent"])) for one in row["attempts"] or ()),
        reasons=tuple(map(Reason, row["reasons"] or ())),
        symbols=tuple(Named(one["value"], one["source"]) for one in row["symbols"] or ()),
        client_order_ids=tuple(row["client_order_ids"] or ()),
        lists=tuple(row["lists"] or ()),
        replaced_by=tuple(row["replaced_by"] or ()),
        replaces=tuple(row["replaces"] or ()),
        first_ns=row["first_ns"],
        last_ns=row["last_ns"],
        more=tuple(row["more"] or ()),
    )


_EVIDENCE: Final[Sequence[Evidence]] = sorted(Evidence, key=lambda evidence: evidence.rank)


def _claim_of(value: Mapping[str, Any] | None) -> Claim | None:
    if value is None:
        return None
    times = [_moment_of(value[name]) for name in _TIMES]
    return Claim(_EVIDENCE[value["evidence"]], value["source"], *times)


def _taker_of(value: Mapping[str, Any]) -> Taker:
    return Taker(Initiator(value["initiator"]), _EVIDENCE[value["evidence"]], value["source"])


def _moment_of(value: Mapping[str, Any] | None) -> Moment | None:
    return None if value is None else (value["ns"], value["source"])


def _amount_of(value: Mapping[str, Any]) -> Amount:
    unfit = value["unfit"]
    number = Decimal(unfit) if unfit is not None else decimal_of(str(value["value"]), value["scale"])
    return Amount(number, value["source"])
