"""Care rule 22, as far as the profile decides: staff bar a sender or a contact, nobody else does or lifts it."""

import pytest

from culture_profiles import precedence
from tests.culture_profiles.profiles import fact, profile


@pytest.mark.parametrize("key", ["safety.barred_sender", "safety.barred_contact"])
@pytest.mark.parametrize("source", ["resident", "family"])
def test_only_staff_bar_and_lift(key: str, source: str) -> None:
    barred = fact(key, "Jan Nowak")
    assert not precedence.allowed(fact(key, "Jan Nowak", source))
    lifted = fact(key, "Jan Nowak", source, "retracted")
    assert profile(barred, lifted).values(key) == ("Jan Nowak",)
    assert profile(barred, fact(key, "jan nowak", "carer", "retracted")).values(key) == ()
