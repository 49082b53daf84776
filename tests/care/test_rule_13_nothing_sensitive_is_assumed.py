"""Care rule 13, as far as the profile decides: nothing sensitive is ever assumed, nothing assumed is known."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, Source, make_fact
from culture_profiles.keys import Sensitivity, keys
from culture_profiles.profile import Profile
from culture_profiles.store import ProfileStore

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
VALUES = {
    "text": "x",
    "locale": "pl_PL",
    "date": "2026-11-23",
    "boolean": "true",
    "number": "3",
    "time": "07:30",
    "pair": "wireless = radio",
}


def guess(key: str, source: Source) -> Fact:
    value = keys()[key].choices[0] if keys()[key].choices else VALUES[keys()[key].type]
    return make_fact(resident_id="r1", key=key, value=value, source=source, status="assumed", when=NOW)


GUESSERS = [Source.CULTURE_PRIOR, Source.OBSERVED, Source.FAMILY, Source.CARER, Source.RESIDENT]


@pytest.mark.parametrize("source", GUESSERS)
def test_no_guess_about_anything_sensitive_is_kept_or_in_force(tmp_path: Path, source: Source) -> None:
    guarded = [name for name, key in keys().items() if key.sensitivity in (Sensitivity.SENSITIVE, Sensitivity.SAFETY)]
    assert "faith.stated" in guarded
    with ProfileStore(tmp_path / "home" / "profiles.db") as store:
        for key in guarded:
            with pytest.raises(KithError):
                store.set_fact(guess(key, source))
            assert Profile("r1", facts=[guess(key, source)]).facts == ()
        assert store.history("r1") == []


@pytest.mark.parametrize("source", GUESSERS)
def test_a_guess_is_never_among_what_may_be_spoken_of(source: Source) -> None:
    for key, spec in keys().items():
        if spec.may_be_assumed:
            profile = Profile("r1", facts=[guess(key, source)])
            assert profile.facts != ()
            assert profile.known() == ()
