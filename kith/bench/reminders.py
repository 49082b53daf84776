"""How soon after it is due a reminder is begun, and what it costs to schedule one in a home with few or many."""

import os
import random
import statistics
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from behaviours.routines import ladder
from behaviours.routines.occurrence import Outcome
from behaviours.routines.routine import Routine
from kith.bench.reminders_home import due_to_prompt
from nodes.reminders.store import ReminderStore

TARGET_MS = 200.0
TARGET_RATIO = 1.2
FEW, MANY = 100, 10_000
_DAY = datetime(2026, 6, 1, tzinfo=UTC)
_A_DAY_EACH = 20  # a routine's times a day
_LEASE = timedelta(minutes=3)
_MEMORY = Path("/dev/shm")  # noqa: S108 - a directory of our own in it


@dataclass(frozen=True)
class Latency:
    """Milliseconds from due to the prompt's first word being handed to the voice."""

    p50: float
    p99: float
    worst: float


@dataclass(frozen=True)
class Reminders:
    """`cost_us`: processor time per occurrence, expansion and all rows of its ladder, by occurrences a day."""

    due_to_prompt_ms: Latency
    prompts: int
    not_begun: int
    occurrences_a_day: int
    cost_us: dict[int, float]
    cost_ratio: float
    target_ms: float = TARGET_MS
    target_ratio: float = TARGET_RATIO

    @property
    def within_target(self) -> bool:
        """Whether both are as promised, and nothing was left out."""
        return (
            self.due_to_prompt_ms.p99 <= self.target_ms and self.cost_ratio <= self.target_ratio and not self.not_begun
        )


def measure(*, quick: bool) -> Reminders:
    """Real nodes on the real clock, then the scheduling alone. Errors: KithError when the nodes do not come up."""
    with tempfile.TemporaryDirectory(prefix="kith-bench-") as folder:
        found, missing = due_to_prompt(Path(folder), MANY, quick=quick)
    cost = _costs(rounds=1 if quick else 3)
    found.sort()
    return Reminders(
        due_to_prompt_ms=Latency(
            round(statistics.median(found), 1), round(found[int(len(found) * 0.99)], 1), round(found[-1], 1)
        ),
        prompts=len(found),
        not_begun=missing,
        occurrences_a_day=MANY,
        cost_us={count: round(micros, 1) for count, micros in cost.items()},
        cost_ratio=round(cost[MANY] / cost[FEW], 3),
    )


def _costs(rounds: int) -> dict[int, float]:
    """Microseconds of processor time per occurrence; in turns, so that what else the machine does falls on both."""
    found: dict[int, list[float]] = {FEW: [], MANY: []}
    for _ in range(rounds):
        few = [_cost_of_a_day(FEW) for _ in range(10)]
        found[FEW].append(statistics.median(few))
        found[MANY].append(_cost_of_a_day(MANY))
    return {count: min(each) for count, each in found.items()}


def _cost_of_a_day(count: int) -> float:
    # In memory where that is to be had: waiting for a disk is no processor time, but takes minutes here.
    memory = _MEMORY if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="kith-bench-", dir=memory) as folder:
        store = ReminderStore(Path(folder) / "reminders.db")
        rng = random.Random(count)  # noqa: S311 - a day to measure, no secret
        for number in range(count // _A_DAY_EACH):
            store.add_routine(_routine(number, rng), _DAY)
        began = time.process_time()
        done = _live_a_day(store)
        spent = time.process_time() - began
        store.close()
    return spent / done * 1e6


def _routine(number: int, rng: random.Random) -> Routine:
    hours = ",".join(str(hour) for hour in range(2, 2 + _A_DAY_EACH))
    start = _DAY + timedelta(minutes=rng.randrange(60), seconds=rng.randrange(60))
    window = timedelta(minutes=30)
    return Routine(
        f"r{number}", f"p{number % 100}", "call", "Ewa", "", start, f"FREQ=DAILY;BYHOUR={hours}", window, "bench", "UTC"
    )


def _live_a_day(store: ReminderStore) -> int:
    """Each occurrence of a day down the ladder, as the node walks it: looked at, begun, heard, answered."""
    done, until = 0, _DAY + timedelta(days=1)
    store.expand(_DAY)
    while (now := store.next_at()) is not None and now < until:
        for occurrence in store.to_look_at(now):
            policy = store.policies.of(occurrence)
            step = ladder.advance(occurrence, policy, None, now, robot_free=True)
            assert step.prompt
            goal_id = f"{done:032x}"
            store.begin(occurrence, goal_id, "robot", now, _LEASE)
            begun = store.sounding(occurrence.id)
            assert begun is not None
            answered = ladder.answered(begun, policy, Outcome.ACCEPTED, now, said="accepted")
            store.keep(answered, now, goal_id=goal_id, ending="accepted")
            done += 1
    return done
