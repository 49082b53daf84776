"""Two residents of the same nationality are treated visibly differently, each for a stated reason."""

from datetime import date

from behaviours.manner import address, manner
from culture_profiles.consent import Purpose, consent
from tests.culture_profiles.profiles import fact, profile

BACKGROUND = [fact("culture.region.japan", "a_lot", "resident"), fact("language.mother", "ja_JP", "resident")]
BOWS = [fact("gestures.liked", "bow", "resident"), fact("address.form", "Satō-san", "resident")]
NONE_OF_IT = [
    fact("culture.region.japan", "not_me", "resident"),
    fact("gestures.avoided", "bow", "resident"),
    fact("address.form", "Keiko", "resident"),
    fact("language.preferred", "en_GB", "resident"),
    fact("speech.rate", "fast", "resident"),
    fact("consent.memory", "no", "resident"),
]


def test_the_person_stands_above_the_background_and_the_reason_can_be_told() -> None:
    kept, plain = profile(*BACKGROUND, *BOWS), profile(*BACKGROUND, *NONE_OF_IT)
    assert (address(kept), address(plain)) == ("Satō-san", "Keiko")
    assert (kept.values("gestures.liked"), plain.values("gestures.avoided")) == (("bow",), ("bow",))
    assert manner(kept).rate < manner(plain).rate
    assert not consent(plain, Purpose.MEMORY, date(2026, 11, 23)).allowed
    for made in (kept, plain):
        for reason in made.facts:
            assert (reason.source, reason.who, bool(reason.when)) == ("resident", "", True)


def test_a_background_alone_changes_nothing_of_it() -> None:
    silent, known = profile(), profile(*BACKGROUND)
    assert (address(known), manner(known)) == (address(silent), manner(silent))
    assert known.values("gestures.liked") == ()
