"""The home as the pages ask it: from the web server's thread, through the node's, to the home's services."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from kith_msgs import srv
from std_srvs.srv import SetBool

from behaviours.routines.occurrence import Occurrence
from behaviours.routines.routine import Routine
from culture_profiles.errors import KithError
from culture_profiles.fact import Fact
from culture_profiles.profile import Profile
from culture_profiles.state_of_life import StateOfLife
from nodes.base import graph, times
from nodes.base.node import KithNode
from nodes.base.profile_messages import fact_from_msg, fact_to_msg, facts_from_msgs, profile_from_snapshot_msg
from nodes.base.reminder_messages import occurrence_from_msg, routine_to_msg
from nodes.tablet.robots import Order, RobotBoard, RobotView, Sighting
from nodes.tablet.ros_robots import of_robot
from nodes.tablet.view import Board, Call, View
from nodes.tablet.whereabouts import Whereabouts

_ANSWER_WITHIN_S = 2.0
_ATTEMPTS = 3


class RosHome:
    """Make one in `configure`, on the node's thread; the coroutines run on the web server's."""

    def __init__(
        self,
        node: KithNode[Any],
        board: Board,
        delivered: Callable[[list[str], str], None],
        robots: RobotBoard,
        introduce: Callable[[str, str], None],
    ) -> None:
        self._node, self._board, self._delivered, self._robots = node, board, delivered, robots
        self._introduce = introduce
        asked = (
            graph.LIST_RESIDENTS,
            graph.GET_SNAPSHOT,
            graph.GET_HISTORY,
            graph.SET_FACT,
            graph.ACCEPT_ALERT,
            graph.SET_SHIFT,
            graph.LIST_OCCURRENCES,
            graph.ADD_ROUTINE,
            graph.CLOSE_OCCURRENCE,
            graph.ERASE_PROFILE,
            graph.ERASE_REMINDERS,
            graph.ERASE_ALERTS,
        )
        self._whereabouts = Whereabouts(self.profile)
        node.subscription(graph.PROFILE_CHANGES, lambda change: self._whereabouts.changed(change.resident_id))
        self._clients = {service.name: node.client(service) for service in asked}

    def now(self) -> datetime:
        """The home's time: reading a clock is safe from any thread."""
        return self._node.now()

    def view(self) -> View:
        """How its system is."""
        return self._board.view(self._node.now(), self._node.steady_s())

    def calls(self) -> tuple[Call, ...]:
        """The open calls."""
        return self._board.staff_calls()

    def robots(self) -> tuple[RobotView, ...]:
        """Every robot."""
        return self._robots.views(self._node.steady_s())

    def sightings(self) -> tuple[Sighting, ...]:
        """Whom the robots met of late, and where."""
        return self._robots.sightings(self._node.steady_s())

    async def away(self) -> dict[str, StateOfLife]:
        """Who is away, as far as it has been read so far."""
        residents = await self.residents()
        self._whereabouts.begin(residents, self.now().date())
        return self._whereabouts.away(residents)

    def delivered(self, call_ids: Iterable[str], to: str) -> None:
        """A signed-in device shows these."""
        self._delivered(list(call_ids), to)

    async def residents(self) -> dict[str, str]:
        """Names by id."""
        answer = await self._ask(graph.LIST_RESIDENTS, srv.ListResidents.Request(), attempts=_ATTEMPTS)
        return dict(zip(answer.resident_ids, answer.names, strict=True))

    async def profile(self, resident_id: str) -> Profile:
        """A fresh snapshot: the tablet keeps none."""
        request = srv.GetSnapshot.Request(resident_id=resident_id)
        return profile_from_snapshot_msg((await self._ask(graph.GET_SNAPSHOT, request, attempts=_ATTEMPTS)).snapshot)

    async def history(self, resident_id: str, key: str = "") -> list[Fact]:
        """Everything ever kept."""
        request = srv.GetHistory.Request(resident_id=resident_id, key=key)
        return facts_from_msgs((await self._ask(graph.GET_HISTORY, request, attempts=_ATTEMPTS)).facts)

    async def write(self, fact: Fact) -> Fact:
        """Sent again where no answer comes: the same `when` makes it the same write."""
        request = srv.SetFact.Request(fact=fact_to_msg(fact))
        return fact_from_msg((await self._ask(graph.SET_FACT, request, attempts=_ATTEMPTS)).stored)

    async def accept(self, call_id: str, person: str, *, close: bool) -> None:
        """A named person is coming, or is done."""
        request = srv.AcceptAlert.Request(alert_id=call_id, person=person, close=close)
        await self._ask(graph.ACCEPT_ALERT, request)

    async def set_shift(self, holder: str, deputy: str) -> None:
        """Who carries the calls."""
        await self._ask(graph.SET_SHIFT, srv.SetShift.Request(holder=holder, deputy=deputy), attempts=_ATTEMPTS)

    async def occurrences(self, after: datetime, before: datetime, resident_id: str = "") -> list[Occurrence]:
        """What is due in that time."""
        request = srv.ListOccurrences.Request(
            after=times.to_msg(after), before=times.to_msg(before), resident_id=resident_id
        )
        answer = await self._ask(graph.LIST_OCCURRENCES, request, attempts=_ATTEMPTS)
        return [occurrence_from_msg(each) for each in answer.occurrences]

    async def add_routine(self, routine: Routine) -> str:
        """Keep a reminder. Sent once: twice would be two."""
        request = srv.AddRoutine.Request(routine=routine_to_msg(routine))
        return str((await self._ask(graph.ADD_ROUTINE, request)).id)

    async def close_occurrence(self, occurrence_id: str, closed_by: str, note: str) -> None:
        """A named person closes a reminder."""
        request = srv.CloseOccurrence.Request(occurrence_id=occurrence_id, closed_by=closed_by, note=note)
        await self._ask(graph.CLOSE_OCCURRENCE, request)

    async def order(self, robot: str, order: Order, by: str, *, amount: float = 0.0, person_id: str = "") -> None:
        """Ask a robot's mind. Sent once: it may have been done."""
        request = srv.Order.Request(order=int(order), amount=amount, person_id=person_id, by=by)
        await self._ask(self._of_robot(robot, graph.ORDER), request)

    async def introduce(self, robot: str, resident_id: str) -> None:
        """Told to the robot again and again while it holds."""
        self._of_robot(robot, graph.ORDER)
        self._node.post(lambda: self._introduce(robot, resident_id))

    async def stop(self, robot: str, *, stopped: bool) -> None:
        """Asked of safety itself, again and again: stopping twice is stopping once."""
        request = SetBool.Request(data=stopped)
        await self._ask(self._of_robot(robot, graph.SAFETY_STOP), request, attempts=_ATTEMPTS)

    async def erase(self, resident_id: str, by: str) -> tuple[str, ...]:
        """Everything about a resident: the profile, which a legal hold forbids, then reminders and alerts."""
        request = srv.EraseProfile.Request(resident_id=resident_id, by=by)
        pending = {*(await self._ask(graph.ERASE_PROFILE, request)).pending}
        for service in (graph.ERASE_REMINDERS, graph.ERASE_ALERTS):
            # Asked here for a prompt answer; who cannot now, such as while an alert is open, erases by itself later.
            try:
                await self._ask(service, request, attempts=_ATTEMPTS)
                pending.discard(_part(service))
            except KithError:
                pending.add(_part(service))
        return tuple(sorted(pending))

    def _of_robot(self, robot: str, service: graph.Service) -> graph.Service:
        if robot not in {each.name for each in self.robots()}:
            raise KithError("There is no such robot.")
        return replace(service, name=of_robot(robot, service.name))

    async def _ask(self, service: graph.Service, request: Any, *, attempts: int = 1) -> Any:
        """The answer. `attempts`: how often to send what may arrive twice without harm. Errors: KithError."""
        what = _part(service)
        for _ in range(attempts):
            answer = await self._once(service, request, _ANSWER_WITHIN_S * _ATTEMPTS / attempts)
            if answer is not None:
                if not getattr(answer, "success", True):
                    raise KithError(answer.message)
                return answer
        raise KithError(
            f"The home's {what} do not answer: nothing is confirmed. Look at what is there before trying again."
        )

    async def _once(self, service: graph.Service, request: Any, within_s: float) -> Any:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Any] = loop.create_future()

        def tell(answer: Any) -> None:
            if not done.done():
                done.set_result(answer)

        def answered(call: Any) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(tell, call.result())

        def send() -> None:
            # Clients are made on the node's thread alone; a robot's when it is first asked.
            client = self._clients.get(service.name) or self._clients.setdefault(
                service.name, self._node.client(service)
            )
            call = client.call_async(request)
            call.add_done_callback(answered)
            # A request that got lost must not be kept for ever.
            self._node.after(within_s, lambda: client.remove_pending_request(call), steady=True)

        self._node.post(send)
        try:
            return await asyncio.wait_for(done, within_s)
        except TimeoutError:
            return None


def _part(service: graph.Service) -> str:
    """Whose service it is."""
    return service.name.split("/")[2] if service.name.startswith("/home/") else "robot"
