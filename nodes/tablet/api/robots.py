"""Robots: how they are, and what staff ask of them."""

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

from nodes.tablet.acts.robots import LOUDNESS, QUIET_S, order_robot, stop_robot
from nodes.tablet.api.caller import Caller, needs

router = APIRouter(tags=["Robots"])
_Name = Annotated[str, Field(max_length=64, description="The robot's name; empty: a home's only one")]


class Robot(BaseModel):
    """One robot. `battery`: 0 to 1; null: not known. `beside`: ids of residents there, for those who may see residents.

    What it says is never told here.
    """

    name: str
    alive: bool
    battery: float | None
    charging: bool
    stopped: bool
    senses_on: bool
    loudness: float
    quiet_until: str
    place: str
    beside: list[str]


class Stopping(BaseModel):
    """Hold it where it stands, or let it move again."""

    robot: _Name = ""
    stopped: bool


class NewOrder(BaseModel):
    """`value`: a resident's id for come and with (who is before it; empty: nobody any more), minutes for quiet.

    0 minutes end it; loudness and senses take what is named below.
    """

    robot: _Name = ""
    order: Literal["come", "with", "quiet", "loudness", "senses"]
    value: Annotated[
        str,
        Field(max_length=64, description=f"{', '.join(QUIET_S)}; {', '.join(LOUDNESS)}; on, off; or a resident's id"),
    ]


@router.get("/robots", openapi_extra=needs("see_robots"))
async def robots(visit: Caller) -> list[Robot]:
    """Every robot of the home."""
    named = visit.may("see_residents")
    found = []
    for each in visit.site.home.robots():
        fields = {name: getattr(each, name) for name in Robot.model_fields if name != "beside"}
        found.append(Robot(**fields, beside=list(each.beside) if named else []))
    return found


@router.post("/robots/stop", status_code=204, openapi_extra=needs("stop_robot"))
async def stop(visit: Caller, wanted: Stopping) -> None:
    """Stop at once, or let it move again. Stopping is everyone's."""
    await stop_robot(visit, wanted.robot, stopped=wanted.stopped)


@router.post("/robots/order", status_code=204, openapi_extra=needs("order_robot"))
async def order(visit: Caller, wanted: NewOrder) -> None:
    """Come, know who is there, be quiet, louder or softer, hear and see nothing. 409: not now, and why."""
    if (
        wanted.order == "come" or (wanted.order == "with" and wanted.value)
    ) and wanted.value not in await visit.site.home.residents():
        raise HTTPException(404, "There is no such resident.")
    await order_robot(visit, wanted.robot, wanted.order, wanted.value)
