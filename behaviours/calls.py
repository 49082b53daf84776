"""Calling people, and saying no more than is true of it (care rule 1)."""

import random
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from behaviours.acts import AlertLevel, RaiseAlert

UNACCEPTED_AFTER = timedelta(seconds=60)
_SAME_CALL_FOR = timedelta(minutes=10)
_FORGOTTEN_AFTER = timedelta(hours=12)


class AlertState(IntEnum):
    """Values are those of kith_msgs/Alert."""

    RAISED = 1
    DELIVERED = 2
    ACCEPTED = 3
    CLOSED = 4


_TEXTS = {
    "emergency": "Called for help. Go now.",
    "on_floor": "Somebody is on the floor. Go now.",
    "self_harm": "Spoke of not wanting to live. Somebody should be there now.",
    "pain": "Says that something hurts.",
    "unwell": "Says that they feel unwell, or something changed suddenly.",
    "senior_visit": "A senior member of staff is asked to visit.",
    "company": "Has been distressed for a while and should have somebody near.",
    "question": "Asked something that the care team should answer in person.",
    "visit": "Would like a nurse or chaplain to come.",
    "nurse": "Has a question for the nurse.",
    "carer": "Asks for a carer.",
    "need": "Asks for help with a bodily need, food, drink or warmth.",
    "family": "Would like to reach the family.",
    "music": "Would like some music. What they like stands in the profile.",
    "reading": "Would like somebody to read to them.",
    "safety_entry": "Contradicts a safety entry. Please talk it over.",
}
_LOWERED_TEXTS = {"on_floor": "On the floor, and answers that all is well. Please look in all the same."}


@dataclass
class Call:
    """One call for a person, as far as this robot knows."""

    id: str
    kind: str
    level: AlertLevel
    resident_id: str
    raised_at: datetime
    state: AlertState = AlertState.RAISED
    told_at: datetime | None = None
    tellings: int = 0
    stored: bool = False
    told: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Telling:
    """Something true to say about a call: a phrase key, and the name for it."""

    call: Call
    key: str
    name: str = ""


class Calls:
    """All open calls of one robot."""

    def __init__(self, rng: random.Random, robot: str) -> None:
        self._rng = rng
        self._robot = robot or "robot"
        self._calls: dict[str, Call] = {}

    def open(self, resident_id: str | None = None) -> list[Call]:
        """Calls that nobody has closed, of one resident or of all."""
        return [
            each
            for each in self._calls.values()
            if each.state is not AlertState.CLOSED and (resident_id is None or each.resident_id == resident_id)
        ]

    def of_kind(self, kind: str) -> Call | None:
        """The newest open call of a kind, whomever it is about."""
        return max((each for each in self.open() if each.kind == kind), key=lambda each: each.raised_at, default=None)

    def lower(self, call: Call, why: str) -> RaiseAlert:
        """A call becomes less urgent; it stays open until a person closes it."""
        call.level = min(call.level, AlertLevel.ATTEND, key=list(AlertLevel).index)
        return self._act(call, why)

    def emergency(self) -> bool:
        """Whether an emergency waits for a person to accept it."""
        return any(each.level is AlertLevel.EMERGENCY and each.state < AlertState.ACCEPTED for each in self.open())

    def raise_(
        self, kind: str, level: AlertLevel, resident_id: str, why: str, now: datetime
    ) -> tuple[RaiseAlert, bool]:
        """Call for a person. The same call within ten minutes is sent again under its id; says whether it is new."""
        for each in self.open(resident_id):
            if each.kind == kind and timedelta() <= now - each.raised_at < _SAME_CALL_FOR:
                return self._act(each, why), False
        made = Call(f"{self._robot}-{now:%Y%m%dT%H%M%S}-{self._rng.getrandbits(32):08x}", kind, level, resident_id, now)
        self._calls[made.id] = made
        return self._act(made, why), True

    def update(self, alert_id: str, state: AlertState, accepted_by: str, covered: bool) -> list[Telling]:
        """What the home says of a call. Never a step back: a late message changes nothing."""
        call = self._calls.get(alert_id)
        if call is None or call.level is AlertLevel.INFORM:
            if call is not None:
                call.state = max(call.state, state)
            return []
        tellings = []
        call.state = max(call.state, state)
        if call.state is AlertState.ACCEPTED and accepted_by and "accepted" not in call.told:
            tellings.append(Telling(call, "alert.accepted", accepted_by))
            call.told |= {"accepted", "delivered", "not_covered"}
        elif call.state is AlertState.DELIVERED and "delivered" not in call.told:
            tellings.append(Telling(call, "alert.delivered"))
            call.told |= {"delivered", "not_covered"}
        elif call.state is AlertState.RAISED and not covered and "not_covered" not in call.told:
            tellings.append(Telling(call, "alert.not_covered"))
            call.told.add("not_covered")
        return tellings

    def stored(self, alert_id: str) -> None:
        """The home has written the call down."""
        if alert_id in self._calls:
            self._calls[alert_id].stored = True

    def closed_except(self, open_ids: set[str]) -> None:
        """The home's list of open alerts: what it once had and no longer lists has been closed by a person."""
        for each in list(self._calls.values()):
            if (each.stored or each.state >= AlertState.DELIVERED) and each.id not in open_ids:
                each.state = AlertState.CLOSED

    def due(self, now: datetime) -> list[tuple[RaiseAlert, Telling | None]]:
        """Calls that nobody accepted in time: sent again, and said so, at growing intervals."""
        result = []
        for call in list(self._calls.values()):
            if now - call.raised_at > _FORGOTTEN_AFTER:
                del self._calls[call.id]
                continue
            if call.state >= AlertState.ACCEPTED or call.level is AlertLevel.INFORM:
                continue
            if now - (call.told_at or call.raised_at) >= UNACCEPTED_AFTER * (1 + call.tellings):
                call.told_at = now
                call.tellings += 1
                telling = Telling(call, "alert.unaccepted") if call.tellings <= 2 else None
                result.append((self._act(call, "nobody accepted it in time"), telling))
        return result

    def next_due(self) -> datetime | None:
        """When `due` has something next."""
        times = [
            (each.told_at or each.raised_at) + UNACCEPTED_AFTER * (1 + each.tellings)
            for each in self._calls.values()
            if each.state < AlertState.ACCEPTED and each.level is not AlertLevel.INFORM
        ]
        return min(times, default=None)

    def _act(self, call: Call, why: str) -> RaiseAlert:
        lowered = call.level is not AlertLevel.EMERGENCY and call.kind in _LOWERED_TEXTS
        text = (_LOWERED_TEXTS if lowered else _TEXTS)[call.kind]
        return RaiseAlert(call.id, call.kind, call.level, text, call.resident_id, why)

    def state(self) -> list[dict[str, Any]]:
        """Open calls as plain data, without anybody's words."""
        return [
            {
                **asdict(each),
                "raised_at": each.raised_at.isoformat(),
                "level": each.level.value,
                "told_at": each.told_at.isoformat() if each.told_at else None,
                "told": sorted(each.told),
            }
            for each in self.open()
        ]

    def restore(self, state: list[dict[str, Any]], parse: Callable[[str], datetime] = datetime.fromisoformat) -> None:
        """Take up calls from before a restart."""
        for each in state:
            call = Call(
                each["id"],
                each["kind"],
                AlertLevel(each["level"]),
                each["resident_id"],
                parse(each["raised_at"]),
                AlertState(each["state"]),
                parse(each["told_at"]) if each["told_at"] else None,
                each["tellings"],
                each["stored"],
                set(each["told"]),
            )
            self._calls[call.id] = call
