"""Speaking through a robot whose driver takes no sound, or takes it and tells nothing back.

Two ways. *Sound*: our own rendered audio is sent on, at the pace at which it sounds. *Words*: the robot's own voice is
given the words, and nothing says when it is done: the time that our own rendering takes stands for it, and what the
robot's voice needs beyond that is estimated from the words. Plain logic; times are steady seconds.
"""

import re
from collections import deque
from dataclasses import dataclass, field

from nodes.base.audio import Pcm
from nodes.body.playback import Happened, PlaybackEvent, PlaybackQueue

_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])\s*")
_WORDS_WITHIN_S = 0.6
"""So long after the sound has begun the words may come; what is confidential has none, and stays unsaid."""


def sentences(text: str) -> list[str]:
    """The parts that can be said one by one, so that a stop drops what has not begun."""
    return [part for part in (each.strip() for each in _SENTENCE_END.split(text)) if part]


def estimate_s(text: str, words_per_minute: float) -> float:
    """How long a voice needs for this, s. Writing without spaces counts two characters as a word."""
    words = text.split()
    count = sum(max(1.0, len(word) / 8.0) if word.isascii() else max(1.0, len(word) / 2.0) for word in words)
    return 0.3 + count * 60.0 / words_per_minute


@dataclass
class _Said:
    """An utterance in the robot's own voice."""

    began_s: float
    waiting: deque[str] = field(default_factory=deque)
    told: bool = False
    speaks_until_s: float = 0.0
    rendered: PlaybackEvent | None = None


class SoundWay:
    """Our own sound, sent on as it would sound. `late_s`: what the way to the robot and its buffer take."""

    def __init__(self, rate: int, late_s: float) -> None:
        self._queue = PlaybackQueue(rate)
        self._rate, self._late_s = rate, late_s
        self._frames = 0
        self._began_s: float | None = None
        self._events: list[tuple[float, PlaybackEvent]] = []

    @property
    def queue(self) -> PlaybackQueue:
        """Where chunks go in."""
        return self._queue

    def due(self, now_s: float) -> Pcm | None:
        """The sound to send now; None while nothing is to be said."""
        if self._began_s is None:
            self._began_s, self._frames = now_s, 0
        ahead = round((now_s - self._began_s) * self._rate) - self._frames
        if ahead > self._rate:  # a machine that slept sends no second of the past
            self._began_s, self._frames, ahead = now_s, 0, 0
        if ahead <= 0:
            return None
        self._frames += ahead
        before = self._queue.sounding
        sound = self._queue.read(ahead)
        for event in self._queue.events():
            self._events.append((now_s if event.happened is Happened.STOPPED else now_s + self._late_s, event))
        return sound if before or self._queue.sounding or sound.any() else None

    def events(self, now_s: float) -> list[PlaybackEvent]:
        """What has happened by now, oldest first."""
        for event in self._queue.events():  # stopped between two reads
            self._events.append((now_s, event))
        due = [event for when, event in self._events if when <= now_s]
        self._events = [each for each in self._events if each[0] > now_s]
        return due


class WordsWay:
    """The robot's own voice: what to say when, and when it should be over."""

    def __init__(self, rate: int, words_per_minute: float, late_s: float) -> None:
        """`rate`: of the silent loudspeaker that gives the time. `late_s`: until the robot's voice begins."""
        self._sound = SoundWay(rate, 0.0)
        self._words_per_minute, self._late_s = words_per_minute, late_s
        self._said: dict[str, _Said] = {}
        self._events: list[PlaybackEvent] = []
        self.unsaid = 0

    @property
    def queue(self) -> PlaybackQueue:
        """Where chunks go in."""
        return self._sound.queue

    def words(self, utterance_id: str, text: str, now_s: float) -> None:
        """The words of an utterance that has begun."""
        said = self._said.get(utterance_id)
        if said is not None and not said.told:
            said.told = True
            said.waiting.extend(sentences(text))
            said.speaks_until_s = now_s

    def due(self, now_s: float) -> list[str]:
        """What the robot shall say now, sentence by sentence: the next one when the last should be over."""
        self._sound.due(now_s)
        for event in self._sound.events(now_s):
            self._happened(event, now_s)
        spoken = []
        for utterance_id, said in list(self._said.items()):
            if said.waiting and now_s >= said.speaks_until_s:
                sentence = said.waiting.popleft()
                said.speaks_until_s = now_s + self._late_s + estimate_s(sentence, self._words_per_minute)
                spoken.append(sentence)
            self._look_for_end(utterance_id, said, now_s)
        return spoken

    def events(self) -> list[PlaybackEvent]:
        """What has happened, oldest first."""
        happened, self._events = self._events, []
        return happened

    def _happened(self, event: PlaybackEvent, now_s: float) -> None:
        said = self._said.get(event.utterance_id)
        if event.happened is Happened.STARTED:
            self._said[event.utterance_id] = _Said(now_s)
        elif said is not None and event.happened is Happened.FINISHED:
            said.rendered = event  # the words may take longer
            return
        else:
            self._said.pop(event.utterance_id, None)
        self._events.append(event)

    def stop(self, utterance_id: str) -> None:
        """Say nothing more of it, or of anything (""). The sentence that the robot has begun it says to its end."""
        self._sound.queue.stop(utterance_id)
        for each in [each for each in self._said if utterance_id in ("", each)]:
            said = self._said.pop(each)
            if said.rendered is not None:  # the silent loudspeaker was done with it, the robot's voice was not
                self._events.append(PlaybackEvent(each, Happened.STOPPED, said.rendered.frame, said.rendered.played_s))
            else:
                self._said[each] = said  # answered by the loudspeaker
                said.waiting.clear()

    def _look_for_end(self, utterance_id: str, said: _Said, now_s: float) -> None:
        if not said.told:
            if now_s - said.began_s > _WORDS_WITHIN_S:
                # Nothing was given to the robot to say: claiming that it was heard would be a lie.
                self.unsaid += 1
                del self._said[utterance_id]
                if said.rendered is not None:
                    self._events.append(PlaybackEvent(utterance_id, Happened.STOPPED, said.rendered.frame, 0.0))
                else:
                    self._sound.queue.stop(utterance_id)
            return
        if said.rendered is not None and not said.waiting and now_s >= said.speaks_until_s:
            del self._said[utterance_id]
            self._events.append(said.rendered)
