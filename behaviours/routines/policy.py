"""What the reminder ladder does, by kind: read from policies.yaml, so that it can be read and changed as data."""

from datetime import timedelta
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from behaviours.routines.routine import KINDS


class Tell(StrEnum):
    """How staff learn of something."""

    NONE = "none"
    INFORM = "inform"
    ATTEND = "attend"


class Telling(BaseModel):
    """How staff learn of each ending."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    accepted: Tell
    declined: Tell
    no_answer: Tell
    missed: Tell
    not_here: Tell


class Policy(BaseModel):
    """One kind's policy; times in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prompts: int = Field(ge=1, le=10)
    again_after_s: int = Field(ge=30, le=7200)
    later_s: int = Field(ge=60, le=7200)
    interrupted_after_s: int = Field(ge=5, le=600)
    late_after_s: int = Field(ge=10, le=3600)
    no_robot_after_s: int = Field(ge=30, le=7200)
    urgency: int = Field(ge=0, le=9)
    closed_by: Literal["resident", "staff"]
    tell: Telling

    @property
    def again_after(self) -> timedelta:
        """Between prompts without an answer."""
        return timedelta(seconds=self.again_after_s)


def _merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    return {**base, **own, "tell": {**base["tell"], **own.get("tell", {})}}


@cache
def policies() -> dict[str, Policy]:
    """The policy of every kind."""
    text = (resources.files(__package__) / "policies.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    base = data.pop("default")
    return {kind: Policy.model_validate(_merged(base, data[kind])) for kind in KINDS}


def policy(kind: str) -> Policy:
    """The policy of a kind; an unknown kind is treated as custom."""
    known = policies()
    return known.get(kind, known["custom"])
