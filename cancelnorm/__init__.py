"""cancelnorm says what an exchange really said about a cancellation."""

import importlib as _importlib

# A public name is imported when it is first used: who needs only a part waits for no more than that.
# ``__init__.pyi`` says the same to type checkers.
_MODULES = {
    "AmbiguousPayloadError": "cancelnorm.errors",
    "CancelEvent": "cancelnorm.schema",
    "CancelNormError": "cancelnorm.errors",
    "EventKind": "cancelnorm.schema",
    "Evidence": "cancelnorm.schema",
    "Initiator": "cancelnorm.schema",
    "Normalised": "cancelnorm.schema",
    "NotACancel": "cancelnorm.errors",
    "Note": "cancelnorm.schema",
    "OrderStatus": "cancelnorm.schema",
    "Outcome": "cancelnorm.schema",
    "PayloadError": "cancelnorm.errors",
    "Product": "cancelnorm.schema",
    "Reason": "cancelnorm.schema",
    "Record": "cancelnorm.record",
    "Refused": "cancelnorm.check",
    "UnknownEndpointError": "cancelnorm.errors",
    "decode": "cancelnorm.event_json",
    "encode": "cancelnorm.event_json",
    "event_ids": "cancelnorm.ids",
    "events": "cancelnorm.pipeline",
    "identify": "cancelnorm.api",
    "normalise": "cancelnorm.api",
    "order_key": "cancelnorm.ids",
    "parse": "cancelnorm.api",
}

__all__ = [
    "AmbiguousPayloadError",
    "CancelEvent",
    "CancelNormError",
    "EventKind",
    "Evidence",
    "Initiator",
    "Normalised",
    "NotACancel",
    "Note",
    "OrderStatus",
    "Outcome",
    "PayloadError",
    "Product",
    "Reason",
    "Record",
    "Refused",
    "UnknownEndpointError",
    "decode",
    "encode",
    "event_ids",
    "events",
    "identify",
    "normalise",
    "order_key",
    "parse",
]


def __getattr__(name: str) -> object:
    """Import a public name from its module, once."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(_importlib.import_module(_MODULES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
