"""Which fact is in force: the rules of the design, one by one and for any history."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, Source, Status, make_fact
from culture_profiles.keys import keys
from culture_profiles.precedence import refuse_contradictory_lock
from culture_profiles.profile import Profile

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def fact(key: str, value: str, source: str = "carer", status: str = "stated", sequence: int = 0) -> Fact:
    return make_fact(resident_id="r1", key=key, value=value, source=source, status=status, when=NOW, sequence=sequence)


def profile(*facts: Fact) -> Profile:
    made = Profile("r1")
    for one in facts:
        made = made.with_fact(one)
    return made


LADDER = [
    fact("address.manner", "formal", "culture_prior", "assumed"),
    fact("address.manner", "warm", "observed", "assumed"),
    fact("address.manner", "plain", "carer"),
    fact("address.manner", "formal", "resident"),
    fact("address.manner", "warm", "carer", "locked"),
]


def test_each_source_yields_to_the_one_above_whatever_comes_first() -> None:
    for lower, higher in pairwise(LADDER):
        assert profile(lower, higher).fact("address.manner") == higher
        assert profile(higher, lower).fact("address.manner") == higher


def test_carer_and_family_are_equals_and_the_newer_word_holds() -> None:
    first, second = fact("address.manner", "warm", "family"), fact("address.manner", "plain", "carer")
    assert profile(first, second).value("address.manner") == "plain"
    assert profile(second, first).value("address.manner") == "warm"


def test_the_person_changes_their_own_mind() -> None:
    made = profile(fact("address.form", "Mrs K", "resident"), fact("address.form", "Hanna", "resident"))
    assert made.value("address.form") == "Hanna"


def test_a_retraction_uncovers_nothing_and_guesses_do_not_creep_back() -> None:
    made = profile(
        fact("address.form", "Mrs K", "carer"),
        fact("address.form", "pani Hanno", "resident"),
        fact("address.form", "", "resident", "retracted"),
    )
    assert made.value("address.form") is None
    assert made.with_fact(fact("address.form", "guess", "observed", "assumed")).value("address.form") is None
    assert made.with_fact(fact("address.form", "Mrs Kowalska", "carer")).value("address.form") == "Mrs Kowalska"


def test_a_carer_cannot_take_back_what_the_person_said() -> None:
    made = profile(fact("food.liked", "tea", "resident"), fact("food.liked", "", "carer", "retracted"))
    assert made.values("food.liked") == ("tea",)


def test_a_lock_opens_only_for_whose_word_it_is() -> None:
    locked = fact("address.form", "Mr Sato", "carer", "locked")
    assert profile(locked, fact("address.form", "", "resident", "retracted")).value("address.form") == "Mr Sato"
    assert profile(locked, fact("address.form", "", "carer", "retracted")).value("address.form") is None


def test_of_contradictory_locks_the_persons_own_holds() -> None:
    own, carers = fact("address.form", "Kenji", "resident", "locked"), fact("address.form", "Mr", "carer", "locked")
    assert profile(own, carers).value("address.form") == profile(carers, own).value("address.form") == "Kenji"


def test_no_more_eggs_ends_liking_eggs() -> None:
    made = profile(fact("food.liked", "Eggs", "resident"), fact("food.disliked", "eggs", "resident"))
    assert (made.values("food.liked"), made.values("food.disliked")) == ((), ("eggs",))
    made = made.with_fact(fact("food.liked", "eggs", "resident"))
    assert (made.values("food.liked"), made.values("food.disliked")) == (("eggs",), ())


def test_a_single_item_is_taken_back_however_it_is_written() -> None:
    kept = [fact("topics.liked", name, "resident") for name in ("Café", "jazz")]
    made = profile(*kept, fact("topics.liked", "cafe\u0301", "resident", "retracted"))
    assert made.values("topics.liked") == ("jazz",)


def test_only_what_was_stated_may_be_spoken_of() -> None:
    made = profile(fact("topics.liked", "jazz", "observed", "assumed"), fact("food.liked", "tea", "resident"))
    assert [known.value for known in made.known()] == ["tea"]


def refused(new: Fact, *before: Fact) -> str:
    with pytest.raises(KithError) as refusal:
        refuse_contradictory_lock(new, profile(*before).about(new))
    return str(refusal.value)


def test_a_lock_against_the_other_sides_lock_is_refused_and_says_who_must_open_it() -> None:
    own = fact("address.form", "Kenji", "resident", "locked")
    assert "the person must retract" in refused(fact("address.form", "Mr Sato", "carer", "locked"), own)
    carers = fact("address.form", "Mr Sato", "carer", "locked")
    told = refused(fact("address.form", "Kenji", "resident", "locked"), carers)
    assert "staff must retract" in told
    assert "Sato" not in told and "\n" not in told


def test_a_lock_under_the_opposite_key_is_a_contradiction_too() -> None:
    liked = fact("food.liked", "Eggs", "resident", "locked")
    assert "food.liked" in refused(fact("food.disliked", "eggs", "carer", "locked"), liked)


def test_nobody_locks_a_consent_over_the_persons_no() -> None:
    assert "said no" in refused(fact("consent.talk", "yes", "carer", "locked"), fact("consent.talk", "no", "resident"))


def test_agreeing_locks_and_ones_own_newer_lock_are_taken() -> None:
    own = fact("address.form", "Kenji", "resident", "locked")
    for new in (fact("address.form", "Kenji", "carer", "locked"), fact("address.form", "Ken", "resident", "locked")):
        refuse_contradictory_lock(new, profile(own).about(new))


# Any history ----------------------------------------------------------------------------------------------------------
SINGLE, MANY, OPPOSITE = "address.form", "food.liked", "food.disliked"


@st.composite
def histories(draw: st.DrawFn) -> list[Fact]:
    made = []
    for sequence in range(1, draw(st.integers(0, 14)) + 1):
        source = draw(st.sampled_from(list(Source)))
        if source is Source.CULTURE_PRIOR:
            allowed = [Status.ASSUMED, Status.RETRACTED]
        elif source is Source.OBSERVED:
            allowed = [Status.ASSUMED, Status.CONFIRMED, Status.RETRACTED]
        elif source is Source.FAMILY:
            allowed = [Status.ASSUMED, Status.STATED, Status.CONFIRMED, Status.RETRACTED]
        else:
            allowed = list(Status)
        status = draw(st.sampled_from(allowed))
        key = draw(st.sampled_from([SINGLE, MANY, OPPOSITE, "consent.memory", "safety.allergy", "said.event"]))
        values = ["yes", "no"] if key.startswith("consent") else ["tea", "Tea", "eggs"]
        value = "" if status is Status.RETRACTED and draw(st.booleans()) else draw(st.sampled_from(values))
        made.append(fact(key, value, source.value, status.value, sequence))
    return made


@settings(max_examples=300, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(history: list[Fact], random: object) -> None:
    shuffled = list(history)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert profile(*shuffled) == profile(*history) == Profile("r1", facts=shuffled)
    assert profile(*shuffled).facts == profile(*history).facts


@settings(max_examples=300, deadline=None)
@given(histories(), st.integers(0, 14))
def test_a_copy_made_from_a_snapshot_goes_on_like_the_original(history: list[Fact], at: int) -> None:
    snapshot = profile(*history[:at])
    copy = Profile("r1", snapshot.sequence, snapshot.standing)
    for one in history[at:]:
        copy = copy.with_fact(one)
    assert copy == profile(*history)
    assert copy.facts == profile(*history).facts


@settings(max_examples=300, deadline=None)
@given(histories())
def test_in_every_history_the_rules_hold(history: list[Fact]) -> None:
    made = profile(*history)
    in_force = made.facts
    assert set(in_force) <= set(history)
    assert all(one.status is not Status.RETRACTED for one in in_force)
    assert len([one for one in in_force if one.key == SINGLE]) <= 1
    items = [one.value.casefold() for one in in_force if one.key in (MANY, OPPOSITE)]
    assert len(items) == len(set(items)), "one item under two opposite keys"
    # Guesses never stand where a person's word does.
    standing = {one.key for one in history if one.source is Source.RESIDENT and one.status is Status.STATED}
    taken_back = {one.key for one in history if one.status is Status.RETRACTED}
    winner = made.fact(SINGLE)
    if SINGLE in standing - taken_back:
        assert winner is not None
        assert winner.source is Source.RESIDENT or winner.status is Status.LOCKED
    assert all(one.source is Source.CARER for one in in_force if keys()[one.key].for_staff_only)


@settings(max_examples=200, deadline=None)
@given(histories())
def test_a_fact_of_the_person_on_a_preference_always_takes_effect_unless_locked(history: list[Fact]) -> None:
    made = profile(*history)
    said = fact(SINGLE, "my way", "resident", "stated", sequence=99)
    before = made.fact(SINGLE)
    after = made.with_fact(said).fact(SINGLE)
    if before is not None and before.status is Status.LOCKED:
        assert after == before
    else:
        assert after == said
