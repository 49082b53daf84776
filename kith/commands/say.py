"""`kith say`: a text in the robot's voice, on the default loudspeaker or into a file."""

import json
from pathlib import Path

import click
import numpy as np

from culture_profiles.errors import KithError
from nodes.base.models import default_models_dir
from nodes.base.wav import write_wav
from nodes.tts.clean import LONGEST, clean
from nodes.tts.espeak import ESpeak
from nodes.tts.pacing import trimmed
from nodes.tts.piper import Piper
from nodes.tts.sentences import sentences
from nodes.tts.synthesiser import Manner, Sound, Synthesiser


@click.command()
@click.argument("text")
@click.option("--language", default="en_GB", show_default=True, help="Language of the text, for example pl_PL.")
@click.option("--rate", type=click.FloatRange(80, 450), default=140, show_default=True, help="Words per minute.")
@click.option("--pitch", type=click.FloatRange(0.5, 1.5), default=1.0, show_default=True, help="1: the voice's own.")
@click.option("--volume", type=click.FloatRange(0, 1), default=0.9, show_default=True, help="Loudness.")
@click.option("--engine", type=click.Choice(["espeak", "piper"]), default="espeak", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write a WAV file instead of playing.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def command(
    text: str, language: str, rate: float, pitch: float, volume: float, engine: str, out: Path | None, as_json: bool
) -> None:
    """Say TEXT."""
    if len(text) > LONGEST:
        raise KithError(f"the text is too long: at most {LONGEST} characters")
    speakable = clean(text)
    if not speakable:
        raise KithError("the text holds nothing that can be spoken")
    synthesiser: Synthesiser = Piper(default_models_dir()) if engine == "piper" else ESpeak()
    try:
        manner = Manner(language, rate, pitch, volume)
        parts = [trimmed(synthesiser.render(sentence, manner)) for sentence in sentences(speakable)]
    finally:
        synthesiser.close()
    sound = Sound(np.concatenate([part.samples for part in parts]), parts[0].rate)
    if out:
        write_wav(out, sound.samples, sound.rate)
    else:
        _play(sound)
    if as_json:
        result = {
            "engine": synthesiser.name,
            "language": language,
            "seconds": round(sound.seconds, 3),
            "rate_hz": sound.rate,
            "file": str(out) if out else None,
        }
        click.echo(json.dumps(result))


def _play(sound: Sound) -> None:
    try:
        import sounddevice
    except OSError:
        raise KithError(
            "sound cannot be played, PortAudio is missing: run `apt-get install libportaudio2`, or use --out FILE.wav"
        ) from None
    try:
        sounddevice.play(sound.samples, sound.rate, blocking=True)
    except (sounddevice.PortAudioError, ValueError):
        raise KithError("there is no loudspeaker on this machine: use --out FILE.wav, or connect one") from None
