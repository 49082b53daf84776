"""`kith profiles explain`."""

from dataclasses import asdict

import click
from rich.console import Console

from culture_profiles.beliefs.explaining import explain
from culture_profiles.culture.loader import packs
from kith.commands.profiles.options import JSON, RESIDENT
from kith.commands.profiles.output import echo_json
from kith.context import Context
from kith.profiles.access import residents


@click.command(name="explain")
@RESIDENT
@click.argument("key", metavar="KEY")
@click.option("--simulation", is_flag=True, help="Let packs that nobody has reviewed count in full, as in simulation.")
@JSON
@click.pass_obj
def command(context: Context, resident_id: str, key: str, simulation: bool, as_json: bool) -> None:
    """Say why the robot believes something of a resident, from which source, and what would change it."""
    with residents(context.home) as found:
        profile = found.snapshot(resident_id)
    explanation = explain(profile, key, packs(), simulation=simulation)
    if as_json:
        echo_json({"id": resident_id, **asdict(explanation)})
        return
    console = Console(highlight=False, markup=False)
    if console.is_terminal:
        console.print(explanation.text)
    else:
        click.echo(explanation.text)
