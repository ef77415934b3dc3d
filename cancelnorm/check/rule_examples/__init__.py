"""Examples of the rules: for each a short log that violates it and one that does not.

``CN201.bad.jsonl`` violates rule CN201, ``CN201.good.jsonl`` does not. Each line of such a file is a record.
"""

from pathlib import Path
from typing import NamedTuple

__all__ = ["RuleExample", "rule_example"]

_FOLDER = Path(__file__).parent


class RuleExample(NamedTuple):
    """Two logs: ``bad`` violates the rule, ``good`` does not."""

    bad: Path
    good: Path


def rule_example(code: str) -> RuleExample | None:
    """Example of the rule with a code; None if only another distribution's venue can violate it."""
    example = RuleExample(_FOLDER / f"{code}.bad.jsonl", _FOLDER / f"{code}.good.jsonl")
    return example if example.bad.exists() else None
