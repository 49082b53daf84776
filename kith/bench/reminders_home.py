"""A home with its real nodes and two robots whose loudspeakers note when they are handed a prompt."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from behaviours.routines.routine import Routine
from culture_profiles.errors import KithError
from culture_profiles.fact import make_fact
from culture_profiles.store import ProfileStore
from kith.bench.place import READY_WITHIN_S, free_domain
from kith.launching.middleware import on_loopback
from nodes.reminders.store import ReminderStore

_ROBOTS = ("r1", "r2")
_RESIDENTS = tuple(f"resident{number}" for number in range(10))
_EVERY_S = 1.0
_SETTLES_S = 6.0
_ADDING_S = 0.03
_LATEST_S = 10.0
_NUMBER = re.compile(r"round (\d+)\b")


def due_to_prompt(folder: Path, a_day: int, *, quick: bool) -> tuple[list[float], int]:
    """Milliseconds from due to the voice for one prompt a second, in a home of `a_day` occurrences; those not begun.

    Errors: KithError when the nodes do not come up.
    """
    seconds = 18 if quick else 600
    home = folder / "home"
    home.mkdir(mode=0o700)
    zone = _morning_zone()
    count = round(seconds / _EVERY_S)
    _fill(home, zone, a_day - count)
    os.environ.update(on_loopback(free_domain()))
    with _nodes(home, zone):
        from kith.bench.reminders_robots import Robots  # rclpy takes a while to load, and reads the environment

        with Robots(_ROBOTS, _RESIDENTS) as robots:
            robots.until(lambda: robots.ready, READY_WITHIN_S, "the home's nodes are not ready")
            robots.spin(until=time.time() + 1.0, enough=lambda: False)
            robots.greet()
            robots.spin(until=time.time() + _SETTLES_S, enough=lambda: False)
            begin = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=3 + round(count * _ADDING_S))
            due = {number: begin + timedelta(seconds=number * _EVERY_S) for number in range(count)}
            robots.add(due)
            robots.spin(until=begin.timestamp() + seconds + _LATEST_S, enough=lambda: len(robots.begun) == len(due))
            begun = dict(robots.begun)
    late = [(begun[number] - when.timestamp()) * 1000 for number, when in due.items() if number in begun]
    if not late:
        raise KithError("no prompt was begun at all: `kith doctor` tells what is missing")
    return late, len(due) - len(late)


def number_of(text: str) -> int | None:
    """Which of the measured prompts a sentence is; None: it is another one."""
    found = _NUMBER.search(text)
    return int(found[1]) if found else None


def _morning_zone() -> str:
    """A time zone in which it is about ten in the morning: at night nobody is reminded."""
    ahead = (10 - datetime.now(UTC).hour) % 24
    ahead = ahead - 24 if ahead > 12 else ahead
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def _fill(home: Path, zone: str, a_day: int) -> None:
    now = datetime.now(UTC)
    with ProfileStore(home / "profiles" / "profiles.db") as store:
        for resident_id in _RESIDENTS:
            store.set_fact(
                make_fact(
                    resident_id=resident_id, key="name.preferred", value="Sam", source="carer", status="confirmed",
                    when=now, who="bench",
                )
            )  # fmt: skip
    reminders = ReminderStore(home / "reminders" / "reminders.db")
    after = now + timedelta(hours=2)
    for number in range(a_day // 24):
        start = after + timedelta(seconds=number * 7 % 3600)
        name, resident_id = f"b{number}", _RESIDENTS[number % len(_RESIDENTS)]
        window = timedelta(minutes=30)
        reminders.add_routine(
            Routine(name, resident_id, "activity", "rest", "", start, "FREQ=HOURLY", window, "bench", zone), now
        )
    reminders.close()


@contextmanager
def _nodes(home: Path, zone: str) -> Iterator[None]:
    common = ["-p", f"home_dir:={home}"]
    wanted: list[list[str]] = [
        ["nodes.profiles.node", *common],
        ["nodes.alerts.node", *common],
        ["nodes.reminders.node", *common, "-p", f"time_zone:={zone}", "-p", f"robots:=[{', '.join(_ROBOTS)}]"],
    ]
    for robot in _ROBOTS:
        own = ["-r", f"__ns:=/{robot}", "-p", f"robot:={robot}", "-p", "evidence_expires_s:=300.0"]
        wanted.append(["nodes.dialogue.node", *common, "-p", f"time_zone:={zone}", *own])
    with tempfile.TemporaryDirectory(prefix="kith-bench-logs-") as logs:
        environment = {**os.environ, "ROS_LOG_DIR": logs}
        processes: list[subprocess.Popen[Any]] = []
        try:
            for module, *arguments in wanted:
                command = [sys.executable, "-m", module, "--ros-args", "--disable-external-lib-logs", *arguments]
                processes.append(
                    subprocess.Popen(
                        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                        env=environment,
                    )
                )  # fmt: skip
            yield
        finally:
            for process in processes:
                process.terminate()
            deadline = time.monotonic() + 10.0
            for process in processes:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(max(0.1, deadline - time.monotonic()))
                process.kill()
                process.wait()
