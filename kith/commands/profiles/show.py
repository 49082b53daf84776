"""`kith profiles show`."""

import click

from kith.commands.profiles.options import JSON, RESIDENT
from kith.commands.profiles.output import echo_facts, echo_json, plain
from kith.context import Context
from kith.profiles.access import residents
from nodes.profiles.register import display_name


@click.command(name="show")
@RESIDENT
@JSON
@click.pass_obj
def command(context: Context, resident_id: str, as_json: bool) -> None:
    """Show what is known about a resident: the facts in force."""
    with residents(context.home) as found:
        profile = found.snapshot(resident_id)
    if as_json:
        facts = [plain(fact) for fact in profile.facts]
        echo_json({"id": resident_id, "sequence": profile.sequence, "facts": facts})
        return
    click.echo(f"{resident_id}: {display_name(profile) or 'no name yet'}")
    echo_facts(sorted(profile.facts, key=lambda fact: fact.key))
