"""The vision bench counts as it says, and its people differ as they should."""

from kith.bench.vision import encounters, people
from kith.bench.vision.tally import Tallies


def test_a_tally_tells_how_often_it_was_right() -> None:
    tallies = Tallies()
    tallies.add(("near", "tone_1"), hits=1)
    tallies.add(("far", "tone_2"), missed=1, false=1)
    figures = tallies.figures()
    assert figures["all"] == {"precision": 0.5, "recall": 0.5, "n": 2}
    assert figures["far"]["recall"] == 0.0 and figures["near"]["precision"] == 1.0
    assert tallies.gap(("tone_1", "tone_2")) == 100.0


def test_every_tone_wears_everything() -> None:
    made = people.everybody()
    assert len(made) == 36 == sum(len(each) for each in people.groups())
    assert {(people.tone(who), people.worn(who)) for who in made} == {
        (f"tone_{number}", worn) for number in range(1, 7) for worn in people.WORN
    }


def test_two_signals_reach_the_right_person_and_errors_are_in_it() -> None:
    found = encounters.run(100)
    assert found["with_errors"] > 30
    assert found["private_rightly"] > 5  # it is not quiet to everybody
    assert found["wrong_person_disclosures"] == 0
