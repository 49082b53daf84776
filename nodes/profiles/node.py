"""profiles: the one writer of the home's profiles.

Serves snapshots, histories and writes, and publishes each change once it is on the disk. A write that is repeated with
the same `when` is the same write. What others say about keys of staff goes to `alerts` as a question, again and again
until it is stored there.

Erases on the word of staff; robots say whose snapshots they keep, and are told which of them to remove.
"""

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from kith_msgs import msg, srv
from rclpy.task import Future

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact
from culture_profiles.store import ProfileStore, Question, Receipt
from nodes.base import graph, times
from nodes.base.node import KithNode
from nodes.base.profile_messages import fact_from_msg, fact_to_msg, profile_to_snapshot_msg
from nodes.base.run import run
from nodes.base.settings import Settings
from nodes.profiles.register import Register, store_path

_ASK_EVERY_S = 1.0
_FORGET_EVERY_S = 6 * 3600.0
_ASK_AGAIN_S = 10.0
_ANSWERS_KEPT = 256


@dataclass(frozen=True, kw_only=True)
class ProfilesSettings(Settings):
    """What the node can be told: no more than every node."""


class Profiles(KithNode[ProfilesSettings]):
    """The node."""

    name = "profiles"
    settings_type = ProfilesSettings

    def __init__(self) -> None:
        self._register: Register | None = None
        self._asked_at: dict[str, float] = {}
        # An answer can get lost while two processes discover each other: who asks again gets it, not a second fact.
        self._answered: dict[Fact, Fact] = {}
        super().__init__()

    def configure(self) -> None:
        """Open the store; offer the services."""
        if not self.settings.home_dir:
            raise KithError("parameter home_dir is empty: give the home's directory")
        home = Path(self.settings.home_dir)
        self._register = Register(ProfileStore(store_path(home)), home)
        self._changes = self.publisher(graph.PROFILE_CHANGES)
        self._alerts = self.client(graph.RAISE_ALERT)
        self.service(graph.GET_SNAPSHOT, self._get_snapshot)
        self.service(graph.GET_HISTORY, self._get_history)
        self.service(graph.SET_FACT, self._set_fact)
        self.service(graph.LIST_RESIDENTS, self._list_residents)
        self.service(graph.ERASE_PROFILE, self._erase)
        self.service(graph.SET_LEGAL_HOLD, self._set_legal_hold)
        self.service(graph.REPORT_COPIES, self._report_copies)
        self.every(_ASK_EVERY_S, self._ask_staff, steady=True)
        self.every(_FORGET_EVERY_S, self._forget_days)
        self._questions = self._untold()
        self._count()

    def cleanup(self) -> None:
        """Close the store, so that another may write it."""
        if self._register is not None:
            self._register.store.close()
            self._register = None
        self._asked_at.clear()
        self._answered.clear()

    # Services -------------------------------------------------------------------------------------------------------
    def _get_snapshot(self, request: Any, response: Any) -> Any:
        try:
            profile = self._residents.snapshot(request.resident_id)
        except KithError as problem:
            return _refused(response, problem)
        response.snapshot = profile_to_snapshot_msg(profile, self.now())
        response.success = True
        return response

    def _get_history(self, request: Any, response: Any) -> Any:
        try:
            facts = self._residents.history(request.resident_id, request.key)
        except KithError as problem:
            return _refused(response, problem)
        response.facts = [fact_to_msg(fact) for fact in facts]
        response.success = True
        return response

    def _set_fact(self, request: Any, response: Any) -> Any:
        if not self.active:
            return _refused(response, KithError("profiles is not active: nothing was kept"))
        try:
            asked = fact_from_msg(request.fact, None if times.is_set(request.fact.when) else self.now())
            if asked in self._answered:
                return self._written(response, self._answered[asked])
            change = self._residents.write(asked.model_copy(update={"sequence": 0, "when": self.now()}))
        except KithError as problem:
            self._questions = self._untold()
            return _refused(response, problem)
        self._changes.publish(
            msg.ProfileChange(
                resident_id=change.fact.resident_id,
                sequence=change.fact.sequence,
                previous_sequence=change.previous_sequence,
                fact=fact_to_msg(change.fact),
            )
        )
        self._count()
        self._answered[asked] = change.fact
        if len(self._answered) > _ANSWERS_KEPT:
            self._answered.pop(next(iter(self._answered)))
        return self._written(response, change.fact)

    @staticmethod
    def _written(response: Any, stored: Fact) -> Any:
        response.stored = fact_to_msg(stored)
        response.success = True
        return response

    def _list_residents(self, request: Any, response: Any) -> Any:  # noqa: ARG002 - the request is empty
        names = self._residents.names()
        response.resident_ids, response.names = list(names), list(names.values())
        return response

    # Erasing --------------------------------------------------------------------------------------------------------
    def _erase(self, request: Any, response: Any) -> Any:
        try:
            receipt = self._residents.erase(request.resident_id, request.key, request.by, self.now())
        except KithError as problem:
            return _refused(response, problem)
        self._erased(receipt)
        response.receipt_id, response.pending = receipt.id, list(receipt.pending)
        response.success = True
        return response

    def _forget_days(self) -> None:
        """Summaries whose time is over, or to which nobody agrees any more, go as everything that is erased goes."""
        if not self.active:
            return
        try:
            for receipt in self._residents.forget_days(self.now()):
                self._erased(receipt)
        except KithError as problem:
            self.health.error("summaries", str(problem))

    def _erased(self, receipt: Receipt) -> None:
        self._answered.clear()
        self._questions = self._untold()
        # A change that holds no fact: whoever follows the resident asks for a snapshot, and learns what is left.
        self._changes.publish(msg.ProfileChange(resident_id=receipt.resident_id, sequence=receipt.sequence))
        self._count()

    def _set_legal_hold(self, request: Any, response: Any) -> Any:
        store = self._residents.store
        try:
            if request.reason_code:
                store.place_hold(request.resident_id, request.reason_code, request.by, self.now())
            else:
                store.release_holds(request.resident_id, request.by, self.now())
        except KithError as problem:
            return _refused(response, problem)
        response.success = True
        return response

    def _report_copies(self, request: Any, response: Any) -> Any:
        held = dict(zip(request.resident_ids, request.sequences, strict=False))
        try:
            response.remove = self._residents.store.report_copies(request.holder, held)
        except KithError as problem:
            return _refused(response, problem)
        response.success = True
        return response

    # Questions to staff ---------------------------------------------------------------------------------------------
    def _untold(self) -> list[Question]:
        return [question for question in self._residents.store.questions() if not question.told]

    def _ask_staff(self) -> None:
        if not self._questions:
            return
        if not self._alerts.service_is_ready():
            self.health.wait_for("alerts")
            return
        self.health.found("alerts")
        now = self.steady_s()
        for question in self._questions:
            if now - self._asked_at.get(question.id, -_ASK_AGAIN_S) >= _ASK_AGAIN_S:
                self._asked_at[question.id] = now
                call = self._alerts.call_async(srv.RaiseAlert.Request(alert=_alert(question)))
                call.add_done_callback(partial(self._asked, question.id))

    def _asked(self, question_id: str, call: Future) -> None:
        answer = call.result()
        if self._register is not None and answer is not None and answer.stored:
            try:
                self._register.store.question_told(question_id)
            except KithError as problem:
                self.health.error("questions", str(problem))
                return
            self._questions = self._untold()
            self._asked_at.pop(question_id, None)

    @property
    def _residents(self) -> Register:
        assert self._register is not None, "services exist only while configured"
        return self._register

    def _count(self) -> None:
        self.health.values["residents"] = str(self._residents.store.count())


def _refused(response: Any, problem: KithError) -> Any:
    response.success, response.message = False, str(problem)
    return response


def _alert(question: Question) -> Any:
    # What was said stays in the store: alerts may show on shared screens.
    return msg.Alert(
        id=f"question-{question.id}",
        raised_at=times.to_msg(question.fact.when),
        resident_id=question.fact.resident_id,
        level=msg.Alert.INFORM,
        kind="question",
        text=f"Something was said that differs from {question.fact.key}: please check the record. "
        "`kith profiles questions` shows what.",
        state=msg.Alert.RAISED,
    )


def main() -> int:
    """Run the node."""
    return run(Profiles)


if __name__ == "__main__":
    sys.exit(main())
