"""Care rule 12: somebody with aphasia is given the time that their words need, and so is whoever asks for it."""

import pytest

from nodes.asr.endpointer import Patience
from nodes.asr.pauses import Pauses
from nodes.asr.persons import speaker
from tests.behaviours.minds import profile


@pytest.mark.parametrize(
    "facts", [{"speech__pauses": "long"}, {"speech__needs": "aphasia"}, {"speech__needs": "stammer"}]
)
def test_the_profile_gives_time(facts: dict[str, str]) -> None:
    someone = speaker(profile("hanna", **facts), "en_GB")
    assert someone.long_waits
    patience = Pauses(Patience()).patience("hanna", long=someone.long_waits)
    assert patience.end_s >= 1.5
    assert patience.unfinished_s >= 4.0


def test_without_such_a_fact_nobody_is_kept_waiting() -> None:
    assert not speaker(profile("hanna"), "en_GB").long_waits
    assert not speaker(None, "en_GB").long_waits
