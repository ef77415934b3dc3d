"""With the profile of the gate, a test has the same examples each time, alone and after others.

A law that failed in one run only could not be tried again.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

LAWS: Final = "tests/laws/test_laws.py::test_laws"
LAW: Final = "every_valid_payload_is_understood"
VENUES: Final = ("okx", "coinbase")
LOADS_EVERYTHING: Final = "tests/test_structs.py"
ADDRESS: Final = re.compile(r" at 0x[0-9a-f]+")
DRAWN: Final = re.compile(
    rf"^{re.escape(LAWS)}\[{LAW}-(\w+)\] (.*?)(?:\nPASSED|PASSED$)", re.DOTALL | re.MULTILINE
)


def drawn(*first: str, venues: tuple[str, ...], seed: int) -> dict[str, str]:
    """What a process of its own shows of its examples, by venue, after some other tests."""
    ids = [*first, *(f"{LAWS}[{LAW}-{venue}]" for venue in venues)]
    options = ["-sv", "--hypothesis-verbosity=verbose", "-p", "no:cacheprovider", "-p", "no:xdist"]
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *ids],
        cwd=Path(__file__).parent.parent.parent,
        env={**inherited, "PYTHONHASHSEED": str(seed), "HYPOTHESIS_PROFILE": "ci"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-3_000:] + ran.stderr
    found = DRAWN.findall(ADDRESS.sub("", ran.stdout))
    assert [venue for venue, _ in found] == list(venues)
    return dict(found)


def test_examples_are_the_same_in_any_process_and_order() -> None:
    """With another seed of hashes and more modules that are loaded, too."""
    first = drawn(venues=VENUES, seed=1)
    assert all(shown.count("Draw 1: ") >= 60 for shown in first.values())
    last = drawn(LOADS_EVERYTHING, venues=VENUES[::-1], seed=2)
    for venue in VENUES:
        same = first[venue] == last[venue]
        assert same, venue
