"""The dialogue bench: what it counts, on the open part alone."""

from behaviours.understanding.understander import Understander
from kith.bench.dialogue.sets import OPEN, Tally, sentences
from kith.bench.dialogue.understanding import alarms, understood_as


def test_sets_are_read_with_their_part() -> None:
    rows = sentences("medical", (OPEN,))
    assert rows
    assert {each.part for each in rows} == {OPEN}
    assert {each.label for each in rows} == {"medical"}


def test_a_tally_counts_both_parts_together_and_apart() -> None:
    tally = Tally.empty()
    for part, hit in (("open", True), ("open", False), ("held", True), ("held", True)):
        tally.count(part, hit)
    assert tally.share == 0.75
    assert tally.parts() == {"open": "1/2", "held": "2/2"}


def test_what_somebody_wants_is_one_thing_in_the_words_of_the_sets() -> None:
    reads = Understander()
    assert understood_as(reads.read("Be quiet", "en")) == "stop"
    assert understood_as(reads.read("Go away", "en")) == "go_away"
    assert understood_as(reads.read("What time is it?", "en")) == "time"
    assert understood_as(reads.read("We had a dog on the farm", "en")) == "smalltalk"


def test_no_call_for_help_of_the_open_part_is_missed_and_few_sentences_alarm() -> None:
    found = alarms(None, (OPEN,))
    assert found.heard.share == 1.0, {code: tally.parts() for code, tally in found.by_language.items()}
    assert found.false.share <= 0.001
