"""What `kith bench tablet` measures, in a real home of its own."""

import re
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from culture_profiles.errors import KithError
from kith import home as homes
from kith.bench.tablet import browser as browsers
from kith.bench.tablet.device import Device
from kith.bench.tablet.home import CARERS, HANNA, MANAGER, PIN, fill, nodes
from kith.bench.tablet.live import LiveDevices

TARGETS = {"edit_to_robot_ms.p99": 300, "page_ms.p95": 150, "page_kb.max": 150, "clients": 50, "axe_violations": 0}
_SHOWN_WITHIN_MS = 2000.0
_GIVE_UP_S = 10.0
_SETTLES_S = 4.0
_STATIC = re.compile(r'(?:src|href)="(/static/[^"]+)"')
_PAGES = {
    "now": "/now",
    "residents": "/residents",
    "card": f"/residents/{HANNA}",
    "profile": f"/residents/{HANNA}/profile",
    "likes": f"/residents/{HANNA}/profile/likes",
    "culture": f"/residents/{HANNA}/profile/culture",
    "consent": f"/residents/{HANNA}/consent",
    "reminders": "/reminders",
    "new_reminder": f"/reminders/new?resident={HANNA}",
    "hand_over": "/hand-over",
    "robots": "/robots",
    "messages": "/messages",
    "settings": "/settings",
    "staff": "/staff",
    "named": "/named",
    "audit": "/audit",
    "first_run": "/first-run",
    "go_live": "/go-live",
}


@dataclass(frozen=True)
class Plan:
    """How much of it. `edits`: from the tablet to the robot's next sentence; `visits`: of each page."""

    residents: int
    edits: int
    visits: int
    clients: int
    calls: int
    quick: bool


FULL = Plan(residents=200, edits=200, visits=40, clients=50, calls=10, quick=False)
QUICK = Plan(residents=200, edits=12, visits=4, clients=50, calls=2, quick=True)


def measure(plan: Plan, tell: Callable[[str], None]) -> dict[str, Any]:
    """Everything. Errors: KithError when the home does not come up or a page is not as it should be."""
    with tempfile.TemporaryDirectory(prefix="kith-bench-") as folder:
        home = Path(folder) / "home"
        homes.create(home)
        tell("filling a home …")
        fill(home, plan.residents)
        began = time.perf_counter()
        with nodes(home) as url, Device(home, url) as manager:
            from kith.bench.tablet.robot import Robot  # rclpy takes a while to load, and reads the environment

            with Robot(HANNA) as robot:
                robot.until(lambda: robot.home_answers, 180.0, "the home's nodes do not come up")
                manager.set_up()
                _hand_over(manager)
                tell("from the tablet to the robot …")
                edits = _edits(manager, robot, plan.edits)
                first_sentence_s = robot.said[0][0] - began
                tell(f"{plan.clients} devices at once …")
                live = _live(manager, robot, plan)
                found = _in_a_browser(home, url, robot, plan, tell)
        return {
            "edit_to_robot_ms": _spread(edits),
            "edits": len(edits),
            "page_ms": live["page_ms"],
            "page_kb": live["page_kb"],
            "clients": live["clients"],
            "call_shown_ms": live["call_shown_ms"],
            "first_sentence_s": round(first_sentence_s, 1),
            "residents": plan.residents,
            **found,
            "targets": TARGETS,
        }


def _hand_over(manager: Device) -> None:
    page, _ = manager.get("/hand-over")
    people = dict(re.findall(r'<option value="(p-\w+)">([^<]+)</option>', page))
    by_name = {name: key for key, name in people.items()}
    manager.post("/hand-over", holder=by_name[MANAGER], deputy=by_name[CARERS[1]], pin=PIN)


def _edits(manager: Device, robot: Any, count: int) -> list[float]:
    """Milliseconds from sending a change until it is saved and the robot's next sentence has it.

    The question is asked in the moment in which the tablet has confirmed. A sentence that still has what was before is
    asked for again, and its time counts on.
    """
    robot.until(lambda: robot.hears, 180.0, "the robot's mind does not come up")
    settled = time.monotonic() + _SETTLES_S
    robot.until(lambda: time.monotonic() > settled, _SETTLES_S + 1, "")
    _answer(robot, "Good morning.")
    found = []
    for number in range(count):
        wanted = f"Mrs {_name(number)}"
        began = time.perf_counter()
        manager.save(f"/residents/{HANNA}/facts", key="address.form", value=wanted, said_by="resident")
        saved = time.perf_counter()
        deadline = saved + 20.0
        asked = saved
        while wanted not in _answer(robot, "What is my name?"):
            asked = time.perf_counter()
            if asked > deadline:
                raise KithError("the robot does not follow what the tablet saved: `kith doctor` tells what is missing")
        found.append((asked - began) * 1000)
    return found


def _name(number: int) -> str:
    """A name that no other number has, in letters: Baba, Babe …"""
    consonants, vowels = "bdfgklmnprst", "aeiou"
    syllables = [consonants[number // 5 % 12] + vowels[number % 5], consonants[number // 60 % 12] + "a"]
    return "".join(syllables).capitalize() + "n"


def _answer(robot: Any, question: str) -> str:
    """What the robot says to it."""
    before = len(robot.said)
    robot.ask(question)
    robot.until(lambda: len(robot.said) > before, 15.0, "the robot does not answer")
    # All sentences of one turn.
    quiet = time.monotonic() + 0.03
    robot.until(lambda: time.monotonic() > quiet, 1.0, "")
    return " ".join(text for _, text in robot.said[before:])


def _live(manager: Device, robot: Any, plan: Plan) -> dict[str, Any]:
    """Pages while so many devices have the live page open; and how soon a call is on all of them."""
    cookies = []
    for number in range(plan.clients):
        with Device(manager.home, manager.url) as device:
            device.sign_in((MANAGER, *CARERS)[number % 3])
            cookies.append(device.cookies)
    with LiveDevices(manager.url, manager.trusting, cookies) as devices:
        robot.until(lambda: devices.open == plan.clients, 60.0, "not every device gets the live page")
        shown_ms: list[float] = []
        in_time = [True] * plan.clients
        for number in range(plan.calls):
            took = _until_shown(robot, devices, f"live-{number}", f"r{number}", plan.clients)
            shown_ms += took
            in_time = [was and each <= _SHOWN_WITHIN_MS for was, each in zip(in_time, took, strict=True)]
        page_ms, sizes = _pages(manager, plan.visits)
        still_open = devices.open
    for number in range(plan.calls):
        manager.post("/calls/accept", call_id=f"live-{number}", done="yes")
    each = {name: round(_p95(took), 1) for name, took in page_ms.items()}
    everything = [took for every in page_ms.values() for took in every]
    return {
        "page_ms": {**_spread(everything), "each_p95": each},
        "page_kb": {
            "max": round(max(sizes.values()) / 1000, 1),
            "each": {k: round(v / 1000, 1) for k, v in sizes.items()},
        },
        "clients": min(sum(in_time), still_open),
        "call_shown_ms": _spread(shown_ms),
    }


def _until_shown(robot: Any, devices: LiveDevices, call: str, about: str, clients: int) -> list[float]:
    """Milliseconds until each device has a new call on its page; at the most as long as somebody would wait."""
    began, end = time.perf_counter(), time.monotonic() + _GIVE_UP_S
    robot.call_staff(call, about)

    def over() -> bool:
        return len(devices.shown.get(call, ())) == clients or time.monotonic() > end

    robot.until(over, _GIVE_UP_S + 1, "")
    shown = devices.shown.get(call, {})
    return [(shown.get(device, began + _GIVE_UP_S) - began) * 1000 for device in range(clients)]


def _pages(manager: Device, visits: int) -> tuple[dict[str, list[float]], dict[str, int]]:
    """Milliseconds of each visit by page, TLS and the way here included; bytes with all that a first visit loads."""
    took: dict[str, list[float]] = {name: [] for name in _PAGES}
    sizes: dict[str, int] = {}
    static: dict[str, int] = {}
    for number in range(visits + 1):
        for name, path in _PAGES.items():
            page, milliseconds = manager.get(path)
            if number:
                took[name].append(milliseconds)
                continue
            for file in set(_STATIC.findall(page)):
                if file not in static:
                    static[file] = len(manager.web.get(file).content)
            sizes[name] = len(page.encode()) + sum(static[file] for file in set(_STATIC.findall(page)))
    return took, sizes


def _in_a_browser(home: Path, url: str, robot: Any, plan: Plan, tell: Callable[[str], None]) -> dict[str, Any]:
    if missing := browsers.what_is_missing():
        return {"axe_violations": None, "tasks": None, "details": {"browser": missing, "axe": []}}
    robot.call_staff("task")
    with browsers.browser(home, url) as made:
        tell("ten tasks …")
        done = browsers.tasks(made, url)
        tell("accessibility …")
        found = browsers.violations(made, url, [*_PAGES.values(), "/sign-in"], quick=plan.quick)
    return {
        "axe_violations": len(found),
        "tasks": {name: asdict(each) for name, each in done.items()},
        "details": {"browser": "", "axe": found},
    }


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[18] if len(values) > 1 else values[0]


def _spread(values: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(values, n=100)
    return {name: round(value, 1) for name, value in (("p50", cuts[49]), ("p95", cuts[94]), ("p99", cuts[98]))}
