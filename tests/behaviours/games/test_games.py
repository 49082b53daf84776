import random

from behaviours.games.guessing import Guessing
from behaviours.games.material import material
from behaviours.understanding.understander import Understander
from tests.behaviours.minds import hanna

READ = Understander().read


def test_every_animal_of_the_table_is_found_or_given_up() -> None:
    found = material("en").guess
    assert found is not None
    for thing, answers in found.things.items():
        game = Guessing(random.Random(1))
        text = game.begin().text
        for _ in range(25):
            asked = next((at for at, each in enumerate(found.questions) if each in text), None)
            guess = f" {thing}?" in text or f" {thing}." in text
            yes = guess if asked is None else answers[asked] == "1"
            move = game.hear(READ("Yes" if yes else "No"))
            assert move is not None
            text = move.text
            if move.over:
                break
        assert move.over, thing


def test_a_game_is_left_for_a_question_and_taken_up_again() -> None:
    chat = hanna()
    chat.say("Let's play proverbs")
    assert "8:00" in chat.say("What time is it?")
    chat.say("Something about moss")
    assert [each.act for each in chat.spoken()] == ["game"]


def test_stop_ends_a_game_and_tiredness_ends_exercises() -> None:
    chat = hanna()
    chat.say("Let's play proverbs")
    chat.say("stop")
    chat.say("It was a long road home")
    assert all(each.act != "game" for each in chat.spoken())
    chat.say("Let's do some exercises")
    assert "stop here" in chat.say("I'm a bit tired")


def test_poems_and_songs_name_their_source() -> None:
    for piece in (*material("en").poems, *material("en").songs):
        assert any(character.isdigit() for character in piece.source), piece.title
    assert "Lear" in " ".join(hanna(seed=seed).say("Tell me a poem please") for seed in range(12))


def test_there_are_proverbs_in_every_language() -> None:
    for language in ("en", "cy", "pl", "pt", "it", "hi", "pa", "ur", "fil", "ja", "ko", "zh"):
        assert len(material(language).proverbs) >= 3, language
