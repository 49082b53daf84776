"""`kith up`: run a home until Ctrl-C, with one line of live status per node."""

import os
import queue
import signal
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from culture_profiles.errors import KithError
from kith import home as homes
from kith.context import Context
from kith.doctor import bodies
from kith.launching import Running, launch_file, run
from kith.launching.actions import arguments as declared_arguments
from kith.launching.display import Display, make_display
from kith.launching.evaluation import Process
from kith.launching.status import Event, State, StateChanged
from nodes.tablet.addresses import read_addresses

_LOOK_S = 0.2


@click.command()
@click.option("--body", type=click.Choice(bodies.BODIES), help="What the robot lives in (default: laptop).")
@click.option("--robot", metavar="NAME", help="The robot's name, and its ROS namespace.")
@click.option("--launch", "launch", default="up", metavar="FILE", help="Launch file (default: Kith's own `up`).")
@click.option("--network", is_flag=True, help="Let the nodes reach other machines. Needs ROS security.")
@click.option("--without-ros-security", is_flag=True, help="Leave this machine although ROS security is off.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per event.")
@click.argument("arguments", nargs=-1, metavar="[ARG:=VALUE]...")
@click.pass_obj
def command(
    context: Context,
    body: str | None,
    robot: str | None,
    launch: str,
    network: bool,
    without_ros_security: bool,
    as_json: bool,
    arguments: tuple[str, ...],
) -> int:
    """Run a home: every node of a launch file, until Ctrl-C.

    ARG:=VALUE gives launch arguments, as to `ros2 launch`.
    """
    given = _parse(arguments)
    for name, value in (("body", body), ("robot", robot)):
        if value is not None:
            given[name] = value
    file = launch_file(launch)
    homes.create(context.home)
    _refuse_a_body_that_is_missing(file, given)
    if "time_zone" in declared_arguments(file):
        given.setdefault("time_zone", homes.settings(context.home).time_zone)
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    with (
        _asked_to_stop() as stop,
        make_display(sys.stdout, as_json=as_json) as display,
        run(
            file,
            given,
            home=context.home,
            ready_within_s=None,
            on_event=events.put,
            network=network,
            without_ros_security=without_ros_security,
            check=refuse_ports_in_use,
        ) as running,
    ):
        _follow(running, events, display, stop, context.home)
        failed = [name for name, status in running.statuses().items() if status.state is State.FAILED]
        if stop.asked:
            return 0
    if failed and not as_json:
        raise KithError(f"{', '.join(failed)} failed: see {context.home / 'logs'}")
    return 1 if failed else 0


class _Stop:
    """Whether SIGINT or SIGTERM came."""

    asked = False


@contextmanager
def _asked_to_stop() -> Iterator[_Stop]:
    stop = _Stop()

    def ask(*_: object) -> None:
        stop.asked = True

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _follow(running: Running, events: "queue.SimpleQueue[Event]", display: Display, stop: _Stop, home: Path) -> None:
    """Show events until everything has ended."""
    all_ready = False
    while True:
        if stop.asked:
            running.supervisor.stop()
        ended = running.supervisor.join(0)
        try:
            event = events.get(timeout=0 if ended else _LOOK_S)
        except queue.Empty:
            if ended:
                return
            continue
        display.show(event)
        if isinstance(event, StateChanged) and not all_ready and not stop.asked:
            statuses = running.statuses().values()
            if all(status.settled for status in statuses):
                all_ready = True
                display.ready(event.at_s, read_addresses(home))


def _parse(arguments: tuple[str, ...]) -> dict[str, str]:
    given = {}
    for argument in arguments:
        name, separator, value = argument.partition(":=")
        if not separator or not name:
            raise KithError(f"{argument!r} is no launch argument: write NAME:=VALUE")
        given[name] = value
    if "home_dir" in given:
        raise KithError("give the home's directory as: kith --home DIR up")
    if "network" in given:
        raise KithError("write --network instead of network:=…")
    return given


def _refuse_a_body_that_is_missing(file: Path, given: Mapping[str, str]) -> None:
    """Errors: KithError if the body lacks what this machine must have, so that it is said before anything starts."""
    # Under systemd nobody reads the refusal, and reminders and alerts must come up without a microphone too.
    if "INVOCATION_ID" in os.environ:
        return
    declared = declared_arguments(file).get("body")
    if declared is None:
        return
    body = given.get("body") or "".join(getattr(part, "value", "") for part in declared.default or ())
    if missing := bodies.missing(body, given):
        raise KithError(missing)


def refuse_ports_in_use(processes: tuple[Process, ...]) -> None:
    """Errors: KithError if the tablet's port is taken, so that it is said before anything starts."""
    for parameters in _tablets(processes):
        host, port = str(parameters.get("address", "127.0.0.1")), int(parameters["port"])
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as problem:
                raise KithError(
                    f"the tablet's port {port} cannot be used ({os.strerror(problem.errno or 0)}): "
                    "stop what uses it, or give another with tablet_port:=NUMBER"
                ) from None


def _tablets(processes: tuple[Process, ...]) -> Iterator[Mapping[str, Any]]:
    for process in processes:
        if process.package == "kith" and process.command[0].endswith("/tablet") and "port" in process.parameters:
            yield process.parameters
