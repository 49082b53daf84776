"""`kith simulate`: a whole home on simulated time."""

import json
import re
import signal
import sys
from datetime import timedelta
from pathlib import Path

import click

from kith.simulate import run as simulation
from sim.home import household
from sim.home.trouble import Troubles

_SPAN = re.compile(r"(\d{1,4})(m|h|d)")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_SHORTEST = timedelta(minutes=30)


class _Span(click.ParamType[timedelta]):
    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        found = _SPAN.fullmatch(str(value).strip().lower())
        span = int(found[1]) * _UNITS[found[2]] if found else timedelta()
        if span < _SHORTEST:
            self.fail("give a time such as 12h, 90m or 2d, at least 30m", param, ctx)
        return span


@click.command(name="simulate")
@click.option("--days", default=1, show_default=True, type=click.IntRange(1, simulation.MOST_DAYS))
@click.option("--residents", default=12, show_default=True, type=click.IntRange(1, household.MOST))
@click.option("--robots", default=2, show_default=True, type=click.IntRange(1, simulation.MOST_ROBOTS))
@click.option(
    "--seed", default=1, show_default=True, type=click.IntRange(0, 2**31), help="Other people, other troubles."
)
@click.option("--kill-every", type=_Span(), help="Kill a random node with SIGKILL, such as every 12h.")
@click.option("--cut-every", type=_Span(), help="Cut robots off from the home, such as every 8h.")
@click.option("--clock-jumps", is_flag=True, help="Set the clock forward or back once a day.")
@click.option("--keep", type=click.Path(path_type=Path), help="Make the home in this directory, and leave it there.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def command(
    days: int,
    residents: int,
    robots: int,
    seed: int,
    kill_every: timedelta | None,
    cut_every: timedelta | None,
    clock_jumps: bool,
    keep: Path | None,
    as_json: bool,
) -> int:
    """Live through days of a home in minutes: real nodes, simulated people, and an observer who judges.

    Exit code 1: a reminder was lost, said twice or left open, or a node ended by itself.
    """
    troubles = Troubles(kill_every, cut_every, clock_jumps)
    shown = sys.stderr.isatty()

    def progress(over: int) -> None:
        if shown:
            click.echo(f"\rday {over} of {days}", nl=False, err=True)

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever stops this leaves no node behind
    found = simulation.simulate(simulation.Wanted(days, residents, robots, seed, troubles), keep, progress)
    if shown:
        click.echo("\r\x1b[K", nl=False, err=True)
    if as_json:
        click.echo(json.dumps(found.as_json()))
        return 0 if found.good else 1
    figures = found.figures
    click.echo(f"{figures.occurrences:8} occurrences in {days} days, {found.wall_s:.0f} s, {found.steps} steps of time")
    click.echo(f"{figures.lost:8} lost")
    click.echo(f"{figures.doubled:8} said twice")
    click.echo(f"{figures.uncertain:8} uncertain")
    click.echo(f"{figures.on_time_share * 100:8.2f} % on time")
    click.echo(f"{figures.closed_by_resident:8} closed by the resident, {figures.closed_by_staff} by staff")
    click.echo(f"{figures.open:8} left open")
    click.echo(f"{found.alerted:8} alerts, {found.accepted} accepted by a named person")
    click.echo(
        f"{found.kills:8} kills ({found.kills_in_ladder} during a reminder), {found.cuts} cuts, "
        f"{found.clock_jumps} times the clock was set"
    )
    if found.fallen:
        click.echo(f"{len(found.fallen):8} times a node ended by itself: {', '.join(sorted(set(found.fallen)))}")
    return 0 if found.good else 1
