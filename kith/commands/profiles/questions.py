"""`kith profiles questions`."""

import click

from culture_profiles.store import questions_in
from kith.commands.profiles.options import JSON
from kith.commands.profiles.output import echo_facts, echo_json, plain
from kith.context import Context
from kith.keeping.owner import as_owner
from nodes.profiles.register import store_path


@click.command(name="questions")
@click.argument("resident_id", metavar="[ID]", default="")
@JSON
@click.pass_obj
def command(context: Context, resident_id: str, as_json: bool) -> None:
    """Show what was said about keys that only staff set, such as allergies: for staff to decide."""
    path = store_path(context.home)
    with as_owner(context.home):
        asked = questions_in(path, resident_id or None) if path.exists() else []
    if as_json:
        echo_json([{"id": question.id, "told": question.told, **plain(question.fact)} for question in asked])
        return
    echo_facts((question.fact for question in asked), with_resident=True)
    if not asked:
        click.echo("no questions")
