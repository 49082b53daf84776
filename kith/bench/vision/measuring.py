"""What `kith bench vision` measures."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kith.bench.vision import encounters, on_floor, pace, seen
from kith.bench.vision.people import TONES
from nodes.base.models import default_models_dir
from nodes.vision import faces

TARGETS = {
    "frame_ms.p95": 40,
    "cpu_percent": 25,
    "skin_tone_gap": 5,
    "floor.recall": 0.95,
    "floor.false_alarms_per_day": 1,
    "wrong_person_disclosures": 0,
}


@dataclass(frozen=True)
class Plan:
    """How much of it: pictures timed, falls, days without one, encounters."""

    quick: bool
    pictures: int
    falls: int
    days: float
    encounters: int


FULL = Plan(quick=False, pictures=400, falls=240, days=2.0, encounters=1000)
QUICK = Plan(quick=True, pictures=60, falls=12, days=1 / 48, encounters=1000)


def measure(plan: Plan, tell: Callable[[str], None]) -> dict[str, Any]:
    """Everything, with the face detector that is installed. Errors: KithError when this machine cannot draw."""
    detector = faces.load(default_models_dir())
    tell("what a picture costs …")
    cost = pace.measure(detector, plan.pictures)
    looked = seen.measure(detector, quick=plan.quick, tell=tell)
    floor = on_floor.falls(detector, plan.falls, tell)
    on_floor.days(detector, plan.days, floor, tell)
    tones = [f"tone_{number + 1}" for number in range(len(TONES))]
    identity = encounters.run(plan.encounters)
    return {
        **cost,
        "faces_by": detector.name,
        "faces": looked.faces.figures(),
        "engagement": looked.engagement.figures(),
        "skin_tone_gap": looked.faces.gap(tones),
        "floor": floor.figures(),
        "wrong_person_disclosures": identity["wrong_person_disclosures"],
        "encounters": identity,
        "targets": TARGETS,
        "quick": plan.quick,
    }
