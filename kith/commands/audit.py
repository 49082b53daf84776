"""`kith audit`: check the tablet's audit log, and list whose data was seen or changed, by whom and when."""

import json
from dataclasses import asdict

import click

from kith.context import Context
from nodes.tablet.audit import read_rows, verify
from nodes.tablet.records import records_path

_json = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")


@click.group(name="audit")
def command() -> None:
    """Check who looked at what, and who wrote what, on the tablet."""


@command.command(name="verify")
@click.option("--expect", default="", metavar="HASH", help="A head that was noted earlier and must be in the log.")
@_json
@click.pass_obj
def verify_log(context: Context, expect: str, as_json: bool) -> int:
    """Whether the log is whole. Exit code 1: it was changed. Note the head elsewhere to detect a log cut short."""
    verdict = verify(read_rows(records_path(context.home)), expect)
    if as_json:
        click.echo(json.dumps({**asdict(verdict), "whole": verdict.whole}))
    elif verdict.whole:
        click.echo(f"whole: {verdict.rows} rows, head {verdict.head}")
    else:
        click.echo(f"NOT whole: {verdict.why}")
    return 0 if verdict.whole else 1


@command.command(name="list")
@click.option("--resident", "resident_id", default="", help="Only what concerns this resident.")
@_json
@click.pass_obj
def list_rows(context: Context, resident_id: str, as_json: bool) -> None:
    """Rows of the log, oldest first: ids and keys, never values."""
    rows = [row for row in read_rows(records_path(context.home)) if resident_id in ("", row.resident_id)]
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows]))
        return
    for row in rows:
        click.echo(f"{row.at[:19]}Z  {row.who:12} {row.role:13} {row.what:18} {row.resident_id:14} {row.keys}")
    if not rows:
        click.echo("nothing is recorded for that")
