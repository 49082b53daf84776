"""Every occurrence is judged by what was heard and seen alone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from behaviours.phrases import phrasebook
from sim.home.answers import Mood
from sim.home.hearing import Ear, Heard
from sim.home.observer import Case, Fate, Observer, Prompted
from sim.home.plan import Planned

ZONE = ZoneInfo("Europe/London")
FIRST = date(2026, 3, 2)
DUE = datetime(2026, 3, 2, 10, tzinfo=UTC)
CALL = Planned("hanna-call", "hanna", "call", "your daughter Ewa", time(10))
ASKED = Heard("call", may_have_asked=False, late=False)
UNSURE = Heard("call", may_have_asked=True, late=False)


@pytest.fixture
def observer() -> Observer:
    return Observer([CALL], datetime.combine(FIRST, time(), ZONE), 1, ZONE)


def _prompt(observer: Observer, minutes: float, heard: Heard, mood: Mood, *, answered: bool = True) -> Prompted:
    prompt = observer.heard("hanna", "r1", heard, DUE + timedelta(minutes=minutes))
    prompt.mood, prompt.finished, prompt.answered = mood, True, answered
    return prompt


def _only(observer: Observer) -> Case:
    (case,) = observer.cases
    return case


def test_nothing_heard_and_nothing_told_is_lost(observer: Observer) -> None:
    assert _only(observer).fate is Fate.LOST
    observer.listed("hanna-call@20260302T100000Z", "Maria", unsure=False)
    assert observer.figures().lost == 1


def test_a_prompt_answered_and_closed(observer: Observer) -> None:
    _prompt(observer, 1, ASKED, Mood.AGREES)
    observer.listed("hanna-call@20260302T100000Z", "resident", unsure=False)
    figures = observer.figures()
    assert (figures.lost, figures.doubled, figures.uncertain, figures.on_time_share) == (0, 0, 0, 1.0)
    assert figures.closed_by_resident == 1


def test_asked_again_after_an_answer_is_doubled(observer: Observer) -> None:
    _prompt(observer, 1, ASKED, Mood.AGREES)
    _prompt(observer, 4, ASKED, Mood.AGREES)
    assert _only(observer).doubled


@pytest.mark.parametrize("mood", [Mood.LATER, Mood.IGNORES, Mood.ANSWERS_LATE])
def test_asked_again_for_a_reason_is_not_doubled(observer: Observer, mood: Mood) -> None:
    _prompt(observer, 1, ASKED, mood)
    _prompt(observer, 4, ASKED, Mood.AGREES)
    assert not _only(observer).doubled


def test_asked_again_with_a_word_of_doubt_is_uncertain_and_not_doubled(observer: Observer) -> None:
    _prompt(observer, 1, ASKED, Mood.AGREES)
    _prompt(observer, 4, UNSURE, Mood.AGREES)
    assert not _only(observer).doubled
    assert _only(observer).uncertain


def test_a_prompt_that_was_cut_off_needs_a_word_of_doubt(observer: Observer) -> None:
    observer.heard("hanna", "r1", ASKED, DUE).finished = False
    _prompt(observer, 4, ASKED, Mood.AGREES)
    assert _only(observer).doubled


def test_late_is_not_on_time(observer: Observer) -> None:
    _prompt(observer, 61, ASKED, Mood.AGREES)
    assert observer.figures().on_time_share == 0.0


def test_what_is_for_staff_must_not_be_said_and_must_be_told() -> None:
    medicine = Planned("hanna-medicine", "hanna", "medicine", "tablets", time(10), for_staff=True)
    observer = Observer([medicine], datetime.combine(FIRST, time(), ZONE), 1, ZONE)
    text = "Medicine due at 10:00: for staff: no self-administration assessment is in force."
    observer.alert("a1", "hanna", text, "", DUE + timedelta(seconds=1))
    assert observer.figures().on_time_share == 1.0
    observer.heard("hanna", "r1", Heard("medicine", may_have_asked=False, late=False), DUE)
    assert _only(observer).doubled


def test_a_prompt_for_nothing_that_is_due_is_unexpected(observer: Observer) -> None:
    observer.heard("hanna", "r1", Heard("visit", may_have_asked=False, late=False), DUE)
    assert observer.figures().unexpected == 1


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("Hanna, it is time for your call with the family. Are you coming?", Heard("call", False, False)),
        ("I'm sorry I'm late with this. Your exercises are planned for now. Would you like to start?",
         Heard("exercise", False, True)),
        ("Forgive me, I may have asked you already. Your call with Ewa is due. Shall I say yes?",
         Heard("call", True, False)),
        ("There is something in your plan now. A carer can tell you more. Is that all right?",
         Heard("private", False, False)),
        ("Good. Thank you.", None),
        ("Good morning, Mr Sato.", None),
        ("It is about the singing circle. Shall I say yes?", None),
    ],
)  # fmt: skip
def test_prompts_are_known_by_their_sentences(text: str, heard: Heard | None) -> None:
    assert Ear(phrasebook().templates()).hear(text) == heard
