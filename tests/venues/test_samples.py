"""Every sample means what its snapshot says."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from syrupy.location import PyTestLocation
from syrupy.types import SnapshotIndex

from cancelnorm import CancelEvent, Normalised, NotACancel, PayloadError, identify, normalise, parse
from cancelnorm.api import HttpFailure
from cancelnorm.event_json import encode
from tests.samples import SAMPLES, Sample
from tests.strategies import ENDPOINTS, VENUES

every_sample = pytest.mark.parametrize("sample", [pytest.param(s, id=name) for name, s in SAMPLES.items()])


EXPECTED = Path(__file__).parent / "expected"


class Expected(SingleFileSnapshotExtension):
    """One readable file a sample, named as the sample is: ``expected/<venue>/<sample>.json``."""

    _write_mode = WriteMode.TEXT
    file_extension = "json"

    def serialize(self, data: Any, **_: Any) -> str:
        """Keep the text."""
        return str(data)

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        """The folder of the sample's venue."""
        return str((EXPECTED / _name_of(test_location)).parent)

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:
        """The sample's name within its venue."""
        del index  # there is one snapshot a sample
        return Path(_name_of(test_location)).name

    @classmethod
    def matches_test_location(cls, *, test_location: PyTestLocation, snapshot_location: str) -> bool:
        """Whether a snapshot is that of a test."""
        where = Path(cls.dirname(test_location=test_location))
        return Path(snapshot_location) == where / f"{Path(_name_of(test_location)).name}.json"


def _name_of(location: PyTestLocation) -> str:
    """The name of the sample that a test is about, like ``binance/delete-order``."""
    return location.testname.partition("[")[2].removesuffix("]")


def told(result: Normalised) -> str:
    """All that a result says, as JSON that a person can read; what is not said is left out."""
    rest = {
        "notes": [msgspec.to_builtins(note) for note in result.notes],
        "request_id": result.request_id,
        "rate_limits": result.rate_limits,
        "extra": result.extra,
    }
    whole: dict[str, Any] = {"events": [_said(event) for event in result.events]}
    whole |= {key: value for key, value in rest.items() if value}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _said(event: CancelEvent) -> dict[str, Any]:
    """What an event says, as it is written, less what it leaves open."""
    return {name: value for name, value in json.loads(encode(event)).items() if value is not None}


@every_sample
def test_sample(sample: Sample, snapshot: SnapshotAssertion) -> None:
    """A sample's events, notes and extras are those that were reviewed."""
    assert told(normalise(sample.record())) == snapshot.use_extension(Expected)


@every_sample
def test_sample_is_strict(sample: Sample) -> None:
    """A sample has nothing that its struct does not name, and a struct encoded again says the same."""
    record = sample.record()
    assert normalise(record, drift="refuse") == normalise(record)
    if sample.dialect:
        return  # its struct has integers where the payload has text
    value = parse(record)
    if not isinstance(value, HttpFailure):
        again = msgspec.json.encode(value)
        assert json.loads(again) == json.loads(record.payload)


@every_sample
def test_sample_is_identified(sample: Sample) -> None:
    """The endpoint of a sample is among those that answer such a payload, unless a dialect hides it."""
    if sample.dialect:
        return
    names = identify(sample.record().payload, venue=sample.venue, status=sample.status)
    assert (sample.venue, sample.endpoint) in names


def foreign(sample: Sample) -> list[str]:
    """The endpoints of other venues that take a sample for their own."""
    found = []
    for endpoint in ENDPOINTS:
        if endpoint.venue != sample.venue:
            with suppress(PayloadError, NotACancel):
                record = msgspec.structs.replace(
                    sample.record(), venue=endpoint.venue, endpoint=endpoint.name, status=None
                )
                normalise(record)
                found.append(f"{endpoint.venue} {endpoint.name}")
    return found


def is_bare(sample: Sample) -> bool:
    """Whether a payload is nothing but a code and a text."""
    value = json.loads(bytes(sample.payload))
    return isinstance(value, dict) and value.keys() <= {"code", "msg"}


@pytest.mark.parametrize("venue", VENUES)
def test_samples_are_of_their_venue_alone(venue: str) -> None:
    """No other venue reads an answer as its own, not even with additions.

    But for what is the same: ``{code, msg}``, and the futures events of BingX, a copy of Binance's.
    """
    taken = {name: foreign(sample) for name, sample in SAMPLES.items() if sample.venue == venue}
    allowed = {name for name, sample in SAMPLES.items() if b'"e"' in bytes(sample.payload) or is_bare(sample)}
    assert not {name: found for name, found in taken.items() if found and name not in allowed}


def test_every_codec_has_a_sample_and_every_sample_a_codec() -> None:
    """Nothing is registered that no sample shows, and the other way round."""
    known = {(endpoint.venue, endpoint.name) for endpoint in ENDPOINTS}
    assert {(sample.venue, sample.endpoint) for sample in SAMPLES.values()} == known


def test_every_sample_has_a_snapshot_and_every_snapshot_a_sample() -> None:
    """Nothing is left of a sample that was renamed or removed."""
    found = {path.relative_to(EXPECTED).with_suffix("").as_posix() for path in EXPECTED.glob("*/*.json")}
    assert found == set(SAMPLES)


def test_samples_say_where_they_come_from() -> None:
    """A sample names the page or the recording it is from, and lies with its venue."""
    for name, sample in SAMPLES.items():
        assert sample.docs
        assert sample.about
        assert name.startswith(f"{sample.venue}/")


def test_samples_hold_no_secrets() -> None:
    """No sample has a field that a key or a signature would be in."""
    for sample in SAMPLES.values():
        text = msgspec.json.encode(sample).lower()
        assert not any(word in text for word in (b'"apikey"', b'"signature"', b'"listenkey"'))
