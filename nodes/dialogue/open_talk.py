"""Small talk in the words of a local language model, off by default: sentence by sentence, each past the guard."""

import math
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from behaviours.acts import Act, Speak
from behaviours.guard.guard import Known
from behaviours.mind import Mind
from behaviours.open_talk.local_model import LocalModel
from behaviours.open_talk.talking import BUDGET_S, OpenReply, answer, is_small_talk, known_for
from culture_profiles.errors import KithError
from nodes.base.models import added_model, default_models_dir, installed_models
from nodes.base.node import KithNode
from nodes.dialogue.surroundings import Surroundings

_KIND = "llm"


class OpenTalk:
    """Takes small talk over from the mind, and gives it back when nothing has passed the guard within the budget."""

    def __init__(
        self, node: KithNode[Any], mind: Mind, surroundings: Surroundings, perform: Callable[[list[Act]], None]
    ) -> None:
        self._node, self._mind, self._surroundings, self._perform = node, mind, surroundings, perform
        self._model: LocalModel | None = None
        self._turn = 0
        self._decided: list[Act] = []  # what the mind decided for this turn, until something is said
        node.health.values["open talk"] = "off"

    def load(self, models_dir: str) -> None:
        """Load the added model in a thread; until it is there the mind's own words are spoken."""
        self._node.health.values["open talk"] = "loading"
        folder = Path(models_dir) if models_dir else default_models_dir()
        threading.Thread(target=self._load, args=(folder,), name="open talk", daemon=True).start()

    def _load(self, folder: Path) -> None:
        try:
            found = installed_models(folder, _KIND)
            if not found:
                raise KithError("open talk is on, and no language model was added: run `kith models add llm DIR`")
            model = LocalModel(added_model(found[0].path))
        except KithError as problem:
            line = str(problem)
            self._node.post(lambda: self._not_loaded(line))
        else:
            self._node.post(lambda: self._loaded(model))

    def _loaded(self, model: LocalModel) -> None:
        self._model = model
        self._node.health.values["open talk"] = "on"
        self._node.health.clear("open talk")

    def _not_loaded(self, problem: str) -> None:
        self._node.health.values["open talk"] = "off"
        self._node.health.error("open talk", problem)

    # One turn -------------------------------------------------------------------------------------------------------
    def end(self) -> None:
        """Something new was heard: an answer to what went before is not waited for any more, nor gone on with."""
        self._turn += 1
        unsaid, self._decided = self._decided, []
        self._perform([each for each in unsaid if not isinstance(each, Speak)])
        for each in unsaid:
            if isinstance(each, Speak):
                self._perform(self._mind.spoken(each.id, False, self._node.now()))

    def takes(self, decided: list[Act]) -> bool:
        """Whether the model answers this turn; what was decided is then spoken only if it cannot in time."""
        turn = self._mind.turn
        if self._model is None or not is_small_talk(turn, decided):
            return False
        said = next(each for each in reversed(decided) if isinstance(each, Speak))
        here = self._surroundings
        profile = here.profiles.profile(said.person_id) if said.person_id else None
        private = profile is not None and here.who(said.person_id).private
        names = (here.profiles.profile(each) for each in here.here if each != said.person_id)
        known = known_for(
            profile if private else None,
            turn,
            others=[name for each in names if each is not None and (name := each.value("name.preferred"))],
            avoid=self._mind.avoids(said.person_id),
        )
        self._turn += 1
        self._decided = decided
        number = self._turn
        self._node.after(BUDGET_S, lambda: self._too_late(number), steady=True)
        work = (self._model, known, turn.reading.language, number, said)
        threading.Thread(target=self._work, args=work, name="open talk", daemon=True).start()
        return True

    def _work(self, model: LocalModel, known: Known, language: str, number: int, said: Speak) -> None:
        def clock() -> float:
            return self._node.steady_s() if number == self._turn else math.inf  # ends the work on an old turn

        def passes(sentence: str) -> None:
            self._node.post(lambda: self._say(number, said, sentence))

        reply = answer(model, known, clock, language=language, passes=passes)
        self._node.post(lambda: self._over(number, reply))

    def _say(self, number: int, said: Speak, sentence: str) -> None:
        if number != self._turn:
            return
        decided, self._decided = self._decided, []
        instead = self._mind.said_instead(said, sentence)
        self._node.health.count("sentences of open talk")
        self._perform([instead if each is said else each for each in decided] if decided else [instead])

    def _over(self, number: int, reply: OpenReply) -> None:
        for rule in reply.refused:
            self._node.health.count(f"open talk refused: {rule.split(' (')[0]}")
        self._too_late(number)

    def _too_late(self, number: int) -> None:
        """Nothing has passed: what the mind decided is said after all."""
        if number == self._turn and self._decided:
            self._turn += 1
            decided, self._decided = self._decided, []
            self._perform(decided)
