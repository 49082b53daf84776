"""The judge of a scenario: it must see what happens, and above all what does not."""

import threading
from collections.abc import Callable
from datetime import datetime

import numpy as np
import pytest

from culture_profiles.errors import KithError
from kith.demo.events import Captioned, FactChanged, Heard, Log, Played, ReminderMoved, Sound
from kith.demo.player import Line, Player, ResidentSpoke, RobotSpoke, plain, says
from kith.demo.recorder import RATE, Recorder
from kith.demo.scenario import Reminder, Scenario

RATE_OF_ROBOT = 22_050


class World:
    """A home that answers as it is told to, at once; its times are made up."""

    def __init__(self) -> None:
        self.log, self.recorder = Log(), Recorder()
        self.answers: dict[str, Callable[[], None]] = {}
        self.known: list[tuple[str, str]] = []
        self.spoken: list[str] = []
        self.profile_set: list[tuple[str, str, str]] = []
        self.shown: list[Line] = []
        self.now = 1000.0
        self._utterances = 0

    def robot(self, text: str, after_s: float = 0.5, seconds: float = 1.0, locale: str = "en_GB") -> None:
        self._utterances += 1
        utterance = f"u{self._utterances}"
        self.log.add(Captioned(self.now + after_s, utterance, locale, text))
        silence, sound = np.zeros(RATE_OF_ROBOT // 10, np.int16), np.full(RATE_OF_ROBOT, 5_000, np.int16)
        self.recorder.send(utterance, np.concatenate([silence, sound]), RATE_OF_ROBOT)
        for event in (
            Played(self.now + after_s, utterance, Sound.STARTED, 0.0),
            Played(self.now + after_s + seconds, utterance, Sound.FINISHED, seconds),
        ):
            self.recorder.play(event)
            self.log.add(event)

    def _answer(self, cue: str) -> None:
        if cue in self.answers:
            self.answers[cue]()

    def enter(self, resident_id: str) -> None:
        self._answer("enter")

    def leave(self, resident_id: str) -> None:
        self._answer("leave")

    def say(self, resident_id: str, text: str) -> None:
        self.spoken.append(text)
        self.recorder.speak(resident_id, self.now - 1.0, np.zeros(RATE, np.int16))
        self._answer(text)

    def remind(self, resident_id: str, reminder: Reminder, now: datetime) -> str:
        self._answer("remind")
        return "r1"

    def facts(self, resident_id: str) -> list[tuple[str, str]]:
        return self.known

    def set(self, resident_id: str, key: str, value: str) -> None:
        self.profile_set.append((resident_id, key, value))
        self._answer(key)

    def explain(self, resident_id: str, key: str) -> str:
        return f"{key} of {resident_id}: the person's own word, locked"

    def play(self, *steps: dict[str, object]) -> str:
        full = [{"step": f"step {n}", "resident": "mara", "within_s": 0.4, **step} for n, step in enumerate(steps, 1)]
        scenario = Scenario.model_validate({"title": "t", "residents": ["mara"], "steps": full})
        player = Player(scenario, self, self.log, self.recorder, self.shown.append, self)
        problem = player.play()
        self.response_ms = player.response_ms
        return problem


@pytest.fixture
def world() -> World:
    return World()


def test_an_answer_is_timed_from_the_last_sound_to_the_first_audible_one(world: World) -> None:
    world.answers["Hello."] = lambda: (
        world.log.add(Heard(world.now, "hello", 0.9, "en_GB")),
        world.robot("Hi, Mara."),
    )[0]
    assert world.play({"says": "Hello.", "reply": {"contains": ["mara"]}}) == ""
    assert world.response_ms == pytest.approx([600.0])  # 500 ms until it was played, 100 ms of it silent
    assert ResidentSpoke("mara", "Hello.", "hello") in world.shown
    assert [each.text for each in world.shown if isinstance(each, RobotSpoke)] == ["Hi, Mara."]


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        ({"contains": ["Kenji"]}, "did not say 'Kenji'"),
        ({"never": ["Mara"]}, "said 'Mara'"),
        ({"language": "pl"}, "did not speak pl"),
    ],
)
def test_an_answer_that_does_not_fit_is_named(world: World, reply: dict[str, object], problem: str) -> None:
    world.answers["Hello."] = lambda: world.robot("Hi, Mara.")
    assert problem in world.play({"says": "Hello.", "reply": reply})


def test_silence_is_no_answer_and_the_steps_after_it_are_not_played(world: World) -> None:
    assert world.play({"says": "Hello.", "reply": {}}, {"says": "And?"}) == "step 1: no answer"
    assert world.spoken == ["Hello."]


def test_who_is_not_understood_says_it_again_as_often_as_allowed(world: World) -> None:
    def answer() -> None:
        world.robot("Pardon?" if len(world.spoken) == 1 else "No eggs, then.")

    world.answers["No eggs."] = answer
    assert world.play({"says": "No eggs.", "tries": 2, "reply": {"contains": ["egg"]}}) == ""
    assert world.spoken == ["No eggs."] * 2


def test_a_fact_counts_when_the_store_holds_it_not_when_the_robot_says_so(world: World) -> None:
    world.answers["No eggs."] = lambda: world.robot("I will remember: no eggs.")
    step = {"says": "No eggs.", "reply": {"contains": ["egg"]}, "known": {"key": "food.disliked", "value": "egg"}}
    assert "the store does not hold food.disliked" in world.play(step)

    def stored() -> None:
        world.known.append(("food.disliked", "eggs"))
        world.log.add(FactChanged(world.now, "mara", "food.disliked"))

    world.answers["No eggs."] = lambda: (world.robot("No eggs."), threading.Timer(0.05, stored).start())[0]
    assert world.play(step) == ""


def test_a_reminder_must_reach_the_state_it_should(world: World) -> None:
    world.answers["remind"] = lambda: (
        world.robot("Your daughter calls."),
        world.log.add(ReminderMoved("mara", "r1", "prompting")),
        world.log.add(ReminderMoved("mara", "another", "closed")),
    )[0]
    world.answers["Yes."] = lambda: world.robot("Good.")
    steps = (
        {"remind": {"kind": "call", "title": "your daughter"}, "reply": {"contains": ["daughter"]}},
        {"says": "Yes.", "reply": {}, "reminder": ["closed"]},
    )
    assert world.play(*steps) == "step 2: the reminder did not become closed"
    world.answers["Yes."] = lambda: (world.robot("Good."), world.log.add(ReminderMoved("mara", "r1", "closed")))[0]
    assert world.play(*steps) == ""


def test_slower_is_measured_not_believed(world: World) -> None:
    world.answers["One?"] = lambda: world.robot("This is a sentence.", seconds=1.0)
    world.answers["Two?"] = lambda: world.robot("This is a sentence.", seconds=1.05)
    steps = (
        {"says": "One?", "reply": {}},
        {"profile": {"speech.rate": "slow"}},
        {"says": "Two?", "reply": {"slower_by": 1.1}},
    )
    assert "only 1.05 times slower" in world.play(*steps)
    assert world.profile_set == [("mara", "speech.rate", "slow")]
    world.answers["Two?"] = lambda: world.robot("This is a sentence.", seconds=1.3)
    assert world.play(*steps) == ""


def test_what_cannot_be_done_at_all_is_named_with_its_step(world: World) -> None:
    def refuse() -> None:
        raise KithError("the residents did not answer within 10 s")

    world.answers["enter"] = refuse
    assert world.play({"enters": True}) == "step 1: the residents did not answer within 10 s"


def test_words_are_compared_as_people_hear_them() -> None:
    assert plain("I don't eat eggs any more.") == plain("I don’t eat eggs anymore!".replace("’", "'"))
    assert says("Dzień  dobry, pani HANNO", "pani hanno|Mrs")
    assert not says("Good morning", "evening|night")


def test_an_explanation_must_say_what_was_expected(world: World) -> None:
    assert world.play({"why": {"key": "gestures.avoided", "contains": ["own word"]}}) == ""
    assert "a survey" in world.play({"why": {"key": "gestures.avoided", "contains": ["own word", "a survey"]}})
