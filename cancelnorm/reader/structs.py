"""Structs of what venues send: strict, frozen, every field by keyword."""

from typing import Any, dataclass_transform

from msgspec import Struct, StructMeta, field

__all__ = ["Camel", "Exact"]


class _KeywordOnly(StructMeta):
    """Makes ``kw_only`` the default of every subclass too, so that required fields may follow optional ones."""

    def __new__(mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **config: Any) -> type:
        return super().__new__(mcls, name, bases, namespace, **{"kw_only": True, **config})


@dataclass_transform(field_specifiers=(field,), kw_only_default=True, frozen_default=True)
class Exact(Struct, frozen=True, forbid_unknown_fields=True, gc=False, metaclass=_KeywordOnly):
    """An object with these keys and no others, spelled as its fields are."""


class Camel(Exact, rename="camel"):
    """An object whose keys are spelled in camel case."""
