"""`kith upgrade`: to a newer version and, if need be, back."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from kith.service import units
from kith.service.machine import Machine
from kith.upgrade.checkout import Checkout
from kith.upgrade.upgrade import Upgrade

_CHECKOUT = Path(__file__).resolve().parents[2]


@click.command(name="upgrade")
@click.option("--to", "wanted", metavar="REF", help="Branch, tag or commit (default: the newest of this branch).")
@click.option("--rollback", is_flag=True, help="Go back to the version before the last upgrade.")
@click.option(
    "--checkout",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=_CHECKOUT,
    help="The git checkout to upgrade (default: the one this command runs from).",
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def command(ctx: click.Context, wanted: str | None, rollback: bool, checkout: Path, as_json: bool) -> int:
    """Upgrade this checkout from its own git remote: backup, switch, set-up, check; back by itself if any of it fails.

    Exit code: 0 done or nothing to do, 1 rolled back, 2 nothing was changed.
    """
    if rollback and wanted:
        raise click.UsageError("--rollback goes to the version before; it takes no --to")

    def say(line: str) -> None:
        click.echo(f"{line} …", err=as_json)

    work = Upgrade(Checkout(checkout.absolute()), units.home_of(ctx), Machine(), say)
    now = datetime.now(UTC)
    outcome = work.rollback(now) if rollback else work.upgrade(wanted, now)
    if as_json:
        click.echo(json.dumps(asdict(outcome)))
    elif outcome.rolled_back and not rollback:
        click.echo(f"Not upgraded, everything is as before: {outcome.why}")
    elif outcome.rolled_back:
        data = "the data of before the upgrade is back" if outcome.data == "restored" else "the data was kept"
        click.echo(f"Back at {outcome.to_commit[:10]}; {data}. Backup of what was: {outcome.backup or 'none needed'}")
    elif outcome.changed:
        click.echo(f"Upgraded from {outcome.from_commit[:10]} to {outcome.to_commit[:10]}; --rollback undoes it.")
    else:
        click.echo(f"Already at {outcome.to_commit[:10]}, the newest.")
    return 1 if outcome.rolled_back and not rollback else 0
