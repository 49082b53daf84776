"""`kith profiles`: list, show, set, history, import, retract, lock, questions."""

import getpass
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, Source, Status, make_fact
from culture_profiles.importing import canonical, read_resident
from culture_profiles.keys import spec
from culture_profiles.profile import Profile
from culture_profiles.store import questions_in
from kith.context import Context
from kith.keeping.owner import as_owner
from kith.profiles.access import NoResidentsError, Residents, residents
from nodes.profiles.register import begins, display_name, store_path

_Function = TypeVar("_Function", bound=Callable[..., Any])

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_WHO = click.option("--who", default=None, help="Who says or writes it (default: you, by your login name).")
_NOTE = click.option("--note", default="", help="A remark kept with it.")
_RESIDENT = click.argument("resident_id", metavar="ID")


def _source(*sources: Source) -> Callable[[_Function], _Function]:
    return click.option(
        "--source",
        type=click.Choice([source.value for source in sources]),
        default=Source.CARER.value,
        show_default=True,
        help="Whose word it is.",
    )


@click.group(name="profiles")
def command() -> None:
    """Show and change what is known about residents.

    Works on the home's files, or through its nodes while the home runs. Nothing is overwritten: every fact keeps
    its source, and precedence decides which is in force.
    """


@command.command(name="list")
@_JSON
@click.pass_obj
def list_residents(context: Context, as_json: bool) -> None:
    """List the residents."""
    try:
        with residents(context.home) as found:
            names = found.names()
    except NoResidentsError:
        names = {}
    if as_json:
        click.echo(_json([{"id": resident, "name": name} for resident, name in names.items()]))
        return
    for resident, name in names.items():
        click.echo(f"{resident:20} {name}")
    if not names:
        click.echo("no residents yet: add one with `kith profiles import FILE`")


@command.command()
@_RESIDENT
@_JSON
@click.pass_obj
def show(context: Context, resident_id: str, as_json: bool) -> None:
    """Show what is known about a resident: the facts in force."""
    with residents(context.home) as found:
        profile = found.snapshot(resident_id)
    if as_json:
        facts = [_plain(fact) for fact in profile.facts]
        click.echo(_json({"id": resident_id, "sequence": profile.sequence, "facts": facts}))
        return
    click.echo(f"{resident_id}: {display_name(profile) or 'no name yet'}")
    _print(sorted(profile.facts, key=lambda fact: fact.key))


@command.command()
@_RESIDENT
@click.argument("key", default="")
@_JSON
@click.pass_obj
def history(context: Context, resident_id: str, key: str, as_json: bool) -> None:
    """Show everything that was ever kept about a resident, oldest first; of one KEY or all."""
    if key:
        spec(key)
    with residents(context.home) as found:
        facts = found.history(resident_id, key)
    if as_json:
        click.echo(_json([_plain(fact) for fact in facts]))
    else:
        _print(facts)


@command.command(name="set")
@_RESIDENT
@click.argument("key")
@click.argument("value")
@_WHO
@_source(Source.CARER, Source.RESIDENT, Source.FAMILY, Source.OBSERVED)
@_NOTE
@_JSON
@click.pass_obj
def set_fact(
    context: Context,
    resident_id: str,
    key: str,
    value: str,
    who: str | None,
    source: str,
    note: str,
    as_json: bool,
) -> None:
    """Keep a fact. A name begins a new resident."""
    status = Status.ASSUMED if source == Source.OBSERVED else Status.STATED
    _write(context, _made(resident_id, key, value, source, status, who, note), as_json=as_json)


@command.command()
@_RESIDENT
@click.argument("key")
@click.argument("value", default="")
@_WHO
@_source(Source.CARER, Source.RESIDENT, Source.FAMILY)
@_NOTE
@_JSON
@click.pass_obj
def retract(
    context: Context,
    resident_id: str,
    key: str,
    value: str,
    who: str | None,
    source: str,
    note: str,
    as_json: bool,
) -> None:
    """Take a fact out of force: one item (VALUE) of a key that holds many, or the whole KEY. History keeps it."""
    fact = _made(resident_id, key, value if spec(key).many else "", source, Status.RETRACTED, who, note)
    _write(context, fact, as_json=as_json)


@command.command()
@_RESIDENT
@click.argument("key")
@click.argument("value", default="")
@_WHO
@_source(Source.CARER, Source.RESIDENT)
@_NOTE
@_JSON
@click.pass_obj
def lock(
    context: Context,
    resident_id: str,
    key: str,
    value: str,
    who: str | None,
    source: str,
    note: str,
    as_json: bool,
) -> None:
    """Lock a fact, so that nothing but a newer lock or a retraction by whose word it is changes it.

    Without VALUE: the one in force.
    """
    spec(key)
    if not value:
        with residents(context.home) as found:
            values = found.snapshot(resident_id).values(key)
        if len(values) != 1:
            raise KithError(f"{key}: holds {len(values) or 'no'} values: say which one to lock")
        value = values[0]
    _write(context, _made(resident_id, key, value, source, Status.LOCKED, who, note), as_json=as_json)


@command.command(name="import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@_WHO
@_JSON
@click.pass_obj
def import_residents(context: Context, files: tuple[Path, ...], who: str | None, as_json: bool) -> None:
    """Add residents from YAML files. All files are checked before anything is kept.

    What the home was ever told in the same words is passed over: importing a file again changes nothing.
    """
    when = datetime.now(UTC)
    read = [read_resident(path, when, _login() if who is None else who) for path in files]
    with residents(context.home, may_begin=True) as found:
        done = [_add(found, facts) for facts in read]
    if as_json:
        click.echo(_json(done))
        return
    for entry in done:
        click.echo(f"{entry['id']}: {entry['added']} facts added, {entry['held']} known already")


@command.command()
@click.argument("resident_id", metavar="[ID]", default="")
@_JSON
@click.pass_obj
def questions(context: Context, resident_id: str, as_json: bool) -> None:
    """Show what was said about keys that only staff set, such as allergies: for staff to decide."""
    path = store_path(context.home)
    with as_owner(context.home):
        asked = questions_in(path, resident_id or None) if path.exists() else []
    if as_json:
        click.echo(_json([{"id": question.id, "told": question.told, **_plain(question.fact)} for question in asked]))
        return
    _print((question.fact for question in asked), with_resident=True)
    if not asked:
        click.echo("no questions")


def _made(resident_id: str, key: str, value: str, source: str, status: Status, who: str | None, note: str) -> Fact:
    """The fact, checked before anything is opened or sent."""
    spec(key)
    return canonical(
        make_fact(
            resident_id=resident_id,
            key=key,
            value=value,
            source=source,
            status=status,
            who=_login() if who is None else who,
            when=datetime.now(UTC),
            note=note,
        )
    )


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def _write(context: Context, fact: Fact, *, as_json: bool) -> None:
    with residents(context.home, may_begin=begins(fact)) as found:
        stored = found.write(fact)
        profile = found.snapshot(fact.resident_id)
    in_force = _takes_effect(profile, stored)
    if as_json:
        click.echo(_json({**_plain(stored), "in_force": in_force}))
    elif in_force:
        click.echo(f"{stored.resident_id} {stored.key}: {stored.status.value} ({stored.source.value})")
    else:
        click.echo(f"{stored.resident_id} {stored.key}: kept, but not in force: {_why_not(profile, stored)}")


def _takes_effect(profile: Profile, stored: Fact) -> bool:
    if stored.status is Status.RETRACTED:
        return not profile.about(stored)
    return any(fact.sequence == stored.sequence for fact in profile.facts)


def _why_not(profile: Profile, stored: Fact) -> str:
    stronger = profile.about(stored)
    if not stronger:
        return "it was taken back earlier, and only somebody's word brings it back"
    if any(fact.status is Status.LOCKED for fact in stronger):
        return "it is locked; `kith profiles lock` or `retract` by the same source changes that"
    if any(fact.source is Source.RESIDENT for fact in stronger):
        return "the resident's own word stands. If this is the resident's wish, repeat it with --source resident"
    return f"what was {stronger[-1].status.value} by {stronger[-1].source.value} stands"


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


def _plain(fact: Fact) -> dict[str, Any]:
    return fact.model_dump(mode="json")


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1)


def _print(facts: Iterable[Fact], *, with_resident: bool = False) -> None:
    for fact in facts:
        who = f" · {fact.who}" if fact.who else ""
        resident = f"{fact.resident_id:12} " if with_resident else ""
        click.echo(
            f"{resident}{fact.key:22} {fact.value:30} {fact.status.value} · {fact.source.value}{who} · "
            f"{fact.when:%Y-%m-%d %H:%M} UTC"
        )
