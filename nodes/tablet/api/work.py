"""Calls, the shift, reminders, people, the audit log, and how the system is."""

from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Query
from pydantic import AwareDatetime, BaseModel, Field

from behaviours.routines.occurrence import State
from nodes.tablet.acts.calls import accept_call, hand_over
from nodes.tablet.acts.reminders import Wanted, add_reminder, close_reminder
from nodes.tablet.api.caller import Caller, Signature, needs, signed
from nodes.tablet.audit import ABOUT
from nodes.tablet.roles import Role

router = APIRouter()
_LONGEST = timedelta(days=31)
_Id = Annotated[str, Path(min_length=1, max_length=120)]


class NodeHealth(BaseModel):
    """One part of the system."""

    name: str
    state: Literal["ok", "warning", "error", "silent"]
    message: str


class Health(BaseModel):
    """`covered`: whether somebody carries the calls; null: not known."""

    covered: bool | None
    nodes: list[NodeHealth]


class CallForStaff(BaseModel):
    """An open call. Never one about safeguarding."""

    id: str
    kind: str
    level: Literal["inform", "attend", "emergency"]
    state: Literal["raised", "delivered", "accepted"]
    resident_id: str
    text: str
    accepted_by: str
    raised_at: datetime


class Answered(BaseModel):
    """ "I am coming", or done, signed by the person who is."""

    done: bool = False
    signed: Signature


class Shift(BaseModel):
    """Who carries the calls. `covered`: null where it is not known."""

    covered: bool | None
    holder: str
    deputy: str


class NewShift(BaseModel):
    """The holder signs; holder and deputy are two people."""

    signed: Signature = Field(description="The new holder, with their own PIN")
    deputy_id: Annotated[str, Field(max_length=100)] = ""


class Reminder(BaseModel):
    """One time that a reminder is due, and what became of it."""

    id: str
    resident_id: str
    kind: str
    title: str
    due: datetime
    state: State


class NewReminder(BaseModel):
    """`clock`: HH:MM of the home's clock; without `day`, the next time it is that late."""

    resident_id: Annotated[str, Field(min_length=1, max_length=64)]
    kind: Literal[
        "call", "visit", "activity", "appointment", "exercise", "prayer", "drink", "meal", "medicine", "custom"
    ]
    clock: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["15:00"])]
    day: date | None = None
    repeat: Literal["", "FREQ=DAILY", "FREQ=WEEKLY"] = ""
    title: Annotated[str, Field(max_length=200)] = ""
    place: Annotated[str, Field(max_length=200)] = ""


class Added(BaseModel):
    """What was added."""

    id: str


class Closing(BaseModel):
    """Done, as the person who signs says."""

    note: Annotated[str, Field(max_length=200)] = ""
    signed: Signature


class SomebodyNamed(BaseModel):
    """Somebody who may sign in."""

    id: str
    name: str
    role: Role
    active: bool


class AuditRow(BaseModel):
    """Ids and key names, never values."""

    sequence: int
    at: datetime
    who: str
    role: str
    what: str
    resident_id: str
    keys: list[str]
    hash: str


@router.get("/health", tags=["System"], openapi_extra=needs("see_health"))
async def health(visit: Caller) -> Health:
    """How the home's system is. No personal data."""
    view = visit.site.home.view()
    nodes = [NodeHealth(name=each.name, state=each.state, message=each.message) for each in view.nodes]  # type: ignore[arg-type]
    return Health(covered=view.covered, nodes=nodes)


@router.get("/calls", tags=["Calls"], openapi_extra=needs("see_calls"))
async def calls(visit: Caller) -> list[CallForStaff]:
    """Open calls, the most urgent that nobody has accepted first. Whose they are is recorded."""
    found = visit.site.home.calls()
    if found:
        await visit.record("read calls", [f"{ABOUT}{each.resident_id}" for each in found if each.resident_id])
    return [CallForStaff.model_validate(each, from_attributes=True) for each in found]


@router.post("/calls/{call_id}/answer", status_code=204, tags=["Calls"], openapi_extra=needs("accept_call"))
async def answer(visit: Caller, call_id: _Id, new: Answered) -> None:
    """A named person is coming; the robot says so. Only a person can: they sign with their PIN."""
    if all(each.id != call_id for each in visit.site.home.calls()):
        raise HTTPException(404, "There is no such open call.")
    await accept_call(await signed(visit, new.signed), call_id, done=new.done)


@router.get("/shift", tags=["Calls"], openapi_extra=needs("see_now"))
async def shift(visit: Caller) -> Shift:
    """Who carries the calls now."""
    view = visit.site.home.view()
    return Shift(covered=view.covered, holder=view.holder, deputy=view.deputy)


@router.put("/shift", status_code=204, tags=["Calls"], openapi_extra=needs("hand_over"))
async def new_shift(visit: Caller, new: NewShift) -> None:
    """Hand the calls over; the new holder signs."""
    await hand_over(visit, new.signed.person_id, new.deputy_id, new.signed.pin)


@router.get("/reminders", tags=["Reminders"], openapi_extra=needs("see_reminders"))
async def reminders(
    visit: Caller,
    after: Annotated[AwareDatetime | None, Query(description="From this time on; without: now")] = None,
    days: Annotated[int, Query(ge=1, le=_LONGEST.days)] = 7,
    resident_id: Annotated[str, Query(max_length=64)] = "",
) -> list[Reminder]:
    """What is due, and what became of it. Whose reminders they are is recorded."""
    begin = after or visit.now
    try:
        found = await visit.site.home.occurrences(begin, begin + timedelta(days=days), resident_id)
    except OverflowError:
        raise HTTPException(422, "after: too far away") from None
    about = sorted({each.resident_id for each in found})
    if about:
        await visit.record("read reminders", [f"{ABOUT}{each}" for each in about])
    return [Reminder.model_validate(each, from_attributes=True) for each in found]


@router.post("/reminders", status_code=201, tags=["Reminders"], openapi_extra=needs("add_reminder"))
async def new_reminder(visit: Caller, new: NewReminder) -> Added:
    """Create a reminder."""
    if new.resident_id not in await visit.site.home.residents():
        raise HTTPException(404, "There is no such resident.")
    fields = new.model_dump() | {"day": new.day.isoformat() if new.day else ""}
    return Added(id=await add_reminder(visit, Wanted(**fields)))


@router.post(
    "/reminders/{occurrence_id}/close", status_code=204, tags=["Reminders"], openapi_extra=needs("close_reminder")
)
async def close(visit: Caller, occurrence_id: _Id, new: Closing) -> None:
    """Close one as done. Only a person can: they sign with their PIN."""
    await close_reminder(await signed(visit, new.signed), occurrence_id, new.note)


@router.get("/people", tags=["Staff"], openapi_extra=needs("manage_people"))
async def people(visit: Caller) -> list[SomebodyNamed]:
    """Who may sign in on the tablet."""
    found = await visit.site.on_file(visit.site.people.all)
    return [SomebodyNamed.model_validate(each, from_attributes=True) for each in found]


@router.get("/audit", tags=["Staff"], openapi_extra=needs("read_audit"))
async def audit(visit: Caller, newest: Annotated[int, Query(ge=1, le=1000)] = 200) -> list[AuditRow]:
    """The newest rows of the audit log, newest first. `kith audit verify` checks the whole chain."""
    rows = await visit.site.on_file(lambda: visit.site.audit.newest(newest))
    return [
        AuditRow(
            sequence=row.sequence,
            at=datetime.fromisoformat(row.at),
            who=row.who,
            role=row.role,
            what=row.what,
            resident_id=row.resident_id,
            keys=row.keys.split(),
            hash=row.hash,
        )
        for row in rows
    ]
