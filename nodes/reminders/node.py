"""The reminders node: keeps routines, expands them, and walks each occurrence down the ladder."""

import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kith_msgs import msg, srv
from rclpy.action.client import ClientGoalHandle
from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.task import Future

from behaviours.routines import ladder
from behaviours.routines.circumstances import HERE, NEEDED, Circumstances, hindrance
from behaviours.routines.occurrence import OWNED, Occurrence
from behaviours.routines.policy import Policies
from behaviours.routines.routine import zone
from culture_profiles.errors import KithError
from nodes.base import graph, times
from nodes.base.node import KithNode
from nodes.base.reminder_messages import occurrence_to_msg, routine_from_msg
from nodes.base.resident_records import ResidentRecords
from nodes.base.run import run
from nodes.base.settings import Settings, setting
from nodes.base.time_zone import machine_time_zone
from nodes.reminders.asking import Asking, Ending
from nodes.reminders.messages import circumstances_from
from nodes.reminders.pause import Pause
from nodes.reminders.store import Prompt, ReminderStore
from nodes.reminders.telling import Telling

_TURN_S = 0.1
_LOOK_AGAIN = timedelta(seconds=1)
_LOOK_AGAIN_WHILE_BUSY = timedelta(seconds=30)
_WRITE_AGAIN = (timedelta(seconds=1), timedelta(seconds=60))
_PEERS_WITHIN_S = 6.0
_EXPAND_EVERY = timedelta(hours=6)
_EXPAND_AT_ONCE = 8  # routines a turn: what is due meanwhile must not wait for thousands to be written down
_SNAPSHOT_WITHIN_S = 1.0
_TAKEN_BACK_BEFORE_LEASE_ENDS = timedelta(seconds=10)


@dataclass(frozen=True, kw_only=True)
class RemindersSettings(Settings):
    """What the reminders node can be told."""

    time_zone: str = setting("", "Time zone of the home, such as Europe/London; empty: the machine's own")
    robots: list[str] = setting(  # noqa: RUF009 - a factory behind a typed face
        [""], "Namespaces of the home's robots; an empty one is the robot without a namespace"
    )
    lease_s: int = setting(
        180, "How long a robot owns an occurrence that it was asked to say, in seconds", low=5, high=3600
    )


class RemindersNode(KithNode[RemindersSettings]):
    """Owner of reminders.db."""

    name = "reminders"
    settings_type = RemindersSettings

    _store: ReminderStore | None = None
    _adding: Any = None

    def configure(self) -> None:
        """Open the file; offer the services. Errors: KithError."""
        if not self.settings.home_dir:
            raise KithError("reminders need a home to keep them in: set the parameter home_dir")
        self._time_zone = self.settings.time_zone or machine_time_zone()
        self._zone = zone(self._time_zone)
        if len(set(self.settings.robots)) != len(self.settings.robots):
            raise KithError("the parameter robots names a robot twice")
        folder = Path(self.settings.home_dir) / "reminders"
        self._policies = Policies.read(folder / "policies.yaml")
        self._store = store = ReminderStore(folder / "reminders.db", self._policies)
        self._known: dict[str, Circumstances] = {}
        self._last_with: dict[str, str] = {}  # the robot that was last with a resident has the shortest way
        self._asked_about: set[str] = set()
        self._unwritten: list[Callable[[], None]] = []
        self._write_again = Pause(*_WRITE_AGAIN)
        self._snapshot_until: list[float] = []  # steady seconds
        self._missing = True
        self._wake_at: datetime | None = None
        self._expand_at: datetime | None = None
        self._expanding: datetime | None = None  # as of when, while it goes on
        self._last_turn: datetime | None = None
        self._changed = self.publisher(graph.OCCURRENCES)
        self._snapshots = self.client(graph.GET_SNAPSHOT)
        self._asking = Asking(
            self,
            self.settings.robots,
            lambda client, goal: ClientGoalHandle(client, goal, None),
            self._on_ending,
            self._on_sounding,
        )
        self._telling = Telling(self, store, self._publish)
        ResidentRecords(self, self.name, store.residents, self._erase_resident)
        self.subscription(graph.PROFILE_CHANGES, self._on_profile_change)
        # It awaits the profiles node: in the group that all else shares, the answer could not come in meanwhile.
        self._adding = self.create_service(
            graph.ADD_ROUTINE.type,
            graph.ADD_ROUTINE.name,
            self._add_routine,
            callback_group=ReentrantCallbackGroup(),
        )
        self.service(graph.LIST_OCCURRENCES, self._list_occurrences)
        self.service(graph.CLOSE_OCCURRENCE, self._close_occurrence)
        self.service(graph.ERASE_REMINDERS, self._erase)
        self.every(_TURN_S, self._turn)
        self.every(1.0, self._look_around, steady=True)

    def activate(self) -> None:
        """Take up what an earlier life left."""
        self._peers_until = self.steady_s() + _PEERS_WITHIN_S
        for prompt in self._file.open_prompts():
            occurrence = self._file.occurrence(prompt.occurrence_id)
            assert occurrence is not None
            self._asking.resume(prompt, occurrence.resident_id)

    def next_due(self) -> datetime | None:
        """When an occurrence, a lease, a result or what staff are to be told needs looking at."""
        if not self.active:
            return None
        now = self.now()
        times = [
            self._wake_at or now,
            self._expand_at or now,
            self._asking.next_due(self._take_back_before),
            self._telling.next_due(),
            self._write_again.until if self._unwritten else None,
        ]
        return min(each for each in times if each is not None)

    def real_wait_s(self) -> float:
        """What is left of the second that a snapshot may take, or of the time in which peers are found at first."""
        now = self.steady_s()
        waits = [until - now for until in self._snapshot_until]
        if self._missing:
            waits.append(self._peers_until - now)
        return max(0.0, *waits) if waits else 0.0

    def cleanup(self) -> None:
        """Close the file."""
        if self._adding is not None:
            self.destroy_service(self._adding)
            self._adding = None
        if self._store is not None:
            self._store.close()
            self._store = None

    @property
    def _file(self) -> ReminderStore:
        assert self._store is not None, "called before configure"
        return self._store

    # Turns ----------------------------------------------------------------------------------------------------------
    @property
    def _take_back_before(self) -> timedelta:
        # Before the lease ends, so that the robot's word on how far it came still arrives.
        return min(_TAKEN_BACK_BEFORE_LEASE_ENDS, timedelta(seconds=self.settings.lease_s / 2))

    def _turn(self) -> None:
        now = self.now()
        if self._last_turn is not None and now < self._last_turn:
            self._wake_at = self._expand_at = self._expanding = None  # the clock was set back
        self._last_turn = now
        try:
            self._write(now)
            if self._expand_at is None or now >= self._expand_at:
                self._expand(now)
            if self._wake_at is None or now >= self._wake_at:
                self._look(now)
            self.health.clear("file")
        except KithError as problem:
            self.health.error("file", str(problem))
            self._wake_at = now + _LOOK_AGAIN
        self._asking.turn(now, self._take_back_before)
        self._telling.turn(now)
        ahead_s = (self._wake_at - now).total_seconds() if self._wake_at is not None else 0.0
        if 0.0 < ahead_s < _TURN_S:  # to the point, rather than at the next turn
            self.after(ahead_s, self._turn)

    def _expand(self, now: datetime) -> None:
        self._expanding = self._expanding or now
        if self._file.expand(self._expanding, at_most=_EXPAND_AT_ONCE):
            self._expand_at, self._expanding = self._expanding + _EXPAND_EVERY, None
        else:
            self._expand_at = now  # go on in the next turn
        self._wake_at = None

    def _write(self, now: datetime) -> None:
        """Write down how prompts ended, where the disk refused it before."""
        if not self._unwritten or not self._write_again.over(now):
            return
        self._write_again.begin(now)
        for write in list(self._unwritten):
            write()
            self._unwritten.remove(write)
        self._write_again.reset()

    def _look(self, now: datetime) -> None:
        due = self._file.to_look_at(now)
        # What is due and still there then waits for a robot, an answer or a profile.
        self._wake_at = self._next_look(now)
        for occurrence in sorted(due, key=lambda one: (self._policies.of(one).urgency, one.due, one.id)):
            if occurrence.state in OWNED:
                self._lease_over(occurrence, now)
            elif occurrence.id not in self._asked_about:
                self._consider(occurrence, now)

    def _next_look(self, now: datetime) -> datetime:
        soonest = self._file.next_at()
        if soonest is None:
            return now + _EXPAND_EVERY
        if soonest > now:
            return soonest
        # An ending wakes this node by itself; only the windows of those that wait go on meanwhile.
        again = now + (_LOOK_AGAIN_WHILE_BUSY if self._asking.busy() or not self._missing else _LOOK_AGAIN)
        return min(again, self._asking.next_try(now) or again)

    def _lease_over(self, occurrence: Occurrence, now: datetime) -> None:
        self._asking.drop(occurrence.id)
        goals = [prompt.goal_id for prompt in self._file.open_prompts() if prompt.occurrence_id == occurrence.id]
        goal_id = goals[0] if goals else ""
        self._keep(ladder.lost(occurrence, self._policies.of(occurrence), now, goal_id), now, goal_id, "lost")

    def _look_around(self) -> None:
        """Who is missing. Real time: peers come and go in it, also where time is simulated."""
        absent = {
            (f"{robot}'s remind" if len(self.settings.robots) > 1 else "remind"): missing
            for robot, missing in self._asking.look_around().items()
        }
        absent["profiles"] = not self._snapshots.service_is_ready()
        absent["alerts"] = self._telling.look_around(self.now())
        for what, missing in absent.items():
            self.health.wait_for(what) if missing else self.health.found(what)
        if self._missing and not any(absent.values()):
            self._wake_at = None
        self._missing = any(absent.values())

    # One occurrence -------------------------------------------------------------------------------------------------
    def _consider(self, occurrence: Occurrence, now: datetime) -> None:
        """Look at an occurrence: the resident's newest snapshot and a robot that answers, asked for at once."""
        self._asked_about.add(occurrence.id)
        robot = self._asking.free(
            occurrence.resident_id,
            now,
            rather=occurrence.lost_robot if occurrence.may_have_asked else "",
            nearest=self._last_with.get(occurrence.resident_id, ""),
        )
        waits, silent = 1 + (robot is not None), False

        def done() -> None:
            nonlocal waits
            waits -= 1
            if waits:
                return
            self._asked_about.discard(occurrence.id)
            if robot is not None:
                self._wake_at = None  # for those who waited for this robot, or where it is silent, for another one
            if silent:
                return
            try:
                current = self._file.occurrence(occurrence.id)
                if current is not None and self.active:
                    self._advance(current, robot)
            except KithError as problem:
                self.health.error("file", str(problem))

        def answered(there: bool) -> None:
            nonlocal silent
            silent = not there
            done()

        self._snapshot(occurrence.resident_id).add_done_callback(lambda _: done())
        if robot is not None:
            self._asking.knock(robot, occurrence.resident_id, now, answered)

    def _snapshot(self, resident_id: str) -> Future:
        """Done, at the latest after a second, with whether the resident is known; None: nobody answered."""
        done = Future(executor=self.executor)

        until = self.steady_s() + _SNAPSHOT_WITHIN_S
        self._snapshot_until.append(until)

        def finish(known: bool | None) -> None:
            if until in self._snapshot_until:
                self._snapshot_until.remove(until)
            self.destroy_timer(timer)
            if not done.done():
                done.set_result(known)

        timer = self.after(
            _SNAPSHOT_WITHIN_S if self._snapshots.service_is_ready() else 0.0, lambda: finish(None), steady=True
        )
        if self._snapshots.service_is_ready():

            def on_answer(future: Future) -> None:
                answer = future.result()
                known = bool(answer.success and answer.snapshot.sequence)
                try:
                    if known:
                        self._known[resident_id] = circumstances_from(answer.snapshot, self.now())
                    self.health.clear("profiles")
                except KithError as problem:
                    self.health.warn("profiles", f"a profile could not be read: {problem}")
                finish(known)

            self._snapshots.call_async(srv.GetSnapshot.Request(resident_id=resident_id)).add_done_callback(on_answer)
        return done

    def _advance(self, occurrence: Occurrence, robot: str | None) -> None:
        now = self.now()
        if occurrence.next_at is None or occurrence.next_at > now or self._asking.under_way(occurrence.id):
            return
        known = self._known.get(occurrence.resident_id, Circumstances())
        hindered = hindrance(occurrence, known, now, self._zone)
        step = ladder.advance(occurrence, self._policies.of(occurrence), hindered, now, robot_free=robot is not None)
        if step.prompt and robot is not None:
            if self._asking.is_free(robot, occurrence.resident_id, now):
                self._begin(occurrence, robot, now)
            else:
                self._wake_at = None
        elif step.occurrence != occurrence or step.telling is not None:
            self._keep(step, now)

    def _begin(self, occurrence: Occurrence, robot: str, now: datetime) -> None:
        lease = timedelta(seconds=self.settings.lease_s)
        prompt = self._file.begin(occurrence, uuid.uuid4().hex, robot, now, lease)
        begun = ladder.begin(occurrence, robot, prompt.lease_until)
        self._last_with[occurrence.resident_id] = robot
        self._publish(begun)
        self._asking.send(prompt, begun, now)

    def _on_sounding(self, prompt: Prompt) -> None:
        """The robot is there and says it. Only staff's view depends on this row: an ending may overtake it."""
        try:
            begun = self._file.sounding(prompt.occurrence_id)
        except KithError as problem:
            self.health.error("file", str(problem))
            return
        if begun is not None:
            self._publish(begun)

    def _on_ending(self, ending: Ending) -> None:
        """A prompt has ended: written down at once, or as soon as the disk allows."""

        def write() -> None:
            occurrence = self._file.occurrence(ending.prompt.occurrence_id)
            if occurrence is None:  # erased meanwhile
                return
            kind, now = self._policies.of(occurrence), self.now()
            goal_id = ending.prompt.goal_id
            if ending.not_spoken:
                step, name = ladder.not_spoken(occurrence, kind, ending.said), "not spoken"
            elif ending.outcome is not None:
                step = ladder.answered(
                    occurrence,
                    kind,
                    ending.outcome,
                    now,
                    later_s=ending.later_s,
                    said=ending.said,
                    sounded=ending.sounded,
                    said_so=ending.said_so,
                )
                name = ending.outcome.name.lower()
            elif occurrence.state not in OWNED:
                step, name = ladder.Step(occurrence), "closed"
            elif ending.refused:
                step, name = ladder.Step(ladder.not_begun(occurrence, now)), "refused"
            else:
                step, name = ladder.lost(occurrence, kind, now, goal_id), "lost"
            self._keep(step, now, goal_id, name)

        try:
            write()
        except KithError as problem:
            self.health.error("file", str(problem))
            self._unwritten.append(write)
            self._write_again.begin(self.now())

    def _keep(self, step: ladder.Step, now: datetime, goal_id: str = "", ending: str = "") -> None:
        for state in self._file.keep(step, now, goal_id=goal_id, ending=ending):
            self._publish(state)
        self._wake_at = None
        if step.telling is not None:
            self._telling.look(now)

    def _publish(self, occurrence: Occurrence) -> None:
        self._changed.publish(occurrence_to_msg(occurrence))
        self.get_logger().info(f"{occurrence.id}: {occurrence.state.name.lower()}")

    def _on_profile_change(self, change: msg.ProfileChange) -> None:
        if change.fact.key not in NEEDED:
            return
        if change.fact.key == "state_of_life":
            self._known.pop(change.resident_id, None)
            if change.fact.value != HERE:
                self._asking.cancel(resident_id=change.resident_id)
        try:
            self._file.hasten(change.resident_id, self.now())
        except KithError as problem:
            self.health.error("file", str(problem))
        self._wake_at = None

    # Services -------------------------------------------------------------------------------------------------------
    async def _add_routine(self, request: Any, response: Any) -> Any:
        try:
            routine = routine_from_msg(request.routine, self._time_zone)
            routine.check(self.now())
            if await self._snapshot(routine.resident_id) is False:
                raise KithError("no such resident: `kith profiles list` shows those there are")
            kept, made = self._file.add_routine(routine, self.now())
        except KithError as problem:
            response.success, response.message = False, str(problem)
            return response
        for occurrence in made:
            self._publish(occurrence)
        self._wake_at = None
        response.success, response.id = True, kept.id
        return response

    def _list_occurrences(self, request: Any, response: Any) -> Any:
        after = times.from_msg(request.after) if times.is_set(request.after) else None
        before = times.from_msg(request.before) if times.is_set(request.before) else None
        response.occurrences = [occurrence_to_msg(one) for one in self._file.listed(after, before, request.resident_id)]
        return response

    def _close_occurrence(self, request: Any, response: Any) -> Any:
        try:
            closed = self._file.close_occurrence(request.occurrence_id, request.closed_by, request.note, self.now())
        except KithError as problem:
            response.success, response.message = False, str(problem)
            return response
        self._asking.cancel(occurrence_id=closed.id)
        self._telling.settled(closed.id)
        self._publish(closed)
        response.success = True
        return response

    def _erase(self, request: Any, response: Any) -> Any:
        """After the profile has been erased, which a legal hold forbids: everything of the resident goes here too."""
        try:
            self._erase_resident(request.resident_id)
        except KithError as problem:
            response.success, response.message = False, str(problem)
            return response
        response.success = True
        return response

    def _erase_resident(self, resident_id: str) -> None:
        self._asking.cancel(resident_id=resident_id)
        self._telling.erased(resident_id)
        self._known.pop(resident_id, None)
        self._last_with.pop(resident_id, None)
        self._wake_at = None
        self._file.erase(resident_id)


def main() -> int:
    """Run the reminders node."""
    return run(RemindersNode)


if __name__ == "__main__":
    sys.exit(main())
