"""`kith profiles set`, `retract` and `lock`: each writes one fact."""

from datetime import UTC, datetime

import click

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, Source, Status, make_fact
from culture_profiles.importing import canonical
from culture_profiles.keys import spec
from culture_profiles.profile import Profile
from kith.commands.profiles.options import RESIDENT, login, written_by
from kith.commands.profiles.output import echo_json, plain
from kith.context import Context
from kith.profiles.access import residents
from nodes.profiles.register import begins


@click.command(name="set")
@RESIDENT
@click.argument("key")
@click.argument("value")
@written_by(Source.CARER, Source.RESIDENT, Source.FAMILY, Source.OBSERVED)
def set_fact(context: Context, resident_id: str, key: str, value: str, as_json: bool, **said: str) -> None:
    """Keep a fact. A name begins a new resident."""
    status = Status.ASSUMED if said["source"] == Source.OBSERVED else Status.STATED
    _write(context, _made(resident_id, key, value, status, **said), as_json=as_json)


@click.command(name="retract")
@RESIDENT
@click.argument("key")
@click.argument("value", default="")
@written_by(Source.CARER, Source.RESIDENT, Source.FAMILY)
def retract(context: Context, resident_id: str, key: str, value: str, as_json: bool, **said: str) -> None:
    """Take a fact out of force: one item (VALUE) of a key that holds many, or the whole KEY. History keeps it."""
    fact = _made(resident_id, key, value if spec(key).many else "", Status.RETRACTED, **said)
    _write(context, fact, as_json=as_json)


@click.command(name="lock")
@RESIDENT
@click.argument("key")
@click.argument("value", default="")
@written_by(Source.CARER, Source.RESIDENT)
def lock(context: Context, resident_id: str, key: str, value: str, as_json: bool, **said: str) -> None:
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
    _write(context, _made(resident_id, key, value, Status.LOCKED, **said), as_json=as_json)


def _made(resident_id: str, key: str, value: str, status: Status, *, who: str | None, source: str, note: str) -> Fact:
    """The fact, checked before anything is opened or sent."""
    spec(key)
    return canonical(
        make_fact(
            resident_id=resident_id,
            key=key,
            value=value,
            source=source,
            status=status,
            who=login() if who is None else who,
            when=datetime.now(UTC),
            note=note,
        )
    )


def _write(context: Context, fact: Fact, *, as_json: bool) -> None:
    with residents(context.home, may_begin=begins(fact)) as found:
        stored = found.write(fact)
        profile = found.snapshot(fact.resident_id)
    in_force = _takes_effect(profile, stored)
    if as_json:
        echo_json({**plain(stored), "in_force": in_force})
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
