"""`kith profiles backup`, `restore` and `verify`."""

from datetime import UTC, datetime

import click

from culture_profiles.errors import KithError
from culture_profiles.store import verify_file
from kith.commands.profiles.options import JSON
from kith.commands.profiles.output import echo_json
from kith.context import Context
from kith.keeping import backup as backups
from kith.keeping.owner import as_owner
from nodes.profiles.register import store_path


@click.command(name="backup")
@JSON
@click.pass_obj
def backup(context: Context, as_json: bool) -> None:
    """Back up the home's stores now, verified, also while it runs. What is encrypted stays so; the key is not in it."""
    with as_owner(context.home):
        taken = backups.make(context.home, datetime.now(UTC), "by hand")
    if as_json:
        echo_json({"backup": taken.name, "folder": str(taken.folder), "files": sorted(taken.files)})
    else:
        click.echo(f"{taken.folder}: {len(taken.files)} files, verified")


@click.command(name="restore")
@click.argument("name", metavar="[BACKUP]", default="")
@JSON
@click.pass_obj
def restore(context: Context, name: str, as_json: bool) -> None:
    """Put the stores back as they were in BACKUP (default: the newest). Needs the key they were encrypted with.

    What was erased since stays erased; what is replaced is kept as another backup. The home must not run.
    """
    with as_owner(context.home):
        chosen = backups.find(context.home, name or None)
        replaced = backups.restore(context.home, chosen, datetime.now(UTC))
    if as_json:
        echo_json({"restored": chosen.name, "replaced": str(replaced)})
    else:
        click.echo(f"restored {chosen.name}; what it replaced is in {replaced}")


@click.command(name="verify")
@JSON
@click.pass_obj
def verify(context: Context, as_json: bool) -> None:
    """Examine the whole store and every fact in it, and every backup; also while the home runs."""
    path = store_path(context.home)
    with as_owner(context.home):
        if not path.exists():
            raise KithError("this home has no residents yet: nothing to verify")
        facts = verify_file(path)
        taken = backups.backups(context.home)
        for one in taken:
            backups.verify(one)
    if as_json:
        echo_json({"facts": facts, "backups": len(taken)})
    else:
        click.echo(f"{facts} facts and {len(taken)} backups: all whole")
