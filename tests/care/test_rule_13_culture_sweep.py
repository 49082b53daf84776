"""Care rule 13: no pack makes the robot assert or ask anything sensitive; swapped facets change no gesture or wish.

An exhaustive sweep of packs, phrases and simulated residents; the last tests show that it finds what may be added.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from behaviours.acts import Gesture
from behaviours.phrases import phrasebook
from culture_profiles.beliefs.answers import tastes
from culture_profiles.beliefs.asking import next_question
from culture_profiles.beliefs.explaining import explain
from culture_profiles.culture import calendar
from culture_profiles.culture.approach import approach
from culture_profiles.culture.facets import PREFIX, key_of, sides
from culture_profiles.culture.lint import lint
from culture_profiles.culture.loader import Packs, packs
from culture_profiles.culture.pack import Facet, Implies, Pack
from culture_profiles.culture.preferences import load_preferences
from culture_profiles.culture.words import says_any
from culture_profiles.fact import Fact, Source
from culture_profiles.importing import read_resident
from culture_profiles.keys import Sensitivity, keys
from culture_profiles.profile import Profile
from sim.residents.people import FOLDER as PEOPLE
from tests.behaviours.minds import Chat
from tests.culture_profiles.culture.packs_for_tests import write
from tests.culture_profiles.profiles import NOW, fact, profile

TODAY = date(2026, 11, 23)
QUESTIONS = 3
SIGNS = ("gestures.liked", "gestures.avoided", "faith.festival", "topics.liked", "touch.hand")


@cache
def every_pack() -> Mapping[str, Pack]:
    known = packs()
    return {reference: known[reference] for reference in known}


def facet(reference: str, source: str = "carer", matters: str = "a_lot") -> Fact:
    return fact(key_of(reference), matters, source=source)


def silent_profiles() -> Iterator[Profile]:
    """A profile with each single facet, as a carer enters it, and as the person says it where it is no faith."""
    for reference, pack in every_pack().items():
        yield profile(facet(reference))
        if pack.facet is not Facet.FAITH:
            yield profile(facet(reference, source="resident"))


def festival_days(someone: Profile, known: Mapping[str, Pack]) -> set[date]:
    found = {TODAY}
    for side in sides(someone, known, simulation=True):
        spans = (calendar.next_span(festival.when, TODAY) for festival in side.pack.festivals)
        found |= {span.first for span in spans if span is not None}
    return found


def signs(someone: Profile, known: Mapping[str, Pack]) -> set[tuple[str, str | None]]:
    """Every gesture and wish that the days of this background bring about."""
    starts = (approach(someone, day, known, simulation=True) for day in festival_days(someone, known))
    return {(start.gesture, start.wish and start.wish.id) for start in starts}


def questions(someone: Profile, known: Mapping[str, Pack]) -> Iterator[tuple[str, str]]:
    for _ in range(QUESTIONS):
        question = next_question(someone, known, simulation=True)
        if question is None:
            return
        yield question.preference, question.text
        someone = someone.with_fact(fact(question.preference, "yes", source="resident"))


def sensitive_questions(known: Mapping[str, Pack], *people: Profile) -> list[str]:
    """Questions that are about a sensitive key, or are not in the words that everybody hears."""
    vocabulary = load_preferences()
    return [
        preference
        for someone in people
        for preference, text in questions(someone, known)
        if keys()[preference].sensitivity is not Sensitivity.NONE or text != vocabulary[preference].question
    ]


def test_a_silent_profile_gets_the_same_gesture_and_no_wish_whatever_its_facets() -> None:
    found = {sign for someone in silent_profiles() for sign in signs(someone, every_pack())}
    assert found == signs(profile(), every_pack()) == {("nod", None)}


def test_no_background_leads_to_a_sensitive_question() -> None:
    assert sensitive_questions(every_pack(), *silent_profiles()) == []


def test_swapping_the_facets_of_a_resident_changes_no_gesture_and_no_wish() -> None:
    files = sorted(PEOPLE.glob("*.yaml"))
    assert files
    for path in files:
        facts = [fact for fact in read_resident(path, NOW) if fact.key not in SIGNS and not fact.key.startswith(PREFIX)]
        found = set()
        for reference in every_pack():
            swapped = facet(reference).model_copy(update={"resident_id": facts[0].resident_id})
            found |= signs(Profile(swapped.resident_id, facts=[*facts, swapped]), every_pack())
        assert len(found) == 1, path.name


def test_nothing_sensitive_is_assumed_of_anybody() -> None:
    guarded = [name for name, key in keys().items() if key.sensitivity is not Sensitivity.NONE and PREFIX not in name]
    assert "faith.stated" in guarded
    assert not set(guarded) & set(tastes())
    for someone in silent_profiles():
        assert not [fact for fact in someone.facts if fact.source is Source.CULTURE_PRIOR]
        found = explain(someone, "faith.stated", every_pack(), simulation=True)
        assert (found.value, found.assumed, found.sources) == (None, False, ())


def religious_names() -> list[str]:
    """The names, in every language they come in, of days that say something of faith, and of the faiths themselves."""
    names = []
    for pack in every_pack().values():
        if pack.facet is Facet.FAITH:
            names.append(pack.name)
        for festival in pack.festivals:
            if pack.facet is Facet.FAITH or festival.implies is Implies.FAITH:
                names += [festival.name, *festival.local_name.values()]
    return [name for name in dict.fromkeys(names) if len(name) > 2]


def test_no_phrase_in_any_language_and_no_question_names_a_faith_or_its_days() -> None:
    names = religious_names()
    assert len(names) > 50
    said = [(locale, key, template) for locale, key, template in phrasebook().templates()]
    said += [("preferences", name, preference.question) for name, preference in load_preferences().items()]
    assert [(locale, key) for locale, key, template in said if says_any(template, names)] == []


def test_sensitive_facts_move_no_belief_and_no_question() -> None:
    plain = profile(facet("region:japan"))
    sensitive = [
        fact(name, value, source="resident")
        for name, value in (("faith.stated", "none"), ("food.avoided", "beef"), ("faith.festival", "Obon"))
    ]
    told = profile(facet("region:japan"), *sensitive)
    assert list(questions(plain, every_pack())) == list(questions(told, every_pack()))
    assert explain(plain, "food.rice_daily", every_pack(), simulation=True).text == (
        explain(told, "food.rice_daily", every_pack(), simulation=True).text
    )


def test_a_wish_waits_for_the_persons_own_word() -> None:
    vaisakhi = next(each for each in every_pack()["faith:sikh"].festivals if each.mood == "joyful")
    span = calendar.next_span(vaisakhi.when, TODAY)
    assert span is not None

    def wished(someone: Profile) -> str | None:
        found = approach(someone, span.first, every_pack(), simulation=True).wish
        return found.name if found is not None else None

    assert wished(profile(facet("faith:sikh", source="resident"))) is not None
    assert wished(profile(facet("faith:sikh", source="carer"))) is None
    assert wished(profile(facet("faith:sikh", source="family"))) is None
    assert wished(profile(facet("faith:sikh", source="resident", matters="not_me"))) is None


# The sweep finds what somebody might add -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    "body",
    [
        "priors:\n  - {preference: faith.stated, yes: 5, no: 1, source: made}\n",
        "topics:\n  - {id: t, name: Their prayers, cluster: talk, source: made}\n",
        "festivals:\n  - {id: x, name: Diwali, when: {month: 11, day: 8}, mood: joyful, source: made}\n",
    ],
)
def test_a_pack_that_brings_faith_in_does_not_pass(tmp_path: Path, body: str) -> None:
    path = write(tmp_path, "region:japan", body)
    assert lint([path], Packs(tmp_path), TODAY.year).mistakes


def test_the_sweep_sees_a_sensitive_question(monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = next(questions(profile(facet("region:japan")), every_pack()))
    guarded = {**keys(), first: keys()[first].model_copy(update={"sensitivity": Sensitivity.SENSITIVE})}
    monkeypatch.setitem(globals(), "keys", lambda: guarded)
    assert sensitive_questions(every_pack(), profile(facet("region:japan"))) == [first]


def test_a_preference_made_sensitive_is_neither_expected_nor_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    guarded = {**keys(), "music.jazz": keys()["music.jazz"].model_copy(update={"sensitivity": Sensitivity.SENSITIVE})}
    monkeypatch.setattr("culture_profiles.beliefs.answers.keys", lambda: guarded)
    assert "music.jazz" not in tastes.__wrapped__()


def test_the_sweep_sees_a_wish_that_a_pack_brings_about(tmp_path: Path) -> None:
    write(
        tmp_path,
        "faith:sikh",
        "festivals:\n  - {id: x, name: X, when: {month: 11, day: 23}, mood: joyful, implies: none, source: made}\n",
    )
    known = Packs(tmp_path)
    assert signs(profile(facet("faith:sikh")), known) == {("nod", None)}
    assert signs(profile(facet("faith:sikh", source="resident")), known) != {("nod", None)}


def test_no_talk_with_a_silent_resident_names_a_faith_or_makes_a_sign_whatever_the_facets() -> None:
    names = religious_names()
    for reference in every_pack():
        chat = Chat(profile(facet(reference)))
        for text in ("Good morning", "What do you know about me?", "I like music", "Goodbye"):
            said = chat.say(text)
            assert not says_any(said, names), reference
            assert {each.name for each in chat.acts if isinstance(each, Gesture)} <= {"nod"}, reference
