"""The commands ``venues`` and ``schema``."""

import click

from cancelnorm.cli.terminal import job, say

__all__ = ["list_venues", "schema"]


@click.command(
    "venues",
    help="""List the venues and their endpoints.

    The column "since" has the date of the oldest answers that are read; where it is empty, all are read.
    """,
)
@job()
def list_venues() -> None:
    """Show the table."""
    from cancelnorm import venues
    from cancelnorm.cli.display import new_table, show

    table = new_table("venue", "product", "endpoint", "since")
    for venue in venues.every().values():
        for endpoint in venue.endpoints.values():
            table.add_row(venue.name, endpoint.product or "", endpoint.name, endpoint.since or "")
    show(table)


@click.command(help="Print the JSON Schema of an event.")
@job()
def schema() -> None:
    """Write the schema."""
    import msgspec

    from cancelnorm.event_json import json_schema

    text = msgspec.json.format(msgspec.json.encode(json_schema()), indent=2)
    say(text.decode())
