"""The vocabulary: what ships is sound, and a mistake in it is told with its line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from culture_profiles.errors import KithError
from culture_profiles.keys import PACKS, Sensitivity, culture_keys, keys, load_keys, preference_keys, spec
from culture_profiles.purposes import Reader, purposes


def test_safety_keys_are_staffs_and_nothing_sensitive_is_assumed() -> None:
    for name, key in keys().items():
        assert key.for_staff_only or not name.startswith("safety.")
        assert not (key.may_be_assumed and key.sensitivity in (Sensitivity.SENSITIVE, Sensitivity.SAFETY))
    # A consent is the person's; on what it rests is for staff to record.
    assert all(key.consent or key.for_staff_only for name, key in keys().items() if name.startswith("consent."))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a.b: {type: text, many: maybe, sensitivity: none, purpose: tastes, description: d}", "line 1: a.b: many"),
        ("\n\na.b: {type: poem, many: true, sensitivity: none, purpose: tastes, description: d}", "line 3: a.b: type"),
        (
            "a.b: {type: text, many: true, sensitivity: none, purpose: tastes, description: d, colour: red}",
            "line 1: a.b: colour",
        ),
        ("a.b: {type: text, many: true, sensitivity: none, purpose: tastes}", "line 1: a.b: description"),
        ("a.b: {type: choice, many: true, sensitivity: none, purpose: tastes, description: d}", "line 1: a.b: choices"),
        ("a.b: word", "line 1: a.b: must be a mapping"),
        ("a.b: {type: text, many: true, sensitivity: none, description: d}", "line 1: a.b: purpose"),
        ("a.b: {type: text, many: true, sensitivity: none, purpose: fun, description: d}", "a.b: purpose: must be one"),
        ("a.b: {type: pair, many: false, sensitivity: none, purpose: life, description: d}", "a.b: many"),
        ("a.b: {type: text, many: true, right: text, sensitivity: none, purpose: life, description: d}", "a.b: right"),
        ("a.b: {type: text, many: true, sensitivity: safety, ask: ask.b, purpose: safety, description: d}", "ask"),
        (
            "a.(b|c): {type: text, many: true, sensitivity: none, purpose: life, description: d}\n"
            "a.c: {type: text, many: true, sensitivity: none, purpose: life, description: d}",
            "line 2: a.c: a.c is there already, in line 1",
        ),
        ("A.b: {type: text, many: true, sensitivity: none, purpose: tastes, description: d}", "line 1: A.b: name"),
        (
            "a: {type: text, many: true, sensitivity: none, purpose: tastes, description: d, opposite: b}\n"
            "b: {type: text, many: true, sensitivity: none, purpose: tastes, description: d}",
            "line 1: a: opposite",
        ),
        (
            "a: {type: text, many: true, sensitivity: none, purpose: tastes, description: d}\na: {}",
            "line 2: 'a' is there twice",
        ),
        ("a: [\n", "line 2"),
        ("a: \x07", "line 1"),
        ("[" * 100_000, "nested too deeply"),
        ("- a", "line 1"),
        ("", "line 1"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_field(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "keys.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KithError) as refusal:
        load_keys(path)
    assert str(refusal.value).startswith("keys.yaml")
    assert told in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("key", "given_value", "kept"),
    [
        ("language.greeting", "pl-PL", "pl_PL"),
        ("language.mother", "pl", "pl"),
        ("speech.rate", " Slow ", "slow"),
        ("medicine.self_administration_review", "2027-01-31", "2027-01-31"),
        ("lifestory.birth_year", "1938", "1938"),
        ("name.full", "  two  spaces ", "  two  spaces "),
        ("rhythm.wakes", " 07:30:12 ", "07:30"),
        ("names_for_things", "Wireless= radio", "Wireless = radio"),
        ("language.for_topic", "family =pl-PL", "family = pl_PL"),
        ("consent.face.basis", "Own", "own"),
    ],
)
def test_values_take_their_canonical_form(key: str, given_value: str, kept: str) -> None:
    assert spec(key).canonical(given_value) == kept


@pytest.mark.parametrize(
    ("key", "bad"),
    [
        ("language.greeting", "Polish please"),
        ("language.greeting", "xx_YY"),
        ("speech.rate", "rapid"),
        ("medicine.self_administration_review", "2027-02-30"),
        ("lifestory.birth_year", "nan"),
        ("rhythm.wakes", "half past seven"),
        ("names_for_things", "wireless radio"),
        ("names_for_things", "= radio"),
        ("language.for_topic", "family = Polish please"),
        ("consent.memory.basis", "family"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_without_being_repeated(key: str, bad: str) -> None:
    with pytest.raises(KithError) as refusal:
        spec(key).canonical(bad)
    assert key in str(refusal.value)
    assert bad not in str(refusal.value)


def test_an_unknown_key_suggests_the_nearest() -> None:
    with pytest.raises(KithError, match=r"food\.disliked"):
        spec("food.dislikd")


@given(st.sampled_from(sorted(keys())), st.text(max_size=200))
def test_whatever_is_given_becomes_a_stable_value_or_one_line(key: str, text: str) -> None:
    try:
        value = spec(key).canonical(text)
    except KithError as refusal:
        assert "\n" not in str(refusal)
    else:
        assert spec(key).canonical(value) == value


def test_every_taste_and_every_pack_is_a_key() -> None:
    assert spec("music.jazz").canonical("Yes") == "yes"
    assert spec("music.jazz").may_be_assumed
    for path in PACKS.glob("*/*.yaml"):
        key = spec(f"culture.{path.parent.name}.{path.stem}")
        assert key.canonical("a_lot") == "a_lot"
        assert not key.may_be_assumed
        assert (key.sensitivity is Sensitivity.SENSITIVE) == (path.parent.name in ("faith", "nation"))


def test_a_taste_or_pack_with_an_impossible_name_is_told_with_its_file(tmp_path: Path) -> None:
    tastes = tmp_path / "preferences.yaml"
    tastes.write_text("music.jazz: {}\n\nMusic Jazz: {}\n", encoding="utf-8")
    with pytest.raises(KithError, match=r"preferences\.yaml, line 3: name"):
        list(preference_keys(tastes))
    (tmp_path / "packs" / "nation").mkdir(parents=True)
    (tmp_path / "packs" / "nation" / "two words.yaml").touch()
    with pytest.raises(KithError, match=r"two words\.yaml, line 1: name"):
        list(culture_keys(tmp_path / "packs"))


def test_a_newer_meaning_of_a_word_replaces_the_older() -> None:
    key = spec("pronunciation")
    assert key.subject("Łódź = Wooch") == key.subject("łódź = wudge") != key.subject("Lodz = Wooch")


def test_every_key_says_why_how_long_and_for_whom() -> None:
    for name, key in keys().items():
        assert purposes()[key.purpose].read, name
    assert Reader.ROBOT not in purposes()[spec("said.event").purpose].read
