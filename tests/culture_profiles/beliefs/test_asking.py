"""Which question comes next: one that tells much, in the same words for everybody, never asked before."""

from pathlib import Path

import pytest

from culture_profiles.beliefs.answers import tastes
from culture_profiles.beliefs.asking import next_question, topics
from culture_profiles.culture.loader import Packs
from culture_profiles.culture.preferences import load_questions, questions
from culture_profiles.errors import KithError
from culture_profiles.profile import Profile
from tests.culture_profiles.beliefs.people import person, two_packs
from tests.culture_profiles.culture.packs_for_tests import packs
from tests.culture_profiles.profiles import fact, profile


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Packs:
    return two_packs(tmp_path_factory.mktemp("packs"))


def asked_until_the_end(someone: Profile, known: Packs) -> list[str]:
    found = []
    while question := next_question(someone, known, simulation=True):
        assert question.text == tastes()[question.preference].question
        found.append(question.preference)
        someone = someone.with_fact(fact(question.preference, "no" if len(found) % 2 else "yes", source="resident"))
    return found


def test_every_question_comes_once(known: Packs) -> None:
    assert sorted(asked_until_the_end(person(), known)) == sorted(tastes())


def test_what_was_declined_or_taken_back_is_not_asked_again(known: Packs) -> None:
    first = next_question(person(), known, simulation=True)
    assert first is not None
    declined = next_question(person(), known, simulation=True, declined=[first.preference])
    taken_back = person(fact(first.preference, "", source="resident", status="retracted"))
    again = next_question(taken_back, known, simulation=True)
    assert declined is not None
    assert again is not None
    assert first.preference not in (declined.preference, again.preference)


def test_a_question_is_worth_more_where_it_tells_about_others(known: Packs) -> None:
    question = next_question(person(), known, simulation=True)
    assert question is not None
    assert question.bits > 1.0


def test_what_the_person_avoids_or_what_is_painful_is_not_asked(tmp_path: Path) -> None:
    avoiding = profile(fact("topics.avoided", "jazz", source="resident"))
    assert "music.jazz" not in asked_until_the_end(avoiding, packs(tmp_path))
    known = packs(tmp_path, region__japan="painful:\n  - {id: x, name: X, words: [sumo], source: made}\n")
    for matters in ("a_lot", "not_me"):
        assert "sport.sumo" not in asked_until_the_end(person(matters=matters), known)


TOPICS = """\
painful:
  - {id: x, name: X, words: [flood], source: made}
topics:
  - {id: songs, name: Old songs, cluster: music, source: made}
  - {id: river, name: The river before the flood, cluster: talk, source: made}
  - {id: pots, name: Pots of tea, cluster: drinks, source: made}
"""


def test_topics_follow_what_the_person_likes_and_leave_out_what_hurts(tmp_path: Path) -> None:
    known = packs(
        tmp_path, region__japan=TOPICS, faith__sikh="topics:\n  - {id: h, name: H, cluster: talk, source: made}\n"
    )

    def offered(someone: Profile) -> list[str]:
        return [topic.id for topic in topics(someone, known, simulation=True)]

    assert offered(person(music__folk="yes", drinks__coffee="no")) == ["songs", "pots"]
    assert offered(person(music__folk="no", drinks__coffee="yes")) == ["pots", "songs"]
    assert offered(person(fact("topics.avoided", "tea", source="resident"))) == ["songs"]
    assert offered(person(matters="not_me")) == []
    assert "h" not in offered(person(fact("culture.faith.sikh", "a_lot", source="carer")))
    assert "h" in offered(person(fact("culture.faith.sikh", "a_lot", source="resident")))
    assert topics(person(), known, simulation=False) == []


LANGUAGES = ("cy", "fil", "hi", "it", "ja", "ko", "pa", "pl", "pt", "ur", "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_tastes_are_asked_about_in_every_phrase_language(language: str, known: Packs) -> None:
    asked = questions(language)
    assert len(asked) >= 30
    assert len(set(asked.values())) == len(asked)
    question = next_question(person(), known, simulation=True, language=language)
    assert question is not None
    assert question.text == asked[question.preference]
    left = next_question(person(), known, simulation=True, language=language, declined=tuple(asked))
    assert left is None


def test_what_is_avoided_is_not_asked_in_another_language_either(known: Packs) -> None:
    avoiding = profile(fact("topics.avoided", "balli", source="resident"), fact("topics.avoided", "cards"))
    for name in questions("it"):
        asked = next_question(
            avoiding, known, simulation=True, language="it", declined=[each for each in questions("it") if each != name]
        )
        assert (asked is None) == (name == "pastimes.cards"), name


def test_a_question_in_another_language_must_be_one(tmp_path: Path) -> None:
    (tmp_path / "xx.yaml").write_text("music.jazz: Jazz.\n", encoding="utf-8")
    with pytest.raises(KithError, match=r"xx.yaml, line 1: music.jazz"):
        load_questions(tmp_path / "xx.yaml")
