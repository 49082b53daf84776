"""Real voices and real ears for tests, loaded once."""

from collections.abc import Iterator

import pytest

from nodes.asr import engines
from nodes.asr.recogniser import Recogniser
from nodes.base.models import default_models_dir
from nodes.tts.piper import PiperVoice


@pytest.fixture(scope="session")
def speaker() -> PiperVoice:
    """A voice that is not the robot's."""
    return PiperVoice(default_models_dir() / "piper-en-joe")


@pytest.fixture(scope="session")
def whisper() -> Iterator[Recogniser]:
    """The tiny English model."""
    model = engines.choose(default_models_dir(), "en_GB", "whisper")
    assert model, "run `kith models install`"
    yield engines.load(model, "en_GB")
