"""Examples of the rules: for each a short log that violates it and one that does not.

``CN201.bad.jsonl`` violates rule CN201, ``CN201.good.jsonl`` does not. Each line of such a file is a record.
"""

from importlib import resources
from importlib.resources.abc import Traversable
from typing import NamedTuple

__all__ = ["RuleExample", "rule_example"]


class RuleExample(NamedTuple):
    """Two logs: ``bad`` violates the rule, ``good`` does not. They are files, unless the package is in an archive."""

    bad: Traversable
    good: Traversable


def rule_example(code: str) -> RuleExample | None:
    """Example of the rule with a code; None if only another distribution's venue can violate it."""
    folder = resources.files(__name__)
    example = RuleExample(folder / f"{code}.bad.jsonl", folder / f"{code}.good.jsonl")
    return example if example.bad.is_file() else None
