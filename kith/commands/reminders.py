"""`kith reminders`: add, list, close, import, export, calendar."""

import getpass
import json
import os
import re
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from behaviours.routines.occurrence import Occurrence
from behaviours.routines.routine import BY, KINDS, Routine, zone
from culture_profiles.errors import KithError
from kith import home as homes
from kith.context import Context
from kith.reminders.access import reminders, routines

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
@click.option("--by", type=click.Choice(BY), default="robot", show_default=True, help="Who says it: tablet is staff.")
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
    by: str,
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
        by,
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


@command.command(name="export")
@click.argument("resident_id", metavar="RESIDENT")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), default=Path("-"))
@click.pass_obj
def export_routines(context: Context, resident_id: str, file: Path) -> None:
    """Write RESIDENT's routines as an iCalendar FILE (default: to the screen). It names what they are: keep it safe."""
    from kith.reminders import ical  # only this command and import pay for it

    found = routines(context.home, resident_id)
    content = ical.exported(found, datetime.now(UTC))
    if str(file) == "-":
        click.echo(content.decode(), nl=False)
        return
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
    except OSError as problem:
        raise KithError(f"{file}: cannot be written: {problem.strerror}") from None
    click.echo(f"{len(found)} routines written to {file}")


@command.command(name="import")
@click.argument("resident_id", metavar="RESIDENT")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--kind", type=click.Choice(KINDS), default="custom", show_default=True, help="Where an event names none."
)
@click.option("--who", default=None, help="Who writes it (default: you, by your login name).")
@_JSON
@click.pass_obj
def import_routines(context: Context, resident_id: str, file: Path, kind: str, who: str | None, as_json: bool) -> None:
    """Add the events of an iCalendar FILE as RESIDENT's routines: all of them or, with a mistake in it, none."""
    from kith.reminders import ical

    try:
        content = file.read_bytes()
    except OSError as problem:
        raise KithError(f"{file}: cannot be read: {problem.strerror}") from None
    time_zone, now = homes.settings(context.home).time_zone, datetime.now(UTC)
    plan = ical.read(content, resident_id, kind, getpass.getuser() if who is None else who, time_zone, now)
    with reminders(context.home) as found:
        made = [found.add(routine) for routine in plan.routines]
    if as_json:
        click.echo(json.dumps({"ids": made, "past": plan.past}))
        return
    left_out = f", {plan.past} in the past left out" if plan.past else ""
    click.echo(f"{len(made)} routines added{left_out}")


@command.command(name="calendar")
@click.argument("resident_id", metavar="RESIDENT")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 366))
@_JSON
@click.pass_obj
def show_calendar(context: Context, resident_id: str, days: int, as_json: bool) -> None:
    """Show the days that RESIDENT may keep, and which routines meet them. For staff to look at: nothing is moved."""
    from culture_profiles.culture.facets import sides
    from culture_profiles.culture.loader import packs
    from kith.profiles.access import residents
    from kith.reminders import observances

    local, now = zone(homes.settings(context.home).time_zone), datetime.now(UTC)
    planned = routines(context.home, resident_id)
    with residents(context.home) as found:
        of_person = sides(found.snapshot(resident_id), packs(), simulation=False)
    on = observances.kept(of_person, now.astimezone(local).date(), days)
    met = observances.conflicts(planned, of_person, now, days, local)
    if as_json:
        days_kept = [{"day": each.day.isoformat(), "names": list(each.names)} for each in on]
        flagged = [{**asdict(each), "due": each.due.isoformat()} for each in met]
        click.echo(json.dumps({"kept": days_kept, "conflicts": flagged}, ensure_ascii=False))
        return
    for each in on:
        click.echo(f"{each.day}  {', '.join(each.names)}")
    for one in met:
        due = one.due.astimezone(local)
        click.echo(f"{due:%Y-%m-%d %H:%M}  {one.kind:12} meets {one.what}: {one.why}  [{one.routine_id}]")
    if not on:
        click.echo("nothing that the resident named is kept in that time")


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
