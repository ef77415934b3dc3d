"""The command ``rules``."""

from cancelnorm.check import RULES
from cancelnorm.cli.terminal import job

__all__ = ["rules"]


@job()
def rules() -> None:
    """List the rules, with explanations and remedies."""
    from rich.padding import Padding
    from rich.text import Text

    from cancelnorm.cli.display import show

    for rule in RULES.values():
        show(Text(f"{rule.code} {rule.name} ({rule.severity})", style="bold"))
        for line in (rule.why, rule.todo):
            show(Padding(Text(line), (0, 0, 0, 2)))
