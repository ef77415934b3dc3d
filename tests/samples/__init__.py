"""The recorded answers in ``samples``: a payload as it was sent, and where its shape is documented."""

import json
from pathlib import Path
from typing import Any, Literal

import msgspec

from cancelnorm import Record, normalise
from cancelnorm.answer import data_of
from cancelnorm.event_json import encode

__all__ = ["EXPECTED", "FOLDER", "SAMPLES", "Sample", "load"]

TESTS = Path(__file__).parent.parent
FOLDER = TESTS.parent / "samples"
EXPECTED = TESTS / "venues" / "expected"
"""Where the snapshot of each sample lies, under the sample's name."""


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
    payload: msgspec.Raw  # JSON; or a string that holds a body that is no JSON

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

    def tree(self) -> Any:
        """The JSON of the payload: also of a message that is not JSON but can be turned into it."""
        try:
            return json.loads(data_of(self.record()))
        except ValueError:
            return json.loads(bytes(self.payload))

    def snapshot(self) -> str:
        """All that the sample is read as, in JSON for people: without the fields that are None."""
        result = normalise(self.record())
        events = [json.loads(encode(event)) for event in result.events]
        told = {
            "events": [{key: value for key, value in event.items() if value is not None} for event in events],
            "notes": [msgspec.to_builtins(note) for note in result.notes],
            "request_id": result.request_id,
            "rate_limits": result.rate_limits,
            "extra": result.extra,
        }
        return json.dumps({k: v for k, v in told.items() if v}, indent=2, ensure_ascii=False) + "\n"


def load(folder: Path = FOLDER) -> dict[str, Sample]:
    """Every sample by name, like ``binance/delete-order``."""
    decode = msgspec.json.Decoder(Sample).decode
    found = {
        path.relative_to(folder).with_suffix("").as_posix(): decode(path.read_bytes())
        for path in sorted(folder.glob("*/*.json"))
    }
    assert found, "there are samples"
    return found


SAMPLES = load()
