"""The commands ``rules`` and ``rule``."""

from enum import StrEnum
from typing import Annotated

import typer

from cancelnorm.check import RULES, select
from cancelnorm.cli.options import rule_names
from cancelnorm.cli.terminal import job, say

__all__ = ["rule", "rules"]


class CatalogueFormat(StrEnum):
    """Form of the catalogue."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


@job()
def rules(
    output_format: Annotated[CatalogueFormat, typer.Option(help="Form of the list.")] = CatalogueFormat.TEXT,
) -> None:
    """List the rules, with explanations and remedies."""
    from cancelnorm.cli.rules import as_json, as_markdown, show_rules

    match output_format:
        case CatalogueFormat.TEXT:
            show_rules(RULES.values())
        case CatalogueFormat.JSON:
            say(as_json(RULES.values()))
        case CatalogueFormat.MARKDOWN:
            say(as_markdown(RULES.values()))


@job()
def rule(
    name: Annotated[
        str, typer.Argument(metavar="RULE", help="Code or name of a rule.", autocompletion=rule_names)
    ],
) -> None:
    """Show a rule, with a log that violates it and one that does not."""
    from cancelnorm.cli.rules import show_rule

    for number, code in enumerate(sorted(select((name,)))):
        if number:
            say("")
        show_rule(RULES[code])
