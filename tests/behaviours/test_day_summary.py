"""Lines of a day: how they are kept, and when they have to go."""

from datetime import date, timedelta

from behaviours.day_summary import KEYS, TOPIC, WORDS, Line, of_day, parse, to_erase
from culture_profiles.fact import Fact
from culture_profiles.profile import Profile
from tests.behaviours.minds import MORNING, profile

DAY = date(2026, 11, 23)


def _with(*lines: Line, consent: str = "yes") -> Profile:
    made = profile(consent__summaries=consent)
    for line in lines:
        fact = line.fact("hanna", MORNING)
        assert isinstance(fact, Fact)
        made = made.with_fact(fact)
    return made


def test_a_line_is_read_as_it_was_kept() -> None:
    line = Line(DAY, WORDS, "I feel low today")
    assert (line.key, parse(line.value)) == ("summary.monday", line)
    assert parse("2026-13-99 topic garden") is None
    assert parse("whatever") is None


def test_what_cannot_be_kept_is_no_line() -> None:
    assert Line(DAY, WORDS, "a bell\x07").fact("hanna", MORNING) is None


def test_a_day_shows_its_own_lines_alone() -> None:
    known = _with(Line(DAY, TOPIC, "garden"), Line(DAY - timedelta(days=7), TOPIC, "trains"))
    assert [each.what for each in of_day(known, DAY)] == ["garden"]


def test_each_day_has_a_key_and_is_erased_before_it_comes_again() -> None:
    assert len({Line(DAY + timedelta(days=each), TOPIC, "x").key for each in range(7)}) == len(KEYS)
    known = _with(Line(DAY, TOPIC, "garden"))
    assert to_erase(known, DAY) == to_erase(known, DAY + timedelta(days=6)) == []
    assert to_erase(known, DAY + timedelta(days=7)) == ["summary.monday"]


def test_without_consent_all_goes() -> None:
    assert to_erase(_with(Line(DAY, TOPIC, "garden"), consent="no"), DAY) == ["summary.monday"]
