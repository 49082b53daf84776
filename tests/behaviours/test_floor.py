from hypothesis import given
from hypothesis import strategies as st

from behaviours.floor import Activity, Floor, Priority

TALK = Activity("talk", Priority.CONVERSATION)
REMINDER = Activity("reminder", Priority.REMINDER, resumable=False)
ALARM = Activity("alarm", Priority.EMERGENCY)


def test_the_more_urgent_interrupts_and_the_interrupted_resumes() -> None:
    floor = Floor()
    assert floor.take(TALK).granted
    taken = floor.take(REMINDER)
    assert (taken.granted, taken.interrupted) == (True, TALK)
    assert not floor.take(TALK).granted
    assert floor.release("reminder") == TALK
    assert floor.release("talk") is None
    assert floor.priority is Priority.IDLE


def test_what_cannot_be_resumed_is_not_left_waiting() -> None:
    floor = Floor()
    floor.take(TALK)
    floor.take(REMINDER)
    floor.take(ALARM)
    assert floor.release("alarm") == TALK


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["a", "b", "c"]), st.sampled_from(list(Priority)))))
def test_the_holder_is_always_the_most_urgent_of_those_that_have_not_given_back(steps: list) -> None:
    floor = Floor()
    for takes, name, priority in steps:
        if takes:
            before = floor.priority
            taken = floor.take(Activity(name, priority))
            if taken.granted and taken.interrupted is not None:
                assert priority > before
        else:
            floor.release(name)
            assert not floor.holds(name)
