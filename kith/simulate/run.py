"""One simulation from beginning to end, in a home of its own."""

import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from culture_profiles.errors import KithError
from culture_profiles.store import ProfileStore
from kith.bench.place import free_domain
from kith.launching.middleware import on_loopback
from nodes.profiles.register import store_path
from sim.home.household import household
from sim.home.observer import Figures, Observer
from sim.home.plan import plan
from sim.home.trouble import Troubles

FIRST_DAY = date(2026, 3, 2)
"""A Monday; the clocks change in its fourth week."""
ZONE = "Europe/London"
MOST_DAYS = 366
MOST_ROBOTS = 4


@dataclass(frozen=True)
class Wanted:
    """What was asked for on the command line."""

    days: int
    residents: int
    robots: int
    seed: int
    troubles: Troubles


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    figures: Figures
    alerted: int
    accepted: int
    kills: int
    kills_in_ladder: int
    cuts: int
    clock_jumps: int
    fallen: list[str]
    steps: int
    wall_s: float
    fates: list[dict[str, str | bool]]

    @property
    def good(self) -> bool:
        """Whether nothing was lost or said twice, everything was closed, and no node ended by itself."""
        figures = self.figures
        return not (figures.lost or figures.doubled or figures.open or figures.unexpected or self.fallen)

    def as_json(self) -> dict[str, Any]:
        """With the keys that are promised."""
        about = asdict(self)
        fates = about.pop("fates")
        return {**about.pop("figures"), **about, "fates": fates}


def simulate(wanted: Wanted, keep: Path | None, progress: Callable[[int], None] = lambda _: None) -> Outcome:
    """Run it. `keep`: where the home is made and left; None: a temporary one. Errors: KithError."""
    began = time.monotonic()
    rng = random.Random(wanted.seed)  # noqa: S311 - a simulation must come out the same again
    living = household(wanted.residents, FIRST_DAY, rng)
    with _home(keep) as home:
        (home / "profiles").mkdir(mode=0o700, exist_ok=True)
        with ProfileStore(store_path(home)) as store:
            for fact in living.facts:
                store.set_fact(fact)
        environment = on_loopback(free_domain())
        os.environ.update(environment)
        from sim.home.world import Setting, World  # rclpy reads its environment when it is loaded

        setting = Setting(
            residents=living.residents,
            robots=tuple(f"r{number + 1}" for number in range(wanted.robots)),
            plan=tuple(plan(living.residents, living.without_assessment, living.restricted)),
            first_day=FIRST_DAY,
            days=wanted.days,
            zone=ZONE,
            seed=wanted.seed,
            troubles=wanted.troubles,
        )
        with World(setting, home, environment) as world:
            world.run(progress)
        _write(home / "observed.jsonl", [each.record() for each in world.observer.cases])
        _write(home / "troubles.jsonl", world.trouble.log)
        return _outcome(world.observer, world, time.monotonic() - began)


def _write(path: Path, records: Sequence[Mapping[str, Any]]) -> None:
    path.write_text("".join(f"{json.dumps(each)}\n" for each in records))


def _outcome(observer: Observer, world: Any, wall_s: float) -> Outcome:
    return Outcome(
        figures=observer.figures(),
        alerted=len(observer.alerts),
        accepted=len(observer.accepted),
        kills=world.trouble.kills,
        kills_in_ladder=world.trouble.kills_in_ladder,
        cuts=world.trouble.cuts,
        clock_jumps=world.trouble.clock_jumps,
        fallen=world.fallen,
        steps=world.jumps,
        wall_s=round(wall_s, 1),
        fates=[
            {
                "id": case.id,
                "resident": case.planned.resident_id,
                "kind": case.planned.kind,
                "due": case.due.isoformat(),
                "fate": str(case.fate),
                "on_time": case.on_time,
                "doubled": case.doubled,
                "uncertain": case.uncertain,
            }
            for case in observer.cases
        ],
    )


@contextmanager
def _home(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="kith-simulate-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)
        return
    try:
        keep.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(keep.iterdir()):
            raise KithError(f"{keep} is not empty: give a new directory with --keep")
    except OSError as problem:
        raise KithError(f"{keep} cannot be made: {problem.strerror}") from None
    yield keep.absolute()
