"""`kith profiles list`."""

import click

from kith.commands.profiles.options import JSON
from kith.commands.profiles.output import echo_json
from kith.context import Context
from kith.profiles.access import NoResidentsError, residents


@click.command(name="list")
@JSON
@click.pass_obj
def command(context: Context, as_json: bool) -> None:
    """List the residents."""
    try:
        with residents(context.home) as found:
            names = found.names()
    except NoResidentsError:
        names = {}
    if as_json:
        echo_json([{"id": resident, "name": name} for resident, name in names.items()])
        return
    for resident, name in names.items():
        click.echo(f"{resident:20} {name}")
    if not names:
        click.echo("no residents yet: add one with `kith profiles import FILE`")
