"""A venue that does not exist: structs with all that the reader has to tell apart."""

from typing import ClassVar, Literal

from msgspec import UNSET, Struct, UnsetType

from cancelnorm.reader.scalars import DecimalNumber, DecimalText, Epoch, Failed, Int, NamingText, Prose


class Order(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """A canceled order."""

    order_id: Int
    price: DecimalText
    side: Literal["BUY", "SELL"]
    size: DecimalNumber | UnsetType = UNSET
    note: Prose | UnsetType = UNSET
    tag: Literal["A", "B"] | UnsetType | None = UNSET


class OrderList(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """A canceled list of orders."""

    list_id: Int
    legs: list[Order]


class Refused(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """An answer that is an error."""

    bare: ClassVar = True
    code: Failed
    msg: Prose


class Taken(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """An answer to a request that was taken."""

    code: Literal[0]
    msg: Prose
    data: list[Order | OrderList]


class Filled(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A frame about a fill, with the keys of one about a cancel."""

    e: Literal["FILL"]
    time: Epoch
    why: str = ""


class Canceled(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A frame about a cancel."""

    e: Literal["CANCEL"]
    time: Epoch
    why: str = ""


class Succeeded(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """An answer with a code in quotes."""

    code: Literal["0"]
    msg: str


class Failing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The same with any other code."""

    code: str
    msg: str


class Inner(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What an order holds."""

    list_id: Int | UnsetType = UNSET


class Holding(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """An order that holds others."""

    side: Literal["BUY", "SELL"]
    inner: Inner | str
    also: list[Inner]


class Empty(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The same where there is none."""

    side: Literal[""]
    inner: Inner | str
    also: list[Inner]


class Several(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """An order that holds others in an array, where ``One`` holds a single one."""

    side: Literal["BUY", "SELL"]
    inner: list[Inner]


class One(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """An order that holds another one, with a key that it may lack."""

    side: Literal["BUY", "SELL"]
    inner: Inner
    time: Int | UnsetType = UNSET


class Wrapped(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A row that holds one of two others."""

    of: Order | OrderList


class Enveloped(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """An answer whose rows hold others, in every way in which there may be some."""

    rows: list[Wrapped]
    maybe: list[Wrapped | Refused] | UnsetType | None = UNSET
    named: dict[str, Wrapped] | UnsetType = UNSET
    single: Wrapped | str | UnsetType = UNSET


class Doubted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A row that holds a failure or an answer."""

    why: Refused | Taken | None


class Naming(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A row that names an order."""

    id: NamingText


class Nameless(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A row with the same key, and any text."""

    id: str
