"""`kith profiles export`."""

from datetime import UTC, datetime
from pathlib import Path

import click

from culture_profiles.store import questions_in
from culture_profiles.store.export import write_archive
from kith.commands.profiles.options import JSON, RESIDENT
from kith.commands.profiles.output import echo_json
from kith.context import Context
from kith.keeping.owner import as_owner
from kith.profiles.access import residents
from nodes.profiles.register import store_path


@click.command(name="export")
@RESIDENT
@click.argument("to", required=False, type=click.Path(dir_okay=False, path_type=Path))
@JSON
@click.pass_obj
def command(context: Context, resident_id: str, to: Path | None, as_json: bool) -> None:
    """Write everything kept about a resident into one archive (default: ID.zip here): JSON and a page to print.

    The archive is not encrypted, and may name other people: the manager releases it after review.
    """
    to = to or Path(f"{resident_id}.zip")
    with residents(context.home) as found:
        profile, history = found.snapshot(resident_id), found.history(resident_id)
    with as_owner(context.home):
        asked = [question.fact for question in questions_in(store_path(context.home), resident_id)]
    write_archive(to, profile, history, asked, datetime.now(UTC))
    if as_json:
        echo_json({"id": resident_id, "archive": str(to), "facts": len(history), "questions": len(asked)})
    else:
        click.echo(f"{to}: {len(history)} facts; not encrypted, to be released by the manager after review")
