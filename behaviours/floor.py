"""Who holds the floor: safety > emergency > reminder > conversation > idle.

A higher activity interrupts a lower one. What was interrupted is resumed afterwards if it can be, and closed
politely otherwise; nothing is left hanging.
"""

from dataclasses import dataclass, field
from enum import IntEnum


class Priority(IntEnum):
    """Values are those of kith_msgs/FloorState."""

    IDLE = 0
    CONVERSATION = 1
    REMINDER = 2
    EMERGENCY = 3
    SAFETY = 4


@dataclass(frozen=True)
class Activity:
    """Something that needs the floor. ``resumable``: it can go on after an interruption."""

    name: str
    priority: Priority
    person_id: str = ""
    resumable: bool = True


@dataclass(frozen=True)
class Taken:
    """Answer to a request for the floor: whether it was granted, and what had to give way."""

    granted: bool
    interrupted: Activity | None = None


@dataclass
class Floor:
    """The one floor of one robot."""

    _stack: list[Activity] = field(default_factory=list)

    @property
    def holder(self) -> Activity | None:
        """Who has it now; None: idle."""
        return self._stack[-1] if self._stack else None

    @property
    def priority(self) -> Priority:
        """How urgent what happens now is."""
        return self._stack[-1].priority if self._stack else Priority.IDLE

    def holds(self, name: str) -> bool:
        """Whether this activity has the floor now."""
        return bool(self._stack) and self._stack[-1].name == name

    def take(self, activity: Activity) -> Taken:
        """Ask for the floor. Granted when nothing as urgent or more urgent holds it, or when it is held already."""
        holder = self.holder
        if holder is not None and holder.name == activity.name:
            self._stack[-1] = activity
            return Taken(True)
        if holder is not None and holder.priority >= activity.priority:
            return Taken(False)
        self._stack = [each for each in self._stack if each.name != activity.name]
        self._stack.append(activity)
        if holder is not None and not holder.resumable:
            self._stack.remove(holder)
        return Taken(True, holder)

    def release(self, name: str) -> Activity | None:
        """Give the floor back, or give up waiting for it. Returns what resumes now, if anything does."""
        held = self.holds(name)
        self._stack = [each for each in self._stack if each.name != name]
        return self.holder if held else None
