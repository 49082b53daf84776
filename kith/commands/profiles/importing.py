"""`kith profiles import`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact
from culture_profiles.importing import read_resident
from kith.commands.profiles.options import JSON, WHO, login
from kith.commands.profiles.output import echo_json
from kith.context import Context
from kith.profiles.access import Residents, residents
from nodes.profiles.register import begins


@click.command(name="import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@WHO
@JSON
@click.pass_obj
def command(context: Context, files: tuple[Path, ...], who: str | None, as_json: bool) -> None:
    """Add residents from YAML files. All files are checked before anything is kept.

    What the home was ever told in the same words is passed over: importing a file again changes nothing.
    """
    when = datetime.now(UTC)
    read = [read_resident(path, when, login() if who is None else who) for path in files]
    with residents(context.home, may_begin=True) as found:
        done = [_add(found, facts) for facts in read]
    if as_json:
        echo_json(done)
        return
    for entry in done:
        click.echo(f"{entry['id']}: {entry['added']} facts added, {entry['held']} known already")


def _add(found: Residents, facts: list[Fact]) -> dict[str, Any]:
    resident = facts[0].resident_id
    known = resident in found.names()
    if not known and not begins(facts[0]):
        raise KithError(f"{resident} is new: the file needs name.full or name.preferred from the carer or resident")
    kept = {_words(fact) for fact in found.history(resident)} if known else set()
    new = [fact for fact in facts if _words(fact) not in kept]
    for fact in new:
        found.write(fact)
    return {"id": resident, "added": len(new), "held": len(facts) - len(new)}


def _words(fact: Fact) -> tuple[str, ...]:
    return (fact.key, fact.value, fact.source.value, fact.status.value)
