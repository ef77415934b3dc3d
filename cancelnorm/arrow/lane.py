"""Lane: answers of one plain row each, which are read many at a time."""

from collections.abc import Sequence
from typing import Any, Final

from cancelnorm.endpoint import Call, Endpoint
from cancelnorm.eventmap import EventMap
from cancelnorm.eventmap.cells import CellLoop
from cancelnorm.reader.json_decoder import json_decoder
from cancelnorm.reader.types import class_of, fields_of, members_of
from cancelnorm.record import Record

__all__ = ["SIZE", "Lane", "lane_of"]

SIZE: Final = 1_024  # answers that are read at a time; more leave the processor's cache
_FLAT: Final = (str, int, bool, type(None))


class Lane:
    """The answers of an endpoint that wait to be read together: row of the input, digest, answer, request."""

    def __init__(self, endpoint: Endpoint, plain: EventMap, loop: CellLoop) -> None:
        self.loop = loop
        self.waiting: list[tuple[int, bytes, tuple[Any, ...], Any]] = []
        self._call = Call(Record(b"", endpoint.venue, endpoint.name), endpoint, [])
        self._decode = json_decoder(plain.plan.struct).decode_lines

    def may_take(self, payload: bytes) -> bool:
        """Whether a payload may be an object with the usual keys, each once, and no others.

        It is certain where such payloads, one a line, are read as that many objects. No text of an object goes on
        in the next line, so each line begins and ends outside texts; and as no object is within another, it begins
        with the first brace of an object and ends with the last one of an object.
        """
        return (
            payload.count(b":") == self.loop.usual
            and payload[:1] == b"{"
            and payload[-1:] == b"}"
            and b"\n" not in payload
        )

    def cells(self, payloads: Sequence[bytes]) -> list[tuple[Any, ...]] | None:
        """The cells of each payload; None if one of them is not a plain row."""
        count = len(payloads)
        try:
            raws = self._decode(b"\n".join(payloads))
            if len(raws) != count or not self.loop.takes(raws):
                return None
            return self.loop.function([(raws, self._call, ("$",) * count, 0, (), ())])
        except (ValueError, RecursionError):
            return None


def lane_of(endpoint: Endpoint) -> Lane | None:
    """The lane of an endpoint; None where its answers are no plain rows, or frames about other things among them."""
    plain = endpoint.plain
    if plain is None or endpoint.skip is not None:
        return None
    loop, struct = plain.usual_loop, plain.plan.struct
    is_first = members_of(endpoint.shape.kind)[0] is struct
    is_flat = all(
        class_of(member) in _FLAT for field in fields_of(struct) for member in members_of(field.kind)
    )
    return Lane(endpoint, plain, loop) if loop is not None and is_first and is_flat else None
