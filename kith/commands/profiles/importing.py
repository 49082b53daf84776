"""`kith profiles import`."""

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact
from culture_profiles.importing import read_resident
from culture_profiles.incoming.arrival import facts_of
from culture_profiles.incoming.files import SUFFIXES, read_arrivals
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
    """Add residents from YAML files, tables (.csv) or FHIR R4 (.json, .ndjson). Nothing is kept before all are checked.

    What the home was ever told in the same words is passed over: importing a file again changes nothing.
    """
    when = datetime.now(UTC)
    by = login() if who is None else who
    read = [
        facts
        for path in files
        for facts in (_arrived(path, by, when) if path.suffix.lower() in SUFFIXES else [read_resident(path, when, by)])
    ]
    with residents(context.home, may_begin=True) as found:
        _refuse_doubles(found, read, files)
        done = [_add(found, facts) for facts in read]
    if as_json:
        echo_json(done)
        return
    for entry in done:
        click.echo(f"{entry['id']}: {entry['added']} facts added, {entry['held']} known already")


def _arrived(path: Path, who: str, when: datetime) -> list[list[Fact]]:
    """The residents of another system's file, each under a new id. Errors: KithError."""
    try:
        text = path.read_bytes().decode("utf-8", "replace")
    except OSError as problem:
        raise KithError(f"{path}: cannot be read: {problem.strerror}") from None
    return [facts_of(each, f"r-{secrets.token_hex(4)}", who, when) for each in read_arrivals(path.name, text)]


def _refuse_doubles(found: Residents, read: list[list[Fact]], files: tuple[Path, ...]) -> None:
    """Another system's file gives new ids: taken in again, everybody would be there twice."""
    if not any(path.suffix.lower() in SUFFIXES for path in files):
        return
    known = {name.casefold() for name in _full_names(found)}
    for facts in read:
        name = next((fact.value.casefold() for fact in facts if fact.key == "name.full"), "")
        if name in known:
            raise KithError(f"{', '.join(path.name for path in files)}: somebody of a name in it is there already")
        known.add(name)


def _full_names(found: Residents) -> list[str]:
    return [name for each in found.names() if (name := found.snapshot(each).value("name.full"))]


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
