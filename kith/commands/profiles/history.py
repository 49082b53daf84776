"""`kith profiles history`."""

import click

from culture_profiles.keys import spec
from kith.commands.profiles.options import JSON, RESIDENT
from kith.commands.profiles.output import echo_facts, echo_json, plain
from kith.context import Context
from kith.profiles.access import residents


@click.command(name="history")
@RESIDENT
@click.argument("key", default="")
@JSON
@click.pass_obj
def command(context: Context, resident_id: str, key: str, as_json: bool) -> None:
    """Show everything that was ever kept about a resident, oldest first; of one KEY or all."""
    if key:
        spec(key)
    with residents(context.home) as found:
        facts = found.history(resident_id, key)
    if as_json:
        echo_json([plain(fact) for fact in facts])
    else:
        echo_facts(facts)
