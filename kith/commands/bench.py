"""`kith bench`: startup and footprint."""

import json
from dataclasses import asdict

import click

from kith.bench import footprint as footprints
from kith.bench import startup as startups

_json = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
_quick = click.option("--quick", is_flag=True, help="Fewer runs, a shorter window: less exact.")


@click.group(name="bench")
def command() -> None:
    """Measure the running system, in a home of its own with the embedded body."""


@command.command()
@_quick
@_json
def startup(quick: bool, as_json: bool) -> None:
    """Seconds until every node is ready: median of 5 warm starts (--quick: 2), and the floor beside it."""
    found = startups.measure(2 if quick else 5)
    if as_json:
        click.echo(json.dumps({**asdict(found), "within_target": found.within_target}))
        return
    for name, seconds in sorted(found.per_node_s.items(), key=lambda item: item[1]):
        click.echo(f"{seconds:8.2f} s  {name}")
    click.echo(f"{found.ready_s:8.2f} s  ready (target {found.target_s:.0f} s)")
    click.echo(f"{found.floor_s:8.2f} s  {found.nodes} bare nodes")
    click.echo(f"{found.stop_s:8.2f} s  to stop")


@command.command()
@_quick
@_json
def footprint(quick: bool, as_json: bool) -> None:
    """Memory and idle processor time of all processes over 30 s (--quick: 10 s), microphone live, nobody speaking."""
    found = footprints.measure(10.0 if quick else 30.0)
    if as_json:
        click.echo(json.dumps({**asdict(found), "within_target": found.within_target}))
        return
    for load in found.per_process:
        click.echo(f"{load.pss_mb:8.1f} MB {load.cpu_percent:6.1f} %  {load.name}")
    click.echo(
        f"{found.pss_mb:8.1f} MB {found.idle_cpu_percent:6.1f} %  all "
        f"(target {found.target_pss_mb:.0f} MB, {found.target_cpu_percent:.0f} % of a core)"
    )
    click.echo(f"{found.floor_pss_mb:8.1f} MB {found.floor_cpu_percent:6.1f} %  as many bare nodes")
