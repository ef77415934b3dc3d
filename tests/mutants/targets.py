"""The tests that are run for a module: those most likely to see a fault in it come first."""

from pathlib import PurePosixPath
from typing import Final

__all__ = ["LATE", "PATHS", "SLOW", "prefix_of", "tests_of"]

PATHS: Final = (
    "cancelnorm/venues",
    "cancelnorm/reader",
    "cancelnorm/eventmap",
    "cancelnorm/check",
    "cancelnorm/report",
    "cancelnorm/logs",
    "cancelnorm/api.py",
    "cancelnorm/answer.py",
    "cancelnorm/answering.py",
    "cancelnorm/assumption.py",
    "cancelnorm/fitting.py",
    "cancelnorm/likely_types.py",
    "cancelnorm/partial.py",
    "cancelnorm/agreement.py",
    "cancelnorm/lone_row.py",
    "cancelnorm/plain_answers.py",
    "cancelnorm/recognition.py",
    "cancelnorm/routing.py",
    "cancelnorm/arrow/answers.py",
    "cancelnorm/arrow/batch.py",
    "cancelnorm/arrow/columns.py",
    "cancelnorm/arrow/lane.py",
)
"""What decides what is read and what it means."""

SLOW: Final = (
    "memory",
    "take_no_time",
    "ten_thousand",
    "cross_processes",
    "large",
    "of_their_venue_alone",
    "other_libraries",  # pandas ends a process that was forked from one with another numpy
)
"""Words in the names of tests that are left out: they see little that others do not."""

LATE: Final = (
    "tests/logs/test_connections.py",
    "tests/logs/test_damage.py",
    "tests/logs/test_limits.py",
    "tests/logs/test_cost.py",
)
"""Files of tests that take long, in the order in which they come after all others of a stage."""

_ANSWERS: Final = ("tests/answers/test_reviewed.py",)
_SAMPLES: Final = ("tests/venues/test_samples.py",)
_API: Final = ("tests/test_api.py", "tests/test_partial.py", "tests/test_request.py", "tests/test_venues.py")
_FIELDS: Final = ("tests/venues/test_declared.py", "tests/venues/test_fields.py")
_MORE: Final = (
    "tests/venues/test_codes.py",
    "tests/venues/test_common_errors.py",
    "tests/venues/test_eras.py",
    "tests/venues/test_replace.py",
    "tests/venues/test_stories.py",
    "tests/test_structs.py",
    *_API,
)
_RECOGNITION: Final = ("tests/laws/test_recognition.py", "tests/test_venues.py", "tests/test_api.py")
_LOGS: Final = (
    ("tests/logs/test_reviewed.py",),
    (
        "tests/logs/test_text.py",
        "tests/logs/test_jsonl.py",
        "tests/logs/test_har.py",
        "tests/logs/test_vcr.py",
        "tests/logs/test_pairing.py",
        "tests/logs/test_websocket.py",
        "tests/logs/test_urls.py",
    ),
    ("tests/logs", "tests/test_structs.py"),
)
_TESTS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "cancelnorm/venues/__init__.py": (
        ("tests/test_venues.py", "tests/test_api.py"),
        _SAMPLES,
        ("tests/logs",),
    ),
    "cancelnorm/answering.py": (_ANSWERS, _RECOGNITION, _SAMPLES, ("tests/logs",)),
    "cancelnorm/recognition.py": (_ANSWERS, _RECOGNITION, _SAMPLES, ("tests/logs",)),
    "cancelnorm/routing.py": (
        _ANSWERS,
        ("tests/test_venues.py", "tests/test_api.py", "tests/logs/test_urls.py"),
        ("tests/check/test_rules.py", "tests/check/test_reviewed.py", "tests/logs/test_reviewed.py"),
        ("tests/logs",),
    ),
    "cancelnorm/agreement.py": (
        _ANSWERS,
        ("tests/test_api.py", "tests/laws/test_nameless.py"),
        _FIELDS,
        _SAMPLES,
    ),
    # The laws take the types for what venues send, so they see no fault in those.
    "cancelnorm/venues/": (_SAMPLES, _FIELDS, _MORE),
    "cancelnorm/reader/json_decoder.py": (("tests/test_threads.py", "tests/test_decoders.py"),),
    "cancelnorm/reader/flat.py": (
        ("tests/reader/test_reviewed.py",),
        _RECOGNITION,
        ("tests/test_structs.py", "tests/logs"),
    ),
    "cancelnorm/reader/": (
        ("tests/reader/test_reviewed.py",),
        ("tests/reader", "tests/test_structs.py"),
        _SAMPLES,
        _FIELDS,
        _MORE,
        ("tests/laws/test_readers.py", "tests/laws"),
    ),
    "cancelnorm/eventmap/plain_rows.py": (
        ("tests/eventmap/test_reviewed.py",),
        ("tests/check/test_plain_lines.py",),
    ),
    "cancelnorm/eventmap/cells.py": (
        ("tests/eventmap/test_reviewed.py",),
        ("tests/eventmap",),
        ("tests/arrow/test_columns.py", "tests/arrow/test_batch.py"),
        _SAMPLES,
        ("tests/arrow",),
    ),
    "cancelnorm/eventmap/": (
        ("tests/eventmap/test_reviewed.py",),
        ("tests/eventmap", "tests/test_structs.py"),
        _SAMPLES,
        _FIELDS,
        _MORE,
        ("tests/laws",),
    ),
    "cancelnorm/check/baseline.py": (("tests/cli/test_baseline.py",),),
    "cancelnorm/check/": (
        ("tests/check/test_reviewed.py",),
        ("tests/check", "tests/test_structs.py"),
        ("tests/cli/test_reviewed.py", "tests/report", "tests/cli/test_explain.py"),
    ),
    "cancelnorm/logs/lines.py": (("tests/arrow/test_lines.py",), *_LOGS),
    "cancelnorm/logs/packing.py": (("tests/cli/test_convert.py", "tests/cli/test_check.py"), ("tests/cli",)),
    "cancelnorm/logs/opening.py": (
        *_LOGS,
        ("tests/cli/test_check.py", "tests/cli/test_check_options.py", "tests/cli/test_check_runs.py"),
    ),
    "cancelnorm/logs/limits.py": (*_LOGS, ("tests/cli/test_check_options.py",)),
    "cancelnorm/logs/formats.py": (*_LOGS, ("tests/cli/test_check_runs.py",)),
    "cancelnorm/logs/": _LOGS,
    "cancelnorm/arrow/": (
        ("tests/arrow/test_reviewed.py", "tests/test_structs.py"),
        ("tests/arrow",),
        ("tests/cli/test_convert.py", "tests/cli/test_convert_faults.py", "tests/cli/test_story.py"),
    ),
    "cancelnorm/report/": (
        ("tests/cli/test_reviewed.py",),
        ("tests/report/test_writers.py", "tests/report/test_latencies.py", "tests/report/html/test_page.py"),
        ("tests/report", "tests/test_structs.py"),
        ("tests/cli/test_check.py", "tests/cli/test_story.py", "tests/cli/test_attention.py"),
    ),
    "cancelnorm/cli/event_output.py": (
        ("tests/cli/test_convert.py", "tests/cli/test_live.py"),
        ("tests/cli",),
    ),
    "cancelnorm/cli/": (
        ("tests/cli/test_reviewed.py",),
        ("tests/cli/test_check.py", "tests/cli/test_story.py", "tests/cli/test_normalise.py"),
        ("tests/cli/test_other.py", "tests/cli/test_convert.py", "tests/cli/test_selection.py"),
        ("tests/cli", "tests/test_structs.py"),
    ),
    "cancelnorm/plain_answers.py": (
        ("tests/test_plain_answers.py",),
        ("tests/check/test_plain_lines.py",),
        ("tests/check",),
    ),
    "cancelnorm/likely_types.py": (
        _ANSWERS,
        ("tests/test_likely_types.py", "tests/test_api.py"),
        ("tests/venues/test_declared.py", "tests/laws/test_readers.py"),
        _SAMPLES,
        ("tests/laws",),
    ),
    "cancelnorm/lone_row.py": (
        _ANSWERS,
        ("tests/venues/test_declared.py", "tests/laws/test_lone_rows.py"),
        _API,
    ),
    "cancelnorm/": (_ANSWERS, _API, _SAMPLES, _FIELDS, ("tests/venues", "tests/logs"), ("tests/laws",)),
}
"""The tests of modules by where they lie, in stages: one that no test of a stage fails goes on to the next."""


def tests_of(path: str, known: frozenset[str]) -> list[list[str]]:
    """The stages of files and folders of tests for a module; ``known`` files may have its name, or its venue's."""
    stem = PurePosixPath(path).stem
    package, venue = PurePosixPath(path).parts[1], PurePosixPath(path).parent.name
    words = stem.split("_")
    named = [f"tests/{package}/test_{'_'.join(words[:n])}.py" for n in range(len(words), 0, -1)]
    own = [name for name in named if name in known]
    of_venue = sorted(name for name in known if name.startswith(f"tests/venues/test_{venue}"))
    stages = [own, *map(list, _TESTS[prefix_of(path)]), of_venue]
    return [stage for stage in stages if stage]


def prefix_of(path: str) -> str:
    """The modules that have the tests of a module."""
    return next(prefix for prefix in _TESTS if path.startswith(prefix))
