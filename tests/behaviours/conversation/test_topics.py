from pathlib import Path

import pytest

from behaviours.topics import read_topic, topics
from culture_profiles.errors import KithError

LANGUAGES = ("cy", "pl", "pt", "it", "hi", "pa", "ur", "fil", "ja", "ko", "zh")


def test_there_is_enough_to_talk_about_in_every_language() -> None:
    assert len(topics()["en"].topics) >= 60
    assert topics()["en"].sentences > 2500
    for language in LANGUAGES:
        assert len(topics()[language].topics) >= 12, language


def test_every_topic_is_heard_by_its_own_words_in_every_script() -> None:
    for language in ("en", *LANGUAGES):
        for name, talk in topics()[language].topics.items():
            assert topics()[language].pattern(name).pattern
            assert len(talk.follow) >= 8
    assert topics()["ja"].heard("今日は雨がふっています")[0] == "weather"
    assert topics()["hi"].heard("मुझे चाय और रोटी")[0] == "kitchen"
    assert topics()["en"].heard("the roses are out and the tulips too")[0] == "flowers"


def test_faith_and_family_wait_for_the_person() -> None:
    for name in ("faith", "family"):
        assert topics()["en"].topics[name].raised == "after_the_person"
    for language in LANGUAGES:
        assert topics()[language].topics["family"].raised == "after_the_person"


def test_a_mistake_is_told_with_file_line_and_field(tmp_path: Path) -> None:
    path = tmp_path / "en" / "bread.yaml"
    path.parent.mkdir()
    path.write_text('topic: bread\nlanguage: en\nname: bread\nheard: [bread]\nask: ["Bread?"]\ngood: ["One."]\n')
    with pytest.raises(KithError, match=r"bread.yaml, line 6: good: "):
        read_topic(path)
