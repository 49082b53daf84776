"""Care rule 3: a call for help reaches the robot whoever it listens to, in every language that is installed."""

from collections.abc import Iterator

import pytest

from kith.bench.speech.material import Voices
from kith.bench.speech.scene import Scene
from nodes.asr import engines, urgent, words
from nodes.asr.hearing import Said
from nodes.asr.recogniser import Heard, Word
from nodes.base.models import default_models_dir


@pytest.fixture(scope="module")
def voices() -> Iterator[Voices]:
    made = Voices()
    yield made
    made.close()


def scene(said: list[Said]) -> Scene:
    model = engines.choose(default_models_dir(), "en_GB", "whisper")
    assert model, "run `kith models install`"
    (recogniser,) = words.recognisers(model, "en")
    return Scene(
        [recogniser],
        lambda event, _: said.append(event) if isinstance(event, Said) and event.final else None,
        costs_s=0.15,
    )


def test_while_another_language_is_spoken(voices: Voices) -> None:
    said: list[Said] = []
    room = scene(said)
    room.hearing.listen_in(("pl",))
    room.add(voices.resident("Help! I fell down."), 0.5)
    room.run(5.0)
    assert {each.text for each in said} <= {"help", "i fell"}
    assert said
    assert {each.language for each in said} == {"en"}


def test_amid_talk_that_is_not_for_the_robot(voices: Voices) -> None:
    said: list[Said] = []
    room = scene(said)
    room.add(voices.resident("Hello? Yes, speaking."), 0.5)
    room.run(5.0)
    assert said == []
    room.add(voices.resident("Help! Nurse!"), room.now + 0.02)
    room.run(4.0)
    assert any("help" in each.text.lower() for each in said)


def test_over_the_robots_own_voice(voices: Voices) -> None:
    said: list[Said] = []
    room = scene(said)
    sound = voices.robot("There is singing in the hall this afternoon, and after that tea and cake for everybody.")
    room.say(sound, "There is singing in the hall this afternoon, and after that tea and cake.", 0.1)
    room.run(1.8)
    room.add(voices.resident("Help me! Please help me."), room.now + 0.02)
    room.run(6.0)
    assert any("help" in each.text.lower() for each in said)


@pytest.mark.parametrize(("language", "call"), [("ko", "도와 주세요"), ("ja", "助けて ください"), ("pl", "ratunku")])
def test_calls_are_known_in_the_languages_of_the_packs(language: str, call: str) -> None:
    words.learn(language)
    assert words.hears_help(language)
    heard = Heard(call, tuple(Word(word, 0.0, 0.1, 0.9) for word in call.split()), 0.9)
    assert [each.kind for each in urgent.spot(heard, language)] == ["help"]


def test_a_language_without_words_for_help_is_not_said_to_be_covered() -> None:
    assert not words.hears_help("xx")
