"""What people say to the robot, and their hands on it."""

from collections.abc import Callable
from typing import Any

from kith_msgs import msg

from behaviours.acts import Act
from behaviours.floor import Priority
from behaviours.mind import Mind
from nodes.base import graph
from nodes.base.node import KithNode
from nodes.dialogue.surroundings import Surroundings
from nodes.dialogue.voice import Voice


class Hearing:
    """Brings words and touches to the mind; `answer` carries out what it decides."""

    def __init__(
        self,
        node: KithNode[Any],
        mind: Mind,
        surroundings: Surroundings,
        voice: Voice,
        answer: Callable[[list[Act]], None],
    ) -> None:
        self._node, self._mind, self._surroundings, self._voice = node, mind, surroundings, voice
        self._answer = answer
        self._voices: dict[str, list[Any]] = {}
        self._utterance_of: dict[str, msg.Utterance] = {}  # the latest, by voice
        node.subscription(graph.VOICES_TRACKED, self._on_voices)
        node.subscription(graph.HEARING, self._on_hearing)
        node.subscription(graph.TOUCH, self._feeler("stop"))
        node.subscription(graph.HAND_TOUCH, self._feeler("yes"))

    def _on_voices(self, message: Any) -> None:
        for voice_id in set(self._voices) - set(message.ids):
            for subscription in self._voices.pop(voice_id):
                self._node.destroy_subscription(subscription)
        for voice_id in message.ids:
            if voice_id not in self._voices:
                self._voices[voice_id] = [
                    self._node.subscription(graph.voice_speech(voice_id), self._hearer(voice_id)),
                    self._node.subscription(graph.voice_is_speaking(voice_id), self._listener(voice_id)),
                ]

    def _on_hearing(self, utterance: msg.Utterance) -> None:
        """What hearing knows of an utterance; its words follow as the final with the same stamp."""
        self._utterance_of[utterance.voice_id] = utterance

    def _hearer(self, voice_id: str) -> Callable[[Any], None]:
        def hear(message: Any) -> None:
            now = self._node.now()
            who = self._surroundings.speaker(now, voice_id)
            if not message.final:
                self._mind.hearing(who.person_id, now)
                return
            self._voice.answered()
            known = self._utterance_of.get(voice_id)
            if known is not None and known.continues and known.header.stamp == message.header.stamp:
                # The robot answered too early: what it was about to say to the first half goes unsaid.
                self._voice.hush(Priority.REMINDER)
            confidence = message.confidence or 1.0  # 0 is what an engine without confidences leaves
            decided = self._mind.heard(message.final, now, who=who, locale=message.locale, confidence=confidence)
            self._node.health.count("utterances heard")
            turn = self._mind.turn
            self._node.get_logger().debug(f"safety {turn.reading.safety.name}, act {turn.act}")
            self._answer(decided)

        return hear

    def _listener(self, voice_id: str) -> Callable[[Any], None]:
        def listen(message: Any) -> None:
            if message.data:
                now = self._node.now()
                self._mind.hearing(self._surroundings.speaker(now, voice_id).person_id, now)
            self._voice.somebody_speaks(bool(message.data))

        return listen

    def _feeler(self, meaning: str) -> Callable[[Any], None]:
        felt = False

        def feel(message: Any) -> None:
            nonlocal felt
            begins, felt = message.data and not felt, message.data
            if not begins:
                return
            self._voice.answered()
            now = self._node.now()
            self._node.health.count("touches")
            self._answer(self._mind.touched(meaning, now, who=self._surroundings.speaker(now)))

        return feel
