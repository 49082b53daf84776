"""`kith doctor`: what is ready, what is not, and what to do."""

import json
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from kith.doctor.check import Check
from kith.doctor.examination import examine, ready
from kith.keeping.owner import as_owner
from kith.service import units


@click.command(name="doctor")
@click.option("--deep", is_flag=True, help="Also hash and load every installed model; takes a while.")
@click.option("--start", is_flag=True, help="Instead: start every node in a temporary home, and stop again.")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="With --start: on a copy of this backup.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def command(ctx: click.Context, deep: bool, start: bool, data: Path | None, as_json: bool) -> int:
    """Say what is ready, what is not, and what to do. Exit 0 when what `kith up` needs is ready, else 1."""
    if data is not None and not start:
        raise click.UsageError("--data goes with --start")
    if start:
        return _start(data, as_json)
    home = units.home_of(ctx)
    with as_owner(home):
        checks = examine(home, datetime.now(UTC), deep=deep)
    well = ready(checks)
    if as_json:
        click.echo(json.dumps({"ready": well, "home": str(home), "checks": [asdict(check) for check in checks]}))
    else:
        _tell(checks, well)
    return 0 if well else 1


def _tell(checks: list[Check], well: bool) -> None:
    area = ""
    for check in checks:
        if check.area != area:
            area = check.area
            click.secho(area.capitalize() if area != "ros" else "ROS", bold=True)
        mark, colour = ("ok", "green") if check.ready else ("NOT READY", "red") if check.needed else ("note", "yellow")
        click.echo(f"  {click.style(f'{mark:9}', fg=colour)} {check.name}: {check.what}")
        if check.todo:
            click.echo(f"            -> {check.todo}")
    missing = [check.name for check in checks if check.needed and not check.ready]
    click.echo("Ready: `kith up` has what it needs." if well else f"Not ready: {', '.join(missing)}.")


def _start(data: Path | None, as_json: bool) -> int:
    """Start the whole home in a temporary place, on a copy of `data`, and stop it. Errors: KithError when it fails."""
    from kith.bench.place import started  # ROS: only this option pays for it

    with tempfile.TemporaryDirectory(prefix="kith-trial-") as folder, started(Path(folder), data) as home:
        names = sorted(home.per_node_s)
    click.echo(json.dumps({"ready": True, "nodes": names}) if as_json else f"All started and ready: {', '.join(names)}")
    return 0
