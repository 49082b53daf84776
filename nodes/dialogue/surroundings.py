"""Who is here, as far as the evidence goes, and their profiles."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hri_msgs.msg import IdsMatch
from rclpy.task import Future

from behaviours.acts import Act
from behaviours.identity import Kind, Presence, Who
from behaviours.mind import Mind
from culture_profiles.fact import Fact
from culture_profiles.profile import Profile
from nodes.base import graph
from nodes.base.node import KithNode
from nodes.base.profile_client import robot_profiles
from nodes.dialogue.settings import DialogueSettings

_NEWS_WITHIN_S = 0.2
_ARRIVED_S = 1.0  # evidence of somebody comes in so soon after the robot came to them
_KINDS = {IdsMatch.FACE: Kind.FACE, IdsMatch.BODY: Kind.BODY, IdsMatch.VOICE: Kind.VOICE, IdsMatch.UNSET: Kind.OTHER}


class Surroundings:
    """Tells the mind who comes, who goes and what is known of them.

    `needs`: whether somebody's profile is followed although they are gone; `told`: called with each new profile.
    """

    def __init__(
        self,
        node: KithNode[DialogueSettings],
        mind: Mind,
        perform: Callable[[list[Act]], None],
        *,
        needs: Callable[[str], bool],
        told: Callable[[Profile], None],
    ) -> None:
        self._node, self._mind, self._perform, self._needs, self._told = node, mind, perform, needs, told
        self.here: tuple[str, ...] = ()
        self._presence = Presence(expiry=timedelta(seconds=node.settings.evidence_expires_s))
        self._awaiting_news: list[Future] = []
        self._patient_until = 0.0
        self.profiles = robot_profiles(node, self._on_profile, node.settings.home_dir, node.settings.robot or "robot")
        node.subscription(graph.CANDIDATE_MATCHES, self._on_match)
        node.subscription(graph.BODIES_TRACKED, self._on_bodies)

    def strangers(self, now: datetime) -> int:
        """How many people are here of whom nothing is known."""
        return self._presence.strangers(now)

    def speaker(self, now: datetime, voice_id: str = "") -> Who:
        """Who speaks, or lays a hand on the robot."""
        return self._presence.speaker(now, voice_id)

    def who(self, resident_id: str) -> Who:
        """How well a resident who is here is known."""
        return self._presence.who(resident_id, self._node.now())

    def next_due(self, now: datetime) -> datetime | None:
        """When evidence of somebody ends, or a profile is to be confirmed."""
        times = (self._presence.next_expiry(now), self.profiles.next_due())
        return min((each for each in times if each is not None), default=None)

    # Looking --------------------------------------------------------------------------------------------------------
    def look(self) -> None:
        """Call now and then: evidence ends by itself, and profiles are confirmed."""
        for person_id in self.here:
            self.check_profile(person_id)
        if self._presence.people(self._node.now()) != self.here:
            self._look_around()

    def check_profile(self, resident_id: str) -> None:
        """Tell the mind when the home last confirmed what is known of a resident."""
        if (checked := self.profiles.as_of(resident_id)) is not None:
            self._mind.profile_checked(resident_id, checked)

    def _on_match(self, message: IdsMatch) -> None:
        sides = [(message.id1, message.id1_type), (message.id2, message.id2_type)]
        people = [each for each in sides if each[1] == IdsMatch.PERSON]
        others = [each for each in sides if each[1] != IdsMatch.PERSON]
        if len(people) != 1 or len(others) != 1 or not people[0][0]:
            return
        (person_id, _), (transient_id, kind) = people[0], others[0]
        kind = _KINDS.get(kind, Kind.OTHER)
        self._presence.observe(person_id, kind, transient_id, message.confidence, self._node.now())
        self._look_around()

    def _on_bodies(self, message: Any) -> None:
        self._presence.bodies(list(message.ids), self._node.now())
        self._look_around()

    def _look_around(self) -> None:
        now = self._node.now()
        here = self._presence.people(now)
        for gone in set(self.here) - set(here):
            self._mind.gone(gone)
            if not self._needs(gone):
                self.profiles.unfollow(gone)
        for come in set(here) - set(self.here):
            self.profiles.follow(come)
        self.here = here
        self._node.health.values["people"] = str(len(here))
        for person_id in here:
            self._perform(self._mind.presence(self._presence.who(person_id, now), now))
        self._tell_news()

    def _on_profile(self, profile: Profile, _fact: Fact | None) -> None:
        self._told(profile)
        if profile.resident_id not in self.here and not self._needs(profile.resident_id):
            self._node.post(lambda: self.profiles.unfollow(profile.resident_id))
        self._perform(self._mind.profile_changed(profile, self._node.now()))
        self._tell_news()

    # Waiting for evidence -------------------------------------------------------------------------------------------
    def be_patient(self, seconds: float = _ARRIVED_S) -> None:
        """Evidence of who is here comes in within so many real seconds: until then nobody counts as absent."""
        self._patient_until = max(self._patient_until, self._node.steady_s() + seconds)

    @property
    def patience_s(self) -> float:
        """Real seconds left of that time; 0 when nothing waits for it."""
        return max(0.01, self._patient_until - self._node.steady_s()) if self._awaiting_news else 0.0

    def knows(self, resident_id: str) -> bool:
        """Whether the resident is here and known, or there has been time enough to find out."""
        ready = resident_id in self.here and self.profiles.profile(resident_id) is not None
        return ready or self._node.steady_s() >= self._patient_until

    def news(self) -> Future:
        """Done with the next word of who is here or what is known of them, or after a moment of real time."""
        news = Future(executor=self._node.executor)
        self._awaiting_news.append(news)
        self._node.after(_NEWS_WITHIN_S, lambda: self._no_news(news), steady=True)
        return news

    def _no_news(self, news: Future) -> None:
        if news in self._awaiting_news:
            self._awaiting_news.remove(news)
            news.set_result(None)

    def _tell_news(self) -> None:
        for news in list(self._awaiting_news):
            self._no_news(news)
