"""The speech process: what dies or hangs is replaced, what is missing is said, no sentence is lost."""

import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from culture_profiles.errors import KithError
from nodes.tts.espeak import ESpeak
from nodes.tts.synthesiser import Manner, PhraseCache

ENGLISH = Manner("en_GB")


def test_no_sentence_of_three_hundred_comes_out_empty_or_cut() -> None:
    engine = ESpeak()
    lengths = []
    for number in range(300):
        # Settings that change between sentences are what pyttsx3 trips over.
        sound = engine.render("Good morning, Mr Sato.", Manner("en_GB", volume=0.8 + 0.001 * (number % 3)))
        lengths.append(len(np.flatnonzero(np.abs(sound.samples.astype(int)) > 100)))
    engine.close()
    assert min(lengths) > 0.97 * max(lengths)
    assert engine.restarts == 0


def test_what_takes_the_engine_longer_is_waited_for() -> None:
    engine = ESpeak(deadline_s=60.0)
    short, long = (engine.render("one two three four, " * count, ENGLISH).seconds for count in (10, 100))
    engine.close()
    assert long == pytest.approx(10 * short, rel=0.05)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_dead_or_hung_process_is_replaced_and_the_sentence_repeated(how: int) -> None:
    engine = ESpeak(deadline_s=4.0)
    before = engine.render("Hello.", ENGLISH).seconds
    old = engine.pid
    os.kill(old, how)
    assert engine.render("Hello.", ENGLISH).seconds == pytest.approx(before, abs=0.05)
    assert engine.restarts == 1
    assert engine.pid != old
    assert not psutil.pid_exists(old)
    engine.close()


def _worker(folder: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> str:
    (folder / "stand_in.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return "stand_in"


GREETING = 'import sys, time\nprint(\'{"languages": ["en-gb"]}\', flush=True)\n'


@pytest.mark.parametrize(
    ("then", "reason"),
    [
        ("sys.stdin.readline(); time.sleep(60)", "it hung"),
        ("sys.stdin.readline()", "it ended"),
        ("sys.stdin.readline(); print('what?', flush=True); time.sleep(60)", "it spoke nonsense"),
        (
            'sys.stdin.readline(); print(\'{"rate": 22050, "bytes": 0}\', flush=True); time.sleep(60)',
            "it gave no sound",
        ),
        ('sys.stdin.readline(); print(\'{"rate": 22050, "bytes": 9}\', flush=True); time.sleep(60)', "it hung"),
    ],
)
def test_a_process_that_fails_every_time_is_reported_in_time(
    then: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = ESpeak(0.3, _worker(tmp_path, monkeypatch, GREETING + then))
    began = time.monotonic()
    with pytest.raises(KithError, match=f"failed twice .*{reason}"):
        engine.render("Hello.", ENGLISH)
    assert time.monotonic() - began < 15
    engine.close()


def test_a_missing_espeak_is_one_line_that_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = ESpeak(1.0, _worker(tmp_path, monkeypatch, 'print(\'{"error": "OSError"}\', flush=True)'))
    with pytest.raises(KithError, match="apt-get install espeak-ng") as refusal:
        engine.render("Hello.", ENGLISH)
    assert "\n" not in str(refusal.value)


def test_a_library_that_is_not_there_is_noticed_by_the_real_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyttsx3.py").write_text("raise OSError('libespeak-ng.so.1: cannot open shared object file')")
    monkeypatch.setattr(
        "nodes.tts.espeak._ROOT", f"{tmp_path}{os.pathsep}{Path(sys.modules['nodes'].__path__[0]).parent}"
    )
    with pytest.raises(KithError, match="apt-get install espeak-ng"):
        ESpeak().languages()


def test_fixed_phrases_are_rendered_once_and_the_cache_stays_small() -> None:
    engine, cache = ESpeak(), PhraseCache(seconds=3.0)
    for _ in range(3):
        for phrase in ("Good morning.", "Shall I go on?"):
            cache.render(engine, phrase, ENGLISH, lambda sound: sound)
    assert cache.hits == 4
    for number in range(10):
        cache.render(engine, f"Phrase number {number}.", ENGLISH, lambda sound: sound)
    cache.render(engine, "Good morning.", ENGLISH, lambda sound: sound)
    assert cache.hits == 4
    engine.close()


@pytest.mark.parametrize("locale", ["en_GB", "fr_FR"])
def test_after_another_language_it_speaks_with_its_own_voice_again(locale: str) -> None:
    engine = ESpeak()
    try:
        alone = engine.render("Madame Dubois", Manner(locale)).samples
        engine.render("Dzień dobry", Manner("pl_PL"))
        again = engine.render("Madame Dubois", Manner(locale)).samples
        polish = engine.render("Madame Dubois", Manner("pl_PL")).samples
    finally:
        engine.close()
    assert abs(len(again) - len(alone)) < 200
    assert abs(len(polish) - len(alone)) > 200
