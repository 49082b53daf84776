"""What a fact may hold, and how a refusal reads."""

from datetime import UTC, datetime

import pytest

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, make_fact

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
GOOD = {"resident_id": "r1", "key": "food.liked", "value": "tea", "source": "resident", "status": "stated", "when": NOW}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"resident_id": "Hanna Kowalska"}, "resident_id"),
        ({"resident_id": "../x"}, "resident_id"),
        ({"resident_id": "x" * 65}, "resident_id"),
        ({"value": "x" * 1_000_000}, "value"),
        ({"value": "a\nb"}, "value"),
        ({"value": "a\x1b[31mb"}, "value"),
        ({"value": "\udcff"}, "value"),
        ({"value": "  "}, "value"),
        ({"note": "n" * 5000}, "note"),
        ({"who": "a\x00b"}, "who"),
        ({"confidence": float("nan")}, "confidence"),
        ({"confidence": 1.5}, "confidence"),
        ({"when": NOW.replace(tzinfo=None)}, "when"),
        ({"source": "rumour"}, "source"),
        ({"sequence": -1}, "sequence"),
        ({"source": "culture_prior"}, "only ever assumed"),
        ({"source": "observed"}, "confirms"),
        ({"source": "family", "status": "locked"}, "lock"),
    ],
)
def test_a_refusal_is_one_line_that_names_the_field_and_not_the_content(change: dict[str, object], named: str) -> None:
    with pytest.raises(KithError) as refusal:
        make_fact(**{**GOOD, **change})
    line = str(refusal.value)
    assert named in line
    assert "\n" not in line and len(line) < 150
    for content in change.values():
        assert not (isinstance(content, str) and len(content) > 8 and content in line)


NAMES = [
    "حنّة كوفالسكا",
    "\u200fאסתר\u200e Cohen",
    "Nguyễn Thị Hương",
    "Nguye\u0302\u0303n",  # combining, not composed
    "佐藤 健二",
    "क्‍षत्रिय",  # a joiner that changes the spelling
    "می‌خواهم",  # a non-joiner that does
    "Ὀδυσσεύς",
    "O’Brien-Łukasiewicz, Jr.",
    "𐍈𐍉",  # outside the basic plane
]


@pytest.mark.parametrize("name", NAMES)
def test_names_in_any_script_are_kept_exactly(name: str) -> None:
    assert make_fact(**{**GOOD, "key": "name.full", "value": name}).value == name


def test_a_fact_cannot_be_changed() -> None:
    fact = make_fact(**GOOD)
    with pytest.raises(ValueError, match="frozen"):
        fact.value = "coffee"  # type: ignore[misc]
    assert isinstance(fact, Fact)
