"""A simulated home that runs: the real nodes, the simulated people, robots' bodies, troubles, and the observer."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any
from zoneinfo import ZoneInfo

import rclpy
from kith_msgs import msg, srv
from std_msgs.msg import String

from behaviours.phrases import phrasebook
from culture_profiles.errors import KithError
from nodes.base import graph, times
from nodes.base.stepping import CountingExecutor
from sim.home import link
from sim.home.agenda import Agenda
from sim.home.answers import Answers
from sim.home.ends import publisher
from sim.home.hearing import Ear
from sim.home.observer import Observer
from sim.home.plan import WINDOW, Planned
from sim.home.robot import RobotBody
from sim.home.rounds import Answer
from sim.home.stack import Stack, members
from sim.home.staff import Staff
from sim.home.timekeeper import TimeKeeper
from sim.home.trouble import Trouble, Troubles

_UP_WITHIN_S = 60.0
_FOUND_AFTER_S = 0.5  # a restarted node's peers find it within that
_ADDED_WITHIN_S = 5.0
_CLOSED_WITHIN = timedelta(hours=6)
_SHIFT_HOURS = (7, 19)


@dataclass(frozen=True)
class Setting:
    """What is simulated. `first_day` begins at midnight in `zone`."""

    residents: tuple[str, ...]
    robots: tuple[str, ...]
    plan: tuple[Planned, ...]
    first_day: date
    days: int
    zone: str
    seed: int
    troubles: Troubles


class World:
    """Use as a context, then `run`. Everything is drawn from the seed but what real time decides."""

    def __init__(self, setting: Setting, home: Path, environment: Mapping[str, str]) -> None:
        """`environment`: of the nodes; this process must be in the same ROS domain already."""
        self._setting = setting
        zone = ZoneInfo(setting.zone)
        self._begin = datetime.combine(setting.first_day, datetime.min.time(), zone)
        self._end = datetime.combine(setting.first_day + timedelta(days=setting.days), datetime.min.time(), zone)
        rng = _random(setting.seed)
        logs = home / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        self._stack = Stack(members(home, setting.robots, setting.zone), environment, logs)
        self.observer = Observer(setting.plan, self._begin, setting.days, zone)
        start = self._begin.astimezone(times.from_msg(msg.TimeStep().now).tzinfo) - timedelta(hours=1)
        self._agenda = Agenda(start)
        self._context = rclpy.Context()
        self._context.init()
        self._node = rclpy.create_node("simulator", context=self._context)
        self._executor = CountingExecutor(context=self._context)
        self._executor.add_node(self._node)
        self._executor.thrifty = True
        self._keeper = TimeKeeper(self._node, self._executor, start, self._stack.up, self._own, self._on_handled)
        self._executor.uncounted = self._keeper.uncounted()
        self._found_at: dict[str, float] = {}
        self._cut = publisher(self._node, link.CUT)
        ear = Ear(phrasebook().templates())
        rooms = {name: number for number, name in enumerate(setting.residents)}
        answers = {name: Answers(_random(rng.getrandbits(64))) for name in setting.residents}
        self._staff = Staff(self._node, self._agenda, self.observer, _random(rng.getrandbits(64)))
        self.trouble = Trouble(
            setting.troubles,
            self._agenda,
            _random(rng.getrandbits(64)),
            setting.robots,
            self._kill,
            lambda robots: self._cut.publish(String(data=",".join(sorted(robots)))),
            self._set_clock,
        )
        self._bodies = {
            robot: RobotBody(
                self._node, self._executor, robot, self._agenda, self.observer, ear, rooms, answers,
                lambda _: self.trouble.ladder_open(),
            )
            for robot in setting.robots
        }  # fmt: skip

    def __enter__(self) -> "World":
        self._stack.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, problem, trace)
        self._executor.shutdown(timeout_sec=1.0)
        self._node.destroy_node()
        self._context.shutdown()

    @property
    def jumps(self) -> int:
        """How often the clock was moved on."""
        return self._keeper.jumps

    @property
    def fallen(self) -> list[str]:
        """Nodes that ended by themselves."""
        return self._stack.fallen

    def run(self, progress: Callable[[int], None] = lambda _: None) -> None:
        """All days, and until everything is closed. `progress`: with the days that are over. Errors: KithError."""
        self._move_in()
        for day in range(self._setting.days):
            self._keeper.run(self._begin + timedelta(days=day + 1), self._stack.all_up)
            self._read_list()
            progress(day + 1)
        until = self._end + _CLOSED_WITHIN
        while self._keeper.now < until and self.observer.figures().open:
            self._keeper.run(self._keeper.now + timedelta(hours=1), self._stack.all_up)
            self._read_list()

    # ----------------------------------------------------------------------------------------------------------------
    def _move_in(self) -> None:
        deadline = time.monotonic() + _UP_WITHIN_S
        while not self._stack.all_up():
            if time.monotonic() > deadline:
                missing = sorted({each.name for each in self._stack.everybody} - self._stack.up())
                raise KithError(f"the home did not come up: {', '.join(missing)} (see the logs in it)")
            self._keeper.run(self._keeper.now + timedelta(seconds=0.2), lambda: False)
        self._change_shift()
        for planned in self._setting.plan:
            self._until_done(graph.ADD_ROUTINE, srv.AddRoutine.Request(routine=self._routine(planned)))

    def _routine(self, planned: Planned) -> msg.Routine:
        return msg.Routine(
            id=planned.id,
            resident_id=planned.resident_id,
            kind=planned.kind,
            title=planned.title,
            start=times.to_msg(planned.first(self._setting.first_day, ZoneInfo(self._setting.zone))),
            rrule=planned.rrule,
            window_s=int(WINDOW.total_seconds()),
            created_by="simulated staff",
        )

    def _until_done(self, service: graph.Service, request: Any) -> Any:
        answers: list[Any] = []
        deadline = time.monotonic() + _ADDED_WITHIN_S
        asked = self._staff.ask(service, request, answers.append)
        while not answers:
            if time.monotonic() > deadline:
                raise KithError(f"{service.name} does not answer: the home cannot be simulated")
            self._executor.turn(0.05)
            asked = asked or self._staff.ask(service, request, answers.append)
        if not answers[0].success:
            raise KithError(f"the home refuses what is planned: {answers[0].message}")
        return answers[0]

    def _change_shift(self) -> None:
        holder, deputy = self._staff.names
        self._staff.ask(graph.SET_SHIFT, srv.SetShift.Request(holder=holder, deputy=deputy))
        now = self._agenda.now
        coming = [now.replace(hour=hour, minute=0, second=0, microsecond=0) for hour in _SHIFT_HOURS]
        soonest = min(each if each > now else each + timedelta(days=1) for each in coming)
        self._agenda.at(soonest, self._change_shift)

    def _read_list(self) -> None:
        read: list[bool] = []
        deadline = time.monotonic() + _ADDED_WITHIN_S
        asked = self._staff.look_at_list(lambda: read.append(True))
        while not read:
            if not asked or time.monotonic() > deadline:
                # Somebody has just died: the list can be read again when time has passed.
                self._keeper.run(self._keeper.now + timedelta(seconds=5), self._stack.all_up)
                deadline = time.monotonic() + _ADDED_WITHIN_S
                asked = self._staff.look_at_list(lambda: read.append(True))
            self._executor.turn(0.05)

    def _own(self, now: datetime) -> Answer:
        self._agenda.now = now
        self._agenda.run(now)
        waits = self._staff.real_wait_s()
        for body in self._bodies.values():
            body.say_what_is_unsaid()
            waits = max(waits, 0.1 if body.unsaid else 0.0)
        return Answer(self._executor.work + self._agenda.done, self._agenda.due, waits)

    def _on_handled(self, answer: msg.TimeHandled) -> None:
        member = self._stack.answered(answer.node)
        if member is None:
            return
        needed = [f"/{member.robot}/{each.name}/_action/status" for each in (graph.SPEAK, graph.APPROACH)]
        if member.robot and not all(self._node.count_subscribers(each) for each in needed):
            return
        now = time.monotonic()
        if now - self._found_at.setdefault(answer.node, now) < _FOUND_AFTER_S:
            return
        del self._found_at[answer.node]
        self._stack.ready(answer.node)
        if member.robot:
            self._bodies[member.robot].tell_again()

    def _kill(self, rng: random.Random) -> str:
        name = rng.choice(self._stack.mortals).name
        self._found_at.pop(name, None)
        self._stack.kill(name)
        return name

    def _set_clock(self, by: timedelta) -> None:
        self._keeper.set_clock(by)
        self._agenda.shift(by)


def _random(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - a simulation must come out the same again
