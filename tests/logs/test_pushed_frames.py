"""Frames of streams behind requests whose answers are not in the log, as programs log both."""

import json

import pytest

from cancelnorm import venues
from cancelnorm.logs.formats import named
from tests.logs.captured import records
from tests.samples import SAMPLES

PUSHED = {
    venue: {
        name: sample
        for name, sample in SAMPLES.items()
        if sample.venue == venue and sample.endpoint.startswith("stream ") and isinstance(sample.tree(), dict)
    }
    for venue in venues.names()
}


@pytest.mark.parametrize("venue", [venue for venue, samples in PUSHED.items() if samples])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_frame_is_no_answer_to_a_request_for_something_else(venue: str, method: str) -> None:
    """It says the same as without the request, of which it has nothing."""
    url = f"https://{venues.every()[venue].hosts[0]}/api/v9/account?x=1"
    for name, sample in PUSHED[venue].items():
        line = f"10:00:01 recv {venue} {json.dumps(sample.tree())}\n"
        alone = records(named("text"), line.encode())
        behind = records(named("text"), f"10:00:00 {method} {url}\n{line}".encode())
        assert [(name, each.endpoint, each.request, each.pairing) for each in behind] == [
            (name, each.endpoint, each.request, each.pairing) for each in alone
        ]
