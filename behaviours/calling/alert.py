"""One alert as an explicit state machine: raised → delivered → accepted → closed.

Every function takes the time and returns a new alert; an alert that nobody accepted closes nothing (care rule 1).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum

from culture_profiles.errors import KithError
from culture_profiles.fact import plain_text

LONGEST_TEXT = 2_000
LONGEST_NAME = 200
SEALED = frozenset({"safeguarding", "senior_visit"})
"""Kinds of which nothing leaves for a pager, and that nobody's erasure takes away (care rule 5)."""


LOWERED = frozenset({"on_floor"})
"""Kinds that a person's own word makes less urgent; never under `ATTEND`."""


class Level(IntEnum):
    """How urgent; the numbers are those of kith_msgs/Alert."""

    INFORM = 1
    ATTEND = 2
    EMERGENCY = 3


class State(IntEnum):
    """Who has it; the numbers are those of kith_msgs/Alert."""

    RAISED = 1  # written down
    DELIVERED = 2  # shown on a signed-in holder's device
    ACCEPTED = 3  # a named person is coming
    CLOSED = 4


@dataclass(frozen=True, slots=True)
class Alert:
    """Times aware, in UTC. `last_sent_at`: when it went out last, first or again."""

    id: str
    raised_at: datetime
    robot: str
    resident_id: str
    level: Level
    kind: str
    text: str
    last_sent_at: datetime
    state: State = State.RAISED
    accepted_by: str = ""
    accepted_at: datetime | None = None
    delivered_to: str = ""
    raise_count: int = 0
    handed_from: str = ""  # at the last change of shift: who left it ...
    handed_to: str = ""  # ... to whom

    @property
    def open(self) -> bool:
        """Whether somebody still has to close it."""
        return self.state is not State.CLOSED


@dataclass(frozen=True, slots=True)
class Shift:
    """Who carries the alerts now; empty: nobody."""

    holder: str = ""
    deputy: str = ""

    @property
    def covered(self) -> bool:
        """Whether anybody carries the alerts at all (care rule 2)."""
        return bool(self.holder or self.deputy)

    @property
    def first(self) -> str:
        """Who is called first; empty: nobody."""
        return self.holder or self.deputy

    @property
    def carriers(self) -> frozenset[str]:
        """Those on whose devices an alert counts as delivered."""
        return frozenset({self.holder, self.deputy} - {""})


def check(alert: Alert) -> None:
    """Whether an alert can be kept. Errors: KithError, one line, without its text."""
    for name, value, longest in (
        ("id", alert.id, LONGEST_NAME),
        ("kind", alert.kind, LONGEST_NAME),
        ("robot", alert.robot, LONGEST_NAME),
        ("resident id", alert.resident_id, LONGEST_NAME),
    ):
        if len(value) > longest:
            raise KithError(f"the alert's {name} is longer than {longest} characters: shorten it")
        try:
            plain_text(value)
        except ValueError as problem:
            raise KithError(f"the alert's {name} {problem}") from None
    if not alert.id:
        raise KithError("the alert's id is missing: choose one, so that raising twice is raising once")
    if not alert.kind:
        raise KithError("the alert's kind is missing: for example emergency, pain or reminder")


def person(name: str) -> str:
    """A named person. Errors: KithError for nobody."""
    named = name.strip()
    if not named:
        raise KithError("the name is missing: only a named person can accept or close an alert")
    if len(named) > LONGEST_NAME:
        raise KithError(f"the name is longer than {LONGEST_NAME} characters: shorten it")
    try:
        return plain_text(named)
    except ValueError as problem:
        raise KithError(f"the name {problem}") from None


def same_call(known: Alert, new: Alert, now: datetime, same_call_for: timedelta) -> bool:
    """Whether `new` says nothing that staff do not have already: same resident and kind, still open.

    Once somebody has accepted, only for `same_call_for` longer and never at a higher level: a second call for help
    half an hour later is a second call.
    """
    if not known.open or (known.resident_id, known.kind) != (new.resident_id, new.kind):
        return False
    if not new.resident_id and known.robot != new.robot:
        return False  # two unknown people
    if known.state is not State.ACCEPTED:
        return True
    assert known.accepted_at is not None
    return new.level <= known.level and timedelta(0) <= now - known.accepted_at < same_call_for


def merged(known: Alert, new: Alert) -> Alert:
    """One alert that says both: the higher level, and what is new in the text."""
    lines = known.text.splitlines()
    if new.text and new.text not in lines:
        lines.append(new.text)
    while len(lines) > 1 and len("\n".join(lines)) > LONGEST_TEXT:
        lines.pop(0)  # the newest matters most; all of them are in the history
    both = replace(known, level=max(known.level, new.level), text="\n".join(lines)[:LONGEST_TEXT])
    if new.level > known.level and known.state is State.DELIVERED:
        both = replace(both, state=State.RAISED)  # more urgent than what the device has shown
    return both


def lowered(known: Alert, new: Alert) -> Alert | None:
    """The same alert, less urgent, where its robot says so and its kind may be: nobody's word ends it (care rule 4)."""
    if known.kind not in LOWERED or known.state is State.CLOSED or new.level >= known.level:
        return None
    return replace(known, level=new.level, text=new.text[:LONGEST_TEXT])


def delivered(alert: Alert, to: str, shift: Shift) -> Alert:
    """A device has shown it. It counts only where `to`, who is signed in there, carries the alerts of this shift."""
    if alert.state is not State.RAISED or to not in shift.carriers:
        return alert
    return replace(alert, state=State.DELIVERED, delivered_to=to)


def accepted(alert: Alert, by: str, now: datetime) -> Alert:
    """A named person is coming, perhaps instead of another one. Errors: KithError when it is closed."""
    if not alert.open:
        raise KithError("this alert is closed already")
    return replace(alert, state=State.ACCEPTED, accepted_by=person(by), accepted_at=now)


def closed(alert: Alert, by: str, now: datetime) -> Alert:
    """A named person says that it is done. Errors: KithError when it is closed."""
    return replace(accepted(alert, by, now), state=State.CLOSED)


def handed(alert: Alert, before: Shift, after: Shift) -> Alert:
    """A new shift has begun: the open alert goes from one named person to the other, whose device must show it anew.

    Whoever has accepted it is still coming, until somebody else accepts.
    """
    if not alert.open or before.first == after.first:
        return alert
    state = alert.state
    if state is State.DELIVERED and alert.delivered_to not in after.carriers:
        state = State.RAISED
    return replace(alert, state=state, handed_from=before.first, handed_to=after.first)


_LONGEST_PAUSE = {Level.INFORM: 60, Level.ATTEND: 15, Level.EMERGENCY: 1}
"""How many first pauses long the pauses between two sendings may grow."""
_FIRST_PAUSE = {Level.INFORM: 15, Level.ATTEND: 1, Level.EMERGENCY: 1}


def due_again(alert: Alert, again_after: timedelta) -> datetime | None:
    """When it goes out again, if nobody has accepted it until then.

    An emergency every `again_after`; what is less urgent ever more seldom, so that nobody stops listening.
    """
    if alert.state not in (State.RAISED, State.DELIVERED):
        return None
    pauses = _FIRST_PAUSE[alert.level] << min(alert.raise_count, 10)
    return alert.last_sent_at + again_after * min(pauses, _LONGEST_PAUSE[alert.level])


def sent_again(alert: Alert, now: datetime, again_after: timedelta) -> Alert:
    """It goes out again, if it is time; the count tells how often. A clock that was set back starts a new wait."""
    due = due_again(alert, again_after)
    if due is None:
        return alert
    if now < alert.last_sent_at:
        return replace(alert, last_sent_at=now)
    return replace(alert, last_sent_at=now, raise_count=alert.raise_count + 1) if now >= due else alert
