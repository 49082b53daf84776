"""What a background suggests, and how the person's own answers overrule it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from culture_profiles.beliefs.answers import tastes
from culture_profiles.beliefs.beliefs import Belief, Beliefs
from culture_profiles.culture.composing import HEAVIEST
from culture_profiles.culture.loader import Packs
from culture_profiles.profile import Profile
from tests.culture_profiles.beliefs.people import FORTIES, MUSIC, person, two_packs
from tests.culture_profiles.profiles import fact, profile


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Packs:
    return two_packs(tmp_path_factory.mktemp("packs"))


def about(known: Packs, someone: Profile, preference: str = "music.jazz") -> Belief:
    return Beliefs.of(someone, known, simulation=True).about(preference)


def test_who_says_nothing_of_their_background_is_open(known: Packs) -> None:
    assert about(known, profile()).mean == 0.5
    assert about(known, person(matters="not_me")).mean == 0.5
    assert about(known, person(matters="ask_me")).mean == 0.5


def test_what_matters_more_counts_more(known: Packs) -> None:
    little, much = about(known, person(matters="a_little")), about(known, person())
    assert 0.5 < little.mean < much.mean < 0.75
    assert [voice.pack.reference for voice in much.expectation.voices] == ["region:japan"]


def test_sides_that_disagree_are_pooled_and_never_outweigh_four_answers(known: Packs) -> None:
    both = about(known, person(fact(FORTIES, "a_lot", source="resident")), "music.ballads").expectation
    assert 0.4 < both.mean < 0.5
    assert both.strength == pytest.approx(HEAVIEST)


@pytest.mark.parametrize("answer", ["yes", "no"])
@pytest.mark.parametrize("source", ["resident", "carer", "family"])
def test_an_answer_settles_it_whatever_the_packs_say(known: Packs, answer: str, source: str) -> None:
    belief = about(known, person(fact("music.jazz", answer, source=source)))
    assert belief.expects_yes is (answer == "yes")
    own = about(known, person(fact("music.jazz", "no", source="resident")))
    assert own.mean < 0.5


def test_the_persons_word_moves_more_than_a_carers_and_a_carers_more_than_what_was_seen(known: Packs) -> None:
    def moved(source: str, status: str = "stated") -> float:
        return about(known, person(fact("music.jazz", "no", source=source, status=status)), "music.folk").mean

    assert moved("resident") < moved("carer") < moved("observed", "assumed") < about(known, person()).mean


def test_answers_against_the_packs_cost_them_their_trust_in_this_cluster_alone(known: Packs) -> None:
    before, tea = about(known, person()), about(known, person(), "drinks.green_tea")
    against = person(music__folk="no", music__classical="no", music__ballads="no", music__dance_band="no")
    after = about(known, against)
    assert after.trust.speaks < 0.35 < before.trust.speaks
    assert not after.expects_yes
    assert about(known, against, "drinks.green_tea").mean == tea.mean


def test_answers_with_the_packs_strengthen_them(known: Packs) -> None:
    agreeing = person(music__folk="yes", music__classical="yes", music__ballads="yes")
    assert about(known, agreeing).mean > about(known, person()).mean


def test_a_related_answer_moves_a_little_across_clusters(known: Packs) -> None:
    assert "talk.cooking" in tastes()["pastimes.cooking"].related
    neutral = about(known, person(), "talk.cooking").mean
    yes = about(known, person(pastimes__cooking="yes"), "talk.cooking").mean
    no = about(known, person(pastimes__cooking="no"), "talk.cooking").mean
    assert no < neutral < yes
    assert yes - neutral < 0.15
    assert yes - neutral == pytest.approx(neutral - no)


def test_what_was_taken_back_counts_no_more(known: Packs) -> None:
    gone = person(fact("music.jazz", "no", source="resident"), fact("music.jazz", "", "resident", "retracted"))
    assert about(known, gone).mean == about(known, person()).mean


def test_a_culture_prior_kept_as_a_fact_is_no_answer(known: Packs) -> None:
    guessed = person(fact("music.jazz", "no", source="culture_prior", status="assumed"))
    assert about(known, guessed) == about(known, person())


ANSWERS = st.dictionaries(st.sampled_from(MUSIC), st.sampled_from(["yes", "no"]), max_size=5)


@settings(max_examples=60, deadline=None)
@given(ANSWERS, st.sampled_from(MUSIC))
def test_a_yes_never_lowers_what_is_expected_to_be_liked_by_these_people(
    known: Packs, answers: dict[str, str], asked: str
) -> None:
    given_ = {name.replace(".", "__"): value for name, value in answers.items() if name != asked}
    others = [name for name in MUSIC if name not in answers and name not in (asked, "music.ballads")]
    plain = Beliefs.of(person(**given_), known, simulation=True)
    yes = Beliefs.of(person(**given_, **{asked.replace(".", "__"): "yes"}), known, simulation=True)
    no = Beliefs.of(person(**given_, **{asked.replace(".", "__"): "no"}), known, simulation=True)
    for name in others:
        assert no.about(name).mean < plain.about(name).mean < yes.about(name).mean


@settings(max_examples=40, deadline=None)
@given(st.permutations(["yes", "no", "yes", "no"]))
def test_the_order_of_answers_does_not_matter(known: Packs, values: list[str]) -> None:
    said = [fact(name, value, source="resident") for name, value in zip(MUSIC, values, strict=False)]
    means = {about(known, person(*order)).mean for order in (said, said[::-1])}
    assert len({round(mean, 12) for mean in means}) == 1
