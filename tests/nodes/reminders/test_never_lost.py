"""Whatever rules, clocks, crashes and cuts come together: the real file and ladder, with time made up by hypothesis.

A small world stands for the robots: it hears what sounds, crashes, loses answers, and its notes survive as a robot's
do. Checked is only what a resident heard and what staff were told.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, given, reject, settings
from hypothesis import strategies as st

from behaviours.routines import ladder
from behaviours.routines.occurrence import MAY_BE_PROMPTED, OWNED, Occurrence, Outcome, State
from behaviours.routines.routine import KINDS, Routine
from culture_profiles.errors import KithError
from nodes.reminders.store import ReminderStore

BEGIN = datetime(2028, 2, 27, 6, 0, tzinfo=UTC)  # a leap year, before its leap day
LEASE = timedelta(minutes=3)


@dataclass
class Heard:
    """One prompt that sounded."""

    occurrence: Occurrence
    at: datetime
    may_have_asked: bool
    robot: str


@dataclass
class World:
    """A home whose power may fail at any moment, and its robots."""

    path: Path
    now: datetime = BEGIN
    heard: list[Heard] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)
    notes: dict[str, Outcome | None] = field(default_factory=dict)
    goals: int = 0
    blamed: set[str] = field(default_factory=set)  # answers that were lost on the way

    def __post_init__(self) -> None:
        self._open()

    def _open(self) -> None:
        self.store = ReminderStore(self.path)
        # This process lives on: what it wrote is there without waiting for the disk.
        self.store._file.db.execute("PRAGMA synchronous = OFF")

    def power_cut(self) -> None:
        self.store.close()
        self._open()

    def look(self, event: str, outcome: Outcome, robot: str) -> None:
        for one in self.store.to_look_at(self.now, limit=1_000):
            policy = self.store.policies.of(one)
            if one.state in OWNED:
                (prompt,) = [each for each in self.store.open_prompts() if each.occurrence_id == one.id]
                self.store.keep(ladder.lost(one, policy, self.now, prompt.goal_id), self.now, goal_id=prompt.goal_id)
                continue
            step = ladder.advance(one, policy, None, self.now, robot_free=event != "no robot")
            if step.prompt:
                self.prompt(one, event, outcome, robot)
            elif step.occurrence != one or step.telling is not None:
                self.store.keep(step, self.now)
        for told in self.store.tellings(stored=False):
            self.told[told.alert_id] = told.occurrence_id
            self.store.told(told.alert_id)

    def prompt(self, one: Occurrence, event: str, outcome: Outcome, robot: str) -> None:
        self.goals += 1
        goal_id = f"{self.goals:032x}"
        self.store.begin(one, goal_id, robot, self.now, LEASE)
        if event == "lost before":
            self.blamed.add(one.id)
            return
        says_so = one.may_have_asked
        if one.may_have_asked and one.lost_robot == robot:
            if one.lost_goal in self.notes and (known := self.notes[one.lost_goal]) is not None:
                self.end(one, goal_id, known, said_so=False)
                return
            says_so = one.lost_goal in self.notes
        self.notes[goal_id] = None
        self.heard.append(Heard(one, self.now, says_so, robot))
        if event == "crash":
            self.blamed.add(one.id)
            return
        self.notes[goal_id] = outcome
        if event == "lost after":
            self.blamed.add(one.id)
            return
        self.end(one, goal_id, outcome, said_so=says_so)

    def end(self, one: Occurrence, goal_id: str, outcome: Outcome, *, said_so: bool) -> None:
        begun = self.store.occurrence(one.id)
        assert begun is not None
        step = ladder.answered(begun, self.store.policies.of(begun), outcome, self.now, said_so=said_so)
        self.store.keep(step, self.now, goal_id=goal_id, ending=outcome.name.lower())


_days = st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, max_size=7, unique=True)
_hours = st.lists(st.integers(0, 23), min_size=1, max_size=4, unique=True)
_rules = st.one_of(
    st.just(""),
    st.builds("FREQ=HOURLY;INTERVAL={}".format, st.integers(1, 30)),
    st.builds("FREQ=DAILY;INTERVAL={};COUNT={}".format, st.integers(1, 3), st.integers(1, 9)),
    st.builds(lambda hours: f"FREQ=DAILY;BYHOUR={','.join(map(str, hours))}", _hours),
    st.builds(lambda days: f"FREQ=WEEKLY;BYDAY={','.join(days)}", _days),
    st.builds("FREQ=MONTHLY;BYMONTHDAY={}".format, st.sampled_from([27, 28, 29, -1, -2])),
)
_zones = st.sampled_from(["Europe/London", "Australia/Lord_Howe", "America/New_York", "Asia/Kolkata"])
_routines = st.builds(
    lambda kind, rule, late_min, window_min, zone: Routine(
        "r", "hanna", kind, "x", "", BEGIN + timedelta(minutes=late_min), rule, timedelta(minutes=window_min), "nurse",
        zone,
    ),
    st.sampled_from(KINDS), _rules, st.integers(0, 2_000), st.integers(2, 240), _zones,
)  # fmt: skip
_steps = st.lists(
    st.tuples(
        st.sampled_from(["answer", "answer", "no robot", "crash", "lost before", "lost after", "power cut", "off"]),
        st.sampled_from([each for each in Outcome if each not in (Outcome.INTERRUPTED, Outcome.ABSENT)]),
        st.sampled_from(["r1", "r2"]),
        st.one_of(
            st.integers(1, 900),
            st.integers(-40_000, 40_000),  # a clock that is set
            st.sampled_from([-7200, 3600, 86_400, 3 * 86_400]),
        ),
    ),
    max_size=60,
)


def live(routine: Routine, steps: list[tuple[str, Outcome, str, int]]) -> None:
    """Live through it, and judge by what was heard and told."""
    try:
        routine.check(BEGIN)
    except KithError:
        reject()  # a window longer than the time until it is due again
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder) / "reminders.db")
        world.store.add_routine(routine, world.now)
        latest = world.now
        for event, outcome, robot, seconds in steps:
            world.now += timedelta(seconds=seconds)
            latest = max(latest, world.now)
            world.store.expand(world.now)
            if event == "power cut":
                world.power_cut()
            if event != "off":
                world.look(event, outcome, robot)
        # Then all is well again, and time passes.
        world.now = latest
        due = routine.due_between(BEGIN, latest)
        while (soonest := world.store.next_at()) is not None and soonest <= latest + timedelta(days=1):
            world.now = max(world.now, soonest)
            world.look("answer", Outcome.ACCEPTED, "r1")
        everything = {one.due: one for one in world.store.listed(None, None)}
        world.store.close()
    for when in due:
        assert when in everything, "an occurrence was never written down"
        one = everything[when]
        assert one.state not in MAY_BE_PROMPTED | OWNED, "its ladder has no end"
        mine = [each for each in world.heard if each.occurrence.id == one.id]
        assert mine or one.id in set(world.told.values()), "neither said nor told"
        assert routine.kind != "medicine" or one.open
        for each in mine:
            assert one.due <= each.at < one.window_end, "said outside its window"
        for before, after in pairwise(mine):
            again = after.occurrence.prompts > before.occurrence.prompts  # by policy: its answer is known
            assert again or after.may_have_asked, "asked twice as if it were the first time"
        if one.id not in world.blamed:
            assert not one.uncertain
        if one.state is State.CLOSED:
            assert one.closed_by == "resident"


@settings(max_examples=60, deadline=None)
@given(_routines, _steps)
def test_nothing_is_lost_doubled_or_late_in_silence(
    routine: Routine, steps: list[tuple[str, Outcome, str, int]]
) -> None:
    live(routine, steps)


def _forgets_that_it_may_have_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = ladder.lost

    def careless(*given: Any) -> ladder.Step:
        step = lost(*given)
        return replace(step, occurrence=replace(step.occurrence, may_have_asked=False))

    monkeypatch.setattr(ladder, "lost", careless)


def _tells_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ReminderStore, "_tell", lambda *_: None)


def _expands_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ReminderStore, "expand", lambda *_, **__: True)


def _never_gives_up_a_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladder, "lost", lambda occurrence, *_: ladder.Step(replace(occurrence, next_at=None)))


def _heeds_no_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladder, "_window_over", lambda occurrence, *_: ladder.Step(occurrence, prompt=True))


@pytest.mark.parametrize(
    ("spoil", "verdict"),
    [
        (_forgets_that_it_may_have_asked, "as if it were the first time"),
        (_tells_nobody, "neither said nor told"),
        (_expands_nothing, "never written down"),
        (_never_gives_up_a_lease, "has no end"),
        (_heeds_no_window, "outside its window"),
    ],
)
def test_the_judgement_finds_what_is_spoilt(
    spoil: Callable[[pytest.MonkeyPatch], None], verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(monkeypatch)
    tried = settings(
        max_examples=400, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        report_multiple_bugs=False,
    )(given(_routines, _steps)(live))  # fmt: skip
    with pytest.raises(AssertionError, match=verdict):
        tried()


def test_what_is_due_is_written_down_in_slices_that_leave_nothing_out(tmp_path: Path) -> None:
    world = World(tmp_path / "reminders.db")
    for number in range(20):
        start = BEGIN + timedelta(minutes=number)
        world.store.add_routine(
            Routine(f"r{number}", "hanna", "call", "x", "", start, "FREQ=DAILY", LEASE, "nurse", "UTC"), BEGIN
        )
    later = BEGIN + timedelta(days=2)
    slices = 1
    while not world.store.expand(later, at_most=8):
        slices += 1
    assert slices == 3
    assert len(world.store.listed(None, None)) == 20 * 4
    assert world.store.expand(later, at_most=8), "nothing is left"
    world.store.close()


def test_a_lease_keeps_everybody_else_away(tmp_path: Path) -> None:
    world = World(tmp_path / "reminders.db")
    routine = Routine("r", "hanna", "call", "x", "", BEGIN, "", timedelta(hours=1), "nurse", "UTC")
    world.store.add_routine(routine, BEGIN)
    world.look("crash", Outcome.ACCEPTED, "r1")
    for seconds in range(0, 180, 7):
        world.now = BEGIN + timedelta(seconds=seconds)
        world.look("answer", Outcome.ACCEPTED, "r2")
        assert len(world.heard) == 1
    world.now = BEGIN + LEASE
    world.look("answer", Outcome.ACCEPTED, "r2")
    world.look("answer", Outcome.ACCEPTED, "r2")
    assert [(each.robot, each.may_have_asked) for each in world.heard] == [("r1", False), ("r2", True)]
    world.store.close()


@pytest.mark.parametrize(
    ("rule", "start", "hours"),
    [
        # The clocks go forward at one in the night of 29 March 2026, and back at two on 25 October.
        ("FREQ=DAILY", "2026-03-28T01:30", ["01:30", "02:30", "01:30"]),
        ("FREQ=DAILY", "2026-10-24T01:30", ["01:30", "01:30", "01:30"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2028-02-29T10:00", ["10:00", "10:00"]),
    ],
)
def test_the_clock_on_the_wall_counts(tmp_path: Path, rule: str, start: str, hours: list[str]) -> None:
    london = ZoneInfo("Europe/London")
    begins = datetime.fromisoformat(start).replace(tzinfo=london)
    routine = Routine("r", "hanna", "call", "x", "", begins, rule, timedelta(minutes=30), "nurse", "Europe/London")
    due = routine.due_between(begins, begins + timedelta(days=3 if "DAILY" in rule else 1600))
    assert [each.astimezone(london).strftime("%H:%M") for each in due] == hours


def test_a_robot_off_for_three_days_says_nothing_of_what_is_over_and_staff_know_all(tmp_path: Path) -> None:
    world = World(tmp_path / "reminders.db")
    routine = Routine("r", "hanna", "visit", "x", "", BEGIN, "FREQ=HOURLY", timedelta(minutes=30), "nurse", "UTC")
    world.store.add_routine(routine, BEGIN)
    for hour in range(0, 72, 12):
        world.now = BEGIN + timedelta(hours=hour)
        world.store.expand(world.now)
    world.now = BEGIN + timedelta(days=3, minutes=10)
    world.store.expand(world.now)
    world.look("answer", Outcome.ACCEPTED, "r1")
    assert [each.occurrence.due for each in world.heard] == [BEGIN + timedelta(days=3)]
    assert ladder.is_late(world.heard[0].occurrence, world.store.policies.of(world.heard[0].occurrence), world.now)
    assert len(set(world.told.values())) == 72
    world.store.close()


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    world = World(tmp_path / "reminders.db")
    routine = Routine("r", "hanna", "call", "x", "", BEGIN, "", timedelta(hours=1), "nurse", "UTC")
    world.store.add_routine(routine, BEGIN)
    pages = world.store._file.db.execute("PRAGMA page_count").fetchone()[0]
    world.store._file.db.execute(f"PRAGMA max_page_count = {pages}")
    long = [Routine(f"x{n}", "hanna", "call", "x" * 200, "", BEGIN, "", LEASE, "nurse", "UTC") for n in range(200)]
    with pytest.raises(KithError, match="disk is full"):
        for each in long:
            world.store.add_routine(each, BEGIN)
    world.store._file.db.execute("PRAGMA max_page_count = 1000000")
    world.power_cut()
    world.look("answer", Outcome.ACCEPTED, "r1")
    one = world.store.occurrence("r@20280227T060000Z")
    assert one is not None
    assert one.state is State.CLOSED
    world.store.close()
