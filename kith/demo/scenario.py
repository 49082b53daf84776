"""A scenario: what residents do, and what must come of it. Expectations are about meaning, not exact sentences."""

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from culture_profiles.errors import KithError

FOLDER = Path(__file__).parent.parent.parent / "sim" / "scenarios"

Outcome = Literal[
    "waiting",
    "approaching",
    "prompting",
    "accepted",
    "later",
    "declined",
    "no_answer",
    "told_staff",
    "closed",
    "missed",
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Reply(_Part):
    """What the robot says next. All that it says until it falls silent counts as one reply."""

    language: str = ""
    """Language of at least one sentence: pl, en."""
    contains: tuple[str, ...] = ()
    """Each must be said somewhere; `a|b` is satisfied by either. Upper and lower case are the same."""
    never: tuple[str, ...] = ()
    slower_by: float = Field(default=0.0, ge=0.0)
    """Fewer letters a second than this resident's earlier replies in the same language, by this factor at least."""


class Known(_Part):
    """A fact that the home's store must hold, asked of the profiles service."""

    key: str
    value: str
    """A part of the value is enough; `a|b` is satisfied by either."""


class Reminder(_Part):
    """A routine that falls due now."""

    kind: str
    title: str
    window_s: int = Field(default=3600, gt=0)


class Why(_Part):
    """A key of which `kith profiles explain` is asked, as its user would, and what it must say."""

    key: str
    contains: tuple[str, ...] = Field(min_length=1)
    """Each must be in the explanation; `a|b` is satisfied by either."""


class Step(_Part):
    """One thing that happens, and what must follow within `within_s` seconds."""

    step: str
    resident: str
    enters: bool = False
    leaves: bool = False
    sent: bool = False
    """A carer sends the robot to them from the tablet, wherever they are; it must get there, and not too near."""
    says: str = ""
    silent: bool = False
    """The resident says nothing."""
    accepts: str = ""
    """The name of a member of staff, who carries the calls from now on and accepts the resident's newest one."""
    remind: Reminder | None = None
    profile: dict[str, str] = {}
    """Facts set by `kith profiles set`, run as its user would."""
    why: Why | None = None
    reply: Reply | None = None
    known: Known | None = None
    reminder: tuple[Outcome, ...] = ()
    """States, one of which the latest reminder of this resident must reach."""
    tries: int = Field(default=1, ge=1, le=3)
    """How often the resident says it, if the robot has not understood."""
    within_s: float = Field(default=12.0, gt=0.0)

    @model_validator(mode="after")
    def _one_thing(self) -> "Step":
        things = [
            self.enters, self.leaves, self.sent, self.says, self.silent, self.accepts,
            self.remind, self.profile, self.why,
        ]  # fmt: skip
        if sum(bool(thing) for thing in things) != 1:
            raise ValueError("needs exactly one of: enters, leaves, sent, says, silent, accepts, remind, profile, why")
        return self


class Scenario(_Part):
    """A named list of steps, with the residents who take part."""

    title: str
    residents: tuple[str, ...] = Field(min_length=1)
    policies: dict[str, Any] = {}
    """What differs in this home, as in its reminders/policies.yaml."""
    steps: tuple[Step, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _known_residents(self) -> "Scenario":
        for step in self.steps:
            if step.resident not in self.residents:
                raise ValueError(f"step {step.step!r}: {step.resident} is not among the residents")
        return self


def load(name: str) -> Scenario:
    """A scenario by its name among Kith's own, or by a path. Errors: KithError naming file and place."""
    path = Path(name) if name.endswith((".yaml", ".yml")) else FOLDER / f"{name}.yaml"
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Scenario.model_validate(content)
    except FileNotFoundError:
        own = ", ".join(sorted(file.stem for file in FOLDER.glob("*.yaml")))
        raise KithError(f"no scenario {name}: there are {own}, or give a YAML file") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise KithError(f"{path.name}: not a readable YAML file") from None
    except ValidationError as problem:
        first = problem.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise KithError(f"{path.name}: {place or 'file'}: {first['msg'].removeprefix('Value error, ')}") from None
