"""Residents: who they are, what is known, consents, state of life."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path
from pydantic import BaseModel, Field

from culture_profiles.consent import Basis, Purpose, Record, consents
from culture_profiles.fact import Fact, Source, Status
from culture_profiles.keys import spec
from culture_profiles.state_of_life import KEY as STATE
from culture_profiles.state_of_life import StateOfLife
from nodes.tablet.acts.consents import Decision, record_consent
from nodes.tablet.acts.erasing import erase_resident
from nodes.tablet.acts.facts import Change, change_fact, may_read
from nodes.tablet.acts.importing import import_residents
from nodes.tablet.acts.residents import add_resident, set_care, set_state
from nodes.tablet.api.caller import Caller, OfResident, Signature, needs, signed
from nodes.tablet.card import make_card
from nodes.tablet.questions import is_sensitive

router = APIRouter(tags=["Residents"])
_Text = Annotated[str, Field(max_length=1_000)]


class Resident(BaseModel):
    """A resident's id and name."""

    id: str
    name: str


class NewResident(BaseModel):
    """A resident begins with a name."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    room: Annotated[str, Field(max_length=100)] = ""
    practice: bool = Field(default=False, description="Somebody who does not exist, to practise with")


class Begun(BaseModel):
    """What was begun."""

    id: str


class IncomingFile(BaseModel):
    """A file of another system: a table (.csv), or FHIR R4 Patient and RelatedPerson (.json, .ndjson)."""

    name: Annotated[str, Field(max_length=200, examples=["residents.csv"])]
    text: Annotated[str, Field(max_length=1_900_000)]


class TakenIn(BaseModel):
    """A resident who was begun. `passed_over`: what the file holds and Kith does not keep."""

    id: str
    name: str
    facts: int
    passed_over: list[str]


class Known(BaseModel):
    """One thing known: from whom, how it stands, since when. `who`: id of the person or program that wrote it."""

    sequence: int
    key: str
    value: str
    source: Source
    status: Status
    confidence: float
    who: str
    when: datetime

    @classmethod
    def of(cls, fact: Fact) -> "Known":
        """A stored fact, without its note."""
        return cls(**fact.model_dump(include=set(cls.model_fields)))


class HowToBe(BaseModel):
    """The one page about how to be with a resident."""

    name: str
    state: StateOfLife
    care_in_progress: bool
    not_heard: list[str] = Field(description="Languages of theirs in which a call for help is not understood")
    lines: dict[str, list[Known]]


class NewFact(BaseModel):
    """A change. `seen`: the sequence of the newest fact that was shown; what was written since is not run over."""

    key: Annotated[str, Field(max_length=100, examples=["food.disliked"])]
    value: _Text = ""
    act: Literal["say", "confirm", "never", "remove"] = "say"
    said_by: Literal["resident", "family", "staff"] = "staff"
    old: _Text = ""
    seen: Annotated[int, Field(ge=-1, lt=2**63)] = -1


class NewConsent(BaseModel):
    """A yes with what it rests on, or a no. Who signs has spoken with the person or seen the papers."""

    answer: Literal["yes", "no"]
    basis: Basis | None = None
    decider: Annotated[str, Field(max_length=200)] = ""
    assessment: Annotated[str, Field(max_length=200)] = ""
    review: date | None = None
    consulted: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=20)] = []
    signed: Signature


class ConsentStanding(BaseModel):
    """Whether a consent counts today, and why not."""

    purpose: Purpose
    counts: bool
    why: str
    answer: str | None = None
    basis: str | None = None


class NewState(BaseModel):
    """`died` needs `confirmed` and senior staff."""

    state: StateOfLife
    confirmed: bool = False
    signed: Signature


class Erasing(BaseModel):
    """Everything about a resident, on the decision of the manager who signs. `name`: the full name, typed."""

    name: Annotated[str, Field(max_length=200)]
    signed: Signature


class Erased(BaseModel):
    """Who still holds a copy that goes as soon as it can be reached: the store's file, backups, or a robot."""

    pending: list[str]


class NewCare(BaseModel):
    """Who is with the person; `no` when it is over."""

    care: Literal["no", "care", "clergy", "doctor", "lawyer"]


@router.get("/residents", openapi_extra=needs("see_residents"))
async def residents(visit: Caller) -> list[Resident]:
    """Everybody, by name."""
    found = (await visit.site.home.residents()).items()
    return [Resident(id=key, name=name) for key, name in sorted(found, key=lambda pair: pair[1].casefold())]


@router.post("/residents", status_code=201, openapi_extra=needs("add_resident"))
async def begin(visit: Caller, new: NewResident) -> Begun:
    """Begin a profile. Everything is off but talk, calling staff and stopping."""
    return Begun(id=await add_resident(visit, new.name, new.room, practice=new.practice))


@router.post("/residents/import", status_code=201, openapi_extra=needs("import_residents"))
async def take_in(visit: Caller, file: IncomingFile) -> list[TakenIn]:
    """Begin everybody in a file, or nobody: 409 names file, line and field of the first mistake."""
    taken = await import_residents(visit, file.name, file.text)
    return [TakenIn.model_validate(each, from_attributes=True) for each in taken]


@router.get("/residents/{resident_id}", openapi_extra=needs("see_card"))
async def card(visit: OfResident) -> HowToBe:
    """How to be with a resident. Reading it is recorded."""
    profile = await visit.site.home.profile(visit.resident_id)
    sensitive, safety = visit.may("see_sensitive") or visit.may("see_safety"), visit.may("see_safety")
    made = make_card(profile, visit.today, visit.site.heard(), sensitive=sensitive, safety=safety)
    await visit.record("read card", [*made.read, STATE])
    return HowToBe(
        name=profile.value("name.preferred") or profile.value("name.full") or visit.resident_id,
        state=made.life.state,
        care_in_progress=made.life.care_in_progress,
        not_heard=list(made.not_heard),
        lines={group: [Known.of(line.fact) for line in lines] for group, lines in made.lines.items()},
    )


@router.post("/residents/{resident_id}/erase", openapi_extra=needs("release_data"))
async def erase(visit: OfResident, wanted: Erasing) -> Erased:
    """Erase profile, reminders, alerts and messages for good. 409: under a legal hold, or the name is wrong."""
    return Erased(pending=list(await erase_resident(await signed(visit, wanted.signed), wanted.name)))


@router.get("/residents/{resident_id}/facts", openapi_extra=needs("see_profile"))
async def facts(visit: OfResident) -> list[Known]:
    """What is in force, assumed things marked as assumed. Reading what is sensitive is recorded."""
    profile = await visit.site.home.profile(visit.resident_id)
    found = [fact for fact in profile.facts if may_read(visit, spec(fact.key))]
    if read := [fact.key for fact in found if is_sensitive(spec(fact.key))]:
        await visit.record("read profile", read)
    return [Known.of(fact) for fact in found]


@router.post("/residents/{resident_id}/facts", openapi_extra=needs("edit_profile"))
async def change(visit: OfResident, new: NewFact) -> Known:
    """Change one thing; the running robot follows at once. 409: refused, or changed by somebody else since `seen`."""
    return Known.of(await change_fact(visit, Change(**new.model_dump())))


@router.get("/residents/{resident_id}/facts/{key}", openapi_extra=needs("see_profile"))
async def history(visit: OfResident, key: Annotated[str, Path(max_length=100)]) -> list[Known]:
    """Who said what when about one thing, oldest first."""
    known = spec(key)
    if not may_read(visit, known):
        raise HTTPException(403, "This token's role may not do that.")
    if is_sensitive(known):
        await visit.record("read history", [known.name])
    return [Known.of(fact) for fact in await visit.site.home.history(visit.resident_id, key)]


@router.get("/residents/{resident_id}/consents", openapi_extra=needs("see_consent"))
async def all_consents(visit: OfResident) -> list[ConsentStanding]:
    """Each purpose: whether it counts today."""
    profile = await visit.site.home.profile(visit.resident_id)
    await visit.record("read consents", [f"consent.{purpose}" for purpose in Purpose])
    found = consents(profile, visit.today)
    return [
        ConsentStanding(
            purpose=purpose,
            counts=standing.allowed,
            why=standing.why,
            answer=profile.value(f"consent.{purpose}"),
            basis=Record.of(profile, purpose).basis,
        )
        for purpose, standing in found.items()
    ]


@router.put("/residents/{resident_id}/consents/{purpose}", openapi_extra=needs("record_consent"))
async def consent(visit: OfResident, purpose: Purpose, new: NewConsent) -> ConsentStanding:
    """Record a yes or a no, signed by the member of staff who vouches for it."""
    decision = Decision(
        purpose=purpose,
        answer=new.answer,
        basis=new.basis or "",
        decider=new.decider,
        assessment=new.assessment,
        review=new.review.isoformat() if new.review else "",
        consulted=tuple(new.consulted),
    )
    standing = await record_consent(await signed(visit, new.signed), decision)
    return ConsentStanding(
        purpose=purpose, counts=standing.allowed, why=standing.why, answer=new.answer, basis=new.basis
    )


@router.put("/residents/{resident_id}/state", status_code=204, openapi_extra=needs("set_state"))
async def state(visit: OfResident, new: NewState) -> None:
    """State of life, signed. `died` stops everything queued for them and announces nothing."""
    await set_state(await signed(visit, new.signed), new.state, confirmed=new.confirmed)


@router.put("/residents/{resident_id}/care", status_code=204, openapi_extra=needs("set_state"))
async def care(visit: OfResident, new: NewCare) -> None:
    """Care in progress: microphone and camera stop visibly."""
    await set_care(visit, new.care)
