"""The recorded answers in ``samples``: a payload as it was sent, and where its shape is documented."""

from pathlib import Path
from typing import Any, Literal

import msgspec

from cancelnorm import Record

__all__ = ["FOLDER", "SAMPLES", "Sample", "load"]

FOLDER = Path(__file__).parent.parent.parent / "samples"


class Sample(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One file."""

    docs: str  # where the shape is documented or was seen
    about: str  # what this sample shows that no other shows
    venue: str
    endpoint: str
    status: int | None = None
    request: dict[str, Any] | list[dict[str, Any]] | None = None
    sent_ns: int | None = None
    received_ns: int | None = None
    dialect: Literal["quoted-numbers"] | None = None
    account: str | None = None
    payload: msgspec.Raw  # JSON; or a string that holds the body of an answer that is no JSON

    def record(self, source: str | None = None) -> Record:
        """The record of this answer."""
        body = bytes(self.payload)
        if body.startswith(b'"'):
            body = msgspec.json.decode(body, type=str).encode()
        return Record(
            body,
            self.venue,
            self.endpoint,
            self.status,
            self.request,
            self.sent_ns,
            self.received_ns,
            source,
            self.dialect,
            account=self.account,
        )


def load() -> dict[str, Sample]:
    """Every sample by name, like ``binance/delete-order``."""
    decode = msgspec.json.Decoder(Sample).decode
    found = {
        path.relative_to(FOLDER).with_suffix("").as_posix(): decode(path.read_bytes())
        for path in sorted(FOLDER.glob("*/*.json"))
    }
    assert found, "there are samples"
    return found


SAMPLES = load()
