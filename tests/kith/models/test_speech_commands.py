"""`kith models`, `say` and `transcribe` as they are typed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nodes.base.models import default_models_dir
from nodes.base.wav import read_wav, write_wav
from nodes.tts.piper import PiperVoice


def kith(*arguments: Any, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kith.main", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **environment},
    )


def refused(done: subprocess.CompletedProcess[str], *parts: str) -> None:
    """Exit code 2 and exactly one line that says these things."""
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("kith: ")
    assert done.stderr.count("\n") == 1
    assert all(part in done.stderr for part in parts), done.stderr


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("wav") / "spoken.wav"
    sound = PiperVoice(default_models_dir() / "piper-en-joe").render("I would like to call my daughter, please.")
    quiet = np.zeros(2 * sound.rate, np.int16)
    write_wav(path, np.concatenate((quiet, sound.samples, quiet)), sound.rate)
    return path


def test_transcribe_gives_words_with_times_and_confidence(spoken: Path) -> None:
    result = json.loads(kith("transcribe", spoken, "--json").stdout)
    assert result["text"].lower().replace(",", "") == "i would like to call my daughter please."
    assert (result["engine"], result["language"]) == ("faster-whisper", "en")
    assert result["seconds"] == pytest.approx(read_wav(spoken).seconds, abs=0.01)
    words = result["words"]
    assert len(words) == 8
    assert all(0 < word["confidence"] <= 1 and word["start"] <= word["end"] for word in words)
    assert words[0]["start"] > 1.5
    assert words[-1]["end"] < result["seconds"] - 1.5


def test_silence_has_no_words(tmp_path: Path) -> None:
    write_wav(tmp_path / "silence.wav", np.zeros(32_000, np.int16), 16_000)
    done = kith("transcribe", tmp_path / "silence.wav", "--json")
    assert done.returncode == 0
    assert (json.loads(done.stdout)["text"], json.loads(done.stdout)["words"]) == ("", [])


def test_transcribe_refuses_what_it_cannot_hear(spoken: Path, tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("Good morning.")
    refused(kith("transcribe", tmp_path / "text.wav"), "no WAV file")
    refused(kith("transcribe", tmp_path / "none.wav"), "No such file")
    refused(kith("transcribe", spoken, "--language", "pl_PL"), "'pl'", "kith models")
    refused(kith("transcribe", spoken, KITH_MODELS=str(tmp_path)), "kith models install")


def test_say_writes_a_file_in_the_language_and_at_the_rate_asked(tmp_path: Path) -> None:
    seconds = {}
    for name, options in {"plain": (), "slow": ("--rate", 90), "polish": ("--language", "pl_PL")}.items():
        done = kith("say", "Good morning, pani Hanno. 🎉", "--out", tmp_path / f"{name}.wav", "--json", *options)
        result = json.loads(done.stdout)
        recording = read_wav(tmp_path / f"{name}.wav")
        assert recording.seconds == pytest.approx(result["seconds"], abs=0.01)
        assert np.abs(recording.samples).max() > 0.1
        seconds[name] = recording.seconds
    assert seconds["slow"] > 1.3 * seconds["plain"]


def test_say_reads_figures_as_words_and_names_as_told(tmp_path: Path) -> None:
    def said(text: str, *options: str) -> np.ndarray:
        kith("say", text, "--out", tmp_path / "a.wav", *options)
        return read_wav(tmp_path / "a.wav").samples

    assert np.array_equal(said("Mr Smith, at 10:30."), said("mister Smith, at ten thirty."))
    assert np.array_equal(said("Siobhan", "--pronounce", "Siobhan=Shivawn"), said("Shivawn"))


def test_say_refuses_what_cannot_be_said(tmp_path: Path) -> None:
    out = tmp_path / "a.wav"
    refused(kith("say", "🎉", "--out", out), "nothing that can be spoken")
    refused(kith("say", "Hello", "--language", "xx_YY", "--out", out), "no installed voice speaks 'xx_YY'")
    refused(kith("say", "Hello", "--engine", "piper", "--out", out, KITH_MODELS=str(tmp_path)), "no installed voice")
    refused(kith("say", "Hello", "--pronounce", "Siobhan", "--out", out), "WORD=SOUND")
    refused(kith("say", "Hello", "--out", tmp_path / "no" / "folder.wav"), "cannot write")
    assert not out.exists()


def test_models_are_listed_verified_and_named(tmp_path: Path) -> None:
    listed = {model["name"]: model for model in json.loads(kith("models", "list", "--json").stdout)}
    assert listed["whisper-tiny.en"]["installed"]
    assert listed["whisper-tiny.en"]["licence"] == "MIT"
    assert listed["piper-en-joe"]["languages"] == ["en_US"]
    assert kith("models", "install").returncode == 0
    refused(kith("models", "install", "nonsense"), "whisper-tiny.en")
    empty = kith("models", "verify", "whisper-tiny.en", "--json", KITH_MODELS=str(tmp_path))
    assert empty.returncode == 1
    assert json.loads(empty.stdout) == [{"name": "whisper-tiny.en", "ok": False, "problems": ["not installed"]}]
    assert "no model is installed" in kith("models", "verify", KITH_MODELS=str(tmp_path)).stdout
