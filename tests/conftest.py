"""Hypothesis profiles (``HYPOTHESIS_PROFILE=thorough``).

``dev`` is to work with, ``ci`` for the gate: the same examples each time, so that a change is what makes it fail;
``thorough`` looks for new ones for an hour; ``mutants`` is quick.
"""

import gc
import os
from collections import deque

from hypothesis import HealthCheck, Phase, settings

from cancelnorm.__main__ import OBJECTS_BETWEEN_COLLECTIONS
from tests.modules import modules

# Collected tests, strategies and examples are many objects, and few of them are cycles: as in the commands.
gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)

settings.register_profile("dev", max_examples=40, deadline=None)
settings.register_profile(
    "ci",
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("thorough", settings.get_profile("ci"), max_examples=2_000, derandomize=False)
settings.register_profile(
    "mutants",
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "dev")
settings.load_profile(PROFILE)


def pytest_collection_finish() -> None:
    """Load the whole package: Hypothesis draws constants of the modules that are loaded.

    Else the examples of a test would depend on those that ran before it in its process.
    """
    if PROFILE == "ci":
        deque(modules(), maxlen=0)
