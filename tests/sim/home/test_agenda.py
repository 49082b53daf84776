"""What simulated people do next, in simulated time."""

from datetime import UTC, datetime, timedelta

from sim.home.agenda import Agenda

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_all_that_is_due_happens_in_order() -> None:
    agenda, done = Agenda(NOON), []
    agenda.after(20, lambda: done.append("later"))
    agenda.after(10, lambda: done.append("first"))
    agenda.after(10, lambda: done.append("second"))
    assert agenda.due == NOON + timedelta(seconds=10)
    agenda.run(NOON + timedelta(seconds=10))
    assert done == ["first", "second"]
    assert (agenda.done, agenda.due) == (2, NOON + timedelta(seconds=20))


def test_when_the_clock_is_set_everything_takes_as_long_as_before() -> None:
    agenda, done = Agenda(NOON), []
    agenda.after(60, lambda: done.append("answer"))
    agenda.shift(-timedelta(minutes=10))
    assert agenda.due == NOON - timedelta(minutes=9)
    agenda.run(NOON - timedelta(minutes=9, seconds=1))
    assert not done
    agenda.run(NOON - timedelta(minutes=9))
    assert done == ["answer"]
