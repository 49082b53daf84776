"""Residents from YAML: the simulated ones load, and every mistake is told with file, line and field."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from culture_profiles.errors import KithError
from culture_profiles.importing import read_resident
from culture_profiles.profile import Profile

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
PEOPLE = sorted((Path(__file__).resolve().parents[2] / "sim" / "residents" / "people").glob("*.yaml"))


@pytest.mark.parametrize("path", PEOPLE, ids=lambda path: path.stem)
def test_every_simulated_resident_can_be_imported(path: Path) -> None:
    facts = read_resident(path, NOW)
    assert facts[0].key.startswith("name.")
    assert {fact.resident_id for fact in facts} == {path.stem}


def test_a_file_says_who_hanna_is() -> None:
    path = next(path for path in PEOPLE if path.stem == "hanna")
    hanna = Profile("hanna", facts=read_resident(path, NOW))
    assert hanna.value("address.form") == "pani Hanno"
    assert hanna.value("language.greeting") == "pl_PL"
    assert hanna.value("consent.talk") == "yes"


def test_values_are_taken_as_written(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(
        "id: r1\nsource: resident\nfacts:\n  consent.memory: no\n  name.full: אסתר\n  food.liked: [012, ~x, 1e3]\n"
        "  address.form: {value: Mrs O, source: carer, status: locked, note: agreed, who: ann}\n",
        encoding="utf-8",
    )
    facts = {(fact.key, fact.value): fact for fact in read_resident(path, NOW, who="me")}
    assert set(facts) == {
        ("name.full", "אסתר"),
        ("consent.memory", "no"),
        ("food.liked", "012"),
        ("food.liked", "~x"),
        ("food.liked", "1e3"),
        ("address.form", "Mrs O"),
    }
    locked = facts["address.form", "Mrs O"]
    assert (locked.source, locked.status, locked.note, locked.who) == ("carer", "locked", "agreed", "ann")
    assert facts["food.liked", "012"].who == "me"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("facts: {name.full: A}", "needs the section id"),
        ("id: r1", "needs the section facts"),
        ("id: Not An Id\nfacts: {name.full: A}", "line 1: id"),
        ("id: r1\nfacts:\n  name.fall: A", "line 3: no such key; did you mean name.full?"),
        ("id: r1\nfacts:\n  name.full: A\n  speech.rate: rapid", "line 4: speech.rate must be one of"),
        ("id: r1\nfacts:\n  name.full: [A, B]", "line 3: name.full: holds one value"),
        ("id: r1\nfacts:\n  food.liked:\n    - tea\n    - {value: x, mood: good}", "line 5: food.liked: no such field"),
        ("id: r1\nfacts:\n  food.liked:\n    - tea\n    - [x]", "line 5: food.liked: must be one line"),
        ("id: r1\nfacts:\n  food.liked: {value: x, source: rumour}", "line 3: food.liked: source"),
        ("id: r1\nsource: resident\nfacts:\n  safety.allergy: nuts", "line 4: safety.allergy: source"),
        ("id: r1\nfacts:\n  name.full: |\n    two\n    lines", "line 3: name.full: value"),
        ("id: r1\nfacts:\n  name.full: A\n  name.full: B", "line 4: 'name.full' is there twice"),
        ("id: r1\nfacts: none", "line 2: facts"),
        ("id: r1\nfacts:\n  name.full: 'A", "line 3"),
        ("id: r1\nplans: x\nfacts: {}", "line 2: no such section"),
        ("id: r1\nfacts:\n  name.full: A\n  note: \x1b[31m", "line 4: holds a control character"),
        ("id: r1\nfacts:\n  name.full: " + "A" * 5000, "line 3: name.full: value"),
        ("id: r1\nfacts:\n  name.full: " + "A" * 1_000_001, "larger than 1 MB"),
        ("[" * 50_000, "nested too deeply"),
        ("just text", "line 1"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KithError) as refusal:
        read_resident(path, NOW)
    line = str(refusal.value)
    assert line.startswith("r.yaml") and told in line
    assert "\n" not in line and len(line) < 250


@pytest.mark.parametrize("content", [b"\xff\xfei\x00d\x00", b"PK\x03\x04\x00\x00\xff"])
def test_a_file_that_is_no_text_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "r.yaml"
    path.write_bytes(content)
    with pytest.raises(KithError, match=r"r\.yaml: is not UTF-8"):
        read_resident(path, NOW)
    with pytest.raises(KithError, match="cannot be read"):
        read_resident(tmp_path / "missing.yaml", NOW)
