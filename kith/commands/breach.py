"""`kith breach`: after a lost tablet or a stolen PIN, whose data was seen, which, when."""

import json
from datetime import UTC, datetime

import click

from culture_profiles.errors import KithError
from kith.context import Context
from nodes.tablet.audit import Row, read_rows, verify
from nodes.tablet.breach import Exposure, exposures
from nodes.tablet.records import records_path


@click.command()
@click.option("--who", multiple=True, metavar="ID", help="Only through this person or program; may be given again.")
@click.option("--since", metavar="WHEN", help="From this time on, such as 2026-06-01 or 2026-06-01T14:30+01:00.")
@click.option("--until", metavar="WHEN", help="Before this time.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_obj
def command(context: Context, who: tuple[str, ...], since: str | None, until: str | None, as_json: bool) -> int:
    """List whose data was seen or changed, which and when, from the tablet's audit log.

    Ids and names of questions, never values. A time without a zone is this machine's. Exit code 1: the log is not
    whole, so the list may not be either. Safeguarding disclosures are sealed and appear nowhere.
    """
    rows = read_rows(records_path(context.home))
    _refuse_unknown(rows, who)
    verdict = verify(rows)
    found = exposures(rows, who, _when("--since", since), _when("--until", until))
    if as_json:
        click.echo(
            json.dumps({"whole": verdict.whole, "why": verdict.why, "residents": [_plain(each) for each in found]})
        )
        return 0 if verdict.whole else 1
    if not verdict.whole:
        click.echo(f"The log is NOT whole ({verdict.why}): this list may lack something.")
    for each in found:
        click.echo(f"{each.resident_id}: {each.first[:16]}Z to {each.last[:16]}Z, {each.times} times")
        click.echo(f"  through  {', '.join(each.who)}")
        click.echo(f"  by       {', '.join(each.acts)}")
        click.echo(f"  which    {', '.join(each.keys) or '-'}")
    if not found:
        click.echo("Nobody's data is recorded for that.")
    return 0 if verdict.whole else 1


def _plain(one: Exposure) -> dict[str, object]:
    about = {"id": one.resident_id, "first": one.first, "last": one.last, "times": one.times}
    return {**about, "keys": list(one.keys), "acts": list(one.acts), "who": list(one.who)}


def _refuse_unknown(rows: list[Row], who: tuple[str, ...]) -> None:
    """A mistyped id must not read as all clear."""
    there = {row.who for row in rows}
    if unknown := [each for each in who if each not in there]:
        raise KithError(f"{unknown[0][:100]} is not in the log: `kith audit list` shows the ids that are")


def _when(name: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise KithError(f"{name} {text[:40]!r} is no time: write 2026-06-01 or 2026-06-01T14:30") from None
