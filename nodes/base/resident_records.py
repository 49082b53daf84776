"""For a node with records of its own about residents: whom the home has erased is erased here too."""

from collections.abc import Callable, Collection
from typing import Any

from kith_msgs import msg, srv
from rclpy.task import Future

from culture_profiles.errors import KithError
from culture_profiles.store import RECORDS
from nodes.base import graph
from nodes.base.node import KithNode

_TICK_S = 0.5
_ANSWERS_WITHIN_S = 2.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 60.0


class ResidentRecords:
    """Make one in `configure`. Asked after a start, when the home has come back, and whenever something was erased.

    `residents()` says of whom there are records; `erase(resident_id)` leaves nothing of them, or raises KithError,
    which says what is in the way: then it is tried again, ever more seldom. `announce`: the home does not know of
    itself that this holder may have records, so it is told of each resident that is new here.
    """

    def __init__(
        self,
        node: KithNode[Any],
        holder: str,
        residents: Callable[[], Collection[str]],
        erase: Callable[[str], None],
        *,
        announce: bool = False,
    ) -> None:
        self._node = node
        self._holder = holder
        self._residents = residents
        self._erase = erase
        self._announce = announce
        self._told: set[str] = set()
        self._there = False
        self._due = True
        self._call: Future | None = None
        self._not_before_s = 0.0
        self._pause_s = _FIRST_PAUSE_S
        self._reports = node.client(graph.REPORT_COPIES)
        node.subscription(graph.PROFILE_CHANGES, self._on_change)
        node.every(_TICK_S, self._tick, steady=True)

    def _on_change(self, change: msg.ProfileChange) -> None:
        if change.fact.key:
            return
        self._due = True  # a change without a fact: something was erased
        self._not_before_s = 0.0
        self._tick()

    def _tick(self) -> None:
        there = self._reports.service_is_ready()
        self._due |= there and not self._there
        self._there = there
        now_s = self._node.steady_s()
        if self._call is not None and now_s >= self._not_before_s:
            self._reports.remove_pending_request(self._call)
            self._call, self._due = None, True
        if not there or self._call is not None or now_s < self._not_before_s or not (self._due or self._announce):
            return
        try:
            held = set(self._residents())
        except KithError as problem:
            self._in_the_way(problem)
            return
        if self._due or held != self._told:
            self._report(held)

    def _report(self, held: set[str]) -> None:
        self._due = False
        self._not_before_s = self._node.steady_s() + _ANSWERS_WITHIN_S
        request = srv.ReportCopies.Request(
            holder=self._holder, resident_ids=sorted(held), sequences=[RECORDS] * len(held)
        )
        self._call = call = self._reports.call_async(request)
        call.add_done_callback(lambda done: self._answered(call, done.result(), held))

    def _answered(self, call: Future, answer: srv.ReportCopies.Response, held: set[str]) -> None:
        if call is not self._call:
            return
        self._call = None
        self._not_before_s = 0.0
        if not answer.success:
            self._in_the_way(KithError(f"the home could not note whose records are here: {answer.message}"))
            return
        self._told = held
        try:
            for resident_id in answer.remove:
                self._due = True  # the home learns that they are gone
                self._erase(resident_id)
        except KithError as problem:
            self._in_the_way(problem)
            return
        self._pause_s = _FIRST_PAUSE_S
        self._node.health.clear("erasing")

    def _in_the_way(self, problem: KithError) -> None:
        self._node.health.warn("erasing", str(problem))
        self._due = True
        self._not_before_s = self._node.steady_s() + self._pause_s
        self._pause_s = min(self._pause_s * 2, _LONGEST_PAUSE_S)
