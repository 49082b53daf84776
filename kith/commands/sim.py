"""`kith sim`: look into the simulated home."""

import time
import webbrowser
from collections.abc import Callable
from pathlib import Path

import click

from culture_profiles.errors import KithError
from kith import home as homes
from kith.context import Context

_APPEARS_WITHIN_S = 8.0


@click.group(name="sim")
def command() -> None:
    """The simulated home."""


@command.command()
@click.option("--robot", default="", help="The robot's name, in a home with several.")
@click.option("--world", type=click.Path(dir_okay=False, path_type=Path), help="SDF file, if the home runs another.")
@click.option("--port", default=8585, show_default=True, type=click.IntRange(0, 65535), help="0: any that is free.")
@click.option("--open/--no-open", "opens", default=True, help="Open the browser.")
@click.option("--wait", is_flag=True, help="Wait for a simulation that is not there yet.")
@click.pass_obj
def view(context: Context, robot: str, world: Path | None, port: int, opens: bool, wait: bool) -> None:
    """Watch the simulated home in a browser: from above, what is said, what the robot's camera sees.

    Served on this machine alone. Only a simulation can be watched: a real home is nobody's show.
    """
    from kith.remote import joined  # ROS: not for `kith sim --help`
    from kith.viewer.serving import bind, server_for
    from kith.viewer.watching import Watcher
    from sim.worlds import sdf

    described = sdf.read(world or sdf.CARE_HOME)
    with bind(port) as listening, joined(homes.ros_domain_id(context.home), "view") as node:
        watcher = Watcher(node, robot)
        try:
            _await_simulation(lambda: watcher.sees_a_simulation, wait)
            address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
            click.echo(f"The simulated home: {address}  (Ctrl-C ends it)")
            server = server_for(watcher, described)
            if opens:
                webbrowser.open(address)
            server.run(sockets=[listening])
        finally:
            watcher.close()


def _await_simulation(sees: Callable[[], bool], wait: bool) -> None:
    deadline = time.monotonic() + _APPEARS_WITHIN_S
    while not sees():
        if not wait and time.monotonic() > deadline:
            raise KithError("no simulation is running in this home: start `kith demo` or `kith up --body embedded`")
        time.sleep(0.1)
