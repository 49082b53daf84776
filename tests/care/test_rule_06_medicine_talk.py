"""Care rule 6, as far as talk goes: no prompt without an assessment, no drug named, no prompt after "taken"."""

from datetime import timedelta

import pytest

from behaviours.acts import Outcome
from behaviours.reminding import Reminder
from tests.behaviours.minds import HANNA, Chat, profile

ASSESSED = {
    **HANNA, "medicine__self_administration": "yes", "medicine__self_administration_review": "2027-01-31",
}  # fmt: skip


def prompt(chat: Chat, window: timedelta = timedelta(hours=1)) -> str:
    reminder = Reminder("o1", "hanna", "medicine", "Metformin 500 mg", chat.now + window, "reminder.medicine")
    return chat.took(chat.mind.remind(reminder, chat.who, chat.now))


def test_without_an_assessment_nothing_is_spoken() -> None:
    for facts in (
        HANNA,
        {**ASSESSED, "medicine__self_administration": "no"},
        {**ASSESSED, "medicine__self_administration_review": "2026-11-23"},
    ):
        chat = Chat(profile(**facts))
        assert prompt(chat) == ""
        assert [each.outcome for each in chat.outcomes()] == [Outcome.NO_ANSWER]
        assert "not spoken" in chat.outcomes()[0].said


def test_no_drug_or_dose_is_named_even_when_asked() -> None:
    chat = Chat(profile(**ASSESSED))
    said = prompt(chat) + chat.say("What is it?") + chat.say("Which one?")
    assert "medicine" in said
    for word in ("Metformin", "500", "mg"):
        assert word not in said


@pytest.mark.parametrize(
    "hint",
    [
        "I've already had it",
        "I took it with my breakfast",
        "The nurse already came",
        "She gave it to me",
        "done it already",
    ],
)
def test_a_hint_of_taken_ends_the_prompting(hint: str) -> None:
    chat = Chat(profile(**ASSESSED))
    prompt(chat)
    chat.say(hint)
    assert [each.outcome for each in chat.outcomes()] == [Outcome.HINT_TAKEN]


def test_later_never_reaches_beyond_the_window() -> None:
    chat = Chat(profile(**ASSESSED))
    prompt(chat, timedelta(minutes=20))
    chat.say("In two hours")
    assert chat.outcomes()[0].outcome is Outcome.LATER
    assert 0 < chat.outcomes()[0].later_s < 20 * 60


def test_outside_the_window_or_on_an_old_snapshot_nothing_is_spoken() -> None:
    chat = Chat(profile(**ASSESSED))
    assert prompt(chat, timedelta(seconds=-1)) == ""
    chat.wait(16 * 60)
    assert prompt(chat) == ""
    chat.mind.profile_checked("hanna", chat.now)
    assert prompt(chat) != ""


def test_food_and_drink_are_offered_only_without_restriction() -> None:
    free = {**HANNA, "food__offering": "no_restriction", "food__offering_review": "2027-01-31"}
    for facts, spoken in ((HANNA, False), ({**free, "safety__swallowing": "thickened fluids"}, False), (free, True)):
        chat = Chat(profile(**facts))
        reminder = Reminder("o1", "hanna", "drink", "tea")
        assert bool(chat.took(chat.mind.remind(reminder, chat.who, chat.now))) is spoken
