from datetime import timedelta

import pytest

from behaviours.acts import Outcome, ReminderPrompted, Speak
from behaviours.identity import Level, Who
from behaviours.phrases import phrasebook
from behaviours.reminding import Reminder
from tests.behaviours.minds import HANNA, Chat, hanna, profile


def remind(chat: Chat, kind: str = "call", title: str = "your daughter Ewa", **more: bool) -> str:
    reminder = Reminder("o1", "hanna", kind, title, chat.now + timedelta(hours=1), f"reminder.{kind}", **more)
    return chat.took(chat.mind.remind(reminder, chat.who, chat.now))


@pytest.mark.parametrize(
    ("answer", "outcome", "later_s"),
    [
        ("Yes, I'm coming.", Outcome.ACCEPTED, 0),
        ("all right then", Outcome.ACCEPTED, 0),
        ("im on my way", Outcome.ACCEPTED, 0),
        ("Later, please.", Outcome.LATER, 0),
        ("In ten minutes", Outcome.LATER, 600),
        ("give me half an hour", Outcome.LATER, 1800),
        ("not now dear", Outcome.LATER, 0),
        ("No, thank you.", Outcome.DECLINED, 0),
        ("I don't want to", Outcome.DECLINED, 0),
        ("not today", Outcome.DECLINED, 0),
    ],
)
def test_answers_are_understood(answer: str, outcome: Outcome, later_s: int) -> None:
    chat = hanna()
    assert "your daughter Ewa" in remind(chat)
    assert any(isinstance(each, ReminderPrompted) for each in chat.acts)
    chat.say(answer)
    (ended,) = chat.outcomes()
    assert (ended.outcome, ended.later_s) == (outcome, later_s)


def test_silence_after_the_prompt_is_no_answer_and_not_before() -> None:
    chat = hanna()
    remind(chat)
    chat.wait(19)
    assert chat.outcomes() == []
    chat.wait(1)
    assert [each.outcome for each in chat.outcomes()] == [Outcome.NO_ANSWER]


def test_silence_after_a_prompt_that_broke_off_is_an_interruption() -> None:
    chat = hanna()
    reminder = Reminder("o1", "hanna", "call", "your daughter Ewa", chat.now + timedelta(hours=1), "reminder.call")
    (prompt,) = (each for each in chat.mind.remind(reminder, chat.who, chat.now) if isinstance(each, Speak))
    chat.took(chat.mind.spoken(prompt.id, False, chat.now))
    chat.wait(20)
    assert [each.outcome for each in chat.outcomes()] == [Outcome.INTERRUPTED]


def test_a_question_is_answered_and_the_answer_awaited() -> None:
    chat = hanna()
    remind(chat)
    assert "Ewa" in chat.say("What?")
    assert chat.outcomes() == []
    chat.say("Oh yes, I'm coming")
    assert chat.outcomes()[0].outcome is Outcome.ACCEPTED


def test_late_and_uncertain_prompts_say_so() -> None:
    answer = remind(hanna(), late=True, may_have_asked=True)
    for key in ("reminder.late", "reminder.may_have_asked"):
        assert any(each.text in answer for each in phrasebook().all(key, "en_GB", {}))


def test_it_interrupts_talk_politely_and_gives_way_to_a_call_for_help() -> None:
    chat = hanna()
    chat.say("It is raining again")
    assert remind(chat).startswith(("Excuse me", "May I break in"))
    chat.say("Help, I have fallen!")
    assert [each.outcome for each in chat.outcomes()] == [Outcome.INTERRUPTED]
    remind(chat)
    assert [each.outcome for each in chat.outcomes()] == [Outcome.INTERRUPTED]


def test_nothing_private_is_said_of_it_before_others() -> None:
    chat = hanna(Level.PUBLIC)
    assert "Ewa" not in remind(chat)
    assert chat.spoken()


def test_nobody_here_state_of_life_and_refusal_keep_it_unsaid() -> None:
    chat = hanna()
    reminder = Reminder("o1", "hanna", "call", "your daughter Ewa")
    assert chat.took(chat.mind.remind(reminder, Who("", Level.UNKNOWN, ""), chat.now)) == ""
    assert chat.outcomes()[0].outcome is Outcome.ABSENT
    for state, outcome in (("hospital", Outcome.ABSENT), ("died", Outcome.ABSENT), ("end_of_life", Outcome.ABSENT)):
        away = Chat(profile(**HANNA, state_of_life=state))
        assert remind(away) == ""
        assert away.outcomes()[0].outcome is outcome
    chat.say("not today")
    assert remind(chat) == ""
    assert chat.outcomes()[0].outcome is Outcome.DECLINED


def test_a_second_reminder_waits_its_turn() -> None:
    chat = hanna()
    remind(chat)
    second = Reminder("o2", "hanna", "activity", "singing")
    chat.took(chat.mind.remind(second, chat.who, chat.now))
    assert [(each.occurrence_id, each.outcome) for each in chat.outcomes()] == [("o2", Outcome.INTERRUPTED)]
    chat.say("yes")
    assert [each.occurrence_id for each in chat.outcomes()] == ["o1"]


def test_death_ends_a_reminder_and_all_talk_at_once() -> None:
    chat = hanna()
    remind(chat)
    chat.took(chat.mind.profile_changed(profile(**HANNA, state_of_life="died"), chat.now))
    assert chat.outcomes()[0].outcome is Outcome.ABSENT
    assert chat.spoken() == []


@pytest.mark.parametrize("answer", ["the nurse already came", "I had it with breakfast", "done it already"])
def test_what_is_done_already_ends_it_and_staff_read_so(answer: str) -> None:
    chat = hanna()
    remind(chat, "custom", "the eye drops")
    chat.say(answer)
    (ended,) = chat.outcomes()
    assert (ended.outcome, ended.said) == (Outcome.DECLINED, "says that it was done already")


def test_nothing_is_begun_or_asked_again_past_the_lease_and_nobody_listens_then() -> None:
    chat = hanna()

    def leased(seconds: float) -> Reminder:
        lease = chat.now + timedelta(seconds=seconds)
        return Reminder("o1", "hanna", "call", "your daughter Ewa", lease_until=lease)

    assert chat.took(chat.mind.remind(leased(14), chat.who, chat.now)) == ""
    assert chat.outcomes()[0].outcome is Outcome.INTERRUPTED
    assert chat.took(chat.mind.remind(leased(16), chat.who, chat.now)) != ""
    assert chat.say("What?") == ""
    assert chat.outcomes()[0].outcome is Outcome.NO_ANSWER
    assert chat.took(chat.mind.remind(leased(18), chat.who, chat.now)) != ""
    chat.wait(17.9)
    assert chat.outcomes() == []
    chat.wait(0.1)  # the window for an answer is two seconds longer
    assert chat.outcomes()[0].outcome is Outcome.NO_ANSWER
