"""Whose ear it is: encounters with mistaken evidence, and how often a wrong person would be told something private.

The evidence comes as it does over `humans/candidate_matches`, and `behaviours/identity.py` decides: tags on chairs and
cardigans, the tablet's "I am with …", the face of who enrolled. Chairs are swapped, cardigans borrowed, visitors sit
down with somebody, the tablet's word outlives the visit, faces are mistaken now and then.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from behaviours.identity import Kind, Presence
from kith.bench.vision.studio import EPOCH

_RESIDENTS = tuple(f"resident_{number}" for number in range(12))
_SECONDS = 40
_SWAPPED, _BORROWED, _VISITED, _STALE = 0.2, 0.2, 0.25, 0.2
_FACE_MISTAKEN = 0.01
_ENROLLED = 0.5


@dataclass
class Outcome:
    """Encounters; in how many something private could be told to the right person, and to a wrong one."""

    encounters: int = 0
    with_errors: int = 0
    private_rightly: int = 0
    wrong_person_disclosures: int = 0


def run(encounters: int, seed: int = 4) -> dict[str, Any]:
    """So many encounters, one after the other at the same robot: evidence of one runs on into the next."""
    chance, outcome = np.random.default_rng(seed), Outcome()
    presence, now = Presence(), EPOCH
    enrolled = frozenset(each for each in _RESIDENTS if chance.random() < _ENROLLED)
    before = ""
    for number in range(encounters):
        outcome.encounters += 1
        who, other = (str(each) for each in chance.choice(_RESIDENTS, 2, replace=False))
        swapped, borrowed = chance.random() < _SWAPPED, chance.random() < _BORROWED
        visited, stale = chance.random() < _VISITED, bool(before) and chance.random() < _STALE
        mistaken = who in enrolled and chance.random() < _FACE_MISTAKEN
        outcome.with_errors += swapped or borrowed or visited or stale or mistaken
        chair, worn = (other if swapped else who), (other if borrowed else who)
        face = str(chance.choice(_RESIDENTS)) if mistaken else who
        told = before if stale else who if chance.random() < 0.3 else ""
        right = wrong = False
        for second in range(_SECONDS):
            now += timedelta(seconds=1)
            presence.bodies([f"body_{number}", *([f"visitor_{number}"] if visited else [])], now)
            presence.observe(chair, Kind.OTHER, "tag_chair", 0.9, now)
            presence.observe(worn, Kind.OTHER, "tag_worn", 0.9, now)
            if told and second == 0:
                presence.observe(told, Kind.OTHER, "tablet", 1.0, now)
            if face in enrolled and second % 3 == 0:
                presence.observe(face, Kind.FACE, f"face_{number}", 0.8, now)
            said = presence.speaker(now)
            right |= said.private and said.person_id == who and not visited
            wrong |= said.private and (said.person_id != who or visited)
        outcome.private_rightly += right
        outcome.wrong_person_disclosures += wrong
        before = who
        now += timedelta(seconds=float(chance.choice([5, 60])))
    return asdict(outcome)
