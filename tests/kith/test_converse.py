"""`kith converse`: the real mind and the home's real store, by text."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from culture_profiles.importing import read_resident
from culture_profiles.store import ProfileStore
from kith.main import kith

PEOPLE = Path(__file__).parents[2] / "sim" / "residents" / "people"


@pytest.fixture
def home(home_dir: Path) -> Path:
    with ProfileStore(home_dir / "profiles" / "profiles.db") as store:
        for name in ("hanna", "kenji"):
            for fact in read_resident(PEOPLE / f"{name}.yaml", datetime.now(UTC), "test"):
                store.set_fact(fact)
    (home_dir / "home.yaml").write_text("time_zone: Europe/Warsaw\n")
    return home_dir


def converse(home: Path, *lines: object, resident: str = "hanna") -> list[dict[str, Any]]:
    sent = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    result = CliRunner().invoke(kith, ["--home", str(home), "converse", "--resident", resident, "--json"], input=sent)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_line_is_answered_with_everything_that_was_understood(home: Path) -> None:
    greeting, fact, help_ = converse(
        home,
        {"text": "Good morning", "at": "2026-11-23T07:30:00Z"},
        {"text": "I don't eat eggs any more.", "language": "en", "at": "2026-11-23T07:30:10Z"},
        {"text": "Help! I've fallen", "at": "2026-11-23T07:30:20Z"},
    )
    assert greeting["reply"].startswith("Dzień dobry, pani Hanno.")
    assert set(greeting) == {"reply", "language", "act", "why", "safety", "alert", "facts", "topic", "latency_ms"}
    assert fact["facts"] == [{"key": "food.disliked", "value": "eggs", "source": "resident", "status": "stated"}]
    assert help_["safety"] == {"class": "emergency", "level": "emergency"}
    assert help_["alert"]["level"] == "emergency"
    with ProfileStore(home / "profiles" / "profiles.db") as store:
        assert store.snapshot("hanna").values("food.disliked") == ("eggs",)


def test_each_resident_has_a_conversation_of_their_own(home: Path) -> None:
    one, other = converse(home, {"text": "Hello"}, {"text": "Hello", "resident": "kenji"})
    assert "pani Hanno" in one["reply"]
    assert "Mr Sato" in other["reply"]


def test_time_is_the_homes(home: Path) -> None:
    (answer,) = converse(home, {"text": "What time is it?", "at": "2026-11-23T08:00:00Z"})
    assert "9:00" in answer["reply"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("nonsense", "not JSON"),
        ("[]", "not a JSON object"),
        ({"language": "en"}, "text is missing"),
        ({"text": 5}, "text must be a string"),
        ({"text": "hi", "resident": "nobody"}, "no such resident"),
        ({"text": "hi", "at": "yesterday"}, "at must be a time"),
        ({"text": "hi", "at": 7}, "at must be a string"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_line_is_told_in_one_line_and_it_goes_on(home: Path, line: object, told: str) -> None:
    bad, good = converse(home, line, {"text": "Hello"})
    assert told in bad["error"]
    assert "\n" not in bad["error"]
    assert good["reply"]


@pytest.mark.parametrize(
    "text", ["", "x", "word " * 10_000, "SELECT * FROM facts; {}[]", "\ud800", "\x00\x07", "🙂", "aaaa" * 500]
)
def test_odd_words_get_a_kind_answer(home: Path, text: str) -> None:
    (answer,) = converse(home, {"text": text})
    assert answer["reply"]


def test_the_same_sentence_fifty_times_is_borne_patiently(home: Path) -> None:
    answers = converse(home, *[{"text": "The sky is blue."}] * 50)
    replies = [answer["reply"] for answer in answers if answer["reply"]]
    assert len(replies) == len(set(replies))


def test_an_unknown_resident_is_told_before_anything_is_read(home: Path) -> None:
    result = CliRunner().invoke(kith, ["--home", str(home), "converse", "--resident", "nobody", "--json"], input="")
    assert result.exit_code == 1  # KithError: `main` prints it as one line and exits 2
    assert "no such resident" in str(result.exception)


def test_by_hand_it_shows_what_is_said_and_that_nobody_is_called(home: Path) -> None:
    result = CliRunner().invoke(
        kith, ["--home", str(home), "converse", "--resident", "hanna"], input="Good morning\nHelp me\n"
    )
    assert result.exit_code == 0
    assert "pani Hanno." in result.stdout.splitlines()[0]
    assert "nobody is called from here" in result.stdout


def test_a_script_is_lived_through_in_its_own_time(home: Path, tmp_path: Path) -> None:
    script = tmp_path / "days.jsonl"
    lines = [
        {"text": "Good morning", "at": "2026-11-23T08:00:00Z"},
        {"text": "Help me, I have fallen", "at": "2026-11-23T08:01:00Z"},
        {"text": "Good morning", "at": "2026-11-25T08:00:00Z"},
        {"text": "Hello"},
    ]
    script.write_text("\n".join(map(json.dumps, lines)))
    result = CliRunner().invoke(
        kith, ["--home", str(home), "converse", "--resident", "hanna", "--json", "--replay", str(script)]
    )
    assert result.exit_code == 0, result.output
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    spoken = [each for each in answers if "text" in each]
    between = [each for each in answers if "text" not in each and "error" not in each]
    assert [each["at"][:10] for each in spoken] == ["2026-11-23", "2026-11-23", "2026-11-25"]
    assert any(each["at"].startswith("2026-11-23T08:02") for each in between)  # nobody accepted: it says so
    assert "at is missing" in answers[-1]["error"]
