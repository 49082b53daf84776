"""docs/data.md says what the vocabulary says."""

import pytest

from culture_profiles.errors import KithError
from culture_profiles.keys import load_keys, written_families
from kith.data_page import BEGIN, END, PAGE, page


def test_the_page_is_not_stale() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert page(text) == text, "run `python -m kith.data_page`"


def test_every_key_is_on_it_and_what_is_written_by_hand_stays() -> None:
    made = page(f"before\n{BEGIN}\nstale words\n{END}\nafter\n")
    assert made.startswith("before\n") and made.endswith("\nafter\n") and "stale words" not in made
    families = list(written_families())
    assert {name for _, name in families} == set(load_keys())
    for family, _ in families:
        assert f"| `{family.replace('|', chr(92) + '|')}` |" in made


def test_a_page_without_its_marks_is_refused() -> None:
    with pytest.raises(KithError, match="marks"):
        page("nothing")
