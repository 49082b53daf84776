"""What the health page shows, as plain data; collected on the node's thread, read by the web server's."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

SILENT_AFTER_S = 5.0
_HOME = ("profiles", "reminders", "alerts", "tablet")
ROBOT_NODES = frozenset({"asr", "tts", "dialogue", "motion", "safety", "body"})
_WORDS = {
    "profiles": "Profiles",
    "reminders": "Reminders",
    "alerts": "Calls for staff",
    "tablet": "This page",
    "asr": "Hearing",
    "tts": "Voice",
    "dialogue": "Conversation",
    "motion": "Movement",
    "safety": "Safe driving",
    "body": "Body",
}
_LEVELS = ("ok", "warning", "error")
_KINDS = {
    "emergency": "Emergency",
    "pain": "Pain",
    "medicine": "Medicine",
    "reminder": "Reminder",
    "calls_not_covered": "Calls not covered",
}
# Not on a screen that others see, not even as a number (care rule 5).
_SEALED = frozenset({"safeguarding"})
_ALERT_LEVELS = {1: "inform", 2: "attend", 3: "emergency"}
_URGENCY = ("inform", "attend", "emergency")
_ALERT_STATES = {1: "raised", 2: "delivered", 3: "accepted"}


@dataclass(frozen=True, slots=True)
class NodeView:
    """One node's health. `state`: ok, warning, error or silent."""

    name: str
    title: str
    robot: str  # empty: the home's own
    state: str
    message: str


@dataclass(frozen=True, slots=True)
class AlertView:
    """As much of an open alert as a corridor may see: no resident, no words."""

    id: str
    kind: str
    level: str
    state: str
    accepted_by: str
    raised_at: datetime
    raise_count: int


@dataclass(frozen=True, slots=True)
class Call(AlertView):
    """An open call for staff with all that signed-in staff may read of it. Never one about safeguarding (rule 5)."""

    resident_id: str
    text: str
    handed_from: str
    handed_to: str


@dataclass(frozen=True, slots=True)
class View:
    """Everything on the page. `covered`: None as long as the alerts node has not spoken."""

    nodes: tuple[NodeView, ...]
    alerts: tuple[AlertView, ...]
    covered: bool | None
    holder: str
    deputy: str
    at: datetime

    @property
    def well(self) -> bool:
        """Whether every node says that all is well."""
        return bool(self.nodes) and all(node.state == "ok" for node in self.nodes)

    def groups(self) -> list[tuple[str, list[NodeView]]]:
        """The nodes, by home and robot."""
        made: dict[str, list[NodeView]] = {}
        for node in self.nodes:
            made.setdefault(node.robot, []).append(node)
        return sorted(made.items())


def ago(then: datetime, now: datetime) -> str:
    """How long ago, in the words of a page that is read in passing."""
    minutes = int((now - then).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    hours = minutes // 60
    return f"{hours} h ago" if hours < 48 else f"{hours // 24} days ago"


class Board:
    """Collects from one thread, gives views to another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._nodes: dict[str, tuple[int, str, float]] = {}
        self._alerts: tuple[AlertView, ...] = ()
        self._covered: bool | None = None
        self._holder = self._deputy = ""
        self._staff_calls: tuple[Call, ...] = ()

    def node(self, name: str, level: int, message: str, at: float) -> None:
        """A node's health, heard at the steady time `at`."""
        with self._lock:
            self._nodes[name] = (level, message, at)

    def calls(self, covered: bool, holder: str, deputy: str, alerts: Iterable[AlertView]) -> None:
        """Who carries the alerts, and which are open."""
        shown = tuple(alert for alert in alerts if alert.kind not in _SEALED)
        with self._lock:
            self._covered, self._holder, self._deputy = covered, holder, deputy
            self._alerts = shown

    def for_staff(self, calls: Iterable[Call]) -> None:
        """The same calls with what signed-in staff may read; never one about safeguarding."""
        shown = [call for call in calls if call.kind not in _SEALED]
        shown.sort(key=lambda call: (call.state == "accepted", -_URGENCY.index(call.level), call.raised_at))
        with self._lock:
            self._staff_calls = tuple(shown)

    def staff_calls(self) -> tuple[Call, ...]:
        """Open calls for signed-in staff, the most urgent that nobody has accepted first."""
        with self._lock:
            return self._staff_calls

    def view(self, now: datetime, at: float) -> View:
        """What the page shows at `now`, steady time `at`."""
        with self._lock:
            nodes = [self._node_view(name, *heard, at) for name, heard in self._nodes.items()]
            # Coverage is only as true as the alerts node is alive.
            alive = any(
                node.name.rsplit("/", 1)[-1] == "alerts" and node.state != "silent" for node in nodes if not node.robot
            )
            return View(
                tuple(sorted(nodes, key=lambda node: (node.robot, _place(node.name), node.name))),
                self._alerts,
                self._covered if alive else None,
                self._holder,
                self._deputy,
                now,
            )

    @staticmethod
    def _node_view(name: str, level: int, message: str, heard_at: float, at: float) -> NodeView:
        robot, _, short = name.rpartition("/")
        title = _WORDS.get(short, short)
        if short not in _HOME and not robot:
            robot = "robot"
        if at - heard_at > SILENT_AFTER_S:
            return NodeView(name, title, robot, "silent", f"not heard for {ago_s(at - heard_at)}")
        return NodeView(name, title, robot, _LEVELS[min(level, 2)], message)


def ago_s(seconds: float) -> str:
    """A span in words, coarse enough not to flicker."""
    return f"{int(seconds // 10) * 10} s" if seconds < 60 else f"{int(seconds // 60)} min"


def _place(name: str) -> int:
    short = name.rpartition("/")[2]
    return list(_WORDS).index(short) if short in _WORDS else len(_WORDS)


def alert_view(
    alert_id: str, kind: str, level: int, state: int, accepted_by: str, raised_at: datetime, raise_count: int
) -> AlertView:
    """From the numbers of kith_msgs/Alert."""
    return AlertView(
        alert_id,
        kind,
        _ALERT_LEVELS.get(level, "emergency"),
        _ALERT_STATES.get(state, "raised"),
        accepted_by,
        raised_at,
        raise_count,
    )


def kind_words(kind: str) -> str:
    """A kind of alert as it is written on the page."""
    return _KINDS.get(kind, kind.replace("_", " ").capitalize())
