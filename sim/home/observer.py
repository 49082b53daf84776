"""Judges every occurrence by what residents heard and staff saw, against times from the plan's own arithmetic."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sim.home.answers import Mood
from sim.home.hearing import Heard
from sim.home.plan import WINDOW, Planned

_LINE = re.compile(r"^(\w+) due at (\d\d:\d\d): ", re.MULTILINE)
_ASK_AGAIN = frozenset({Mood.LATER, Mood.IGNORES, Mood.ANSWERS_LATE})
_STARTLED = timedelta(seconds=1)  # a sound shorter than this leaves nothing to be heard


class Fate(StrEnum):
    """How an occurrence ended."""

    CLOSED_BY_STAFF = "closed_by_staff"
    CLOSED_BY_RESIDENT = "closed_by_resident"
    OPEN = "open"
    LOST = "lost"


@dataclass
class Prompted:
    """One prompt as it sounded. `answered`: what the resident made of it; None: it was cut off, or nobody answered."""

    robot: str
    began: datetime
    heard: Heard
    mood: Mood | None = None
    finished: bool = False
    answered: bool = False


@dataclass
class Case:
    """One time that something is due, and all that anybody noticed of it."""

    planned: Planned
    due: datetime
    prompts: list[Prompted] = field(default_factory=list)
    told_at: datetime | None = None
    closed_by: str = ""
    listed: bool = False
    unsure: bool = False

    @property
    def id(self) -> str:
        """As the home names it: the routine, and the time in UTC."""
        return f"{self.planned.id}@{self.due:%Y%m%dT%H%M%SZ}"

    @property
    def window_end(self) -> datetime:
        """When it is too late to say it."""
        return self.due + WINDOW

    @property
    def fate(self) -> Fate:
        """How it ended."""
        if not self.prompts and self.told_at is None:
            return Fate.LOST
        if not self.closed_by:
            return Fate.OPEN
        return Fate.CLOSED_BY_RESIDENT if self.closed_by == "resident" else Fate.CLOSED_BY_STAFF

    @property
    def doubled(self) -> bool:
        """Whether something was said once too often, by two robots at a time, or where nothing may be said."""
        if self.planned.for_staff and self.prompts:
            return True
        for before, prompt in zip(self.prompts, self.prompts[1:], strict=False):
            again = before.finished and (before.mood in _ASK_AGAIN or not before.answered)
            if not again and not prompt.heard.may_have_asked:
                return True
        return False

    @property
    def uncertain(self) -> bool:
        """Whether anybody was unsure if it had been said: the robot aloud, or the home in its list."""
        return self.unsure or any(prompt.heard.may_have_asked for prompt in self.prompts)

    @property
    def on_time(self) -> bool:
        """Whether it was said within its window; where it is the staff's to do, whether they knew within it."""
        first = self.told_at if self.planned.for_staff else (self.prompts[0].began if self.prompts else None)
        return first is not None and self.due <= first <= self.window_end

    def record(self) -> dict[str, Any]:
        """All of it, for people who want to know why."""
        return {
            "id": self.id,
            "kind": self.planned.kind,
            "for_staff": self.planned.for_staff,
            "fate": str(self.fate),
            "on_time": self.on_time,
            "doubled": self.doubled,
            "uncertain": self.uncertain,
            "told_at": self.told_at.isoformat() if self.told_at else "",
            "closed_by": self.closed_by,
            "prompts": [
                {
                    "robot": each.robot,
                    "began": each.began.isoformat(),
                    "heard": each.heard.kind,
                    "may_have_asked": each.heard.may_have_asked,
                    "late": each.heard.late,
                    "finished": each.finished,
                    "mood": str(each.mood or ""),
                    "answered": each.answered,
                }
                for each in self.prompts
            ],
        }


@dataclass(frozen=True)
class Figures:
    """What `kith simulate` prints of the occurrences."""

    occurrences: int
    lost: int
    doubled: int
    uncertain: int
    open: int
    closed_by_staff: int
    closed_by_resident: int
    on_time_share: float
    unexpected: int


class Observer:
    """Collects what is heard and seen. Times are simulated ones, aware."""

    def __init__(self, plan: Iterable[Planned], begin: datetime, days: int, zone: ZoneInfo) -> None:
        """`begin`: midnight of the first day, in the home's zone."""
        self._zone = zone
        self.cases = [
            Case(planned, due) for planned in plan for due in planned.due(begin.astimezone(zone).date(), days, zone)
        ]
        self.cases.sort(key=lambda case: (case.due, case.id))
        self._by_id = {case.id: case for case in self.cases}
        self._by_resident: dict[str, list[Case]] = {}
        for case in self.cases:
            self._by_resident.setdefault(case.planned.resident_id, []).append(case)
        self.unexpected: list[str] = []
        self.alerts: set[str] = set()
        self.accepted: set[str] = set()

    def heard(self, resident_id: str, robot: str, heard: Heard, now: datetime) -> Prompted:
        """A prompt begins to sound in front of a resident."""
        prompt = Prompted(robot, now, heard)
        case = self._case(resident_id, heard.kind, now)
        if case is None:
            self.unexpected.append(f"{resident_id} {heard.kind} {now.isoformat()}")
        else:
            case.prompts.append(prompt)
        return prompt

    def _case(self, resident_id: str, kind: str, now: datetime) -> Case | None:
        # Which of the coming or open ones it is: the newest that is due; a robot ahead of time is told by `on_time`.
        found = None
        for case in self._by_resident.get(resident_id, []):
            if case.due > now + timedelta(minutes=1):
                break
            if kind in ("private", case.planned.kind) and now < case.due + 2 * WINDOW:
                found = case
        return found

    def alert(self, alert_id: str, resident_id: str, text: str, accepted_by: str, now: datetime) -> None:
        """Staff see an alert on their list."""
        self.alerts.add(alert_id)
        if accepted_by:
            self.accepted.add(alert_id)
        for kind, clock in _LINE.findall(text):
            for case in reversed(self._by_resident.get(resident_id, [])):
                due = case.due.astimezone(self._zone)
                if case.due <= now and case.planned.kind == kind.lower() and f"{due:%H:%M}" == clock:
                    case.told_at = case.told_at or now
                    break

    def told(self, occurrence_id: str, now: datetime) -> None:
        """Staff see on their list that something is theirs to do."""
        if case := self._by_id.get(occurrence_id):
            case.told_at = case.told_at or now

    def listed(self, occurrence_id: str, closed_by: str, *, unsure: bool) -> None:
        """What the home's list says in the end."""
        case = self._by_id.get(occurrence_id)
        if case is None:
            self.unexpected.append(occurrence_id)
            return
        case.listed, case.closed_by, case.unsure = True, closed_by, unsure

    def figures(self) -> Figures:
        """The verdict."""
        fates = [case.fate for case in self.cases]
        return Figures(
            occurrences=len(self.cases),
            lost=sum(not case.listed or fate is Fate.LOST for case, fate in zip(self.cases, fates, strict=True)),
            doubled=sum(case.doubled for case in self.cases),
            uncertain=sum(case.uncertain for case in self.cases),
            open=fates.count(Fate.OPEN),
            closed_by_staff=fates.count(Fate.CLOSED_BY_STAFF),
            closed_by_resident=fates.count(Fate.CLOSED_BY_RESIDENT),
            on_time_share=sum(case.on_time for case in self.cases) / max(1, len(self.cases)),
            unexpected=len(self.unexpected),
        )
