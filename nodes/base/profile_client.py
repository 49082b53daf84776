"""For nodes that need residents' profiles: holds those asked for, follows their changes, writes facts."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from kith_msgs import srv
from rclpy.client import Client
from rclpy.task import Future

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact
from culture_profiles.profile import Profile
from nodes.base import graph
from nodes.base.node import KithNode
from nodes.base.profile_messages import fact_from_msg, fact_to_msg, profile_from_snapshot_msg
from nodes.base.profile_replica import Outcome, ProfileReplica
from nodes.base.profile_shelf import ProfileShelf

_TICK_S = 0.5
_REFRESH = timedelta(seconds=30)  # bounds how long a lost change can go unnoticed
_ANSWER_WITHIN_S = 1.0
_WRITE_ATTEMPTS = 4
_HOME_ANSWERS_WITHIN_S = 3.0  # after a start; only then is the robot's own disk asked

Changed = Callable[[Profile, Fact | None], None]


def robot_profiles(node: KithNode[Any], changed: Changed, home_dir: str, robot: str) -> "ProfileClient":
    """A client with its shelf below `home_dir`, or without one where that is empty or cannot be used (then told)."""
    shelf = None
    if home_dir:
        try:
            shelf = ProfileShelf(Path(home_dir) / "robots" / robot / "snapshots" / "snapshots.db", node.now())
        except KithError as problem:
            node.health.warn("snapshots", str(problem))
    return ProfileClient(node, changed, shelf, robot)


class ProfileClient:
    """Make one in `configure`. Everything happens on the executor's thread; nothing blocks.

    `changed(profile, fact)` is called with each new state of a followed resident: with the fact that made it, or None
    when a snapshot brought something new.

    With a `shelf`, the last states stay on the robot's own disk as `holder`'s copies: while the home cannot be reached
    they are what is known, and what is told then waits there and goes home later. Both edits of one fact are then in
    the history, and precedence decides. The home hears of each copy before it is written, so that an erasure finds it.
    """

    def __init__(
        self,
        node: KithNode[Any],
        changed: Changed | None = None,
        shelf: ProfileShelf | None = None,
        holder: str = "",
    ) -> None:
        self._node = node
        self._changed = changed
        self._replica = ProfileReplica()
        self._snapshots = node.client(graph.GET_SNAPSHOT)
        self._writes = node.client(graph.SET_FACT)
        self._waiting: dict[Future, tuple[float, Callable[[], None]]] = {}
        self._present = False
        self._shelf = shelf
        self._holder = holder
        self._reports = node.client(graph.REPORT_COPIES)
        self._to_shelve: set[str] = set()
        self._reporting = False
        self._report_due = shelf is not None
        self._sending = False
        self._alone_from = node.steady_s() + _HOME_ANSWERS_WITHIN_S
        self._refreshed_at = node.now()
        node._made.append(self.close)  # closed with all else that `configure` made
        node.subscription(graph.PROFILE_CHANGES, self._on_change)
        node.every(_TICK_S, self._tick, steady=True)

    def close(self) -> None:
        """Close the robot's own file."""
        if self._shelf is not None:
            self._shelf.close()
            self._shelf = None

    def follow(self, resident_id: str) -> None:
        """Hold this resident's profile from now on; it arrives within moments. Harmless when repeated."""
        self._replica.follow(resident_id)
        self._ask()

    def unfollow(self, resident_id: str) -> None:
        """Forget this resident's profile."""
        self._replica.unfollow(resident_id)
        self._to_shelve.discard(resident_id)

    def profile(self, resident_id: str) -> Profile | None:
        """The profile as known now, or None: not here yet, not followed, or no such resident."""
        return self._replica.profile(resident_id)

    def as_of(self, resident_id: str) -> datetime | None:
        """ROS time at which the home last confirmed the copy (at most about 30 s ago while the home answers)."""
        return self._replica.as_of(resident_id)

    def next_due(self) -> datetime | None:
        """When the copies are to be confirmed again, for `KithNode.next_due`; None: there are none."""
        if not self._replica.followed() or not self._snapshots.service_is_ready():
            return None
        return self._refreshed_at + _REFRESH

    def set_fact(self, fact: Fact) -> Future:
        """Write a fact. The future gives the stored Fact once it is on the home's disk, or raises KithError.

        Use `await client.set_fact(fact)` in a coroutine of the executor, or `add_done_callback`. The home gives
        sequence and time. It asks again by itself, and fails after about 5 s without an answer; the fact may then be
        stored or not. With a shelf, a fact told while the home is away is given back with sequence 0 once it is on the
        robot's own disk.
        """
        result = Future()
        if not self._writes.service_is_ready() and self._shelf is not None:
            try:
                self._shelf.add_unsent(fact)
            except KithError as problem:
                result.set_exception(problem)
                return result
            profile = self._replica.told(fact)
            if profile is not None and self._changed is not None:
                self._changed(profile, fact)
            result.set_result(fact)
            return result
        if not self._writes.service_is_ready():
            result.set_exception(KithError("the home's profiles cannot be reached: nothing was kept"))
            return result

        def received(answer: Any) -> None:
            try:
                if answer is None or not answer.success:
                    raise KithError(answer.message if answer else "the home's profiles failed: nothing was confirmed")
                result.set_result(fact_from_msg(answer.stored))
            except KithError as problem:
                result.set_exception(problem)

        request = srv.SetFact.Request(fact=fact_to_msg(fact))

        def attempt(more: int) -> None:
            self._call(self._writes, request, _ANSWER_WITHIN_S, received, partial(late, more))

        def late(more: int) -> None:
            if more:
                attempt(more - 1)  # an answer can get lost; the node knows a repeated write by its `when`
            else:
                result.set_exception(KithError("the home's profiles do not answer: nothing was confirmed"))

        attempt(_WRITE_ATTEMPTS - 1)
        return result

    def _call(
        self,
        client: Client,
        request: Any,
        within_s: float,
        received: Callable[[Any], None],
        late: Callable[[], None],
    ) -> None:
        call = client.call_async(request)

        def give_up() -> None:
            client.remove_pending_request(call)
            late()

        def done(_: Future) -> None:
            if self._waiting.pop(call, None) is not None:
                received(call.result())

        self._waiting[call] = (self._node.steady_s() + within_s, give_up)
        call.add_done_callback(done)

    def _on_change(self, message: Any) -> None:
        if message.resident_id not in self._replica.followed():
            return
        try:
            fact = fact_from_msg(message.fact)
        except KithError:
            self._replica.refresh()  # a change without a fact: something was erased
            self._ask()
            return
        outcome = self._replica.change(fact, message.previous_sequence)
        if outcome is Outcome.APPLIED:
            self._tell(fact.resident_id, fact)
        elif outcome is Outcome.GAP:
            self._node.health.count("profile_gaps")
            self._ask()

    def _ask(self) -> None:
        if not self._snapshots.service_is_ready():
            return
        for resident_id in self._replica.wanted():
            self._replica.asked(resident_id)
            request = srv.GetSnapshot.Request(resident_id=resident_id)
            received = partial(self._on_snapshot, resident_id, self._node.now())
            self._call(
                self._snapshots, request, _ANSWER_WITHIN_S, received, partial(self._replica.unanswered, resident_id)
            )

    def _on_snapshot(self, resident_id: str, asked_at: datetime, answer: Any) -> None:
        before = self._replica.profile(resident_id)
        try:
            if answer is None:
                self._replica.unanswered(resident_id)
            elif not answer.success:
                self._replica.unknown(resident_id, asked_at)
                self._report_due = self._shelf is not None  # the home tells whether the copy must go
            else:
                self._replica.snapshot(profile_from_snapshot_msg(answer.snapshot), asked_at)
            self._node.health.clear("profiles")
        except KithError as problem:
            self._replica.unanswered(resident_id)
            self._node.health.warn("profiles", f"a snapshot cannot be read: {problem}")
        if self._replica.profile(resident_id) != before:
            self._tell(resident_id, None)

    def _tell(self, resident_id: str, fact: Fact | None) -> None:
        profile = self._replica.profile(resident_id)
        if self._shelf is not None and profile is not None:
            self._to_shelve.add(resident_id)
        if profile is not None and self._changed is not None:
            self._changed(profile, fact)

    def _tick(self) -> None:
        now = self._node.steady_s()
        for call in [call for call, (deadline, _) in self._waiting.items() if deadline < now]:
            _, give_up = self._waiting.pop(call)
            give_up()
        ready = self._snapshots.service_is_ready()
        # By the ROS clock, as `as_of` is: how old a copy is must not depend on how fast simulated time passes.
        if ready != self._present or abs(self._node.now() - self._refreshed_at) >= _REFRESH:
            self._refreshed_at = self._node.now()
            self._replica.refresh()
        self._present = ready
        if self._shelf is not None:
            self._tend(self._shelf, ready)
        if ready:
            self._node.health.found("profiles")
        else:
            self._node.health.wait_for("profiles")
        self._ask()

    # The robot's own disk -------------------------------------------------------------------------------------------
    def _tend(self, shelf: ProfileShelf, ready: bool) -> None:
        try:
            if ready and shelf.unsent():
                self._send(shelf)  # before any copy is removed: what was told meanwhile is the home's to judge
            elif ready:
                self._report(shelf)
            elif self._node.steady_s() >= self._alone_from:
                shelf.drop_old(self._node.now())
                for resident_id in self._replica.followed():
                    if self._replica.profile(resident_id) is None:
                        self._take_from(shelf, resident_id)
        except KithError as problem:
            self._node.health.warn("snapshots", str(problem))

    def _take_from(self, shelf: ProfileShelf, resident_id: str) -> None:
        found = shelf.profile(resident_id)
        if found is None:
            return
        profile, confirmed_at = found
        for _, fact in shelf.unsent():
            if fact.resident_id == resident_id:
                profile = profile.with_fact(fact)
        self._replica.restore(profile, confirmed_at)
        if self._changed is not None:
            self._changed(profile, None)

    def _report(self, shelf: ProfileShelf) -> None:
        """Say which copies there are and are about to be; what the home still knows is then written."""
        if self._reporting or not (self._report_due or self._to_shelve) or not self._reports.service_is_ready():
            return
        wanted = {
            name: profile.sequence for name in self._to_shelve if (profile := self._replica.profile(name)) is not None
        }
        held = {**shelf.held(), **wanted}
        request = srv.ReportCopies.Request(holder=self._holder, resident_ids=list(held), sequences=list(held.values()))
        self._reporting = True

        def answered(answer: Any) -> None:
            self._reporting = False
            if answer is None or not answer.success:
                return
            self._report_due = False
            try:
                for name in wanted:
                    profile, at = self._replica.profile(name), self._replica.as_of(name)
                    self._to_shelve.discard(name)
                    if profile is not None and at is not None and name not in answer.remove:
                        shelf.keep(profile, at)
            except KithError as problem:
                self._node.health.warn("snapshots", str(problem))
            self._forget(answer.remove)

        def late() -> None:
            self._reporting = False

        self._call(self._reports, request, _ANSWER_WITHIN_S, answered, late)

    def _forget(self, resident_ids: Iterable[str]) -> None:
        if self._shelf is None:
            return
        for resident_id in resident_ids:
            self._to_shelve.discard(resident_id)
            try:
                self._shelf.forget(resident_id)
            except KithError as problem:
                self._node.health.warn("snapshots", str(problem))
            self._report_due = True
            self._replica.refresh()

    def _send(self, shelf: ProfileShelf) -> None:
        """Bring home what was told while it was away, one after the other."""
        if self._sending or not self._writes.service_is_ready():
            return
        waiting = shelf.unsent()
        if not waiting:
            return
        place, fact = waiting[0]
        self._sending = True

        def answered(answer: Any) -> None:
            self._sending = False
            if answer is None:
                return
            if not answer.success:
                self._node.health.count("facts refused by the home")
            shelf.sent(place)
            self._send(shelf)

        def late() -> None:
            self._sending = False

        self._call(self._writes, srv.SetFact.Request(fact=fact_to_msg(fact)), _ANSWER_WITHIN_S, answered, late)
