"""Whether the robot is meant. Television, two people talking and a phone call are not for it; calls for help are.

Evidence is added up as log odds. The weights are set by hand and measured by `kith bench speech` (false replies per
hour, and how many sentences that were for the robot it missed).
"""

import re
from collections import deque
from dataclasses import dataclass
from math import exp

from nodes.asr.traits import Traits

_NAMED = re.compile(r"\b(?:kith|keith|robot|kit)\b|로봇|ロボット|机器人", re.I)
_TO_A_MACHINE = re.compile(
    r"(?i)\b(?:remind me|what(?:'s| is) the time|what time|what day|speak (?:up|louder|slower)|a little slower|"
    r"say that again|call (?:the|a|my)|tell me|what do you know|stop|go away|hello|"
    r"good (?:morning|afternoon|evening|night))\b"
)
_ON_THE_PHONE = re.compile(
    r"(?i)\b(?:yes[,.]? speaking|(?:lovely|nice|good) to hear from you|who(?:'s| is) (?:calling|this|speaking)|"
    r"(?:ring|call|phone) you (?:back|later|tomorrow)|bye[ -,]*bye|can you hear me|the line is|wrong number|"
    r"on the phone|thanks for (?:calling|ringing))"
)

NEAR = 0.8  # a voice in a quiet room is probably meant
CALLED = 5.0
ANSWERS = 2.5  # right after the robot asked
TALKS = 1.5  # goes on with a conversation, in the same voice
FITS = 0.7
PHONE = -3.5  # also for what the same voice says within `_PHONE_S` after it
PER_SECOND = -0.14  # of talk in the last half minute that was not the robot's
MOST = -4.0
TURNS = -1.6  # two voices in turn
RUNS_ON = -1.2  # begins right after other talk, or lasts long
TALKED_OVER = -3.0  # goes on while the robot speaks, as a television does
FAR = -1.8
FAR_FOR_LONG = -3.0  # known for sure where there is more than a sentence
FAINT = -1.2

_ANSWER_S = 9.0
_TALK_S = 25.0
_MEMORY_S = 30.0
_PHONE_S = 30.0
_NOTICE_S = 40.0
_OVER_S = 0.1  # less is a quick answer
_OVER_LONG_S = 2.5
_TIMES = 3
_OTHER_VOICE = 0.4
_LAST_OTHERS = 8
_RIGHT_AFTER_S = 1.4
_LONG_S = 11.0
_SHALLOW_DB = 15.0
_KNOWN_S = 4.0
_FILLED_DB, _CLEAR_DB = 12.0, 14.0  # gaps of a television across the room, and of a voice near by
_FAINTER_DB = 9.0


@dataclass(frozen=True)
class Stretch:
    """One utterance as it counts here. Times in seconds; `over_s`: how much of it sounded while the robot spoke."""

    began: float
    ended: float
    traits: Traits
    text: str = ""
    over_s: float = 0.0

    @property
    def seconds(self) -> float:
        """How long it lasted."""
        return max(0.0, self.ended - self.began)


class Addressee:
    """Judges one utterance after the other, in the order in which they ended."""

    def __init__(self) -> None:
        self._others: deque[Stretch] = deque(maxlen=40)  # not for the robot
        self._last: Stretch | None = None
        self._partner: Stretch | None = None  # who talks with the robot
        self._robot_ended = float("-inf")
        self._robot_asked = False
        self._phoning: Stretch | None = None
        self._over_s: deque[tuple[float, float]] = deque(maxlen=20)

    def robot_said(self, text: str, ended: float) -> None:
        """The robot has spoken."""
        self._robot_ended, self._robot_asked = ended, text.rstrip().endswith(("?", "？"))

    def probability(self, stretch: Stretch) -> float:
        """That the robot is meant, 0 to 1. Remembers the utterance."""
        odds = self._odds(stretch)
        if odds > 0:
            self._partner = stretch
        else:
            self._others.append(stretch)
        if stretch.over_s > _OVER_S:
            self._over_s.append((stretch.ended, stretch.over_s))
        self._last = stretch
        return 1 / (1 + exp(-odds))

    def others_talk(self, now: float) -> bool:
        """Whether there has been talk lately that was not for the robot."""
        return self._others_s(now) > 4.0

    def _others_s(self, now: float, voice: Traits | None = None) -> float:
        """Seconds of talk lately that was not for the robot; of `voice`, where given, in full, of others in part."""
        return sum(
            each.seconds * (1.0 if voice is None or voice.same_voice(each.traits) else _OTHER_VOICE)
            for each in self._others
            if now - each.ended < _MEMORY_S
        )

    def _one_of_others(self, voice: Traits) -> bool:
        """Whether a voice may be one of those that lately talked among themselves."""
        return any(voice.same_voice(each.traits) for each in list(self._others)[-_LAST_OTHERS:])

    def _phones(self, stretch: Stretch) -> bool:
        """Whether this voice is on the telephone: the other side is not heard, so only the words tell, and for long."""
        before = self._phoning
        going_on = before is not None and stretch.began - before.ended < _PHONE_S
        if _ON_THE_PHONE.search(stretch.text) or (
            going_on and before is not None and stretch.traits.same_voice(before.traits)
        ):
            self._phoning = stretch
            return True
        return False

    def _takes_no_notice(self, stretch: Stretch) -> bool:
        """Whether there was talk over the robot for long or time and again: who talks with it lets it finish."""
        over_s = [seconds for at, seconds in self._over_s if stretch.ended - at < _NOTICE_S]
        over_s += [stretch.over_s] if stretch.over_s > _OVER_S else []
        return len(over_s) >= _TIMES or sum(over_s) > _OVER_LONG_S

    def _odds(self, stretch: Stretch) -> float:
        if _NAMED.search(stretch.text):
            return NEAR + CALLED
        odds = NEAR
        traits, partner = stretch.traits, self._partner
        familiar = partner is not None and traits.same_voice(partner.traits)
        others_s = self._others_s(stretch.began, traits)
        last = self._last
        between = last is not None and last in self._others and not traits.same_voice(last.traits)
        if self._takes_no_notice(stretch):
            odds += TALKED_OVER
        elif 0 <= stretch.began - self._robot_ended < _ANSWER_S and (familiar or not self._one_of_others(traits)):
            odds += ANSWERS if self._robot_asked else TALKS
        elif familiar and partner is not None and not between and stretch.began - partner.ended < _TALK_S:
            odds += TALKS
        if _TO_A_MACHINE.search(stretch.text):
            odds += FITS
        if self._phones(stretch):
            odds += PHONE
        odds += max(MOST, PER_SECOND * others_s)
        if last is not None and 0 <= stretch.began - last.ended < _RIGHT_AFTER_S:
            if not traits.same_voice(last.traits):
                odds += TURNS
            elif last in self._others:
                odds += RUNS_ON
        if stretch.seconds > _LONG_S:
            odds += RUNS_ON
        if stretch.seconds >= _KNOWN_S and traits.gaps_db > 0:
            odds += FAR_FOR_LONG * min(1.0, max(0.0, (_CLEAR_DB - traits.gaps_db) / (_CLEAR_DB - _FILLED_DB)))
        elif 0 < traits.depth_db < _SHALLOW_DB:
            odds += FAR
        if partner is not None and traits.level_db < partner.traits.level_db - _FAINTER_DB:
            odds += FAINT
        return odds
