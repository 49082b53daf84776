"""A real home of 200 residents with its real nodes, its tablet by TLS, and a robot's mind whose voice takes no time."""

import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, make_fact
from culture_profiles.store import ProfileStore
from kith.bench.place import READY_WITHIN_S, free_domain
from kith.launching.middleware import on_loopback
from nodes.profiles.register import store_path
from nodes.tablet.addresses import read_addresses

PIN, MANAGER = "274915", "Mary Low"
CARERS = ("Anna Price", "Ben Shaw")
HANNA = "hanna"
_UP_WITHIN_S = 3 * READY_WITHIN_S
_FOODS = ("apple cake", "soup", "herring", "rice", "toast", "plums", "porridge", "liver", "eggs", "dumplings")


def fill(home: Path, residents: int) -> None:
    """Residents with some thirty facts each; the first is Hanna, of whom the tasks tell."""
    chance = random.Random(20261128)  # noqa: S311 - a repeatable home, no secret
    with ProfileStore(store_path(home)) as store:
        store.set_facts([*_hanna(), *(fact for number in range(residents - 1) for fact in _somebody(number, chance))])


def _fact(about: str, key: str, value: str, source: str = "carer", status: str = "stated") -> Fact:
    now = datetime.now(UTC)
    return make_fact(resident_id=about, key=key, value=value, source=source, status=status, who="bench", when=now)


def _hanna() -> list[Fact]:
    said = [("name.full", "Hanna Nowak"), ("language.preferred", "en_GB"), ("culture.region.poland", "a_lot")]
    guessed = [("topics.liked", "chess"), ("topics.liked", "bingo")]
    return [
        *(_fact(HANNA, key, value) for key, value in said),
        *(_fact(HANNA, key, value, "observed", "assumed") for key, value in guessed),
    ]


def _somebody(number: int, chance: random.Random) -> list[Fact]:
    about = f"r{number}"
    facts = [
        _fact(about, "name.full", f"Resident {number:03d}"),
        _fact(about, "room.name", str(number)),
        _fact(about, "language.preferred", "en_GB"),
        _fact(about, "safety.swallowing", "thickened drinks, level 2"),
        _fact(about, "hearing.better_ear", chance.choice(("left", "right"))),
    ]
    facts += [_fact(about, "food.liked", food) for food in chance.sample(_FOODS, 5)]
    facts += [_fact(about, "topics.liked", f"topic {place}") for place in range(10)]
    facts += [_fact(about, "rhythm.usual", f"usual thing {place}") for place in range(8)]
    return facts


@contextmanager
def nodes(home: Path) -> Iterator[str]:
    """The home's four nodes and a robot's mind; gives the address of the pages. Errors: KithError."""
    os.environ.update(on_loopback(free_domain()))
    common = ["-p", f"home_dir:={home}"]
    zone = ["-p", f"time_zone:={_morning_zone()}"]
    wanted = [
        ["nodes.profiles.node", *common],
        ["nodes.alerts.node", *common],
        ["nodes.reminders.node", *common, *zone],
        ["nodes.tablet.node", *common, *zone, "-p", "port:=0", "-p", "lock_after_s:=3600"],
        ["nodes.dialogue.node", *common, *zone, "-p", "evidence_expires_s:=300.0"],
    ]
    environment = {**os.environ, "ROS_LOG_DIR": str(home / "logs")}
    processes: list[subprocess.Popen[Any]] = []
    try:
        for module, *arguments in wanted:
            command = [sys.executable, "-m", module, "--ros-args", "--disable-external-lib-logs", *arguments]
            processes.append(
                subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=environment,
                )
            )
        deadline = time.monotonic() + _UP_WITHIN_S
        while (found := read_addresses(home)) is None:
            if time.monotonic() > deadline or any(each.poll() is not None for each in processes):
                raise KithError("the tablet does not come up: `kith doctor` tells what is missing")
            time.sleep(0.05)
        yield found.pages.rstrip("/")
    finally:
        for process in processes:
            process.terminate()
        end = time.monotonic() + 10.0
        for process in processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, end - time.monotonic()))
            process.kill()
            process.wait()


def _morning_zone() -> str:
    """A time zone in which it is about ten in the morning, when robots talk of themselves."""
    ahead = (10 - datetime.now(UTC).hour) % 24
    ahead = ahead - 24 if ahead > 12 else ahead
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def token_in(page: str) -> str:
    """The form token of a page. Errors: KithError where there is none."""
    found = re.search(r'name="form_token" value="([^"]+)"', page)
    if found is None:
        raise KithError("a page of the tablet is not as expected: nobody is signed in")
    return found[1]
