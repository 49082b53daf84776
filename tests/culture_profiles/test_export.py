"""The archive that a resident gets: whole, readable, in their language, and nothing in it is run."""

import json
import stat
import zipfile
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, make_fact
from culture_profiles.profile import Profile
from culture_profiles.store.export import _words, as_page, write_archive

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def fact(sequence: int, key: str, value: str, status: str = "stated") -> Fact:
    return make_fact(
        sequence=sequence, resident_id="r1", key=key, value=value, source="carer", status=status, when=NOW, note="<i>"
    )


class Cells(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.html: dict[str, str | None] = {}
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "html":
            self.html = dict(attrs)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_archive_holds_everything_for_machines_and_for_people(tmp_path: Path) -> None:
    history = [
        fact(1, "name.full", "חנה"),
        fact(2, "food.liked", "<script>alert(1)</script>"),
        fact(3, "food.liked", "jam", "retracted"),
    ]
    profile = Profile("r1", facts=history)
    asked = [fact(0, "safety.allergy", "no nuts & no eggs")]
    write_archive(tmp_path / "r1.zip", profile, history, asked, NOW)
    assert stat.S_IMODE((tmp_path / "r1.zip").stat().st_mode) == 0o600
    with zipfile.ZipFile(tmp_path / "r1.zip") as archive:
        content = json.loads(archive.read("profile.json"))
        page = archive.read("profile.html").decode()
    assert [Fact.model_validate(entry) for entry in content["history"]] == history
    assert content["in_force"] == [1, 2]
    assert content["questions_to_staff"][0]["value"] == "no nuts & no eggs"
    read = Cells(page)
    assert "script" not in read.tags and "i" not in read.tags
    assert "<script>alert(1)</script>" in read.text and "חנה" in read.text
    with pytest.raises(KithError, match="is there already"):
        write_archive(tmp_path / "r1.zip", profile, history, asked, NOW)


@pytest.mark.parametrize(
    ("language", "lang", "direction"),
    [("pl_PL", "pl", "ltr"), ("ur_PK", "ur", "rtl"), ("fi_FI", "en", "ltr"), ("", "en", "ltr")],
)
def test_the_page_speaks_the_residents_language_where_its_words_exist(language: str, lang: str, direction: str) -> None:
    facts = [fact(1, "language.preferred", language)] if language else []
    page = as_page(Profile("r1", facts=facts), facts, [], NOW)
    assert (Cells(page).html["lang"], Cells(page).html["dir"]) == (lang, direction)
    assert _words()[lang]["title"] in Cells(page).text


def test_every_language_has_every_word() -> None:
    assert {tuple(words) for words in _words().values()} == {tuple(_words()["en"])}
    assert all(all(words.values()) for words in _words().values())
