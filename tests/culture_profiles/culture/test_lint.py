"""What `kith packs lint` finds: each mistake with its file, line and field."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from culture_profiles.culture.lint import Findings, lint
from culture_profiles.culture.loader import Packs
from culture_profiles.culture.loader import packs as shipped
from tests.culture_profiles.culture.packs_for_tests import packs, write

YEAR = 2026


def lint_one(folder: Path, body: str, reference: str = "region:testland") -> Findings:
    path = write(folder, reference, body)
    return lint([path], Packs(folder), YEAR)


def test_the_packs_that_ship_have_no_mistakes() -> None:
    known = shipped()
    found = lint([known.path(reference) for reference in known], known, YEAR)
    assert [str(each) for each in found.mistakes] == []
    assert len(found.packs) == len(known)


def test_a_sound_pack_has_none_and_is_unreviewed(tmp_path: Path) -> None:
    found = lint_one(tmp_path, "priors:\n  - {preference: music.jazz, yes: 4, no: 2, source: made}\n")
    assert (found.mistakes, found.warnings, found.unreviewed) == ([], [], ["region:testland"])


def festival(name: str, when: str) -> str:
    return f"festivals:\n  - {{id: x, name: {name}, when: {when}, mood: joyful, source: made}}\n"


BAD = [
    ("priors:\n  - {preference: music.jazz, yes: 0, no: 2, source: made}\n", 8, "priors.0.yes"),
    ("priors:\n  - {preference: music.jazz, yes: 9, no: 9, source: made}\n", 8, "priors.0"),
    ("priors:\n  - {preference: music.jazz, yes: 4, source: made}\n", 8, "priors.0.no"),
    ("priors:\n  - {preference: music.jaz, yes: 4, no: 2, source: made}\n", 8, "priors.0.preference"),
    ("priors:\n  - {preference: faith.stated, yes: 4, no: 2, source: made}\n", 8, "priors.0.preference"),
    ("priors:\n  - {preference: music.jazz, yes: 4, no: 2, source: maid}\n", 8, "priors.0.source"),
    (
        "priors:\n  - {preference: music.jazz, yes: 4, no: 2, source: made}\n"
        "  - {preference: music.jazz, yes: 1, no: 2, source: made}\n",
        9,
        "priors.1",
    ),
    ("colour: red\n", 7, "colour"),
    ("gestures:\n  - {gesture: kowtow, yes: 4, no: 2, source: made}\n", 8, "gestures.0.gesture"),
    ("gestures:\n  - {gesture: namaste, yes: 4, no: 2, source: made}\n", 8, "gestures.0.implies"),
    ("manner:\n  - {key: distance.metres, value: 9, yes: 4, no: 2, source: made}\n", 8, "manner.0"),
    ("within: [region:nowhere]\n", 1, ""),
    (
        festival("X", "{holiday: {country: JP, name: No Such Day}}"),
        8,
        "festivals.0.when",
    ),
    (festival("X", "{dates: ['2026-01-01']}"), 8, "festivals.0.when"),
    (festival("X", "{month: 4, day: 31}"), 8, "festivals.0.when"),
    (festival("X", "{noon: 3}"), 8, "festivals.0.when"),
    (
        festival("Eid al-Fitr", "{hijri: {month: 10, day: 1}}"),
        8,
        "festivals.0.implies",
    ),
    (festival("Christmas", "{month: 12, day: 25}"), 8, "festivals.0.implies"),
    ("times:\n  - {id: p, kind: prayer, name: P, when: {sun: dawn}, source: made}\n", 8, "times.0"),
    ("topics:\n  - {id: t, name: Going to church, cluster: talk, source: made}\n", 8, "topics.0.name"),
    (
        "painful:\n  - {id: war, name: W, words: [the long march], source: made}\n"
        "topics:\n  - {id: t, name: Songs of the Long  March, cluster: talk, source: made}\n",
        10,
        "topics.0.name",
    ),
    ("topics:\n  - {id: t, name: TODO, cluster: talk, source: made}\n", 8, "topics.0.name"),
    ("phrases: {thanks: [Thanks.]}\n", 1, ""),
]  # fmt: skip


@pytest.mark.parametrize(("body", "line", "field"), BAD)
def test_a_mistake_is_told_by_file_line_and_field(tmp_path: Path, body: str, line: int, field: str) -> None:
    found = lint_one(tmp_path, body)
    assert (found.mistakes[0].file, found.mistakes[0].line, found.mistakes[0].field) == ("testland.yaml", line, field)


@pytest.mark.parametrize("text", ["", "- a\n", "facet: [\n", "a: &x [*x]\n", "\x00", "a: 1\na: 2\n", "facet: \udcff"])
def test_what_is_no_pack_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "region" / "testland.yaml"
    path.parent.mkdir()
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    found = lint([path], Packs(tmp_path), YEAR)
    assert found.mistakes
    assert all(each.file == "testland.yaml" and "\n" not in str(each) for each in found.mistakes)


@given(st.text(max_size=200))
def test_any_text_is_answered_without_a_crash(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    path = folder / "testland.yaml"
    path.write_text(f"facet: region\nid: testland\n{text}", encoding="utf-8")
    assert lint([path], Packs(folder), YEAR).mistakes


def test_a_language_pack_is_compared_with_english(tmp_path: Path) -> None:
    known = packs(
        tmp_path,
        language__en_GB="phrases: {thanks: ['Thank you, {name}.'], bye: [Goodbye.]}\n",
        language__pl_PL="phrases: {thanks: ['Dziękuję, {imie}.'], hop: [Hop.]}\n",
    )
    found = lint([known.path("language:pl_PL")], known, YEAR)
    assert [each.field for each in found.mistakes] == ["phrases.thanks.0", "phrases.hop"]
    assert "bye" in found.warnings[0].text


def test_a_nation_needs_regions_that_exist(tmp_path: Path) -> None:
    assert lint_one(tmp_path, "", "nation:testers").mistakes[0].field == "within"
    found = lint_one(tmp_path, "within: [region:nowhere]\n", "nation:testers")
    assert found.mistakes[0].field == "within.0"


def test_two_named_reviewers_lift_unreviewed(tmp_path: Path) -> None:
    one = "{name: Ann, role: translator, date: 2026-01-02}"
    assert lint_one(tmp_path, f"reviewed_by: [{one}, {one}]\n").unreviewed == ["region:testland"]
    assert lint_one(tmp_path, f"reviewed_by: [{one}, {one.replace('Ann', 'Ben')}]\n").unreviewed == []
