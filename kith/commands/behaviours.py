"""`kith behaviours`: the tree that decides what the robot does, drawn or watched while it runs."""

import json
import random
from pathlib import Path

import click

from behaviours.mind import Mind
from culture_profiles.errors import KithError
from kith import home as homes
from kith.behaviours import drawing
from kith.context import Context


@click.command()
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Write the tree as a picture.")
@click.option("--watch", is_flag=True, help="Show what the robot of the running home does, as it happens.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.pass_obj
def command(context: Context, svg: Path | None, watch: bool, as_json: bool) -> None:
    """Show the tree that decides what the robot does, the most urgent first."""
    if watch:
        _watch(context, as_json=as_json)
        return
    tree = Mind(random.Random(0)).tree  # noqa: S311 - drawn, not ticked
    if svg is not None:
        try:
            svg.write_text(drawing.svg(tree), encoding="utf-8")
        except OSError as problem:
            raise KithError(f"{svg}: cannot be written: {problem.strerror}") from None
        click.echo(json.dumps({"svg": str(svg)}) if as_json else f"Written: {svg}")
    elif as_json:
        rows = [{"depth": row.depth, "name": row.name, "kind": row.kind} for row in drawing.rows(tree)]
        click.echo(json.dumps({"tree": rows}, ensure_ascii=False))
    else:
        click.echo(drawing.text(tree))


def _watch(context: Context, *, as_json: bool) -> None:
    running = homes.running(context.home)
    if running is None:
        raise KithError("no home runs here: start one with `kith up`")
    from kith.behaviours import watching  # rclpy takes a quarter of a second that a drawing need not wait

    for robot, doing in watching.behaviours(running.ros_domain_id):
        click.echo(json.dumps({"robot": robot, "doing": doing}) if as_json else f"{robot}: {doing}")
