"""A robot that answers as it is told, and a profiles node whose words the test writes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from kith_msgs import msg, srv
from kith_msgs.action import Remind
from rclpy.action import ActionServer, CancelResponse
from rclpy.task import Future

from nodes.base import graph, times


class Robot:
    """Serves `remind`. `answers`: what the resident will say, in order; with none left it waits for `answer`."""

    def __init__(self, peer: Any, namespace: str = "") -> None:
        self.peer = peer
        self.goals: list[Any] = []
        self.sounds = True
        self.answers: list[tuple[int, dict[str, Any]]] = []
        self._waiting: list[tuple[Any, Future]] = []
        self._name = f"/{namespace}/remind" if namespace else graph.REMIND.name
        self.arrive()

    def arrive(self) -> None:
        self._server = ActionServer(
            self.peer.node,
            Remind,
            self._name,
            self._execute,
            cancel_callback=self._cancel,
        )

    def leave(self) -> None:
        self._server.destroy()

    def answer(self, outcome: int, **fields: Any) -> None:
        self._waiting.pop(0)[1].set_result((outcome, fields))

    async def _execute(self, handle: Any) -> Any:
        self.goals.append(handle.request)
        if self.sounds:
            handle.publish_feedback(Remind.Feedback(state=Remind.Feedback.PROMPTED))
        if self.answers:
            outcome, fields = self.answers.pop(0)
        else:
            answered = Future(executor=self.peer.executor)
            self._waiting.append((handle, answered))
            outcome, fields = await answered
        if handle.is_cancel_requested:
            handle.canceled()
            return Remind.Result()
        handle.succeed()
        heard = {"prompted": True, "may_have_asked": handle.request.may_have_asked}
        return Remind.Result(outcome=outcome, **{**heard, **fields})

    def _cancel(self, handle: Any) -> CancelResponse:
        for waiting in list(self._waiting):
            if bytes(waiting[0].goal_id.uuid) == bytes(handle.goal_id.uuid):
                self._waiting.remove(waiting)
                self._soon(lambda answered=waiting[1]: answered.set_result((0, {})))
        return CancelResponse.ACCEPT

    def _soon(self, callback: Any) -> None:
        """After the cancelling has been registered with the goal."""

        def once() -> None:
            timer.cancel()
            callback()

        timer = self.peer.node.create_timer(0.05, once)


class Profiles:
    """Serves get_snapshot."""

    def __init__(self, peer: Any) -> None:
        self.facts: dict[str, dict[str, str]] = {"hanna": {"name.preferred": "Hanna"}}
        self.stamp: datetime | None = None
        self.asked = 0
        self.peer = peer
        self._service = peer.node.create_service(graph.GET_SNAPSHOT.type, graph.GET_SNAPSHOT.name, self._answer)
        self.changes = peer.publisher(graph.PROFILE_CHANGES)

    def leave(self) -> None:
        self.peer.node.destroy_service(self._service)

    def tell(self, resident_id: str, key: str, value: str) -> None:
        self.facts[resident_id][key] = value
        fact = msg.Fact(sequence=2, resident_id=resident_id, key=key, value=value, source=3, status=3, confidence=1.0)
        self.changes.publish(msg.ProfileChange(resident_id=resident_id, sequence=2, previous_sequence=1, fact=fact))

    def _answer(self, request: srv.GetSnapshot.Request, response: srv.GetSnapshot.Response) -> Any:
        self.asked += 1
        facts = self.facts.get(request.resident_id)
        if facts is None:
            response.message = "no such resident"
            return response
        now = times.to_msg(datetime.now(UTC))
        response.success = True
        response.snapshot = msg.ProfileSnapshot(
            resident_id=request.resident_id,
            sequence=1,
            stamp=times.to_msg(self.stamp) if self.stamp else now,
            facts=[
                msg.Fact(
                    sequence=1, resident_id=request.resident_id, key=key, value=value, source=3, status=3,
                    confidence=1.0, who="nurse", when=now,
                )
                for key, value in facts.items()
            ],
        )  # fmt: skip
        return response


@pytest.fixture
def robot(peer: Any) -> Iterator[Robot]:
    made = Robot(peer)
    yield made
    made.leave()


@pytest.fixture
def profiles(peer: Any) -> Profiles:
    return Profiles(peer)


class Staff:
    """Adds reminders, sees what becomes of them."""

    def __init__(self, peer: Any) -> None:
        self.peer = peer
        self.changes = peer.listen(graph.OCCURRENCES)

    def add(self, kind: str = "call", *, due_in_s: float = 0.3, window_s: int = 3600, **fields: Any) -> str:
        routine = msg.Routine(
            resident_id="hanna",
            kind=kind,
            title="your daughter Ewa",
            start=times.to_msg(datetime.now(UTC) + timedelta(seconds=due_in_s)),
            window_s=window_s,
            created_by="nurse",
        )
        for name, value in fields.items():
            setattr(routine, name, value)
        answer = self.peer.call(graph.ADD_ROUTINE, srv.AddRoutine.Request(routine=routine))
        assert answer.success, answer.message
        return str(answer.id)

    def listed(self, resident_id: str = "") -> list[Any]:
        request = srv.ListOccurrences.Request(resident_id=resident_id)
        return list(self.peer.call(graph.LIST_OCCURRENCES, request).occurrences)

    def state(self, routine_id: str) -> int:
        return int(next(one.state for one in self.listed() if one.routine_id == routine_id))

    def waits_for(self, routine_id: str, state: int, within_s: float = 60.0) -> Any:
        def there() -> Any:
            return next((one for one in self.listed() if one.routine_id == routine_id and one.state == state), None)

        return self.peer.until(there, f"state {state}", within_s=within_s)


@pytest.fixture
def staff(peer: Any) -> Staff:
    return Staff(peer)
