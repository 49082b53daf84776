"""For nodes that need residents' profiles: holds those asked for, follows their changes, writes facts."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
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

_TICK_S = 0.5
_REFRESH_S = 30.0  # bounds how long a lost change can go unnoticed
_ANSWER_WITHIN_S = 1.0
_WRITE_ATTEMPTS = 4

Changed = Callable[[Profile, Fact | None], None]


class ProfileClient:
    """Make one in `configure`. Everything happens on the executor's thread; nothing blocks.

    `changed(profile, fact)` is called with each new state of a followed resident: with the fact that made it, or None
    when a snapshot brought something new.
    """

    def __init__(self, node: KithNode[Any], changed: Changed | None = None) -> None:
        self._node = node
        self._changed = changed
        self._replica = ProfileReplica()
        self._snapshots = node.client(graph.GET_SNAPSHOT)
        self._writes = node.client(graph.SET_FACT)
        self._waiting: dict[Future, tuple[float, Callable[[], None]]] = {}
        self._present = False
        self._refresh_at = node.steady_s() + _REFRESH_S
        node.subscription(graph.PROFILE_CHANGES, self._on_change)
        node.every(_TICK_S, self._tick, steady=True)

    def follow(self, resident_id: str) -> None:
        """Hold this resident's profile from now on; it arrives within moments. Harmless when repeated."""
        self._replica.follow(resident_id)
        self._ask()

    def unfollow(self, resident_id: str) -> None:
        """Forget this resident's profile."""
        self._replica.unfollow(resident_id)

    def profile(self, resident_id: str) -> Profile | None:
        """The profile as known now, or None: not here yet, not followed, or no such resident."""
        return self._replica.profile(resident_id)

    def as_of(self, resident_id: str) -> datetime | None:
        """ROS time at which the home last confirmed the copy (at most about 30 s ago while the home answers)."""
        return self._replica.as_of(resident_id)

    def set_fact(self, fact: Fact) -> Future:
        """Write a fact. The future gives the stored Fact once it is on the home's disk, or raises KithError.

        Use `await client.set_fact(fact)` in a coroutine of the executor, or `add_done_callback`. The home gives
        sequence and time. It asks again by itself, and fails after about 5 s without an answer; the fact may then be
        stored or not.
        """
        result = Future()
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
            self._replica.refresh()
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
        if profile is not None and self._changed is not None:
            self._changed(profile, fact)

    def _tick(self) -> None:
        now = self._node.steady_s()
        for call in [call for call, (deadline, _) in self._waiting.items() if deadline < now]:
            _, give_up = self._waiting.pop(call)
            give_up()
        ready = self._snapshots.service_is_ready()
        if ready != self._present or now >= self._refresh_at:
            self._refresh_at = now + _REFRESH_S
            self._replica.refresh()
        self._present = ready
        if ready:
            self._node.health.found("profiles")
        else:
            self._node.health.wait_for("profiles")
        self._ask()
