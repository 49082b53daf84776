"""Text before it is spoken: cleaned, and cut where a speaker breathes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.tts.clean import clean
from nodes.tts.sentences import sentences


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Good morning! 🎉👍🏽 How are you?", "Good morning! How are you?"),
        ("Look at https://www.example.org/a?b=c#d.", "Look at example.org."),
        ("See www.example.org, please", "See example.org, please"),
        ("one\ttwo\r\nthree\x00\x1b[31m", "one two three [31m"),
        ("[[h@'loU]] <speak>hi</speak>", "h@'loU speak hi /speak"),
        ("Dzień dobry, pani Hanno", "Dzień dobry, pani Hanno"),
        ("e\u0301te\u0301", "été"),
        ("今日は、佐藤さん。", "今日は、佐藤さん。"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👨‍👩‍👧 🇵🇱 …", ""),
        (" \x00 ", ""),
        ("http://[broken", ""),
    ],
)
def test_only_what_can_be_spoken_is_left(text: str, spoken: str) -> None:
    assert clean(text) == spoken


@given(st.text(max_size=300))
def test_cleaning_is_stable_and_leaves_one_line(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not any(ord(letter) < 32 for letter in once)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Good morning. How are you?", ["Good morning.", "How are you?"]),
        ("Dr. Nowak comes at 3.30 p.m. today. Good?", ["Dr. Nowak comes at 3.30 p.m. today.", "Good?"]),
        ("Mr. J. Sato likes jazz.", ["Mr. J. Sato likes jazz."]),
        ("So do I. And you?", ["So do I.", "And you?"]),
        ("Wait… what?! “Really?” Yes.", ["Wait…", "what?!", "“Really?”", "Yes."]),
        ("こんにちは。お元気ですか？はい。", ["こんにちは。", "お元気ですか？", "はい。"]),
        ("It costs 3.50 euros.", ["It costs 3.50 euros."]),
        ("", []),
    ],
)
def test_sentences(text: str, pieces: list[str]) -> None:
    assert list(sentences(text)) == pieces


@given(st.text(alphabet="ab .,!?。 ", max_size=400), st.integers(10, 60))
def test_no_letter_is_lost_or_doubled_and_no_piece_is_long(text: str, longest: int) -> None:
    pieces = list(sentences(text, longest))
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(piece and len(piece) <= longest for piece in pieces)


def test_a_long_sentence_is_cut_at_a_comma() -> None:
    text = "We walked along the river and talked about the ships, the weather and the children."
    assert next(sentences(text, 60)) == "We walked along the river and talked about the ships,"


@pytest.mark.parametrize("letters", ["Good morning. ", "a", "e\u0301, ", "今日は、"])
def test_fifty_thousand_characters_are_spoken_piece_by_piece(letters: str) -> None:
    text = clean((letters * 50_000)[:50_000])
    pieces = list(sentences(text))
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert max(map(len, pieces)) <= 240
