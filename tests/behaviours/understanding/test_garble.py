"""What is no speech, and what only looks like it."""

import pytest

from behaviours.understanding.garble import is_garble
from behaviours.understanding.text import normalise


@pytest.mark.parametrize(
    "text",
    [
        "import os; os.system('rm -rf /')",
        "def f(x): return x + 1",
        "SELECT * FROM residents;",
        "<script>alert(1)</script>",
        "word " * 2000,
        "tea " * 30,
        "asdfghjkl qwertyuiop",
        "zxcv zxcv zxcv",
        "ksdjf woeiru sldkfj",
        "jjjjjjjjj",
        "123456789012",
    ],
)
def test_it_is_none(text: str) -> None:
    assert is_garble(text, normalise(text))


@pytest.mark.parametrize(
    "text",
    [
        "I had three brothers, three sisters and three dogs",
        "no no no no, that was not it",
        "I was born in 1932",
        "yes",
        "hmm",
        "my property in Wales",
        "dwi wrth fy modd efo cwrw",
        "źdźbło trawy",
        "Wszczebrzeszyn",
        "お茶が好きです",
        "मुझे चाय पसंद है",
        "Mrs Jones from number 12",
        "I import tea from China",
        "select a card, any card",
        "the teacher read poetry to us",
    ],
)
def test_speech_is_speech(text: str) -> None:
    assert not is_garble(text, normalise(text))
