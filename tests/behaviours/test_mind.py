from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from behaviours.acts import Hush, RaiseAlert, Speak
from behaviours.floor import Priority
from behaviours.identity import Level
from culture_profiles.consent import Purpose
from culture_profiles.fact import Source, Status
from tests.behaviours.minds import HANNA, MORNING, Chat, hanna, profile


def test_the_greeting_is_in_the_stated_language_and_form_the_talk_goes_on_in_hers() -> None:
    chat = hanna()
    chat.say("Good morning")
    greeting, question = chat.spoken()
    assert greeting.text.startswith("Dzień dobry, pani Hanno.")
    assert greeting.locale == "pl_PL"
    assert question.locale == "en_GB"
    stranger = Chat(profile("kenji"))
    stranger.say("Good morning")
    assert greeting.manner.rate < stranger.spoken()[0].manner.rate
    assert "dobry" not in chat.say("I slept very well")


def test_somebody_who_comes_and_says_nothing_is_greeted_once_an_hour_and_by_day() -> None:
    chat = hanna()
    chat.mind.presence(chat.who, chat.now)
    assert chat.wait(1) == ""
    assert "pani Hanno" in chat.wait(1)
    assert chat.wait(60) == ""
    night = hanna()
    night.now = MORNING.replace(hour=23)
    night.mind.presence(night.who, night.now)
    assert night.wait(5) == ""


def test_who_looks_is_greeted_at_once_who_does_not_is_left_in_peace_for_a_while() -> None:
    looked_at, unseen, blind = hanna(), hanna(), hanna()
    looked_at.mind.attended(True)
    unseen.mind.attended(False)
    for chat in (looked_at, unseen, blind):
        chat.mind.presence(chat.who, chat.now)
    assert "pani Hanno" in looked_at.wait(0.2)
    assert blind.wait(0.2) == unseen.wait(0.2) == ""
    assert "pani Hanno" in blind.wait(2)
    assert unseen.wait(8) == ""
    assert "pani Hanno" in unseen.wait(3)  # the camera does not see every face


def test_a_no_to_the_camera_holds_today_and_over_a_restart() -> None:
    chat = hanna()
    chat.say("Please don't look at me with that camera")
    assert chat.mind.refused_today("hanna", chat.now) == {Purpose.CAMERA}
    again = hanna()
    again.mind.restore(chat.mind.state())
    assert again.mind.refused_today("hanna", chat.now) == {Purpose.CAMERA}
    assert again.mind.refused_today("hanna", chat.now + timedelta(days=1)) == frozenset()


def test_a_stranger_is_greeted_neutrally() -> None:
    assert Chat(None).say("Good morning").startswith("Good morning.")


def test_a_stated_fact_is_kept_with_its_source_said_back_and_can_be_taken_back() -> None:
    chat = hanna()
    assert "you don't eat eggs" in chat.say("I don't eat eggs any more.")
    (fact,) = chat.facts()
    assert (fact.key, fact.value, fact.source, fact.status) == ("food.disliked", "eggs", Source.RESIDENT, Status.STATED)
    assert "you don't eat eggs" in chat.say("What do you know about me?").lower()
    chat.say("That's wrong. Forget that.")
    (gone,) = chat.facts()
    assert (gone.value, gone.status) == ("eggs", Status.RETRACTED)
    assert "eggs" not in chat.say("What do you know about me?")


def test_what_is_known_already_is_talked_about_and_not_learned_again() -> None:
    chat = hanna()
    chat.say("I like jazz")
    said = chat.say("I like listening to jazz.")
    assert chat.facts() == []
    assert said
    assert "remember" not in said


def test_facts_need_consent_to_remember() -> None:
    chat = Chat(profile(**{**HANNA, "consent__memory": "no"}))
    answer = chat.say("I don't eat eggs any more.")
    assert chat.facts() == []
    assert "remember" not in answer


def test_faith_is_kept_only_after_asking() -> None:
    chat = hanna()
    chat.say("I'm a Catholic")
    assert chat.facts() == []
    chat.say("Yes, please")
    assert [fact.key for fact in chat.facts()] == ["faith.stated"]


def test_no_sentence_comes_twice_in_a_long_conversation() -> None:
    for seed in range(4):
        chat = hanna(seed=seed)
        said: list[str] = []
        for number in range(60):
            words = (
                "I slept well",
                "We had porridge for breakfast",
                "It is raining",
                "I used to sew dresses",
                "My daughter rang",
                "I like a waltz",
                "The roses are out",
                "Mm",
                "I don't mind",
            )[number % 9]
            chat.say(words)
            said += [each.text for each in chat.spoken()]
        assert len(said) == len(set(said))
        assert len(said) > 25


def test_a_changed_address_and_rate_are_in_the_very_next_sentence() -> None:
    chat = hanna()
    chat.say("Good morning")
    before = chat.spoken()[0].manner.rate
    chat.mind.profile_changed(profile(**{**HANNA, "address__form": "Hanna", "speech__rate": "fast"}), chat.now)
    assert "Hanna" in chat.say("I slept well")
    assert chat.spoken()[0].manner.rate > before


def test_slower_and_louder_lower_the_pitch_before_the_volume() -> None:
    chat = Chat(profile("kenji"))
    chat.say("Good morning")
    plain = chat.spoken()[0].manner
    assert "hearing aids" in chat.say("I can't hear you")
    lower = chat.spoken()[0].manner
    assert lower.pitch < plain.pitch
    assert lower.volume == plain.volume
    chat.say("Louder please")
    assert chat.spoken()[0].manner.volume > plain.volume
    chat.say("Slower please")
    assert chat.spoken()[0].manner.rate < plain.rate


def test_what_was_not_heard_well_is_asked_twice_and_then_a_carer_is_offered() -> None:
    chat = hanna()
    assert "the rose is blue" in chat.say("the rose is blue", confidence=0.1)
    chat.say("grblm", confidence=0.1)
    assert "carer" in chat.say("brrr", confidence=0.1) or "someone" in chat.spoken()[0].text
    chat.say("yes")
    assert [alert.kind for alert in chat.alerts()] == ["carer"]


def test_a_confirmed_guess_is_taken_as_said() -> None:
    chat = hanna()
    chat.say("I don't eat eggs any more", confidence=0.1)
    assert chat.facts() == []
    chat.say("Yes")
    assert [fact.value for fact in chat.facts()] == ["eggs"]


def test_a_call_for_help_needs_no_confidence() -> None:
    chat = hanna()
    chat.say("help me", confidence=0.01)
    assert [alert.kind for alert in chat.alerts()] == ["emergency"]


def test_the_language_follows_the_person_and_her_wish() -> None:
    chat = hanna()
    chat.say("Good morning")
    chat.say("Jestem bardzo zmęczona", locale="pl_PL")
    assert chat.spoken()[-1].locale == "pl_PL"
    chat.say("Could you speak English please")
    assert chat.spoken()[-1].locale == "en_GB"


def test_time_and_date_are_those_of_the_home() -> None:
    chat = hanna()
    assert "8:00 in the morning" in chat.say("What time is it?")
    assert "Monday" in chat.say("What day is it today?")


def test_state_survives_a_restart_and_holds_no_words() -> None:
    chat = hanna()
    chat.say("I don't eat eggs any more")
    chat.say("Help! I have fallen")
    chat.say("Not today")
    state = chat.mind.state()
    assert "egg" not in str(state)
    again = hanna()
    again.mind.restore(state)
    again.now = chat.now
    assert again.say("the sun is out") == ""
    assert "bell" in again.wait(61)


def test_a_late_answer_of_the_home_never_takes_a_call_back() -> None:
    chat = hanna()
    chat.say("Help!")
    (alert,) = chat.alerts()
    chat.took(chat.mind.alert_state(alert.id, 3, chat.now, accepted_by="Maria"))
    assert chat.took(chat.mind.alert_state(alert.id, 1, chat.now, covered=False)) == ""
    assert chat.wait(120) == ""


def test_an_emergency_silences_what_is_being_said() -> None:
    chat = hanna()
    chat.say("Help!")
    assert Hush(Priority.EMERGENCY) in chat.acts
    assert chat.mind.floor.priority is Priority.EMERGENCY


def test_what_could_not_be_kept_is_not_called_kept() -> None:
    chat = hanna()
    chat.say("I don't eat eggs any more")
    chat.took(chat.mind.store_failed(profile(**HANNA), "hanna", chat.now))
    assert "eggs" not in chat.say("What do you know about me?")


def test_endings_are_kept_in_one_turn() -> None:
    chat = hanna()
    chat.say("Good morning")
    assert "?" not in chat.say("Goodbye")
    assert chat.mind.floor.priority is Priority.IDLE


WORDS = st.sampled_from(
    [
        "yes",
        "no",
        "help",
        "what",
        "I",
        "eggs",
        "my husband",
        "died",
        "later",
        "stop",
        "go away",
        "hello",
        "tablets",
        "don't",
        "eat",
        "like",
        "music",
        "pain",
        "home",
        "forget that",
        "what do you know about me",
        "Tak",
        "はい",
        "?",
        ".",
    ]
)


@given(st.lists(st.lists(WORDS, max_size=6).map(" ".join), max_size=12), st.sampled_from(list(Level)))
@settings(max_examples=80, deadline=None)
def test_whatever_is_said_the_mind_answers_sensibly(turns: list[str], level: Level) -> None:
    chat = hanna(level)
    for text in turns:
        chat.say(text)
        for each in chat.spoken():
            assert each.text.strip()
            assert "{" not in each.text
            assert "[" not in each.text
        if level is not Level.PRIVATE:
            assert chat.facts() == []
        chat.wait(timedelta(seconds=20).total_seconds())


def test_a_hand_on_the_head_means_stop_in_whatever_language() -> None:
    chat = hanna()
    chat.say("Dzień dobry, opowiedz mi coś", locale="pl_PL")
    acts = chat.mind.touched("stop", chat.now, who=chat.who)
    assert any(isinstance(each, Hush) for each in acts)
    (said,) = [each for each in acts if isinstance(each, Speak)]
    assert said.locale.startswith("pl")
    assert chat.mind.halted("touched", chat.now) == []  # the wheels stop too; one hand has one answer


def test_a_hand_that_is_taken_takes_an_offer_and_is_otherwise_just_a_hand() -> None:
    chat = hanna()
    assert chat.mind.touched("yes", chat.now, who=chat.who) == []
    for _ in range(3):
        chat.say("mmblrgh", confidence=0.1)  # not heard well: in the end a carer is offered
    acts = chat.mind.touched("yes", chat.now, who=chat.who)
    assert any(isinstance(each, RaiseAlert) for each in acts)


def test_a_hand_is_too_little_for_a_fact_to_be_kept() -> None:
    chat = hanna()
    chat.say("I'm a Catholic")
    assert chat.mind.touched("yes", chat.now, who=chat.who) == []
    assert chat.facts() == []
    chat.say("Yes, please")  # the question still stands
    assert [fact.key for fact in chat.facts()] == ["faith.stated"]
