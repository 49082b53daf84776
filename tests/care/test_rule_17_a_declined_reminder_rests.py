"""Care rule 17, as far as reminders go: a no ends it in one turn, and it is not brought up again."""

from datetime import UTC, datetime, timedelta

import pytest

from behaviours.acts import Outcome as Meant
from behaviours.reminding import Reminder
from behaviours.routines import ladder
from behaviours.routines.occurrence import Occurrence, Outcome
from behaviours.routines.policy import policy
from behaviours.routines.routine import KINDS
from tests.behaviours.minds import hanna

DUE = datetime(2026, 6, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("no", ["No, thank you.", "I don't want to", "I'd rather not", "not today"])
def test_a_no_is_honoured_in_one_turn_and_nothing_is_asked(no: str) -> None:
    chat = hanna()
    chat.took(chat.mind.remind(Reminder("o1", "hanna", "activity", "bingo"), chat.who, chat.now))
    assert "?" not in chat.say(no)
    assert [each.outcome for each in chat.outcomes()] == [Meant.DECLINED]


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_never_prompted_again(kind: str) -> None:
    one = Occurrence("r@1", "r", "r1", kind, "x", DUE, DUE + timedelta(hours=8), next_at=DUE)
    begun = ladder.begin(one, "robot", DUE + timedelta(minutes=3))
    declined = ladder.answered(begun, policy(kind), Outcome.DECLINED, DUE).occurrence
    for minutes in range(0, 500, 5):
        now = DUE + timedelta(minutes=minutes)
        assert not ladder.advance(declined, policy(kind), None, now, robot_free=True).prompt
