"""`kith reminders`: add, list, close."""

import getpass
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from behaviours.routines.occurrence import Occurrence
from behaviours.routines.routine import KINDS, Routine, zone
from culture_profiles.errors import KithError
from kith import home as homes
from kith.context import Context
from kith.reminders.access import reminders

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(name="reminders")
def command() -> None:
    """Show, add and close reminders.

    Works on the home's file, or through its nodes while the home runs.
    """


@command.command()
@click.argument("resident_id", metavar="RESIDENT")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("title")
@click.option("--at", "start", required=True, help="When: 2026-11-24T10:00, 10:00 (the next one), or +5m, +90s, +2h.")
@click.option("--rule", "rrule", default="", help="Repeat by an RFC 5545 rule, for example FREQ=DAILY.")
@click.option(
    "--window",
    "window_min",
    default=60,
    show_default=True,
    type=click.IntRange(1, 1440),
    help="Minutes it may be late.",
)
@click.option("--place", default="", help="Where it takes place.")
@click.option("--id", "routine_id", default="", help="Id to give it (default: a new one).")
@click.option("--who", default=None, help="Who writes it (default: you, by your login name).")
@_JSON
@click.pass_obj
def add(
    context: Context,
    resident_id: str,
    kind: str,
    title: str,
    start: str,
    rrule: str,
    window_min: int,
    place: str,
    routine_id: str,
    who: str | None,
    as_json: bool,
) -> None:
    """Add a reminder for RESIDENT; TITLE in their words, such as "your daughter Ewa"."""
    time_zone = homes.settings(context.home).time_zone
    routine = Routine(
        routine_id,
        resident_id,
        kind,
        title.strip(),
        place.strip(),
        _when(start, datetime.now(UTC), time_zone),
        rrule.strip(),
        timedelta(minutes=window_min),
        getpass.getuser() if who is None else who,
        time_zone,
    )
    with reminders(context.home) as found:
        made = found.add(routine)
    click.echo(json.dumps({"id": made}) if as_json else f"added {made}")


@command.command(name="list")
@click.option("--resident", "resident_id", default="", help="Only this resident's.")
@click.option("--days", default=2, show_default=True, type=click.IntRange(1, 400), help="How many days back and ahead.")
@_JSON
@click.pass_obj
def list_occurrences(context: Context, resident_id: str, days: int, as_json: bool) -> None:
    """List what is due, and what became of it."""
    now = datetime.now(UTC)
    with reminders(context.home) as found:
        listed = found.listed(now - timedelta(days=days), now + timedelta(days=days), resident_id)
    if as_json:
        click.echo(json.dumps([_plain(one) for one in listed], ensure_ascii=False))
        return
    local = zone(homes.settings(context.home).time_zone)
    for one in listed:
        state = one.state.name.lower().replace("_", " ")
        closed = f" by {one.closed_by}" if one.closed_by else ""
        due = one.due.astimezone(local)
        click.echo(f"{due:%Y-%m-%d %H:%M}  {one.resident_id:12} {one.kind:12} {state}{closed}  {one.title}  [{one.id}]")
    if not listed:
        click.echo("no reminders in that time: add one with `kith reminders add`")


@command.command()
@click.argument("occurrence_id", metavar="ID")
@click.option("--who", required=True, help="The person who closes it.")
@click.option("--note", default="", help="A remark kept with it.")
@_JSON
@click.pass_obj
def close(context: Context, occurrence_id: str, who: str, note: str, as_json: bool) -> None:
    """Close the occurrence ID as a named person of the staff."""
    with reminders(context.home) as found:
        found.close(occurrence_id, who, note)
    click.echo(json.dumps({"id": occurrence_id, "closed_by": who.strip()}) if as_json else f"closed by {who.strip()}")


def _when(text: str, now: datetime, time_zone: str) -> datetime:
    local = zone(time_zone)
    if found := re.fullmatch(r"\+(\d{1,5})([smhd])", text):
        unit = {"s": 1, "m": 60, "h": 3600, "d": 86400}[found[2]]
        return now + timedelta(seconds=int(found[1]) * unit)
    try:
        if re.fullmatch(r"\d{1,2}:\d{2}", text):
            clock = datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a time of day, placed below
            today = now.astimezone(local).date()
            when = datetime.combine(today, clock, local)
            return when if when > now else datetime.combine(today + timedelta(days=1), clock, local)
        made = datetime.fromisoformat(text)
    except ValueError:
        raise KithError("the time cannot be read: use 2026-11-24T10:00, 10:00 or +5m") from None
    return made if made.tzinfo else made.replace(tzinfo=local)


def _plain(one: Occurrence) -> dict[str, Any]:
    return {
        "id": one.id,
        "routine_id": one.routine_id,
        "resident_id": one.resident_id,
        "kind": one.kind,
        "title": one.title,
        "due": one.due.isoformat(),
        "window_end": one.window_end.isoformat(),
        "state": one.state.name.lower(),
        "prompts": one.prompts,
        "uncertain": one.uncertain,
        "said": one.said,
        "closed_by": one.closed_by,
    }
