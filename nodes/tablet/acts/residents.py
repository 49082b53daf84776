"""Beginning a profile, and a resident's state of life."""

import secrets

from culture_profiles.errors import KithError
from culture_profiles.fact import Source, Status, make_fact
from culture_profiles.state_of_life import KEY as STATE
from culture_profiles.state_of_life import StateOfLife
from nodes.base.go_live import PRACTICE
from nodes.tablet.site.visit import Visit

CARE = "care_in_progress"


class NotConfirmedError(KithError):
    """That somebody has died is asked twice."""


async def add_resident(visit: Visit, name: str, room: str = "", *, practice: bool = False) -> str:
    """A new resident begins with a name; returns the id, which tells nothing of it.

    `practice`: somebody who does not exist. Errors: KithError where real residents must wait (care rule 26).
    """
    name, room = " ".join(name.split()), " ".join(room.split())
    if not name:
        raise KithError("Write the name.")
    resident_id = f"{PRACTICE if practice else 'r-'}{secrets.token_hex(4)}"
    await visit.check_may_begin(resident_id)
    fact = make_fact(
        resident_id=resident_id,
        key="name.full",
        value=name,
        source=Source.CARER,
        status=Status.STATED,
        who=visit.person.id,
        when=visit.now,
    )
    await visit.record("write", [fact.key], resident_id)
    await visit.site.home.write(fact)
    if room:
        await visit.record("write", ["room.name"], resident_id)
        await visit.site.home.write(fact.model_copy(update={"key": "room.name", "value": room[:100]}))
    return resident_id


async def set_state(visit: Visit, wanted: str, *, confirmed: bool) -> None:
    """Here, out, hospital, end of life, isolation; died only by senior staff, and confirmed (care rule 23).

    Errors: NotConfirmedError; ForbiddenError; KithError.
    """
    if wanted not in list(StateOfLife):
        raise KithError("Choose one of the states.")
    status = Status.STATED
    if wanted == StateOfLife.DIED:
        visit.require("confirm_died")
        if not confirmed:
            raise NotConfirmedError("Confirm that they have died.")
        status = Status.CONFIRMED
    await _staff_write(visit, STATE, wanted, status)


async def set_care(visit: Visit, who: str) -> None:
    """Care in progress: microphone and camera stop visibly, also for clergy, doctors and lawyers."""
    await _staff_write(visit, CARE, who, Status.STATED)


async def _staff_write(visit: Visit, key: str, value: str, status: Status) -> None:
    fact = make_fact(
        resident_id=visit.resident_id,
        key=key,
        value=value,
        source=Source.CARER,
        status=status,
        who=visit.person.id,
        when=visit.now,
    )
    await visit.record("state", [key])
    await visit.site.home.write(fact)
