"""Expressions of the loop: how a value of a struct's field becomes a value of the event."""

from collections.abc import Sequence

from cancelnorm.eventmap.plan import scalar_of_field
from cancelnorm.reader.scalars import Scalar
from cancelnorm.reader.types import Field, class_of, is_struct, item_of, members_of, scalar_of

__all__ = ["amount_of", "converted", "time_of"]


def converted(field: Field, x: str) -> str:
    """A value without a home as ``extra`` holds it."""
    members = members_of(field.kind)
    if len(members) == 1:
        if scalar_of(members[0]) is Scalar.PROSE:
            return f"without_secrets({x})"
        if scalar_of(members[0]) is Scalar.NUMBER:
            return f"number_text({x})"
    if any(
        is_struct(m) or item_of(m) is not None or scalar_of(m) in (Scalar.PROSE, Scalar.NUMBER)
        for m in members
    ):
        return f"builtins_of({x})"
    return x


def amount_of(x: str, field: Field, none: Sequence[str]) -> str:
    """A decimal; its text is checked with all others of the payload."""
    scalar = scalar_of_field(field)
    if scalar not in (Scalar.DECIMAL, Scalar.DECIMAL_OR_EMPTY, Scalar.NUMBER):
        raise TypeError(f"{field.name} is no decimal")
    made = "Decimal(t)" if scalar is Scalar.NUMBER else "(seen(t) or Decimal(t))"
    value = f"ZEROS[t] if t in ZEROS else {made}"
    if "zero" in none and "negative" in none:
        value = f"None if t in ZEROS else d if (d := {made}) > 0 else None"
    elif "zero" in none:
        value = f"None if t in ZEROS else {made} or None"
    elif "negative" in none:
        value = f"ZEROS[t] if t in ZEROS else d if (d := {made}) >= 0 else None"
    has_null = any(class_of(member) is type(None) for member in members_of(field.kind))
    read = f"(t := number_text({x}))" if scalar is Scalar.NUMBER else f"(t := {x})"
    if scalar is Scalar.DECIMAL_OR_EMPTY:
        return f"None if not {read} else {value}"  # UNSET is false, as "" is
    tests = [f"{x} is UNSET"] * (not field.required) + [f"{x} is None"] * has_null
    head = f"None if {' or '.join(tests)} else " if tests else ""
    return head + value.replace("t in ZEROS", f"{read} in ZEROS", 1)


def time_of(x: str, field: Field) -> str:
    """Nanoseconds of an epoch."""
    scalars = {scalar_of(member) for member in members_of(field.kind)} - {None}
    if scalars == {Scalar.EPOCH_TEXT}:
        return f"ns_of_text({x})" if field.required else f"None if {x} is UNSET else ns_of_text({x})"
    if scalars != {Scalar.EPOCH}:
        raise TypeError(f"{field.name} is no epoch")
    value = f"{x} * 1000000 if {x} < 10000000000000 else ns_of({x})"
    return value if field.required else f"None if {x} is UNSET else {value}"
