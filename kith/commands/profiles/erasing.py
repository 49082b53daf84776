"""`kith profiles erase`, `receipts`, `hold` and `release`."""

import re
from typing import Any

import click

from culture_profiles.errors import KithError
from culture_profiles.keys import spec
from culture_profiles.store import BACKUPS, STORE, Receipt, holds_in
from kith.commands.profiles.options import BY, JSON, RESIDENT, login
from kith.commands.profiles.output import echo_json
from kith.context import Context
from kith.keeping.owner import as_owner
from kith.profiles import erasing
from kith.profiles.access import residents
from nodes.profiles.register import ALERTS, REMINDERS, store_path
from nodes.tablet.records import HOLDER as TABLET

_REASON_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_HOLDERS = {
    STORE: "the store's own file",
    BACKUPS: "the backups",
    REMINDERS: "the reminders",
    ALERTS: "the alerts",
    TABLET: "the tablet's messages",
}


@click.command(name="erase")
@RESIDENT
@click.option("--key", default="", help="Only this key, with its whole history. Default: everything.")
@BY
@click.option("--yes", is_flag=True, help="Do not ask back.")
@JSON
@click.pass_obj
def erase(context: Context, resident_id: str, key: str, by: str | None, yes: bool, as_json: bool) -> None:
    """Erase a resident, or one key of theirs, for good: history, free pages, backups, robots' snapshots and notes.

    With a whole resident go their reminders, messages and alerts; an alert that is open goes when somebody has
    closed it, and what was said about safeguarding stays. A robot that cannot be reached erases before it uses the
    snapshot again with the home. Until all is done the receipt is pending.
    """
    if key:
        spec(key)
    what = f"{key} of {resident_id}" if key else f"everything about {resident_id}"
    if not yes and not click.confirm(f"Erase {what}? It cannot be brought back", err=True):
        raise click.Abort
    receipt, problems = erasing.erase(context.home, resident_id, key, login() if by is None else by)
    for problem in problems:
        click.echo(f"kith: {problem}", err=True)
    if as_json:
        echo_json(_plain(receipt))
    else:
        click.echo(f"erased: {receipt.facts} entries of the history")
        _echo(receipt)


@click.command(name="receipts")
@click.option("--finish", is_flag=True, help="First do what an erasure has left to do.")
@JSON
@click.pass_obj
def receipts(context: Context, finish: bool, as_json: bool) -> None:
    """Show the receipts of erasures: ids and numbers, no personal data."""
    for problem in erasing.finish(context.home) if finish else []:
        click.echo(f"kith: {problem}", err=True)
    found = erasing.receipts(context.home)
    if as_json:
        echo_json([_plain(receipt) for receipt in found])
        return
    for receipt in found:
        _echo(receipt)
    if not found:
        click.echo("nothing was erased")


@click.command(name="hold")
@click.argument("resident_id", metavar="[ID]", default="")
@click.option(
    "--reason-code", default="", help="A code of your own, such as inquest-2026-14; no words about the person."
)
@BY
@JSON
@click.pass_obj
def hold(context: Context, resident_id: str, reason_code: str, by: str | None, as_json: bool) -> None:
    """Keep a resident's data from being erased, or without ID show the holds that stand."""
    if resident_id:
        if not _REASON_CODE.fullmatch(reason_code):
            raise KithError("--reason-code: give a code of 1-40 letters, digits, . _ or -, such as inquest-2026-14")
        with residents(context.home) as found:
            found.set_legal_hold(resident_id, reason_code, login() if by is None else by)
    _echo_holds(context, as_json)


@click.command(name="release")
@RESIDENT
@BY
@JSON
@click.pass_obj
def release(context: Context, resident_id: str, by: str | None, as_json: bool) -> None:
    """End the legal holds of a resident."""
    with residents(context.home) as found:
        found.set_legal_hold(resident_id, "", login() if by is None else by)
    _echo_holds(context, as_json)


def _echo_holds(context: Context, as_json: bool) -> None:
    path = store_path(context.home)
    with as_owner(context.home):
        standing = holds_in(path) if path.exists() else []
    if as_json:
        found = [
            {
                "id": hold.resident_id,
                "reason_code": hold.reason_code,
                "by": hold.placed_by,
                "since": hold.placed_at.isoformat(),
            }
            for hold in standing
        ]
        echo_json(found)
        return
    for hold in standing:
        click.echo(f"{hold.resident_id}: {hold.reason_code}, since {hold.placed_at:%Y-%m-%d}, by {hold.placed_by}")
    if not standing:
        click.echo("no legal holds")


def _plain(receipt: Receipt) -> dict[str, Any]:
    return {
        "receipt": receipt.id,
        "id": receipt.resident_id,
        "key": receipt.key,
        "erased_at": receipt.erased_at.isoformat(),
        "by": receipt.decided_by,
        "facts": receipt.facts,
        "state": receipt.state,
        "pending": list(receipt.pending),
    }


def _echo(receipt: Receipt) -> None:
    waits = ", ".join(_HOLDERS.get(holder, f"robot {holder}") for holder in receipt.pending)
    what = f" {receipt.key}" if receipt.key else ""
    click.echo(
        f"receipt {receipt.id}: {receipt.resident_id}{what}, {receipt.erased_at:%Y-%m-%d %H:%M} UTC, by "
        f"{receipt.decided_by or 'unknown'}: {receipt.state}{f' ({waits})' if waits else ''}"
    )
