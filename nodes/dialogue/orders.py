"""What staff ask of this robot from the tablet: come, be quiet, speak louder, hear and see nothing."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kith_msgs.srv import Order
from std_msgs.msg import Bool

from behaviours import acts
from behaviours.floor import Priority
from behaviours.mind import Mind
from culture_profiles.errors import KithError
from culture_profiles.profile import Profile
from nodes.base import graph
from nodes.base.node import KithNode
from nodes.dialogue.journeys import Journeys
from nodes.dialogue.kept_loudness import KeptLoudness
from nodes.dialogue.senses import Senses

_LONGEST_QUIET_S = 4 * 3600.0
_SOFTEST, _LOUDEST = 0.5, 1.5
_TELL_EVERY_S = 1.0


class Orders:
    """The service, and what holds because of it; `/diagnostics` says what that is."""

    def __init__(
        self,
        node: KithNode[Any],
        mind: Mind,
        journeys: Journeys,
        perform: Callable[[list[acts.Act]], None],
        here: Callable[[], Iterable[str]],
        folder: Path | None,
    ) -> None:
        """`folder`: where this robot keeps what must outlive a restart; None: it keeps nothing."""
        self._node, self._mind, self._journeys, self._perform, self._here = node, mind, journeys, perform, here
        self._senses = Senses()
        self._kept = KeptLoudness(folder / "loudness", _SOFTEST, _LOUDEST) if folder is not None else None
        self._loudness = self._kept.read() if self._kept is not None else 1.0
        self._quiet_until: datetime | None = None
        self._senses_on = node.publisher(graph.SENSES)
        node.service(graph.ORDER, self._on_order)
        node.every(_TELL_EVERY_S, self._tell, steady=True)

    def profile(self, profile: Profile) -> None:
        """A profile, new or changed."""
        self._senses.profile(profile, here=profile.resident_id in self._here())
        self._tell()

    @property
    def senses_on(self) -> bool:
        """Whether staff let the robot hear and see."""
        return self._senses.on

    def needs(self, resident_id: str) -> bool:
        """Whether somebody's profile must be followed although they are not seen any more."""
        return self._senses.needs(resident_id)

    def volume(self, said: acts.Speak) -> float:
        """How loud a sentence is spoken, 0 to 1: a call for help is never softened."""
        if said.priority >= Priority.EMERGENCY and self._loudness < 1.0:
            return said.manner.volume
        return min(1.0, said.manner.volume * self._loudness)

    def _on_order(self, request: Order.Request, response: Order.Response) -> Order.Response:
        try:
            if not self._node.active:
                raise KithError("the robot is not ready yet")
            self._do(request)
            response.success = True
        except KithError as problem:
            response.message = str(problem)
        self._tell()
        return response

    def _do(self, request: Order.Request) -> None:
        now, amount = self._node.now(), float(request.amount)
        match request.order:
            case Order.Request.COME:
                self._come(request.person_id)
            case Order.Request.QUIET if 0 <= amount <= _LONGEST_QUIET_S:
                self._quiet_until = now + timedelta(seconds=amount) if amount else None
                self._perform(self._mind.be_quiet(self._quiet_until, now))
            case Order.Request.LOUDNESS if _SOFTEST <= amount <= _LOUDEST:
                self._loudness = amount
                if self._kept is not None:
                    self._kept.write(amount)
            case Order.Request.SENSES if amount in (0.0, 1.0):
                if not amount:  # said while it still can be: it will not hear a call for help (care rule 11)
                    self._perform(self._mind.stops_listening(now))
                self._senses.ordered_off = not amount
            case _:
                raise KithError("the robot does not know this order")

    def _come(self, person_id: str) -> None:
        if not person_id:
            raise KithError("say to whom the robot shall go")
        if self._mind.floor.priority > Priority.CONVERSATION:
            raise KithError("the robot is busy with something more urgent: ask again in a moment")
        if not self._journeys.ready:
            raise KithError("this robot does not travel")
        wanted = self._mind.come_to(person_id, self._node.now(), called=True)
        if not wanted:
            raise KithError("the robot may not go to this resident now")
        self._perform(wanted)

    def _tell(self) -> None:
        values, now = self._node.health.values, self._node.now()
        if self._quiet_until is not None and now >= self._quiet_until:
            self._quiet_until = None
        values["quiet until"] = self._quiet_until.isoformat(timespec="minutes") if self._quiet_until else ""
        values["loudness"] = f"{self._loudness:.2f}"
        values["senses"] = "on" if self._senses.on else "off"
        # Again and again: who starts later must not hear although it should not.
        self._senses_on.publish(Bool(data=self._senses.on))
