"""Which question comes next: one that tells much, in the same words for everybody, never asked before."""

from pathlib import Path

import pytest

from culture_profiles.beliefs.answers import tastes
from culture_profiles.beliefs.asking import next_question, topics
from culture_profiles.culture.loader import Packs
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
