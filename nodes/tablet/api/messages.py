"""Messages to residents: from a named sender, read only after a yes."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from nodes.tablet.acts.messages import send_message, take_back_message
from nodes.tablet.api.caller import Caller, OfResident, needs
from nodes.tablet.audit import ABOUT
from nodes.tablet.sent import LONGEST_SENDER, LONGEST_TEXT, Message, Standing

router = APIRouter(tags=["Messages"])


class SentMessage(BaseModel):
    """A message and what became of it. `text` is empty once it is forgotten, a day after its end."""

    id: str
    resident_id: str
    sender: str
    text: str
    created_by: str
    created_at: datetime
    state: Standing
    ended_at: datetime | None

    @classmethod
    def of(cls, message: Message) -> "SentMessage":
        """As it is kept."""
        return cls.model_validate(message, from_attributes=True)


class NewMessage(BaseModel):
    """`sender`: as the robot names them to the resident, such as "your daughter Ewa"."""

    sender: Annotated[str, Field(min_length=1, max_length=LONGEST_SENDER)]
    text: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]


@router.get("/messages", openapi_extra=needs("see_messages"))
async def messages(visit: Caller) -> list[SentMessage]:
    """The newest to everybody. Whose they are is recorded."""
    found = await visit.site.on_file(lambda: visit.site.sent.all())
    if found:
        await visit.record("read messages", sorted({f"{ABOUT}{each.resident_id}" for each in found}))
    return [SentMessage.of(each) for each in found]


@router.get("/residents/{resident_id}/messages", openapi_extra=needs("see_messages"))
async def of_resident(visit: OfResident) -> list[SentMessage]:
    """The newest to one resident. Reading them is recorded."""
    found = await visit.site.on_file(lambda: visit.site.sent.all(visit.resident_id))
    if found:
        await visit.record("read messages")
    return [SentMessage.of(each) for each in found]


@router.post("/residents/{resident_id}/messages", status_code=201, openapi_extra=needs("send_message"))
async def send(visit: OfResident, new: NewMessage) -> SentMessage:
    """Keep one until it is read. 409: the sender is barred, or the resident does not talk with the robot."""
    return SentMessage.of(await send_message(visit, new.sender, new.text))


@router.delete("/residents/{resident_id}/messages/{message_id}", status_code=204, openapi_extra=needs("send_message"))
async def take_back(visit: OfResident, message_id: Annotated[str, Path(max_length=64)]) -> None:
    """Not read any more. 409: it is over already."""
    await take_back_message(visit, message_id)
