"""Reminders that the home asks this robot to give: the Remind action from its goal to its one outcome."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from kith_msgs.action import Remind
from rclpy.action import CancelResponse, GoalResponse
from rclpy.task import Future

from behaviours import acts
from behaviours.mind import Mind
from behaviours.reminding import Reminder
from nodes.base import graph, times
from nodes.base.node import KithNode
from nodes.dialogue.journeys import Journeys
from nodes.dialogue.keeping import Keeping
from nodes.dialogue.prompts import Prompts
from nodes.dialogue.surroundings import Surroundings

_KEEP_RESULTS_S = 300  # longer than a lease: a home that was restarted still learns how a prompt ended
_OUTCOMES = {each: getattr(Remind.Result, each.name) for each in acts.Outcome}


@dataclass
class _Errand:
    """A reminder on its way. `says_asked`: it says that it may have asked already."""

    goal: Any
    over: Future
    says_asked: bool
    prompted: bool = False

    @property
    def resident_id(self) -> str:
        return str(self.goal.request.occurrence.resident_id)

    @property
    def goal_id(self) -> str:
        return bytes(self.goal.goal_id.uuid).hex()


class Reminders:
    """Gives reminders; carries out `acts.ReminderPrompted` and `acts.ReminderOutcome`. `perform` does what is due."""

    def __init__(
        self,
        node: KithNode[Any],
        mind: Mind,
        surroundings: Surroundings,
        journeys: Journeys,
        keeping: Keeping,
        perform: Callable[[list[acts.Act]], None],
    ) -> None:
        self._node, self._mind, self._surroundings = node, mind, surroundings
        self._journeys, self._keeping, self._perform = journeys, keeping, perform
        self._errands: dict[str, _Errand] = {}  # by occurrence
        node.action_server(
            graph.REMIND,
            self._remind,
            keep_results_s=_KEEP_RESULTS_S,
            goal_callback=lambda _: GoalResponse.ACCEPT if node.active else GoalResponse.REJECT,
            cancel_callback=self._on_cancel,
        )

    async def _remind(self, goal: Any) -> Any:
        request, occurrence = goal.request, goal.request.occurrence
        goal.publish_feedback(Remind.Feedback(state=Remind.Feedback.WAITING_FOR_FLOOR))
        if occurrence.id in self._errands:
            goal.succeed()
            return Remind.Result(outcome=Remind.Result.INTERRUPTED, said="this reminder is being given already")
        lost = self._keeping.prompts.of(request.lost_goal)
        if request.may_have_asked and lost is not None and lost.outcome:
            goal.succeed()  # it has been answered before: nothing is asked twice
            return Remind.Result(outcome=lost.outcome, later_s=lost.later_s, said=lost.said, prompted=lost.sounding)
        # Only who had the lost goal knows that nothing of it has sounded.
        unheard = request.lost_robot == occurrence.robot and (lost is None or not lost.sounding)
        over = Future(executor=self._node.executor)
        errand = _Errand(goal, over, says_asked=request.may_have_asked and not unheard)
        self._errands[occurrence.id] = errand
        if errand.resident_id not in self._surroundings.here:
            await self._come_to(errand)
        while not over.done() and not self._surroundings.knows(errand.resident_id):
            await self._surroundings.news()
        if not over.done():
            self._begin(errand)
        result = await over
        if goal.is_cancel_requested:
            goal.canceled()
        else:
            goal.succeed()
        return result

    async def _come_to(self, errand: _Errand) -> None:
        """Go to a resident who is not here, if this robot can and may. Ends early with the reminder."""
        if not self._journeys.ready:
            return
        for wanted in self._mind.come_to(errand.resident_id, self._node.now(), called=False):
            if isinstance(wanted, acts.Approach):
                self._feedback(errand.resident_id, Remind.Feedback.APPROACHING)
                await self._journeys.come(wanted, errand.over)
                self._surroundings.be_patient()

    def _begin(self, errand: _Errand) -> None:
        request, occurrence = errand.goal.request, errand.goal.request.occurrence
        reminder = Reminder(
            occurrence.id,
            occurrence.resident_id,
            occurrence.kind,
            occurrence.title,
            times.from_msg(occurrence.window_end) if times.is_set(occurrence.window_end) else None,
            request.wording,
            errand.says_asked,
            request.late,
            times.from_msg(occurrence.lease_until) if times.is_set(occurrence.lease_until) else None,
            request.text,
        )
        self._surroundings.check_profile(errand.resident_id)
        who = self._surroundings.who(errand.resident_id)
        self._perform(self._mind.remind(reminder, who, self._node.now()))

    def sounds(self, resident_id: str) -> None:
        """Written down before the sound: what crashes afterwards may have been heard."""
        for errand in self._errands.values():
            if errand.resident_id == resident_id and not errand.prompted:
                errand.prompted = True
                note = partial(Prompts.sounding, goal_id=errand.goal_id, resident_id=resident_id)
                self._keeping.note(partial(note, now=self._node.now()))
        self._feedback(resident_id, Remind.Feedback.PROMPTED)

    def listens(self, occurrence_id: str) -> None:
        """The reminder has been said; the robot waits for the answer."""
        if errand := self._errands.get(occurrence_id):
            errand.goal.publish_feedback(Remind.Feedback(state=Remind.Feedback.LISTENING))

    def _feedback(self, resident_id: str, state: int) -> None:
        for errand in self._errands.values():
            if errand.resident_id == resident_id:
                errand.goal.publish_feedback(Remind.Feedback(state=state))

    def end(self, outcome: acts.ReminderOutcome) -> None:
        """A reminder is over, in whatever way."""
        errand = self._errands.pop(outcome.occurrence_id, None)
        if errand is None or errand.over.done():
            return
        code = _OUTCOMES[outcome.outcome]
        if errand.prompted:
            goal_id, now = errand.goal_id, self._node.now()
            self._keeping.note(lambda notes: notes.ended(goal_id, code, outcome.later_s, outcome.said, now))
        errand.over.set_result(
            Remind.Result(
                outcome=code,
                later_s=outcome.later_s,
                said=outcome.said,
                prompted=errand.prompted,
                may_have_asked=errand.prompted and errand.says_asked,
            )
        )

    def end_all(self) -> None:
        """The robot stops: nobody is left waiting."""
        for occurrence_id in list(self._errands):
            self.end(acts.ReminderOutcome(occurrence_id, acts.Outcome.INTERRUPTED, "the robot stops"))

    def _on_cancel(self, goal: Any) -> CancelResponse:
        occurrence_id = goal.request.occurrence.id
        self._node.post(lambda: self._take_back(occurrence_id))
        return CancelResponse.ACCEPT

    def take_back_all(self, resident_id: str) -> None:
        """Nothing more is said to a resident of any reminder."""
        for occurrence_id, errand in list(self._errands.items()):
            if errand.resident_id == resident_id:
                self._take_back(occurrence_id)

    def _take_back(self, occurrence_id: str) -> None:
        self._perform(self._mind.cancel_remind(occurrence_id, self._node.now()))
        self.end(acts.ReminderOutcome(occurrence_id, acts.Outcome.INTERRUPTED, "taken back"))
