"""How to begin with a person: what they said, then what their background suggests, then the same for everybody."""

from datetime import date
from pathlib import Path

from culture_profiles.culture.approach import Approach, approach, says_avoided
from culture_profiles.fact import Fact
from tests.culture_profiles.culture.packs_for_tests import packs
from tests.culture_profiles.profiles import fact, profile

TODAY = date(2026, 11, 23)
MANNER = """\
manner:
  - {key: address.manner, value: warm, yes: 5, no: 1, source: made}
  - {key: distance.metres, value: 2.0, yes: 4, no: 1, source: made}
gestures:
  - {gesture: bow, yes: 6, no: 1, source: made}
festivals:
  - {id: day, name: Snow Day, local_name: {ja: 雪の日}, when: {month: 11, day: 23}, mood: joyful, source: made}
painful:
  - {id: war, name: W, words: [air raid, 空襲], anniversary: "11-24", source: made}
"""


def begin(folder: Path, *facts: Fact, today: date = TODAY, body: str = MANNER) -> Approach:
    known = packs(folder, region__japan=body)
    return approach(profile(fact("culture.region.japan", "a_lot"), *facts), today, known, simulation=True)


def test_a_background_suggests_manner_and_distance_and_says_so(tmp_path: Path) -> None:
    found = begin(tmp_path)
    assert (found.manner, found.distance_m, found.gaze) == ("warm", 1.84, "soft")
    assert found.why["manner"] == "assumed: region:japan"
    assert found.why["gaze"] == "the same for everybody"


def test_the_persons_own_manner_comes_first(tmp_path: Path) -> None:
    stated = fact("address.manner", "plain", source="resident")
    assert begin(tmp_path, stated, fact("distance.metres", "0.8")).manner == "plain"
    assert begin(tmp_path, fact("distance.metres", "0.8")).distance_m == 0.8
    assert begin(tmp_path, fact("address.formal", "yes", source="resident")).manner == "formal"


def test_a_gesture_needs_the_persons_word_and_no_is_final(tmp_path: Path) -> None:
    assert begin(tmp_path).gesture == "nod"
    assert begin(tmp_path, fact("greetings.bow", "yes", source="resident")).gesture == "bow"
    assert begin(tmp_path, fact("gestures.liked", "Namaste", source="resident")).gesture == "namaste"
    liked = fact("greetings.bow", "yes", source="resident")
    assert begin(tmp_path, liked, fact("gestures.avoided", "bow", source="resident")).gesture == "nod"
    assert begin(tmp_path, fact("gestures.avoided", "nod", source="resident")).gesture == "none"
    hands = fact("greetings.handshake", "yes", source="resident")
    assert begin(tmp_path, hands, fact("touch.hand", "no", source="resident")).gesture == "nod"


def test_a_wish_needs_the_persons_word_and_no_painful_day(tmp_path: Path) -> None:
    kept = fact("topics.liked", "雪の日", source="resident")
    found = begin(tmp_path, kept).wish
    assert found is not None
    assert found.name == "Snow Day"
    assert begin(tmp_path).wish is None
    assert begin(tmp_path, kept, today=date(2026, 11, 25)).wish is None
    sad = MANNER.replace("11-24", "11-23")
    assert begin(tmp_path, kept, body=sad).wish is None


def test_painful_words_are_avoided_in_any_script_and_also_for_not_me(tmp_path: Path) -> None:
    found = begin(tmp_path, fact("topics.avoided", "golf", source="resident"))
    assert says_avoided("Was there an Air  Raid?", found.avoid)
    assert says_avoided("あの空襲のとき", found.avoid)
    assert says_avoided("Golf today?", found.avoid)
    assert not says_avoided("The golfers raided the fair", found.avoid)
    known = packs(tmp_path, region__japan=MANNER)
    not_me = profile(fact("culture.region.japan", "not_me"))
    assert "air raid" in approach(not_me, TODAY, known, simulation=True).avoid
