"""What the mind keeps of one person while they talk. Gone with the process, but for what `Mind.state` tells."""

from collections import deque
from dataclasses import dataclass, field
from datetime import date, datetime

from behaviours.conversation.state import TalkState
from behaviours.manner import Wish
from culture_profiles.fact import Fact
from culture_profiles.profile import Profile


@dataclass(frozen=True)
class Pending:
    """A question the robot has asked, and what a yes would mean."""

    kind: str
    text: str = ""
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """A refusal: how wide it is (now, today, listening) and until when it holds unless the person lifts it."""

    kind: str
    until: datetime


@dataclass
class Person:
    """One person's side of the talk; the id "" stands for whoever is not known."""

    id: str
    profile: Profile | None = None
    profile_at: datetime | None = None
    locale: str = ""
    locale_wish: str = ""
    wish: Wish = field(default_factory=Wish)
    said_on: date | None = None
    said: dict[str, None] = field(default_factory=dict)  # templates, oldest first
    last_text: str = ""
    last_locale: str = ""
    pending: Pending | None = None
    stored: list[Fact] = field(default_factory=list)
    day: list[Fact] = field(default_factory=list)
    """Lines of the day's summary that wait until nothing else is to be done."""
    topic: str = ""
    topic_turns: int = 0
    repairs: int = 0
    hard_moments: deque[datetime] = field(default_factory=lambda: deque(maxlen=8))
    disclosed: bool = False
    address_due: bool = False
    utterances: int = 0
    greeted_at: datetime | None = None
    met_at: datetime | None = None
    heard_at: datetime | None = None
    refusal: Refusal | None = None
    not_kept_told: bool = False
    memory_refused_on: date | None = None
    camera_refused_on: date | None = None
    asked: dict[str, date] = field(default_factory=dict)
    """Preferences asked about, with the day: none is asked twice."""
    wished_on: date | None = None
    talk: TalkState = field(default_factory=TalkState)
    avoid: tuple[str, ...] = ()
    """Words that the robot does not bring up by itself."""

    def stated(self, key: str) -> str:
        """A value that was stated, confirmed or locked; "" otherwise."""
        fact = self.profile.fact(key) if self.profile is not None else None
        return fact.value if fact is not None and self.profile is not None and fact in self.profile.known() else ""
