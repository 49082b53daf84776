"""Where the ordinary talk with one person stands. What must survive a restart are marks, topics and days: no words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from behaviours.conversation.ledger import Ledger
from behaviours.games.game import Game

_THREAD_LASTS = timedelta(days=14)


@dataclass
class TalkState:
    """Of one person. `declined`: what they did not want, with the day; topics and `game:…`."""

    ledger: Ledger = field(default_factory=Ledger)
    declined: dict[str, date] = field(default_factory=dict)
    talked: dict[str, date] = field(default_factory=dict)
    """Topics talked about, with the last day."""
    threads: dict[str, date] = field(default_factory=dict)
    """Topics in which the talk broke off or more was promised, with the day."""
    raised: set[str] = field(default_factory=set)
    """Topics that the person came upon themselves in this conversation."""
    noes: int = 0
    """Plain noes one after the other on this topic."""
    changes: int = 0
    """Topics in this conversation."""
    only_listened: bool = False
    """Whether the last turn of the robot held no question."""
    how_on: date | None = None
    """When it last asked how the person is."""
    beyond_on: date | None = None
    """When it last said that it cannot speak about something in this language."""
    reflected: bool = False
    """Whether the last turn of the robot said back what was told."""
    tender: int = 0
    """So many more turns after words of loss no other subject is brought in."""
    piece: str = ""
    """The joke, poem or song that was just told: its kind."""
    stories: int = 0
    """How often it was asked today whether something told may be kept, with its day in `stories_on`."""
    stories_on: date | None = None
    game: Game | None = None
    left: Game | None = None
    """A game that was left for talk about something else."""
    away: int = 0
    """Turns since the last move of the game that is on."""
    turns: dict[str, int] = field(default_factory=dict)
    """Of today's turns, how many on which topic: for the summary."""
    turns_on: date | None = None

    def is_declined(self, what: str, today: date) -> bool:
        """Whether the person has declined this today."""
        return self.declined.get(what) == today

    def leave(self, topic: str, today: date) -> None:
        """The talk on a topic breaks off: there may be more to tell."""
        if topic:
            self.threads[topic] = today

    def thread(self, today: date) -> str:
        """A topic of an earlier day to come back to, the newest first; "" for none."""
        open_ = [
            (day, topic)
            for topic, day in self.threads.items()
            if day < today and today - day <= _THREAD_LASTS and not self.is_declined(topic, today)
        ]
        return max(open_)[1] if open_ else ""

    def state(self, today: date) -> dict[str, Any]:
        """What must survive a restart."""
        self.ledger.forget(today)
        days = {"talked": self.talked, "threads": self.threads, "declined": self.declined}
        kept = {name: {topic: day.isoformat() for topic, day in each.items()} for name, each in days.items()}
        return {"said": self.ledger.state(), **kept}

    @classmethod
    def of_state(cls, state: Mapping[str, Any]) -> "TalkState":
        """From `state()`. Raises KeyError, ValueError, TypeError or AttributeError when it is damaged."""
        talked, threads, declined = (
            {str(topic): date.fromisoformat(day) for topic, day in state[name].items()}
            for name in ("talked", "threads", "declined")
        )
        return cls(Ledger.of_state(state["said"]), declined=declined, talked=talked, threads=threads)
