"""Care rule 7: food and drink are offered only under a current, staff-set "no restriction"."""

from datetime import date

import pytest

from culture_profiles.agreed import may_be_offered_food
from culture_profiles.fact import Fact
from tests.culture_profiles.profiles import fact, profile, staff

TODAY = date(2026, 11, 23)
FREE = staff(food__offering="no_restriction", food__offering_review="2026-12-01")


def offered(*facts: Fact, today: date = TODAY) -> bool:
    return may_be_offered_food(profile(*facts), today)


def test_it_holds_until_its_review_date() -> None:
    assert offered(*FREE)
    assert offered(*FREE, today=date(2026, 12, 1))
    assert not offered(*FREE, today=date(2026, 12, 2))


@pytest.mark.parametrize("left", [0, 1])
def test_without_word_or_date_nothing_is_offered(left: int) -> None:
    assert not offered()
    assert not offered(FREE[left])


@pytest.mark.parametrize(
    "contradiction",
    [
        fact("food.offering", "restricted"),
        fact("safety.swallowing", "thickened to level 2"),
        fact("safety.fluids", "1 litre a day"),
    ],
)
def test_whatever_contradicts_it_ends_it(contradiction: Fact) -> None:
    assert not offered(*FREE, contradiction)


@pytest.mark.parametrize("source", ["resident", "family", "observed", "culture_prior"])
def test_nobody_but_staff_lifts_a_restriction_and_no_background_moves_one(source: str) -> None:
    status = "assumed" if source in ("observed", "culture_prior") else "stated"
    word = fact("food.offering", "no_restriction", source, status)
    assert not offered(word, fact("food.offering_review", "2027-01-01"))
    fasting = fact("faith.fasting", "Ramadan", "resident")
    assert offered(*FREE, fasting)  # the person's word goes to senior staff; it moves nothing by itself
