"""The commands ``rules`` and ``rule``."""

from enum import StrEnum

import click

from cancelnorm.check import RULES, select
from cancelnorm.cli.options import completed, rule_names
from cancelnorm.cli.terminal import job, say

__all__ = ["rule", "rules"]


class CatalogueFormat(StrEnum):
    """Form of the catalogue."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


@click.command(help="List the rules, with explanations and remedies.")
@click.option(
    "--output-format",
    type=click.Choice([form.value for form in CatalogueFormat]),
    default=CatalogueFormat.TEXT.value,
    show_default=True,
    help="Form of the list.",
)
@job()
def rules(output_format: str) -> None:
    """Show the catalogue."""
    from cancelnorm.cli.rules import as_json, as_markdown, show_rules

    match CatalogueFormat(output_format):
        case CatalogueFormat.TEXT:
            show_rules(RULES.values())
        case CatalogueFormat.JSON:
            say(as_json(RULES.values()))
        case CatalogueFormat.MARKDOWN:
            say(as_markdown(RULES.values()))


@click.command(
    help="""Show a rule, with a log that violates it and one that does not.

    RULE is its code or name.
    """
)
@click.argument("name", metavar="RULE", shell_complete=completed(rule_names))
@job()
def rule(name: str) -> None:
    """Show rules one by one."""
    from cancelnorm.cli.rules import show_rule

    for number, code in enumerate(sorted(select((name,)))):
        if number:
            say("")
        show_rule(RULES[code])
